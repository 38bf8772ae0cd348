import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  accessStampAt,
  epochStamp,
  isZone,
  julStampAt,
  namedZoneStampAt,
  type StampAt,
  stampAt,
  syslogStampAt,
  timeOfDayAt,
  toInstant,
  tomcatStampAt,
  weekdayStampAt,
} from '../../src/records/time.js';

/** The wall clock as ISO, the offset behind it; null if there is no stamp. */
function told(found: StampAt | null): string | null {
  if (found === null) return null;
  const { stamp } = found;
  const wall = new Date(stamp.wall).toISOString().slice(0, -1);
  return `${stamp.dateKnown ? wall : wall.slice(11)}${stamp.offsetMinutes === null ? '' : ` ${stamp.offsetMinutes}`}`;
}

const ISO: readonly (readonly [string, string, string | null, string])[] = [
  ['a comma before milliseconds', '2026-01-31 12:34:56,789 x', '2026-01-31T12:34:56.789', '2026-01-31 12:34:56,789'],
  [
    'an offset glued on',
    '2021-09-20 14:27:57,400-0400 x',
    '2021-09-20T14:27:57.400 -240',
    '2021-09-20 14:27:57,400-0400',
  ],
  [
    'an offset with a colon',
    '2026-01-31T12:34:56.789+02:00 x',
    '2026-01-31T12:34:56.789 120',
    '2026-01-31T12:34:56.789+02:00',
  ],
  [
    'an offset after a blank',
    '2026-06-27 05:12:01.001 +00:00 [INF]',
    '2026-06-27T05:12:01.001 0',
    '2026-06-27 05:12:01.001 +00:00',
  ],
  [
    'hours alone as an offset',
    '2026-01-31 12:34:56.789+02 x',
    '2026-01-31T12:34:56.789 120',
    '2026-01-31 12:34:56.789+02',
  ],
  [
    'a number after a blank is no offset',
    '2026-01-31 12:34:56,789 -12 x',
    '2026-01-31T12:34:56.789',
    '2026-01-31 12:34:56,789',
  ],
  ['Z', '2026-01-31T12:34:56Z', '2026-01-31T12:34:56.000 0', '2026-01-31T12:34:56Z'],
  ['a word that begins with Z is no zone', '2026-01-31T12:34:56Zoo', '2026-01-31T12:34:56.000', '2026-01-31T12:34:56'],
  [
    'two digits of a fraction are hundredths',
    '2026-01-31 12:34:56,78 x',
    '2026-01-31T12:34:56.780',
    '2026-01-31 12:34:56,78',
  ],
  [
    'nanoseconds are cut',
    '2026-01-31T12:34:56.123999999Z',
    '2026-01-31T12:34:56.123 0',
    '2026-01-31T12:34:56.123999999Z',
  ],
  ['no fraction', '2026-01-31 12:34:56 x', '2026-01-31T12:34:56.000', '2026-01-31 12:34:56'],
  [
    'seconds of three digits are not known',
    '2026-01-31 07:07:072,777 x',
    '2026-01-31T07:07:00.000',
    '2026-01-31 07:07:072,777',
  ],
  ['seconds may be missing', '2023-02-10 14:13,125+0000 x', '2023-02-10T14:13:00.125 0', '2023-02-10 14:13,125+0000'],
  ['slashes', '2026/01/31 12:34:56 x', '2026-01-31T12:34:56.000', '2026/01/31 12:34:56'],
  ['dots', '2026.01.31 12:34:56 x', '2026-01-31T12:34:56.000', '2026.01.31 12:34:56'],
  ['29 February of a leap year', '2024-02-29 00:00:00', '2024-02-29T00:00:00.000', '2024-02-29 00:00:00'],
  ['29 February of another year is impossible', '2023-02-29 00:00:00', null, ''],
  ['month 13 is impossible', '2023-13-01 00:00:00', null, ''],
  ['31 February is impossible', '2023-02-31 00:00:00', null, ''],
  ['hour 24 is impossible', '2023-02-01 24:00:00', null, ''],
  ['mixed separators are no date', '2023-02/01 12:00:00', null, ''],
  ['a date alone is no time', '2023-02-01', null, ''],
];

