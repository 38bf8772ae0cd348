/**
 * A zip -> its members. Its directory, at its end, says where they are (yauzl reads it); where that is missing, as in a zip that
 * was cut off, they are looked for by the headers that stand before each.
 */
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
import { InputError, type OpenFile } from '../../model/source.js';
import { readRange } from '../file.js';
import { inflate, inflated } from '../gunzip.js';
import { bunzip2 } from './bzip2.js';
import { BZIP2, DEFLATE, XZ, ZSTD } from './methods.js';

/** What the directory says, of files only. */
export interface ZipMember {
  readonly name: string;
  /** Position of its header. */
  readonly header: number;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly kind: 'file' | 'directory' | 'other';
  /** Bytes in the zip. */
  readonly packed: number;
  /** Bytes of its content, and their CRC-32; null where the header does not say, which stands before them. */
  readonly size: number | null;
  readonly checksum: number | null;
}

const HEADER = 0x04034b50;
const HEADER_BYTES = 30;
const WINDOW = 1024 * 1024; // bytes
/** Members up to this size, before and after, are unpacked at once. */
const SMALL = 256 * 1024; // bytes

/**
 * All members, as the directory has them.
 * @param origin the zip, for messages
 * @throws InputError if the directory cannot be read; members may have been given out before
 */
export async function* zipDirectory(file: OpenFile, origin: string): AsyncGenerator<ZipMember> {
  try {
    const zip = await yauzl.fromRandomAccessReaderPromise(new FileReader(file), file.size, {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
    for await (const entry of zip.eachEntry()) yield memberOf(entry);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message } = error as Error;
    const isCut = message.includes('signature not found');
    throw new InputError(
      isCut ? 'input-truncated' : 'input-corrupt',
      origin,
      isCut ? 'is cut off: its directory is missing' : `has a damaged directory (${message})`,
      'the members that are there were looked for and read; copy the archive again',
    );
  }
}

/** Reads pieces of a file, mostly one behind the other. */
class FileWindow {
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(private readonly file: OpenFile) {}

  /** Bytes from a position on, at least `length` but at the end; they hold until the next call. */
  from(position: number, length: number): Buffer {
    const isHeld = position >= this.#start && position + length <= this.#start + this.#bytes.length;
    if (!isHeld) {
      this.#bytes = readAt(this.file, position, Math.max(WINDOW, length));
      this.#start = position;
    }
    return this.#bytes.subarray(position - this.#start);
  }
}

/** What yauzl reads by. */
class FileReader extends yauzl.RandomAccessReader {
  readonly #window: FileWindow;

  constructor(file: OpenFile) {
    super();
    this.#window = new FileWindow(file);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    let read: number;
    try {
      read = this.#window.from(position, length).copy(buffer, offset, 0, length);
    } catch (error) {
      callback(error as Error);
      return;
    }
    callback(null, read);
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null); // the file is another's
  }
}

/** So many bytes from a position on, fewer at the end. */
function readAt(file: OpenFile, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, file.size - position)));
  for (let at = 0; at < bytes.length; ) at += file.read(bytes.subarray(at), position + at);
  return bytes;
}

function memberOf(entry: yauzl.Entry): ZipMember {
  const flags = entry.generalPurposeBitFlag;
  const madeBy = entry.versionMadeBy >> 8;
  const isUnix = madeBy === 3 || madeBy === 19;
  const name = nameOf(flags, entry.fileNameRaw, entry.extraFields);
  return {
    name,
    header: entry.relativeOffsetOfLocalHeader,
    method: entry.compressionMethod,
    isEncrypted: (flags & 1) === 1,
    kind: name.endsWith('/') ? 'directory' : kindOf(isUnix ? entry.externalFileAttributes >>> 28 : 0),
    packed: entry.compressedSize,
    size: entry.uncompressedSize,
    checksum: entry.crc32,
  };
}

