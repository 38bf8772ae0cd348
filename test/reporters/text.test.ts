import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type TextLook, textReport } from '../../src/reporters/text.js';
import { evidence, incident, look, notice, report, unknown, withTexts } from '../helpers/reports.js';

const HEADER =
  '2026-11-20 09:14:03,118+0000 http-nio-8443-exec-7 ERROR jdoe 554x4276982x1 /rest/gitplugin/1.0/trackedfolders/scan';
const TRACE = `${HEADER}
com.bigbrassband.jira.git.exceptions.WrappedMicrosoftAPIException: External service error
\tat com.bigbrassband.jira.git.services.microsoft.MicrosoftApi.getRepositoriesMS(MicrosoftApi.java:134) ~[?:?]
${'\tat java.base/java.lang.Thread.run(Thread.java:840)\n'.repeat(10)}\t... 32 more
Caused by: com.bigbrassband.jira.git.services.microsoft.RequestException: Microsoft returned Unauthorized (401)
\tat com.bigbrassband.jira.git.Http.send(Http.java:88)`;

const PROFILE = incident({
  rule: { id: 'gij/azure-devops-profile-401', pack: 'gij', status: 'experimental', tags: [] },
  title: 'Azure DevOps refuses the profile call: the token is limited to one organization',
  count: 318,
  lastAt: '2026-11-20T17:42:00Z',
  histogram: { from: '2026-11-20T09:06:08Z', step: 4096, counts: [12, 40, 201, 65, 0, 1, 10, 4] },
  captures: { 'http.host': 'app.vssps.visualstudio.com' },
  evidence: [
    evidence({ line: 48211, text: TRACE, copies: ['catalina.out:991'] }),
    evidence({ line: 99311, at: '2026-11-20T17:42:00Z', copies: ['a:1', 'b:2', 'c:3', 'd:4'] }),
  ],
  cause: 'A token that belongs to one organization is not accepted by the global profile address.',
  solution: {
    summary: 'Widen the token.',
    steps: [
      'Create a token with Organization = "All accessible organizations".',
      'Paste it into the integration and choose Connect.',
    ],
    validFrom: null,
    validUntil: '2026-12-01',
    next: 'Use a service principal.',
  },
  notThisIf: 'the status is 403.',
  references: [{ title: 'Personal access token failing', url: 'https://help.example.com/token' }],
  checked: '2026-11-24',
  alsoMatched: ['azure-devops/profile-401'],
  fixedIn: { gij: '5.0' },
});

test('a report is a table, details, unknown errors, and what was read', () => {
  const mail = incident({
    title: 'The mailbox refuses the login',
    severity: 'medium',
    count: 6,
    firstAt: '2026-11-11T08:00:00Z',
    lastAt: '2026-11-11T09:00:00Z',
  });
  const text = textReport(
    report({
      incidents: [PROFILE, mail],
      notices: [notice({ count: 2 })],
      unknown: [
        unknown({
          count: 182,
          firstAt: '2026-11-20T10:02:10Z',
          lastAt: '2026-11-20T10:12:10Z',
          histogram: { from: '2026-11-20T10:02:08Z', step: 16, counts: [50, 50, 40, 42] },
        }),
        unknown({
          title: 'Unable to connect to <host>:<n>',
          count: 97,
          firstAt: '2026-11-01T08:01:00Z',
          lastAt: '2026-11-20T17:40:00Z',
          histogram: null,
        }),
      ],
      summary: { firstAt: '2026-11-01T08:00:00Z', unknown: 11 },
      coverage: { records: 1_204_331, errorRecords: 2310, explained: 1900, unexplained: 402, bytes: 500_000_000 },
    }),
    look({ details: 1 }),
  );
  assert.equal(
    text,
    ` HIGH  318×  going on       Azure DevOps refuses the profile call: the token is limited to one
                            organization
 MED     6×  9 days before  The mailbox refuses the login

 HIGH  Azure DevOps refuses the profile call: the token is limited to one organization
       318 times · 20 Nov 09:14 to 17:42 UTC · ▂▂█▃▁▂▂▂ · gij/azure-devops-profile-401 ·
       confidence high · experimental

       jira.log:48211  the same record: catalina.out:991
         2026-11-20 09:14:03,118+0000 http-nio-8443-exec-7 ERROR jdoe 554x4276982x1
           /rest/gitplugin/1.0/trackedfolders/scan
         WrappedMicrosoftAPIException: External service error
           at …microsoft.MicrosoftApi.getRepositoriesMS(MicrosoftApi.java:134) … 10 frames
         Caused by RequestException: Microsoft returned Unauthorized (401)
           at com.bigbrassband.jira.git.Http.send(Http.java:88)
       jira.log:99311  20 Nov 17:42  the same record: a:1, b:2, c:3 and 1 more

       Found http.host app.vssps.visualstudio.com
       Why   A token that belongs to one organization is not accepted by the global profile address.
       Do    Widen the token.
             1. Create a token with Organization = "All accessible organizations".
             2. Paste it into the integration and choose Connect.
       Note  Valid until 30 November 2026. From then on: Use a service principal.
             logscan explain gij/azure-devops-profile-401 --as-of 2026-12-01
       Fixed in gij 5.0
       Not   if the status is 403.
       Read  Personal access token failing
             https://help.example.com/token
             Checked 24 November 2026
       Also  azure-devops/profile-401 matches, and this one says more.

 Worth knowing
 INFO  2×  20 Nov 09:14  Jira was started · jira.log:12

 Errors that no rule knows: 11 kinds, 402 records
       182×  burst 20 Nov 10:02  NullPointerException at com.acme.Sync.merge · jira.log:12
        97×  all the time        Unable to connect to <host>:<n> · jira.log:12
       … 9 more: --unknown all

 2 incidents (1 high, 1 medium) · 1,204,331 records · 2,310 errors, 82 % explained · 500 MB in 0.3 s
 Details of 1 more incident: logscan jira.log --details all
`,
  );
});

