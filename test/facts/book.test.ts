import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FactBook, type FactPlace } from '../../src/facts/book.js';
import { nodeOf } from '../../src/facts/node.js';
import type { Fact, FactKey } from '../../src/model/fact.js';

const fact = (key: FactKey, value: string, origin = 'jira.log', line = 1): Fact => ({ key, value, origin, line });
const at = (time: number | null, source = 0, offset = 0): FactPlace => ({ time, source, offset });
const told = (book: FactBook) =>
  book.facts().map(({ node, key, value, line }) => `${node ?? '-'} ${key} ${value} ${line}`);

test('the newest holds, in whatever order they come', () => {
  const entries = [
    { facts: [fact('jira', '9.4.1', 'jira.log', 10)], place: at(1000) },
    { facts: [fact('jira', '9.12.3', 'jira.log', 20)], place: at(2000) },
    { facts: [fact('jira', '9.12.2', 'jira.log.1', 5)], place: at(1500, 1) },
    { facts: [fact('jira', '8.0', 'old.log', 7)], place: at(null, 2) },
    { facts: [fact('gij', '4.0', 'jira.log', 11), fact('gij', '4.2', 'jira.log', 12)], place: at(1000) },
  ];
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (order) => {
      const book = new FactBook();
      for (const { facts, place } of order) book.add(facts, place);
      assert.deepEqual(told(book), ['- jira 9.12.3 20', '- gij 4.2 12']);
    }),
  );
});

test('a file that tells what is now goes over every log', () => {
  const book = new FactBook();
  book.add([fact('jira', '9.12.3', 'application.xml', 3)], at(Number.POSITIVE_INFINITY));
  book.add([fact('jira', '9.4.1', 'jira.log', 10)], at(9e12));
  assert.deepEqual(told(book), ['- jira 9.12.3 3']);
});

test('nodes are kept apart, by the name that they give themselves or that of their folder', () => {
  const book = new FactBook();
  book.add([fact('jira', '9.4.1', 'b.zip!/node1/application-logs/atlassian-jira.log', 1)], at(1));
  book.add([fact('jira', '9.12.3', 'b.zip!/node2/application-logs/atlassian-jira.log', 2)], at(2));
  book.add([fact('tomcat', '9.0.98', 'b.zip!/node2/tomcat-logs/catalina.out', 3)], at(2));
  book.add([fact('node', 'i-0abc', 'b.zip!/node2/application-config/cluster.properties', 4)], at(2));
  assert.deepEqual(told(book), [
    'node1 jira 9.4.1 1',
    'i-0abc jira 9.12.3 2',
    'i-0abc tomcat 9.0.98 3',
    'i-0abc node i-0abc 4',
  ]);
  assert.deepEqual(book.values('jira'), [
    { node: 'node1', value: '9.4.1' },
    { node: 'i-0abc', value: '9.12.3' },
  ]);
  assert.equal(book.valueFor('b.zip!/node2/tomcat-logs/localhost.log', 'jira'), '9.12.3');
  assert.equal(book.valueFor('b.zip!/node3/x.log', 'jira'), null);
});

test('folders of one name are told with what is around them', () => {
  const book = new FactBook();
  book.add([fact('jira', '9.4.1', 'a/jira/log/atlassian-jira.log')], at(1));
  book.add([fact('jira', '9.4.1', 'b/jira/log/atlassian-jira.log')], at(1));
  book.add([fact('jira', '9.4.1', 'atlassian-jira.log')], at(1));
  assert.deepEqual(
    book.values('jira').map(({ node }) => node),
    ['.', 'a/jira', 'b/jira'],
  );
});

test('what lies in the folders of one home is of one node', () => {
  for (const [origin, node] of [
    ['jira.log', ''],
    ['log/jira.log', ''],
    ['/var/atlassian/jira/log/atlassian-jira.log.2.gz', '/var/atlassian/jira'],
    ['b.zip!/application-logs/jira.log', 'b.zip!'],
    ['b.zip!/node1/application-properties/application.xml', 'b.zip!/node1'],
    ['b.zip!/node1/tomcat-logs/catalina.out', 'b.zip!/node1'],
    ['C:\\jira\\logs\\catalina.out', 'C:/jira'],
  ])
    assert.equal(nodeOf(origin!), node, origin);
});

test('a change is one of a value', () => {
  const book = new FactBook();
  book.add([fact('jira', '9.4.1')], at(1));
  assert.equal(book.changes, 1);
  book.add([fact('jira', '9.4.1', 'jira.log', 50)], at(2));
  assert.equal(book.changes, 1);
  book.add([fact('jira', '9.12.3')], at(1, -1));
  assert.equal(book.changes, 1, 'what is older changes nothing');
  book.add([fact('jira', '9.12.3')], at(3));
  assert.equal(book.changes, 2);
});

test('a book that was kept goes on as it was', () => {
  const book = new FactBook();
  book.add([fact('jira', '9.4.1')], at(5, 1, 100));
  book.add([fact('heap', '8192MB', 'setenv.sh')], at(Number.POSITIVE_INFINITY));
  book.add([fact('java', '17', 'a/x.log')], at(null));
  const kept = new FactBook(JSON.parse(JSON.stringify(book.state())));
  for (const one of [book, kept]) {
    one.add([fact('jira', '9.3')], at(4, 9, 900));
    one.add([fact('heap', '1MB')], at(9e12));
    one.add([fact('java', '21', 'a/x.log')], at(1));
  }
  assert.deepEqual(told(kept), told(book));
  assert.deepEqual(told(kept), ['. jira 9.4.1 1', '. heap 8192MB 1', 'a java 21 1']);
});

test('nodes and facts are bounded', () => {
  const book = new FactBook();
  for (let node = 0; node < 200; node++)
    for (let key = 0; key < 30; key++) book.add([fact(`plugin:a.b${key}`, '1', `n${node}/x.log`)], at(1));
  assert.equal(book.facts().length, 100 * 30);
  for (let key = 0; key < 3000; key++) book.add([fact(`plugin:c.d${key}`, '1', 'n0/x.log')], at(1));
  assert.equal(book.facts().filter(({ node }) => node === 'n0').length, 2000);
});
