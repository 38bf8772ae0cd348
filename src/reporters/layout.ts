/** Lines of a page on a terminal: colours, wrapping, hanging indents. */
import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import type { Severity } from '../model/rule.js';
import { escapeTerminal } from './escape.js';

/** How a text is to look, and what it is told of the run that it belongs to. */
export interface TextLook {
  readonly color: boolean;
  /** Whether the terminal has hyperlinks (OSC 8). */
  readonly hyperlinks: boolean;
  /** Columns; at least {@link MIN_WIDTH} are used. */
  readonly width: number;
  /** How many incidents get details; Infinity for all. */
  readonly details: number;
  /** Whether what does not apply to the installation is told as well. */
  readonly all: boolean;
  /** The command line as typed, for hints. */
  readonly command: string;
  /** The day of reading, `YYYY-MM-DD`. */
  readonly asOf: string;
}

export const MIN_WIDTH = 60;
/** Prose gets no wider than this, however wide the terminal is. */
const PROSE_WIDTH = 110;

export type Paint = ReturnType<typeof pc.createColors>;

/** A look, ready to be used. */
export interface Pen {
  readonly look: TextLook;
  readonly paint: Paint;
  readonly width: number;
  readonly proseWidth: number;
}

export function penFor(look: TextLook): Pen {
  const width = Math.max(MIN_WIDTH, look.width);
  return { look, paint: pc.createColors(look.color), width, proseWidth: Math.min(width, PROSE_WIDTH) };
}

/** A text of several lines, wrapped; long words are broken. */
export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(20, width), { hard: true })
    .split('\n')
    .map((row) => row.replaceAll(UNBROKEN, ' ').trimEnd());
}

const UNBROKEN = '\u00a0';

/** A text that is wrapped before or behind it, never within. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', UNBROKEN);
}

/** Parts with dots between them, wrapped behind the dots. */
export function dotted(parts: readonly string[]): string {
  return parts.map(unbroken).join(`${UNBROKEN}· `);
}

/**
 * A text behind a lead, its further rows below its first.
 * @param lead as wide as `indent`, not counting its colours
 * @param further columns by which the further rows stand farther right
 */
export function hanging(lead: string, indent: number, text: string, width: number, further = 0): string[] {
  return wrapped(text, width - indent - further).map((row, index) =>
    `${index === 0 ? lead : ' '.repeat(indent + further)}${row}`.trimEnd(),
  );
}

/** At most so many rows of a wrapped text; an ellipsis where there are more. */
export function clipped(text: string, width: number, most: number): string[] {
  const rows = wrapped(text, width);
  if (rows.length <= most) return rows;
  const narrow = wrapped(text, width - 2).slice(0, most);
  return narrow.map((row, index) => (index === most - 1 ? `${row} …` : row));
}

const SHORT_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: 'CRIT',
  high: 'HIGH',
  medium: 'MED',
  low: 'LOW',
  info: 'INFO',
};
/** Columns of a severity. */
export const SEVERITY_WIDTH = 4;

export function severityWord(severity: Severity, { paint }: Pen): string {
  const word = SHORT_SEVERITY[severity].padEnd(SEVERITY_WIDTH);
  if (severity === 'critical') return paint.bold(paint.inverse(paint.red(word)));
  if (severity === 'high') return paint.bold(paint.red(word));
  if (severity === 'medium') return paint.yellow(word);
  return severity === 'low' ? paint.blue(word) : paint.dim(word);
}

/** A page and where to find it: a hyperlink where the terminal has them, else the address on a line of its own. */
export function referenceRows(title: string, url: string, indent: number, pen: Pen): string[] {
  const lead = ' '.repeat(indent);
  const rows = hanging(lead, indent, escapeTerminal(title), pen.proseWidth);
  const canLink = /^https?:\/\/[\x21-\x7e]+$/.test(url);
  if (pen.look.hyperlinks && canLink) return rows.map((row) => lead + hyperlink(row.slice(indent), url));
  // An address that is broken into rows cannot be clicked or copied.
  return [...rows, `${lead}${pen.paint.cyan(escapeTerminal(url))}`];
}

function hyperlink(text: string, url: string): string {
  return `\x1b]8;;${url}\x07${text}\x1b]8;;\x07`;
}
