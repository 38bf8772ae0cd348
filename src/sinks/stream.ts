/** [I/O] Standard output, or any other stream that is there already. */
import type { Writable } from 'node:stream';
import type { ByteSink } from '../model/sink.js';

/** The reader has gone away (`| head -1`): a normal end. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe';
}

/** The place takes no more: a full disk, a quota. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

/** @throws ClosedPipe from `write` once the reader has gone away; OutputError for any other trouble */
export function streamSink(stream: Writable): ByteSink {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') closed = true; // others reach whoever writes
  });
  const write = (text: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      if (closed) return reject(new ClosedPipe());
      stream.write(text, (error) => {
        if (!error) resolve();
        else
          reject((error as NodeJS.ErrnoException).code === 'EPIPE' ? new ClosedPipe() : new OutputError(error.message));
      });
    });
  return { write, close: async () => {} };
}
