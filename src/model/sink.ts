import type { ReportObject } from './report.js';

/** A place that results go to. */
export interface Sink {
  /** Resolves when the place has taken the text. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** A place that takes bytes as well. */
export interface ByteSink extends Sink {
  write(bytes: string | Uint8Array): Promise<void>;
}

/** A place that takes the objects of a tail, one after the other. */
export interface ObjectSink {
  /** Resolves when the place has taken it: it is not told again, whatever happens to the process. */
  take(object: ReportObject): Promise<void>;
  /** Resolves when what was taken is kept as far as it can be. */
  close(): Promise<void>;
}
