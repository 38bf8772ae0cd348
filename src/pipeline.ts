/**
 * The whole program on one page: bytes -> lines -> records -> matches -> incidents. The stages know the nouns of
 * `model/`, never each other; only this file knows their order.
 */
import { Grams, LEAST } from './candidates/grams.js';
import { isFactFile, MAX_FACT_FILE } from './facts/file.js';
import { Installation } from './facts/installation.js';
import { factsOfRecord, timezoneOf } from './facts/record.js';
import { cutFile, missingBackups } from './holes/files.js';
import { holesOf } from './holes/holes.js';
import { Levels } from './holes/levels.js';
import { StretchReader } from './holes/stretches.js';
import { type Span, Timeline } from './holes/timeline.js';
import { type Findings, Grouper } from './incidents/grouper.js';
import type { Place } from './incidents/occurrence.js';
import { ruleTexts } from './incidents/rule-texts.js';
import { compileRules } from './matches/compile.js';
import type { Diagnostics } from './model/diagnostics.js';
import type { NodeFact } from './model/fact.js';
import type { Incident, UnknownError } from './model/incident.js';
import { LeakError } from './model/leak.js';
import type { Needs } from './model/literal.js';
import type { LogHole } from './model/log-hole.js';
import { isErrorRecord, type LogRecord } from './model/log-record.js';
import { isExplained, type Match, type Matcher } from './model/match.js';
import { type Origin, originName } from './model/origin.js';
import type { Clock, Profile } from './model/profile.js';
import type { RecordReceiver, RepeatedError } from './model/record-receiver.js';
import type { Coverage } from './model/report.js';
import { neighbours } from './model/rotation.js';
import type { Rule, RulePack } from './model/rule.js';
import { InputError, type Source } from './model/source.js';
import { type EdgeReceiver, type Layout, noCounts, type ReadOptions, readRecords, readText } from './read.js';
import { goesOnWith, joinedRecords } from './records/join.js';
import { isZone, stampAt, toInstant } from './records/time.js';
import { type RedactMode, Redactor } from './redaction/redactor.js';
import { maskSecrets } from './redaction/secrets.js';
import type { Threads } from './sift.js';

export { isAppFrame, maskMessage } from './incidents/normalize.js';
export { type Leak, REDACT_MODES, type RedactMode, Redactor } from './redaction/redactor.js';
export { factsOfRecord, Installation, isFactFile, isZone, MAX_FACT_FILE, maskSecrets };

export interface PipelineOptions {
  readonly rules: readonly Rule[];
  /** What every match of one of them contains; {@link needsFor} gives it. */
  readonly needs: (rule: Rule) => Needs;
  /** IANA zone of times that are printed without one; null is the one that the facts name, else UTC. */
  readonly zone: string | null;
  /** Whether facts about the installation are looked for. */
  readonly facts: boolean;
  /** Whether it is looked for what logs cannot show, for which some are read once more. */
  readonly holes: boolean;
  /** Records outside of these times are left out; milliseconds since 1970, or null. */
  readonly since: number | null;
  readonly until: number | null;
  /** The day on which solutions must be valid, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly evidence: number;
  /** How many kinds of errors that no rule knows are given out, the most frequent first; null does not look for them. */
  readonly unknown: number | null;
  readonly redact: RedactMode;
  readonly redactor: Redactor;
  /** Whether bytes that cannot matter may be passed over; the result is the same. */
  readonly filter: boolean;
  /** By which it is measured where the time goes; null measures nothing. */
  readonly clock: Clock | null;
  /** Other threads that help; null if there are none. */
  readonly threads: Threads | null;
  /** Whether there is more than one input, so that a record may stand in two. */
  readonly several: boolean;
}

export interface Scanned {
  /** As they are kept; {@link Pipeline.given} makes of them what is given out. */
  readonly findings: Findings;
  readonly facts: readonly NodeFact[];
  readonly holes: readonly LogHole[];
  readonly coverage: Coverage;
  /** Null if nothing was measured. */
  readonly profile: Profile | null;
}

