import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import MarkdownIt, { type Token } from 'markdown-it';
import type { Report } from '../../src/model/report.js';
import { markdownReport } from '../../src/reporters/markdown.js';
import { code, fenced, link, prose } from '../../src/reporters/markdown-text.js';
import { evidence, incident, notice, report, unknown, withTexts } from '../helpers/reports.js';

/** Reads more than GitHub, GitLab and Jira do: HTML, bare addresses, and names of hosts without a scheme. */
const parser = new MarkdownIt({ html: true, linkify: true, typographer: false });
parser.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true });

const POOL = incident({
  rule: { id: 'database/pool', pack: 'database', status: 'experimental', tags: [] },
  count: 1318,
  firstAt: '2026-11-20T09:14:03Z',
  lastAt: '2026-11-20T15:42:00Z',
  captures: { pool: 'main|2', user: 'jdoe', host: '' },
  evidence: [
    evidence({ line: 48211, text: '2026-11-20 09:14:03 ERROR no `connection`\n\tat com.acme.Pool.get(Pool.java:12)' }),
    evidence({ line: 99311, at: '2026-11-20T15:42:00Z', copies: ['catalina.out:7'] }),
  ],
  cause: 'All connections are in use, see https://wiki.example.com/pool.',
  solution: {
    summary: 'Make the pool larger.',
    steps: ['Set pool-max-size to 40 in dbconfig.xml.', 'Restart Jira.'],
    validFrom: null,
    validUntil: '2026-12-01',
    next: 'Use the new pool.',
  },
  notThisIf: 'the database is down.',
  fixedIn: { jira: '9.12.3' },
  nodes: [{ name: 'node1', count: 1300 }],
  alsoMatched: ['database/any'],
  related: [{ origin: 'access_log', line: 9, at: '2026-11-20T09:14:02Z', text: '"GET / HTTP/1.1" 500' }],
  references: [{ title: 'Tuning (the pool)', url: 'https://help.example.com/pool_(x)?a=1&amp;b=2' }],
  checked: '2026-11-24',
});
const MAIL = incident({ title: 'Mail is refused', severity: 'low', solution: null, cause: null, evidence: [] });
const WHOLE = report({
  incidents: [POOL, MAIL],
  notices: [notice({ count: 2 })],
  unknown: [unknown({ title: 'NullPointerException at com.acme.Sync.merge|x', count: 9 })],
  problems: [
    { kind: 'problem', code: 'input-truncated', origin: 'a.gz', message: 'ends early', remedy: 'copy it again' },
    { kind: 'problem', code: 'bound', origin: null, message: 'there were too many', remedy: 'narrow it' },
  ],
  coverage: { unreadableFiles: 1, cutLines: 2, errorRecords: 1328, explained: 1319, unexplained: 9 },
});

