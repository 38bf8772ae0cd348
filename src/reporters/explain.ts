/** A rule as a page: what it means, when it applies, what to do on the day of reading and on others, its examples. */
import { LEVELS } from '../model/level.js';
import { type Condition, type Rule, type Solution, solutionOn, type When } from '../model/rule.js';
import { abbreviated, type Row } from './abbreviated.js';
import { escapeTerminal } from './escape.js';
import { dotted, hanging, type Pen, penFor, referenceRows, severityWord, type TextLook } from './layout.js';
import { counted } from './numbers.js';
import { remedyRows } from './remedy.js';
import { notText, recordRows } from './text-details.js';
import { dayBefore, longDay } from './times.js';

const LEFT = 7;
/** Columns of `When`, `Supersedes`, ... behind the left margin. */
const LABEL = 12;
const INDENT = LEFT + LABEL;

/** What `logscan explain ID` and `logscan rules show ID` print. */
export function explainPage(rule: Rule, look: TextLook): string {
  const pen = penFor(look);
  const sections = [
    head(rule, pen),
    conditions(rule, pen),
    remedies(rule, pen),
    sources(rule, pen),
    matches(rule, pen),
    ignores(rule, pen),
  ];
  const filled = sections.filter((rows) => rows.length > 0);
  return `${filled.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

function head(rule: Rule, pen: Pen): string[] {
  const lead = ' '.repeat(LEFT);
  const of = [...rule.products, ...rule.tags.map((tag) => `#${tag}`)].map((text) => escapeTerminal(text));
  return [
    ...hanging(` ${severityWord(rule.severity, pen)}  `, LEFT, pen.paint.bold(escapeTerminal(rule.title)), pen.width),
    ...hanging(
      lead,
      LEFT,
      dotted([escapeTerminal(rule.id), `severity ${rule.severity}`, `confidence ${rule.confidence}`, rule.status]),
      pen.width,
    ),
    ...hanging(lead, LEFT, pen.paint.dim(dotted(of)), pen.width),
  ];
}

/** When it is this problem. */
function conditions(rule: Rule, pen: Pen): string[] {
  const rows: string[] = [];
  const tell = (label: string, text: string) => rows.push(...labelled(label, text, pen));
  const tree = conditionLines(rule.match, rule.pack);
  for (const [index, { depth, text }] of tree.entries()) {
    const lead = leadOf(index === 0 ? 'When' : '', pen) + '  '.repeat(depth);
    rows.push(...hanging(lead, INDENT + 2 * depth, text, pen.width, 2));
  }
  if (rule.when !== null) tell('Only', whenText(rule.when, rule.groupBy));
  if (rule.groupBy.length > 0) tell('Groups by', rule.groupBy.map((name) => escapeTerminal(name)).join(', '));
  if (rule.role === 'umbrella') tell('Role', 'umbrella: gives way to any cause in the same record');
  if (rule.role === 'fallback') tell('Role', 'fallback: gives way to every rule that is none');
  if (rule.supersedes.length > 0) tell('Supersedes', rule.supersedes.map((id) => escapeTerminal(id)).join(', '));
  if (rule.appliesTo !== null) tell('Applies to', versionsText(rule.appliesTo));
  if (rule.fixedIn !== null) tell('Fixed in', versionsText(rule.fixedIn));
  return rows;
}

interface TreeLine {
  readonly depth: number;
  readonly text: string;
}

/** The tree of conditions, one line each; names of the pack's own markers without the pack. */
function conditionLines(condition: Condition, pack: string, depth = 0): TreeLine[] {
  if (!('of' in condition)) return [{ depth, text: escapeTerminal(leafText(condition, pack)) }];
  return [
    { depth, text: `${condition.kind} of` },
    ...condition.of.flatMap((child) => conditionLines(child, pack, depth + 1)),
  ];
}

type Leaf = Exclude<Condition, { readonly kind: 'all' | 'any' | 'none' }>;

function leafText(leaf: Leaf, pack: string): string {
  switch (leaf.kind) {
    case 'text':
      return `text ${either(leaf.literals.map(quoted))}`;
    case 'pattern':
      return `pattern ${leaf.source}`;
    case 'level':
      return `level ${levelsText(leaf.levels)}`;
    case 'logger':
      return `logger ${either(leaf.names)}`;
    case 'file':
      return `file ${either(leaf.globs)}`;
    case 'marker':
      return `marker ${leaf.name.startsWith(`${pack}/`) ? leaf.name.slice(pack.length + 1) : leaf.name}`;
    case 'http': {
      const { statuses, methods, hosts, paths } = leaf.http;
      return ['http', either(statuses.map(String)), either(methods), either(hosts), either(paths)]
        .filter((part) => part !== '')
        .join(' ');
    }
    case 'throwable': {
      const { types, message, frames, position } = leaf.throwable;
      const parts = [
        ...(types.length > 0 ? [either(types)] : []),
        ...(message === null ? [] : [`message ${message}`]),
        ...(frames.length > 0 ? [`frame ${either(frames)}`] : []),
      ];
      return `throwable ${position === 'any' ? '' : `${position} `}${parts.join(', ')}`;
    }
  }
}

