/** [I/O] The record at a place of a log, held against one rule. */
import { compileRules } from './matches/compile.js';
import { needsOf } from './matches/literals.js';
import { type Reason, reasonsFor } from './matches/why.js';
import type { LogRecord } from './model/log-record.js';
import type { Rule } from './model/rule.js';
import { InputError } from './model/source.js';
import { maskSecrets } from './pipeline.js';
import { noCounts, readRecords } from './read.js';
import { findSources } from './sources/find.js';

/** What one rule says of one record. */
export interface Looked {
  readonly rule: Rule;
  readonly record: LogRecord;
  /** What its header says, in short, without secrets. */
  readonly says: readonly string[];
  readonly reasons: readonly Reason[];
  readonly matches: boolean;
  /** Rules that win over it in this record. */
  readonly beatenBy: readonly string[];
  /** Rules that win in this record. */
  readonly winners: readonly string[];
}

/** @throws InputError if the file cannot be read, or no record stands at that line */
export async function lookAt(
  path: string,
  line: number,
  rule: Rule,
  rules: readonly Rule[],
  zone: string,
): Promise<Looked> {
  const { sources, problems } = await findSources([path]);
  const [problem] = problems;
  if (problem) throw new InputError('input-missing', problem.origin ?? path, problem.message, problem.remedy);
  let at: LogRecord | null = null;
  let last = 0;
  const receiver = {
    record(record: LogRecord) {
      last = Math.max(last, record.endLine);
      if (record.line <= line && line <= record.endLine) at ??= record;
    },
    repeated: () => false,
    passedOver() {},
  };
  const options = { zone, filter: null, errors: true };
  const silent = { opened() {}, progress() {} };
  for (const source of sources) {
    try {
      await readRecords(source, options, noCounts(), silent, receiver);
    } catch (error) {
      // A record that was read before the trouble can be looked at.
      if (at === null || !(error instanceof InputError)) throw error;
    }
  }
  const record = at as LogRecord | null;
  if (record === null)
    throw new InputError(
      'input-missing',
      path,
      `has no record at line ${line}`,
      `its records end at line ${last}; a blank line belongs to none`,
    );
  const matches = compileRules(rules, (one) => needsOf(one.match)).match(record);
  const own = matches.find((match) => match.rule === rule);
  return {
    rule,
    record,
    says: [record.format, record.level, record.timeText, record.user]
      .filter((part) => part !== null && part !== '')
      .map((part) => maskSecrets(part!)),
    reasons: reasonsFor(rule.match, record, maskSecrets),
    matches: own !== undefined,
    beatenBy: own?.hiddenBy.map((other) => other.id) ?? [],
    winners: matches.filter((match) => match.hiddenBy.length === 0).map((match) => match.rule.id),
  };
}
