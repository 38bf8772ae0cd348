/**
 * One log -> its records, in order. The plain way decodes every line and is the reference; the fast way, for large logs of
 * known layouts, decodes only the records that could matter. Both give the same incidents.
 */
import type { Grams } from './candidates/grams.js';
import { type Candidate, CandidateScanner, type Dated, type Receiver } from './candidates/scanner.js';
import { binaryKind, decodeHead, type EncodingChoice, encodingOf } from './lines/encoding.js';
import { decodeBytes } from './lines/line-maker.js';
import { LineSlicer } from './lines/slice.js';
import { type LineCounts, splitLines } from './lines/split.js';
import type { Diagnostics } from './model/diagnostics.js';
import { MAX_LINE_BYTES } from './model/line.js';
import type { LogRecord } from './model/log-record.js';
import { type Origin, originName } from './model/origin.js';
import { InputError, type Source } from './model/source.js';
import { type AssemblerOptions, RecordAssembler, wholeRecord } from './records/assembler.js';
import { familyOf, startOf } from './records/family.js';
import type { Family } from './records/format.js';
import { stampAt, toInstant } from './records/time.js';
import { type Wrapper, wrapperOf } from './records/wrappers.js';

/** So many first bytes of a log decide its encoding, wrapper and family. */
const HEAD_BYTES = 64 * 1024;
/** Logs up to this size are read the plain way: the fast one pays off later. */
const PLAIN_BYTES = 1024 * 1024;

/** Gets the records of one log. */
export interface RecordReceiver {
  /**
   * @param held which of the literals are in it, by their places among those of the grams; null if that is not known
   * @param key errors with the same key have the same trace but for messages, sources and line numbers; null if it has none
   */
  record(record: LogRecord, held: readonly number[] | null, key: number | null): void;
  /** An error that no rule knows. Returns whether its key is known, so that the record itself is not needed. */
  repeated(error: RepeatedError): boolean;
  /** Records were passed over; the last of them stood at `offset` and had this time (milliseconds since 1970). */
  passedOver(offset: number, time: number | null): void;
}

/** An error record of which only its trace and its time were looked at. */
export interface RepeatedError {
  readonly key: number;
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** True if the log printed no zone. */
  readonly zoneAssumed: boolean;
  /** Its lines with their line ends. */
  readonly raw: string;
  toRecord(): LogRecord;
}

/** By what records may be passed over. */
export interface Filter {
  /** The literals; made when they are needed. */
  grams(): Grams;
  /** Whether a record of this text that holds these literals may match a rule. */
  mayMatch(text: string, held: readonly number[]): boolean;
}

/** How a log is to be read. */
export interface ReadOptions {
  /** IANA zone of times that are printed without one. */
  readonly zone: string;
  /** Null reads everything. */
  readonly filter: Filter | null;
  /** Whether no error record may be passed over. */
  readonly errors: boolean;
}

/** What was seen of a log so far; stays true when its reading ends in an error. */
export interface ReadCounts extends LineCounts {
  /** Records that were passed over. */
  passed: number;
}

export function noCounts(): ReadCounts {
  return { lines: 0, bytes: 0, cutLines: 0, passed: 0 };
}

/**
 * Reads all records of one log.
 * @throws InputError, after everything that could be read
 */
