/** What a file is known by when its name, or its inode, has changed: its first bytes, and those before a position. */
import { createHash } from 'node:crypto';
import { holeLength, MOST_HOLE } from '../../model/hole.js';

/** So many first bytes tell a log from others. */
export const HEAD_BYTES = 2048;
/** So many bytes before a position tell whether it is still in the same text. */
export const MARKER_BYTES = 512;

/** So many bytes tell whether a file that is shorter than what is known of it begins in another way. */
const START_BYTES = 64;
/** A hole is looked over in pieces of this size. */
const HOLE_STEP = 256 * 1024;

/** The first bytes of a file behind a hole of NULs, as many as there were when it was looked at. */
export interface Head {
  /** The position that they begin at: the end of the hole. */
  readonly at: number;
  readonly length: number;
  readonly hash: string;
  /** Hash of the first ones of them. */
  readonly start: string;
}

/** What is kept of a file: never its text. */
export interface FileIdentity {
  readonly dev: string;
  readonly ino: string;
  readonly head: Head;
  /** A position, and the hash of the bytes before it. */
  readonly offset: number;
  readonly marker: string;
}

export const NO_HEAD: Head = { at: 0, length: 0, hash: '', start: '' };

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/**
 * @param bytes the first ones of a file behind a hole
 * @param at the position that they begin at
 */
export function headOf(bytes: Uint8Array, at = 0): Head {
  const head = bytes.subarray(0, HEAD_BYTES);
  if (head.length === 0) return NO_HEAD;
  return { at, length: head.length, hash: hashOf(head), start: hashOf(head.subarray(0, START_BYTES)) };
}

/** Whether a file that begins with these bytes behind a hole has the head. An empty head tells nothing. */
export function hasHead(bytes: Uint8Array, { length, hash }: Head): boolean {
  return length > 0 && bytes.length >= length && hashOf(bytes.subarray(0, length)) === hash;
}

/** The same for many heads: each length is hashed once. */
export function headsOf(bytes: Uint8Array): (head: Head) => boolean {
  const hashes = new Map<number, string>();
  return ({ length, hash }) => {
    if (length === 0 || bytes.length < length) return false;
    const own = hashes.get(length) ?? hashOf(bytes.subarray(0, length));
    hashes.set(length, own);
    return own === hash;
  };
}

/** Whether a file that begins with these bytes behind a hole may be one that has the head, and was cut, be it within the head. */
export function mayHaveHead(bytes: Uint8Array, head: Head): boolean {
  if (bytes.length === 0 || head.length === 0) return false;
  const telling = Math.min(START_BYTES, head.length);
  return bytes.length < telling || hashOf(bytes.subarray(0, telling)) === head.start;
}

/**
 * How a file begins behind a hole of NULs; without bytes if it holds nothing, or nothing is near.
 * @param read its bytes from one position to another, as many as there are
 */
export function beginningOf(
  read: (from: number, to: number) => Uint8Array,
  most: number,
): { readonly at: number; readonly bytes: Uint8Array } {
  let at = 0;
  for (let step = most; at < MOST_HOLE; step = HOLE_STEP) {
    const bytes = read(at, at + step);
    const hole = holeLength(bytes);
    at += hole;
    if (hole < bytes.length) return { at, bytes: hole === 0 ? bytes.subarray(0, most) : read(at, at + most) };
    if (bytes.length < step) break;
  }
  return { at, bytes: new Uint8Array(0) };
}
