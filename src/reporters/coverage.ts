/** How much was read, how much of it is explained, and what was not read: parts of sentences, harmless on a terminal. */
import type { Report } from '../model/report.js';
import { SEVERITIES } from '../model/rule.js';
import { escapeTerminal } from './escape.js';
import { byteSize, counted, percent, runTime, thousands } from './numbers.js';

/** `4 incidents (2 high, 1 medium, 1 low)`. */
export function incidentsText({ summary }: Report): string {
  const severities = SEVERITIES.flatMap((severity) => {
    const count = severity === 'info' ? 0 : summary.bySeverity[severity];
    return count === 0 ? [] : [`${thousands(count)} ${severity}`];
  });
  return `${counted(summary.incidents, 'incident')} (${severities.join(', ')})`;
}

/** `9 files`, `1,204,331 records`, `2,310 errors, 82 % explained`, `500 MB in 0.3 s`. */
export function coverageParts({ summary }: Report): string[] {
  const { coverage } = summary;
  const { errorRecords, explained } = coverage;
  const parts = coverage.files > 1 ? [counted(coverage.files, 'file')] : [];
  parts.push(recordsOrLines(coverage));
  if (errorRecords === 0) parts.push('no errors');
  else if (errorRecords !== null && explained !== null) {
    parts.push(`${counted(errorRecords, 'error')}, ${percent(explained, errorRecords)} explained`);
  }
  return [...parts, `${byteSize(coverage.bytes)} in ${runTime(summary.seconds)}`];
}

export function recordsOrLines({ records, lines }: Report['summary']['coverage']): string {
  return records === null ? counted(lines, 'line') : counted(records, 'record');
}

/** What was left out, as one sentence; empty if nothing was. */
export function notReadText({ summary, problems }: Report): string {
  const { cutLines, cutRecords, skippedFiles, unreadableFiles } = summary.coverage;
  const parts: string[] = [];
  if (unreadableFiles > 0) {
    const names = [...new Set(problems.flatMap(({ origin }) => (origin === null ? [] : [escapeTerminal(origin)])))];
    const more = names.length > 3 ? ', …' : '';
    const listed = names.length === 0 ? '' : ` (${names.slice(0, 3).join(', ')}${more})`;
    parts.push(
      `${counted(unreadableFiles, 'input')} that could not be read, or not to ${unreadableFiles === 1 ? 'its' : 'their'} end${listed}`,
    );
  }
  if (cutLines > 0) parts.push(`the rest of ${counted(cutLines, 'line')} over 1 MiB`);
  if (cutRecords > 0) parts.push(`the middle of ${counted(cutRecords, 'record')} over 1 MiB or 10,000 lines`);
  if (skippedFiles > 0)
    parts.push(
      `${counted(skippedFiles, 'file')} of the directories that ${skippedFiles === 1 ? 'is' : 'are'} empty or no log by name or content`,
    );
  return parts.length === 0 ? '' : `${parts.join('; ')}.`;
}
