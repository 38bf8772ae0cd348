/**
 * Which of several rules that match one record win. Nothing decides but supersession and role. A rule with `when` speaks of many
 * records: of one it hides nothing but another such rule, and only by name.
 */
import type { Rule } from '../model/rule.js';

/** For the rules of one record: the ones that win over a given one. */
export type Precedence = (rule: Rule, among: readonly Rule[]) => readonly Rule[];

export function toPrecedence(rules: readonly Rule[]): Precedence {
  const beaten = closure(rules);
  const supersedes = (a: Rule, b: Rule) =>
    (a.when === null || b.when !== null) && (beaten.get(a.id)?.has(b.id) ?? false);
  const wins = (a: Rule, b: Rule): boolean => {
    if (supersedes(a, b)) return true;
    // What an author wrote by name holds against the general order of roles. A notice wins only by name.
    if (a.severity === 'info' || supersedes(b, a) || a.when !== null || b.when !== null) return false;
    return rank(a) < rank(b);
  };
  return (rule, among) => {
    const winnersOver = (one: Rule, over: typeof wins) => among.filter((other) => other !== one && over(other, one));
    // A fallback that supersedes a cause beside an umbrella: names and roles together go in a circle, names alone never.
    const someWins = among.some((one) => winnersOver(one, wins).length === 0);
    return winnersOver(rule, someWins ? wins : supersedes);
  };
}

function rank(rule: Rule): number {
  return rule.role === 'cause' ? 0 : rule.role === 'umbrella' ? 1 : 2;
}

/** Each rule's id -> the ids of all rules that it supersedes, directly or through others. */
function closure(rules: readonly Rule[]): Map<string, Set<string>> {
  const direct = new Map(rules.map((rule) => [rule.id, rule.supersedes]));
  const all = new Map<string, Set<string>>();
  for (const rule of rules) {
    const reached = new Set<string>();
    const waiting = [...rule.supersedes];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (reached.has(id)) continue;
      reached.add(id);
      waiting.push(...(direct.get(id) ?? []));
    }
    all.set(rule.id, reached);
  }
  return all;
}
