import assert from 'node:assert/strict';
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { MAX_DIRECTORIES } from '../../../src/sources/find.js';
import { type Discovered, discover } from '../../../src/sources/tail/discover.js';
import { type Files, REAL_FILES } from '../../../src/sources/tail/files.js';
import { workspace } from '../../helpers/cli.js';

/** What is found under names inside a workspace, told without its directory. */
async function found(files: readonly string[], inputs: readonly string[], exclude: readonly string[] = []) {
  const { dir, at } = workspace(Object.fromEntries(files.map((name) => [name, ''])));
  return within(dir, await discover(inputs.map(at), exclude.map(at), REAL_FILES));
}

function within(dir: string, { paths, directories, tooMany, denied }: Discovered): Discovered {
  const short = (names: readonly string[]) => names.map((name) => path.relative(dir, name) || '.');
  return {
    paths: short(paths),
    directories: short(directories),
    tooMany: short(tooMany),
    denied: short(denied),
  };
}

interface Case {
  readonly name: string;
  readonly files: readonly string[];
  readonly inputs: readonly string[];
  readonly exclude?: readonly string[];
  readonly paths: readonly string[];
  /** Directories that are watched; not looked at if absent. */
  readonly directories?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'the logs of a directory are found, and nothing that is no log by its name',
    files: ['logs/jira.log', 'logs/catalina.out', 'logs/access_log', 'logs/setenv.sh', 'logs/README', 'logs/empty/'],
    inputs: ['logs'],
    paths: ['logs/access_log', 'logs/catalina.out', 'logs/jira.log'],
    directories: ['logs', 'logs/empty'],
  },
  {
    name: 'backups belong to their log, in whatever way it is rotated',
    files: [
      'logs/app-2026-11-23.1.log',
      'logs/app.2026-11-23.log',
      'logs/app.log',
      'logs/app.log-20261123',
      'logs/app.log.1',
      'logs/app.log.10',
      'logs/app.log.2.gz',
      'logs/app.log.2026-11-23',
      'logs/access_log',
      'logs/access_log.2026-11-23',
    ],
    inputs: ['logs'],
    paths: ['logs/access_log', 'logs/app.log'],
  },
  {
    name: 'a numbered backup is none to follow while its log is away',
    files: ['logs/jira.log.1', 'logs/jira.log.2', 'logs/catalina.out.1', 'logs/stderr.txt.3'],
    inputs: ['logs'],
    paths: [],
    directories: ['logs'],
  },
  {
    name: 'logs with the date in their own name are each followed',
    files: ['logs/catalina.2026-11-23.log', 'logs/catalina.2026-11-24.log', 'logs/access_log.2026-11-24'],
    inputs: ['logs'],
    paths: ['logs/access_log.2026-11-24', 'logs/catalina.2026-11-23.log', 'logs/catalina.2026-11-24.log'],
  },
  {
    name: 'logs whose names only look alike are each followed',
    files: ['logs/jira.log', 'logs/jira-security.log', 'logs/jira-2.log', 'logs/jira.log.bak'],
    inputs: ['logs'],
    paths: ['logs/jira-2.log', 'logs/jira-security.log', 'logs/jira.log', 'logs/jira.log.bak'],
  },
  {
    name: 'a backup belongs to a log of its own directory only',
    files: ['a/jira.log', 'b/jira.log.2026-11-23'],
    inputs: ['a', 'b'],
    paths: ['a/jira.log', 'b/jira.log.2026-11-23'],
  },
  {
    name: 'packed files are followed by nobody',
    files: ['logs/jira.log.gz', 'logs/old.log.zip', 'logs/older.log.1.bz2', 'logs/catalina.2026-11-23.log.gz'],
    inputs: ['logs'],
    paths: [],
  },
  {
    name: 'directories are entered, but those that hold very many files and no logs',
    files: ['top/b/x.log', 'top/a/deep/y.log', 'top/data/z.log', 'top/plugins/z.log', 'top/index-3/z.log', 'top/z.log'],
    inputs: ['top'],
    paths: ['top/z.log', 'top/a/deep/y.log', 'top/b/x.log'],
    directories: ['top', 'top/a', 'top/a/deep', 'top/b'],
  },
  {
    name: 'the home of a product has its logs in log or logs alone',
    files: [
      'home/dbconfig.xml',
      'home/import.log',
      'home/export/old.log',
      'home/log/atlassian-jira.log',
      'home/log/atlassian-jira.log.1',
      'home/logs/more.log',
    ],
    inputs: ['home'],
    paths: ['home/log/atlassian-jira.log', 'home/logs/more.log'],
    directories: ['home', 'home/log', 'home/logs'],
  },
  {
    name: 'homes inside a directory are homes as well',
    files: ['all/confluence/confluence.cfg.xml', 'all/confluence/x.log', 'all/confluence/logs/c.log', 'all/own.log'],
    inputs: ['all'],
    paths: ['all/own.log', 'all/confluence/logs/c.log'],
  },
  {
    name: 'a pattern finds logs without their backups, and its directories are watched',
    files: [
      'logs/a/x.log',
      'logs/a/x.log.1',
      'logs/a/x.log.2.gz',
      'logs/b/y.log',
      'logs/b/y.log.2026-11-23',
      'logs/c/',
    ],
    inputs: ['logs/*/*.log*'],
    paths: ['logs/a/x.log', 'logs/b/y.log'],
    directories: ['logs', 'logs/a', 'logs/b'],
  },
  {
    name: 'a pattern may match nothing yet: the directory that it begins with is watched',
    files: ['logs/'],
    inputs: ['logs/*.log'],
    paths: [],
    directories: ['logs'],
  },
  {
    name: 'a pattern takes what is no log by its name',
    files: ['logs/console', 'logs/jira.log'],
    inputs: ['logs/c*'],
    paths: ['logs/console'],
  },
  {
    name: 'a log that is named need not be there yet',
    files: ['logs/'],
    inputs: ['logs/jira.log', 'nowhere/at/all.log'],
    paths: ['logs/jira.log', 'nowhere/at/all.log'],
    directories: ['logs', 'nowhere/at'],
  },
  {
    name: 'what is named is followed, whatever it is called',
    files: ['logs/jira.log', 'logs/jira.log.1', 'logs/old.log.gz', 'logs/messages'],
    inputs: ['logs/jira.log.1', 'logs/messages', 'logs/jira.log', 'logs/old.log.gz'],
    paths: ['logs/jira.log.1', 'logs/messages', 'logs/jira.log', 'logs/old.log.gz'],
    directories: ['logs'],
  },
  {
    name: 'a name with the characters of a pattern is that file, if it is there',
    files: ['logs/jira[1].log', 'logs/jira1.log'],
    inputs: ['logs/jira[1].log'],
    paths: ['logs/jira[1].log'],
  },
  {
    name: 'what is found in several ways is followed once, where it was found first',
    files: ['logs/b.log', 'logs/a.log'],
    inputs: ['logs/b.log', 'logs', 'logs/*.log', 'logs/'],
    paths: ['logs/b.log', 'logs/a.log'],
    directories: ['logs'],
  },
  {
    name: 'what is left out is left out, however it was found',
    files: ['logs/a.log', 'logs/out.ndjson', 'logs/state/x.log', 'logs/state/in/y.log', 'logs/b.log'],
    inputs: ['logs', 'logs/*.ndjson', 'logs/out.ndjson'],
    exclude: ['logs/out.ndjson', 'logs/state'],
    paths: ['logs/a.log', 'logs/b.log'],
    directories: ['logs'],
  },
];

