import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HistogramBuilder, toRfc3339 } from '../../src/incidents/histogram.js';
import type { Histogram } from '../../src/model/incident.js';

function histogram(times: readonly number[]): Histogram | null {
  const builder = new HistogramBuilder();
  for (const time of times) builder.add(time);
  return builder.result();
}

const at = (text: string) => Date.parse(`2026-11-20T${text}Z`);

const CASES: readonly (readonly [name: string, times: number[], histogram: Histogram | null])[] = [
  ['nothing', [], null],
  ['one time', [at('09:14:03.999')], { from: '2026-11-20T09:14:03Z', step: 1, counts: [1] }],
  [
    'a minute fits in seconds',
    [at('09:14:00'), at('09:14:02'), at('09:14:02.5')],
    { from: '2026-11-20T09:14:00Z', step: 1, counts: [1, 0, 2] },
  ],
  [
    '64 seconds fit',
    [at('09:14:00'), at('09:15:03')],
    { from: '2026-11-20T09:14:00Z', step: 1, counts: [1, ...Array(62).fill(0), 1] },
  ],
  [
    '65 seconds make pieces of two',
    [at('09:14:00'), at('09:14:01'), at('09:15:04')],
    { from: '2026-11-20T09:14:00Z', step: 2, counts: [2, ...Array(31).fill(0), 1] },
  ],
  [
    'pieces begin at a multiple of their length',
    [at('09:14:01'), at('09:15:06')],
    { from: '2026-11-20T09:14:00Z', step: 2, counts: [1, ...Array(32).fill(0), 1] },
  ],
  ['before 1970', [-500, 500], { from: '1969-12-31T23:59:59Z', step: 1, counts: [1, 1] }],
];

for (const [name, times, expected] of CASES) test(name, () => assert.deepEqual(histogram(times), expected));

const times = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 200_000 }),
    fc.integer({ min: 1.7e12, max: 1.8e12 }),
    fc.integer({ min: -4e12, max: 2.5e14 }),
  ),
  { minLength: 1, maxLength: 40 },
);

test('the order does not matter', () => {
  const shuffled = times.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(fc.property(shuffled, ([list, again]) => assert.deepEqual(histogram(again), histogram(list))));
});

test('nothing is lost, and the pieces are the smallest powers of two of which 64 are enough', () => {
  fc.assert(
    fc.property(times, (list) => {
      const { from, step, counts } = histogram(list)!;
      const seconds = list.map((time) => Math.floor(time / 1000));
      const pieces = (length: number) =>
        Math.floor(Math.max(...seconds) / length) - Math.floor(Math.min(...seconds) / length) + 1;
      assert.equal(counts.length, pieces(step));
      assert.ok(counts.length <= 64 && Number.isInteger(Math.log2(step)));
      assert.ok(step === 1 || pieces(step / 2) > 64, `${step / 2} would do`);
      const first = Date.parse(from) / 1000;
      assert.ok(Number.isInteger(first / step), `${from} is a multiple of ${step}`);
      const expected = counts.map(
        (_, index) => seconds.filter((second) => Math.floor((second - first) / step) === index).length,
      );
      assert.deepEqual(counts, expected);
      assert.ok(counts[0]! > 0 && counts.at(-1)! > 0);
    }),
  );
});

test('two with the same step add up to that of both', () => {
  // Both have sightings at both ends, so that their steps are equal.
  const ends = [at('09:00:00'), at('12:00:00')];
  const between = fc.array(fc.integer({ min: ends[0]!, max: ends[1]! }), { maxLength: 20 });
  fc.assert(
    fc.property(between, between, (some, others) => {
      const [a, b] = [histogram([...ends, ...some])!, histogram([...ends, ...others])!];
      const both = histogram([...ends, ...some, ...ends, ...others])!;
      assert.deepEqual([a.from, a.step], [b.from, b.step]);
      assert.deepEqual(both, {
        from: a.from,
        step: a.step,
        counts: a.counts.map((count, index) => count + b.counts[index]!),
      });
    }),
  );
});

test('times are RFC 3339, with milliseconds only where there are any', () => {
  assert.deepEqual(
    [toRfc3339(at('09:14:03')), toRfc3339(at('09:14:03.118'))],
    ['2026-11-20T09:14:03Z', '2026-11-20T09:14:03.118Z'],
  );
});
