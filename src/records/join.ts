/** A record that a rotation cut -> the record again. */
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
 * The last record of a file with what stands at the start of the next one. It keeps its place in the older file. There are two records
 * where the line that was cut begins one.
 * @param endsInLine whether the older file ends in the middle of a line, so that the first line of the fragment goes on with it
 */
export function joinedRecords(
  last: LogRecord,
  fragment: readonly string[],
  endsInLine: boolean,
  options: AssemblerOptions,
): LogRecord[] {
  const lines = last.text.split('\n');
  if (endsInLine) lines[lines.length - 1] += fragment[0]!;
  const made: LogRecord[] = [];
  const assembler = new RecordAssembler(options, (record) => made.push(record));
  let { line, offset } = last;
  const push = (text: string) => {
    assembler.push({ origin: last.origin, number: line, offset, text, cut: false });
    line++;
    offset += utf8Length(text) + 1;
  };
  for (const text of lines) push(text);
  assembler.goesOn();
  for (const text of endsInLine ? fragment.slice(1) : fragment) push(text);
  assembler.end();
  return made;
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
