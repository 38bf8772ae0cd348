/**
 * The whole program on one page: bytes -> lines -> records -> matches -> incidents. The stages know the nouns of
 * `model/`, never each other; only this file knows their order.
 */
import { type Findings, Grouper } from './incidents/grouper.js';
import type { Place } from './incidents/occurrence.js';
import { binaryKind, decodeHead, encodingOf } from './lines/encoding.js';
import { type LineCounts, splitLines } from './lines/split.js';
import { compileRules } from './matches/compile.js';
import { literalsOf } from './matches/literals.js';
import type { Diagnostics } from './model/diagnostics.js';
import { isErrorRecord, type LogRecord } from './model/log-record.js';
import type { Matcher } from './model/match.js';
import { originName } from './model/origin.js';
import type { Coverage } from './model/report.js';
import type { Rule } from './model/rule.js';
import { InputError, type Source } from './model/source.js';
import { RecordAssembler } from './records/assembler.js';
import { familyOf } from './records/family.js';
import { isZone, stampAt, toInstant } from './records/time.js';
import { wrapperOf } from './records/wrappers.js';
import { redactFinding } from './redaction/report.js';
import { maskSecrets } from './redaction/secrets.js';

export { isZone };

/** So many first bytes of a log decide its encoding, wrapper and family. */
const HEAD_BYTES = 64 * 1024;

export interface PipelineOptions {
  readonly rules: readonly Rule[];
  /** IANA zone of times that are printed without one. */
  readonly zone: string;
  /** Records outside of these times are left out; milliseconds since 1970, or null. */
  readonly since: number | null;
  readonly until: number | null;
  /** The day on which solutions must be valid, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly evidence: number;
  /** Whether errors that no rule knows are folded and counted. */
  readonly unknown: boolean;
  readonly redact: boolean;
  /** Whether there is more than one input, so that a record may stand in two. */
  readonly several: boolean;
}

export interface Scanned {
  readonly findings: Findings;
  readonly coverage: Coverage;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #matcher: Matcher;
  readonly #grouper: Grouper;
  readonly #diagnostics: Diagnostics;
  readonly #counts = { lines: 0, bytes: 0, cutLines: 0 } satisfies LineCounts;
  #files = 0;
  #skipped = 0;
  #unreadable = 0;
  #records = 0;
  #errors = 0;
  #explained = 0;
  #cutRecords = 0;

  constructor(options: PipelineOptions, diagnostics: Diagnostics) {
    this.#options = options;
    this.#matcher = compileRules(options.rules);
    this.#grouper = new Grouper(options);
    this.#diagnostics = diagnostics;
  }

  /** Reads one log to its end. Trouble with it becomes a problem, never an error. */
  async read(source: Source, number: number): Promise<void> {
    try {
      await this.#readThrough(source, number);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (error.code === 'input-binary' && !source.named) {
        this.#skipped++;
        return;
      }
      this.#unreadable++;
      this.#diagnostics.problem({
        code: error.code,
        origin: error.origin,
        message: error.message,
        remedy: error.remedy,
      });
    }
  }

  /** @param skipped inputs that were passed over before they came here; `unreadable` likewise */
  finish(skipped: number, unreadable: number): Scanned {
    const findings = this.#grouper.finish();
    for (const message of findings.exceeded) {
      this.#diagnostics.problem({
        code: 'bound-exceeded',
        origin: null,
        message,
        remedy: 'scan fewer inputs at a time, or a shorter span with --since and --until',
      });
    }
    const counted = this.#options.unknown;
    return {
      findings: redacted(findings, maskOf(this.#options)),
      coverage: {
        files: this.#files,
        ...this.#counts,
        records: counted ? this.#records : null,
        errorRecords: counted ? this.#errors : null,
        explained: counted ? this.#explained : null,
        unexplained: counted ? this.#errors - this.#explained : null,
        cutRecords: this.#cutRecords,
        skippedFiles: this.#skipped + skipped,
        unreadableFiles: this.#unreadable + unreadable,
      },
    };
  }

  async #readThrough(source: Source, number: number): Promise<void> {
    const diagnostics = {
      ...this.#diagnostics,
      opened: (origin: string, family: string) => this.#opened(origin, family),
    };
    await readRecords(source, this.#options.zone, this.#counts, diagnostics, this.#recordHandler(number));
  }

  #opened(origin: string, family: string): void {
    this.#files++;
    this.#diagnostics.opened(origin, family);
  }

  /** What happens to each record of one source. */
  #recordHandler(source: number): (record: LogRecord) => void {
    const { since, until, unknown } = this.#options;
    let lastTime: number | null = null;
    return (record) => {
      // A record without time takes that of the record before it.
      const time = record.time ?? lastTime;
      lastTime = time;
      if (time !== null && ((since !== null && time < since) || (until !== null && time >= until))) return;
      if (record.time !== null) this.#grouper.sawTime(record.time);
      if (record.cut) this.#cutRecords++;
      const place: Place = { time, source, offset: record.offset };
      const matches = this.#matcher.match(record);
      if (matches.length > 0) this.#grouper.add(matches, place);
      if (!unknown) return;
      this.#records++;
      if (!isErrorRecord(record)) return;
      this.#errors++;
      if (matches.length > 0) this.#explained++;
      else this.#grouper.addUnknown(record, place);
    };
  }
}

