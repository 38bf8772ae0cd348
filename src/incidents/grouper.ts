/** Matches and unmatched errors -> incidents, notices and unknown errors. */
import { copyOf } from '../model/copy.js';
import { UNDECIDED, type Verdict } from '../model/fact.js';
import { FINGERPRINT_VERSION, goesOn, type Incident, type UnknownError } from '../model/incident.js';
import type { LogRecord } from '../model/log-record.js';
import { withoutTokens } from '../model/masked.js';
import type { Captures, Match } from '../model/match.js';
import { originName } from '../model/origin.js';
import type { RepeatedError } from '../model/record-receiver.js';
import { type Rule, SEVERITIES } from '../model/rule.js';
import { type CopiesState, CopyFinder } from './copies.js';
import { incidentId, unknownId } from './fingerprint.js';
import { Group, type GroupState, type Sighting } from './group.js';
import { hash53 } from './hash.js';
import { maskMessage } from './normalize.js';
import {
  comparePlaces,
  keptCaptures,
  MAX_WAITING,
  type Mask,
  Occurrence,
  type Place,
  toException,
} from './occurrence.js';
import { ruleTexts } from './rule-texts.js';
import { speaksBefore, traceKey } from './trace-key.js';
import { type Fingerprint, fingerprintOf } from './unknown.js';
import { MAX_HELD, Windows, type WindowsState } from './windows.js';

/** So many groups a rule has; what comes after them is folded into one named {@link OTHER}. */
export const MAX_GROUPS = 1000;
/** So many kinds of unknown errors a run tells apart. */
export const MAX_UNKNOWN = 10_000;
export const OTHER = '(other)';
/** With so many groups each of them keeps only excerpts. */
const MANY_GROUPS = 1000;
/** So many traces, and so many texts, of unknown errors are remembered with what they are. */
const MAX_SEEN = 50_000;
/** So many templates of one trace are remembered. */
const MAX_TEMPLATES = 100;

export interface GrouperOptions {
  readonly rules: readonly Rule[];
  /** The day on which solutions must be valid, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** How many pieces of evidence an incident keeps. */
  readonly evidence: number;
  /** Whether the same record may stand in several inputs. */
  readonly several: boolean;
  /** Takes secrets out of what is kept of records, unless it is asked for with them. */
  readonly mask: Mask;
  /** Takes secrets out of what unknown errors are told by, always. */
  readonly maskKey: Mask;
  /**
   * Whether a rule concerns this installation, as far as that is known when it is asked; absent if nothing is. What a rule wins
   * over that does not is seen in its place.
   */
  readonly verdictOf?: (rule: Rule) => Verdict;
  /** What sightings in these sources are by nodes of a cluster; absent if nobody can tell. */
  readonly nodesOf?: (sources: ReadonlyMap<number, number>) => Incident['nodes'];
  /** Told of everything that was counted, when it was; absent in a scan, which tells at its end. */
  readonly onSighting?: (sighted: Sighted) => void;
}

/** Something was seen once more: an incident, a notice or an unknown error. */
export interface Sighted {
  readonly id: string;
  readonly group: Group;
  readonly place: Place;
}

/** A sighting that may have to be taken back: it is told of, not counted. */
export interface Preview {
  readonly id: string;
  readonly sighting: Sighting;
  /** Of a match; null for an error that no rule matched. */
  readonly captures: Captures | null;
  readonly alsoMatched: readonly string[];
}

/** What a tail keeps between two runs; plain data. */
export interface GrouperState {
  readonly groups: readonly {
    readonly rule: string;
    readonly id: string;
    readonly captures: Captures;
    readonly alsoMatched: readonly string[];
    /** Absent where the rule won. */
    readonly hiddenBy?: readonly string[];
    readonly group: GroupState;
  }[];
  readonly unknown: readonly {
    readonly id: string;
    readonly title: string;
    readonly template: string;
    readonly group: GroupState;
  }[];
  readonly windows: WindowsState;
  readonly copies: CopiesState;
}

