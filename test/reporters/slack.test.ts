import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Incident, UnknownError } from '../../src/model/incident.js';
import { slackMessage } from '../../src/reporters/slack.js';
import { evidence, incident, notice, unknown, withTexts } from '../helpers/reports.js';

interface Text {
  readonly type: string;
  readonly text: string;
  readonly emoji?: boolean;
  readonly verbatim?: boolean;
}
interface Block {
  readonly type: string;
  readonly text?: Text;
  readonly elements?: readonly Text[];
}
interface Message {
  readonly text: string;
  readonly blocks: readonly Block[];
}

const messageOf = (object: Incident | UnknownError) => slackMessage(object) as Message;
const textsOf = ({ blocks }: Message) => blocks.flatMap(({ text, elements = [] }) => (text ? [text] : elements));
const wordsOf = (object: Incident | UnknownError) => textsOf(messageOf(object)).map(({ text }) => text);

const PROFILE = incident({
  event: 'opened',
  rule: { id: 'gij/azure-devops-profile-401', pack: 'gij', status: 'experimental', tags: [] },
  title: 'Azure DevOps refuses the profile call',
  count: 1318,
  lastAt: '2026-11-20T17:42:00Z',
  evidence: [evidence({ line: 48211 }), evidence({ line: 99311 })],
  solution: {
    summary: 'Widen the token.',
    steps: ['Create a token.', 'Paste it & choose <Connect>.'],
    validFrom: null,
    validUntil: '2026-12-01',
    next: 'Use a service principal.',
  },
  references: [{ title: 'Personal access token failing', url: 'https://help.example.com/token?a=1&b=2' }],
});

test('a message says what happened, how bad it is, when and where, what to do, and where to read on', () => {
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
  const facts = 'severity high · 1,318 times · 20 Nov 2026 09:14 to 17:42 UTC\nlast at jira.log:99311';
  assert.deepEqual(slackMessage(PROFILE), {
    text: `Opened: Azure DevOps refuses the profile call\n${facts}`,
    mrkdwn: false,
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: plain('Opened: Azure DevOps refuses the profile call') },
      { type: 'section', text: plain(facts) },
      {
        type: 'section',
        text: plain(
          'What to do\nWiden the token.\n1. Create a token.\n2. Paste it &amp; choose &lt;Connect&gt;.\n' +
            'Valid until 30 November 2026. From then on: Use a service principal.',
        ),
      },
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: '<https://help.example.com/token?a=1&amp;b=2|Personal access token failing>',
          verbatim: true,
        },
      },
      {
        type: 'context',
        elements: [plain('gij/azure-devops-profile-401 · experimental · confidence high · inc_0123456789ab')],
      },
    ],
  });
});

const WORDS: readonly (readonly [name: string, object: Incident | UnknownError, words: readonly string[]])[] = [
  [
    'a second episode is opened again',
    incident({ event: 'opened', episode: 2 }),
    [
      'Opened again: Database connection pool is exhausted',
      'severity high · once · 20 Nov 2026 09:14 UTC\nat jira.log:12',
      'What to do\nSet pool-max-size to 40.',
      'database/pool · confidence high · inc_0123456789ab',
    ],
  ],
  [
    'what was withdrawn needs no remedy',
    incident({ event: 'withdrawn', count: 0, evidence: [], firstAt: null, lastAt: null }),
    [
      'Withdrawn: Database connection pool is exhausted',
      'severity high · 0 times · time unknown\nThe record went on, and is something else than it seemed.',
      'database/pool · confidence high · inc_0123456789ab',
    ],
  ],
  [
    'an unknown error has no rule and no remedy',
    unknown({ event: 'updated', count: 10, provisional: true, duplicatePossible: true }),
    [
      'Updated: NullPointerException at com.acme.Sync.merge',
      'an error that no rule knows · 10 times · 20 Nov 2026 09:14 UTC\nlast at jira.log:12\n' +
        'The record may still go on.\nIt may have been told or counted before.',
      'unk_0123456789ab',
    ],
  ],
  [
    'a notice is called one',
    notice({ event: 'resolved', solution: null }),
    [
      'Resolved: Jira was started',
      'notice · once · 20 Nov 2026 09:14 UTC\nat jira.log:12',
      'database/pool · confidence high · inc_0123456789ab',
    ],
  ],
  [
    'a day without a remedy is said',
    incident({ event: 'resolved', solution: null }),
    [
      'Resolved: Database connection pool is exhausted',
      'severity high · once · 20 Nov 2026 09:14 UTC\nat jira.log:12',
      'No remedy is known for today.',
      'database/pool · confidence high · inc_0123456789ab',
    ],
  ],
];