export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #matcher: Matcher;
  readonly #grouper: Grouper;
  readonly #installation = new Installation();
  readonly #diagnostics: Diagnostics;
  readonly #counts = noCounts();
  /** Null if it cannot be used. */
  readonly #filter: ReadOptions['filter'];
  /** How logs begin and end that may be parts of one. */
  readonly #edges: Edge[] = [];
  /** Of inputs, by their numbers. */
  readonly #origins: string[] = [];
  /** Names of nodes by origin; made when everything was read. */
  #nodes: ReadonlyMap<string, string> | null = null;
  readonly #holes: LogHole[] = [];
  #files = 0;
  #skipped = 0;
  #unreadable = 0;
  #records = 0;
  #errors = 0;
  #explained = 0;
  #cutRecords = 0;
  /** Milliseconds. */
  readonly #times = { reading: 0, matching: 0, grouping: 0 };

  constructor(options: PipelineOptions, diagnostics: Diagnostics) {
    this.#options = options;
    const installation = this.#installation;
    this.#matcher = compileRules(options.rules, options.needs, options.clock, options.facts ? installation : null);
    this.#filter = options.filter ? filterOf(this.#matcher, options.threads) : null;
    this.#grouper = new Grouper({
      ...options,
      mask: maskOf(options),
      maskKey: maskSecrets,
      verdictOf: (rule) => installation.verdictOf(rule),
      nodesOf: (sources) => this.#nodesOf(sources),
    });
    this.#diagnostics = diagnostics;
  }

  /** Reads a file that is no log, but tells something of the installation. */
  async readFacts(source: Source): Promise<void> {
    try {
      this.#installation.takeFile(originName(source.origin), await readText(source, MAX_FACT_FILE));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // Settings are often hidden from whoever may read the logs.
      if (source.named) this.#troubleWith(error);
    }
  }

  /** Reads one log to its end. Trouble with it becomes a problem, never an error. */
  async read(source: Source, number: number): Promise<void> {
    const started = this.#now();
    this.#origins[number] = originName(source.origin);
    try {
      await this.#readThrough(source, number);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if ((error.code === 'input-binary' || error.code === 'input-empty') && !source.named) {
        this.#skipped++;
        return;
      }
      this.#troubleWith(error);
    } finally {
      this.#times.reading += this.#now() - started;
    }
  }

  #troubleWith({ code, origin, message, remedy }: InputError): void {
    this.#unreadable++;
    this.#diagnostics.problem({ code, origin, message, remedy });
  }

  /** @param skipped inputs that were passed over before they came here; `unreadable` likewise */
  finish(skipped: number, unreadable: number): Scanned {
    this.#takeEdges();
    const started = this.#now();
    const findings = this.#grouper.finish(this.#options.unknown ?? 0);
    const finishing = this.#now() - started;
    for (const message of findings.exceeded) this.#tellBound(message);
    const counted = this.#options.unknown !== null;
    return {
      findings,
      facts: this.#installation.facts(),
      holes: [...missingBackups(this.#origins.filter((origin) => origin !== undefined)), ...this.#holes],
      profile: this.#options.clock === null ? null : this.#profile(finishing),
      coverage: {
        files: this.#files,
        lines: this.#counts.lines,
        bytes: this.#counts.bytes,
        cutLines: this.#counts.cutLines,
        records: counted ? this.#records + this.#counts.passed : null,
        errorRecords: counted ? this.#errors : null,
        explained: counted ? this.#explained : null,
        unexplained: counted ? this.#errors - this.#explained : null,
        cutRecords: this.#cutRecords,
        skippedFiles: this.#skipped + skipped,
        unreadableFiles: this.#unreadable + unreadable,
      },
    };
  }

  /**
   * Findings as they are given out: what is masked in one of them is masked in all.
   * @throws LeakError if that has failed
   */
  given<T extends Incident | UnknownError>(findings: readonly T[]): T[] {
    const { redact, redactor, asOf, rules } = this.#options;
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    for (const finding of findings) redactor.learn(finding, redact);
    const given = findings.map((finding) =>
      givenOut(finding, this.#options, byId.get(finding.rule?.id ?? '') ?? null, asOf, true),
    );
    for (const finding of given) {
      const leak = redactor.leakIn(finding, redact);
      if (leak !== null) throw new LeakError(leak.kind, `${leak.place} of ${finding.id}`);
    }
    for (const message of redactor.exceeded()) this.#tellBound(message);
    return given;
  }

  async #readThrough(source: Source, number: number): Promise<void> {
    const { since, until, unknown } = this.#options;
    let zone = 'UTC';
    const zoneOf = (head: string) => {
      zone = this.#options.zone ?? this.#zoneOf(source, head);
      return zone;
    };
    // Which records a span leaves out is known only when they are read.
    const filter = since === null && until === null ? this.#filter : null;
    const diagnostics = {
      ...this.#diagnostics,
      opened: (origin: string, layout: string) => this.#opened(origin, layout),
    };
    const linesBefore = this.#counts.lines;
    const receiver = new SourceRecords(number, this, this.#options);
    const edges = this.#options.several ? { edges: receiver } : {};
    const instantOf = (text: string) => {
      const found = stampAt(text, 0);
      return found === null ? null : toInstant(found.stamp, zone);
    };
    const sampled = (lines: string) => receiver.levels.sample(lines, instantOf);
    try {
      await readRecords(
        source,
        { zone: zoneOf, filter, errors: unknown !== null, ...edges, sampled },
        this.#counts,
        diagnostics,
        receiver,
      );
    } finally {
      const edge = receiver.end(source.origin, zone);
      if (edge !== null) this.#edges.push(edge);
      for (const time of receiver.times()) this.#grouper.sawTime(time);
    }
    await this.#findHoles(source, receiver, instantOf, this.#counts.lines - linesBefore);
  }

  /** What a span leaves out is no hole. */
  async #findHoles(
    source: Source,
    { timeline, levels, times }: SourceRecords,
    instantOf: (text: string) => number | null,
    lines: number,
  ): Promise<void> {
    const { holes, since, until } = this.#options;
    if (!holes || since !== null || until !== null || this.#holes.length >= MAX_HOLES) return;
    const origin = originName(source.origin);
    const stretches = source.reopens ? timeline.stretches : [];
    const gaps: Span[] = [];
    if (stretches.length > 0) {
      const reader = new StretchReader(stretches, instantOf);
      for await (const piece of source.open()) {
        reader.push(piece);
        if (reader.isDone) break;
      }
      gaps.push(...reader.gaps);
    }
    this.#holes.push(
      ...cutFile(origin, source.bytes, times()[0] ?? null),
      ...holesOf(origin, timeline, gaps, levels.gaps(), lines),
    );
  }

  #nodesOf(sources: ReadonlyMap<number, number>): Incident['nodes'] {
    this.#nodes ??= this.#installation.nodeNames(this.#origins);
    const counts = new Map<string, number>();
    for (const [source, count] of sources) {
      const name = this.#nodes.get(this.#origins[source]!);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + count);
    }
    return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #tellBound(message: string): void {
    this.#diagnostics.problem({
      code: 'bound-exceeded',
      origin: null,
      message,
      remedy: 'scan fewer inputs at a time, or a shorter span with --since and --until',
    });
  }

  /** The zone that a banner at the start of a log names, or a file beside it; else UTC. */
  #zoneOf({ origin }: Source, head: string): string {
    const beside = this.#installation.zoneOf(originName(origin));
    return zoneNamed(head) ?? (beside !== null && isZone(beside) ? beside : 'UTC');
  }

  /** Records that a rotation cut are whole again; what else waited for that is taken as it is. */
  #takeEdges(): void {
    for (const [older, younger] of neighbours(this.#edges, ({ origin }) => originName(origin))) {
      if (older.last === null) continue;
      const joined = younger === null ? [] : joinOf(older, younger);
      if (joined.length > 0) younger!.first = null;
      else this.#takeWaiting(older.last);
      const { place } = older.last;
      for (const record of joined) {
        this.take(record, { ...place, time: record.time ?? place.time, offset: record.offset }, null, null);
      }
    }
    for (const { first } of this.#edges) if (first !== null) this.#takeWaiting(first);
  }

  #takeWaiting({ record, place, held, key }: Waiting): void {
    this.take(record, place, held, key);
  }

  #opened(origin: string, layout: string): void {
    this.#files++;
    this.#diagnostics.opened(origin, layout);
  }

  /** What happens to each record. */
  take(record: LogRecord, place: Place, held: readonly number[] | null, key: number | null): void {
    if (record.cut) this.#cutRecords++;
    const started = this.#now();
    this.#installation.place = place;
    const matches = this.#matcher.match(record, held);
    const matched = this.#now();
    this.#times.matching += matched - started;
    this.#group(record, matches, place, key);
    this.#times.grouping += this.#now() - matched;
  }

  /** A record that is left out still tells what is true. */
  learn(record: LogRecord, place: Place): void {
    if (!this.#options.facts) return;
    this.#installation.place = place;
    this.#installation.take(record);
  }

  #group(record: LogRecord, matches: readonly Match[], place: Place, key: number | null): void {
    if (matches.length > 0) this.#grouper.add(matches, place);
    if (this.#options.unknown === null) return;
    this.#records++;
    if (!isErrorRecord(record)) return;
    this.#errors++;
    if (isExplained(matches)) this.#explained++;
    else this.#grouper.addUnknown(record, place, key);
  }

  /** What happens to an error that was seen before. */
  takeRepeated(error: RepeatedError, place: Place): boolean {
    const started = this.#now();
    const isKnown = this.#grouper.addRepeated(error, place);
    this.#times.grouping += this.#now() - started;
    if (!isKnown) return false;
    this.#records++;
    this.#errors++;
    return true;
  }

  #now(): number {
    return this.#options.clock?.() ?? 0;
  }

  #profile(finishing: number): Profile {
    const { reading, matching, grouping } = this.#times;
    const { parsing, rules } = this.#matcher.costs();
    const tests = rules.reduce((sum, { time }) => sum + time, 0);
    return {
      stages: [
        { name: 'reading, filtering, making records', time: reading - matching - grouping },
        { name: 'finding which rules may match', time: matching - parsing - tests },
        { name: 'parsing exceptions and calls', time: parsing },
        { name: 'asking rules', time: tests },
        { name: 'grouping', time: grouping },
        { name: 'making the result', time: finishing },
      ],
      rules,
    };
  }
}

