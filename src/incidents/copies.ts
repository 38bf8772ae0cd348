/**
 * One record in two files: `catalina.out` repeats what `atlassian-jira.log` says. A record with equal time, thread and
 * message from another input is a copy and counts once.
 */
import type { LogRecord } from '../model/log-record.js';
import { hash53 } from './hash.js';
import type { Occurrence } from './occurrence.js';

/** So many different sightings are remembered; beyond that copies count twice, and the run says so. */
const MAX_REMEMBERED = 200_000;

interface Remembered {
  readonly source: number;
  /** What was kept of the sighting, so that the copy can be named there; null if nothing was. */
  readonly occurrence: Occurrence | null;
}

export class CopyFinder {
  readonly #seen = new Map<number, Remembered>();
  /** True once sightings were met that could not be remembered. */
  overflowed = false;

  /** The earlier sighting that this record is a copy of, or null if it is none. `group` tells apart what it is a sighting of. */
  original(group: string, record: LogRecord, source: number): Remembered | null {
    if (record.time === null) return null;
    const known = this.#seen.get(keyOf(group, record));
    return known !== undefined && known.source !== source ? known : null;
  }

  remember(group: string, record: LogRecord, source: number, occurrence: Occurrence | null): void {
    if (record.time === null) return;
    const key = keyOf(group, record);
    if (this.#seen.has(key)) return;
    if (this.#seen.size >= MAX_REMEMBERED) this.overflowed = true;
    else this.#seen.set(key, { source, occurrence });
  }
}

/** Of everything that two copies have in common. */
function keyOf(group: string, { time, thread, message }: LogRecord): number {
  return hash53(`${group}\n${time}\n${thread}\n${message.slice(0, 500)}`);
}
