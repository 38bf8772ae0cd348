/** Rules -> a {@link Matcher}: each rule's conditions as functions, tried only where what it needs is in the record. */
import type { LiteralSet, Needs } from '../model/literal.js';
import type { LogRecord } from '../model/log-record.js';
import { type Captures, type Match, type Matcher, RECORD_CAPTURES } from '../model/match.js';
import type { Rule } from '../model/rule.js';
import { type CaptureList, type Test, toTest } from './conditions.js';
import { PossibleRules } from './possible.js';
import { type Precedence, toPrecedence } from './precedence.js';

interface CompiledRule {
  readonly rule: Rule;
  /** Made when the rule is first tried: most never are. */
  test: Test | null;
}

/** @param needs what every match of a rule contains, see literals.ts */
export function compileRules(rules: readonly Rule[], needs: (rule: Rule) => Needs): Matcher {
  return new CompiledRules(rules, needs);
}

class CompiledRules implements Matcher {
  readonly needs: readonly Needs[];
  readonly literals: LiteralSet | null;
  readonly #rules: readonly CompiledRule[];
  readonly #markers = new Map<string, Test>();
  readonly #possible: PossibleRules;
  readonly #precedence: Precedence;

  constructor(rules: readonly Rule[], needsOf: (rule: Rule) => Needs) {
    this.#rules = rules.map((rule) => ({ rule, test: null }));
    this.needs = rules.map(needsOf);
    this.#possible = new PossibleRules(this.needs);
    this.literals = this.#possible.literals;
    this.#precedence = toPrecedence(rules);
  }

  mayMatch(text: string, held: readonly number[]): boolean {
    return this.#possible.mayMatch(text, held);
  }

  match(record: LogRecord, held: readonly number[] | null = null): readonly Match[] {
    const matched: { rule: Rule; captures: Captures }[] = [];
    for (const number of this.#possible.rules(record.text, held)) {
      const compiled = this.#rules[number]!;
      compiled.test ??= toTest(compiled.rule.match, this.#markers);
      const captures: CaptureList = [];
      if (compiled.test(record, captures))
        matched.push({ rule: compiled.rule, captures: toCaptures(captures, record) });
    }
    if (matched.length === 0) return [];
    const among = matched.map(({ rule }) => rule);
    const matches = matched.map(({ rule, captures }) => ({
      rule,
      record,
      captures,
      hiddenBy: this.#precedence(rule, among),
    }));
    return matches.sort((a, b) => Number(a.hiddenBy.length > 0) - Number(b.hiddenBy.length > 0));
  }
}

function toCaptures(list: CaptureList, record: LogRecord): Captures {
  const captures: Record<string, string> = {};
  for (const [name, value] of list) if (!Object.hasOwn(captures, name)) captures[name] = value;
  for (const name of RECORD_CAPTURES) {
    const value = record[name];
    if (value !== null && !Object.hasOwn(captures, name)) captures[name] = value;
  }
  return captures;
}
