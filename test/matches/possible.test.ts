import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { needsOf } from '../../src/matches/literals.js';
import { PossibleRules } from '../../src/matches/possible.js';
import type { Need, Needs } from '../../src/model/literal.js';
import { parseHttpFailures } from '../../src/records/http.js';
import { condition, markers } from '../helpers/rules.js';

/** A need in short: literals with `|` between them (`~` is any letter case), statuses as numbers, branches as lists. */
type Shown = string | readonly number[] | { readonly any: readonly (readonly Shown[])[] };

function shown(need: Need): Shown {
  if ('literals' in need) return need.literals.map(({ text, caseless }) => `${caseless ? '~' : ''}${text}`).join('|');
  if ('statuses' in need) return need.statuses;
  return { any: need.branches.map((branch) => branch.map(shown)) };
}

const MARKERS = markers({ gone: { all: [{ text: 'connection' }, { text: 'lost' }] } });

const NEEDS: readonly (readonly [name: string, match: unknown, literals: string | null, further: readonly Shown[]])[] =
  [
    ['a text needs nothing else', { text: 'no connection' }, 'no connection', []],
    ['a level needs nothing', { level: 'ERROR' }, null, []],
    ['none needs nothing', { none: [{ text: 'one' }] }, null, []],
    ['all: the rest of it', { all: [{ text: 'three' }, { text: 'one' }, { text: 'two' }] }, 'three', ['one', 'two']],
    ['all: the same once', { all: [{ text: 'three' }, { text: 'one' }, { text: 'one' }] }, 'three', ['one']],
    ['all: a text of two characters is in every record', { all: [{ text: 'three' }, { text: 'ab' }] }, 'three', []],
    [
      'all: what must not be there is not needed',
      { all: [{ text: 'three' }, { none: [{ text: 'one' }] }] },
      'three',
      [],
    ],
    [
      'all: no more than six',
      { all: ['longest text', 'aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff', 'ggg'].map((text) => ({ text })) },
      'longest text',
      ['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff'],
    ],
    [
      'any: what each branch needs',
      { any: [{ text: 'one' }, { text: 'two' }] },
      'one|two',
      [{ any: [['one'], ['two']] }],
    ],
    [
      'any: everything of a branch',
      { any: [{ all: [{ text: 'three' }, { text: 'one' }] }, { text: 'two' }] },
      'three|two',
      [{ any: [['three', 'one'], ['two']] }],
    ],
    ['any: a branch that needs nothing', { any: [{ text: 'one' }, { level: 'ERROR' }] }, null, []],
    ['a marker: what its condition needs', { marker: 'gone' }, 'connection', ['lost']],
    [
      'a marker among others',
      { all: [{ marker: 'gone' }, { text: 'a longer text' }] },
      'a longer text',
      ['connection', 'lost'],
    ],
    ['a call: its status', { http: { status: 401, host: 'acme.example.com' } }, '~acme.example.com', [[401]]],
    ['a call: one of its statuses', { http: { status: [401, 403], path: '/_apis' } }, '/_apis|\\/_apis', [[401, 403]]],
    [
      'a call: host, path and status',
      { http: { status: 401, host: 'acme.example.com', path: '/_apis/{id}' } },
      '~acme.example.com',
      ['/_apis|\\/_apis', [401]],
    ],
    ['a call: the status alone', { http: { status: 401 } }, null, [[401]]],
    ['a call: no status', { http: { host: 'acme.example.com' } }, '~acme.example.com', []],
    [
      'a throwable: class and message',
      { throwable: { type: 'java.net.ConnectException', message: 'refused' } },
      'ConnectException',
      ['refused'],
    ],
    [
      'a throwable: class, message and frame',
      {
        throwable: { type: 'a.OneException', message: 'no (?:more|less) of \\d+ items', frame: 'com.acme.Sync.merge' },
      },
      'OneException',
      ['no ', 'more|less', ' of ', ' items', 'merge'],
    ],
    ['a pattern: all of its pieces', { pattern: 'took \\d+ seconds of \\w+ time' }, ' seconds of ', ['took ', ' time']],
    [
      'a pattern: alternatives count by their shortest',
      { pattern: '(?:cat|dog) of \\d+ (?:a|b)' },
      ' of ',
      ['cat|dog'],
    ],
  ];

