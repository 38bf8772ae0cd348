/**
 * A tar with more members in it: all others byte for byte, whatever they are. Only their headers are read, to know where each ends.
 * The new ones stand before the blocks of zeros that end the archive, as no reader looks behind those.
 */

import { isOwnMember } from '../../model/own-member.js';
import { InputError } from '../../model/source.js';
import { Taker } from './bytes.js';
import type { Member } from './member.js';

const BLOCK = 512; // bytes
/** Of a long name or extended attributes; more is damage. */
const MAX_EXTENSION = 1024 * 1024; // bytes

/** What a header says. */
interface Header {
  readonly name: string;
  readonly type: string;
  /** Bytes of the body, without padding. */
  readonly size: number;
}

/**
 * The bytes of a copy with these members in it.
 * @param at when the members were made
 * @throws InputError if its structure is not whole
 */
export async function* tarCopy(
  bytes: AsyncIterable<Uint8Array>,
  origin: string,
  members: readonly Member[],
  at: Date,
): AsyncGenerator<Buffer> {
  const input = new Taker(bytes);
  try {
    yield* withMembers(input, origin, members, at);
  } finally {
    await input.close();
  }
}

async function* withMembers(
  input: Taker,
  origin: string,
  members: readonly Member[],
  at: Date,
): AsyncGenerator<Buffer> {
  for (;;) {
    const head = await input.peek(BLOCK);
    if (head.length > 0 && head.length < BLOCK) throw truncated(origin);
    if (head.length === 0 || isZero(head)) break;
    const { headers, name, size } = await nextMember(input, origin);
    const isLeftOut = isOwnMember(name);
    if (!isLeftOut) yield headers;
    let left = padded(size);
    for await (const piece of input.pass(left)) {
      left -= piece.length;
      if (!isLeftOut) yield piece;
    }
    if (left > 0) throw truncated(origin);
  }
  for (const member of members) {
    const padding = Buffer.alloc(padded(member.bytes.length) - member.bytes.length);
    yield Buffer.concat([headerOf(member, at), member.bytes, padding]);
  }
  if ((await input.peek(BLOCK)).length === 0) yield Buffer.alloc(2 * BLOCK); // no reader misses them, but they belong there
  yield* input.pass(Number.POSITIVE_INFINITY);
}

/** All headers of the next member, its name, and the size of its body. */
async function nextMember(
  input: Taker,
  origin: string,
): Promise<{ readonly headers: Buffer; readonly name: string; readonly size: number }> {
  const headers: Buffer[] = [];
  let longName: string | null = null;
  let longSize: number | null = null;
  for (;;) {
    const block = await input.take(BLOCK);
    if (block.length < BLOCK) throw truncated(origin);
    headers.push(block);
    const header = toHeader(block);
    if (header === null) throw damaged(origin);
    if (!EXTENSIONS.has(header.type)) {
      if (header.type === 'S') headers.push(...(await sparseBlocks(input, block, origin)));
      const size = await bodySize(input, header, longSize);
      return { headers: Buffer.concat(headers), name: longName ?? header.name, size };
    }
    const length = padded(header.size);
    if (length > MAX_EXTENSION) throw damaged(origin);
    const body = await input.take(length);
    if (body.length < length) throw truncated(origin);
    headers.push(body);
    const content = body.subarray(0, header.size);
    if (header.type === 'L') longName = textOf(content);
    if (header.type !== 'x' && header.type !== 'X') continue;
    const attributes = attributesOf(content);
    longName = attributes.get('path') ?? longName;
    const size = attributes.get('size');
    if (size !== undefined && /^\d{1,15}$/.test(size)) longSize = Number(size);
  }
}

/** What stands before a member and belongs to it: long names and link targets of GNU, extended attributes of POSIX and Solaris. */
const EXTENSIONS: ReadonlySet<string> = new Set(['L', 'K', 'x', 'X']);
/** Links, devices and directories have no body, whatever size they tell. */
const BODILESS = /^[1-6]$/;

