/** [I/O] A file that is either whole or not there: written beside its place and renamed when it is finished. */
import { constants } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ByteSink } from '../model/sink.js';

/**
 * Says early what would fail in the end.
 * @throws the error of the file system
 */
export async function checkWritable(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new Error('is a directory');
  await access(isPlace(found) ? path : dirname(path), constants.W_OK);
}

/** `close` makes the file appear, `discard` leaves what was there before. */
export async function fileSink(path: string): Promise<ByteSink & { discard(): Promise<void> }> {
  // A device or a FIFO is written to: renaming a file over /dev/null would replace it.
  const inPlace = isPlace(await stat(path).catch(() => null));
  const temporary = inPlace ? path : `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w');
  return {
    write: async (text) => {
      await file.writeFile(text);
    },
    close: async () => {
      if (!inPlace) await file.sync();
      await file.close();
      if (!inPlace) await rename(temporary, path);
    },
    discard: async () => {
      await file.close();
      if (!inPlace) await rm(temporary, { force: true });
    },
  };
}

/**
 * Makes a file of the text, or leaves what was there.
 * @throws the error of the file system
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  let sink: Awaited<ReturnType<typeof fileSink>> | null = null;
  try {
    sink = await fileSink(path);
    await sink.write(text);
    await sink.close();
  } catch (error) {
    await sink?.discard().catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

/** Something that is written to as it is, as there is no whole or half of it. */
function isPlace(found: { isFile(): boolean; isDirectory(): boolean } | null): boolean {
  return found !== null && !found.isFile() && !found.isDirectory();
}