for (const [name, object, words] of WORDS) test(name, () => assert.deepEqual(wordsOf(object), words));

test('a remedy tells from when it holds, and where it is not known how it goes on', () => {
  const dated = { summary: 's', steps: ['Step.'], next: null };
  const remedy = (validFrom: string | null, validUntil: string | null) =>
    wordsOf(incident({ solution: { ...dated, validFrom, validUntil } }))[2];
  assert.equal(remedy('2026-12-01', null), 'What to do\nStep.\nValid since 1 December 2026.');
  assert.equal(
    remedy(null, '2026-12-01'),
    'What to do\nStep.\nValid until 30 November 2026. What to do then is not known yet.',
  );
  assert.equal(remedy(null, null), 'What to do\nStep.');
});

test('a title that is cut in the header is told whole below it', () => {
  const title = 'x'.repeat(200);
  const [header, whole] = wordsOf(incident({ event: 'opened', title }));
  assert.equal(header, `Opened: ${'x'.repeat(141)}…`);
  assert.equal(whole, `Opened: ${title}`);
});

test('an address that is none of the web is no link', () => {
  const urls = ['javascript:alert(1)', 'https://a/\x07', 'https://a|b', 'https://a/> <!channel>', 'https://a b'];
  const references = urls.map((url) => ({ title: 'a', url }));
  assert.ok(textsOf(messageOf(incident({ references }))).every(({ type }) => type === 'plain_text'));
});

const HOSTILE =
  '<!channel> <@U1> @here @channel &lt;!everyone&gt; *b* `c` :fire: ```\x1b[2J\x9b\u202e\u200b\u2028\r\x07\n|>';

test('nothing that a log or a rule says acts in a message', () => {
  const closed = ['kind', 'severity', 'status', 'confidence', 'event', 'firstAt', 'lastAt', 'at', 'from', 'url'];
  for (const object of [PROFILE, unknown({ event: 'opened' })]) {
    const hostile = withTexts(object, (text) => text + HOSTILE, closed);
    const message = messageOf(hostile);
    const texts = textsOf(message);
    for (const { type, text, emoji, verbatim } of [
      ...texts,
      { type: 'plain_text', text: message.text, emoji: false, verbatim: false },
    ]) {
      assert.doesNotMatch(text, /[^\P{C}\n]/u);
      assert.equal(type === 'mrkdwn' ? verbatim : emoji, type === 'mrkdwn');
      const links = type === 'mrkdwn' ? /<https:\/\/help\.example\.com\/token\?a=1&amp;b=2\|[^<>]*>/g : /(?!)/g;
      assert.doesNotMatch(text.replace(links, ''), /[<>]|&(?!amp;|lt;|gt;)/);
    }
    assert.match(texts[0]!.text, /&lt;!channel&gt; &lt;@U1&gt; @here @channel &amp;lt;!everyone&amp;gt;/);
  }
});

test('a message keeps the bounds of Slack, and cuts no character and no escape in two', () => {
  const piece = fc.constantFrom('a', '&', '<', '👍', '\ud800', '\x1b', 'ü');
  const long = fc.array(piece, { minLength: 0, maxLength: 8000 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(long, fc.integer({ min: 0, max: 200 }), (text, many) => {
      const references = Array.from({ length: many }, () => ({ title: text, url: 'https://example.com/' }));
      const steps = Array.from({ length: many }, () => text);
      const solution = { summary: text, steps, validFrom: null, validUntil: null, next: null };
      const message = messageOf(
        incident({ title: text, references, solution, evidence: [evidence({ origin: text })] }),
      );
      assert.ok(message.blocks.length <= 50);
      assert.ok(message.text.length <= 3000);
      for (const { text: words } of textsOf(message)) {
        assert.ok(words.length >= 1 && words.length <= 3000, String(words.length));
        assert.ok(words.isWellFormed());
        assert.doesNotMatch(words, /&(?!amp;|lt;|gt;)/);
      }
      assert.ok(textsOf(message)[0]!.text.length <= 150);
    }),
    { numRuns: 30 },
  );
});
