/**
 * A scan as GitHub-flavoured Markdown, for a ticket or a pull request: what was read, a table of what was found, each incident
 * in full, and what could not be read or was masked.
 */
import type { NodeFact } from '../model/fact.js';
import { type Evidence, goesOn, type Incident, type ShownSolution, type UnknownError } from '../model/incident.js';
import type { HoleObject, Report } from '../model/report.js';
import { coverageParts, incidentsText, notReadText } from './coverage.js';
import { code, fenced, link, prose } from './markdown-text.js';
import { byteSize, counted, thousands } from './numbers.js';
import { remedyLines } from './remedy.js';
import { differencesOf, lastSeen } from './text.js';
import { fixedText, HEADER_CAPTURES, notText } from './text-details.js';
import { dayBefore, durationText, longDay, momentText, type Span, spanText, toSpan } from './times.js';

/** What is masked in the report. */
export type Masking = 'on' | 'strict' | 'off';

/** Incidents beyond these stand in no table, or have no details: some trackers take no longer text. */
const MAX_ROWS = 1000;
const MAX_DETAILS = 100;
const MAX_INPUTS = 20;
const MAX_NOTICES = 50;
const MAX_FACTS = 500;
const MAX_HOLES = 100;
const MAX_PROBLEMS = 100;
const MAX_COPIES = 3;

/** What `logscan FILE --format markdown` prints. The report gives the order. */
export function markdownReport(report: Report, masking: Masking): string {
  const log = toSpan(report.summary.firstAt, report.summary.lastAt);
  const concerns = ({ applies }: Incident) => applies !== false;
  const incidents = report.incidents.filter(concerns);
  const others = [...report.incidents, ...report.notices].filter((one) => !concerns(one));
  const hidden = incidents.length - MAX_DETAILS;
  const sections = [
    head(report, log),
    table(incidents, log),
    ...incidents.slice(0, MAX_DETAILS).flatMap((incident, index) => detailsOf(incident, index + 1, log, report.facts)),
    hidden > 0 ? [`Details of ${counted(hidden, 'more incident')}: ${code('--format ndjson')}.`] : [],
    notices('Worth knowing', report.notices.filter(concerns)),
    unknownErrors(report),
    notices('What does not apply to your version', others),
    holes(report.holes),
    installation(report.facts),
    trouble(report),
  ].filter((rows) => rows.length > 0);
  const text = sections.map((rows) => rows.join('\n')).join('\n\n');
  const made = `Made by logscan ${prose(report.run.tool.version)}.`;
  return `${text}\n\n${maskedRows(text, masking).join('\n')}\n\n${made}\n`;
}

function head(report: Report, log: Span | null): string[] {
  const { run, incidents, notices: told, unknown } = report;
  const inputs = run.inputs.slice(0, MAX_INPUTS).map(({ path, bytes }) => {
    const size = bytes === null ? '' : ` (${byteSize(bytes)})`;
    return path === '-' ? `standard input${size}` : code(path) + size;
  });
  if (run.inputs.length > MAX_INPUTS) inputs.push(`${thousands(run.inputs.length - MAX_INPUTS)} more`);
  const rows = [
    '# logscan report',
    '',
    `**${answer(report)}**`,
    '',
    `- Read: ${inputs.length === 0 ? 'nothing' : inputs.join(', ')}`,
    `- Found in them: ${coverageParts(report).join(', ')}`,
    `- Time of the logs: ${log === null ? 'not known' : spanText(log, '')}`,
  ];
  if ([...incidents, ...told, ...unknown].some(({ zoneAssumed }) => zoneAssumed))
    rows.push('- Zone assumed: the log prints times without one');
  const packs = run.packs.map(({ name, version, rules }) => `${prose(name)} ${prose(version)} (${thousands(rules)})`);
  return [
    ...rows,
    `- Rules: ${packs.length === 0 ? 'none' : packs.join(', ')}`,
    `- Remedies: those that hold on ${longDay(run.asOf)}`,
  ];
}

