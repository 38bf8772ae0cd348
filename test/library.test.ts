import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import {
  type Coverage,
  type Diagnostics,
  type Evidence,
  type Incident,
  loadRules,
  type NodeFact,
  OptionError,
  type Problem,
  type Report,
  type ReportObject,
  type Rule,
  RuleError,
  type RulePack,
  type ScanOptions,
  SEVERITIES,
  type Severity,
  scan,
  toReport,
  type UnknownError,
  VERSION,
} from '../src/index.js';
import { jiraRecord, PROFILE_401, packFiles, profile401, ruleFile, workspace } from './helpers/cli.js';

const asOf = '2026-11-24';

async function collected(inputs: readonly string[], options: ScanOptions = {}): Promise<ReportObject[]> {
  const objects: ReportObject[] = [];
  for await (const object of scan(inputs, { asOf, ...options })) objects.push(object);
  return objects;
}

/** What a user of the types writes; that it compiles is the test. */
function told(object: ReportObject): string {
  switch (object.kind) {
    case 'run':
      return `${object.tool.version} ${object.inputs.map(({ path, bytes }) => `${path} ${bytes ?? '?'}`).join()}`;
    case 'fact': {
      const { key, value, node }: NodeFact = object;
      return `${node ?? ''} ${key} ${value}`;
    }
    case 'incident':
    case 'notice': {
      const { rule, severity, evidence, solution }: Incident = object;
      const first: Evidence | undefined = evidence[0];
      const shown: Severity = severity;
      return `${shown} ${rule.id} ${first?.origin}:${first?.line} ${solution?.steps.length ?? 0}`;
    }
    case 'unknown': {
      const { template, count }: UnknownError = object;
      return `${count} ${template}`;
    }
    case 'hole':
      return `${object.origin} ${object.from ?? ''} ${object.to ?? ''} ${object.reason}`;
    case 'problem': {
      const { code, origin, message, remedy }: Problem = object;
      return [code, origin ?? '', message, remedy].join(' ');
    }
    case 'summary': {
      const { errorRecords }: Coverage = object.coverage;
      return `${errorRecords ?? 0} ${object.bySeverity.critical}`;
    }
  }
}

