/** Error records with the keys that the byte filter gives their traces. */
import { Grams } from '../../src/candidates/grams.js';
import { CandidateScanner } from '../../src/candidates/scanner.js';
import type { LogRecord } from '../../src/model/log-record.js';
import { recordsOf } from '../../src/read.js';
import { familyNamed } from '../../src/records/family.js';
import { startsOf } from '../../src/starts.js';
import { jiraLine } from './records.js';

export interface Keyed {
  readonly record: LogRecord;
  readonly key: number | null;
  /** Its lines with their line ends. */
  readonly raw: string;
}

const GRAMS = new Grams([{ text: 'a text that is in no record', caseless: false }]);
/** The first record and the last one of a log are always handed on, and have no key. */
const OTHER = `${jiraLine('all is well', { level: 'INFO' })}\n`;

/** The records of a Jira log of these texts, each of which is one error record, of ASCII. */
export function keyedRecords(texts: readonly string[]): Keyed[] {
  const log = `${OTHER}${texts.map((text) => `${text}\n`).join('')}${OTHER}`;
  const records = new Map(recordsOf(log, 'atlassian-jira.log').map((record) => [record.offset, record]));
  const found: Keyed[] = [];
  const scanner = new CandidateScanner(GRAMS, startsOf(familyNamed('jira')!), true, {
    record(candidate) {
      const record = records.get(candidate.offset)!;
      if (record.level !== 'INFO') found.push({ record, key: candidate.key, raw: candidate.raw() });
      return false;
    },
    open() {},
    part: () => false,
    close() {},
  });
  scanner.push(Buffer.from(log));
  scanner.end();
  return found;
}
