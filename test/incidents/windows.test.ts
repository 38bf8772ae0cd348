import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogRecord } from '../../src/model/log-record.js';
import { findingsOf, type Seen, seenIn } from '../helpers/found.js';
import { jiraRecord, record } from '../helpers/records.js';
import { rule } from '../helpers/rules.js';

/** A record at that second of an hour. */
function at(second: number, message = 'login failed'): LogRecord {
  const time = new Date(Date.parse('2026-11-20T09:00:00Z') + second * 1000).toISOString();
  return jiraRecord(message, { time: `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000` });
}

const failed = rule({
  id: 'acme/failed',
  match: { pattern: 'login failed(?: for (?<who>\\w+))?' },
  groupBy: ['who'],
  when: { count: 3, within: '10s' },
});
const started = rule({ id: 'acme/started', match: { text: 'started' } });
const afterStart = rule({
  id: 'acme/after-start',
  match: { text: 'login failed' },
  when: { after: 'acme/started', within: '10s' },
});

/** Of each incident the seconds at which it begins and ends, and how often it was seen. */
function told(rules: Parameters<typeof findingsOf>[0], seen: readonly Seen[]): string[] {
  const second = (text: string | null) => (Date.parse(text!) - Date.parse('2026-11-20T09:00:00Z')) / 1000;
  return findingsOf(rules, seen)
    .incidents.filter((incident) => incident.rule.id !== 'acme/started')
    .map(
      ({ count, firstAt, lastAt, captures }) =>
        `${count}x ${second(firstAt)}-${second(lastAt)}${captures.who ? ` ${captures.who}` : ''}`,
    )
    .sort();
}

const COUNTS: readonly (readonly [name: string, seconds: number[], told: string[]])[] = [
  ['nothing', [], []],
  ['just below the count', [1, 2], []],
  ['exactly the count', [1, 2, 3], ['3x 1-3']],
  ['exactly as long as the window', [0, 5, 10], ['3x 0-10']],
  ['just longer than the window', [0, 5, 10.001], []],
  ['a moving window', [0, 8, 12, 16, 30], ['3x 8-16']],
  ['windows that overlap', [0, 4, 8, 12, 16], ['5x 0-16']],
  ['two windows apart, and what lies between', [0, 1, 2, 100, 200, 201, 202], ['6x 0-202']],
  ['all at one time', [5, 5, 5], ['3x 5-5']],
];

for (const [name, seconds, expected] of COUNTS) {
  test(`three within ten seconds: ${name}`, () => {
    assert.deepEqual(told([failed], seenIn(seconds.map((second) => at(second)))), expected);
    assert.deepEqual(told([failed], seenIn(seconds.map((second) => at(second)).reverse())), expected, 'backwards');
  });
}

test('each group has windows of its own', () => {
  const seen = seenIn([
    at(1, 'login failed for ann'),
    at(2, 'login failed for bob'),
    at(3, 'login failed for ann'),
    at(4, 'login failed for ann'),
    at(5, 'login failed for bob'),
  ]);
  assert.deepEqual(told([failed], seen), ['3x 1-4 ann']);
});

test('by names other captures than groupBy', () => {
  const byThread = { ...failed, groupBy: [], when: { ...failed.when!, by: ['who'] } };
  const all = { ...failed, when: { ...failed.when!, by: [] } };
  const seen = seenIn([
    at(1, 'login failed for ann'),
    at(2, 'login failed for bob'),
    at(3, 'login failed for ann'),
    at(4, 'login failed for ann'),
  ]);
  assert.deepEqual(told([byThread], seen), ['3x 1-4 ann']);
  assert.deepEqual(
    told([all], seen),
    ['1x 2-2 bob', '3x 1-4 ann'],
    'all together make the window, groupBy the incidents',
  );
});

const AFTERS: readonly (readonly [name: string, seen: LogRecord[], told: string[]])[] = [
  ['nothing before', [at(1), at(2, 'started')], []],
  ['the other before', [at(1, 'started'), at(2), at(3)], ['2x 2-3']],
  ['exactly as long before', [at(1, 'started'), at(11)], ['1x 11-11']],
  ['too long before', [at(1, 'started'), at(11.001)], []],
  ['the last one before counts', [at(1, 'started'), at(20, 'started'), at(25), at(40)], ['1x 25-25']],
];

for (const [name, seen, expected] of AFTERS) {
  test(`after another rule: ${name}`, () => {
    assert.deepEqual(told([started, afterStart], seenIn(seen)), expected);
    assert.deepEqual(told([started, afterStart], seenIn(seen.toReversed())), expected, 'backwards');
  });
}

test('a record is not after itself', () =>
  assert.deepEqual(told([started, afterStart], seenIn([at(1, 'started: login failed')])), []));

test('after another rule in another input', () => {
  assert.deepEqual(told([started, afterStart], seenIn([at(5)], [at(1, 'started')])), ['1x 5-5']);
});

test('a rule that loses is waited for as well', () => {
  const winner = rule({ id: 'acme/winner', match: { text: 'started' }, supersedes: ['acme/started'] });
  assert.deepEqual(
    findingsOf([started, afterStart, winner], seenIn([at(1, 'started'), at(2)]))
      .incidents.map(({ rule }) => rule.id)
      .sort(),
    ['acme/after-start', 'acme/winner'],
  );
});

test('after and count: only what follows is counted', () => {
  const both = { ...afterStart, when: { ...afterStart.when!, count: 2 } };
  assert.deepEqual(told([started, both], seenIn([at(1), at(2), at(10, 'started'), at(11)])), []);
  assert.deepEqual(told([started, both], seenIn([at(1), at(2), at(10, 'started'), at(11), at(12)])), ['2x 11-12']);
});

test('a record without any time is in no window', () => {
  const without = Array.from({ length: 5 }, () => record('login failed'));
  assert.deepEqual(findingsOf([failed], seenIn(without)).incidents, []);
});

test('what is in no window is no unknown error', () => {
  assert.deepEqual(findingsOf([failed], seenIn([at(1), at(2)])).unknown, []);
});

test('the same record in two inputs is counted once', () => {
  const log = [at(1), at(2)];
  assert.deepEqual(findingsOf([failed], seenIn(log, log), { several: true }).incidents, []);
  const [incident] = findingsOf([failed], seenIn([...log, at(3)], log), { several: true }).incidents;
  assert.deepEqual(
    [incident?.count, incident?.evidence.map(({ copies }) => copies)],
    [3, [['jira.log:1'], ['jira.log:1'], []]],
  );
});

test('the order of inputs and records does not matter', () => {
  const kinds = ['login failed', 'login failed for ann', 'started', 'other'];
  const one = fc.record({
    second: fc.integer({ min: 0, max: 40 }),
    message: fc.constantFrom(...kinds),
    source: fc.integer({ min: 0, max: 2 }),
  });
  const logs = fc.uniqueArray(one, { maxLength: 15, selector: ({ second, source }) => `${second} ${source}` });
  const shuffled = logs.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([list, again]) => {
      const result = (order: typeof list) =>
        findingsOf(
          [failed, started, afterStart],
          order.map(({ second, message, source }) => ({ record: at(second, message), source })),
        );
      assert.deepEqual(result(again), result(list));
    }),
    { numRuns: 60 },
  );
});
