/** What was measured -> Markdown. */
import type { Check } from './checks.js';
import type { GeneratedLog } from './generate.js';
import type { Goal } from './goals.js';
import { type Measurement, median, type Table } from './processes.js';

const MEGABYTE = 1e6; // bytes

export function goalTable(goals: readonly Goal[]): string {
  const words = new Map([
    [true, 'reached'],
    [false, '**missed**'],
  ]);
  return table(
    ['what', 'goal', 'measured', ''],
    goals.map(({ what, wanted, measured, isReached }) => [
      what,
      wanted,
      measured,
      isReached === null ? '' : words.get(isReached)!,
    ]),
  );
}

/** @param reference ripgrep, which the others are compared with */
export function throughputTable(measurements: Table, reference: Measurement | null): string {
  const speedOf = ({ command, seconds }: Measurement) => command.bytes / MEGABYTE / median(seconds);
  const base = reference === null || reference.last.failure !== null ? null : speedOf(reference);
  const rows = Object.values(measurements).map((measurement) => {
    const { command, seconds, peakBytes, last } = measurement;
    if (last.failure !== null) return [command.name, last.failure, '', '', '', ''];
    const speed = speedOf(measurement);
    return [
      command.name,
      speed.toFixed(speed < 100 ? 1 : 0),
      median(seconds).toFixed(3),
      span(seconds, 3),
      base === null ? '' : (speed / base).toPrecision(2),
      peakBytes === null ? '' : (peakBytes / MEGABYTE).toFixed(0),
    ];
  });
  return table(['command', 'MB/s', 's', 'fastest - slowest', 'x rg', 'peak MB'], rows);
}

export function startUpTable(measurements: Table): string {
  const all = Object.values(measurements);
  const base = all[0]!;
  const rows = all.map(({ command, seconds, last }) => {
    if (last.failure !== null) return [command.name, last.failure, '', ''];
    const milliseconds = seconds.map((value) => value * 1000);
    const more = median(milliseconds) - median(base.seconds) * 1000;
    return [command.name, median(milliseconds).toFixed(0), span(milliseconds, 0), more.toFixed(0)];
  });
  return table(['command', 'ms', 'fastest - slowest', `more than \`${base.command.name}\``], rows);
}

export function checkTable(checks: readonly Check[]): string {
  const rows = checks.map(({ name, holds, found }) => [name, holds ? 'yes' : '**no**', found]);
  return table(['check', 'holds', 'found'], rows);
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

export function sizeText({ bytes, lines, records, errorRecords }: GeneratedLog): string {
  const number = (value: number) => value.toLocaleString('en-US');
  return `${number(Math.round(bytes / MEGABYTE))} MB, ${number(lines)} lines, ${number(records)} records, ${number(errorRecords)} of them errors`;
}
