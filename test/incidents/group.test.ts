import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Group } from '../../src/incidents/group.js';
import { Occurrence, toException } from '../../src/incidents/occurrence.js';
import type { LogRecord } from '../../src/model/log-record.js';
import { asIs } from '../helpers/found.js';
import { jiraLine, jiraRecord, record } from '../helpers/records.js';

/** A record at that second and byte of an input. */
function sighted(second: number, offset = 0, message = 'failed'): LogRecord {
  const time = `2026-11-20 09:14:${String(second).padStart(2, '0')},000+0000`;
  return Object.defineProperty(jiraRecord(message, { time }), 'offset', { value: offset });
}

/** A group of the records, in this order; `made` counts what was kept on the way. */
function groupOf(records: readonly LogRecord[], keep = 3, source = 0) {
  const group = new Group(keep);
  let made = 0;
  for (const of of records) {
    const place = { time: of.time, source, offset: of.offset };
    group.add({
      place,
      time: of.time,
      zoneAssumed: of.zoneAssumed,
      make() {
        made++;
        return Occurrence.of(of, place, 'text', asIs);
      },
      exception: () => toException(of.throwables, asIs),
    });
  }
  return { group, made };
}

const shown = (records: readonly LogRecord[], keep = 3) =>
  groupOf(records, keep)
    .group.result()
    .evidence.map(({ at, offset }) => `${at?.slice(17, 19)}@${offset}`);

test('one sighting is the first and the last', () => {
  const { group } = groupOf([sighted(3)]);
  assert.deepEqual(group.result(), {
    count: 1,
    firstAt: '2026-11-20T09:14:03Z',
    lastAt: '2026-11-20T09:14:03Z',
    timeKnown: true,
    zoneAssumed: false,
    histogram: { from: '2026-11-20T09:14:03Z', step: 1, counts: [1] },
    evidence: [
      {
        origin: 'jira.log',
        line: 1,
        endLine: 1,
        offset: 0,
        at: '2026-11-20T09:14:03Z',
        atText: '2026-11-20 09:14:03,000+0000',
        level: 'ERROR',
        thread: 'main',
        logger: 'c.a.j.Pool',
        user: null,
        requestId: null,
        url: null,
        text: '2026-11-20 09:14:03,000+0000 main ERROR      [c.a.j.Pool] failed',
        cut: false,
        copies: [],
      },
    ],
    exception: null,
  });
});

const FIVE = [1, 2, 3, 4, 5].map((second) => sighted(second, second * 100));

const KEPT: readonly (readonly [name: string, keep: number, expected: string[]])[] = [
  ['the first alone', 1, ['01@100']],
  ['the first and the last', 2, ['01@100', '05@500']],
  ['the first and the last two', 3, ['01@100', '04@400', '05@500']],
  ['all', 9, ['01@100', '02@200', '03@300', '04@400', '05@500']],
];

for (const [name, keep, expected] of KEPT) {
  test(`of five sightings ${name}`, () => {
    assert.deepEqual(shown(FIVE, keep), expected);
    assert.deepEqual(shown(FIVE.toReversed(), keep), expected, 'backwards');
  });
}

test('at one time the place decides', () =>
  assert.deepEqual(shown([sighted(1, 30), sighted(1, 10), sighted(1, 20)], 2), ['01@10', '01@30']));

test('in any order the result is the same', () => {
  const seconds = fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 9 });
  const shuffled = seconds.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.integer({ min: 1, max: 5 })),
  );
  fc.assert(
    fc.property(shuffled, ([list, again, keep]) => {
      const result = (order: readonly number[]) =>
        groupOf(
          order.map((second) => sighted(second, second)),
          keep,
        ).group.result();
      assert.deepEqual(result(again), result(list));
    }),
    { numRuns: 50 },
  );
});

test('what is not kept is not made', () => {
  assert.equal(groupOf(FIVE.toReversed(), 1).made, 5, 'each was the first so far');
  assert.equal(groupOf(FIVE, 1).made, 1);
  assert.equal(groupOf([sighted(1), sighted(9), sighted(8), ...FIVE.slice(1)], 3).made, 3);
});

test('the exception is that of the first sighting', () => {
  const trace = (type: string, second: number) =>
    record(
      `${jiraLine('failed', { time: `2026-11-20 09:14:0${second},000+0000` })}\n${type}: outer\n\tat a.B.c(B.java:1)\nCaused by: d.Root: why\n\tat d.E.f(E.java:2)`,
    );
  const expected = { type: 'a.First', rootType: 'd.Root', rootMessage: 'why', chain: ['a.First', 'd.Root'] };
  for (const order of [
    [trace('a.First', 1), trace('a.Second', 2)],
    [trace('a.Second', 2), trace('a.First', 1)],
  ]) {
    assert.deepEqual(groupOf(order).group.result().exception, expected);
  }
});

test('a group without any time has none', () => {
  const { histogram, firstAt, lastAt, timeKnown, count } = groupOf([record('failed'), record('failed')]).group.result();
  assert.deepEqual(
    { histogram, firstAt, lastAt, timeKnown, count },
    { histogram: null, firstAt: null, lastAt: null, timeKnown: false, count: 2 },
  );
});

test('one assumed zone makes the times assumed', () => {
  const { zoneAssumed } = groupOf([
    sighted(1),
    jiraRecord('failed', { time: '2026-11-20 09:14:03,118' }),
  ]).group.result();
  assert.equal(zoneAssumed, true);
});

const CHAINS: readonly (readonly [name: string, trace: string, exception: unknown])[] = [
  ['no exception', 'nothing', null],
  [
    'one exception',
    'a.B: text\n\tat c.D.e(D.java:1)',
    { type: 'a.B', rootType: 'a.B', rootMessage: 'text', chain: ['a.B'] },
  ],
  [
    'what is suppressed is in no chain, and a second trace is another one',
    'a.B: text\n\tat c.D.e(D.java:1)\n\tSuppressed: f.G: close\n\t\tat c.D.e(D.java:2)\nCaused by: h.I: why\n\tat c.D.e(D.java:3)\nx.Y: other\n\tat c.D.e(D.java:4)\nCaused by: x.Z: more\n\tat c.D.e(D.java:5)',
    { type: 'a.B', rootType: 'h.I', rootMessage: 'why', chain: ['a.B', 'h.I'] },
  ],
];

for (const [name, trace, exception] of CHAINS) {
  test(`an exception is told by its chain: ${name}`, () =>
    assert.deepEqual(toException(record(`${jiraLine('failed')}\n${trace}`).throwables, asIs), exception));
}
