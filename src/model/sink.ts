/** A place that results go to. */
export interface Sink {
  /** Resolves when the place has taken the text. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}
