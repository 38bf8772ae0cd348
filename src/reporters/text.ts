/** A scan as text for people: a table of what was found, the details of the first, what is not known, what was read. */
import { goesOn, type Incident, type UnknownError } from '../model/incident.js';
import type { HoleObject, Report } from '../model/report.js';
import { coverageParts, incidentsText, notReadText, recordsOrLines } from './coverage.js';
import { escapeTerminal } from './escape.js';
import { dotted, hanging, type Pen, penFor, SEVERITY_WIDTH, severityWord, type TextLook, unbroken } from './layout.js';
import { byteSize, counted, thousands } from './numbers.js';
import { detailsOf, HEADER_CAPTURES } from './text-details.js';
import { durationText, momentText, type Span, spanText, spreadText, toSpan } from './times.js';

export type { TextLook } from './layout.js';

/** What `logscan FILE` prints. The report gives the order. */
export function textReport(report: Report, look: TextLook): string {
  const pen = penFor(look);
  const log = toSpan(report.summary.firstAt, report.summary.lastAt);
  const concerns = ({ applies }: Incident) => applies !== false;
  const incidents = report.incidents.filter(concerns);
  const others = [...report.incidents, ...report.notices].filter((one) => !concerns(one));
  const sections = [
    incidents.length === 0 ? nothingFound(report, log, pen) : table(incidents, log, pen),
    ...incidents.slice(0, look.details).map((incident) => detailsOf(incident, log, report.facts, pen)),
    notices(report.notices.filter(concerns), log, pen),
    unknownErrors(report, log, pen),
    notApplying(others, report.facts, log, pen),
    holes(report, pen),
    closing({ ...report, incidents }, pen),
  ];
  const filled = sections.filter((rows) => rows.length > 0);
  return `${filled.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

function nothingFound({ run, summary }: Report, log: Span | null, pen: Pen): string[] {
  const { coverage } = summary;
  const inputs = escapeTerminal(inputNames(run.inputs.map(({ path }) => path)));
  if (coverage.files === 0) return hanging(' ', 1, pen.paint.bold(`Nothing was read: no log in ${inputs}.`), pen.width);
  if (coverage.records === 0 && coverage.lines > 0) {
    return hanging(' ', 1, pen.paint.bold(`No record of ${inputs} lies in the time that was asked for.`), pen.width);
  }
  const answer = summary.incidents === 0 ? 'No known problem' : 'No problem of the severity asked for';
  const read = [
    byteSize(coverage.bytes),
    recordsOrLines(coverage),
    ...(log === null ? [] : [spanText(log, pen.look.asOf)]),
  ];
  return hanging(
    ' ',
    1,
    `${pen.paint.bold(pen.paint.green(`${answer} in ${inputs}`))} (${read.map(unbroken).join(', ')}).`,
    pen.width,
  );
}

function inputNames(paths: readonly string[]): string {
  const names = paths.map((path) => (path === '-' ? 'standard input' : path));
  if (names.length === 0) return 'the input';
  if (names.length > 3) return counted(names.length, 'input');
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** One line an incident. */
function table(incidents: readonly Incident[], log: Span | null, pen: Pen): string[] {
  const differences = differencesOf(incidents);
  const lines = incidents.map((incident, index) => ({
    severity: severityWord(incident.severity, pen),
    count: incident.count,
    time: lastSeen(incident.lastAt, log),
    text:
      escapeTerminal(incident.title) +
      (differences[index] === '' ? '' : pen.paint.dim(escapeTerminal(differences[index]!))),
  }));
  return columns(lines, pen);
}

/** What tells each incident from others of the same title: ` · value` of each capture in which they differ. */
export function differencesOf(incidents: readonly Incident[]): string[] {
  const byTitle = new Map<string, Incident[]>();
  for (const incident of incidents) {
    const same = byTitle.get(incident.title);
    if (same) same.push(incident);
    else byTitle.set(incident.title, [incident]);
  }
  const naming = new Map([...byTitle].map(([title, same]) => [title, namesThatDiffer(same)]));
  return incidents.map(({ title, captures }) => {
    const values = naming.get(title)!.map((name) => captures[name] ?? '');
    return values
      .filter((value) => value !== '')
      .map((value) => ` · ${value}`)
      .join('');
  });
}

/** One capture that tells all of them apart, else all of the rule's own that differ, else those of the header. */
function namesThatDiffer(same: readonly Incident[]): string[] {
  if (same.length < 2) return [];
  const values = (name: string) => new Set(same.map(({ captures }) => captures[name])).size;
  const differing = [...new Set(same.flatMap(({ captures }) => Object.keys(captures)))].filter(
    (name) => values(name) > 1,
  );
  const own = differing.filter((name) => !HEADER_CAPTURES.has(name));
  const candidates = own.length > 0 ? own : differing;
  const telling = candidates.find((name) => values(name) === same.length);
  return telling === undefined ? candidates : [telling];
}

interface TableLine {
  readonly severity: string;
  readonly count: number;
  readonly time: string;
  readonly text: string;
}

/** Severity, count and time in columns, and a text that hangs behind them. */
function columns(lines: readonly TableLine[], { paint, width }: Pen): string[] {
  const countWidth = widest(lines.map(({ count }) => `${thousands(count)}×`));
  const timeWidth = widest(lines.map(({ time }) => time));
  return lines.flatMap(({ severity, count, time, text }) => {
    const padded = time.padEnd(timeWidth);
    const lead = ` ${severity}  ${`${thousands(count)}×`.padStart(countWidth)}  ${time === GOING_ON ? padded : paint.dim(padded)}  `;
    return hanging(lead, SEVERITY_WIDTH + countWidth + timeWidth + 7, text, width);
  });
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, text.length), 0);
}

const GOING_ON = 'going on';

/** `going on`, or how long before the end of the log it was seen last. */
export function lastSeen(lastAt: string | null, log: Span | null): string {
  if (lastAt === null || log === null) return 'no time';
  const last = Date.parse(lastAt);
  return goesOn(last, log.first, log.last) ? GOING_ON : `${durationText(log.last - last)} before`;
}

/** What the facts rule out: how many there are, or all of it if that is asked for. */
function notApplying(found: readonly Incident[], facts: Report['facts'], log: Span | null, pen: Pen): string[] {
  if (found.length === 0) return [];
  if (!pen.look.all) {
    const kinds = (['incident', 'notice'] as const).flatMap((kind) => {
      const many = found.filter((one) => one.kind === kind).length;
      return many === 0 ? [] : [counted(many, kind)];
    });
    const what = `${kinds.join(' and ')} ${found.length === 1 ? 'does' : 'do'} not apply to your version`;
    return hanging(' ', 1, `${what}: ${pen.paint.cyan('--all')}`, pen.width);
  }
  const rows = [pen.paint.bold(' Does not apply to your version'), ...table(found, log, pen)];
  return [...rows, ...found.flatMap((incident) => ['', ...detailsOf(incident, log, facts, pen)])];
}

const MAX_HOLES = 5;

/** What the logs cannot show, whatever happened then. */
function holes({ holes: found }: Report, pen: Pen): string[] {
  if (found.length === 0) return [];
  const rows = found.slice(0, MAX_HOLES).flatMap((hole) => {
    const place = pen.paint.cyan(escapeTerminal(hole.origin));
    return hanging('       ', 9, `${place}: ${hole.reason}${holeTimes(hole, pen)}`, pen.width);
  });
  const more = found.length - MAX_HOLES;
  return [
    pen.paint.bold(' What these logs cannot show'),
    ...rows,
    ...(more > 0 ? moreRow(more, '--format ndjson', pen) : []),
  ];
}

function holeTimes({ from, to }: HoleObject, { look: { asOf } }: Pen): string {
  const text = (time: string) => momentText(Date.parse(time), asOf);
  if (from !== null && to !== null) return ` (${text(from)} to ${text(to)})`;
  return to === null ? '' : ` (before ${text(to)})`;
}

const MAX_NOTICES = 10;

function notices(found: readonly Incident[], log: Span | null, pen: Pen): string[] {
  if (found.length === 0) return [];
  const shown = found.slice(0, Math.max(MAX_NOTICES, pen.look.details));
  const rows = findingRows(shown, severityWord('info', pen), log, pen);
  const more = found.length - shown.length;
  return [pen.paint.bold(' Worth knowing'), ...rows, ...(more > 0 ? moreRow(more, '--details all', pen) : [])];
}

function unknownErrors({ unknown, summary }: Report, log: Span | null, pen: Pen): string[] {
  if (summary.unknown === null || summary.unknown === 0) return [];
  const records = summary.coverage.unexplained ?? unknown.reduce((sum, { count }) => sum + count, 0);
  const head = `${pen.paint.bold(' Errors that no rule knows:')} ${counted(summary.unknown, 'kind')}, ${counted(records, 'record')}`;
  const rows = findingRows(unknown, ' '.repeat(SEVERITY_WIDTH), log, pen);
  const more = summary.unknown - unknown.length;
  return [head, ...rows, ...(more > 0 ? moreRow(more, '--unknown all', pen) : [])];
}

function findingRows(
  found: readonly (Incident | UnknownError)[],
  severity: string,
  log: Span | null,
  pen: Pen,
): string[] {
  const lines = found.map(({ count, firstAt, lastAt, histogram, title, evidence }) => {
    const seen = toSpan(firstAt, lastAt);
    const time = seen === null ? 'no time' : spreadText(seen, histogram, log ?? seen, pen.look.asOf);
    const first = evidence[0];
    const place = first === undefined ? '' : ` · ${pen.paint.cyan(escapeTerminal(`${first.origin}:${first.line}`))}`;
    return { severity, count, time, text: escapeTerminal(title) + place };
  });
  return columns(lines, pen);
}

function moreRow(count: number, option: string, { paint }: Pen): string[] {
  return [`${' '.repeat(SEVERITY_WIDTH + 3)}… ${thousands(count)} more: ${paint.cyan(option)}`];
}

/** How much was read and explained, what was not, and how to see more. */
function closing(report: Report, pen: Pen): string[] {
  const { incidents, summary, unknown, notices: told } = report;
  const rows: string[] = [];
  if (summary.incidents > 0)
    rows.push(...hanging(' ', 1, dotted([incidentsText(report), ...coverageParts(report)]), pen.width));
  rows.push(...notRead(report, pen));
  rows.push(...maskedRows(report, pen));
  if ([...incidents, ...told, ...unknown].some(({ zoneAssumed }) => zoneAssumed)) {
    rows.push(
      ...hanging(
        ' ',
        1,
        pen.paint.dim('Zone assumed: the log prints times without one; --timezone says which it is.'),
        pen.width,
      ),
    );
  }
  if (incidents.length > pen.look.details) {
    const hidden = counted(incidents.length - pen.look.details, 'more incident');
    rows.push(...hanging(' ', 1, `Details of ${hidden}: ${pen.paint.cyan(moreDetails(pen.look.command))}`, pen.width));
  }
  return rows;
}

function moreDetails(command: string): string {
  return /--details\b/.test(command) || command === '' ? '--details all' : `${escapeTerminal(command)} --details all`;
}

/** So many inputs are named of which something was masked. */
const MAX_MASKED_INPUTS = 3;

function maskedRows({ summary }: Report, pen: Pen): string[] {
  const kinds = new Map<string, number>();
  for (const { kind, count } of summary.masked) kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  if (kinds.size === 0) return [];
  const origins = [...new Set(summary.masked.map(({ origin }) => escapeTerminal(origin)))];
  const more = origins.length - MAX_MASKED_INPUTS;
  const listed = `${origins.slice(0, MAX_MASKED_INPUTS).join(', ')}${more > 0 ? ` and ${thousands(more)} more` : ''}`;
  const counts = [...kinds].map(([kind, count]) => `${thousands(count)}× ${escapeTerminal(kind)}`);
  return hanging(' ', 1, pen.paint.dim(`Masked in what is shown: ${counts.join(', ')} (${listed}).`), pen.width);
}

function notRead(report: Report, pen: Pen): string[] {
  const text = notReadText(report);
  return text === '' ? [] : hanging(' ', 1, `${pen.paint.yellow('Not read:')} ${text}`, pen.width);
}
