import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import MarkdownIt, { type Token } from 'markdown-it';
import type { Rule } from '../../src/model/rule.js';
import { INDEX_PAGE, PAGE_MARK, rulePages } from '../../src/reporters/rule-pages.js';
import { rule } from '../helpers/rules.js';

const POOL = rule({
  id: 'acme/pool',
  title: 'The pool {http.host} is empty',
  products: ['Jira', 'Tomcat'],
  tags: ['pool', 'database'],
  match: {
    http: { status: 503, host: 'db.example.com' },
    any: [{ throwable: { type: 'com.acme.PoolException' } }, { throwable: { type: ['java.io.IOException'] } }],
    none: [{ throwable: { type: 'com.acme.OtherException' } }],
  },
  supersedes: ['acme/any'],
  appliesTo: { jira: '>=9.4 <9.12.3' },
  fixedIn: { jira: '9.12.3' },
  when: { count: 5, within: '30m' },
  cause: 'All connections\nare in use.',
  solutions: [
    { until: '2026-12-01', summary: 'Make it larger.', steps: ['Set pool-max-size to 40.', 'Restart.'] },
    { from: '2026-12-01', summary: 'Use the new pool.', steps: ['Use the new pool.'] },
    { summary: 'Wait.', steps: ['Wait.'] },
  ],
  references: [{ title: 'Tuning', url: 'https://help.example.com/pool' }],
  checked: '2026-11-24',
  notThisIf: 'the database is down.',
  examples: {
    matches: [{ log: 'ERROR no ```connection\n\tat com.acme.Pool.get(Pool.java:12)\n' }, { log: 'another' }],
    ignores: [{ log: 'INFO all is well\n', because: 'Nothing failed.' }],
  },
});
const ANY = rule({ id: 'acme/any', role: 'fallback', severity: 'low', tags: ['pool'] });

test('a rule is a page that says everything that the rule says', () => {
  assert.equal(
    rulePages([ANY, POOL]).get('acme/pool.md'),
    `${PAGE_MARK}
# The pool \`{http.host}\` is empty

- Rule: \`acme/pool\`
- Severity: high
- Confidence: high
- Status: stable
- Products: Jira, Tomcat
- Tags: \`pool\`, \`database\`

## Symptom

\`\`\`text
ERROR no \\x60\\x60\\x60connection
	at com.acme.Pool.get(Pool.java:12)
\`\`\`

It is told only from 5 times within 30 minutes.

1 more example in the file of the rule.

## Cause

All connections\\
are in use.

## What to do

### Until 30 November 2026

Make it larger.

1. Set pool-max-size to 40.
2. Restart.

### From 1 December 2026

Use the new pool.

### Always

Wait.

## What looks alike

It is not this problem if the database is down.

Not this one: Nothing failed.

\`\`\`text
INFO all is well
\`\`\`

## Versions

- Concerns \`jira >=9.4 <9.12.3\`
- Fixed in \`jira 9.12.3\`

## Which rule wins

- It wins over [acme/any](../acme/any.md).

## Read on

- [Tuning](https://help.example.com/pool)
- Checked 24 November 2026

[All rules](../README.md) · \`logscan explain acme/pool\`
`,
  );
});

test('a rule that says little is a short page, and tells which rules win over it', () => {
  assert.match(
    rulePages([ANY, POOL]).get('acme/any.md')!,
    /connections are in use\.\n\n## What to do\n\nSet pool-max-size to 40\.\n\n## Which rule wins\n\n- It gives way to every rule that is no fallback\.\n- It loses to \[acme\/pool\]\(\.\.\/acme\/pool\.md\)\.\n\n\[All rules\]/,
  );
});

test('the index lists the rules by product, tag and exception, those under none apart', () => {
  assert.equal(
    rulePages([POOL, ANY]).get(INDEX_PAGE),
    `${PAGE_MARK}
# Rules

2 rules in 1 pack, each with its symptom, cause and remedy.

- [By product](#by-product)
- [By tag](#by-tag)
- [By exception](#by-exception)

## By product

### Jira

- high: [The pool \`{http.host}\` is empty](acme/pool.md)
- low: [The pool is empty](acme/any.md)

### Tomcat

- high: [The pool \`{http.host}\` is empty](acme/pool.md)

## By tag

- \`database\`: [acme/pool](acme/pool.md)
- \`pool\`: [acme/any](acme/any.md), [acme/pool](acme/pool.md)

## By exception

- \`java.io.IOException\`: [acme/pool](acme/pool.md)
- \`com.acme.PoolException\`: [acme/pool](acme/pool.md)
`,
  );
});

