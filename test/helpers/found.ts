/** Records that matched or did not, on their way into incidents. */
import { type Findings, Grouper, type GrouperOptions } from '../../src/incidents/grouper.js';
import { isErrorRecord, type LogRecord } from '../../src/model/log-record.js';
import type { Rule } from '../../src/model/rule.js';
import { compiled } from './rules.js';

/** A record and the number of the input that it stands in. */
export interface Seen {
  readonly record: LogRecord;
  readonly source: number;
}

/** Each log's records with the number of the log. */
export function seenIn(...logs: readonly (readonly LogRecord[])[]): Seen[] {
  return logs.flatMap((records, source) => records.map((record) => ({ record, source })));
}

/** What becomes of records that come in this order, each with its own time. */
export function findingsOf(
  rules: readonly Rule[],
  seen: readonly Seen[],
  options: Partial<GrouperOptions> = {},
): Findings {
  const grouper = new Grouper({
    rules,
    asOf: '2026-11-24',
    evidence: 3,
    several: false,
    mask: asIs,
    maskKey: asIs,
    ...options,
  });
  const matcher = compiled(rules);
  for (const { record, source } of seen) {
    const place = { time: record.time, source, offset: record.offset };
    if (record.time !== null) grouper.sawTime(record.time);
    const matches = matcher.match(record);
    if (matches.length > 0) grouper.add(matches, place);
    else if (isErrorRecord(record)) grouper.addUnknown(record, place, null);
  }
  return grouper.finish();
}

/** Masks nothing. */
export function asIs(text: string): string {
  return text;
}
