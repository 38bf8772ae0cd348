/** What is known of an installation, and what follows from it, from the outside. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FactObject } from '../../src/model/report.js';
import { tarOf, zipOf } from '../helpers/archives.js';
import { type Banner, jiraBanner } from '../helpers/banners.js';
import {
  assertSaid,
  type Files,
  jiraRecord,
  packFiles,
  ruleFile,
  run,
  type Scanned,
  scannedInside,
  workspace,
} from '../helpers/cli.js';

const with_ = (text: string, keys: string, severity = 'high') =>
  ruleFile(text, { severity }).replace(/^cause:/m, `${keys}\ncause:`);
/** `external` is a case of `general`, and only of newer versions. */
const RULES = packFiles('acme', {
  external: with_('external', 'supersedes: [acme/general]\nappliesTo: { gij: ">=3.0" }', 'critical'),
  general: with_('general', 'fixedIn: { gij: "4.20" }', 'low'),
  note: with_('note', 'appliesTo: { jira: ">=10" }', 'info'),
});
const BOTH = jiraRecord('an external failure, in general');
const GENERAL = jiraRecord('a general failure');

function factsOf({ all }: Scanned): FactObject[] {
  return all.filter((object): object is FactObject => object.kind === 'fact');
}

const scan = (files: Files, ...args: readonly string[]) =>
  scannedInside([...args, '--rules', 'acme', '--no-config'], workspace({ ...RULES, ...files }).dir);
const told = ({ incidents }: Scanned) =>
  incidents.map(({ rule, count, applies }) => `${rule.id.slice(5)} ${count} ${applies}`);

