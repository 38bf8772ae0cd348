/**
 * Lines -> records. A record ends where the next one begins, never by the shape of a stack trace: frames may stand in
 * column 0, a message may hold anything. Only the formats of the file's family begin records.
 */
import { copyOf } from '../model/copy.js';
import type { Line } from '../model/line.js';
import { type LogRecord, MAX_RECORD_HALF, MAX_RECORD_LINES } from '../model/log-record.js';
import type { Origin } from '../model/origin.js';
import { otherFamilyOf, startOf } from './family.js';
import type { Family, Format } from './format.js';
import { AssembledRecord } from './record.js';
import type { Wrapper } from './wrappers.js';

/** Without a known format a record is a paragraph of at most so many lines. */
const MAX_PARAGRAPH_LINES = 200;
/** After so many lines in a row that begin no record of the family, the family is asked for anew. */
const FAMILY_LINES = 200;

export interface AssemblerOptions {
  readonly family: Family;
  readonly wrapper: Wrapper | null;
  /** IANA zone of times that are printed without one. */
  readonly zone: string;
}

export type OnRecord = (record: LogRecord) => void;

/** Joins the lines of one log. Lines of different streams inside a wrapper are joined apart from each other. */
export class RecordAssembler {
  readonly #options: AssemblerOptions;
  readonly #onRecord: OnRecord;
  readonly #streams = new Map<string, StreamAssembler>();
  readonly #plain: StreamAssembler;

  constructor(options: AssemblerOptions, onRecord: OnRecord) {
    this.#options = options;
    this.#onRecord = onRecord;
    this.#plain = new StreamAssembler(options, onRecord);
  }

  /** The family as it is now: a log may change its kind. Of wrapped logs, of what is not wrapped in them. */
  get family(): Family {
    return this.#plain.family;
  }

  push(line: Line): void {
    const wrapped = this.#options.wrapper?.unwrap(line.text) ?? null;
    if (wrapped === null) {
      this.#plain.push(line, line.text, null);
      return;
    }
    const stream = this.#streamOf(wrapped.stream);
    stream.pushPart(line, wrapped.text, wrapped.partial, wrapped.time);
  }

  end(): void {
    this.#plain.end();
    for (const stream of this.#streams.values()) stream.end();
  }

  #streamOf(name: string): StreamAssembler {
    let stream = this.#streams.get(name);
    if (!stream) {
      // A hostile log could name a new stream on every line: beyond the bound they share one.
      const key = this.#streams.size < MAX_STREAMS ? name : '';
      stream = this.#streams.get(key) ?? new StreamAssembler(this.#options, this.#onRecord);
      this.#streams.set(key, stream);
    }
    return stream;
  }
}

const MAX_STREAMS = 100;
const FEED = 10;

/** Joins the lines of one stream. */
class StreamAssembler {
  readonly #zone: string;
  readonly #onRecord: OnRecord;
  family: Family;
  #record: OpenRecord | null = null;
  /** The lines since the last start of a record, at most {@link FAMILY_LINES}. */
  #strangers: string[] = [];
  /** A line whose rest may still come (a wrapper split it): where it began, and how far it is known. */
  #part: { readonly line: Line; readonly time: string | null; text: string; endLine: number; cut: boolean } | null =
    null;

  constructor({ family, zone }: AssemblerOptions, onRecord: OnRecord) {
    this.family = family;
    this.#zone = zone;
    this.#onRecord = onRecord;
  }

  pushPart(line: Line, text: string, partial: boolean, time: string | null): void {
    const part = this.#part ?? { line, time, text: '', endLine: line.number, cut: false };
    const hasRoom = part.text.length < MAX_RECORD_HALF;
    if (hasRoom) part.text += text;
    if (line.cut || !hasRoom) part.cut = true;
    part.endLine = line.number;
    this.#part = part;
    if (!partial) this.#endPart();
  }

