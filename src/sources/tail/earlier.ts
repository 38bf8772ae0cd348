/** [I/O] Files of a log that are not followed: what was written before it was first seen. Only facts are read of them. */
import { InputError, type Source } from '../../model/source.js';
import { gunzip, isGzip } from '../gunzip.js';
import { type Files, openIfThere, readFully } from './files.js';

const PIECE = 256 * 1024; // bytes

/** A file, up to a position in it. */
export interface EarlierFile {
  readonly path: string;
  readonly end: number;
}

/**
 * The last bytes of a plain file, the first ones of what is packed in another one.
 * @param most so many of them
 */
export function earlierSource(files: Files, { path, end }: EarlierFile, most: number): Source {
  async function* open(): AsyncGenerator<Uint8Array> {
    const head = [...pieces(files, path, 0, Math.min(2, end))][0] ?? new Uint8Array(0);
    const from = isGzip(head) ? 0 : Math.max(0, end - most);
    const bytes = pieces(files, path, from, end);
    let left = most;
    for await (const piece of isGzip(head) ? gunzip(asynchronous(bytes), path, null) : bytes) {
      yield piece.subarray(0, left);
      left -= piece.length;
      if (left <= 0) return;
    }
  }
  const bytes = Math.min(end, most);
  return { origin: { path, member: null }, bytes, reopens: true, plain: false, named: false, file: null, open };
}

/** @throws InputError */
function* pieces(files: Files, path: string, from: number, to: number): Generator<Uint8Array> {
  let descriptor: number | null = null;
  try {
    descriptor = openIfThere(files, path);
    for (let at = from; descriptor !== null && at < to; ) {
      const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, to - at));
      const read = readFully(files, descriptor, piece, at);
      if (read === 0) return;
      at += read;
      yield piece.subarray(0, read);
    }
  } catch (error) {
    throw new InputError('input-unreadable', path, `cannot be read (${(error as Error).message})`, 'it is left');
  } finally {
    if (descriptor !== null) files.closeSync(descriptor);
  }
}

async function* asynchronous(bytes: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* bytes;
}