for (const [name, text, expected, printed] of ISO) {
  test(`ISO-like times: ${name}`, () => {
    const found = stampAt(text, 0);
    assert.equal(told(found), expected);
    assert.equal(found?.stamp.text ?? '', printed);
    if (found) assert.equal(found.end, printed.length);
    assert.equal(told(stampAt(`xx${text}`, 2)), expected, 'the same at another position');
  });
}

const OTHERS: readonly (readonly [string, (text: string, at: number) => StampAt | null, string, string | null])[] = [
  ['Tomcat', tomcatStampAt, '28-Jul-2020 16:34:37.589 INFO', '2020-07-28T16:34:37.589'],
  ['Tomcat in German', tomcatStampAt, '02-Dez.-2020 16:34:37.589', '2020-12-02T16:34:37.589'],
  ['Tomcat with an unknown month', tomcatStampAt, '28-Xyz-2020 16:34:37.589', null],
  ['Tomcat with an impossible day', tomcatStampAt, '31-Feb-2020 16:34:37.589', null],
  ['JUL after noon', julStampAt, 'Jun 12, 2012 12:38:04 PM x', '2012-06-12T12:38:04.000'],
  ['JUL after midnight', julStampAt, 'Jun 12, 2012 12:38:04 AM x', '2012-06-12T00:38:04.000'],
  ['JUL with a narrow blank', julStampAt, 'Nov 03, 2023 1:05:00\u202fPM x', '2023-11-03T13:05:00.000'],
  ['JUL in German words', julStampAt, 'März 12, 2018 2:00:00 NACHM. x', '2018-03-12T14:00:00.000'],
  ['JUL in German figures', julStampAt, '12.06.2012 12:38:04 x', '2012-06-12T12:38:04.000'],
  ['JUL in French', julStampAt, '12 juil. 2012 14:38:04 x', '2012-07-12T14:38:04.000'],
  ['JUL in French, June', julStampAt, '12 juin 2012 14:38:04 x', '2012-06-12T14:38:04.000'],
  ['JUL in Spanish', julStampAt, '03-ene-2014 8:15:59 x', '2014-01-03T08:15:59.000'],
  ['JUL in Italian', julStampAt, '3-ott-2014 8:15:59 x', '2014-10-03T08:15:59.000'],
  ['JUL in Portuguese', julStampAt, '03/02/2014 18:15:59 x', '2014-02-03T18:15:59.000'],
  ['JUL in Dutch', julStampAt, '3-mrt-2014 8:15:59 x', '2014-03-03T08:15:59.000'],
  ['access log', accessStampAt, '17/Apr/2015:11:27:43 -0700] "GET', '2015-04-17T11:27:43.000 -420'],
  ['Apache error log', weekdayStampAt, 'Mon May 04 13:00:00.000114 2026] x', '2026-05-04T13:00:00.000'],
  ['java.util.Date', weekdayStampAt, 'Mon May 04 13:00:00 CEST 2026 x', '2026-05-04T13:00:00.000 120'],
  ['syslog has no year', syslogStampAt, 'Mar  4 07:00:03 ci-01 x', '07:00:03.000'],
  ['time of day with a dot', timeOfDayAt, '12:34:56.789 [main]', '12:34:56.789'],
  ['time of day with a comma', timeOfDayAt, '12:34:56,789 INFO', '12:34:56.789'],
  ['an impossible time of day', timeOfDayAt, '25:34:56,789 INFO', null],
  ['an address is no time of day', timeOfDayAt, '12:34:56:78', null],
  ['PostgreSQL in UTC', namedZoneStampAt, '2026-04-22 05:11:09.812 UTC [30117]', '2026-04-22T05:11:09.812 0'],
  ['PostgreSQL in CET', namedZoneStampAt, '2026-04-22 05:11:09.812 CET [30117]', '2026-04-22T05:11:09.812 60'],
  [
    'PostgreSQL west of Greenwich',
    namedZoneStampAt,
    '2026-04-22 05:11:09.812 -03 [30117]',
    '2026-04-22T05:11:09.812 -180',
  ],
  [
    'a zone whose name is ambiguous',
    namedZoneStampAt,
    '2026-04-22 05:11:09.812 CST [30117]',
    '2026-04-22T05:11:09.812',
  ],
];

