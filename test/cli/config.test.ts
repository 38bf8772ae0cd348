import assert from 'node:assert/strict';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import yargs from 'yargs';
import { type Config, type ConfigArgs, type Environment, readConfig } from '../../src/cli/config.js';
import { commonOptions, scanOptions } from '../../src/cli/options.js';
import { ONLY_TYPED, SETTINGS, type Setting, TAIL_SETTINGS } from '../../src/cli/settings.js';
import {
  assertSaid,
  canBeNobody,
  type Files,
  PROFILE_401,
  packFiles,
  profile401,
  ruleFile,
  run,
  type Workspace,
  workspace,
} from '../helpers/cli.js';

const DAY = ['--as-of', '2026-11-24'];

/** The configuration that holds in `cwd` of a workspace; nobody's own takes part. */
function configIn(place: Workspace, env: Environment = {}, typed: ConfigArgs = {}, cwd = '.'): Promise<Config> {
  return readConfig(typed, { XDG_CONFIG_HOME: place.at('xdg'), ...env }, path.join(place.dir, cwd));
}

/** Every problem as it is told, with paths as seen from the workspace. */
function told({ problems }: Config, { dir }: Workspace): string[] {
  return problems.map((problem) => `${problem.place}: ${problem.message}`.replaceAll(`${dir}/`, ''));
}

describe('which file is read', () => {
  const ABOVE = 'min-severity: high\n';
  const FILES: Files = { 'logscan.yaml': ABOVE, 'a/logscan.yaml': ABOVE, 'a/b/c/': '', 'd/': '', 'other.yaml': ABOVE };
  const USER = { 'xdg/logscan/logscan.yaml': ABOVE, 'a/b/': '', 'other.yaml': ABOVE };
  const CASES: readonly {
    name: string;
    files: Files;
    cwd?: string;
    env?: Environment;
    typed?: ConfigArgs;
    file: string | null;
  }[] = [
    { name: 'the one in the working directory', files: FILES, cwd: 'a', file: 'a/logscan.yaml' },
    { name: 'the nearest one above it', files: FILES, cwd: 'a/b/c', file: 'a/logscan.yaml' },
    { name: 'one further above', files: FILES, cwd: 'd', file: 'logscan.yaml' },
    { name: 'the one above, not that of the user', files: { ...FILES, ...USER }, cwd: 'd', file: 'logscan.yaml' },
    { name: 'that of the user, if there is none above', files: USER, cwd: 'a/b', file: 'xdg/logscan/logscan.yaml' },
    {
      name: 'that of the user, if what is above is a directory',
      files: { ...USER, 'logscan.yaml/': '' },
      file: 'xdg/logscan/logscan.yaml',
    },
    { name: 'none, if there is none', files: { 'a/': '' }, cwd: 'a', file: null },
    { name: 'none below the working directory', files: { 'a/logscan.yaml': ABOVE }, file: null },
    { name: 'that of --config', files: FILES, cwd: 'a', typed: { config: '../other.yaml' }, file: 'other.yaml' },
    { name: 'that of LOGSCAN_CONFIG', files: FILES, env: { LOGSCAN_CONFIG: 'other.yaml' }, file: 'other.yaml' },
    {
      name: 'that of --config, not that of LOGSCAN_CONFIG',
      files: FILES,
      typed: { config: 'a/logscan.yaml' },
      env: { LOGSCAN_CONFIG: 'other.yaml' },
      file: 'a/logscan.yaml',
    },
    {
      name: 'the nearest one, if LOGSCAN_CONFIG is empty',
      files: FILES,
      env: { LOGSCAN_CONFIG: '' },
      file: 'logscan.yaml',
    },
    { name: 'none with --no-config', files: { ...FILES, ...USER }, typed: { 'no-config': true }, file: null },
    {
      name: 'none with --no-config, also if LOGSCAN_CONFIG names one',
      files: FILES,
      typed: { 'no-config': true },
      env: { LOGSCAN_CONFIG: 'other.yaml' },
      file: null,
    },
  ];
  for (const { name, files, cwd, env, typed, file } of CASES) {
    test(name, async () => {
      const place = workspace(files);
      const config = await configIn(place, env, typed, cwd);
      assert.deepEqual(told(config, place), []);
      assert.equal(config.file, file === null ? null : place.at(file));
      assert.deepEqual(config.values, file === null ? {} : { 'min-severity': 'high' });
    });
  }

  for (const [name, env, file] of [
    ['~/.config holds that of the user', {}, '.config/logscan/logscan.yaml'],
    ['an XDG_CONFIG_HOME that is no absolute path is none', { XDG_CONFIG_HOME: 'own' }, '.config/logscan/logscan.yaml'],
    ['an empty XDG_CONFIG_HOME is none', { XDG_CONFIG_HOME: '' }, '.config/logscan/logscan.yaml'],
  ] as const) {
    test(name, async () => {
      const home = workspace({ [file]: 'colour: x\n', 'own/logscan/logscan.yaml': '' });
      const away = workspace({});
      const changes = { HOME: home.dir, XDG_CONFIG_HOME: '', ...env };
      const { status, stderr } = await run(['rules', 'list'], { cwd: away.dir, env: changes });
      assert.equal(status, 2);
      assert.equal(stderr.split('\n')[0], `logscan: ${home.at(file)}:1:1: unknown key "colour"; did you mean color?`);
    });
  }

  test('--config and --no-config together make no sense', async () => {
    const place = workspace({ 'logscan.yaml': '' });
    await assert.rejects(configIn(place, {}, { config: 'logscan.yaml', 'no-config': true }), {
      name: 'UsageError',
      message: '--config: expected a file or --no-config, found both',
    });
  });
});

