import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '../src/model/rule.js';
import { type HealthyLog, verifyRules } from '../src/verify.js';
import { jiraLine } from './helpers/records.js';
import { rule } from './helpers/rules.js';

/** What is found about the first rule, which runs beside the others. */
function findings(rules: readonly Rule[], healthy: readonly HealthyLog[] = [], asOf = '2026-11-24') {
  const [checked] = rules;
  return verifyRules([checked!], rules, healthy, asOf).map(({ rule: about, kind, line, message }) => {
    assert.equal(about, checked);
    return { kind, line, message };
  });
}

const matching = (log: string, more: object = {}) => ({ examples: { matches: [{ log, ...more }] } });
const ignoring = (log: string, because: string) => ({
  examples: { matches: [{ log: 'no connection' }], ignores: [{ log, because }] },
});

test('nothing is wrong', () => assert.deepEqual(findings([rule()]), []));

const host = { match: { pattern: 'no connection to (?<host>\\w+)(?: as (?<name>\\w+))?' } };
const calls = { match: { all: [{ text: 'no connection' }, { http: { status: 401, host: 'acme.example.com' } }] } };

const MISSING: readonly (readonly [name: string, keys: Record<string, unknown>, message: string])[] = [
  ['no match', matching('a connection'), 'example 1: no match, because text: "no connection" is not in the record'],
  [
    'no match in the longest of several records',
    {
      ...calls,
      ...matching(`${jiraLine('short')}\n${jiraLine('no connection: https://acme.example.com/x returned 403')}`),
    },
    'example 1: no match, because http.status: found 403, wanted 401',
  ],
  [
    'what holds is not to blame',
    {
      match: {
        all: [
          { any: [{ text: 'absentee' }, { text: 'no connection' }] },
          { none: [{ text: 'missing' }] },
          { level: 'WARN' },
        ],
      },
      ...matching(jiraLine('no connection')),
    },
    'example 1: no match, because level: wanted WARN, found ERROR',
  ],
  [
    'another capture',
    { ...host, ...matching('no connection to db', { captures: { host: 'other' } }) },
    'example 1: captures host: found "db", wanted "other"',
  ],
  [
    'no capture',
    { ...host, ...matching('no connection to db', { captures: { name: 'joe' } }) },
    'example 1: captures name: found nothing, wanted "joe"',
  ],
];

for (const [name, keys, message] of MISSING) {
  test(`missing: ${name}`, () =>
    assert.deepEqual(
      findings([rule({ id: 'acme/a', ...keys })]).map(({ kind, message: said }) => [kind, said]),
      [['missing', message]],
    ));
}

test('missing: the file decides the layout', () => {
  const keys = (file: string) =>
    rule({ match: { text: 'no connection', file: 'atlassian-jira.log' }, ...matching('no connection', { file }) });
  assert.deepEqual(findings([keys('atlassian-jira.log')]), []);
  assert.deepEqual(
    findings([keys('catalina.out')]).map(({ message }) => message),
    ['example 1: no match, because file: wanted atlassian-jira.log, found catalina.out'],
  );
});

test('missing: it loses', () => {
  const winner = rule({ id: 'acme/winner', supersedes: ['acme/rule'] });
  assert.deepEqual(findings([rule(), winner]), [
    { kind: 'missing', line: 16, message: 'example 1: loses to acme/winner' },
  ]);
});

test('missing: it wins in one record of its example and loses in another', () => {
  const winner = rule({ id: 'acme/winner', match: { text: 'no connection again' }, supersedes: ['acme/rule'] });
  const log = `${jiraLine('no connection again')}\n${jiraLine('no connection')}`;
  assert.deepEqual(findings([rule(matching(log, { also: ['acme/winner'] })), winner]), []);
});

test('the line is that of the example', () => {
  const examples = {
    matches: [{ log: 'no connection' }, { log: 'absentee' }],
    ignores: [
      { log: 'x', because: 'y' },
      { log: 'no connection', because: 'it is none' },
    ],
  };
  assert.deepEqual(findings([rule({ examples })]), [
    { kind: 'missing', line: 17, message: 'example 2: no match, because text: "no connection" is not in the record' },
    { kind: 'noisy', line: 21, message: 'ignored example 2 matches (it is none)' },
  ]);
});

test('noisy: an ignored example matches', () => {
  assert.deepEqual(findings([rule(ignoring('no connection', 'GitHub'))]), [
    { kind: 'noisy', line: 18, message: 'ignored example 1 matches (GitHub)' },
  ]);
});

test('noisy: an ignored example may match where it loses', () => {
  const winner = rule({ id: 'acme/winner', match: { text: 'no connection to GitHub' }, supersedes: ['acme/rule'] });
  assert.deepEqual(findings([rule(ignoring('no connection to GitHub', 'GitHub')), winner]), []);
});

test('noisy: another rule matches its example as well', () => {
  const other = rule({ id: 'acme/other' });
  const message = 'example 1: acme/other matches it as well; settle it by supersedes: or role:, or name it under also:';
  assert.deepEqual(findings([rule(), other]), [{ kind: 'noisy', line: 16, message }]);
});

test('noisy: another rule that loses or is named under also is none', () => {
  const other = rule({ id: 'acme/other' });
  assert.deepEqual(findings([rule({ supersedes: ['acme/other'] }), other]), []);
  assert.deepEqual(findings([rule(), rule({ id: 'acme/other', role: 'fallback' })]), []);
  assert.deepEqual(findings([rule(matching('no connection', { also: ['acme/other'] })), other]), []);
});

const FLAWS: readonly (readonly [name: string, keys: Record<string, unknown>, message: string])[] = [
  [
    'no literal',
    { match: { level: '>=TRACE' } },
    'no text that every match must contain; add a text: condition, or a fixed part to a pattern',
  ],
  [
    'a short literal',
    { match: { text: ['no connection', 'no co'] } },
    'the text that every match must contain is too short ("no co"); at least 7 characters',
  ],
  [
    'no solution on the day',
    { solutions: [{ until: '2026-11-24', summary: 'x', steps: ['y'] }] },
    'no solution holds on 2026-11-24',
  ],
  ['a group for every request', { groupBy: ['url'] }, 'groupBy: url is another one at every occurrence'],
  [
    'a group for every request id',
    { groupBy: ['logger', 'requestId'] },
    'groupBy: requestId is another one at every occurrence',
  ],
];

for (const [name, keys, message] of FLAWS) {
  test(`flaw: ${name}`, () => assert.deepEqual(findings([rule(keys)]), [{ kind: 'flaw', line: 1, message }]));
}

test('flaw: seven characters are enough', () => assert.deepEqual(findings([rule({ match: { text: 'no conn' } })]), []));

test('healthy: it fires where nothing is wrong', () => {
  const healthy = { name: 'samples/healthy/jira.log', text: `${jiraLine('fine')}\n${jiraLine('no connection')}` };
  assert.deepEqual(findings([rule()], [healthy]), [
    { kind: 'noisy', line: 1, message: 'also fires in samples/healthy/jira.log:2' },
  ]);
});

test('healthy: another rule is not its fault, and losing is not firing', () => {
  const healthy = [{ name: 'a.log', text: jiraLine('no connection to the moon') }];
  const other = rule({ id: 'acme/other', match: { text: 'to the moon' }, supersedes: ['acme/rule'] });
  assert.deepEqual(findings([rule(), other], healthy), []);
});

test('only the rules that are checked are told of', () => {
  const broken = rule({ id: 'acme/broken', match: { text: 'absentee' } });
  const checked = rule();
  assert.deepEqual(verifyRules([checked], [checked, broken], [], '2026-11-24'), []);
});
