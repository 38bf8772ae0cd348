import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FactBook } from '../../src/facts/book.js';
import { verdictOf } from '../../src/facts/guard.js';
import type { FactKey } from '../../src/model/fact.js';

/** What each node runs. */
type Nodes = Readonly<Record<string, { readonly [key in FactKey]?: string }>>;

function bookOf(nodes: Nodes): FactBook {
  const book = new FactBook();
  for (const [node, values] of Object.entries(nodes))
    for (const [key, value] of Object.entries(values))
      book.add([{ key: key as FactKey, value: value!, origin: `${node}/jira.log`, line: 1 }], {
        time: 1,
        source: 0,
        offset: 0,
      });
  return book;
}

const VERDICTS: readonly (readonly [
  name: string,
  appliesTo: Readonly<Record<string, string>> | null,
  nodes: Nodes,
  applies: boolean | null,
  reason: string | null,
])[] = [
  ['a rule for everybody', null, { n: { gij: '2.9.1' } }, null, null],
  ['nothing known', { gij: '>=3.0' }, {}, null, null],
  ['another product known', { gij: '>=3.0' }, { n: { jira: '9.4.1' } }, null, null],
  ['an older version', { gij: '>=3.0' }, { n: { gij: '2.9.1' } }, false, 'you run gij 2.9.1; the rule is for >=3.0'],
  [
    'a version in the range',
    { gij: '>=3.0 <5' },
    { n: { gij: '4.2.1-jira9' } },
    true,
    'you run gij 4.2.1-jira9; the rule is for >=3.0 <5',
  ],
  [
    'two nodes of one version',
    { jira: '<9.4' },
    { a: { jira: '9.4.1' }, b: { jira: '9.4.1' } },
    false,
    'you run jira 9.4.1; the rule is for <9.4',
  ],
  [
    'two nodes outside',
    { jira: '<9.4' },
    { a: { jira: '9.4.1' }, b: { jira: '9.12.3' } },
    false,
    'a runs jira 9.4.1, b 9.12.3; the rule is for <9.4',
  ],
  [
    'one of two nodes inside',
    { jira: '<9.12' },
    { a: { jira: '9.4.1' }, b: { jira: '9.12.3' } },
    true,
    'a runs jira 9.4.1, b 9.12.3; the rule is for <9.12',
  ],
  [
    'two products, both inside',
    { jira: '9.x', gij: '<5' },
    { n: { jira: '9.4.1', gij: '4.0' } },
    true,
    'you run jira 9.4.1; the rule is for 9.x',
  ],
  [
    'two products, one outside',
    { jira: '9.x', gij: '<5' },
    { n: { jira: '9.4.1', gij: '5.0' } },
    false,
    'you run gij 5.0; the rule is for <5',
  ],
  ['two products, one unknown', { jira: '9.x', gij: '<5' }, { n: { jira: '9.4.1' } }, null, null],
  [
    'two products, one outside and one unknown',
    { jira: '9.x', gij: '<5' },
    { n: { jira: '10.0' } },
    false,
    'you run jira 10.0; the rule is for 9.x',
  ],
  [
    'Java 8 by its old name',
    { java: '>=8 <11' },
    { n: { java: '1.8.0_102' } },
    true,
    'you run java 1.8.0_102; the rule is for >=8 <11',
  ],
  [
    'Java 8 in a rule by its old name',
    { java: '<1.8' },
    { n: { java: '17.0.13+11' } },
    false,
    'you run java 17.0.13+11; the rule is for <1.8',
  ],
  [
    'a plugin',
    { 'plugin:com.example.app': '<2' },
    { n: { 'plugin:com.example.app': '2.1' } },
    false,
    'you run plugin:com.example.app 2.1; the rule is for <2',
  ],
  ['a value that is no version', { databaseVersion: '<2' }, { n: { databaseVersion: 'unknown' } }, null, null],
];

for (const [name, appliesTo, nodes, applies, reason] of VERDICTS) {
  test(`the verdict on ${name}`, () => {
    assert.deepEqual(verdictOf({ appliesTo }, bookOf(nodes)), { applies, reason });
  });
}