describe('logscan facts', { concurrency: 4 }, () => {
  const CASES: {
    name: string;
    files?: Files;
    args: readonly string[];
    status?: number;
    stdout?: RegExp | string;
    stderr?: RegExp | string;
  }[] = [
    {
      name: 'tells each fact with its place',
      files: { 'atlassian-jira.log': jiraBanner({ gij: '4.2.1-jira9', baseUrl: 'https://jira.example.com' }) },
      args: ['atlassian-jira.log'],
      stdout: ` jira     9.4.1  atlassian-jira.log:15
 gij      4.2.1-jira9  atlassian-jira.log:21
 os       Linux  atlassian-jira.log:9
 baseUrl  https://jira.example.com  atlassian-jira.log:16
 plugin:com.xiplink.jira.git.jira_git_plugin  4.2.1-jira9  atlassian-jira.log:21
`,
    },
    {
      name: 'tells each node by itself',
      files: {
        'b/node1/application-logs/atlassian-jira.log': jiraBanner({ jira: '9.4.1' }),
        'b/node2/application-logs/atlassian-jira.log': jiraBanner({ jira: '9.12.3' }),
        'b/node2/application-config/cluster.properties': 'jira.node.id=i-0abc\n',
      },
      args: ['b'],
      stdout: ` Node node1
 jira  9.4.1  b/node1/application-logs/atlassian-jira.log:15
 os    Linux  b/node1/application-logs/atlassian-jira.log:9

 Node i-0abc
 jira  9.12.3  b/node2/application-logs/atlassian-jira.log:15
 os    Linux  b/node2/application-logs/atlassian-jira.log:9
 node  i-0abc  b/node2/application-config/cluster.properties:1
`,
    },
    {
      name: 'reads the settings of a home and its logs',
      files: {
        'home/dbconfig.xml': '<a>\n<database-type>postgres72</database-type></a>',
        'home/log/atlassian-jira.log': jiraBanner(),
      },
      args: ['home'],
      stdout: / database {2}PostgreSQL {2}home\/dbconfig\.xml:2\n/,
    },
    {
      name: 'is content with settings alone',
      files: { 'bin/setenv.sh': 'JVM_MAXIMUM_MEMORY="8g"\n' },
      args: ['bin'],
      stdout: ' heap  8192MB  bin/setenv.sh:1\n',
    },
    {
      name: 'takes a file of settings by its name',
      files: { 'application.xml': '<properties><product name="Crowd" version="5.3.1"/></properties>' },
      args: ['application.xml'],
      stdout: ' crowd  5.3.1  application.xml:1\n',
    },
    {
      name: 'the newest start holds, whatever the order of the files is',
      files: {
        'log/atlassian-jira.log': jiraBanner({ jira: '9.12.3', time: '2026-11-20 10:00:00,000+0000' }),
        'log/atlassian-jira.log.1': jiraBanner({ jira: '9.4.1', time: '2026-11-20 08:00:00,000+0000' }),
      },
      args: ['log/atlassian-jira.log', 'log/atlassian-jira.log.1'],
      stdout: / jira {2}9\.12\.3 {2}log\/atlassian-jira\.log:15\n/,
    },
    {
      name: 'says where nothing is known',
      files: { 'jira.log': GENERAL },
      args: ['jira.log'],
      stdout:
        ' Nothing is known of the installation: no product starts in 1 file, and none of its settings are\n there.\n',
    },
    {
      name: 'masks a secret',
      files: { 'jira.log': jiraBanner({ baseUrl: 'https://admin:hunter22@jira.example.com' }) },
      args: ['jira.log'],
      stdout: / baseUrl {2}https:\/\/(?!.*hunter22)/,
    },
    {
      name: 'leaves a secret in where that is asked for',
      files: { 'jira.log': jiraBanner({ baseUrl: 'https://admin:hunter22@jira.example.com' }) },
      args: ['jira.log', '--redact', 'off'],
      stdout: /hunter22/,
    },
    {
      name: 'escapes what acts on a terminal',
      files: { 'plugins.txt': 'com.example.app 1.2\u001b[31m\n' },
      args: ['plugins.txt'],
      stdout: /Nothing is known/,
    },
    { name: 'wants an input', args: [], status: 2, stdout: '', stderr: /nothing to read: name a log/ },
    { name: 'says which input is not there', args: ['none.log'], status: 3, stderr: /none\.log: no such file/ },
    { name: 'refuses a format that is not there', args: ['x', '--format', 'html'], status: 2, stderr: /--format/ },
    {
      name: 'is what a mistyped command means',
      args: ['fact'],
      status: 2,
      stderr: /did you mean logscan facts\?/,
    },
  ];
  for (const { name, files = {}, args, status = 0, stdout, stderr } of CASES) {
    test(name, async () => {
      const typed = name.startsWith('is what') ? args : ['facts', ...args];
      const result = await run([...typed, '--no-config'], { cwd: workspace(files).dir });
      assertSaid(result, { stdout, stderr });
      assert.equal(result.status, status);
    });
  }

  test('as ndjson is a run, the facts and a summary', async () => {
    const { dir } = workspace({ 'jira.log': jiraBanner() });
    const { stdout } = await run(['facts', 'jira.log', '--format', 'ndjson', '--no-config'], { cwd: dir });
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ['run', 'fact', 'fact', 'summary'],
    );
    assert.deepEqual(objects[1], {
      kind: 'fact',
      key: 'jira',
      value: '9.4.1',
      origin: 'jira.log',
      line: 15,
      node: null,
    });
  });
});

