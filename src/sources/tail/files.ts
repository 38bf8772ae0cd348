import fs from 'node:fs';

/**
 * What following needs of a file system; the same calls as in `node:fs`. They are synchronous: a look at a file takes some
 * microseconds, of which the asynchronous way would make fifty, and nothing changes between two lines of code.
 */
export type Files = Pick<
  typeof fs,
  'openSync' | 'closeSync' | 'readSync' | 'statSync' | 'fstatSync' | 'readdirSync' | 'realpathSync'
>;

export const REAL_FILES: Files = fs;

/** What tells whether a file has changed since the last look. */
export interface Look {
  readonly dev: string;
  readonly ino: string;
  readonly size: number;
  /** When it was last written and last changed in any way, as the file system says; only compared, never read as a time. */
  readonly times: string;
}

/** @returns null if there is no such file */
export function lookAt(files: Files, path: string): Look | null {
  const found = files.statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined || !found.isFile() ? null : toLook(found);
}

export function lookInto(files: Files, descriptor: number): Look & { readonly links: number } {
  const found = files.fstatSync(descriptor, { bigint: true });
  return { ...toLook(found), links: Number(found.nlink) };
}

function toLook({ dev, ino, size, mtimeNs, ctimeNs }: fs.BigIntStats): Look {
  return { dev: String(dev), ino: String(ino), size: Number(size), times: `${mtimeNs} ${ctimeNs}` };
}

/** @returns null if there is no such file */
export function openIfThere(files: Files, path: string): number | null {
  try {
    return files.openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return null;
    throw error;
  }
}

/** Reads until `into` is full or the file ends. Returns how many bytes were read. */
export function readFully(files: Files, descriptor: number, into: Uint8Array, position: number): number {
  let read = 0;
  while (read < into.length) {
    const more = files.readSync(descriptor, into, read, into.length - read, position + read);
    if (more === 0) break;
    read += more;
  }
  return read;
}
