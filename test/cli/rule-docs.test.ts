import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, test } from 'node:test';
import { PAGE_MARK } from '../../src/reporters/rule-pages.js';
import { packFiles, ruleFile, run, type Workspace, workspace } from '../helpers/cli.js';

const LOGIN = ruleFile('login loop');

function docs(place: Workspace, ...args: readonly string[]) {
  return run(['rules', 'docs', ...args], { cwd: place.dir });
}

/** A workspace with an own pack, and pages of it and of the shipped ones. */
async function documented(): Promise<Workspace> {
  const place = workspace(packFiles('acme', { login: LOGIN, other: ruleFile('other thing') }));
  const made = await docs(place, '--rules', 'acme');
  assert.deepEqual([made.status, made.stderr], [0, '']);
  return place;
}

describe('rules docs', { concurrency: 4 }, () => {
  test('writes a page for each rule and an index, the shipped and own ones', async () => {
    const place = await documented();
    assert.match(readFileSync(place.at('docs/rules/acme/login.md'), 'utf8'), /^# login loop was said$/m);
    assert.ok(existsSync(place.at('docs/rules/gij/azure-devops-profile-401.md')));
    const index = readFileSync(place.at('docs/rules/README.md'), 'utf8');
    assert.match(index, /^- high: \[login loop was said\]\(acme\/login\.md\)$/m);
    assert.match(index, /\]\(gij\/azure-devops-profile-401\.md\)/);
  });

  test('a second run changes nothing, and --check finds nothing stale', async () => {
    const place = await documented();
    const before = statSync(place.at('docs/rules/acme/login.md'), { bigint: true }).mtimeNs;
    assert.match((await docs(place, '--rules', 'acme')).stdout, /: 0 new, 0 changed, 0 removed\n$/);
    assert.equal(statSync(place.at('docs/rules/acme/login.md'), { bigint: true }).mtimeNs, before);
    const checked = await docs(place, '--rules', 'acme', '--check');
    assert.deepEqual([checked.status, checked.stderr], [0, '']);
    assert.match(checked.stdout, /^\d+ pages, all as the rules say\n$/);
  });

  test('--check names what is missing, changed and gone, and writes nothing; then the pages are made anew', async () => {
    const place = await documented();
    writeFileSync(place.at('acme/login.yaml'), LOGIN.replace('Somebody said', 'Nobody said'));
    rmSync(place.at('acme/other.yaml'));
    rmSync(place.at('docs/rules/os/oom-killer.md'));
    const checked = await docs(place, '--rules', 'acme', '--check');
    assert.deepEqual([checked.status, checked.stderr], [1, '']);
    assert.equal(
      checked.stdout,
      [
        'docs/rules/README.md: is not what the rules say',
        'docs/rules/acme/login.md: is not what the rules say',
        'docs/rules/acme/other.md: has no rule any more',
        'docs/rules/os/oom-killer.md: is missing',
        '4 stale pages; logscan rules docs makes them anew\n',
      ].join('\n'),
    );
    assert.ok(existsSync(place.at('docs/rules/acme/other.md')));

    const renewed = await docs(place, '--rules', 'acme');
    assert.match(renewed.stdout, /: 1 new, 2 changed, 1 removed\n$/);
    assert.ok(!existsSync(place.at('docs/rules/acme/other.md')));
    assert.match(readFileSync(place.at('docs/rules/acme/login.md'), 'utf8'), /^Nobody said/m);
  });

  test('the folder of a pack that is gone goes, too', async () => {
    const place = await documented();
    assert.match((await docs(place)).stdout, /: 0 new, 1 changed, 2 removed\n$/);
    assert.ok(!readdirSync(place.at('docs/rules')).includes('acme'));
  });

  const FOREIGN: readonly (readonly [what: string, name: string, put: (file: string) => void])[] = [
    ['a file', 'notes.txt', (file) => writeFileSync(file, 'mine')],
    ['a page that somebody wrote', 'acme/login.md', (file) => writeFileSync(file, '# mine\n')],
    ['an index that somebody wrote', 'README.md', (file) => writeFileSync(file, '# mine\n')],
    ['a page under a name of its own', 'notes.md', (file) => writeFileSync(file, PAGE_MARK)],
    ['a folder in the folder of a pack', 'acme/more', (file) => mkdirSync(file)],
    ['a link', 'acme/linked.md', (file) => symlinkSync('login.md', file)],
  ];
  for (const [what, name, put] of FOREIGN) {
    test(`a folder with ${what} is left alone`, async () => {
      const place = workspace({ 'out/acme/': '' });
      put(place.at(`out/${name}`));
      const before = readdirSync(place.at('out'), { recursive: true });
      for (const args of [
        ['--out', 'out'],
        ['--out', 'out', '--check'],
      ]) {
        const refused = await docs(place, ...args);
        assert.deepEqual([refused.status, refused.stdout], [2, '']);
        assert.ok(refused.stderr.includes(`--out: out/${name}: was not made by rules docs`), refused.stderr);
      }
      assert.deepEqual(readdirSync(place.at('out'), { recursive: true }), before);
    });
  }

  test('a file is no folder', async () => {
    const refused = await docs(workspace({ out: 'x' }), '--out', 'out');
    assert.deepEqual([refused.status, refused.stdout], [2, '']);
    assert.match(refused.stderr, /^logscan: --out: out: cannot be read \(/);
  });

  test('broken rules are told, and nothing is written', async () => {
    const place = workspace(packFiles('acme', { login: 'title: [' }));
    const refused = await docs(place, '--rules', 'acme');
    assert.deepEqual([refused.status, refused.stdout], [2, '']);
    assert.match(refused.stderr, /^logscan: acme\/login\.yaml:/);
    assert.ok(!existsSync(place.at('docs')));
  });
});
