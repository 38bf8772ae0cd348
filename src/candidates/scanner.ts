/**
 * Bytes of a log -> the records that could matter, as bytes. Everything else is only counted and never decoded: in a log
 * of a gigabyte a known problem stands in a few kilobytes.
 *
 * A record could matter if one of the literals is in it that every match of some rule must contain, if it is an error
 * (when errors are asked for), or if something about it needs a closer look: a start whose level the bytes do not prove, a byte
 * that its text will not have, 200 lines without a start, after which the log may have changed its kind. The first record
 * that has a time and the last one are handed on: they say when a log begins and ends. What is handed on is whole records in
 * their order, so whoever reads them finds what a reader of all bytes would find.
 *
 * The bytes lie in the memory of WebAssembly code (wasm/filter.ts), which looks at them; here is only what happens once a
 * piece, and what happens to a record that is longer than the memory.
 */
import type { Grams } from './grams.js';
import { type Memory, MOST_HITS, MOST_TOLD, PIECE, ROOM, TOLD_WORDS } from './memory.js';

/** What the scanner must know of a log's layouts. */
export interface Starts {
  /** The bytes with which a line may begin a record. */
  readonly firsts: readonly number[];
  /** The shape of lines that surely begin a record of the level that stands in them, see wasm/start.ts; 0 if there is none. */
  readonly shape: number;
  /** Whether a line (without its line end) begins a record; asked where the bytes do not prove it. */
  isStart(line: Uint8Array): boolean;
}

/** The beginning of the last line before a record that surely began another one, and so has a time. */
export interface Dated {
  readonly offset: number;
  readonly head: Uint8Array;
}

/** A record that could matter. Its bytes can be read only while it is handed on. */
export interface Candidate {
  /** Length in bytes of its lines with their line ends. */
  readonly length: number;
  /** Its lines with their line ends, a character a byte. */
  raw(): string;
  /** The same as bytes. */
  bytes(): Uint8Array;
  /** Number of its first line, and how many there are. */
  readonly line: number;
  readonly lines: number;
  readonly offset: number;
  /** Which of the literals are in it; null if that is not known. */
  readonly held: readonly number[] | null;
  /** Whether its text is its bytes: ASCII without CR and other control characters. */
  readonly isPlain: boolean;
  /** Whether it is surely an error record. */
  readonly isError: boolean;
  /** Whether its bytes do not prove that it begins with a time. */
  readonly isUnsure: boolean;
  /** Whether it is handed on whatever is in it. */
  readonly isWanted: boolean;
  /** How many records were passed over before it. */
  readonly passed: number;
  /** Records with the same key have the same stack trace but for messages, sources and line numbers; null if it has none. */
  readonly key: number | null;
  /** Null if no dated record was seen before it. */
  before(): Dated | null;
}

/** Gets the records that could matter. */
export interface Receiver {
  /** @returns true if the log has changed its kind: then the record never ends, all that follows belongs to it */
  record(candidate: Candidate): boolean;
  /** A record begins that is too long to be handed on as a whole, at this line and position. */
  open(line: number, offset: number, before: Dated | null): void;
  /** Bytes of the open record, in order; the view holds only during the call. Returns as `record` does. */
  part(bytes: Uint8Array): boolean;
  /** The open record ends. */
  close(): void;
}

/** What is told of a record; wasm/records.ts writes it. */
const IS_ERROR = 1;
const IS_UNSURE = 2;
const IS_UNKNOWN = 4;
const IS_STRANGE = 8;
const IS_WANTED = 16;
/** The beginning of a line that holds its time. */
export const DATED_BYTES = 40;
const FEED = 10;
/** `walk` looks so far ahead. */
const AHEAD = 600;

