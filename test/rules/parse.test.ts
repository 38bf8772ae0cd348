import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, Rule } from '../../src/model/rule.js';
import { parsePack, parseRule } from '../../src/rules/parse.js';
import { problemText } from '../../src/rules/problem.js';
import { condition, markers } from '../helpers/rules.js';

const WHOLE = `# A comment
title: "{org} refuses the call of {user}"
severity: high
status: stable
confidence: medium
products: [Git Integration for Jira]
tags: [azure-devops, authentication]
match:
  all:
    - marker: app
    - http: { status: 401, method: get, host: Dev.Azure.com, path: "/{org}/_apis/..." }
  none:
    - text: [Forbidden, Denied]
groupBy: [http.host, org]
supersedes: [acme/other]
role: umbrella
appliesTo: { gij: ">=3.0" }
fixedIn: { gij: "5.0" }
when: { count: 20, within: 5m, by: [user] }
cause: >-
  The token of {user}
  has ended.
solutions:
  - until: 2026-12-01
    summary: Make a token.
    steps:
      - First {http.host}.
      - Then the rest.
  - from: 2026-12-01
    summary: Make another token.
    steps: [Do it.]
references:
  - { title: The page, url: https://example.com/page }
checked: 2026-11-24
notThisIf: It is a 403.
examples:
  matches:
    - log: |
        first line
        second line
      file: atlassian-jira.log
      captures: { org: contoso }
      also: [acme/beside]
    - log: third
  ignores:
    - log: fourth
      because: It is GitHub.
      file: a.log
`;

const MARKERS = markers({ app: { text: 'com.acme.' } }, 'gij');

test('a whole rule', () => {
  const { value, document } = parseRule('rules/gij/token.yaml', 'gij/token', WHOLE, MARKERS);
  const expected: Rule = {
    id: 'gij/token',
    pack: 'gij',
    file: 'rules/gij/token.yaml',
    title: '{org} refuses the call of {user}',
    severity: 'high',
    status: 'stable',
    confidence: 'medium',
    products: ['Git Integration for Jira'],
    tags: ['azure-devops', 'authentication'],
    match: {
      kind: 'all',
      of: [
        {
          kind: 'all',
          of: [
            { kind: 'marker', name: 'gij/app', condition: { kind: 'text', literals: ['com.acme.'] } },
            {
              kind: 'http',
              http: { statuses: [401], methods: ['GET'], hosts: ['dev.azure.com'], paths: ['/{org}/_apis/...'] },
            },
          ],
        },
        { kind: 'none', of: [{ kind: 'text', literals: ['Forbidden', 'Denied'] }] },
      ],
    },
    groupBy: ['http.host', 'org'],
    supersedes: ['acme/other'],
    role: 'umbrella',
    appliesTo: { gij: '>=3.0' },
    fixedIn: { gij: '5.0' },
    when: { count: 20, after: null, within: 300_000, by: ['user'] },
    cause: 'The token of {user} has ended.',
    solutions: [
      { from: null, until: '2026-12-01', summary: 'Make a token.', steps: ['First {http.host}.', 'Then the rest.'] },
      { from: '2026-12-01', until: null, summary: 'Make another token.', steps: ['Do it.'] },
    ],
    references: [{ title: 'The page', url: 'https://example.com/page' }],
    checked: '2026-11-24',
    notThisIf: 'It is a 403.',
    examples: {
      matches: [
        {
          log: 'first line\nsecond line\n',
          file: 'atlassian-jira.log',
          captures: { org: 'contoso' },
          also: ['acme/beside'],
          line: 38,
        },
        { log: 'third', file: null, captures: {}, also: [], line: 44 },
      ],
      ignores: [{ log: 'fourth', file: 'a.log', because: 'It is GitHub.', line: 46 }],
    },
  };
  assert.deepEqual(document.problems, []);
  assert.deepEqual(value, expected);
});

const LEAST = `title: A title
severity: high
status: stable
confidence: high
products: [Jira]
match:
  text: no connection
cause: A cause.
solutions:
  - summary: A summary.
    steps: [A step.]
examples:
  matches:
    - log: no connection
`;

