import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  assertSaid,
  jiraRecord,
  PROFILE_401,
  packFiles,
  profile401,
  type RunOptions,
  ruleFile,
  run,
  workspace,
} from '../helpers/cli.js';

const DAY = ['--as-of', '2026-11-24'];
const FILES = {
  'jira.log': `${jiraRecord('all is well', { level: 'INFO' })}${profile401()}\n${profile401().replace('Unauthorized (401)', 'Forbidden (403)')}`,
  'jira.log.gz': gzipSync(profile401()),
  'empty.log': '',
  ...packFiles('acme', { login: ruleFile('login loop') }),
};

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly status?: number;
  readonly stdout?: RegExp | '';
  readonly stderr?: RegExp | '';
  readonly options?: RunOptions;
}

const CASES: Case[] = [
  {
    name: 'a rule is a page',
    args: [PROFILE_401],
    stdout: /^ HIGH {2}Azure DevOps refuses the profile call[\s\S]*Do {10}Use a token for all/,
    stderr: '',
  },
  {
    name: 'all four rules of the first pages can be explained: vfunction',
    args: ['vfunction/issuetracking-config-401'],
    stdout: /vFunction cannot add/,
  },
  {
    name: 'all four rules of the first pages can be explained: tokens',
    args: ['azure-devops/tokens-pats-401'],
    stdout: /takes only Microsoft Entra tokens/,
  },
  {
    name: 'all four rules of the first pages can be explained: cloud',
    args: ['gij/cloud-azure-devops-oauth-401'],
    stdout: /refuses the OAuth connection/,
  },
  {
    name: 'from 1 December 2026 on the other remedy comes first',
    args: [PROFILE_401, '--as-of', '2026-12-01'],
    stdout: /Do {10}Tokens for all organizations no longer exist[\s\S]*Other days {2}Until 30 November 2026/,
  },
  { name: '--rules adds rules', args: ['acme/login', '--rules', 'acme'], stdout: /login loop was said/ },
  { name: '--color always colours it', args: [PROFILE_401, '--color', 'always'], stdout: /\x1b\[/ },
  {
    name: 'an id of a letter off is named',
    args: ['gij/azure-devops-profile-410'],
    status: 2,
    stdout: '',
    stderr: /there is no rule gij\/azure-devops-profile-410; did you mean gij\/azure-devops-profile-401\?/,
  },
  {
    name: 'an id like no other is refused',
    args: ['no-such/thing-at-all-in-here'],
    status: 2,
    stdout: '',
    stderr: /there is no rule no-such\/thing-at-all-in-here; logscan rules list shows all/,
  },
  {
    name: 'an id must be named',
    args: [],
    status: 2,
    stdout: '',
    stderr: /explain: expected the id of a rule, or --rule ID FILE:LINE/,
  },
  {
    name: 'one id is enough',
    args: [PROFILE_401, 'jira.log'],
    status: 2,
    stdout: '',
    stderr: /explain: did not expect "jira\.log"/,
  },
  {
    name: '--as-of wants a day',
    args: [PROFILE_401, '--as-of', 'soon'],
    status: 2,
    stdout: '',
    stderr: /--as-of: expected a day like 2026-12-01, found "soon"/,
  },
  {
    name: 'broken rules are told',
    args: [PROFILE_401, '--rules', 'nowhere'],
    status: 2,
    stdout: '',
    stderr: /nowhere:1:1: no such file or folder/,
  },

  {
    name: '--rule says that it is this problem',
    args: ['--rule', PROFILE_401, 'jira.log:2'],
    stdout:
      /^ jira\.log:2-6 is one record \([\s\S]*yes {2}marker gij[\s\S]*It is this problem: logscan explain gij\/azure-devops-profile-401\n$/,
    stderr: '',
  },
  {
    name: 'any line of the record will do',
    args: ['--rule', PROFILE_401, 'jira.log:5'],
    stdout: /^ jira\.log:2-6 is one record/,
  },
  {
    name: '--rule says which condition fails',
    args: ['--rule', PROFILE_401, 'jira.log:8'],
    stdout: /yes {2}marker gij[\s\S]*no {3}http[\s\S]*403[\s\S]*It is not this problem\./,
  },
  {
    name: 'a record of another kind is not this problem',
    args: ['--rule', PROFILE_401, 'jira.log:1'],
    stdout: /^ jira\.log:1 is one record[\s\S]*It is not this problem\. No rule knows it\.\n$/,
  },
  {
    name: 'it looks into a compressed log',
    args: ['--rule', PROFILE_401, 'jira.log.gz:3'],
    stdout: /^ jira\.log\.gz:1-5 is one record/,
  },
  {
    name: 'it takes rules of --rules',
    args: ['--rules', 'acme', '--rule', 'acme/login', 'jira.log:1'],
    stdout: /It is not this problem/,
  },
  {
    name: 'a file that is not there is named with the one that was meant',
    args: ['--rule', PROFILE_401, 'jira.lgo:1'],
    status: 2,
    stdout: '',
    stderr: /jira\.lgo: no such file\n {2}Did you mean jira\.log/,
  },
  {
    name: 'a line that is not there is told',
    args: ['--rule', PROFILE_401, 'jira.log:999'],
    status: 2,
    stdout: '',
    stderr: /jira\.log: has no record at line 999\n {2}its records end at line 12/,
  },
  {
    name: 'an empty log has no record',
    args: ['--rule', PROFILE_401, 'empty.log:1'],
    status: 2,
    stdout: '',
    stderr: /has no record at line 1/,
  },
  {
    name: 'a place without a line is refused',
    args: ['--rule', PROFILE_401, 'jira.log'],
    status: 2,
    stdout: '',
    stderr: /expected FILE:LINE, found "jira\.log"/,
  },
  {
    name: 'a rule of a letter off is named',
    args: ['--rule', 'gij/azure-devops-profile-410', 'jira.log:2'],
    status: 2,
    stdout: '',
    stderr: /did you mean gij\/azure-devops-profile-401\?/,
  },
  {
    name: '--timezone wants a zone',
    args: ['--rule', PROFILE_401, 'jira.log:2', '--timezone', 'Mars'],
    status: 2,
    stdout: '',
    stderr: /--timezone: expected a time zone/,
  },
];

test('explain --rule masks what it shows of the log', async () => {
  const log = jiraRecord('password=hunter2hunter2 for https://app.vssps.visualstudio.com/x');
  const { dir } = workspace({ 'jira.log': log });
  const { stdout } = await run(['explain', '--rule', PROFILE_401, 'jira.log:1'], { cwd: dir });
  assert.match(stdout, /jira\.log/);
  assert.doesNotMatch(stdout, /hunter2/);
});

describe('explain', { concurrency: 4 }, () => {
  const { dir } = workspace(FILES);
  for (const { name, args, status = 0, stdout, stderr, options } of CASES) {
    test(name, async () => {
      const day = args.includes('--as-of') ? [] : DAY;
      const result = await run(['explain', ...args, ...day], { cwd: dir, ...options });
      assert.equal(result.status, status, result.stderr);
      assertSaid(result, { stdout, stderr });
    });
  }
});
