import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { RuleError } from '../../src/rules/problem.js';
import { readPacks } from '../../src/rules/read.js';
import { idsOf, ruleText } from '../helpers/rules.js';

const root = mkdtempSync(path.join(tmpdir(), 'logscan-rules-'));
after(() => rmSync(root, { recursive: true }));

const PACK = 'title: Acme\nversion: "1"\nmarkers:\n  app: { text: com.acme. }\n';
let folders = 0;

/** A folder with these files, by their path in it. */
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const at = path.join(root, `f${++folders}`);
  await mkdir(at);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(at, name)), { recursive: true });
    await writeFile(path.join(at, name), text);
  }
  return at;
}

/** What is wrong with the packs at these places in a folder, without the folder's own name. */
async function problems(files: Readonly<Record<string, string>>, places: readonly string[] = ['']): Promise<string[]> {
  const at = await folder(files);
  try {
    await readPacks(places.map((place) => path.join(at, place)));
  } catch (error) {
    assert.ok(error instanceof RuleError, String(error));
    return error.message.split('\n').map((line) => line.replaceAll(`${at}/`, '').replaceAll(at, '.'));
  }
  return [];
}

/** The names of the packs at these places, and the ids of their rules. */
async function read(
  files: Readonly<Record<string, string>>,
  places: readonly string[] = [''],
): Promise<Record<string, string[]>> {
  const at = await folder(files);
  const packs = await readPacks(places.map((place) => path.join(at, place)));
  assert.equal(new Set(packs.map(({ name }) => name)).size, packs.length, 'a pack is read once');
  return Object.fromEntries(packs.map((pack) => [pack.name, idsOf([pack])]));
}

const TWO = {
  'acme/_pack.yaml': PACK,
  'acme/a.yaml': ruleText(),
  'acme/b.yaml': ruleText(),
  'beta/_pack.yaml': PACK,
  'beta/c.yaml': ruleText(),
};

test('a folder of packs', async () =>
  assert.deepEqual(await read(TWO), { acme: ['acme/a', 'acme/b'], beta: ['beta/c'] }));
test('a pack', async () => assert.deepEqual(await read(TWO, ['acme']), { acme: ['acme/a', 'acme/b'] }));
test('a rule file', async () => assert.deepEqual(await read(TWO, ['acme/b.yaml']), { acme: ['acme/b'] }));
test('several places', async () =>
  assert.deepEqual(await read(TWO, ['beta', 'acme/a.yaml']), { beta: ['beta/c'], acme: ['acme/a'] }));
test('two rule files of one pack', async () =>
  assert.deepEqual(await read(TWO, ['acme/a.yaml', 'acme/b.yaml']), { acme: ['acme/a', 'acme/b'] }));
test('a place named twice is read once', async () =>
  assert.deepEqual(await read(TWO, ['acme', 'acme/a.yaml', '.']), { acme: ['acme/a', 'acme/b'], beta: ['beta/c'] }));

test('a pack of the same name adds its rules', async () => {
  const files = {
    'shipped/acme/_pack.yaml': PACK,
    'shipped/acme/a.yaml': ruleText(),
    'mine/acme/_pack.yaml': 'title: Mine\nversion: "2"\n',
    'mine/acme/b.yaml': ruleText({ match: { marker: 'app' } }),
  };
  assert.deepEqual(await read(files, ['shipped', 'mine']), { acme: ['acme/a', 'acme/b'] });
});

test('a pack says its title and version', async () => {
  const at = await folder({ 'acme/_pack.yaml': PACK, 'acme/a.yaml': ruleText() });
  const packs = await readPacks([at]);
  assert.deepEqual(
    packs.map(({ name, title, version }) => ({ name, title, version })),
    [{ name: 'acme', title: 'Acme', version: '1' }],
  );
});

test('files without a pack, and those that are no YAML files, are passed over', async () => {
  assert.deepEqual(
    await read({ ...TWO, 'notes/x.yaml': 'no rule', 'acme/README.md': 'x', 'acme/deeper/x.yaml': 'no rule' }),
    { acme: ['acme/a', 'acme/b'], beta: ['beta/c'] },
  );
});

test('a rule may name markers and rules of other packs', async () => {
  const files = {
    ...TWO,
    'beta/c.yaml': ruleText({
      match: { marker: 'acme/app' },
      supersedes: ['acme/a'],
      when: { after: 'acme/b', within: '5m' },
    }),
  };
  assert.deepEqual(await read(files), { acme: ['acme/a', 'acme/b'], beta: ['beta/c'] });
});

