/** Rules -> a {@link Matcher}: each rule's conditions as functions, tried only where what it needs is in the record. */
import type { LiteralSet, Needs } from '../model/literal.js';
import type { LogRecord } from '../model/log-record.js';
import { type Captures, type Match, type Matcher, RECORD_CAPTURES } from '../model/match.js';
import type { Clock, RuleCost } from '../model/profile.js';
import type { Rule } from '../model/rule.js';
import { type CaptureList, type Test, toTest } from './conditions.js';
import { PossibleRules } from './possible.js';
import { type Precedence, toPrecedence } from './precedence.js';

interface CompiledRule {
  readonly rule: Rule;
  tried: number;
  matched: number;
  /** Milliseconds. */
  time: number;
  /** Made when the rule is first tried: most never are. */
  test: Test | null;
}

/** Somebody besides the rules who looks for records by their texts, in the same go. */
export interface Watch {
  readonly needs: Needs;
  /** A record that is matched holds what is needed. */
  take(record: LogRecord): void;
}

/**
 * @param needs what every match of a rule contains, see literals.ts
 * @param clock by which the costs of rules are measured; null measures nothing
 */
export function compileRules(
  rules: readonly Rule[],
  needs: (rule: Rule) => Needs,
  clock: Clock | null = null,
  watch: Watch | null = null,
): Matcher {
  return new CompiledRules(rules, needs, clock, watch);
}

class CompiledRules implements Matcher {
  readonly needs: readonly Needs[];
  readonly literals: LiteralSet | null;
  readonly #rules: readonly CompiledRule[];
  readonly #markers = new Map<string, Test>();
  readonly #possible: PossibleRules;
  readonly #precedence: Precedence;
  readonly #clock: Clock | null;
  readonly #watch: Watch | null;
  #parsing = 0;

  constructor(rules: readonly Rule[], needsOf: (rule: Rule) => Needs, clock: Clock | null, watch: Watch | null) {
    this.#clock = clock;
    this.#watch = watch;
    this.#rules = rules.map((rule) => ({ rule, test: null, tried: 0, matched: 0, time: 0 }));
    // The watch goes by the number after that of the last rule.
    this.needs = [...rules.map(needsOf), ...(watch === null ? [] : [watch.needs])];
    this.#possible = new PossibleRules(this.needs);
    this.literals = this.#possible.literals;
    this.#precedence = toPrecedence(rules);
  }

  mayMatch(text: string, held: readonly number[]): boolean {
    return this.#possible.mayMatch(text, held);
  }

  match(record: LogRecord, held: readonly number[] | null = null): readonly Match[] {
    const matched: { rule: Rule; captures: Captures }[] = [];
    let possible = this.#possible.rules(record.text, held);
    if (possible.at(-1) === this.#rules.length) {
      this.#watch!.take(record);
      possible = possible.slice(0, -1);
    }
    if (this.#clock !== null && possible.length > 0) this.#parse(record, this.#clock);
    for (const number of possible) {
      const compiled = this.#rules[number]!;
      compiled.test ??= toTest(compiled.rule.match, this.#markers);
      const captures: CaptureList = [];
      const started = this.#clock?.() ?? 0;
      const isMatch = compiled.test(record, captures);
      if (this.#clock !== null) {
        compiled.tried++;
        compiled.matched += Number(isMatch);
        compiled.time += this.#clock() - started;
      }
      if (isMatch) matched.push({ rule: compiled.rule, captures: toCaptures(captures, record) });
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

  costs(): { parsing: number; rules: readonly RuleCost[] } {
    const rules = this.#rules.filter(({ tried }) => tried > 0).sort((a, b) => b.time - a.time);
    return {
      parsing: this.#parsing,
      rules: rules.map(({ rule: { id }, tried, matched, time }) => ({ id, tried, matched, time })),
    };
  }

  /** What several rules ask for is no rule's cost. */
  #parse(record: LogRecord, clock: Clock): void {
    const started = clock();
    void record.throwables;
    void record.httpFailures;
    this.#parsing += clock() - started;
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