test('nothing found is an answer', () => {
  assert.equal(
    textReport(report({ summary: { firstAt: '2026-11-03T08:00:00Z', lastAt: '2026-11-05T19:12:00Z' } }), look()),
    ' No known problem in jira.log (20 MB, 61,240 records, 3 Nov 08:00 to 5 Nov 19:12 UTC).\n',
  );
});

test('where nothing is known, the unknown errors and what was not read are still told', () => {
  const problem = {
    kind: 'problem',
    code: 'input-truncated',
    origin: 'jira.log.3.gz',
    message: '',
    remedy: '',
  } as const;
  assert.equal(
    textReport(
      report({
        unknown: [unknown({ count: 3 })],
        problems: [problem],
        coverage: { cutLines: 41, cutRecords: 1, skippedFiles: 2, unreadableFiles: 1 },
      }),
      look({ width: 90 }),
    ),
    ` No known problem in jira.log (20 MB, 61,240 records, 20 Nov 08:00 to 17:42 UTC).

 Errors that no rule knows: 1 kind, 3 records
       3×  at 09:14  NullPointerException at com.acme.Sync.merge · jira.log:12

 Not read: 1 input that could not be read, or not to its end (jira.log.3.gz); the rest of
 41 lines over 1 MiB; the middle of 1 record over 1 MiB or 10,000 lines; 2 files of the
 directories that are empty or no log by name or content.
`,
  );
});

test('where nothing was read, nothing is claimed', () => {
  const text = textReport(report({ coverage: { files: 0, unreadableFiles: 1 } }), look());
  assert.equal(
    text,
    ' Nothing was read: no log in jira.log.\n\n Not read: 1 input that could not be read, or not to its end.\n',
  );
});

test('incidents below the severity asked for are not denied', () => {
  const text = textReport(
    report({ summary: { incidents: 2, bySeverity: { critical: 0, high: 0, medium: 0, low: 2 } } }),
    look(),
  );
  assert.match(text, /^ No problem of the severity asked for in jira\.log /);
  assert.match(text, /\n 2 incidents \(2 low\) · /);
});

test('without counts of records the lines are told, and no unknown errors', () => {
  const coverage = { records: null, errorRecords: null, explained: null, unexplained: null };
  const text = textReport(
    report({ incidents: [incident()], coverage, summary: { unknown: null } }),
    look({ details: 0 }),
  );
  assert.equal(
    text,
    ` HIGH  1×  8 hours before  Database connection pool is exhausted

 1 incident (1 high) · 100,000 lines · 20 MB in 0.3 s
 Details of 1 more incident: logscan jira.log --details all
`,
  );
});

test('a log without times is told to have none', () => {
  const untimed = { firstAt: null, lastAt: null, timeKnown: false, histogram: null };
  const text = textReport(
    report({ incidents: [incident(untimed)], unknown: [unknown(untimed)], summary: { firstAt: null, lastAt: null } }),
    look(),
  );
  assert.match(text, /^ HIGH {2}1× {2}no time {2}Database/);
  assert.match(text, /once · time unknown · database\/pool/);
  assert.match(text, /1× {2}no time {2}NullPointer/);
});

