/** The byte filter in plain JavaScript, slow and without any trick: what the other one is held to. */
import type { Starts } from '../../src/candidates/scanner.js';
import type { Literal } from '../../src/model/literal.js';

/** A record as bytes alone show it. */
export interface OracleRecord {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly lines: number;
  /** Which literals are in it. */
  readonly literals: readonly number[];
  /** Whether its header proves that it has a time, and that it is an error. */
  readonly isSure: boolean;
  readonly isError: boolean;
  /** Whether its text is its bytes. */
  readonly isPlain: boolean;
  /** Whether it must be handed on. */
  readonly matters: boolean;
}

export interface Oracle {
  readonly records: readonly OracleRecord[];
  readonly lines: number;
}

const MANY_LINES = 200;
const LEVEL = '(?:ERROR|FATAL|WARN|INFO|DEBUG|TRACE)';
const TIME = '\\d{4}-(\\d\\d)-(\\d\\d) (\\d\\d):(\\d\\d):(\\d\\d),\\d{3}(?:[+-]\\d{4})?';
const BRACKET = `^${TIME} (${LEVEL})( ) {0,9}\\[[ -Z\\\\^-~]{0,370}\\] `;
/** By the number of the shape: all of it ASCII; a thread neither begins like another layout nor is longer than what is looked at. */
const SHAPES: readonly RegExp[] = [
  /(?!)/,
  new RegExp(`^${TIME} (?![[ -]|${LEVEL}[\\0- ])[ -~]{0,383}? (${LEVEL})(?:([\\0- ])|$)`),
  new RegExp(`${BRACKET}\\[[\\w.$]{1,199}\\]`),
  new RegExp(`${BRACKET}(?!\\[)`),
];
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** @param errors whether error records matter by themselves */
export function oracleOf(bytes: Uint8Array, literals: readonly Literal[], starts: Starts, errors: boolean): Oracle {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const records: OracleRecord[] = [];
  let first = 0; // line of the open record
  let offset = 0;
  let at = 0;
  const close = (end: number): void => {
    if (end > first) records.push(toRecord(lines.slice(first, end), first + 1, offset, literals, starts, errors));
  };
  for (const [number, line] of lines.entries()) {
    if (begins(line, number, starts)) {
      close(number);
      first = number;
      offset = at;
    }
    at += line.length;
  }
  close(lines.length);
  return { records, lines: lines.length };
}

function begins(line: string, number: number, starts: Starts): boolean {
  if (!starts.firsts.includes(line.charCodeAt(0))) return false;
  const marked = number === 0 && line.startsWith('\xef\xbb\xbf');
  return starts.isStart(Buffer.from(line.slice(marked ? 3 : 0).replace(/\n$/, ''), 'latin1'));
}

function toRecord(
  lines: readonly string[],
  line: number,
  offset: number,
  literals: readonly Literal[],
  starts: Starts,
  errors: boolean,
): OracleRecord {
  const raw = lines.join('');
  const level = sureLevel(lines[0]!.replace(/\n$/, ''), SHAPES[starts.shape]!);
  const held = literals.flatMap((literal, number) => (holds(raw, literal) ? [number] : []));
  const isError = level === 'ERROR' || level === 'FATAL';
  const isBroken = /[\0\x1b]/.test(raw);
  return {
    offset,
    length: raw.length,
    line,
    lines: lines.length,
    literals: held,
    isSure: level !== null,
    isError,
    isPlain: /^[\t\n -\x7f]*$/.test(raw),
    matters: held.length > 0 || (errors && (isError || level === null)) || isBroken || lines.length >= MANY_LINES,
  };
}

/** The level of a header that proves itself; null for every other line. */
function sureLevel(line: string, shape: RegExp): string | null {
  const found = shape.exec(line);
  if (found === null || found[7] !== ' ') return null;
  const [month, day, hour, minute, second] = found.slice(1, 6).map(Number);
  const exists = day! >= 1 && day! <= (DAYS[month! - 1] ?? 0) && hour! < 24 && minute! < 60 && second! < 60;
  return exists ? found[6]! : null;
}

function holds(raw: string, { text, caseless }: Literal): boolean {
  const bytes = Buffer.from(text).toString('latin1');
  return caseless ? lower(raw).includes(lower(bytes)) : raw.includes(bytes);
}

/** Letters of ASCII alone: those are what a host has. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
