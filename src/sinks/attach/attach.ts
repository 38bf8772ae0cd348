/** [I/O] A copy of a bundle with more members in it: whole, or not there. The bundle itself is only read. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { InputError } from '../../model/source.js';
import { checkWritable } from '../file.js';
import type { Bundle } from './bundle.js';
import { changedError, gathered, pieces } from './bytes.js';
import type { Member } from './member.js';
import { tarCopy } from './tar.js';
import { zipCopy } from './zip.js';

export interface AttachOptions {
  /** When the members were made. */
  readonly at: Date;
  /** Whether a file that is there is replaced. */
  readonly force: boolean;
  /** Ends it; then nothing is left behind, and its reason is thrown. */
  readonly signal: AbortSignal;
  /** Told of bytes that were read of the bundle. */
  readonly onRead: (bytes: number) => void;
}

/** Why a copy may not be written to a place. */
export type BadPlace = 'is-bundle' | 'exists' | 'no-file';

/**
 * Says early what would fail in the end.
 * @returns null if nothing is wrong
 * @throws the error of the file system
 */
export async function badPlace(place: string, bundle: Bundle, force: boolean): Promise<BadPlace | null> {
  const found = await stat(place).catch(() => null);
  if (found !== null) {
    if (found.dev === bundle.stats.dev && found.ino === bundle.stats.ino) return 'is-bundle';
    if (!found.isFile()) return 'no-file';
    if (!force) return 'exists';
  }
  await checkWritable(place);
  return null;
}

/**
 * Makes the copy.
 * @throws InputError about the bundle, the error of the file system about the place, what the signal says
 */
export async function attach(
  bundle: Bundle,
  place: string,
  members: readonly Member[],
  options: AttachOptions,
): Promise<void> {
  const temporary = `${place}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  // Whoever may not read the bundle may not read the copy.
  const file = await open(temporary, 'wx', bundle.stats.mode & 0o777);
  try {
    try {
      await copy(bundle, members, file, options);
      await file.sync();
    } finally {
      await file.close();
    }
    await checkUnchanged(bundle);
    options.signal.throwIfAborted();
    await publish(temporary, place, options.force);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function copy(
  bundle: Bundle,
  members: readonly Member[],
  target: FileHandle,
  { at, signal, onRead }: AttachOptions,
): Promise<void> {
  const { path, file, stats } = bundle;
  const write = async (bytes: AsyncIterable<Buffer>) => {
    for await (const piece of bytes) await target.writeFile(piece);
  };
  if (bundle.kind === 'zip')
    return pipeline(gathered(zipCopy(file, path, bundle.layout, members, at, onRead)), write, { signal });
  const bytes = pieces(file, path, 0, stats.size, onRead);
  if (bundle.kind === 'tar') return pipeline(gathered(tarCopy(bytes, path, members, at)), write, { signal });
  // All of it is packed anew: what ends the archive is packed with the rest, and a second piece of gzip is not read by everybody.
  const unpacked = gunzipped(bytes, path);
  return pipeline(gathered(tarCopy(unpacked, path, members, at)), createGzip({ chunkSize: CHUNK }), write, { signal });
}

const CHUNK = 256 * 1024; // bytes
/** What comes out of a tar.gz; more is a bomb. */
const MAX_UNPACKED = 64 * 1024 ** 3; // bytes

/** @throws InputError if it is damaged or ends early */
async function* gunzipped(bytes: AsyncIterable<Buffer>, origin: string): AsyncGenerator<Buffer> {
  const stream = createGunzip({ chunkSize: CHUNK });
  let wake = () => {};
  const feed = async () => {
    for await (const piece of bytes) {
      if (stream.destroyed || stream.readableEnded) return; // padding stands behind the end
      if (stream.write(piece)) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        stream.once('drain', resolve);
      });
    }
    stream.end();
  };
  stream.once('close', () => wake());
  stream.once('end', () => wake());
  const feeding = feed().catch((error: Error) => stream.destroy(error));
  let size = 0;
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > MAX_UNPACKED) throw new InputError('input-too-large', origin, TOO_LARGE, 'nothing was written');
      yield piece;
    }
  } catch (error) {
    throw unpackError(error as NodeJS.ErrnoException, origin);
  } finally {
    stream.destroy();
    await feeding;
  }
}

const TOO_LARGE = 'unpacks to more than 64 GiB';

function unpackError(error: NodeJS.ErrnoException, origin: string): Error {
  if (error.code === 'Z_BUF_ERROR') {
    const message = 'ends in the middle of compressed data: it is not complete';
    return new InputError('input-truncated', origin, message, 'nothing was written; copy it again');
  }
  if (!error.code?.startsWith('Z_')) return error;
  return new InputError('input-corrupt', origin, `is damaged (${error.message})`, 'nothing was written; copy it again');
}

/** What was scanned by its name, and what was copied, must be one state of one file. */
async function checkUnchanged({ path, stats }: Bundle): Promise<void> {
  const now = await stat(path).catch(() => null);
  const isSame = now !== null && (['dev', 'ino', 'size', 'mtimeMs'] as const).every((key) => now[key] === stats[key]);
  if (!isSame) throw changedError(path);
}

/** The finished file gets its name; without force never in place of another, also one that came meanwhile. */
async function publish(temporary: string, place: string, force: boolean): Promise<void> {
  if (!force) {
    const trouble = await link(temporary, place).then(
      () => null,
      (error: NodeJS.ErrnoException) => error,
    );
    if (trouble === null) return;
    if (trouble.code === 'EEXIST') throw trouble;
    // Some file systems have no second names.
  }
  await rename(temporary, place);
}