describe('a file that cannot be read is a problem', () => {
  const CASES: readonly { name: string; files: Files; typed?: ConfigArgs; env?: Environment; problem: string }[] = [
    {
      name: 'that is not there',
      files: {},
      typed: { config: 'mine.yaml' },
      problem: '--config mine.yaml: no such file',
    },
    {
      name: 'whose name is mistyped',
      files: { 'logscan.yaml': '' },
      typed: { config: 'logscan.yml' },
      problem: '--config logscan.yml: no such file; did you mean logscan.yaml?',
    },
    {
      name: 'that a variable names and that is not there',
      files: {},
      env: { LOGSCAN_CONFIG: 'mine.yaml' },
      problem: 'LOGSCAN_CONFIG mine.yaml: no such file',
    },
    {
      name: 'that is a directory',
      files: { 'etc/': '' },
      typed: { config: 'etc' },
      problem: '--config etc: is a directory; name the file in it',
    },
    {
      name: 'that is a log',
      files: { 'jira.log': '# x\n'.repeat(100_000) },
      typed: { config: 'jira.log' },
      problem: '--config jira.log: cannot be read (more than 256 KiB)',
    },
  ];
  for (const { name, files, typed, env, problem } of CASES) {
    test(name, async () => {
      const place = workspace(files);
      assert.deepEqual(told(await configIn(place, env, typed), place), [problem]);
    });
  }

  test('that this user may not read', { skip: !canBeNobody && 'needs to become another user' }, async () => {
    const place = workspace({ 'logscan.yaml': 'quiet: true\n' });
    chmodSync(place.at('logscan.yaml'), 0o600);
    const { status, stderr } = await run(['rules', 'list'], { cwd: place.dir, nobody: true });
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^logscan: logscan\.yaml: permission denied; run logscan as a user who may read it, or say --no-config\n/,
    );
  });

  describe('that another user put above the working directory', { skip: !canBeNobody && 'needs to be root' }, () => {
    const theirs = () => {
      const place = workspace({ 'logscan.yaml': 'quiet: true\n', 'a/': '' });
      chownSync(place.at('logscan.yaml'), 12_345, 12_345);
      return place;
    };
    test('is not read unasked', async () => {
      const place = theirs();
      const config = await configIn(place, {}, {}, 'a');
      assert.deepEqual(told(config, place), [
        'logscan.yaml: belongs to another user (12345), so it is not read unasked; name it with --config, or say --no-config',
      ]);
      assert.deepEqual([config.file, config.values], [null, {}]);
    });
    test('is read if it is named', async () => {
      assert.deepEqual((await configIn(theirs(), {}, { config: 'logscan.yaml' })).values, { quiet: true });
    });
    test('is read if they became root by sudo', async () => {
      assert.deepEqual((await configIn(theirs(), { SUDO_UID: '12345' }, {}, 'a')).values, { quiet: true });
    });
    test('is read if it is that of root', async () => {
      const { dir } = workspace({ 'logscan.yaml': 'colour: x\n' });
      const { stderr } = await run(['rules', 'list'], { cwd: dir, nobody: true });
      assert.match(stderr, /^logscan: logscan\.yaml:1:1: unknown key "colour"/);
    });
  });
});

/** Every setting: as it stands in a file, as it stands in the environment, and what both mean. */
const VALUES: readonly (readonly [name: string, yaml: string, text: string, value: unknown])[] = [
  ['color', 'never', 'never', 'never'],
  ['quiet', 'true', 'true', true],
  ['quiet', 'false', '0', false],
  ['log-level', 'info', 'info', 'info'],
  ['rules', '[/a, /b]', '/a:/b', ['/a', '/b']],
  ['rules', '/a', '/a', ['/a']],
  ['rules', '[]', ':', []],
  ['disable', '[gij/a, gij/b]', 'gij/a, gij/b', ['gij/a', 'gij/b']],
  ['only', 'azure-devops', 'azure-devops', ['azure-devops']],
  ['format', 'ndjson', 'ndjson', 'ndjson'],
  ['min-severity', 'critical', 'critical', 'critical'],
  ['fail-on', 'unknown', 'unknown', 'unknown'],
  ['unknown', '20', '20', '20'],
  ['unknown', 'all', 'all', 'all'],
  ['evidence', '1', '1', '1'],
  ['details', '0', '0', '0'],
  ['details', 'all', 'all', 'all'],
  ['context', '3', '3', '3'],
  ['timezone', 'Europe/Berlin', 'Europe/Berlin', 'Europe/Berlin'],
  ['all', 'true', '1', true],
  ['jobs', '4', '4', '4'],
  ['max-archive-bytes', '500MB', '500MB', '500MB'],
  ['max-ratio', '50', '50', '50'],
  ['max-depth', '2', '2', '2'],
  ['redact', 'strict', 'strict', 'strict'],
  ['redact-key', '/k', '/k', '/k'],
  ['tail.paths', '[/var/log/jira, "/srv/*/log"]', '/var/log/jira:/srv/*/log', ['/var/log/jira', '/srv/*/log']],
  ['tail.state', '/var/lib/logscan', '/var/lib/logscan', '/var/lib/logscan'],
  ['tail.from', 'start', 'start', 'start'],
  ['tail.format', 'text', 'text', 'text'],
  ['tail.output', '["-", /a.ndjson]', '-:/a.ndjson', ['-', '/a.ndjson']],
  ['tail.resolve-after', '2h', '2h', 7_200_000],
  ['tail.webhook', 'http://192.0.2.1/x', 'http://192.0.2.1/x', [{ url: 'http://192.0.2.1/x', format: null }]],
  [
    'tail.webhook',
    '["https://a.example.com", "https://b.example.com:8443/x?y=1"]',
    'https://a.example.com,https://b.example.com:8443/x?y=1',
    [
      { url: 'https://a.example.com', format: null },
      { url: 'https://b.example.com:8443/x?y=1', format: null },
    ],
  ],
  ['tail.webhook-format', 'slack', 'slack', 'slack'],
  ['tail.metrics', '9464', '9464', { host: '127.0.0.1', port: 9464 }],
  ['tail.metrics', 'metrics.example.com:9464', 'metrics.example.com:9464', { host: 'metrics.example.com', port: 9464 }],
  ['tail.metrics', '"[::1]:9464"', '[::1]:9464', { host: '::1', port: 9464 }],
  ['tail.metrics', '/run/logscan.prom', '/run/logscan.prom', { file: '/run/logscan.prom' }],
  ['tail.poll', '10ms', '10ms', 10],
  ['tail.flush-timeout', '3s', '3s', 3_000],
  ['tail.rotate-wait', '1m', '1m', 60_000],
  ['tail.checkpoint', '1d', '1d', 86_400_000],
  ['tail.open-files', '1000', '1000', 1_000],
];