export class CandidateScanner {
  readonly #grams: Grams;
  readonly #memory: Memory;
  readonly #starts: Starts;
  readonly #receiver: Receiver;
  readonly #linesBefore: number;
  /** Addresses of what is in memory, and where its first byte stands in the log. */
  #begin: number;
  #end: number;
  #offset = 0;
  /** The last record before the open one that surely has a time, where it is no longer in memory. */
  #dated: Dated | null = null;
  /** The open record, or one of another kind of log, is handed on in parts; up to this address that was done. */
  #mode: 'whole' | 'parts' | 'changed' = 'whole';
  #handedOn = 0;
  /** The line at `next` is so long that it was looked at before its end was there. */
  #inLine = false;
  /** The first line began before the bytes that this scanner gets. */
  #skipsLine: boolean;
  /** No record of the range has begun yet. */
  #isForeign: boolean;
  /** Counts from where the log changed its kind. */
  #linesAfter = 0;
  #passed: number | null = null;

  /**
   * @param errors whether error records matter by themselves
   * @param range the records that begin in it are handed on
   * @param linesBefore how many lines begin before the range
   */
  constructor(
    grams: Grams,
    starts: Starts,
    errors: boolean,
    receiver: Receiver,
    range: Range = WHOLE,
    linesBefore = 0,
  ) {
    this.#grams = grams;
    this.#memory = grams.memory;
    this.#starts = starts;
    this.#receiver = receiver;
    const { bytes, code, data, firsts, held, hits, told } = this.#memory;
    bytes.fill(0, firsts, firsts + 256);
    for (const byte of starts.firsts) bytes[firsts + byte] = 1;
    this.#begin = this.#end = data;
    this.#memory.isStart = (at) => this.#isStart(at);
    code.setUp(firsts, hits, held, MOST_HITS, told, MOST_TOLD, starts.shape, errors);
    this.#linesBefore = linesBefore;
    this.#offset = range.from;
    this.#skipsLine = this.#isForeign = range.from > 0;
    code.begin(data, range.from > 0);
    if (range.to !== WHOLE.to) code.limit.value = data + range.to - range.from;
  }

  /** Whether a record was met that begins behind the range: all that is wanted was handed on. */
  get isDone(): boolean {
    return this.#mode !== 'changed' && this.#memory.code.atLimit.value !== 0;
  }

  /** Whether the log has changed its kind: all that follows is handed on. */
  get hasChanged(): boolean {
    return this.#mode === 'changed';
  }

  /** Lines that were seen, from the first byte of the range on. */
  get lines(): number {
    return this.#memory.code.lines.value + this.#linesAfter;
  }

