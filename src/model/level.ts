/** What a log says about a record's weight, in the one spelling used inside logscan. */
export const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Level = (typeof LEVELS)[number];

const SPELLINGS: Readonly<Record<string, Level>> = {
  TRACE: 'TRACE',
  FINEST: 'TRACE',
  FINER: 'TRACE',
  SILLY: 'TRACE',
  DEBUG: 'DEBUG',
  FINE: 'DEBUG',
  CONFIG: 'DEBUG',
  VERBOSE: 'DEBUG',
  INFO: 'INFO',
  INFORMATION: 'INFO',
  NOTICE: 'INFO',
  LOG: 'INFO',
  HTTP: 'INFO',
  STATEMENT: 'INFO',
  DETAIL: 'INFO',
  HINT: 'INFO',
  WARN: 'WARN',
  WARNING: 'WARN',
  ERROR: 'ERROR',
  ERR: 'ERROR',
  SEVERE: 'ERROR',
  FATAL: 'FATAL',
  CRITICAL: 'FATAL',
  CRIT: 'FATAL',
  PANIC: 'FATAL',
  EMERG: 'FATAL',
  ALERT: 'FATAL',
  EMERGENCY: 'FATAL',
};

/** The level that a printed word means (`SEVERE` is ERROR, `warning` is WARN), or null if it is none. */
export function toLevel(word: string): Level | null {
  const upper = word.toUpperCase();
  return Object.hasOwn(SPELLINGS, upper) ? SPELLINGS[upper]! : null;
}

/** The level that a number of pino or bunyan means (10 trace to 60 fatal). */
export function toLevelOfNumber(value: number): Level {
  if (value >= 60) return 'FATAL';
  if (value >= 50) return 'ERROR';
  if (value >= 40) return 'WARN';
  if (value >= 30) return 'INFO';
  return value >= 20 ? 'DEBUG' : 'TRACE';
}

/** True for the levels of an error record. */
export function isErrorLevel(level: Level): boolean {
  return level === 'ERROR' || level === 'FATAL';
}
