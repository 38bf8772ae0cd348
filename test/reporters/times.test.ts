import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayBefore, durationText, longDay, spanText, spreadText } from '../../src/reporters/times.js';

const at = (time: string) => Date.parse(time);
const span = (first: string, last: string) => ({ first: at(first), last: at(last) });

const CASES: readonly (readonly [name: string, shown: string, expected: string])[] = [
  ['a day has its month', longDay('2026-12-01'), '1 December 2026'],
  ['the day before a first of March is known', dayBefore('2028-03-01'), '2028-02-29'],
  [
    'a span within a day names it once',
    spanText(span('2026-11-20T09:14:00Z', '2026-11-20T17:42:00Z'), '2026-11-24'),
    '20 Nov 09:14 to 17:42 UTC',
  ],
  [
    'a span within a minute is a moment',
    spanText(span('2026-11-20T09:14:01Z', '2026-11-20T09:14:59Z'), '2026-11-24'),
    '20 Nov 09:14 UTC',
  ],
  [
    'another year is named',
    spanText(span('2025-12-31T23:00:00Z', '2026-01-01T01:00:00Z'), '2026-11-24'),
    '31 Dec 2025 23:00 to 1 Jan 01:00 UTC',
  ],
  ['days are whole days', durationText(9.9 * 86_400_000), '9 days'],
  ['less than two days are hours', durationText(47 * 3_600_000), '47 hours'],
];

for (const [name, shown, expected] of CASES) test(`for people ${name}`, () => assert.equal(shown, expected));

const DAY = span('2026-11-20T00:10:00Z', '2026-11-20T23:50:00Z');
const WEEK = span('2026-11-03T08:00:00Z', '2026-11-10T19:12:00Z');
const burst = { from: '2026-11-20T10:00:00Z', step: 1024, counts: [95, 0, 0, 0, 5] };

const SPREADS: readonly (readonly [string, string])[] = [
  [spreadText(span('2026-11-20T10:02:00Z', '2026-11-20T10:02:00Z'), null, DAY, '2026-11-24'), 'at 10:02'],
  [spreadText(span('2026-11-20T10:02:00Z', '2026-11-20T11:20:00Z'), burst, DAY, '2026-11-24'), 'burst at 10:02'],
  [spreadText(span('2026-11-20T00:20:00Z', '2026-11-20T23:20:00Z'), null, DAY, '2026-11-24'), 'all day'],
  [spreadText(span('2026-11-20T09:00:00Z', '2026-11-20T12:00:00Z'), null, DAY, '2026-11-24'), '09:00 to 12:00'],
  [spreadText(span('2026-11-04T09:00:00Z', '2026-11-04T09:00:00Z'), null, WEEK, '2026-11-24'), '4 Nov 09:00'],
  [spreadText(span('2026-11-04T09:00:00Z', '2026-11-06T12:00:00Z'), null, WEEK, '2026-11-24'), '4 Nov to 6 Nov'],
  [spreadText(span('2026-11-04T09:00:00Z', '2026-11-04T12:00:00Z'), null, WEEK, '2026-11-24'), '4 Nov 09:00 to 12:00'],
  [spreadText(WEEK, null, WEEK, '2026-11-24'), 'all the time'],
];

for (const [shown, expected] of SPREADS)
  test(`in the time of its log it lies ${expected}`, () => assert.equal(shown, expected));
