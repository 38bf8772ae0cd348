/**
 * One log that grows -> its records, piece by piece, through the files that it is rotated to. It makes the same records as
 * read.ts, and can stop and go on at the start of a record.
 */
import { decodeHead, type EncodingChoice, encodingOf } from './lines/encoding.js';
import { LineSlicer } from './lines/slice.js';
import type { LineCounts } from './lines/split.js';
import { Units } from './lines/units.js';
import type { LogRecord } from './model/log-record.js';
import type { Origin } from './model/origin.js';
import { HEAD_BYTES, type Layout, layoutOf } from './read.js';
import { type LinePlace, RecordAssembler, type StreamState } from './records/assembler.js';
import { familyNamed, PLAIN } from './records/family.js';
import type { Family } from './records/format.js';
import { goesOnWith } from './records/join.js';
import { wrapperNamed } from './records/wrappers.js';
import type { LineStart } from './sift.js';
import { isSiftable } from './starts.js';

/** Where a log is to be gone on with; plain data. */
export interface ReaderState {
  readonly encoding: EncodingChoice;
  readonly family: string;
  readonly wrapper: string | null;
  /** So many first bytes of the file decided on that. */
  readonly decidedOn: number;
  readonly streams: readonly StreamState[];
}

export interface ReaderOptions {
  /** The IANA zone of times that a file prints without one, from its first lines. */
  readonly zoneOf: (head: string) => string;
  readonly counts: LineCounts;
  readonly onRecord: (record: LogRecord) => void;
}

/** A file of the log, and the name under which its records are told of. */
export interface ReadFile {
  readonly origin: Origin;
  /** Name by which, with its first bytes, its layout is known. */
  readonly name: string;
}

export class LogReader {
  readonly #options: ReaderOptions;
  #file: ReadFile;
  #encoding: EncodingChoice;
  #layout: Layout;
  #zone: string;
  #decidedOn: number;
  /** Whether no record of the file was handed on, so that it can still be read as another kind of log. */
  #isUntold: boolean;
  #slicer: LineSlicer;
  #units: Units;
  #assembler: RecordAssembler;

  /**
   * @param head the first bytes of the file, at most {@link HEAD_BYTES}
   * @param at the line that the next bytes begin with
   * @param state where another reader stopped; null at a new file
   */
  constructor(file: ReadFile, head: Uint8Array, at: LineStart, state: ReaderState | null, options: ReaderOptions) {
    this.#options = options;
    this.#file = file;
    this.#encoding = state?.encoding ?? encodingOf(head);
    this.#decidedOn = state?.decidedOn ?? head.length;
    this.#layout = state === null ? layoutIn(file, head, this.#encoding) : toLayout(state);
    this.#zone = this.#zoneOf(head);
    this.#isUntold = at.offset === 0 && (state === null || !state.streams.some(hasTold));
    this.#assembler = this.#newAssembler(state?.streams);
    this.#slicer = this.#newSlicer(at);
    this.#units = new Units(this.#encoding);
  }

  /** Name of the layout, for people. */
  get layout(): string {
    return this.#layout.name;
  }

  /** The IANA zone of times that the file prints without one. */
  get zone(): string {
    return this.#zone;
  }

  /** Number and position of the line that the next byte belongs to. */
  get next(): LineStart {
    return this.#slicer.next;
  }

  /** Whether a record began in a file before this one. */
  get isJoined(): boolean {
    return this.#assembler.file > 0;
  }

