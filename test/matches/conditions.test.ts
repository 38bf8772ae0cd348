import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CaptureList, type Test, toTest } from '../../src/matches/conditions.js';
import type { LogRecord } from '../../src/model/log-record.js';
import type { Condition } from '../../src/model/rule.js';
import { jiraLine, jiraRecord, record } from '../helpers/records.js';
import { condition, markers } from '../helpers/rules.js';

/** What a condition captures in a record, or null if it does not hold. */
function asked(match: Condition, of: LogRecord): Record<string, string> | null {
  const captures: CaptureList = [];
  const holds = toTest(match, new Map())(of, captures);
  if (!holds) assert.deepEqual(captures, [], 'what fails leaves no captures');
  return holds ? Object.fromEntries(captures.reverse()) : null;
}

const TRACE = `${jiraLine('sync failed')}
java.lang.RuntimeException: outer text
\tat com.acme.Sync.merge(Sync.java:88)
\tSuppressed: java.io.IOException: on close
\t\tat com.acme.Sync.close(Sync.java:99)
Caused by: java.sql.SQLException: middle 42
\tat com.acme.Db.query(Db.java:12)
Caused by: java.net.ConnectException: Connection refused by db.example.com
\tat java.base/java.net.Socket.connect(Socket.java:5)`;

const CALLS = jiraLine(
  'GET https://dev.azure.com/contoso/_apis/git/refs returned 401; POST https://git.example.com/rest/api/2 returned 403',
);

const JIRA = jiraLine('no connection to the pool');
const PLAIN = 'no connection to the pool';
const NONE: Record<string, string> = {};

const refused = {
  'throwable.type': 'java.net.ConnectException',
  'throwable.message': 'Connection refused by db.example.com',
};
const outer = { 'throwable.type': 'java.lang.RuntimeException', 'throwable.message': 'outer text' };
const azure = {
  'http.status': '401',
  'http.method': 'GET',
  'http.host': 'dev.azure.com',
  'http.path': '/contoso/_apis/git/refs',
};
const rest = {
  'http.status': '403',
  'http.method': 'POST',
  'http.host': 'git.example.com',
  'http.path': '/rest/api/2',
};

