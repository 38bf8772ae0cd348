/** The pipeline of a tail: records -> matches -> incidents as they live. The order of the stages is that of pipeline.ts. */
import type { Grouper } from './incidents/grouper.js';
import { type LiveFinding, LiveIncidents, type LiveState, type Trust } from './incidents/live.js';
import type { Place } from './incidents/occurrence.js';
import { compileRules } from './matches/compile.js';
import { isProduct } from './model/fact.js';
import { LeakError } from './model/leak.js';
import { isErrorRecord, type LogRecord } from './model/log-record.js';
import { isExplained, type Matcher } from './model/match.js';
import type { RecordReceiver } from './model/record-receiver.js';
import type { Rule } from './model/rule.js';
import {
  factsOfRecord,
  filterOf,
  givenOut,
  Installation,
  maskOf,
  type PipelineOptions,
  zoneNamed,
} from './pipeline.js';
import type { ReadOptions } from './read.js';
import type { RedactMode } from './redaction/redactor.js';
import { withoutHalfTokens } from './redaction/report.js';
import { maskSecrets } from './redaction/secrets.js';

export interface LiveOptions
  extends Pick<
    PipelineOptions,
    'rules' | 'needs' | 'evidence' | 'unknown' | 'redact' | 'redactor' | 'filter' | 'clock' | 'since' | 'until'
  > {
  /** IANA zone of times that are printed without one; null is the one that a log names at its start, else UTC. */
  readonly zone: string | null;
  /** The day on which solutions must be valid, `YYYY-MM-DD`. */
  readonly day: () => string;
  /** Milliseconds of the log's time. */
  readonly resolveAfter: number;
  /** Whether is told of what a rule finds. */
  readonly isShown: (rule: Rule) => boolean;
}

/** Matches of rules with `when` wait so long, in milliseconds of the log's time, for those that come late. */
const LATENESS = 60_000;

/** What a tail keeps of its pipeline; plain data. */
export interface LivePipelineState extends LiveState {
  /** Absent in what was kept before there were facts. */
  readonly facts?: ReturnType<Installation['state']>;
}

/** Looks for facts alone. */
export interface Learner {
  /** Whether the start of a product was met. */
  readonly hasProduct: boolean;
  readonly filter: ReadOptions['filter'];
  readonly receiver: RecordReceiver;
}

/** A record and where it stands. */
export interface Placed {
  readonly record: LogRecord;
  /** Tells it from the other records of its log. */
  readonly key: string;
  readonly place: Place;
}

export class LivePipeline {
  readonly #options: LiveOptions;
  readonly #matcher: Matcher;
  readonly #live: LiveIncidents;
  readonly #rules: ReadonlyMap<string, Rule>;
  readonly #installation: Installation;
  /** Changes of facts that incidents were held against; none of this run yet. */
  #changes = -1;
  /** Null if it cannot be used, or is not wanted. */
  readonly filter: ReadOptions['filter'];
  /** The time of the log up to which incidents were looked at. */
  #now = Number.NEGATIVE_INFINITY;
  records = 0;
  errors = 0;
  explained = 0;
  cutRecords = 0;

  /** @param isUnclean whether what is in the state may have been told since */
  constructor(options: LiveOptions, state: LivePipelineState | null, isUnclean: boolean) {
    this.#options = options;
    this.#rules = new Map(options.rules.map((rule) => [rule.id, rule]));
    const installation = new Installation(state?.facts);
    this.#installation = installation;
    this.#matcher = compileRules(options.rules, options.needs, options.clock, installation);
    this.filter = options.filter ? filterOf(this.#matcher, null) : null;
    this.#live = new LiveIncidents(
      {
        rules: options.rules,
        evidence: options.evidence,
        several: true,
        mask: maskOf(options),
        maskKey: maskSecrets,
        day: options.day,
        resolveAfter: options.resolveAfter,
        unknown: options.unknown ?? 0,
        isShown: options.isShown,
        verdictOf: (rule) => installation.verdictOf(rule),
      },
      state,
      isUnclean,
    );
  }

  /** The zone of times that a log prints without one. */
  zoneOf(head: string): string {
    return this.#options.zone ?? zoneNamed(head) ?? 'UTC';
  }

