/** [I/O] Wakes whoever follows logs when something happens in their directories, where the file system tells; else time does. */
import { type FSWatcher, statfsSync, statSync, watch } from 'node:fs';
import path from 'node:path';

/** Of file systems on a network, which tell nothing of what others do: NFS, SMB, CIFS, AFS, Ceph, 9p, FUSE, GPFS, Lustre, OCFS2. */
const REMOTE = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x00c36400, 0x01021997, 0x65735546, 0x47504653, 0x0bd00bd0,
  0x7461636f,
]);

export interface WatcherOptions {
  /** Milliseconds between two looks when nothing wakes. */
  readonly poll: number;
  /** Told once when the system gives no more watches. */
  onTrouble(message: string): void;
}

export class Watcher {
  readonly #options: WatcherOptions;
  /** Null where it is not watched; by the directory and what stood there. */
  readonly #watches = new Map<string, { readonly made: FSWatcher | null; readonly place: string }>();
  #wake: (() => void) | null = null;
  #woken = false;
  /** Names of files in which something happened, with their directories. */
  #changed = new Set<string>();
  #isTold = false;

  constructor(options: WatcherOptions) {
    this.#options = options;
  }

  /** Watches these directories, and no others. */
  follow(directories: readonly string[]): void {
    const wanted = new Set(directories);
    for (const [directory, { place }] of this.#watches) {
      // A watch goes with a directory that is moved away.
      if (!wanted.has(directory) || place !== placeOf(directory)) this.#drop(directory);
    }
    for (const directory of wanted) {
      if (!this.#watches.has(directory))
        this.#watches.set(directory, { place: placeOf(directory), made: this.#watch(directory) });
    }
  }

  /** What has happened since the last time: directories, and files in them. */
  take(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Waits until something happens, for so many milliseconds at most. */
  wait(most = this.#options.poll): Promise<void> {
    if (this.#woken) {
      this.#woken = false;
      return new Promise((resolve) => setImmediate(resolve));
    }
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.wake(), most);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    if (wake === null) this.#woken = true;
    else wake();
  }

  close(): void {
    for (const { made } of this.#watches.values()) made?.close();
    this.#watches.clear();
    this.wake();
  }

  #watch(directory: string): FSWatcher | null {
    try {
      if (REMOTE.has(Number(statfsSync(directory).type))) return null;
      const made = watch(directory, { persistent: false }, (_, name) => {
        if (this.#changed.size < MOST_CHANGED)
          this.#changed.add(name === null ? directory : path.join(directory, name));
        this.wake();
      });
      // Moved away, deleted: polling finds out, and watches what comes in its place.
      made.on('error', () => this.#drop(directory));
      return made;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if ((code === 'ENOSPC' || code === 'EMFILE') && !this.#isTold) {
        this.#isTold = true;
        this.#options.onTrouble(message);
      }
      return null;
    }
  }

  #drop(directory: string): void {
    this.#watches.get(directory)?.made?.close();
    this.#watches.delete(directory);
  }
}

function placeOf(directory: string): string {
  const found = statSync(directory, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}

/** More names tell nothing: everything is looked at then. */
const MOST_CHANGED = 1000;
