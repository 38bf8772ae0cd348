/** Rules -> a {@link Matcher}: each rule's conditions as functions, tried only where what it needs is in the record. */
import { statusPattern } from '../model/http-status.js';
import type { Literal, LiteralSet, Need, Needs } from '../model/literal.js';
import type { LogRecord } from '../model/log-record.js';
import { type Captures, type Match, type Matcher, RECORD_CAPTURES } from '../model/match.js';
import type { Rule } from '../model/rule.js';
import { type CaptureList, type Test, toTest } from './conditions.js';
import { type Precedence, toPrecedence } from './precedence.js';

interface CompiledRule {
  readonly rule: Rule;
  readonly test: Test;
  readonly needs: readonly AskedNeed[];
}

/** @param needs what every match of a rule contains, see literals.ts */
export function compileRules(rules: readonly Rule[], needs: (rule: Rule) => Needs): Matcher {
  return new CompiledRules(rules, needs);
}

class CompiledRules implements Matcher {
  readonly literals: LiteralSet | null;
  readonly #rules: readonly CompiledRule[];
  /** The rules, by their numbers, that have a literal; and those that have none and are tried on every record. */
  readonly #rulesOf: readonly number[][];
  readonly #always: readonly number[];
  /** Whether a text holds the literal of that number. */
  readonly #holds: readonly TextTest[];
  readonly #needs: SharedNeeds;
  readonly #precedence: Precedence;
  /** Whether any literal of any rule is in a text; null if some rule must be tried everywhere. */
  readonly #any: TextTest | null;

  constructor(rules: readonly Rule[], needsOf: (rule: Rule) => Needs) {
    const markers = new Map<string, Test>();
    const needs = rules.map(needsOf);
    const shared = new SharedNeeds();
    this.#rules = rules.map((rule, number) => ({
      rule,
      test: toTest(rule.match, markers),
      needs: needs[number]!.further.map((need) => shared.add(need)),
    }));
    this.#needs = shared;
    this.#precedence = toPrecedence(rules);

    const literals: Literal[] = [];
    const numbers = new Map<string, number>();
    const rulesOf: number[][] = [];
    const always: number[] = [];
    for (const [rule, { literals: set }] of needs.entries()) {
      if (set === null) always.push(rule);
      for (const literal of set ?? []) {
        const key = `${literal.caseless}${literal.text}`;
        const known = numbers.get(key) ?? literals.push(literal) - 1;
        numbers.set(key, known);
        rulesOf[known] = [...(rulesOf[known] ?? []), rule];
      }
    }
    this.#rulesOf = rulesOf;
    this.#always = always;
    this.#holds = literals.map((literal) => toTextTest([literal]));
    this.literals = always.length > 0 ? null : literals;
    this.#any = this.literals === null ? null : toTextTest(literals);
  }

  mayMatch(text: string, held: readonly number[]): boolean {
    if (held.length === 0 && this.#always.length === 0) return false;
    this.#needs.text = text;
    const isPossible = (number: number) => this.#isPossible(number);
    return this.#always.some(isPossible) || held.some((literal) => this.#rulesOf[literal]!.some(isPossible));
  }

  match(record: LogRecord, held: readonly number[] | null = null): readonly Match[] {
    const matched: { rule: Rule; captures: Captures }[] = [];
    for (const number of held === null ? this.#possible(record.text) : this.#holding(held)) {
      this.#needs.text = record.text;
      if (!this.#isPossible(number)) continue;
      const { rule, test } = this.#rules[number]!;
      const captures: CaptureList = [];
      if (test(record, captures)) matched.push({ rule, captures: toCaptures(captures, record) });
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

  /** Whether what a rule needs besides its literal is in the text that was set. */
  #isPossible(number: number): boolean {
    return this.#needs.areMet(this.#rules[number]!.needs);
  }

  /** The rules, by their numbers, one of whose literals is in a text. */
  #possible(text: string): readonly number[] {
    if (this.#any !== null && !this.#any(text)) return [];
    return this.#holding(this.#holds.flatMap((holds, number) => (holds(text) ? [number] : [])));
  }

  /** The rules, in order, that have one of these literals, or none. */
  #holding(literals: readonly number[]): readonly number[] {
    if (literals.length === 0 && this.#always.length === 0) return [];
    const rules = new Set(this.#always);
    for (const literal of literals) for (const rule of this.#rulesOf[literal]!) rules.add(rule);
    return [...rules].sort((a, b) => a - b);
  }
}

type TextTest = (text: string) => boolean;

/** The number of a need about the text itself, or branches. */
type AskedNeed = number | readonly (readonly AskedNeed[])[];

/** Needs that many rules share: whether one is met is asked of a text once. */
class SharedNeeds {
  readonly #numbers = new Map<string, number>();
  readonly #needs: Need[] = [];
  /** Made when a need is first asked for: most are never. */
  readonly #tests: TextTest[] = [];
  #text = '';
  /** Answers about the text: undefined where nobody asked yet. */
  #answers: (boolean | undefined)[] = [];

  add(need: Need): AskedNeed {
    if ('branches' in need) return need.branches.map((branch) => branch.map((inner) => this.add(inner)));
    const key = JSON.stringify(need);
    const known = this.#numbers.get(key) ?? this.#needs.push(need) - 1;
    this.#numbers.set(key, known);
    return known;
  }

  set text(text: string) {
    if (text === this.#text) return;
    this.#text = text;
    this.#answers = [];
  }

  areMet(needs: readonly AskedNeed[]): boolean {
    return needs.every((need) =>
      typeof need === 'number' ? this.#isMet(need) : need.some((branch) => this.areMet(branch)),
    );
  }

  #isMet(number: number): boolean {
    const known = this.#answers[number];
    if (known !== undefined) return known;
    this.#tests[number] ??= toNeedTest(this.#needs[number]!);
    const answer = this.#tests[number](this.#text);
    this.#answers[number] = answer;
    return answer;
  }
}

function toNeedTest(need: Need): TextTest {
  if ('literals' in need) return toTextTest(need.literals);
  if ('branches' in need) throw new Error('branches are asked one by one');
  const pattern = statusPattern(need.statuses);
  return (text) => pattern.test(text);
}

function toTextTest(set: LiteralSet): TextTest {
  const [first] = set;
  if (set.length === 1 && !first!.caseless) return (text) => text.includes(first!.text);
  const pattern = new RegExp(set.length === 0 ? '[]' : set.map(escapeLiteral).join('|'));
  return (text) => pattern.test(text);
}

function escapeLiteral({ text, caseless }: Literal): string {
  return text.replace(/[\s\S]/g, (char) => {
    if (caseless && char.toLowerCase() !== char.toUpperCase()) return `[${char.toLowerCase()}${char.toUpperCase()}]`;
    return /[\w\s]/.test(char) ? char : `\\${char}`;
  });
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
