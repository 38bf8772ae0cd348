/** [I/O] The file of `--redact-key`: what makes tokens of values under strict. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { LEAST_KEY } from '../index.js';
import { messages, UsageError } from './messages.js';

/** A key is no log; a file that is larger was named by mistake. */
const MOST_BYTES = 4096;

/**
 * The bytes of a key; null if no file is named. A file that is not there is made with a random key, for its owner alone.
 * @param tell takes what the user should know of it
 * @throws UsageError if it can be neither read nor made, or is no key
 */
export async function readRedactKey(
  path: string | undefined,
  tell: (text: string) => void,
): Promise<Uint8Array | null> {
  if (path === undefined) return null;
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UsageError(messages.redactKeyUnreadable(path, error));
  });
  if (file === null) return make(path, tell);
  try {
    return await read(file, path, tell);
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, path: string, tell: (text: string) => void): Promise<Uint8Array> {
  const stats = await file.stat();
  if (stats.isDirectory()) throw new UsageError(messages.redactKeyIsNone(path, 'a directory'));
  const bytes = Buffer.alloc(MOST_BYTES + 1);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, null);
  const key = Buffer.from(bytes.toString('latin1', 0, bytesRead).trim(), 'latin1');
  if (bytesRead > MOST_BYTES) throw new UsageError(messages.redactKeyIsNone(path, 'a larger file'));
  if (key.length < LEAST_KEY) throw new UsageError(messages.redactKeyIsNone(path, `${key.length}`));
  if (stats.isFile() && (stats.mode & 0o077) !== 0 && process.platform !== 'win32') tell(messages.redactKeyOpen(path));
  return key;
}

async function make(path: string, tell: (text: string) => void): Promise<Uint8Array> {
  const text = randomBytes(32).toString('hex');
  const file = await open(path, 'wx', 0o600).catch((error: Error) => {
    throw new UsageError(messages.redactKeyNotMade(path, error));
  });
  try {
    await file.writeFile(`${text}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  tell(messages.redactKeyMade(path));
  return Buffer.from(text, 'latin1');
}
