/** [I/O] What is given out when it is known that all of it may be: until then it is in a private temporary file. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ByteSink } from '../model/sink.js';
import { OutputError } from './stream.js';

const PIECE = 256 * 1024; // bytes

/**
 * `close` hands everything on, `discard` nothing.
 * @throws OutputError if the disk takes no more
 */
export async function heldSink(to: ByteSink): Promise<ByteSink & { discard(): Promise<void> }> {
  const file = await unlinkedFile().catch(notHeld);
  return {
    write: async (bytes) => {
      await file.writeFile(bytes).catch(notHeld);
    },
    close: async () => {
      try {
        for (let at = 0; ; ) {
          const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(PIECE), 0, PIECE, at);
          if (bytesRead === 0) break;
          at += bytesRead;
          await to.write(buffer.subarray(0, bytesRead));
        }
      } finally {
        await file.close();
      }
    },
    discard: () => file.close(),
  };
}

/** For its owner alone; nothing stays behind, however the run ends. */
async function unlinkedFile(): Promise<FileHandle> {
  const directory = await mkdtemp(path.join(tmpdir(), 'logscan-'));
  try {
    return await open(path.join(directory, 'held'), 'wx+', 0o600);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function notHeld(error: Error): never {
  throw new OutputError(`it cannot be kept in ${tmpdir()} until all of it was checked: ${error.message}`);
}
