/** [I/O] The files that a log was before it was rotated, and up to where each of them was read. */
import path from 'node:path';
import { isCompressed, oldestBackupFirst } from '../../model/rotation.js';
import { type Files, type Look, lookAt, openIfThere, readFully } from './files.js';
import {
  beginningOf,
  type FileIdentity,
  HEAD_BYTES,
  hasHead,
  hashOf,
  headOf,
  headsOf,
  MARKER_BYTES,
} from './identity.js';
import type { Listings } from './listings.js';
import { type Segment, unpackedHead } from './segment.js';

export interface Backup {
  readonly name: string;
  readonly path: string;
  readonly look: Look;
}

/** A backup, and where in it begins what was not read. */
export interface Unread {
  readonly backup: Backup;
  readonly from: number;
}

/** A file that was read up to an offset. */
export type KnownFile = FileIdentity;

/** So many files that were read are remembered, besides those that are there. */
const MOST_KNOWN = 200;
/** With fewer bytes a packed file may have just been begun. */
const LEAST_PACKED = 1024;
/** So much of a packed file is looked at to see its first bytes. */
const PACKED_BYTES = 64 * 1024;
const ALL = Number.POSITIVE_INFINITY;

export class Backups {
  readonly #log: string;
  readonly #files: Files;
  readonly #listings: Listings;
  #known: KnownFile[];
  /** Of the folders, when they were looked at last. */
  #times = '';
  /** The first look after a change is followed by another one, as two changes may have one time. */
  #isSettled = false;
  /** What files looked like when they were found to be read, by device and inode. */
  #read = new Map<string, string>();

  constructor(log: string, files: Files, listings: Listings, known: readonly KnownFile[]) {
    this.#log = log;
    this.#files = files;
    this.#listings = listings;
    this.#known = [...known];
  }

  get known(): readonly KnownFile[] {
    return this.#known;
  }