for (const [name, read, text, expected] of OTHERS) {
  test(`other times: ${name}`, () => assert.equal(told(read(text, 0)), expected));
}

test('the size of a number since 1970 says its unit', () => {
  for (const value of [1767225600.123, 1767225600123, 1767225600123000, 1767225600123000000]) {
    assert.equal(Math.abs((epochStamp(value, '')?.wall ?? 0) - 1767225600123) <= 1, true, String(value));
  }
  assert.equal(epochStamp(Number.NaN, 'x'), null);
  assert.equal(epochStamp(0, '0'), null);
});

const INSTANTS: readonly (readonly [string, string, string, string | null])[] = [
  ['a printed offset beats the zone', '2026-07-01 12:00:00+0200', 'America/New_York', '2026-07-01T10:00:00.000Z'],
  ['UTC', '2026-07-01 12:00:00', 'UTC', '2026-07-01T12:00:00.000Z'],
  ['summer in Berlin', '2026-07-01 12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
  ['winter in Berlin', '2026-01-01 12:00:00', 'Europe/Berlin', '2026-01-01T11:00:00.000Z'],
  ['the hour before the clocks go on', '2026-03-29 01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000Z'],
  ['a wall clock in the gap is moved on', '2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  ['the hour after the gap', '2026-03-29 03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ['of two equal wall clocks the first', '2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ['the hour after the overlap', '2026-10-25 03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
  ['the gap west of Greenwich', '2026-03-08 02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['the overlap west of Greenwich', '2026-11-01 01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ['a zone that changes at half past in UTC', '2026-04-05 03:00:00', 'Australia/Adelaide', '2026-04-04T17:30:00.000Z'],
  ['an offset as a zone', '2026-07-01 12:00:00', '+05:30', '2026-07-01T06:30:00.000Z'],
  ['an unknown zone', '2026-07-01 12:00:00', 'Mars/Olympus', null],
];

for (const [name, text, zone, expected] of INSTANTS) {
  test(`instants: ${name}`, () => {
    const instant = toInstant(stampAt(text, 0)!.stamp, zone);
    assert.equal(instant === null ? null : new Date(instant).toISOString(), expected);
  });
}

test('a time of day is no instant', () => assert.equal(toInstant(timeOfDayAt('12:00:00', 0)!.stamp, 'UTC'), null));

test('zones are IANA names and offsets', () => {
  for (const name of ['UTC', 'Europe/Berlin', 'America/New_York', '+02:00', '-0530'])
    assert.equal(isZone(name), true, name);
  for (const name of ['', 'Berlin', 'Mars/Olympus', '+99:00', 'x'.repeat(1000)])
    assert.equal(isZone(name), false, name);
});

test('no text makes a reader throw', () => {
  const pieces = fc.constantFrom(
    '2026-01-31',
    ' ',
    'T',
    '12:34:56',
    ',789',
    '+02',
    ':00',
    'Z',
    '9',
    '/',
    'Jan',
    '.',
    'PM',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, fc.nat(20), (value, at) => {
      for (const read of [
        stampAt,
        tomcatStampAt,
        julStampAt,
        accessStampAt,
        weekdayStampAt,
        syslogStampAt,
        timeOfDayAt,
        namedZoneStampAt,
      ]) {
        const found = read(value, at);
        if (found !== null) assert.equal(value.slice(at, found.end), found.stamp.text);
      }
    }),
    { numRuns: 2000 },
  );
});
