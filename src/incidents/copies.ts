/**
 * One record in two files: `catalina.out` repeats what `atlassian-jira.log` says. A record with equal time, thread and
 * message from another input is a copy and counts once.
 */
import type { LogRecord } from '../model/log-record.js';
import { hash53 } from './hash.js';
import type { Occurrence } from './occurrence.js';

/** So many different sightings are remembered; beyond that copies count twice, and a scan says so. */
const MAX_REMEMBERED = 200_000;
/** So many of the last ones outlive a tail. */
const MAX_KEPT = 10_000;

interface Remembered {
  readonly source: number;
  /** What was kept of the sighting, so that the copy can be named there; null if nothing was, or if it is kept no longer. */
  readonly occurrence: Occurrence | null;
}

/** The same without holding what nobody else keeps: of an error that comes again and again only the last sightings are. */
interface Held {
  readonly source: number;
  readonly kept: WeakRef<Occurrence> | null;
}

/** The last sightings as keys and sources; plain data. */
export type CopiesState = readonly (readonly [key: number, source: number])[];

export class CopyFinder {
  #seen = new Map<number, Held>();
  /** Older ones; only of a finder that forgets. */
  #before = new Map<number, Held>();
  readonly #forgets: boolean;
  /** True once sightings were met that could not be remembered. */
  overflowed = false;

  /** @param forgets whether the oldest are left where there is no more room: copies stand close to each other in time */
  constructor(forgets = false, state: CopiesState = []) {
    this.#forgets = forgets;
    for (const [key, source] of state) this.#seen.set(key, { source, kept: null });
  }

  state(): CopiesState {
    const all = [...this.#before, ...this.#seen];
    return all.slice(-MAX_KEPT).map(([key, { source }]) => [key, source]);
  }

  /** The earlier sighting that this record is a copy of, or null if it is none. `group` tells apart what it is a sighting of. */
  original(group: string, record: LogRecord, source: number): Remembered | null {
    if (record.time === null) return null;
    const key = keyOf(group, record);
    const known = this.#seen.get(key) ?? this.#before.get(key);
    if (known === undefined || known.source === source) return null;
    return { source: known.source, occurrence: known.kept?.deref() ?? null };
  }

  remember(group: string, record: LogRecord, source: number, occurrence: Occurrence | null): void {
    if (record.time === null) return;
    const key = keyOf(group, record);
    if (this.#seen.has(key)) return;
    if (this.#forgets && this.#seen.size >= MAX_REMEMBERED / 2) {
      this.#before = this.#seen;
      this.#seen = new Map();
    }
    if (this.#seen.size >= MAX_REMEMBERED) this.overflowed = true;
    else this.#seen.set(key, { source, kept: occurrence === null ? null : new WeakRef(occurrence) });
  }
}

const KEY_LENGTH = 500; // characters

/** Of everything that two copies have in common. Where a message ends is dear to find; its first line says enough. */
function keyOf(group: string, record: LogRecord): number {
  const { body, text, time, thread } = record;
  const said = (body === text ? record.message : body).slice(0, KEY_LENGTH);
  const end = said.indexOf('\n');
  return hash53(`${group}\n${time}\n${thread}\n${end < 0 ? said : said.slice(0, end)}`);
}