export async function readRecords(
  source: Source,
  options: ReadOptions,
  counts: ReadCounts,
  diagnostics: Pick<Diagnostics, 'opened' | 'progress'>,
  receiver: RecordReceiver,
): Promise<void> {
  const { head, bytes, close } = await headOf(source, (read) => diagnostics.progress(read));
  const unfit = unfitness(source, head);
  if (unfit !== null) {
    await close();
    throw unfit;
  }
  const choice = encodingOf(head);
  const layout = layoutOf(originName(source.origin), decodeHead(head, choice).split(/\r?\n/));
  const isLarge = source.bytes === null || source.bytes > PLAIN_BYTES;
  const firsts = firstsOf(layout.family);
  const isFast =
    options.filter !== null && isLarge && choice.encoding === 'utf-8' && layout.wrapper === null && firsts !== null;
  diagnostics.opened(originName(source.origin), layout.name);
  if (!isFast) {
    const assembler = new RecordAssembler({ ...layout, zone: options.zone }, (record) =>
      receiver.record(record, null, null),
    );
    try {
      await splitLines(bytes, source.origin, choice, counts, (line) => assembler.push(line));
    } finally {
      assembler.end();
    }
    return;
  }
  const candidates = new CandidateReader(
    source.origin,
    choice,
    { ...layout, ...options, filter: options.filter! },
    counts,
    receiver,
  );
  const starts = { firsts: firsts!, sure: layout.family.sure, isStart: isStartIn(layout.family) };
  const scanner = new CandidateScanner(options.filter!.grams(), starts, options.errors, candidates);
  const before = { lines: counts.lines, passed: counts.passed };
  try {
    for await (const piece of bytes) {
      counts.bytes += piece.length;
      scanner.push(piece);
    }
  } finally {
    scanner.end();
    counts.lines = before.lines + scanner.lines;
    counts.passed = before.passed + scanner.passed + candidates.passed;
  }
}

/** Why a source is not read any further; null if it is. */
function unfitness({ origin, named }: Source, head: Uint8Array): InputError | null {
  const name = originName(origin);
  if (head.length === 0)
    return named ? null : new InputError('input-empty', name, 'is empty', 'nothing has to be done');
  const kind = binaryKind(head);
  if (kind === null) return null;
  const remedy = 'name a text file or a .gz of one; unpack archives first';
  return new InputError('input-binary', name, `is a ${kind}, not a log`, remedy);
}

/** The records of a text that is at hand, such as a rule's example. `file` is the name that it is read under. */
export function recordsOf(text: string, file: string, zone = 'UTC'): LogRecord[] {
  const records: LogRecord[] = [];
  const origin = { path: file, member: null };
  const lines = text.split(/\r?\n/);
  const assembler = new RecordAssembler({ ...layoutOf(file, lines), zone }, (record) => records.push(record));
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    assembler.push({ origin, number: index + 1, offset, text: line, cut: false });
    offset += line.length + 1;
  }
  assembler.end();
  return records;
}

/** How the lines of a log are to be read. */
interface Layout {
  readonly family: Family;
  readonly wrapper: Wrapper | null;
  /** For people: "jira", "json in docker". */
  readonly name: string;
}

function layoutOf(file: string, head: readonly string[]): Layout {
  const wrapper = wrapperOf(head);
  const inner = wrapper === null ? head : unwrapped(head, wrapper);
  const family = familyOf(file, inner);
  return { family, wrapper, name: wrapper === null ? family.name : `${family.name} in ${wrapper.name}` };
}

/** The lines inside a wrapper; lines that it split are whole again. */
function unwrapped(head: readonly string[], wrapper: Wrapper): string[] {
  const begun = new Map<string, string>();
  return head.flatMap((line) => {
    const found = wrapper.unwrap(line);
    if (found === null) return [line];
    const text = (begun.get(found.stream) ?? '') + found.text;
    begun.delete(found.stream);
    if (!found.partial) return text.split('\n');
    begun.set(found.stream, text);
    return [];
  });
}

/** NUL and ESC are left out of a line's text, so a record may begin behind them; so it may behind a byte order mark. */
const LEFT_OUT = [0x00, 0x1b, 0xef];

/** The bytes with which a line may begin a record of the family; null if some format of it does not say. */
function firstsOf({ formats }: Family): readonly number[] | null {
  const firsts = formats.map((format) => format.firsts);
  if (firsts.length === 0 || firsts.includes(undefined)) return null;
  return [...LEFT_OUT, ...Array.from(firsts.join(''), (char) => char.charCodeAt(0))];
}

function isStartIn(family: Family): (line: Uint8Array) => boolean {
  return (line) => {
    const kept = line.subarray(0, MAX_LINE_BYTES);
    const raw = latin1(kept);
    return startOf(family, decodeBytes(raw.endsWith('\r') ? raw.slice(0, -1) : raw)) !== null;
  };
}

