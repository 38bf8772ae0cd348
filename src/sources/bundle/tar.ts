/**
 * A tar -> its members, in its order, whatever is wrong with it: what is damaged is passed over up to the next whole header.
 * The formats of V7, ustar, pax, GNU and star. tar-stream and the like hold what a header claims to need in memory, or
 * stop at the first damage; nothing else was wanted of them.
 */
import { InputError } from '../../model/source.js';
import { isTarHeader } from '../peek.js';
import { ByteQueue } from './queue.js';

const BLOCK = 512; // bytes
/** What stands before a member and says its name: whoever needs more for that means no good. */
const MAX_META = 1024 * 1024; // bytes

export interface TarMember {
  readonly name: string;
  readonly kind: 'file' | 'sparse' | 'directory' | 'other';
  /** Bytes. */
  readonly size: number;
  /**
   * Its bytes, once, before the next member is asked for.
   * @throws InputError if the archive ends before, or cannot be read
   */
  read(origin: string): AsyncIterable<Uint8Array>;
}

/**
 * @param origin the archive, for messages
 * @param trouble told of what was passed over
 * @throws InputError after everything that could be read
 */
export async function* tarMembers(
  bytes: AsyncIterable<Uint8Array>,
  origin: string,
  trouble: (error: InputError) => void,
): AsyncGenerator<TarMember> {
  const queue = new ByteQueue(bytes);
  let extra: Extra = {};
  let hasEnd = false;
  let isDamaged = false;
  try {
    for (;;) {
      const block = await queue.take(BLOCK);
      if (block.length < BLOCK) break;
      if (block.every((byte) => byte === 0)) {
        hasEnd = true; // what follows may be padding, or another tar
        continue;
      }
      const header = isTarHeader(block) ? headerOf(block) : null;
      if (header === null) {
        if (!hasEnd && !isDamaged) trouble(damaged(origin));
        isDamaged = true;
        continue;
      }
      isDamaged = false;
      hasEnd = false;
      if (META.has(header.type)) {
        if (header.size > MAX_META) {
          trouble(damaged(origin));
          if ((await queue.skip(padded(header.size))) > 0) throw cut(origin);
          continue;
        }
        const data = await queue.take(padded(header.size));
        if (data.length < header.size) throw cut(origin);
        extra = { ...extra, ...extraOf(header.type, data.subarray(0, header.size)) };
        continue;
      }
      const reader = new Body(queue, sizeOf(header, extra));
      if (header.type === 'S') await skipSparseMap(queue, block);
      yield {
        name: extra.name ?? header.name,
        kind: kindOf(header, extra),
        size: reader.size,
        read: (name) => reader.read(name),
      };
      extra = {};
      if ((await reader.finish()) > 0) {
        if (!reader.isTold) throw cut(origin);
        return;
      }
    }
    if (!hasEnd) throw cut(origin);
  } finally {
    await queue.close();
  }
}

/** The bytes of one member. */
class Body {
  #left: number;
  /** Whether whoever read it knows that it is cut off. */
  isTold = false;

  constructor(
    private readonly queue: ByteQueue,
    readonly size: number,
  ) {
    this.#left = size;
  }

  async *read(origin: string): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      let piece: Uint8Array | null;
      try {
        piece = await this.queue.some(this.#left);
      } catch (error) {
        this.isTold = true;
        throw error;
      }
      if (piece === null) {
        this.isTold = true;
        throw cut(origin);
      }
      this.#left -= piece.length;
      yield piece;
    }
  }

  /** Leaves out what was not read; returns how much of it is not there. */
  async finish(): Promise<number> {
    const missing = await this.queue.skip(this.#left + padded(this.size) - this.size);
    // Some leave out the padding of the last member.
    return Math.min(missing, this.#left);
  }
}

interface Header {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** What stands before a header and is about it. */
interface Extra {
  readonly name?: string;
  readonly size?: number;
  readonly isSparse?: boolean;
  readonly isPax?: boolean;
}

/** Null if its size is none. */
function headerOf(block: Uint8Array): Header | null {
  const size = numberOf(block.subarray(124, 136));
  if (size === null) return null;
  const type = String.fromCharCode(block[156]!);
  const isPosix = textOf(block.subarray(257, 263)) === 'ustar' && block[262] === 0;
  const prefix = isPosix ? textOf(block.subarray(345, 500)) : '';
  const name = textOf(block.subarray(0, 100));
  return { name: prefix === '' ? name : `${prefix}/${name}`, type, size };
}

/** Headers about the next member: pax, pax for all members, GNU long name, GNU long link, pax of old Solaris. */
const META: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K', 'X']);

function extraOf(type: string, data: Uint8Array): Extra {
  if (type === 'L') return { name: textOf(data) };
  return type === 'x' || type === 'X' ? paxOf(data) : {};
}

/** Records like `22 path=logs/jira.log\n`; the number is the length of the record. */
function paxOf(data: Uint8Array): Extra {
  const extra: { name?: string; size?: number; isSparse?: boolean; isPax: boolean } = { isPax: true };
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : Number(latin1(data.subarray(at, Math.min(space, at + 20))));
    if (!Number.isInteger(length) || at + length > data.length || length <= space - at + 1) break;
    const record = data.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    const key = latin1(record.subarray(0, Math.max(0, equals)));
    const value = record.subarray(equals + 1);
    if (key === 'path' && !extra.isSparse) extra.name = textOf(value);
    else if (key === 'GNU.sparse.name') extra.name = textOf(value);
    else if (key === 'size' && /^\d{1,15}$/.test(latin1(value))) extra.size = Number(latin1(value));
    if (key.startsWith('GNU.sparse.')) extra.isSparse = true;
    at += length;
  }
  return extra;
}

/** Links, directories and devices have no bytes; of a hard link only pax says truly that it has some. */
function sizeOf({ type, size }: Header, extra: Extra): number {
  if ('23456'.includes(type) || (type === '1' && !extra.isPax)) return 0;
  return extra.size ?? size;
}

function kindOf({ type, name }: Header, extra: Extra): TarMember['kind'] {
  if (type === 'S' || extra.isSparse) return 'sparse';
  if (type === '5' || ('0\0'.includes(type) && (extra.name ?? name).endsWith('/'))) return 'directory';
  return '0\x007'.includes(type) ? 'file' : 'other';
}

/** Where the holes of an old GNU sparse file are stands in blocks before its bytes. */
async function skipSparseMap(queue: ByteQueue, header: Uint8Array): Promise<void> {
  let isExtended = header[482] === 1;
  while (isExtended) {
    const block = await queue.take(BLOCK);
    isExtended = block.length === BLOCK && block[504] === 1;
  }
}

/** Octal digits, or bytes behind one of which the highest bit is set; null if it is none or no length. */
function numberOf(field: Uint8Array): number | null {
  if (field[0] === 0x80) {
    const number = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(number) ? number : null;
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(latin1(field))?.[1];
  return digits === undefined ? null : Number.parseInt(digits || '0', 8);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text up to the first NUL. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    return utf8.decode(text);
  } catch {
    return latin1(text);
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function cut(origin: string): InputError {
  return new InputError(
    'input-truncated',
    origin,
    'ends in the middle of the archive',
    'what came before was read; copy the archive again',
  );
}

function damaged(origin: string): InputError {
  return new InputError(
    'input-corrupt',
    origin,
    'has damaged headers; the members behind them are missing',
    'the other members were read; copy the archive again',
  );
}
