/** A record that a rotation cut -> the record again. */
import type { Line } from '../model/line.js';
import type { LogRecord } from '../model/log-record.js';
import { type AssemblerOptions, RecordAssembler } from './assembler.js';

/** How a line goes on with a record, at the start of a file. */
const CONTINUES = /^\s*(?:at [\w$.<>/]+\(|Caused by: |Suppressed: |\.\.\. \d{1,5} (?:more|common frames omitted))/;

/** Whether a line at the start of a file shows that the record before it is still going on. */
export function continuesRecord(line: string): boolean {
  return CONTINUES.test(line);
}

/**
 * Whether what stands at the start of a file, before its first header, belongs to the last record of the file before it.
 * @param endsInLine whether the older file ends in the middle of a line
 */
export function goesOnWith(fragment: readonly string[], endsInLine: boolean): boolean {
  return fragment.length > 0 && (endsInLine || continuesRecord(fragment[0]!));
}

/**
 * The last record of a file with what stands at the start of the next one. It keeps its place in the older file.
 * @param endsInLine whether the older file ends in the middle of a line, so that the first line of the fragment goes on with it
 */
export function joinedRecord(
  last: LogRecord,
  fragment: readonly string[],
  endsInLine: boolean,
  options: AssemblerOptions,
): LogRecord | null {
  const lines = last.text.split('\n');
  if (endsInLine) lines[lines.length - 1] += fragment[0]!;
  const all = [...lines, ...(endsInLine ? fragment.slice(1) : fragment)];
  const made: LogRecord[] = [];
  const assembler = new RecordAssembler(options, (record) => made.push(record));
  for (const [index, text] of all.entries()) {
    if (index === lines.length) assembler.goesOn();
    const line: Line = { origin: last.origin, number: last.line + index, offset: last.offset, text, cut: false };
    assembler.push(line);
  }
  assembler.end();
  return made.length === 1 ? made[0]! : null;
}
