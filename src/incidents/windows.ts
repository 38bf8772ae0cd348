/**
 * Rules with `when`: an incident only from so many matches in a time, or only after another rule. Runs on the time of
 * the records: matches wait until no earlier one can come any more, and are looked at in the order of time, input and place.
 * A scan lets them wait to its end, so neither files nor the order of reading matter; a tail lets go what is old enough.
 */
import type { ExceptionSummary } from '../model/incident.js';
import { withoutTokens } from '../model/masked.js';
import type { Captures, Match } from '../model/match.js';
import type { Rule } from '../model/rule.js';
import { comparePlaces, Occurrence, type OccurrenceState, type Place } from './occurrence.js';

/** Of each rule so many matches wait; the run says when there were more. */
export const MAX_HELD = 50_000;
/** From so many groups on those are looked for that have grown too old for any window. */
const MANY = 1000;

/** A match that waits. */
export interface Held {
  readonly rule: Rule;
  readonly captures: Captures;
  readonly alsoMatched: readonly string[];
  /** Ids of the rules that win over this one in the record; it is in a window only where none of them applies. */
  readonly hiddenBy: readonly string[];
  readonly place: Place;
  readonly zoneAssumed: boolean;
  readonly occurrence: Occurrence;
  readonly exception: ExceptionSummary | null;
}

/** A match of a rule that another one waits for. */
interface Trigger {
  readonly rule: string;
  readonly captures: Captures;
  readonly place: Place;
}

/** One of the last matches of a group, and whether a window had it. */
interface Recent {
  readonly held: Held;
  counted: boolean;
}

type HeldState = Omit<Held, 'rule' | 'occurrence' | 'hiddenBy'> & {
  readonly rule: string;
  readonly occurrence: OccurrenceState;
  /** Absent in what was kept before there were such. */
  readonly hiddenBy?: readonly string[];
};

/** What a tail keeps of its windows; plain data. */
export interface WindowsState {
  readonly upTo: number | null;
  readonly waiting: readonly HeldState[];
  readonly triggers: readonly Trigger[];
  readonly recent: readonly (readonly [key: string, of: readonly { held: HeldState; counted: boolean }[]])[];
  readonly last: readonly (readonly [key: string, place: Place])[];
}

export class Windows {
  /** By the rule that they wait for. */
  readonly #following = new Map<string, Rule[]>();
  #waiting: Held[] = [];
  #triggers: Trigger[] = [];
  /** How many matches of each rule wait, and the time of the earliest of all. */
  readonly #many = new Map<string, number>();
  #earliest = Number.POSITIVE_INFINITY;
  /** By rule and group: the last matches, at most as many as make an incident; and the last match of the rule before. */
  readonly #recent = new Map<string, Recent[]>();
  readonly #last = new Map<string, Place>();
  /** Everything before it was let go. */
  #upTo = Number.NEGATIVE_INFINITY;
  /** Ids of rules of which more matched than are kept. */
  readonly overflowed = new Set<string>();
  /** Matches that came when their time had been let go; they are in no window. */
  late = 0;

  readonly #isHidden: (hiddenBy: readonly string[]) => boolean;

  /** @param isHidden whether one of these rules applies, so that what it wins over is not seen */
  constructor(rules: readonly Rule[], isHidden: (hiddenBy: readonly string[]) => boolean) {
    this.#isHidden = isHidden;
    for (const rule of rules) {
      const after = rule.when?.after ?? null;
      if (after !== null) this.#following.set(after, [...(this.#following.get(after) ?? []), rule]);
    }
  }

