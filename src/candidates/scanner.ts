/**
 * Bytes of a log -> the records that could matter, as bytes. Everything else is only counted and never decoded: in a log
 * of a gigabyte a known problem stands in a few kilobytes.
 *
 * A record could matter if one of the literals is in it that every match of some rule must contain, if it is an error
 * (when errors are asked for), or if something about it needs a closer look: a start that bytes alone do not prove, a byte
 * that its text will not have, a length that its bounds will cut, 200 lines without a start, after which the log may have
 * changed its kind. The first record that has a time and the last one are handed on: they say when a log begins and ends.
 * What is handed on is whole records in their order, so whoever reads them finds what a reader of all bytes would find.
 */
import type { Grams } from './grams.js';
import { BUCKET_SHIFT, MARK_SHIFT, type Memory, MOST_HITS, MOST_STARTS, PIECE, ROOM } from './memory.js';

/** What the scanner must know of a log's layouts. */
export interface Starts {
  /** The bytes with which a line may begin a record. */
  readonly firsts: readonly number[];
  /** Whether a line of the shape `yyyy-MM-dd HH:mm:ss,SSS THREAD LEVEL ` surely begins a record of that level. */
  readonly sure: boolean;
  /** Whether a line (without its line end) begins a record; asked where the bytes do not prove it. */
  isStart(line: Uint8Array): boolean;
}

/** The beginning of the last line before a record that surely began another one, and so has a time. */
export interface Dated {
  readonly offset: number;
  readonly head: Uint8Array;
}

/** Gets the records that could matter. */
export interface Receiver {
  /**
   * A record begins.
   * @param before null if no dated record was seen before it
   * @param held which of the literals are in it; null if that is not known
   */
  open(line: number, offset: number, before: Dated | null, held: readonly number[] | null): void;
  /**
   * Bytes of the record, in order; the view holds only during the call.
   * @returns true if the log has changed its kind: then the record never ends, all that follows belongs to it
   */
  bytes(bytes: Uint8Array): boolean;
  /** The record ends. */
  close(): void;
}

/** Kinds of starts; wasm/filter.ts writes them. */
const ERROR = 1;
const UNSURE = 2;
/** A record of so many lines is handed on: its reader may find that the log has changed its kind. */
const MANY_LINES = 200;
/** The beginning of a line that holds its time. */
const DATED_BYTES = 40;
const FEED = 10;
/** `findStarts` looks so far ahead. */
const AHEAD = 600;

export class CandidateScanner {
  /** Lines that were seen. */
  lines = 0;
  /** Records that were not handed on. */
  passed = 0;
  readonly #grams: Grams;
  readonly #memory: Memory;
  readonly #starts: Starts;
  readonly #errors: boolean;
  readonly #receiver: Receiver;
  /** Addresses of what is in memory, and where its first byte stands in the log. */
  #begin: number;
  #end: number;
  #offset = 0;
  /** Where the first line begins whose start was not looked at yet. */
  #scanned: number;
  /** The record that grows: where it begins, its first line, its kind, and whether it matters already. */
  #open: number;
  #openLine = 1;
  #openKind = UNSURE;
  #openMatters = true;
  /** The literals that are in it; null if that is not known. */
  #openHeld: Set<number> | null = new Set();
  /** How many records began, and whether one of them surely has a time: up to it all are handed on. */
  #begun = 0;
  #hasTime = false;
  /** The last record before the open one that has a surely known time; its address while it is in memory. */
  #dated: Dated | number | null = null;
  /** Bytes of the open record up to here are handed on already; -1 if none are. */
  #handedOn = -1;
  /** The beginning of the open record where it is no longer in memory. */
  #openHead: Dated | null = null;
  /** The log has changed its kind: everything belongs to the open record. */
  #changed = false;
  /** The line at `#scanned` is so long that it was looked at before its end was there. */
  #inLine = false;
  #trained = false;

  /** @param errors whether error records matter by themselves */
  constructor(grams: Grams, starts: Starts, errors: boolean, receiver: Receiver) {
    this.#grams = grams;
    this.#memory = grams.memory;
    this.#starts = starts;
    this.#errors = errors;
    this.#receiver = receiver;
    const { bytes, data, firsts } = this.#memory;
    bytes.fill(0, firsts, firsts + 256);
    for (const byte of starts.firsts) bytes[firsts + byte] = 1;
    this.#begin = this.#end = this.#scanned = this.#open = data;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE) this.#take(bytes.subarray(at, at + PIECE));
  }

