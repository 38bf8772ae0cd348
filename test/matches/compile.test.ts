import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LogRecord } from '../../src/model/log-record.js';
import type { Rule } from '../../src/model/rule.js';
import { recordsOf } from '../../src/read.js';
import { RULES_FOLDER } from '../../src/rules/places.js';
import { readPacks } from '../../src/rules/read.js';
import { jiraLine, jiraRecord, record } from '../helpers/records.js';
import { compiled, markers, rule } from '../helpers/rules.js';

interface Short {
  readonly id: string;
  readonly captures: Readonly<Record<string, string>>;
  readonly hiddenBy: readonly string[];
}

function matches(rules: readonly Rule[], of: LogRecord): Short[] {
  return compiled(rules)
    .match(of)
    .map((match) => {
      assert.equal(match.record, of);
      return { id: match.rule.id, captures: match.captures, hiddenBy: match.hiddenBy.map(({ id }) => id) };
    });
}

const FIELDS = { level: 'ERROR', logger: 'c.a.j.Pool', thread: 'main' };

test('no rules match nothing', () => assert.deepEqual(matches([], jiraRecord('x')), []));

test('a record without any literal matches nothing', () => {
  assert.deepEqual(
    matches(
      [
        rule({ match: { text: 'absent' } }),
        rule({ id: 'acme/b', match: { http: { status: 401, host: 'acme.example.com' } } }),
      ],
      jiraRecord('x'),
    ),
    [],
  );
});

test('winners come first, in the order of the rules, then the losers', () => {
  const rules = [
    rule({ id: 'acme/fallback', match: { text: 'pool' }, role: 'fallback' }),
    rule({ id: 'acme/beaten', match: { pattern: 'po+l' } }),
    rule({ id: 'acme/other', match: { text: 'absent' } }),
    rule({ id: 'acme/first', match: { level: 'ERROR' } }),
    rule({ id: 'acme/second', match: { text: 'the pool' }, supersedes: ['acme/beaten'] }),
  ];
  assert.deepEqual(matches(rules, jiraRecord('the pool')), [
    { id: 'acme/first', captures: FIELDS, hiddenBy: [] },
    { id: 'acme/second', captures: FIELDS, hiddenBy: [] },
    { id: 'acme/fallback', captures: FIELDS, hiddenBy: ['acme/beaten', 'acme/first', 'acme/second'] },
    { id: 'acme/beaten', captures: FIELDS, hiddenBy: ['acme/second'] },
  ]);
});

test('what the record says of itself is captured where the rule captures nothing under that name', () => {
  const text =
    '2026-11-20 09:14:03,118+0000 http-nio-8080-exec-7 ERROR jdoe 554x1234x1 1a2b3c 192.0.2.7 /rest/api/2/issue [c.e.Example] user=admin';
  const own = {
    user: 'jdoe',
    thread: 'http-nio-8080-exec-7',
    logger: 'c.e.Example',
    level: 'ERROR',
    requestId: '554x1234x1',
    url: '/rest/api/2/issue',
  };
  assert.deepEqual(
    matches(
      [rule({ match: { text: 'user=' } }), rule({ id: 'acme/b', match: { pattern: 'user=(?<user>\\w+)' } })],
      record(text),
    ),
    [
      { id: 'acme/rule', captures: own, hiddenBy: [] },
      { id: 'acme/b', captures: { ...own, user: 'admin' }, hiddenBy: [] },
    ],
  );
});

test('what a record does not say is not captured', () => {
  assert.deepEqual(matches([rule({ match: { text: 'pool' } })], record('the pool')), [
    { id: 'acme/rule', captures: {}, hiddenBy: [] },
  ]);
});

test('hosts are found in whatever letter case they are printed', () => {
  const rules = [
    rule({ match: { any: [{ text: 'no.example.com' }, { http: { status: 401, host: 'no.example.com' } }] } }),
    rule({ id: 'acme/k', match: { http: { host: 'straße-k.example.com' } } }),
  ];
  const ids = (message: string) => matches(rules, jiraRecord(message)).map(({ id }) => id);
  assert.deepEqual(ids('GET https://No.Example.COM/x returned 401'), ['acme/rule']);
  assert.deepEqual(ids('GET https://STRAßE-K.example.com/x returned 401'), ['acme/k']);
});

test('rules share the answers of markers', () => {
  const acme = markers({ pool: { text: ['the pool', 'a pool'] } });
  const rules = [
    rule({ match: { marker: 'pool', text: 'x' } }, acme),
    rule({ id: 'acme/b', match: { marker: 'pool', none: [{ text: 'y' }] } }, acme),
  ];
  assert.deepEqual(
    ['the pool x', 'the pool y', 'pool x', 'a pool x y'].map((message) =>
      matches(rules, jiraRecord(message)).map(({ id }) => id),
    ),
    [['acme/rule', 'acme/b'], [], [], ['acme/rule']],
  );
});

/** The same rules with one beside them that is tried on every record, so that nothing is left out before. */
function matchesOneByOne(rules: readonly Rule[], of: LogRecord): string[] {
  return rules
    .filter((one) =>
      matches([one, rule({ id: 'acme/everywhere', match: { level: '>=TRACE' } })], of).some(({ id }) => id === one.id),
    )
    .map(({ id }) => id);
}

test('all rules at once find what each finds alone', () => {
  const parts = [
    'pool',
    'connection',
    'GET https://dev.azure.com/contoso/_apis returned 401',
    'java.io.IOException: refused',
    'x',
  ];
  const leaf = fc.constantFrom(
    ...[
      { text: 'pool' },
      { text: ['connection', 'x'] },
      { pattern: 'po+l|conn' },
      { pattern: '\\d' },
      { http: { status: 401, path: '/{org}/_apis' } },
      { http: { host: '*.AZURE.com' } },
      { throwable: { type: 'IOException' } },
      { level: 'ERROR' },
      { logger: 'Pool' },
    ],
  );
  const match = fc.oneof(
    leaf,
    fc.record({ any: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
    fc.record({ all: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
    fc.record({ all: fc.tuple(leaf), none: fc.tuple(leaf) }),
  );
  fc.assert(
    fc.property(
      fc.array(match, { minLength: 1, maxLength: 6 }),
      fc.array(fc.constantFrom(...parts), { maxLength: 4 }),
      (conditions, said) => {
        const rules = conditions.map((written, index) => rule({ id: `acme/r${index}`, match: written }));
        const of = record(jiraLine(said.join(' ')));
        assert.deepEqual(
          matches(rules, of).map(({ id }) => id),
          matchesOneByOne(rules, of),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('the shipped rules find in their own examples, all at once, what each finds alone', async () => {
  const rules = (await readPacks([RULES_FOLDER])).flatMap((pack) => pack.rules);
  const matcher = compiled(rules);
  const alone = rules.map(
    (one) => [one, compiled([one, rule({ id: 'acme/everywhere', match: { level: '>=TRACE' } })])] as const,
  );
  for (const { examples } of rules) {
    for (const { log, file } of [...examples.matches, ...examples.ignores]) {
      for (const of of recordsOf(log, file ?? 'example.log')) {
        const together = matcher
          .match(of)
          .map((match) => match.rule.id)
          .sort();
        const apart = alone
          .filter(([one, its]) => its.match(of).some((match) => match.rule === one))
          .map(([one]) => one.id)
          .sort();
        assert.deepEqual(together, apart);
      }
    }
  }
});