  /** Takes note of a match of any rule, since another may wait for it. */
  note({ rule, captures }: Match, place: Place): void {
    if (!this.#following.has(rule.id) || !this.#isInTime(place) || !this.#hasRoom(rule.id)) return;
    this.#triggers.push({ rule: rule.id, captures, place });
    this.#earliest = Math.min(this.#earliest, place.time!);
  }

  /** A match without any time is in no window. */
  hold(held: Held): void {
    const { place, hiddenBy } = held;
    if (!this.#isInTime(place, hiddenBy.length === 0) || !this.#hasRoom(roomOf(held))) return;
    this.#waiting.push(held);
    this.#earliest = Math.min(this.#earliest, held.place.time!);
  }

  /** Matches up to this time (milliseconds since 1970) wait no longer. Returns those that make incidents, in order. */
  release(upTo = Number.POSITIVE_INFINITY): Held[] {
    if (upTo <= this.#upTo) return [];
    this.#upTo = upTo;
    if (this.#earliest > upTo) return [];
    const isDue = ({ place }: { readonly place: Place }) => place.time! <= upTo;
    // A rule follows what stood before its own record, not in it.
    const due = [...this.#waiting.filter(isDue), ...this.#triggers.filter(isDue)];
    this.#waiting = this.#waiting.filter((held) => !isDue(held));
    this.#triggers = this.#triggers.filter((trigger) => !isDue(trigger));
    this.#countWaiting();
    const released: Held[] = [];
    for (const one of due.sort((a, b) => comparePlaces(a.place, b.place))) {
      if (!('occurrence' in one)) this.#pull(one);
      else if (!this.#isHidden(one.hiddenBy)) this.#look(one, released);
    }
    this.#forget(upTo);
    return released.sort((a, b) => comparePlaces(a.place, b.place));
  }

  state(): WindowsState {
    return {
      upTo: Number.isFinite(this.#upTo) ? this.#upTo : null,
      waiting: this.#waiting.map(toState),
      triggers: this.#triggers,
      recent: [...this.#recent].map(([key, of]) => [
        key,
        of.map(({ held, counted }) => ({ held: toState(held), counted })),
      ]),
      last: [...this.#last],
    };
  }

  /** @param rules by id; what another rule matched is left */
  restore(state: WindowsState, rules: ReadonlyMap<string, Rule>): void {
    const toHeld = ({ rule, occurrence, hiddenBy = [], ...rest }: HeldState): Held[] => {
      const known = rules.get(rule);
      return known?.when ? [{ ...rest, hiddenBy, rule: known, occurrence: Occurrence.restored(occurrence) }] : [];
    };
    this.#upTo = state.upTo ?? Number.NEGATIVE_INFINITY;
    this.#waiting = state.waiting.flatMap(toHeld);
    this.#triggers = [...state.triggers];
    this.#countWaiting();
    for (const [key, of] of state.recent) {
      const recent = of.flatMap(({ held, counted }) => toHeld(held).map((known) => ({ held: known, counted })));
      if (recent.length > 0) this.#recent.set(key, recent);
    }
    for (const [key, place] of state.last) this.#last.set(key, place);
  }

  #isInTime({ time }: Place, counts = true): boolean {
    if (time === null) return false;
    if (time >= this.#upTo) return true;
    if (counts) this.late++;
    return false;
  }

  /** @param room the id of a rule, or that of what waits of it besides */
  #hasRoom(room: string): boolean {
    const many = this.#many.get(room) ?? 0;
    if (many >= MAX_HELD) this.overflowed.add(room.replace(HIDDEN, ''));
    else this.#many.set(room, many + 1);
    return many < MAX_HELD;
  }

  #countWaiting(): void {
    this.#many.clear();
    this.#earliest = Number.POSITIVE_INFINITY;
    const count = (rule: string, { time }: Place) => {
      this.#many.set(rule, (this.#many.get(rule) ?? 0) + 1);
      this.#earliest = Math.min(this.#earliest, time!);
    };
    for (const held of this.#waiting) count(roomOf(held), held.place);
    for (const { rule, place } of this.#triggers) count(rule, place);
  }

  #pull({ rule, captures, place }: Trigger): void {
    for (const following of this.#following.get(rule) ?? []) this.#last.set(keyOf(following, captures), place);
  }

  #look(held: Held, released: Held[]): void {
    const { count, after, within } = held.rule.when!;
    const key = keyOf(held.rule, held.captures);
    const time = held.place.time!;
    if (after !== null) {
      const last = this.#last.get(key);
      if (last === undefined || comparePlaces(last, held.place) >= 0 || time - last.time! > within) return;
    }
    if (count === null) {
      released.push(held);
      return;
    }
    const recent = this.#recent.get(key) ?? [];
    this.#recent.set(key, recent);
    recent.push({ held, counted: false });
    if (recent.length > count) recent.shift();
    if (recent.length < count || time - recent[0]!.held.place.time! > within) return;
    for (const one of recent) {
      if (!one.counted) released.push(one.held);
      one.counted = true;
    }
  }

  /** Leaves what no later match can be in one window with. */
  #forget(upTo: number): void {
    if (this.#recent.size > MANY) {
      for (const [key, recent] of this.#recent) {
        const { held } = recent.at(-1)!;
        if (upTo - held.place.time! > held.rule.when!.within) this.#recent.delete(key);
      }
    }
    if (this.#last.size > MANY) {
      const longest = Math.max(...[...this.#following.values()].flat().map(({ when }) => when!.within));
      for (const [key, place] of this.#last) if (upTo - place.time! > longest) this.#last.delete(key);
    }
  }
}

const HIDDEN = ' hidden';

/** Matches that may never be seen take no room from those that are. */
function roomOf({ rule, hiddenBy }: Held): string {
  return hiddenBy.length === 0 ? rule.id : rule.id + HIDDEN;
}

function toState({ rule, occurrence, ...rest }: Held): HeldState {
  return { ...rest, rule: rule.id, occurrence: occurrence.state() };
}

function keyOf(rule: Rule, captures: Captures): string {
  const values = (rule.when?.by ?? rule.groupBy).map((name) => withoutTokens(captures[name] ?? ''));
  return JSON.stringify([rule.id, ...values]);
}
