import { type Line, MAX_LINE_BYTES } from '../model/line.js';
import type { Origin } from '../model/origin.js';
import type { EncodingChoice } from './encoding.js';

const CR = 13;
/** What makes a line worth a second look: NUL, ESC, or anything that is not ASCII. */
const SPECIAL = /[\0\x1b\x80-\uffff]/;
/** Terminal sequences: CSI (colours, cursor), OSC (titles, hyperlinks), and those of one letter. */
const TERMINAL = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_c])/g;

/** Raw lines of one log, in order -> {@link Line}s with their numbers, positions and texts. */
export class LineMaker {
  /** Characters of a raw line that are kept at most. */
  readonly most: number;
  readonly #origin: Origin;
  /** Bytes of one raw character: 1, or 2 in UTF-16. */
  readonly #width: number;
  /** Raw characters of the byte order mark. */
  readonly #mark: number;
  #number = 1;
  #offset = 0;
  #skipped = 0;

  constructor(origin: Origin, { encoding, mark }: EncodingChoice) {
    this.#origin = origin;
    this.#width = encoding === 'utf-8' ? 1 : 2;
    this.#mark = mark / this.#width;
    this.most = MAX_LINE_BYTES / this.#width;
  }

  /** Number of the next line, and the position of its first byte. */
  get next(): { readonly number: number; readonly offset: number } {
    return { number: this.#number, offset: this.#offset };
  }

  /** The next line begins with so many raw characters that it is made without: the log begins with a hole of NULs. */
  skip(characters: number): void {
    this.#skipped += characters;
  }

  /** The next line is the one with this number, at this position. */
  moveTo(number: number, offset: number): void {
    this.#number = number;
    this.#offset = offset;
  }

  /**
   * @param raw the line without LF: a character a byte, or a UTF-16 unit; at most {@link most}
   * @param dropped raw characters that the line had beyond that
   */
  make(raw: string, dropped: number): Line {
    const line = this.preview(raw, dropped);
    this.#number++;
    this.#offset += (this.#skipped + raw.length + dropped + 1) * this.#width;
    this.#skipped = 0;
    return line;
  }

  /** The same of a line that is not whole yet. */
  preview(raw: string, dropped: number): Line {
    let text = raw.charCodeAt(raw.length - 1) === CR ? raw.slice(0, -1) : raw;
    if (this.#number === 1 && this.#mark > 0) text = text.slice(this.#mark);
    return {
      origin: this.#origin,
      number: this.#number,
      offset: this.#offset,
      text: this.#width === 1 ? decodeBytes(text) : decodeUnits(text),
      cut: dropped > 0,
    };
  }
}

/** A raw line of one character a byte -> its text. */
export function decodeBytes(raw: string): string {
  if (!SPECIAL.test(raw)) return raw;
  return cleaned(Buffer.from(raw, 'latin1').toString('utf8'));
}

function decodeUnits(raw: string): string {
  return SPECIAL.test(raw) ? cleaned(raw.toWellFormed()) : raw;
}

/** Conditions see what a person sees: no NULs (the hole of a truncated file), no terminal sequences. */
function cleaned(text: string): string {
  const withoutNuls = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return withoutNuls.includes('\x1b') ? withoutNuls.replace(TERMINAL, '') : withoutNuls;
}
