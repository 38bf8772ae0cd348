/** Something that a log cannot show, and why: nothing is found there, whatever happened. */
export interface LogHole {
  /** The input, or the log that a file is missing of. */
  readonly origin: string;
  /** Milliseconds since 1970; null if nobody knows. */
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string;
}
