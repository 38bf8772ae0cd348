/** Rules -> a {@link Matcher}: each rule's conditions as functions, tried only where one of its literals is in the record. */
import type { Literal } from '../model/literal.js';
import type { LogRecord } from '../model/log-record.js';
import { type Captures, type Match, type Matcher, RECORD_CAPTURES } from '../model/match.js';
import type { Rule } from '../model/rule.js';
import { type CaptureList, type Test, toTest } from './conditions.js';
import type { LiteralSet } from './literals.js';
import { type Precedence, toPrecedence } from './precedence.js';

interface CompiledRule {
  readonly rule: Rule;
  readonly test: Test;
}

/** @param literals what every match of a rule contains, see literals.ts */
export function compileRules(rules: readonly Rule[], literals: (rule: Rule) => LiteralSet | null): Matcher {
  return new CompiledRules(rules, literals);
}

class CompiledRules implements Matcher {
  readonly literals: readonly Literal[] | null;
  readonly #rules: readonly CompiledRule[];
  /** The rules, by their numbers, that have a literal; and those that have none and are tried on every record. */
  readonly #rulesOf: readonly number[][];
  readonly #always: readonly number[];
  /** Whether a text holds the literal of that number. */
  readonly #holds: readonly ((text: string) => boolean)[];
  readonly #precedence: Precedence;
  /** Whether any literal of any rule is in a text; null if some rule must be tried everywhere. */
  readonly #any: RegExp | null;

  constructor(rules: readonly Rule[], literalsOf: (rule: Rule) => LiteralSet | null) {
    const markers = new Map<string, Test>();
    this.#rules = rules.map((rule) => ({ rule, test: toTest(rule.match, markers) }));
    this.#precedence = toPrecedence(rules);

    const literals: Literal[] = [];
    const numbers = new Map<string, number>();
    const rulesOf: number[][] = [];
    const always: number[] = [];
    for (const [rule, set] of rules.map(literalsOf).entries()) {
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
    this.#holds = literals.map(toHolds);
    this.literals = always.length > 0 ? null : literals;
    this.#any = this.literals === null ? null : anyOf(literals);
  }

  match(record: LogRecord, held: readonly number[] | null = null): readonly Match[] {
    const matched: { rule: Rule; captures: Captures }[] = [];
    for (const number of held === null ? this.#possible(record.text) : this.#holding(held)) {
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

  /** The rules, by their numbers, one of whose literals is in a text. */
  #possible(text: string): readonly number[] {
    if (this.#any !== null && !this.#any.test(text)) return [];
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

function toHolds(literal: Literal): (text: string) => boolean {
  if (!literal.caseless) return (text) => text.includes(literal.text);
  const pattern = new RegExp(escapeLiteral(literal));
  return (text) => pattern.test(text);
}

function anyOf(literals: readonly Literal[]): RegExp {
  return new RegExp(literals.length === 0 ? '[]' : literals.map(escapeLiteral).join('|'));
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