test('a report says what was read and found, each incident in full, what no rule knows, trouble, and what is masked', () => {
  assert.equal(
    markdownReport(WHOLE, 'on'),
    `# logscan report

**2 incidents (1 high, 1 low).**

- Read: \`jira.log\` (20 MB)
- Found in them: 61,240 records, 1,328 errors, 99 % explained, 20 MB in 0.3 s
- Time of the logs: 20 Nov 2026 08:00 to 17:42 UTC
- Rules: database 1 (1)
- Remedies: those that hold on 24 November 2026

| No. | Severity | Count | Last seen | Problem |
| --: | :-- | --: | :-- | :-- |
| 1 | high | 1,318 | 2 hours before | Database connection pool is exhausted |
| 2 | low | 1 | 8 hours before | Mail is refused |

## 1. High: Database connection pool is exhausted

1,318 times · 20 Nov 2026 09:14 to 15:42 UTC · last seen 2 hours before the end · \`node1\` 1,300 · \`database/pool\` · confidence high · experimental · also matched by \`database/any\`

\`jira.log:48211\`, 20 Nov 2026 09:14 UTC:

\`\`\`text
2026-11-20 09:14:03 ERROR no \`connection\`
	at com.acme.Pool.get(Pool.java:12)
\`\`\`

- \`jira.log:99311\`, 20 Nov 2026 15:42 UTC; the same record: \`catalina.out:7\`

**Found:** \`pool main\`&#124;\`2\`

**Why:** All connections are in use, see \`https://wiki.example.com/pool\`.

**What to do:** Make the pool larger.

1. Set pool-max-size to 40 in \`dbconfig.xml\`.
2. Restart Jira.

**Note:** valid until 30 November 2026. From then on: Use the new pool.

**Versions:** fixed in jira \`9.12.3\`

**Not this** if the database is down.

**In the same request:**

- \`access_log:9\`, 20 Nov 2026 09:14 UTC: \`"GET / HTTP/1.1" 500\`

**Read on** (checked 24 November 2026):

- [Tuning (the pool)](https://help.example.com/pool%5F%28x%29?a=1&amp;amp;b=2)

## 2. Low: Mail is refused

once · 20 Nov 2026 09:14 UTC · last seen 8 hours before the end · \`database/pool\` · confidence high

**What to do:** no remedy is known for that day; those of others: \`logscan explain database/pool\`

## Worth knowing

- 2 times, 20 Nov 2026 09:14 UTC: Jira was started · \`jira.log:12\`

## Errors that no rule knows

1 kind, 9 records.

| Count | Seen | Error | First place |
| --: | :-- | :-- | :-- |
| 9 | 20 Nov 2026 09:14 UTC | \`NullPointerException at com.acme.Sync.merge\`&#124;\`x\` | \`jira.log:12\` |

## Problems

Not read: 1 input that could not be read, or not to its end (\`a.gz\`); the rest of 2 lines over 1 MiB.

- \`a.gz\`: ends early; copy it again
- there were too many; narrow it

## What is masked

Secrets read \`[masked:KIND]\`. Names, hosts and addresses are not masked.

Made by logscan \`0.1.0\`.
`,
  );
});

const ANSWERS: readonly (readonly [name: string, found: Report, says: RegExp])[] = [
  ['nothing found is an answer', report(), /\*\*No known problem was found\.\*\*/],
  ['nothing read is said', report({ coverage: { files: 0 } }), /\*\*Nothing was read\.\*\*/],
  [
    'a time without records is said',
    report({ coverage: { records: 0 }, summary: { firstAt: null, lastAt: null } }),
    /\*\*No record lies in the time that was asked for\.\*\*[\s\S]*Time of the logs: not known/,
  ],
  ['standard input has a name', report({ run: { inputs: [{ path: '-', bytes: null }] } }), /Read: standard input\n/],
  [
    'many inputs are counted',
    report({ run: { inputs: Array.from({ length: 25 }, (_, index) => ({ path: `${index}.log`, bytes: null })) } }),
    /`19\.log`, 5 more\n/,
  ],
  ['an assumed zone is said', report({ incidents: [incident({ zoneAssumed: true })] }), /Zone assumed:/],
  [
    'kinds of errors that are not shown are counted',
    report({ unknown: [unknown()], summary: { unknown: 5 } }),
    /5 kinds, 1 record; 4 more kinds: `--unknown all`\./,
  ],
  [
    'incidents without details are counted',
    report({ incidents: Array.from({ length: 103 }, () => incident()) }),
    /\| 103 \|[\s\S]*Details of 3 more incidents: `--format ndjson`\./,
  ],
  [
    'incidents of one title are told apart',
    report({ incidents: ['a.example.com', 'b.example.com'].map((at) => incident({ captures: { at } })) }),
    /is exhausted · `a\.example\.com` \|\n.*is exhausted · `b\.example\.com` \|/,
  ],
  [
    'a remedy since a day says so',
    report({
      incidents: [
        incident({
          solution: { summary: 'S.', steps: ['One.\nTwo.'], validFrom: '2026-11-01', validUntil: null, next: null },
        }),
      ],
    }),
    /\*\*What to do:\*\* One\.\\\nTwo\.\n\n\*\*Note:\*\* valid since 1 November 2026\./,
  ],
];

for (const [name, found, says] of ANSWERS) test(name, () => assert.match(markdownReport(found, 'on'), says));

