/**
 * The candidates of a range in one buffer, so that another thread can read them. Written by a {@link BatchWriter}, a receiver
 * like any other; what does not fit into it is given back as a whole.
 */
import { type Filter, isRuledOut } from './filter.js';
import { type Candidate, DATED_BYTES, type Dated, type Receiver } from './scanner.js';

/** Room for the bytes of a batch, for its candidates, for their literals. */
const BYTES = 1024 * 1024;
const CANDIDATES = 6 * 1024;
const LITERALS = 32 * 1024;
/** Numbers that are kept of a candidate. */
const FIELDS = 12;
/** Head of a batch: candidates, lines, records that were passed over. */
const HEAD = 3;

const IS_PLAIN = 1;
const IS_ERROR = 2;
const IS_UNSURE = 4;
const IS_WANTED = 8;
const IS_HELD_KNOWN = 16;

/** Bytes that a batch takes. */
export const BATCH_BYTES = (HEAD + CANDIDATES * FIELDS) * 8 + LITERALS * 2 + BYTES;

class Batch {
  readonly head: Float64Array;
  readonly fields: Float64Array;
  readonly literals: Uint16Array;
  readonly bytes: Buffer;

  constructor(buffer: SharedArrayBuffer, at: number) {
    this.head = new Float64Array(buffer, at, HEAD);
    this.fields = new Float64Array(buffer, at + HEAD * 8, CANDIDATES * FIELDS);
    const literalsAt = at + (HEAD + CANDIDATES * FIELDS) * 8;
    this.literals = new Uint16Array(buffer, literalsAt, LITERALS);
    this.bytes = Buffer.from(buffer, literalsAt + LITERALS * 2, BYTES);
  }
}

/** Takes the candidates of one range. */
export class BatchWriter implements Receiver {
  readonly #batch: Batch;
  readonly #filter: Filter;
  readonly #errors: boolean;
  #ruledOut = 0;
  #candidates = 0;
  #literals = 0;
  #bytes = 0;
  /** Whether something did not fit; then the batch is worth nothing. */
  isFull = false;

  constructor(buffer: SharedArrayBuffer, at: number, filter: Filter, errors: boolean) {
    this.#batch = new Batch(buffer, at);
    this.#filter = filter;
    this.#errors = errors;
  }

  record(candidate: Candidate): boolean {
    let { held } = candidate;
    if (isRuledOut(candidate, this.#filter)) {
      if (!this.#errors || !candidate.isError) {
        this.#ruledOut++;
        return false;
      }
      held = []; // it is an error all the same
    }
    const before = candidate.isUnsure ? candidate.before() : null;
    const needed = candidate.length + (before?.head.length ?? 0);
    if (
      this.#candidates === CANDIDATES ||
      this.#bytes + needed > BYTES ||
      this.#literals + (held?.length ?? 0) > LITERALS
    ) {
      this.isFull = true;
    }
    if (this.isFull) return false;
    const start = this.#addBytes(candidate.bytes());
    const beforeAt = before === null ? -1 : this.#addBytes(before.head);
    const literalsAt = this.#literals;
    for (const literal of held ?? []) this.#batch.literals[this.#literals++] = literal;
    const flags =
      Number(candidate.isPlain) * IS_PLAIN +
      Number(candidate.isError) * IS_ERROR +
      Number(candidate.isUnsure) * IS_UNSURE +
      Number(candidate.isWanted) * IS_WANTED +
      Number(held !== null) * IS_HELD_KNOWN;
    this.#batch.fields.set(
      [
        start,
        candidate.length,
        candidate.line,
        candidate.lines,
        candidate.offset,
        flags,
        candidate.key ?? -1,
        literalsAt,
        this.#literals,
        beforeAt,
        before?.offset ?? 0,
        candidate.passed + this.#ruledOut,
      ],
      this.#candidates * FIELDS,
    );
    this.#candidates++;
    return false;
  }

  /** A record that is longer than memory is not handed over. */
  open(): void {
    this.isFull = true;
  }

  part(): boolean {
    return false;
  }

  close(): void {}

  /** @param lines lines that begin in the range; `passed` records that were passed over */
  finish(lines: number, passed: number): void {
    this.#batch.head.set([this.#candidates, lines, passed + this.#ruledOut]);
  }

  #addBytes(bytes: Uint8Array): number {
    const at = this.#bytes;
    this.#batch.bytes.set(bytes, at);
    this.#bytes += bytes.length;
    return at;
  }
}

/** Candidates that another thread found. */
export class BatchReader {
  readonly #batch: Batch;

  constructor(buffer: SharedArrayBuffer, at: number) {
    this.#batch = new Batch(buffer, at);
  }

  get lines(): number {
    return this.#batch.head[1]!;
  }

  get passed(): number {
    return this.#batch.head[2]!;
  }

  /** @param linesBefore how many lines begin before the range */
  *candidates(linesBefore: number): Generator<Candidate> {
    const { fields, head, literals, bytes } = this.#batch;
    for (let index = 0; index < head[0]!; index++) {
      const at = index * FIELDS;
      const field = (number: number) => fields[at + number]!;
      const flags = field(5);
      yield {
        length: field(1),
        raw: () => bytes.toString('latin1', field(0), field(0) + field(1)),
        bytes: () => bytes.subarray(field(0), field(0) + field(1)),
        line: linesBefore + field(2),
        lines: field(3),
        offset: field(4),
        held: (flags & IS_HELD_KNOWN) === 0 ? null : Array.from(literals.subarray(field(7), field(8))),
        isPlain: (flags & IS_PLAIN) !== 0,
        isError: (flags & IS_ERROR) !== 0,
        isUnsure: (flags & IS_UNSURE) !== 0,
        isWanted: (flags & IS_WANTED) !== 0,
        key: field(6) < 0 ? null : field(6),
        passed: field(11),
        before: (): Dated | null =>
          field(9) < 0 ? null : { offset: field(10), head: bytes.slice(field(9), field(9) + DATED_BYTES) },
      };
    }
  }
}
