import type { HttpFailure } from './http-failure.js';
import { isErrorLevel, type Level } from './level.js';
import type { Origin } from './origin.js';
import type { Throwable } from './throwable.js';

/** A record keeps its first and last 512 KiB (whole lines), at most 10,000 lines. */
export const MAX_RECORD_HALF = 512 * 1024; // characters
export const MAX_RECORD_LINES = 10_000;

/** The header line of a log and all lines that belong to it. */
export interface LogRecord {
  readonly origin: Origin;
  /** Number of the first and of the last line. */
  readonly line: number;
  readonly endLine: number;
  /** Position of the first byte in the (decompressed) file. */
  readonly offset: number;
  /** Name of the format whose header it has; `plain` where it has none. */
  readonly format: string;
  /** Milliseconds since 1970, or null if the record does not say or says no date. */
  readonly time: number | null;
  /** The time as the log prints it. */
  readonly timeText: string | null;
  /** True if the log printed no zone, so that the run's zone was taken. */
  readonly zoneAssumed: boolean;
  readonly level: Level | null;
  readonly thread: string | null;
  readonly logger: string | null;
  readonly user: string | null;
  readonly requestId: string | null;
  readonly url: string | null;
  /** What the header says after its fields, without the stack trace; may have several lines. */
  readonly message: string;
  /** The text without the fields of the header: its message and everything behind it. */
  readonly body: string;
  /** All kept lines, joined by LF. This is what conditions see. */
  readonly text: string;
  /** The lines as the log prints them; another text only where they are shown in a better way, as JSON is. */
  readonly printed: string;
  /** True if lines or parts of lines in the middle were left out because of the bounds. */
  readonly cut: boolean;
  /** All chains of the record, each outermost first; parsed when first asked for. */
  readonly throwables: readonly Throwable[];
  /** Parsed when first asked for. */
  readonly httpFailures: readonly HttpFailure[];
}

/** An error record has level ERROR, FATAL or SEVERE (pino: 50 and up), or no level and a throwable. */
export function isErrorRecord(record: LogRecord): boolean {
  return record.level === null ? record.throwables.length > 0 : isErrorLevel(record.level);
}
