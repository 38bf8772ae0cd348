/** [I/O] gzip, all members, as far as it goes: what was read before an error is handed out before the error is. */
import { createGunzip } from 'node:zlib';
import { InputError } from '../model/source.js';

/** Compressed bytes are handed on in pieces of this size, so that a bomb (1000:1) makes 16 MiB at a time. */
const PIECE = 16 * 1024; // bytes
const CHUNK = 1024 * 1024; // bytes; zlib's default of 16 KiB halves its speed

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * @param again the same bytes once more, where that is possible. zlib drops what it has made of a piece when it finds the
 *   piece damaged; the second time that piece is handed to it byte by byte, so that nothing readable is lost
 * @throws InputError input-truncated, input-corrupt; after everything that could be read
 */
export async function* gunzip(
  bytes: AsyncIterable<Uint8Array>,
  origin: string,
  again: (() => AsyncIterable<Uint8Array>) | null,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  try {
    for await (const chunk of inflated(bytes, origin, Number.POSITIVE_INFINITY)) {
      given += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof DamagedPiece && again !== null) yield* rest(inflated(again(), origin, error.at), given);
    throw error instanceof DamagedPiece ? error.problem : error;
  }
}

/** What comes behind the first `known` bytes, up to where it is damaged. */
async function* rest(chunks: AsyncIterable<Uint8Array>, known: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  try {
    for await (const chunk of chunks) {
      const from = Math.max(0, known - seen);
      seen += chunk.length;
      if (from < chunk.length) yield chunk.subarray(from);
    }
  } catch (error) {
    if (!(error instanceof DamagedPiece)) throw error;
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

/** @param carefulFrom from this compressed byte on, one is handed on at a time */
async function* inflated(
  bytes: AsyncIterable<Uint8Array>,
  origin: string,
  carefulFrom: number,
): AsyncGenerator<Uint8Array> {
  const stream = createGunzip({ chunkSize: CHUNK });
  let ready: Uint8Array[] = [];
  let failure: (Error & { code?: string }) | null = null;
  let ended = false;
  let trailing = false;
  let fed = 0;
  stream.on('data', (chunk: Uint8Array) => ready.push(chunk));
  stream.on('error', (error) => {
    failure = error;
  });
  stream.on('end', () => {
    ended = true;
  });
  const take = () => {
    const taken = ready;
    ready = [];
    return taken;
  };
  try {
    for await (const chunk of bytes) {
      for (let at = 0, length: number; at < chunk.length && failure === null; at += length) {
        length = fed < carefulFrom ? Math.min(PIECE, carefulFrom - fed) : 1;
        if (ended) {
          trailing ||= chunk.subarray(at).some((byte) => byte !== 0); // tapes pad with zeros
          break;
        }
        const piece = chunk.subarray(at, at + length);
        await new Promise<void>((resolve) => {
          const done = () => resolve();
          stream.once('error', done);
          stream.write(piece, () => {
            stream.off('error', done);
            resolve();
          });
        });
        if (failure === null) fed += piece.length;
        yield* take();
      }
      if (failure !== null) break;
    }
    if (failure === null && !ended) {
      await new Promise<void>((resolve) => {
        stream.once('error', () => resolve());
        stream.once('end', () => resolve());
        stream.end();
      });
    }
    yield* take();
  } finally {
    stream.destroy();
  }
  const error = failure as (Error & { code?: string }) | null;
  if (error?.code === 'Z_BUF_ERROR') {
    throw new InputError(
      'input-truncated',
      origin,
      'ends in the middle of compressed data',
      'what came before was read; copy the file again',
    );
  }
  if (error !== null) {
    throw new DamagedPiece(
      fed,
      new InputError(
        'input-corrupt',
        origin,
        `is damaged (${error.message})`,
        'what came before was read; copy the file again',
      ),
    );
  }
  if (trailing) {
    throw new InputError(
      'input-corrupt',
      origin,
      'has bytes after the end of its compressed data',
      'the data itself was read whole; check how the file was made',
    );
  }
}
