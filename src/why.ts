/** [I/O] The record at a place of a log, held against one rule, or taken as the example of a new one. */
import { compileRules } from './matches/compile.js';
import { needsOf } from './matches/literals.js';
import { type Reason, reasonsFor } from './matches/why.js';
import type { LogRecord } from './model/log-record.js';
import { originBase } from './model/origin.js';
import type { Rule } from './model/rule.js';
import type { Sighting } from './model/sighting.js';
import { InputError } from './model/source.js';
import { maskSecrets } from './pipeline.js';
import { noCounts, readRecords, recordsOf } from './read.js';
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
  const record = await recordAt(path, line, zone);
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

/** Of each exception in an example so many frames are kept. */
const FRAMES_KEPT = 8;
const MAX_LINES = 200;

/** @throws InputError if the file cannot be read, or no record stands at that line */
export async function sightingAt(path: string, line: number): Promise<Sighting> {
  const found = await recordAt(path, line, 'UTC');
  const text = withFewerFrames(maskSecrets(found.printed)).trimEnd();
  const name = maskSecrets(originBase(found.origin));
  const read = (file: string) => recordsOf(text, file);
  const isAsFound = (records: readonly LogRecord[]) => records.length === 1 && records[0]!.format === found.format;
  const unnamed = read(EXAMPLE_FILE);
  const named = isAsFound(unnamed) ? unnamed : read(name);
  const file = named !== unnamed && isAsFound(named) ? name : null;
  const records = file === null ? unnamed : named;
  // What reads as several records is matched by its longest one.
  const record = records.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  return { text, file, record, line: found.line, endLine: found.endLine };
}

/** The name under which the examples of rules are read that say none. */
const EXAMPLE_FILE = 'example.log';

/** The text without the deeper frames of its traces, of at most {@link MAX_LINES} lines. */
function withFewerFrames(text: string): string {
  let frames = 0;
  const kept = text.split('\n').filter((line) => {
    frames = /^\s*at \S/.test(line) ? frames + 1 : 0;
    return frames <= FRAMES_KEPT;
  });
  return kept.slice(0, MAX_LINES).join('\n');
}

/** The rules that would be told of a record beside a new one. */
export function rivalsOf(rule: Rule, rules: readonly Rule[], record: LogRecord): string[] {
  const matches = compileRules([...rules, rule], (one) => needsOf(one.match)).match(record);
  const winners = matches.filter((match) => match.hiddenBy.length === 0 && match.rule.when === null);
  return winners.map((match) => match.rule.id).filter((id) => id !== rule.id);
}

async function recordAt(path: string, line: number, zone: string): Promise<LogRecord> {
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
  return record;
}
