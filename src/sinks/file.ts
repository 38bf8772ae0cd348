/** [I/O] A file that is either whole or not there: written beside its place and renamed when it is finished. */
import { open, rename, rm } from 'node:fs/promises';
import type { Sink } from '../model/sink.js';

export async function fileSink(path: string): Promise<Sink & { discard(): Promise<void> }> {
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w');
  return {
    write: async (text) => {
      await file.write(text);
    },
    close: async () => {
      await file.sync();
      await file.close();
      await rename(temporary, path);
    },
    discard: async () => {
      await file.close();
      await rm(temporary, { force: true });
    },
  };
}
