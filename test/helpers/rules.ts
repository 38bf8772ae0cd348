/** Small rules and conditions, written as authors write them: what a test does not name is plain and complete. */
import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { compileRules } from '../../src/matches/compile.js';
import { needsOf } from '../../src/matches/literals.js';
import type { Matcher } from '../../src/model/match.js';
import type { Condition, Rule, RulePack } from '../../src/model/rule.js';
import { parsePack, parseRule } from '../../src/rules/parse.js';
import { problemText } from '../../src/rules/problem.js';

/** The keys of a rule file; `id` is that of the rule, and `acme/rule` if absent. */
export type Written = { readonly id?: string } & Readonly<Record<string, unknown>>;

/** A rule with these keys, read from YAML like any other. */
export function rule(written: Written = {}, markers: ReadonlyMap<string, Condition> = new Map()): Rule {
  const { id = 'acme/rule', ...keys } = written;
  const { value, document } = parseRule(`${id}.yaml`, id, ruleText(keys), markers);
  assert.ok(value, document.problems.map(problemText).join('\n'));
  return value;
}

/** The text of a whole rule file with these keys instead of the plain ones; `undefined` leaves one out. */
export function ruleText(keys: Readonly<Record<string, unknown>> = {}): string {
  const whole = {
    title: 'The pool is empty',
    severity: 'high',
    status: 'stable',
    confidence: 'high',
    products: ['Jira'],
    match: { text: 'no connection' },
    cause: 'All connections are in use.',
    solutions: [{ summary: 'Make the pool larger.', steps: ['Set pool-max-size to 40.'] }],
    examples: { matches: [{ log: 'ERROR no connection' }] },
    ...keys,
  };
  return stringify(whole, { aliasDuplicateObjects: false });
}

/** The matcher of some rules. */
export function compiled(rules: readonly Rule[]): Matcher {
  return compileRules(rules, (one) => needsOf(one.match));
}

/** The tree of a condition as it stands under `match:`. */
export function condition(match: unknown, markers: ReadonlyMap<string, Condition> = new Map()): Condition {
  return rule({ match }, markers).match;
}

/** The markers of a pack, `acme` if no other is named. */
export function markers(written: Readonly<Record<string, unknown>>, pack = 'acme'): ReadonlyMap<string, Condition> {
  const text = stringify({ title: pack, version: '1', markers: written });
  const { value, document } = parsePack(`${pack}/_pack.yaml`, pack, text);
  assert.ok(value, document.problems.map(problemText).join('\n'));
  return value.markers;
}

/** The ids of all rules of all packs, in order. */
export function idsOf(packs: readonly RulePack[]): string[] {
  return packs.flatMap((pack) => pack.rules.map(({ id }) => id));
}