function answer(report: Report): string {
  const { incidents, coverage } = report.summary;
  if (incidents > 0) return `${incidentsText(report)}.`;
  if (coverage.files === 0) return 'Nothing was read.';
  return coverage.records === 0 && coverage.lines > 0
    ? 'No record lies in the time that was asked for.'
    : 'No known problem was found.';
}

function table(incidents: readonly Incident[], log: Span | null): string[] {
  if (incidents.length === 0) return [];
  const differences = differencesOf(incidents);
  const rows = incidents.slice(0, MAX_ROWS).map(({ severity, count, lastAt, title }, index) => {
    const problem = prose(title + differences[index]);
    return `| ${index + 1} | ${severity} | ${thousands(count)} | ${lastSeen(lastAt, log)} | ${problem} |`;
  });
  const more = incidents.length - MAX_ROWS;
  return [
    '| No. | Severity | Count | Last seen | Problem |',
    '| --: | :-- | --: | :-- | :-- |',
    ...rows,
    ...(more > 0 ? ['', `${thousands(more)} more: ${code('--format ndjson')}.`] : []),
  ];
}

function detailsOf(incident: Incident, number: number, log: Span | null, known: readonly NodeFact[]): string[][] {
  const { severity, title, cause, notThisIf } = incident;
  const severityWord = severity[0]!.toUpperCase() + severity.slice(1);
  return [
    [`## ${number}. ${severityWord}: ${prose(title)}`],
    [facts(incident, log)],
    ...evidenceParts(incident),
    capturesRow(incident),
    cause === null ? [] : [`**Why:** ${prose(cause, BREAK)}`],
    ...remedyParts(incident),
    versionRow(incident, known),
    notThisIf === null ? [] : [`**Not this** ${prose(notText(notThisIf), BREAK)}`],
    relatedRows(incident),
    referenceRows(incident),
  ].filter((rows) => rows.length > 0);
}

/** The end of a line within a paragraph. */
const BREAK = '\\\n';

function facts(incident: Incident, log: Span | null): string {
  const { rule, count, confidence, nodes, alsoMatched } = incident;
  const seen = toSpan(incident.firstAt, incident.lastAt);
  const parts = [count === 1 ? 'once' : `${thousands(count)} times`];
  parts.push(seen === null ? 'time unknown' : spanText(seen, ''));
  if (seen !== null && log !== null && !goesOn(seen.last, log.first, log.last))
    parts.push(`last seen ${durationText(log.last - seen.last)} before the end`);
  if (nodes.length > 0) parts.push(nodes.map(({ name, count: each }) => `${code(name)} ${thousands(each)}`).join(', '));
  parts.push(code(rule.id));
  if (confidence !== null) parts.push(`confidence ${confidence}`);
  if (rule.status !== 'stable') parts.push(rule.status);
  if (alsoMatched.length > 0) parts.push(`also matched by ${alsoMatched.map(code).join(', ')}`);
  return parts.join(' · ');
}

/** The first place with what stands there, and the others. */
function evidenceParts({ evidence }: Incident): string[][] {
  const [first, ...others] = evidence;
  if (first === undefined) return [];
  const { before = [], after = [] } = first.context ?? {};
  return [
    [`${placeText(first)}:`],
    fenced([...before, first.text, ...after].join('\n')),
    others.map((other) => `- ${placeText(other)}`),
  ];
}

function placeText({ origin, line, at, copies }: Evidence): string {
  const time = at === null ? '' : `, ${momentText(Date.parse(at), '')} UTC`;
  const more = copies.length > MAX_COPIES ? ` and ${copies.length - MAX_COPIES} more` : '';
  const same =
    copies.length === 0 ? '' : `; the same record: ${copies.slice(0, MAX_COPIES).map(code).join(', ')}${more}`;
  return `${code(`${origin}:${line}`)}${time}${same}`;
}

const MAX_CAPTURES = 10;

