/** [I/O] Files, FIFOs and stdin -> sources. */
import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Origin } from '../model/origin.js';
import { InputError, type OpenFile, type Source } from '../model/source.js';
import { gunzip, isGzip } from './gunzip.js';

const PIECE = 256 * 1024; // bytes a read

/** A regular file. It is read up to the size that it has when it is opened, so a growing one does not hold the run. */
export function fileSource(path: string, bytes: number, named: boolean): Source {
  const origin: Origin = { path, member: null };
  const isGz = /\.gz$/i.test(path);
  return {
    origin,
    bytes,
    reopens: true,
    plain: !isGz,
    named,
    file: isGz ? null : () => openFile(path),
    open: (onRead) => unpacked(readFile(path, onRead), path, () => readFile(path)),
  };
}

/** A FIFO or a device that was named on the command line: read once, to its end. */
export function fifoSource(path: string): Source {
  const open = (onRead?: (bytes: number) => void) => unpacked(readFile(path, onRead), path, null);
  return { origin: { path, member: null }, bytes: null, reopens: false, plain: false, named: true, file: null, open };
}

/** Standard input. */
export function stdinSource(): Source {
  async function* read(onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    // Of a directory Node would read nothing, without a word.
    if (fstatSync(0).isDirectory())
      throw new InputError('input-unreadable', '-', 'is a directory', 'name the directory instead');
    try {
      for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
        onRead?.(chunk.length);
        yield chunk;
      }
    } catch (error) {
      throw readError('-', error as Error);
    }
  }
  return {
    origin: { path: '-', member: null },
    bytes: null,
    reopens: false,
    plain: false,
    named: true,
    file: null,
    open: (onRead) => unpacked(read(onRead), '-', null),
  };
}

function openFile(path: string): OpenFile {
  let descriptor: number;
  let size: number;
  try {
    descriptor = openSync(path, 'r');
    size = fstatSync(descriptor).size;
  } catch (error) {
    throw openError(path, error as NodeJS.ErrnoException);
  }
  return {
    descriptor,
    size,
    read: (into, position) => readAt(descriptor, path, into, position, size),
    close: () => closeSync(descriptor),
  };
}

function readAt(descriptor: number, path: string, into: Uint8Array, position: number, size: number): number {
  let read: number;
  try {
    read = readSync(descriptor, into, 0, Math.min(into.length, size - position), position);
  } catch (error) {
    throw readError(path, error as Error);
  }
  if (read === 0) throw shorterError(path, position, size);
  return read;
}

async function* readFile(path: string, onRead?: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw openError(path, error);
  });
  try {
    const { size, regular } = await handle.stat().then((stat) => ({ size: stat.size, regular: stat.isFile() }));
    const bounded = regular && size > 0; // files of /proc have no size but content
    let at = 0;
    // The next piece is read while this one is worked on.
    let next = readPiece(handle, path, bounded ? Math.min(PIECE, size) : PIECE);
    try {
      while (!bounded || at < size) {
        const chunk = await next;
        if (chunk.length === 0) break;
        at += chunk.length;
        onRead?.(chunk.length);
        if (!bounded || at < size) next = readPiece(handle, path, bounded ? Math.min(PIECE, size - at) : PIECE);
        yield chunk;
      }
    } finally {
      await next.catch(() => {}); // of a piece that nobody waits for any more
    }
    if (bounded && at < size) {
      throw shorterError(path, at, size);
    }
  } finally {
    await handle.close();
  }
}

const readAsync = promisify(read);

/**
 * The bytes of an open file from `start` to `end`.
 * @param name what is read, for messages
 * @throws InputError if the file cannot be read, or became shorter
 */
export async function* readRange(
  { descriptor }: Pick<OpenFile, 'descriptor'>,
  name: string,
  start: number,
  end: number,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const pieceAt = async (position: number): Promise<Uint8Array> => {
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, end - position));
    const { bytesRead } = await readAsync(descriptor, piece, 0, piece.length, position).catch((error: Error) => {
      throw readError(name, error);
    });
    if (bytesRead === 0) throw shorterError(name, position - start, end - start);
    return piece.subarray(0, bytesRead);
  };
  // The next piece is read while this one is worked on.
  let next = start < end ? pieceAt(start) : null;
  try {
    for (let at = start; next !== null; ) {
      const piece: Uint8Array = await next;
      at += piece.length;
      next = at < end ? pieceAt(at) : null;
      onRead?.(piece.length);
      yield piece;
    }
  } finally {
    await next?.catch(() => {}); // of a piece that nobody waits for any more
  }
}

async function readPiece(handle: FileHandle, path: string, length: number): Promise<Uint8Array> {
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(length), 0, length, null);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw readError(path, error as Error);
  }
}

function shorterError(path: string, at: number, size: number): InputError {
  return new InputError(
    'input-truncated',
    path,
    `became shorter while it was read (${at} of ${size} bytes)`,
    'what was there was read; scan it again',
  );
}

function readError(path: string, error: Error): InputError {
  return new InputError(
    'input-unreadable',
    path,
    `cannot be read (${error.message})`,
    'what came before was read; check the disk or the share',
  );
}

function openError(path: string, error: NodeJS.ErrnoException): InputError {
  if (error.code === 'ENOENT')
    return new InputError(
      'input-vanished',
      path,
      'vanished before it could be read',
      'it was probably rotated; scan again',
    );
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new InputError(
      'input-unreadable',
      path,
      'permission denied',
      'run logscan as a user who may read it, or copy the file',
    );
  }
  return new InputError(
    'input-unreadable',
    path,
    `cannot be opened (${error.message})`,
    'check the file and its file system',
  );
}

/** The bytes themselves, or what they hold if they are gzip; told by content, not by name. */
async function* unpacked(
  bytes: AsyncGenerator<Uint8Array>,
  origin: string,
  again: (() => AsyncGenerator<Uint8Array>) | null,
): AsyncGenerator<Uint8Array> {
  try {
    const first = await bytes.next();
    if (first.done) return;
    let head = first.value;
    while (head.length < 2) {
      const more = await bytes.next();
      if (more.done) break;
      head = Buffer.concat([head, more.value]);
    }
    const whole = (async function* () {
      yield head;
      yield* bytes;
    })();
    yield* isGzip(head) ? gunzip(whole, origin, again) : whole;
  } finally {
    await bytes.return(undefined); // whoever stops after the head leaves no file open
  }
}
