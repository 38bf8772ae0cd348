/**
 * One large log -> the records that could matter, in order: the fast way. The others are only counted. Of a plain file ranges
 * can be looked at side by side, by other threads; what they found is taken in the order of the file, as if one had read it.
 */
import type { BatchReader } from './candidates/batch.js';
import { type Filter, isRuledOut, isWhole } from './candidates/filter.js';
import { type RangeScanner, rangeScanner, scanRange } from './candidates/range.js';
import { type Candidate, CandidateScanner, type Dated, type Range, type Receiver } from './candidates/scanner.js';
import type { EncodingChoice } from './lines/encoding.js';
import { LineSlicer } from './lines/slice.js';
import type { LineCounts } from './lines/split.js';
import { latin1 } from './model/latin1.js';
import type { Needs } from './model/literal.js';
import type { LogRecord } from './model/log-record.js';
import type { Origin } from './model/origin.js';
import type { RecordReceiver } from './model/record-receiver.js';
import type { OpenFile } from './model/source.js';
import { type AssemblerOptions, RecordAssembler, wholeRecord } from './records/assembler.js';
import { startOf } from './records/family.js';
import type { Family } from './records/format.js';
import { stampAt, toInstant } from './records/time.js';
import { startsOf } from './starts.js';

/** Other threads. */
export interface Threads {
  /** Length of the ranges that they look at: what was found in some of them waits for its turn. */
  readonly rangeBytes: number;
  /** Whether a file is so large (in bytes) that they help. */
  isWorthIt(size: number): boolean;
  /** They begin to look at ranges of a file, from its first one on; one file at a time. */
  begin(job: Job): Ahead;
}

/** What other threads must know to look at ranges of a file. */
export interface Job {
  readonly file: OpenFile;
  /** Name of the family whose formats begin records. */
  readonly family: string;
  readonly errors: boolean;
  /** What each rule needs. */
  readonly needs: readonly Needs[];
  /** By which the caller looks at ranges, too, while it waits. */
  readonly scanner: RangeScanner;
}

/** Ranges that other threads look at ahead. */
export interface Ahead {
  /** Takes the next range for the caller; false if another thread has it already. */
  claim(index: number): boolean;
  /** What another thread found in a range; null if it gave it back. */
  result(index: number): Promise<BatchReader | null>;
  /** The range was taken in: there is room for another one. */
  done(index: number): void;
  /** Nothing more is read; returns when no thread reads from the file any more. */
  end(): void;
}

export interface SiftOptions extends AssemblerOptions {
  readonly filter: Filter;
  /** Other threads, and what they must know of the rules; null if there are none. */
  readonly threads: { readonly pool: Threads; readonly needs: readonly Needs[] } | null;
  /** Whether no error record may be passed over. */
  readonly errors: boolean;
}

/** What was seen of a log so far; stays true when its reading ends in an error. */
export interface ReadCounts extends LineCounts {
  /** Records that were passed over. */
  passed: number;
}

/** After so many bytes everything else has its turn. */
const ALONE_BYTES = 8 * 1024 * 1024;
const REST_BYTES = 256 * 1024;
const FEED = 10;

/** Number and position of a line. */
export interface LineStart {
  readonly number: number;
  readonly offset: number;
}

/** Sifts one log. */
export class Sift {
  readonly #options: SiftOptions;
  readonly #counts: ReadCounts;
  readonly #sifter: Sifter;
  readonly #starts: ReturnType<typeof startsOf>;
  readonly #progress: (bytes: number) => void;
  /** Where reading begins. */
  #from: LineStart = { number: 1, offset: 0 };
  /** Lines and records that were passed over in the ranges so far, and the position up to which bytes were counted. */
  #lines = 0;
  #passed = 0;
  #seen = 0;

  /** @param progress told of bytes that were read */
  constructor(
    origin: Origin,
    choice: EncodingChoice,
    options: SiftOptions,
    counts: ReadCounts,
    progress: (bytes: number) => void,
    receiver: RecordReceiver,
  ) {
    this.#options = options;
    this.#counts = counts;
    this.#sifter = new Sifter(origin, choice, options, counts, receiver);
    this.#starts = startsOf(options.family);
    this.#progress = progress;
  }