/** A file that sets one thing. */
function yamlOf(name: string, yaml: string): string {
  return name.startsWith('tail.') ? `tail:\n  ${name.slice(5)}: ${yaml}\n` : `${name}: ${yaml}\n`;
}

function variableOf(name: string): string {
  return `LOGSCAN_${name.toUpperCase().replace(/[.-]/g, '_')}`;
}

function settingOf({ values, tail }: Config, name: string): unknown {
  return name.startsWith('tail.') ? (tail as Record<string, unknown>)[name.slice(5)] : values[name];
}

describe('what can be set', () => {
  test('the table below has every setting', () => {
    const all = [...Object.keys(SETTINGS), ...Object.keys(TAIL_SETTINGS).map((name) => `tail.${name}`)];
    assert.deepEqual([...new Set(VALUES.map(([name]) => name))].sort(), all.sort());
  });

  test('every flag of a scan can be set or is about one run, with the same words', () => {
    const parser = scanOptions(commonOptions(yargs([])));
    const { key, choices } = (
      parser as unknown as { getOptions(): Record<string, Record<string, string[]>> }
    ).getOptions();
    const flags = Object.keys(key!).filter((name) => !['help', 'version', 'o', 'output'].includes(name));
    assert.deepEqual([...Object.keys(SETTINGS), ...ONLY_TYPED].sort(), flags.sort());
    for (const [name, setting] of Object.entries<Setting>(SETTINGS))
      assert.deepEqual(setting.kind === 'choice' ? setting.choices : undefined, choices![name], name);
  });

  for (const [name, yaml, text, value] of VALUES) {
    test(`${name}: ${yaml}, and the same in the environment`, async () => {
      const place = workspace({ 'logscan.yaml': yamlOf(name, yaml) });
      const ofFile = await configIn(place);
      assert.deepEqual([told(ofFile, place), settingOf(ofFile, name)], [[], value]);
      const ofVariable = await configIn(workspace({}), { [variableOf(name)]: text });
      assert.deepEqual([told(ofVariable, place), settingOf(ofVariable, name)], [[], value]);
    });
  }

  test('a webhook says its format', async () => {
    const text =
      'tail:\n  webhook:\n    - url: https://a.example.com\n      format: slack\n    - https://b.example.com\n';
    const { tail } = await configIn(workspace({ 'logscan.yaml': text }));
    assert.deepEqual(tail.webhook, [
      { url: 'https://a.example.com', format: 'slack' },
      { url: 'https://b.example.com', format: null },
    ]);
    const one = 'tail: { webhook: { url: https://a.example.com, format: cloudevents } }\n';
    const { tail: single } = await configIn(workspace({ 'logscan.yaml': one }));
    assert.deepEqual(single.webhook, [{ url: 'https://a.example.com', format: 'cloudevents' }]);
  });

  for (const [name, text] of [
    ['an empty file', ''],
    ['a file of comments', '# nothing yet\n'],
    ['a tail section of comments', 'tail:\n  # nothing yet\n'],
    ['a byte order mark', '\ufefftail:\n'],
  ] as const) {
    test(`${name} sets nothing`, async () => {
      const place = workspace({ 'logscan.yaml': text });
      const config = await configIn(place);
      assert.deepEqual([told(config, place), config.values, config.tail], [[], {}, {}]);
    });
  }

  test('what was set is known with its place, items of lists as well', async () => {
    const text = 'quiet: true\ntail:\n  paths:\n    - /a\n    - /b\n';
    const place = workspace({ 'logscan.yaml': text });
    const { given } = await configIn(place, { LOGSCAN_REDACT: 'off' });
    const places = [...given].map(([name, { place: at, items }]) => [name, at, ...items]);
    assert.deepEqual(
      places.map((one) => one.map((at) => at.replace(`${place.dir}/`, ''))),
      [
        ['quiet', 'logscan.yaml:1:8'],
        ['tail.paths', 'logscan.yaml:4:5', 'logscan.yaml:4:7', 'logscan.yaml:5:7'],
        ['redact', 'LOGSCAN_REDACT'],
      ],
    );
  });
});