test('the same rules make the same pages in any order', () => {
  assert.deepEqual([...rulePages([ANY, POOL])], [...rulePages([POOL, ANY])]);
});

test('of a log that is very long the beginning is shown', () => {
  const log = `${'x '.repeat(2000)}\n${Array.from({ length: 60 }, (_, index) => `line ${index}`).join('\n')}\n`;
  const page = rulePages([rule({ examples: { matches: [{ log: `no connection ${log}` }] } })]).get('acme/rule.md')!;
  assert.match(page, /x ?…\nline 0\n[\s\S]*\nline 38\n… 21 lines\n```\n/);
  assert.doesNotMatch(page, /(?:x ){1001}/);
});

/** Reads more than GitHub and GitLab do. */
const parser = new MarkdownIt({ html: true, linkify: true, typographer: false });
parser.linkify.set({ fuzzyLink: true, fuzzyEmail: true, fuzzyIP: true });

function allOf(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => [token, ...allOf(token.children ?? [])]);
}

/** The rule with a text behind each of its own that an author writes freely. */
function tainted(text: string): Rule {
  const behind = (own: string) => `${own} ${text}`;
  return {
    ...POOL,
    title: behind(POOL.title),
    products: POOL.products.map(behind),
    cause: behind(POOL.cause),
    solutions: POOL.solutions.map((one) => ({ ...one, summary: behind('Do.'), steps: ['A.', behind('B.')] })),
    references: POOL.references.map((one) => ({ ...one, title: behind(one.title) })),
    notThisIf: behind('this.'),
    fixedIn: { [behind('jira')]: behind('9') },
    match: {
      kind: 'throwable',
      throwable: { types: [behind('com.acme.X')], message: null, frames: [], position: 'any' },
    },
    examples: {
      matches: [{ ...POOL.examples.matches[0]!, log: behind('log') }],
      ignores: [{ ...POOL.examples.ignores[0]!, log: behind('log'), because: behind('because') }],
    },
  };
}

function shapeOf(text: string): { readonly shape: string[]; readonly links: string[]; readonly tokens: Token[] } {
  const tokens = [...rulePages([tainted(text), ANY]).values()].flatMap((page) =>
    allOf(parser.parse(page.slice(PAGE_MARK.length), {})),
  );
  return {
    // A text in several pieces of code is more tokens of the same kind.
    shape: tokens
      .filter(({ block, type }) => block && type !== 'inline')
      .map(({ type, tag, markup }) => `${type} ${tag} ${markup}`),
    links: tokens.flatMap((token) => (token.type === 'link_open' ? [String(token.attrGet('href'))] : [])),
    tokens,
  };
}

const BENIGN = shapeOf('word');

function assertHarmless(text: string): void {
  const { shape, links, tokens } = shapeOf(text);
  assert.deepEqual(shape, BENIGN.shape, JSON.stringify(text));
  assert.deepEqual(links, BENIGN.links, JSON.stringify(text));
  for (const { type } of tokens)
    assert.ok(
      !['html_inline', 'html_block', 'image', 's_open', 'em_open'].includes(type),
      `${type} of ${JSON.stringify(text)}`,
    );
}

for (const text of [
  '```\n<script>alert(1)</script>\n```',
  '<!-- --> <b> ![x](https://evil.example.com) [x]: https://evil.example.com ](https://evil.example.com)',
  '\n# heading\n---\n- list\n1. list\n> quote\n',
  '`` ` *a* __b__ https://evil.example.com www.evil.example.com a@evil.example.com',
]) {
  test(`nothing acts of ${JSON.stringify(text)}`, () => assertHarmless(text));
}

test('nothing that a rule says acts, or breaks out of where it stands', () => {
  const piece = fc.constantFrom(
    ...'`|\\*_[]()<>!#@&~:-+={} \n\ra1',
    '```',
    '~~~',
    '<b>',
    '](',
    'https://e.example.com',
    '\u202e',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (parts) => assertHarmless(parts.join(''))),
    { numRuns: 200 },
  );
});