  /** Records that were not handed on. */
  get passed(): number {
    return this.#passed ?? this.#memory.code.passed.value;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE) {
      const piece = bytes.subarray(at, at + PIECE);
      this.space().set(piece);
      this.took(piece.length);
    }
  }

  /** Where the next bytes of the log go; what was handed on is gone with it. */
  space(): Uint8Array {
    const { bytes, code, data } = this.#memory;
    if (code.dated.value !== 0) this.#dated = this.#datedAt(code.dated.value);
    const from = this.#mode === 'whole' ? code.open.value : this.#handedOn;
    bytes.copyWithin(data, from, this.#end);
    code.shift(from - data);
    this.#handedOn -= from - data;
    this.#offset += from - this.#begin;
    this.#end -= from - data;
    this.#begin = data;
    return bytes.subarray(this.#end, this.#end + PIECE);
  }

  /** So many bytes were put into the space. */
  took(length: number): void {
    const { bytes } = this.#memory;
    const fresh = this.#end;
    this.#end += length;
    bytes.fill(0, this.#end, this.#end + AHEAD);
    if (this.#inLine) this.#passLine();
    if (this.#mode === 'changed') {
      this.#passAll();
      return;
    }
    if (this.#skipsLine) this.#skipsLine = !this.#skipLine();
    this.#grams.sees(fresh, this.#end);
    this.#walk(bytes.lastIndexOf(FEED, this.#end - 1) + 1);
    this.#isForeign = this.#memory.code.dropForeign() !== 0;
    if (!this.isDone) this.#handOnEarly();
  }

  end(): void {
    const { bytes, code } = this.#memory;
    if (this.#inLine || this.#skipsLine) code.skipTo(this.#end, 1);
    else if (code.next.value < this.#end) {
      if (this.#mode === 'changed') this.#linesAfter++;
      else {
        // A last line without an end gets one, which belongs to nobody.
        bytes[this.#end] = FEED;
        this.#walk(this.#end + 1);
      }
    }
    if (this.isDone) return;
    if (this.#mode === 'changed') {
      this.#receiver.close();
      return;
    }
    code.finish(this.#end);
    this.#drain();
    if (this.#mode !== 'whole') this.#receiver.close();
  }

  /** Passes over the rest of a line, as far as it is there. Returns whether it ends. */
  #skipLine(): boolean {
    const { bytes, code } = this.#memory;
    const feed = bytes.indexOf(FEED, code.next.value);
    const ends = feed >= 0 && feed < this.#end;
    code.skipTo(ends ? feed + 1 : this.#end, Number(ends));
    return ends;
  }

  /** Looks at all lines that end before `to`. */
  #walk(to: number): void {
    const { code } = this.#memory;
    if (to <= code.next.value) return;
    this.#find(to);
    for (let done = false; !done && !this.isDone && this.#mode !== 'changed'; ) {
      done = code.walk(to) !== 0;
      this.#drain();
    }
    if (this.#mode === 'changed') this.#passAll();
  }

  /** Finds the literals in the lines that were not looked at yet. */
  #find(to: number): void {
    const { code, hits } = this.#memory;
    const from = code.next.value;
    const found = code.findLiterals(from, to, from, this.#grams.stride, hits, MOST_HITS);
    code.foundHits(found, found <= MOST_HITS);
  }

  /** Hands on the records that could matter. */
  #drain(): void {
    const { code, words, told } = this.#memory;
    const count = code.waiting.value;
    for (let index = 0; index < count; index++) {
      const entry = (told >> 2) + index * TOLD_WORDS;
      const end = words[entry + 1]!;
      if (this.#mode === 'parts') {
        // The record that was begun ends here.
        this.#part(end, words[entry + 10]!);
        if (this.#mode !== 'parts') break;
        this.#receiver.close();
        this.#mode = 'whole';
      } else if (this.#receiver.record(this.#candidate(entry))) {
        this.#changes(end, words[entry + 10]!);
        break;
      }
    }
    code.drained();
  }

  #candidate(entry: number): Candidate {
    const { bytes, buffer, words } = this.#memory;
    const start = words[entry]!;
    const end = words[entry + 1]!;
    const flags = words[entry + 4]!;
    const dated = words[entry + 7]!;
    return {
      length: end - start,
      raw: () => buffer.toString('latin1', start, end),
      bytes: () => bytes.subarray(start, end),
      line: this.#linesBefore + words[entry + 2]!,
      lines: words[entry + 3]!,
      offset: this.#offset + start - this.#begin,
      held: (flags & IS_UNKNOWN) !== 0 ? null : this.#held(words[entry + 5]!, words[entry + 6]!),
      isPlain: (flags & IS_STRANGE) === 0,
      isError: (flags & IS_ERROR) !== 0,
      isUnsure: (flags & IS_UNSURE) !== 0,
      isWanted: (flags & (IS_WANTED | IS_UNSURE)) !== 0,
      passed: words[entry + 10]!,
      key: keyOf(words[entry + 8]!, words[entry + 9]!),
      before: () => this.#before(dated),
    };
  }

  #held(from: number, to: number): readonly number[] {
    if (from === to) return NONE;
    const { words, held } = this.#memory;
    const found: number[] = [];
    for (let at = (held >> 2) + from; at < (held >> 2) + to; at++) {
      const literal = words[at]!;
      if (!found.includes(literal)) found.push(literal);
      if (found.length > MANY_LITERALS)
        return Array.from(new Set(words.subarray((held >> 2) + from, (held >> 2) + to)));
    }
    return found;
  }

  #isStart(at: number): boolean {
    const { bytes } = this.#memory;
    const isFirst = this.#offset === 0 && at === this.#begin;
    const from = isFirst && bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at;
    const end = bytes.indexOf(FEED, from);
    return this.#starts.isStart(bytes.subarray(from, Math.min(end < 0 ? this.#end : end, this.#end)));
  }

  // ------------------------------------------------------- what is longer than memory, and logs that change their kind

  /** A record that is too long to wait for its end is handed on line by line, a line that is too long in parts. */
  #handOnEarly(): void {
    const { code } = this.#memory;
    if (this.#mode === 'changed' || this.#end - code.open.value <= ROOM) return;
    this.#partsTo(code.next.value);
    if (this.hasChanged || this.#end - code.next.value <= ROOM) return;
    if (this.#isLongStart()) {
      code.beginHere();
      this.#isForeign = false;
      this.#drain();
      if (this.isDone) return;
      this.#partsTo(code.next.value);
      if (this.hasChanged) return;
    }
    this.#inLine = true;
    code.skipTo(this.#end, 0);
    this.#partsTo(this.#end);
  }

  /** Hands on the open record up to `to`. */
  #partsTo(to: number): void {
    const { code } = this.#memory;
    if (this.#isForeign) {
      code.dropForeign();
      return;
    }
    if (this.#mode === 'whole') {
      const open = code.open.value;
      const before = this.#before(code.dated.value);
      this.#receiver.open(this.#linesBefore + code.openLine.value, this.#offset + open - this.#begin, before);
      this.#dated = code.hasSureTime() !== 0 ? this.#datedAt(open) : before;
      this.#mode = 'parts';
      this.#handedOn = open;
    }
    this.#part(to);
    code.handedOn(to);
    if (this.#mode !== 'parts') this.#passAll();
  }

  /** Hands on bytes up to `to`; so many records were passed over before. */
  #part(to: number, passed = this.passed): void {
    const from = this.#handedOn;
    this.#handedOn = to;
    if (from < to && this.#receiver.part(this.#memory.bytes.subarray(from, to)) && this.#mode === 'parts')
      this.#changes(to, passed);
  }

  /** The log has changed its kind, behind what was handed on up to `at`; so many records were passed over before. */
  #changes(at: number, passed: number): void {
    this.#mode = 'changed';
    this.#handedOn = at;
    this.#passed = passed;
  }

  /** Whether the line at `next`, of which more than is kept of a line is there, begins a record. */
  #isLongStart(): boolean {
    const { bytes, code, firsts } = this.#memory;
    return bytes[firsts + bytes[code.next.value]!] === 1 && this.#isStart(code.next.value);
  }

  /** The rest of a line whose beginning was handed on. */
  #passLine(): void {
    this.#inLine = !this.#skipLine();
    this.#partsTo(this.#memory.code.next.value);
  }

  /** Everything that is in memory belongs to the open record. */
  #passAll(): void {
    const { bytes, code } = this.#memory;
    let next = code.next.value;
    for (let at = bytes.indexOf(FEED, next); at >= 0 && at < this.#end; at = bytes.indexOf(FEED, at + 1)) {
      this.#linesAfter++;
      next = at + 1;
    }
    code.skipTo(next, 0);
    this.#part(this.#end);
  }

  /** @param dated the address of the record that is meant; 0 if it is no longer in memory */
  #before(dated: number): Dated | null {
    return dated === 0 ? this.#dated : this.#datedAt(dated);
  }

  #datedAt(at: number): Dated {
    return { offset: this.#offset + at - this.#begin, head: this.#memory.bytes.slice(at, at + DATED_BYTES) };
  }
}

/**
 * A part of a log, in bytes. The records that begin behind its first byte, up to and with its end, are its own, and the log's
 * first byte is of the first range; so ranges can be cut anywhere.
 */
export interface Range {
  readonly from: number;
  readonly to: number;
}

const WHOLE: Range = { from: 0, to: Number.POSITIVE_INFINITY };

const NONE: readonly number[] = [];
/** From so many on a set finds doubles faster. */
const MANY_LITERALS = 16;

/** 53 of the 64 bits. */
function keyOf(low: number, high: number): number | null {
  return low === 0 ? null : (high & 0x1fffff) * 4294967296 + low;
}
