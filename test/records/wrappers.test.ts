import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Unwrapped, wrapperOf } from '../../src/records/wrappers.js';

const DOCKER = '{"log":"2026 ERROR x\\n","stream":"stderr","time":"2026-01-01T00:00:00.123456789Z"}';
const CRI = '2026-01-01T00:00:00.123456789Z stderr F 2026 ERROR x';
const SERVICE = 'INFO   | jvm 2    | 2026/02/02 04:53:02 | 2026-02-02 04:53:02,411 INFO [main] [Agent] x';
const COMPOSE = 'web-1  | 2026 ERROR x';

const HEADS: readonly (readonly [string, readonly string[], string | null])[] = [
  ['docker', [DOCKER, DOCKER, '{"log":"cut'], 'docker'],
  ['Kubernetes', [CRI, CRI], 'cri'],
  ['compose', [COMPOSE, 'db-1   | ready', COMPOSE], 'compose'],
  [
    'Java Service Wrapper',
    ['STATUS | wrapper  | 2026/02/02 03:10:09 | Launching a JVM...', SERVICE],
    'service-wrapper',
  ],
  ['compose with chosen names', ['web | a', 'db  | b', 'web | c'], 'compose'],
  ['one line with a bar is no compose', ['left | right'], null],
  ['JSON lines are no docker lines', ['{"level":"error","msg":"x"}', '{"log":{"level":"x"}}'], null],
  ['ISO times are no Kubernetes lines', ['2026-01-01T00:00:00.123456789Z ERROR F x'], null],
  [
    "Bitbucket's access log is no compose",
    ['192.0.2.1 | https | o@1x2x3x0 | - | x', 'bb.example.com | https | o@1x2x3x0 | - | x'],
    null,
  ],
  ['a table is no compose', ['| a | b |', '|---|---|', 'x | y', 'long | y'], null],
  ['an empty head', [], null],
  ['plain text', ['text', 'text'], null],
];

for (const [name, head, expected] of HEADS) {
  test(`wrapper: ${name}`, () => assert.equal(wrapperOf(head)?.name ?? null, expected));
}

const TIME = '2026-01-01T00:00:00.123456789Z';
const LINES: readonly (readonly [string, string, string, Unwrapped | null])[] = [
  ['docker: one line', DOCKER, DOCKER, { stream: 'stderr', text: '2026 ERROR x', partial: false, time: TIME }],
  [
    'docker: several lines in one value',
    DOCKER,
    `{"log":"a\\n\\tat b\\n","stream":"stdout","time":"${TIME}"}`,
    { stream: 'stdout', text: 'a\n\tat b', partial: false, time: TIME },
  ],
  [
    'docker: a piece of a long line',
    DOCKER,
    `{"log":"aaa","stream":"stdout","time":"${TIME}"}`,
    { stream: 'stdout', text: 'aaa', partial: true, time: TIME },
  ],
  [
    'docker: a blank line',
    DOCKER,
    `{"log":"\\n","stream":"stdout","time":"${TIME}"}`,
    { stream: 'stdout', text: '', partial: false, time: TIME },
  ],
  [
    'docker: CR and LF',
    DOCKER,
    `{"log":"a\\r\\n","stream":"stdout","time":"${TIME}"}`,
    { stream: 'stdout', text: 'a', partial: false, time: TIME },
  ],
  ['docker: a line that is not wrapped', DOCKER, 'text', null],
  ['docker: a broken line', DOCKER, '{"log":"a', null],
  ['Kubernetes: a whole line', CRI, CRI, { stream: 'stderr', text: '2026 ERROR x', partial: false, time: TIME }],
  [
    'Kubernetes: a partial line',
    CRI,
    `${TIME} stdout P aaa`,
    { stream: 'stdout', text: 'aaa', partial: true, time: TIME },
  ],
  [
    'Kubernetes: several tags',
    CRI,
    `${TIME} stdout P:x aaa`,
    { stream: 'stdout', text: 'aaa', partial: true, time: TIME },
  ],
  [
    'Kubernetes: the text keeps its indent',
    CRI,
    `${TIME} stdout F \tat b`,
    { stream: 'stdout', text: '\tat b', partial: false, time: TIME },
  ],
  ['Kubernetes: a blank line', CRI, `${TIME} stdout F `, { stream: 'stdout', text: '', partial: false, time: TIME }],
  [
    'Kubernetes: a blank line without its blank',
    CRI,
    `${TIME} stdout F`,
    { stream: 'stdout', text: '', partial: false, time: TIME },
  ],
  [
    'Kubernetes: a time with an offset',
    CRI,
    '2026-01-01T00:00:00.123456789+01:00 stdout F a',
    { stream: 'stdout', text: 'a', partial: false, time: '2026-01-01T00:00:00.123456789+01:00' },
  ],
  ['Kubernetes: a line that is not wrapped', CRI, 'text', null],
  [
    'Java Service Wrapper: a line',
    SERVICE,
    SERVICE,
    {
      stream: 'jvm 2',
      text: '2026-02-02 04:53:02,411 INFO [main] [Agent] x',
      partial: false,
      time: '2026/02/02 04:53:02',
    },
  ],
  ['compose: a line', COMPOSE, COMPOSE, { stream: 'web-1', text: '2026 ERROR x', partial: false, time: null }],
  [
    'compose: the text keeps its indent',
    COMPOSE,
    'web-1  | \tat b',
    { stream: 'web-1', text: '\tat b', partial: false, time: null },
  ],
  ['compose: a blank line', COMPOSE, 'web-1  |', { stream: 'web-1', text: '', partial: false, time: null }],
  ['compose: a line that is not wrapped', COMPOSE, 'Attaching to web-1', null],
];

for (const [name, head, line, expected] of LINES) {
  test(`unwrap: ${name}`, () => assert.deepEqual(wrapperOf([head])!.unwrap(line), expected));
}

test('no line makes a wrapper throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const head of [DOCKER, CRI, COMPOSE]) {
        wrapperOf([head])!.unwrap(text);
        wrapperOf([head])!.unwrap(head.slice(0, text.length) + text);
      }
    }),
    { numRuns: 500 },
  );
});