test('an assumed zone is said once', () => {
  const text = textReport(
    report({ incidents: [incident({ zoneAssumed: true }), incident({ zoneAssumed: true })] }),
    look(),
  );
  assert.equal(text.match(/Zone assumed/g)?.length, 1);
});

const TOLD_APART: readonly (readonly [
  name: string,
  captures: readonly Record<string, string>[],
  shown: readonly string[],
])[] = [
  [
    'by the first capture that does',
    [
      { thread: 'x', a: '1', b: '3' },
      { thread: 'y', a: '1', b: '4' },
    ],
    [' · 3', ' · 4'],
  ],
  [
    'by several if one does not do',
    [
      { a: '1', b: '3' },
      { a: '1', b: '4' },
      { a: '2', b: '4' },
    ],
    [' · 1 · 3', ' · 1 · 4', ' · 2 · 4'],
  ],
  [
    'by the header if nothing else does',
    [
      { a: '1', user: 'x' },
      { a: '1', user: 'y' },
    ],
    [' · x', ' · y'],
  ],
  ['also where one captured nothing', [{ a: '1' }, {}], [' · 1', '']],
];

for (const [name, captures, shown] of TOLD_APART) {
  test(`incidents of one title are told apart ${name}`, () => {
    const incidents = captures.map((one) => incident({ title: 'Pool', captures: one }));
    const table = textReport(report({ incidents }), look({ details: 0 })).split('\n\n')[0]!;
    assert.deepEqual(
      table.split('\n'),
      shown.map((text) => ` HIGH  1×  8 hours before  Pool${text}`),
    );
  });
}

test('the remedy of the day is shown: before a date with what follows, after it with its beginning', () => {
  const dated = { summary: 's', steps: ['Step.'], next: null };
  const textOf = (validFrom: string | null, validUntil: string | null) =>
    textReport(report({ incidents: [incident({ solution: { ...dated, validFrom, validUntil } })] }), look());
  assert.match(
    textOf(null, '2026-12-01'),
    /Do {4}Step\.\n {7}Note {2}Valid until 30 November 2026\. What to do then is not known yet\.\n/,
  );
  assert.match(textOf('2026-12-01', null), /Do {4}Step\.\n {7}Note {2}Valid since 1 December 2026\.\n/);
  assert.doesNotMatch(textOf(null, null), /Note/);
});

test('a day without a remedy is said', () => {
  const text = textReport(report({ incidents: [incident({ solution: null })] }), look());
  assert.match(
    text,
    /Do {4}No remedy is known for 24 November 2026; those of other days:\n {13}logscan explain database\/pool\n/,
  );
});

test('a summary that the steps repeat is left out', () => {
  const solution = {
    summary: 'Restart Jira',
    steps: ['Restart Jira.', 'Wait.'],
    validFrom: null,
    validUntil: null,
    next: null,
  };
  assert.match(
    textReport(report({ incidents: [incident({ solution })] }), look()),
    /Do {4}1\. Restart Jira\.\n {13}2\. Wait\.\n/,
  );
});

test('on a narrow terminal everything but addresses stays within the width', () => {
  const text = textReport(
    report({ incidents: [PROFILE], unknown: [unknown({ title: 'x'.repeat(200) })] }),
    look({ width: 20 }),
  );
  for (const row of text.split('\n')) assert.ok(row.length <= 60, row);
  assert.match(
    text,
    /^ HIGH {2}318× {2}going on {2}Azure DevOps refuses the profile\n {23}call: the token is limited to one\n/,
  );
});

test('in a terminal with hyperlinks a reference is one', () => {
  const text = textReport(report({ incidents: [PROFILE] }), look({ hyperlinks: true }));
  assert.ok(
    text.includes('Read  \x1b]8;;https://help.example.com/token\x07Personal access token failing\x1b]8;;\x07\n'),
  );
});

test('an address that is none of the web is never a hyperlink', () => {
  const references = [
    { title: 'a', url: 'javascript:alert(1)' },
    { title: 'b', url: 'https://a/\x07\x1b[2J' },
  ];
  const text = textReport(report({ incidents: [incident({ references })] }), look({ hyperlinks: true }));
  assert.ok(
    text.includes('Read  a\n             javascript:alert(1)\n             b\n             https://a/\\x07\\x1b[2J\n'),
  );
});

test('context lines stand around the first evidence', () => {
  const text = textReport(
    report({
      incidents: [
        incident({ evidence: [evidence({ text: 'here', context: { before: ['before'], after: ['after'] } })] }),
      ],
    }),
    look(),
  );
  assert.match(text, /jira\.log:12\n {9}before\n {9}here\n {9}after\n/);
});

