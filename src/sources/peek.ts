/** [I/O] What a source holds, told by its first bytes, which are not lost for whoever reads it. */
import type { Source } from '../model/source.js';
import { isGzip } from './gunzip.js';

/** A tar has its signs within them. */
export const HEAD_BYTES = 512;

/** Archives, and what is one compressed file. */
export type Kind = 'zip' | 'tar' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

export interface Peeked {
  readonly head: Uint8Array;
  /** The source; its first reading goes on behind the head. */
  readonly source: Source;
  /** Why the head ends early; null if it does not. Whoever reads the source is told, too. */
  readonly failure: unknown;
  /** Ends the reading that was begun, if nobody took it over or took it to its end. */
  close(): Promise<void>;
}

/** What is inside of a source besides text; null if its first bytes are those of no archive. */
export function kindOf(head: Uint8Array): Kind | null {
  const begins = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return 'zip';
  if (isGzip(head)) return 'gzip';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz';
  if (begins(0x28, 0xb5, 0x2f, 0xfd) || (begins(head[0]!, 0x2a, 0x4d, 0x18) && head[0]! >> 4 === 5)) return 'zstd';
  // "BZh9" may begin a text; the first block, or the end of an empty file, has a sign of its own.
  if (begins(0x42, 0x5a, 0x68) && (isBlock(head, 0x314159265359) || isBlock(head, 0x177245385090))) return 'bzip2';
  return isTarHeader(head) ? 'tar' : null;
}

function isBlock(head: Uint8Array, sign: number): boolean {
  return head.length >= 10 && Buffer.from(head.buffer, head.byteOffset, 10).readUIntBE(4, 6) === sign;
}

/** Whether a block of 512 bytes is a header that is whole: its checksum says so, whichever tar has written it. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < 512 || block[0] === 0) return false;
  const said = octal(block.subarray(148, 156));
  if (said === null) return false;
  let sum = 8 * 0x20; // the checksum itself counts as spaces
  let signed = sum; // some old ones took bytes for signed
  for (let at = 0; at < 512; at++) {
    if (at >= 148 && at < 156) continue;
    sum += block[at]!;
    signed += (block[at]! << 24) >> 24;
  }
  return said === sum || said === signed;
}

/** A number as tars write it; null if it is none. */
export function octal(field: Uint8Array): number | null {
  const digits = /^[ \0]*([0-7]+)[ \0]*/.exec(Buffer.from(field).toString('latin1'))?.[1];
  return digits === undefined ? null : Number.parseInt(digits, 8);
}

/** What is in a plain file, without reading any more of it; null where that cannot be told so. */
export function kindOfFile(source: Source): Kind | null {
  const head = headOfFile(source);
  return head === null ? null : kindOf(head);
}

/** Looks at the first bytes of a source. Trouble with them comes again when it is read. */
export async function peek(source: Source): Promise<Peeked> {
  const start = headOfFile(source);
  if (start !== null && !isGzip(start)) return { head: start, source, failure: null, close: async () => {} };
  let isTaken = false;
  let seen = 0;
  let told: ((bytes: number) => void) | undefined;
  const reading = source
    .open((bytes) => {
      if (told === undefined) seen += bytes;
      else told(bytes);
    })
    [Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let failure: unknown = null;
  try {
    while (length < HEAD_BYTES) {
      const next = await reading.next();
      if (next.done) break;
      first.push(next.value);
      length += next.value.length;
    }
  } catch (error) {
    failure = error;
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      while (first.length > 0) yield first.shift()!;
      if (failure !== null) throw failure;
      yield* { [Symbol.asyncIterator]: () => reading };
    } finally {
      await reading.return?.();
    }
  }
  return {
    head: first.length === 1 ? first[0]!.subarray(0, HEAD_BYTES) : Buffer.concat(first).subarray(0, HEAD_BYTES),
    failure,
    source: {
      ...source,
      file: null,
      plain: false,
      open(onRead) {
        if (isTaken) return source.open(onRead);
        isTaken = true;
        told = onRead ?? (() => {});
        told(seen);
        return whole();
      },
    },
    close: async () => {
      if (!isTaken) await reading.return?.();
    },
  };
}

function headOfFile(source: Source): Uint8Array | null {
  try {
    const file = source.file?.() ?? null;
    if (file === null) return null;
    try {
      const head = new Uint8Array(Math.min(HEAD_BYTES, file.size));
      return file.size === 0 ? head : head.subarray(0, file.read(head, 0));
    } finally {
      file.close();
    }
  } catch {
    return null; // whoever reads it tells what is wrong
  }
}