test('a rule of which only the least is written', () => {
  const { value } = parseRule('a.yaml', 'acme/a', LEAST, new Map());
  const expected: Rule = {
    id: 'acme/a',
    pack: 'acme',
    file: 'a.yaml',
    title: 'A title',
    severity: 'high',
    status: 'stable',
    confidence: 'high',
    products: ['Jira'],
    tags: [],
    match: { kind: 'text', literals: ['no connection'] },
    groupBy: [],
    supersedes: [],
    role: 'cause',
    appliesTo: null,
    fixedIn: null,
    when: null,
    cause: 'A cause.',
    solutions: [{ from: null, until: null, summary: 'A summary.', steps: ['A step.'] }],
    references: [],
    checked: null,
    notThisIf: null,
    examples: { matches: [{ log: 'no connection', file: null, captures: {}, also: [], line: 14 }], ignores: [] },
  };
  assert.deepEqual(value, expected);
});

const THROWABLE = { types: [], message: null, frames: [], position: 'any' } as const;
const HTTP = { statuses: [], methods: [], hosts: [], paths: [] };

const CONDITIONS: readonly (readonly [name: string, match: unknown, condition: Condition])[] = [
  [
    'several patterns are one of them',
    { pattern: ['a', 'b'] },
    {
      kind: 'any',
      of: [
        { kind: 'pattern', source: 'a' },
        { kind: 'pattern', source: 'b' },
      ],
    },
  ],
  ['levels from one on', { level: '>=WARN' }, { kind: 'level', levels: ['WARN', 'ERROR', 'FATAL'] }],
  ['several levels', { level: ['INFO', '>=ERROR'] }, { kind: 'level', levels: ['INFO', 'ERROR', 'FATAL'] }],
  [
    'several markers are one of them',
    { marker: ['acme/a', 'acme/b'] },
    {
      kind: 'any',
      of: ['a', 'b'].map(
        (name): Condition => ({ kind: 'marker', name: `acme/${name}`, condition: { kind: 'text', literals: [name] } }),
      ),
    },
  ],
  [
    'keys of one mapping all hold',
    { text: 'a', logger: 'L', file: '*.log' },
    {
      kind: 'all',
      of: [
        { kind: 'text', literals: ['a'] },
        { kind: 'logger', names: ['L'] },
        { kind: 'file', globs: ['*.log'] },
      ],
    },
  ],
  [
    'a throwable',
    { throwable: { type: 'E', position: 'root' } },
    { kind: 'throwable', throwable: { ...THROWABLE, types: ['E'], position: 'root' } },
  ],
  [
    'a throwable of several classes',
    { throwable: { type: ['E', 'F'], message: 'm', frame: ['a', 'b'] } },
    { kind: 'throwable', throwable: { types: ['E', 'F'], message: 'm', frames: ['a', 'b'], position: 'any' } },
  ],
  [
    'a call of several statuses',
    { http: { status: [401, 403] } },
    { kind: 'http', http: { ...HTTP, statuses: [401, 403] } },
  ],
];

for (const [name, match, expected] of CONDITIONS) {
  test(`condition: ${name}`, () =>
    assert.deepEqual(condition(match, markers({ a: { text: 'a' }, b: { text: 'b' } })), expected));
}

/** Every problem of the least rule, after one of its lines is replaced (`''` takes it out), as people read it. */
function problems(line: string, by: string, whole = LEAST): string[] {
  assert.ok(whole.includes(`${line}\n`), line);
  const { value, document } = parseRule(
    'a.yaml',
    'acme/a',
    whole.replace(`${line}\n`, by === '' ? '' : `${by}\n`),
    MARKERS,
  );
  assert.equal(value, null);
  return document.problems.map(problemText);
}

const MATCH = '  text: no connection';
const STEPS = '    steps: [A step.]';

