import type { Level } from '../model/level.js';

/**
 * A time as a log prints it: the wall clock, and the zone if one stands there. `wall` is the printed date and time read
 * as if it were UTC, in milliseconds since 1970; an instant comes out of it only when the zone is known.
 */
export interface Stamp {
  /** Exactly what is printed, zone included. */
  readonly text: string;
  readonly wall: number;
  /** Minutes east of UTC; null if no zone is printed. */
  readonly offsetMinutes: number | null;
  /** False if only a time of day is printed; `wall` is then within the first day of 1970. */
  readonly dateKnown: boolean;
}

/** What the first lines of a record say besides the message. */
export interface Header {
  readonly stamp: Stamp | null;
  readonly level: Level | null;
  readonly thread: string | null;
  readonly logger: string | null;
  readonly user: string | null;
  readonly requestId: string | null;
  readonly url: string | null;
  /** The part of the message that stands in the header's own lines. */
  readonly message: string;
  /** How many lines the header takes: 1, or 2 for two-line java.util.logging. */
  readonly lines: number;
}

/**
 * One log layout. A new layout is one file in `formats/` and one entry in its index; its samples are its test: each of
 * them must start a record of this format and of no other format of any family that it is in.
 */
export interface Format {
  /** Lower case with hyphens; stands in families and messages. */
  readonly name: string;
  /** For people: "Jira application log". */
  readonly label: string;
  /** The ASCII characters with which a start begins; where they are named, the byte filter can be used. */
  readonly firsts?: string;
  /** Whole records as the product prints them, from several versions. */
  readonly samples: readonly string[];
  /** Whether a line begins a record of this format. Runs on every line: reject by the first characters. */
  starts(text: string): boolean;
  /** Reads the header out of a record's lines (at least one; the first one has passed `starts`). */
  header(lines: readonly string[]): Header;
  /** For formats whose lines hold escaped text: the record as people and conditions should see it. */
  render?(text: string): string;
}

/**
 * How a line of one layout begins, as far as bytes prove it; each with `yyyy-MM-dd HH:mm:ss,SSS[+hhmm]` before it:
 * ` THREAD LEVEL `, ` LEVEL [thread] [logger]`, ` LEVEL [thread] ` and no further bracket.
 */
export type Shape = 'thread-level' | 'brackets' | 'bracket';

/** The formats whose starts count in one file. */
export interface Family {
  readonly name: string;
  /** The shape of lines that surely begin a record, of the level that stands in them; null if there is none. */
  readonly shape: Shape | null;
  readonly formats: readonly Format[];
}
