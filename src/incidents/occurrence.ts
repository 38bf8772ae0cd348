import { copyOf } from '../model/copy.js';
import { cut } from '../model/cut.js';
import type { Evidence, ExceptionSummary } from '../model/incident.js';
import type { LogRecord } from '../model/log-record.js';
import type { Captures } from '../model/match.js';
import { originName } from '../model/origin.js';
import type { Throwable } from '../model/throwable.js';
import { excerptOf, MAX_EXCERPT } from './excerpt.js';
import { toRfc3339 } from './histogram.js';

/** When and where something was seen: the order in which evidence is shown, whatever the order of reading. */
export interface Place {
  /** Time of the record, or of the one before it; null if there is none. */
  readonly time: number | null;
  /** Number of the source in the order of the inputs. */
  readonly source: number;
  readonly offset: number;
}

export function comparePlaces(a: Place, b: Place): number {
  return (a.time ?? 0) - (b.time ?? 0) || a.source - b.source || a.offset - b.offset;
}

/** A text of many lines up to this length is kept as it is until it is known whether it will be shown. */
export const MAX_WAITING = 16 * 1024; // characters

/** A log that repeats one line with one time would name it without end. */
const MAX_COPIES = 100;

/** A text without its secrets. */
export type Mask = (text: string) => string;

/** What there is memory for: the text until it is known whether it is shown, an excerpt of it, or a short one. */
export type Keep = 'text' | 'excerpt' | 'short';

const SHORT = 1024; // characters

/** What a tail keeps of one; plain data. */
export interface OccurrenceState {
  readonly place: Place;
  readonly time: number | null;
  readonly evidence: Evidence;
}

/** One sighting, as small as it can be kept: the record itself may be a MiB. */
export class Occurrence {
  readonly place: Place;
  /** The record's own time. */
  readonly time: number | null;
  /** The same record in other inputs; null if there is none. */
  #copies: string[] | null = null;
  readonly #kept: Kept | null;
  /** Makes the record where nothing is kept of it. */
  readonly #toRecord: (() => LogRecord) | null;
  readonly #mask: Mask;

  private constructor(
    place: Place,
    time: number | null,
    kept: Kept | null,
    toRecord: (() => LogRecord) | null,
    mask: Mask,
  ) {
    this.place = place;
    this.time = time;
    this.#kept = kept;
    this.#toRecord = toRecord;
    this.#mask = mask;
  }

  /** @param mask takes secrets out of a text; before it is cut, as a piece of a secret is not known for one */
  static of(record: LogRecord, place: Place, keep: Keep, mask: Mask): Occurrence {
    return new Occurrence(place, record.time, toKept(record, keep, mask), null, mask);
  }

  /** Of a record that is made when it is known to be shown. Its text has at most {@link MAX_WAITING} characters. */
  static later(toRecord: () => LogRecord, place: Place, time: number, mask: Mask): Occurrence {
    return new Occurrence(place, time, null, toRecord, mask);
  }

  static restored({ place, time, evidence }: OccurrenceState): Occurrence {
    const { text, copies, ...rest } = evidence;
    const kept = { evidence: rest, text, isExcerpt: true, cut: evidence.cut };
    const made = new Occurrence(place, time, kept, null, (same) => same);
    made.#copies = copies.length > 0 ? [...copies] : null;
    return made;
  }

  state(): OccurrenceState {
    return { place: this.place, time: this.time, evidence: this.toEvidence() };
  }

  /** The same record is met in another input, at `origin:line`. */
  addCopy(at: string): void {
    this.#copies ??= [];
    if (this.#copies.length < MAX_COPIES) this.#copies.push(at);
  }

  toEvidence(): Evidence {
    const { evidence, text, isExcerpt, cut } = this.#kept ?? toKept(this.#toRecord!(), 'excerpt', this.#mask);
    const excerpt = isExcerpt ? { text, cut } : excerptOf(this.#mask(text));
    const copies = [...(this.#copies ?? [])];
    return { ...evidence, text: excerpt.text, cut: evidence.cut || excerpt.cut, copies };
  }
}

interface Kept {
  readonly evidence: Omit<Evidence, 'text' | 'copies'>;
  /** What the record says; an excerpt of it already if `isExcerpt`. Of most sightings no excerpt is ever needed. */
  readonly text: string;
  readonly isExcerpt: boolean;
  /** Whether something was left out of the excerpt. */
  readonly cut: boolean;
}

function toKept(record: LogRecord, keep: Keep, mask: Mask): Kept {
  const copied = (text: string | null) => (text === null ? null : copyOf(cut(mask(text), MAX_MESSAGE)));
  // Lines that were joined stand alone in memory; a single one is a slice of all that was read with it.
  const waits = keep === 'text' && record.text.length <= MAX_WAITING && record.text.includes('\n');
  const excerpt = waits ? null : excerptOf(mask(record.text), keep === 'short' ? SHORT : MAX_EXCERPT);
  return {
    evidence: {
      origin: originName(record.origin),
      line: record.line,
      endLine: record.endLine,
      offset: record.offset,
      at: record.time === null ? null : toRfc3339(record.time),
      atText: copied(record.timeText),
      level: record.level,
      thread: copied(record.thread),
      logger: copied(record.logger),
      user: copied(record.user),
      requestId: copied(record.requestId),
      url: copied(record.url),
      cut: record.cut,
    },
    text: excerpt?.text ?? record.text,
    isExcerpt: excerpt !== null,
    cut: excerpt?.cut ?? false,
  };
}

/** What an exception chain is told by: its ends, and the classes between them. */
export function toException(throwables: readonly Throwable[], mask: Mask): ExceptionSummary | null {
  const first = throwables[0];
  if (!first) return null;
  const chain: Throwable[] = [first];
  for (const throwable of throwables.slice(1)) {
    if (throwable.relation === 'outermost') break;
    if (throwable.relation === 'cause') chain.push(throwable);
  }
  const root = chain[chain.length - 1]!;
  return {
    type: copyOf(first.type),
    rootType: copyOf(root.type),
    rootMessage: copyOf(cut(mask(root.message), MAX_MESSAGE)),
    chain: chain.slice(0, MAX_CHAIN).map(({ type }) => copyOf(type)),
  };
}

/** Of a message, or a field of a header, which may be as long as its line. */
const MAX_MESSAGE = 1000; // characters
const MAX_CHAIN = 50;

const MAX_CAPTURE = 500; // characters

/** Captures without secrets, small, and apart from the record that they come from. */
export function keptCaptures(captures: Captures, mask: Mask): Captures {
  return Object.fromEntries(
    Object.entries(captures).map(([name, value]) => [name, copyOf(cut(mask(value), MAX_CAPTURE))]),
  );
}
