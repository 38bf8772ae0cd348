/** [I/O] Standard output of what runs for long: where there is no room, it waits until there is. */
import { fstatSync, writeSync } from 'node:fs';
import type { Sink } from '../model/sink.js';
import { type AppendOptions, NotWritten } from './append.js';
import { ClosedPipe, streamSink } from './stream.js';

const RETRY = 1000; // milliseconds

/** A pipe, a socket or a terminal waits by itself; a file or a device is written to here, so that half a line can be gone on with. */
export function outlet(stream: NodeJS.WriteStream & { readonly fd: number }, options: AppendOptions): Sink {
  const stats = fstatSync(stream.fd);
  if (stream.isTTY || stats.isFIFO() || stats.isSocket()) return streamSink(stream);
  let isFailing = false;
  return {
    async write(text) {
      const bytes = Buffer.from(text, 'utf8');
      for (let done = 0; done < bytes.length; ) {
        try {
          done += writeSync(stream.fd, bytes, done);
          if (isFailing) options.onRelief('standard output can be written again');
          isFailing = false;
        } catch (error) {
          const { code, message } = error as NodeJS.ErrnoException;
          if (code === 'EPIPE') throw new ClosedPipe();
          if (!isFailing)
            options.onTrouble(
              `standard output cannot be written (${message}); reading waits, nothing is lost`,
              'free some space',
            );
          isFailing = true;
          if (!(await options.wait(RETRY))) throw new NotWritten(`standard output cannot be written (${message})`);
        }
      }
    },
    close: async () => {},
  };
}
