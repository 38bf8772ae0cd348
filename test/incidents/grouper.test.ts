import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_GROUPS, MAX_UNKNOWN } from '../../src/incidents/grouper.js';
import { goesOn, type Incident } from '../../src/model/incident.js';
import { findingsOf, seenIn } from '../helpers/found.js';
import { jiraLine, jiraRecord, record } from '../helpers/records.js';
import { rule } from '../helpers/rules.js';

const pool = rule({
  id: 'acme/pool',
  title: 'No connection to {host}',
  severity: 'high',
  products: ['Jira', 'Confluence'],
  tags: ['database'],
  match: { pattern: 'no connection to (?<host>[\\w.]+)(?: as (?<name>\\w+))?' },
  groupBy: ['host'],
  cause: 'The pool of {host} is empty for {name}.',
  solutions: [{ summary: 'Make the pool of {host} larger.', steps: ['Ask {user}.', 'Set it.'] }],
  references: [{ title: 'A page', url: 'https://example.com/' }],
  checked: '2026-11-20',
  notThisIf: 'It is not {host}.',
  fixedIn: { jira: '10.1' },
});

const at = (second: string, message: string, file = 'jira.log') =>
  jiraRecord(message, { time: `2026-11-20 09:14:${second}+0000` }, file);

test('a whole incident', () => {
  const { incidents, notices, unknown, span, exceeded } = findingsOf(
    [pool],
    seenIn([at('03,118', 'no connection to db.example.com')]),
  );
  const expected: Incident = {
    kind: 'incident',
    schema: 'logscan.incident/1',
    id: 'inc_b95bace0a484',
    event: 'found',
    revision: 1,
    rule: { id: 'acme/pool', pack: 'acme', status: 'stable', tags: ['database'] },
    title: 'No connection to db.example.com',
    severity: 'high',
    confidence: 'high',
    products: ['Jira', 'Confluence'],
    count: 1,
    firstAt: '2026-11-20T09:14:03.118Z',
    lastAt: '2026-11-20T09:14:03.118Z',
    timeKnown: true,
    zoneAssumed: false,
    histogram: { from: '2026-11-20T09:14:03Z', step: 1, counts: [1] },
    captures: { host: 'db.example.com', thread: 'main', logger: 'c.a.j.Pool', level: 'ERROR' },
    cause: 'The pool of db.example.com is empty for <name>.',
    solution: {
      summary: 'Make the pool of db.example.com larger.',
      steps: ['Ask <user>.', 'Set it.'],
      validFrom: null,
      validUntil: null,
      next: null,
    },
    references: [{ title: 'A page', url: 'https://example.com/' }],
    notThisIf: 'It is not db.example.com.',
    checked: '2026-11-20',
    applies: null,
    appliesReason: null,
    fixedIn: { jira: '10.1' },
    exception: null,
    evidence: [
      {
        origin: 'jira.log',
        line: 1,
        endLine: 1,
        offset: 0,
        at: '2026-11-20T09:14:03.118Z',
        atText: '2026-11-20 09:14:03,118+0000',
        level: 'ERROR',
        thread: 'main',
        logger: 'c.a.j.Pool',
        user: null,
        requestId: null,
        url: null,
        text: '2026-11-20 09:14:03,118+0000 main ERROR      [c.a.j.Pool] no connection to db.example.com',
        cut: false,
        copies: [],
      },
    ],
    related: [],
    nodes: [],
    alsoMatched: [],
    state: null,
    duplicatePossible: false,
  };
  const time = Date.parse('2026-11-20T09:14:03.118Z');
  assert.deepEqual(
    { incidents, notices, unknown, span, exceeded },
    { incidents: [expected], notices: [], unknown: [], span: { first: time, last: time }, exceeded: [] },
  );
});

test('nothing found', () => {
  assert.deepEqual(findingsOf([pool], []), {
    incidents: [],
    notices: [],
    unknown: [],
    unknownKinds: 0,
    span: null,
    exceeded: [],
  });
});