test('colours change nothing but the colour', () => {
  const whole = report({
    incidents: [PROFILE, incident({ severity: 'critical' })],
    notices: [notice()],
    unknown: [unknown()],
  });
  for (const width of [60, 80, 100, 160]) {
    assert.equal(
      stripVTControlCharacters(textReport(whole, look({ color: true, width }))),
      textReport(whole, look({ width })),
    );
  }
});

const HOSTILE = '\x1b[2J\x9b31m\u202e\u200b\u2028\r\x07\n';

test('no text of a report can act on the terminal', () => {
  const closed = ['kind', 'severity', 'status', 'confidence', 'firstAt', 'lastAt', 'at', 'from', 'asOf'];
  const context = { before: ['b'], after: ['a'] };
  const plain = report({
    incidents: [PROFILE, incident({ solution: null, evidence: [evidence({ context })] })],
    notices: [notice()],
    unknown: [unknown()],
    problems: [{ kind: 'problem', code: 'input-corrupt', origin: 'a', message: 'm', remedy: 'r' }],
    coverage: { unreadableFiles: 1 },
  });
  const hostile = withTexts(plain, (text) => text + HOSTILE, closed);
  const looks: Partial<TextLook>[] = [{}, { width: 60 }, { details: 1, command: `logscan ${HOSTILE}` }];
  for (const changes of looks) assert.doesNotMatch(textReport(hostile, look(changes)), /[^\P{C}\n]/u);
  assert.doesNotMatch(textReport({ ...hostile, incidents: [] }, look()), /[^\P{C}\n]/u);
  const coloured = textReport(hostile, look({ color: true, hyperlinks: true }));
  // biome-ignore lint/complexity/useRegexLiterals: only colours that logscan itself sets
  assert.doesNotMatch(coloured.replace(new RegExp('\x1b\\[\\d{1,2}m', 'g'), ''), /[^\P{C}\n]/u);
});

const RECORDS: readonly (readonly [name: string, text: string, shown: string | RegExp])[] = [
  [
    'a long message keeps its beginning and its end',
    `head\n${'line\n'.repeat(20)}last`,
    'head\nline\nline\nline\nline\n  … 14 lines\nline\nline\nlast',
  ],
  [
    'causes in the middle are counted',
    causes(8),
    'head\na.B: 0\n  at a.B.c(B.java:1)\nCaused by a.B: 1\nCaused by a.B: 2\n… 4 exceptions\nCaused by a.B: 7\n  at a.B.c(B.java:1)',
  ],
  [
    'frames without an exception follow the header',
    'head\n\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)',
    'head\n  at a.B.c(B.java:1) … 1 frame',
  ],
  [
    'a mark of the excerpt is no frame',
    'head\na.B: x\n\tat a.B.c(B.java:1)\n    … 12 lines left out',
    'head\na.B: x\n  at a.B.c(B.java:1) … and more frames',
  ],
  [
    'an exception needs no frames',
    'head\ncom.acme.a.name.that.is.too.long.to.be.read.TopException: x\nCaused by: a.B: y',
    'head\nTopException: x\nCaused by a.B: y',
  ],
  ['an exception may be all there is', `head\na.BException: ${'x '.repeat(200)}y`, /^head\na\.BException: .*x y$/s],
  [
    'what was suppressed is not the root',
    'head\na.B: x\n\tat a.B.c(B.java:1)\n\tSuppressed: a.C: y\n\t\tat a.C.d(C.java:1)',
    'head\na.B: x\n  at a.B.c(B.java:1)\nSuppressed a.C: y',
  ],
  ['a list of classes is text', 'head\na.B: on\na.C: off', 'head\na.B: on\na.C: off'],
  [
    'a sentence that begins like an exception is text',
    'head\nthe Error: was odd\nlast',
    'head\nthe Error: was odd\nlast',
  ],
];

function causes(count: number): string {
  return `head\n${Array.from({ length: count }, (_, index) => `${index === 0 ? '' : 'Caused by: '}a.B: ${index}\n\tat a.B.c(B.java:1)`).join('\n')}`;
}

for (const [name, text, shown] of RECORDS) {
  test(`in an abbreviated record ${name}`, () => {
    const page = textReport(report({ incidents: [incident({ evidence: [evidence({ text })] })] }), look());
    const rows = /jira\.log:12\n([\s\S]*?)\n\n/.exec(page)![1]!;
    const bare = rows.replace(/^ {9}/gm, '');
    if (typeof shown === 'string') assert.equal(bare, shown);
    else assert.match(bare, shown);
  });
}
