import { tzOffset } from '@date-fns/tz';
import type { Stamp } from './format.js';

/*
 * Printed times, in the shapes that log layouts use. Each reader takes the text and a position and gives the stamp and
 * where it ends, or null. The ISO-like shape is hot and read by character codes; the others are rare and read by regex.
 * Nothing here knows the clock or the machine's zone.
 */

export interface StampAt {
  readonly stamp: Stamp;
  /** Position of the first character after the time and its zone. */
  readonly end: number;
}

const BLANK = 32;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const MS_PER_DAY = 86_400_000;
const MS_PER_MINUTE = 60_000;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function twoDigits(text: string, at: number): boolean {
  return isDigit(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1));
}

function numberAt(text: string, at: number, end: number): number {
  let value = 0;
  for (let i = at; i < end; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

/**
 * Where a time like `2026-01-31 12:34:56,789+0200` that begins at `at` ends, or -1. The separator of the date is `-`,
 * `/` or `.`; date and time are parted by a blank or `T`; seconds, fraction (1 to 9 digits) and offset may be absent.
 * Looks at the shape only, so a line with an impossible date still begins a record.
 */
export function dateTimeEnd(text: string, at: number): number {
  const separator = text.charCodeAt(at + 4);
  if (separator !== MINUS && separator !== SLASH && separator !== DOT) return -1;
  if (!twoDigits(text, at) || !twoDigits(text, at + 2)) return -1;
  if (text.charCodeAt(at + 7) !== separator || !twoDigits(text, at + 5) || !twoDigits(text, at + 8)) return -1;
  const between = text.charCodeAt(at + 10);
  if (between !== BLANK && between !== 84) return -1;
  if (!twoDigits(text, at + 11) || text.charCodeAt(at + 13) !== COLON || !twoDigits(text, at + 14)) return -1;
  return zoneEnd(text, fractionEnd(text, secondsEnd(text, at + 16)));
}

/** After `HH:mm`; takes a third digit, which occurs in published logs (`07:07:072,777`). */
function secondsEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== COLON || !twoDigits(text, at + 1)) return at;
  return isDigit(text.charCodeAt(at + 3)) ? at + 4 : at + 3;
}

function fractionEnd(text: string, at: number): number {
  const mark = text.charCodeAt(at);
  if ((mark !== COMMA && mark !== DOT) || !isDigit(text.charCodeAt(at + 1))) return at;
  let end = at + 2;
  while (end < at + 10 && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Takes `Z`, `+02`, `+0200` or `+02:00` glued on, and the two longer ones after one blank. */
function zoneEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === 90) return isWordCode(text.charCodeAt(at + 1)) ? at : at + 1;
  if (code === PLUS || code === MINUS) return offsetEnd(text, at, true);
  if (code !== BLANK) return at;
  const next = text.charCodeAt(at + 1);
  if (next !== PLUS && next !== MINUS) return at;
  const end = offsetEnd(text, at + 1, false);
  return end === at + 1 ? at : end;
}

function offsetEnd(text: string, at: number, hoursAlone: boolean): number {
  if (!twoDigits(text, at + 1)) return at;
  const minutes = text.charCodeAt(at + 3) === COLON ? at + 4 : at + 3;
  const end = twoDigits(text, minutes) ? minutes + 2 : at + 3;
  if (end === at + 3 && !hoursAlone) return at;
  return isWordCode(text.charCodeAt(end)) ? at : end;
}

