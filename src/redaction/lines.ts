/**
 * A log, line by line, with values masked and everything else as it is, to the byte. A line is given out when it is known that
 * nothing that begins in it goes on behind it: a private key spreads over many lines.
 */
import { isKeyLine, keyMarks } from './private-keys.js';

/** How a character of the log is written: a byte (UTF-8, Latin-1, whatever), or a unit of UTF-16. */
export type Width = 1 | 2;

/**
 * What becomes of lines that belong together; without their ends.
 * @param isTrial whether they will come once more: it is only asked what would become of them
 */
export type VisitLines = (lines: readonly string[], isTrial: boolean) => readonly string[];

/** A longer line is masked in pieces. */
const MAX_LINE = 1024 * 1024; // characters
/** So much before and behind a cut tells whether something stands across it. */
const REACH = 4096; // characters
/** So many places for a cut are tried. */
const MAX_TRIES = 200;
/** A key that is longer has lost its end. */
const MAX_HELD = 400; // lines
const MAX_HELD_LENGTH = 256 * 1024; // characters

interface Held {
  readonly text: string;
  /** Whether its bytes are UTF-8; else a character of `text` is a byte. */
  readonly isUtf8: boolean;
  readonly raw: string;
  /** `\n`, `\r\n`, or nothing. */
  readonly end: string;
}

export class LineWalker {
  readonly #width: Width;
  readonly #visit: VisitLines;
  /** The beginning of a line whose end is still to come. */
  #partial = '';
  /** Lines that may belong to what follows. */
  #held: Held[] = [];
  #heldLength = 0;
  #isInKey = false;

  /** @param visit gets every line, in order */
  constructor(width: Width, visit: VisitLines) {
    this.#width = width;
    this.#visit = visit;
  }

  /**
   * @param raw one character for each byte or unit
   * @returns what can be given out so far, written in the same way
   */
  push(raw: string): string {
    const parts: string[] = [];
    let from = 0;
    for (let feed = raw.indexOf('\n'); feed >= 0; feed = raw.indexOf('\n', from)) {
      this.#partial += raw.slice(from, feed);
      this.#shorten(parts);
      const isCrlf = this.#partial.endsWith('\r');
      this.#line(isCrlf ? this.#partial.slice(0, -1) : this.#partial, isCrlf ? '\r\n' : '\n', parts);
      this.#partial = '';
      from = feed + 1;
    }
    this.#partial += raw.slice(from);
    this.#shorten(parts);
    return parts.join('');
  }

  /** The last line ends, with or without its end. */
  end(): string {
    const parts: string[] = [];
    if (this.#partial !== '') this.#line(this.#partial, '', parts);
    this.#partial = '';
    this.#release(parts);
    return parts.join('');
  }

  #line(raw: string, end: string, parts: string[]): void {
    const line = { ...this.#decoded(raw), raw, end };
    const marks = keyMarks(line.text);
    this.#held.push(line);
    this.#heldLength += raw.length;
    if (marks.length > 0) this.#isInKey = marks.at(-1) === 'BEGIN';
    const isFull = this.#held.length >= MAX_HELD || this.#heldLength > MAX_HELD_LENGTH;
    if (!isFull && (this.#isInKey || (marks.length === 0 && isKeyLine(line.text)))) return;
    this.#release(parts);
  }

  #release(parts: string[]): void {
    if (this.#held.length === 0) return;
    const masked = this.#visit(
      this.#held.map(({ text }) => text),
      false,
    );
    for (const [index, { text, isUtf8, raw, end }] of this.#held.entries()) {
      const line = masked[index]!;
      parts.push(line === text ? raw : this.#encoded(line, isUtf8), end);
    }
    this.#held = [];
    this.#heldLength = 0;
    this.#isInKey = false;
  }

  /** Masks the beginning of a line that is too long to be kept, up to where nothing stands across. */
  #shorten(parts: string[]): void {
    while (this.#partial.length > MAX_LINE) {
      this.#release(parts);
      const cut = this.#cutOf(this.#partial);
      const { text, isUtf8 } = this.#decoded(this.#partial.slice(0, cut));
      const [masked = ''] = this.#visit([text], false);
      parts.push(masked === text ? this.#partial.slice(0, cut) : this.#encoded(masked, isUtf8));
      this.#partial = this.#partial.slice(cut);
    }
  }

  #cutOf(line: string): number {
    let last = MAX_LINE / 2;
    const visited = (part: string) => this.#visit([part], true)[0]!;
    for (let at = MAX_LINE, tries = 0; at > MAX_LINE / 2 && tries < MAX_TRIES; at--) {
      if (!/[\s,;&|<>{}()"']/.test(line[at - 1]!)) continue;
      tries++;
      last = at;
      const before = line.slice(at - REACH, at);
      const behind = line.slice(at, at + REACH);
      if (visited(before + behind) === visited(before) + visited(behind)) return at;
    }
    while (this.#width === 1 ? /[\x80-\xbf]/.test(line[last]!) : /[\udc00-\udfff]/.test(line[last]!)) last--;
    return last;
  }

  /** Bytes that are no UTF-8 are read one by one: whatever they mean, they stay. */
  #decoded(raw: string): { readonly text: string; readonly isUtf8: boolean } {
    if (this.#width === 2 || !/[\x80-\xff]/.test(raw)) return { text: raw, isUtf8: false };
    const text = Buffer.from(raw, 'latin1').toString('utf8');
    return text.includes('\ufffd') ? { text: raw, isUtf8: false } : { text, isUtf8: true };
  }

  #encoded(text: string, isUtf8: boolean): string {
    return isUtf8 ? Buffer.from(text, 'utf8').toString('latin1') : text;
  }
}
