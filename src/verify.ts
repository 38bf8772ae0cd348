/** Rules held against their own examples, against each other, and against logs in which nothing is wrong. */
import { Grouper } from './incidents/grouper.js';
import { compileRules } from './matches/compile.js';
import { literalsOf, needsOf, shortest } from './matches/literals.js';
import { firstFailure } from './matches/why.js';
import type { LogRecord } from './model/log-record.js';
import type { Match, Matcher } from './model/match.js';
import { type Rule, solutionOn } from './model/rule.js';
import { recordsOf } from './read.js';

/** What is wrong with a rule, and where it is written. */
export interface RuleFinding {
  readonly rule: Rule;
  /** `missing`: it does not find what it must; `noisy`: it finds what it must not; `flaw`: it is not written well. */
  readonly kind: 'missing' | 'noisy' | 'flaw';
  readonly line: number;
  readonly message: string;
}

/** A log in which no rule may win. */
export interface HealthyLog {
  readonly name: string;
  readonly text: string;
}

/** With a shorter literal among them all literals are looked for at every third place of a log, or at each, not at every fourth. */
const LEAST_LITERAL = 7; // characters
/** What differs at every occurrence tells no two problems apart. */
const NEVER_GROUP_BY = ['url', 'requestId', 'time'];

/**
 * @param checked the rules to look at
 * @param all the rules that run beside them
 * @param asOf the day on which each must have a solution
 */
export function verifyRules(
  checked: readonly Rule[],
  all: readonly Rule[],
  healthy: readonly HealthyLog[],
  asOf: string,
): RuleFinding[] {
  const matcher = compileRules(all, (rule) => needsOf(rule.match));
  const findings = checked.flatMap((rule) => [...flaws(rule, asOf), ...exampleFindings(rule, matcher)]);
  const byId = new Map(checked.map((rule) => [rule.id, rule]));
  for (const { name, text } of healthy) {
    for (const { id, line } of incidentsIn(matcher, all, text, name, asOf)) {
      const rule = byId.get(id);
      if (rule) findings.push({ rule, kind: 'noisy', line: 1, message: `also fires in ${name}:${line}` });
    }
  }
  return findings;
}

/** What a scan would tell of a log: a rule with `when` fires only where its window is full. */
function incidentsIn(
  matcher: Matcher,
  rules: readonly Rule[],
  text: string,
  name: string,
  asOf: string,
): { id: string; line: number }[] {
  const grouper = new Grouper({ rules, asOf, evidence: 1, several: false, mask: asIs, maskKey: asIs });
  let time: number | null = null;
  for (const record of recordsOf(text, name)) {
    time = record.time ?? time;
    grouper.add(matcher.match(record), { time, source: 0, offset: record.offset });
  }
  const { incidents, notices } = grouper.finish();
  return [...incidents, ...notices].map(({ rule, evidence }) => ({ id: rule.id, line: evidence[0]!.line }));
}

/** Examples and samples hold no secrets. */
function asIs(text: string): string {
  return text;
}

function flaws(rule: Rule, asOf: string): RuleFinding[] {
  const found: RuleFinding[] = [];
  const add = (message: string) => found.push({ rule, kind: 'flaw', line: 1, message });
  const literals = literalsOf(rule.match);
  if (literals === null)
    add('no text that every match must contain; add a text: condition, or a fixed part to a pattern');
  else if (shortest(literals) < LEAST_LITERAL) {
    const short = literals.find(({ text }) => text.length === shortest(literals))!.text;
    add(`the text that every match must contain is too short ("${short}"); at least ${LEAST_LITERAL} characters`);
  }
  if (solutionOn(rule, asOf) === null) add(`no solution holds on ${asOf}`);
  for (const name of rule.groupBy)
    if (NEVER_GROUP_BY.includes(name)) add(`groupBy: ${name} is another one at every occurrence`);
  return found;
}

function exampleFindings(rule: Rule, matcher: Matcher): RuleFinding[] {
  const found: RuleFinding[] = [];
  for (const [index, example] of rule.examples.matches.entries()) {
    const add = (kind: RuleFinding['kind'], message: string) =>
      found.push({ rule, kind, line: example.line, message: `example ${index + 1}: ${message}` });
    const records = recordsOf(example.log, example.file ?? 'example.log');
    const matches = matchesIn(matcher, records);
    const own = matches.filter((match) => match.rule === rule);
    const winner = own.find(wins);
    if (own.length === 0) add('missing', `no match, because ${whyNot(rule, records)}`);
    else if (!winner) add('missing', `loses to ${own[0]!.hiddenBy.map((other) => other.id).join(', ')}`);
    else {
      for (const [name, value] of Object.entries(example.captures)) {
        const captured = winner.captures[name];
        if (captured !== value)
          add(
            'missing',
            `captures ${name}: found ${captured === undefined ? 'nothing' : `"${captured}"`}, wanted "${value}"`,
          );
      }
      const allowed = new Set([rule.id, ...example.also]);
      // One that needs several records is no rival of one that needs one.
      const rivals = matches.filter((match) => wins(match) && (match.rule.when === null) === (rule.when === null));
      for (const id of new Set(rivals.map((match) => match.rule.id))) {
        if (!allowed.has(id))
          add('noisy', `${id} matches it as well; settle it by supersedes: or role:, or name it under also:`);
      }
    }
  }
  for (const [index, example] of rule.examples.ignores.entries()) {
    const records = recordsOf(example.log, example.file ?? 'example.log');
    if (matchesIn(matcher, records).some((match) => match.rule === rule && wins(match))) {
      found.push({
        rule,
        kind: 'noisy',
        line: example.line,
        message: `ignored example ${index + 1} matches (${example.because})`,
      });
    }
  }
  return found;
}

function matchesIn(matcher: Matcher, records: readonly LogRecord[]): Match[] {
  return records.flatMap((record) => [...matcher.match(record)]);
}

function wins(match: Match): boolean {
  return match.hiddenBy.length === 0;
}

/** The reason in the record that comes closest: the one with the longest text, as an example has one that matters. */
function whyNot(rule: Rule, records: readonly LogRecord[]): string {
  const longest = records.reduce<LogRecord | null>(
    (a, b) => (a === null || b.text.length > a.text.length ? b : a),
    null,
  );
  return longest === null ? 'it has no record' : (firstFailure(rule.match, longest) ?? 'no condition says why');
}
