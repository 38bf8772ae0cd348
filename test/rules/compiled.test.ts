import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RULE = 'rules/vfunction/issuetracking-config-401.yaml';

/** The program as it is installed, whose rules can be changed. */
const installed = mkdtempSync(path.join(tmpdir(), 'logscan-test-'));
after(() => rmSync(installed, { recursive: true }));
cpSync(path.join(ROOT, 'dist/bin'), path.join(installed, 'dist/bin'), { recursive: true, preserveTimestamps: true });
cpSync(path.join(ROOT, 'rules'), path.join(installed, 'rules'), { recursive: true, preserveTimestamps: true });
writeFileSync(path.join(installed, 'package.json'), '{ "type": "module" }');

function titles(): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['dist/bin/app/main.js', 'rules', 'list'], {
    cwd: installed,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout;
}

function change(file: string, edit: (text: string) => string): void {
  const place = path.join(installed, file);
  writeFileSync(place, edit(readFileSync(place, 'utf8')));
}

test('compiled packs are used as long as the files are what they were', () => {
  // What only the compiled packs say is seen, so they are used.
  const packs = path.join(installed, 'dist/bin/app/packs.jsonl');
  const text = readFileSync(packs, 'utf8');
  const before = statSync(packs);
  writeFileSync(packs, text.replace('its token may not read Graph', 'COMPILED'));
  assert.match(titles(), /COMPILED/);
  writeFileSync(packs, text);
  utimesSync(packs, before.atime, before.mtime);
});

test('compiled packs that end too early are not used', () => {
  const packs = path.join(installed, 'dist/bin/app/packs.jsonl');
  const text = readFileSync(packs, 'utf8');
  const before = statSync(packs);
  const wanted = titles();
  for (const end of [11, text.indexOf('\n') + 1, text.lastIndexOf('"examples"'), text.length - 1]) {
    writeFileSync(packs, text.slice(0, end).replace('its token may not read Graph', 'COMPILED'));
    assert.equal(titles(), wanted);
  }
  writeFileSync(packs, text);
  utimesSync(packs, before.atime, before.mtime);
});

test('a rule that was edited is read anew, also if its length stays', () => {
  change(RULE, (text) => text.replace('its token may not read Graph', 'its token MAY not read Graph'));
  assert.match(titles(), /its token MAY not read Graph/);
});

test('a rule that was added or removed is noticed', () => {
  const added = path.join(installed, 'rules/vfunction/another.yaml');
  cpSync(path.join(installed, RULE), added);
  assert.match(titles(), /vfunction\/another/);
  rmSync(added);
  assert.doesNotMatch(titles(), /vfunction\/another/);
});

test('without compiled packs the files are read', () => {
  const packs = path.join(installed, 'dist/bin/app/packs.jsonl');
  rmSync(packs);
  assert.match(titles(), /vfunction\/issuetracking-config-401/);
});
