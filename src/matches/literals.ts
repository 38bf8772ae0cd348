/**
 * Which texts every match of a rule must contain. They are what a filter looks for before anything is decoded, so they
 * must never be wrong: a record without one of them cannot match. A set of literals means "one of these is there".
 */
import type { AST } from '@eslint-community/regexpp';
import { RegExpParser } from '@eslint-community/regexpp';
import type { Literal, LiteralSet, Need, Needs } from '../model/literal.js';
import type { Condition, HttpCondition, ThrowableCondition } from '../model/rule.js';
import { staticPieces } from './template.js';

/** More alternatives than this help nobody: another part of the rule is asked instead. */
const MAX_ALTERNATIVES = 32;

const parser = new RegExpParser({ ecmaVersion: 2023 });

/** More needs than these hardly rule anything else out. */
const MAX_NEEDS = 6;
/** Shorter texts are in too many records to rule any out. */
const LEAST_NEED = 3; // characters

/** What every match of a condition contains. */
export function needsOf(condition: Condition): Needs {
  const literals = literalsOf(condition);
  const found = JSON.stringify(literals);
  const further = furtherOf(condition).filter(
    (need) => !('literals' in need) || JSON.stringify(need.literals) !== found,
  );
  return { literals, further: further.slice(0, MAX_NEEDS) };
}

/** Everything that is needed, the same once. */
function furtherOf(condition: Condition): Need[] {
  const needs = new Map(ownNeeds(condition).map((need) => [JSON.stringify(need), need]));
  return [...needs.values()];
}

function ownNeeds(condition: Condition): Need[] {
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap(ownNeeds);
    case 'marker':
      return ownNeeds(condition.condition);
    case 'any': {
      const branches = condition.of.map((child) => furtherOf(child).slice(0, MAX_NEEDS));
      return branches.some((branch) => branch.length === 0) ? [] : [{ branches }];
    }
    case 'http':
      return [...toNeeds(requiredBy(condition)), ...toStatuses(condition.http)];
    default:
      return toNeeds(requiredBy(condition));
  }
}

function toStatuses({ statuses }: HttpCondition): Need[] {
  return statuses.length > 0 && statuses.length <= MAX_ALTERNATIVES ? [{ statuses }] : [];
}

function toNeeds(sets: readonly (LiteralSet | null)[]): Need[] {
  return sets.flatMap((set) => (set !== null && shortest(set) >= LEAST_NEED ? [{ literals: set }] : []));
}

/** The literals of a condition, or null if a match need not contain any text. */
export function literalsOf(condition: Condition): LiteralSet | null {
  return best(requiredBy(condition));
}

/** Sets of literals; every match contains one of each. */
function requiredBy(condition: Condition): (LiteralSet | null)[] {
  switch (condition.kind) {
    case 'all':
      return condition.of.flatMap(requiredBy);
    case 'any':
      return [union(condition.of.map(literalsOf))];
    case 'marker':
      return requiredBy(condition.condition);
    case 'text':
      return [union(condition.literals.map(ofText))];
    case 'pattern':
      return requiredByPattern(condition.source);
    case 'throwable':
      return requiredByThrowable(condition.throwable);
    case 'http':
      return requiredByHttp(condition.http);
    case 'logger':
      return [union(condition.names.map(lastPart))];
    case 'none':
    case 'level':
    case 'file':
      return [];
  }
}

/** The worth of a set: the length of its shortest text; 0 for none. */
export function shortest(set: LiteralSet | null): number {
  return set === null || set.length === 0 ? 0 : Math.min(...set.map((literal) => literal.text.length));
}

/** A text of several lines is looked for by its longest one. */
function ofText(text: string): LiteralSet | null {
  const line = longest(text.split(/[\r\n]+/));
  return line === '' ? null : [exact(line)];
}

function exact(text: string): Literal {
  return { text, caseless: false };
}

function best(sets: readonly (LiteralSet | null)[]): LiteralSet | null {
  let chosen: LiteralSet | null = null;
  for (const set of sets) {
    if (set === null || set.length === 0 || set.length > MAX_ALTERNATIVES) continue;
    const gain = shortest(set) - shortest(chosen);
    if (chosen === null || gain > 0 || (gain === 0 && set.length < chosen.length)) chosen = set;
  }
  return chosen;
}

