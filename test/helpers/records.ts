/** Small records, read from text like any log. */
import assert from 'node:assert/strict';
import type { LogRecord } from '../../src/model/log-record.js';
import { recordsOf } from '../../src/read.js';

/** The one record that a text is. */
export function record(text: string, file = 'jira.log'): LogRecord {
  const records = recordsOf(text, file);
  assert.equal(records.length, 1, `one record, found ${records.length}`);
  return records[0]!;
}

/** A line of a Jira log with what the test is about. */
export function jiraLine(
  message: string,
  { time = '2026-11-20 09:14:03,118+0000', level = 'ERROR', thread = 'main', logger = 'c.a.j.Pool' } = {},
): string {
  return `${time} ${thread} ${level}      [${logger}] ${message}`;
}

/** A record of a Jira log. */
export function jiraRecord(message: string, fields: Parameters<typeof jiraLine>[1] = {}, file = 'jira.log'): LogRecord {
  return record(jiraLine(message, fields), file);
}