function isWordCode(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** The ISO-like time at `at` (see {@link dateTimeEnd}); null if there is none or its date is impossible. */
export function stampAt(text: string, at: number): StampAt | null {
  const end = dateTimeEnd(text, at);
  if (end < 0) return null;
  const stamp = stampOf(text, at, end);
  return stamp === null ? null : { stamp, end };
}

/** Reads the time whose extent {@link dateTimeEnd} found. */
export function stampOf(text: string, at: number, end: number): Stamp | null {
  const seconds = secondsEnd(text, at + 16);
  const fraction = fractionEnd(text, seconds);
  // A third digit leaves open which two are meant: such a time is known to the minute only.
  const malformed = seconds === at + 20;
  return makeStamp(
    text.slice(at, end),
    numberAt(text, at, at + 4),
    numberAt(text, at + 5, at + 7),
    numberAt(text, at + 8, at + 10),
    numberAt(text, at + 11, at + 13),
    numberAt(text, at + 14, at + 16),
    seconds === at + 19 ? numberAt(text, at + 17, seconds) : 0,
    malformed || fraction === seconds ? 0 : milliseconds(text.slice(seconds + 1, fraction)),
    offsetOf(text, fraction, end),
  );
}

/** Milliseconds of the digits after the decimal mark. */
function milliseconds(digits: string): number {
  return Number(digits.slice(0, 3).padEnd(3, '0'));
}

function offsetOf(text: string, at: number, end: number): number | null {
  if (at >= end) return null;
  if (text.charCodeAt(at) === 90) return 0;
  const sign = text.charCodeAt(at) === BLANK ? at + 1 : at;
  const minutes = text.charCodeAt(sign + 3) === COLON ? sign + 4 : sign + 3;
  const value = numberAt(text, sign + 1, sign + 3) * 60 + (minutes < end ? numberAt(text, minutes, minutes + 2) : 0);
  if (value > 18 * 60) return null;
  return text.charCodeAt(sign) === MINUS ? 0 - value : value;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function makeStamp(
  text: string,
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
  offsetMinutes: number | null,
): Stamp | null {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return null;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > DAYS_IN_MONTH[month - 1]! + (leap && month === 2 ? 1 : 0)) return null;
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return { text, wall: daysSince1970(year, month, day) * MS_PER_DAY + time, offsetMinutes, dateKnown: true };
}

/** Days of the proleptic Gregorian calendar (Howard Hinnant's days_from_civil); `Date.UTC` misreads years below 100. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Where a bare time of day `HH:mm:ss` with an optional fraction ends, or -1. */
export function timeOfDayEnd(text: string, at: number): number {
  if (!twoDigits(text, at) || text.charCodeAt(at + 2) !== COLON || !twoDigits(text, at + 3)) return -1;
  if (text.charCodeAt(at + 5) !== COLON || !twoDigits(text, at + 6)) return -1;
  const end = fractionEnd(text, at + 8);
  const next = text.charCodeAt(end);
  return isDigit(next) || next === COLON ? -1 : end;
}

/** The bare time of day at `at`: a stamp without a date. */
export function timeOfDayAt(text: string, at: number): StampAt | null {
  const end = timeOfDayEnd(text, at);
  if (end < 0) return null;
  const stamp = makeStamp(
    text.slice(at, end),
    1970,
    1,
    1,
    numberAt(text, at, at + 2),
    numberAt(text, at + 3, at + 5),
    numberAt(text, at + 6, at + 8),
    end === at + 8 ? 0 : milliseconds(text.slice(at + 9, end)),
    null,
  );
  return stamp === null ? null : { stamp: { ...stamp, dateKnown: false }, end };
}

/** Offsets in minutes of the zone names that mean one offset wherever they are printed (`CST` and `IST` do not). */
const ZONE_NAMES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  CEST: 120,
  EET: 120,
  EEST: 180,
  MSK: 180,
  JST: 540,
  EST: -300,
  EDT: -240,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

const ZONE_NAME = / ([A-Z][A-Za-z_]{1,30}(?:\/[A-Z][A-Za-z_/]{1,40})?|[+-]\d{2})(?= )/y;

/** An ISO-like time followed by a zone's name, as PostgreSQL prints it: `2026-01-31 12:34:56.789 UTC`. */
export function namedZoneStampAt(text: string, at: number): StampAt | null {
  const time = stampAt(text, at);
  if (time === null || time.stamp.offsetMinutes !== null) return time;
  ZONE_NAME.lastIndex = time.end;
  const found = ZONE_NAME.exec(text);
  if (found === null) return time;
  const name = found[1]!;
  const end = time.end + found[0].length;
  const offsetMinutes = isWordCode(name.charCodeAt(0)) ? (ZONE_NAMES[name] ?? null) : Number(name) * 60;
  return { stamp: { ...time.stamp, text: text.slice(at, end), offsetMinutes }, end };
}

/** Months by the first letters of their English, German, French, Spanish, Italian, Portuguese and Dutch names. */
const MONTHS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    'jan ene gen',
    'feb fev',
    'mar mrt maa',
    'apr abr avr',
    'may mai mag mei',
    'jun giu juin',
    'jul lug juil',
    'aug ago aou',
    'sep set',
    'oct okt ott out',
    'nov',
    'dec dez dic des',
  ].flatMap((names, index) => names.split(' ').map((name) => [name, index + 1])),
);