/**
 * Reads all records of one log.
 * @throws InputError, after everything that could be read
 */
export async function readRecords(
  source: Source,
  zone: string,
  counts: LineCounts,
  diagnostics: Pick<Diagnostics, 'opened' | 'progress'>,
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  const { head, bytes } = await headOf(source, (read) => diagnostics.progress(read));
  const kind = binaryKind(head);
  if (kind !== null) {
    throw new InputError(
      'input-binary',
      originName(source.origin),
      `is a ${kind}, not a log`,
      'name a text file or a .gz of one; unpack archives first',
    );
  }
  const choice = encodingOf(head);
  const headLines = decodeHead(head, choice).split(/\r?\n/);
  const { assembler, layout } = toAssembler(originName(source.origin), headLines, zone, onRecord);
  diagnostics.opened(originName(source.origin), layout);
  try {
    await splitLines(bytes, source.origin, choice, counts, (line) => assembler.push(line));
  } finally {
    assembler.end();
  }
}

/** The records of a text that is at hand, such as a rule's example. `file` is the name that it is read under. */
export function recordsOf(text: string, file: string, zone = 'UTC'): LogRecord[] {
  const records: LogRecord[] = [];
  const origin = { path: file, member: null };
  const lines = text.split(/\r?\n/);
  const { assembler } = toAssembler(file, lines, zone, (record) => records.push(record));
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    assembler.push({ origin, number: index + 1, offset, text: line, cut: false });
    offset += line.length + 1;
  }
  assembler.end();
  return records;
}

function toAssembler(
  file: string,
  head: readonly string[],
  zone: string,
  onRecord: (record: LogRecord) => void,
): { assembler: RecordAssembler; layout: string } {
  const wrapper = wrapperOf(head);
  const inner = wrapper === null ? head : head.flatMap((line) => (wrapper.unwrap(line)?.text ?? line).split('\n'));
  const family = familyOf(file, inner);
  const layout = wrapper === null ? family.name : `${family.name} in ${wrapper.name}`;
  return { assembler: new RecordAssembler({ family, wrapper, zone }, onRecord), layout };
}

/** A time as a user types it, `2026-11-20` or `2026-11-20 09:14:03+0100`, in milliseconds since 1970; null if it is none. */
export function toTime(text: string, zone: string): number | null {
  const parsed = stampAt(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00` : text, 0);
  return parsed === null || parsed.end < text.length ? null : toInstant(parsed.stamp, zone);
}

/** The first bytes of a source, and all its bytes with the first ones again. */
async function headOf(
  source: Source,
  onRead: (bytes: number) => void,
): Promise<{ head: Uint8Array; bytes: AsyncIterable<Uint8Array> }> {
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
  return { head: first.length === 1 ? first[0]!.subarray(0, HEAD_BYTES) : joined(first, HEAD_BYTES), bytes: all() };
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

/** What texts from a log go through before they leave the run. */
export function maskOf({ redact }: Pick<PipelineOptions, 'redact'>): (text: string) => string {
  return redact ? maskSecrets : (text) => text;
}

function redacted(findings: Findings, mask: (text: string) => string): Findings {
  return {
    ...findings,
    incidents: findings.incidents.map((incident) => redactFinding(incident, mask)),
    notices: findings.notices.map((notice) => redactFinding(notice, mask)),
    unknown: findings.unknown.map((error) => redactFinding(error, mask)),
  };
}

/** The ids of rules that have no literal, so that they must be tried on every record. */
export function rulesWithoutLiteral(rules: readonly Rule[]): string[] {
  return rules.filter((rule) => literalsOf(rule.match) === null).map((rule) => rule.id);
}