  /**
   * By which a log is read for what it tells of the installation, and nothing else.
   * @param number of the log
   * @param start position of the first byte that is read, in a count in which what is read of the log later begins at 0
   */
  learner(number: number, start: number): Learner {
    const installation = this.#installation;
    const learner = { hasProduct: false };
    const matcher = compileRules([], this.#options.needs, null, {
      needs: installation.needs,
      take(record) {
        const facts = factsOfRecord(record);
        installation.add(facts, { time: record.time, source: number, offset: start + record.offset });
        if (facts.some(({ key }) => isProduct(key))) learner.hasProduct = true;
      },
    });
    return Object.assign(learner, {
      filter: filterOf(matcher, null),
      receiver: {
        record(record: LogRecord, held: readonly number[] | null) {
          matcher.match(record, held);
        },
        repeated: () => false,
        passedOver() {},
      },
    });
  }

  /** Incidents are held against facts that have changed. */
  reconsider(): void {
    if (this.#installation.changes === this.#changes) return;
    this.#changes = this.#installation.changes;
    this.#live.reconsider();
  }

  /**
   * Takes a record that has ended.
   * @param held which of the filter's literals are in it; null if that is not known
   */
  take(log: string, { record, key, place }: Placed, held: readonly number[] | null, trust: Trust): void {
    if (record.cut) this.cutRecords++;
    this.records++;
    this.#installation.place = place;
    if (!this.#isInSpan(place)) {
      this.#installation.take(record);
      this.reconsider();
      return;
    }
    const matches = this.#matcher.match(record, held);
    const isError = this.#options.unknown !== null && isErrorRecord(record);
    if (isError) this.errors++;
    const isKnown = isExplained(matches);
    if (isError && isKnown) this.explained++;
    this.#live.settle(log, { key, extent: extentOf(record) }, trust, (grouper: Pick<Grouper, 'add' | 'addUnknown'>) => {
      if (matches.length > 0) grouper.add(matches, place);
      if (isError && !isKnown) grouper.addUnknown(record, place, null);
    });
    this.reconsider();
  }

  /** Tells of records that may still grow; they replace those that were told of before. */
  preview(log: string, records: readonly Placed[], trust: Trust): void {
    const previewed = records.flatMap(({ record, key, place }) => {
      if (!this.#isInSpan(place)) return [];
      this.#installation.place = place;
      const matches = this.#matcher.match(record, null);
      const isUnknown = !isExplained(matches) && this.#options.unknown !== null && isErrorRecord(record);
      if (matches.length === 0 && !isUnknown) return [];
      return [{ key, extent: extentOf(record), previews: this.#live.previewOf(matches, record, place, isUnknown) }];
    });
    this.#live.preview(log, trust, previewed);
    this.reconsider();
  }

  /** Time of the log has passed, in milliseconds since 1970; it never goes back. */
  advance(now: number, trust: Trust): void {
    if (now <= this.#now) return;
    this.#now = now;
    this.#live.advance(now, now - LATENESS, trust);
  }

  /** Everything that was told before is read again. */
  reconcile(): void {
    this.#live.reconcile();
  }

  /** An orderly stop. */
  finish(): void {
    this.#live.finish();
  }

  /** What has happened since it was asked last, as it is kept; {@link given} makes of it what is given out. */
  events(): LiveFinding[] {
    return this.#live.take();
  }

  /**
   * A finding as it is given out.
   * @param counts whether what is masked in it is counted
   * @throws LeakError if it cannot be masked; nobody may see it
   */
  given(finding: LiveFinding, redact: RedactMode, counts: boolean): LiveFinding {
    const { redactor, day, redact: kept } = this.#options;
    const whole = kept === 'off' && redact !== 'off' ? withoutHalfTokens(finding) : finding;
    redactor.learn(whole, redact);
    const rule = this.#rules.get(finding.rule?.id ?? '') ?? null;
    const given = givenOut(whole, { redact, redactor }, rule, day(), counts);
    const leak = redactor.leakIn(given, redact);
    if (leak !== null) throw new LeakError(leak.kind, leak.place);
    return given;
  }

  /** What a bound kept from being told apart; one sentence each. */
  exceeded(): readonly string[] {
    return this.#live.exceeded();
  }

  get late(): number {
    return this.#live.late;
  }

  get duplicatesPossible(): number {
    return this.#live.duplicatesPossible;
  }

  /** Everything that was found and is not known to be no concern of this installation. */
  *found(): ReturnType<LiveIncidents['found']> {
    for (const one of this.#live.found())
      if (one.rule === null || this.#installation.verdictOf(one.rule).applies !== false) yield one;
  }

  costs(): ReturnType<Matcher['costs']> {
    return this.#matcher.costs();
  }

  /** JSON of a {@link LivePipelineState}. */
  stateText(): string {
    return `${this.#live.stateText().slice(0, -1)},"facts":${JSON.stringify(this.#installation.state())}}`;
  }

  #isInSpan({ time }: Place): boolean {
    const { since, until } = this.#options;
    return time === null || ((since === null || time >= since) && (until === null || time < until));
  }
}

/** Tells whether a record has grown. */
function extentOf({ endLine, text }: LogRecord): string {
  return `${endLine} ${text.length}`;
}