  /**
   * Where the log's file lies and where its path is.
   * @param isNow whether they must be those of this moment, and not of when the directory was read for some log
   */
  list(isNow = true): Backup[] {
    const found = new Map<string, Backup>();
    for (const { folder, log } of this.#places()) {
      const names = isNow ? this.#listings.backupsNow(folder, log) : this.#listings.backupsOf(folder, log);
      for (const name of names) {
        const file = path.join(folder, name);
        const look = lookAt(this.#files, file);
        if (look !== null) found.set(`${look.dev}:${look.ino}`, { name, path: file, look });
      }
    }
    return [...found.values()];
  }

  newestFirst(): Backup[] {
    const byName = new Map(this.list().map((backup) => [backup.name, backup]));
    const names = oldestBackupFirst([...byName.keys()], [], path.basename(this.#log)).reverse();
    return names.map((name) => byName.get(name)!);
  }

  /** Whether one may have come or gone since it was asked last. */
  mayHaveChanged(): boolean {
    const times = this.#places()
      .map(({ folder }) => this.#files.statSync(folder, { bigint: true, throwIfNoEntry: false })?.mtimeNs)
      .join(' ');
    const isSame = times === this.#times;
    const isSettled = isSame && this.#isSettled;
    this.#times = times;
    this.#isSettled = isSame;
    return !isSettled;
  }

  /** The backup that is this very file; null if none is. */
  find({ dev, ino }: Pick<Look, 'dev' | 'ino'>): Backup | null {
    return this.list().find(({ look }) => look.dev === dev && look.ino === ino) ?? null;
  }

  /** What is there when a log is first seen is none of its future. */
  knowAll(): void {
    for (const { path: file, look } of this.list(false)) {
      const { at, bytes } = this.#beginning(file);
      const marker = isCompressed(file) ? '' : this.markerOf(file, look.size);
      this.know({ dev: look.dev, ino: look.ino, head: headOf(bytes, at), offset: look.size, marker });
    }
  }

  know(file: KnownFile): void {
    const { dev, ino, head } = file;
    this.#known = this.#known.filter((one) => one.dev !== dev || one.ino !== ino || one.head.hash !== head.hash);
    this.#known.push(file);
  }

  /** Up to where this very file was read before, whatever its name was; 0 if it was not. */
  readTo(file: string, look: Look): number {
    const known = this.knownFile(look, this.bytesOf(file, 0, HEAD_BYTES));
    if (known === null || known.offset > look.size) return 0;
    return this.markerOf(file, known.offset) === known.marker ? known.offset : 0;
  }

  /** A file that begins with these bytes, if it was read. */
  knownFile({ dev, ino }: Look, start: Uint8Array): KnownFile | null {
    const isIt = (known: KnownFile) => known.dev === dev && known.ino === ino && hasHead(start, known.head);
    return this.#known.findLast(isIt) ?? null;
  }

  /**
   * The backups that were not read, or not to their end, the oldest first.
   * @param segments files that are being read, or will be; those that were renamed get their new paths
   * @param onUnreadable told of packed ones of a kind that cannot be read, once each
   * @param isNow as in {@link list}
   */
  unread(segments: readonly Segment[], onUnreadable: (file: string) => void, isNow: boolean): Unread[] {
    const found = new Map<string, Unread & { readonly head: Uint8Array }>();
    const known: string[] = [];
    const all = this.list(isNow);
    const before = this.#read;
    this.#read = new Map();
    for (const backup of all) {
      const { name, path: file, look } = backup;
      const queued = segments.find(({ dev, ino }) => dev === look.dev && ino === look.ino);
      if (queued !== undefined) {
        queued.path = file;
        known.push(name);
        continue;
      }
      const key = `${look.dev}:${look.ino}`;
      const state = `${look.size} ${look.times}`;
      if (before.get(key) === state) {
        this.#read.set(key, state);
        known.push(name);
        continue;
      }
      const head = this.headOf(file);
      if (head.length === 0 && (isCompressed(name) || look.size === 0)) {
        if (this.#isUnreadable(backup)) onUnreadable(file);
        continue;
      }
      const from = this.#readTo(backup, head);
      if (from >= look.size) this.#read.set(key, state);
      if (from >= look.size || (from === 0 && this.#isOneOf(segments, backup, head))) known.push(name);
      else found.set(name, { backup, from, head });
    }
    this.#forget(all);
    const names = oldestBackupFirst(withoutCopies(found), known, path.basename(this.#log));
    return names.map((name) => found.get(name)!);
  }

  /** The first bytes of a file behind a hole, unpacked; empty if they cannot be had. */
  headOf(file: string): Uint8Array {
    return this.#beginning(file).bytes;
  }

  /** Empty where there are no bytes, or not so many. */
  markerOf(file: string, offset: number): string {
    const bytes = this.bytesOf(file, Math.max(0, offset - MARKER_BYTES), offset);
    return bytes.length === Math.min(MARKER_BYTES, offset) && offset > 0 ? hashOf(bytes) : '';
  }

  /** Bytes of a file as it lies there; none if it is gone. */
  bytesOf(file: string, from: number, to: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, to - from));
    const descriptor = openIfThere(this.#files, file);
    if (descriptor === null) return bytes.subarray(0, 0);
    try {
      return bytes.subarray(0, readFully(this.#files, descriptor, bytes, from));
    } finally {
      this.#files.closeSync(descriptor);
    }
  }

  #places(): { readonly folder: string; readonly log: string }[] {
    const own = path.resolve(this.#log);
    return [...new Set([own, realPath(this.#files, this.#log)])].map((place) => ({
      folder: path.dirname(place === own ? this.#log : place),
      log: path.basename(place),
    }));
  }

  #beginning(file: string): ReturnType<typeof beginningOf> {
    if (!isCompressed(file)) return beginningOf((from, to) => this.bytesOf(file, from, to), HEAD_BYTES);
    const unpacked = unpackedHead(this.bytesOf(file, 0, PACKED_BYTES));
    return beginningOf((from, to) => unpacked.subarray(from, to), HEAD_BYTES);
  }

  #isUnreadable({ name, look }: Backup): boolean {
    // A file that gzip has just begun holds nothing yet.
    if (!isCompressed(name) || look.size <= (name.endsWith('.gz') ? LEAST_PACKED : 0)) return false;
    const { dev, ino } = look;
    if (this.#known.some((known) => known.dev === dev && known.ino === ino)) return false;
    this.know({ dev, ino, head: headOf(new Uint8Array(0)), offset: 0, marker: '' });
    return true;
  }

  /** Of files that are gone only the last ones are remembered: one may come again, packed. */
  #forget(there: readonly Backup[]): void {
    const tooMany = this.#known.length - MOST_KNOWN;
    if (tooMany <= 0) return;
    const kept = new Set(there.map(({ look }) => `${look.dev}:${look.ino}`));
    // One that was overwritten was several files.
    const last = new Map(this.#known.map(({ dev, ino }, index) => [`${dev}:${ino}`, index]));
    this.#known = this.#known.filter(({ dev, ino }, index) => {
      const key = `${dev}:${ino}`;
      return index >= tooMany || (kept.has(key) && last.get(key) === index);
    });
  }

  /** Up to where a backup was read, under whatever name; 0 if nothing of it is known. */
  #readTo({ path: file, look }: Backup, head: Uint8Array): number {
    const isPacked = isCompressed(file);
    const has = headsOf(head);
    const isIt = (known: KnownFile) => {
      // Behind a hole that is too long to be looked over only the marker tells.
      if (known.head.length > 0 ? !has(known.head) : head.length > 0 || known.marker === '') return false;
      // Of a packed file the first bytes must do, and of a shorter copy if there are enough of them.
      const isEnough = known.head.length >= HEAD_BYTES || known.head.length === head.length;
      if (isPacked || look.size < known.offset) return isEnough && known.head.length > 0;
      return this.markerOf(file, known.offset) === known.marker;
    };
    // Of those that are it, the one that was read farthest.
    const known = this.#known
      .filter(isIt)
      .reduce<KnownFile | null>((a, b) => (a !== null && a.offset > b.offset ? a : b), null);
    if (known !== null) {
      if (known.dev !== look.dev || known.ino !== look.ino) this.know({ ...known, dev: look.dev, ino: look.ino });
      return isPacked || look.size < known.offset ? ALL : known.offset;
    }
    return 0;
  }

  /** Whether a backup is what is being read, packed or copied. */
  #isOneOf(segments: readonly Segment[], { path: file, look }: Backup, head: Uint8Array): boolean {
    return segments.some((segment) => {
      if (segment.head.length === 0 || segment.isPacked) return false;
      return isCompressed(file) ? hasHead(head, segment.head) : this.#isCopy(file, look, head, segment);
    });
  }

  /** Whether a file is a copy of one that is being read, or of a part of it from its start on. */
  #isCopy(file: string, { size }: Look, head: Uint8Array, segment: Segment): boolean {
    if (size >= segment.readTo && segment.isContinuedBy((from, to) => this.bytesOf(file, from, to))) return true;
    const start = segment.start(head.length);
    const from = Math.max(0, size - MARKER_BYTES);
    return (
      Buffer.compare(start, head) === 0 &&
      Buffer.compare(segment.bytesAt(from, size), this.bytesOf(file, from, size)) === 0
    );
  }
}

/** While a backup is packed it is there twice: the plain one is taken. */
function withoutCopies(found: ReadonlyMap<string, { readonly head: Uint8Array }>): string[] {
  return [...found.keys()].filter((name) => {
    if (!isCompressed(name)) return true;
    const { head } = found.get(name)!;
    return ![...found].some(([other, { head: plain }]) => {
      const length = Math.min(plain.length, head.length);
      return !isCompressed(other) && Buffer.compare(plain.subarray(0, length), head.subarray(0, length)) === 0;
    });
  });
}

/** Where a link leads; any other path as it is. */
export function realPathIfLinked(files: Files, file: string): string {
  const real = realPath(files, file);
  return real === path.join(realPath(files, path.dirname(file)), path.basename(file)) ? file : real;
}

export function realPath(files: Files, file: string): string {
  try {
    return files.realpathSync.native(file); // the other one looks at each part of the path
  } catch {
    return path.resolve(file);
  }
}
