import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { globTest } from '../../src/matches/glob.js';

const CASES: readonly (readonly [name: string, glob: string, text: string, holds: boolean, caseless?: boolean])[] = [
  ['the same text', 'jira.log', 'jira.log', true],
  ['a dot is a dot', 'jira.log', 'jiraxlog', false],
  ['signs of regular expressions are signs', 'a+(b)[c]{1}^$|\\*', 'a+(b)[c]{1}^$|\\d', true],
  ['a star for nothing', '*.log', '.log', true],
  ['a star for slashes', '*.log', 'a/b/c.log', true],
  ['a star for line ends', 'a*b', 'a\n\nb', true],
  ['a star alone', '*', '', true],
  ['stars side by side', '**a**', 'bab', true],
  ['the beginning counts', 'jira*', 'my-jira.log', false],
  ['the end counts', '*.log', 'jira.log.1', false],
  ['the pieces may not overlap', 'ab*ba', 'aba', false],
  ['the pieces touch', 'ab*ba', 'abba', true],
  ['the order counts', '*a*b*', 'ba', false],
  ['the last piece is taken from the end', '*a*a', 'aXa', true],
  ['a question mark for one character', 'jira.log.?', 'jira.log.1', true],
  ['a question mark for no character', 'jira.log.?', 'jira.log.', false],
  ['a question mark beside a star', '?*.log', 'a.log', true],
  ['a question mark beside a star wants one character', '?*.log', '.log', false],
  ['a question mark in the middle', '*s?nc*', 'the sync job', true],
  ['letter case counts', '*.LOG', 'a.log', false],
  ['letter case does not count', '*.LOG', 'a.log', true, true],
  ['letter case does not count beside a question mark', '?.LOG', 'a.log', true, true],
];

for (const [name, glob, text, holds, caseless] of CASES) {
  test(name, () => assert.equal(globTest(glob, caseless)(text), holds, `${glob} against ${text}`));
}

test('a glob means what the regular expression of it means', () => {
  const signs = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 10 });
  fc.assert(
    fc.property(signs, texts, (glob, text) => {
      const source = glob.replace(/[.*?]/g, (sign) => (sign === '*' ? '[^]*' : sign === '?' ? '[^]' : '\\.'));
      assert.equal(globTest(glob)(text), new RegExp(`^${source}$`).test(text));
    }),
  );
});

for (const glob of ['*a*a*a*a*a*b', '*a*a*a*a*a?b']) {
  test(`many stars take linear time: ${glob}`, () => {
    const started = performance.now();
    assert.equal(globTest(glob)('a'.repeat(20_000)), false);
    assert.ok(performance.now() - started < 1000);
  });
}
