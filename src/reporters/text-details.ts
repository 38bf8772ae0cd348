/** One incident in full: when, where, what the record says, why, and what to do. */
import type { NodeFact } from '../model/fact.js';
import { type Evidence, goesOn, type Incident, type ShownSolution } from '../model/incident.js';
import { RECORD_CAPTURES } from '../model/match.js';
import { abbreviated, type Row } from './abbreviated.js';
import { escapeTerminal } from './escape.js';
import { clipped, dotted, hanging, type Pen, referenceRows, severityWord, unbroken } from './layout.js';
import { thousands } from './numbers.js';
import { placeOf } from './place.js';
import { remedyRows } from './remedy.js';
import { sparkline } from './sparkline.js';
import { dayBefore, durationText, longDay, momentText, type Span, spanText, toSpan } from './times.js';

const INDENT = 7;
/** Columns of `Why`, `Do`, ... */
const LABEL = 6;

/**
 * @param log the span of the whole log
 * @param known what is known of the installation
 */
export function detailsOf(incident: Incident, log: Span | null, known: readonly NodeFact[], pen: Pen): string[] {
  const title = hanging(
    ` ${severityWord(incident.severity, pen)}  `,
    INDENT,
    pen.paint.bold(escapeTerminal(incident.title)),
    pen.width,
  );
  return [
    ...title,
    ...facts(incident, log, pen),
    '',
    ...evidenceRows(incident, pen),
    '',
    ...explanation(incident, known, pen),
  ];
}

function facts(incident: Incident, log: Span | null, pen: Pen): string[] {
  const { rule, count, histogram, confidence, nodes } = incident;
  const seen = toSpan(incident.firstAt, incident.lastAt);
  const parts = [count === 1 ? 'once' : `${thousands(count)} times`];
  parts.push(seen === null ? 'time unknown' : spanText(seen, pen.look.asOf));
  if (histogram !== null && histogram.counts.length > 1 && count > 2) parts.push(sparkline(histogram.counts));
  if (seen !== null && log !== null && !goesOn(seen.last, log.first, log.last)) {
    parts.push(`last seen ${durationText(log.last - seen.last)} before the end`);
  }
  if (nodes.length > 0)
    parts.push(nodes.map(({ name, count: each }) => `${escapeTerminal(name)} ${thousands(each)}`).join(', '));
  parts.push(escapeTerminal(rule.id));
  if (confidence !== null) parts.push(`confidence ${confidence}`);
  if (rule.status !== 'stable') parts.push(rule.status);
  return hanging(' '.repeat(INDENT), INDENT, pen.paint.dim(dotted(parts)), pen.width);
}

const MAX_COPIES = 3;
/** Other records of the same request. */
const MAX_RELATED = 3;

function evidenceRows({ evidence }: Incident, pen: Pen): string[] {
  const [first, ...others] = evidence;
  if (first === undefined) return [];
  const lead = ' '.repeat(INDENT);
  const rows = hanging(lead, INDENT, pen.paint.cyan(placeOf(first)) + copiesOf(first), pen.width);
  rows.push(...contextRows(first.context?.before ?? [], pen));
  for (const row of abbreviated(escapeTerminal(first.text, true).replaceAll('\t', '    ')))
    rows.push(...recordRows(row, INDENT + 2, pen));
  rows.push(...contextRows(first.context?.after ?? [], pen));
  for (const other of others) {
    const time = other.at === null ? '' : `  ${momentText(Date.parse(other.at), pen.look.asOf)}`;
    rows.push(
      ...hanging(lead, INDENT, `${pen.paint.cyan(placeOf(other))}${pen.paint.dim(time)}${copiesOf(other)}`, pen.width),
    );
  }
  return rows;
}

function copiesOf({ copies }: Evidence): string {
  if (copies.length === 0) return '';
  const more = copies.length > MAX_COPIES ? ` and ${copies.length - MAX_COPIES} more` : '';
  return `  the same record: ${copies
    .slice(0, MAX_COPIES)
    .map((copy) => escapeTerminal(copy))
    .join(', ')}${more}`;
}

function contextRows(lines: readonly string[], pen: Pen): string[] {
  const lead = ' '.repeat(INDENT + 2);
  return lines.flatMap((line) =>
    clipped(escapeTerminal(line, true).replaceAll('\t', ' '), pen.width - INDENT - 2, 1).map((row) =>
      pen.paint.dim(lead + row),
    ),
  );
}

/** A line of an abbreviated record, escaped before. */
export function recordRows({ role, text, indent, most }: Row, left: number, { paint, width }: Pen): string[] {
  const room = width - left - indent;
  return clipped(text, room - 2, most).map((row, index) => {
    const lead = ' '.repeat(left + indent + (index === 0 ? 0 : 2));
    if (role === 'root') return lead + paint.bold(row);
    return lead + (role === 'frame' || role === 'mark' ? paint.dim(row) : row);
  });
}