function union(sets: readonly (LiteralSet | null)[]): LiteralSet | null {
  const all: Literal[] = [];
  for (const set of sets) {
    if (set === null || set.length === 0) return null;
    for (const literal of set) {
      const at = all.findIndex((have) => have.text === literal.text);
      if (at < 0) all.push(literal);
      else if (literal.caseless) all[at] = literal; // finds what the exact one finds
    }
  }
  return all.length > MAX_ALTERNATIVES || all.length === 0 ? null : all;
}

/** The simple class name: the only part that no layout abbreviates. Of a glob, its longest fixed piece of one part. */
function lastPart(name: string): LiteralSet | null {
  const part = name.includes('*') ? longest(name.split(/[*?.]/)) : name.slice(name.lastIndexOf('.') + 1);
  return part === '' ? null : [exact(part)];
}

function longest(pieces: readonly string[]): string {
  return pieces.reduce((a, b) => (b.length > a.length ? b : a), '');
}

function requiredByThrowable({ types, message, frames }: ThrowableCondition): (LiteralSet | null)[] {
  return [
    types.length > 0 ? union(types.map(lastPart)) : null,
    ...(message === null ? [] : requiredByPattern(message)),
    frames.length > 0 ? union(frames.map(lastPart)) : null,
  ];
}

function requiredByHttp({ hosts, paths }: HttpCondition): (LiteralSet | null)[] {
  const ofPath = (template: string): LiteralSet | null => {
    const piece = longest(staticPieces(template));
    if (piece === '') return null;
    // JSON bodies inside a log print `\/`.
    return piece.includes('/') ? [exact(piece), exact(piece.replaceAll('/', '\\/'))] : [exact(piece)];
  };
  const ofHost = (host: string): LiteralSet | null => {
    const piece = longest(host.split(/[*?]/));
    return piece === '' ? null : [{ text: piece, caseless: true }];
  };
  return [paths.length > 0 ? union(paths.map(ofPath)) : null, hosts.length > 0 ? union(hosts.map(ofHost)) : null];
}

/** The literals of a regular expression: its longest run of fixed characters, or one of each alternative. */
export function literalsOfPattern(source: string): LiteralSet | null {
  return best(requiredByPattern(source));
}

function requiredByPattern(source: string): (LiteralSet | null)[] {
  const { alternatives } = parser.parsePattern(source, 0, source.length, { unicode: false, unicodeSets: false });
  return alternatives.length === 1 ? candidates(alternatives[0]!.elements) : [literalsOfAlternatives(alternatives)];
}

function literalsOfAlternatives(alternatives: readonly AST.Alternative[]): LiteralSet | null {
  return union(alternatives.map((alternative) => best(candidates(alternative.elements))));
}

/** Everything in a sequence that must be there: runs of characters, and what groups demand. */
function candidates(elements: readonly AST.Element[]): (LiteralSet | null)[] {
  const found: (LiteralSet | null)[] = [];
  let run = '';
  const endRun = () => {
    if (run !== '') found.push([exact(run)]);
    run = '';
  };
  const visit = (element: AST.Element): void => {
    if (element.type === 'Character') {
      // In the bytes of a log a line may end in CR LF; in a record's text it ends in LF.
      if (element.value === 10 || element.value === 13) endRun();
      else run += String.fromCodePoint(element.value);
    } else if ((element.type === 'Group' || element.type === 'CapturingGroup') && element.alternatives.length === 1) {
      for (const inner of element.alternatives[0]!.elements) visit(inner);
    } else if (element.type === 'Group' || element.type === 'CapturingGroup') {
      endRun();
      found.push(literalsOfAlternatives(element.alternatives));
    } else if (element.type === 'Quantifier') {
      endRun();
      if (element.min > 0) found.push(best(candidates([element.element])));
    } else if (element.type === 'Assertion') {
      // has no width: the run goes on
    } else {
      endRun();
    }
  };
  for (const element of elements) visit(element);
  endRun();
  return found;
}
