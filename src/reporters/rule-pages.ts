/**
 * Rules as Markdown pages that can be read without logscan: one page a rule, and an index by product, tag and exception. Nothing
 * of the run stands in them, so the same rules make the same pages.
 */
import { cut } from '../model/cut.js';
import { type Condition, type IgnoreExample, type Rule, SEVERITIES, type Solution } from '../model/rule.js';
import { daysText, versionsText, whenText } from './explain.js';
import { code, fenced, link, pageLink, prose } from './markdown-text.js';
import { counted } from './numbers.js';
import { remedyLines } from './remedy.js';
import { notText } from './text-details.js';
import { longDay } from './times.js';

/** What every page begins with: it tells pages that may be written anew from files of somebody else. */
export const PAGE_MARK = '<!-- made by logscan rules docs; what is changed here is lost -->\n';
export const INDEX_PAGE = 'README.md';

/** The end of a line within a paragraph. */
const BREAK = '\\\n';
const MAX_LINES = 40;
const MAX_LINE = 2000; // characters

/** Name of the page in its folder (`README.md`, `jira/home-locked.md`) -> its text. */
export function rulePages(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const sorted = [...rules].sort((a, b) => compared(a.id, b.id));
  const byId = new Map(sorted.map((rule) => [rule.id, rule]));
  const pages = new Map([[INDEX_PAGE, indexPage(sorted)]]);
  for (const rule of sorted) pages.set(pageOf(rule.id), rulePage(rule, byId));
  return pages;
}

function pageOf(id: string): string {
  return `${id}.md`;
}

/** In the order of code units, which is the same on every machine. */
function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function pageText(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter((rows) => rows.length > 0);
  return `${PAGE_MARK}\n${filled.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

// ------------------------------------------------------------------------------------------------------------- a rule

function rulePage(rule: Rule, byId: ReadonlyMap<string, Rule>): string {
  return pageText([
    [`# ${prose(rule.title)}`],
    facts(rule),
    ...symptom(rule),
    ['## Cause'],
    [prose(rule.cause, BREAK)],
    ['## What to do'],
    ...rule.solutions.flatMap((solution) => remedy(solution, rule.solutions.length > 1)),
    ...lookAlikes(rule),
    ...section('Versions', versions(rule)),
    ...section('Which rule wins', precedence(rule, byId)),
    ...section('Read on', references(rule)),
    [`[All rules](../${INDEX_PAGE}) · ${code(`logscan explain ${rule.id}`)}`],
  ]);
}

function section(title: string, rows: readonly string[]): string[][] {
  return rows.length === 0 ? [] : [[`## ${title}`], [...rows]];
}

function facts({ id, severity, confidence, status, products, tags }: Rule): string[] {
  return [
    `- Rule: ${code(id)}`,
    `- Severity: ${severity}`,
    `- Confidence: ${confidence}`,
    `- Status: ${status}`,
    `- Products: ${products.map((product) => prose(product)).join(', ')}`,
    ...(tags.length === 0 ? [] : [`- Tags: ${tags.map(code).join(', ')}`]),
  ];
}

/** The first log that it must match, and what else must hold. */
function symptom({ examples, when, groupBy }: Rule): string[][] {
  const [first, ...others] = examples.matches;
  return [
    ['## Symptom'],
    ...(first === undefined ? [] : [excerpt(first.log)]),
    ...(when === null ? [] : [[`It is told only ${prose(whenText(when, groupBy))}.`]]),
    ...(others.length === 0 ? [] : [[`${counted(others.length, 'more example')} in the file of the rule.`]]),
  ];
}

/** The log as it stands; of one that is very long, its beginning. */
function excerpt(log: string): string[] {
  const lines = log.trimEnd().split('\n');
  const shown = lines.slice(0, MAX_LINES).map((line) => (line.length > MAX_LINE ? `${cut(line, MAX_LINE)}…` : line));
  const more = lines.length - MAX_LINES;
  return fenced([...shown, ...(more > 0 ? [`… ${counted(more, 'line')}`] : [])].join('\n'));
}

function remedy(solution: Solution, isOneOfSeveral: boolean): string[][] {
  const days = daysText(solution);
  const lines = remedyLines(solution);
  const said = lines.filter(({ number }) => number === '').map(({ text }) => prose(text, BREAK));
  const steps = lines.filter(({ number }) => number !== '');
  return [
    days !== '' || isOneOfSeveral ? [`### ${days === '' ? 'Always' : days[0]!.toUpperCase() + days.slice(1)}`] : [],
    said,
    steps.map(({ number, text }) => number + prose(text, BREAK + ' '.repeat(number.length))),
  ];
}

