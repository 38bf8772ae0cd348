/**
 * One log -> its records, in order. The plain way decodes every line and is the reference; the fast way, for large logs of
 * known layouts, decodes only the records that could matter. Both give the same incidents.
 */
import type { Filter } from './candidates/filter.js';
import { BINARY_FILE, binaryKind, decodeHead, encodingOf, FILE_OF_NULS } from './lines/encoding.js';
import { splitLines } from './lines/split.js';
import type { Diagnostics } from './model/diagnostics.js';
import { holeLength, MOST_HOLE } from './model/hole.js';
import type { LogRecord } from './model/log-record.js';
import { originName } from './model/origin.js';
import type { RecordReceiver } from './model/record-receiver.js';
import { InputError, type OpenFile, type Source } from './model/source.js';
import { RecordAssembler } from './records/assembler.js';
import { familyOf, startOf } from './records/family.js';
import type { Family } from './records/format.js';
import { type Wrapper, wrapperOf } from './records/wrappers.js';
import { Sampler } from './sampler.js';
import { type ReadCounts, Sift, type SiftOptions } from './sift.js';
import { isSiftable } from './starts.js';

export { BINARY_FILE, binaryKind, encodingOf, FILE_OF_NULS };

/** So many first bytes of a log decide its encoding, wrapper and family. */
export const HEAD_BYTES = 64 * 1024;
const FEED = 10;
/** Logs up to this size are read the plain way: the fast one pays off later. */
const PLAIN_BYTES = 1024 * 1024;

/** How a log is to be read. */
export interface ReadOptions {
  /** IANA zone of times that are printed without one, or what tells it from the first lines of the log. */
  readonly zone: string | ((head: string) => string);
  /** Null reads everything. */
  readonly filter: (Filter & Pick<SiftOptions, 'threads'>) | null;
  /** Whether no error record may be passed over. */
  readonly errors: boolean;
  /** Told how the log begins and ends, where a rotation may have cut it; absent if nobody asks. */
  readonly edges?: EdgeReceiver;
  /** Told some lines here and there of a large log that need not be decoded as a whole; absent if nobody asks. */
  readonly sampled?: (lines: string) => void;
}

/** Where one log may go on with another, or be gone on with. */
export interface EdgeReceiver {
  /**
   * Before the first record.
   * @param fragment the lines before the first one that begins a record
   */
  begins(fragment: readonly string[], layout: Layout): void;
  /** @param endsInLine whether its last line has no end */
  ends(endsInLine: boolean): void;
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
  const { head, start, bytes, close, read, failure } = await headOf(source, diagnostics.progress);
  const unfit = unfitness(source, head);
  if (unfit !== null) {
    await close();
    // What is no log is not told of where nobody named it; that an archive ends in it is.
    throw source.named ? unfit : (failure ?? unfit);
  }
  const choice = encodingOf(start);
  const text = decodeHead(start, choice);
  const layout = layoutOf(originName(source.origin), text.split(/\r?\n/));
  diagnostics.opened(originName(source.origin), layout.name);
  const { filter } = options;
  const zone = typeof options.zone === 'string' ? options.zone : options.zone(text);
  const edges = layout.wrapper === null && layout.family.formats.length > 0 ? (options.edges ?? null) : null;
  edges?.begins(fragmentOf(text, layout.family), layout);
  let last = FEED;
  const isSuited = choice.encoding === 'utf-8' && layout.wrapper === null && isSiftable(layout.family);
  const isLarge = source.bytes === null || source.bytes > PLAIN_BYTES;
  const sampler = isSuited && isLarge && options.sampled !== undefined ? new Sampler(options.sampled) : null;
  async function* seen(): AsyncGenerator<Uint8Array> {
    for await (const piece of bytes) {
      last = piece.at(-1) ?? last;
      sampler?.push(piece);
      yield piece;
    }
    sampler?.end();
  }
  if (filter === null || !isLarge || !isSuited || !isThereMemory(filter)) {
    const assembler = new RecordAssembler({ ...layout, zone }, (record) => receiver.record(record, null, null));
    try {
      await splitLines(seen(), source.origin, choice, counts, (line) => assembler.push(line));
    } finally {
      assembler.end();
      edges?.ends(last !== FEED);
    }
    return;
  }
  let told = read;
  const progress = (more: number) => {
    if (more > told) diagnostics.progress(more - told);
    told = Math.max(0, told - more);
  };
  const sift = new Sift(
    source.origin,
    choice,
    { ...layout, ...options, zone, filter, threads: filter.threads },
    counts,
    progress,
    receiver,
  );
  const file = await plainFile(source, head);
  if (file === null) {
    await sift.pieces(seen()).finally(() => edges?.ends(last !== FEED));
    return;
  }
  try {
    await close();
    await sift.file(file);
    sampler?.file(file);
    const end = new Uint8Array(1);
    file.read(end, file.size - 1);
    edges?.ends(end[0] !== FEED);
  } finally {
    file.close();
  }
}