/** A record of more bytes or lines goes line by line: it may have to be cut, or the log may change its kind in it. */
const MOST_WHOLE = { bytes: 256 * 1024, lines: 199 };

interface CandidateOptions extends AssemblerOptions {
  readonly filter: Filter;
  readonly errors: boolean;
}

/** Records as bytes -> records. */
class CandidateReader implements Receiver {
  readonly #origin: Origin;
  readonly #slicer: LineSlicer;
  readonly #options: CandidateOptions;
  readonly #receiver: RecordReceiver;
  /** Joins the lines of a record that is not taken as a whole. */
  #assembler: RecordAssembler | null = null;
  /** Records that a closer look showed not to matter. */
  passed = 0;

  constructor(
    origin: Origin,
    choice: EncodingChoice,
    options: CandidateOptions,
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
    if (isWhole(candidate)) {
      const raw = latin1(candidate.bytes);
      if (!candidate.isWanted && held !== null && !this.#options.filter.mayMatch(raw, held)) {
        if (!this.#options.errors || !candidate.isError) {
          this.passed++;
          return false;
        }
        if (key !== null && this.#isRepeated(raw, candidate, key)) return false;
      }
      if (startsRecord(raw, this.#options.family)) {
        this.#passedOver(candidate.before());
        this.#receiver.record(this.#toRecord(raw, candidate), held, key);
        return false;
      }
    }
    this.#begin(line, offset, candidate.before(), held);
    if (this.part(candidate.bytes)) return true;
    this.close();
    return false;
  }

  open(line: number, offset: number, before: Dated | null): void {
    this.#begin(line, offset, before, null);
  }

  part(bytes: Uint8Array): boolean {
    this.#slicer.push(latin1(bytes));
    return this.#assembler!.family !== this.#options.family;
  }

  close(): void {
    this.#slicer.end();
    this.#assembler!.end();
    this.#assembler = null;
  }

  #begin(line: number, offset: number, before: Dated | null, held: readonly number[] | null): void {
    this.#passedOver(before);
    const { family } = this.#options;
    const assembler = new RecordAssembler(this.#options, (record) => {
      // Of what follows a change of the log's kind nobody has looked for literals.
      this.#receiver.record(record, assembler.family === family ? held : null, null);
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

function isWhole({ isPlain, bytes, lines }: Candidate): boolean {
  return isPlain && bytes.length <= MOST_WHOLE.bytes && lines <= MOST_WHOLE.lines;
}

function startsRecord(raw: string, family: Family): boolean {
  const end = raw.indexOf('\n');
  return startOf(family, end < 0 ? raw : raw.slice(0, end)) !== null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function timeOf(head: Uint8Array, zone: string): number | null {
  const found = stampAt(latin1(head), 0);
  return found === null ? null : toInstant(found.stamp, zone);
}

/** The first bytes of a source, and all its bytes with the first ones again; `close` where they are not read. */
async function headOf(
  source: Source,
  onRead: (bytes: number) => void,
): Promise<{ head: Uint8Array; bytes: AsyncIterable<Uint8Array>; close: () => Promise<void> }> {
  const reading = source.open(onRead)[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let failure: unknown = null;
  while (length < HEAD_BYTES && failure === null) {
    const next = await reading.next().catch((error: unknown) => {
      failure = error;
      return null;
    });
    if (next === null || next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  if (length === 0 && failure !== null) throw failure;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* first;
    if (failure !== null) throw failure; // what was read before the trouble counts
    yield* { [Symbol.asyncIterator]: () => reading };
  }
  return {
    head: first.length === 1 ? first[0]!.subarray(0, HEAD_BYTES) : joined(first, HEAD_BYTES),
    bytes: all(),
    close: async () => {
      await reading.return?.();
    },
  };
}

function joined(pieces: readonly Uint8Array[], most: number): Uint8Array {
  const whole = new Uint8Array(
    Math.min(
      most,
      pieces.reduce((sum, piece) => sum + piece.length, 0),
    ),
  );
  let at = 0;
  for (const piece of pieces) {
    const part = piece.subarray(0, whole.length - at);
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