describe('paths', () => {
  const CASES: readonly (readonly [name: string, yaml: string, wanted: (at: (name: string) => string) => unknown])[] = [
    ['redact-key', 'key', (at) => at('a/key')],
    ['rules', '[own, ../shared, /abs]', (at) => [at('a/own'), at('shared'), '/abs']],
    ['tail.paths', '["log/*.log", .]', (at) => [at('a/log/*.log'), at('a')]],
    ['tail.state', 'state', (at) => at('a/state')],
    ['tail.output', '[out/x.ndjson, "-"]', (at) => [at('a/out/x.ndjson'), '-']],
    ['tail.metrics', 'x.prom', (at) => ({ file: at('a/x.prom') })],
  ];
  for (const [name, yaml, wanted] of CASES) {
    test(`${name} of the file are relative to its folder`, async () => {
      const place = workspace({ 'a/logscan.yaml': yamlOf(name, yaml), 'a/b/': '' });
      assert.deepEqual(settingOf(await configIn(place, {}, {}, 'a/b'), name), wanted(place.at));
    });
    test(`${name} of the environment are relative to the working directory`, async () => {
      const place = workspace({ 'logscan.yaml': '', 'a/': '' });
      const text = yaml.replace(/[[\]" ]/g, '').replaceAll(',', ':');
      assert.deepEqual(settingOf(await configIn(place, { [variableOf(name)]: text }, {}, 'a'), name), wanted(place.at));
    });
  }

  test('~ is the home of whoever runs it', async () => {
    const place = workspace({ 'logscan.yaml': 'rules: [~/own, "~", ~x, a/~]\ntail: { state: ~/state }\n' });
    const { values, tail } = await configIn(place);
    const home = process.env.HOME ?? '/';
    assert.deepEqual(values.rules, [`${home}/own`, home, place.at('~x'), place.at('a/~')]);
    assert.equal(tail.state, `${home}/state`);
  });

  test('a folder whose name looks like a pattern is meant as it is', async () => {
    const place = workspace({ '[a]/logscan.yaml': 'tail: { paths: ["log/*.log", plain.log] }\n' });
    const { tail } = await configIn(place, {}, {}, '[a]');
    assert.deepEqual(tail.paths, [place.at('\\[a\\]/log/*.log'), place.at('[a]/plain.log')]);
  });
});

describe('what is wrong is told with its place', () => {
  const FILE: readonly (readonly [name: string, text: string, ...problems: string[]])[] = [
    ['a mistyped key', 'min-severty: high\n', '1:1: unknown key "min-severty"; did you mean min-severity?'],
    ['a key in another spelling', 'minSeverity: high\n', '1:1: unknown key "minSeverity"; did you mean min-severity?'],
    ['a mistyped section', 'tails: {}\n', '1:1: unknown key "tails"; did you mean tail?'],
    ['a key that resembles none', 'frobnicate: 1\n', '1:1: unknown key "frobnicate"'],
    ['a key of tail at the top', 'poll: 1s\n', '1:1: unknown key "poll"; it stands under tail:'],
    ['an output of all scans', 'output: x\n', '1:1: unknown key "output"; it stands under tail:'],
    [
      'a mistyped key of tail at the top',
      'resolve-aftr: 1s\n',
      '1:1: unknown key "resolve-aftr"; did you mean resolve-after, which stands under tail:?',
    ],
    ['a mistyped key of tail', 'tail:\n  pathes: [x]\n', '2:3: tail: unknown key "pathes"; did you mean paths?'],
    [
      'a key of the top under tail',
      'tail:\n  redact: off\n',
      '2:3: tail: unknown key "redact"; it stands at the top, not under tail:',
    ],
    ...ONLY_TYPED.map(
      (flag) =>
        [
          `--${flag} for all runs`,
          `${flag}: x\n`,
          `1:1: unknown key "${flag}"; it is about one run, so it is only typed: --${flag}`,
        ] as const,
    ),
    ['a key that stands there twice', 'quiet: true\nquiet: false\n', '2:1: is no YAML: Map keys must be unique'],
    ['a list', '- a\n', '1:1: expected a mapping, found a list'],
    ['a text', 'hello\n', '1:1: expected a mapping, found "hello"'],
    ['a tail that is a list', 'tail: [log]\n', '1:7: tail: expected a mapping, found a list'],
    ['an alias', 'rules: &a [x]\nonly: *a\n', '2:7: *a: aliases are not read; write the value again'],
    [
      'an unknown word',
      'min-severity: info\n',
      '1:15: min-severity: expected one of critical, high, medium, low, found "info"',
    ],
    [
      'a mistyped word',
      'fail-on: unknwn\n',
      '1:10: fail-on: expected one of critical, high, medium, low, unknown, none, found "unknwn"; did you mean unknown?',
    ],
    ['no word', 'redact:\n', '1:8: redact: expected one of on, strict, off, found null'],
    ['a truth that is a word', 'quiet: yes\n', '1:8: quiet: expected true or false, found "yes"'],
    ['a number that is none', 'jobs: two\n', '1:7: jobs: expected a number of at least 1, found "two"'],
    ['a number that is too small', 'jobs: 0\n', '1:7: jobs: expected a number of at least 1, found 0'],
    ['a number that is too large', 'context: 1000000\n', '1:10: context: expected a number, found 1000000'],
    ['half a number', 'evidence: 1.5\n', '1:11: evidence: expected a number of at least 1, found 1.5'],
    ['a number or words', 'unknown: some\n', '1:10: unknown: expected a number, all or none, found "some"'],
    ['a number or a word', 'details: -1\n', '1:10: details: expected a number or all, found -1'],
    [
      'a zone that is none',
      'timezone: Mars/Olympus\n',
      '1:11: timezone: expected a time zone like Europe/Berlin or UTC, found "Mars/Olympus"',
    ],
    ['an id that is none', 'disable: [1]\n', '1:11: disable[0]: expected the id of a rule, found 1'],
    ['a tag that is none', 'only: ""\n', '1:7: only: expected the id of a rule, or a tag, found ""'],
    ['a path that is none', 'rules: [a, ""]\n', '1:12: rules[1]: expected a path, found ""'],
    ['a mapping of paths', 'rules: { a: b }\n', '1:8: rules: expected a path, found a mapping'],
    ['an empty path', 'tail: { state: " " }\n', '1:16: tail.state: expected a path, found " "'],
    [
      'a duration without its unit',
      'tail: { poll: 250 }\n',
      '1:15: tail.poll: expected a duration from 10ms to 1d, like 250ms, found 250',
    ],
    [
      'a duration that is too short',
      'tail: { poll: 9ms }\n',
      '1:15: tail.poll: expected a duration from 10ms to 1d, like 250ms, found "9ms"',
    ],
    [
      'a duration that is too long for a timer',
      'tail: { checkpoint: 25h }\n',
      '1:21: tail.checkpoint: expected a duration from 10ms to 1d, like 1s, found "25h"',
    ],
    [
      'a duration of two parts',
      'tail: { resolve-after: 1h 30m }\n',
      '1:24: tail.resolve-after: expected a duration from 1s to 365d, like 30m, found "1h 30m"',
    ],
    [
      'an address without http',
      'tail: { webhook: hooks.example.com/secret }\n',
      '1:18: tail.webhook: expected an http or https address, found one that begins with "hooks.ex"',
    ],
    [
      'an address of another kind in a list',
      'tail: { webhook: ["https://example.com", "ftp://example.com/secret"] }\n',
      '1:42: tail.webhook[1]: expected an http or https address, found one that begins with "ftp://ex"',
    ],
    [
      'an address in a mapping',
      'tail: { webhook: [{ url: secret, format: slack }] }\n',
      '1:26: tail.webhook[0].url: expected an http or https address, found one that begins with "secret"',
    ],
    [
      'an address that is a number',
      'tail: { webhook: 5 }\n',
      '1:18: tail.webhook: expected an http or https address, found 5',
    ],
    [
      'a format that is none',
      'tail: { webhook: [{ url: "https://example.com", format: slak }] }\n',
      '1:57: tail.webhook[0].format: expected one of cloudevents, slack, found "slak"; did you mean slack?',
    ],
    [
      'a mistyped key of a webhook',
      'tail: { webhook: { url: "https://example.com", format: slack, urll: x } }\n',
      '1:63: tail.webhook: unknown key "urll"; did you mean url?',
    ],
    [
      'a port that is none',
      'tail: { metrics: 70000 }\n',
      '1:18: tail.metrics: expected a port, host:port, or a path, found 70000',
    ],
    [
      'a port of a host that is none',
      'tail: { metrics: "127.0.0.1:70000" }\n',
      '1:18: tail.metrics: expected a port, host:port, or a path, found "127.0.0.1:70000"',
    ],
    [
      'metrics that are a list',
      'tail: { metrics: [1] }\n',
      '1:18: tail.metrics: expected a port, host:port, or a path, found a list',
    ],
    ['no open file', 'tail: { open-files: 0 }\n', '1:21: tail.open-files: expected a number of at least 1, found 0'],
    [
      'everything at once, in the order of the file',
      'jobs: 0\ntail:\n  pol: 1s\n  from: begin\n  poll: 1ms\ncolour: never\n',
      '1:7: jobs: expected a number of at least 1, found 0',
      '3:3: tail: unknown key "pol"',
      '4:9: tail.from: expected one of start, end, found "begin"',
      '5:9: tail.poll: expected a duration from 10ms to 1d, like 250ms, found "1ms"',
      '6:1: unknown key "colour"; did you mean color?',
    ],
  ];
  for (const [name, text, ...problems] of FILE) {
    test(`in the file: ${name}`, async () => {
      const place = workspace({ 'logscan.yaml': text });
      const config = await configIn(place);
      assert.deepEqual(
        told(config, place),
        problems.map((problem) => `logscan.yaml:${problem}`),
      );
      assert.deepEqual([config.values, config.tail], [{}, {}], 'nothing of such a file is set');
    });
  }

  test('in the file: what is no YAML', async () => {
    const place = workspace({ 'logscan.yaml': 'quiet: true\nrules: [a\n' });
    const [problem] = told(await configIn(place), place);
    assert.match(problem!, /^logscan\.yaml:\d:\d: is no YAML: /);
  });

  const ENVIRONMENT: readonly (readonly [name: string, env: Environment, ...problems: string[]])[] = [
    [
      'a mistyped name',
      { LOGSCAN_MIN_SEVERTY: 'high' },
      'LOGSCAN_MIN_SEVERTY: there is no such setting; did you mean LOGSCAN_MIN_SEVERITY?',
    ],
    [
      'a name without its section',
      { LOGSCAN_RESOLVE_AFTER: '1h' },
      'LOGSCAN_RESOLVE_AFTER: there is no such setting; did you mean LOGSCAN_TAIL_RESOLVE_AFTER?',
    ],
    ['a name that resembles none', { LOGSCAN_HOMEPAGE: 'x' }, 'LOGSCAN_HOMEPAGE: there is no such setting; unset it'],
    [
      'what is about one run',
      { LOGSCAN_AS_OF: '2026-12-01' },
      'LOGSCAN_AS_OF: there is no such setting; it is about one run, so it is only typed: --as-of',
    ],
    [
      'a name in small letters',
      { LOGSCAN_quiet: '1' },
      'LOGSCAN_quiet: there is no such setting; did you mean LOGSCAN_QUIET?',
    ],
    [
      'a mistyped word',
      { LOGSCAN_REDACT: 'of' },
      'LOGSCAN_REDACT: expected one of on, strict, off, found "of"; did you mean on?',
    ],
    ['a truth that is a word', { LOGSCAN_QUIET: 'yes' }, 'LOGSCAN_QUIET: expected true or false, found "yes"'],
    [
      'a truth that every object has',
      { LOGSCAN_QUIET: 'constructor' },
      'LOGSCAN_QUIET: expected true or false, found "constructor"',
    ],
    ['a number that is none', { LOGSCAN_JOBS: '2x' }, 'LOGSCAN_JOBS: expected a number of at least 1, found "2x"'],
    [
      'a number that is too large',
      { LOGSCAN_CONTEXT: '1000000' },
      'LOGSCAN_CONTEXT: expected a number, found "1000000"',
    ],
    [
      'a zone that is none',
      { LOGSCAN_TIMEZONE: 'Mars' },
      'LOGSCAN_TIMEZONE: expected a time zone like Europe/Berlin or UTC, found "Mars"',
    ],
    [
      'a duration without its unit',
      { LOGSCAN_TAIL_POLL: '250' },
      'LOGSCAN_TAIL_POLL: expected a duration from 10ms to 1d, like 250ms, found "250"',
    ],
    [
      'an address, which is not shown',
      { LOGSCAN_TAIL_WEBHOOK: 'https://example.com,hooks.example.com/secret' },
      'LOGSCAN_TAIL_WEBHOOK: expected an http or https address, found one that begins with "hooks.ex"',
    ],
    [
      'a port that is none',
      { LOGSCAN_TAIL_METRICS: '70000' },
      'LOGSCAN_TAIL_METRICS: expected a port, host:port, or a path, found "70000"',
    ],
    [
      'everything at once, by the name',
      { LOGSCAN_REDACT: 'x', LOGSCAN_JOBS: '0', LOGSCAN_CONFIG: '' },
      'LOGSCAN_JOBS: expected a number of at least 1, found "0"',
      'LOGSCAN_REDACT: expected one of on, strict, off, found "x"',
    ],
  ];
  for (const [name, env, ...problems] of ENVIRONMENT) {
    test(`in the environment: ${name}`, async () => {
      const place = workspace({});
      assert.deepEqual(told(await configIn(place, env), place), problems);
    });
  }

  for (const [name, env] of [
    ['an empty variable', { LOGSCAN_JOBS: '', LOGSCAN_NONSENSE: '' }],
    ['variables of tests', { LOGSCAN_TEST_SEED: '1' }],
    [
      'variables that Kubernetes makes of services with the name logscan and logscan-metrics',
      {
        LOGSCAN_SERVICE_HOST: '192.0.2.1',
        LOGSCAN_SERVICE_PORT: '9464',
        LOGSCAN_SERVICE_PORT_HTTP: '9464',
        LOGSCAN_PORT: 'tcp://192.0.2.1:9464',
        LOGSCAN_PORT_9464_TCP: 'tcp://192.0.2.1:9464',
        LOGSCAN_PORT_9464_TCP_ADDR: '192.0.2.1',
        LOGSCAN_METRICS_SERVICE_HOST: '192.0.2.1',
        LOGSCAN_METRICS_PORT_9464_TCP_PROTO: 'tcp',
      },
    ],
    ['variables of others', { LOG: 'x', MYLOGSCAN_JOBS: 'x' }],
  ] as const) {
    test(`in the environment: nothing is wrong with ${name}`, async () => {
      const place = workspace({});
      const config = await configIn(place, env);
      assert.deepEqual([told(config, place), config.given.size], [[], 0]);
    });
  }

  test('file and environment are told together', async () => {
    const place = workspace({ 'logscan.yaml': 'jobs: 0\n' });
    assert.equal(told(await configIn(place, { LOGSCAN_JOBS: '0' }), place).length, 2);
  });
});

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
/** A log with an incident of each severity, and the rules that know them. */
const OWN: Files = {
  ...packFiles(
    'own/acme',
    Object.fromEntries(
      SEVERITIES.map((one) => [one, ruleFile(`a ${one} thing`, { severity: one, tags: `[of-${one}]` })]),
    ),
  ),
  'jira.log': SEVERITIES.map(
    (one) => `2026-11-20 09:14:03,118+0000 main ERROR jdoe 1x1x1 a1 192.0.2.7 /x [c.e.Example] a ${one} thing\n`,
  ).join(''),
};

describe('flags go over the environment, and that over the file', { concurrency: 4 }, () => {
  const CASES: readonly {
    name: string;
    file?: string;
    env?: Record<string, string>;
    args?: string[];
    shown: string[];
  }[] = [
    { name: 'nothing is set', shown: ['critical', 'high', 'medium', 'low'], args: ['--rules', 'own'] },
    { name: 'the file', file: 'rules: own\nmin-severity: medium\n', shown: ['critical', 'high', 'medium'] },
    {
      name: 'the environment over the file',
      file: 'rules: own\nmin-severity: medium\n',
      env: { LOGSCAN_MIN_SEVERITY: 'critical' },
      shown: ['critical'],
    },
    {
      name: 'a flag over both',
      file: 'rules: own\nmin-severity: medium\n',
      env: { LOGSCAN_MIN_SEVERITY: 'critical' },
      args: ['--min-severity', 'high'],
      shown: ['critical', 'high'],
    },
    {
      name: 'a flag over the file, also if it says what holds anyway',
      file: 'rules: own\nmin-severity: medium\n',
      args: ['--min-severity=low'],
      shown: ['critical', 'high', 'medium', 'low'],
    },
    {
      name: 'a list of the file',
      file: 'rules: own\nonly: [acme/low, of-high]\n',
      shown: ['high', 'low'],
    },
    {
      name: 'a list of the environment instead of that of the file',
      file: 'rules: own\nonly: [acme/low, of-high]\n',
      env: { LOGSCAN_ONLY: 'acme/medium,acme/critical' },
      shown: ['critical', 'medium'],
    },
    {
      name: 'a list of flags instead of both',
      file: 'rules: own\nonly: [acme/low, of-high]\n',
      env: { LOGSCAN_ONLY: 'acme/medium,acme/critical' },
      args: ['--only', 'acme/low'],
      shown: ['low'],
    },
    {
      name: 'other settings of the file hold beside a flag',
      file: 'rules: own\ndisable: acme/high\nmin-severity: high\n',
      args: ['--min-severity', 'medium'],
      shown: ['critical', 'medium'],
    },
    {
      name: '--no-config leaves out the file, not the environment',
      file: 'min-severity: critical\n',
      env: { LOGSCAN_RULES: 'own', LOGSCAN_DISABLE: 'acme/low' },
      args: ['--no-config'],
      shown: ['critical', 'high', 'medium'],
    },
  ];
  for (const { name, file, env = {}, args = [], shown } of CASES) {
    test(name, async () => {
      const { dir } = workspace({ ...OWN, ...(file === undefined ? {} : { 'logscan.yaml': file }) });
      const { status, stdout, stderr } = await run(['jira.log', '--format', 'ndjson', ...DAY, ...args], {
        cwd: dir,
        env,
      });
      assert.deepEqual([status, stderr], [0, '']);
      assert.deepEqual(
        [...stdout.matchAll(/^\{"kind":"incident".*?"id":"acme\/(\w+)"/gm)].map(([, one]) => one),
        shown,
      );
    });
  }

  test('a switch of the file can be turned off', async () => {
    const { dir } = workspace({ ...OWN, 'logscan.yaml': 'quiet: true\n' });
    const quiet = await run(['jira.log', '-o', 'a.ndjson'], { cwd: dir });
    const loud = await run(['jira.log', '-o', 'a.ndjson', '--quiet=false'], { cwd: dir });
    assert.deepEqual([quiet.stderr, loud.stderr], ['', 'logscan: wrote a.ndjson\n']);
  });
});

describe('every command', { concurrency: 4 }, () => {
  const log = { 'jira.log': profile401() };
  const CASES: readonly {
    name: string;
    files: Files;
    args: readonly string[];
    env?: Record<string, string>;
    status?: number;
    stdout?: RegExp | string;
    stderr?: RegExp | string;
  }[] = [
    {
      name: 'a scan takes the settings of the folder above',
      files: { 'logscan.yaml': 'format: ndjson\n', 'a/jira.log': profile401() },
      args: ['a/jira.log', ...DAY],
      stdout: /^\{"kind":"run"/,
      stderr: '',
    },
    {
      name: 'scan by its name does as well',
      files: { 'logscan.yaml': 'fail-on: high\n', ...log },
      args: ['scan', 'jira.log', ...DAY],
      status: 1,
      stderr: '',
    },
    {
      name: 'explain takes what it has flags for, and leaves the rest',
      files: { 'logscan.yaml': 'color: always\njobs: 3\nfail-on: low\ntail: { from: start }\n' },
      args: ['explain', PROFILE_401, ...DAY],
      // biome-ignore lint/complexity/useRegexLiterals: a literal would hold a control character
      stdout: new RegExp('\\x1b\\[\\d+m'),
      stderr: '',
    },
    {
      name: 'rules list takes rules',
      files: { ...OWN, 'logscan.yaml': 'rules: own/acme\n' },
      args: ['rules', 'list'],
      stdout: /^low .* acme\/low /m,
      stderr: '',
    },
    {
      name: 'rules check takes rules',
      files: { ...OWN, 'etc/logscan.yaml': 'rules: ../own\n' },
      args: ['rules', 'check', 'own/acme/low.yaml', '--config', 'etc/logscan.yaml', ...DAY],
      stdout: '1 rule, nothing to find fault with\n',
      stderr: '',
    },
    ...(
      [
        ['a scan', ['jira.log'], ' Nothing was scanned.'],
        ['explain', ['explain', PROFILE_401], ''],
        ['rules list', ['rules', 'list'], ''],
        ['rules check', ['rules', 'check'], ''],
        ['rules test', ['rules', 'test'], ''],
        ['rules new', ['rules', 'new', 'acme/login'], ''],
      ] as const
    ).map(([name, args, scanned]) => ({
      name: `${name} does nothing under settings that are wrong`,
      files: { 'logscan.yaml': 'jobs: 0\nonli: x\n', ...log },
      args,
      env: { LOGSCAN_COLOR: 'red' },
      status: 2,
      stdout: '',
      stderr: `logscan: logscan.yaml:1:7: jobs: expected a number of at least 1, found 0
logscan: logscan.yaml:2:1: unknown key "onli"; did you mean only?
logscan: LOGSCAN_COLOR: expected one of auto, always, never, found "red"
  Three problems in the configuration.${scanned} What can be set: logscan schema config
`,
    })),
    {
      name: 'schema needs no settings',
      files: { 'logscan.yaml': 'jobs: 0\n' },
      args: ['schema', 'config'],
      stdout: /"title": "logscan configuration"/,
      stderr: '',
    },
    {
      name: 'an id of the file that there is not is told with its place',
      files: { 'logscan.yaml': `# mine\ndisable: ${PROFILE_401}x\n`, ...log },
      args: ['jira.log'],
      status: 2,
      stdout: '',
      stderr:
        /^logscan: logscan\.yaml:2:10: disable: there is no rule gij\/azure-devops-profile-401x; did you mean gij\/azure-devops-profile-401\?\n/,
    },
    {
      name: 'a tag of the environment that there is not is told with the variable',
      files: log,
      args: ['jira.log'],
      env: { LOGSCAN_ONLY: 'azure-devop' },
      status: 2,
      stderr: /^logscan: LOGSCAN_ONLY: only: there is no rule or tag azure-devop; did you mean azure-devops\?\n/,
    },
    {
      name: 'an id that was typed is told as such',
      files: { 'logscan.yaml': `disable: ${PROFILE_401}x\n`, ...log },
      args: ['jira.log', '--disable', 'gij/x'],
      status: 2,
      stderr: /^logscan: --disable: there is no rule gij\/x\n/,
    },
    {
      name: 'settings that do not go together are told with their place',
      files: { 'logscan.yaml': 'unknown: none\nfail-on: unknown\n', ...log },
      args: ['jira.log'],
      status: 2,
      stderr:
        /^logscan: logscan\.yaml:2:10: fail-on unknown: expected --unknown to look for them, found --unknown none\n/,
    },
    {
      name: '--config needs a name',
      files: log,
      args: ['jira.log', '--config'],
      status: 2,
      stderr: /--config: expected a value behind it/,
    },
    {
      name: '--config and --no-config make no sense together',
      files: { 'logscan.yaml': '', ...log },
      args: ['jira.log', '--config', 'logscan.yaml', '--no-config'],
      status: 2,
      stderr: /--config: expected a file or --no-config, found both/,
    },
    {
      name: 'what comes from a file is shown without control characters',
      files: { 'logscan.yaml': '"\\e[2Jx": 1\n', ...log },
      args: ['jira.log'],
      status: 2,
      stderr: /^logscan: logscan\.yaml:1:1: unknown key "[^\p{Cc}]+\[2Jx"\n/u,
    },
  ];
  for (const { name, files, args, env = {}, status = 0, stdout, stderr } of CASES) {
    test(name, async () => {
      const { dir } = workspace(files);
      const result = await run(args, { cwd: dir, env });
      assertSaid(result, { stdout, stderr });
      assert.equal(result.status, status, result.stderr);
    });
  }
});

describe('what reads YAML', { concurrency: 4 }, () => {
  /** Tells on stderr which files of the program were loaded. */
  const HOOK = `process.on('exit', () => {
    for (const file of Object.keys(require.cache)) process.stderr.write('loaded ' + file + '\\n');
  });`;
  const YAML = /YAMLParseError|\$ZodError/;

  for (const [name, files, env, wanted] of [
    ['is not loaded without settings', {}, {}, false],
    [
      'is not loaded for settings of the environment',
      {},
      { LOGSCAN_MIN_SEVERITY: 'high', LOGSCAN_TAIL_POLL: '1s' },
      false,
    ],
    ['is loaded for a file', { 'logscan.yaml': 'min-severity: high\n' }, {}, true],
  ] as const) {
    test(name, async () => {
      const place = workspace({ ...files, 'jira.log': profile401(), 'hook.cjs': HOOK, 'a/b/': '' });
      const { status, stderr } = await run(['../../jira.log', ...DAY], {
        cwd: place.at('a/b'),
        env,
        node: ['-r', place.at('hook.cjs')],
      });
      assert.equal(status, 0);
      const loaded = [...stderr.matchAll(/^loaded (.*)$/gm)].map(([, file]) => file!);
      assert.ok(
        loaded.some((file) => file.endsWith('core.js')),
        stderr,
      );
      assert.equal(
        loaded.some((file) => YAML.test(readFileSync(file, 'utf8'))),
        wanted,
      );
    });
  }
});
