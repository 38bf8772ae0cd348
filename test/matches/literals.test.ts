import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toTest } from '../../src/matches/conditions.js';
import { literalsOf, literalsOfPattern, needsOf, shortest } from '../../src/matches/literals.js';
import { PossibleRules } from '../../src/matches/possible.js';
import type { Literal } from '../../src/model/literal.js';
import type { LogRecord } from '../../src/model/log-record.js';
import type { Condition } from '../../src/model/rule.js';
import { record } from '../helpers/records.js';
import { condition } from '../helpers/rules.js';

/** The literals in short: a caseless one has a `~` before it. */
const shown = (literals: readonly Literal[] | null) =>
  literals?.map(({ text, caseless }) => `${caseless ? '~' : ''}${text}`) ?? null;

const CONDITIONS: readonly (readonly [name: string, match: unknown, literals: string[] | null])[] = [
  ['a text', { text: 'no connection' }, ['no connection']],
  ['one of several texts', { text: ['one', 'two'] }, ['one', 'two']],
  ['all: the longest one', { all: [{ text: 'one' }, { text: 'three' }, { level: 'ERROR' }] }, ['three']],
  [
    'all: of equally long ones the one with fewer alternatives',
    { all: [{ text: ['one', 'two'] }, { text: 'six' }] },
    ['six'],
  ],
  ['any: those of every branch', { any: [{ text: 'one' }, { pattern: 'tw+o' }, { text: 'one' }] }, ['one', 't']],
  ['any: a branch without one', { any: [{ text: 'one' }, { level: 'ERROR' }] }, null],
  [
    'any: a host that is also a text is looked for in any letter case',
    { any: [{ text: 'acme.example.com' }, { http: { host: 'acme.example.com' } }] },
    ['~acme.example.com'],
  ],
  [
    'any: a text that is also a host is looked for in any letter case',
    { any: [{ http: { host: 'acme.example.com' } }, { text: 'acme.example.com' }] },
    ['~acme.example.com'],
  ],
  ['none: nothing', { none: [{ text: 'one' }] }, null],
  ['a level: nothing', { level: 'ERROR' }, null],
  ['a file: nothing', { file: '*.log' }, null],
  ['a logger: its last part', { logger: 'com.acme.rest.Foo' }, ['Foo']],
  ['a glob of loggers: its longest part', { logger: 'com.acme.synchrony.*' }, ['synchrony']],
  ['a glob of all loggers', { logger: '*' }, null],
  ['a throwable: its class', { throwable: { type: 'java.net.ConnectException' } }, ['ConnectException']],
  [
    'a throwable: the longest of class, message and frame',
    { throwable: { type: 'acme.E', message: 'refused by', frame: 'com.acme.Sync.merge' } },
    ['refused by'],
  ],
  [
    'a call: the longest fixed piece of the path, also as JSON prints it',
    { http: { status: 401, path: '/{org}/_apis/git/...' } },
    ['/_apis/git', '\\/_apis\\/git'],
  ],
  ['a call: the host in any letter case', { http: { status: 401, host: 'Acme.example.com' } }, ['~acme.example.com']],
  ['a call: the fixed piece of a glob of hosts', { http: { host: '*.example.com' } }, ['~.example.com']],
  ['a call: the status has none', { http: { status: 401 } }, null],
  ['a question mark in a glob is no text', { http: { host: 'dev?.example.com' } }, ['~.example.com']],
  ['a question mark in a glob of classes is no text', { throwable: { type: 'com.acme.Synchron?zer*' } }, ['Synchron']],
];

for (const [name, match, literals] of CONDITIONS) {
  test(name, () => assert.deepEqual(shown(literalsOf(condition(match))), literals));
}

const PATTERNS: readonly (readonly [source: string, literals: string[] | null])[] = [
  ['no connection', ['no connection']],
  ['^no connection$', ['no connection']],
  ['took \\d+ seconds', [' seconds']],
  ['colou?r of it', ['r of it']],
  ['ab+cd', ['cd']],
  ['a(?:bc)d', ['abcd']],
  ['a(?<x>bc)d', ['abcd']],
  ['a(?:bc)*d', ['a']],
  ['(?:cat|dog)s', ['cat', 'dog']],
  ['cat|dog', ['cat', 'dog']],
  ['cat|\\d', null],
  ['(?:cat|\\d)fish', ['fish']],
  ['(?:long text)+', ['long text']],
  ['(?:ab){2,3}', ['ab']],
  ['(?:long text){0,1}x', ['x']],
  ['[Nn]o connection', ['o connection']],
  ['a\\.b\\/c', ['a.b/c']],
  ['\\x41\\u0042\\t', ['AB\t']],
  ['a\\bb', ['ab']],
  ['.*', null],
  ['', null],
];