for (const [name, match, literals, further] of NEEDS) {
  test(`what is needed: ${name}`, () => {
    const needs = needsOf(condition(match, MARKERS));
    assert.deepEqual(
      { literals: needs.literals && shown({ literals: needs.literals }), further: needs.further.map(shown) },
      { literals, further },
    );
  });
}

/** Whether a rule may match, asked without a knowledge of the literals and with it: both say the same. */
function mayMatch(needs: Needs, text: string): boolean {
  const rules = new PossibleRules([needs]);
  const found = rules.rules(text, null).length > 0;
  const held = (needs.literals ?? []).flatMap(({ text: literal }, at) => (text.includes(literal) ? [at] : []));
  assert.equal(rules.mayMatch(text, held), found);
  return found;
}

const UNAUTHORIZED: Needs = needsOf(condition({ http: { status: 401 } }));
const FORBIDDEN: Needs = needsOf(condition({ http: { status: 403 } }));
const URL = 'https://dev.example.com/_apis';

const STATUSES: readonly (readonly [name: string, text: string, of401: boolean, of403: boolean])[] = [
  ['HTTP and a number', `GET ${URL} HTTP 401`, true, false],
  ['a number in parentheses', `${URL} Unauthorized (401)`, true, false],
  ['a field of JSON', `{"url":"${URL}","status":401}`, true, false],
  ['a field of JSON inside a text', `{\\"url\\":\\"${URL}\\",\\"status\\":403}`, false, true],
  ['an arrow', `${URL} -> 401`, true, false],
  ['a time that it took is no status', `${URL} -> 200 in 401 ms`, false, false],
  ['nor is one without a blank', `${URL} -> 200 in 401ms`, false, false],
  ['nor are bytes', `${URL} 200, 403 bytes`, false, false],
  ['nor is a part of a longer number', `${URL} -> 4010 14013 1.401 401.5 401%`, false, false],
  ['nor a part of a path, a name or an address', `${URL}/401 x-401 a401 #401 401x 10.0.0.401`, false, false],
  ['nor a process', 'ERROR 401 --- [main] it failed', false, false],
  ['a number that ends a sentence', `${URL} returned 401.`, true, false],
  ['a number before a colon', `${URL} returned 403: no`, false, true],
  ['the name of a status', `${URL} HTTP status: Unauthorized`, true, true],
  ['the name of a status in other letter case', `${URL} http STATUS: forbidden`, true, true],
  ['the name of a status code', `${URL} StatusCode: Forbidden`, true, true],
  ['git', `${URL}: not authorized`, true, true],
  ['git-upload-pack', `${URL} git-upload-pack not permitted on`, true, true],
  ['git-receive-pack', `git-receive-pack not permitted on ${URL}`, true, true],
  ['a failed authentication', `Authentication failed for '${URL}'`, true, true],
  ['a name by itself', `${URL} Unauthorized`, false, false],
  ['another number', `${URL} returned 500`, false, false],
  ['nothing', '', false, false],
];

for (const [name, text, of401, of403] of STATUSES) {
  test(`whether a call may have failed so: ${name}`, () => {
    assert.deepEqual([mayMatch(UNAUTHORIZED, text), mayMatch(FORBIDDEN, text)], [of401, of403]);
    for (const { status } of parseHttpFailures(text)) assert.ok(mayMatch(ofStatus(status), text));
  });
}

function ofStatus(status: number): Needs {
  return { literals: null, further: [{ statuses: [status] }] };
}