/** The lines at the start of a log before the first one that begins a record; none if no such line is among the first ones. */
function fragmentOf(head: string, family: Family): readonly string[] {
  const lines = head.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const first = lines.findIndex((line) => startOf(family, line) !== null);
  return first < 0 ? [] : lines.slice(0, first);
}

/** Where a process may have little address space, WebAssembly may not get its memory; then everything is decoded. */
function isThereMemory(filter: Filter): boolean {
  try {
    filter.grams();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The file itself; null if it is none, or if something else than its bytes is read of it. */
async function plainFile(source: Source, head: Uint8Array): Promise<OpenFile | null> {
  const file = source.file?.() ?? null;
  if (file === null) return null;
  const start = new Uint8Array(Math.min(64, head.length));
  const read = file.read(start, 0);
  if (Buffer.compare(start.subarray(0, read), head.subarray(0, read)) === 0) return file;
  file.close();
  return null;
}

/** Why a source is not read any further; null if it is. */
function unfitness({ origin, named }: Source, head: Uint8Array): InputError | null {
  const name = originName(origin);
  if (head.length === 0)
    return named ? null : new InputError('input-empty', name, 'is empty', 'nothing has to be done');
  const kind = binaryKind(head);
  if (kind === null) return null;
  const remedy = 'name a text file, or an archive of logs: zip, tar, gz, bz2, xz, zst';
  return new InputError('input-binary', name, `is a ${kind}, not a log`, remedy);
}

/**
 * The text of a file that is no log.
 * @param most so many bytes of it are read
 * @throws InputError
 */
export async function readText(source: Source, most: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of source.open()) {
    pieces.push(piece);
    length += piece.length;
    if (length >= most) break;
  }
  const bytes = joined(pieces, most);
  return decodeHead(bytes, encodingOf(bytes));
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
export interface Layout {
  readonly family: Family;
  readonly wrapper: Wrapper | null;
  /** For people: "jira", "json in docker". */
  readonly name: string;
}

/** @param file the name that the log is read under; its first lines decide as well */
export function layoutOf(file: string, head: readonly string[]): Layout {
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

/** The first bytes of a source, and all its bytes with the first ones again; `close` where they are not read. */
async function headOf(
  source: Source,
  onRead: (bytes: number) => void,
): Promise<{
  head: Uint8Array;
  /** The first bytes behind a hole of NULs. */
  start: Uint8Array;
  bytes: AsyncIterable<Uint8Array>;
  close: () => Promise<void>;
  read: number;
  /** What ended the reading of the first bytes, if something did. */
  failure: unknown;
}> {
  let read = 0;
  const reading = source
    .open((bytes) => {
      read += bytes;
      onRead(bytes);
    })
    [Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let failure: unknown = null;
  let hole = 0;
  while (length - hole < HEAD_BYTES && length < MOST_HOLE && failure === null) {
    const next = await reading.next().catch((error: unknown) => {
      failure = error;
      return null;
    });
    if (next === null || next.done) break;
    if (hole === length) hole += holeLength(next.value);
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
    start: (first.length === 1 ? first[0]! : joined(first, hole + HEAD_BYTES)).subarray(hole, hole + HEAD_BYTES),
    bytes: all(),
    read,
    failure,
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