const MISTAKES: readonly (readonly [name: string, line: string, by: string, problem: string])[] = [
  [
    'a key is missing',
    'severity: high',
    '',
    'a.yaml:1:1: severity: is missing; expected one of critical, high, medium, low, info',
  ],
  [
    'an unknown word',
    'severity: high',
    'severity: hihg',
    'a.yaml:2:11: severity: expected one of critical, high, medium, low, info, found "hihg"',
  ],
  [
    'an unknown key',
    'severity: high',
    'severity: high\nsupersede: [a/b]',
    'a.yaml:3:1: unknown key "supersede"; did you mean supersedes?',
  ],
  [
    'an unknown key that is like none',
    'severity: high',
    'severity: high\nqqqqqqqqq: low',
    'a.yaml:3:1: unknown key "qqqqqqqqq"',
  ],
  [
    'an unknown key inside',
    STEPS,
    `${STEPS}\n    untill: 2026-12-01`,
    'a.yaml:12:5: solutions[0]: unknown key "untill"; did you mean until?',
  ],
  [
    'an unknown key of a call',
    MATCH,
    '  http: { stauts: 401 }',
    'a.yaml:7:11: match.http: unknown key "stauts"; did you mean status?',
  ],
  [
    'a text is empty',
    'cause: A cause.',
    'cause: " "',
    'a.yaml:8:8: cause: expected a text that is not empty, found " "',
  ],
  [
    'a text is no text',
    'cause: A cause.',
    'cause: 42',
    'a.yaml:8:8: cause: expected a text that is not empty, found 42',
  ],
  [
    'a text is a list',
    'cause: A cause.',
    'cause: [a, b]',
    'a.yaml:8:8: cause: expected a text that is not empty, found a list',
  ],
  [
    'a list is a text',
    'products: [Jira]',
    'products: Jira',
    'a.yaml:5:11: products: expected a list of product names, found "Jira"',
  ],
  [
    'a list is empty',
    'products: [Jira]',
    'products: []',
    'a.yaml:5:11: products: expected at least one of product names, found a list',
  ],
  [
    'a member of a list',
    'products: [Jira]',
    'products: [Jira, 7]',
    'a.yaml:5:18: products[1]: expected a text that is not empty, found 7',
  ],
  [
    'a tag',
    'products: [Jira]',
    'products: [Jira]\ntags: [Big Tag]',
    'a.yaml:6:8: tags[0]: expected a tag of lower-case letters, digits and hyphens, found "Big Tag"',
  ],
  ['no condition', MATCH, '  {}', 'a.yaml:7:3: match: is empty; expected a condition such as text: or http:'],
  [
    'an empty list of conditions',
    MATCH,
    '  any: []',
    'a.yaml:7:8: match.any: expected at least one condition, found a list',
  ],
  [
    'a list of texts with a number',
    MATCH,
    '  text: [a, 401]',
    'a.yaml:7:13: match.text[1]: expected a text that is not empty, found 401',
  ],
  [
    'a level',
    MATCH,
    '  level: ERR',
    'a.yaml:7:10: match.level: expected one of TRACE, DEBUG, INFO, WARN, ERROR, FATAL, >=TRACE, >=DEBUG, >=INFO, >=WARN, >=ERROR, >=FATAL, found "ERR"',
  ],
  [
    'a pattern that is none',
    MATCH,
    '  pattern: "a("',
    'a.yaml:7:12: match.pattern: is no regular expression: /a(/: Unterminated group',
  ],
  [
    'a pattern that is not linear',
    MATCH,
    '  all: [pattern: "x(?=y)"]',
    'a.yaml:7:18: match.all[0].pattern: (?=y): the linear engine has no lookahead; write the text that is there, or use a condition of its own under all:',
  ],
  [
    'a message that is not linear',
    MATCH,
    '  throwable: { message: "(a)\\\\1" }',
    'a.yaml:7:25: match.throwable.message: \\1: the linear engine has no back-references; write the text again',
  ],
  [
    'a throwable without anything',
    MATCH,
    '  throwable: { position: root }',
    'a.yaml:7:14: match.throwable: needs type, message or frame',
  ],
  [
    'a position',
    MATCH,
    '  throwable: { type: E, position: inner }',
    'a.yaml:7:35: match.throwable.position: expected one of any, outermost, root, found "inner"',
  ],
  ['a call without anything', MATCH, '  http: { method: GET }', 'a.yaml:7:9: match.http: needs status, host or path'],
  [
    'a status',
    MATCH,
    '  http: { status: 4011 }',
    'a.yaml:7:19: match.http.status: expected a number from 100 to 599, found 4011',
  ],
  [
    'a status in a list',
    MATCH,
    '  http: { status: [401, "403"] }',
    'a.yaml:7:25: match.http.status[1]: expected a number from 100 to 599, found "403"',
  ],
  [
    'a path',
    MATCH,
    '  http: { path: rest/api }',
    'a.yaml:7:17: match.http.path: expected a path that begins with / or ..., in which {name} and * are whole segments, found "rest/api"',
  ],
  [
    'a path with a name in a segment',
    MATCH,
    '  http: { path: "/a/{x}.git" }',
    'a.yaml:7:17: match.http.path: expected a path that begins with / or ..., in which {name} and * are whole segments, found "/a/{x}.git"',
  ],
  [
    'a path with a star in a segment',
    MATCH,
    '  http: { path: "/a/*.git" }',
    'a.yaml:7:17: match.http.path: expected a path that begins with / or ..., in which {name} and * are whole segments, found "/a/*.git"',
  ],
  [
    'a path with a name that is none',
    MATCH,
    '  http: { path: "/{org-id}/_apis" }',
    'a.yaml:7:17: match.http.path: expected a path that begins with / or ..., in which {name} and * are whole segments, found "/{org-id}/_apis"',
  ],
  [
    'a path with dots in the middle',
    MATCH,
    '  http: { path: "/a/.../b" }',
    'a.yaml:7:17: match.http.path: expected a path that begins with / or ..., in which {name} and * are whole segments, found "/a/.../b"',
  ],
  [
    'a marker that is none',
    MATCH,
    '  marker: gij/ap',
    'a.yaml:7:11: match.marker: no marker "gij/ap" in any _pack.yaml; did you mean gij/app?',
  ],
  [
    'a marker of the own pack that is none',
    MATCH,
    '  any: [marker: nothing-like-it]',
    'a.yaml:7:17: match.any[0].marker: no marker "acme/nothing-like-it" in any _pack.yaml',
  ],
  [
    'a capture that nothing makes',
    'cause: A cause.',
    'cause: The host {http.host}.',
    'a.yaml:8:8: cause: uses the capture "http.host", which nothing in match: makes',
  ],
  [
    'a capture that nearly exists',
    'title: A title',
    'title: Of {usr}',
    'a.yaml:1:8: title: uses the capture "usr", which nothing in match: makes; did you mean user?',
  ],
  [
    'a capture in a step',
    STEPS,
    '    steps: [a, "b {tenant}"]',
    'a.yaml:11:16: solutions[0].steps[1]: uses the capture "tenant", which nothing in match: makes',
  ],
  [
    'a capture of a group',
    'cause: A cause.',
    'cause: A cause.\ngroupBy: [user, tenant]',
    'a.yaml:9:17: groupBy[1]: uses the capture "tenant", which nothing in match: makes',
  ],
  [
    'a capture of when',
    'cause: A cause.',
    'cause: A cause.\nwhen: { count: 2, within: 5m, by: [tenant] }',
    'a.yaml:9:36: when.by[0]: uses the capture "tenant", which nothing in match: makes',
  ],
  [
    'a capture of an example',
    '    - log: no connection',
    '    - log: no connection\n      captures: { tenant: x }',
    'a.yaml:15:27: examples.matches[0].captures.tenant: uses the capture "tenant", which nothing in match: makes',
  ],
  [
    'what is under none captures nothing',
    MATCH,
    '  none: [{ pattern: "(?<tenant>a)" }]\ngroupBy: [tenant]',
    'a.yaml:8:11: groupBy[0]: uses the capture "tenant", which nothing in match: makes',
  ],
  [
    'when without count and after',
    'cause: A cause.',
    'cause: A cause.\nwhen: { within: 5m }',
    'a.yaml:9:7: when: needs count or after',
  ],
  [
    'a count of one',
    'cause: A cause.',
    'cause: A cause.\nwhen: { count: 1, within: 5m }',
    'a.yaml:9:16: when.count: expected a number of at least 2, found 1',
  ],
  [
    'a duration',
    'cause: A cause.',
    'cause: A cause.\nwhen: { count: 2, within: 5 minutes }',
    'a.yaml:9:27: when.within: expected a duration like 30s, 5m, 2h or 1d, found "5 minutes"',
  ],
  [
    'a rule id',
    'cause: A cause.',
    'cause: A cause.\nsupersedes: [Other]',
    'a.yaml:9:14: supersedes[0]: expected a rule id like gij/azure-devops-profile-401, found "Other"',
  ],
  [
    'a version',
    'cause: A cause.',
    'cause: A cause.\nfixedIn: { gij: 5 }',
    'a.yaml:9:17: fixedIn.gij: expected a version or a range like ">=9.4 <9.12.3", found 5',
  ],
  [
    'a date',
    'cause: A cause.',
    'cause: A cause.\nchecked: 24.11.2026',
    'a.yaml:9:10: checked: expected a date like 2026-12-01, found "24.11.2026"',
  ],
  [
    'dates in the wrong order',
    STEPS,
    `${STEPS}\n    from: 2026-12-01\n    until: 2026-12-01`,
    'a.yaml:13:12: solutions[0].until: expected a day after from (2026-12-01), found 2026-12-01',
  ],
  [
    'an address',
    'cause: A cause.',
    'cause: A cause.\nreferences: [{ title: x, url: example.com }]',
    'a.yaml:9:31: references[0].url: expected an http or https address, found "example.com"',
  ],
  ['a solution without steps', STEPS, '', 'a.yaml:10:5: solutions[0].steps: is missing; expected a list of steps'],
  [
    'a solution that is a text',
    '  - summary: A summary.\n    steps: [A step.]',
    '  - Restart it.',
    'a.yaml:10:5: solutions[0]: expected a mapping, found "Restart it."',
  ],
  ['no match', 'match:\n  text: no connection', '', 'a.yaml:1:1: match: is missing; expected a mapping'],
  [
    'tags that are a text',
    'cause: A cause.',
    'cause: A cause.\ntags: x',
    'a.yaml:9:7: tags: expected a list, found "x"',
  ],
  [
    'versions that are a text',
    'cause: A cause.',
    'cause: A cause.\nfixedIn: "5"',
    'a.yaml:9:10: fixedIn: expected a mapping, found "5"',
  ],
  [
    'no example',
    '  matches:\n    - log: no connection',
    '  matches: []',
    'a.yaml:13:12: examples.matches: no example; a rule needs at least one log that it must match',
  ],
  [
    'no examples',
    'examples:\n  matches:\n    - log: no connection',
    '',
    'a.yaml:1:1: examples: no example; a rule needs at least one log that it must match',
  ],
  [
    'no solution',
    'solutions:\n  - summary: A summary.\n    steps: [A step.]',
    'solutions: []',
    'a.yaml:9:12: solutions: no solution; a rule needs at least one that can be followed',
  ],
  ['a key twice', 'severity: high', 'severity: high\nseverity: low', 'a.yaml:3:1: is no YAML: Map keys must be unique'],
  ['no YAML', 'severity: high', 'severity: "high', 'a.yaml:15:1: is no YAML: Missing closing "quote'],
  [
    'an alias',
    'cause: A cause.',
    'cause: &a A cause.\nnotThisIf: *a',
    'a.yaml:9:12: *a: aliases are not read; write the value again',
  ],
  [
    'an alias of nothing',
    'cause: A cause.',
    'cause: *a',
    'a.yaml:8:8: *a: aliases are not read; write the value again',
  ],
];

