/** The pipeline of a tail: records -> matches -> incidents as they live. The order of the stages is that of pipeline.ts. */
import type { Grouper } from './incidents/grouper.js';
import { type LiveFinding, LiveIncidents, type LiveState, type Trust } from './incidents/live.js';
import type { Place } from './incidents/occurrence.js';
import { compileRules } from './matches/compile.js';
import { isErrorRecord, type LogRecord } from './model/log-record.js';
import type { Matcher } from './model/match.js';
import type { Rule } from './model/rule.js';
import { filterOf, maskOf, type PipelineOptions } from './pipeline.js';
import type { ReadOptions } from './read.js';
import { redactFinding } from './redaction/report.js';
import { maskSecrets } from './redaction/secrets.js';

export interface LiveOptions
  extends Pick<
    PipelineOptions,
    'rules' | 'needs' | 'evidence' | 'unknown' | 'redact' | 'filter' | 'clock' | 'since' | 'until'
  > {
  /** The day on which solutions must be valid, `YYYY-MM-DD`. */
  readonly day: () => string;
  /** Milliseconds of the log's time. */
  readonly resolveAfter: number;
  /** Whether is told of what a rule finds. */
  readonly isShown: (rule: Rule) => boolean;
}

/** Matches of rules with `when` wait so long, in milliseconds of the log's time, for those that come late. */
const LATENESS = 60_000;

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
  /** Null if it cannot be used, or is not wanted. */
  readonly filter: ReadOptions['filter'];
  /** The time of the log up to which incidents were looked at. */
  #now = Number.NEGATIVE_INFINITY;
  records = 0;
  errors = 0;
  explained = 0;
  cutRecords = 0;

  /** @param isUnclean whether what is in the state may have been told since */
  constructor(options: LiveOptions, state: LiveState | null, isUnclean: boolean) {
    this.#options = options;
    this.#matcher = compileRules(options.rules, options.needs, options.clock);
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
      },
      state,
      isUnclean,
    );
  }

  /**
   * Takes a record that has ended.
   * @param held which of the filter's literals are in it; null if that is not known
   */
  take(log: string, { record, key, place }: Placed, held: readonly number[] | null, trust: Trust): void {
    if (record.cut) this.cutRecords++;
    this.records++;
    if (!this.#isInSpan(place)) return;
    const matches = this.#matcher.match(record, held);
    const isError = this.#options.unknown !== null && isErrorRecord(record);
    if (isError) this.errors++;
    if (isError && matches.length > 0) this.explained++;
    this.#live.settle(log, { key, extent: extentOf(record) }, trust, (grouper: Pick<Grouper, 'add' | 'addUnknown'>) => {
      if (matches.length > 0) grouper.add(matches, place);
      else if (isError) grouper.addUnknown(record, place, null);
    });
  }

  /** Tells of records that may still grow; they replace those that were told of before. */
  preview(log: string, records: readonly Placed[], trust: Trust): void {
    const previewed = records.flatMap(({ record, key, place }) => {
      if (!this.#isInSpan(place)) return [];
      const matches = this.#matcher.match(record, null);
      const isUnknown = matches.length === 0 && this.#options.unknown !== null && isErrorRecord(record);
      if (matches.length === 0 && !isUnknown) return [];
      return [{ key, extent: extentOf(record), previews: this.#live.previewOf(matches, record, place, isUnknown) }];
    });
    this.#live.preview(log, trust, previewed);
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

  /** What has happened since it was asked last. */
  events(): LiveFinding[] {
    const mask = maskOf(this.#options);
    return this.#live.take().map((finding) => redactFinding(finding, mask));
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

  found(): ReturnType<LiveIncidents['found']> {
    return this.#live.found();
  }

  costs(): ReturnType<Matcher['costs']> {
    return this.#matcher.costs();
  }

  /** JSON of a {@link LiveState}. */
  stateText(): string {
    return this.#live.stateText();
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
