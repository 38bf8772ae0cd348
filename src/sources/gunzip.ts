/** [I/O] gzip, all members, as far as it goes: what was read before an error is handed out before the error is. */
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw, inflateRawSync } from 'node:zlib';
import type { InputError } from '../model/source.js';
import { cutOff, damaged, trailing as trailingBytes } from './damage.js';

/** Compressed bytes are handed to zlib in pieces of this size, so many ahead. */
const PIECE = 256 * 1024; // bytes
const AHEAD = 2;
/** Nothing more is handed to it while so much waits: a bomb makes a thousand times its size. */
const ROOM = 8 * 1024 * 1024; // bytes
/** A damaged piece is read again in smaller ones, then byte by byte: zlib drops what it has made of it. */
const CAREFUL = [1024, 1]; // bytes
const CHUNK = 1024 * 1024; // bytes; zlib's default of 16 KiB halves its speed
const LEAST_CHUNK = 16 * 1024; // bytes

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * @param again the same bytes once more, where that is possible, so that nothing readable of a damaged file is lost
 * @throws InputError input-truncated, input-corrupt; after everything that could be read
 */
export function gunzip(
  bytes: AsyncIterable<Uint8Array>,
  origin: string,
  again: (() => AsyncIterable<Uint8Array>) | null,
): AsyncGenerator<Uint8Array> {
  return unpacked(bytes, again, { origin, make: () => createGunzip({ chunkSize: CHUNK }), isLast: true });
}

/**
 * A member of a zip: the same without the header and the checksum of gzip.
 * @param size how many bytes it becomes, as far as that is known: small ones need little memory
 * @param isLast whether nothing may follow
 * @throws InputError as {@link gunzip}
 */
export function inflate(
  bytes: AsyncIterable<Uint8Array>,
  origin: string,
  again: () => AsyncIterable<Uint8Array>,
  size: number | null,
  isLast: boolean,
): AsyncGenerator<Uint8Array> {
  const chunkSize = Math.min(CHUNK, Math.max(LEAST_CHUNK, size ?? CHUNK));
  return unpacked(bytes, again, { origin, make: () => createInflateRaw({ chunkSize }), isLast });
}

/**
 * The whole content of a small member at once, without a stream, which would take more time and memory than the content.
 * @param size how many bytes it becomes
 * @returns null if something is wrong with it; {@link inflate} tells what
 */
export function inflated(packed: Uint8Array, size: number): Uint8Array | null {
  try {
    const { buffer, engine } = inflateRawSync(packed, {
      maxOutputLength: Math.max(1, size),
      info: true,
    }) as unknown as {
      readonly buffer: Uint8Array;
      readonly engine: InflateRaw;
    };
    return engine.bytesWritten === packed.length && buffer.length === size ? buffer : null;
  } catch {
    return null;
  }
}

interface Unpacker {
  readonly origin: string;
  make(): Gunzip | InflateRaw;
  /** Whether bytes behind the end of the compressed data are wrong. */
  readonly isLast: boolean;
}

async function* unpacked(
  bytes: AsyncIterable<Uint8Array>,
  again: (() => AsyncIterable<Uint8Array>) | null,
  unpacker: Unpacker,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  let chunks = inChunks(bytes, unpacker, Number.POSITIVE_INFINITY, PIECE);
  for (const step of [...CAREFUL, null]) {
    let seen = 0;
    try {
      for await (const chunk of chunks) {
        const known = Math.max(0, given - seen);
        seen += chunk.length;
        if (known >= chunk.length) continue;
        given = seen;
        yield chunk.subarray(known);
      }
      return;
    } catch (error) {
      if (!(error instanceof DamagedPiece)) throw error;
      if (again === null || step === null) throw error.problem;
      chunks = inChunks(again(), unpacker, error.at, step);
    }
  }
}

/** In the piece of the compressed bytes that begins at `at`. */
class DamagedPiece extends Error {
  constructor(
    readonly at: number,
    readonly problem: InputError,
  ) {
    super(problem.message);
  }
}

/**
 * zlib works in another thread, and asks this one for each chunk of output whether it may go on. So others get their turn between
 * two chunks: both threads work at the same time then.
 * @param carefulFrom from this compressed byte on, pieces have the size `step`
 * @throws InputError, DamagedPiece
 */
async function* inChunks(
  bytes: AsyncIterable<Uint8Array>,
  { origin, make, isLast }: Unpacker,
  carefulFrom: number,
  step: number,
): AsyncGenerator<Uint8Array> {
  const stream = make();
  const ready: Uint8Array[] = [];
  let waiting = 0; // bytes in them
  let failure: (Error & { code?: string }) | null = null;
  let ended = false;
  /** Pieces that zlib may not have taken yet, and where they begin. */
  const handed: { readonly piece: Uint8Array; readonly at: number }[] = [];
  let fed = 0;
  let wake = () => {};
  stream.on('data', (chunk: Uint8Array) => {
    ready.push(chunk);
    waiting += chunk.length;
    if (waiting >= ROOM) stream.pause();
    wake();
  });
  stream.on('error', (error) => {
    failure = error;
    wake();
  });
  stream.on('end', () => {
    ended = true;
    wake();
  });
  const input = inPieces(bytes, carefulFrom, step);
  let isOver = false;
  let trailing = false;
  try {
    for (;;) {
      while (!isOver && !ended && failure === null && handed.length < AHEAD && waiting < ROOM) {
        const next = await input.next();
        if (next.done) {
          isOver = true;
          stream.end();
        } else {
          handed.push({ piece: next.value, at: fed });
          fed += next.value.length;
          stream.write(next.value, (error) => {
            if (!error && stream.bytesWritten >= handed[0]!.at + handed[0]!.piece.length) handed.shift();
            wake();
          });
        }
      }
      const chunk = ready.shift();
      if (chunk !== undefined) {
        waiting -= chunk.length;
        if (waiting < ROOM) stream.resume();
        yield chunk;
        await new Promise(setImmediate);
      } else if (ended || failure !== null) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    // What stands behind the end of the compressed data is left.
    for (const { piece, at } of handed)
      trailing ||= piece.subarray(Math.max(0, stream.bytesWritten - at)).some(isNoPadding);
    if (failure === null && isLast) for await (const piece of input) trailing ||= piece.some(isNoPadding);
  } finally {
    stream.destroy();
    await input.return(undefined);
  }
  const error = failure as (Error & { code?: string }) | null;
  if (error?.code === 'Z_BUF_ERROR') throw cutOff(origin);
  if (error !== null) throw new DamagedPiece(handed[0]?.at ?? fed, damaged(origin, error.message));
  if (trailing && isLast) throw trailingBytes(origin);
}

/** Bytes in pieces of {@link PIECE}, from `carefulFrom` on of `step`. */
async function* inPieces(
  bytes: AsyncIterable<Uint8Array>,
  carefulFrom: number,
  step: number,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  for await (const chunk of bytes) {
    for (let at = 0, length: number; at < chunk.length; at += length) {
      length = given < carefulFrom ? Math.min(PIECE, carefulFrom - given) : step;
      const piece = chunk.subarray(at, at + length);
      given += piece.length;
      yield piece;
    }
  }
}

/** Tapes pad with zeros. */
function isNoPadding(byte: number): boolean {
  return byte !== 0;
}
