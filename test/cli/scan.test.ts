import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { scan } from '../../src/index.js';
import type { Severity } from '../../src/model/rule.js';
import { InputError } from '../../src/model/source.js';
import { fileSource } from '../../src/sources/file.js';
import {
  assertSaid,
  canBeNobody,
  type Files,
  hasTerminal,
  jiraRecord,
  PROFILE_401,
  packFiles,
  profile401,
  type RunOptions,
  ruleFile,
  run,
  type Scanned,
  scanned,
  scannedInside,
  start,
  type Workspace,
  workspace,
} from '../helpers/cli.js';

const DAY = ['--as-of', '2026-11-24'];
/** Terminal sequences of colour. */
// biome-ignore lint/complexity/useRegexLiterals: a literal would hold a control character
const COLOUR = new RegExp('\\x1b\\[\\d+m');
const ids = ({ incidents }: Scanned) => incidents.map(({ rule }) => rule.id);
const lineIs = (number: number, text = `line ${number}`) => jiraRecord(text, { level: 'INFO' });

/** One rule of each severity, by its own name: a record says `a critical thing`. */
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];
const OWN = packFiles(
  'acme',
  Object.fromEntries(
    SEVERITIES.map((severity) => [severity, ruleFile(`a ${severity} thing`, { severity, tags: `[of-${severity}]` })]),
  ),
);
const saying = (...severities: readonly Severity[]) => severities.map((one) => jiraRecord(`a ${one} thing`)).join('');

/** A temporary directory, and a way to scan in it. */
function inWorkspace(files: Files): Workspace & { scan(...args: string[]): Promise<Scanned> } {
  const place = workspace(files);
  return { ...place, scan: (...args) => scannedInside(args, place.dir) };
}

interface TextCase {
  readonly name: string;
  readonly args: readonly string[];
  readonly files?: Files;
  readonly status?: number;
  readonly stdout?: RegExp | string;
  readonly not?: RegExp;
  readonly stderr?: RegExp | string;
  readonly options?: RunOptions;
}

const LOG = { 'jira.log': profile401() };