for (const [source, literals] of PATTERNS) {
  test(`the literals of /${source}/`, () => assert.deepEqual(shown(literalsOfPattern(source)), literals));
}

test('more than 32 alternatives help nobody', () => {
  const texts = (count: number) => Array.from({ length: count }, (_, index) => `text ${index}`);
  const any = (count: number) => condition({ any: texts(count).map((text) => ({ text })) });
  assert.equal(literalsOf(any(32))?.length, 32);
  assert.equal(literalsOf(any(33)), null);
  assert.deepEqual(shown(literalsOf(condition({ all: [{ text: texts(33) }, { text: 'x' }] }))), ['x']);
});

test('a set is worth its shortest text', () => {
  assert.equal(shortest(null), 0);
  assert.equal(shortest([]), 0);
  assert.equal(
    shortest([
      { text: 'abc', caseless: false },
      { text: 'ab', caseless: true },
    ]),
    2,
  );
});

/** Whether one of the literals is in the text. */
function isThere(literals: readonly Literal[], text: string): boolean {
  return literals.some((literal) =>
    literal.caseless ? text.toLowerCase().includes(literal.text.toLowerCase()) : text.includes(literal.text),
  );
}

const CLASSES = [
  'java.net.ConnectException',
  'c.a.jira.Sync',
  'com.acme.jira.Sync',
  'com.acme.jira.Outer$Inner',
  'java.io.IOException',
  'Sync',
];
const CLASS_GLOBS = [
  'Sync',
  'jira.Sync',
  'com.acme.jira.Sync',
  'com.acme.*',
  '*Exception',
  'java.?et.Connect?xception*',
  'c.a.j.Sync',
  'com.acme.jira.Sync.merge',
  '*.Outer$*',
  'ConnectException',
];
const HOSTS = ['dev.azure.com', 'Dev.Azure.COM', 'app.vssps.visualstudio.com', 'example.com:8443', 'user@example.com'];
const HOST_GLOBS = [
  'dev.azure.com',
  '*.azure.com',
  'd?v.azure.com',
  '*',
  'example.com',
  '*.VISUALSTUDIO.com',
  'app*com',
];
const PATHS = [
  '/contoso/_apis/git/repositories',
  '//contoso//_apis',
  '/_apis/git/',
  '/rest/api/2/issue',
  '',
  '/{org}/_apis',
  '/a.b/...',
];
const TEMPLATES = [
  '/{org}/_apis/...',
  '/_apis/git',
  '.../git/{what}',
  '/*/_apis/git/*',
  '...',
  '/',
  '/rest/api/...',
  '.../_apis',
  '/{org}/...',
  '//contoso/...',
  '/contoso/_apis',
];
const WORDS = ['401', 'Unauthorized', 'no connection', 'Forbidden (403)', 'refused', 'aaab', 'ab', 'abab'];
const PATTERN_PARTS = [
  'a',
  'b',
  'a+',
  '(?:ab)+',
  '(?:a|b)',
  '(?:ab|\\d)',
  '[ab]',
  '\\w',
  '.',
  'b?',
  'a*',
  'x{2,3}',
  '^',
  '$',
  '\\b',
  '(?:ab?)',
  'refused',
  '\\.',
  '(?:(?:a|ab)|c)',
  '(?:|a)',
  'a{0}',
];

const oneOf = <T>(items: readonly T[]) => fc.constantFrom(...items);
const some = <T>(items: readonly T[]) => fc.uniqueArray(oneOf(items), { minLength: 1, maxLength: 3 });
const maybe = <T>(items: readonly T[]) => fc.oneof(fc.constant<readonly T[]>([]), some(items));
const patterns = fc
  .array(fc.oneof(oneOf(PATTERN_PARTS), fc.constant('|')), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));

