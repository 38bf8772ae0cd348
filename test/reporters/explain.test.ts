import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, Rule } from '../../src/model/rule.js';
import { explainPage } from '../../src/reporters/explain.js';
import { look, rule, withTexts } from '../helpers/reports.js';

const TEXT: Condition = { kind: 'text', literals: ['Forbidden (403)'] };

const PROFILE: Rule = rule({
  id: 'gij/azure-devops-profile-401',
  pack: 'gij',
  title: 'Azure DevOps refuses the profile call',
  tags: ['azure-devops'],
  products: ['Git Integration for Jira Data Center'],
  match: {
    kind: 'all',
    of: [
      { kind: 'marker', name: 'gij/gij', condition: TEXT },
      {
        kind: 'http',
        http: {
          statuses: [401],
          methods: [],
          hosts: ['app.vssps.visualstudio.com'],
          paths: ['/_apis/profile/profiles/{profile}'],
        },
      },
      { kind: 'none', of: [TEXT] },
    ],
  },
  groupBy: ['http.host'],
  supersedes: ['azure-devops/profile-401'],
  appliesTo: { gij: '>=3.0' },
  fixedIn: { gij: '5.0' },
  when: { count: 20, after: null, within: 300_000, by: ['user'] },
  cause: 'The token belongs to one organization.',
  solutions: [
    {
      from: null,
      until: '2026-12-01',
      summary: 'Widen the token.',
      steps: ['Create a token for all organizations.', 'Paste it.'],
    },
    { from: '2026-12-01', until: null, summary: 'Use a service principal.', steps: ['Register an app.'] },
  ],
  references: [{ title: 'Token failing', url: 'https://help.example.com/token' }],
  checked: '2026-11-24',
  notThisIf: 'the status is 403.',
  examples: {
    matches: [
      {
        log: '2026-11-20 09:14:03,118 main ERROR jdoe Unauthorized (401)\n',
        file: null,
        captures: {},
        also: [],
        line: 1,
      },
      { log: 'another', file: null, captures: {}, also: [], line: 2 },
    ],
    ignores: [
      {
        log: '2026-11-20 09:14:03,118 main ERROR api.github.com\njava.io.IOException: Unauthorized (401)\n\tat a.B.c(B.java:1)\n',
        file: null,
        because: 'GitHub, not Azure DevOps',
        line: 3,
      },
    ],
  },
});

test('a rule is a page', () => {
  assert.equal(
    explainPage(PROFILE, look({ width: 90 })),
    ` HIGH  Azure DevOps refuses the profile call
       gij/azure-devops-profile-401 · severity high · confidence high · stable
       Git Integration for Jira Data Center · #azure-devops

       When        all of
                     marker gij
                     http 401 app.vssps.visualstudio.com
                       /_apis/profile/profiles/{profile}
                     none of
                       text "Forbidden (403)"
       Only        from 20 times within 5 minutes, for each user
       Groups by   http.host
       Supersedes  azure-devops/profile-401
       Applies to  gij >=3.0
       Fixed in    gij 5.0

       Why         The token belongs to one organization.
       Do          Widen the token.
                   1. Create a token for all organizations.
                   2. Paste it.
                   Valid until 30 November 2026.
       Other days  From 1 December 2026:
                   Register an app.
       Not         if the status is 403.

       Read        Token failing
                   https://help.example.com/token
       Checked     24 November 2026

       Such a record matches (and 1 more example in the file)
         2026-11-20 09:14:03,118 main ERROR jdoe Unauthorized (401)

       Such records look alike and do not match
       - GitHub, not Azure DevOps
         2026-11-20 09:14:03,118 main ERROR api.github.com
         java.io.IOException: Unauthorized (401)
`,
  );
});

test('a small rule is a small page', () => {
  assert.equal(
    explainPage(rule(), look()),
    ` HIGH  Database connection pool is exhausted
       database/pool · severity high · confidence high · stable
       Jira

       When        text "no connection"

       Why         All connections are in use.
       Do          Set pool-max-size to 40.

       Such a record matches
         2026-11-20 09:14:03,000+0000 main ERROR [c.a.j.Pool] no connection
`,
  );
});

test('on another day the other solution is the one to follow', () => {
  const page = explainPage(PROFILE, look({ asOf: '2026-12-02' }));
  assert.match(
    page,
    /Do {10}Register an app\.\n {19}Valid from 1 December 2026\.\n {7}Other days {2}Until 30 November 2026:\n {19}Widen the token\./,
  );
});

test('a day without a solution is said', () => {
  const page = explainPage(
    rule({ solutions: [{ from: '2027-01-01', until: null, summary: 'Later.', steps: ['Wait.'] }] }),
    look(),
  );
  assert.match(
    page,
    /Do {10}No remedy is known for 24 November 2026\.\n {7}Other days {2}From 1 January 2027:\n {19}Wait\./,
  );
});

const CONDITIONS: readonly (readonly [Condition, string])[] = [
  [{ kind: 'text', literals: ['a', 'b'] }, 'text "a" or "b"'],
  [{ kind: 'pattern', source: 'a.*b' }, 'pattern a.*b'],
  [{ kind: 'level', levels: ['WARN', 'ERROR', 'FATAL'] }, 'level >=WARN'],
  [{ kind: 'level', levels: ['INFO'] }, 'level INFO'],
  [{ kind: 'level', levels: ['ERROR', 'WARN'] }, 'level ERROR or WARN'],
  [{ kind: 'logger', names: ['com.acme.*'] }, 'logger com.acme.*'],
  [{ kind: 'file', globs: ['catalina*'] }, 'file catalina*'],
  [{ kind: 'marker', name: 'other/gij', condition: TEXT }, 'marker other/gij'],
  [
    {
      kind: 'throwable',
      throwable: { types: ['a.B', 'a.C'], message: 'timed out', frames: ['x.Y.z'], position: 'root' },
    },
    'throwable root a.B or a.C, message timed out, frame x.Y.z',
  ],
  [
    { kind: 'throwable', throwable: { types: [], message: 'timed out', frames: [], position: 'any' } },
    'throwable message timed out',
  ],
  [
    { kind: 'http', http: { statuses: [401, 403], methods: ['GET'], hosts: [], paths: ['/a'] } },
    'http 401 or 403 GET /a',
  ],
];

for (const [match, shown] of CONDITIONS) {
  test(`a condition reads ${shown}`, () => {
    assert.ok(explainPage(rule({ match }), look()).includes(`When        ${shown}\n`));
  });
}

test('no text of a rule can act on the terminal', () => {
  const closed = ['kind', 'severity', 'status', 'confidence', 'role', 'position'];
  const hostile = withTexts(PROFILE, (text) => `${text}\x1b[2J\x9b\u202e\r`, closed);
  assert.doesNotMatch(explainPage(hostile, look()), /[^\P{C}\n]/u);
});
