/**
 * A zip with more members in it. The bytes before its directory are copied as they are and its entries byte for byte, so that what is
 * encrypted, odd or unknown here survives. The layout is that of APPNOTE.TXT 6.3, sections 4.3.7 to 4.3.16.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { isOwnMember } from '../../model/own-member.js';
import { InputError } from '../../model/source.js';
import { changedError, pieces, Taker } from './bytes.js';
import type { Member } from './member.js';

const LOCAL = 0x04034b50;
const ENTRY = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const ENTRY_SIZE = 46; // bytes, without name, extra field and comment
const END_SIZE = 22;
const END64_SIZE = 56;
const LOCATOR64_SIZE = 20;
const MAX_COMMENT = 0xffff;
/** A field of 16 or 32 bits that is full says that its value stands in the 64-bit record or extra field. */
export const ZIP_LIMITS = { entries: 0xffff, bytes: 0xffffffff } as const;
export type ZipLimits = Readonly<Record<keyof typeof ZIP_LIMITS, number>>;
/** A 64-bit record may be followed by data of its writer; more than so much is damage. */
const MAX_END64 = 64 * 1024; // bytes
/** So many of what looks like an end are looked at. */
const MAX_ENDS = 16;

/** Where what stands in a zip. Positions are those of the file. */
export interface ZipLayout {
  /** Bytes before the archive itself: the program of one that extracts itself. Offsets in it do not count them. */
  readonly prefix: number;
  readonly directoryStart: number;
  readonly directoryEnd: number;
  /** Entries that stay. */
  readonly entries: number;
  /** Where members end that stay: those that logscan put behind all others are left out. */
  readonly keptEnd: number;
  /** The 64-bit end with data behind it, and the end with the comment and whatever stands behind it. */
  readonly end64: Buffer | null;
  readonly end: Buffer;
}

/** @throws InputError if its structure is not whole */
export async function readZip(file: FileHandle, origin: string, size: number): Promise<ZipLayout> {
  const length = Math.min(size, END_SIZE + MAX_COMMENT);
  const tail = await readWhole(file, origin, size - length, length);
  const ends: number[] = [];
  for (let at = length - END_SIZE; at >= 0 && ends.length < MAX_ENDS; at--)
    if (tail.readUInt32LE(at) === END && endLength(tail, at) <= length - at) ends.push(at);
  // A comment may hold what looks like an end; what reaches to the end of the file goes before what has bytes behind it.
  const exact = ends.filter((at) => endLength(tail, at) === length - at);
  let trouble = 'ends without the directory of a zip: it is not complete';
  for (const at of exact.length > 0 ? exact : ends.slice(0, 1)) {
    try {
      return await new ZipReader(file, origin).read(size - length + at, tail.subarray(at));
    } catch (error) {
      if (!(error instanceof DamagedZip)) throw error;
      trouble = error.message;
    }
  }
  throw new InputError('input-truncated', origin, trouble, 'nothing was written; copy it again from where it was made');
}

function endLength(tail: Buffer, at: number): number {
  return END_SIZE + tail.readUInt16LE(at + 20);
}

class DamagedZip extends Error {}

class ZipReader {
  readonly #file: FileHandle;
  readonly #origin: string;

  constructor(file: FileHandle, origin: string) {
    this.#file = file;
    this.#origin = origin;
  }

