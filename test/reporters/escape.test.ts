import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { escapeJson, escapeTerminal } from '../../src/reporters/escape.js';

const CASES: readonly (readonly [name: string, text: string, shown: string])[] = [
  ['plain text stays', 'Zoë wrote 日本語 · “ok” 👍🏽 ❤️', 'Zoë wrote 日本語 · “ok” 👍🏽 ❤️'],
  ['a colour is shown', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['a C1 control is shown', '\x9b2J\x85', '\\x9b2J\\x85'],
  ['DEL, NUL, BEL and backspace are shown', '\x7f\0\x07\b', '\\x7f\\x00\\x07\\x08'],
  ['line ends and tabs are shown', 'a\nb\rc\td', 'a\\nb\\rc\\td'],
  [
    'direction overrides are shown',
    'a\u202eb\u2066c\u2069d\u200fe\u061cf',
    'a\\u202eb\\u2066c\\u2069d\\u200fe\\u061cf',
  ],
  [
    'zero-width characters are shown',
    'a\u200bb\u200dc\u2060d\ufeffe\u00adf',
    'a\\u200bb\\u200dc\\u2060d\\ufeffe\\xadf',
  ],
  ['line and paragraph separators are shown', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  ['invisible tags are shown', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['a lone surrogate is shown', 'a\ud800b', 'a\\ud800b'],
  ['invisible letters are shown', 'a\u3164b\u115fc', 'a\\u3164b\\u115fc'],
];

for (const [name, text, shown] of CASES) {
  test(`on a terminal ${name}`, () => assert.equal(escapeTerminal(text), shown));
}

test('where lines are kept, LF and tab stay and a carriage return does not', () => {
  assert.equal(escapeTerminal('a\n\tb\r\n\x1bc', true), 'a\n\tb\\r\n\\x1bc');
});

test('no text leaves anything that a terminal would act on', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(
        escapeTerminal(text),
        /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u061c]/,
      );
    }),
  );
});

test('escaped JSON means the same and is harmless', () => {
  const value = { text: '\x1b[2J\x9b \u2028 \u202e \u{e0041} \ud800 \x7f é' };
  const json = escapeJson(JSON.stringify(value));
  assert.deepEqual(JSON.parse(json), value);
  assert.equal(json, '{"text":"\\u001b[2J\\u009b \\u2028 \\u202e \\udb40\\udc41 \\ud800 \\u007f é"}');
});
