/**
 * [I/O] A file that a tail adds to: exactly once, as what was written behind a checkpoint is cut off again when another run goes
 * on from it. A file that is not as it was left is nobody's to cut: it is only added to.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';

/** What is kept with a checkpoint: which file, how long it was, and the hash of its last bytes. */
export interface AppendState {
  readonly dev: string;
  readonly ino: string;
  readonly length: number;
  readonly hash: string;
}

export interface AppendOptions {
  /** Told of trouble: that the file cannot be written, or is not as it was left. */
  onTrouble(message: string, remedy: string): void;
  /** Told when the trouble is over. */
  onRelief(message: string): void;
  /** Waits so many milliseconds before the next try; false if there is to be none. */
  wait(milliseconds: number): Promise<boolean>;
}

/** The file could not be written until the end. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

const LAST_BYTES = 4096;
const RETRY = 1000; // milliseconds

export class AppendFile {
  readonly path: string;
  readonly #options: AppendOptions;
  #file: FileHandle | null = null;
  #identity = '';
  #length = 0;
  #last: Uint8Array = new Uint8Array(0);
  #isFailing = false;

  constructor(file: string, options: AppendOptions) {
    this.path = file;
    this.#options = options;
  }

  /**
   * Opens the file; what was written after the state was kept is cut off.
   * @throws the error of the file system
   */
  async restore(state: AppendState | null): Promise<void> {
    await this.#open();
    if (state === null) return;
    if (this.#identity === `${state.dev}:${state.ino}` && this.#length >= state.length) {
      const last = await this.#lastBytes(state.length);
      if (hashOf(last) === state.hash) {
        await this.#file!.truncate(state.length);
        this.#length = state.length;
        this.#last = last;
        return;
      }
    }
    this.#options.onTrouble(
      `${this.path} is not the file that the last run left; it is added to, and some of it may be told twice`,
      'nothing has to be done if it was rotated',
    );
  }

  /**
   * Adds a text; tries again as long as the disk is full.
   * @throws NotWritten if it is told to try no more
   */
  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text, 'utf8');
    for (let done = 0; done < bytes.length; ) {
      try {
        const { bytesWritten } = await this.#file!.write(bytes, done, bytes.length - done, this.#length + done);
        done += bytesWritten;
        if (this.#isFailing) this.#options.onRelief(`${this.path} can be written again`);
        this.#isFailing = false;
      } catch (error) {
        await this.#fails(error as Error);
      }
    }
    this.#length += bytes.length;
    this.#last = Buffer.from(Buffer.concat([this.#last, bytes]).subarray(-LAST_BYTES));
  }

  /** What was written is on the disk; a file that was moved away is left, and its successor opened. */
  async sync(): Promise<void> {
    try {
      await this.#file!.datasync();
      const there = await stat(this.path, { bigint: true }).catch(() => null);
      if (there !== null && `${there.dev}:${there.ino}` === this.#identity) return;
      await this.#file!.close();
      await this.#open();
    } catch (error) {
      await this.#fails(error as Error);
    }
  }

  state(): AppendState {
    const [dev = '', ino = ''] = this.#identity.split(':');
    return { dev, ino, length: this.#length, hash: hashOf(this.#last) };
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #open(): Promise<void> {
    // Not to append: where something is written is said each time, so that half a line is written over.
    this.#file = await open(this.path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return open(this.path, 'wx+');
      throw error;
    });
    const { dev, ino, size } = await this.#file.stat({ bigint: true });
    this.#identity = `${dev}:${ino}`;
    this.#length = Number(size);
    this.#last = await this.#lastBytes(this.#length);
  }

  async #lastBytes(length: number): Promise<Uint8Array> {
    const from = Math.max(0, length - LAST_BYTES);
    const bytes = Buffer.alloc(length - from);
    const { bytesRead } = await this.#file!.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  }

  async #fails({ message }: Error): Promise<void> {
    if (!this.#isFailing) {
      this.#options.onTrouble(
        `${path.basename(this.path)} cannot be written (${message}); reading waits, nothing is lost`,
        'free some space',
      );
    }
    this.#isFailing = true;
    if (!(await this.#options.wait(RETRY))) throw new NotWritten(`${this.path} cannot be written (${message})`);
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