describe('rules for some versions', () => {
  const OLD = { gij: '2.9.1' };
  const NEW = { gij: '4.9' };
  const VERDICTS: {
    name: string;
    banners: readonly Banner[];
    told: readonly string[];
    bySeverity: readonly number[];
  }[] = [
    {
      name: 'a version that nobody knows hides nothing',
      banners: [],
      told: ['external 1 null', 'general 1 null'],
      bySeverity: [1, 0, 0, 1],
    },
    {
      name: 'a version in the range',
      banners: [NEW],
      told: ['external 1 true', 'general 1 null'],
      bySeverity: [1, 0, 0, 1],
    },
    {
      name: 'a version outside',
      banners: [OLD],
      told: ['external 1 false', 'general 2 null'],
      bySeverity: [0, 0, 0, 1],
    },
    {
      name: 'an update, after which the range holds',
      banners: [OLD, { ...NEW, time: '2026-11-20 10:00:00,000+0000' }],
      told: ['external 1 true', 'general 1 null'],
      bySeverity: [1, 0, 0, 1],
    },
    {
      name: 'a banner of a later day before one of an earlier day',
      banners: [{ ...OLD, time: '2026-11-21 10:00:00,000+0000' }, NEW],
      told: ['external 1 false', 'general 2 null'],
      bySeverity: [0, 0, 0, 1],
    },
  ];
  for (const { name, banners, told: wanted, bySeverity } of VERDICTS) {
    test(name, async () => {
      const log = banners.map(jiraBanner).join('') + BOTH + GENERAL;
      const found = await scan({ 'jira.log': log }, 'jira.log');
      assert.deepEqual(told(found), wanted);
      assert.deepEqual(Object.values(found.summary.bySeverity), bySeverity);
      assert.equal(
        found.summary.incidents,
        bySeverity.reduce((sum, count) => sum + count),
      );
      assert.equal(found.summary.coverage.explained, 2);
    });
  }

  test('the reason is told, and notices are held against the facts as well', async () => {
    const log = jiraBanner(OLD) + BOTH + jiraRecord('a note');
    const found = await scan({ 'jira.log': log }, 'jira.log');
    const [external] = found.incidents;
    assert.equal(external!.appliesReason, 'you run gij 2.9.1; the rule is for >=3.0');
    assert.deepEqual(
      found.notices.map(({ applies, appliesReason }) => [applies, appliesReason]),
      [[false, 'you run jira 9.4.1; the rule is for >=10']],
    );
    assert.equal(found.summary.notices, 0);
  });

  const TWO_NODES = (one: string, two: string) => ({
    'b/node1/log/atlassian-jira.log': jiraBanner({ gij: one }) + BOTH,
    'b/node2/log/atlassian-jira.log': jiraBanner({ gij: two, time: '2026-11-20 08:30:00,000+0000' }) + GENERAL,
  });

  test('of two nodes with different versions one in the range is enough', async () => {
    const found = await scan(TWO_NODES('2.9.1', '4.9'), 'b');
    assert.deepEqual(told(found), ['external 1 true', 'general 1 null']);
    assert.equal(found.incidents[0]!.appliesReason, 'node1 runs gij 2.9.1, node2 4.9; the rule is for >=3.0');
    assert.deepEqual(
      factsOf(found).flatMap(({ key, value, node }) => (key === 'gij' ? [`${node} ${value}`] : [])),
      ['node1 2.9.1', 'node2 4.9'],
    );
  });

  test('of two nodes with different versions both outside rule it out', async () => {
    const found = await scan(TWO_NODES('2.9.1', '2.8'), 'b');
    assert.deepEqual(told(found), ['external 1 false', 'general 2 null']);
  });

  test('facts of records outside of the span that is asked for count', async () => {
    const log = jiraBanner(OLD) + BOTH + jiraRecord('later', { time: '2026-11-20 12:00:00,000+0000', level: 'INFO' });
    for (const args of [
      ['--since', '2026-11-20 09:00'],
      ['--since', '4h'],
    ]) {
      const found = await scan({ 'jira.log': log }, 'jira.log', ...args);
      assert.deepEqual(told(found), ['external 1 false', 'general 1 null'], args.join(' '));
    }
  });

  const STATES: { name: string; banner: Banner; args: readonly string[]; status: number }[] = [
    { name: 'what does not apply fails nothing', banner: OLD, args: ['--fail-on', 'high'], status: 0 },
    { name: 'what comes forward fails', banner: OLD, args: ['--fail-on', 'low'], status: 1 },
    { name: 'what applies fails', banner: NEW, args: ['--fail-on', 'high'], status: 1 },
  ];
  for (const { name, banner, args, status } of STATES) {
    test(name, async () => {
      const found = await scan({ 'jira.log': jiraBanner(banner) + BOTH }, 'jira.log', ...args);
      assert.equal(found.status, status);
    });
  }

  test('text folds away what does not apply, and shows it with --all', async () => {
    const { dir } = workspace({ ...RULES, 'jira.log': jiraBanner(OLD) + BOTH + GENERAL + jiraRecord('a note') });
    const args = ['jira.log', '--rules', 'acme', '--as-of', '2026-11-24', '--no-config'];
    const folded = await run(args, { cwd: dir });
    assert.match(folded.stdout, /^ LOW {3}2× /m);
    assert.match(folded.stdout, /^ 1 incident and 1 notice do not apply to your version: --all$/m);
    assert.match(folded.stdout, /1 incident \(1 low\)/);
    assert.doesNotMatch(folded.stdout, /external was said|note was said/);
    const whole = await run([...args, '--all'], { cwd: dir });
    assert.match(whole.stdout, /^ Does not apply to your version\n CRIT {2}1× /m);
    assert.match(whole.stdout, /But {3}you run gij 2\.9\.1; the rule is for >=3\.0, so it does not apply\./);
    assert.doesNotMatch(whole.stdout, /: --all/);
  });

  test('a log of nothing but what does not apply has no known problem', async () => {
    const { dir } = workspace({ ...RULES, 'jira.log': jiraBanner(OLD) + jiraRecord('external') });
    const { stdout } = await run(['jira.log', '--rules', 'acme', '--no-config'], { cwd: dir });
    assert.match(stdout, /^ No known problem in jira\.log/);
    assert.match(stdout, /^ 1 incident does not apply to your version: --all$/m);
  });

  test('the version that cures it is told beside the one that runs, and hides nothing', async () => {
    for (const [gij, text] of [
      ['4.9.1', /Fixed in gij 4\.20, you run 4\.9\.1$/m],
      ['5.0', /Fixed in gij 4\.20, you run 5\.0$/m],
      [undefined, /Fixed in gij 4\.20$/m],
    ] as const) {
      const log = jiraBanner(gij === undefined ? {} : { gij }) + GENERAL;
      const { dir } = workspace({ ...RULES, 'jira.log': log });
      const { stdout } = await run(['jira.log', '--rules', 'acme', '--no-config'], { cwd: dir });
      assert.match(stdout, text);
    }
  });
});