  #endPart(): void {
    const part = this.#part;
    this.#part = null;
    if (part === null) return;
    // One wrapped value may hold a whole trace.
    const lines = part.text.includes('\n') ? part.text.split(/\r?\n/) : [part.text];
    for (const inner of lines) this.push(part.line, inner, part.time, part.endLine, part.cut);
  }

  push(line: Line, text: string, time: string | null, endLine = line.number, cut = line.cut): void {
    const { formats } = this.family;
    const format = formats.length === 0 ? null : startOf(this.family, text);
    if (format !== null) {
      this.#strangers.length = 0;
      this.#finish();
      this.#record = new OpenRecord(line, format, time);
    } else if (formats.length === 0) {
      if (text.trim() === '') this.#finish();
      else if (this.#record !== null && this.#record.count >= MAX_PARAGRAPH_LINES) this.#finish();
    }
    if (this.#record === null) {
      if (text.trim() === '') return;
      this.#record = new OpenRecord(line, null, time);
    }
    this.#record.add(text, endLine, cut);
    if (format === null) this.#addStranger(text);
  }

  end(): void {
    this.#endPart();
    this.#finish();
  }

  #addStranger(text: string): void {
    this.#strangers.push(text.length > 4096 ? copyOf(text.slice(0, 512)) : text);
    if (this.#strangers.length < FAMILY_LINES) return;
    const other = otherFamilyOf(this.#strangers, this.family);
    this.#strangers = [];
    if (other === null) return;
    this.#finish();
    this.family = other;
  }

  #finish(): void {
    const record = this.#record;
    this.#record = null;
    if (record) this.#onRecord(record.toRecord(this.#zone));
  }
}

/** A record that still grows: its first and its last lines, bounded; what lies between is counted only. */
class OpenRecord {
  readonly #origin: Origin;
  readonly #line: number;
  readonly #offset: number;
  readonly #format: Format | null;
  readonly #time: string | null;
  readonly #head: string[] = [];
  #headLength = 0;
  #tail: string[] = [];
  #tailLength = 0;
  #endLine: number;
  #cut = false;
  /** Blank lines that belong to the record only if something follows. */
  #blanks = 0;
  /** Lines so far, also those that were not kept. */
  count = 0;

  constructor(line: Line, format: Format | null, time: string | null) {
    this.#origin = line.origin;
    this.#line = line.number;
    this.#offset = line.offset;
    this.#format = format;
    this.#time = time;
    this.#endLine = line.number;
  }

  add(text: string, number: number, cut: boolean): void {
    this.count++;
    if (text === '') {
      this.#blanks++;
      return;
    }
    for (; this.#blanks > 0; this.#blanks--) this.#keep('');
    this.#keep(text);
    this.#endLine = number;
    if (cut) this.#cut = true;
  }

  #keep(text: string): void {
    const length = text.length + 1;
    const headIsOpen = this.#tail.length === 0;
    if (
      this.#head.length === 0 ||
      (headIsOpen && this.#headLength + length <= MAX_RECORD_HALF && this.#head.length < MAX_RECORD_LINES / 2)
    ) {
      this.#head.push(text);
      this.#headLength += length;
      return;
    }
    this.#tail.push(text);
    this.#tailLength += length;
    while (this.#tail.length > 1 && (this.#tailLength > MAX_RECORD_HALF || this.#tail.length > MAX_RECORD_LINES / 2)) {
      this.#tailLength -= this.#tail.shift()!.length + 1;
      this.#cut = true;
    }
  }

  toRecord(zone: string): LogRecord {
    const lines = this.#tail.length === 0 ? this.#head : this.#head.concat(this.#tail);
    return new AssembledRecord({
      origin: this.#origin,
      line: this.#line,
      endLine: this.#endLine,
      offset: this.#offset,
      format: this.#format,
      lines,
      text: lines.length === 1 ? lines[0]! : lines.join('\n'),
      cut: this.#cut,
      wrapperTime: this.#time,
      zone,
    });
  }
}

/** Confluence has a line of context behind its message, which may have several lines. */
const MOST_HEADER_LINES = 20;

/**
 * A record whose lines are known to be one record, of plain characters: the same as if its lines had been joined.
 * @param raw its lines with their line ends, at most {@link MAX_RECORD_HALF} characters; the first begins a record
 * @param line number of the first line
 * @param lines how many there are
 */
export function wholeRecord(
  raw: string,
  { origin, line, offset, lines }: { origin: Origin; line: number; offset: number; lines: number },
  { family, zone }: AssemblerOptions,
): LogRecord {
  let end = raw.length;
  while (raw.charCodeAt(end - 1) === FEED) end--;
  const text = raw.slice(0, end);
  const blanks = Math.max(raw.length - end - 1, 0); // lines behind it that hold nothing
  const first = text.split('\n', MOST_HEADER_LINES);
  return new AssembledRecord({
    origin,
    line,
    endLine: line + lines - 1 - blanks,
    offset,
    format: startOf(family, first[0]!),
    lines: first,
    text,
    cut: false,
    wrapperTime: null,
    zone,
  });
}
