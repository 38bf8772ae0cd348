import type { Grams } from './grams.js';
import type { Candidate } from './scanner.js';

/** By what records may be passed over. */
export interface Filter {
  /** The literals; made when they are needed. */
  grams(): Grams;
  /** Whether a record of this text that holds these literals may match a rule. */
  mayMatch(text: string, held: readonly number[]): boolean;
}

/** A record of more bytes or lines goes line by line: it may have to be cut, or the log may change its kind in it. */
const MOST_WHOLE = { bytes: 256 * 1024, lines: 199 };

/** Whether a closer look shows that no rule can match a record. */
export function isRuledOut(candidate: Candidate, filter: Filter): boolean {
  const { held } = candidate;
  if (held === null || candidate.isWanted || !isWhole(candidate)) return false;
  return held.length === 0 || !filter.mayMatch(candidate.raw(), held);
}

/** Whether a record is taken as it is: its text is its bytes. */
export function isWhole({ isPlain, length, lines }: Candidate): boolean {
  return isPlain && length <= MOST_WHOLE.bytes && lines <= MOST_WHOLE.lines;
}