function capturesRow({ captures, title }: Incident): string[] {
  const shown = Object.entries(captures).filter(
    ([name, value]) => value !== '' && !HEADER_CAPTURES.has(name) && !title.includes(value),
  );
  const texts = shown.slice(0, MAX_CAPTURES).map(([name, value]) => code(`${name} ${value}`));
  return texts.length === 0 ? [] : [`**Found:** ${texts.join(', ')}`];
}

function remedyParts({ solution, rule }: Incident): string[][] {
  if (solution === null)
    return [
      [`**What to do:** no remedy is known for that day; those of others: ${code(`logscan explain ${rule.id}`)}`],
    ];
  const lines = remedyLines(solution);
  const steps = lines.filter(({ number }) => number !== '');
  const said = lines.filter(({ number }) => number === '').map(({ text }) => prose(text, BREAK));
  return [
    [['**What to do:**', ...said].join(' ')],
    steps.map(({ number, text }) => number + prose(text, BREAK + ' '.repeat(number.length))),
    noteRow(solution),
  ];
}

function noteRow({ validFrom, validUntil, next }: ShownSolution): string[] {
  if (validUntil === null) return validFrom === null ? [] : [`**Note:** valid since ${longDay(validFrom)}.`];
  const then = next === null ? 'What to do then is not known yet.' : `From then on: ${prose(next, BREAK)}`;
  return [`**Note:** valid until ${longDay(dayBefore(validUntil))}. ${then}`];
}

function versionRow({ appliesReason, fixedIn }: Incident, known: readonly NodeFact[]): string[] {
  const parts = fixedIn === null ? [] : [prose(`fixed ${fixedText(fixedIn, known)}`)];
  if (appliesReason !== null) parts.push(prose(appliesReason));
  return parts.length === 0 ? [] : [`**Versions:** ${parts.join('; ')}`];
}

function relatedRows({ related }: Incident): string[] {
  if (related.length === 0) return [];
  const rows = related.map(({ origin, line, at, text }) => {
    const time = at === null ? '' : `, ${momentText(Date.parse(at), '')} UTC`;
    return `- ${code(`${origin}:${line}`)}${time}: ${code(text)}`;
  });
  return ['**In the same request:**', '', ...rows];
}

function referenceRows({ references, checked }: Incident): string[] {
  if (references.length === 0) return [];
  const day = checked === null ? '' : ` (checked ${longDay(checked)})`;
  return [`**Read on**${day}:`, '', ...references.map(({ title, url }) => `- ${link(title, url)}`)];
}

function notices(title: string, found: readonly Incident[]): string[] {
  if (found.length === 0) return [];
  const more = found.length - MAX_NOTICES;
  return [
    `## ${title}`,
    '',
    ...found
      .slice(0, MAX_NOTICES)
      .map((notice) => `- ${seenText(notice)}: ${prose(notice.title)}${reasonText(notice)}${firstPlace(notice)}`),
    ...(more > 0 ? [`- ${thousands(more)} more: ${code('--format ndjson')}`] : []),
  ];
}

function unknownErrors({ unknown, summary }: Report): string[] {
  if (summary.unknown === null || summary.unknown === 0) return [];
  const records = summary.coverage.unexplained ?? unknown.reduce((sum, { count }) => sum + count, 0);
  const more = summary.unknown - unknown.length;
  return [
    '## Errors that no rule knows',
    '',
    `${counted(summary.unknown, 'kind')}, ${counted(records, 'record')}${more > 0 ? `; ${thousands(more)} more kinds: ${code('--unknown all')}` : ''}.`,
    ...(unknown.length === 0 ? [] : ['', '| Count | Seen | Error | First place |', '| --: | :-- | :-- | :-- |']),
    ...unknown.map((error) => {
      const first = error.evidence[0];
      const place = first === undefined ? '' : code(`${first.origin}:${first.line}`);
      return `| ${thousands(error.count)} | ${spanOf(error)} | ${code(error.title)} | ${place} |`;
    }),
  ];
}

function reasonText({ applies, appliesReason }: Incident): string {
  return applies === false && appliesReason !== null ? `, but ${prose(appliesReason)}` : '';
}

