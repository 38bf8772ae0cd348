import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { loadRules, scan } from '../src/index.js';
import { HEALTHY_LOGS, LEAST } from './helpers/healthy-logs.js';

const PACKS = await loadRules();
const FOLDER = mkdtempSync(join(tmpdir(), 'logscan-healthy-'));
after(() => rmSync(FOLDER, { recursive: true }));
const SEED = 1;

/** What was found in a log, one line each: the rule and the first record with it. */
async function findingsIn(name: string, text: string): Promise<readonly string[]> {
  const path = join(FOLDER, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const found: string[] = [];
  for await (const object of scan([path], { packs: PACKS, unknown: 'none', asOf: '2026-11-24' })) {
    if (object.kind !== 'incident' && object.kind !== 'notice') continue;
    found.push(`${object.kind} ${object.rule.id}, line ${object.evidence[0]?.line}: ${object.evidence[0]?.text}`);
  }
  return found;
}

test('there are thirty kinds of healthy logs and more, each with a name of its own', () => {
  assert.ok(HEALTHY_LOGS.length >= 30);
  assert.equal(new Set(HEALTHY_LOGS.map(({ name }) => name)).size, HEALTHY_LOGS.length);
});

for (const { name, make } of HEALTHY_LOGS) {
  test(`no rule fires in ${name}`, async () => {
    const text = make(SEED);
    assert.ok(text.split('\n').length - 1 >= LEAST, 'a long log');
    assert.equal(make(SEED), text, 'the same log for the same seed');
    assert.notEqual(make(SEED + 1), text, 'another log for another seed');
    assert.deepEqual(await findingsIn(name, text), []);
  });
}
