/** Some lines here and there of a log, wherever its bytes come from: the same bytes give the same lines. */
import type { OpenFile } from './model/source.js';

/** So much is told of each place. */
const WINDOW = 4096; // bytes
/** The first places are so far from each other; after so many of them twice as far. */
const STEP = 64 * 1024; // bytes
const EACH = 250;

export class Sampler {
  readonly #told: (lines: string) => void;
  readonly #window = Buffer.alloc(WINDOW);
  #filled = 0;
  /** Where the window begins, how far the next one is, and how many there were. */
  #from = 0;
  #step = STEP;
  #count = 0;
  #at = 0;

  /** @param told of whole lines, a character a byte */
  constructor(told: (lines: string) => void) {
    this.#told = told;
  }

  /** The next bytes of a stream. */
  push(piece: Uint8Array): void {
    const end = this.#at + piece.length;
    for (let at = Math.max(this.#at, this.#from + this.#filled); at < end; at = Math.max(at, this.#from)) {
      const bytes = piece.subarray(at - this.#at, Math.min(piece.length, this.#from + WINDOW - this.#at));
      this.#window.set(bytes, this.#filled);
      this.#filled += bytes.length;
      at += bytes.length;
      if (this.#filled === WINDOW) this.#next();
    }
    this.#at = end;
  }

  end(): void {
    if (this.#filled > 0) this.#next();
  }

  /** All of a file. */
  file(file: OpenFile): void {
    while (this.#from < file.size) {
      this.#filled = file.read(this.#window.subarray(0, Math.min(WINDOW, file.size - this.#from)), this.#from);
      this.#next();
    }
  }

  #next(): void {
    const text = this.#window.toString('latin1', 0, this.#filled);
    this.#told(text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\n') + 1));
    this.#filled = 0;
    this.#count++;
    this.#from += this.#step;
    if (this.#count % EACH === 0) this.#step *= 2;
  }
}