  push(bytes: Uint8Array): void {
    this.#options.counts.bytes += bytes.length;
    for (const units of this.#units.of(bytes)) this.#slicer.push(units);
  }

  /** The log has ended, or nobody knows how it goes on. */
  end(): void {
    this.#slicer.end();
    this.#assembler.end();
  }

  /** The records that would end if the log did. */
  peek(): LogRecord[] {
    return this.#assembler.peek(this.#slicer.partial);
  }

  /** The first line that is needed to go on. */
  place(): LinePlace {
    return earliest(this.#assembler.states(this.next));
  }

  /** With {@link place}, all that is needed to go on. The first of the files that lines stand in has the number 0. */
  state(): ReaderState {
    const streams = this.#assembler.states(this.next);
    const { file } = earliest(streams);
    const moved = <T extends LinePlace>(place: T): T => ({ ...place, file: place.file - file });
    return {
      encoding: this.#encoding,
      family: this.#layout.family.name,
      wrapper: this.#layout.wrapper?.name ?? null,
      decidedOn: this.#decidedOn,
      streams: streams.map((stream) => ({
        ...stream,
        from: moved(stream.from),
        counted: moved(stream.counted),
        strangersFrom: moved(stream.strangersFrom),
      })),
    };
  }

  /** The log goes on in another family from a line on: what reads it faster has seen that. */
  startAt(at: LineStart, family: Family): void {
    this.#isUntold = false;
    this.#layout = { ...this.#layout, family };
    this.#assembler = this.#newAssembler();
    this.#slicer = this.#newSlicer(at);
  }

  /** The family whose records can be found by the filter, if the log is of such a kind; else null. */
  get siftable(): { readonly family: Family; readonly encoding: EncodingChoice } | null {
    const { family } = this.#assembler;
    const isSuited = this.#encoding.encoding === 'utf-8' && this.#layout.wrapper === null && isSiftable(family);
    return isSuited && this.place().file === this.#assembler.file ? { family, encoding: this.#encoding } : null;
  }

  /** Whether a line begins a record. */
  begins(line: Uint8Array): boolean {
    return this.#assembler.begins(this.#textOf(line));
  }

  /**
   * The file was decided on when it was short: now that there is more of it, it is asked again what it is. What was handed on
   * stays as it is, so then it is asked only once, when there is enough of it.
   * @param head its first bytes behind a hole of NULs; at most {@link HEAD_BYTES}
   * @param at up to this position, which is in them or before, it was read
   * @param hole the position that they begin at
   */
  decideAgain(head: Uint8Array, at: number, hole: number): void {
    if (this.#decidedOn >= HEAD_BYTES || head.length <= this.#decidedOn) return;
    const isTelling = this.next.number === 1 || head.length >= 2 * this.#decidedOn;
    if (head.length < HEAD_BYTES && !(this.#isUntold && isTelling)) return;
    this.#decidedOn = head.length;
    const { name } = this.#layout;
    const { encoding, mark } = this.#encoding;
    if (this.#isUntold) this.#encoding = encodingOf(head);
    this.#layout = layoutIn(this.#file, head, this.#encoding);
    this.#zone = this.#zoneOf(head);
    this.#assembler.zone = this.#zone;
    const isOther = this.#encoding.encoding !== encoding || this.#encoding.mark !== mark;
    if (!isOther && this.#layout.name === name) return;
    if (isOther || this.#isUntold) this.#readAgain(head.subarray(0, Math.max(0, at - hole)), Math.min(at, hole));
    else {
      this.#assembler.end();
      this.#assembler = this.#newAssembler();
    }
  }

  /** @param hole so many NULs stand before the bytes */
  #readAgain(bytes: Uint8Array, hole: number): void {
    const { counts } = this.#options;
    counts.bytes -= hole + bytes.length;
    counts.lines -= this.next.number - 1;
    this.#units = new Units(this.#encoding);
    this.#assembler = this.#newAssembler();
    this.#slicer = this.#newSlicer({ number: 1, offset: 0 });
    this.push(new Uint8Array(hole));
    this.push(bytes);
  }

  /**
   * The file ends, and the log goes on in another one. A record, or even a line, that the rotation cut is joined.
   * @param line the first one of the other file, with its line end if it has one
   * @param hole so many NULs stand before it
   * @returns how many bytes of it were taken
   */
  moveTo(file: ReadFile, head: Uint8Array, line: Uint8Array, at: LineStart, hole: number): number {
    const encoding = encodingOf(head);
    const layout = layoutIn(file, head, encoding);
    // As long as no record begins in the other file, it says nothing of its layout.
    const isLike = layout.name === this.#layout.name || layout.family === PLAIN;
    const isAlike = isLike && encoding.encoding === this.#encoding.encoding;
    const unmarked = line.subarray(encoding.mark);
    const text = this.#textOf(unmarked);
    const isCut = this.#slicer.partial !== null;
    const joins = isAlike && line.length > 0 && !this.#assembler.begins(text) && goesOnWith([text], isCut);
    if (!joins) this.end();
    const taken = joins && isCut ? line.length : 0;
    if (taken > 0) {
      this.#options.counts.bytes += hole + encoding.mark;
      this.push(unmarked);
      this.#slicer.end();
    }
    this.#file = file;
    this.#encoding = encoding;
    this.#decidedOn = head.length;
    this.#zone = this.#zoneOf(head);
    this.#units = new Units(this.#encoding);
    this.#isUntold = !joins && at.offset === 0;
    if (joins) this.#assembler.goesOn();
    else {
      this.#layout = layout;
      this.#assembler = this.#newAssembler();
    }
    this.#slicer = this.#newSlicer(taken > 0 ? { number: at.number + 1, offset: at.offset + hole + taken } : at);
    return taken;
  }

  #textOf(line: Uint8Array): string {
    return decodeHead(line, { encoding: this.#encoding.encoding, mark: 0 }).replace(/\r?\n$/, '');
  }

  #zoneOf(head: Uint8Array): string {
    return this.#options.zoneOf(decodeHead(head, this.#encoding));
  }

  #newAssembler(streams?: readonly StreamState[]): RecordAssembler {
    const { onRecord } = this.#options;
    const onTold: ReaderOptions['onRecord'] = (record) => {
      this.#isUntold = false;
      onRecord(record);
    };
    return new RecordAssembler({ ...this.#layout, zone: this.#zone }, onTold, streams);
  }

  #newSlicer({ number, offset }: LineStart): LineSlicer {
    const { counts } = this.#options;
    const slicer = new LineSlicer(this.#file.origin, this.#encoding, counts, (line) => {
      counts.lines++;
      this.#assembler.push(line);
    });
    slicer.moveTo(number, offset);
    return slicer;
  }
}

/** @param head its first bytes; a last line that is still being written says nothing where there are others */
function layoutIn({ name }: ReadFile, head: Uint8Array, encoding: EncodingChoice): Layout {
  const lines = decodeHead(head, encoding).split(/\r?\n/);
  return layoutOf(name, lines.length > 1 && head.length < HEAD_BYTES ? lines.slice(0, -1) : lines);
}

function hasTold({ counted }: StreamState): boolean {
  return counted.file > 0 || counted.offset > 0 || counted.records > 0;
}

function earliest(streams: readonly StreamState[]): LinePlace {
  return streams
    .map(({ from }) => from)
    .reduce((first, place) => ((place.file - first.file || place.offset - first.offset) < 0 ? place : first));
}

function toLayout({ family, wrapper }: ReaderState): Layout {
  const known = familyNamed(family) ?? familyNamed('plain')!;
  const around = wrapper === null ? null : wrapperNamed(wrapper);
  return { family: known, wrapper: around, name: around === null ? known.name : `${known.name} in ${around.name}` };
}
