import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { jiraRecord, PROFILE_401, packFiles, profile401, ruleFile, run, workspace } from '../helpers/cli.js';

const DAY = ['--as-of', '2026-11-24'];
const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const FRAMES = Array.from({ length: 40 }, (_, index) => `\tat com.acme.Sync.step${index}(Sync.java:${index + 1})\n`);
const TRACE =
  `${jiraRecord('Sync of worklogs failed')}com.acme.SyncException: Could not merge 14 worklogs\n${FRAMES.join('')}` +
  "Caused by: java.lang.IllegalStateException: Worklog 48211 of 'OPS-12' is locked by another merge\n\tat com.acme.Lock.take(Lock.java:31)\n";

const LOGS = {
  'jira.log': `${jiraRecord('all is well', { level: 'INFO' })}${TRACE}${jiraRecord('all is well', { level: 'INFO' })}`,
  'catalina.out':
    '20-Nov-2026 09:14:02.118 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [90227] milliseconds\n' +
    '20-Nov-2026 09:14:03.118 SEVERE [main] com.acme.Loader.load The licence of the loader cannot be understood\n\tcom.acme.LicenceException: Field serial is missing\n\t\tat com.acme.Loader.load(Loader.java:3)\n',
  'app.json.log':
    '{"timestamp":"2026-11-20T09:14:03.118Z","level":"ERROR","logger":"com.acme.Sync","message":"The pool \\"main\\" has no connection left"}\n',
  'plain.log': jiraRecord('The worklog queue of node 7 is stuck'),
  'http.log.gz': gzipSync(jiraRecord('POST https://sync.example.com/api/v2/projects/10203/worklogs returned 503')),
  'token.log': jiraRecord(`Mailbox support was not opened, Authorization: Bearer ${TOKEN}`),
  'access_log.2026-11-20':
    '192.0.2.7 - jdoe [20/Nov/2026:09:14:03 +0000] "GET /rest/acme/1.0/worklogs/48211 HTTP/1.1" 500 58 "-" "curl/8.5"\n',
};

/** Name of its pack -> where its record stands, and the condition that it gets. */
const DRAFTS: Readonly<Record<string, readonly [from: string, match: unknown]>> = {
  // A line in the middle of a trace means its record.
  trace: [
    'jira.log:20',
    {
      throwable: {
        type: 'java.lang.IllegalStateException',
        message: 'is locked by another merge',
        position: 'root',
      },
    },
  ],
  catalina: [
    'catalina.out:2',
    { throwable: { type: 'com.acme.LicenceException', message: 'Field serial is missing', position: 'root' } },
  ],
  json: ['app.json.log:1', { logger: 'com.acme.Sync', text: 'has no connection left' }],
  plain: ['plain.log:1', { logger: 'c.e.Example', text: 'The worklog queue of node' }],
  http: ['http.log.gz:1', { http: { status: 503, host: 'sync.example.com', path: '/api/v2/projects/*/worklogs' } }],
  token: ['token.log:1', { logger: 'c.e.Example', text: 'Mailbox support was not opened, Authorization: Bearer' }],
  access: ['access_log.2026-11-20:1', { http: { status: 500, path: '/rest/acme/1.0/worklogs/*' } }],
};

describe('rules new --from', { concurrency: 2 }, () => {
  test('drafts rules from records, which pass test and check', async () => {
    const place = workspace(LOGS);
    for (const [name, [from, match]] of Object.entries(DRAFTS)) {
      const made = await run(['rules', 'new', `${name}/drafted`, '--from', from], { cwd: place.dir });
      assert.deepEqual([made.status, made.stderr], [0, ''], name);
      assert.match(made.stdout, /^wrote rules\/\w+\/drafted\.yaml\nIt is drafted from lines? \d.*\nNext: /);
      const text = readFileSync(place.at(`rules/${name}/drafted.yaml`), 'utf8');
      assert.deepEqual(parse(text).match, match, name);
      assert.ok(!(text + made.stdout).includes(TOKEN));
    }
    const trace = readFileSync(place.at('rules/trace/drafted.yaml'), 'utf8');
    assert.match(trace, /title: "Worklog … of … is locked by another merge"/);
    assert.match(trace, /step7\(Sync\.java:8\)\n {8}Caused by: /);
    assert.match(readFileSync(place.at('rules/json/drafted.yaml'), 'utf8'), /\n {8}\{"timestamp":.*\}\n/);
    assert.match(readFileSync(place.at('rules/token/drafted.yaml'), 'utf8'), /Bearer \[masked:[a-z-]+\]\n/);

    const tested = await run(['rules', 'test', 'rules', ...DAY], { cwd: place.dir });
    assert.deepEqual([tested.status, tested.stderr], [0, ''], tested.stdout);
    assert.match(tested.stdout, /^7 of 7 rules passed$/m);
    const checked = await run(['rules', 'check', 'rules', ...DAY], { cwd: place.dir });
    assert.equal(checked.status, 0, checked.stdout);
  });

  test('names the rules that know the record, of its own pack as well', async () => {
    const place = workspace({
      'jira.log': profile401(),
      ...packFiles('rules/acme', { thrown: ruleFile('REST API has thrown exception') }),
    });
    const made = await run(['rules', 'new', 'acme/profile', '--from', 'jira.log:1'], { cwd: place.dir });
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /\nKnown already: [^\n]*under also: for now/);
    const { also } = parse(readFileSync(place.at('rules/acme/profile.yaml'), 'utf8')).examples.matches[0];
    assert.deepEqual([...also].sort(), ['acme/thrown', PROFILE_401]);
    const tested = await run(['rules', 'test', 'rules/acme/profile.yaml', '--rules', 'rules/acme', ...DAY], {
      cwd: place.dir,
    });
    assert.match(tested.stdout, /^ passed {3}acme\/profile /, tested.stdout);
  });

  for (const [from, status, says] of [
    ['jira.log', 2, /--from: expected FILE:LINE, found "jira\.log"/],
    ['nothing.log:1', 2, /nothing\.log: /],
    ['jira.log:999', 2, /has no record at line 999/],
  ] as const) {
    test(`writes nothing from ${from}`, async () => {
      const place = workspace(LOGS);
      const refused = await run(['rules', 'new', 'acme/a', '--from', from], { cwd: place.dir });
      assert.deepEqual([refused.status, refused.stdout], [status, '']);
      assert.match(refused.stderr, says);
      assert.ok(!existsSync(place.at('rules')));
    });
  }
});