/** `>=WARN` where all levels from one on are meant. */
function levelsText(levels: readonly string[]): string {
  const upwards = LEVELS.slice(-levels.length);
  const isUpwards = levels.length > 1 && upwards.every((level) => levels.includes(level));
  return isUpwards ? `>=${upwards[0]}` : either(levels);
}

function either(words: readonly string[]): string {
  return words.join(' or ');
}

function quoted(text: string): string {
  return `"${text}"`;
}

/** `from 20 times within 5 minutes, for each user`. */
export function whenText({ count, after, within, by }: When, groupBy: readonly string[]): string {
  const names = by ?? groupBy;
  const each = names.length === 0 ? '' : `, for each ${names.join(', ')}`;
  const parts = [
    ...(count === null ? [] : [`from ${counted(count, 'time')}`]),
    ...(after === null ? [] : [`after ${after}`]),
  ];
  return escapeTerminal(`${parts.join(' and ')} within ${withinText(within)}${each}`);
}

const WITHIN = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** The largest unit of which it is a whole number, as its author wrote it. */
function withinText(milliseconds: number): string {
  const [unit, length] = WITHIN.find(([, each]) => milliseconds % each === 0) ?? WITHIN[3];
  return counted(milliseconds / length, unit);
}

/** `jira >=9.4 <9.12.3, java 17`. */
export function versionsText(versions: Readonly<Record<string, string>>): string {
  return Object.entries(versions)
    .map(([product, version]) => escapeTerminal(`${product} ${version}`))
    .join(', ');
}

/** Why, and what to do: on the day of reading first, then the remedies of other days. */
function remedies(rule: Rule, pen: Pen): string[] {
  const today = solutionOn(rule, pen.look.asOf);
  const rows = labelled('Why', escapeTerminal(rule.cause, true), pen);
  if (today === null) rows.push(...labelled('Do', `No remedy is known for ${longDay(pen.look.asOf)}.`, pen));
  else {
    rows.push(...remedyRows(today, leadOf('Do', pen), INDENT, pen));
    if (today.from !== null || today.until !== null)
      rows.push(...labelled('', pen.paint.dim(`Valid ${daysText(today)}.`), pen));
  }
  for (const other of rule.solutions.filter((solution) => solution !== today)) {
    const days = daysText(other);
    rows.push(...labelled('Other days', days === '' ? 'Always:' : `${days[0]!.toUpperCase()}${days.slice(1)}:`, pen));
    rows.push(...remedyRows(other, ' '.repeat(INDENT), INDENT, pen));
  }
  if (rule.notThisIf !== null) rows.push(...labelled('Not', notText(rule.notThisIf), pen));
  return rows;
}

/** `from 1 December 2026`, `until 30 November 2026`, both, or nothing. */
export function daysText({ from, until }: Solution): string {
  const parts = [
    ...(from === null ? [] : [`from ${longDay(from)}`]),
    ...(until === null ? [] : [`until ${longDay(dayBefore(until))}`]),
  ];
  return parts.join(' ');
}

function sources(rule: Rule, pen: Pen): string[] {
  const rows = rule.references.flatMap(({ title, url }) => referenceRows(title, url, INDENT, pen));
  if (rows[0] !== undefined) rows[0] = leadOf('Read', pen) + rows[0].slice(INDENT);
  if (rule.checked !== null) rows.push(...labelled('Checked', longDay(rule.checked), pen));
  return rows;
}

/** The first log that it must match. */
function matches({ examples }: Rule, pen: Pen): string[] {
  const [first, ...others] = examples.matches;
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : pen.paint.dim(` (and ${counted(others.length, 'more example')} in the file)`);
  const rows = [`${' '.repeat(LEFT)}${pen.paint.bold('Such a record matches')}${more}`];
  for (const row of abbreviated(displayed(first.log))) rows.push(...recordRows(row, LEFT + 2, pen));
  return rows;
}

/** The logs that it must leave alone, and why. */
function ignores({ examples }: Rule, pen: Pen): string[] {
  if (examples.ignores.length === 0) return [];
  const rows = [`${' '.repeat(LEFT)}${pen.paint.bold('Such records look alike and do not match')}`];
  for (const { log, because } of examples.ignores) {
    rows.push(...hanging(`${' '.repeat(LEFT)}- `, LEFT + 2, escapeTerminal(because), pen.proseWidth));
    for (const row of brief(displayed(log)))
      rows.push(...recordRows(row, LEFT + 2, pen).map((text) => pen.paint.dim(text)));
  }
  return rows;
}

const BRIEF_LINES = 4;

/** Of a long record the header in one row, and what its exceptions say. */
function brief(log: string): Row[] {
  const rows = abbreviated(log).filter(({ role }) => role !== 'frame');
  if (rows.length === 1) return rows;
  return rows.slice(0, BRIEF_LINES).map((row, index) => ({ ...row, role: 'text', most: index === 0 ? 1 : 2 }));
}

function displayed(log: string): string {
  return escapeTerminal(log, true).replaceAll('\t', '    ');
}

function leadOf(label: string, { paint }: Pen): string {
  return ' '.repeat(LEFT) + paint.bold(label.padEnd(LABEL));
}

function labelled(label: string, text: string, pen: Pen): string[] {
  return hanging(leadOf(label, pen), INDENT, text, pen.proseWidth);
}