function monthOf(name: string): number {
  const plain = name
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
  return MONTHS[plain.slice(0, plain.startsWith('jui') ? 4 : 3)] ?? 0;
}

/** Reads what a sticky regex with named groups finds at `at`. */
function shapeAt(shape: RegExp, text: string, at: number): StampAt | null {
  shape.lastIndex = at;
  const found = shape.exec(text);
  const part = found?.groups;
  if (!found || !part) return null;
  const end = at + found[0].length;
  const zone = part.zone ?? '';
  const stamp = makeStamp(
    found[0],
    Number(part.year ?? 1970),
    part.name === undefined ? Number(part.month ?? 1) : monthOf(part.name),
    Number(part.day ?? 1),
    hour24(Number(part.hour), part.half),
    Number(part.minute),
    Number(part.second),
    milliseconds(part.fraction ?? ''),
    zone === '' ? null : (ZONE_NAMES[zone] ?? offsetOf(zone, 0, zone.length)),
  );
  if (stamp === null) return null;
  return { stamp: part.year === undefined ? withoutDate(stamp) : stamp, end };
}

function hour24(hour: number, half: string | undefined): number {
  if (half === undefined || hour > 12) return hour;
  return (hour % 12) + (/^[pn]/i.test(half) ? 12 : 0);
}

function withoutDate(stamp: Stamp): Stamp {
  return { ...stamp, wall: stamp.wall % MS_PER_DAY, dateKnown: false };
}

const TIME = '(?<hour>\\d{1,2}):(?<minute>\\d\\d):(?<second>\\d\\d)';
const FRACTION = '(?:[.,](?<fraction>\\d{1,9}))?';
const MONTH_NAME = '(?<name>\\p{L}[\\p{L}\\p{M}]{1,9})\\.?';

const TOMCAT = new RegExp(`(?<day>\\d{1,2})-${MONTH_NAME}-(?<year>\\d{4}) ${TIME}${FRACTION}`, 'yu');

/** Tomcat's `28-Jul-2020 16:34:37.589`, with the month's name in any of the languages of {@link julStampAt}. */
export function tomcatStampAt(text: string, at: number): StampAt | null {
  return shapeAt(TOMCAT, text, at);
}

const ACCESS = new RegExp(
  `(?<day>\\d{2})/(?<name>[A-Z][a-z]{2})/(?<year>\\d{4}):${TIME}${FRACTION} (?<zone>[+-]\\d{4})`,
  'y',
);

/** The `17/Apr/2015:11:27:43 -0700` of access logs, without the brackets around it. */
export function accessStampAt(text: string, at: number): StampAt | null {
  return shapeAt(ACCESS, text, at);
}

const HALF = '(?:[ \\u00a0\\u202f](?<half>[AP]M|[ap]\\.?[ \\u00a0\\u202f]?m\\.|VORM\\.|NACHM\\.))?';
const JUL_SHAPES = [
  new RegExp(`${MONTH_NAME} (?<day>\\d{1,2}), (?<year>\\d{4}),? ${TIME}${HALF}`, 'yui'),
  new RegExp(`(?<day>\\d{1,2})\\.?[ -]${MONTH_NAME}[ -](?<year>\\d{4}),? ${TIME}${HALF}`, 'yui'),
  new RegExp(
    `(?<day>\\d{1,2})(?:\\.(?=\\d\\d\\.)|/(?=\\d\\d/))(?<month>\\d\\d)[./](?<year>\\d{4}),? ${TIME}${HALF}`,
    'yui',
  ),
];

