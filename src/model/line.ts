import type { Origin } from './origin.js';

/** A line keeps its first MiB; what lies beyond is counted and invisible to every condition. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** One line of a log, without its line end. Only LF ends a line. */
export interface Line {
  readonly origin: Origin;
  /** 1-based, as an editor shows it. */
  readonly number: number;
  /** Position of the line's first byte in the (decompressed) file. */
  readonly offset: number;
  readonly text: string;
  /** True if the line was longer than {@link MAX_LINE_BYTES} and its rest is not in `text`. */
  readonly cut: boolean;
}