test('what is masked is counted by kind', () => {
  const text = '[masked:jwt] [masked:password] [masked:jwt] [user:0123abcd] [host:zzzzzzzz]';
  const masked = (masking: 'on' | 'strict' | 'off') =>
    markdownReport(report({ incidents: [incident({ evidence: [evidence({ text })] })] }), masking).split(
      '## What is masked\n\n',
    )[1]!;
  assert.match(masked('on'), /^Secrets read .*\n\n- `jwt`: 2\n- `password`: 1\n\n/);
  assert.match(masked('strict'), /^Secrets, mail .*\n\n- `jwt`: 2\n- `password`: 1\n- `user`: 1\n\n/);
  assert.match(masked('off'), /^Nothing is masked\.\n\nMade/);
});

const PROSE: readonly (readonly [text: string, markdown: string])[] = [
  ['Restart Jira, then look (again).', 'Restart Jira, then look (again).'],
  ['Ask support@example.com, issue GIT-3978.', 'Ask `support@example.com`, issue `GIT-3978`.'],
  ['since deadbeef, by #12 and @jdoe!', 'since `deadbeef`, by `#12` and `@jdoe`!'],
  ['call GET /rest/api/2 (see https://a.example.com/x).', 'call GET `/rest/api/2` (see `https://a.example.com/x`).'],
  ['Cannot find foo(bar), baz.', 'Cannot find `foo(bar)`, baz.'],
  ['*bold* _it_ <b> [x](y)', '`*bold* _it_ <b> [x](y)`'],
  ['a | b & c = 5.0, i.e. 1,200', 'a &#124; b & c = 5.0, i.e. 1,200'],
  ['- no list', '`-` no list'],
  ['1. no list', '1\\. no list'],
  ['one\n\n  = two', 'one `=` two'],
  ['a `b` c', 'a `` `b` `` c'],
  ['(', '`(`'],
  ['\x1b[2J', '`\\x1b[2J`'],
  ['', ''],
];

for (const [text, markdown] of PROSE) {
  test(`prose: ${JSON.stringify(text)} is written ${JSON.stringify(markdown)}`, () => {
    assert.equal(prose(text), markdown);
  });
}

test('code shows what it holds', () => {
  for (const text of ['a', '`', ' a ', '``a`', 'a``', 'a|b', '||', 'a\\', '&lt;', '\\x1b', ' ']) {
    const [paragraph] = parser.parseInline(`x${code(text)}x`, {});
    const shown = paragraph!.children!.map(({ content }) => content).join('');
    assert.equal(shown, `x${text}x`, text);
  }
});

test('a fence ends where its text does', () => {
  const text = '```\n````js\n~~~\n    ```\n<!-- -->';
  const [fence, ...others] = parser.parse(fenced(text).join('\n'), {});
  assert.deepEqual([fence!.type, others.length], ['fence', 0]);
  assert.equal(
    fence!.content,
    '\\x60\\x60\\x60\n\\x60\\x60\\x60\\x60js\n\\x7e\\x7e\\x7e\n    \\x60\\x60\\x60\n<!-- -->\n',
  );
});

test('an address that is none of the web is no link', () => {
  const urls = ['javascript:alert(1)', 'https://a/\x07', 'https://a b', 'https://', 'https://a.example.com/\u202e'];
  for (const url of urls) assert.deepEqual(linksOf(parser.parseInline(link('a', url), {})), [], url);
  const odd = 'https://a.example.com/(b)[c]\\<d>`*_|"';
  assert.deepEqual(linksOf(parser.parseInline(link('a]b', odd), {})), [
    'https://a.example.com/%28b%29%5Bc%5D%5C%3Cd%3E%60%2A%5F%7C%22',
  ]);
});

function allOf(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...allOf(token.children ?? [])]);
}

function linksOf(tokens: readonly Token[]): string[] {
  return allOf(tokens).flatMap((token) => (token.type === 'link_open' ? [String(token.attrGet('href'))] : []));
}

