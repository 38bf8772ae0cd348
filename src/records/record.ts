/** The lines of one record -> a {@link LogRecord} that parses of itself what it is asked for. */
import type { HttpFailure } from '../model/http-failure.js';
import type { Level } from '../model/level.js';
import type { LogRecord } from '../model/log-record.js';
import type { Origin } from '../model/origin.js';
import type { Throwable } from '../model/throwable.js';
import type { Format, Header, Stamp } from './format.js';
import { parseHttpFailures } from './http.js';
import { messageEnd, parseThrowables } from './throwable.js';
import { stampAt, toInstant } from './time.js';

/** Everything the assembler knows of a record when it is whole. */
export interface RecordParts {
  readonly origin: Origin;
  readonly line: number;
  readonly endLine: number;
  readonly offset: number;
  /** The format whose header it has; null for plain paragraphs and for fragments. */
  readonly format: Format | null;
  /** The first lines: at least those that a header looks at, twenty. */
  readonly lines: readonly string[];
  /** All kept lines, joined by LF. */
  readonly text: string;
  readonly cut: boolean;
  /** The time that a wrapper (docker, Kubernetes) gives the first line, or null. */
  readonly wrapperTime: string | null;
  /** IANA zone of times that are printed without one. */
  readonly zone: string;
}

const NO_HEADER: Omit<Header, 'message' | 'lines'> = {
  stamp: null,
  level: null,
  thread: null,
  logger: null,
  user: null,
  requestId: null,
  url: null,
};

export class AssembledRecord implements LogRecord {
  readonly origin: Origin;
  readonly line: number;
  readonly endLine: number;
  readonly offset: number;
  readonly format: string;
  readonly time: number | null;
  readonly timeText: string | null;
  readonly zoneAssumed: boolean;
  readonly level: Level | null;
  readonly thread: string | null;
  readonly logger: string | null;
  readonly user: string | null;
  readonly requestId: string | null;
  readonly url: string | null;
  readonly text: string;
  readonly printed: string;
  readonly cut: boolean;
  readonly #header: Header;
  /** Where the header's lines end in `text`; negative if `text` is rendered and the message stands in the header alone. */
  readonly #headerEnd: number;
  #throwables: readonly Throwable[] | null = null;
  #httpFailures: readonly HttpFailure[] | null = null;
  #message: string | null = null;

  constructor(parts: RecordParts) {
    const { format, lines } = parts;
    const header = format?.header(lines) ?? { ...NO_HEADER, message: lines[0] ?? '', lines: 1 };
    const stamp = usable(header.stamp, parts.wrapperTime);
    this.origin = parts.origin;
    this.line = parts.line;
    this.endLine = parts.endLine;
    this.offset = parts.offset;
    this.format = format?.name ?? 'plain';
    this.time = stamp === null ? null : toInstant(stamp, parts.zone);
    this.timeText = header.stamp?.text ?? stamp?.text ?? null;
    this.zoneAssumed = stamp !== null && stamp.offsetMinutes === null && this.time !== null;
    this.level = header.level;
    this.thread = header.thread;
    this.logger = header.logger;
    this.user = header.user;
    this.requestId = header.requestId;
    this.url = header.url;
    this.text = format?.render?.(parts.text) ?? parts.text;
    this.printed = parts.text;
    this.cut = parts.cut;
    this.#header = header;
    this.#headerEnd = format?.render ? -1 : lengthOf(lines, header.lines);
  }

  get throwables(): readonly Throwable[] {
    this.#throwables ??= parseThrowables(this.text);
    return this.#throwables;
  }

  get httpFailures(): readonly HttpFailure[] {
    this.#httpFailures ??= parseHttpFailures(this.text);
    return this.#httpFailures;
  }

  get body(): string {
    return this.#headerEnd < 0 ? this.text : this.#header.message + this.text.slice(this.#headerEnd);
  }

  get message(): string {
    this.#message ??= this.#findMessage();
    return this.#message;
  }

  #findMessage(): string {
    const { message } = this.#header;
    if (this.#headerEnd < 0) return message.slice(0, messageEnd(message)).trimEnd();
    const end = messageEnd(this.text);
    if (end <= this.#headerEnd) return message;
    return `${message}${this.text.slice(this.#headerEnd, end)}`.trim();
  }
}

/** The header's own time; the wrapper's where the header has none or no date. */
function usable(own: Stamp | null, wrapperTime: string | null): Stamp | null {
  if (own?.dateKnown || wrapperTime === null) return own;
  return stampAt(wrapperTime, 0)?.stamp ?? own;
}

/** Length of the first `count` lines with the line ends between them. */
function lengthOf(lines: readonly string[], count: number): number {
  let length = -1;
  for (let index = 0; index < count && index < lines.length; index++) length += lines[index]!.length + 1;
  return Math.max(length, 0);
}
