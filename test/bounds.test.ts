/** Bad input never costs more than bounded memory. What a run needs is told by the kernel when it ends. */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { describe, test } from 'node:test';
import { jiraRecord, PROFILE_401, profile401, scanned, type Workspace, workspace } from './helpers/cli.js';
import { measured } from './helpers/measured.js';

const MIB = 1024 * 1024;
const ROOT_CAUSE =
  'Caused by: com.bigbrassband.common.indexer.sources.clients.RequestException: Microsoft https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=7.0 Unauthorized (401)\n';

/** A file of one piece of text, repeated. */
function fill(
  place: Workspace,
  name: string,
  parts: readonly (readonly [text: string | Buffer, times: number])[],
): void {
  const file = openSync(place.at(name), 'w');
  for (const [text, times] of parts) for (let time = 0; time < times; time++) writeSync(file, text as string);
  closeSync(file);
}

describe('bounds', () => {
  for (const filter of [[], ['--no-filter']]) {
    const how = filter.length === 0 ? '' : ', with every line decoded';

    test(`one line of 100 MB is cut, and what comes behind it is found${how}`, async () => {
      const place = workspace({});
      fill(place, 'x.log', [
        [jiraRecord('first'), 1],
        [Buffer.alloc(MIB, 'x'), 100],
        [`\n${profile401()}`, 1],
      ]);
      const { status, summary, incidents } = await measured(place, ['x.log', ...filter]);
      assert.equal(status, 0);
      assert.deepEqual([summary.coverage.cutLines, summary.coverage.lines], [1, 7]);
      assert.deepEqual(
        incidents.map(({ rule, evidence }) => [rule.id, evidence[0]!.line]),
        [[PROFILE_401, 3]],
      );
    });

    test(`a record of 64 MB whose root cause stands at its end is matched${how}`, async () => {
      const place = workspace({});
      const frame = `\tat com.example.deeply.nested.Something.call(Something.java:42) ${'~'.repeat(900)}\n`;
      fill(place, 'x.log', [
        [profile401().split('\n').slice(0, 2).join('\n'), 1],
        ['\n', 1],
        [frame.repeat(64), 1024],
        [ROOT_CAUSE, 1],
      ]);
      const { status, summary, incidents } = await measured(place, ['x.log', ...filter]);
      assert.equal(status, 0);
      assert.deepEqual([summary.coverage.cutRecords, summary.coverage.records, summary.coverage.lines], [1, 1, 65_539]);
      assert.deepEqual(
        incidents.map(({ rule }) => rule.id),
        [PROFILE_401],
      );
      const [evidence] = incidents[0]!.evidence;
      assert.deepEqual([evidence!.line, evidence!.endLine, evidence!.cut], [1, 65_539, true]);
      assert.ok(Buffer.byteLength(evidence!.text) <= 5 * 1024, 'the text is bounded');
    });
  }

  test('a small file of NULs that is named is a message', async () => {
    const place = workspace({ 'x.log': Buffer.alloc(4096) });
    const { status, stderr } = await measured(place, ['x.log']);
    assert.equal(status, 3);
    assert.match(stderr, /x\.log: is a file of NULs, not a log/);
  });

  test('a large one might be the hole of a truncated log, and is read as that', async () => {
    const place = workspace({ 'x.log': Buffer.alloc(40 * MIB) });
    const { status, summary } = await measured(place, ['x.log']);
    const { bytes, cutLines, records } = summary.coverage;
    assert.deepEqual([status, bytes, cutLines, records], [0, 40 * MIB, 0, 0]);
  });

  for (const [size, hole] of [
    ['of some KB', 4096],
    ['longer than any line', 3 * MIB],
  ] as const) {
    for (const name of ['atlassian-jira.log', 'x.log']) {
      for (const flag of [[], ['--no-filter']]) {
        test(`a log behind a hole of NULs ${size} is read as ${name} ${flag.join('')}`, async () => {
          const text = profile401() + jiraRecord('all is well', { level: 'INFO' });
          const place = workspace({ [name]: Buffer.concat([Buffer.alloc(hole), Buffer.from(text)]) });
          const { status, incidents, summary } = await measured(place, [name, ...flag]);
          const { cutLines, lines, records } = summary.coverage;
          assert.deepEqual([status, incidents.length, incidents[0]!.evidence[0]!.line], [0, 1, 1]);
          assert.deepEqual([cutLines, lines, records], [0, 6, 2]);
        });
      }
    }
  }

  test('100,000 blank lines are no records', async () => {
    const place = workspace({ 'x.log': '\n'.repeat(100_000) });
    const { status, summary } = await measured(place, ['x.log']);
    assert.deepEqual([status, summary.coverage.lines, summary.coverage.errorRecords], [0, 100_000, 0]);
  });

  test('blank lines between records change nothing', async () => {
    const place = workspace({
      'x.log': `${'\n'.repeat(50_000)}${profile401()}${'\n'.repeat(50_000)}${profile401('2026-11-20 10:00:00,000+0000')}`,
    });
    const { incidents } = await measured(place, ['x.log']);
    assert.deepEqual(
      incidents.map(({ count, evidence }) => [count, ...evidence.map(({ line }) => line)]),
      [[2, 50_001, 100_006]],
    );
  });

  test('50,000 kinds of unknown errors are bounded, and it is said', async () => {
    const words = Array.from({ length: 50_000 }, (_, number) =>
      [...number.toString(26)].map((digit) => 'abcdefghijklmnopqrstuvwxyz'[Number.parseInt(digit, 26)]).join(''),
    );
    const place = workspace({ 'x.log': words.map((word) => jiraRecord(`cannot find ${word} anywhere`)).join('') });
    const { status, summary, problems, unknown } = await measured(place, ['x.log']);
    assert.equal(status, 0);
    assert.ok(summary.unknown! <= 10_001, String(summary.unknown));
    assert.equal(summary.coverage.errorRecords, 50_000);
    assert.equal(unknown.length, 10);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['bound-exceeded'],
    );
  });

  test('a pipe is as bounded as a file', async () => {
    const stdin = Buffer.concat([Buffer.alloc(40 * MIB, 'x'), Buffer.from(`\n${profile401()}`)]);
    const { status, summary, incidents } = await measured(workspace({}), ['-'], stdin);
    assert.deepEqual([status, summary.coverage.cutLines, incidents.length], [0, 1, 1]);
  });
});