describe('facts and the fast way', () => {
  /** A log of some megabytes in whose middle Jira starts. */
  function large(): string {
    const idle = Array.from({ length: 9000 }, (_, at) =>
      jiraRecord(`nothing to see ${at}, Starting up, Version 1.2, ___ and so on`, { level: 'INFO' }),
    ).join('');
    return idle + jiraBanner({ gij: '2.9.1', baseUrl: 'https://jira.example.com' }) + BOTH + idle + GENERAL;
  }

  test('a start in the middle of a large log is found, in whatever way it is read', async () => {
    const files = { 'jira.log': large() };
    assert.ok(files['jira.log'].length > 2_500_000);
    const outputs = [];
    for (const args of [[], ['--no-filter'], ['--unknown', 'none'], ['--jobs', '1']]) {
      const found = await scan(files, 'jira.log', ...args);
      assert.deepEqual(told(found), ['external 1 false', 'general 2 null']);
      assert.equal(found.summary.coverage.lines, files['jira.log'].split('\n').length - 1);
      outputs.push(JSON.stringify([factsOf(found), found.incidents]));
    }
    assert.deepEqual(new Set(outputs).size, 1);
    assert.ok(factsOf(await scan(files, 'jira.log')).length > 4);
  });
});

describe('times without a zone', () => {
  const rest = jiraRecord('a general failure', { time: '2026-11-20 12:00:00,000' });
  const banner = (timezone: string) => jiraBanner({ time: '2026-11-20 08:00:00,000', timezone });
  const ZONES: { name: string; files: Files; args?: readonly string[]; firstAt: string }[] = [
    {
      name: 'are of the zone that the banner of the log names',
      files: { 'jira.log': banner('Europe/Berlin') + rest },
      firstAt: '2026-11-20T11:00:00Z',
    },
    {
      name: 'are of that zone before the banner as well',
      files: { 'jira.log': rest + banner('Europe/Berlin') },
      firstAt: '2026-11-20T11:00:00Z',
    },
    {
      name: 'are those of --timezone before all',
      files: { 'jira.log': banner('Europe/Berlin') + rest },
      args: ['--timezone', 'UTC'],
      firstAt: '2026-11-20T12:00:00Z',
    },
    {
      name: 'are UTC where the banner names no zone that there is',
      files: { 'jira.log': banner('Mars/Olympus') + rest },
      firstAt: '2026-11-20T12:00:00Z',
    },
    { name: 'are UTC where nobody says', files: { 'jira.log': rest }, firstAt: '2026-11-20T12:00:00Z' },
    {
      name: 'are of the zone that a file beside the log names',
      files: {
        'b/application-config/setenv-sh.txt': 'JAVA_OPTS="-Duser.timezone=Asia/Tokyo"\n',
        'b/application-logs/jira.log': rest,
      },
      firstAt: '2026-11-20T03:00:00Z',
    },
    {
      name: 'are not those of another node',
      files: { 'b/node1/conf/setenv.sh': 'JAVA_OPTS="-Duser.timezone=Asia/Tokyo"\n', 'b/node2/log/jira.log': rest },
      firstAt: '2026-11-20T12:00:00Z',
    },
  ];
  for (const { name, files, args = [], firstAt } of ZONES) {
    test(name, async () => {
      const input = Object.keys(files)[0]!.split('/')[0]!;
      const { incidents } = await scan(files, input, ...args);
      assert.equal(incidents[0]!.firstAt, firstAt);
      assert.equal(incidents[0]!.evidence[0]!.atText, '2026-11-20 12:00:00,000');
    });
  }
});