function lookAlikes({ notThisIf, examples }: Rule): string[][] {
  if (notThisIf === null && examples.ignores.length === 0) return [];
  return [
    ['## What looks alike'],
    notThisIf === null ? [] : [`It is not this problem ${prose(notText(notThisIf), BREAK)}`],
    ...examples.ignores.flatMap(({ log, because }: IgnoreExample) => [
      [`Not this one: ${prose(because, BREAK)}`],
      excerpt(log),
    ]),
  ];
}

function versions({ appliesTo, fixedIn }: Rule): string[] {
  return [
    ...(appliesTo === null ? [] : [`- Concerns ${code(versionsText(appliesTo))}`]),
    ...(fixedIn === null ? [] : [`- Fixed in ${code(versionsText(fixedIn))}`]),
  ];
}

function precedence({ id, role, supersedes }: Rule, byId: ReadonlyMap<string, Rule>): string[] {
  const losesTo = [...byId.values()].filter((other) => other.supersedes.includes(id)).map((other) => other.id);
  const linked = (ids: readonly string[]) => ids.map((one) => ruleLink(one, byId.get(one), '../')).join(', ');
  return [
    ...(role === 'umbrella' ? ['- It gives way to every cause in the same record.'] : []),
    ...(role === 'fallback' ? ['- It gives way to every rule that is no fallback.'] : []),
    ...(supersedes.length === 0 ? [] : [`- It wins over ${linked(supersedes)}.`]),
    ...(losesTo.length === 0 ? [] : [`- It loses to ${linked(losesTo)}.`]),
  ];
}

function references({ references, checked }: Rule): string[] {
  return [
    ...references.map(({ title, url }) => `- ${link(title, url)}`),
    ...(checked === null ? [] : [`- Checked ${longDay(checked)}`]),
  ];
}

/** @param up the way from the page to the folder of all pages */
function ruleLink(id: string, rule: Rule | undefined, up: string): string {
  return rule === undefined ? code(id) : pageLink(id, up + pageOf(id));
}

// ---------------------------------------------------------------------------------------------------------- the index

function indexPage(rules: readonly Rule[]): string {
  const packs = new Set(rules.map(({ pack }) => pack)).size;
  return pageText([
    ['# Rules'],
    [`${counted(rules.length, 'rule')} in ${counted(packs, 'pack')}, each with its symptom, cause and remedy.`],
    ['- [By product](#by-product)', '- [By tag](#by-tag)', '- [By exception](#by-exception)'],
    ['## By product'],
    ...grouped(rules, ({ products }) => products).flatMap(([product, own]) => [
      [`### ${prose(product)}`],
      [...own].sort(bySeverity).map((rule) => `- ${rule.severity}: ${pageLink(rule.title, pageOf(rule.id))}`),
    ]),
    ['## By tag'],
    grouped(rules, ({ tags }) => tags).map(row),
    ['## By exception'],
    grouped(rules, ({ match }) => classesIn(match), simpleName).map(row),
  ]);
}

function row([name, rules]: readonly [string, readonly Rule[]]): string {
  return `- ${code(name)}: ${rules.map((rule) => ruleLink(rule.id, rule, '')).join(', ')}`;
}

function bySeverity(a: Rule, b: Rule): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || compared(a.id, b.id);
}

/** The rules under each of their names, in the order of what `key` makes of the names, letter case apart. */
function grouped(
  rules: readonly Rule[],
  namesOf: (rule: Rule) => readonly string[],
  key: (name: string) => string = (name) => name,
): [string, Rule[]][] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const name of new Set(namesOf(rule))) groups.set(name, [...(groups.get(name) ?? []), rule]);
  }
  const sortKey = (name: string) => `${key(name).toLowerCase()}\0${name}`;
  return [...groups].sort(([a], [b]) => compared(sortKey(a), sortKey(b)));
}

function simpleName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** The classes of exceptions that a match may have; those under `none` it has not. */
function classesIn(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.flatMap(classesIn);
    case 'marker':
      return classesIn(condition.condition);
    case 'throwable':
      return condition.throwable.types;
    default:
      return [];
  }
}