test('ids are those of the rule and the group, whatever else is different', () => {
  const id = (message: string, file = 'jira.log') =>
    findingsOf([pool], seenIn([at('03,118', message, file)])).incidents[0]!.id;
  const first = id('no connection to a.example.com');
  assert.match(first, /^inc_[\da-f]{12}$/);
  assert.equal(id('again: no connection to a.example.com as joe', 'other.log'), first);
  assert.notEqual(id('no connection to b.example.com'), first);
  assert.deepEqual(
    findingsOf([{ ...pool, id: 'acme/other' }], seenIn([at('03,118', 'no connection to a.example.com')])).incidents[0]!
      .id === first,
    false,
  );
});

test('a capture that is absent groups like an empty one', () => {
  const byName = { ...pool, groupBy: ['name'] };
  const { incidents } = findingsOf(
    [byName],
    seenIn(['a', 'b', 'c as joe'].map((to) => at('01,000', `no connection to ${to}`))),
  );
  assert.deepEqual(
    incidents.map(({ count, captures }) => [count, captures.name ?? null]),
    [
      [2, null],
      [1, 'joe'],
    ],
  );
});

test('in any order the findings are the same', () => {
  const messages = [
    'no connection to a',
    'no connection to a as joe',
    'no connection to b',
    'other failure',
    'java.io.IOException: x\n\tat a.B.c(B.java:1)',
  ];
  const one = fc.record({
    second: fc.integer({ min: 10, max: 59 }),
    message: fc.constantFrom(...messages),
    source: fc.integer({ min: 0, max: 2 }),
  });
  const logs = fc.uniqueArray(one, { maxLength: 15, selector: ({ second, source }) => `${second} ${source}` });
  const shuffled = logs.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([list, again]) => {
      const result = (order: typeof list) =>
        findingsOf(
          [pool],
          order.map(({ second, message, source }) => ({
            record: at(`${second},000`, message, `${source}.log`),
            source,
          })),
        );
      assert.deepEqual(result(again), result(list));
    }),
    { numRuns: 60 },
  );
});

test('captures and texts are those of the first sighting', () => {
  const [late, early] = [at('09,000', 'no connection to a as late'), at('01,000', 'no connection to a as early')];
  for (const order of [
    [late, early],
    [early, late],
  ]) {
    const [incident] = findingsOf([pool], seenIn(order)).incidents;
    assert.deepEqual(
      [incident!.captures.name, incident!.cause, incident!.evidence.length],
      ['early', 'The pool of a is empty for early.', 2],
    );
  }
});

test('long captures are cut', () => {
  const [incident] = findingsOf(
    [rule({ match: { pattern: 'x(?<all>y+)' } })],
    seenIn([at('01,000', `x${'y'.repeat(600)}`)]),
  ).incidents;
  assert.equal(incident!.captures.all, 'y'.repeat(500));
});

test('losers are named by the winner and counted nowhere else', () => {
  const loser = rule({ id: 'acme/loser', match: { text: 'no connection' } });
  const winner = { ...pool, supersedes: ['acme/loser'] };
  const { incidents } = findingsOf(
    [loser, winner],
    seenIn([at('01,000', 'no connection to a'), at('02,000', 'no connection')]),
  );
  assert.deepEqual(incidents.map(({ rule, count, alsoMatched }) => [rule.id, count, alsoMatched]).sort(), [
    ['acme/loser', 1, []],
    ['acme/pool', 1, ['acme/loser']],
  ]);
});

test('a rule of severity info makes notices', () => {
  const { incidents, notices } = findingsOf([rule({ severity: 'info' })], seenIn([at('01,000', 'no connection')]));
  assert.deepEqual([incidents, notices.map(({ kind, severity }) => [kind, severity])], [[], [['notice', 'info']]]);
});