describe('what is followed', () => {
  for (const { name, files, inputs, exclude, paths, directories } of CASES) {
    test(name, async () => {
      const all = await found(files, inputs, exclude);
      assert.deepEqual(all.paths, paths);
      if (directories !== undefined) assert.deepEqual([...all.directories].sort(), [...directories].sort());
      assert.deepEqual(all.tooMany, []);
    });
  }
});

test('links to logs are followed, links to directories are not entered', async () => {
  const { dir, at } = workspace({ 'real/jira.log': '', 'logs/': '', 'elsewhere/other.log': '' });
  symlinkSync('../real/jira.log', at('logs/current.log'));
  symlinkSync('../elsewhere', at('logs/more'));
  symlinkSync('../nowhere.log', at('logs/dangling.log'));
  const { paths } = within(dir, await discover([at('logs')], [], REAL_FILES));
  assert.deepEqual(paths, ['logs/current.log', 'logs/dangling.log']);
});

test('paths are told as they were typed', async () => {
  const { at } = workspace({ 'logs/jira.log': '' });
  const typed = path.relative(process.cwd(), at('logs'));
  const { paths, directories } = await discover([`./${typed}/`], [path.join(typed, 'x.log')], REAL_FILES);
  assert.deepEqual({ paths, directories }, { paths: [path.join(typed, 'jira.log')], directories: [typed] });
});

test('a directory that may not be listed, which is said, or that goes away meanwhile, is passed over', async () => {
  const { dir, at } = workspace({ 'logs/a.log': '', 'logs/shut/b.log': '', 'logs/gone/c.log': '' });
  const shut: Files = {
    ...REAL_FILES,
    readdirSync: ((name: string, options: { withFileTypes: true }) => {
      if (name === at('logs/shut')) throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
      const entries = REAL_FILES.readdirSync(name, options);
      if (name === at('logs')) rmSync(at('logs/gone'), { recursive: true });
      return entries;
    }) as Files['readdirSync'],
  };
  const { paths, tooMany, denied } = within(dir, await discover([at('logs')], [], shut));
  assert.deepEqual({ paths, tooMany, denied }, { paths: ['logs/a.log'], tooMany: [], denied: ['logs/shut'] });
});

test('a walk ends after so many directories, and says so', async () => {
  const { at } = workspace({ 'wide/x.log': '' });
  const [log] = REAL_FILES.readdirSync(at('wide'), { withFileTypes: true });
  const folders = Array.from({ length: MAX_DIRECTORIES }, (_, number) => ({
    name: `d${number}`,
    isFile: () => false,
    isDirectory: () => true,
    isSymbolicLink: () => false,
  }));
  const wide = {
    ...REAL_FILES,
    readdirSync: ((name: string) => (name === at('wide') ? [log, ...folders] : [])) as unknown,
  };
  const { paths, directories, tooMany } = await discover([at('wide')], [], wide as Files);
  assert.equal(directories.length, MAX_DIRECTORIES);
  assert.deepEqual({ paths, tooMany }, { paths: [at('wide/x.log')], tooMany: [at('wide')] });
});
