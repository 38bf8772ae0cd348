import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { run } from '../helpers/cli.js';

const ROOT = new URL('../../../', import.meta.url);

describe('schema', { concurrency: 4 }, () => {
  for (const [name, file] of [
    ['rule', 'rules/rule.schema.json'],
    ['incident', 'schemas/incident.schema.json'],
    ['config', 'schemas/config.schema.json'],
  ] as const) {
    test(`prints the schema of ${name} as it is shipped`, async () => {
      const { status, stdout, stderr } = await run(['schema', name]);
      assert.deepEqual([status, stderr], [0, '']);
      const printed = JSON.parse(stdout);
      assert.deepEqual(printed, JSON.parse(readFileSync(new URL(file, ROOT), 'utf8')));
      assert.equal(printed.$schema, 'https://json-schema.org/draft/2020-12/schema');
    });
  }

  for (const [name, args, stderr] of [
    [
      'one that is not there is refused with those that are',
      ['report'],
      /expected one of incident, rule, config, found "report"/,
    ],
    ['one must be named', [], /logscan: /],
    ['only one can be named', ['incident', 'rule'], /schema: did not expect "rule"/],
  ] as const) {
    test(name, async () => {
      const result = await run(['schema', ...args]);
      assert.deepEqual([result.status, result.stdout], [2, '']);
      assert.match(result.stderr, stderr);
    });
  }

  test('a reader that goes away ends it quietly', async () => {
    const { start } = await import('../helpers/cli.js');
    const { child, result } = start(['schema', 'incident']);
    child.stdout!.destroy();
    const { status, stderr } = await result;
    assert.deepEqual([status, stderr], [0, '']);
  });
});
