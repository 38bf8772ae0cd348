/** [I/O] One file that a log is read from: the log itself, or what it was before it was rotated. */
import { gunzipSync, constants as zlib } from 'node:zlib';
import { isCompressed } from '../../model/rotation.js';
import { gunzip } from '../gunzip.js';
import type { Descriptors, Holder, Need } from './descriptors.js';
import { type Files, type Look, lookInto, openIfThere, readFully } from './files.js';
import {
  beginningOf,
  type FileIdentity,
  HEAD_BYTES,
  type Head,
  hasHead,
  hashOf,
  headOf,
  MARKER_BYTES,
  NO_HEAD,
} from './identity.js';

/** A file is read in pieces of this size. */
export const PIECE_BYTES = 256 * 1024;
/** So much of a compressed file is unpacked to see its first bytes, and so many of those are looked at. */
const PACKED_HEAD_BYTES = 64 * 1024;
const MOST_UNPACKED = 16 * 1024 * 1024;

/** What came of reading: bytes, nothing new, or the file no longer holds what was read of it. */
export type Reading = Uint8Array | 'nothing' | 'changed';

const space = Buffer.allocUnsafeSlow(PIECE_BYTES + MARKER_BYTES);

export class Segment implements Holder {
  #path: string;
  #isPacked: boolean;
  dev: string;
  ino: string;
  head: Head;
  /** Up to this position (in unpacked bytes) the file was handed on. */
  readTo: number;
  /** Whether it lies at the log's own path, so that more may be written to it there. */
  isLive = false;
  /** Whether nothing more is written to it: a copy or a packed file. */
  isStatic = false;
  /** When (by the clock) it was last seen to grow, or became a backup. */
  quietSince = 0;
  /** Up to this position its records may have been told before an unclean stop, or were even counted. */
  told = 0;
  counted = 0;
  /** Bytes of the log that lie in files before this one. */
  base = 0;
  /** Number of the line at `readTo`; null as long as nobody has counted. */
  line: number | null = 1;
  /** Size at the last look, and what else told whether it had changed. */
  size: number;
  times = '';
  /** The bytes before `readTo`; null until they were read and held against `marker`. */
  #before: Uint8Array | null = new Uint8Array(0);
  #marker: string | null;
  /** Position behind the hole that the file begins with; null as long as nothing was seen there. */
  #hole: number | null = null;
  /** The marker that was asked for last. */
  #lastMarker: { readonly offset: number; readonly marker: string } | null = null;
  readonly #files: Files;
  readonly #descriptors: Descriptors;
  #descriptor: number | null = null;
  #unpacked: AsyncIterator<Uint8Array> | null = null;