for (const [name, line, by, problem] of MISTAKES) {
  test(`mistake: ${name}`, () => assert.deepEqual(problems(line, by), [problem]));
}

const NO_RULES: readonly (readonly [name: string, text: string, problem: string])[] = [
  ['an empty file', '', 'a.yaml:1:1: expected a mapping, found null'],
  ['a list', '- title: x\n', 'a.yaml:1:1: expected a mapping, found a list'],
  ['a text', 'no rule\n', 'a.yaml:1:1: expected a mapping, found "no rule"'],
];

for (const [name, text, problem] of NO_RULES) {
  test(`mistake: ${name}`, () => {
    const { value, document } = parseRule('a.yaml', 'acme/a', text, new Map());
    assert.deepEqual([value, document.problems.map(problemText)], [null, [problem]]);
  });
}

test('all problems of the shape are told at once', () => {
  const text = LEAST.replace('high', 'hihg')
    .replace('  text: no connection', '  http: { status: 99, host: "" }')
    .replace('A cause.', '""');
  const { document } = parseRule('a.yaml', 'acme/a', text, new Map());
  assert.deepEqual(document.problems.map(problemText), [
    'a.yaml:2:11: severity: expected one of critical, high, medium, low, info, found "hihg"',
    'a.yaml:7:19: match.http.status: expected a number from 100 to 599, found 99',
    'a.yaml:7:29: match.http.host: expected a text that is not empty, found ""',
    'a.yaml:8:8: cause: expected a text that is not empty, found ""',
  ]);
});

