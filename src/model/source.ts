import type { Origin } from './origin.js';

/** A log that can be opened. */
export interface Source {
  readonly origin: Origin;
  /** Size in bytes as it lies on disk, or in its archive; null for a stream whose end is not known. */
  readonly bytes: number | null;
  /**
   * The bytes of the log, decompressed, in pieces of any size. An input that cannot be read to its end yields what it
   * has and then throws an {@link InputError}. A source that is a stream can be opened once.
   * @param onRead told of every piece that was read, in bytes as they lie on disk
   */
  open(onRead?: (bytes: number) => void): AsyncIterable<Uint8Array>;
  /**
   * Opens a plain file so that its bytes can be read at once, from any thread; null if it is none.
   * @throws InputError
   */
  readonly file: (() => OpenFile) | null;
  /** True if the user named it: then it is told what elsewhere is only counted, such as that it is no text. */
  readonly named: boolean;
  /** False for stdin, FIFOs and what is read in sequence: they can be read only once, so nothing is read from them again. */
  readonly reopens: boolean;
  /** True if positions in the bytes are positions in the file itself (a plain file), so that context can be re-read. */
  readonly plain: boolean;
}

/** An open file, up to the size that it had when it was opened. */
export interface OpenFile {
  readonly size: number;
  /** By which other threads of the process read it. */
  readonly descriptor: number;
  /**
   * Reads bytes from a position below `size` on.
   * @returns how many were read, at least 1
   * @throws InputError if it cannot be read, or became shorter
   */
  read(into: Uint8Array, position: number): number;
  close(): void;
}

/** What can be wrong with an input; the codes are part of the output contract. */
export type InputProblem =
  | 'input-missing'
  | 'input-unreadable'
  | 'input-truncated'
  | 'input-vanished'
  | 'input-corrupt'
  | 'input-binary'
  | 'input-empty'
  | 'input-unsupported'
  | 'input-empty-directory'
  | 'input-too-large'
  | 'archive-bomb'
  | 'archive-changed'
  | 'archive-encrypted'
  | 'archive-names'
  | 'archive-too-deep';

/** Trouble with one input. It ends that input, never the run. */
export class InputError extends Error {
  override readonly name = 'InputError';
  constructor(
    readonly code: InputProblem,
    readonly origin: string,
    /** What was found, in half a sentence: "no such file". */
    message: string,
    /** What the user can do about it. */
    readonly remedy: string,
  ) {
    super(message);
  }
}