const leaves: fc.Arbitrary<Condition> = fc.oneof(
  some(WORDS).map((literals): Condition => ({ kind: 'text', literals })),
  patterns.map((source): Condition => ({ kind: 'pattern', source })),
  some(CLASS_GLOBS).map((names): Condition => ({ kind: 'logger', names })),
  fc
    .record({
      types: maybe(CLASS_GLOBS),
      message: fc.oneof(fc.constant(null), patterns),
      frames: maybe(CLASS_GLOBS),
      position: oneOf(['any', 'root'] as const),
    })
    .map((throwable): Condition => ({ kind: 'throwable', throwable })),
  fc
    .record({
      statuses: maybe([401, 403]),
      methods: maybe(['GET']),
      hosts: maybe(HOST_GLOBS.map((host) => host.toLowerCase())),
      paths: maybe(TEMPLATES),
    })
    .map((http): Condition => ({ kind: 'http', http })),
  fc.constant<Condition>({ kind: 'level', levels: ['ERROR'] }),
);
const conditions = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    leaves,
    fc.record({
      kind: oneOf(['all', 'any', 'none'] as const),
      of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    tie('tree').map((inner): Condition => ({ kind: 'marker', name: JSON.stringify(inner), condition: inner })),
  ),
})).tree;

const URLS = fc
  .tuple(
    oneOf(['GET ', '']),
    oneOf(['http', 'https', 'HTTPS']),
    oneOf(HOSTS),
    oneOf(PATHS),
    oneOf(['?a=/_apis/git', '']),
    fc.boolean(),
  )
  .map(([method, scheme, host, path, query, escaped]) => {
    const url = `${scheme}://${host}${path}${query}`;
    return method + (escaped ? url.replaceAll('/', '\\/') : url);
  });
const THROWABLES = fc
  .tuple(oneOf(CLASSES), oneOf(WORDS), oneOf(CLASSES), oneOf(['', 'java.base/', 'app//']))
  .map(([type, message, frame, module]) => `\n${type}: ${message}\n\tat ${module}${frame}.merge(Sync.java:88)`);
const texts = fc
  .tuple(
    oneOf(CLASSES),
    fc.array(
      fc.oneof(
        URLS,
        oneOf(WORDS),
        THROWABLES,
        oneOf(['returned 401', 'status: 403', '\nCaused by: java.io.IOException: refused']),
      ),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([logger, parts]) => `2026-11-20 09:14:03,118+0000 main ERROR      [${logger}] ${parts.join(' ')}`);

test('whatever matches, one of the literals is in the text', () => {
  let matched = 0;
  fc.assert(
    fc.property(conditions, texts, (tree, text) => {
      const literals = literalsOf(tree);
      if (literals === null) return;
      const read: LogRecord = record(text);
      if (!toTest(tree, new Map())(read, [])) return;
      matched++;
      assert.ok(isThere(literals, read.text), `${JSON.stringify(shown(literals))} in ${text}`);
    }),
    { numRuns: 5000 },
  );
  assert.ok(matched > 100, `only ${matched} of the conditions matched`);
});

test('whatever matches, everything that is needed is there', () => {
  let matched = 0;
  let further = 0;
  fc.assert(
    fc.property(conditions, texts, (tree, text) => {
      const read: LogRecord = record(text);
      if (!toTest(tree, new Map())(read, [])) return;
      const needs = needsOf(tree);
      matched++;
      if (needs.further.length > 0) further++;
      const rules = new PossibleRules([needs]);
      const held = (needs.literals ?? []).flatMap((literal, at) => (isThere([literal], read.text) ? [at] : []));
      assert.ok(rules.mayMatch(read.text, held), `${JSON.stringify(needs)} in ${text}`);
      assert.deepEqual(rules.rules(read.text, null), [0], `${JSON.stringify(needs)} in ${text}`);
      assert.deepEqual(rules.rules(read.text, held), [0]);
    }),
    { numRuns: 5000 },
  );
  assert.ok(matched > 100 && further > 50, `only ${matched} of the conditions matched, ${further} with further needs`);
});

test('whatever a pattern matches, one of its literals is in the text', () => {
  const short = fc.string({ unit: oneOf(['a', 'b', 'c', 'x', '1', '.', '\n', 'refused']), maxLength: 8 });
  fc.assert(
    fc.property(patterns, short, (source, text) => {
      const literals = literalsOfPattern(source);
      if (literals !== null && new RegExp(source, 'm').test(text))
        assert.ok(isThere(literals, text), JSON.stringify(shown(literals)));
    }),
    { numRuns: 5000 },
  );
});
