/** The hostile archives of samples/bundles, and the bundle that is made there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { scannedInside, workspace } from '../../helpers/cli.js';

const HOSTILE = fileURLToPath(new URL('../../../../samples/bundles/hostile/', import.meta.url));
const WRITER = fileURLToPath(new URL('../../helpers/write-bundle.js', import.meta.url));
const MOST = 10 * 1024; // bytes

interface Truth {
  readonly found: number;
  readonly problems: readonly string[];
}

const TRUTH = parse(readFileSync(path.join(HOSTILE, '..', 'hostile.yaml'), 'utf8')) as Readonly<Record<string, Truth>>;

describe('hostile samples', { concurrency: 4 }, () => {
  test('each has its truth, and is small', () => {
    const files = readdirSync(HOSTILE);
    assert.deepEqual(files.sort(), Object.keys(TRUTH).sort());
    for (const file of files) assert.ok(statSync(path.join(HOSTILE, file)).size < MOST, file);
  });

  for (const [name, { found, problems }] of Object.entries(TRUTH)) {
    test(name, async () => {
      const result = await scannedInside([name, '--no-config', '--as-of', '2026-11-24'], HOSTILE);
      const [incident] = result.incidents.filter(({ rule }) => rule.id === 'gij/azure-devops-profile-401');
      assert.deepEqual([incident?.count ?? 0, result.problems.map(({ code }) => code)], [found, problems]);
    });
  }
});

test('the bundle that is made to try things on has its problems', async () => {
  const place = workspace({});
  for (const name of ['Jira_support.zip', 'Jira_support.tar.gz']) {
    assert.equal(spawnSync(process.execPath, [WRITER, place.at(name)]).status, 0);
    const { incidents, problems } = await scannedInside([name, '--no-config', '--as-of', '2026-11-24'], place.dir);
    assert.deepEqual([incidents.length, problems], [3, []]);
  }
});
