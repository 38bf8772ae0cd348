import type { Evidence, ExceptionSummary } from '../model/incident.js';
import type { LogRecord } from '../model/log-record.js';
import { originName } from '../model/origin.js';
import type { Throwable } from '../model/throwable.js';
import { copyOf, excerptOf } from './excerpt.js';
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

/** One sighting, as small as it can be kept: the record itself may be a MiB. */
export interface Occurrence {
  readonly place: Place;
  /** The record's own time. */
  readonly time: number | null;
  readonly zoneAssumed: boolean;
  readonly evidence: Evidence;
  readonly exception: ExceptionSummary | null;
  /** Grows when the same record is met in another input. */
  readonly copies: string[];
}

export function toOccurrence(record: LogRecord, place: Place): Occurrence {
  const excerpt = excerptOf(record.text);
  const copies: string[] = [];
  const evidence: Evidence = {
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
    text: excerpt.text,
    cut: excerpt.cut || record.cut,
    copies,
  };
  return {
    place,
    time: record.time,
    zoneAssumed: record.zoneAssumed,
    evidence,
    exception: toException(record.throwables),
    copies,
  };
}

/** What an exception chain is told by: its ends, and the classes between them. */
export function toException(throwables: readonly Throwable[]): ExceptionSummary | null {
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
    rootMessage: copyOf(root.message.slice(0, MAX_MESSAGE)),
    chain: chain.slice(0, MAX_CHAIN).map(({ type }) => copyOf(type)),
  };
}

const MAX_MESSAGE = 1000; // characters
const MAX_CHAIN = 50;

/** A field of a header may be as long as its line. */
function copied(text: string | null): string | null {
  return text === null ? null : copyOf(text.slice(0, MAX_MESSAGE));
}
