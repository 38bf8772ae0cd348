import { type EncodingChoice, swapped } from './encoding.js';

/** So many bytes become one string at most. */
const PIECE = 256 * 1024;

/** Bytes of a log -> strings of one character a byte, or a UTF-16 unit, of at most 256 Ki characters. */
export class Units {
  readonly #encoding: EncodingChoice['encoding'];
  /** The first byte of a unit whose second one is still to come. */
  #odd: Uint8Array = new Uint8Array(0);

  constructor({ encoding }: EncodingChoice) {
    this.#encoding = encoding;
  }

  *of(bytes: Uint8Array): Generator<string> {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      if (this.#encoding === 'utf-8') {
        yield asBuffer(piece).toString('latin1');
        continue;
      }
      const joined = this.#odd.length > 0 ? Buffer.concat([this.#odd, piece]) : piece;
      const whole = joined.subarray(0, joined.length & ~1);
      // A copy: whoever reads uses the memory again.
      this.#odd = Uint8Array.from(joined.subarray(whole.length));
      yield asBuffer(this.#encoding === 'utf-16be' ? swapped(whole) : whole).toString('utf16le');
    }
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** How many NULs a text begins with: the hole of a log that was truncated under a writer that does not append. */
export function leadingNuls(text: string): number {
  let count = 0;
  while (count < text.length && text.charCodeAt(count) === 0) count++;
  return count;
}
