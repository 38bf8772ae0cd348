/** [I/O] A stream that must be read twice -> a source that can be: its bytes in a private temporary file. */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InputError, type Source } from '../model/source.js';

/** What a stream may fill of the temporary directory. */
const MAX_SPOOL = 16 * 1024 ** 3; // bytes
const PIECE = 256 * 1024; // bytes

/** A source that keeps a file open until it is closed. */
export interface Spooled extends Source {
  close(): Promise<void>;
}

/** The file (mode 0600) is unlinked as soon as it is open: nothing stays behind, however the run ends. */
export async function spooled(source: Source): Promise<Spooled> {
  let file: FileHandle | null = null;
  let size = 0;
  let failure: unknown = null;
  try {
    file = await unlinkedFile(source.origin.path);
    for await (const chunk of source.open()) {
      if (size + chunk.length > MAX_SPOOL) throw tooLarge(source.origin.path, 'is too long');
      await file.write(chunk, 0, chunk.length, size).catch((error: Error) => {
        throw tooLarge(source.origin.path, `does not fit into ${tmpdir()} (${error.message}), as is needed`);
      });
      size += chunk.length;
    }
  } catch (error) {
    failure = error; // what came before it is read; then it is told
  }
  async function* read(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < size; ) {
      const { bytesRead, buffer } = await file!.read(Buffer.allocUnsafeSlow(PIECE), 0, Math.min(PIECE, size - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    if (failure !== null) throw failure;
  }
  return { ...source, reopens: true, open: read, close: async () => file?.close() };
}

async function unlinkedFile(origin: string): Promise<FileHandle> {
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'logscan-'));
    const file = await open(path.join(directory, 'stream'), 'wx+', 0o600);
    await rm(directory, { recursive: true });
    return file;
  } catch (error) {
    throw tooLarge(origin, `cannot be kept in ${tmpdir()} (${(error as Error).message}), as is needed`);
  }
}

function tooLarge(origin: string, found: string): InputError {
  return new InputError(
    'input-too-large',
    origin,
    `${found} for a time relative to its end`,
    'give --since and --until as absolute times',
  );
}
