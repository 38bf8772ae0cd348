import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LiteralFinder } from '../../src/matches/finder.js';
import type { Literal } from '../../src/model/literal.js';

const exact = (text: string): Literal => ({ text, caseless: false });
const caseless = (text: string): Literal => ({ text, caseless: true });

const CASES: readonly (readonly [
  name: string,
  literals: readonly Literal[],
  text: string,
  found: readonly number[],
])[] = [
  ['none of none', [], 'anything', []],
  ['each once, in their order', [exact('second one'), exact('first one')], 'first one, second one, first one', [0, 1]],
  ['at the start and at the end', [exact('at the start'), exact('at the end')], 'at the start and at the end', [0, 1]],
  ['one inside another', [exact('connection lost'), exact('connection')], 'a connection lost', [0, 1]],
  ['letter case matters', [exact('Connection')], 'a connection', []],
  ['letter case does not matter', [caseless('Example.COM')], 'https://git.eXample.com/', [0]],
  ['short ones beside long ones', [exact('ab'), exact('a longer one'), exact('abcd')], 'xabcdx', [0, 2]],
  ['letters outside ASCII', [exact('Zugriff für alle'), caseless('ÄRGER')], 'kein Zugriff für alle: ärger', [0, 1]],
  ['a text that is shorter than any of them', [exact('a longer one')], 'a', []],
  ['what ends before the end', [exact('a longer one')], 'a longer on', []],
];

for (const [name, literals, text, found] of CASES)
  test(name, () => assert.deepEqual(new LiteralFinder(literals).find(text), found));

test('it finds what a look at every place finds', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '.', ' ', 'é', '中'), maxLength: 12 });
  const literal = fc.record({ text: piece.filter((text) => text !== ''), caseless: fc.boolean() });
  fc.assert(
    fc.property(fc.array(literal, { maxLength: 12 }), fc.array(piece), (literals, rest) => {
      const text = [...rest, ...literals.map((one) => one.text)].sort().join('');
      const isIn = (one: Literal) =>
        one.caseless ? text.toLowerCase().includes(one.text.toLowerCase()) : text.includes(one.text);
      const wanted = literals.flatMap((one, number) => (isIn(one) ? [number] : []));
      assert.deepEqual(new LiteralFinder(literals).find(text), wanted);
    }),
    { numRuns: 5000 },
  );
});

test('of very many literals it finds one', () => {
  const many = Array.from({ length: 40_000 }, (_, number) => exact(`text number ${number} of all`));
  assert.deepEqual(new LiteralFinder(many).find('here is text number 39999 of all, and no other'), [39_999]);
});