/** What the logs cannot show, whatever happened then. */
function holes(found: readonly HoleObject[]): string[] {
  if (found.length === 0) return [];
  const text = (time: string | null) => (time === null ? '' : `${momentText(Date.parse(time), '')} UTC`);
  const rows = found
    .slice(0, MAX_HOLES)
    .map(({ origin, from, to, reason }) => `| ${code(origin)} | ${text(from)} | ${text(to)} | ${prose(reason)} |`);
  const more = found.length - MAX_HOLES;
  return [
    '## What these logs cannot show',
    '',
    '| Log | From | To | Why |',
    '| :-- | :-- | :-- | :-- |',
    ...rows,
    ...(more > 0 ? ['', `${thousands(more)} more: ${code('--format ndjson')}.`] : []),
  ];
}

/** What runs there, and the place that says so. */
function installation(facts: readonly NodeFact[]): string[] {
  if (facts.length === 0) return [];
  const hasNodes = facts.some(({ node }) => node !== null);
  const rows = facts.slice(0, MAX_FACTS).map(({ node, key, value, origin, line }) => {
    const cells = [
      ...(hasNodes ? [node === null ? '' : code(node)] : []),
      code(key),
      code(value),
      code(`${origin}:${line}`),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const more = facts.length - MAX_FACTS;
  return [
    '## The installation',
    '',
    hasNodes ? '| Node | Fact | Value | Place |' : '| Fact | Value | Place |',
    hasNodes ? '| :-- | :-- | :-- | :-- |' : '| :-- | :-- | :-- |',
    ...rows,
    ...(more > 0 ? ['', `${thousands(more)} more: ${code('--format ndjson')}.`] : []),
  ];
}

function seenText(found: Incident): string {
  return `${found.count === 1 ? 'once' : `${thousands(found.count)} times`}, ${spanOf(found)}`;
}

function spanOf({ firstAt, lastAt }: Incident | UnknownError): string {
  const seen = toSpan(firstAt, lastAt);
  return seen === null ? 'time unknown' : spanText(seen, '');
}

function firstPlace({ evidence: [first] }: Incident): string {
  return first === undefined ? '' : ` · ${code(`${first.origin}:${first.line}`)}`;
}

function trouble(report: Report): string[] {
  const left = notReadText(report);
  const { problems } = report;
  const more = problems.length - MAX_PROBLEMS;
  const rows = problems.slice(0, MAX_PROBLEMS).map(({ origin, message, remedy }) => {
    const place = origin === null ? '' : `${origin === '-' ? 'standard input' : code(origin)}: `;
    return `- ${place}${prose(message)}; ${prose(remedy)}`;
  });
  if (more > 0) rows.push(`- ${thousands(more)} more: ${code('--format ndjson')}`);
  if (left === '' && rows.length === 0) return [];
  return [
    '## Problems',
    ...(left === '' ? [] : ['', `Not read: ${prose(left)}`]),
    ...(rows.length === 0 ? [] : ['', ...rows]),
  ];
}

const TOKENS = {
  on: /\[masked:([a-z-]+)\]/g,
  strict: /\[(?:masked:([a-z-]+)|([a-z-]+):[\da-f]{8})\]/g,
  off: /(?!)/g,
} as const satisfies Record<Masking, RegExp>;
const WHAT_IS_MASKED = {
  on: `Secrets read ${code('[masked:KIND]')}. Names, hosts and addresses are not masked.`,
  strict: `Secrets, mail addresses, users, hosts and addresses read ${code('[KIND:xxxxxxxx]')}; the same value reads the same everywhere.`,
  off: 'Nothing is masked.',
} as const satisfies Record<Masking, string>;

/** @param text the report, in which what was masked is counted by kind */
function maskedRows(text: string, masking: Masking): string[] {
  const counts = new Map<string, number>();
  for (const [, masked, keyed] of text.matchAll(TOKENS[masking])) {
    const kind = (masked ?? keyed)!;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `- ${code(kind)}: ${thousands(count)}`);
  return ['## What is masked', '', WHAT_IS_MASKED[masking], ...(rows.length === 0 ? [] : ['', ...rows])];
}