  /**
   * A stream.
   * @throws InputError after what could be read
   */
  async pieces(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const scanner = this.#scanner({ from: 0, to: Number.POSITIVE_INFINITY });
    try {
      for await (const piece of bytes) {
        this.#counts.bytes += piece.length;
        scanner.push(piece);
      }
    } finally {
      scanner.end();
      this.#lines = scanner.lines;
      this.#passed = scanner.passed;
      this.#count();
    }
  }

  /** The family that the log has changed to; null if it has not. */
  get changedTo(): Family | null {
    return this.#sifter.changedTo;
  }

  /**
   * A plain file.
   * @param from the first line that is read; one that begins a record, or the first one
   * @throws InputError after what could be read
   */
  async file(file: OpenFile, from: LineStart = this.#from): Promise<void> {
    this.#from = from;
    // Line ends are counted, and the one before the first line is in the first range.
    this.#lines = Math.max(0, from.number - 2);
    this.#seen = from.offset;
    const { filter, family, errors } = this.#options;
    const { pool = null, needs = [] } = this.#options.threads ?? {};
    // What begins a range belongs to the one before it, but for the first byte of a log.
    const begin = Math.max(0, from.offset - 1);
    const threads = begin === 0 && pool?.isWorthIt(file.size) ? pool : null;
    const rangeBytes = threads?.rangeBytes ?? ALONE_BYTES;
    const scanner = rangeScanner(filter, this.#starts, errors, file);
    const ahead = threads?.begin({ file, family: family.name, errors, needs, scanner }) ?? null;
    let rested = begin;
    try {
      for (let index = 0; begin + index * rangeBytes < file.size; index++) {
        const start = begin + index * rangeBytes;
        const range = { from: start, to: Math.min(file.size, start + rangeBytes) };
        const batch = ahead === null || ahead.claim(index) ? null : await ahead.result(index);
        const hasChanged = batch === null ? this.#own(file, range) : this.#others(file, range, batch);
        if (hasChanged) break;
        ahead?.done(index);
        if (range.to - rested < ALONE_BYTES) continue;
        rested = range.to;
        await turn();
      }
    } finally {
      ahead?.end();
      this.#count();
    }
  }

  /** A range that this thread looks at. Returns whether the log has changed its kind; then everything was read. */
  #own(file: OpenFile, range: Range): boolean {
    const scanner = this.#scanner(range);
    try {
      this.#lines += scanRange(scanner, file, range, (position) => this.#sawTo(position));
    } catch (error) {
      this.#lines += scanner.lines;
      throw error;
    } finally {
      this.#passed += scanner.passed;
    }
    return scanner.hasChanged;
  }

  /** A range that another thread looked at. Returns as {@link #own} does. */
  #others(file: OpenFile, { to }: Range, batch: BatchReader): boolean {
    for (const candidate of batch.candidates(this.#lines)) {
      if (!this.#sifter.record(candidate)) continue;
      this.#passed += candidate.passed;
      this.#lines = candidate.line - 1 + candidate.lines;
      this.#rest(file, candidate.offset + candidate.length);
      return true;
    }
    this.#lines += batch.lines;
    this.#passed += batch.passed;
    this.#sawTo(to);
    return false;
  }

  /** All that follows belongs to the open record. */
  #rest(file: OpenFile, from: number): void {
    const space = Buffer.allocUnsafe(REST_BYTES);
    let last = FEED;
    try {
      for (let at = from; at < file.size; ) {
        const piece = space.subarray(0, file.read(space, at));
        at += piece.length;
        this.#sawTo(at);
        for (let feed = piece.indexOf(FEED); feed >= 0; feed = piece.indexOf(FEED, feed + 1)) this.#lines++;
        last = piece[piece.length - 1]!;
        this.#sifter.part(piece);
      }
    } finally {
      if (last !== FEED) this.#lines++;
      this.#sifter.close();
    }
  }

  #scanner(range: Range): CandidateScanner {
    const { filter, errors } = this.#options;
    return new CandidateScanner(filter.grams(), this.#starts, errors, this.#sifter, range, this.#lines);
  }