/**
 * The time of java.util.logging's SimpleFormatter: `Jun 12, 2012 12:38:04 PM`, and what other locales make of it
 * (`12.06.2012 12:38:04`, `12 juin 2012 12:38:04`; English, German, French, Spanish, Italian, Portuguese, Dutch).
 */
export function julStampAt(text: string, at: number): StampAt | null {
  for (const shape of JUL_SHAPES) {
    const found = shapeAt(shape, text, at);
    if (found !== null) return found;
  }
  return null;
}

const WEEKDAY = new RegExp(
  `[A-Z][a-z]{2} (?<name>[A-Z][a-z]{2}) {1,2}(?<day>\\d{1,2}) ${TIME}${FRACTION}(?: (?<zone>[A-Z]{3,4}))? (?<year>\\d{4})`,
  'y',
);

/** The `Mon May 04 13:00:00.000114 2026` of Apache's error log and the `Mon May 04 13:00:00 UTC 2026` of Java's Date. */
export function weekdayStampAt(text: string, at: number): StampAt | null {
  return shapeAt(WEEKDAY, text, at);
}

const SYSLOG = new RegExp(`(?<name>[A-Z][a-z]{2}) {1,2}(?<day>\\d{1,2}) ${TIME}${FRACTION}(?=[ \\]])`, 'y');

/** The `Mar  4 07:00:03` of syslog. It has no year, so its date counts as unknown. */
export function syslogStampAt(text: string, at: number): StampAt | null {
  return shapeAt(SYSLOG, text, at);
}

/** A number since 1970, in seconds, milliseconds, microseconds or nanoseconds: its size says which. */
export function epochStamp(value: number, text: string): Stamp | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  let ms = value;
  if (value < 1e11) ms = value * 1000;
  else if (value >= 1e17) ms = value / 1e6;
  else if (value >= 1e14) ms = value / 1000;
  return { text, wall: Math.floor(ms), offsetMinutes: 0, dateKnown: true };
}

/**
 * The instant of a stamp in milliseconds since 1970 UTC; null if the stamp has no date or `zone` is no zone. A stamp
 * without an offset is taken in `zone`. Of a wall clock that occurs twice (end of daylight saving time) the first one
 * is meant; one that does not occur is moved on by the length of the gap, as java.time does.
 */
export function toInstant(stamp: Stamp, zone: string): number | null {
  if (!stamp.dateKnown) return null;
  if (stamp.offsetMinutes !== null) return stamp.wall - stamp.offsetMinutes * MS_PER_MINUTE;
  if (zone === 'UTC') return stamp.wall;
  const before = zoneOffset(zone, stamp.wall - MS_PER_DAY);
  const after = zoneOffset(zone, stamp.wall + MS_PER_DAY);
  if (Number.isNaN(before) || Number.isNaN(after)) return null;
  const early = stamp.wall - before * MS_PER_MINUTE;
  if (before === after || zoneOffset(zone, early) === before) return early;
  const late = stamp.wall - after * MS_PER_MINUTE;
  return zoneOffset(zone, late) === after ? late : early;
}

/** Zones change their offset at quarters of an hour, not always at full ones (Adelaide, Lord Howe). */
const OFFSET_STEP = 15 * MS_PER_MINUTE;
const MAX_OFFSETS = 4096; // entries
/** The offsets in minutes met so far, by zone and {@link OFFSET_STEP}; null for what is no zone. */
const offsets = new Map<string, Map<number, number> | null>();

function zoneOffset(zone: string, instant: number): number {
  let known = offsets.get(zone);
  if (known === undefined) {
    known = isZone(zone) ? new Map() : null;
    offsets.set(zone, known);
  }
  if (known === null) return Number.NaN;
  const step = Math.floor(instant / OFFSET_STEP);
  const found = known.get(step);
  if (found !== undefined) return found;
  if (known.size >= MAX_OFFSETS) known.clear();
  const offset = tzOffset(zone, new Date(step * OFFSET_STEP));
  known.set(step, offset);
  return offset;
}

/** Whether `name` is a zone that {@link toInstant} takes: an IANA name or an offset like `+02:00`. */
export function isZone(name: string): boolean {
  if (name === 'UTC' || /^[+-](?:0\d|1[0-4]):?[0-5]\d$/.test(name)) return true;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
