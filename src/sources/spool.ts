/** [I/O] A stream that must be read twice, or anywhere -> a source that can be: its bytes in a private temporary file. */
import { readSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { originName } from '../model/origin.js';
import { InputError, type OpenFile, type Source } from '../model/source.js';

/** What a stream may fill of the temporary directory. */
export const MAX_SPOOL = 16 * 1024 ** 3; // bytes
const PIECE = 256 * 1024; // bytes

/** A source that keeps a file open until it is closed. */
export interface Spooled extends Source {
  /** What came of it; null if nothing could be kept. */
  readonly kept: OpenFile | null;
  /** Why it ends early; null if it is whole. */
  readonly failure: unknown;
  close(): Promise<void>;
}

/** Why a stream is kept, for messages. */
export interface Purpose {
  /** What it may fill, in bytes. */
  readonly most: number;
  /** "for a time relative to its end". */
  readonly need: string;
  readonly remedy: string;
}

/** A second reading for `--since 2h`. */
export const RELATIVE_TIME: Purpose = {
  most: MAX_SPOOL,
  need: 'for a time relative to its end',
  remedy: 'give --since and --until as absolute times',
};

/** The file (mode 0600) is unlinked as soon as it is open: nothing stays behind, however the run ends. */
export async function spooled(source: Source, purpose: Purpose): Promise<Spooled> {
  const name = originName(source.origin);
  const tooLarge = (found: string) =>
    new InputError('input-too-large', name, `${found} ${purpose.need}`, purpose.remedy);
  let file: FileHandle | null = null;
  let size = 0;
  let failure: unknown = null;
  try {
    file = await unlinkedFile(tooLarge);
    for await (const chunk of source.open()) {
      if (size + chunk.length > purpose.most) throw tooLarge('is too long');
      await file.write(chunk, 0, chunk.length, size).catch((error: Error) => {
        throw tooLarge(`does not fit into ${tmpdir()} (${error.message}), as is needed`);
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
  const openFile = (): OpenFile => ({
    descriptor: file!.fd,
    size,
    read: (into, position) => readSync(file!.fd, into, 0, Math.min(into.length, size - position), position),
    close: () => {}, // it lives as long as the source
  });
  return {
    ...source,
    bytes: size,
    reopens: true,
    open: read,
    file: failure === null ? openFile : null,
    kept: file === null ? null : openFile(),
    failure,
    close: async () => file?.close(),
  };
}

async function unlinkedFile(tooLarge: (found: string) => InputError): Promise<FileHandle> {
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'logscan-'));
    const file = await open(path.join(directory, 'stream'), 'wx+', 0o600);
    await rm(directory, { recursive: true });
    return file;
  } catch (error) {
    throw tooLarge(`cannot be kept in ${tmpdir()} (${(error as Error).message}), as is needed`);
  }
}
