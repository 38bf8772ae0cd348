/**
 * Lines -> records. A record ends where the next one begins, never by the shape of a stack trace: frames may stand in
 * column 0, a message may hold anything. Only the formats of the file's family begin records.
 */
import { copyOf } from '../model/copy.js';
import type { Line } from '../model/line.js';
import { type LogRecord, MAX_RECORD_HALF, MAX_RECORD_LINES } from '../model/log-record.js';
import type { Origin } from '../model/origin.js';
import { familyNamed, otherFamilyOf, startOf } from './family.js';
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

/** Where a line stands. */
export interface LinePlace {
  /** Counts the files that one log goes on in: it was rotated in the middle of a record. */
  readonly file: number;
  readonly number: number;
  readonly offset: number;
}

/** How far one stream of a log was joined; plain data, from which another assembler goes on as this one would. */
export interface StreamState {
  readonly name: string;
  readonly family: string;
  /** The first line that is needed to go on. */
  readonly from: LinePlace;
  /** Records that begin before this place were handed on, and so many that begin there. */
  readonly counted: LinePlace & { readonly records: number };
  /** The first line that counts when the family is asked for anew. */
  readonly strangersFrom: LinePlace;
}

/** Joins the lines of one log. Lines of different streams inside a wrapper are joined apart from each other. */
export class RecordAssembler {
  #options: AssemblerOptions;
  readonly #onRecord: OnRecord;
  readonly #streams: Map<string, StreamAssembler>;
  /** Which of the files that the log goes on in lines come from. */
  file = 0;
  readonly #plain: StreamAssembler;

