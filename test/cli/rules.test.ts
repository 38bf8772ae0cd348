import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  assertSaid,
  type Files,
  jiraRecord,
  PROFILE_401,
  packFiles,
  ruleFile,
  run,
  workspace,
} from '../helpers/cli.js';

const DAY = ['--as-of', '2026-11-24'];
const SHIPPED = fileURLToPath(new URL('../../../rules', import.meta.url));
const login = ruleFile('login loop');

interface Case {
  readonly name: string;
  readonly files?: Files;
  readonly args: readonly string[];
  readonly status?: number;
  readonly stdout?: RegExp | '';
  readonly stderr?: RegExp | '';
}

const CASES: Case[] = [
  {
    name: 'list names every rule with its severity, status and title',
    args: ['list'],
    stdout: /^high {6}stable {8}gij\/azure-devops-profile-401 .* Azure DevOps refuses the profile call/m,
    stderr: '',
  },
  {
    name: 'list shows own rules too',
    files: packFiles('acme', { login }),
    args: ['list', '--rules', 'acme'],
    stdout: /^high {6}stable {8}acme\/login +login loop was said$/m,
  },
  {
    name: 'show is the page of explain',
    args: ['show', PROFILE_401],
    stdout: /^ HIGH {2}Azure DevOps refuses the profile call/,
  },
  { name: 'show wants an id', args: ['show'], status: 2, stdout: '', stderr: /logscan: / },
  {
    name: 'show names the rule that was meant',
    args: ['show', 'gij/azure-devops-profile-410'],
    status: 2,
    stdout: '',
    stderr: /did you mean gij\/azure-devops-profile-401\?/,
  },
  {
    name: 'without a command it says which there are',
    args: [],
    status: 2,
    stdout: '',
    stderr: /expected list, show, check, test, new or docs/,
  },
  {
    name: 'a command of a letter off is named',
    args: ['lst'],
    status: 2,
    stdout: '',
    stderr: /there is no command lst; did you mean list\?/,
  },
  { name: 'a second path is refused', args: ['check', 'a', 'b'], status: 2, stdout: '' },
  {
    name: 'an option of a letter off is named',
    args: ['list', '--rulez', 'acme'],
    status: 2,
    stdout: '',
    stderr: /there is no option --rulez; did you mean --rules\?/,
  },

  {
    name: 'check finds nothing wrong with a good pack',
    files: packFiles('acme', { login }),
    args: ['check', 'acme'],
    stdout: /^1 rules?, nothing to find fault with\n$/,
  },
  {
    name: 'check takes a rule file',
    files: packFiles('acme', { login, other: ruleFile('other thing') }),
    args: ['check', 'acme/login.yaml'],
    stdout: /^1 rules?, nothing/,
  },
  {
    name: 'check takes a folder of packs',
    files: { ...packFiles('packs/acme', { login }), ...packFiles('packs/b', { thing: ruleFile('other thing') }) },
    args: ['check', 'packs'],
    stdout: /^2 rules, nothing/,
  },
  {
    name: 'check takes a path that ends in a slash',
    files: packFiles('acme', { login }),
    args: ['check', 'acme/'],
    stdout: /^1 rules?, nothing/,
  },
  {
    name: 'check finds a rule whose example does not match',
    files: packFiles('acme', { login: login.replace('text: "login loop"', 'text: "endless loop"') }),
    args: ['check', 'acme'],
    status: 1,
    stdout: /^acme\/login\.yaml:\d+: acme\/login: example 1: no match, because [\s\S]*1 finding/,
  },
  {
    name: 'check finds a text that is too short',
    files: packFiles('acme', { login: ruleFile('abc') }),
    args: ['check', 'acme'],
    status: 1,
    stdout: /too short \("abc"\)/,
  },
  {
    name: 'check finds a rule without a remedy on the day',
    files: packFiles('acme', { login: login.replace('- summary:', '- until: 2026-01-01\n    summary:') }),
    args: ['check', 'acme'],
    status: 1,
    stdout: /no solution holds on 2026-11-24/,
  },
  {
    name: 'check tells every fault of broken rules and ends with 1',
    files: packFiles('acme', {
      login: login.replace('severity: high', 'severity: hihg').replace('confidence: high', 'confidence: sure'),
    }),
    args: ['check', 'acme'],
    status: 1,
    stdout: /^acme\/login\.yaml:2:11: [\s\S]*acme\/login\.yaml:4:13: [\s\S]*2 problems/,
  },
  {
    name: 'check refuses a day that is none',
    files: packFiles('acme', { login }),
    args: ['check', 'acme', '--as-of', 'never'],
    status: 2,
    stdout: '',
    stderr: /--as-of: expected a day/,
  },

  {
    name: 'test runs the examples',
    files: packFiles('acme', { login }),
    args: ['test', 'acme'],
    stdout: /^ passed {3}acme\/login {2}1 match, 1 ignore\n1 of 1 rules? passed\n$/,
    stderr: '',
  },
  {
    name: 'test says why an example does not match, and where it stands',
    files: packFiles('acme', { login: login.replace('text: "login loop"', 'text: "endless loop"') }),
    args: ['test', 'acme'],
    status: 1,
    stdout:
      /^ missing {2}acme\/login {2}example 1: no match, because .* acme\/login\.yaml:\d+\n0 of 1 rules? passed\n$/,
  },
  {
    name: 'test says which ignored example matches',
    files: packFiles('acme', { login: login.replace('] all is well', '] login loop again') }),
    args: ['test', 'acme'],
    status: 1,
    stdout: /^ noisy {4}acme\/login {2}ignored example 1 matches \(Nothing was said\.\)/,
  },
  {
    name: 'test says which other rule matches',
    files: packFiles('acme', {
      login,
      loop: ruleFile('in loop').replace('text: "in loop"', 'text: "loop"').replace('] in loop', '] login loop'),
    }),
    args: ['test', 'acme/login.yaml', '--rules', 'acme/loop.yaml'],
    status: 1,
    stdout: /noisy {4}acme\/login .*acme\/loop matches it as well/,
  },
  {
    name: 'test tells broken rules and ends with 1',
    files: packFiles('acme', { login: 'title: [' }),
    args: ['test', 'acme'],
    status: 1,
    stdout: /^ broken {3}acme\/login\.yaml:/,
  },
];