/** A record that is not taken yet, as it may be a part of one. */
interface Waiting {
  readonly record: LogRecord;
  readonly place: Place;
  readonly held: readonly number[] | null;
  readonly key: number | null;
}

/** How one log begins and ends. */
interface Edge {
  readonly origin: Origin;
  readonly layout: Layout;
  /** The lines before its first header, and the record that they are by themselves. */
  readonly fragment: readonly string[];
  first: Waiting | null;
  readonly last: Waiting | null;
  readonly endsInLine: boolean;
  /** IANA zone of its times. */
  readonly zone: string;
}

/** With so many holes nobody needs further ones. */
const MAX_HOLES = 1000;

/** A longer record is not joined: all of them wait in memory. */
const MAX_JOINED = 64 * 1024; // characters

/** Nothing if the younger log does not go on with the last record of the older one. */
function joinOf(older: Edge, younger: Edge): LogRecord[] {
  const { fragment, layout } = younger;
  if (layout.family !== older.layout.family || !goesOnWith(fragment, older.endsInLine)) return [];
  return joinedRecords(older.last!.record, fragment, older.endsInLine, { ...layout, zone: older.zone });
}

/** The records of one source with their places in time; those outside of the span that was asked for are left out. */
class SourceRecords implements RecordReceiver, EdgeReceiver {
  readonly #source: number;
  readonly #pipeline: Pick<Pipeline, 'take' | 'takeRepeated' | 'learn'>;
  readonly #since: number;
  readonly #until: number;
  /** Of the last record that was taken or passed over; a record without time takes that of the one before it. */
  #time: number | null = null;
  #offset = -1;
  /** Times of the first and of the last record that begins with a header. */
  #first: number | null | undefined;
  #last: number | null = null;
  /** Set where the log may be a part of one: then its first record waits, if it has no header, and its last one. */
  #layout: Layout | null = null;
  #fragment: readonly string[] = [];
  readonly timeline = new Timeline();
  readonly levels = new Levels();
  #endsInLine = false;
  #firstWaits: Waiting | null = null;
  #lastWaits: Waiting | null = null;

