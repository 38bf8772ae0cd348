/** What else a request did in which something was found, from the outside. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { zipOf } from '../helpers/archives.js';
import { type Files, jiraRecord, profile401, run, scannedInside, workspace } from '../helpers/cli.js';

/** The request of {@link profile401}. */
const ID = '554x4276982x1';
const ACCESS = `192.0.2.50 ${ID} jdoe [20/Nov/2026:09:14:03 +0000] "POST /rest/gitplugin/1.0/trackedfolders/scan HTTP/1.1" 500 80 0.120 "-" "x" "1x2y3z"\n`;
const SECURITY = `2026-11-20 09:14:02,900+0000 http-nio-8443-exec-7 jdoe ${ID} 1x2y3z 192.0.2.50 /rest/gitplugin/1.0/trackedfolders/scan User 'jdoe' was authenticated with token=s3cr3t-s3cr3t-s3cr3t\n`;
const OTHER = jiraRecord('another request').repeat(20_000);
const LOGS: Files = {
  'log/access_log.2026-11-20': ACCESS,
  'log/atlassian-jira-security.log': SECURITY,
  'log/atlassian-jira.log': OTHER + profile401() + OTHER,
};

async function relatedIn(files: Files, ...args: readonly string[]): Promise<string[]> {
  const { incidents } = await scannedInside([...args, '--no-config'], workspace(files).dir);
  return incidents.flatMap(({ related }) => related.map(({ origin, line, text }) => `${origin}:${line} ${text}`));
}

describe('what else a request did', { concurrency: 4 }, () => {
  const wanted = (folder: string) => [
    `${folder}/access_log.2026-11-20:1 ${ACCESS.trimEnd()}`,
    `${folder}/atlassian-jira-security.log:1 ${SECURITY.trimEnd().replace('s3cr3t-s3cr3t-s3cr3t', '[masked:token]')}`,
  ];

  test('is told with its places, from all logs of a directory', async () => {
    assert.deepEqual(await relatedIn(LOGS, 'log'), wanted('log'));
  });

  test('is told of a bundle', async () => {
    const zip = zipOf(Object.entries(LOGS).map(([name, data]) => ({ name, data: data as string })));
    assert.deepEqual(await relatedIn({ 'x.zip': zip }, 'x.zip'), wanted('x.zip!/log'));
  });

  test('is not looked for in one log alone, which would be read twice', async () => {
    assert.deepEqual(await relatedIn(LOGS, 'log/atlassian-jira.log'), []);
  });

  test('is told to people', async () => {
    const { stdout } = await run(['log', '--no-config'], { cwd: workspace(LOGS).dir });
    assert.match(stdout, /^ {7}With {2}log\/access_log\.2026-11-20:1 {2}192\.0\.2\.50 554x4276982x1/m);
  });
});
