/** [I/O] The names in directories, read once for all logs that are looked at one after the other: there may be thousands in one. */
import { isBackupOf, possibleLogs } from '../../model/rotation.js';
import type { Files } from './files.js';

export class Listings {
  readonly #files: Files;
  /** By directory, then by log: names that may be of its backups. */
  readonly #known = new Map<string, ReadonlyMap<string, readonly string[]>>();

  constructor(files: Files) {
    this.#files = files;
  }

  /** From now on directories are read again. */
  forget(): void {
    this.#known.clear();
  }

  /** Names of backups of a log, as they are now. */
  backupsNow(folder: string, log: string): readonly string[] {
    return this.#names(folder).filter((name) => isBackupOf(name, log));
  }

  /** The same as it was when the directory was read, since {@link forget}. */
  backupsOf(folder: string, log: string): readonly string[] {
    let known = this.#known.get(folder);
    if (known === undefined) {
      known = byLog(this.#names(folder));
      this.#known.set(folder, known);
    }
    return (known.get(log) ?? []).filter((name) => isBackupOf(name, log));
  }

  /** @throws the error of the file system, unless the directory is gone, or not ours to read */
  #names(folder: string): string[] {
    try {
      return this.#files.readdirSync(folder);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) return [];
      throw error;
    }
  }
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