/** What was found, in the order in which it is shown. */
export interface Findings {
  readonly incidents: readonly Incident[];
  readonly notices: readonly Incident[];
  readonly unknown: readonly UnknownError[];
  /** How many kinds of unknown errors there are, given out or not. */
  readonly unknownKinds: number;
  /** Span of the log's own time, milliseconds since 1970; null where no record has a time. */
  readonly span: { readonly first: number; readonly last: number } | null;
  /** What a bound kept from being told apart or counted right; one sentence each. */
  readonly exceeded: readonly string[];
}

interface RuleGroup {
  readonly rule: Rule;
  readonly id: string;
  captures: Captures;
  readonly alsoMatched: Set<string>;
  /** Ids of the rules that won in its records; none where it did. */
  readonly hiddenBy: readonly string[];
  readonly group: Group;
}

interface UnknownGroup {
  readonly id: string;
  readonly title: string;
  readonly template: string;
  readonly group: Group;
}

export class Grouper {
  readonly #options: GrouperOptions;
  readonly #windows: Windows;
  readonly #copies: CopyFinder | null;
  readonly #groups = new Map<string, RuleGroup>();
  /** By id: the same incidents in records in which other rules won, apart by these. */
  readonly #hidden = new Map<string, RuleGroup[]>();
  /** By rule, and apart from these what is hidden of it. */
  readonly #groupsOfRule = new Map<string, number>();
  /** The rules that can be found not to apply; only what these alone win over may ever be seen. */
  readonly #guarded: ReadonlyMap<string, Rule>;
  readonly #unknown = new Map<string, UnknownGroup>();
  /** Where everything is folded that came after too many kinds. */
  #otherUnknown: UnknownGroup | null = null;
  /** Errors by the keys of their traces as a filter finds them, by the keys of traces, and by their texts. */
  readonly #keys = new Map<number, UnknownGroup | Map<string, UnknownGroup>>();
  readonly #traces = new Map<number, UnknownGroup>();
  readonly #bodies = new Map<number, UnknownGroup>();
  readonly #crowded = new Set<string>();
  #newest = Number.NEGATIVE_INFINITY;
  #oldest = Number.POSITIVE_INFINITY;

  constructor(options: GrouperOptions, state: GrouperState | null = null) {
    this.#options = options;
    this.#guarded = new Map(options.rules.flatMap((rule) => (rule.appliesTo === null ? [] : [[rule.id, rule]])));
    this.#windows = new Windows(options.rules, (hiddenBy) => this.#isHidden(hiddenBy));
    this.#copies = options.several ? new CopyFinder(options.onSighting !== undefined, state?.copies) : null;
    if (state !== null) this.#restore(state);
  }

