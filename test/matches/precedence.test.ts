import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toPrecedence } from '../../src/matches/precedence.js';
import { ROLES, type Rule, SEVERITIES } from '../../src/model/rule.js';
import { rule } from '../helpers/rules.js';

interface Kind {
  readonly supersedes?: readonly string[];
  readonly role?: Rule['role'];
  readonly severity?: Rule['severity'];
  readonly when?: Rule['when'];
}

const plain = rule();
const when: Rule['when'] = { count: 3, within: 60_000, after: null, by: null };

/** Rules by their short names; `supersedes` names them likewise. */
function rulesOf(kinds: Readonly<Record<string, Kind>>): Rule[] {
  return Object.entries(kinds).map(([name, kind]) => ({
    ...plain,
    ...kind,
    id: name,
    supersedes: kind.supersedes ?? [],
  }));
}

/** The name of every rule that loses in a record that all match, and who wins over it. */
function losers(rules: readonly Rule[], among: readonly Rule[] = rules): Record<string, string[]> {
  const precedence = toPrecedence(rules);
  const beaten = among.map(
    (one) =>
      [
        one.id,
        precedence(one, among)
          .map(({ id }) => id)
          .sort(),
      ] as const,
  );
  return Object.fromEntries(beaten.filter(([, by]) => by.length > 0).sort());
}

const CASES: readonly (readonly [name: string, kinds: Record<string, Kind>, losers: Record<string, string[]>])[] = [
  ['two rules without a word about each other both win', { a: {}, b: {} }, {}],
  ['severity decides nothing', { a: { severity: 'critical' }, b: { severity: 'low' } }, {}],
  ['what is superseded loses', { a: { supersedes: ['b'] }, b: {} }, { b: ['a'] }],
  [
    'what is superseded through others loses',
    { a: { supersedes: ['b'] }, b: { supersedes: ['c'] }, c: {} },
    { b: ['a'], c: ['a', 'b'] },
  ],
  ['an umbrella loses to every cause', { a: {}, b: {}, u: { role: 'umbrella' } }, { u: ['a', 'b'] }],
  ['an umbrella alone wins', { u: { role: 'umbrella' } }, {}],
  ['two umbrellas both win', { u: { role: 'umbrella' }, v: { role: 'umbrella' } }, {}],
  [
    'a fallback loses to causes and umbrellas',
    { a: {}, u: { role: 'umbrella' }, f: { role: 'fallback' } },
    { u: ['a'], f: ['a', 'u'] },
  ],
  ['two fallbacks both win', { f: { role: 'fallback' }, g: { role: 'fallback' } }, {}],
  [
    'what is written by name holds against the roles',
    { u: { role: 'umbrella', supersedes: ['a'] }, a: {}, b: {} },
    { a: ['u'], u: ['b'] },
  ],
  [
    'a notice wins over no role',
    { i: { severity: 'info' }, u: { role: 'umbrella' }, f: { role: 'fallback' } },
    { f: ['u'] },
  ],
  ['a notice wins by name', { i: { severity: 'info', supersedes: ['a'] }, a: {} }, { a: ['i'] }],
  ['a notice loses like any other', { i: { severity: 'info', role: 'umbrella' }, a: {} }, { i: ['a'] }],
  [
    'where names and roles go in a circle, only names count',
    { f: { role: 'fallback', supersedes: ['a'] }, a: {}, u: { role: 'umbrella' } },
    { a: ['f'] },
  ],
  [
    'a rule with when hides nothing, by role or by name: its window may never fill',
    { w: { when, supersedes: ['a'] }, a: {}, u: { role: 'umbrella' } },
    { u: ['a'] },
  ],
  ['a rule with when is hidden by no role', { w: { when, role: 'umbrella' }, a: {} }, {}],
  ['a rule with when is hidden by name', { w: { when }, a: { supersedes: ['w'] } }, { w: ['a'] }],
  [
    'a rule with when hides another such rule by name',
    { w: { when, supersedes: ['v'] }, v: { when }, u: { when, role: 'umbrella' } },
    { v: ['w'] },
  ],
  ['an unknown name is nobody', { a: { supersedes: ['x'] }, b: {} }, {}],
];

for (const [name, kinds, expected] of CASES) {
  test(name, () => assert.deepEqual(losers(rulesOf(kinds)), expected));
}

test('a rule wins through another one that does not match', () => {
  const [a, b, c] = rulesOf({ a: { supersedes: ['b'] }, b: { supersedes: ['c'] }, c: {} });
  assert.deepEqual(losers([a!, b!, c!], [a!, c!]), { c: ['a'] });
});

/** Rules of which each supersedes only later ones, as no circle is let through. */
const ruleSets = (roles: readonly Rule['role'][]) =>
  fc
    .array(
      fc.record({
        role: fc.constantFrom(...roles),
        severity: fc.constantFrom(...SEVERITIES),
        beats: fc.array(fc.nat(8), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((kinds) =>
      kinds.map(({ role, severity, beats }, index): Rule => {
        const supersedes = beats.map((step) => index + 1 + step).filter((other) => other < kinds.length);
        return { ...plain, id: `r${index}`, role, severity, supersedes: supersedes.map((other) => `r${other}`) };
      }),
    );

test('the order of the rules does not matter', () => {
  const shuffled = ruleSets(ROLES).chain((rules) =>
    fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length })),
  );
  fc.assert(fc.property(shuffled, ([rules, again]) => assert.deepEqual(losers(again), losers(rules))));
});

test('no two rules win over each other', () => {
  fc.assert(
    fc.property(ruleSets(ROLES), (rules) => {
      const beaten = losers(rules);
      for (const [id, by] of Object.entries(beaten))
        for (const other of by) assert.ok(!beaten[other]?.includes(id), `${id} and ${other}`);
    }),
  );
});

test('in every record some rule wins', () => {
  fc.assert(
    fc.property(ruleSets(ROLES), (rules) => {
      assert.ok(Object.keys(losers(rules)).length < rules.length);
    }),
    { numRuns: 2000 },
  );
});