/** What names, numbers and addresses look like that a tracker makes links, mentions or pictures of, outside of code. */
const ACTIVE = [
  /@\p{L}/u,
  /[#!~$%&]\p{L}|[#!~$%&]\d/u,
  /:\/\/|www\.\w|mailto:/i,
  /\b[A-Z][A-Z\d]+-\d/,
  /\b[\da-f]{7,}\b/i,
  /:[a-z_]+:/,
  /\[\[|\{\{|<|>/,
];
/** What the report itself says of versions, days and rules stays as it is; these are words of closed lists. */
const CLOSED = [
  'kind',
  'severity',
  'status',
  'confidence',
  'event',
  'code',
  'checked',
  'asOf',
  'validFrom',
  'validUntil',
];
const TIMES = ['firstAt', 'lastAt', 'at', 'from'];

/** The report with a hostile text in place of, or behind, every text of it, addresses of references excepted. */
function hostile(change: (text: string) => string): Report {
  return withTexts(WHOLE, change, [...CLOSED, ...TIMES, 'url']);
}

const shapeOf = (tokens: readonly Token[]) => tokens.map(({ type, tag, markup }) => `${type} ${tag} ${markup}`);
const parsed = (found: Report) => parser.parse(markdownReport(found, 'on'), {});

/** Where the text stands: behind, before, or in place of what is there. */
const PLACES: readonly ((before: string, text: string) => string)[] = [
  (before, text) => `${before} ${text}`,
  (before, text) => `${text}${before}`,
  (_, text) => `x${text}`,
];
const BENIGN = PLACES.map((put) => shapeOf(parsed(hostile((before) => put(before, 'word')))));

function assertHarmless(text: string): void {
  for (const [place, put] of PLACES.entries()) {
    const tokens = parsed(hostile((before) => put(before, text)));
    const all = allOf(tokens);
    const types = new Set<string>(all.map(({ type }) => type));
    for (const type of [
      'html_inline',
      'html_block',
      'image',
      's_open',
      'em_open',
      'blockquote_open',
      'hr',
      'code_block',
    ])
      assert.ok(!types.has(type), `${type} of ${JSON.stringify(text)}`);
    const links = linksOf(tokens);
    assert.ok(
      links.every((href) => href.startsWith('https://help.example.com/')) && links.length === 1,
      `${links.join(' ')} of ${JSON.stringify(text)}`,
    );
    assert.deepEqual(shapeOf(tokens), BENIGN[place], `the shape of ${JSON.stringify(text)}`);
    for (const { type, content } of all) {
      if (type !== 'text') continue;
      for (const pattern of ACTIVE) assert.doesNotMatch(content, pattern, JSON.stringify(text));
    }
    for (const { type, content } of all) {
      if (['text', 'code_inline', 'fence'].includes(type))
        assert.doesNotMatch(content, /[\x00-\x08\x0b-\x1f\x7f\u202e\u2028]/);
    }
  }
}

const ATTACKS = [
  '```\n<script>alert(1)</script>\n```',
  '``` ````` ~~~',
  '`` ` `',
  '| a | b |\n| - | - |\n| c | d |',
  '\\| \\\\| x |',
  '<img src=x onerror=alert(1)> <!-- </td></table>',
  '![x](https://evil.example.com/x.png) [x](https://evil.example.com) [x]: https://evil.example.com',
  '<https://evil.example.com> https://evil.example.com www.evil.example.com evil.example.com mailto:a@evil.example.com',
  '@admin @here #123 !45 GH-12 JRA-123 acme/app#1 deadbeefcafe ~label $1 %1 &1 :fire: [[wiki]] [~admin] {html}x{html}',
  '\n# heading\n---\n===\n- list\n1. list\n> quote\n    code\n/close\n',
  '\r# heading\r\n\r\n***\x0b\x0c\x85\u2028# x\u202e\x00\x1b]8;;https://evil.example.com\x07',
  '*a* **b** _c_ __d__ ~~e~~ a_b_c <a@b.example.com> &lt;b&gt; &#64;admin \\@admin \\',
  ']:https://evil.example.com',
  '1)\n+ x\n: y\n\t\tz',
  '$`x`$ $$x$$ \\(x\\) ::: note',
];

for (const attack of ATTACKS) {
  test(`nothing acts of ${JSON.stringify(attack)}`, () => assertHarmless(attack));
}

test('nothing that a log says acts, or breaks out of where it stands', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...'`|\\*_[]()<>!#@&~:;.-+=$%{}/"\' \n\r\t',
      ...'aZ1é',
      '\u202e',
      '\ud800',
      '```',
      '~~~',
      '://',
      'www.',
    ),
    fc.constantFrom(
      'https://evil.example.com',
      '<b>',
      '![',
      '](',
      '@admin',
      '#1',
      'ABC-12',
      '&lt;',
      'deadbee',
      '| - |',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (one) => assertHarmless(one)),
    { numRuns: 400 },
  );
});
