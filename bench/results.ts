/** What was measured -> Markdown. */
import { type Measurement, median } from './processes.js';

const MEGABYTE = 1e6; // bytes

export interface Check {
  readonly name: string;
  /** Null where it could not be made. */
  readonly holds: boolean | null;
  readonly found: string;
}

export interface TableOptions {
  /** Of the log that all commands read. */
  readonly bytes: number;
  /** The name of ripgrep's row, which the others are compared with. */
  readonly reference: string;
  /** MB/s that a command should reach, by its name. */
  readonly goals: Readonly<Record<string, number>>;
}

export function throughputTable(
  measurements: readonly Measurement[],
  { bytes, reference, goals }: TableOptions,
): string {
  const base = measurements.find(({ command, last }) => command.name === reference && last.failure === null);
  const rows = measurements.map(({ command, seconds, peakBytes, last }) => {
    if (last.failure !== null) return [command.name, last.failure, '', '', '', '', ''];
    const typical = median(seconds);
    const speed = bytes / MEGABYTE / typical;
    return [
      command.name,
      speed.toFixed(speed < 100 ? 1 : 0),
      typical.toFixed(3),
      span(seconds, 3),
      base ? (median(base.seconds) / typical).toPrecision(2) : '',
      peakBytes === null ? '' : (peakBytes / MEGABYTE).toFixed(0),
      goalCell(goals[command.name], speed),
    ];
  });
  return table(['command', 'MB/s', 's', 'fastest - slowest', 'x rg', 'peak MB', 'goal'], rows);
}

function goalCell(goal: number | undefined, speed: number): string {
  return goal === undefined ? '' : `>= ${goal} MB/s: ${speed >= goal ? 'reached' : 'missed'}`;
}

export function startUpTable(measurements: readonly Measurement[]): string {
  const base = measurements[0]!;
  const rows = measurements.map(({ command, seconds, last }) => {
    if (last.failure !== null) return [command.name, last.failure, '', ''];
    const milliseconds = seconds.map((value) => value * 1000);
    const more = median(milliseconds) - median(base.seconds) * 1000;
    return [command.name, median(milliseconds).toFixed(0), span(milliseconds, 0), more.toFixed(0)];
  });
  return table(['command', 'ms', 'fastest - slowest', `more than \`${base.command.name}\``], rows);
}

export function checkTable(checks: readonly Check[]): string {
  const words = new Map<boolean | null, string>([
    [true, 'yes'],
    [false, '**no**'],
    [null, 'not made'],
  ]);
  return table(
    ['check', 'holds', 'found'],
    checks.map(({ name, holds, found }) => [name, words.get(holds)!, found]),
  );
}

function span(numbers: readonly number[], digits: number): string {
  return `${Math.min(...numbers).toFixed(digits)} - ${Math.max(...numbers).toFixed(digits)}`;
}

/** Columns are padded, so that it reads well on a terminal too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join('\n');
}
