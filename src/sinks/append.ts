/**
 * [I/O] A file that a tail adds to: exactly once, as what was written behind a checkpoint is cut off again when another run goes
 * on from it. A file that is not as it was left is nobody's to cut: it is only added to.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../model/diagnostics.js';

/** What is kept with a checkpoint: which file, how long it was, and the hash of its last bytes. */
export interface AppendState {
  readonly dev: string;
  readonly ino: string;
  readonly length: number;
  readonly hash: string;
}

export interface AppendOptions {
  /** Told of trouble: that the file cannot be written. */
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
const FEED = 10;

export class AppendFile {
  readonly path: string;
  readonly #options: AppendOptions;
  #file: FileHandle | null = null;
  /** Null for what is no file, as a FIFO or a device: nothing can be known of it again. */
  #identity: string | null = null;
  #length = 0;
  #last: Uint8Array = new Uint8Array(0);
  #isFailing = false;

  constructor(file: string, options: AppendOptions) {
    this.path = file;
    this.#options = options;
  }

  /**
   * Opens the file; what was written after the state was kept is cut off.
   * @returns what is to be told if it is not as it was left; null if nothing is
   * @throws the error of the file system
   */
  async restore(state: AppendState | null): Promise<Problem | null> {
    await this.#open();
    if (state === null || this.#identity === null) return null;
    if (this.#identity === `${state.dev}:${state.ino}` && this.#length >= state.length) {
      const last = await this.#lastBytes(state.length);
      if (hashOf(last) === state.hash) {
        await this.#file!.truncate(state.length);
        this.#length = state.length;
        this.#last = last;
        return null;
      }
    }
    return {
      code: 'output-changed',
      origin: this.path,
      message: 'is not the file that the last run left; it is added to, and some of it may be told twice',
      remedy: 'nothing has to be done if it was rotated',
    };
  }

  /**
   * Adds a text; tries again as long as the disk is full.
   * @throws NotWritten if it is told to try no more
   */
  async write(text: string): Promise<void> {
    await this.#until(() => this.#findEnd());
    // Half a line of somebody else, or of a run that was killed, stays one by itself.
    const isInLine = this.#last.length > 0 && this.#last.at(-1) !== FEED;
    const bytes = Buffer.from(isInLine ? `\n${text}` : text, 'utf8');
    let done = 0;
    await this.#until(async () => {
      while (done < bytes.length) {
        const at = this.#identity === null ? null : this.#length + done;
        done += (await this.#file!.write(bytes, done, bytes.length - done, at)).bytesWritten;
      }
    });
    this.#length += bytes.length;
    this.#last = Buffer.from(Buffer.concat([this.#last, bytes]).subarray(-LAST_BYTES));
  }

  /**
   * What was written is on the disk; a file that was moved away is left, and its successor opened.
   * @throws NotWritten if it is told to try no more
   */
  sync(): Promise<void> {
    return this.#until(async () => {
      if (this.#identity === null) return;
      await this.#file!.datasync();
      const there = await stat(this.path, { bigint: true }).catch(() => null);
      if (there !== null && `${there.dev}:${there.ino}` === this.#identity) return;
      const before = this.#file!;
      await this.#open();
      await before.close();
    });
  }

  state(): AppendState {
    const [dev = '', ino = ''] = this.#identity?.split(':') ?? [];
    return { dev, ino, length: this.#length, hash: hashOf(this.#last) };
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  async #open(): Promise<void> {
    // Not to append: where something is written is said each time, so that half a line is written over.
    const file = await open(this.path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return open(this.path, 'wx+');
      throw error;
    });
    const found = await file.stat({ bigint: true });
    this.#file = file;
    this.#identity = found.isFile() ? `${found.dev}:${found.ino}` : null;
    this.#length = found.isFile() ? Number(found.size) : 0;
    this.#last = await this.#lastBytes(this.#length);
  }

  /** Others may have added to the file, or emptied it: what comes goes to its end, wherever that is. */
  async #findEnd(): Promise<void> {
    if (this.#identity === null) return;
    const { size } = await this.#file!.stat();
    if (size === this.#length) return;
    this.#last = await this.#lastBytes(size);
    this.#length = size;
  }

  async #lastBytes(length: number): Promise<Uint8Array> {
    const from = Math.max(0, length - LAST_BYTES);
    const bytes = Buffer.alloc(length - from);
    if (length === 0) return bytes;
    const { bytesRead } = await this.#file!.read(bytes, 0, bytes.length, from);
    return bytes.subarray(0, bytesRead);
  }

  /** Tries again and again, until it is done. */
  async #until(action: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        await action();
        break;
      } catch (error) {
        await this.#fails(error as Error);
      }
    }
    if (this.#isFailing) this.#options.onRelief(`${path.basename(this.path)} can be written again`);
    this.#isFailing = false;
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