describe('hostile text', { concurrency: 4 }, () => {
  // Every control character, an OSC title, a colour, a cursor movement, direction overrides, line separators.
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter(
    (one) => one !== '\n' && one !== '\0',
  );
  const hostile = `\x1b]0;owned\x07\x1b[31m\x1b[2J\x1b[1;1H\u202eevil\u2066\u2028\u2029\x9b31m\x7f${controls.join('')}`;
  const log = profile401().replace('REST API has', `REST ${hostile} API has`) + jiraRecord(`boom ${hostile}`);
  // biome-ignore lint/complexity/useRegexLiterals: a literal would hold what it looks for
  const UNSAFE = new RegExp('[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]');

  for (const format of ['text', 'ndjson']) {
    test(`is escaped in ${format}, also in the file's name`, async () => {
      const { run } = await import('./helpers/cli.js');
      const name = 'x\x1b[31m\u202e.log';
      const place = workspace({ [name]: log });
      const args = [
        name,
        'gone\x1b[2J.log',
        '--format',
        format,
        '--context',
        '1',
        '--details',
        'all',
        '--as-of',
        '2026-11-24',
      ];
      const { status, stdout, stderr } = await run(args, { cwd: place.dir });
      assert.equal(status, 3);
      assert.match(stdout, /azure-devops-profile-401/);
      assert.doesNotMatch(stdout, UNSAFE);
      assert.doesNotMatch(stderr, UNSAFE);
    });
  }

  test('a rule is found through terminal sequences', async () => {
    const coloured = profile401().replace('Unauthorized (401)', '\x1b[31mUnauthorized\x1b[0m (\x1b[1m401\x1b[0m)');
    const { incidents } = await scanned(['x.log'], { cwd: workspace({ 'x.log': coloured }).dir });
    assert.deepEqual(
      incidents.map(({ rule }) => rule.id),
      [PROFILE_401],
    );
  });
});
