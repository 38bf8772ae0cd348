/**
 * Incidents as they live: opened by a sighting, updated while they grow, resolved when they were not seen for a while, withdrawn
 * when a record turned out to say something else than its beginning. All of it runs on the time of the records, so that the same
 * log tells the same again.
 *
 * A record that may still grow is previewed: its sightings are told of, but counted only when it has ended.
 */
import type { Incident, IncidentEvent, UnknownError } from '../model/incident.js';
import type { LogRecord } from '../model/log-record.js';
import type { Match } from '../model/match.js';
import type { Rule } from '../model/rule.js';
import { Grouper, type GrouperOptions, type GrouperState, type Preview } from './grouper.js';
import type { Place } from './occurrence.js';

/** An incident that grows is told of again after so much time of the log. */
const UPDATE_AFTER = 10 * 60_000; // milliseconds

/** Whether sightings may have been told of before an unclean stop, or may even be counted twice. */
export type Trust = 'sure' | 'told' | 'counted';

export type LiveFinding = Incident | UnknownError;

export interface LiveOptions extends Omit<GrouperOptions, 'onSighting' | 'asOf'> {
  /** The day on which solutions must be valid, `YYYY-MM-DD`. */
  readonly day: () => string;
  /** An incident is resolved when it was not seen for so long, in milliseconds of the log's time. */
  readonly resolveAfter: number;
  /** Of how many kinds of unknown errors is told. */
  readonly unknown: number;
  /** Whether is told of what a rule finds. */
  readonly isShown: (rule: Rule) => boolean;
}

/** What was told of one incident. */
interface Life {
  revision: number;
  episode: number;
  isOpen: boolean;
  /** Sightings before the episode. */
  before: number;
  /** The count that was told last, and the time of the log then; null without times. */
  told: number;
  toldAt: number | null;
  /** Whether what was told last could still change with its last record. */
  provisional: boolean;
  /** Whether some sighting since may have been told before, or counted twice at any time. */
  suspect: boolean;
  doubled: boolean;
  /** What facts made of it when it was told last. Absent in what was kept before there were any. */
  standing?: string;
}

export interface LiveState {
  readonly lives: readonly (Life & { readonly id: string })[];
  readonly grouper: GrouperState;
}

/** What a record that may still grow would count for; `key` tells it from other records, `extent` changes when it has grown. */
export interface PreviewedRecord {
  readonly key: string;
  readonly extent: string;
  readonly previews: readonly Preview[];
}

export class LiveIncidents {
  readonly #options: LiveOptions;
  readonly #grouper: Grouper;
  readonly #lives = new Map<string, Life>();
  /** By log, then by record. */
  readonly #previewed = new Map<string, Map<string, PreviewedRecord>>();
  /** The same by id of what they count for. */
  readonly #previews = new Map<string, Set<Preview>>();
  #events: LiveFinding[] = [];
  #trust: Trust = 'sure';
  /** While set, what was seen is told of afterwards. */
  #touched: Map<string, number | null> | null = null;
  #unknownKinds = 0;
  /** More was told of these than was counted: it is in records that another run had not counted yet, and that are read again. */
  #owed = new Set<string>();
  /** Nothing is resolved before this time of the log. */
  #nextDue = Number.POSITIVE_INFINITY;
  /** Events that were flagged as possibly told twice. */
  duplicatesPossible = 0;

