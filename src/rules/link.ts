/** Rules that were read one by one -> one set in which every name that one says of another exists. */

import { nearest } from '../model/nearest.js';
import type { Rule, RulePack } from '../model/rule.js';
import type { YamlDocument } from './document.js';
import type { PackInfo } from './parse.js';

/** A rule and the document that it was read from, which takes what is wrong with it. */
export interface ReadRule {
  readonly rule: Rule;
  readonly document: YamlDocument;
}

/**
 * Adds to each document what is wrong with its rule beside the others, and puts the rules into their packs.
 * @param compiled rules that were held together before
 */
export function linkRules(
  packs: readonly PackInfo[],
  read: readonly ReadRule[],
  compiled: readonly Rule[] = [],
): readonly RulePack[] {
  const byId = new Map(compiled.map((rule) => [rule.id, rule]));
  for (const { rule, document } of read) {
    const taken = byId.get(rule.id);
    if (taken)
      document.add(
        [],
        `the id ${rule.id} is taken by ${taken.file}; give the file another name, and name that rule in supersedes: to win over it`,
      );
    else byId.set(rule.id, rule);
  }
  const known = [...byId.keys()];
  for (const { rule, document } of read) {
    const mustExist = (path: readonly (string | number)[], id: string) => {
      if (byId.has(id)) return;
      const near = nearest(id, known);
      document.add(path, `there is no rule ${id}${near === null ? '' : `; did you mean ${near}?`}`);
    };
    for (const [index, id] of rule.supersedes.entries()) mustExist(['supersedes', index], id);
    if (rule.when?.after) mustExist(['when', 'after'], rule.when.after);
    for (const [index, example] of rule.examples.matches.entries()) {
      for (const [at, id] of example.also.entries()) mustExist(['examples', 'matches', index, 'also', at], id);
    }
    const cycle = byId.get(rule.id) === rule ? cycleFrom(rule, byId) : null;
    if (cycle) document.add(['supersedes'], `goes in a circle: ${cycle.join(' -> ')}`);
  }
  const rules = [...compiled, ...read.map(({ rule }) => rule)];
  // A pack may lie in several places: the first one speaks for it.
  const firsts = packs.filter(({ name }, index) => packs.findIndex((pack) => pack.name === name) === index);
  return firsts.map(({ name, title, version }) => ({
    name,
    title,
    version,
    rules: rules.filter((rule) => rule.pack === name),
  }));
}

/** The way from a rule through `supersedes` back to itself, told only by the smallest id on it; null if there is none. */
function cycleFrom(start: Rule, byId: ReadonlyMap<string, Rule>): string[] | null {
  const seen = new Set<string>();
  const walk = (rule: Rule, way: string[]): string[] | null => {
    for (const id of rule.supersedes) {
      if (id === start.id) return [...way, id];
      const next = byId.get(id);
      if (!next || seen.has(id)) continue;
      seen.add(id);
      const found = walk(next, [...way, id]);
      if (found) return found;
    }
    return null;
  };
  const cycle = walk(start, [start.id]);
  return cycle?.every((id) => start.id <= id) ? cycle : null;
}