  /** @param states where another assembler of the same log stopped; lines come again from the first place on that one names */
  constructor(options: AssemblerOptions, onRecord: OnRecord, states: readonly StreamState[] = []) {
    this.#options = options;
    this.#onRecord = onRecord;
    const resumed = new Map(states.map((state) => [state.name, new StreamAssembler(options, onRecord, 0, state)]));
    this.#plain = resumed.get(PLAIN_STREAM) ?? new StreamAssembler(options, onRecord, 0);
    resumed.delete(PLAIN_STREAM);
    this.#streams = resumed;
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

  /** Records that end from now on have times of this zone where they print none. */
  set zone(zone: string) {
    this.#options = { ...this.#options, zone };
    for (const stream of [this.#plain, ...this.#streams.values()]) stream.zone = zone;
  }

  /** The log goes on in another file. */
  goesOn(): void {
    this.file++;
    for (const stream of [this.#plain, ...this.#streams.values()]) stream.file = this.file;
  }

  /** Whether a line would begin a record. */
  begins(text: string): boolean {
    const unwrapped = this.#options.wrapper?.unwrap(text)?.text ?? text;
    return startOf(this.family, unwrapped) !== null;
  }

  /**
   * The records that would end if the log did, without ending them.
   * @param partial a last line whose end is still to come; null if there is none
   */
  peek(partial: Line | null): LogRecord[] {
    const { wrapper } = this.#options;
    const wrapped = partial === null ? null : (wrapper?.unwrap(partial.text) ?? null);
    const stream = wrapped === null ? this.#plain : this.#streamOf(wrapped.stream);
    // A wrapped line that is not whole says nothing yet.
    const push = (copy: StreamAssembler) => {
      if (wrapped !== null) copy.pushPart(partial!, wrapped.text, wrapped.partial, wrapped.time);
      else if (partial !== null && wrapper === null) copy.push(partial, partial.text, null);
    };
    return [this.#plain, ...this.#streams.values()].flatMap((one) => one.peek(one === stream ? push : () => {}));
  }

  /** @param next the line that would come next */
  states(next: { readonly number: number; readonly offset: number }): StreamState[] {
    const place = { file: this.file, ...next };
    return [
      this.#plain.state(PLAIN_STREAM, place),
      ...[...this.#streams].map(([name, stream]) => stream.state(name, place)),
    ];
  }

  #streamOf(name: string): StreamAssembler {
    let stream = this.#streams.get(name);
    if (!stream) {
      // A hostile log could name a new stream on every line: beyond the bound they share one.
      const key = this.#streams.size < MAX_STREAMS ? name : '';
      stream = this.#streams.get(key) ?? new StreamAssembler(this.#options, this.#onRecord, this.file);
      this.#streams.set(key, stream);
    }
    return stream;
  }
}

const MAX_STREAMS = 100;
/** What is in no wrapper; no stream of a wrapper has this name. */
const PLAIN_STREAM = '\0';
const FEED = 10;

/** Joins the lines of one stream. */
class StreamAssembler {
  zone: string;
  readonly #onRecord: OnRecord;
  family: Family;
  /** Which of the files that the log goes on in lines come from. */
  file: number;
  #record: OpenRecord | null = null;
  /** The lines since the last start of a record, at most {@link FAMILY_LINES}. */
  #strangers: string[] = [];
  /** The first of them, and the record that it belongs to. */
  #strangersFrom: { readonly line: LinePlace; readonly record: LinePlace } | null = null;
  /** The last record that was handed on began here, and so many with it: a wrapped line may hold several. */
  #last: StreamState['counted'] | null = null;
  readonly #resumed: StreamState | null;
  /** A line whose rest may still come (a wrapper split it): where it began, and how far it is known. */
  #part: {
    readonly line: Line;
    readonly place: LinePlace;
    readonly time: string | null;
    text: string;
    endLine: number;
    cut: boolean;
  } | null = null;

  constructor(
    { family, zone }: AssemblerOptions,
    onRecord: OnRecord,
    file: number,
    resumed: StreamState | null = null,
  ) {
    this.family = (resumed === null ? null : familyNamed(resumed.family)) ?? family;
    this.file = file;
    this.zone = zone;
    this.#onRecord = onRecord;
    this.#resumed = resumed;
  }

  state(name: string, next: LinePlace): StreamState {
    const part = this.#part?.place ?? next;
    const open = this.#record?.place ?? part;
    const starts = [open, part, this.#strangersFrom?.record ?? next];
    const isLast = this.#last !== null && comparePlaces(this.#last, open) === 0;
    return {
      name,
      family: this.family.name,
      from: starts.reduce((first, place) => (comparePlaces(place, first) < 0 ? place : first)),
      counted: { ...open, records: isLast ? this.#last!.records : 0 },
      strangersFrom: this.#strangersFrom?.line ?? next,
    };
  }

  /** @param push gives a copy of this stream what is to be seen besides */
  peek(push: (copy: StreamAssembler) => void): LogRecord[] {
    const records: LogRecord[] = [];
    const options = { family: this.family, wrapper: null, zone: this.zone };
    const copy = new StreamAssembler(options, (record) => records.push(record), this.file);
    copy.#record = this.#record?.clone() ?? null;
    copy.#part = this.#part === null ? null : { ...this.#part };
    push(copy);
    copy.end();
    return records;
  }

  pushPart(line: Line, text: string, partial: boolean, time: string | null): void {
    if (this.#isDone(line)) return;
    const part = this.#part ?? {
      line,
      place: this.#placeOf(line),
      time,
      text: '',
      endLine: line.number,
      cut: false,
    };
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
    if (this.#isDone(line)) return;
    const { formats } = this.family;
    const format = formats.length === 0 ? null : startOf(this.family, text);
    if (format !== null) {
      this.#strangers.length = 0;
      this.#strangersFrom = null;
      this.#finish();
      this.#record = new OpenRecord(this.#placeOf(line), line.origin, format, time);
    } else if (formats.length === 0) {
      if (text.trim() === '') this.#finish();
      else if (this.#record !== null && this.#record.count >= MAX_PARAGRAPH_LINES) this.#finish();
    }
    if (this.#record === null) {
      if (text.trim() === '') return;
      this.#record = new OpenRecord(this.#placeOf(line), line.origin, null, time);
    }
    this.#record.add(text, this.#record.place.file === this.file ? endLine : null, cut);
    if (format === null) this.#addStranger(line, text);
  }

  /** Whether the line is not needed again. */
  #isDone(line: Line): boolean {
    return this.#resumed !== null && comparePlaces(this.#placeOf(line), this.#resumed.from) < 0;
  }

  #placeOf({ number, offset }: Line): LinePlace {
    return { file: this.file, number, offset };
  }

  end(): void {
    this.#endPart();
    this.#finish();
  }

  #addStranger(line: Line, text: string): void {
    const from = this.#resumed?.strangersFrom ?? null;
    if (from !== null && comparePlaces(this.#placeOf(line), from) < 0) return;
    this.#strangersFrom ??= { line: this.#placeOf(line), record: this.#record!.place };
    this.#strangers.push(text.length > 4096 ? copyOf(text.slice(0, 512)) : text);
    if (this.#strangers.length < FAMILY_LINES) return;
    const other = otherFamilyOf(this.#strangers, this.family);
    this.#strangers = [];
    this.#strangersFrom = null;
    if (other === null) return;
    this.#finish();
    this.family = other;
  }

  #finish(): void {
    const record = this.#record;
    this.#record = null;
    if (record === null) return;
    const { place } = record;
    const isSame = this.#last !== null && comparePlaces(this.#last, place) === 0;
    this.#last = { ...place, records: isSame ? this.#last!.records + 1 : 1 };
    if (!this.#wasHandedOn(this.#last)) this.#onRecord(record.toRecord(this.zone));
  }

  #wasHandedOn(last: StreamState['counted']): boolean {
    if (this.#resumed === null) return false;
    const { counted } = this.#resumed;
    return (comparePlaces(last, counted) || last.records - counted.records - 1) < 0;
  }
}

function comparePlaces(a: LinePlace, b: LinePlace): number {
  return a.file - b.file || a.offset - b.offset;
}

/** A record that still grows: its first and its last lines, bounded; what lies between is counted only. */
class OpenRecord {
  readonly place: LinePlace;
  readonly #origin: Origin;
  readonly #format: Format | null;
  readonly #time: string | null;
  #head: string[] = [];
  #headLength = 0;
  #tail: string[] = [];
  #tailLength = 0;
  #endLine: number;
  #cut = false;
  /** Blank lines that belong to the record only if something follows. */
  #blanks = 0;
  /** Lines so far, also those that were not kept. */
  count = 0;

  constructor(place: LinePlace, origin: Origin, format: Format | null, time: string | null) {
    this.place = place;
    this.#origin = origin;
    this.#format = format;
    this.#time = time;
    this.#endLine = place.number;
  }

  clone(): OpenRecord {
    const copy = new OpenRecord(this.place, this.#origin, this.#format, this.#time);
    copy.#head = [...this.#head];
    copy.#headLength = this.#headLength;
    copy.#tail = [...this.#tail];
    copy.#tailLength = this.#tailLength;
    copy.#endLine = this.#endLine;
    copy.#cut = this.#cut;
    copy.#blanks = this.#blanks;
    copy.count = this.count;
    return copy;
  }

  /** @param number of the line; null if it stands in another file than the first one */
  add(text: string, number: number | null, cut: boolean): void {
    this.count++;
    if (text === '') {
      this.#blanks++;
      return;
    }
    for (; this.#blanks > 0; this.#blanks--) this.#keep('');
    this.#keep(text);
    if (number !== null) this.#endLine = number;
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
      line: this.place.number,
      endLine: this.#endLine,
      offset: this.place.offset,
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
