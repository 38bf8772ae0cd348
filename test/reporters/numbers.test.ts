import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byteSize, percent, runTime, thousands } from '../../src/reporters/numbers.js';
import { sparkline } from '../../src/reporters/sparkline.js';

const CASES: readonly (readonly [name: string, shown: string, expected: string])[] = [
  ['a thousand has a separator', thousands(1_204_331), '1,204,331'],
  ['less has none', thousands(999), '999'],
  ['one byte is one', byteSize(1), '1 byte'],
  ['small sizes have a digit', byteSize(1_530), '1.5 KB'],
  ['sizes round up to the next unit', byteSize(999_999), '1 MB'],
  ['megabytes are decimal', byteSize(20_971_520), '21 MB'],
  ['nearly all is not all', percent(9_999, 10_000), '99 %'],
  ['hardly any is not none', percent(1, 10_000), '1 %'],
  ['all is all', percent(3, 3), '100 %'],
  ['a short run has tenths', runTime(0.34), '0.3 s'],
  ['a long run has minutes', runTime(200.2), '3 min 20 s'],
  ['an even course is even', sparkline([5, 5, 5]), '███'],
  ['nothing is lower than little', sparkline([0, 1, 1000]), '▁▂█'],
  ['64 pieces become 16', sparkline(Array.from({ length: 64 }, (_, index) => index)), '▂▂▂▃▃▃▄▄▅▅▆▆▇▇██'],
];

for (const [name, shown, expected] of CASES) test(`for people ${name}`, () => assert.equal(shown, expected));