const CASES: readonly (readonly [
  name: string,
  match: unknown,
  text: string,
  captures: Record<string, string> | null,
])[] = [
  ['text: it is there', { text: 'no connection' }, JIRA, NONE],
  ['text: it is not there', { text: 'a connection' }, JIRA, null],
  ['text: letter case counts', { text: 'No connection' }, JIRA, null],
  ['text: one of several', { text: ['absent', 'the pool'] }, JIRA, NONE],
  ['text: signs are signs', { text: 'no.connection' }, JIRA, null],
  ['text: any line of the record', { text: 'refused by' }, TRACE, NONE],

  ['pattern: it is there', { pattern: 'to the \\w+$' }, JIRA, NONE],
  ['pattern: it is not there', { pattern: 'to the \\d+$' }, JIRA, null],
  ['pattern: one of several', { pattern: ['\\d{16}', 'po+l'] }, JIRA, NONE],
  [
    'pattern: the ends are those of a line',
    { pattern: '^Caused by: java\\.sql\\.SQLException: middle 42$' },
    TRACE,
    NONE,
  ],
  ['pattern: a dot ends at the line', { pattern: 'failed.*outer' }, TRACE, null],
  ['pattern: named groups capture', { pattern: 'middle (?<number>\\d+)' }, TRACE, { number: '42' }],
  [
    'pattern: a group that took no part captures nothing',
    { pattern: 'middle (?:(?<word>[a-z]+)|(?<number>\\d+))' },
    TRACE,
    { number: '42' },
  ],

  ['level: the same', { level: 'ERROR' }, JIRA, NONE],
  ['level: another', { level: 'WARN' }, JIRA, null],
  ['level: one of several', { level: ['WARN', 'ERROR'] }, JIRA, NONE],
  ['level: from one on', { level: '>=WARN' }, JIRA, NONE],
  ['level: below', { level: '>=FATAL' }, JIRA, null],
  ['level: a record without level passes', { level: 'ERROR' }, PLAIN, NONE],

  ['logger: as the log shortens it', { logger: 'com.atlassian.jira.Pool' }, JIRA, NONE],
  ['logger: another', { logger: 'com.atlassian.jira.Sync' }, JIRA, null],
  ['logger: one of several', { logger: ['Sync', 'Pool'] }, JIRA, NONE],
  ['logger: a record without logger does not pass', { logger: '*' }, PLAIN, null],

  ['file: by its name', { file: 'jira.*' }, JIRA, NONE],
  ['file: by its path', { file: 'var/*/jira.log' }, JIRA, NONE],
  ['file: another', { file: 'catalina.*' }, JIRA, null],

  [
    'throwable: any',
    { throwable: { type: 'java.sql.SQLException' } },
    TRACE,
    { 'throwable.type': 'java.sql.SQLException', 'throwable.message': 'middle 42' },
  ],
  ['throwable: none of that class', { throwable: { type: 'java.lang.Error' } }, TRACE, null],
  ['throwable: the first that fits', { throwable: { message: '\\w' } }, TRACE, outer],
  ['throwable: the outermost', { throwable: { type: 'RuntimeException', position: 'outermost' } }, TRACE, outer],
  [
    'throwable: a cause is not the outermost',
    { throwable: { type: 'ConnectException', position: 'outermost' } },
    TRACE,
    null,
  ],
  ['throwable: the root', { throwable: { type: 'ConnectException', position: 'root' } }, TRACE, refused],
  ['throwable: what has a cause is no root', { throwable: { type: 'SQLException', position: 'root' } }, TRACE, null],
  ['throwable: what is suppressed is no root', { throwable: { type: 'IOException', position: 'root' } }, TRACE, null],
  [
    'throwable: what is suppressed is there',
    { throwable: { type: 'IOException' } },
    TRACE,
    { 'throwable.type': 'java.io.IOException', 'throwable.message': 'on close' },
  ],
  [
    'throwable: the message captures',
    { throwable: { message: 'by (?<host>[^\\s]+)' } },
    TRACE,
    { ...refused, host: 'db.example.com' },
  ],
  ['throwable: the message of another one', { throwable: { type: 'SQLException', message: 'refused' } }, TRACE, null],
  [
    'throwable: a frame',
    { throwable: { frame: 'com.acme.Db.query' } },
    TRACE,
    { 'throwable.type': 'java.sql.SQLException', 'throwable.message': 'middle 42' },
  ],
  [
    'throwable: the frame of another one',
    { throwable: { type: 'ConnectException', frame: 'com.acme.Db' } },
    TRACE,
    null,
  ],
  ['throwable: no exception in the record', { throwable: { type: '*' } }, JIRA, null],

  ['http: the status', { http: { status: 403 } }, CALLS, rest],
  ['http: one of several', { http: { status: [404, 401] } }, CALLS, azure],
  ['http: the method in any letter case', { http: { status: 403, method: 'post' } }, CALLS, rest],
  ['http: the host in any letter case', { http: { host: 'Git.Example.com' } }, CALLS, rest],
  ['http: a glob of hosts', { http: { host: '*.azure.com' } }, CALLS, azure],
  ['http: the path captures', { http: { path: '/{org}/_apis/...' } }, CALLS, { ...azure, org: 'contoso' }],
  [
    'http: the first path that fits captures',
    { http: { path: ['/x', '/{org}/_apis/git/{what}', '/{other}/...'] } },
    CALLS,
    { ...azure, org: 'contoso', what: 'refs' },
  ],
  [
    'http: all parts hold for one call',
    { http: { status: 401, host: 'dev.azure.com', path: '/{org}/...', method: 'GET' } },
    CALLS,
    { ...azure, org: 'contoso' },
  ],
  [
    'http: the status of one call and the host of another',
    { http: { status: 401, host: 'git.example.com' } },
    CALLS,
    null,
  ],
  ['http: the path of one call and the method of another', { http: { path: '/rest/...', method: 'GET' } }, CALLS, null],
  ['http: no host is printed', { http: { status: 401, host: '*' } }, jiraLine('GET /rest/api/2 returned 401'), null],
  [
    'http: no method is printed',
    { http: { status: 401, method: 'GET' } },
    jiraLine('https://git.example.com/rest returned 401'),
    null,
  ],
  ['http: no failed call', { http: { status: 401 } }, JIRA, null],

  ['several keys: all hold', { text: 'pool', level: 'ERROR', logger: 'Pool' }, JIRA, NONE],
  ['several keys: one does not hold', { text: 'pool', level: 'WARN', logger: 'Pool' }, JIRA, null],
  ['all: every part', { all: [{ text: 'no' }, { text: 'pool' }] }, JIRA, NONE],
  ['all: one part fails', { all: [{ text: 'no' }, { text: 'absent' }] }, JIRA, null],
  [
    'all: captures add up, the first of a name counts',
    { all: [{ http: { status: 403 } }, { http: { status: 401, path: '/{org}/...' } }] },
    CALLS,
    { ...azure, org: 'contoso', ...rest },
  ],
  ['any: one part', { any: [{ text: 'absent' }, { text: 'pool' }] }, JIRA, NONE],
  ['any: no part', { any: [{ text: 'absent' }, { text: 'missing' }] }, JIRA, null],
  [
    'any: only the part that holds captures',
    { any: [{ all: [{ pattern: '(?<a>pool)' }, { text: 'absent' }] }, { pattern: '(?<b>connection)' }] },
    JIRA,
    { b: 'connection' },
  ],
  [
    'any: the first part that holds captures',
    { any: [{ pattern: '(?<a>pool)' }, { pattern: '(?<b>connection)' }] },
    JIRA,
    { a: 'pool' },
  ],
  ['none: nothing of it', { none: [{ text: 'absent' }, { text: 'missing' }] }, JIRA, NONE],
  ['none: one of it', { none: [{ text: 'absent' }, { text: 'pool' }] }, JIRA, null],
  [
    'none: captures nothing',
    { all: [{ none: [{ all: [{ pattern: '(?<a>pool)' }, { text: 'absent' }] }] }, { pattern: '(?<b>connection)' }] },
    JIRA,
    { b: 'connection' },
  ],
  ['none in none', { none: [{ none: [{ pattern: '(?<a>pool)' }] }] }, JIRA, NONE],
  [
    'what failed deep inside rolls back',
    {
      any: [
        { all: [{ any: [{ pattern: '(?<a>pool)' }] }, { all: [{ pattern: '(?<b>no)' }, { text: 'absent' }] }] },
        { text: 'pool' },
      ],
    },
    JIRA,
    NONE,
  ],
];

