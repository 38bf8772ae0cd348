import { type Level, toLevel } from '../../model/level.js';
import type { Family, Format } from '../format.js';
import { header } from '../header.js';
import {
  accessStampAt,
  dateTimeEnd,
  julStampAt,
  type StampAt,
  stampAt,
  syslogStampAt,
  timeOfDayAt,
  tomcatStampAt,
  weekdayStampAt,
} from '../time.js';

/*
 * Logs of no known layout whose records begin with one shape of time. The level is looked for behind the time.
 */

/** Characters behind the time in which a level word counts. */
const LEVEL_REACH = 120;

const SHORT_LEVELS: Readonly<Record<string, Level>> = {
  INF: 'INFO',
  WRN: 'WARN',
  DBG: 'DEBUG',
  FTL: 'FATAL',
  VRB: 'TRACE',
};
const WORDS =
  'TRACE|FINEST|FINER|FINE|DEBUG|DBG|VERBOSE|VRB|CONFIG|INFO|INF|NOTICE|WARNING|WARN|WRN|ERROR|ERR|SEVERE|FATAL|FTL|CRITICAL|CRIT|PANIC|EMERG|ALERT';
const FIRST_WORD = /^[\s\]:|-]{0,10}(trace|debug|info|warn|warning|error|err|severe|fatal|critical)\b[\]:|\s]/i;
const IN_BRACKETS = new RegExp(`\\[(?:\\w{1,20}:)?(${WORDS}) {0,3}\\]`, 'i');
const UPPER_CASE = new RegExp(`(?:^|[^\\w.-])(${WORDS})(?![\\w.-])`);

/** The level that stands right behind the time, or near it in brackets or in upper case. */
function levelBehind(text: string, at: number): Level | null {
  const head = text.slice(at, at + LEVEL_REACH);
  const found = FIRST_WORD.exec(head) ?? IN_BRACKETS.exec(head) ?? UPPER_CASE.exec(head);
  const word = found?.[1]?.toUpperCase();
  return word === undefined ? null : (SHORT_LEVELS[word] ?? toLevel(word));
}

type ReadStamp = (text: string, at: number) => StampAt | null;

function plainFormat(shape: string, example: string, read: ReadStamp, mayBegin: (first: number) => boolean): Format {
  const timeOf = (text: string): StampAt | null => {
    const first = text.charCodeAt(0);
    const at = first === 91 ? 1 : 0;
    return mayBegin(at === 0 ? first : text.charCodeAt(1)) ? read(text, at) : null;
  };
  return {
    name: `plain-${shape}`,
    label: `Unknown log whose lines begin like ${example}`,
    samples: [`${example} ERROR something failed\n\tat com.example.Foo.bar(Foo.java:1)`, `[${example}] [info] text`],
    starts: (text) => timeOf(text) !== null,
    header(lines) {
      const text = lines[0] ?? '';
      const time = timeOf(text);
      if (time === null) return header(text, {});
      const message = text.slice(time.end).replace(/^[\]:,|]{0,3}\s{0,10}/, '');
      return header(message, { stamp: time.stamp, level: levelBehind(text, time.end) });
    },
  };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isUpperCase(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** A date with this separator at its fifth place. */
function withSeparator(separator: number): ReadStamp {
  return (text, at) => (text.charCodeAt(at + 4) === separator && dateTimeEnd(text, at) > 0 ? stampAt(text, at) : null);
}

const FORMATS: readonly Format[] = [
  plainFormat('iso', '2026-01-31 12:34:56', withSeparator(45), isDigit),
  plainFormat('slash', '2026/01/31 12:34:56', withSeparator(47), isDigit),
  plainFormat('dotted', '2026.01.31 12:34:56', withSeparator(46), isDigit),
  plainFormat('day-month-name', '31-Jan-2026 12:34:56.789', tomcatStampAt, isDigit),
  plainFormat('access', '31/Jan/2026:12:34:56 +0100', accessStampAt, isDigit),
  plainFormat('day-first', '31.01.2026 12:34:56', julStampAt, isDigit),
  plainFormat('month-name', 'Jan 31, 2026 12:34:56 PM', julStampAt, isUpperCase),
  plainFormat('weekday', 'Sat Jan 31 12:34:56 2026', weekdayStampAt, isUpperCase),
  plainFormat('syslog', 'Jan 31 12:34:56', syslogStampAt, isUpperCase),
  plainFormat('time-of-day', '12:34:56.789', timeOfDayAt, isDigit),
];

/** One family for each shape of time. */
export const PLAIN_TIME_FAMILIES: readonly Family[] = FORMATS.map((format) => ({
  name: format.name,
  shape: null,
  formats: [format],
}));
