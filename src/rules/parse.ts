/** The text of a rule or a pack -> a {@link Rule} or the markers of a pack, or every problem at once. */
import { versionKeyProblem } from '../model/fact.js';
import { LEVELS, type Level } from '../model/level.js';
import { RECORD_CAPTURES } from '../model/match.js';
import { nearest } from '../model/nearest.js';
import type { Condition, MatchExample, Rule } from '../model/rule.js';
import { parseRange, parseVersion } from '../model/version.js';
import { capturesMade, capturesUsed } from './captures.js';
import { YamlDocument } from './document.js';
import { linearProblems } from './linear.js';
import { type ConditionFile, packFile, ruleFile } from './schema.js';

/** What a pack folder says of itself. Marker names are `pack/name`. */
export interface PackInfo {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly markers: ReadonlyMap<string, Condition>;
}

export interface Parsed<T> {
  readonly value: T | null;
  /** Knows what is wrong, and where each value stands. */
  readonly document: YamlDocument;
}

/** Reads a `_pack.yaml`; `name` is the name of its folder. */
export function parsePack(file: string, name: string, text: string): Parsed<PackInfo> {
  const document = new YamlDocument(file, text);
  const written = document.check(packFile);
  if (written === null) return { value: null, document };
  const markers = new Map<string, Condition>();
  for (const [marker, condition] of Object.entries(written.markers ?? {})) {
    markers.set(
      `${name}/${marker}`,
      toCondition(condition, { document, path: ['markers', marker], pack: name, markers }),
    );
  }
  const value = { name, title: written.title, version: String(written.version), markers };
  return { value: document.problems.length > 0 ? null : value, document };
}

/**
 * Reads a rule file.
 * @param id pack and file name, `gij/azure-devops-profile-401`
 * @param markers the markers of all packs, by `pack/name`
 */
export function parseRule(
  file: string,
  id: string,
  text: string,
  markers: ReadonlyMap<string, Condition>,
): Parsed<Rule> {
  const document = new YamlDocument(file, text);
  const written = document.check(ruleFile);
  if (written === null) return { value: null, document };

  const pack = id.slice(0, id.indexOf('/'));
  const match = toCondition(written.match, { document, path: ['match'], pack, markers });
  const rule: Rule = {
    id,
    pack,
    file,
    title: written.title.trim(),
    severity: written.severity,
    status: written.status,
    confidence: written.confidence,
    products: written.products,
    tags: written.tags ?? [],
    match,
    groupBy: written.groupBy ?? [],
    supersedes: written.supersedes ?? [],
    role: written.role ?? 'cause',
    appliesTo: written.appliesTo ?? null,
    fixedIn: written.fixedIn ?? null,
    when: written.when
      ? {
          count: written.when.count ?? null,
          after: written.when.after ?? null,
          within: toMilliseconds(written.when.within),
          by: written.when.by ?? null,
        }
      : null,
    cause: written.cause.trim(),
    solutions: written.solutions.map((solution) => ({
      from: solution.from ?? null,
      until: solution.until ?? null,
      summary: solution.summary.trim(),
      steps: solution.steps.map((step) => step.trim()),
    })),
    references: written.references ?? [],
    checked: written.checked ?? null,
    notThisIf: written.notThisIf?.trim() ?? null,
    examples: {
      matches: written.examples.matches.map(
        (example, index): MatchExample => ({
          log: example.log,
          file: example.file ?? null,
          captures: example.captures ?? {},
          also: example.also ?? [],
          line: document.placeOf(['examples', 'matches', index]).line,
        }),
      ),
      ignores: (written.examples.ignores ?? []).map((example, index) => ({
        log: example.log,
        file: example.file ?? null,
        because: example.because,
        line: document.placeOf(['examples', 'ignores', index]).line,
      })),
    },
  };
  checkCaptures(rule, document);
  checkDates(rule, document);
  checkVersions(rule, document);
  if (rule.when && rule.when.count === null && rule.when.after === null) document.add(['when'], 'needs count or after');
  return { value: document.problems.length > 0 ? null : rule, document };
}

interface Scope {
  readonly document: YamlDocument;
  readonly path: readonly (string | number)[];
  readonly pack: string;
  readonly markers: ReadonlyMap<string, Condition>;
}