  /** @throws DamagedZip, InputError */
  async read(endStart: number, end: Buffer): Promise<ZipLayout> {
    const end64 = await this.#readEnd64(endStart);
    const disks = [end.readUInt16LE(4), end.readUInt16LE(6)];
    if (disks.some((disk) => disk !== 0 && disk !== 0xffff))
      throw new DamagedZip('is one part of a zip that was split');
    const wide = end64 !== null;
    const count = wide ? wholeOf(end64.bytes, 32) : end.readUInt16LE(10);
    const size = wide ? wholeOf(end64.bytes, 40) : end.readUInt32LE(12);
    const directoryEnd = end64?.start ?? endStart;
    const directoryStart = directoryEnd - size;
    const told = wide ? wholeOf(end64.bytes, 48) : end.readUInt32LE(16);
    const offset = !wide && told === ZIP_LIMITS.bytes ? directoryStart : told; // Info-ZIP forgets the 64-bit end of a small one
    const prefix = directoryStart - offset;
    // What begins with a member has nothing before it.
    const isShifted = prefix > 0 && (await readWhole(this.#file, this.#origin, 0, 4)).readUInt32LE() === LOCAL;
    if (prefix < 0 || directoryStart < 0 || isShifted)
      throw new DamagedZip('has its directory in the wrong place: bytes are missing, or were added to it');
    const found = await this.#readDirectory(directoryStart, directoryEnd, prefix);
    const all = found.entries + found.own.length;
    // Old writers count no further than the field goes.
    if (wide ? all !== count : (all & 0xffff) !== count)
      throw new DamagedZip(`has ${all} members in its directory, which says that there are ${count}`);
    const kept = found.own.filter((position) => position > found.last);
    return {
      prefix,
      directoryStart,
      directoryEnd,
      entries: found.entries,
      keptEnd: kept.reduce((least, position) => Math.min(least, position), directoryStart),
      end64: end64?.bytes ?? null,
      end,
    };
  }

  async #readEnd64(endStart: number): Promise<{ readonly start: number; readonly bytes: Buffer } | null> {
    const locatorStart = endStart - LOCATOR64_SIZE;
    if (locatorStart < END64_SIZE) return null;
    const locator = await readWhole(this.#file, this.#origin, locatorStart, LOCATOR64_SIZE);
    if (locator.readUInt32LE() !== LOCATOR64) return null;
    for (const start of [locatorStart - END64_SIZE, wholeOf(locator, 8)]) {
      const length = locatorStart - start;
      if (start < 0 || length < END64_SIZE || length > MAX_END64) continue;
      const bytes = await readWhole(this.#file, this.#origin, start, length);
      if (bytes.readUInt32LE() === END64 && wholeOf(bytes, 4) + 12 === length) return { start, bytes };
    }
    throw new DamagedZip('has no 64-bit end where one should be');
  }

  /** Counts entries; of logscan's own, and of the last other one, it tells where the member begins. */
  async #readDirectory(
    start: number,
    end: number,
    prefix: number,
  ): Promise<{ readonly entries: number; readonly own: readonly number[]; readonly last: number }> {
    const own: number[] = [];
    let entries = 0;
    let last = -1;
    for await (const entry of entriesOf(this.#file, this.#origin, start, end)) {
      const offset = offsetOf(entry);
      if (offset !== null && offset + prefix >= start) throw new DamagedZip('has a member behind its directory');
      if (isOwnMember(nameOf(entry))) own.push(offset === null ? -1 : offset + prefix);
      else {
        entries++;
        last = Math.max(last, offset === null ? Number.POSITIVE_INFINITY : offset + prefix);
      }
    }
    return { entries, own, last };
  }
}

/**
 * The entries of a directory, whole.
 * @throws DamagedZip if something else stands there
 */
async function* entriesOf(file: FileHandle, origin: string, start: number, end: number): AsyncGenerator<Buffer> {
  const bytes = new Taker(pieces(file, origin, start, end));
  for (;;) {
    const head = await bytes.peek(ENTRY_SIZE);
    if (head.length === 0) return;
    const isEntry = head.length === ENTRY_SIZE && head.readUInt32LE() === ENTRY;
    const length = isEntry ? lengthOf(head) : 0;
    const entry = await bytes.take(length);
    if (!isEntry || entry.length < length) throw new DamagedZip('has a directory that is damaged or encrypted');
    yield entry;
  }
}

function lengthOf(entry: Buffer): number {
  return ENTRY_SIZE + entry.readUInt16LE(28) + entry.readUInt16LE(30) + entry.readUInt16LE(32);
}

function nameOf(entry: Buffer): string {
  return entry.toString('latin1', ENTRY_SIZE, ENTRY_SIZE + entry.readUInt16LE(28));
}

/** Where the member begins, from the start of the archive; null if that is not to be read. */
function offsetOf(entry: Buffer): number | null {
  const offset = entry.readUInt32LE(42);
  if (offset !== ZIP_LIMITS.bytes) return offset;
  const extraStart = ENTRY_SIZE + entry.readUInt16LE(28);
  const extra = entry.subarray(extraStart, extraStart + entry.readUInt16LE(30));
  const before = [entry.readUInt32LE(24), entry.readUInt32LE(20)].filter((size) => size === ZIP_LIMITS.bytes).length;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const value = at + 4 + 8 * before;
    const isWhole = 8 * before + 8 <= extra.readUInt16LE(at + 2) && value + 8 <= extra.length;
    return isWhole ? wholeOf(extra, value) : null;
  }
  return null;
}

/** A number of 64 bits; one beyond 2^53 is damage, and larger than every file. */
function wholeOf(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

async function readWhole(file: FileHandle, origin: string, start: number, length: number): Promise<Buffer> {
  return new Taker(pieces(file, origin, start, start + length)).take(length);
}

/**
 * The bytes of a copy with these members in it.
 * @param at when the members were made
 * @param onRead told of every piece that was read of the file
 * @param limits smaller ones than those of the format make a 64-bit zip of a small one
 */
export async function* zipCopy(
  file: FileHandle,
  origin: string,
  layout: ZipLayout,
  members: readonly Member[],
  at: Date,
  onRead: (bytes: number) => void,
  limits: ZipLimits = ZIP_LIMITS,
): AsyncGenerator<Buffer> {
  yield* pieces(file, origin, 0, layout.keptEnd, onRead);
  let position = layout.keptEnd;
  const added: Buffer[] = [];
  for (const member of members) {
    const { local, entry } = packed(member, position - layout.prefix, at, limits);
    yield local;
    position += local.length;
    added.push(entry);
  }
  const directoryStart = position;
  try {
    for await (const entry of entriesOf(file, origin, layout.directoryStart, layout.directoryEnd)) {
      onRead(entry.length);
      if (isOwnMember(nameOf(entry))) continue;
      position += entry.length;
      yield entry;
    }
  } catch (error) {
    throw error instanceof DamagedZip ? changedError(origin) : error; // it was whole before
  }
  for (const entry of added) {
    position += entry.length;
    yield entry;
  }
  const directory = {
    count: layout.entries + added.length,
    size: position - directoryStart,
    offset: directoryStart - layout.prefix,
  };
  yield* endOf(layout, directory, limits);
}

interface Directory {
  readonly count: number;
  /** Bytes. */
  readonly size: number;
  /** From the start of the archive. */
  readonly offset: number;
}

/** The ends, as they were but for what they say of the directory. */
function* endOf({ end64, end: before }: ZipLayout, directory: Directory, limits: ZipLimits): Generator<Buffer> {
  const { count, size, offset } = directory;
  const isFull = count >= limits.entries || size >= limits.bytes || offset >= limits.bytes;
  if (end64 !== null || isFull) {
    const wide = Buffer.from(end64 ?? emptyEnd64());
    wide.writeBigUInt64LE(BigInt(count), 24);
    wide.writeBigUInt64LE(BigInt(count), 32);
    wide.writeBigUInt64LE(BigInt(size), 40);
    wide.writeBigUInt64LE(BigInt(offset), 48);
    const locator = Buffer.alloc(LOCATOR64_SIZE);
    locator.writeUInt32LE(LOCATOR64);
    locator.writeBigUInt64LE(BigInt(offset + size), 8);
    locator.writeUInt32LE(1, 16); // disks
    yield wide;
    yield locator;
  }
  const end = Buffer.from(before);
  const fits = (value: number, full: number, limit: number, was: number) =>
    value >= limit || (end64 !== null && was === full) ? full : value;
  const { entries: FULL16, bytes: FULL32 } = ZIP_LIMITS;
  const shownCount = fits(count, FULL16, limits.entries, before.readUInt16LE(10));
  end.writeUInt16LE(shownCount, 8);
  end.writeUInt16LE(shownCount, 10);
  end.writeUInt32LE(fits(size, FULL32, limits.bytes, before.readUInt32LE(12)), 12);
  end.writeUInt32LE(fits(offset, FULL32, limits.bytes, before.readUInt32LE(16)), 16);
  yield end;
}

function emptyEnd64(): Buffer {
  const end = Buffer.alloc(END64_SIZE);
  end.writeUInt32LE(END64);
  end.writeBigUInt64LE(BigInt(END64_SIZE - 12), 4);
  end.writeUInt16LE(MADE_BY, 12);
  end.writeUInt16LE(NEEDS_64, 14);
  return end;
}

const NEEDS_DEFLATE = 20;
const NEEDS_64 = 45;
const MADE_BY = (3 << 8) | NEEDS_64; // on Unix, so that the mode counts
const MODE = 0o100644;
const STORED = 0;
const DEFLATED = 8;
const EXTRA64_SIZE = 12;

/** A member with its local header, and its entry in the directory. */
function packed(
  { name, bytes }: Member,
  offset: number,
  at: Date,
  limits: ZipLimits,
): { readonly local: Buffer; readonly entry: Buffer } {
  const deflated = deflateRawSync(bytes);
  const data = deflated.length < bytes.length ? deflated : bytes;
  const isWide = offset >= limits.bytes;
  // Both headers have these 26 bytes in common.
  const common = Buffer.alloc(26);
  common.writeUInt16LE(isWide ? NEEDS_64 : NEEDS_DEFLATE, 0);
  common.writeUInt16LE(data === deflated ? DEFLATED : STORED, 4);
  common.writeUInt32LE(dosTime(at), 6);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(data.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(name.length, 22);
  const signature = (value: number) => {
    const word = Buffer.alloc(4);
    word.writeUInt32LE(value);
    return word;
  };
  const local = Buffer.concat([signature(LOCAL), common, Buffer.from(name), data]);

  const entry = Buffer.alloc(ENTRY_SIZE + name.length + (isWide ? EXTRA64_SIZE : 0));
  entry.writeUInt32LE(ENTRY);
  entry.writeUInt16LE(MADE_BY, 4);
  common.copy(entry, 6);
  entry.writeUInt32LE((MODE << 16) >>> 0, 38);
  entry.writeUInt32LE(isWide ? ZIP_LIMITS.bytes : offset, 42);
  entry.write(name, ENTRY_SIZE);
  if (isWide) {
    entry.writeUInt16LE(EXTRA64_SIZE, 30);
    entry.writeUInt16LE(1, ENTRY_SIZE + name.length);
    entry.writeUInt16LE(EXTRA64_SIZE - 4, ENTRY_SIZE + name.length + 2);
    entry.writeBigUInt64LE(BigInt(offset), ENTRY_SIZE + name.length + 4);
  }
  return { local, entry };
}

/** Date and time of MS-DOS, of which zips have the UTC one here: from 1980, in steps of two seconds. */
function dosTime(at: Date): number {
  const year = at.getUTCFullYear() - 1980;
  if (year < 0 || year > 127) return (1 << 21) | (1 << 16);
  const date = (year << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return ((date << 16) | time) >>> 0;
}
