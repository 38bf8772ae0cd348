import type { LogRecord } from './log-record.js';

/** Gets the records of one log. */
export interface RecordReceiver {
  /**
   * @param held which of the literals are in it, by their places among those of the filter; null if that is not known
   * @param key errors with the same key have the same trace but for messages, sources and line numbers; null if it has none
   */
  record(record: LogRecord, held: readonly number[] | null, key: number | null): void;
  /** An error that no rule knows. Returns whether its key is known, so that the record itself is not needed. */
  repeated(error: RepeatedError): boolean;
  /** Records were passed over; the last of them stood at `offset` and had this time (milliseconds since 1970). */
  passedOver(offset: number, time: number | null): void;
}

/** An error record of which only its trace and its time were looked at. */
export interface RepeatedError {
  readonly key: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** True if the log printed no zone. */
  readonly zoneAssumed: boolean;
  /** Its lines with their line ends. */
  readonly raw: string;
  toRecord(): LogRecord;
}
