/** [I/O] Logs, once more -> what else the requests did in which something was found: application, security, access and query log. */
import { Grams, LEAST } from './candidates/grams.js';
import type { Incident } from './model/incident.js';
import type { LogRecord } from './model/log-record.js';
import { originName } from './model/origin.js';
import { InputError, type Source } from './model/source.js';
import { noCounts, type ReadOptions, readRecords } from './read.js';

type Related = Incident['related'][number];

/** Of so many requests it is looked for what else they did, and so many records are told of each. */
export const MAX_REQUESTS = 100;
const MAX_RELATED = 5;
const MAX_TEXT = 300; // characters

/** The request in which an incident was first seen, where it can be looked for; null if there is none. */
export function requestOf({ evidence }: Pick<Incident, 'evidence'>): string | null {
  const id = evidence[0]?.requestId ?? null;
  return id !== null && id.length >= LEAST ? id : null;
}

/** Records by the id of their request; at most so many of each that one may be left out. */
export async function recordsOfRequests(
  logs: AsyncIterable<Source>,
  ids: ReadonlySet<string>,
  zone: string,
): Promise<ReadonlyMap<string, readonly Related[]>> {
  const found = new Map<string, Related[]>();
  const take = (record: LogRecord) => {
    const { requestId } = record;
    if (requestId === null || !ids.has(requestId)) return;
    const of = found.get(requestId) ?? [];
    found.set(requestId, of);
    if (of.length <= MAX_RELATED) of.push(toRelated(record));
  };
  const filter = filterFor([...ids]);
  for await (const log of logs) {
    const receiver = { record: take, repeated: () => false, passedOver() {} };
    const silent = { opened() {}, progress() {} };
    try {
      await readRecords(log, { zone: () => zone, filter, errors: false }, noCounts(), silent, receiver);
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // it was told when it was first read
    }
  }
  return found;
}

/** What else the request of an incident did. */
export function relatedTo(incident: Incident, found: ReadonlyMap<string, readonly Related[]>): Incident['related'] {
  const [first] = incident.evidence;
  const own = new Set(incident.evidence.map(({ origin, line }) => `${origin}:${line}`));
  const head = first === undefined ? '' : headOf(first.text);
  return (found.get(requestOf(incident) ?? '') ?? [])
    .filter(({ origin, line, text }) => !own.has(`${origin}:${line}`) && text !== head)
    .slice(0, MAX_RELATED);
}

function filterFor(ids: readonly string[]): ReadOptions['filter'] {
  const literals = ids.map((text) => ({ text, caseless: false }));
  let made: Grams | null = null;
  return {
    grams() {
      made ??= new Grams(literals);
      return made;
    },
    mayMatch: (_, held) => held.length > 0,
    threads: null,
  };
}

function toRelated({ origin, line, time, text }: LogRecord): Related {
  const at = time === null ? null : new Date(time).toISOString();
  return { origin: originName(origin), line, at, text: headOf(text) };
}

function headOf(text: string): string {
  const end = text.indexOf('\n');
  return (end < 0 ? text : text.slice(0, end)).slice(0, MAX_TEXT);
}