  /** What was found of rules that are there no more is left. */
  #restore(state: GrouperState): void {
    const rules = new Map(this.#options.rules.map((rule) => [rule.id, rule]));
    const toGroup = (group: GroupState) => Group.restored(this.#options.evidence, group);
    this.#windows.restore(state.windows, rules);
    for (const { rule: name, id, captures, alsoMatched, hiddenBy = [], group } of state.groups) {
      const rule = rules.get(name);
      if (rule === undefined) continue;
      this.#keep({ rule, id, captures, alsoMatched: new Set(alsoMatched), hiddenBy, group: toGroup(group) });
    }
    for (const { id, title, template, group } of state.unknown) {
      const made = { id, title, template, group: toGroup(group) };
      if (title === OTHER) this.#otherUnknown = made;
      else this.#unknown.set(id, made);
    }
  }

  /**
   * JSON of a {@link GrouperState}. What did not change since the last time is not written anew.
   * @param isTold whether something was told of an id: it is kept even if nothing was counted yet
   */
  stateText(isTold: (id: string) => boolean = () => false): string {
    const texts = (groups: Iterable<RuleGroup | UnknownGroup>) =>
      [...groups].filter(({ id, group }) => group.count > 0 || isTold(id)).map(stateText);
    const other = this.#otherUnknown === null ? [] : [this.#otherUnknown];
    return (
      `{"groups":[${texts([...this.#groups.values(), ...[...this.#hidden.values()].flat()])}],"unknown":[${texts([...this.#unknown.values(), ...other])}],` +
      `"windows":${JSON.stringify(this.#windows.state())},"copies":${JSON.stringify(this.#copies?.state() ?? [])}}`
    );
  }

  /** Tells the span of the log's own time, which decides what is still going on. */
  sawTime(time: number): void {
    if (time > this.#newest) this.#newest = time;
    if (time < this.#oldest) this.#oldest = time;
  }

  /** Takes all matches of one record. */
  add(found: readonly Match[], place: Place): void {
    const matches = found.map((match) => ({ ...match, captures: keptCaptures(match.captures, this.#options.mask) }));
    for (const match of matches) {
      this.#windows.note(match, place);
      if (!this.#mayBeSeen(match)) continue;
      const alsoMatched = losersTo(match, matches);
      if (match.rule.when === null) this.#count(match, place, alsoMatched);
      else this.#hold(match, place, alsoMatched);
    }
  }

  /**
   * Takes an error record that no rule matched.
   * @param key errors with the same key have the same trace but for messages, sources and line numbers; null if it has none
   */
  addUnknown(record: LogRecord, place: Place, key: number | null): void {
    const group = this.#unknownGroup(record, key);
    this.#addTo(group.group, group.id, record, place);
  }

  /** Takes another sighting of an error; false if its key is not known, or does not tell enough. */
  addRepeated(error: Omit<RepeatedError, 'offset'>, place: Place): boolean {
    const known = this.#repeatedGroup(error.key, error.raw);
    if (known === undefined) return false;
    const { time, zoneAssumed, toRecord } = error;
    const { mask } = this.#options;
    const record = this.#copies === null ? null : toRecord();
    // The long way names the copy.
    if (record !== null && this.#copies!.original(known.id, record, place.source) !== null) return false;
    const waits = error.raw.length <= MAX_WAITING && this.#hasFewGroups();
    const kept = known.group.add({
      place,
      time,
      zoneAssumed,
      make: () =>
        waits ? Occurrence.later(toRecord, place, time, mask) : Occurrence.of(toRecord(), place, 'excerpt', mask),
      exception: () => toException(toRecord().throwables, mask),
    });
    if (record !== null) this.#copies!.remember(known.id, record, place.source, kept);
    return true;
  }

  #repeatedGroup(key: number, raw: string): UnknownGroup | undefined {
    const known = this.#keys.get(key);
    if (known === undefined || 'group' in known) return known;
    const message = lastMessage(raw);
    return message === '' ? undefined : known.get(maskMessage(this.#options.maskKey(message)));
  }

  /** Remembers the group of a key, or of its template where the message of the root cause tells the error, too. */
  #rememberKey(key: number, record: LogRecord, group: UnknownGroup, { byTrace, template }: Fingerprint): void {
    if (this.#keys.size >= MAX_SEEN) return;
    if (byTrace) {
      this.#keys.set(key, group);
      return;
    }
    if (maskMessage(this.#options.maskKey(lastMessage(record.text))) !== template) return;
    const known = this.#keys.get(key) ?? new Map<string, UnknownGroup>();
    if (known instanceof Map && known.size < MAX_TEMPLATES) this.#keys.set(key, known.set(copyOf(template), group));
  }

  /** Equal traces, and equal texts, are the same error; what is new takes the long way. */
  #unknownGroup(record: LogRecord, key: number | null): UnknownGroup {
    const repeated = key === null ? undefined : this.#repeatedGroup(key, record.text);
    if (repeated !== undefined) return repeated;
    const isTold = !speaksBefore(record);
    const trace = key === null ? traceKey(record.body) : null;
    const seen = trace === null ? this.#bodies : this.#traces;
    const cheap = trace ?? hash53(`${record.logger}\n${record.body}`);
    const known = isTold ? seen.get(cheap) : undefined;
    if (known) return known;
    const fingerprint = fingerprintOf(record, this.#options.maskKey);
    const id = unknownId(fingerprint.key);
    let group = this.#unknown.get(id);
    if (!group && this.#unknown.size < MAX_UNKNOWN) {
      group = this.#newUnknown(fingerprint);
      this.#unknown.set(id, group);
    }
    if (!group) {
      this.#otherUnknown ??= this.#newUnknown({ key: OTHER, title: OTHER, template: OTHER });
      group = this.#otherUnknown;
    }
    if (key !== null) this.#rememberKey(key, record, group, fingerprint);
    else if (isTold && seen.size < MAX_SEEN) seen.set(cheap, group);
    return group;
  }

  #newUnknown({ key, title, template }: Pick<Fingerprint, 'key' | 'title' | 'template'>): UnknownGroup {
    const group = new Group(this.#options.evidence);
    return { id: unknownId(key), title: copyOf(title), template: copyOf(template), group };
  }

  /** @param mostUnknown how many kinds of unknown errors are given out, the most frequent first */
  finish(mostUnknown = Number.POSITIVE_INFINITY): Findings {
    this.release();
    const told = [...this.#visibleGroups()]
      .sort((a, b) => this.#compare(a, b))
      .map((group) => this.#toIncident(group, this.#options.asOf));
    const other = this.#otherUnknown === null ? [] : [this.#otherUnknown];
    const unknown = [...this.#unknown.values(), ...other].sort(
      (a, b) => b.group.count - a.group.count || (a.id < b.id ? -1 : 1),
    );
    return {
      incidents: told.filter(({ kind }) => kind === 'incident'),
      notices: told.filter(({ kind }) => kind === 'notice'),
      unknown: unknown.slice(0, mostUnknown).map((one) => toUnknown(one, this.#options.nodesOf?.(one.group.sources))),
      unknownKinds: unknown.length,
      span: this.#newest >= this.#oldest ? { first: this.#oldest, last: this.#newest } : null,
      exceeded: this.exceeded(),
    };
  }

  /** Matches of rules with `when` up to this time (milliseconds since 1970) wait for no earlier ones any more. */
  release(upTo = Number.POSITIVE_INFINITY): void {
    for (const held of this.#windows.release(upTo)) {
      const { id, group, alsoMatched } = this.#seenIn(this.#groupFor(held.rule, held.captures, held.hiddenBy), held);
      for (const other of held.alsoMatched) alsoMatched.add(other);
      const { place, zoneAssumed, occurrence, exception } = held;
      group.add({ place, time: occurrence.time, zoneAssumed, make: () => occurrence, exception: () => exception });
      this.#options.onSighting?.({ id, group, place });
    }
  }

  /** Matches that came too late for a window. */
  get late(): number {
    return this.#windows.late;
  }

  /** What these matches of one record would count for. A rule with `when` is left: it needs more than one record. */
  preview(found: readonly Match[], place: Place): Preview[] {
    return found.flatMap((match) => {
      const hiddenBy = match.hiddenBy.map(({ id }) => id);
      if (match.rule.when !== null || !this.#mayBeSeen(match) || this.#isHidden(hiddenBy)) return [];
      const captures = keptCaptures(match.captures, this.#options.mask);
      const { id } = this.#groupFor(match.rule, captures, hiddenBy);
      if (this.#isKnownCopy(copyKey(id, hiddenBy), match.record, place)) return [];
      const sighting = this.#sightingOf(match.record, place, 'excerpt');
      return [{ id, sighting, captures, alsoMatched: losersTo(match, found) }];
    });
  }

  /** The same of an error that no rule matched. */
  previewUnknown(record: LogRecord, place: Place): Preview[] {
    const { id } = this.#unknownGroup(record, null);
    if (this.#isKnownCopy(id, record, place)) return [];
    return [{ id, sighting: this.#sightingOf(record, place, 'excerpt'), captures: null, alsoMatched: [] }];
  }

  /**
   * One finding as it is now, with sightings that are only previewed; null if nothing is known of it.
   * @param day on which its solution must be valid, `YYYY-MM-DD`
   */
  finding(id: string, previews: readonly Preview[], day: string): Incident | UnknownError | null {
    const known = this.#known(id) ?? this.#unknown.get(id) ?? this.#otherUnknown;
    if (!known || known.id !== id) return null;
    const group = previews.length > 0 ? known.group.clone() : known.group;
    if (!('rule' in known)) {
      for (const { sighting } of previews) group.add(sighting);
      return toUnknown({ ...known, group });
    }
    let { captures } = known;
    const alsoMatched = new Set(known.alsoMatched);
    for (const preview of previews) {
      if (group.isFirst(preview.sighting.place)) captures = preview.captures ?? captures;
      for (const other of preview.alsoMatched) alsoMatched.add(other);
      group.add(preview.sighting);
    }
    return this.#toIncident({ ...known, group, captures, alsoMatched }, day);
  }

  /** The group of an id as it is seen now, and the rule that found it, null if none did; null if nothing is known of it. */
  groupOf(id: string): { readonly group: Group; readonly rule: Rule | null } | null {
    const known = this.#known(id);
    if (known) return known;
    const unknown = this.#unknown.get(id) ?? (this.#otherUnknown?.id === id ? this.#otherUnknown : undefined);
    return unknown === undefined ? null : { group: unknown.group, rule: null };
  }

  /** What facts make of an incident: whether its rule applies, and what is seen of it in the place of others. */
  standing(id: string): string {
    const rule = this.groupOf(id)?.rule ?? null;
    const forward = this.#forward(id).map(({ hiddenBy }) => hiddenBy);
    return JSON.stringify([rule === null ? null : this.#verdictOf(rule).applies, forward]);
  }

  /** Ids of everything that was found, and the rules by which it was; null for unknown errors. */
  *found(): Generator<{ readonly id: string; readonly rule: Rule | null; readonly group: Group }> {
    yield* this.#visibleGroups();
    for (const { id, group } of this.#unknown.values()) yield { id, rule: null, group };
    if (this.#otherUnknown !== null) yield { ...this.#otherUnknown, rule: null };
  }

  /** A match that won, or one that would be seen if no rule applied that won over it. */
  #mayBeSeen({ hiddenBy }: Match): boolean {
    return hiddenBy.every(({ id }) => this.#guarded.has(id));
  }

  /** Whether a rule applies, as far as is known, that won over something. */
  #isHidden(hiddenBy: readonly string[]): boolean {
    return !hiddenBy.every((id) => {
      const rule = this.#guarded.get(id);
      return rule !== undefined && this.#verdictOf(rule).applies === false;
    });
  }

  #verdictOf(rule: Rule): Verdict {
    return this.#options.verdictOf?.(rule) ?? UNDECIDED;
  }

  /** An incident as it is seen now: with the records in which a rule won that does not apply; undefined if nothing is seen of it. */
  #visible(id: string): RuleGroup | undefined {
    const own = this.#groups.get(id);
    const others = this.#forward(id);
    if (others.length === 0) return own;
    const parts = own !== undefined && own.group.count > 0 ? [own, ...others] : others;
    const [first] = [...parts].sort((a, b) => comparePlaces(a.group.firstPlace!, b.group.firstPlace!));
    return {
      ...first!,
      alsoMatched: new Set(parts.flatMap(({ alsoMatched }) => [...alsoMatched])),
      group: Group.merged(parts.map(({ group }) => group)),
    };
  }

  #forward(id: string): RuleGroup[] {
    const hidden = this.#hidden.get(id) ?? [];
    return hidden.filter(({ group, hiddenBy }) => group.count > 0 && !this.#isHidden(hiddenBy));
  }

  /** The same; without any sighting where nothing is seen of it any more. */
  #known(id: string): RuleGroup | undefined {
    const [hidden] = this.#hidden.get(id) ?? [];
    return this.#visible(id) ?? (hidden && { ...hidden, group: new Group(this.#options.evidence) });
  }

  *#visibleGroups(): Generator<RuleGroup> {
    for (const id of this.#groups.keys()) yield this.#visible(id)!;
    for (const id of this.#hidden.keys()) {
      const seen = this.#groups.has(id) ? undefined : this.#visible(id);
      if (seen !== undefined) yield seen;
    }
  }

  #count(match: Match, place: Place, alsoMatched: readonly string[]): void {
    const hiddenBy = match.hiddenBy.map(({ id }) => id);
    const group = this.#seenIn(this.#groupFor(match.rule, match.captures, hiddenBy), { ...match, place });
    for (const id of alsoMatched) group.alsoMatched.add(id);
    this.#addTo(group.group, group.id, match.record, place, hiddenBy);
  }

  #hold({ rule, captures, record, hiddenBy: winners }: Match, place: Place, alsoMatched: readonly string[]): void {
    const hiddenBy = winners.map(({ id }) => id);
    const key = copyKey(rule.id, hiddenBy);
    if (this.#isCopy(key, record, place)) return;
    const occurrence = Occurrence.of(record, place, 'short', this.#options.mask);
    this.#windows.hold({
      rule,
      captures,
      alsoMatched,
      hiddenBy,
      place,
      zoneAssumed: record.zoneAssumed,
      occurrence,
      exception: toException(record.throwables, this.#options.mask),
    });
    this.#copies?.remember(key, record, place.source, occurrence);
  }

  /** Whether the record was met in another input; then it is named there. */
  #isCopy(group: string, record: LogRecord, { source }: Place): boolean {
    const original = this.#copies?.original(group, record, source) ?? null;
    original?.occurrence?.addCopy(`${originName(record.origin)}:${record.line}`);
    return original !== null;
  }

  #isKnownCopy(group: string, record: LogRecord, { source }: Place): boolean {
    return (this.#copies?.original(group, record, source) ?? null) !== null;
  }

  #addTo(group: Group, id: string, record: LogRecord, place: Place, hiddenBy: readonly string[] = []): void {
    const key = copyKey(id, hiddenBy);
    if (this.#isCopy(key, record, place)) return;
    const kept = group.add(this.#sightingOf(record, place, this.#hasFewGroups() ? 'text' : 'excerpt'));
    this.#copies?.remember(key, record, place.source, kept);
    if (!this.#isHidden(hiddenBy)) this.#options.onSighting?.({ id, group, place });
  }

  #sightingOf(record: LogRecord, place: Place, keep: 'text' | 'excerpt'): Sighting {
    const { mask } = this.#options;
    return {
      place,
      time: record.time,
      zoneAssumed: record.zoneAssumed,
      make: () => Occurrence.of(record, place, keep, mask),
      exception: () => toException(record.throwables, mask),
    };
  }

  #hasFewGroups(): boolean {
    return this.#groups.size + this.#hidden.size + this.#unknown.size < MANY_GROUPS;
  }

  /** Captures are those of the first sighting, in whatever order the inputs were read. */
  #seenIn(group: RuleGroup, { captures, place }: { readonly captures: Captures; readonly place: Place }): RuleGroup {
    if (group.group.isFirst(place)) group.captures = captures;
    return group;
  }

  /** @param hiddenBy ids of the rules that won over this one */
  #groupFor(rule: Rule, captures: Captures, hiddenBy: readonly string[]): RuleGroup {
    const names = [...new Set([...rule.groupBy, ...(rule.when?.by ?? [])])];
    let values = names.map((name) => withoutTokens(captures[name] ?? ''));
    let id = incidentId(rule.id, values);
    const many = this.#groupsOfRule.get(roomOf(rule.id, hiddenBy)) ?? 0;
    if (this.#groupOf(id, hiddenBy) === undefined && many >= MAX_GROUPS) {
      this.#crowded.add(rule.id);
      values = [OTHER];
      id = incidentId(rule.id, values);
    }
    const known = this.#groupOf(id, hiddenBy);
    if (known) return known;
    const made = {
      rule,
      id,
      captures,
      alsoMatched: new Set<string>(),
      hiddenBy,
      group: new Group(this.#options.evidence),
    };
    this.#keep(made);
    return made;
  }

  #groupOf(id: string, hiddenBy: readonly string[]): RuleGroup | undefined {
    if (hiddenBy.length === 0) return this.#groups.get(id);
    return this.#hidden.get(id)?.find((one) => one.hiddenBy.join() === hiddenBy.join());
  }

  #keep(made: RuleGroup): void {
    const { id, rule, hiddenBy } = made;
    if (hiddenBy.length === 0) this.#groups.set(id, made);
    else this.#hidden.set(id, [...(this.#hidden.get(id) ?? []), made]);
    const room = roomOf(rule.id, hiddenBy);
    this.#groupsOfRule.set(room, (this.#groupsOfRule.get(room) ?? 0) + 1);
  }

  /** Severity, then what still goes on, then how often, then the id. */
  #compare(a: RuleGroup, b: RuleGroup): number {
    return (
      SEVERITIES.indexOf(a.rule.severity) - SEVERITIES.indexOf(b.rule.severity) ||
      Number(this.#goesOn(b)) - Number(this.#goesOn(a)) ||
      b.group.count - a.group.count ||
      (a.id < b.id ? -1 : 1)
    );
  }

  #goesOn({ group }: RuleGroup): boolean {
    return goesOn(group.last, this.#oldest, this.#newest);
  }

  #toIncident({ rule, id, captures, alsoMatched, group }: RuleGroup, day: string): Incident {
    const { title, cause, solution, notThisIf } = ruleTexts(rule, captures, day);
    const { applies, reason } = this.#verdictOf(rule);
    return {
      kind: rule.severity === 'info' ? 'notice' : 'incident',
      schema: 'logscan.incident/1',
      id,
      event: 'found',
      revision: 1,
      rule: { id: rule.id, pack: rule.pack, status: rule.status, tags: rule.tags },
      title,
      severity: rule.severity,
      confidence: rule.confidence,
      products: rule.products,
      ...group.result(),
      captures,
      cause,
      solution,
      references: rule.references,
      notThisIf,
      checked: rule.checked,
      applies,
      appliesReason: reason,
      fixedIn: rule.fixedIn,
      related: [],
      nodes: this.#options.nodesOf?.(group.sources) ?? [],
      alsoMatched: [...alsoMatched].sort(),
      state: null,
      duplicatePossible: false,
    };
  }

  /** What a bound kept from being told apart or counted right; one sentence each. */
  exceeded(): string[] {
    const told: string[] = [];
    for (const id of this.#crowded)
      told.push(`${id} has more than ${MAX_GROUPS} groups; the others are folded into ${OTHER}`);
    if (this.#otherUnknown)
      told.push(`more than ${MAX_UNKNOWN} kinds of unknown errors; the others are folded into ${OTHER}`);
    for (const id of this.#windows.overflowed)
      told.push(`${id} matched more than ${MAX_HELD} times; later matches are in no window`);
    if (this.#copies?.overflowed)
      told.push('too many records to find all copies in other inputs; some may be counted twice');
    return told;
  }
}

/** Under which copies of a record are known. */
function copyKey(id: string, hiddenBy: readonly string[]): string {
  return hiddenBy.length === 0 ? id : `${id} ${hiddenBy}`;
}

/** Groups that may never be seen take no room from those that are. */
function roomOf(rule: string, hiddenBy: readonly string[]): string {
  return hiddenBy.length === 0 ? rule : `${rule} hidden`;
}

/** Ids of the rules that lost against a match of the same record. */
function losersTo({ rule }: Match, matches: readonly Match[]): string[] {
  return matches.filter((other) => other.hiddenBy.includes(rule)).map((other) => other.rule.id);
}

function stateText(of: RuleGroup | UnknownGroup): string {
  const { group, ...rest } = of;
  const about = 'rule' in rest ? { ...rest, rule: rest.rule.id, alsoMatched: [...rest.alsoMatched] } : rest;
  return `${JSON.stringify(about).slice(0, -1)},"group":${group.stateText()}}`;
}

/** The message of the root cause of an ordinary trace, the last exception of its first chain; empty if it has none. */
function lastMessage(text: string): string {
  const second = /\n[a-z_]/g;
  second.lastIndex = text.indexOf('\n') + 1;
  const chainEnd = second.exec(text)?.index ?? text.length;
  const cause = text.lastIndexOf('\nCaused by: ', chainEnd - 1);
  const start = (cause < 0 ? text.indexOf('\n') : cause) + 1;
  const feed = text.indexOf('\n', start);
  const line = text.slice(start, feed < 0 ? text.length : feed);
  const colon = line.indexOf(': ', cause < 0 ? 0 : 'Caused by: '.length);
  return colon < 0 ? '' : line.slice(colon + 2);
}

function toUnknown({ id, title, template, group }: UnknownGroup, nodes: UnknownError['nodes'] = []): UnknownError {
  return {
    kind: 'unknown',
    schema: 'logscan.incident/1',
    id,
    event: 'found',
    revision: 1,
    rule: null,
    title,
    severity: null,
    confidence: null,
    products: [],
    ...group.result(),
    captures: {},
    cause: null,
    solution: null,
    references: [],
    notThisIf: null,
    checked: null,
    applies: null,
    appliesReason: null,
    fixedIn: null,
    related: [],
    nodes,
    alsoMatched: [],
    state: null,
    duplicatePossible: false,
    template,
    fingerprintVersion: FINGERPRINT_VERSION,
  };
}
