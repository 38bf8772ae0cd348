/**
 * Bytes -> lines, bounded. split2 does the splitting; what it lacks is here: byte offsets, and long lines in linear
 * time. It is fed latin1 strings, so that one character is one byte (UTF-16: one unit), each line is decoded when it is
 * whole, and a cutter in front of it lets no line grow beyond its bound.
 */
import { pipeline } from 'node:stream/promises';
import split2 from 'split2';
import type { Line } from '../model/line.js';
import type { Origin } from '../model/origin.js';
import type { EncodingChoice } from './encoding.js';
import { LineMaker } from './line-maker.js';
import { leadingNuls, Units } from './units.js';

/** What was seen so far; grows while a log is read, and stays true when its reading ends in an error. */
export interface LineCounts {
  lines: number;
  bytes: number;
  cutLines: number;
}

/**
 * Splits a stream of bytes.
 * @param counts is counted up
 * @param push gets every line, in order, synchronously
 */
export async function splitLines(
  bytes: AsyncIterable<Uint8Array>,
  origin: Origin,
  choice: EncodingChoice,
  counts: LineCounts,
  push: (line: Line) => void,
): Promise<void> {
  const maker = new LineMaker(origin, choice);
  const cutter = new LineCutter(maker.most);
  const reader = new Units(choice);
  const width = choice.encoding === 'utf-8' ? 1 : 2;

  const onLine = (raw: string): void => {
    const dropped = raw.length === maker.most ? cutter.takeDropped() : 0;
    if (dropped > 0) counts.cutLines++;
    counts.lines++;
    push(maker.make(raw, dropped));
  };

  async function* cutPieces(): AsyncGenerator<string> {
    let isHole = true;
    for await (const piece of bytes) {
      for (const units of reader.of(piece)) {
        counts.bytes += units.length * width;
        const nuls = isHole ? leadingNuls(units) : 0;
        if (nuls > 0) maker.skip(nuls);
        if (nuls < units.length) isHole = false;
        yield* cutter.push(nuls > 0 ? units.slice(nuls) : units);
      }
    }
    if (isHole && counts.bytes > 0) yield* cutter.push('\0'); // nothing but a hole is a line as well
    cutter.end();
  }
  await pipeline(cutPieces, split2('\n', onLine, { decodeStrings: false }));
}

/** Lets the first `most` characters of each line through and counts the rest. Pieces must be shorter than `most`. */
class LineCutter {
  /** Characters of the current line so far, also those that were dropped. */
  #inLine = 0;
  /** Of each line of at least `most` characters that was passed on: how many were dropped, oldest first. */
  readonly #dropped: number[] = [];

  constructor(readonly most: number) {}

  *push(piece: string): Generator<string> {
    const firstEnd = piece.indexOf('\n');
    const head = firstEnd < 0 ? piece.length : firstEnd;
    const room = this.most - this.#inLine;
    this.#inLine += head;
    if (firstEnd >= 0) {
      this.end(); // before the piece is handed out: whoever gets its lines asks what was dropped
      this.#inLine = piece.length - piece.lastIndexOf('\n') - 1;
    }
    if (head <= room) {
      yield piece;
      return;
    }
    if (room > 0) yield piece.slice(0, room);
    if (firstEnd >= 0) yield piece.slice(firstEnd);
  }

  /** The current line ends here. */
  end(): void {
    if (this.#inLine >= this.most) this.#dropped.push(this.#inLine - this.most);
    this.#inLine = 0;
  }

  takeDropped(): number {
    return this.#dropped.shift() ?? 0;
  }
}