for (const [name, match, text, captures] of CASES) {
  test(name, () => assert.deepEqual(asked(condition(match), record(text, 'var/log/jira.log')), captures));
}

test('a file is asked for by the member of its archive and by its whole name', () => {
  const read = { ...jiraRecord('x'), origin: { path: 'support.zip', member: 'logs/atlassian-jira.log.1' } };
  const holds = (file: string) => asked(condition({ file }), read as LogRecord) !== null;
  assert.deepEqual(['atlassian-jira.log*', 'support.zip!/logs/*', 'support.zip', 'atlassian-jira.log.?'].map(holds), [
    true,
    true,
    false,
    true,
  ]);
});

test('a marker is asked once of a record, however many rules name it', () => {
  const acme = markers({ pool: { any: [{ pattern: '(?<pool>\\w+) pool' }] } });
  const made = new Map<string, Test>();
  const tests = [
    { marker: 'pool' },
    { marker: 'acme/pool', text: 'absent' },
    { all: [{ marker: 'pool' }, { pattern: '(?<no>no)' }] },
    { none: [{ marker: 'pool' }] },
  ].map((match) => toTest(condition(match, acme), made));
  assert.deepEqual([...made.keys()], ['acme/pool']);

  let reads = 0;
  const read = (of: LogRecord) => {
    reads++;
    return of.text;
  };
  const counted = (of: LogRecord): LogRecord => Object.create(of, { text: { get: () => read(of) } });
  const ask = (of: LogRecord) =>
    tests.map((holds) => {
      const captures: CaptureList = [];
      return holds(of, captures) ? Object.fromEntries(captures) : null;
    });
  const first = counted(record(JIRA));
  assert.deepEqual(ask(first), [{ pool: 'the' }, null, { pool: 'the', no: 'no' }, null]);
  assert.equal(reads, 3, 'the text was read for the marker, for `absent` and for `no`');
  assert.deepEqual(
    ask(record(jiraLine('my pool'))),
    [{ pool: 'my' }, null, null, null],
    'another record is asked anew',
  );
  assert.deepEqual(ask(record(jiraLine('nothing'))), [null, null, null, {}]);
  assert.deepEqual(ask(first), [{ pool: 'the' }, null, { pool: 'the', no: 'no' }, null], 'the first one again');
});