const TEXT_CASES: TextCase[] = [
  {
    name: 'a log is scanned without naming the command',
    args: ['jira.log'],
    stdout: /HIGH {2}1× {2}going on {2}Azure/,
  },
  { name: 'the command may be named', args: ['scan', 'jira.log'], stdout: /HIGH {2}1× {2}going on {2}Azure/ },
  { name: '--format auto is text, in a pipe as well', args: ['jira.log', '--format', 'auto'], stdout: /^ HIGH/ },
  { name: '--format text is text', args: ['jira.log', '--format', 'text'], stdout: /^ HIGH/ },
  {
    name: '--format ndjson is one object a line',
    args: ['jira.log', '--format', 'ndjson'],
    stdout: /^\{"kind":"run",/,
  },
  {
    name: '--format markdown is Markdown',
    args: ['jira.log', '--format', 'markdown', ...DAY],
    stdout: /^# logscan report\n[\s\S]*\n## 1\. High: Azure DevOps refuses [\s\S]*\n```text\n2026-11-20 09:14:03,118/,
  },
  {
    name: 'a format that is not there is refused, with those that are',
    args: ['jira.log', '--format', 'yaml'],
    status: 2,
    stdout: '',
    stderr: /--format: expected one of auto, text, ndjson, markdown, found "yaml"/,
  },
  { name: '--color always colours a pipe', args: ['jira.log', '--color', 'always'], stdout: COLOUR },
  { name: 'a pipe has no colour by itself', args: ['jira.log'], not: COLOUR },
  {
    name: '--color always goes over NO_COLOR',
    args: ['jira.log', '--color', 'always'],
    options: { env: { NO_COLOR: '1' } },
    stdout: COLOUR,
  },
  {
    name: '--color never goes over FORCE_COLOR',
    args: ['jira.log', '--color', 'never'],
    options: { env: { FORCE_COLOR: '1' } },
    not: COLOUR,
  },
  { name: 'FORCE_COLOR colours a pipe', args: ['jira.log'], options: { env: { FORCE_COLOR: '1' } }, stdout: COLOUR },
  {
    name: 'NO_COLOR goes over FORCE_COLOR',
    args: ['jira.log'],
    options: { env: { FORCE_COLOR: '1', NO_COLOR: '1' } },
    not: COLOUR,
  },
  {
    name: 'an empty NO_COLOR says nothing',
    args: ['jira.log'],
    options: { env: { FORCE_COLOR: '1', NO_COLOR: '' } },
    stdout: COLOUR,
  },
  { name: '--details 0 tells nothing in full', args: ['jira.log', '--details', '0'], not: /confidence high/ },
  { name: '--details all is accepted', args: ['jira.log', '--details', 'all'], stdout: /confidence high/ },
  { name: 'without a warning stderr stays empty', args: ['jira.log'], stderr: '' },
  {
    name: '--unknown none does not speak of unknown errors',
    args: ['x.log', '--unknown', 'none'],
    files: { 'x.log': jiraRecord('boom') },
    not: /no rule knows/,
  },
  {
    name: '--unknown 0 counts them and shows none',
    args: ['x.log', '--unknown', '0'],
    files: { 'x.log': jiraRecord('boom') },
    stdout: /no rule knows: 1 kind, 1 record\n.*1 more: --unknown all/,
  },
  {
    name: 'a healthy log is an answer',
    args: ['x.log'],
    files: { 'x.log': lineIs(1) },
    stdout: /^ No known problem in x\.log \(/,
  },
  {
    name: 'from 1 December 2026 on the other remedy is shown',
    args: ['jira.log', '--as-of', '2026-12-01'],
    stdout: /Do {4}Tokens for all organizations no longer exist/,
  },
  {
    name: 'until 30 November 2026 the first remedy is shown, and what comes',
    args: ['jira.log', '--as-of', '2026-11-30'],
    stdout: /Do {4}Use a token for all accessible organizations[\s\S]*Valid until 30 November 2026/,
  },
  { name: 'without arguments a pipe is the input', args: [...DAY], options: { stdin: profile401() }, stdout: /^ HIGH/ },
  { name: '- is stdin', args: ['-'], options: { stdin: profile401() }, stdout: /standard input|-:1/ },
  { name: 'scan - is stdin', args: ['scan', '-'], options: { stdin: profile401() }, stdout: /^ HIGH/ },
  {
    name: 'a name behind -- may begin with a dash',
    args: ['--', '--help.log'],
    files: { '--help.log': profile401() },
    stdout: /^ HIGH[\s\S]*--help\.log:1\n/,
  },
  { name: '-o - is stdout', args: ['jira.log', '-o', '-'], stdout: /^ HIGH/, stderr: '' },
  {
    name: 'without arguments and without a pipe it says what it wants',
    args: [],
    status: 2,
    stdout: '',
    stderr: /nothing to read: name a log/,
  },
  {
    name: 'an option of one letter off is named',
    args: ['jira.log', '--formt', 'text'],
    status: 2,
    stdout: '',
    stderr: /there is no option --formt; did you mean --format\?/,
  },
  {
    name: 'so it is under a German locale',
    args: ['jira.log', '--formt', 'text'],
    options: { env: { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } },
    status: 2,
    stderr: /there is no option --formt; did you mean --format\?/,
  },
  {
    name: 'an option like no other is only refused',
    args: ['jira.log', '--frobnicate'],
    status: 2,
    stderr: /there is no option --frobnicate\n/,
  },
  {
    name: 'a command of one letter off is named',
    args: ['rulse', 'list'],
    status: 2,
    stdout: '',
    stderr: /no command rulse; did you mean logscan rules\?/,
  },
  {
    name: 'a file that is named like a command with a letter off is a file',
    args: ['rulse'],
    files: { rulse: lineIs(1) },
    stdout: /^ No known problem in rulse/,
  },
  { name: 'an option without its value is refused', args: ['jira.log', '--since'], status: 2, stderr: /since/ },
  {
    name: 'an option given twice is refused',
    args: ['jira.log', '--redact', 'off', '--redact', 'on'],
    status: 2,
    stdout: '',
    stderr: /--redact: expected once, found 2 times/,
  },
  {
    name: 'a format given twice is refused',
    args: ['jira.log', '--format', 'text', '--format', 'ndjson'],
    status: 2,
    stdout: '',
    stderr: /--format: expected once, found 2 times/,
  },
  {
    name: 'a number given twice is refused',
    args: ['jira.log', '--evidence', '1', '--evidence', '2'],
    status: 2,
    stdout: '',
    stderr: /--evidence: expected once, found 2 times/,
  },
  {
    name: '--evidence wants a number of at least 1',
    args: ['jira.log', '--evidence', '0'],
    status: 2,
    stdout: '',
    stderr: /--evidence: expected a number of at least 1, found "0"/,
  },
  {
    name: '--evidence says what it found',
    args: ['jira.log', '--evidence', 'many'],
    status: 2,
    stderr: /--evidence: expected .* found "many"/,
  },
  {
    name: '--jobs wants a number of at least 1',
    args: ['jira.log', '--jobs', '0'],
    status: 2,
    stderr: /--jobs: expected a number of threads, found "0"/,
  },
  {
    name: '--context wants a number',
    args: ['jira.log', '--context', '-1'],
    status: 2,
    stderr: /--context: expected a number of lines, found "-1"/,
  },
  {
    name: '--details wants a number or all',
    args: ['jira.log', '--details', 'some'],
    status: 2,
    stderr: /--details: expected a number or all, found "some"/,
  },
  {
    name: '--unknown wants a number, all or none',
    args: ['jira.log', '--unknown', 'few'],
    status: 2,
    stderr: /--unknown: expected a number, all or none, found "few"/,
  },
  {
    name: '--as-of wants a day',
    args: ['jira.log', '--as-of', '1.12.2026'],
    status: 2,
    stdout: '',
    stderr: /--as-of: expected a day like 2026-12-01, found "1\.12\.2026"/,
  },
  {
    name: '--as-of wants a day that exists',
    args: ['jira.log', '--as-of', '2026-13-01'],
    status: 2,
    stderr: /--as-of: expected a day/,
  },
  {
    name: '--since wants a time',
    args: ['jira.log', '--since', 'yesterday'],
    status: 2,
    stdout: '',
    stderr: /--since: expected a time like 2026-11-20 .* found "yesterday"/,
  },
  {
    name: '--until wants a time',
    args: ['jira.log', '--until', '10 o’clock'],
    status: 2,
    stderr: /--until: expected a time/,
  },
  {
    name: '--timezone wants a zone',
    args: ['jira.log', '--timezone', 'Mars/Olympus'],
    status: 2,
    stdout: '',
    stderr: /--timezone: expected a time zone like Europe\/Berlin or UTC, found "Mars\/Olympus"/,
  },
  {
    name: '--min-severity knows its words',
    args: ['jira.log', '--min-severity', 'hihg'],
    status: 2,
    stderr: /--min-severity: expected one of critical, high, medium, low, found "hihg"/,
  },
  {
    name: '--fail-on knows its words',
    args: ['jira.log', '--fail-on', 'info'],
    status: 2,
    stderr: /--fail-on: expected one of .*unknown, none, found "info"/,
  },
  {
    name: '--redact knows its words',
    args: ['jira.log', '--redact', 'strikt'],
    status: 2,
    stdout: '',
    stderr: /--redact: expected one of on, strict, off, found "strikt"; did you mean strict\?/,
  },
  {
    name: '--only names the rule that was meant',
    args: ['jira.log', '--only', 'gij/azure-devops-profile-40'],
    status: 2,
    stdout: '',
    stderr: /--only: there is no rule or tag .*; did you mean gij\/azure-devops-profile-401\?/,
  },
  {
    name: '--disable names the rule that was meant',
    args: ['jira.log', '--disable', 'gij/azure-devops-profil-401'],
    status: 2,
    stdout: '',
    stderr: /--disable: there is no rule .*; did you mean gij\/azure-devops-profile-401\?/,
  },
  {
    name: 'an output whose name says no format is refused',
    args: ['jira.log', '-o', 'report.pdf'],
    status: 2,
    stdout: '',
    stderr:
      /--output report\.pdf: its name does not say a format; .* text, ndjson, markdown, or name it \.ndjson or \.md\n/,
  },
  {
    name: 'a missing file is a message with the name that was meant',
    args: ['jira.lgo'],
    status: 3,
    stderr: 'logscan: jira.lgo: no such file\n  Did you mean jira.log?\n',
  },
  {
    name: 'a missing file in a directory has its suggestion there',
    args: ['logs/jria.log'],
    files: { 'logs/jira.log': '' },
    status: 3,
    stderr: /Did you mean logs\/jira\.log\?/,
  },
  {
    name: 'a missing file like no other has none',
    args: ['gone.txt'],
    status: 3,
    stderr: /gone\.txt: no such file\n {2}check the name\n/,
  },
  {
    name: 'a pattern that matches nothing is a message',
    args: ['*.txt'],
    status: 3,
    stderr: /\*\.txt: no file matches/,
  },
  { name: 'an empty name is a missing file', args: [''], status: 3, stderr: /no such file/ },
  {
    name: 'a directory without logs is a message',
    args: ['empty'],
    files: { 'empty/': '' },
    status: 3,
    stderr: /empty: holds no logs/,
  },
  { name: 'an empty file is no trouble', args: ['x.log'], files: { 'x.log': '' }, status: 0, stderr: '' },
  {
    name: 'an archive of a kind that is not read is a message, if it is named',
    args: ['a.7z'],
    files: { 'a.7z': Buffer.from("7z\xbc\xaf'\x1c\0\x04", 'latin1') },
    status: 3,
    stderr: /a\.7z: is a 7z archive, not a log\n {2}.*an archive of logs: zip, tar, gz, bz2, xz, zst/,
  },
  {
    name: 'a binary that is named is a message',
    args: ['core.log'],
    files: { 'core.log': Buffer.from('\x7fELF\x02\x01\x01\0\x01\x02\x03\x04\x05\x06\0\0\0', 'latin1') },
    status: 3,
    stderr: /core\.log: is a program, not a log/,
  },
  {
    name: 'a link to itself is a message',
    args: ['loop.log'],
    status: 3,
    stderr: /loop\.log: is a loop of symbolic links/,
    files: {},
  },
  {
    name: 'what a file name holds is shown escaped',
    args: ['\x1b[31m\u202egol.lgo'],
    status: 3,
    stderr: /^logscan: \\x1b\[31m\\u202egol\.lgo: no such file/,
  },
];

describe('one line each', { concurrency: 4 }, () => {
  for (const { name, args, files = {}, options, status = 0, stdout, not, stderr } of TEXT_CASES) {
    test(name, async () => {
      const { dir, at } = workspace({ ...LOG, ...files });
      if (args[0] === 'loop.log') symlinkSync('loop.log', at('loop.log'));
      const day = args.includes('--as-of') || args.length === 0 || args[0] === '--' ? [] : DAY;
      const result = await run([...day, ...args], { cwd: dir, ...options });
      assert.equal(result.status, status, result.stderr + result.stdout);
      assertSaid(result, { stdout, stderr });
      if (not) assert.doesNotMatch(result.stdout, not);
    });
  }
});

describe('what is shown', { concurrency: 4 }, () => {
  test('the first object is the run, the last one the summary', async () => {
    const { all, run: head, summary } = await inWorkspace(LOG).scan('jira.log');
    assert.deepEqual([all[0]?.kind, all.at(-1)?.kind], ['run', 'summary']);
    assert.equal(head.schema, 'logscan.incident/1');
    assert.equal(head.asOf, '2026-11-24');
    assert.deepEqual(head.inputs, [{ path: 'jira.log', bytes: Buffer.byteLength(profile401()) }]);
    assert.equal(summary.coverage.bytes, Buffer.byteLength(profile401()));
    assert.equal(summary.coverage.lines, 5);
    assert.equal(summary.coverage.files, 1);
  });

  test('--min-severity hides incidents, and the summary counts them all the same', async () => {
    const place = inWorkspace({ ...OWN, 'x.log': saying('critical', 'high', 'medium', 'low', 'info') });
    const shown = async (...args: string[]) => ids(await place.scan('x.log', '--rules', 'acme', ...args));
    assert.deepEqual(await shown(), ['acme/critical', 'acme/high', 'acme/medium', 'acme/low']);
    assert.deepEqual(await shown('--min-severity', 'medium'), ['acme/critical', 'acme/high', 'acme/medium']);
    assert.deepEqual(await shown('--min-severity', 'critical'), ['acme/critical']);
    const { summary, notices } = await place.scan('x.log', '--rules', 'acme', '--min-severity', 'critical');
    assert.deepEqual(summary.bySeverity, { critical: 1, high: 1, medium: 1, low: 1 });
    assert.equal(summary.incidents, 4);
    assert.deepEqual([summary.notices, notices.length], [1, 1]);
  });

  test('--evidence bounds the places of an incident: the first one and the last ones', async () => {
    const records = Array.from({ length: 6 }, (_, index) =>
      jiraRecord('a low thing', { time: `2026-11-20 09:1${index}:00,000+0000` }),
    );
    const place = inWorkspace({ ...OWN, 'x.log': records.join('') });
    const lines = async (...args: string[]) =>
      (await place.scan('x.log', '--rules', 'acme', ...args)).incidents[0]!.evidence.map(({ line }) => line);
    assert.deepEqual(await lines(), [1, 5, 6]);
    assert.deepEqual(await lines('--evidence', '1'), [1]);
    assert.deepEqual(await lines('--evidence', '100'), [1, 2, 3, 4, 5, 6]);
  });

  test('--details tells the first 5 incidents in full unless it says how many', async () => {
    const names = ['one', 'two', 'three', 'four', 'five', 'six'];
    const rules = Object.fromEntries(names.map((name) => [name, ruleFile(`number ${name} here`)]));
    const place = workspace({
      ...packFiles('acme', rules),
      'x.log': names.map((name) => jiraRecord(`number ${name} here`)).join(''),
    });
    const told = async (...args: string[]) => {
      const { stdout } = await run(['x.log', '--rules', 'acme', ...DAY, ...args], { cwd: place.dir });
      return [...stdout.matchAll(/confidence high/g)].length;
    };
    assert.equal(await told(), 5);
    assert.equal(await told('--details', '2'), 2);
    assert.equal(await told('--details', 'all'), 6);
  });

  test('--unknown limits what is written; the summary counts all kinds', async () => {
    const words = [
      'apple',
      'banana',
      'cherry',
      'damson',
      'elder',
      'fig',
      'grape',
      'hazel',
      'iris',
      'juniper',
      'kiwi',
      'lemon',
    ];
    const place = inWorkspace({ 'x.log': words.map((word) => jiraRecord(`cannot find the ${word}`)).join('') });
    const counts = async (...args: string[]) => {
      const { unknown, summary } = await place.scan('x.log', ...args);
      return [unknown.length, summary.unknown];
    };
    assert.deepEqual(await counts(), [10, 12]);
    assert.deepEqual(await counts('--unknown', '3'), [3, 12]);
    assert.deepEqual(await counts('--unknown', 'all'), [12, 12]);
    assert.deepEqual(await counts('--unknown', '0'), [0, 12]);
    const { summary, unknown } = await place.scan('x.log', '--unknown', 'none');
    assert.deepEqual([unknown.length, summary.unknown], [0, null]);
    const { records, errorRecords, explained, unexplained, lines } = summary.coverage;
    assert.deepEqual(
      { records, errorRecords, explained, unexplained },
      { records: null, errorRecords: null, explained: null, unexplained: null },
    );
    assert.equal(lines, 12, 'lines are always exact');
    const counted = (await place.scan('x.log')).summary.coverage;
    assert.deepEqual([counted.records, counted.errorRecords, counted.explained, counted.unexplained], [12, 12, 0, 12]);
  });

  test('--only takes rules and tags, --disable leaves out', async () => {
    const place = inWorkspace({ ...OWN, 'x.log': saying('critical', 'high', 'low') });
    const found = async (...args: string[]) => ids(await place.scan('x.log', '--rules', 'acme', ...args));
    assert.deepEqual(await found('--only', 'acme/high'), ['acme/high']);
    assert.deepEqual(await found('--only', 'of-low', '--only', 'acme/critical'), ['acme/critical', 'acme/low']);
    assert.deepEqual(await found('--disable', 'acme/high', '--disable', 'acme/low'), ['acme/critical']);
    assert.deepEqual(await found('--only', 'of-high', '--disable', 'acme/high'), []);
  });

  test('--as-of decides which remedy holds', async () => {
    const place = inWorkspace(LOG);
    const solution = async (day: string) => (await place.scan('jira.log', '--as-of', day)).incidents[0]!.solution!;
    const before = await solution('2026-11-30');
    assert.deepEqual([before.validFrom, before.validUntil], [null, '2026-12-01']);
    assert.match(before.summary, /Use a token for all accessible organizations/);
    assert.match(before.next!, /no longer exist/);
    const after = await solution('2026-12-01');
    assert.deepEqual([after.validFrom, after.validUntil, after.next], ['2026-12-01', null, null]);
    assert.match(after.summary, /no longer exist/);
  });

  test('--redact masks secrets, off leaves them in', async () => {
    const place = inWorkspace({ ...OWN, 'x.log': jiraRecord('a low thing happened: password=hunter2hunter2') });
    const text = async (...args: string[]) =>
      (await place.scan('x.log', '--rules', 'acme', ...args)).incidents[0]!.evidence[0]!.text;
    assert.match(await text(), /password=\[masked:/);
    assert.match(await text('--redact', 'on'), /password=\[masked:/);
    assert.match(await text('--redact', 'off'), /password=hunter2hunter2/);
  });

  test('a secret is masked wherever it stands: in an unknown error, in a logger, across the cut of an excerpt', async () => {
    const PAT = `${'aB3'.repeat(25)}x${'AZ'}${'DO'}4f7Q`;
    const long = (filler: number) => jiraRecord(`a low thing ${'.'.repeat(filler)} ${PAT}\n${'.'.repeat(5000)}`);
    const logs = {
      'title.log': jiraRecord('login with password=2024!Sommer failed'),
      'thrown.log': `${jiraRecord('it failed')}java.lang.IllegalStateException: token=${PAT}\n`,
      'logger.log': jiraRecord('it failed').replace('[c.e.Example]', `[password=${'hunter2'.repeat(2)}]`),
      'cut.log': Array.from({ length: 60 }, (_, at) => long(3200 + 10 * at)).join(''),
    };
    const place = inWorkspace({ ...OWN, ...logs });
    for (const name of Object.keys(logs)) {
      for (const format of ['text', 'ndjson']) {
        const args = [name, '--rules', 'acme', '--unknown', 'all', '--details', 'all', '--format', format];
        const { stdout } = await run(['scan', ...args], { cwd: place.dir });
        assert.doesNotMatch(stdout, /Sommer|hunter2|aB3aB3/, `${name}, ${format}`);
      }
      const off = ['scan', name, '--rules', 'acme', '--redact', 'off', '--format', 'ndjson'];
      assert.match((await run(off, { cwd: place.dir })).stdout, /Sommer|hunter2|aB3aB3/, `${name} has a secret`);
    }
  });

  test('the same bytes and options give the same output but for startedAt and seconds', async () => {
    const place = inWorkspace({ ...LOG, 'x.log': jiraRecord('boom') + jiraRecord('bang') });
    const steady = async () =>
      (await place.scan('jira.log', 'x.log')).stdout.replace(/"startedAt":"[^"]*"|"seconds":[\d.]+/g, '');
    assert.equal(await steady(), await steady());
  });
});

describe('time', { concurrency: 4 }, () => {
  const at = (time: string) => jiraRecord('a low thing', { time });
  const HOURS = ['08', '09', '10', '11', '12'].map((hour) => at(`2026-11-20 ${hour}:00:00,000`)).join('');
  const files = { ...OWN, 'x.log': HOURS };

  const SPANS: { name: string; args: string[]; lines: number[] }[] = [
    { name: 'without a span everything counts', args: [], lines: [1, 2, 3, 4, 5] },
    { name: '--since is inclusive', args: ['--since', '2026-11-20 10:00:00'], lines: [3, 4, 5] },
    { name: '--until is exclusive', args: ['--until', '2026-11-20T10:00:00'], lines: [1, 2] },
    {
      name: 'both cut a piece out',
      args: ['--since', '2026-11-20 09:00', '--until', '2026-11-20 11:00'],
      lines: [2, 3],
    },
    { name: 'a day begins at midnight', args: ['--since', '2026-11-20'], lines: [1, 2, 3, 4, 5] },
    { name: 'a time with a zone is that instant', args: ['--since', '2026-11-20 12:00:00+0100'], lines: [4, 5] },
    { name: '--since 1h is an hour before the newest', args: ['--since', '1h'], lines: [4, 5] },
    { name: '--since 90m counts minutes', args: ['--since', '90m'], lines: [4, 5] },
    { name: '--since 3d reaches over all', args: ['--since', '3d'], lines: [1, 2, 3, 4, 5] },
    { name: '--until 2h leaves out the last two hours', args: ['--until', '2h'], lines: [1, 2] },
    {
      name: 'times of the command line are in --timezone too',
      args: ['--timezone', 'Europe/Berlin', '--since', '2026-11-20 11:00'],
      lines: [4, 5],
    },
  ];
  for (const { name, args, lines } of SPANS) {
    test(name, async () => {
      const place = inWorkspace(files);
      const found = await place.scan('x.log', '--rules', 'acme', '--evidence', '9', ...args);
      assert.deepEqual(
        found.incidents[0]!.evidence.map(({ line }) => line),
        lines,
      );
      assert.equal(found.incidents[0]!.count, lines.length);
      assert.equal(found.summary.coverage.lines, 5, 'lines are always exact');
    });
  }

  for (const [name, stdin] of [
    ['a pipe', HOURS],
    ['a compressed pipe', gzipSync(HOURS)],
  ] as const) {
    test(`a relative time works on ${name}, and leaves nothing behind`, async () => {
      const place = workspace({ ...OWN, 'tmp/': '' });
      const options = { cwd: place.dir, stdin, env: { TMPDIR: place.at('tmp') } };
      const found = await scanned(['--rules', 'acme', '--since', '2h', '-'], options);
      assert.equal(found.incidents[0]!.count, 3);
      assert.equal(found.summary.coverage.unreadableFiles, 0);
      assert.equal(found.stderr, '');
      assert.deepEqual(readdirSync(place.at('tmp')), []);
    });
  }

  test('a pipe that cannot be kept for a relative time is a message', async () => {
    const result = await scanned(['--since', '2h'], { stdin: HOURS, env: { TMPDIR: '/nowhere' } });
    assert.equal(result.status, 3);
    assert.match(
      result.stderr,
      /standard input: cannot be kept in \/nowhere .*\n {2}give --since and --until as absolute/,
    );
  });

  test('the newest time is that of all inputs', async () => {
    const place = inWorkspace({ ...OWN, 'a.log': HOURS, 'b.log': at('2026-11-20 14:00:00,000') });
    const found = await place.scan('a.log', 'b.log', '--rules', 'acme', '--since', '3h');
    assert.equal(found.incidents[0]!.count, 3);
  });

  test('a record without time takes that of the record before it, and is kept where there is none', async () => {
    const gap = 'a low thing without any time\n';
    const place = inWorkspace({ ...OWN, 'x.log': `${gap}\n${at('2026-11-20 08:00:00,000')}` });
    const found = await place.scan('x.log', '--rules', 'acme', '--since', '2026-11-21');
    assert.deepEqual(
      found.incidents.map(({ count }) => count),
      [1],
    );
  });

  const ZONES: { name: string; time: string; zone: string; at: string; assumed: boolean }[] = [
    {
      name: 'a time without a zone is UTC unless --timezone says otherwise',
      time: '2026-07-01 12:00:00,000',
      zone: 'UTC',
      at: '2026-07-01T12:00:00.000Z',
      assumed: true,
    },
    {
      name: 'in summer Berlin is two hours ahead',
      time: '2026-07-01 12:00:00,000',
      zone: 'Europe/Berlin',
      at: '2026-07-01T10:00:00.000Z',
      assumed: true,
    },
    {
      name: 'in winter Berlin is one hour ahead',
      time: '2026-12-01 12:00:00,000',
      zone: 'Europe/Berlin',
      at: '2026-12-01T11:00:00.000Z',
      assumed: true,
    },
    {
      name: 'just before the clocks go forward it is winter',
      time: '2026-03-29 01:59:59,000',
      zone: 'Europe/Berlin',
      at: '2026-03-29T00:59:59.000Z',
      assumed: true,
    },
    {
      name: 'just after the clocks went forward it is summer',
      time: '2026-03-29 03:00:00,000',
      zone: 'Europe/Berlin',
      at: '2026-03-29T01:00:00.000Z',
      assumed: true,
    },
    {
      name: 'after the hour that comes twice it is winter',
      time: '2026-10-25 03:00:00,000',
      zone: 'Europe/Berlin',
      at: '2026-10-25T02:00:00.000Z',
      assumed: true,
    },
    {
      name: 'a time with a zone is not moved',
      time: '2026-07-01 12:00:00,000+0000',
      zone: 'Asia/Tokyo',
      at: '2026-07-01T12:00:00.000Z',
      assumed: false,
    },
  ];
  for (const { name, time, zone, at: instant, assumed } of ZONES) {
    test(name, async () => {
      const place = inWorkspace({ ...OWN, 'x.log': at(time) });
      const { incidents } = await place.scan('x.log', '--rules', 'acme', '--timezone', zone);
      const [{ zoneAssumed, evidence, firstAt }] = incidents as [(typeof incidents)[0]];
      assert.equal(Date.parse(evidence[0]!.at!), Date.parse(instant));
      assert.equal(Date.parse(firstAt!), Date.parse(instant));
      assert.deepEqual([evidence[0]!.atText, zoneAssumed], [time, assumed]);
    });
  }
});

describe('exit states', { concurrency: 4 }, () => {
  const STATES: { name: string; says: Severity[]; args: string[]; unknown?: boolean; status: number }[] = [
    { name: 'incidents alone are no failure', says: ['critical'], args: [], status: 0 },
    { name: '--fail-on none is the default', says: ['critical'], args: ['--fail-on', 'none'], status: 0 },
    { name: 'at --fail-on is 1', says: ['high'], args: ['--fail-on', 'high'], status: 1 },
    { name: 'above --fail-on is 1', says: ['critical'], args: ['--fail-on', 'low'], status: 1 },
    { name: 'below --fail-on is 0', says: ['medium', 'low'], args: ['--fail-on', 'high'], status: 0 },
    { name: 'a notice never fails', says: ['info'], args: ['--fail-on', 'low'], status: 0 },
    {
      name: 'what --min-severity hides fails all the same',
      says: ['low'],
      args: ['--fail-on', 'low', '--min-severity', 'critical'],
      status: 1,
    },
    {
      name: 'what --min-severity shows fails no earlier',
      says: ['low'],
      args: ['--fail-on', 'high', '--min-severity', 'low'],
      status: 0,
    },
    {
      name: '--fail-on unknown fails on an unknown error',
      says: [],
      unknown: true,
      args: ['--fail-on', 'unknown'],
      status: 1,
    },
    {
      name: 'even if none is shown',
      says: [],
      unknown: true,
      args: ['--fail-on', 'unknown', '--unknown', '0'],
      status: 1,
    },
    { name: '--fail-on unknown fails on any incident', says: ['low'], args: ['--fail-on', 'unknown'], status: 1 },
    {
      name: '--fail-on low does not fail on an unknown error',
      says: [],
      unknown: true,
      args: ['--fail-on', 'low'],
      status: 0,
    },
    { name: 'an input that cannot be read is 3', says: ['high'], args: ['gone.log'], status: 3 },
    { name: '1 goes over 3', says: ['high'], args: ['gone.log', '--fail-on', 'high'], status: 1 },
    { name: '3 stays where nothing fails', says: ['low'], args: ['gone.log', '--fail-on', 'high'], status: 3 },
    {
      name: '2 goes over 1 and 3',
      says: ['high'],
      args: ['gone.log', '--fail-on', 'high', '--since', 'never'],
      status: 2,
    },
    {
      name: 'a rule error goes over 1 and 3',
      says: ['high'],
      args: ['gone.log', '--fail-on', 'high', '--rules', 'nowhere'],
      status: 2,
    },
  ];
  for (const { name, says, args, unknown, status } of STATES) {
    test(name, async () => {
      const text = saying(...says) + (unknown ? jiraRecord('boom') : lineIs(1));
      const result = await inWorkspace({ ...OWN, 'x.log': text }).scan('x.log', '--rules', 'acme', ...args);
      assert.equal(result.status, status, result.stderr);
      if (status === 2) assert.equal(result.stdout, '', 'nothing was scanned');
    });
  }

  test('an internal error is 4 and goes over all', async () => {
    const place = workspace({
      ...OWN,
      'x.log': saying('high'),
      'broken.mjs': "process.stdout.write = () => { throw new TypeError('boom'); };\n",
    });
    const result = await run(['x.log', 'gone.log', '--rules', 'acme', '--fail-on', 'high', ...DAY], {
      cwd: place.dir,
      node: ['--import', place.at('broken.mjs')],
    });
    assert.equal(result.status, 4);
    assert.match(result.stderr, /internal error, please report it: TypeError: boom/);
  });
});

describe('inputs', { concurrency: 4 }, () => {
  test('several inputs are one run', async () => {
    const place = inWorkspace({
      'a.log': profile401(),
      'b.log': profile401('2026-11-20 10:00:00,000+0000'),
      'c.log': lineIs(1),
    });
    const { run: head, incidents, summary } = await place.scan('a.log', 'b.log', 'c.log');
    assert.deepEqual(
      head.inputs.map((input) => input.path),
      ['a.log', 'b.log', 'c.log'],
    );
    assert.deepEqual(
      incidents.map(({ rule, count }) => [rule.id, count]),
      [[PROFILE_401, 2]],
    );
    assert.deepEqual(
      incidents[0]!.evidence.map(({ origin, line }) => `${origin}:${line}`),
      ['a.log:1', 'b.log:1'],
    );
    assert.deepEqual([summary.coverage.files, summary.coverage.lines], [3, 11]);
  });

  test('stdin may be one of several, and is read once', async () => {
    const place = workspace({ 'a.log': profile401() });
    const stdin = profile401('2026-11-20 10:00:00,000+0000');
    const found = await scanned(['a.log', '-', '-'], { cwd: place.dir, stdin });
    assert.deepEqual(
      found.run.inputs.map((input) => input.path),
      ['a.log', '-'],
    );
    assert.equal(found.incidents[0]!.count, 2);
    assert.equal(found.run.inputs[1]!.bytes, null);
  });

  const SAME: { name: string; prepare(place: Workspace): void; args: string[] }[] = [
    { name: 'named twice', prepare: () => {}, args: ['logs/a.log', 'logs/a.log'] },
    { name: 'by another spelling', prepare: () => {}, args: ['logs/a.log', './logs/../logs/a.log'] },
    {
      name: 'by a hard link',
      prepare: ({ at }) => linkSync(at('logs/a.log'), at('b.log')),
      args: ['logs/a.log', 'b.log'],
    },
    {
      name: 'by a symbolic link',
      prepare: ({ at }) => symlinkSync('logs/a.log', at('b.log')),
      args: ['b.log', 'logs/a.log'],
    },
    { name: 'by overlapping patterns', prepare: () => {}, args: ['logs/*.log', 'logs/a*', '**/*.log'] },
    { name: 'by a directory twice', prepare: () => {}, args: ['logs', 'logs'] },
    { name: 'by a file and its directory', prepare: () => {}, args: ['logs/a.log', 'logs'] },
    { name: 'by a directory and one around it', prepare: () => {}, args: ['logs', '.'] },
    {
      name: 'by a link inside the directory',
      prepare: ({ at }) => symlinkSync('a.log', at('logs/z.log')),
      args: ['logs'],
    },
  ];
  for (const { name, prepare, args } of SAME) {
    test(`one file counts once: ${name}`, async () => {
      const place = inWorkspace({ 'logs/a.log': profile401() });
      prepare(place);
      const found = await place.scan(...args);
      assert.equal(found.status, 0, found.stderr);
      assert.deepEqual([found.run.inputs.length, found.incidents[0]!.count, found.stderr], [1, 1, '']);
    });
  }

  const GLOBS: { name: string; args: string[]; paths: string[] }[] = [
    { name: 'a star', args: ['*.log'], paths: ['a.log', 'b.log', 'link.log'] },
    {
      name: 'two stars go into directories',
      args: ['**/*.log'],
      paths: ['a.log', 'b.log', 'link.log', 'r/x.log', 'sub/c.log'],
    },
    { name: 'braces', args: ['{a,b}.log'], paths: ['a.log', 'b.log'] },
    { name: 'a question mark', args: ['?.log'], paths: ['a.log', 'b.log'] },
    { name: 'hidden files', args: ['.h*'], paths: ['.hidden.log'] },
    { name: 'a file whose name looks like a pattern is that file', args: ['[a].log'], paths: ['[a].log'] },
    {
      name: 'backups come before their log, the oldest first',
      args: ['r/*'],
      paths: ['r/x.log.10', 'r/x.log.2', 'r/x.log.1', 'r/x.log'],
    },
  ];
  for (const { name, args, paths } of GLOBS) {
    test(`globs: ${name}`, async () => {
      const names = [
        'a.log',
        'b.log',
        'sub/c.log',
        'r/x.log',
        'r/x.log.1',
        'r/x.log.2',
        'r/x.log.10',
        ...(args[0] === '.h*' ? ['.hidden.log'] : []),
      ];
      const files = Object.fromEntries(names.map((one, index) => [one, lineIs(index)]));
      if (args[0] === '[a].log') files['[a].log'] = lineIs(9);
      const place = inWorkspace({ ...files, 'target.txt': lineIs(8), 'dir.log/': '' });
      symlinkSync('target.txt', place.at('link.log'));
      const found = await place.scan(...args);
      assert.deepEqual([found.status, found.stderr], [0, '']);
      assert.deepEqual(
        found.run.inputs.map((input) => input.path),
        paths,
      );
    });
  }

  test('a FIFO that is named is read to its end', async () => {
    const place = workspace({});
    execFileSync('mkfifo', [place.at('pipe')]);
    const { result } = start(['pipe', '--format', 'ndjson', ...DAY], { cwd: place.dir });
    writeFileSync(place.at('pipe'), profile401());
    const { status, stdout, stderr } = await result;
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /"inputs":\[\{"path":"pipe","bytes":null\}\]/);
    assert.match(stdout, /"count":1/);
  });

  test('sockets, FIFOs and binaries in a directory are counted without a message', async () => {
    const place = inWorkspace({
      'logs/a.log': lineIs(1),
      'logs/core.log': Buffer.from('\x7fELF\x02\x01\x01\0\x01\x02\x03\x04\x05\x06', 'latin1'),
      'logs/image.png': 'not looked at',
    });
    execFileSync('mkfifo', [place.at('logs/pipe.log')]);
    const server = createServer().listen(place.at('logs/socket.log'));
    await once(server, 'listening');
    const found = await place.scan('logs').finally(() => server.close());
    assert.deepEqual([found.status, found.stderr], [0, '']);
    assert.deepEqual([found.summary.coverage.files, found.summary.coverage.skippedFiles], [1, 4]);
  });

  test('a socket that is named is a message', async () => {
    const place = inWorkspace({});
    const server = createServer().listen(place.at('x.sock'));
    await once(server, 'listening');
    const found = await place.scan('x.sock').finally(() => server.close());
    assert.equal(found.status, 3);
    assert.match(found.stderr, /x\.sock: is a socket, not a log/);
  });

  test('large binaries in a directory leave no file open', async () => {
    const binary = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(300_000, '\x01')]);
    const names = Array.from({ length: 200 }, (_, index) => [`logs/${index}.log`, binary]);
    const { dir } = workspace({ ...Object.fromEntries(names), 'logs/a.log': lineIs(1) });
    const result = await run(['logs', ...DAY], { cwd: dir, node: ['--max-semi-space-size=1'] });
    assert.deepEqual([result.status, result.stderr], [0, '']);
  });

  test('an empty file in a directory counts as skipped', async () => {
    const { summary } = await inWorkspace({ 'logs/a.log': lineIs(1), 'logs/empty.log': '' }).scan('logs');
    assert.deepEqual([summary.coverage.files, summary.coverage.skippedFiles], [1, 1]);
  });

  test('a directory on stdin is a message', async () => {
    const place = workspace({ 'logs/': '' });
    const directory = openSync(place.at('logs'), 'r');
    const command = `"$0" "$1" - ; echo "status $?"`;
    const { MAIN } = await import('../helpers/cli.js');
    const said = execFileSync('sh', ['-c', command, process.execPath, MAIN], { stdio: [directory, 'pipe', 'ignore'] });
    closeSync(directory);
    assert.match(said.toString(), /status 3/);
  });

  for (const [name, asOwner] of [
    ['a file that may not be read is a message, and the others are read', 0o000],
    ['a directory that may not be listed is a message, and the others are read', 0o000],
  ] as const) {
    test(name, { skip: canBeNobody ? false : 'needs to be root' }, async () => {
      const place = workspace({ 'a.log': profile401(), 'logs/b.log': profile401(), 'closed/c.log': '' });
      const isFile = name.startsWith('a file');
      chmodSync(place.at(isFile ? 'logs/b.log' : 'closed'), asOwner);
      const found = await scanned(isFile ? ['a.log', 'logs/b.log'] : ['a.log', 'closed'], {
        cwd: place.dir,
        nobody: true,
      });
      assert.equal(found.status, 3);
      assert.match(
        found.stderr,
        isFile ? /logs\/b\.log: permission denied\n {2}run logscan as a user who may/ : /closed: cannot be listed/,
      );
      assert.deepEqual([ids(found), found.summary.coverage.unreadableFiles], [[PROFILE_401], 1]);
      assert.equal(found.problems[0]!.code, 'input-unreadable');
    });
  }
});

describe('directories', { concurrency: 4 }, () => {
  const paths = (found: Scanned) => found.run.inputs.map((input) => input.path);

  test('a walk takes what is named like a log and enters no directory that holds none', async () => {
    const skipped = ['data', 'caches', 'plugins', 'index', 'indexesV1', '.git', 'node_modules'];
    const place = inWorkspace({
      'top/a.log': lineIs(1),
      'top/b.log.1': lineIs(2),
      'top/catalina.out': lineIs(3),
      'top/access_log.2026-11-20': lineIs(4),
      'top/jar.jar': 'x',
      'top/deep/er/c.log': lineIs(5),
      ...Object.fromEntries(skipped.map((name) => [`top/${name}/x.log`, lineIs(6)])),
    });
    const found = await place.scan('top');
    assert.deepEqual(paths(found), [
      'top/a.log',
      'top/access_log.2026-11-20',
      'top/b.log.1',
      'top/catalina.out',
      'top/deep/er/c.log',
    ]);
    assert.equal(found.summary.coverage.skippedFiles, 1);
  });

  const HOMES = ['dbconfig.xml', 'confluence.cfg.xml', 'bitbucket.properties', 'bamboo.cfg.xml', 'crowd.cfg.xml'];
  for (const file of HOMES) {
    test(`in a home with ${file} only log/ and logs/ are read`, async () => {
      const place = inWorkspace({
        [`home/${file}`]: '',
        'home/stray.log': lineIs(1),
        'home/log/a.log': lineIs(2),
        'home/log/old/b.log': lineIs(3),
        'home/logs/c.log': lineIs(4),
        'home/export/d.log': lineIs(5),
      });
      assert.deepEqual(paths(await place.scan('home')), ['home/log/a.log', 'home/log/old/b.log', 'home/logs/c.log']);
    });
  }

  test('links to directories are not followed, and a link in a circle ends nowhere', async () => {
    const place = inWorkspace({ 'top/a.log': lineIs(1), 'other/b.log': lineIs(2) });
    symlinkSync('../other', place.at('top/linked'));
    symlinkSync('../other', place.at('top/linked.log'));
    symlinkSync('..', place.at('top/parent'));
    symlinkSync('loop.log', place.at('top/loop.log'));
    symlinkSync('nowhere', place.at('top/dangling.log'));
    const found = await place.scan('top');
    assert.deepEqual([found.status, found.stderr, paths(found)], [0, '', ['top/a.log']]);
  });

  test('a link to a directory that is named is walked', async () => {
    const place = inWorkspace({ 'other/b.log': lineIs(2) });
    symlinkSync('other', place.at('current'));
    assert.deepEqual(paths(await place.scan('current')), ['current/b.log']);
  });

  test('a walk ends after 20,000 directories and says so', async () => {
    const place = inWorkspace({ 'top/a.log': lineIs(1) });
    for (let number = 0; number < 20_000; number++) mkdirSync(place.at(`top/${number}`));
    const found = await place.scan('top');
    assert.equal(found.status, 3);
    assert.deepEqual(paths(found), ['top/a.log']);
    assert.match(found.stderr, /top: has more than 20000 directories; the rest was not entered/);
  });

  test('a directory without logs beside one whose name it begins is told', async () => {
    const place = inWorkspace({ 'log/': '' });
    const found = await place.scan('logs/gone.log', 'log');
    assert.deepEqual(
      found.problems.map(({ origin }) => origin),
      ['logs/gone.log', 'log'],
    );
  });
});

describe('gzip', { concurrency: 4 }, () => {
  const ONE = profile401();
  const TWO = profile401('2026-11-20 10:00:00,000+0000');
  const long = Buffer.from(Array.from({ length: 4000 }, (_, number) => lineIs(number, `${number * 7919}`)).join(''));

  test('all members are read, whatever the name', async () => {
    const place = inWorkspace({
      'x.log.gz': Buffer.concat([gzipSync(ONE), gzipSync(TWO)]),
      'plainly.log': gzipSync(ONE),
    });
    const found = await place.scan('x.log.gz', 'plainly.log');
    assert.deepEqual([found.status, found.stderr], [0, '']);
    assert.deepEqual([found.incidents[0]!.evidence[1]?.line, found.summary.coverage.lines], [6, 15]);
    assert.equal(
      found.summary.coverage.bytes,
      Buffer.byteLength(ONE + TWO + ONE),
      'bytes are those after decompression',
    );
  });

  const DAMAGED: { name: string; bytes: Buffer; code: string; lines: (count: number) => boolean }[] = [
    {
      name: 'a truncated one counts as far as it goes',
      bytes: gzipSync(Buffer.concat([Buffer.from(ONE), long])).subarray(0, 20_000),
      code: 'input-truncated',
      lines: (count) => count > 100 && count < 4005,
    },
    {
      name: 'one with garbage behind it counts whole',
      bytes: Buffer.concat([gzipSync(ONE), Buffer.from('garbage behind the data')]),
      code: 'input-corrupt',
      lines: (count) => count === 5,
    },
    {
      name: 'garbage far behind is found as well',
      bytes: Buffer.concat([gzipSync(ONE), Buffer.alloc(100_000), Buffer.from('garbage')]),
      code: 'input-corrupt',
      lines: (count) => count === 5,
    },
    {
      name: 'one with a damaged middle counts up to there',
      bytes: damaged(gzipSync(Buffer.concat([Buffer.from(ONE), long]))),
      code: 'input-corrupt',
      lines: (count) => count > 100,
    },
  ];
  for (const { name, bytes, code, lines } of DAMAGED) {
    test(`${name}, with a message and 3`, async () => {
      const found = await inWorkspace({ 'x.log.gz': bytes }).scan('x.log.gz');
      assert.equal(found.status, 3);
      assert.deepEqual(
        found.problems.map((problem) => [problem.code, problem.origin]),
        [[code, 'x.log.gz']],
      );
      assert.match(found.stderr, /^logscan: x\.log\.gz: /);
      assert.ok(lines(found.summary.coverage.lines), String(found.summary.coverage.lines));
      assert.deepEqual(ids(found), [PROFILE_401]);
      assert.equal(found.summary.coverage.unreadableFiles, 1);
    });
  }

  test('zeros behind the data are padding', async () => {
    const found = await inWorkspace({ 'x.gz': Buffer.concat([gzipSync(ONE), Buffer.alloc(50_000)]) }).scan('x.gz');
    assert.deepEqual([found.status, found.stderr, found.summary.coverage.lines], [0, '', 5]);
  });

  /** Some bytes behind the first part are others. */
  function damaged(bytes: Buffer): Buffer {
    const copy = Buffer.from(bytes);
    for (let at = 20_000; at < 20_064; at++) copy[at] = 0xff - copy[at]!;
    return copy;
  }
});

describe('files that change', () => {
  const drain = async (source: ReturnType<typeof fileSource>, onFirst: () => void) => {
    let bytes = 0;
    for await (const piece of source.open()) {
      if (bytes === 0) onFirst();
      bytes += piece.length;
    }
    return bytes;
  };

  test('one that vanishes before it is opened says so', async () => {
    const place = workspace({ 'x.log': lineIs(1) });
    const source = fileSource(place.at('x.log'), 1, true);
    rmSync(place.at('x.log'));
    await assert.rejects(
      drain(source, () => {}),
      (error: unknown) => error instanceof InputError && error.code === 'input-vanished',
    );
  });

  test('one that shrinks while it is read says how far it came', async () => {
    const place = workspace({ 'x.log': Buffer.alloc(2_000_000, 'x\n') });
    const source = fileSource(place.at('x.log'), 2_000_000, true);
    await assert.rejects(
      drain(source, () => truncateSync(place.at('x.log'), 1000)),
      (error: unknown) =>
        error instanceof InputError &&
        error.code === 'input-truncated' &&
        /shorter .*\((?:262144|524288) of 2000000/.test(error.message),
    );
  });

  test('one that grows while it is read is read up to its first size', async () => {
    const place = workspace({ 'x.log': Buffer.alloc(600_000, 'x\n') });
    const source = fileSource(place.at('x.log'), 600_000, true);
    assert.equal(await drain(source, () => appendFileSync(place.at('x.log'), 'x\n'.repeat(150_000))), 600_000);
  });

  test('in a scan it is a problem, and the others are read', async () => {
    const place = workspace({ 'a.log': lineIs(1), 'b.log': profile401() });
    const problems: string[] = [];
    let unreadable = 0;
    const diagnostics = { found: () => rmSync(place.at('a.log')) };
    for await (const object of scan([place.at('a.log'), place.at('b.log')], { asOf: '2026-11-24', diagnostics })) {
      if (object.kind === 'problem') problems.push(object.code);
      if (object.kind === 'summary') unreadable = object.coverage.unreadableFiles;
    }
    assert.deepEqual([problems, unreadable], [['input-vanished'], 1]);
  });
});

describe('a rule that needs several records', () => {
  test('a record that only such a rule matches is an unknown error', async () => {
    const files = packFiles('acme', { storm: `${ruleFile('a storm')}when: { count: 3, within: 1m }\n` });
    const place = workspace({ ...files, 'x.log': jiraRecord('a storm', { level: 'ERROR' }).repeat(2) });
    const found = await scannedInside(['--rules', 'acme', '--no-config', 'x.log'], place.dir);
    const { explained, unexplained } = found.summary.coverage;
    assert.deepEqual([found.incidents, found.summary.unknown, explained, unexplained], [[], 1, 0, 2]);
  });
});

describe('the ends of a run', () => {
  for (const format of ['text', 'ndjson']) {
    test(`a pipe that is closed early ends it quietly: ${format}`, async () => {
      const many = Array.from({ length: 3000 }, (_, number) =>
        jiraRecord(`cannot find ${number.toString(36)}${'x'.repeat(number)} in any place`),
      );
      const place = workspace({ 'x.log': many.join('') });
      const { child, result } = start(['x.log', '--unknown', 'all', '--format', format, ...DAY], { cwd: place.dir });
      child.stdout!.once('data', () => child.stdout!.destroy());
      const { status, stderr } = await result;
      assert.deepEqual([status, stderr], [0, '']);
    });
  }

  test('a reader of stderr that goes away changes nothing', async () => {
    const { child, result } = start(['gone.log', '--format', 'ndjson', ...DAY]);
    child.stderr!.destroy();
    const { status, stdout } = await result;
    assert.equal(status, 3);
    assert.match(stdout, /"kind":"summary"/);
  });

  test('a full disk on stdout is a message', { skip: !existsSync('/dev/full') }, async () => {
    const place = workspace(LOG);
    const { MAIN } = await import('../helpers/cli.js');
    const command = '"$0" "$1" jira.log 2>&1 >/dev/full; echo "status $?"';
    const said = execFileSync('sh', ['-c', command, process.execPath, MAIN], { cwd: place.dir }).toString();
    assert.match(said, /^logscan: standard output cannot be written \(ENOSPC/);
    assert.match(said, /status 2/);
  });

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    for (const hasWriter of [true, false]) {
      test(`${signal} ends it with ${status} while it waits for a FIFO ${hasWriter ? 'to say more' : 'to be opened'}`, async () => {
        const place = workspace({});
        execFileSync('mkfifo', [place.at('pipe')]);
        const { child, result } = start(['pipe', '--log-level', 'info', ...DAY], { cwd: place.dir });
        let writer: number | null = null;
        if (hasWriter) {
          writer = openSync(place.at('pipe'), 'w'); // waits until logscan has opened it
          writeSync(writer, 'x'.repeat(100));
        }
        await new Promise((resolve) => setTimeout(resolve, hasWriter ? 50 : 500));
        child.kill(signal);
        const ended = await result;
        if (writer !== null) closeSync(writer);
        assert.equal(ended.status, status);
        assert.equal(ended.stderr, '');
      });
    }
  }

  test('SIGTERM leaves no half of an output', async () => {
    const place = workspace({});
    execFileSync('mkfifo', [place.at('pipe')]);
    const { child, result } = start(['pipe', '-o', 'out.ndjson', ...DAY], { cwd: place.dir });
    const writer = openSync(place.at('pipe'), 'w');
    writeSync(writer, profile401());
    child.kill('SIGTERM');
    assert.equal((await result).status, 143);
    closeSync(writer);
    assert.deepEqual(readdirSync(place.dir), ['pipe']);
  });
});

describe('outputs', { concurrency: 4 }, () => {
  const lines = (text: string) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).kind);

  test('-o writes the format that its name says, and stdout stays empty', async () => {
    const place = workspace(LOG);
    const result = await run(['jira.log', '-o', 'out.ndjson', ...DAY], { cwd: place.dir });
    assert.deepEqual([result.status, result.stdout, result.stderr], [0, '', 'logscan: wrote out.ndjson\n']);
    assert.deepEqual(lines(readFileSync(place.at('out.ndjson'), 'utf8')), ['run', 'incident', 'summary']);
    assert.deepEqual(readdirSync(place.dir).sort(), ['jira.log', 'out.ndjson']);
  });

  test('-o may be repeated; other names take --format, - is stdout', async () => {
    const place = workspace(LOG);
    const args = [
      'jira.log',
      '-o',
      'a.ndjson',
      '--output',
      'b.txt',
      '-o',
      'c.md',
      '-o',
      '-',
      '--format',
      'text',
      ...DAY,
    ];
    const result = await run(args, { cwd: place.dir });
    assert.match(result.stdout, /^ HIGH/);
    assert.equal(readFileSync(place.at('b.txt'), 'utf8').split('\n')[0], result.stdout.split('\n')[0]);
    assert.match(readFileSync(place.at('a.ndjson'), 'utf8'), /^\{"kind":"run"/);
    assert.match(readFileSync(place.at('c.md'), 'utf8'), /^# logscan report\n/);
  });

  test('--quiet does not say what was written, and still says what could not be read', async () => {
    const place = workspace(LOG);
    const result = await run(['jira.log', 'gone.txt', '--quiet', '-o', 'out.ndjson', ...DAY], { cwd: place.dir });
    assert.deepEqual([result.status, result.stderr], [3, 'logscan: gone.txt: no such file\n  check the name\n']);
  });

  const REFUSED: { name: string; output: string; stderr: RegExp }[] = [
    {
      name: 'into a directory that is not there',
      output: 'nowhere/out.ndjson',
      stderr: /--output nowhere\/out\.ndjson: cannot be written \(ENOENT/,
    },
    {
      name: 'over a directory',
      output: 'dir.ndjson',
      stderr: /--output dir\.ndjson: cannot be written \(is a directory/,
    },
  ];
  for (const { name, output, stderr } of REFUSED) {
    test(`an output ${name} is refused before anything is scanned`, async () => {
      const place = workspace({ ...LOG, 'dir.ndjson/': '' });
      const result = await run(['jira.log', 'gone.log', '-o', output, '-o', '-', ...DAY], { cwd: place.dir });
      assert.deepEqual([result.status, result.stdout], [2, '']);
      assert.match(result.stderr, stderr);
      assert.doesNotMatch(result.stderr, /gone\.log/);
      assert.deepEqual(readdirSync(place.dir).sort(), ['dir.ndjson', 'jira.log']);
    });
  }

  for (const input of ['jira.log', '.', 'link.log']) {
    test(`an output over a log that is read is refused: ${input}`, async () => {
      const place = workspace(LOG);
      symlinkSync('jira.log', place.at('link.log'));
      const result = await run([input, '-o', 'jira.log', '--format', 'text', ...DAY], { cwd: place.dir });
      assert.deepEqual([result.status, result.stdout], [2, '']);
      assert.match(result.stderr, /--output jira\.log: is one of the logs to read; name another file/);
      assert.equal(readFileSync(place.at('jira.log'), 'utf8'), profile401());
    });
  }

  test('an output into a directory that may not be written is refused', {
    skip: canBeNobody ? false : 'needs to be root',
  }, async () => {
    const place = workspace(LOG);
    const result = await run(['jira.log', '-o', 'out.ndjson', ...DAY], { cwd: place.dir, nobody: true });
    assert.equal(result.status, 2);
    assert.match(result.stderr, /--output out\.ndjson: cannot be written \(EACCES/);
    assert.deepEqual(readdirSync(place.dir), ['jira.log']);
  });

  test('an output that fails in the middle leaves what was there before', async () => {
    const place = workspace({ ...LOG, 'out.txt': 'before', 'broken.mjs': BROKEN_RENAME });
    const result = await run(['jira.log', '-o', 'out.txt', '--format', 'text', ...DAY], {
      cwd: place.dir,
      node: ['--import', place.at('broken.mjs')],
    });
    assert.equal(result.status, 2);
    assert.match(result.stderr, /--output out\.txt: cannot be written \(no space\)/);
    assert.equal(readFileSync(place.at('out.txt'), 'utf8'), 'before');
    assert.deepEqual(readdirSync(place.dir).sort(), ['broken.mjs', 'jira.log', 'out.txt']);
  });

  test('a FIFO or a device is written to, not replaced', async () => {
    const place = workspace(LOG);
    execFileSync('mkfifo', [place.at('pipe')]);
    const { result } = start(['jira.log', '-o', 'pipe', '--format', 'text', ...DAY], { cwd: place.dir });
    assert.match(readFileSync(place.at('pipe'), 'utf8'), /^ HIGH/);
    assert.equal((await result).status, 0);
  });

  test('a text file has no colours of the terminal', { skip: !hasTerminal }, async () => {
    const place = workspace(LOG);
    const result = await run(['jira.log', '-o', 'out.txt', '-o', '-', '--format', 'text', ...DAY], {
      cwd: place.dir,
      tty: true,
    });
    assert.match(result.stdout, COLOUR, 'the terminal is coloured');
    assert.doesNotMatch(readFileSync(place.at('out.txt'), 'utf8'), COLOUR);
  });

  for (const [name, args, env, coloured] of [
    ['a terminal is coloured', [], {}, true],
    ['NO_COLOR uncolours a terminal', [], { NO_COLOR: '1' }, false],
    ['FORCE_COLOR=0 uncolours a terminal', [], { FORCE_COLOR: '0' }, false],
    ['--color never uncolours a terminal', ['--color', 'never'], {}, false],
    ['a dumb terminal is not coloured', [], { TERM: 'dumb' }, false],
  ] as const) {
    test(name, { skip: !hasTerminal }, async () => {
      const place = workspace(LOG);
      const { stdout } = await run(['jira.log', ...args, ...DAY], { cwd: place.dir, tty: true, env });
      assert.equal(COLOUR.test(stdout), coloured);
    });
  }

  test('--log-level debug writes JSON lines on stderr only', async () => {
    const place = workspace(LOG);
    const plain = await run(['jira.log', '--format', 'ndjson', ...DAY], { cwd: place.dir });
    const result = await run(['jira.log', '--format', 'ndjson', '--log-level', 'debug', ...DAY], { cwd: place.dir });
    const told = result.stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.ok(told.length > 0 && told.every(({ name, level }) => name === 'logscan' && level >= 20));
    assert.ok(told.some(({ msg, origin }) => msg === 'opened' && origin === 'jira.log'));
    assert.equal(plain.stderr, '');
    assert.deepEqual(lines(result.stdout), lines(plain.stdout));
  });

  const BROKEN_RENAME = `import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
fs.rename = async () => { throw new Error('no space'); };
syncBuiltinESMExports();
`;
});

describe('--context', { concurrency: 4 }, () => {
  const files = (encode: (text: string) => Uint8Array) => {
    const log = `${lineIs(1)}${lineIs(2)}${lineIs(3)}${jiraRecord('a low thing')}\tat com.example.A.b(A.java:1)\n${lineIs(4)}${lineIs(5)}`;
    return { ...OWN, 'x.log': encode(log) };
  };
  const contextOf = (found: Scanned) => {
    const { before, after } = found.incidents[0]!.evidence[0]!.context!;
    return { before: before.map((line) => line.slice(-6)), after: after.map((line) => line.slice(-6)) };
  };
  const big = (text: string) => Buffer.from(text, 'utf16le').swap16();

  const ENCODINGS: { name: string; encode: (text: string) => Uint8Array }[] = [
    { name: 'a plain file', encode: (text) => Buffer.from(text) },
    { name: 'a file with a byte order mark', encode: (text) => Buffer.from(`\ufeff${text}`) },
    { name: 'a file with CR before LF', encode: (text) => Buffer.from(text.replaceAll('\n', '\r\n')) },
    { name: 'UTF-16, little end first', encode: (text) => Buffer.from(`\ufeff${text}`, 'utf16le') },
    { name: 'UTF-16, big end first', encode: (text) => big(`\ufeff${text}`) },
    { name: 'UTF-16 without a mark', encode: (text) => Buffer.from(text, 'utf16le') },
  ];
  for (const { name, encode } of ENCODINGS) {
    test(`shows the lines around a record of ${name}`, async () => {
      const place = inWorkspace(files(encode));
      assert.deepEqual(contextOf(await place.scan('x.log', '--rules', 'acme', '--context', '2')), {
        before: ['line 2', 'line 3'],
        after: ['line 4', 'line 5'],
      });
    });
  }

  test('ends where the file does', async () => {
    const found = await inWorkspace(files((text) => Buffer.from(text))).scan(
      'x.log',
      '--rules',
      'acme',
      '--context',
      '50',
    );
    assert.deepEqual(contextOf(found), { before: ['line 1', 'line 2', 'line 3'], after: ['line 4', 'line 5'] });
  });

  test('is absent without the option', async () => {
    const found = await inWorkspace(files((text) => Buffer.from(text))).scan('x.log', '--rules', 'acme');
    assert.ok(!('context' in found.incidents[0]!.evidence[0]!));
  });

  test('is masked', async () => {
    const log = `${lineIs(1, 'password=hunter2hunter2')}${jiraRecord('a low thing')}`;
    const found = await inWorkspace({ ...OWN, 'x.log': log }).scan('x.log', '--rules', 'acme', '--context', '1');
    assert.match(found.incidents[0]!.evidence[0]!.context!.before[0]!, /password=\[masked:/);
  });

  test('stands in the text as well', async () => {
    const place = workspace(files((text) => Buffer.from(text)));
    const { stdout } = await run(['x.log', '--rules', 'acme', '--context', '1', ...DAY], { cwd: place.dir });
    assert.match(stdout, /x\.log:4\n.* INFO .*\n[\s\S]* ERROR [\s\S]*a low thing\n[\s\S]* INFO /);
  });

  for (const name of ['x.log.gz', 'x.log']) {
    test(`of something compressed (${name}) is one message a file`, async () => {
      const times = [10, 20, 30].map((minute) =>
        jiraRecord('a low thing', { time: `2026-11-20 09:${minute}:00,000+0000` }),
      );
      const place = inWorkspace({ ...OWN, [name]: gzipSync(times.join('')) });
      const found = await place.scan(name, '--rules', 'acme', '--context', '2');
      assert.equal(found.status, 0, 'everything was read');
      assert.deepEqual(
        found.problems.map(({ code, origin }) => [code, origin]),
        [['context-unavailable', name]],
      );
      assert.equal([...found.stderr.matchAll(/is no plain file/g)].length, 1);
      assert.equal(found.incidents[0]!.evidence.length, 3);
    });
  }

  test('of stdin is a message', async () => {
    const place = workspace(OWN);
    const found = await scanned(['--rules', 'acme', '--context', '2', '-'], {
      cwd: place.dir,
      stdin: jiraRecord('a low thing'),
    });
    assert.match(found.stderr, /^logscan: standard input: is no plain file/);
  });

  test('of a file that is gone by then is a message', async () => {
    const place = workspace({ 'a.log': profile401(), 'b.log': profile401('2026-11-20 10:00:00,000+0000') });
    const codes: string[] = [];
    const diagnostics = { opened: (origin: string) => origin.endsWith('b.log') && rmSync(place.at('a.log')) };
    const options = {
      asOf: '2026-11-24',
      context: 1,
      diagnostics: { opened: (origin: string) => void diagnostics.opened(origin) },
    };
    for await (const object of scan([place.at('a.log'), place.at('b.log')], options)) {
      if (object.kind === 'problem') codes.push(object.code);
    }
    assert.deepEqual(codes, ['context-unavailable']);
  });
});

describe('--rules', { concurrency: 4 }, () => {
  const files = {
    ...packFiles('packs/acme', { login: ruleFile('login loop') }),
    ...packFiles('packs/other', { thing: ruleFile('other thing') }),
    'x.log': jiraRecord('login loop') + jiraRecord('other thing') + profile401(),
  };

  const PLACES: { name: string; place: string; found: string[] }[] = [
    { name: 'a rule file', place: 'packs/acme/login.yaml', found: ['acme/login', PROFILE_401] },
    { name: 'a pack', place: 'packs/other', found: [PROFILE_401, 'other/thing'] },
    { name: 'a folder of packs', place: 'packs', found: ['acme/login', PROFILE_401, 'other/thing'] },
  ];
  for (const { name, place, found } of PLACES) {
    test(`adds ${name} to the shipped packs`, async () => {
      const result = await inWorkspace(files).scan('x.log', '--rules', place);
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(ids(result).sort(), found);
    });
  }

  test('may be repeated', async () => {
    const result = await inWorkspace(files).scan('x.log', '--rules', 'packs/acme', '--rules', 'packs/other');
    assert.deepEqual(
      result.run.packs.map(({ name }) => name).filter((name) => name === 'acme' || name === 'other'),
      ['acme', 'other'],
    );
  });

  const BROKEN: { name: string; files: Files; stderr: RegExp[] }[] = [
    {
      name: 'a rule with two faults names both, with file, line and column',
      files: packFiles('bad', {
        login: ruleFile('login loop')
          .replace('severity: high', 'severity: hihg')
          .replace('confidence: high', 'confidence: sure'),
      }),
      stderr: [
        /bad\/login\.yaml:2:11: severity: .*"hihg"/,
        /bad\/login\.yaml:4:13: confidence/,
        /Two problems in one file\. Nothing was scanned\. How to write a rule: logscan rules new --help/,
      ],
    },
    {
      name: 'what is no YAML is named',
      files: packFiles('bad', { login: 'title: [unfinished\n' }),
      stderr: [/bad\/login\.yaml:\d+:\d+: /, /Nothing was scanned/],
    },
    {
      name: 'a rule file outside of a pack is refused',
      files: { 'bad/login.yaml': ruleFile('login loop') },
      stderr: [/bad:1:1: has no rules; expected _pack\.yaml/],
    },
    { name: 'a place that is not there is named', files: {}, stderr: [/bad:1:1: no such file or folder/] },
    { name: 'an id that is taken is refused', files: packFiles('bad', {}), stderr: [/gij\/azure-devops-profile-401/] },
  ];
  for (const { name, files: broken, stderr } of BROKEN) {
    test(name, async () => {
      const isTaken = name.startsWith('an id');
      const taken = isTaken ? packFiles('gij', { 'azure-devops-profile-401': ruleFile('login loop') }) : {};
      const result = await inWorkspace({ ...LOG, ...broken, ...taken }).scan(
        'jira.log',
        '--rules',
        isTaken ? 'gij' : 'bad',
      );
      assert.deepEqual([result.status, result.stdout], [2, '']);
      for (const wanted of stderr) assert.match(result.stderr, wanted);
    });
  }
});

describe('--help and --version', { concurrency: 4 }, () => {
  /** Of capabilities that are not built. */
  const NOT_BUILT = /(?<![\w/-])(?:baseline|diff|completion|summary|html|sarif)\b/i;

  for (const args of [
    ['--help'],
    ['-h'],
    ['scan', '--help'],
    ['explain', '--help'],
    ['rules', '--help'],
    ['rules', 'new', '--help'],
    ['rules', 'check', '--help'],
    ['schema', '--help'],
  ]) {
    test(`logscan ${args.join(' ')} names nothing that is not built`, async () => {
      const { status, stdout, stderr } = await run(args);
      assert.deepEqual([status, stderr], [0, '']);
      assert.doesNotMatch(stdout, NOT_BUILT);
      assert.match(stdout, /^(?!.*undefined)/);
    });
  }

  test('--help begins with three examples', async () => {
    const { stdout } = await run(['--help']);
    const rows = stdout
      .slice(0, stdout.indexOf('Commands:'))
      .split('\n')
      .filter((row) => row !== '');
    const examples = rows.slice(1, 4);
    assert.ok(
      examples.every((row) => /\blogscan\b/.test(row)),
      examples.join('\n'),
    );
    assert.match(rows[4]!, /^logscan \[scan\] </, 'then how it is used');
  });

  test('--help names every option of a scan', async () => {
    const { stdout } = await run(['--help']);
    const options = [
      'format',
      'output',
      'color',
      'quiet',
      'log-level',
      'min-severity',
      'fail-on',
      'unknown',
      'rules',
      'disable',
      'only',
      'since',
      'until',
      'as-of',
      'timezone',
      'evidence',
      'details',
      'context',
      'redact',
    ];
    for (const option of options) assert.match(stdout, new RegExp(`--${option}\\b`));
  });

  test('--help fits a terminal of 100 columns', async () => {
    const { stdout } = await run(['--help']);
    assert.deepEqual(
      stdout.split('\n').filter((row) => row.length > 100),
      [],
    );
  });

  test('--version is that of package.json', async () => {
    const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../../package.json'), 'utf8'));
    const result = await run(['--version']);
    assert.deepEqual([result.status, result.stdout, result.stderr], [0, `${version}\n`, '']);
  });
});