const SOLUTIONS = rule({
  solutions: [
    { until: '2026-12-01', summary: 'Old.', steps: ['Old step.'] },
    { from: '2026-12-01', until: '2027-01-01', summary: 'New.', steps: ['New step.'] },
    { from: '2027-02-01', summary: 'Newest.', steps: ['Newest step.'] },
  ],
});

const DAYS: readonly (readonly [day: string, solution: Incident['solution']])[] = [
  ['2026-11-30', { summary: 'Old.', steps: ['Old step.'], validFrom: null, validUntil: '2026-12-01', next: 'New.' }],
  [
    '2026-12-01',
    { summary: 'New.', steps: ['New step.'], validFrom: '2026-12-01', validUntil: '2027-01-01', next: null },
  ],
  [
    '2026-12-31',
    { summary: 'New.', steps: ['New step.'], validFrom: '2026-12-01', validUntil: '2027-01-01', next: null },
  ],
  ['2027-01-01', null],
  [
    '2027-02-01',
    { summary: 'Newest.', steps: ['Newest step.'], validFrom: '2027-02-01', validUntil: null, next: null },
  ],
];

for (const [asOf, solution] of DAYS) {
  test(`the solution on ${asOf}`, () => {
    assert.deepEqual(
      findingsOf([SOLUTIONS], seenIn([at('01,000', 'no connection')]), { asOf }).incidents[0]!.solution,
      solution,
    );
  });
}

test('incidents are sorted by severity, by what goes on, by count, by id', () => {
  const of = (name: string, severity: string) =>
    rule({ id: `acme/${name}`, severity, match: { pattern: `<${name}>` } });
  const rules = [
    of('low', 'low'),
    of('critical', 'critical'),
    of('over', 'high'),
    of('often', 'high'),
    of('twice', 'high'),
    of('same', 'high'),
  ];
  const seen = [
    'over',
    'over',
    'over',
    'over',
    'low',
    'critical',
    'often',
    'often',
    'often',
    'twice',
    'twice',
    'same',
    'same',
  ];
  const times = ['00', '01', '02', '03', '04', '05', '55', '56', '57', '58', '59', '58', '59'];
  const { incidents } = findingsOf(rules, seenIn(seen.map((name, index) => at(`${times[index]},000`, `<${name}>`))));
  const ids = incidents.map(({ rule }) => rule.id.slice(5));
  const [a, b] = incidents.filter(({ count }) => count === 2).map(({ id }) => id);
  assert.ok(a! < b!);
  assert.deepEqual(
    [ids.slice(0, 2), ids.slice(2, 4).sort(), ids.slice(4)],
    [
      ['critical', 'often'],
      ['same', 'twice'],
      ['over', 'low'],
    ],
  );
});

test('what was seen in the last tenth of a log goes on', () => {
  assert.deepEqual(
    [goesOn(90, 0, 100), goesOn(89, 0, 100), goesOn(5, 5, 5), goesOn(Number.NEGATIVE_INFINITY, 0, 100)],
    [true, false, true, false],
  );
});

test('beyond 1,000 groups of a rule the others are one, and that is said', () => {
  const records = Array.from({ length: MAX_GROUPS + 20 }, (_, index) => at('01,000', `no connection to h${index}`));
  const { incidents, exceeded } = findingsOf([pool], seenIn([...records, ...records.slice(0, 1)]));
  assert.equal(incidents.length, MAX_GROUPS + 1);
  assert.deepEqual(
    incidents.slice(0, 3).map(({ count }) => count),
    [20, 2, 1],
  );
  assert.deepEqual(exceeded, ['acme/pool has more than 1000 groups; the others are folded into (other)']);
});

test('exactly 1,000 groups are said nowhere', () => {
  const { incidents, exceeded } = findingsOf(
    [pool],
    seenIn(Array.from({ length: MAX_GROUPS }, (_, index) => at('01,000', `no connection to h${index}`))),
  );
  assert.deepEqual([incidents.length, exceeded], [MAX_GROUPS, []]);
});