async function bodySize(input: Taker, { type, size }: Header, longSize: number | null): Promise<number> {
  const told = longSize ?? size;
  if (told === 0 || !BODILESS.test(type)) return told;
  // But some writers give hard links one.
  const next = await input.peek(BLOCK);
  return next.length < BLOCK || isZero(next) || toHeader(next) !== null ? 0 : told;
}

/** Blocks with more of the map of a sparse file, in the old form of GNU. */
async function sparseBlocks(input: Taker, header: Buffer, origin: string): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  let isFollowed = header[482] === 1;
  while (isFollowed) {
    const block = await input.take(BLOCK);
    if (block.length < BLOCK) throw truncated(origin);
    if (blocks.length * BLOCK > MAX_EXTENSION) throw damaged(origin);
    blocks.push(block);
    isFollowed = block[504] === 1;
  }
  return blocks;
}

/** Whether a file begins like a tar. */
export function isTar(head: Buffer): boolean {
  return head.length >= BLOCK && toHeader(head.subarray(0, BLOCK)) !== null;
}

/** Null if the checksum or the size is none. */
function toHeader(block: Buffer): Header | null {
  const told = octal(block.subarray(148, 156));
  let sum = 8 * 0x20;
  let signed = sum; // of old writers
  for (const [at, byte] of block.entries()) {
    if (at >= 148 && at < 156) continue;
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  const size = numberOf(block.subarray(124, 136));
  if (told === null || (told !== sum && told !== signed) || size === null) return null;
  const hasPrefix = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = hasPrefix ? textOf(block.subarray(345, 500)) : '';
  const name = textOf(block.subarray(0, 100));
  return { name: prefix === '' ? name : `${prefix}/${name}`, type: String.fromCharCode(block[156]!), size };
}

/** Octal digits, or a binary number where the first bit is set; null if it is none, or too large. */
function numberOf(field: Buffer): number | null {
  if (field[0]! < 0x80) return octal(field);
  let value = field[0]! & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  return value <= Number.MAX_SAFE_INTEGER ? value : null;
}

function octal(field: Buffer): number | null {
  const digits = /^ *([0-7]*)[ \0]*$/.exec(field.toString('latin1'))?.[1];
  return digits === undefined ? null : Number.parseInt(digits || '0', 8);
}

/** Up to its first NUL. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
}

/** `30 path=logscan/report.md\n`, one after the other. */
function attributesOf(content: Buffer): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const length = Number(/^(\d{1,7}) /.exec(content.toString('latin1', at, at + 8))?.[1] ?? 0);
    if (length === 0) break;
    const [, name, value] = /^\d+ ([^=]*)=([\s\S]*)\n$/.exec(content.toString('latin1', at, at + length)) ?? [];
    if (name !== undefined) attributes.set(name, value!);
    at += length;
  }
  return attributes;
}

/** A header of POSIX.1-1988, which every reader knows. */
function headerOf({ name, bytes }: Member, at: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  const write = (text: string, position: number) => header.write(text, position, 'latin1');
  const digits = (value: number, length: number) => value.toString(8).padStart(length, '0');
  write(name, 0);
  write(digits(0o644, 7), 100);
  write(digits(0, 7), 108); // user
  write(digits(0, 7), 116); // group
  write(digits(bytes.length, 11), 124);
  write(digits(Math.max(0, Math.floor(at.getTime() / 1000)), 11), 136);
  write(' '.repeat(8), 148);
  write('0', 156); // a file
  write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  write(`${digits(sum, 6)}\0 `, 148);
  return header;
}

function isZero(block: Buffer): boolean {
  return block.every((byte) => byte === 0);
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK;
}

function truncated(origin: string): InputError {
  return new InputError(
    'input-truncated',
    origin,
    'ends in the middle of a member: it is not complete',
    'nothing was written; copy it again from where it was made',
  );
}

function damaged(origin: string): InputError {
  return new InputError(
    'input-corrupt',
    origin,
    'is damaged: what should be the header of a member is none',
    'nothing was written; copy it again from where it was made',
  );
}
