import type { LiteralSet, Needs } from './literal.js';
import type { LogRecord } from './log-record.js';
import type { RuleCost } from './profile.js';
import type { Rule } from './rule.js';

/** What every record offers as a capture, where its header says so. */
export const RECORD_CAPTURES = ['user', 'thread', 'logger', 'level', 'requestId', 'url'] as const;

/** Named texts that a rule took out of a record: `http.host`, `org`, `user`. */
export type Captures = Readonly<Record<string, string>>;

/** One rule in one record. */
export interface Match {
  readonly rule: Rule;
  readonly record: LogRecord;
  readonly captures: Captures;
  /** The rules that match the same record and win over this one; empty for a winner. */
  readonly hiddenBy: readonly Rule[];
}

/** The compiled rules. Matching cannot fail. */
export interface Matcher {
  /** What each rule needs, in the order of the rules; behind them, what somebody else looks for. */
  readonly needs: readonly Needs[];
  /** Every match of any rule, and every record that somebody else looks for, contains one of these texts; null if some rule may match any record. */
  readonly literals: LiteralSet | null;
  /**
   * Whether a record of this text may match a rule; where not, it need not be made a record.
   * @param held which of `literals` (their places in it) are in the text
   */
  mayMatch(text: string, held: readonly number[]): boolean;
  /**
   * All rules that match, winners first, in the order of the rules.
   * @param held which of `literals` (their places in it) are in the record; absent if that is not known
   */
  match(record: LogRecord, held?: readonly number[] | null): readonly Match[];
  /** What was measured: milliseconds for exceptions and calls of records, and the rules that were tried. */
  costs(): { readonly parsing: number; readonly rules: readonly RuleCost[] };
}

/** Whether a rule knows the record for what it is. One with `when` alone does not: its time may never come. */
export function isExplained(matches: readonly Match[]): boolean {
  return matches.some(({ rule }) => rule.when === null);
}
