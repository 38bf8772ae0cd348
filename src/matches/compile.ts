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
  /** Numbers of the rule's literals in the matcher's list; null tries it on every record. */
  readonly literals: readonly number[] | null;
}

/** @param literals what every match of a rule contains, see literals.ts */
export function compileRules(rules: readonly Rule[], literals: (rule: Rule) => LiteralSet | null): Matcher {
  return new CompiledRules(rules, literals);
}

class CompiledRules implements Matcher {
  readonly literals: readonly Literal[] | null;
  readonly #rules: readonly CompiledRule[];
  /** Whether a text holds the literal of that number. */
  readonly #holds: readonly ((text: string) => boolean)[];
  readonly #precedence: Precedence;
  /** Whether any literal of any rule is in a text; null if some rule must be tried everywhere. */
  readonly #any: RegExp | null;

  constructor(rules: readonly Rule[], literalsOf: (rule: Rule) => LiteralSet | null) {
    const numbers = new Map<string, number>();
    const literals: Literal[] = [];
    const number = (literal: Literal): number => {
      const key = `${literal.caseless}${literal.text}`;
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, literals.length);
      return literals.push(literal) - 1;
    };
    const numbered = (set: LiteralSet | null) => set?.map(number) ?? null;
    const markers = new Map<string, Test>();
    this.#rules = rules.map((rule) => ({
      rule,
      test: toTest(rule.match, markers),
      literals: numbered(literalsOf(rule)),
    }));
    this.#holds = literals.map(toHolds);
    this.#precedence = toPrecedence(rules);
    this.literals = this.#rules.some((rule) => rule.literals === null) ? null : literals;
    this.#any = this.literals === null ? null : anyOf(literals);
  }

  match(record: LogRecord): readonly Match[] {
    if (this.#any !== null && !this.#any.test(record.text)) return [];
    const seen: boolean[] = [];
    const holds = (index: number) => {
      seen[index] ??= this.#holds[index]!(record.text);
      return seen[index]!;
    };
    const matched: { rule: Rule; captures: Captures }[] = [];
    for (const { rule, test, literals } of this.#rules) {
      if (literals !== null && !literals.some(holds)) continue;
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