const PHRASES = [
  'HTTP/1.1 ',
  'HTTP ',
  'HTTP error code: ',
  'HTTP status ',
  'status code ',
  'Status Code - ',
  'status: ',
  'status:',
  'status was ',
  'returned ',
  'got a ',
  'received response ',
  '-> ',
  '→ ',
  'indicate success: ',
  'failed with ',
  'Client error - ',
  'returned error: ',
  '"status":',
  '\\"status_code\\" : \\"',
  'http.response.status_code=',
  '\n  statusCode: ',
  'Unauthorized (',
  'failed: (',
  'Forbidden (',
  ': ',
  ' ',
  '" ',
  '-',
  '/',
  '.',
  ',',
  'SQL error ',
];
const NUMBERS = ['203', '302', '401', '403', '404', '407', '500', '503', '200', '600', '4011'];
const TAILS = [
  '',
  ' ',
  ')',
  '.',
  ',',
  ':',
  '\n',
  '"',
  ' Unauthorized',
  ' (Forbidden)',
  ' - Not Found',
  '\n  Client Error',
  ': Server Error',
  ') Unauthorized',
  ' {"a":1}',
  ' ms',
  'ms',
  ' bytes',
  '\tlines',
  ' more',
  ' of 7',
  ' --- [main]',
  ' minutes-long',
  ' s-maxage',
  '/1',
  '.5',
  '. 5',
  '-5',
  '%',
  'x',
];
const WORDED = [
  ': not authorized',
  ': NOT Authorized',
  ' git-upload-pack not permitted',
  ' git-receive-pack not permitted on ',
  ' GIT-Upload-Pack Not Permitted ',
  " Authentication failed for '",
  ' authentication FAILED for "',
  ' HTTP status: Unauthorized',
  ' http Status = forbidden',
  ' HTTP response code: NotFound',
  ' StatusCode: Unauthorized',
  ' status code=InternalServerError',
  ' STATUS CODE : BadGateway ',
];
const TARGETS = [
  URL,
  'GET /rest/api HTTP/1.1',
  '"path":"/_apis/x"',
  'https:\\/\\/dev.example.com\\/_apis',
  'POST http://a.example/401 ',
];

const one = (items: readonly string[]) => fc.constantFrom(...items);
const SAID = fc.tuple(one(PHRASES), one(NUMBERS), one(TAILS)).map((parts) => parts.join(''));
const CALLS = fc
  .array(
    fc.oneof(
      one(TARGETS),
      SAID,
      fc.tuple(one(['', ' ', ': ']), SAID).map((parts) => parts.join('')),
      one(WORDED),
      one([' ', '\n', ' and ', ' for ', "'", '"']),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((parts) => one(TARGETS).map((target) => [target, ...parts].join('')));

test('whatever failure of a call is found, a rule for its status may match', () => {
  const statuses = new Map<number, number>();
  fc.assert(
    fc.property(CALLS, (text) => {
      for (const { status } of parseHttpFailures(text)) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        assert.ok(mayMatch(ofStatus(status), text), `${status} in ${text}`);
      }
    }),
    { numRuns: 10_000 },
  );
  for (const status of [203, 302, 401, 403, 404, 407, 500, 502, 503])
    assert.ok((statuses.get(status) ?? 0) > 20, `${status} was found ${statuses.get(status)} times`);
});

test('of several rules those are possible whose needs are met, in their order', () => {
  const rules = new PossibleRules(
    [
      { all: [{ text: 'connection' }, { text: 'lost' }] },
      { any: [{ all: [{ text: 'connection' }, { text: 'found' }] }, { text: 'nothing' }] },
      { text: 'connection' },
      { http: { status: 401 } },
      { level: 'ERROR' },
    ].map((match) => needsOf(condition(match))),
  );
  assert.equal(rules.literals, null, 'one of them may match any text');
  assert.deepEqual(rules.rules('a connection', null), [2, 4]);
  assert.deepEqual(rules.rules('a lost connection', null), [0, 2, 4]);
  assert.deepEqual(rules.rules('a connection was found: HTTP 401', null), [1, 2, 3, 4]);
  assert.deepEqual(rules.rules('nothing', null), [1, 4]);
  assert.deepEqual(rules.rules('', null), [4]);
});

test('what is known of one text is forgotten for the next one', () => {
  const rules = new PossibleRules([
    needsOf(condition({ all: [{ text: 'connection' }, { text: 'lost' }] })),
    UNAUTHORIZED,
  ]);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(rules.rules('connection lost: HTTP 401', null), [0, 1]);
    assert.deepEqual(rules.rules('connection', null), []);
    assert.deepEqual(rules.rules('connection, repository: not authorized', null), [1]);
  }
});
