import type { LogRecord } from './log-record.js';

/** A record of a log as it can stand in the examples of a rule. */
export interface Sighting {
  /** Without secrets; of long traces the first frames. */
  readonly text: string;
  /** The name that it must be read under, if its text alone does not tell how; without secrets. */
  readonly file: string | null;
  /** What is read of that text under that name. */
  readonly record: LogRecord;
  /** Number of the first and of the last line in the log. */
  readonly line: number;
  readonly endLine: number;
}
