import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { loadRules } from '../../src/index.js';
import type { Rule } from '../../src/model/rule.js';
import { isAppFrame, maskMessage } from '../../src/pipeline.js';
import { recordsOf } from '../../src/read.js';
import { draftRule } from '../../src/rules/draft.js';
import { parseRule } from '../../src/rules/parse.js';
import { problemText } from '../../src/rules/problem.js';
import { compiled } from '../helpers/rules.js';

const HEADER = '2026-11-20 09:14:03,118+0000 main ERROR jdoe 554x1x1 1a2b3c 192.0.2.7 /x [c.acme.Sync]';

function drafted(text: string, file: string | null = null, also: readonly string[] = []): string {
  const records = recordsOf(text, file ?? 'example.log');
  const record = records.reduce((a, b) => (b.text.length > a.text.length ? b : a));
  const { line, endLine } = record;
  return draftRule('acme/new', { text, file, record, line, endLine }, also, { maskMessage, isAppFrame });
}

/** The rule that is drafted, which must be whole. */
function ruleOf(yaml: string): Rule {
  const { value, document } = parseRule('new.yaml', 'acme/new', yaml, new Map());
  assert.ok(value, `${document.problems.map(problemText).join('\n')}\n${yaml}`);
  return value;
}

interface Case {
  readonly name: string;
  readonly log: string;
  readonly file?: string;
  readonly match: unknown;
  readonly title: string;
  readonly product: string;
}

const CASES: readonly Case[] = [
  {
    name: 'the root cause of a trace, without numbers, ids and quoted values',
    log: `${HEADER} Sync failed
com.acme.SyncException: Could not merge
\tat com.acme.Merger.merge(Merger.java:88)
Caused by: java.lang.IllegalStateException: Worklog 48211 of 'OPS-12' is locked (by another merge) since 09:13:22
\tat com.acme.Lock.take(Lock.java:31)
\tSuppressed: java.io.IOException: not this one
\t\tat com.acme.Lock.close(Lock.java:40)`,
    match: {
      throwable: {
        type: 'java.lang.IllegalStateException',
        message: 'is locked \\(by another merge\\) since',
        position: 'root',
      },
    },
    title: 'Worklog … of … is locked (by another merge) since …',
    product: 'Jira',
  },
  {
    name: 'an exception without a message by the first frame of an application',
    log: `${HEADER} Something in {braces} went wrong
java.lang.NullPointerException
\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)
\tat com.acme.Merger$1.lambda$merge$12(Merger.java:88)
\tat app//com.acme.Merger.merge(Merger.java:90)`,
    match: {
      throwable: { type: 'java.lang.NullPointerException', frame: 'com.acme.Merger.merge', position: 'root' },
    },
    title: 'Something in braces went wrong',
    product: 'Jira',
  },
  {
    name: 'an exception that says nothing by the logger and the message as well',
    log: `${HEADER} The queue is full\njava.lang.NullPointerException\n\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)`,
    match: {
      throwable: { type: 'java.lang.NullPointerException', position: 'root' },
      logger: 'c.acme.Sync',
      text: 'The queue is full',
    },
    title: 'The queue is full',
    product: 'Jira',
  },
  {
    name: 'a failed call by status, host and path, with * for ids',
    log: `${HEADER} POST https://sync.example.com/api/v2/projects/10203/worklogs/OPS-7?x=1 returned 503`,
    match: { http: { status: 503, host: 'sync.example.com', path: '/api/v2/projects/*/worklogs/*' } },
    title: 'POST /api/v2/projects/*/worklogs/* at sync.example.com fails with 503',
    product: 'Jira',
  },
  {
    name: 'exception and failed call where both are there',
    log: `${HEADER} x\njava.io.IOException: GET https://192.0.2.9/a/status was answered badly: 502 Bad Gateway\n\tat com.acme.A.b(A.java:1)`,
    match: {
      throwable: { type: 'java.io.IOException', message: 'was answered badly', position: 'root' },
      http: { status: 502, path: '/a/status' },
    },
    title: 'GET … was answered badly: … Bad Gateway',
    product: 'Jira',
  },
  {
    name: 'a record without an exception by logger and text, what is masked left out',
    log: `${HEADER} Mailbox support@example.com was not opened, token=[masked:token] after 3 attempts`,
    match: { logger: 'c.acme.Sync', text: 'was not opened, token' },
    title: 'Mailbox … was not opened, token=… after … attempts',
    product: 'Jira',
  },
  {
    name: 'a line of JSON',
    log: '{"timestamp":"2026-11-20T09:14:03.118Z","level":"ERROR","logger":"com.acme.Sync","message":"The pool \\"main\\" has no connection left"}',
    match: { logger: 'com.acme.Sync', text: 'has no connection left' },
    title: 'The pool … has no connection left',
    product: 'TODO',
  },
  {
    name: 'a record of catalina.out',
    log: '20-Nov-2026 09:14:03.118 SEVERE [main] org.apache.catalina.core.StandardService.initInternal Failed to initialize connector [Connector[HTTP/1.1-8080]]',
    match: {
      logger: 'org.apache.catalina.core.StandardService',
      text: 'Failed to initialize connector [Connector[HTTP',
    },
    title: 'Failed to initialize connector [Connector[HTTP/…-…]]',
    product: 'Tomcat',
  },
  {
    name: 'a record of Confluence',
    log: '2026-11-20 09:14:03,118 ERROR [http-nio-8090-exec-7] [atlassian.confluence.util.Cleaner] run The attachment cannot be removed',
    match: { logger: 'atlassian.confluence.util.Cleaner', text: 'run The attachment cannot be removed' },
    title: 'run The attachment cannot be removed',
    product: 'Confluence',
  },
  {
    name: 'a text of no known layout, by itself',
    log: '12 34 56',
    match: { text: '12 34 56' },
    title: 'TODO: the problem in one line',
    product: 'TODO',
  },
];