describe('facts of a bundle', { concurrency: 4 }, () => {
  const MEMBERS = [
    {
      name: 'node1/application-properties/application.xml',
      data: '<properties>\n<product name="Jira" version="9.4.1"/>\n</properties>\n',
    },
    { name: 'node1/application-logs/atlassian-jira.log', data: BOTH },
    { name: 'node1/healthchecks/healthcheckResults.txt', data: `NodeId=node-a\n${GENERAL}` },
  ];
  const PLACES = [
    'jira 9.4.1 !/node1/application-properties/application.xml:2',
    'node node-a !/node1/healthchecks/healthcheckResults.txt:1',
  ];
  const BUNDLES = {
    'x.zip': zipOf(MEMBERS),
    'x.tar': tarOf(MEMBERS),
    'y.zip': zipOf([{ name: 'x.tar', data: tarOf(MEMBERS) }]),
  };

  for (const name of Object.keys(BUNDLES) as (keyof typeof BUNDLES)[]) {
    const within = name === 'y.zip' ? 'y.zip!/x.tar' : name;

    test(`${name}: members that are no logs tell facts, and one that is both is read as both`, async () => {
      const { dir } = workspace({ ...RULES, ...BUNDLES });
      const found = await scannedInside([name, '--rules', 'acme', '--no-config'], dir);
      const facts = factsOf(found).map(({ key, value, origin, line }) => `${key} ${value} ${origin}:${line}`);
      assert.deepEqual(
        facts,
        PLACES.map((place) => place.replace('!', `${within}!`)),
      );
      assert.deepEqual(told(found), ['external 1 null', 'general 1 null']);
      const { files, skippedFiles } = found.summary.coverage;
      assert.deepEqual([files, skippedFiles], [2, 1]);
    });
  }

  test('logscan facts takes a bundle that holds nothing else', async () => {
    const { dir } = workspace({ 'x.zip': zipOf(MEMBERS.slice(0, 1)) });
    const { status, stdout, stderr } = await run(['facts', 'x.zip', '--no-config'], { cwd: dir });
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^ jira {2}9\.4\.1 {2}x\.zip!\/node1\/application-properties\/application\.xml:2$/m);
  });
});

describe('nodes of a cluster', { concurrency: 4 }, () => {
  const TWO = 'an external failure\n';
  const CASES: readonly (readonly [name: string, files: Files, nodes: string])[] = [
    [
      'folders side by side with the same logs are nodes, whatever else lies in them',
      {
        'x/node1/application-logs/atlassian-jira.log': jiraRecord(TWO),
        'x/node2/application-logs/atlassian-jira.log.1': jiraRecord(TWO, { time: '2026-11-20 09:15:00,000+0000' }),
        'x/node2/tomcat-logs/catalina.out': jiraRecord(TWO, { time: '2026-11-20 09:16:00,000+0000' }),
      },
      'node1 1, node2 2',
    ],
    [
      'a node has the name that it gives itself',
      {
        'x/a/application-logs/atlassian-jira.log': jiraRecord(TWO),
        'x/a/cluster.properties': 'jira.node.id = jira-0\n',
        'x/b/application-logs/atlassian-jira.log': jiraRecord(TWO, { time: '2026-11-20 09:15:00,000+0000' }),
      },
      'b 1, jira-0 1',
    ],
    [
      'folders with different logs are parts of one node',
      {
        'x/jira/log/atlassian-jira.log': jiraRecord(TWO),
        'x/tomcat/logs/catalina.out': jiraRecord(TWO, { time: '2026-11-20 09:15:00,000+0000' }),
      },
      '',
    ],
    ['one node is not named', { 'x/node1/atlassian-jira.log': jiraRecord(TWO) }, ''],
  ];
  for (const [name, files, nodes] of CASES) {
    test(name, async () => {
      const { incidents } = await scan(files, 'x');
      assert.equal(incidents.length, 1);
      assert.equal(incidents[0]!.nodes.map((node) => `${node.name} ${node.count}`).join(', '), nodes);
    });
  }
});