/** A condition as written (keys of one mapping all hold) -> the tree. */
function toCondition(written: ConditionFile, scope: Scope): Condition {
  const parts: Condition[] = [];
  const at = (key: string) => [...scope.path, key];
  if (written.text !== undefined) parts.push({ kind: 'text', literals: many(written.text) });
  if (written.pattern !== undefined) {
    const patterns = many(written.pattern);
    for (const source of patterns) checkPattern(source, at('pattern'), scope.document);
    parts.push(oneOrAny(patterns.map((source) => ({ kind: 'pattern', source }))));
  }
  if (written.level !== undefined) parts.push({ kind: 'level', levels: many(written.level).flatMap(toLevels) });
  if (written.logger !== undefined) parts.push({ kind: 'logger', names: many(written.logger) });
  if (written.throwable !== undefined) {
    const { type, message, frame, position } = written.throwable;
    if (message !== undefined) checkPattern(message, [...at('throwable'), 'message'], scope.document);
    if (type === undefined && message === undefined && frame === undefined)
      scope.document.add(at('throwable'), 'needs type, message or frame');
    parts.push({
      kind: 'throwable',
      throwable: { types: many(type), message: message ?? null, frames: many(frame), position: position ?? 'any' },
    });
  }
  if (written.http !== undefined) {
    const { status, method, host, path } = written.http;
    if (host === undefined && path === undefined && status === undefined)
      scope.document.add(at('http'), 'needs status, host or path');
    parts.push({
      kind: 'http',
      http: {
        statuses: many(status),
        methods: many(method).map((name) => name.toUpperCase()),
        hosts: many(host).map((name) => name.toLowerCase()),
        paths: many(path),
      },
    });
  }
  if (written.file !== undefined) parts.push({ kind: 'file', globs: many(written.file) });
  if (written.marker !== undefined) parts.push(oneOrAny(many(written.marker).map((name) => toMarker(name, scope))));
  for (const kind of ['all', 'any', 'none'] as const) {
    const children = written[kind];
    if (children === undefined) continue;
    parts.push({
      kind,
      of: children.map((child, index) => toCondition(child, { ...scope, path: [...at(kind), index] })),
    });
  }
  if (parts.length === 0) scope.document.add(scope.path, 'is empty; expected a condition such as text: or http:');
  return parts.length === 1 ? parts[0]! : { kind: 'all', of: parts };
}

function toMarker(name: string, scope: Scope): Condition {
  const full = name.includes('/') ? name : `${scope.pack}/${name}`;
  const condition = scope.markers.get(full);
  if (condition) return { kind: 'marker', name: full, condition };
  const near = nearest(full, [...scope.markers.keys()]);
  scope.document.add(
    [...scope.path, 'marker'],
    `no marker "${full}" in any _pack.yaml${near === null ? '' : `; did you mean ${near}?`}`,
  );
  return { kind: 'all', of: [] };
}

function oneOrAny(conditions: Condition[]): Condition {
  return conditions.length === 1 ? conditions[0]! : { kind: 'any', of: conditions };
}

function many<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function toLevels(word: string): readonly Level[] {
  return word.startsWith('>=') ? LEVELS.slice(LEVELS.indexOf(word.slice(2) as Level)) : [word as Level];
}

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function toMilliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * UNITS[duration.slice(-1)]!;
}

function checkPattern(source: string, path: readonly (string | number)[], document: YamlDocument): void {
  for (const problem of linearProblems(source)) document.add(path, problem);
}

function checkCaptures(rule: Rule, document: YamlDocument): void {
  const made = new Set<string>([...capturesMade(rule.match), ...RECORD_CAPTURES]);
  const check = (path: readonly (string | number)[], name: string) => {
    if (made.has(name)) return;
    const near = nearest(name, [...made]);
    document.add(
      path,
      `uses the capture "${name}", which nothing in match: makes${near === null ? '' : `; did you mean ${near}?`}`,
    );
  };
  const texts: [readonly (string | number)[], string][] = [
    [['title'], rule.title],
    [['cause'], rule.cause],
    [['notThisIf'], rule.notThisIf ?? ''],
    ...rule.solutions.flatMap((solution, i): [readonly (string | number)[], string][] => [
      [['solutions', i, 'summary'], solution.summary],
      ...solution.steps.map((step, j): [readonly (string | number)[], string] => [['solutions', i, 'steps', j], step]),
    ]),
  ];
  for (const [path, text] of texts) for (const name of capturesUsed(text)) check(path, name);
  for (const [index, name] of rule.groupBy.entries()) check(['groupBy', index], name);
  for (const [index, name] of (rule.when?.by ?? []).entries()) check(['when', 'by', index], name);
  for (const [index, example] of rule.examples.matches.entries()) {
    for (const name of Object.keys(example.captures)) check(['examples', 'matches', index, 'captures', name], name);
  }
}

function checkVersions({ appliesTo, fixedIn }: Rule, document: YamlDocument): void {
  for (const [name, versions] of Object.entries({ appliesTo, fixedIn })) {
    for (const [key, value] of Object.entries(versions ?? {})) {
      const problem = versionKeyProblem(key);
      if (problem !== null) document.add([name, key], problem);
      else if (name === 'appliesTo' && parseRange(value) === null)
        document.add([name, key], `expected a range like ">=9.4 <9.12.3", "9.x" or "<8.20 || >=9.1", found "${value}"`);
      else if (name === 'fixedIn' && parseVersion(value) === null)
        document.add([name, key], `expected a version like "9.12.3", found "${value}"`);
    }
  }
}

function checkDates(rule: Rule, document: YamlDocument): void {
  for (const [index, { from, until }] of rule.solutions.entries()) {
    if (from !== null && until !== null && from >= until) {
      document.add(['solutions', index, 'until'], `expected a day after from (${from}), found ${until}`);
    }
  }
}