function explanation(incident: Incident, known: readonly NodeFact[], pen: Pen): string[] {
  const rows: string[] = [];
  const tell = (label: string, text: string) => rows.push(...labelled(label, text, pen));
  const found = capturesText(incident);
  if (found !== '') tell('Found', found);
  if (incident.cause !== null) tell('Why', escapeTerminal(incident.cause, true));
  rows.push(...solutionRows(incident, pen));
  if (incident.applies === false) tell('But', `${escapeTerminal(incident.appliesReason ?? '')}, so it does not apply.`);
  if (incident.fixedIn !== null) tell('Fixed', escapeTerminal(fixedText(incident.fixedIn, known)));
  if (incident.notThisIf !== null) tell('Not', notText(incident.notThisIf));
  for (const [index, { origin, line, text }] of incident.related.slice(0, MAX_RELATED).entries()) {
    const [said] = clipped(escapeTerminal(text), 2 * pen.proseWidth, 1);
    rows.push(
      ...labelled(index === 0 ? 'With' : '', `${pen.paint.cyan(escapeTerminal(`${origin}:${line}`))}  ${said}`, pen),
    );
  }
  const references = incident.references.flatMap(({ title, url }) => referenceRows(title, url, INDENT + LABEL, pen));
  if (references[0] !== undefined)
    rows.push(leadOf('Read', pen) + references[0].slice(INDENT + LABEL), ...references.slice(1));
  if (incident.checked !== null) {
    const checked = pen.paint.dim(`Checked ${longDay(incident.checked)}`);
    rows.push(...hanging(' '.repeat(INDENT + LABEL), INDENT + LABEL, checked, pen.proseWidth));
  }
  if (incident.alsoMatched.length > 0) {
    const ids = incident.alsoMatched.map((id) => escapeTerminal(id)).join(', ');
    const match = incident.alsoMatched.length === 1 ? 'matches' : 'match';
    tell('Also', `${ids} ${match}${incident.applies === false ? ', too' : ', and this one says more'}.`);
  }
  return rows;
}

function leadOf(label: string, { paint }: Pen): string {
  return ' '.repeat(INDENT) + paint.bold(label.padEnd(LABEL));
}

function labelled(label: string, text: string, pen: Pen): string[] {
  return hanging(leadOf(label, pen), INDENT + LABEL, text, pen.proseWidth);
}

/** Captures that every record has; they stand in its header, which is shown. */
export const HEADER_CAPTURES: ReadonlySet<string> = new Set(RECORD_CAPTURES);
const MAX_CAPTURES = 6;

/** What the rule captured and does not stand in the title. */
function capturesText({ captures, title }: Incident): string {
  const shown = Object.entries(captures).filter(
    ([name, value]) => value !== '' && !HEADER_CAPTURES.has(name) && !title.includes(value),
  );
  return dotted(shown.slice(0, MAX_CAPTURES).map(([name, value]) => escapeTerminal(`${name} ${value}`)));
}

function solutionRows({ solution, rule }: Incident, pen: Pen): string[] {
  const explain = pen.paint.cyan(unbroken(`logscan explain ${escapeTerminal(rule.id)}`));
  if (solution === null) {
    return labelled('Do', `No remedy is known for ${longDay(pen.look.asOf)}; those of other days: ${explain}`, pen);
  }
  const rows = remedyRows(solution, leadOf('Do', pen), INDENT + LABEL, pen);
  const note = noteOf(solution, explain, pen);
  return note === '' ? rows : [...rows, ...labelled('Note', note, pen)];
}

function noteOf({ validFrom, validUntil, next }: ShownSolution, explain: string, pen: Pen): string {
  if (validUntil === null) return validFrom === null ? '' : `Valid since ${longDay(validFrom)}.`;
  const until = `Valid until ${longDay(dayBefore(validUntil))}.`;
  if (next === null) return `${until} What to do then is not known yet.`;
  const command = `${explain} ${pen.paint.cyan(`--as-of ${escapeTerminal(validUntil)}`)}`;
  return `${until} From then on: ${escapeTerminal(next, true)}\n${command}`;
}

/** The text goes on where the key `notThisIf` ends. */
export function notText(notThisIf: string): string {
  return escapeTerminal(/^if\b/i.test(notThisIf) ? notThisIf : `if ${notThisIf}`, true);
}

/** The versions that cure it, and those that run here. The text goes on where the label ends. */
/** In which versions it is fixed, and which ones run here. */
export function fixedText(fixedIn: Readonly<Record<string, string>>, known: readonly NodeFact[]): string {
  const texts = Object.entries(fixedIn).map(([product, version]) => {
    const running = known.filter(({ key }) => key === product);
    const values = [...new Set(running.map(({ value }) => value))];
    const run =
      values.length === 0
        ? ''
        : values.length === 1
          ? `, you run ${values[0]}`
          : `, ${running.map(({ node, value }) => `${node} runs ${value}`).join(', ')}`;
    return `${product} ${version}${run}`;
  });
  return `in ${texts.join('; ')}`;
}
