/** Times as people read them, in UTC and English on every machine: `20 Nov 09:14 to 17:42 UTC`. */
import type { Histogram } from '../model/incident.js';
import { escapeTerminal } from './escape.js';

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const MINUTE = 60_000; // milliseconds
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From when to when; milliseconds since 1970. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** The span between two RFC 3339 times; null if they are not known. */
export function toSpan(firstAt: string | null, lastAt: string | null): Span | null {
  if (firstAt === null || lastAt === null) return null;
  const span = { first: Date.parse(firstAt), last: Date.parse(lastAt) };
  return Number.isNaN(span.first) || Number.isNaN(span.last) ? null : span;
}

/** `20 Nov 09:14 to 17:42 UTC`. The year is told where it is not that of the day of reading. */
export function spanText({ first, last }: Span, asOf: string): string {
  const start = momentText(first, asOf);
  if (momentText(last, asOf) === start) return `${start} UTC`;
  return `${start} to ${dayText(first) === dayText(last) ? clock(last) : momentText(last, asOf)} UTC`;
}

/** `20 Nov 09:14`. */
export function momentText(time: number, asOf: string): string {
  const isThisYear = String(new Date(time).getUTCFullYear()) === asOf.slice(0, 4);
  return `${dayText(time)}${isThisYear ? '' : ` ${new Date(time).getUTCFullYear()}`} ${clock(time)}`;
}

/** `30 November 2026` of `2026-11-30`; a text that is no day stays as it is. */
export function longDay(day: string): string {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  return MONTHS[Number(month) - 1] === undefined
    ? escapeTerminal(day)
    : `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** The last day on which something holds that no longer holds on `day`. */
export function dayBefore(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? day : new Date(time - DAY).toISOString().slice(0, 10);
}

/** `9 days`, `20 hours`, `5 min`, `12 s`, rounded down. */
export function durationText(milliseconds: number): string {
  if (milliseconds >= 2 * DAY) return `${Math.floor(milliseconds / DAY)} days`;
  if (milliseconds >= 2 * HOUR) return `${Math.floor(milliseconds / HOUR)} hours`;
  if (milliseconds >= MINUTE) return `${Math.floor(milliseconds / MINUTE)} min`;
  return `${Math.floor(milliseconds / 1000)} s`;
}

const BURST_SHARE = 0.9;
const BURST_LENGTH = 1 / 16; // of the log's span
const ALL_THE_TIME = 0.8; // of the log's span

/** How something lies in the time of its log: `burst at 10:02`, `all day`, `3 Nov to 5 Nov`. */
export function spreadText(seen: Span, histogram: Histogram | null, log: Span, asOf: string): string {
  const isOneDay = dayText(log.first) === dayText(log.last);
  const moment = (time: number) => (isOneDay ? `at ${clock(time)}` : momentText(time, asOf));
  if (seen.first === seen.last) return moment(seen.first);
  const length = log.last - log.first;
  const burst = histogram === null ? null : burstStart(histogram, length * BURST_LENGTH);
  if (burst !== null) return `burst ${moment(Math.max(burst, seen.first))}`;
  if (seen.last - seen.first >= ALL_THE_TIME * length)
    return isOneDay && length >= 8 * HOUR ? 'all day' : 'all the time';
  if (dayText(seen.first) === dayText(seen.last)) {
    return `${isOneDay ? '' : `${dayText(seen.first)} `}${clock(seen.first)} to ${clock(seen.last)}`;
  }
  return `${dayText(seen.first)} to ${dayText(seen.last)}`;
}

/** Fewer sightings make no burst. */
const BURST_COUNT = 5;

/** Start of the piece of time of that length that holds nearly all; null if there is none. */
function burstStart({ from, step, counts }: Histogram, length: number): number | null {
  const pieces = Math.max(1, Math.floor(length / (step * 1000)));
  const total = counts.reduce((sum, count) => sum + count, 0);
  for (let start = 0; start < counts.length; start++) {
    if (counts[start] === 0) continue;
    const held = counts.slice(start, start + pieces).reduce((sum, count) => sum + count, 0);
    if (total >= BURST_COUNT && held >= BURST_SHARE * total) return Date.parse(from) + start * step * 1000;
  }
  return null;
}

function dayText(time: number): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]!.slice(0, 3)}`;
}

function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 16);
}
