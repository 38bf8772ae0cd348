/** What happens to incidents, as it happens: one line each, and what to do where one was opened. */
import type { Incident, UnknownError } from '../model/incident.js';
import type { ReportObject, SummaryObject } from '../model/report.js';
import { escapeTerminal } from './escape.js';
import { hanging, type Pen, penFor, SEVERITY_WIDTH, severityWord, type TextLook } from './layout.js';
import { counted, thousands } from './numbers.js';
import { remedyRows } from './remedy.js';
import { momentText } from './times.js';

type LiveFinding = Incident | UnknownError;

/** Columns of the time and of what has happened. */
const CLOCK_WIDTH = 8;
const EVENT_WIDTH = 9;
const INDENT = CLOCK_WIDTH + 2 + SEVERITY_WIDTH + 2;

/** So many incidents are remembered with what was told of them. */
const MOST_TOLD = 10_000;

/** Makes text of the objects of one run. */
export class EventTeller {
  readonly #told = new Map<string, string>();

  /**
   * The text of one object; empty for what people are not told of: that a record has ended as it was told already is of no interest.
   * @param clock the time of day at which it is told, `10:02:11`
   */
  textOf(object: ReportObject, clock: string, look: TextLook): string {
    if ('revision' in object) {
      if (object.applies === false && !look.all) return '';
      const said = `${object.episode} ${object.count}`;
      if (object.event === 'updated' && this.#told.get(object.id) === said) return '';
      if (this.#told.size >= MOST_TOLD) this.#told.clear();
      this.#told.set(object.id, said);
    }
    const rows = rowsOf(object, clock, penFor(look));
    return rows.length === 0 ? '' : `${rows.join('\n')}\n`;
  }
}

function rowsOf(object: ReportObject, clock: string, pen: Pen): string[] {
  switch (object.kind) {
    case 'incident':
    case 'notice':
    case 'unknown':
      return findingRows(object, clock, pen);
    case 'summary':
      return summaryRows(object, clock, pen);
    default:
      return []; // problems are told on stderr
  }
}

function findingRows(finding: LiveFinding, clock: string, pen: Pen): string[] {
  const { event } = finding;
  const severity = finding.severity === null ? ' '.repeat(SEVERITY_WIDTH) : severityWord(finding.severity, pen);
  const lead = `${pen.paint.dim(clock)}  ${severity}  `;
  const word = event.padEnd(EVENT_WIDTH);
  const rows = hanging(
    lead,
    INDENT,
    `${event === 'opened' ? pen.paint.bold(word) : word} ${told(finding, pen)}`,
    pen.width,
    EVENT_WIDTH + 1,
  );
  if (event === 'opened' && finding.solution !== null) {
    const label = `${' '.repeat(INDENT + EVENT_WIDTH + 1)}${pen.paint.dim('Do:')} `;
    rows.push(...remedyRows(finding.solution, label, INDENT + EVENT_WIDTH + 5, pen));
  }
  return rows;
}

function told(finding: LiveFinding, pen: Pen): string {
  const title = escapeTerminal(finding.title);
  const place = placeOf(finding);
  const id = finding.rule === null ? '' : ` · ${escapeTerminal(finding.rule.id)}`;
  const where = `${place === '' ? '' : ` · ${pen.paint.cyan(place)}`}${pen.paint.dim(id)}`;
  const { event, episode = 1, episodeCount = finding.count, firstAt, lastAt } = finding;
  const times = `${thousands(episodeCount)} ${episodeCount === 1 ? 'time' : 'times'}`;
  const day = pen.look.asOf;
  switch (event) {
    case 'updated':
      return `${title} · ${times}${firstAt !== null && episode === 1 ? ` since ${momentText(Date.parse(firstAt), day)}` : ''}${where}`;
    case 'resolved':
      return `${title} · ${times}${lastAt === null ? '' : `, quiet since ${momentText(Date.parse(lastAt), day)} UTC`}`;
    case 'withdrawn':
      return `${title} · the record says something else now`;
    default:
      return `${title}${episode > 1 ? ` · again, for the ${ordinal(episode)} time` : ''}${finding.provisional ? ' · its record may still grow' : ''}${where}`;
  }
}

function placeOf({ evidence }: LiveFinding): string {
  const last = evidence.at(-1);
  return last === undefined ? '' : escapeTerminal(`${last.origin}:${last.line}`);
}

function ordinal(value: number): string {
  const tens = value % 100;
  const ending = tens > 10 && tens < 20 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${thousands(value)}${ending}`;
}

function summaryRows({ incidents, coverage }: SummaryObject, clock: string, { paint, width }: Pen): string[] {
  const text = `stopped: ${counted(incidents, 'incident')} known; ${counted(coverage.lines, 'line')} read since the start`;
  return hanging(`${paint.dim(clock)}  `, CLOCK_WIDTH + 2, text, width);
}