  private constructor(files: Files, descriptors: Descriptors, path: string, identity: FileIdentity, size: number) {
    this.#path = path;
    this.#isPacked = isCompressed(path);
    this.dev = identity.dev;
    this.ino = identity.ino;
    this.head = identity.head;
    this.readTo = identity.offset;
    this.size = size;
    this.#marker = identity.marker === '' ? null : identity.marker;
    this.#files = files;
    this.#descriptors = descriptors;
    if (this.#marker !== null && this.readTo > 0) this.#before = null;
  }

  /** A file that nothing was read of yet; `readTo` is where reading begins. */
  static fresh(files: Files, descriptors: Descriptors, path: string, look: Look, readTo = 0): Segment {
    const identity = { dev: look.dev, ino: look.ino, head: NO_HEAD, offset: readTo, marker: '' };
    const made = new Segment(files, descriptors, path, identity, look.size);
    made.times = look.times;
    if (readTo > 0) {
      made.#before = null;
      made.line = null;
    }
    return made;
  }

  /** A file that was read up to a position by another run. It is held against its identity when it is read. */
  static known(files: Files, descriptors: Descriptors, path: string, identity: FileIdentity, size: number): Segment {
    return new Segment(files, descriptors, path, identity, size);
  }

  /** Where the file lies now, for people and for opening it. */
  get path(): string {
    return this.#path;
  }

  set path(path: string) {
    this.#path = path;
    this.#isPacked = isCompressed(path);
  }

  get isPacked(): boolean {
    return this.#isPacked;
  }

  get isOpen(): boolean {
    return this.#descriptor !== null;
  }

  /** A log can be opened again where it lies; what it was before it was rotated may be deleted soon. */
  get need(): Need {
    return !this.isLive ? 'much' : this.behind > 0 ? 'more' : 'little';
  }

  /** Bytes that are still to be read; of a packed file as it lies on disk. */
  get behind(): number {
    return this.isPacked ? (this.isFinished ? 0 : this.size) : Math.max(0, this.size - this.readTo);
  }

  /** Whether a packed file was read to its end. */
  isFinished = false;

  /**
   * Opens the file at its path.
   * @returns false if it lies there no longer
   * @throws the error of the file system
   */
  open(): boolean {
    if (this.#descriptor !== null) {
      this.#descriptors.used(this);
      return true;
    }
    const descriptor = openIfThere(this.#files, this.path);
    if (descriptor === null) return false;
    const { dev, ino } = lookInto(this.#files, descriptor);
    if (dev !== this.dev || ino !== this.ino) {
      this.#files.closeSync(descriptor);
      return false;
    }
    this.#descriptor = descriptor;
    this.#descriptors.used(this);
    this.#seeHead();
    return true;
  }

  release(): void {
    if (this.#descriptor !== null) {
      try {
        this.#files.closeSync(this.#descriptor);
      } catch {
        // of a share that is gone
      }
    }
    this.#descriptor = null;
    this.#descriptors.closed(this);
    void this.#unpacked?.return?.();
    this.#unpacked = null;
  }

  /** There is no file any more in which it goes on; one with its inode is another one. */
  giveUp(): void {
    this.release();
    this.size = this.readTo;
    this.dev = '';
    this.ino = '';
  }

  /** Another file goes on where this one was read to: a copy of it, or itself under another inode. */
  moveTo(path: string, look: Look): void {
    this.release();
    this.path = path;
    this.dev = look.dev;
    this.ino = look.ino;
    this.size = look.size;
    this.times = look.times;
  }

  /** Looks at the open file itself. Returns whether it has grown. */
  lookAgain(): boolean {
    const look = lookInto(this.#files, this.#descriptor!);
    const hasGrown = look.size > this.size;
    this.size = look.size;
    return hasGrown;
  }

  /** How many names the open file has; 0 once it is deleted. */
  links(): number {
    return lookInto(this.#files, this.#descriptor!).links;
  }

  /**
   * The next bytes of a plain file; they hold until the next call of any segment.
   * @throws the error of the file system
   */
  read(most = PIECE_BYTES): Reading {
    const before = this.#marked();
    if (before === null || (this.readTo === 0 && !this.#hasItsHead())) return 'changed';
    const wanted = before.length + Math.min(most, PIECE_BYTES);
    const from = this.readTo - before.length;
    const read = readFully(this.#files, this.#descriptor!, space.subarray(0, wanted), from);
    if (Buffer.compare(space.subarray(0, Math.min(read, before.length)), before) !== 0) return 'changed';
    const bytes = space.subarray(before.length, read);
    if (bytes.length === 0) return 'nothing';
    this.#took(bytes.length, space.subarray(Math.max(0, read - MARKER_BYTES), read));
    this.#seeHead();
    return bytes;
  }

  /** Whether the open file still holds what was read of it, or what it began with as long as nothing was. */
  isIntact(): boolean {
    const isIntact = this.read(0) !== 'changed';
    if (isIntact) this.#seeHead();
    return isIntact;
  }

  /** Something may have been written since it was opened. */
  learnHead(): void {
    if (this.#descriptor !== null) this.#seeHead();
  }

  #hasItsHead(): boolean {
    const { at, length } = this.head;
    return length === 0 || hasHead(this.#bytesAt(at, at + length), this.head);
  }

  /** Reads bytes of a plain file from a position on, without taking them. Returns how many. */
  readAt(into: Uint8Array, position: number): number {
    return readFully(this.#files, this.#descriptor!, into, position);
  }

  /** Nobody can say any more that the file holds what was read of it up to a position; reading goes on there. */
  distrust(position: number): void {
    this.readTo = position;
    this.#before = null;
    this.#marker = null;
  }

  /** Bytes up to a position were read by somebody else. */
  passTo(position: number): void {
    if (this.isPacked) {
      this.readTo = position;
      return;
    }
    this.#took(position - this.readTo, this.#bytesAt(Math.max(0, position - MARKER_BYTES), position));
    this.#seeHead();
  }

  /**
   * The next bytes of a packed file.
   * @throws InputError where it is damaged
   */
  async unpack(): Promise<Reading> {
    if (this.#unpacked === null) {
      const all = gunzip(this.#packed(), this.path, () => this.#packed())[Symbol.asyncIterator]();
      this.#unpacked = all;
      for (let skipped = 0; skipped < this.readTo; ) {
        const next = await all.next();
        if (next.done) return 'changed';
        if (skipped + next.value.length > this.readTo)
          return this.#unpackedPiece(next.value.subarray(this.readTo - skipped));
        skipped += next.value.length;
      }
    }
    const next = await this.#unpacked.next();
    if (!next.done) return this.#unpackedPiece(next.value);
    this.isFinished = true;
    return 'nothing';
  }

  /** The first bytes from a position on, without taking them; at most 64 KiB. Of a packed file it must be near its start. */
  peek(position: number): Uint8Array {
    if (!this.isPacked) return this.#bytesAt(position, position + PACKED_HEAD_BYTES);
    return this.#beginning()(position, position + PACKED_HEAD_BYTES);
  }

  /** The first bytes of the file behind a hole of NULs, unpacked; at most so many. */
  start(most: number): Uint8Array {
    const read = this.#beginning();
    const hole = this.#hole ?? 0;
    const { at, bytes } = beginningOf((from, to) => read(hole + from, hole + to), most);
    if (bytes.length > 0) this.#hole = hole + at;
    return bytes;
  }

  /** So many NULs stand at the start of the file, as far as that was looked at. */
  get hole(): number {
    if (this.#hole === null) this.start(1);
    return this.#hole ?? 0;
  }

  /** Bytes of a plain file, at most those from one position to another. */
  bytesAt(from: number, to: number): Uint8Array {
    return this.#bytesAt(from, to);
  }

  /** By which the file can be known again, if it is read from a position on that is not behind `readTo`. */
  identityAt(offset: number): FileIdentity {
    const { dev, ino, head } = this;
    return { dev, ino, head, offset, marker: this.isPacked ? '' : this.#markerAt(offset) };
  }

  /** Whether what was read of this file is what another begins with. */
  isContinuedBy(bytes: (from: number, to: number) => Uint8Array): boolean {
    const { at, length } = this.head;
    // Behind a hole that is too long to be looked over only the marker tells.
    if (length === 0 ? this.readTo === 0 : !hasHead(bytes(at, at + HEAD_BYTES), this.head)) return false;
    const before = bytes(Math.max(0, this.readTo - MARKER_BYTES), this.readTo);
    if (this.#before === null) return this.#marker === null || hashOf(before) === this.#marker;
    return Buffer.compare(before.subarray(Math.max(0, before.length - this.#before.length)), this.#before) === 0;
  }

  #unpackedPiece(bytes: Uint8Array): Uint8Array {
    this.readTo += bytes.length;
    return bytes;
  }

  async *#packed(): AsyncGenerator<Uint8Array> {
    for (let at = 0; ; ) {
      const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
      const read = readFully(this.#files, this.#descriptor!, piece, at);
      if (read === 0) return;
      at += read;
      yield piece.subarray(0, read);
    }
  }

  /** The bytes before `readTo`; null if they are others than the marker says. */
  #marked(): Uint8Array | null {
    if (this.#before !== null) return this.#before;
    const before = this.#bytesAt(Math.max(0, this.readTo - MARKER_BYTES), this.readTo);
    const isWhole = before.length === Math.min(MARKER_BYTES, this.readTo);
    if (!isWhole || (this.#marker !== null && hashOf(before) !== this.#marker)) return null;
    this.#before = before;
    return before;
  }

  #took(length: number, before: Uint8Array): void {
    this.readTo += length;
    this.#before = Uint8Array.prototype.slice.call(before);
  }

  #markerAt(offset: number): string {
    if (offset === 0) return '';
    if (offset === this.readTo && this.#before === null) return this.#marker ?? '';
    if (this.#lastMarker?.offset === offset) return this.#lastMarker.marker;
    if (this.#descriptor === null && offset !== this.readTo) return '';
    const marker =
      offset === this.readTo
        ? hashOf(this.#before!)
        : hashOf(this.#bytesAt(Math.max(0, offset - MARKER_BYTES), offset));
    this.#lastMarker = { offset, marker };
    return marker;
  }

  /** Learns more of the first bytes, as long as there are not enough of them. */
  #seeHead(): void {
    if (this.head.length >= HEAD_BYTES || this.isPacked) return;
    const start = this.start(HEAD_BYTES);
    if (this.head.length === 0 || hasHead(start, this.head)) this.head = headOf(start, this.hole);
  }

  /** Reads bytes near the start of the file, unpacked. */
  #beginning(): (from: number, to: number) => Uint8Array {
    if (!this.isPacked) return (from, to) => this.#bytesAt(from, to);
    const unpacked = unpackedHead(this.#bytesAt(0, PACKED_HEAD_BYTES));
    return (from, to) => unpacked.subarray(from, to);
  }

  #bytesAt(from: number, to: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, to - from));
    if (bytes.length === 0 || this.#descriptor === null) return bytes.subarray(0, 0);
    return bytes.subarray(0, readFully(this.#files, this.#descriptor!, bytes, from));
  }
}

/** What the first bytes of a packed file hold, as far as they are not damaged. */
export function unpackedHead(packed: Uint8Array): Uint8Array {
  let [good, bad] = [0, packed.length + 1];
  let unpacked: Uint8Array = new Uint8Array(0);
  for (let tried = packed.length; bad - good > 1; tried = (good + bad) >> 1) {
    try {
      unpacked = gunzipSync(packed.subarray(0, tried), {
        finishFlush: zlib.Z_SYNC_FLUSH,
        maxOutputLength: MOST_UNPACKED,
      });
      good = tried;
    } catch {
      bad = tried; // damaged before, or no gzip
    }
  }
  return unpacked;
}
