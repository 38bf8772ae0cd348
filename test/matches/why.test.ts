import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toTest } from '../../src/matches/conditions.js';
import { firstFailure, reasonsFor } from '../../src/matches/why.js';
import type { Condition } from '../../src/model/rule.js';
import { jiraLine, jiraRecord, record } from '../helpers/records.js';
import { condition, markers } from '../helpers/rules.js';

const MARKERS = markers({ pool: { any: [{ text: 'my pool' }, { pattern: 'the \\w+' }] } });
const CALL = 'the pool: GET https://dev.azure.com/contoso/_apis/git returned 401';
const TRACE = 'failed\njava.io.IOException: closed\n\tat a.B.c(B.java:1)';

/** The reasons, one a line: whether it holds, as deep as it stands, what it asks and what it found. */
function told(match: unknown, message: string): string[] {
  return reasonsFor(condition(match, MARKERS), record(jiraLine(message), 'logs/jira.log')).map(
    ({ holds, depth, label, detail }) => `${'  '.repeat(depth)}${holds ? '+' : '-'} ${label}: ${detail}`,
  );
}

const CASES: readonly (readonly [name: string, match: unknown, message: string, reasons: string[]])[] = [
  ['a text that is there', { text: ['absent', 'pool'] }, CALL, ['+ text: "pool"']],
  [
    'a text that is not there',
    { text: ['absent', 'missing'] },
    CALL,
    ['- text: "absent" or "missing" is not in the record'],
  ],
  ['a pattern that is there', { pattern: 'p[a-z]+l' }, CALL, ['+ pattern: "pool"']],
  ['a pattern that is not there', { pattern: '\\d{9}' }, CALL, ['- pattern: /\\d{9}/ is not in the record']],
  [
    'a long pattern is shortened',
    { pattern: 'x'.repeat(150) },
    CALL,
    [`- pattern: /${'x'.repeat(97)}.../ is not in the record`],
  ],
  ['a level', { level: '>=FATAL' }, CALL, ['- level: wanted FATAL, found ERROR']],
  ['a logger', { logger: 'Sync' }, CALL, ['- logger: wanted Sync, found c.a.j.Pool']],
  ['a file', { file: 'catalina.*' }, CALL, ['- file: wanted catalina.*, found logs/jira.log']],
  ['a marker that is there', { marker: 'pool' }, CALL, ['+ marker acme/pool: "the pool"']],
  ['a marker that is not there', { marker: 'pool' }, 'x', ['- marker acme/pool: none of its texts is in the record']],
  ['a throwable that is there', { throwable: { type: 'IOException' } }, TRACE, ['+ throwable: java.io.IOException']],
  [
    'a throwable that is not there',
    { throwable: { type: 'SQLException', message: 'x', frame: 'Db', position: 'root' } },
    TRACE,
    ['- throwable: wanted SQLException, message /x/, frame Db (root), found java.io.IOException: closed'],
  ],
  [
    'a throwable where there is none',
    { throwable: { message: 'x' } },
    CALL,
    ['- throwable: wanted message /x/, found no exception'],
  ],
  ['a call that is there', { http: { status: [401, 403], path: '/{org}/...' } }, CALL, ['+ http: 401|403 /{org}/...']],
  [
    'a call: every part that differs',
    { http: { status: 403, method: 'POST', host: '*.example.com', path: '/x' } },
    CALL,
    [
      '- http.status: found 401, wanted 403',
      '- http.method: found GET, wanted POST',
      '- http.host: found dev.azure.com, wanted *.example.com',
      '- http.path: found /contoso/_apis/git, wanted /x',
    ],
  ],
  [
    'a call: the closest one',
    { http: { status: 403, host: 'dev.azure.com' } },
    `${CALL}; GET https://git.example.com/ returned 404`,
    ['- http.status: found 401, wanted 403'],
  ],
  [
    'a call where there is none',
    { http: { status: 403, host: 'a' } },
    'x',
    ['- http: wanted 403 a, found no failed call'],
  ],
  [
    'the outermost all says nothing of itself',
    { all: [{ text: 'pool' }, { level: 'ERROR' }] },
    CALL,
    ['+ text: "pool"', '+ level: wanted ERROR, found ERROR'],
  ],
  [
    'what stands deeper is shown deeper',
    { any: [{ text: 'absent' }, { all: [{ text: 'pool' }, { none: [{ text: 'GET' }] }] }] },
    CALL,
    [
      '- any of: 2 conditions',
      '  - text: "absent" is not in the record',
      '  - all of: 2 conditions',
      '    + text: "pool"',
      '    - none of: 1 conditions',
      '      + text: "GET"',
    ],
  ],
];

for (const [name, match, message, reasons] of CASES) {
  test(name, () => assert.deepEqual(told(match, message), reasons));
}

test('a record without level, logger and time', () => {
  const reasons = reasonsFor(condition({ level: 'ERROR', logger: 'Pool' }), record('no connection'));
  assert.deepEqual(
    reasons.map(({ holds, detail }) => [holds, detail]),
    [
      [true, 'wanted ERROR, found none, which passes'],
      [false, 'wanted Pool, found none'],
    ],
  );
});

const FAILURES: readonly (readonly [name: string, match: unknown, message: string, failure: string | null])[] = [
  ['nothing fails', { text: 'pool' }, CALL, null],
  [
    'the first condition that fails',
    { all: [{ text: 'pool' }, { level: 'WARN' }, { text: 'absent' }] },
    CALL,
    'level: wanted WARN, found ERROR',
  ],
  [
    'the deepest reason',
    { all: [{ any: [{ text: 'absent' }, { text: 'missing' }] }] },
    CALL,
    'text: "absent" is not in the record',
  ],
  ['a branch is not to blame where another one holds', { any: [{ text: 'absent' }, { text: 'pool' }] }, CALL, null],
  [
    'a branch is not to blame for what fails behind it',
    { all: [{ any: [{ text: 'absent' }, { text: 'pool' }] }, { level: 'WARN' }] },
    CALL,
    'level: wanted WARN, found ERROR',
  ],
  [
    'what must not be there is not to blame for being absent',
    { all: [{ none: [{ text: 'absent' }] }, { level: 'WARN' }] },
    CALL,
    'level: wanted WARN, found ERROR',
  ],
  [
    'what must not be there and is',
    { all: [{ text: 'pool' }, { none: [{ text: 'absent' }, { text: 'GET' }] }] },
    CALL,
    'none of: text: "GET"',
  ],
  [
    'what must not be there and is, under all',
    { none: [{ all: [{ text: 'pool' }, { level: 'ERROR' }] }] },
    CALL,
    'none of: text: "pool"',
  ],
];

for (const [name, match, message, failure] of FAILURES) {
  test(`why not: ${name}`, () => assert.equal(firstFailure(condition(match), jiraRecord(message)), failure));
}

test('there is a reason exactly when there is no match', () => {
  const leaf = fc.constantFrom<Condition>(
    { kind: 'text', literals: ['pool'] },
    { kind: 'text', literals: ['absent'] },
    { kind: 'level', levels: ['WARN'] },
    { kind: 'http', http: { statuses: [401], methods: [], hosts: [], paths: [] } },
  );
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.record({
        kind: fc.constantFrom('all' as const, 'any' as const, 'none' as const),
        of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  const of = jiraRecord(CALL);
  fc.assert(
    fc.property(tree, (match) => assert.equal(firstFailure(match, of) === null, toTest(match, new Map())(of, []))),
  );
});
