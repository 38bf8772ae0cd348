/** Bytes that were passed over -> the gaps in them. Times are looked for at the starts of lines. */
import { LEAST_GAP, type Span, type Stretch } from './timeline.js';

const LINE_TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/gm;
const FIRST_TIME = /\n(\d{4}-\d\d-\d\d[ T]\d\d:\d\d)/;
const MAX_STAMP = 40; // characters
const MINUTE = 60_000; // milliseconds
/** So far a piece is searched for its first line with a time. */
const HEAD_BYTES = 8192;

/** Gets the bytes of a log from its start. Of most pieces only the first time is looked at. */
export class StretchReader {
  readonly gaps: Span[] = [];
  readonly #waiting: Stretch[];
  readonly #instantOf: (text: string) => number | null;
  #at = 0;
  /** The piece before, and the first minute in it. */
  #before: { readonly bytes: Buffer; readonly minute: string | null } | null = null;

  /**
   * @param stretches in the order of the log
   * @param instantOf what a text that begins with a time says, milliseconds since 1970; null if it is none
   */
  constructor(stretches: readonly Stretch[], instantOf: (text: string) => number | null) {
    this.#waiting = [...stretches];
    this.#instantOf = instantOf;
  }

  /** Whether nothing more is needed. */
  get isDone(): boolean {
    return this.#waiting.length === 0;
  }

  push(piece: Uint8Array): void {
    const end = this.#at + piece.length;
    this.#at = end;
    const [stretch] = this.#waiting;
    if (stretch === undefined || end <= stretch.start) return;
    const bytes = Buffer.from(piece); // the piece is written over
    const minute = bytes.toString('latin1', 0, HEAD_BYTES).match(FIRST_TIME)?.[1] ?? null;
    const isLast = end >= stretch.end;
    const before = this.#before;
    const isTold = before === null || (before.minute !== null && minute !== null && !mayBeApart(before.minute, minute));
    if (!isTold || isLast)
      this.#look(Buffer.concat(before === null ? [bytes] : [before.bytes, bytes]).toString('latin1'));
    this.#before = { bytes, minute };
    if (!isLast) return;
    while (this.#waiting.length > 0 && this.#waiting[0]!.end <= end) this.#waiting.shift();
    if (this.#waiting.length === 0 || this.#waiting[0]!.start >= end) this.#before = null;
  }

  #look(text: string): void {
    let last = null as { readonly minute: string; readonly stamp: string } | null;
    for (const { 0: minute, index } of text.matchAll(LINE_TIME)) {
      if (minute === last?.minute) continue;
      const stamp = text.slice(index, index + MAX_STAMP);
      if (last !== null && mayBeApart(last.minute, minute)) {
        const [from, to] = [this.#instantOf(last.stamp), this.#instantOf(stamp)];
        if (from !== null && to !== null && to - from >= LEAST_GAP) this.gaps.push({ from, to });
      }
      last = { minute, stamp };
    }
  }
}

/** Whether two minutes as they are printed may be as far from each other as a gap is long. */
function mayBeApart(before: string, minute: string): boolean {
  const of = (text: string) => Date.parse(`${text.slice(0, 10)}T${text.slice(11)}:00Z`);
  return of(minute) - of(before) >= LEAST_GAP - MINUTE;
}
