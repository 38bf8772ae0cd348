import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { excerptOf, MAX_EXCERPT } from '../../src/incidents/excerpt.js';
import { copyOf } from '../../src/model/copy.js';

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));
const frame = (index: number) => `\tat com.acme.sync.Worker.step${index}(Worker.java:${index})`;

test('a short text is the whole text', () =>
  assert.deepEqual(excerptOf('a\n\tat b\n'), { text: 'a\n\tat b\n', cut: false }));

test('a text of exactly the bound is the whole text, one character more is cut', () => {
  const text = 'x'.repeat(MAX_EXCERPT);
  assert.deepEqual(excerptOf(text), { text, cut: false });
  assert.equal(excerptOf(`${text}x`).cut, true);
});

test('the middle of a long trace is left out, causes and their first frames stay', () => {
  const text = [
    'ERROR it failed',
    'a.Outer: text',
    ...lines(100, frame),
    'Caused by: b.Middle: why',
    ...lines(50, frame),
    'Caused by: c.Root: because',
    ...lines(50, frame),
  ].join('\n');
  const begin = ['ERROR it failed', 'a.Outer: text', ...lines(100, frame)];
  const { text: excerpt, cut } = excerptOf(text);
  const shown = excerpt.split('\n');
  const first = shown.findIndex((line) => line.startsWith('    … '));
  assert.equal(cut, true);
  assert.deepEqual(shown.slice(0, first), begin.slice(0, first), 'the beginning as it is');
  assert.deepEqual(shown.slice(first), [
    `    … ${begin.length - first} lines left out`,
    'Caused by: b.Middle: why',
    ...lines(3, frame),
    '    … 47 lines left out',
    'Caused by: c.Root: because',
    ...lines(3, frame),
    '    … 47 lines left out',
  ]);
});

test('one line left out is one line', () => {
  const { text } = excerptOf(['short', 'x'.repeat(5000), 'end'].join('\n'));
  assert.equal(text, 'short\n    … 1 line left out\nend');
});

test('of a long first line its beginning stays', () => {
  const { text, cut } = excerptOf('y'.repeat(10_000));
  const [, kept, left] = /^(y+) … (\d+) characters left out$/.exec(text)!;
  assert.deepEqual([kept!.length + Number(left), cut], [10_000, true]);
  assert.ok(kept!.length > 3000);
});

test('an excerpt is never longer than the bound, and its lines are those of the text', () => {
  const line = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 99 }).map(frame) },
    fc.constantFrom('Caused by: a.B: c', '\tSuppressed: a.B', '', 'text'),
    fc.integer({ min: 0, max: 6000 }).map((length) => 'z'.repeat(length)),
    fc.constant('\u{1f600}'.repeat(1000)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), (all) => {
      const { text, cut } = excerptOf(all.join('\n'));
      assert.ok(text.length <= MAX_EXCERPT, String(text.length));
      assert.equal(cut, all.join('\n').length > MAX_EXCERPT);
      if (!cut) return;
      let left = 0;
      const shown = text.split('\n').filter((line) => {
        const mark = /^ {4}… (\d+) lines? left out$/.exec(line);
        left += Number(mark?.[1] ?? 0);
        return mark === null;
      });
      assert.equal(left + shown.length, all.length, 'every line is shown or counted');
      for (const one of shown) assert.ok(all.includes(one) || / characters left out$/.test(one), one);
    }),
  );
});

test('a copy is equal', () => assert.equal(copyOf('\ufeffé\u{1f600}\0'), '\ufeffé\u{1f600}\0'));