test('beyond 10,000 kinds of unknown errors the others are one, and that is said', () => {
  const letters = (index: number) => String(index).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
  const kinds = Array.from({ length: MAX_UNKNOWN + 5 }, (_, index) =>
    jiraRecord('failed', { logger: `x.${letters(index)}` }),
  );
  const { unknown, exceeded } = findingsOf([], seenIn([...kinds, kinds[0]!]));
  assert.equal(unknown.length, MAX_UNKNOWN + 1);
  assert.deepEqual(
    unknown.slice(0, 3).map(({ title, template, count }) => [title, template, count]),
    [
      ['(other)', '(other)', 5],
      ['x.a  failed', 'failed', 2],
      [unknown[2]!.title, 'failed', 1],
    ],
  );
  assert.deepEqual(exceeded, ['more than 10000 kinds of unknown errors; the others are folded into (other)']);
});

test('unknown errors are folded by what they are, most frequent first', () => {
  const trace = (line: string) =>
    record(
      `${jiraLine('request 42 failed')}\njava.lang.IllegalStateException: id ${line}\n\tat com.acme.Sync.merge(Sync.java:88)`,
    );
  const { unknown, incidents } = findingsOf([pool], seenIn([jiraRecord('user 17 is gone'), trace('1'), trace('2')]));
  assert.deepEqual(incidents, []);
  assert.deepEqual(
    unknown.map(({ title, count, kind }) => [title, count, kind]),
    [
      ['IllegalStateException at com.acme.Sync.merge', 2, 'unknown'],
      [unknown[1]!.title, 1, 'unknown'],
    ],
  );
  for (const { id } of unknown) assert.match(id, /^unk_[\da-f]{12}$/);
});

const COPY = 'no connection to a';

test('the same record in two inputs is counted once, and named', () => {
  const jira = [at('01,000', COPY), at('02,000', COPY)];
  const catalina = [
    at('01,000', COPY, 'catalina.out'),
    at('02,000', COPY, 'catalina.out'),
    at('03,000', COPY, 'catalina.out'),
  ];
  const { incidents } = findingsOf([pool], seenIn(jira, catalina), { several: true });
  assert.deepEqual(
    incidents.map(({ count, evidence }) => [count, evidence.map(({ origin, copies }) => [origin, copies])]),
    [
      [
        3,
        [
          ['jira.log', ['catalina.out:1']],
          ['jira.log', ['catalina.out:1']],
          ['catalina.out', []],
        ],
      ],
    ],
  );
});

test('one input says twice what it says twice', () => {
  assert.equal(
    findingsOf([pool], seenIn([at('01,000', COPY), at('01,000', COPY)]), { several: true }).incidents[0]!.count,
    2,
  );
});

test('what differs in time, thread or message is no copy', () => {
  const other = [
    at('01,001', COPY),
    jiraRecord(COPY, { time: '2026-11-20 09:14:01,000+0000', thread: 'exec-1' }),
    at('01,000', `${COPY} `.repeat(2)),
  ];
  assert.equal(findingsOf([pool], seenIn([at('01,000', COPY)], other), { several: true }).incidents[0]!.count, 4);
});

test('records without time are never copies', () => {
  assert.equal(findingsOf([pool], seenIn([record(COPY)], [record(COPY)]), { several: true }).incidents[0]!.count, 2);
});

test('unknown errors have copies too', () => {
  const { unknown } = findingsOf([], seenIn([at('01,000', 'failed')], [at('01,000', 'failed', 'catalina.out')]), {
    several: true,
  });
  assert.deepEqual(
    unknown.map(({ count, evidence }) => [count, evidence[0]!.copies]),
    [[1, ['catalina.out:1']]],
  );
});

test('not more than 100 copies are named', () => {
  const [incident] = findingsOf(
    [pool],
    seenIn(
      [at('01,000', COPY)],
      Array.from({ length: 300 }, () => at('01,000', COPY, 'b.log')),
    ),
    { several: true },
  ).incidents;
  assert.deepEqual([incident!.count, incident!.evidence[0]!.copies.length], [1, 100]);
});
