import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { SETTINGS, TAIL_SETTINGS } from '../../src/cli/settings.js';
import {
  assertSaid,
  canBeNobody,
  type Files,
  PROFILE_401,
  packFiles,
  profile401,
  ruleFile,
  run,
  workspace,
} from '../helpers/cli.js';

const LOG = { 'log/jira.log': profile401() };
const IN_ORDER = 'logscan.yaml: everything is in order\n';

interface Case {
  readonly name: string;
  /** The text of `logscan.yaml`; `DIR` is its folder. */
  readonly text: string;
  readonly files?: Files;
  readonly env?: Readonly<Record<string, string>>;
  /** What is said before the last line about the whole; `DIR` is the folder. */
  readonly said?: readonly string[];
  readonly end: string;
}

const TAIL = 'tail:\n  paths: log\n  state: state\n';

const CASES: readonly Case[] = [
  { name: 'nothing wrong', text: 'min-severity: high\n', end: IN_ORDER },
  { name: 'nothing wrong with a tail', text: TAIL, files: LOG, end: IN_ORDER },
  {
    name: 'a mistyped key',
    text: 'min-severty: high\njobs: 0\n',
    said: [
      'logscan.yaml:1:1: unknown key "min-severty"; did you mean min-severity?',
      'logscan.yaml:2:7: jobs: expected a number of at least 1, found 0',
    ],
    end: 'logscan.yaml: 2 problems\n',
  },
  {
    name: 'a mistyped variable',
    text: '',
    env: { LOGSCAN_JOB: '1' },
    said: ['LOGSCAN_JOB: there is no such setting; did you mean LOGSCAN_JOBS?'],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'rules that are not there',
    text: 'rules: [own, none]\n',
    files: packFiles('own/acme', { login: ruleFile('login loop') }),
    said: [
      'logscan.yaml:1:14: rules[1]: DIR/none: no such file or folder; --rules takes a rule file, a pack or a folder of packs',
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'rules that are broken',
    text: 'rules: own\n',
    files: packFiles('own/acme', { login: ruleFile('login loop').replace('severity: high', 'severity: hight') }),
    said: [
      'own/acme/login.yaml:2:11: severity: expected one of critical, high, medium, low, info, found "hight"; did you mean high?',
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'rules and tags that there are not',
    text: `disable: [${PROFILE_401}, gij/x]\nonly:\n  - azure-devops\n  - azure-devop\n`,
    said: [
      'logscan.yaml:1:41: disable[1]: there is no rule gij/x',
      'logscan.yaml:4:5: only[1]: there is no rule or tag azure-devop; did you mean azure-devops?',
    ],
    end: 'logscan.yaml: 2 problems\n',
  },
  {
    name: 'settings that do not go together',
    text: 'fail-on: unknown\nunknown: none\n',
    said: ['logscan.yaml:1:10: fail-on: unknown: expected --unknown to look for them, found --unknown none'],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'logs that are not there yet',
    text: 'tail:\n  paths:\n    - log\n    - later.log\n    - "old/*.log"\n    - empty\n  state: state\n',
    files: { ...LOG, 'empty/': '' },
    said: [
      'logscan.yaml:4:7: warning: tail.paths[1]: DIR/later.log: no such file yet; it is waited for, and followed from its beginning',
      'logscan.yaml:5:7: warning: tail.paths[2]: DIR/old/*.log: no file matches yet; it is waited for, and followed from its beginning',
      'logscan.yaml:6:7: warning: tail.paths[3]: DIR/empty: holds no logs yet; those that appear are followed',
    ],
    end: 'logscan.yaml: everything is in order, with 3 warnings\n',
  },
  {
    name: 'state where a file is',
    text: 'tail: { state: log/jira.log }\n',
    files: LOG,
    said: ['logscan.yaml:1:16: tail.state: DIR/log/jira.log: cannot be written (DIR/log/jira.log is not a directory)'],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'state below a file',
    text: 'tail: { state: log/jira.log/a/b }\n',
    files: LOG,
    said: ['logscan.yaml:1:16: tail.state: DIR/log/jira.log/a/b: cannot be made (DIR/log/jira.log is not a directory)'],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'an output whose name says no format',
    text: 'tail: { state: state, output: [events.txt, events.ndjson] }\n',
    said: [
      'logscan.yaml:1:32: tail.output[0]: DIR/events.txt: its name does not say a format; add format: text or format: ndjson under tail:, or name it .ndjson',
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'an output whose name says a format of whole reports',
    text: 'tail: { state: state, output: events.md }\n',
    said: [
      'logscan.yaml:1:31: tail.output[0]: DIR/events.md: its name does not say a format; add format: text or format: ndjson under tail:, or name it .ndjson',
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'an output whose format is said for all',
    text: 'format: text\ntail: { state: state, output: [events.txt, "-"] }\n',
    end: IN_ORDER,
  },
  {
    name: 'an output among the logs',
    text: 'tail: { paths: log, state: state, output: log/events.ndjson }\n',
    files: LOG,
    said: [
      'logscan.yaml:1:43: tail.output[0]: DIR/log/events.ndjson: would be followed itself, as it is one of the logs of tail.paths; write to another folder',
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'an output that is a log',
    text: 'tail: { paths: "log/*.log", format: text, state: state, output: log/jira.log }\n',
    files: LOG,
    said: [
      'logscan.yaml:1:65: tail.output[0]: DIR/log/jira.log: would be followed itself, as it is one of the logs of tail.paths; write to another folder',
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'an output in a folder that is not there',
    text: 'tail: { state: state, output: out/events.ndjson }\n',
    said: [
      "logscan.yaml:1:31: tail.output[0]: DIR/out/events.ndjson: cannot be written (ENOENT: no such file or directory, access 'DIR/out')",
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'webhooks that others may read on the way',
    text: 'tail:\n  state: state\n  webhook: ["http://events.example.com:8080/key", "http://localhost:1/x", "http://127.0.0.2/", "http://[::1]/", "https://example.com"]\n',
    said: [
      'logscan.yaml:3:13: warning: tail.webhook[0]: http to events.example.com:8080 is not encrypted: others may read what is sent; use https',
    ],
    end: 'logscan.yaml: everything is in order, with 1 warning\n',
  },
  {
    name: 'an address of Slack with another format',
    text: 'tail:\n  state: state\n  webhook: [https://hooks.slack.com/services/key, { url: https://hooks.slack.com/services/key, format: slack }]\n',
    said: ['logscan.yaml:3:13: warning: tail.webhook[0]: hooks.slack.com takes no cloudevents; say format: slack'],
    end: 'logscan.yaml: everything is in order, with 1 warning\n',
  },
  ...['0.0.0.0:9464', 'metrics.example.com:9464', '[::]:9464'].map((address) => ({
    name: `metrics at ${address}`,
    text: `tail:\n  state: state\n  metrics: "${address}"\n`,
    said: [
      `logscan.yaml:3:12: warning: tail.metrics: ${address} is open to other machines, without a password; 127.0.0.1 is not`,
    ],
    end: 'logscan.yaml: everything is in order, with 1 warning\n',
  })),
  ...['9464', '127.0.0.1:9464', 'localhost:9464', '"[::1]:9464"', 'x.prom'].map((address) => ({
    name: `metrics at ${address}, which others cannot reach`,
    text: `tail:\n  state: state\n  metrics: ${address}\n`,
    end: IN_ORDER,
  })),
  {
    name: 'metrics in a folder that is not there',
    text: 'tail: { state: state, metrics: run/x.prom }\n',
    said: [
      "logscan.yaml:1:32: tail.metrics: DIR/run/x.prom: cannot be written (ENOENT: no such file or directory, access 'DIR/run')",
    ],
    end: 'logscan.yaml: 1 problem\n',
  },
  {
    name: 'everything at once',
    text: 'rules: none\nfail-on: unknown\nunknown: none\ntail:\n  state: log/jira.log\n  metrics: 0.0.0.0:1\n',
    files: LOG,
    said: [
      'logscan.yaml:1:8: rules[0]: DIR/none: no such file or folder; --rules takes a rule file, a pack or a folder of packs',
      'logscan.yaml:2:10: fail-on: unknown: expected --unknown to look for them, found --unknown none',
      'logscan.yaml:5:10: tail.state: DIR/log/jira.log: cannot be written (DIR/log/jira.log is not a directory)',
      'logscan.yaml:6:12: warning: tail.metrics: 0.0.0.0:1 is open to other machines, without a password; 127.0.0.1 is not',
    ],
    end: 'logscan.yaml: 3 problems, with 1 warning\n',
  },
];

describe('check-config tells', { concurrency: 4 }, () => {
  for (const { name, text, files = {}, env = {}, said = [], end } of CASES) {
    test(name, async () => {
      const { dir } = workspace({ 'logscan.yaml': text, ...files });
      const result = await run(['check-config'], { cwd: dir, env });
      const isWrong = end.includes('problem');
      assert.deepEqual([result.status, result.stderr], [isWrong ? 1 : 0, '']);
      const [findings, settings] = result.stdout.split('\n\n');
      const wanted = said.map((line) => `${line.replaceAll('DIR', dir)}\n`).join('') + end;
      assert.equal(isWrong ? findings : `${findings}\n`, wanted);
      assert.equal(settings === undefined, isWrong, 'settings are shown if nothing is wrong');
    });
  }

  test('logs and state that this user may not touch', {
    skip: !canBeNobody && 'needs to become another user',
  }, async () => {
    const place = workspace({
      'logscan.yaml': 'tail:\n  paths: [log, closed/a.log, one.log]\n  state: mine/state\n',
      ...LOG,
      'log/b.log': '',
      'closed/a.log': '',
      'one.log': '',
      'mine/': '',
    });
    for (const name of ['log/jira.log', 'one.log']) chmodSync(place.at(name), 0o600);
    chmodSync(place.at('closed'), 0o700);
    const result = await run(['check-config'], { cwd: place.dir, nobody: true });
    assert.deepEqual([result.status, result.stderr], [1, '']);
    assert.equal(
      result.stdout.replaceAll(place.dir, 'DIR'),
      `logscan.yaml:2:11: warning: tail.paths[0]: 1 of 2 logs, like DIR/log/jira.log, cannot be read by this user; a service runs as another one: sudo -u USER logscan check-config FILE
logscan.yaml:2:16: warning: tail.paths[1]: DIR/closed/a.log: permission denied; a service runs as another one: sudo -u USER logscan check-config FILE
logscan.yaml:2:30: warning: tail.paths[2]: DIR/one.log cannot be read by this user; a service runs as another one: sudo -u USER logscan check-config FILE
logscan.yaml:3:10: tail.state: DIR/mine/state: cannot be made (EACCES: permission denied, access 'DIR/mine'); a service runs as another one: sudo -u USER logscan check-config FILE
logscan.yaml: 1 problem, with 3 warnings
`,
    );
  });

  test('nothing is made by looking', async () => {
    const place = workspace({ 'logscan.yaml': `${TAIL}  output: x.ndjson\n  metrics: x.prom\n`, ...LOG });
    assert.equal((await run(['check-config'], { cwd: place.dir })).status, 0);
    assert.deepEqual(
      ['state', 'x.ndjson', 'x.prom'].filter((name) => existsSync(place.at(name))),
      [],
    );
  });
});

describe('the settings that hold', { concurrency: 4 }, () => {
  test('each with its value and where it comes from', async () => {
    const text = `min-severity: high
rules:
  - own
tail:
  paths: [log, "old/*.log"]
  state: state
  resolve-after: 90m
  webhook: [https://example.com/key, { url: https://hooks.slack.com/key, format: slack }]
  metrics: "[::1]:9464"
`;
    const place = workspace({
      'logscan.yaml': text,
      ...LOG,
      ...packFiles('own/acme', { login: ruleFile('login loop') }),
    });
    mkdirSync(place.at('old'));
    const env = { LOGSCAN_JOBS: '4', LOGSCAN_TAIL_POLL: '1000ms', LOGSCAN_QUIET: '1' };
    const { status, stdout } = await run(['check-config'], { cwd: place.dir, env });
    assert.equal(status, 0);
    assert.equal(
      stdout.split('\n\n')[1]!.replaceAll(place.dir, 'DIR'),
      ` color                auto   (default)
 quiet                true   (LOGSCAN_QUIET)
 log-level            warn   (default)
 rules                DIR/own   (logscan.yaml:3:3)
 disable              -   (default)
 only                 -   (default)
 format               auto   (default)
 min-severity         high   (logscan.yaml:1:15)
 fail-on              none   (default)
 unknown              10   (default)
 evidence             3   (default)
 details              5   (default)
 context              0   (default)
 timezone             -   (default)
 all                  false   (default)
 jobs                 4   (LOGSCAN_JOBS)
 max-archive-bytes    64GiB   (default)
 max-ratio            1000   (default)
 max-depth            4   (default)
 redact               on   (default)
 redact-key           -   (default)
 tail.paths           DIR/log, DIR/old/*.log   (logscan.yaml:5:10)
 tail.state           DIR/state   (logscan.yaml:6:10)
 tail.from            end   (default)
 tail.format          auto   (default)
 tail.output          -   (default)
 tail.resolve-after   90m   (logscan.yaml:7:18)
 tail.webhook         https://example.com/… as cloudevents, https://hooks.slack.com/… as slack   (logscan.yaml:8:12)
 tail.webhook-format  cloudevents   (default)
 tail.metrics         [::1]:9464   (logscan.yaml:9:12)
 tail.poll            1s   (LOGSCAN_TAIL_POLL)
 tail.flush-timeout   1s   (default)
 tail.rotate-wait     5s   (default)
 tail.checkpoint      1s   (default)
 tail.open-files      256   (default)
`,
    );
  });

  test('names are as wide as the longest', () => {
    const names = [...Object.keys(SETTINGS), ...Object.keys(TAIL_SETTINGS).map((name) => `tail.${name}`)];
    assert.equal(Math.max(...names.map((name) => name.length)), 'tail.webhook-format'.length);
  });

  test('state that systemd made is said to be', async () => {
    const { dir } = workspace({ 'logscan.yaml': '' });
    const { stdout } = await run(['check-config'], { cwd: dir, env: { STATE_DIRECTORY: '/var/lib/logscan' } });
    assert.match(stdout, /^ tail\.state {11}\/var\/lib\/logscan {3}\(STATE_DIRECTORY\)$/m);
  });
});

describe('which file is checked', { concurrency: 4 }, () => {
  const WHERE: readonly {
    name: string;
    files?: Files;
    args?: readonly string[];
    env?: Readonly<Record<string, string>>;
    status?: number;
    stdout?: RegExp | string;
    stderr?: RegExp | string;
  }[] = [
    { name: 'the one that would be read', files: { 'logscan.yaml': '' }, stdout: /^logscan\.yaml: everything/ },
    {
      name: 'the one that is named',
      files: { 'logscan.yaml': 'jobs: 0\n', 'etc/own.yaml': '' },
      args: ['etc/own.yaml'],
      stdout: /^etc\/own\.yaml: everything/,
    },
    {
      name: 'the one that --config names',
      files: { 'logscan.yaml': 'jobs: 0\n', 'own.yaml': '' },
      args: ['--config', 'own.yaml'],
      stdout: /^own\.yaml: everything/,
    },
    {
      name: 'the environment, if there is no file',
      env: { LOGSCAN_JOBS: '3' },
      stdout: /^the configuration: everything is in order\n/,
    },
    {
      name: 'the environment, if the file is left out',
      files: { 'logscan.yaml': 'jobs: 0\n' },
      args: ['--no-config'],
      env: { LOGSCAN_JOBS: '0' },
      status: 1,
      stdout: 'LOGSCAN_JOBS: expected a number of at least 1, found "0"\nthe configuration: 1 problem\n',
    },
    {
      name: 'none, if there is none; it says where it looked',
      env: { XDG_CONFIG_HOME: '/nowhere' },
      status: 2,
      stdout: '',
      stderr:
        'logscan: check-config: there is nothing to check; looked for logscan.yaml here and in the folders above, for /nowhere/logscan/logscan.yaml, and for LOGSCAN_ variables\n  How to use it: logscan --help\n',
    },
    {
      name: 'none, if the one that is named is not there',
      files: { 'logscan.yaml': '' },
      args: ['logscan.yml'],
      status: 2,
      stdout: '',
      stderr: /^logscan: check-config: logscan\.yml: no such file; did you mean logscan\.yaml\?\n/,
    },
    {
      name: 'not two at once',
      files: { 'logscan.yaml': '' },
      args: ['logscan.yaml', '--config', 'logscan.yaml'],
      status: 2,
      stderr: /check-config: expected a file or --config, found both/,
    },
    {
      name: 'not one that is left out',
      files: { 'logscan.yaml': '' },
      args: ['logscan.yaml', '--no-config'],
      status: 2,
      stderr: /check-config: expected a file or --no-config, found both/,
    },
    {
      name: 'one only',
      files: { 'a.yaml': '', 'b.yaml': '' },
      args: ['a.yaml', 'b.yaml'],
      status: 2,
      stderr: /check-config: did not expect "b\.yaml"/,
    },
  ];
  for (const { name, files = {}, args = [], env = {}, status = 0, stdout, stderr } of WHERE) {
    test(name, async () => {
      const { dir } = workspace(files);
      const result = await run(['check-config', ...args], { cwd: dir, env });
      assertSaid(result, { stdout, stderr });
      assert.equal(result.status, status, result.stderr);
    });
  }

  for (const typed of ['check-confg', 'checkconfig']) {
    test(`${typed} is taken for a mistyped command, not for a log`, async () => {
      const { status, stderr } = await run([typed]);
      assert.equal(status, 2);
      assert.match(
        stderr,
        new RegExp(`there is no file and no command ${typed}; did you mean logscan check-config\\?`),
      );
    });
  }
});
