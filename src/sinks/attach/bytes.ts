/** [I/O] Bytes of a file in pieces, and pieces taken in whatever length is wanted. */
import type { FileHandle } from 'node:fs/promises';
import { InputError } from '../../model/source.js';

const PIECE = 256 * 1024; // bytes

/**
 * The bytes from one position to another.
 * @param onRead told of every piece
 * @throws InputError if they cannot be read, or the file became shorter
 */
export async function* pieces(
  file: FileHandle,
  origin: string,
  from: number,
  to: number,
  onRead: (bytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  for (let at = from; at < to; ) {
    const piece = await readAt(file, origin, at, Math.min(PIECE, to - at));
    at += piece.length;
    onRead(piece.length);
    yield piece;
  }
}

/**
 * At most so many bytes from a position on, and at least one.
 * @throws InputError if there are none, or they cannot be read
 */
export async function readAt(file: FileHandle, origin: string, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file
    .read(Buffer.allocUnsafeSlow(length), 0, length, position)
    .catch((error: Error) => {
      const message = `cannot be read (${error.message})`;
      throw new InputError('input-unreadable', origin, message, 'nothing was written; check the disk or the share');
    });
  if (bytesRead === 0) throw changedError(origin);
  return buffer.subarray(0, bytesRead);
}

export function changedError(origin: string): InputError {
  return new InputError(
    'input-vanished',
    origin,
    'changed while it was read',
    'nothing was written; attach again when it is complete',
  );
}

/** Pieces, taken in other lengths. */
export class Taker {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#pieces = bytes[Symbol.asyncIterator]();
  }

  /** So many bytes, or as many as are left; they are given out again. */
  async peek(length: number): Promise<Buffer> {
    while (this.#rest.length < length) {
      const piece = await this.#next();
      if (piece === null) break;
      this.#rest = Buffer.concat([this.#rest, piece]);
    }
    return this.#rest.subarray(0, length);
  }

  /** So many bytes, or as many as are left. */
  async take(length: number): Promise<Buffer> {
    const taken = await this.peek(length);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  /** The next bytes, in pieces; fewer than asked for where the pieces end. */
  async *pass(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      const piece = this.#rest.length > 0 ? this.#rest : await this.#next();
      if (piece === null) return;
      const taken = piece.subarray(0, left);
      this.#rest = piece.subarray(taken.length);
      left -= taken.length;
      yield taken;
    }
  }

  /** Whatever pieces are read from can be closed. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #next(): Promise<Buffer | null> {
    const { done, value } = await this.#pieces.next();
    return done ? null : Buffer.from(value.buffer, value.byteOffset, value.length);
  }
}

/** The same bytes in fewer pieces: writing many small ones takes long. */
export async function* gathered(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const piece of bytes) {
    waiting.push(piece);
    size += piece.length;
    if (size < PIECE) continue;
    yield waiting.length === 1 ? piece : Buffer.concat(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(waiting);
}