describe('a draft matches', () => {
  for (const { name, log, match, title, product } of CASES) {
    test(name, () => {
      const yaml = drafted(log);
      const rule = ruleOf(yaml);
      assert.deepEqual(parse(yaml).match, match);
      assert.deepEqual([rule.title, rule.products, rule.examples.matches[0]!.log], [title, [product], `${log}\n`]);
      assert.match(yaml, /\n {4}- log: \|\n {8}\S/);
    });
  }
});

test('a draft names the file of its example and rules that match it, too', () => {
  const example = ruleOf(drafted(`${HEADER} The queue is full`, 'catalina.out', ['jira/home-locked'])).examples
    .matches[0]!;
  assert.deepEqual([example.file, example.also], ['catalina.out', ['jira/home-locked']]);
});

for (const text of [
  '  indented\n and not  \n\n\n more',
  '\ttab',
  '# no comment: {a}',
  'a\x01b\x85c\u2028d\ufeffe',
  'it\'s "x" \\n',
  '--- a\n...\n%b',
  'a\rb',
]) {
  test(`the example stays what it is: ${JSON.stringify(text)}`, () => {
    assert.equal(ruleOf(drafted(text)).examples.matches[0]!.log, `${text}\n`);
  });
}

test('the draft of every record that a shipped rule knows is whole and matches it', async () => {
  const rules = (await loadRules()).flatMap((pack) => pack.rules);
  let count = 0;
  for (const { id, examples } of rules) {
    for (const { log, file } of examples.matches) {
      const draft = ruleOf(drafted(log.trimEnd(), file));
      const matches = recordsOf(draft.examples.matches[0]!.log, file ?? 'example.log').flatMap((record) => [
        ...compiled([draft]).match(record),
      ]);
      assert.ok(matches.length > 0, `${id}: ${JSON.stringify(draft.match)}\n${log}`);
      count++;
    }
  }
  assert.ok(count > 300, String(count));
});

test('what a block of YAML may not say is written out', () => {
  const yaml = drafted('all is well\x1b[2J');
  assert.match(yaml, /- log: "all is well\\e\[2J\\n"/);
});
