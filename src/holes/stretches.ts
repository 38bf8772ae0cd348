/** Bytes that were passed over -> the gaps in them. Only the times at the starts of lines are looked at. */
import { LEAST_GAP, type Span, type Stretch } from './timeline.js';

const LINE_TIME = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/gm;
const MAX_STAMP = 40; // characters
const MINUTE = 60_000; // milliseconds

/** Gets the bytes of a log from its start. */
export class StretchReader {
  readonly gaps: Span[] = [];
  readonly #waiting: Stretch[];
  readonly #instantOf: (text: string) => number | null;
  #at = 0;
  #rest = '';
  #last: { readonly minute: string; readonly stamp: string } | null = null;

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
    while (this.#waiting.length > 0 && this.#waiting[0]!.end <= this.#at) this.#leave();
    const [stretch] = this.#waiting;
    if (stretch !== undefined && end > stretch.start) {
      const text = this.#rest + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1');
      const lineEnd = text.lastIndexOf('\n') + 1;
      this.#look(text.slice(0, lineEnd));
      this.#rest = text.slice(lineEnd);
    }
    this.#at = end;
  }

  #leave(): void {
    this.#waiting.shift();
    this.#last = null;
    this.#rest = '';
  }

  #look(lines: string): void {
    for (const { 0: minute, index } of lines.matchAll(LINE_TIME)) {
      if (minute === this.#last?.minute) continue;
      const stamp = lines.slice(index, index + MAX_STAMP);
      if (this.#last !== null && mayBeApart(this.#last.minute, minute)) {
        const [from, to] = [this.#instantOf(this.#last.stamp), this.#instantOf(stamp)];
        if (from !== null && to !== null && to - from >= LEAST_GAP) this.gaps.push({ from, to });
      }
      this.#last = { minute, stamp };
    }
  }
}

/** Whether two minutes as they are printed may be as far from each other as a gap is long. */
function mayBeApart(before: string, minute: string): boolean {
  const of = (text: string) => Date.parse(`${text.slice(0, 10)}T${text.slice(11)}:00Z`);
  return of(minute) - of(before) >= LEAST_GAP - MINUTE;
}