  #sawTo(position: number): void {
    const more = position - this.#seen;
    if (more <= 0) return;
    this.#seen = position;
    this.#counts.bytes += more;
    this.#progress(more);
  }

  #count(): void {
    this.#counts.lines += this.#lines - this.#from.number + 1;
    this.#counts.passed += this.#passed + this.#sifter.passed;
  }
}

/** Lets everything else that waits have its turn: signals, timers. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Records as bytes -> records. */
class Sifter implements Receiver {
  readonly #origin: Origin;
  readonly #slicer: LineSlicer;
  readonly #options: SiftOptions;
  readonly #receiver: RecordReceiver;
  /** Joins the lines of a record that is not taken as a whole. */
  #assembler: RecordAssembler | null = null;
  /** Records that a closer look showed not to matter. */
  passed = 0;
  /** The family that the log has changed to; null if it has not. */
  changedTo: Family | null = null;

  constructor(
    origin: Origin,
    choice: EncodingChoice,
    options: SiftOptions,
    counts: LineCounts,
    receiver: RecordReceiver,
  ) {
    this.#origin = origin;
    this.#slicer = new LineSlicer(origin, choice, counts, (line) => this.#assembler!.push(line));
    this.#options = options;
    this.#receiver = receiver;
  }

  record(candidate: Candidate): boolean {
    const { line, offset, held, key } = candidate;
    const ruledOut = isRuledOut(candidate, this.#options.filter);
    if (ruledOut && !(this.#options.errors && candidate.isError)) {
      this.passed++;
      return false;
    }
    if (isWhole(candidate)) {
      const raw = candidate.raw();
      if (ruledOut && key !== null && this.#isRepeated(raw, candidate, key)) return false;
      if (startsRecord(raw, this.#options.family)) {
        if (candidate.isUnsure) this.#passedOver(candidate.before());
        this.#receiver.record(this.#toRecord(raw, candidate), held, key);
        return false;
      }
    }
    this.#begin(line, offset, candidate.before(), held);
    if (this.part(candidate.bytes())) return true;
    this.close();
    return false;
  }

  open(line: number, offset: number, before: Dated | null): void {
    this.#begin(line, offset, before, null);
  }

  part(bytes: Uint8Array): boolean {
    this.#slicer.push(latin1(bytes));
    const { family } = this.#assembler!;
    const hasChanged = family !== this.#options.family; // it may also have changed back
    this.changedTo = hasChanged ? family : null;
    return hasChanged;
  }

  close(): void {
    this.#slicer.end();
    this.#assembler!.end();
    this.#assembler = null;
  }

  #begin(line: number, offset: number, before: Dated | null, held: readonly number[] | null): void {
    this.#passedOver(before);
    const { family } = this.#options;
    let hasChanged = false;
    const assembler = new RecordAssembler(this.#options, (record) => {
      // Of what follows a change of the log's kind nobody has looked for literals.
      hasChanged ||= assembler.family !== family;
      this.#receiver.record(record, hasChanged ? null : held, null);
    });
    this.#assembler = assembler;
    this.#slicer.moveTo(line, offset);
  }

  #isRepeated(raw: string, candidate: Candidate, key: number): boolean {
    const found = stampAt(raw, 0);
    const time = found === null ? null : toInstant(found.stamp, this.#options.zone);
    if (time === null) return false;
    return this.#receiver.repeated({
      key,
      offset: candidate.offset,
      time,
      zoneAssumed: found!.stamp.offsetMinutes === null,
      raw,
      toRecord: () => this.#toRecord(raw, candidate),
    });
  }

  #toRecord(raw: string, { line, lines, offset }: Candidate): LogRecord {
    return wholeRecord(raw, { origin: this.#origin, line, lines, offset }, this.#options);
  }

  #passedOver(before: Dated | null): void {
    if (before !== null) this.#receiver.passedOver(before.offset, timeOf(before.head, this.#options.zone));
  }
}

function startsRecord(raw: string, family: Family): boolean {
  const end = raw.indexOf('\n');
  return startOf(family, end < 0 ? raw : raw.slice(0, end)) !== null;
}

function timeOf(head: Uint8Array, zone: string): number | null {
  const found = stampAt(latin1(head), 0);
  return found === null ? null : toInstant(found.stamp, zone);
}