/** @param type as Unix has it; 0 where nothing is said */
function kindOf(type: number): ZipMember['kind'] {
  if (type === 0 || type === 8) return 'file';
  return type === 4 ? 'directory' : 'other';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** CP437 is what a zip has that says nothing; but what is UTF-8 by its looks is that, as macOS says nothing either. */
function nameOf(flags: number, raw: Buffer, extra: yauzl.Entry['extraFields']): string {
  let isUtf8 = true;
  try {
    utf8.decode(raw);
  } catch {
    isUtf8 = false;
  }
  return yauzl.getFileNameLowLevel(isUtf8 ? flags | 0x800 : flags & ~0x800, raw, extra, false);
}

/** Members by their own headers, for a zip whose directory cannot be read. */
export async function* zipHeaders(file: OpenFile): AsyncGenerator<ZipMember> {
  const window = new FileWindow(file);
  let found = await nextHeader(file, window, 0);
  while (found !== null) {
    const head = window.from(found, HEADER_BYTES);
    const flags = head.readUInt16LE(6);
    const method = head.readUInt16LE(8);
    const checksum = head.readUInt32LE(14);
    const packed = head.readUInt32LE(18);
    const size = head.readUInt32LE(22);
    const nameLength = head.readUInt16LE(26);
    const data: number = found + HEADER_BYTES + nameLength + head.readUInt16LE(28);
    const raw = Buffer.from(window.from(found + HEADER_BYTES, nameLength).subarray(0, nameLength));
    const name = nameOf(flags, raw, []);
    // Sizes and checksum may stand behind the content, or in a part of the header that is left out here.
    const isSaid = (flags & 8) === 0 && packed < 0xffffffff;
    const next: number | null = await nextHeader(file, window, isSaid ? data + packed : data);
    yield {
      name,
      header: found,
      method,
      isEncrypted: (flags & 1) === 1,
      kind: name.endsWith('/') ? 'directory' : 'file',
      packed: isSaid ? packed : Math.max(0, (next ?? file.size) - data),
      size: isSaid ? size : null,
      checksum: isSaid ? checksum : null,
    };
    found = next;
  }
}

const SIGN = Buffer.from([0x50, 0x4b, 3, 4]);

/** Position of the next header that looks like one; null if there is none. */
async function nextHeader(file: OpenFile, window: FileWindow, from: number): Promise<number | null> {
  for (let start = from; start + HEADER_BYTES <= file.size; ) {
    const bytes = window.from(start, HEADER_BYTES);
    for (let at = bytes.indexOf(SIGN); at >= 0 && at + HEADER_BYTES <= bytes.length; at = bytes.indexOf(SIGN, at + 1)) {
      const isLikely = bytes.readUInt16LE(at + 4) <= 63 && bytes.readUInt16LE(at + 8) <= 99;
      if (isLikely && bytes.readUInt16LE(at + 26) > 0) return start + at;
    }
    start += bytes.length - HEADER_BYTES + 1;
    await new Promise(setImmediate);
  }
  return null;
}

/**
 * The content of a member.
 * @param origin the member, for messages
 * @param onRead told of bytes as they lie in the zip
 * @throws InputError after everything that could be read
 */
export async function* zipContent(
  file: OpenFile,
  member: ZipMember,
  origin: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const head = readAt(file, member.header, HEADER_BYTES);
  if (head.length < HEADER_BYTES || head.readUInt32LE(0) !== HEADER) throw corrupt(origin, 'is not where it should be');
  const start = member.header + HEADER_BYTES + head.readUInt16LE(26) + head.readUInt16LE(28);
  const end = Math.min(file.size, start + member.packed);
  let size = 0;
  let checksum = 0;
  for await (const piece of await contentOf(file, member, origin, start, end, onRead)) {
    size += piece.length;
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (end < start + member.packed)
    throw new InputError(
      'input-truncated',
      origin,
      'ends in the middle of the archive',
      'what came before was read; copy the archive again',
    );
  if (member.size !== null && member.size !== size)
    throw corrupt(origin, `has ${size} bytes, though the archive says ${member.size}`);
  if (member.checksum !== null && member.checksum !== checksum)
    throw corrupt(origin, 'is not what was packed: its checksum is another one');
}

async function contentOf(
  file: OpenFile,
  { method, size }: ZipMember,
  origin: string,
  start: number,
  end: number,
  onRead: (bytes: number) => void,
): Promise<AsyncIterable<Uint8Array> | readonly Uint8Array[]> {
  if (method === DEFLATE && size !== null && size <= SMALL && end - start <= SMALL) {
    const whole = inflated(readAt(file, start, end - start), size);
    if (whole !== null) {
      onRead(end - start);
      return [whole];
    }
  }
  const packed = readRange(file, origin, start, end, onRead);
  if (method === DEFLATE)
    return inflate(packed, origin, () => readRange(file, origin, start, end), size, size !== null);
  if (method === BZIP2) return bunzip2(packed, origin);
  if (method === XZ) return (await import('./xz.js')).unxz(packed, origin);
  if (ZSTD.includes(method)) return (await import('./zstd.js')).unzstd(packed, origin);
  return packed;
}

function corrupt(origin: string, found: string): InputError {
  return new InputError('input-corrupt', origin, found, 'what could be read was read; copy the archive again');
}