  constructor(
    source: number,
    pipeline: Pick<Pipeline, 'take' | 'takeRepeated' | 'learn'>,
    { since, until }: PipelineOptions,
  ) {
    this.#source = source;
    this.#pipeline = pipeline;
    this.#since = since ?? Number.NEGATIVE_INFINITY;
    this.#until = until ?? Number.POSITIVE_INFINITY;
  }

  record(record: LogRecord, held: readonly number[] | null, key: number | null): void {
    const time = record.time ?? this.#time;
    this.timeline.record(record, held === null);
    this.levels.record(record);
    this.#time = time;
    this.#offset = record.offset;
    const place = { time, source: this.#source, offset: record.offset };
    if (time !== null && (time < this.#since || time >= this.#until)) {
      this.#pipeline.learn(record, place);
      return;
    }
    if (record.format !== 'plain') {
      this.#first ??= record.time;
      this.#last = record.time ?? this.#last;
    }
    if (this.#layout === null) this.#pipeline.take(record, place, held, key);
    else this.#wait({ record, place, held, key });
  }

  #wait(waiting: Waiting): void {
    this.#flush();
    const { offset, text } = waiting.record;
    if (offset === 0 && this.#fragment.length > 0) this.#firstWaits = waiting;
    else if (text.length <= MAX_JOINED) this.#lastWaits = waiting;
    else this.#take(waiting);
  }

  #flush(): void {
    if (this.#lastWaits !== null) this.#take(this.#lastWaits);
    this.#lastWaits = null;
  }

  #take({ record, place, held, key }: Waiting): void {
    this.#pipeline.take(record, place, held, key);
  }

  begins(fragment: readonly string[], layout: Layout): void {
    this.#layout = layout;
    this.#fragment = fragment;
  }

  ends(endsInLine: boolean): void {
    this.#endsInLine = endsInLine;
  }

  /** The log ends. Returns what may belong to another one; null if nothing does. */
  end(origin: Origin, zone: string): Edge | null {
    if (this.#layout === null) return null;
    return {
      origin,
      layout: this.#layout,
      fragment: this.#fragment,
      first: this.#firstWaits,
      last: this.#lastWaits,
      endsInLine: this.#endsInLine,
      zone,
    };
  }

  repeated(error: RepeatedError): boolean {
    const { time, offset } = error;
    this.#flush();
    if (!this.#pipeline.takeRepeated(error, { time, source: this.#source, offset })) return false;
    this.timeline.passedOver(time, offset);
    this.#time = time;
    this.#offset = offset;
    this.#first ??= time;
    this.#last = time;
    return true;
  }

  passedOver(offset: number, time: number | null): void {
    if (offset <= this.#offset) return;
    this.#flush();
    if (time !== null) this.timeline.passedOver(time, offset);
    this.#offset = offset;
    this.#time = time ?? this.#time;
    this.#last = time ?? this.#last;
  }

  /** When the log begins and ends, as far as it says. */
  readonly times = (): number[] => {
    return [this.#first, this.#last].filter((time) => typeof time === 'number');
  };
}

/** The zone that a banner at the start of a log names; null if there is none. */
export function zoneNamed(head: string): string | null {
  const zone = timezoneOf(head);
  return zone !== null && isZone(zone) ? zone : null;
}

/** A time as a user types it, `2026-11-20` or `2026-11-20 09:14:03+0100`, in milliseconds since 1970; null if it is none. */
export function toTime(text: string, zone: string): number | null {
  const parsed = stampAt(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00` : text, 0);
  return parsed === null || parsed.end < text.length ? null : toInstant(parsed.stamp, zone);
}

/** Null where a filter is of no use: a rule has no literals, or one that is too short. */
export function filterOf(matcher: Matcher, threads: Threads | null): ReadOptions['filter'] {
  const { literals } = matcher;
  if (literals === null || literals.some(({ text }) => text.length < LEAST)) return null;
  let made: Grams | null = null;
  return {
    grams() {
      made ??= new Grams(literals);
      return made;
    },
    mayMatch: (text, held) => matcher.mayMatch(text, held),
    threads: threads === null ? null : { pool: threads, needs: matcher.needs },
  };
}

/** What masks the findings of one run. @param rules as they are when it is asked: what they say is no secret */
export function redactorOf(key: Uint8Array, rules: () => readonly Rule[]): Redactor {
  return new Redactor({
    key,
    ownTexts: function* () {
      for (const { id, title, cause, notThisIf, products, tags, solutions, references } of rules()) {
        yield* [id, title, cause, notThisIf ?? '', ...products, ...tags];
        for (const { summary, steps } of solutions) yield* [summary, ...steps];
        for (const { title: page, url } of references) yield* [page, url];
      }
    },
  });
}

/** What texts from a log go through before they are kept. */
export function maskOf({ redact, redactor }: Pick<PipelineOptions, 'redact' | 'redactor'>): (text: string) => string {
  return redact === 'off' ? (text) => text : redactor.mask;
}

/** The same for lines that are shown one by one. */
export function maskLinesOf({
  redact,
  redactor,
}: Pick<PipelineOptions, 'redact' | 'redactor'>): (lines: readonly string[]) => readonly string[] {
  return redact === 'off' ? (lines) => lines : redactor.maskLines;
}

/**
 * A finding as it is given out.
 * @param rule that found it; null if none did, or if it is there no more
 * @param day on which its solution must be valid, `YYYY-MM-DD`
 */
export function givenOut<T extends Incident | UnknownError>(
  finding: T,
  { redact, redactor }: Pick<PipelineOptions, 'redact' | 'redactor'>,
  rule: Rule | null,
  day: string,
  counts: boolean,
): T {
  return redactor.given(finding, redact, rule === null ? null : (captures) => ruleTexts(rule, captures, day), counts);
}

/**
 * What every match of a rule contains. Compiled packs know it; to find it in others, what takes regular expressions apart is
 * loaded.
 */
export async function needsFor(packs: readonly RulePack[]): Promise<PipelineOptions['needs']> {
  const known: NonNullable<RulePack['needs']> = Object.assign({}, ...packs.map((pack) => pack.needs ?? {}));
  if (packs.every((pack) => pack.rules.every((rule) => Object.hasOwn(known, rule.id))))
    return (rule) => known[rule.id]!;
  const { needsOf } = await import('./matches/literals.js');
  return (rule) => needsOf(rule.match);
}
