/** [I/O] A file that is to get more members: which kind of bundle it is, by its content. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { createGunzip, constants as zlibConstants } from 'node:zlib';
import { InputError } from '../../model/source.js';
import { pieces, Taker } from './bytes.js';
import { isTar } from './tar.js';
import { readZip, type ZipLayout } from './zip.js';

export type Bundle = {
  readonly path: string;
  readonly file: FileHandle;
  /** Of the file when it was opened. */
  readonly stats: Stats;
} & ({ readonly kind: 'zip'; readonly layout: ZipLayout } | { readonly kind: 'tar' | 'tar.gz' });

/** What can be read and is no zip, tar or tar.gz. */
export const OTHER_KINDS = ['directory', '7z', 'rar', 'bz2', 'xz', 'zst', 'gz', 'stream', 'other'] as const;
export type OtherKind = (typeof OTHER_KINDS)[number];

/** Nothing can be put into it. */
export class NoBundle extends Error {
  override readonly name = 'NoBundle';
  constructor(readonly kind: OtherKind) {
    super(kind);
  }
}

const BEGINNINGS: readonly (readonly [kind: OtherKind, bytes: string])[] = [
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['rar', 'Rar!\x1a\x07'],
  ['bz2', 'BZh'],
  ['xz', '\xfd7zXZ\0'],
  ['zst', '\x28\xb5\x2f\xfd'],
];
const GZIP = '\x1f\x8b';
const HEAD = 512; // bytes
const COMPRESSED_HEAD = 64 * 1024; // bytes

/**
 * Opens a bundle; whoever does closes it.
 * @throws NoBundle, InputError
 */
export async function openBundle(path: string): Promise<Bundle> {
  // A FIFO would wait for somebody who writes.
  const kind = await stat(path).then(
    (found) => (found.isDirectory() ? 'directory' : found.isFile() ? null : 'stream'),
    () => null,
  );
  if (kind !== null) throw new NoBundle(kind);
  const file = await open(path, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    throw notOpened(path, error);
  });
  try {
    const stats = await file.stat();
    return { path, file, stats, ...(await recognised(file, path, stats.size)) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function recognised(
  file: FileHandle,
  path: string,
  size: number,
): Promise<{ kind: 'zip'; layout: ZipLayout } | { kind: 'tar' | 'tar.gz' }> {
  const head = await new Taker(pieces(file, path, 0, Math.min(size, HEAD))).take(HEAD);
  const start = head.toString('latin1');
  const other = BEGINNINGS.find(([, bytes]) => start.startsWith(bytes));
  if (other !== undefined) throw new NoBundle(other[0]);
  if (isTar(head)) return { kind: 'tar' };
  if (start.startsWith(GZIP)) {
    if (isTar(await unpackedHead(file, path, size))) return { kind: 'tar.gz' };
    throw new NoBundle('gz');
  }
  // Whatever stands before it, a zip is known by its end.
  const layout = await readZip(file, path, size).catch((error: Error) => {
    if (error instanceof InputError && error.code === 'input-truncated' && !start.startsWith('PK')) return null;
    throw error;
  });
  if (layout === null) throw new NoBundle('other');
  return { kind: 'zip', layout };
}

/** The first bytes that come out of it; empty if none do. */
async function unpackedHead(file: FileHandle, path: string, size: number): Promise<Buffer> {
  const stream = createGunzip({ finishFlush: zlibConstants.Z_SYNC_FLUSH }); // what is cut is no error
  stream.on('error', () => {}); // it comes out of the reading
  try {
    for await (const piece of pieces(file, path, 0, Math.min(size, COMPRESSED_HEAD))) stream.write(piece);
    stream.end();
    return await new Taker(stream).peek(HEAD);
  } catch {
    return Buffer.alloc(0);
  } finally {
    stream.destroy();
  }
}

function notOpened(path: string, { code, message }: NodeJS.ErrnoException): InputError {
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new InputError('input-missing', path, 'no such file', 'check the name');
  if (code === 'EACCES' || code === 'EPERM')
    return new InputError('input-unreadable', path, 'permission denied', 'run logscan as a user who may read it');
  return new InputError(
    'input-unreadable',
    path,
    `cannot be opened (${message})`,
    'check the file and its file system',
  );
}
