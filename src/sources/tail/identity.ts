/** What a file is known by when its name, or its inode, has changed: its first bytes, and those before a position. */
import { createHash } from 'node:crypto';

/** So many first bytes tell a log from others. */
export const HEAD_BYTES = 2048;
/** So many bytes before a position tell whether it is still in the same text. */
export const MARKER_BYTES = 512;

/** The first bytes of a file, as many as there were when it was looked at. */
export interface Head {
  readonly length: number;
  readonly hash: string;
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

export const NO_HEAD: Head = { length: 0, hash: '' };

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 32);
}

/** @param bytes the first ones of a file */
export function headOf(bytes: Uint8Array): Head {
  const head = bytes.subarray(0, HEAD_BYTES);
  return head.length === 0 ? NO_HEAD : { length: head.length, hash: hashOf(head) };
}

/** Whether a file that begins with these bytes has the head. An empty head tells nothing. */
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