test('all problems of the meaning are told at once', () => {
  const text = LEAST.replace(
    '  text: no connection',
    '  pattern: "(a)\\\\1{99}(?=b)"\n  marker: x\ngroupBy: [tenant]',
  ).replace('A step.', '"{host}"');
  const { document } = parseRule('a.yaml', 'acme/a', text, new Map());
  assert.deepEqual(document.problems.map(problemText), [
    'a.yaml:7:12: match.pattern: \\1{99}: counted repeats above 16 (nested ones multiplied: 99) are not linear; records are bounded, so write * or +',
    'a.yaml:7:12: match.pattern: \\1: the linear engine has no back-references; write the text again',
    'a.yaml:7:12: match.pattern: (?=b): the linear engine has no lookahead; write the text that is there, or use a condition of its own under all:',
    'a.yaml:8:11: match.marker: no marker "acme/x" in any _pack.yaml',
    'a.yaml:13:13: solutions[0].steps[0]: uses the capture "host", which nothing in match: makes',
    'a.yaml:9:11: groupBy[0]: uses the capture "tenant", which nothing in match: makes',
  ]);
});

test('a pack: its markers may name those before them', () => {
  const { value } = parsePack(
    'gij/_pack.yaml',
    'gij',
    'title: GIJ\nversion: 2\nmarkers:\n  app:\n    text: com.acme.\n  cloud: { marker: app, pattern: cloud }\n',
  );
  const app: Condition = { kind: 'text', literals: ['com.acme.'] };
  assert.deepEqual(value, {
    name: 'gij',
    title: 'GIJ',
    version: '2',
    markers: new Map<string, Condition>([
      ['gij/app', app],
      [
        'gij/cloud',
        {
          kind: 'all',
          of: [
            { kind: 'pattern', source: 'cloud' },
            { kind: 'marker', name: 'gij/app', condition: app },
          ],
        },
      ],
    ]),
  });
});

test('a pack: what is wrong with it', () => {
  const { value, document } = parsePack(
    'gij/_pack.yaml',
    'gij',
    'title: GIJ\nmarkers:\n  Big One: { text: x }\n  later: { marker: app }\n',
  );
  assert.equal(value, null);
  assert.deepEqual(document.problems.map(problemText), [
    'gij/_pack.yaml:1:1: version: is missing; expected a version like 1',
    'gij/_pack.yaml:3:12: markers.Big One: expected a marker name, found "Big One"',
  ]);
});