describe('scan', () => {
  test('gives out objects one by one: the run first, the summary last', async () => {
    const place = workspace({ 'jira.log': profile401(), 'x.log': jiraRecord('boom') });
    const objects = await collected([place.at('jira.log'), place.at('x.log'), place.at('gone.log')]);
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ['run', 'incident', 'unknown', 'problem', 'summary'],
    );
    assert.ok(objects.every((object) => told(object) !== ''));
  });

  test('is an async iterable that may be left at any time', async () => {
    const place = workspace({ 'jira.log': profile401() });
    for await (const object of scan([place.at('jira.log')], { asOf })) {
      assert.equal(object.kind, 'run');
      break;
    }
  });

  test('becomes a report as a whole', async () => {
    const place = workspace({ 'jira.log': profile401() });
    const report: Report = await toReport(scan([place.at('jira.log')], { asOf }));
    assert.equal(report.incidents[0]!.rule.id, PROFILE_401);
    assert.equal(report.run.tool.version, VERSION);
    assert.equal(report.summary.incidents, 1);
  });

  test('takes the packs that it is given, and only these', async () => {
    const place = workspace({
      ...packFiles('acme', { login: ruleFile('login loop') }),
      'x.log': jiraRecord('login loop') + profile401(),
    });
    const packs: readonly RulePack[] = (await loadRules([place.at('acme')])).filter(({ name }) => name === 'acme');
    const { incidents, run } = await toReport(scan([place.at('x.log')], { asOf, packs }));
    assert.deepEqual(
      incidents.map(({ rule }) => rule.id),
      ['acme/login'],
    );
    assert.deepEqual(run.packs, [{ name: 'acme', version: '1', rules: 1 }]);
  });

  test('tells its listener what it opens, how far it is and what is wrong', async () => {
    const place = workspace({ 'jira.log': profile401() });
    const heard: string[] = [];
    let bytes = 0;
    const diagnostics: Diagnostics = {
      opened: (origin, family) => heard.push(`opened ${origin === place.at('jira.log')} ${family}`),
      problem: ({ code }) => heard.push(code),
      progress: (read) => {
        bytes += read;
      },
    };
    await collected([place.at('gone.log'), place.at('jira.log')], { diagnostics });
    assert.deepEqual(heard, ['input-missing', 'opened true jira']);
    assert.equal(bytes, Buffer.byteLength(profile401()));
  });

  const REFUSED: { name: string; options: ScanOptions; message: RegExp }[] = [
    { name: 'a zone that is none', options: { timezone: 'Mars' }, message: /--timezone.*"Mars"/ },
    { name: 'a day that is none', options: { asOf: '24.11.2026' }, message: /--as-of.*"24\.11\.2026"/ },
    { name: 'a time that is none', options: { since: 'yesterday' }, message: /--since.*"yesterday"/ },
    { name: 'no evidence', options: { evidence: 0 }, message: /--evidence.*"0"/ },
    { name: 'evidence that is no number', options: { evidence: Number.NaN }, message: /--evidence.*"NaN"/ },
    { name: 'half a line of context', options: { context: 0.5 }, message: /--context.*"0\.5"/ },
    { name: 'less than no unknown errors', options: { unknown: -1 }, message: /--unknown.*"-1"/ },
    {
      name: 'a severity that is none',
      options: { minSeverity: 'hihg' as Severity },
      message: /--min-severity.*"hihg"/,
    },
    {
      name: 'a rule that is none',
      options: { only: ['gij/azure-devops-profile-410'] },
      message: /--only.*did you mean gij\/azure-devops-profile-401/,
    },
    { name: 'a rule to leave out that is none', options: { disable: ['nothing'] }, message: /--disable.*nothing/ },
  ];
  for (const { name, options, message } of REFUSED) {
    test(`refuses ${name} before anything is read`, async () => {
      const opened: string[] = [];
      const diagnostics = { opened: (origin: string) => void opened.push(origin) };
      const place = workspace({ 'jira.log': profile401() });
      await assert.rejects(collected([place.at('jira.log')], { ...options, diagnostics }), (error: unknown) => {
        assert.ok(error instanceof OptionError, String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(opened, []);
    });
  }

  test('prints nothing, listens to nothing of the process and sets no exit status', async (t) => {
    const place = workspace({ 'jira.log': profile401(), 'x.log.gz': Buffer.from([0x1f, 0x8b, 8, 0]) });
    const events = ['SIGINT', 'SIGTERM', 'exit', 'uncaughtException', 'unhandledRejection', 'warning'];
    const listeners = () => events.map((event) => process.listenerCount(event));
    const before = {
      listeners: listeners(),
      stdout: process.stdout.listenerCount('error'),
      exitCode: process.exitCode,
    };
    const out = t.mock.method(process.stdout, 'write', () => true);
    const err = t.mock.method(process.stderr, 'write', () => true);
    await collected([place.at('jira.log'), place.at('gone.log'), place.at('x.log.gz')], { since: '2h', context: 1 });
    const written = [...out.mock.calls, ...err.mock.calls].map(({ arguments: [text] }) => String(text));
    t.mock.restoreAll();
    assert.deepEqual(
      written.filter((text) => /logscan|jira|gone|x\.log/.test(text)),
      [],
    );
    const after = { listeners: listeners(), stdout: process.stdout.listenerCount('error'), exitCode: process.exitCode };
    assert.deepEqual(after, before);
  });

  test('two at once do not disturb each other', async () => {
    const place = workspace({ 'a.log': profile401(), 'b.log': jiraRecord('boom') });
    const [a, b] = await Promise.all([collected([place.at('a.log')]), collected([place.at('b.log')])]);
    assert.deepEqual(
      a.map(({ kind }) => kind),
      ['run', 'incident', 'summary'],
    );
    assert.deepEqual(
      b.map(({ kind }) => kind),
      ['run', 'unknown', 'summary'],
    );
  });
});

describe('loadRules', () => {
  test('gives the shipped packs', async () => {
    const packs = await loadRules();
    const rule: Rule | undefined = packs.flatMap(({ rules }) => rules).find(({ id }) => id === PROFILE_401);
    assert.equal(rule?.pack, 'gij');
    assert.ok(packs.every(({ name, version, rules }) => name !== '' && version !== '' && rules.length > 0));
  });

  test('names every problem of every rule at once', async () => {
    const broken = ruleFile('login loop')
      .replace('severity: high', 'severity: hihg')
      .replace('confidence: high', 'confidence: sure');
    const place = workspace(packFiles('acme', { login: broken, other: 'title: 1\n' }));
    await assert.rejects(loadRules([place.at('acme')]), (error: unknown) => {
      assert.ok(error instanceof RuleError);
      assert.ok(error.problems.length > 2);
      assert.deepEqual(
        new Set(error.problems.map(({ file }) => file.split('/').at(-1))),
        new Set(['login.yaml', 'other.yaml']),
      );
      return true;
    });
  });
});

test('SEVERITIES go from the worst to the least', () => {
  assert.deepEqual(SEVERITIES, ['critical', 'high', 'medium', 'low', 'info']);
});

test('the package offers the library with its types', () => {
  const { exports, types, type } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(type, 'module');
  assert.equal(exports['.'].types, types);
  for (const file of [exports['.'].default, types]) readFileSync(new URL(`../../${file}`, import.meta.url));
});