describe('rules', { concurrency: 4 }, () => {
  for (const { name, files = {}, args, status = 0, stdout, stderr } of CASES) {
    test(name, async () => {
      const { dir } = workspace(files);
      const day = args.length === 0 || args.includes('--as-of') ? [] : DAY;
      const result = await run(['rules', ...args, ...day], { cwd: dir });
      assert.equal(result.status, status, result.stderr + result.stdout);
      assertSaid(result, { stdout, stderr });
    });
  }

  for (const id of ['gij/azure-devops-profile-401', 'vfunction/issuetracking-config-401']) {
    test(`the shipped rule ${id} can be tested by its path`, async () => {
      const result = await run(['rules', 'test', `${SHIPPED}/${id}.yaml`, ...DAY]);
      assert.match(result.stdout, new RegExp(`^ passed {3}${id} `));
      assert.equal(result.status, 0);
    });
  }
});

describe('rules new', { concurrency: 4 }, () => {
  test('writes a rule that passes, its pack and its schema', async () => {
    const place = workspace({});
    const made = await run(['rules', 'new', 'acme/login-loop'], { cwd: place.dir });
    assert.deepEqual([made.status, made.stderr], [0, '']);
    assert.match(
      made.stdout,
      /^wrote rules\/acme\/login-loop\.yaml\nNext: fill it in, then {2}logscan rules test rules\/acme\n/,
    );
    assert.deepEqual(readdirSync(place.at('rules/acme')).sort(), ['_pack.yaml', 'login-loop.yaml']);
    assert.equal(
      JSON.parse(readFileSync(place.at('rules/rule.schema.json'), 'utf8')).$schema,
      'https://json-schema.org/draft/2020-12/schema',
    );

    const tested = await run(['rules', 'test', 'rules/acme', ...DAY], { cwd: place.dir });
    assert.deepEqual([tested.status, tested.stderr], [0, '']);
    assert.match(tested.stdout, /^ passed {3}acme\/login-loop {2}1 match, 1 ignore\n/);
    const checked = await run(['rules', 'check', 'rules/acme', ...DAY], { cwd: place.dir });
    assert.equal(checked.status, 0, checked.stdout);

    writeFileSync(place.at('x.log'), jiraRecord('replace this: a text that every such record contains'));
    const scanned = await run(['x.log', '--rules', 'rules/acme', ...DAY], { cwd: place.dir });
    assert.match(scanned.stdout, /acme\/login-loop/);
  });

  test('a second rule leaves the pack as it is', async () => {
    const place = workspace(packFiles('rules/acme', { login }));
    const before = readFileSync(place.at('rules/acme/_pack.yaml'), 'utf8');
    assert.equal((await run(['rules', 'new', 'acme/other'], { cwd: place.dir })).status, 0);
    assert.equal(readFileSync(place.at('rules/acme/_pack.yaml'), 'utf8'), before);
  });

  test('a rule that is there is not overwritten', async () => {
    const place = workspace(packFiles('rules/acme', { login }));
    const result = await run(['rules', 'new', 'acme/login'], { cwd: place.dir });
    assert.deepEqual([result.status, result.stdout], [2, '']);
    assert.match(result.stderr, /rules\/acme\/login\.yaml exists already/);
    assert.equal(readFileSync(place.at('rules/acme/login.yaml'), 'utf8'), login);
  });

  for (const id of ['login', 'Acme/Login', '../acme/login', 'acme/login.yaml', 'acme/a/b']) {
    test(`${id} is no id`, async () => {
      const place = workspace({});
      const result = await run(['rules', 'new', id], { cwd: place.dir });
      assert.deepEqual([result.status, result.stdout], [2, '']);
      assert.match(result.stderr, /expected an id like acme\/login-loop, found "/);
      assert.deepEqual(readdirSync(place.dir), []);
    });
  }
});
