/**
 * Rules with `when`: an incident only from so many matches in a time, or only after another rule. Runs on the time of
 * the records; matches are kept and evaluated at the end in the order of time, input and place, so that neither files
 * nor the order of reading matter.
 */
import type { ExceptionSummary } from '../model/incident.js';
import type { Match } from '../model/match.js';
import type { Rule } from '../model/rule.js';
import { comparePlaces, type Occurrence, type Place } from './occurrence.js';

/** Of each rule so many matches are kept; the run says when there were more. */
export const MAX_HELD = 50_000;

/** A match that waits for the end. */
export interface Held {
  readonly rule: Rule;
  readonly captures: Match['captures'];
  readonly alsoMatched: readonly string[];
  readonly place: Place;
  readonly zoneAssumed: boolean;
  readonly occurrence: Occurrence;
  readonly exception: ExceptionSummary | null;
}

interface Trigger {
  readonly place: Place;
  readonly captures: Match['captures'];
}

export class Windows {
  readonly #held = new Map<string, Held[]>();
  /** Matches of rules that another one waits for, by rule id. */
  readonly #triggers = new Map<string, Trigger[]>();
  /** Ids of rules of which more matched than are kept. */
  readonly overflowed = new Set<string>();

  constructor(rules: readonly Rule[]) {
    for (const { when } of rules) if (when?.after) this.#triggers.set(when.after, []);
  }

  /** Takes note of a match of any rule, since another may wait for it. */
  note(match: Match, place: Place): void {
    const triggers = this.#triggers.get(match.rule.id);
    if (!triggers || place.time === null) return;
    if (triggers.length >= MAX_HELD) this.overflowed.add(match.rule.id);
    else triggers.push({ place, captures: match.captures });
  }

  hold(held: Held): void {
    const of = this.#held.get(held.rule.id);
    if (!of) this.#held.set(held.rule.id, [held]);
    else if (of.length >= MAX_HELD) this.overflowed.add(held.rule.id);
    else of.push(held);
  }

  /** The matches that make incidents, in order. A match without any time is in no window. */
  released(): Held[] {
    const released: Held[] = [];
    for (const held of this.#held.values()) {
      const { rule } = held[0]!;
      const after = rule.when!.after;
      const triggers = after === null ? null : this.#placesOf(rule, after);
      for (const [key, group] of groupsOf(rule, held)) {
        for (const one of release(rule.when!, group, triggers === null ? null : (triggers.get(key) ?? [])))
          released.push(one);
      }
    }
    return released.sort((a, b) => comparePlaces(a.place, b.place));
  }

  /** The places of all matches of `after`, by the key of `rule`, in order. */
  #placesOf(rule: Rule, after: string): Map<string, Place[]> {
    const places = new Map<string, Place[]>();
    for (const { place, captures } of this.#triggers.get(after) ?? []) {
      const key = keyOf(rule, captures);
      const list = places.get(key);
      if (list) list.push(place);
      else places.set(key, [place]);
    }
    for (const list of places.values()) list.sort(comparePlaces);
    return places;
  }
}

/** Of the matches of one group, those that count. `triggers`: the places of the rule that must come before, or null. */
function release(
  { count, within }: NonNullable<Rule['when']>,
  group: readonly Held[],
  triggers: readonly Place[] | null,
): Held[] {
  let held = [...group].sort((a, b) => comparePlaces(a.place, b.place));
  if (triggers !== null) held = held.filter(({ place }) => follows(place, triggers, within));
  if (count === null) return held;
  const inWindow = new Set<Held>();
  for (let end = count - 1; end < held.length; end++) {
    const start = end - count + 1;
    if (held[end]!.place.time! - held[start]!.place.time! > within) continue;
    // What is in already came from a window that began no later: everything before it is in as well.
    for (let at = end; at >= start && !inWindow.has(held[at]!); at--) inWindow.add(held[at]!);
  }
  return held.filter((one) => inWindow.has(one));
}

/** Whether the last of `places` before `place` is at most `within` milliseconds before it. */
function follows(place: Place, places: readonly Place[], within: number): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePlaces(places[middle]!, place) < 0) low = middle + 1;
    else high = middle;
  }
  const before = places[low - 1];
  return before !== undefined && place.time! - before.time! <= within;
}

function groupsOf(rule: Rule, held: readonly Held[]): Map<string, Held[]> {
  const groups = new Map<string, Held[]>();
  for (const one of held) {
    if (one.place.time === null) continue;
    const key = keyOf(rule, one.captures);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function keyOf(rule: Rule, captures: Match['captures']): string {
  return JSON.stringify((rule.when?.by ?? rule.groupBy).map((name) => captures[name] ?? ''));
}