const A = 'acme/a.yaml';
const rules = (more: Readonly<Record<string, string>>) => ({ 'acme/_pack.yaml': PACK, ...more });

const MISTAKES: readonly (readonly [
  name: string,
  files: Record<string, string>,
  places: string[],
  problems: string[],
])[] = [
  [
    'there is nothing at the place',
    {},
    ['absent'],
    ['absent:1:1: no such file or folder; --rules takes a rule file, a pack or a folder of packs'],
  ],
  [
    'a folder without packs',
    { 'notes/x.yaml': 'x' },
    ['notes'],
    ['notes:1:1: has no rules; expected _pack.yaml in it or in its folders'],
  ],
  [
    'a rule file without a pack',
    { 'notes/x.yaml': 'x' },
    ['notes/x.yaml'],
    ['notes/x.yaml:1:1: has no _pack.yaml beside it; a pack is a folder with _pack.yaml, its name begins every id'],
  ],
  [
    'rules of several files',
    rules({ [A]: ruleText({ cause: '' }), 'acme/b.yaml': ruleText({ cause: 7 }) }),
    [''],
    [
      'acme/a.yaml:9:8: cause: expected a text that is not empty, found ""',
      'acme/b.yaml:9:8: cause: expected a text that is not empty, found 7',
    ],
  ],
  [
    'a broken pack and a broken rule',
    { 'acme/_pack.yaml': 'title: x\n', [A]: ruleText({ cause: '' }) },
    [''],
    [
      'acme/_pack.yaml:1:1: version: is missing; expected a version like 1',
      'acme/a.yaml:9:8: cause: expected a text that is not empty, found ""',
    ],
  ],
  [
    'a taken id',
    { 'x/acme/_pack.yaml': PACK, 'x/acme/a.yaml': ruleText(), 'y/acme/_pack.yaml': PACK, 'y/acme/a.yaml': ruleText() },
    ['x', 'y'],
    [
      'y/acme/a.yaml:1:1: the id acme/a is taken by x/acme/a.yaml; give the file another name, and name that rule in supersedes: to win over it',
    ],
  ],
  [
    'an unknown rule in supersedes',
    rules({ [A]: ruleText({ supersedes: ['acme/bb'] }), 'acme/b.yaml': ruleText() }),
    [''],
    ['acme/a.yaml:18:5: supersedes[0]: there is no rule acme/bb; did you mean acme/b?'],
  ],
  [
    'an unknown rule in supersedes that is like none',
    rules({ [A]: ruleText({ supersedes: ['gij/azure-devops-profile'] }) }),
    [''],
    ['acme/a.yaml:18:5: supersedes[0]: there is no rule gij/azure-devops-profile'],
  ],
  [
    'an unknown rule in when',
    rules({ [A]: ruleText({ when: { after: 'acme/aa', within: '5m' } }) }),
    [''],
    ['acme/a.yaml:18:10: when.after: there is no rule acme/aa; did you mean acme/a?'],
  ],
  [
    'an unknown rule in also',
    rules({ [A]: ruleText({ examples: { matches: [{ log: 'no connection', also: ['acme/zzzzzzzzz'] }] } }) }),
    [''],
    ['acme/a.yaml:18:11: examples.matches[0].also[0]: there is no rule acme/zzzzzzzzz'],
  ],
  [
    'a rule that supersedes itself',
    rules({ [A]: ruleText({ supersedes: ['acme/a'] }) }),
    [''],
    ['acme/a.yaml:18:3: supersedes: goes in a circle: acme/a -> acme/a'],
  ],
  [
    'a circle is told once',
    rules({
      [A]: ruleText({ supersedes: ['acme/c'] }),
      'acme/b.yaml': ruleText({ supersedes: ['acme/a'] }),
      'acme/c.yaml': ruleText({ supersedes: ['acme/b'] }),
    }),
    [''],
    ['acme/a.yaml:18:3: supersedes: goes in a circle: acme/a -> acme/c -> acme/b -> acme/a'],
  ],
  [
    'a way into a circle is none',
    rules({
      [A]: ruleText({ supersedes: ['acme/b'] }),
      'acme/b.yaml': ruleText({ supersedes: ['acme/c'] }),
      'acme/c.yaml': ruleText({ supersedes: ['acme/b'] }),
    }),
    [''],
    ['acme/b.yaml:18:3: supersedes: goes in a circle: acme/b -> acme/c -> acme/b'],
  ],
];

for (const [name, files, places, expected] of MISTAKES) {
  test(`mistake: ${name}`, async () => assert.deepEqual(await problems(files, places), expected));
}
