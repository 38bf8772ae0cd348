import assert from 'node:assert/strict';
import { createWriteStream, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { defaultPlace, membersOf } from '../../src/cli/attach.js';
import type { ReportObject } from '../../src/index.js';
import { has, output, without } from '../helpers/bundles.js';
import {
  assertSaid,
  canBeNobody,
  jiraRecord,
  objectsOf,
  PROFILE_401,
  packFiles,
  profile401,
  type RunOptions,
  ruleFile,
  run,
  start,
  type Workspace,
  workspace,
} from '../helpers/cli.js';
import { report } from '../helpers/reports.js';

const DAY = ['--as-of', '2026-11-24'];
/** A secret that stands in the log, and is not to stand in the report. */
const SECRET = 'hunter2-hunter2';
const LOGS = {
  'b/jira.log': profile401() + jiraRecord(`boom password=${SECRET}`),
  'b/quiet.log': jiraRecord('all is well', { level: 'INFO' }),
};

/** A folder with a bundle of each kind. */
function bundles(): Workspace {
  const place = workspace(LOGS);
  output(['tar', '-cf', 'x.tar', 'b'], place.dir);
  output(['tar', '-czf', 'x.tar.gz', 'b'], place.dir);
  if (has('zip')) output(['zip', '-qr', 'x.zip', 'b'], place.dir);
  return place;
}

const memberOf = (archive: string, name: string, cwd: string) =>
  output(['bsdtar', '-xOf', archive, name], cwd).toString();

/** Where archives are not scanned, the copy is made all the same. */
const scansArchives = has('zip') && (await run(['x.zip'], { cwd: bundles().dir })).status === 0;
const skip = without('tar', 'zip', 'bsdtar') || (!scansArchives && 'archives are not scanned');

describe('attach', { skip }, () => {
  for (const kind of ['zip', 'tar', 'tar.gz']) {
    test(`puts a report into a copy of a ${kind}, here, and says so`, async () => {
      const place = bundles();
      mkdirSync(place.at('here'));
      const result = await run(['attach', `../x.${kind}`, ...DAY], { cwd: place.at('here') });
      const copy = `x-logscan.${kind}`;
      assert.equal(result.status, 0, result.stderr);
      assertSaid(result, {
        stdout: new RegExp(
          `^ 1 incident \\(1 high\\) and 1 kind of errors that no rule knows \\(2 files, 3 records, .*\\) in \\.\\./x\\.${kind}\\.\\n` +
            ` ${copy} is a copy of it with logscan/report\\.md(?:,| and) logscan/incidents\\.ndjson.* inside\\.\\n` +
            ' Secrets.* are masked there, but not in the logs of the bundle: whoever gets the copy can read all that they say\\.\\n$',
        ),
        stderr: '',
      });
      assert.deepEqual(readdirSync(place.at('here')), [copy]);
      const report = memberOf(copy, 'logscan/report.md', place.at('here'));
      assert.match(
        report,
        new RegExp(`^# logscan report\n\n\\*\\*1 incident \\(1 high\\)\\.\\*\\*\n\n- Read: \`x\\.${kind}`),
      );
      const { run: made, incidents, summary } = objectsOf(memberOf(copy, 'logscan/incidents.ndjson', place.at('here')));
      assert.deepEqual(
        [made.asOf, incidents.map(({ rule }) => rule.id), summary.incidents],
        ['2026-11-24', [PROFILE_401], 1],
      );
      assert.equal(incidents[0]!.evidence[0]!.origin, `x.${kind}!/b/jira.log`);
    });
  }

  test('masks secrets in the report, whatever is set for scans, and never in the logs', async () => {
    const { dir, at } = bundles();
    writeFileSync(at('logscan.yaml'), 'redact: "off"\n');
    const result = await run(['attach', 'x.zip', '--unknown', 'all'], { cwd: dir });
    assert.equal(result.status, 0, result.stderr);
    for (const name of ['logscan/report.md', 'logscan/incidents.ndjson']) {
      const text = memberOf('x-logscan.zip', name, dir);
      assert.match(text, /\[(?:masked:password|password:[\da-f]{8})\]/, name);
      assert.ok(!text.includes(SECRET), name);
    }
    assert.ok(memberOf('x-logscan.zip', 'b/jira.log', dir).includes(SECRET));
  });

  test('tells what a scan tells of the same bundle, with the same options', async () => {
    const { dir, at } = bundles();
    mkdirSync(at('acme'));
    const files = packFiles('acme', { boom: ruleFile('boom', { severity: 'critical' }) });
    for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
    const options = ['--rules', 'acme', '--only', 'acme/boom', '--unknown', 'none', '--min-severity', 'high', ...DAY];
    const result = await run(['attach', 'x.zip', ...options, '--fail-on', 'critical'], { cwd: dir });
    assert.equal(result.status, 1, result.stderr);
    assertSaid(result, { stdout: /^ 1 incident \(1 critical\) \(/ });
    const { incidents, unknown } = objectsOf(memberOf('x-logscan.zip', 'logscan/incidents.ndjson', dir));
    assert.deepEqual([incidents.map(({ rule }) => rule.id), unknown], [['acme/boom'], []]);
  });

  test('replaces a report, and a file only by force', async () => {
    const { dir, at } = bundles();
    for (const [index, force] of [[], ['--force']].entries()) {
      const first = await run(['attach', 'x.zip', '-o', 'y.zip', ...force], { cwd: dir });
      assert.equal(first.status, 0, `${index}: ${first.stderr}`);
    }
    const before = readFileSync(at('y.zip'));
    const again = await run(['attach', 'x.zip', '-o', 'y.zip'], { cwd: dir });
    assert.equal(again.status, 2);
    assertSaid(again, {
      stdout: '',
      stderr: /^logscan: --output y\.zip: is there already; name another file, or replace it with --force\n/,
    });
    assert.deepEqual(readFileSync(at('y.zip')), before);
    const second = await run(['attach', 'y.zip', '--output=z.zip'], { cwd: dir });
    assert.equal(second.status, 0, second.stderr);
    const names = output(['bsdtar', '-tf', 'z.zip'], dir).toString().trim().split('\n');
    assert.equal(new Set(names).size, names.length);
    assertSaid(second, { stdout: /^ 1 incident \(1 high\)/ });
  });
});

test('facts are a file of their own, where there are any', () => {
  const fact = {
    kind: 'fact',
    key: 'jira',
    value: '9.4.1',
    origin: 'x.zip!/jira.log',
    line: 3,
  } as unknown as ReportObject;
  const made = report();
  const linesOf = (objects: readonly ReportObject[]) =>
    membersOf(made, objects, 'on').map(({ name, bytes }) => [
      name,
      Buffer.from(bytes).toString().split('\n')[0]!.slice(0, 15),
    ]);
  const others = [
    ['logscan/report.md', '# logscan report'.slice(0, 15)],
    ['logscan/incidents.ndjson', '{"kind":"run","'],
  ];
  assert.deepEqual(linesOf([made.run, made.summary]), others);
  assert.deepEqual(linesOf([made.run, fact, made.summary]), [...others, ['logscan/facts.ndjson', '{"kind":"fact",']]);
});

const PLACES: readonly (readonly [bundle: string, place: string])[] = [
  ['support.zip', 'support-logscan.zip'],
  ['/logs/x.tar.gz', 'x-logscan.tar.gz'],
  ['x.tgz', 'x-logscan.tgz'],
  ['Jira_support_2026-11-24-10-12-33.zip', 'Jira_support_2026-11-24-10-12-33-logscan.zip'],
  ['v1.2.tar', 'v1.2-logscan.tar'],
  ['X.TAR.GZ', 'X-logscan.TAR.GZ'],
  ['bundle', 'bundle-logscan'],
  ['.zip', '.zip-logscan'],
];
for (const [bundle, place] of PLACES) {
  test(`the copy of ${bundle} is ${place}`, () => assert.equal(defaultPlace(bundle), place));
}

interface Case {
  readonly name: string;
  readonly args: readonly string[];
  readonly status: number;
  readonly stderr: RegExp | string;
  readonly options?: RunOptions;
}

const HINT = '  How to use it: logscan --help\n';
const NO_BUNDLE = 'a report can be attached to a zip, tar or tar.gz';
const REFUSED: readonly Case[] = [
  {
    name: 'a folder',
    args: ['attach', 'b', '-o', 'y.zip'],
    status: 2,
    stderr: new RegExp(`^logscan: b: is a directory; ${NO_BUNDLE}\n  The report alone: logscan b .*-o report\\.md\n$`),
  },
  {
    name: 'what xz made, with what was typed',
    args: ['attach', '--force', '--only', 'gij', 'my logs.tar.xz', '--output=y', '--as-of', '2026-11-24'],
    status: 2,
    stderr:
      /is compressed with xz; .*\n {2}The report alone: logscan --only gij 'my logs\.tar\.xz' --as-of 2026-11-24 .*-o report\.md\n$/,
  },
  {
    name: 'a 7z archive, which a scan does not read either',
    args: ['attach', 'x.7z'],
    status: 2,
    stderr: /is a 7z archive; .*\n {2}The report alone: unpack it, then logscan x .*-o report\.md\n$/,
  },
  { name: 'a log', args: ['attach', 'b/jira.log'], status: 2, stderr: /^logscan: b\/jira\.log: is no archive; / },
  { name: 'a log in gzip', args: ['attach', 'log.gz'], status: 2, stderr: /is a single compressed file; / },
  {
    name: 'standard input',
    args: ['attach', '-'],
    status: 2,
    stderr: /^logscan: -: is no file that can be read twice; .*\n {2}The report alone: logscan - /,
    options: { stdin: 'x' },
  },
  {
    name: 'what is not there',
    args: ['attach', 'x.zpi'],
    status: 3,
    stderr: 'logscan: x.zpi: no such file\n  Did you mean x.zip?\n',
  },
  {
    name: 'a zip that was cut',
    args: ['attach', 'cut.zip'],
    status: 3,
    stderr:
      'logscan: cut.zip: ends without the directory of a zip: it is not complete\n  nothing was written; copy it again from where it was made\n',
  },
  { name: 'nothing', args: ['attach'], status: 2, stderr: /a word is missing behind the command/ },
  { name: 'two bundles', args: ['attach', 'x.zip', 'x.tar'], status: 2, stderr: /attach: did not expect "x\.tar"/ },
  {
    name: 'a place that is the bundle',
    args: ['attach', 'x.zip', '-o', './b/../x.zip', '--force'],
    status: 2,
    stderr: /x\.zip: is the bundle itself, which is only read; name another file\n/,
  },
  {
    name: 'a place that is a folder',
    args: ['attach', 'x.zip', '-o', 'b', '--force'],
    status: 2,
    stderr: `logscan: --output b: is no file; name another one\n${HINT}`,
  },
  {
    name: 'a place in a folder that is not there',
    args: ['attach', 'x.zip', '-o', 'nowhere/y.zip'],
    status: 2,
    stderr: /--output nowhere\/y\.zip: cannot be written \(ENOENT/,
  },
  {
    name: 'standard output as the place',
    args: ['attach', 'x.zip', '-o', '-'],
    status: 2,
    stderr: `logscan: --output -: expected a file; what was found is told on standard output\n${HINT}`,
  },
  {
    name: 'a place with the name of another kind',
    args: ['attach', 'x.tar.gz', '-o', 'y.zip'],
    status: 2,
    stderr: /--output y\.zip: expected a name for a tar\.gz, as the copy is of the same kind as the bundle/,
  },
  {
    name: 'two places',
    args: ['attach', 'x.zip', '-o', 'y.zip', '-o', 'z.zip'],
    status: 2,
    stderr: /--output: expected once, found 2 times/,
  },
  {
    name: 'to look for unknown errors and not to',
    args: ['attach', 'x.zip', '--fail-on', 'unknown', '--unknown', 'none'],
    status: 2,
    stderr: /--fail-on unknown: expected --unknown to look for them, found --unknown none/,
  },
  {
    name: 'a number that is none',
    args: ['attach', 'x.zip', '--evidence', '0'],
    status: 2,
    stderr: /--evidence: expected/,
  },
  {
    name: 'a rule that is not there',
    args: ['attach', 'x.zip', '--only', 'gij/azure-devops-profile-400'],
    status: 2,
    stderr: /did you mean gij/,
  },
];

describe('attach refuses', { skip: without('tar', 'zip') }, () => {
  const { dir, at } = bundles();
  writeFileSync(at('my logs.tar.xz'), Buffer.from('fd377a585a000004', 'hex'));
  writeFileSync(at('x.7z'), Buffer.from('377abcaf271c0004', 'hex'));
  writeFileSync(at('log.gz'), gzipSync(profile401()));
  writeFileSync(at('cut.zip'), readFileSync(at('x.zip')));
  truncateSync(at('cut.zip'), 700);
  const names = readdirSync(dir);

  for (const { name, args, status, stderr, options } of REFUSED) {
    test(`${name}, and writes nothing`, async () => {
      const result = await run(args, { cwd: dir, ...options });
      assertSaid(result, { stdout: '', stderr });
      assert.equal(result.status, status);
      assert.deepEqual(readdirSync(dir), names);
    });
  }

  test('a tar that was cut, when it finds out', async () => {
    writeFileSync(at('cut.tar'), readFileSync(at('x.tar')).subarray(0, 3000));
    const result = await run(['attach', 'cut.tar'], { cwd: dir });
    assert.equal(result.status, 3);
    assertSaid(result, {
      stdout: '',
      stderr:
        /logscan: cut\.tar: ends in the middle of a member: it is not complete\n {2}nothing was written; copy it again/,
    });
    assert.deepEqual(new Set(readdirSync(dir)), new Set([...names, 'cut.tar']));
  });

  test('a bundle that may not be read, and a place that may not be written to', { skip: !canBeNobody }, async () => {
    const closed = bundles();
    output(['chmod', '711', closed.dir], '/');
    output(['chmod', '600', 'x.zip'], closed.dir);
    const unreadable = await run(['attach', closed.at('x.zip')], { nobody: true, cwd: '/' });
    assert.equal(unreadable.status, 3);
    assertSaid(unreadable, { stderr: /x\.zip: permission denied\n {2}run logscan as a user who may read it/ });
    const unwritable = await run(['attach', closed.at('x.tar'), '-o', closed.at('y.tar')], { nobody: true, cwd: '/' });
    assert.equal(unwritable.status, 2);
    assertSaid(unwritable, { stderr: /y\.tar: cannot be written \(EACCES/ });
  });
});

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} while the copy is written leaves nothing behind`, { skip: without('tar') }, async () => {
    const { dir, at } = workspace({ 'jira.log': profile401() });
    output(['tar', '-cf', 'x.tar', 'jira.log'], dir);
    const [head, zeros] = [readFileSync(at('x.tar')), Buffer.alloc(1024 * 1024)];
    // What stands behind the end is copied as well, so that this takes a second.
    const bytes = function* () {
      yield head;
      for (let megabyte = 0; megabyte < 300; megabyte++) yield zeros;
    };
    await pipeline(bytes, createGzip({ level: 1 }), createWriteStream(at('x.tar.gz')));
    writeFileSync(at('y.tar.gz'), 'old');
    const { child, result } = start(['attach', 'x.tar.gz', '-o', 'y.tar.gz', '--force'], { cwd: dir });
    const names = readdirSync(dir);
    const isWriting = () => readdirSync(dir).some((name) => name.endsWith('.tmp'));
    for (let patience = 1500; !isWriting() && patience > 0; patience--) await wait(20);
    assert.ok(isWriting(), 'nothing was being written');
    child.kill(signal);
    assert.equal((await result).status, status);
    assert.deepEqual(readdirSync(dir), names);
    assert.equal(readFileSync(at('y.tar.gz'), 'utf8'), 'old');
  });
}

test('the help says how it is used', async () => {
  const { stdout, status } = await run(['attach', '--help']);
  assert.equal(status, 0);
  for (const part of [
    /^logscan attach <bundle>/,
    /--force/,
    /\[the name of the bundle with -logscan, here\]/,
    /support-logscan\.zip/,
  ])
    assert.match(stdout, part);
  assert.doesNotMatch(stdout, /--format|--details|--context|--profile/);
  assert.match((await run(['--help'])).stdout, /logscan attach <bundle> .*the report inside/);
  assertSaid(await run(['atach', 'x']), { stderr: /did you mean logscan attach\?/ });
});
