/** How a tail is doing, as people read it. */
import { LOSS_REASONS, type LogStatus, type TailStatus } from '../model/tail-status.js';
import { escapeTerminal } from './escape.js';
import { byteSize, counted, runTime, thousands } from './numbers.js';

/** So many logs that are behind or in trouble are shown, the worst ones. */
const MOST_NEEDY = 1000;
/** So many of the others are shown. */
const MOST_OTHERS = 20;

/** How much is still to be read of all logs, and since how many seconds the oldest of it waits. */
export function behindOf(logs: readonly LogStatus[]): { bytes: number; seconds: number } {
  let bytes = 0;
  let seconds = 0;
  for (const log of logs) {
    bytes += log.behind;
    seconds = Math.max(seconds, log.behindSeconds);
  }
  return { bytes, seconds };
}

/** The totals, then a line for each log that is behind or in trouble, then some of the others. */
export function statusText(status: TailStatus): string {
  const needy = status.logs
    .filter((log) => log.behind > 0 || log.trouble !== null)
    .sort((one, other) => Number(other.trouble !== null) - Number(one.trouble !== null) || other.behind - one.behind);
  const others = status.logs.filter((log) => log.behind === 0 && log.trouble === null);
  const lines = [
    ...totals(status),
    ...needy.slice(0, MOST_NEEDY).map(logText),
    ...rest(needy.length - MOST_NEEDY, 'behind or in trouble'),
    ...others.slice(0, MOST_OTHERS).map(logText),
    ...rest(others.length - MOST_OTHERS, 'read to the end'),
  ];
  return lines.map((line, index) => `${index === 0 ? 'logscan: ' : '  '}${line}\n`).join('');
}

function totals(status: TailStatus): string[] {
  const open = status.incidents.reduce((sum, incident) => sum + incident.open, 0);
  const first = [
    counted(status.logs.length, 'log'),
    counted(status.openFiles, 'open file'),
    behindText(behindOf(status.logs)),
    status.checkpointAge === null ? 'no checkpoint yet' : `checkpoint ${runTime(status.checkpointAge)} ago`,
    `${counted(open, 'incident')} open`,
  ];
  const read = [byteSize(status.bytes), counted(status.lines, 'line'), counted(status.records, 'record')];
  const cut = status.cutLines + status.cutRecords;
  const lost = LOSS_REASONS.filter((reason) => status.losses[reason] > 0).map(
    (reason) => `${reason} ${thousands(status.losses[reason])}×, ${lostText(status.lostBytes[reason])}`,
  );
  return [
    first.join(' · '),
    `read so far: ${read.join(' · ')}`,
    ...(status.checkpointTrouble === null
      ? []
      : [`the checkpoint cannot be written: ${escapeTerminal(status.checkpointTrouble)}`]),
    ...(lost.length === 0 ? [] : [`lost: ${lost.join(' · ')}`]),
    ...(cut === 0
      ? []
      : [`too long and cut: ${counted(status.cutLines, 'line')} · ${counted(status.cutRecords, 'record')}`]),
    ...(status.late === 0
      ? []
      : [`too late for the window of their rule: ${counted(status.late, 'match', 'matches')}`]),
    ...(status.duplicatesPossible === 0 ? [] : [`perhaps told twice: ${counted(status.duplicatesPossible, 'event')}`]),
    ...(status.withheld === 0 ? [] : [`withheld, as they could not be masked: ${counted(status.withheld, 'event')}`]),
  ];
}

/** Not of every loss the number of bytes is known. */
function lostText(bytes: number): string {
  return bytes === 0 ? 'bytes not known' : `at least ${byteSize(bytes)}`;
}

function logText(log: LogStatus): string {
  const where = log.file === null ? 'not there' : `${fileText(log, log.file)}at byte ${thousands(log.offset)}`;
  const behind = behindText({ bytes: log.behind, seconds: log.behindSeconds });
  const trouble = log.trouble === null ? [] : [escapeTerminal(log.trouble)];
  return `${escapeTerminal(log.path)}: ${[...trouble, behind, where].join(' · ')}`;
}

/** The file is named where it is not the log itself. */
function fileText({ path }: LogStatus, file: string): string {
  return file === path ? '' : `in ${escapeTerminal(file)} `;
}

function behindText({ bytes, seconds }: { bytes: number; seconds: number }): string {
  return bytes === 0 ? 'nothing behind' : `${byteSize(bytes)} behind, for ${runTime(seconds)}`;
}

function rest(count: number, what: string): string[] {
  return count <= 0 ? [] : [`… ${counted(count, 'more log')} ${what}`];
}
