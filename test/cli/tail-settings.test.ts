import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Environment, readConfig } from '../../src/cli/config.js';
import { type TailSettings, toTailSettings } from '../../src/cli/tail-settings.js';
import { workspace } from '../helpers/cli.js';

/** What holds for a tail in a workspace with this `logscan.yaml`. */
async function settings(text: string, env: Environment = {}, flags: Record<string, unknown> = {}) {
  const place = workspace({ 'logscan.yaml': text });
  const config = await readConfig({}, { XDG_CONFIG_HOME: place.at('xdg'), ...env }, place.dir);
  assert.deepEqual(config.problems, []);
  return { settings: toTailSettings(config, env, place.at('cwd'), flags), place };
}

test('without settings it is what is usual', async () => {
  const { settings: usual } = await settings('', { XDG_STATE_HOME: '/home/jdoe/.state' });
  assert.deepEqual(usual, {
    paths: [],
    output: [],
    webhook: [],
    metrics: null,
    state: '/home/jdoe/.state/logscan',
    from: 'end',
    format: 'auto',
    'resolve-after': 1_800_000,
    'webhook-format': 'cloudevents',
    poll: 250,
    'flush-timeout': 1_000,
    'rotate-wait': 5_000,
    checkpoint: 1_000,
    'open-files': 256,
  } satisfies TailSettings);
});

describe('precedence', () => {
  const CASES: readonly (readonly [
    name: string,
    text: string,
    env: Environment,
    flags: Record<string, unknown>,
    setting: keyof TailSettings,
    value: unknown,
  ])[] = [
    ['the file goes over what is usual', 'tail: { poll: 2s }', {}, {}, 'poll', 2_000],
    ['the environment goes over the file', 'tail: { poll: 2s }', { LOGSCAN_TAIL_POLL: '3s' }, {}, 'poll', 3_000],
    ['a flag goes over both', 'tail: { poll: 2s }', { LOGSCAN_TAIL_POLL: '3s' }, { poll: '4s' }, 'poll', 4_000],
    ['a flag that was not typed changes nothing', 'tail: { poll: 2s }', {}, { poll: undefined }, 'poll', 2_000],
    ['a list of flags replaces the other', 'tail: { paths: [/a, /b] }', {}, { paths: ['/c'] }, 'paths', ['/c']],
    ['an empty list of flags was not typed', 'tail: { paths: [/a, /b] }', {}, { paths: [] }, 'paths', ['/a', '/b']],
    ['a path of flags may have a colon', '', {}, { output: ['/a:b.ndjson'] }, 'output', ['/a:b.ndjson']],
    ['a format for all commands holds for a tail', 'format: ndjson', {}, {}, 'format', 'ndjson'],
    ['a look of whole reports does not', 'format: markdown', {}, {}, 'format', 'auto'],
    ['one under tail goes over it', 'format: ndjson\ntail: { format: text }', {}, {}, 'format', 'text'],
    [
      'metrics by a flag',
      'tail: { metrics: 9000 }',
      {},
      { metrics: '9001' },
      'metrics',
      { host: '127.0.0.1', port: 9001 },
    ],
    ['state of the file', 'tail: { state: /a }', { STATE_DIRECTORY: '/b', XDG_STATE_HOME: '/c' }, {}, 'state', '/a'],
    ['state that systemd made', '', { STATE_DIRECTORY: '/b:/d', XDG_STATE_HOME: '/c' }, {}, 'state', '/b'],
    ['state of the user', '', { XDG_STATE_HOME: '/c' }, {}, 'state', '/c/logscan'],
    [
      'state in the home of the user',
      '',
      { XDG_STATE_HOME: 'c' },
      {},
      'state',
      `${process.env.HOME}/.local/state/logscan`,
    ],
    [
      'webhooks have the usual format',
      'tail: { webhook: ["https://example.com"] }',
      {},
      {},
      'webhook',
      [{ url: 'https://example.com', format: 'cloudevents' }],
    ],
    [
      'webhook-format is for those that name none',
      'tail: { webhook: ["https://a.example.com", { url: "https://b.example.com", format: cloudevents }] }',
      {},
      { 'webhook-format': 'slack' },
      'webhook',
      [
        { url: 'https://a.example.com', format: 'slack' },
        { url: 'https://b.example.com', format: 'cloudevents' },
      ],
    ],
  ];
  for (const [name, text, env, flags, setting, value] of CASES) {
    test(name, async () => assert.deepEqual((await settings(text, env, flags)).settings[setting], value));
  }

  test('paths of flags are relative to the working directory', async () => {
    const { settings: found, place } = await settings('tail: { paths: [log], state: state }', {}, { paths: ['log'] });
    assert.deepEqual([found.paths, found.state], [[place.at('cwd/log')], place.at('state')]);
  });
});

for (const [flag, text, message] of [
  ['poll', '5', '--poll: expected a duration from 10ms to 1d, like 250ms, found "5"'],
  ['from', 'begin', '--from: expected one of start, end, found "begin"'],
  ['metrics', '70000', '--metrics: expected a port, host:port, or a path, found "70000"'],
  [
    'webhook',
    'hooks.example.com/key',
    '--webhook: expected an http or https address, found one that begins with "hooks.ex"',
  ],
  ['open-files', '0', '--open-files: expected a number of at least 1, found "0"'],
] as const) {
  test(`--${flag} ${text} cannot be meant`, async () => {
    await assert.rejects(settings('', {}, { [flag]: text }), { name: 'UsageError', message });
  });
}
