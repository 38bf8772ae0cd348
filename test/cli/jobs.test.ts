import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jiraRecord, profile401, run, workspace } from '../helpers/cli.js';

const ORDINARY = jiraRecord('all is well', { level: 'INFO' }).repeat(400);
/** Errors of which each has another trace, and one record that is longer than a thread hands over. */
const PARTS = Array.from({ length: 300 }, (_, at) => {
  const trace = `com.acme.SyncException: item ${at}\n\tat com.acme.Sync.step${at % 7}(Sync.java:${at})\n\tat com.acme.Job.run(Job.java:8)\n`;
  const long = at === 150 ? 'one of very many lines\n'.repeat(150_000) : '';
  return `${ORDINARY}${jiraRecord('sync failed')}${trace}${long}${at % 50 === 7 ? profile401() : ''}`;
});
const LOG = PARTS.join('');

test('however many threads look at a large log, and whatever is passed over, the result is the same', async () => {
  assert.ok(LOG.length > 16 * 1024 * 1024, 'large enough for threads');
  const { dir: cwd } = workspace({ 'jira.log': LOG });
  const results = [];
  for (const options of [['--no-filter'], ['--jobs', '1'], [], ['--jobs', '4']]) {
    const { status, stdout, stderr } = await run(['jira.log', '--format', 'ndjson', ...options], { cwd });
    assert.deepEqual([status, stderr], [0, ''], options.join(' '));
    results.push(withoutTime(stdout));
  }
  for (const result of results) assert.equal(result, results[0]);
  assert.match(results[0]!, /"incidents":1,/);
});

test('without memory for the filter everything is read the plain way', async () => {
  const { dir: cwd } = workspace({ 'jira.log': LOG.slice(0, 2 * 1024 * 1024) });
  const args = ['jira.log', '--format', 'ndjson'];
  const usual = await run(args, { cwd });
  const tight = await run(args, { cwd, node: ['--wasm-max-mem-pages=10'] });
  assert.deepEqual([tight.status, tight.stderr], [0, '']);
  assert.equal(withoutTime(tight.stdout), withoutTime(usual.stdout));
});

function withoutTime(stdout: string): string {
  return stdout.replace(/"startedAt":"[^"]+"|"seconds":[\d.]+/g, '');
}