  end(): void {
    if (this.#inLine) this.lines++;
    else if (this.#scanned < this.#end) {
      // A last line without an end gets one, which belongs to nobody.
      this.#memory.bytes[this.#end] = FEED;
      if (this.#changed) this.lines++;
      else {
        const marked = this.#marked(this.#scanned);
        this.#scan(this.#end + 1, marked);
        this.#note(marked, 0, this.#end);
      }
    }
    if (this.#begin === this.#end && this.#begun === 0) return;
    this.#openMatters = true;
    this.#closeRecord(this.#end);
    if (this.#changed) this.#receiver.close();
  }

  #take(piece: Uint8Array): void {
    const { bytes } = this.#memory;
    this.#carry();
    const fresh = this.#end;
    bytes.set(piece, fresh);
    this.#end += piece.length;
    bytes.fill(0, this.#end, this.#end + AHEAD);
    if (this.#inLine) this.#passLine();
    if (this.#changed) {
      this.#passAll();
      return;
    }
    if (!this.#trained) this.#grams.train(fresh, this.#end);
    this.#trained = true;
    // A line of which only the beginning was there is looked at again: a literal may begin in it, or it may begin a record,
    // whose literals are those of its first line, too. No literal goes over the end of a line.
    const marked = this.#marked(Math.min(fresh, this.#scanned));
    const lastFeed = bytes.lastIndexOf(FEED, this.#end - 1);
    if (lastFeed >= this.#scanned) this.#scan(lastFeed + 1, marked);
    if (this.#changed) return;
    this.#note(marked, 0, this.#end);
    this.#handOnEarly();
  }

  /** Moves what is still needed to the beginning of memory. */
  #carry(): void {
    const { bytes, data } = this.#memory;
    if (typeof this.#dated === 'number') this.#dated = this.#datedAt(this.#dated);
    const from = this.#changed ? this.#end : this.#handedOn < 0 ? this.#open : this.#handedOn;
    bytes.copyWithin(data, from, this.#end);
    this.#offset += from - this.#begin;
    this.#end -= from - data;
    this.#scanned -= from - data;
    this.#open -= from - data;
    if (this.#handedOn >= 0) this.#handedOn = data;
    this.#begin = data;
  }

  /** What makes its record matter in the bytes from `fresh` on: marks, in the order of their addresses. */
  #marked(fresh: number): Marks {
    const { code, marks, buckets, entries, hits, words } = this.#memory;
    const { stride } = this.#grams;
    const found = code.findLiterals(
      this.#begin,
      this.#end,
      fresh,
      stride,
      marks,
      MARK_SHIFT,
      buckets,
      BUCKET_SHIFT,
      entries,
      hits,
      MOST_HITS,
    );
    if (found > MOST_HITS) return null;
    const marked: number[] = [];
    for (let at = hits >> 2; at < (hits >> 2) + found * 2; at += 2) marked.push(toMark(words[at]!, words[at + 1]!));
    const odd = code.findOdd(fresh, this.#end, hits, MOST_HITS);
    for (let at = hits >> 2; at < (hits >> 2) + odd; at++) marked.push(toMark(words[at]!, UNKNOWN));
    return marked.sort((a, b) => a - b);
  }

  /** Notes those of some marks that are in the open record, which ends at `end`; returns the place of the first behind it. */
  #note(marked: Marks, from: number, end: number): number {
    if (marked === null) {
      this.#openHeld = null;
      return from;
    }
    let next = from;
    for (; next < marked.length && addressOf(marked[next]!) < end; next++) {
      const literal = literalOf(marked[next]!);
      if (addressOf(marked[next]!) < this.#open) continue;
      if (literal === UNKNOWN) this.#openHeld = null;
      else this.#openHeld?.add(literal);
    }
    return next;
  }

  /** Looks at all lines that begin in [scanned, to); `to` lies behind a line end. */
  #scan(to: number, marked: Marks): void {
    const { code, firsts, starts, words } = this.#memory;
    let next = 0; // of `marked`
    while (this.#scanned < to && !this.#changed) {
      let end = to;
      let found = code.findStarts(this.#scanned, end, firsts, this.#starts.sure, starts, MOST_STARTS);
      while (found > MOST_STARTS) {
        const middle = this.#scanned + ((end - this.#scanned) >> 1);
        end = this.#memory.bytes.lastIndexOf(FEED, middle) + 1;
        // A line that is longer than half of the rest: it alone comes first.
        if (end <= this.#scanned) end = this.#memory.bytes.indexOf(FEED, this.#scanned) + 1;
        found = code.findStarts(this.#scanned, end, firsts, this.#starts.sure, starts, MOST_STARTS);
      }
      const lines = code.lineCount();
      for (let index = 0; index < found; index++) {
        const entry = (starts >> 2) + index * 3;
        const at = words[entry]!;
        const kind = words[entry + 2]!;
        if (kind === UNSURE && !this.#isStart(at)) continue;
        next = this.#note(marked, next, at);
        this.#beginRecord(at, this.lines + 1 + words[entry + 1]!, kind);
        if (this.#changed) break;
      }
      this.lines += lines;
      this.#scanned = end;
    }
    if (this.#changed) this.#passAll();
  }

  #isStart(at: number): boolean {
    const { bytes } = this.#memory;
    const isFirst = this.#offset === 0 && at === this.#begin;
    const from = isFirst && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at;
    const end = bytes.indexOf(FEED, from);
    return this.#starts.isStart(bytes.subarray(from, Math.min(end < 0 ? this.#end : end, this.#end)));
  }

  /** A record begins at `at`, so the open one ends there. */
  #beginRecord(at: number, line: number, kind: number): void {
    const isFirst = this.#offset === 0 && at === this.#begin && this.#begun === 0;
    if (!isFirst) {
      if (line - this.#openLine >= MANY_LINES) this.#openMatters = true;
      this.#closeRecord(at);
      if (this.#changed) return;
      if (this.#openKind !== UNSURE) this.#dated = this.#openHead ?? this.#open;
      this.#openHead = null;
    }
    this.#begun++;
    this.#open = at;
    this.#openLine = line;
    this.#openKind = kind;
    this.#openHeld = new Set();
    this.#openMatters = !this.#hasTime || kind === UNSURE || (this.#errors && kind === ERROR);
    if (kind !== UNSURE) this.#hasTime = true;
  }

  /** The open record ends before `end`: it is handed on or passed over. */
  #closeRecord(end: number): void {
    if (this.#handedOn < 0 && !this.#openMatters && this.#openHeld?.size === 0) {
      this.passed++;
      return;
    }
    this.#handOn(end);
    if (this.#changed) return;
    this.#receiver.close();
    this.#handedOn = -1;
  }

  /** Hands on the bytes of the open record up to `end`. */
  #handOn(end: number): void {
    if (this.#handedOn < 0) {
      const before = typeof this.#dated === 'number' ? this.#datedAt(this.#dated) : this.#dated;
      this.#receiver.open(
        this.#openLine,
        this.#offset + this.#open - this.#begin,
        before,
        this.#openHeld && [...this.#openHeld],
      );
      this.#handedOn = this.#open;
    }
    if (this.#receiver.bytes(this.#memory.bytes.subarray(this.#handedOn, end))) this.#changed = true;
    this.#handedOn = end;
  }

  /** A record that is too long to wait for its end is handed on line by line, a line that is too long in parts. */
  #handOnEarly(): void {
    if (this.#end - this.#open <= ROOM) return;
    if (this.#handedOn < 0) this.#openHead = this.#datedAt(this.#open);
    this.#openHeld = null; // what is still to come is not known
    if (this.#handedOn < 0 || this.#scanned > this.#handedOn) this.#handOn(this.#scanned);
    if (this.#changed) {
      this.#passAll();
      return;
    }
    if (this.#end - this.#scanned <= ROOM) return;
    if (this.#isLongStart()) {
      this.#beginRecord(this.#scanned, this.lines + 1, UNSURE);
      if (this.#changed) {
        this.#passAll();
        return;
      }
    }
    this.#inLine = true;
    this.#openHeld = null;
    this.#scanned = this.#end;
    this.#handOn(this.#end);
    if (this.#changed) this.#passAll();
  }

  /** Whether the line at `#scanned`, of which more than is kept of a line is there, begins a record. */
  #isLongStart(): boolean {
    const { bytes, firsts } = this.#memory;
    return bytes[firsts + bytes[this.#scanned]!] === 1 && this.#isStart(this.#scanned);
  }

  /** The rest of a line whose beginning was handed on. */
  #passLine(): void {
    const feed = this.#memory.bytes.indexOf(FEED, this.#scanned);
    const ends = feed >= 0 && feed < this.#end;
    this.#scanned = ends ? feed + 1 : this.#end;
    this.#inLine = !ends;
    if (ends) this.lines++;
    this.#handOn(this.#scanned);
  }

  /** Everything that is in memory belongs to the open record. */
  #passAll(): void {
    const { bytes } = this.#memory;
    for (let at = bytes.indexOf(FEED, this.#scanned); at >= 0 && at < this.#end; at = bytes.indexOf(FEED, at + 1)) {
      this.lines++;
      this.#scanned = at + 1;
    }
    if (this.#handedOn < this.#end) this.#receiver.bytes(bytes.subarray(this.#handedOn, this.#end));
    this.#handedOn = this.#end;
  }

  #datedAt(at: number): Dated {
    return { offset: this.#offset + at - this.#begin, head: this.#memory.bytes.slice(at, at + DATED_BYTES) };
  }
}

/** What makes records matter; null if there is too much of it, so that every record does. */
type Marks = readonly number[] | null;

/** In place of a literal: a byte that the text of its line will not have, so that literals may be whole in it and not here. */
const UNKNOWN = 0xffff;
const LITERALS = 0x10000;

/** A mark is an address and a literal in one number, so that marks are ordered by their addresses. */
function toMark(address: number, literal: number): number {
  return address * LITERALS + literal;
}

function addressOf(mark: number): number {
  return Math.floor(mark / LITERALS);
}

function literalOf(mark: number): number {
  return mark % LITERALS;
}
