/** [I/O] The names in directories, read once for all logs that are looked at one after the other: there may be thousands in one. */
import { isBackupOf, possibleLogs } from '../../model/rotation.js';
import type { Files } from './files.js';

interface Listing {
  /** Of the directory, before its names were read; null if it is not there. */
  readonly modified: bigint | null;
  /** When its names were first read with that time, in milliseconds of a clock that never goes back. */
  readonly since: number;
  /** When they were read now. */
  readonly at: number;
  /** By log: names that may be of its backups. */
  readonly byLog: ReadonlyMap<string, readonly string[]>;
  /** The number of times that everything had been forgotten. */
  round: number;
}

/** Two changes within one tick of the file system's clock have one time. */
const TICK = 50; // milliseconds

export class Listings {
  readonly #files: Files;
  /** By directory. */
  readonly #known = new Map<string, Listing>();
  #round = 0;

  constructor(files: Files) {
    this.#files = files;
  }

  /** From now on directories are looked at again. */
  forget(): void {
    this.#round++;
    for (const [folder, { round }] of this.#known) if (round < this.#round - 1) this.#known.delete(folder);
  }

  /** Names of backups of a log, as they are now. */
  backupsNow(folder: string, log: string): readonly string[] {
    return backups(this.#now(folder), log);
  }

  /** The same as it was when the directory was read, since {@link forget}. */
  backupsOf(folder: string, log: string): readonly string[] {
    const known = this.#known.get(folder);
    return backups(known?.round === this.#round ? known : this.#now(folder), log);
  }

  #now(folder: string): Listing {
    const known = this.#known.get(folder) ?? null;
    const modified = this.#modified(folder);
    const isSame = known !== null && modified !== null && known.modified === modified;
    if (isSame && known.at - known.since >= TICK) {
      known.round = this.#round;
      return known;
    }
    const at = performance.now();
    const since = isSame ? known.since : at;
    const listing = { modified, since, at, byLog: byLog(this.#names(folder)), round: this.#round };
    this.#known.set(folder, listing);
    return listing;
  }

  #modified(folder: string): bigint | null {
    return ifAllowed(() => this.#files.statSync(folder, { bigint: true }).mtimeNs, null);
  }

  #names(folder: string): string[] {
    return ifAllowed(() => this.#files.readdirSync(folder), []);
  }
}

/** @throws the error of the file system, unless the directory is gone, or not ours to read */
function ifAllowed<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) return otherwise;
    throw error;
  }
}

function backups(listing: Listing, log: string): readonly string[] {
  return (listing.byLog.get(log) ?? []).filter((name) => isBackupOf(name, log));
}

function byLog(names: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of names) {
    for (const log of new Set(possibleLogs(name))) {
      const of = found.get(log);
      if (of === undefined) found.set(log, [name]);
      else of.push(name);
    }
  }
  return found;
}