  /**
   * @param state what another run, or other rules, had found
   * @param isUnclean whether what is in it may have been told since
   */
  constructor(options: LiveOptions, state: LiveState | null = null, isUnclean = false) {
    this.#options = options;
    const onSighting: GrouperOptions['onSighting'] = ({ id, place }) => {
      if (this.#touched === null) this.#tell(id, place.time);
      else this.#touched.set(id, place.time);
    };
    this.#grouper = new Grouper({ ...options, asOf: '', onSighting }, state?.grouper ?? null);
    for (const { id, ...life } of state?.lives ?? []) {
      const known = this.#grouper.groupOf(id);
      if (known === null) continue; // its rule is gone
      const { count } = known.group;
      this.#lives.set(id, { ...life, suspect: life.suspect || (isUnclean && life.told !== count) });
      // Of other facts, or other rules, less may be seen: that is taken back at once.
      const isSame = life.standing === undefined || life.standing === this.#grouper.standing(id);
      if (life.told > count && isSame) this.#owed.add(id);
      if (known.rule === null) this.#unknownKinds++;
      this.#nextDue = Number.NEGATIVE_INFINITY;
    }
  }

  get late(): number {
    return this.#grouper.late;
  }

  exceeded(): readonly string[] {
    return this.#grouper.exceeded();
  }

  /** What has happened since it was asked last. */
  take(): LiveFinding[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /**
   * A record has ended; `count` adds what was found in it.
   * @param record it may have been previewed
   */
  settle(
    log: string,
    { key, extent }: Pick<PreviewedRecord, 'key' | 'extent'>,
    trust: Trust,
    count: (grouper: Pick<Grouper, 'add' | 'addUnknown'>) => void,
  ): void {
    this.#trust = trust;
    const previewed = this.#previewed.get(log)?.get(key);
    this.#remove(log, key);
    count(this.#grouper);
    for (const { id } of previewed?.previews ?? []) this.#tell(id, null, previewed!.extent !== extent);
  }

  /** These are the records of a log that may still grow; they replace those of before. */
  preview(log: string, trust: Trust, records: readonly PreviewedRecord[]): void {
    this.#trust = trust;
    const before = new Map(this.#previewed.get(log));
    const ids = new Map<string, { time: number | null; hasGrown: boolean }>();
    for (const { key, previews } of before.values()) {
      for (const { id } of previews) ids.set(id, { time: null, hasGrown: false });
      this.#remove(log, key);
    }
    for (const record of records) {
      const { key, extent, previews } = record;
      if (previews.length === 0) continue;
      const of = this.#previewed.get(log) ?? new Map<string, PreviewedRecord>();
      this.#previewed.set(log, of.set(key, record));
      for (const preview of previews) {
        const { id, sighting } = preview;
        this.#previews.set(id, (this.#previews.get(id) ?? new Set()).add(preview));
        const hasGrown = before.get(key)?.extent !== extent || ids.get(id)?.hasGrown === true;
        ids.set(id, { time: sighting.place.time, hasGrown });
      }
    }
    for (const [id, { time, hasGrown }] of ids) this.#tell(id, time, hasGrown);
  }

  /** What matches of one record, or an error that no rule matched, would count for. */
  previewOf(matches: readonly Match[], record: LogRecord, place: Place, isUnknown: boolean): readonly Preview[] {
    return isUnknown ? this.#grouper.previewUnknown(record, place) : this.#grouper.preview(matches, place);
  }

  /**
   * Time of the log has passed, in milliseconds since 1970.
   * @param waitFor matches of rules with `when` up to this time wait no longer
   */
  advance(now: number, waitFor: number, trust: Trust): void {
    this.#trust = trust;
    const touched = new Map<string, number | null>();
    this.#touched = touched;
    this.#grouper.release(waitFor);
    this.#touched = null;
    for (const [id, time] of touched) this.#tell(id, time);
    if (now >= this.#nextDue) this.#resolve(now);
  }

  /** Everything that was told before is read again: what is there no more, or says something else, is withdrawn. */
  reconcile(): void {
    const owed = this.#owed;
    this.#owed = new Set();
    this.#trust = 'sure';
    for (const id of owed) if (this.#lives.get(id)!.told > this.#count(id)) this.#tell(id, null);
  }

  /**
   * What is known of the installation has changed: what is seen in the place of something that does not apply is told of, or taken
   * back, and so is that something applies or not.
   */
  reconsider(): void {
    const ids = new Set([...this.#lives.keys(), ...[...this.#grouper.found()].map(({ id }) => id)]);
    for (const id of ids) {
      const { group } = this.#grouper.groupOf(id)!;
      if (this.#count(id) === 0 && !this.#lives.has(id)) continue;
      const { revision = 0 } = this.#lives.get(id) ?? {};
      this.#tell(id, Number.isFinite(group.last) ? group.last : null);
      const life = this.#lives.get(id);
      const count = this.#count(id);
      if (life === undefined || life.revision !== revision || count === 0 || count < life.told) continue;
      if (life.standing !== this.#grouper.standing(id)) this.#emit(id, life, life.isOpen ? 'updated' : 'resolved');
    }
  }

  /** An orderly stop: tells of everything that changed since it was told of. */
  finish(): void {
    this.#trust = 'sure';
    for (const [id, life] of this.#lives) {
      const count = this.#count(id);
      if (!life.isOpen || count === life.told || (count < life.told && this.#owed.has(id))) continue;
      this.#emit(id, life, count < life.told ? 'withdrawn' : 'updated');
    }
  }

  /** Everything that was found: incidents and notices by rule, and how many of them are open. */
  *found(): Generator<{ readonly rule: Rule | null; readonly count: number; readonly isOpen: boolean }> {
    for (const { id, rule } of this.#grouper.found()) {
      const count = this.#count(id);
      if (count > 0) yield { rule, count, isOpen: this.#lives.get(id)?.isOpen ?? false };
    }
  }

  /** JSON of a {@link LiveState}. */
  stateText(): string {
    const lives = JSON.stringify([...this.#lives].map(([id, life]) => ({ id, ...life })));
    return `{"lives":${lives},"grouper":${this.#grouper.stateText((id) => this.#lives.has(id))}}`;
  }

  #remove(log: string, key: string): void {
    const of = this.#previewed.get(log);
    for (const preview of of?.get(key)?.previews ?? []) {
      const others = this.#previews.get(preview.id);
      others?.delete(preview);
      if (others?.size === 0) this.#previews.delete(preview.id);
    }
    of?.delete(key);
    if (of?.size === 0) this.#previewed.delete(log);
  }

  /** With what is previewed. */
  #count(id: string): number {
    return (this.#grouper.groupOf(id)?.group.count ?? 0) + (this.#previews.get(id)?.size ?? 0);
  }

  /**
   * Tells of an incident if there is something to tell.
   * @param time of what was seen, or null
   * @param hasGrown whether a record that may still grow has
   */
  #tell(id: string, time: number | null, hasGrown = false): void {
    const life = this.#lifeOf(id);
    if (life === null) return;
    const count = this.#count(id);
    if (this.#trust !== 'sure') life.suspect = true;
    if (this.#trust === 'counted') life.doubled = true;
    if (count < life.told) {
      if (!this.#owed.has(id)) this.#emit(id, life, 'withdrawn');
    } else if (!life.isOpen && count > life.before) this.#emit(id, life, 'opened', time);
    else if (life.isOpen && count > life.told && isWorthTelling(life, count, time))
      this.#emit(id, life, 'updated', time);
    else if (life.provisional && (hasGrown || !this.#previews.has(id)))
      this.#emit(id, life, life.isOpen ? 'updated' : 'resolved', time);
  }

  /** Null if is not told of it. */
  #lifeOf(id: string): Life | null {
    const known = this.#lives.get(id);
    if (known !== undefined) return known;
    const { rule } = this.#grouper.groupOf(id)!;
    if (rule === null ? this.#unknownKinds >= this.#options.unknown : !this.#options.isShown(rule)) return null;
    if (rule === null) this.#unknownKinds++;
    const life: Life = {
      revision: 0,
      episode: 0,
      isOpen: false,
      before: 0,
      told: 0,
      toldAt: null,
      provisional: false,
      suspect: false,
      doubled: false,
    };
    this.#lives.set(id, life);
    return life;
  }

  #emit(id: string, life: Life, event: IncidentEvent, time: number | null = null): void {
    const previews = [...(this.#previews.get(id) ?? [])];
    const count = this.#count(id);
    life.revision++;
    if (event === 'opened') {
      life.episode++;
      life.isOpen = true;
      this.#nextDue = Math.min(this.#nextDue, this.#lastOf(id) + this.#options.resolveAfter);
    }
    const episode = Math.max(1, life.episode);
    const duplicatePossible = life.suspect || life.doubled || this.#trust !== 'sure';
    life.told = count;
    life.toldAt = time ?? life.toldAt;
    life.provisional = previews.length > 0;
    life.suspect = false;
    if (duplicatePossible) this.duplicatesPossible++;
    const finding = this.#grouper.finding(id, previews, this.#options.day())!;
    life.standing = this.#grouper.standing(id);
    this.#events.push({
      ...finding,
      event,
      revision: life.revision,
      duplicatePossible,
      episode,
      episodeCount: Math.max(0, count - life.before),
      provisional: life.provisional,
    });
    if (event === 'withdrawn' && count <= life.before) {
      // What opened it was no sighting.
      if (life.isOpen) life.episode--;
      life.isOpen = false;
      life.before = count;
    }
    if (event === 'resolved') {
      life.isOpen = false;
      life.before = count;
    }
  }

  #lastOf(id: string): number {
    const previews = [...(this.#previews.get(id) ?? [])].map(
      ({ sighting: { time } }) => time ?? Number.NEGATIVE_INFINITY,
    );
    return Math.max(this.#grouper.groupOf(id)!.group.last, ...previews);
  }

  #resolve(now: number): void {
    this.#nextDue = Number.POSITIVE_INFINITY;
    for (const [id, life] of this.#lives) {
      if (!life.isOpen) continue;
      const last = this.#lastOf(id);
      if (last === Number.NEGATIVE_INFINITY) continue; // without times nothing ends
      const due = last + this.#options.resolveAfter;
      if (now >= due) this.#emit(id, life, 'resolved', now);
      else this.#nextDue = Math.min(this.#nextDue, due);
    }
  }
}

/** At 10, 100, ... sightings, and when it was not told of for a while. */
function isWorthTelling({ told, toldAt, before }: Life, count: number, time: number | null): boolean {
  const digits = (value: number) => String(value).length;
  if (count - before >= 10 && digits(count - before) > digits(Math.max(0, told - before))) return true;
  return time !== null && toldAt !== null && time - toldAt >= UPDATE_AFTER;
}
