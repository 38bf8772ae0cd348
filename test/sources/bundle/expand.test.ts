import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { OptionError, type Problem, type ReportObject, scan } from '../../../src/index.js';
import { DEFAULT_LIMITS } from '../../../src/sources/bundle/limits.js';
import { findSources } from '../../../src/sources/find.js';
import { Logs } from '../../../src/sources/logs.js';
import { tarOf, zipOf } from '../../helpers/archives.js';
import { jiraRecord, PROFILE_401, profile401, run, scanned, scannedInside, workspace } from '../../helpers/cli.js';

const log = (name: string, second = 0) => ({ name, data: profile401(`2026-11-20 09:14:0${second},118+0000`) });

/** The logs that are read of an input, in order. */
async function readOf(dir: string, ...inputs: string[]): Promise<string[]> {
  const opened: string[] = [];
  const objects = scan(
    inputs.map((input) => `${dir}/${input}`),
    { diagnostics: { opened: (origin) => opened.push(origin.slice(dir.length + 1)) } },
  );
  for await (const _ of objects);
  return opened;
}

describe('which members are read', () => {
  const MEMBERS = [
    'b/atlassian-jira.log',
    'b/atlassian-jira.log.1',
    'b/atlassian-jira.log.10',
    'b/atlassian-jira.log.2',
    'b/readme.md',
    'b/dbconfig.xml',
    'a/plugins/x.log',
    'a/data/deeper/x.log',
    'a/deep/er/catalina.out',
    'a/x.log',
    'z.log',
    'plugin.jar',
  ].map((name) => log(name));
  const WALKED = [
    'z.log',
    'a/x.log',
    'a/deep/er/catalina.out',
    'b/atlassian-jira.log.10',
    'b/atlassian-jira.log.2',
    'b/atlassian-jira.log.1',
    'b/atlassian-jira.log',
  ];

  test('of a zip: what a walk would read, in its order, the oldest backup first', async () => {
    const { dir } = workspace({ 'x.zip': zipOf(MEMBERS) });
    assert.deepEqual(
      await readOf(dir, 'x.zip'),
      WALKED.map((name) => `x.zip!/${name}`),
    );
  });

  test('of a tar: the same ones, in its own order', async () => {
    const { dir } = workspace({ 'x.tar': tarOf(MEMBERS) });
    const read = await readOf(dir, 'x.tar');
    const names = MEMBERS.map(({ name }) => name).filter((name) => WALKED.includes(name));
    assert.deepEqual(
      read,
      names.map((name) => `x.tar!/${name}`),
    );
  });

  test('the folder that an archive begins with is as if it had been named', async () => {
    const members = [{ name: 'srv/data/', type: '5' }, log('srv/data/a.log'), log('srv/data/plugins/b.log')];
    const { dir } = workspace({ 'x.tar': tarOf(members) });
    assert.deepEqual(await readOf(dir, 'x.tar'), ['x.tar!/srv/data/a.log']);
  });

  test('archives in it by their names, if they are some; other files are not looked into', async () => {
    const inner = zipOf([log('i.log')]);
    const members = [
      { name: 'logs.zip', data: inner },
      { name: 'no.zip', data: 'a text' },
      { name: 'plugin.jar', data: inner },
      { name: 'packed.log', data: gzipSync(profile401()) },
      { name: 'zipped.log', data: inner },
      { name: 'x.gz', data: gzipSync(profile401()) },
    ];
    const { dir } = workspace({ 'x.zip': zipOf(members), 'x.tar': tarOf(members) });
    for (const archive of ['x.zip', 'x.tar']) {
      const read = (await readOf(dir, archive)).map((name) => name.slice(7)).sort();
      assert.deepEqual(read, ['logs.zip!/i.log', 'packed.log', 'zipped.log!/i.log']);
      const { summary } = await scannedInside([archive, '--no-config'], dir);
      assert.equal(summary.coverage.skippedFiles, 3, archive);
    }
  });

  test('archives that a walk finds by their names are opened, and are no trouble if they hold no logs', async () => {
    const place = workspace({
      'case/bundle.zip': zipOf([log('a.log')]),
      'case/more.tar.gz': gzipSync(tarOf([log('b.log', 1)])),
      'case/export.zip': zipOf([{ name: 'entities.xml', data: '<xml/>' }]),
      'case/plugin.jar': zipOf([log('c.log', 2)]),
      'case/x.log': profile401('2026-11-20 09:14:09,118+0000'),
    });
    const { status, incidents, problems, summary } = await scannedInside(['case', '--no-config'], place.dir);
    assert.deepEqual([status, problems, summary.coverage.skippedFiles], [0, [], 2]);
    assert.deepEqual(incidents[0]!.evidence.map(({ origin }) => origin).sort(), [
      'case/bundle.zip!/a.log',
      'case/more.tar.gz!/b.log',
      'case/x.log',
    ]);
  });

  test('one that is named and holds no logs is a message', async () => {
    const place = workspace({ 'x.zip': zipOf([{ name: 'entities.xml', data: '<xml/>' }]) });
    const { status, stderr } = await scannedInside(['x.zip', '--no-config'], place.dir);
    assert.equal(status, 3);
    assert.match(stderr, /x\.zip: holds no logs\n {2}logs are known by their names/);
  });
});

describe('45: an archive that changes while it is read is told of', () => {
  const LOGS = [1, 2, 3].map((number) => log(`${number}.log`, number));
  const changes: readonly (readonly [string, RegExp, (file: string) => void])[] = [
    ['by bytes that come to it', /changed while it was read/, (file) => appendFileSync(file, 'more')],
    [
      'by another file in its place',
      /changed while it was read/,
      (file) => {
        writeFileSync(`${file}.new`, zipOf(LOGS));
        renameSync(`${file}.new`, file);
      },
    ],
    ['by its end', /vanished while it was read/, (file) => rmSync(file)],
    ['by bytes that vanish', /changed while it was read/, (file) => truncateSync(file, 100)],
  ];
  for (const [how, said, change] of changes) {
    for (const [kind, bytes] of [
      ['zip', zipOf([...LOGS, { name: 'z.log', data: jiraRecord('x').repeat(20_000), method: 0 }])],
      ['tar', tarOf([...LOGS, { name: 'z.log', data: jiraRecord('x').repeat(20_000) }])],
    ] as const) {
      test(`a ${kind}, ${how}`, async () => {
        const place = workspace({ [`x.${kind}`]: bytes });
        const file = place.at(`x.${kind}`);
        const problems: Problem[] = [];
        const found: ReportObject[] = [];
        let isDone = false;
        const diagnostics = {
          problem: (problem: Problem) => problems.push(problem),
          opened: () => {
            if (!isDone) change(file);
            isDone = true;
          },
        };
        for await (const object of scan([file], { diagnostics })) found.push(object);
        const told = problems.filter(({ code }) => code === 'archive-changed');
        assert.equal(told.length, 1, JSON.stringify(problems));
        assert.match(told[0]!.message, said);
        assert.equal(told[0]!.origin, file);
        const summary = found.at(-1);
        assert.ok(summary?.kind === 'summary' && summary.coverage.unreadableFiles > 0);
        const incident = found.find((object) => object.kind === 'incident');
        assert.ok(incident !== undefined, 'what was there was read');
      });
    }
  }

  test('one that nobody touches is not', async () => {
    const place = workspace({ 'x.zip': zipOf(LOGS) });
    const { status, problems } = await scannedInside(['x.zip', '--no-config'], place.dir);
    assert.deepEqual([status, problems], [0, []]);
  });
});

describe('what else is asked of a scan', () => {
  const members = [log('old.log', 1), { name: 'new.log', data: profile401('2026-11-23 09:00:00,000+0000') }];

  for (const [kind, bytes] of [
    ['zip', zipOf(members)],
    ['tar.gz', gzipSync(tarOf(members))],
  ] as const) {
    test(`a time before the newest one of a ${kind}, named and in a pipe`, async () => {
      const place = workspace({ 'x.dat': bytes });
      const named = await scannedInside(['x.dat', '--since', '2h', '--no-config'], place.dir);
      const piped = await scanned(['-', '--since', '2h'], { cwd: place.dir, stdin: bytes });
      for (const { status, incidents, problems } of [named, piped]) {
        assert.deepEqual([status, problems], [0, []]);
        assert.deepEqual(
          incidents.map(({ count, evidence }) => [count, evidence[0]!.origin.split('!/')[1]]),
          [[1, 'new.log']],
        );
      }
    });
  }

  test('a time before the newest one of a zip in a pipe that is no bomb, though it becomes much', async () => {
    const text = jiraRecord('nothing').repeat(200_000) + profile401('2026-11-23 09:00:00,000+0000');
    const stdin = zipOf([{ name: 'a.log', data: text }]);
    const { status, problems, incidents } = await scanned(['-', '--since', '2h'], { cwd: workspace({}).dir, stdin });
    assert.deepEqual([status, problems, incidents[0]?.count], [0, [], 1]);
  });

  test('the lines around a place in a member are a message', async () => {
    const place = workspace({ 'x.zip': zipOf([log('a.log')]), 'y.log': profile401('2026-11-23 09:00:00,000+0000') });
    const { problems, incidents } = await scannedInside(['x.zip', 'y.log', '--context', '1', '--no-config'], place.dir);
    assert.deepEqual(
      problems.map(({ code, origin }) => [code, origin]),
      [['context-unavailable', 'x.zip!/a.log']],
    );
    assert.deepEqual(
      incidents[0]!.evidence.map(({ origin, context }) => [origin, context !== undefined]),
      [
        ['x.zip!/a.log', false],
        ['y.log', true],
      ],
    );
  });

  test('the same log in an archive and beside it counts once', async () => {
    const place = workspace({ 'x.zip': zipOf([log('a.log')]), 'a.log': log('a.log').data });
    const { incidents } = await scannedInside(['x.zip', 'a.log', '--no-config'], place.dir);
    assert.deepEqual([incidents[0]!.count, incidents[0]!.evidence[0]!.copies], [1, ['a.log:1']]);
  });

  test('a large member is sifted: with and without the filter it says the same', async () => {
    const lines = Array.from({ length: 30_000 }, (_, number) => jiraRecord(`line ${number}`, { level: 'INFO' }));
    const text = `${lines.join('')}${profile401('2026-11-21 09:00:00,000+0000')}${lines.join('')}`;
    const place = workspace({
      'x.zip': zipOf([{ name: 'a.log', data: text }]),
      'x.tar': tarOf([{ name: 'a.log', data: text }]),
    });
    for (const archive of ['x.zip', 'x.tar']) {
      const [fast, plain] = [
        await scannedInside([archive, '--no-config'], place.dir),
        await scannedInside([archive, '--no-config', '--no-filter'], place.dir),
      ];
      assert.deepEqual(fast.incidents, plain.incidents);
      assert.deepEqual(fast.summary.coverage, plain.summary.coverage);
      assert.equal(fast.incidents[0]!.evidence[0]!.line, 30_001);
    }
  });

  test('what cannot be read is told as it is met in NDJSON and on stderr, with what to do', async () => {
    const place = workspace({ 'x.zip': zipOf([log('a.log'), { ...log('b.log'), flags: 1 }]) });
    const { status, stdout, stderr } = await run(['x.zip', '--format', 'ndjson'], { cwd: place.dir });
    assert.equal(status, 3);
    assert.match(stdout, /"code":"archive-encrypted","origin":"x\.zip!\/b\.log"/);
    assert.match(stderr, /logscan: x\.zip!\/b\.log: is encrypted\n {2}unpack the archive with its password/);
  });
});

describe('limits', () => {
  const place = workspace({ 'x.zip': zipOf([log('a.log')]) });
  for (const [option, value, wanted] of [
    ['--max-archive-bytes', '0', /expected a size like 64GiB or 500MB, found "0"/],
    ['--max-archive-bytes', 'lots', /expected a size like 64GiB or 500MB, found "lots"/],
    ['--max-archive-bytes', '5iB', /expected a size like/],
    ['--max-ratio', '0', /expected a number of at least 1, found "0"/],
    ['--max-depth', 'x', /expected a number of at least 1, found "x"/],
  ] as const) {
    test(`${option} ${value} is a usage error`, async () => {
      const { status, stderr } = await run(['x.zip', option, value], { cwd: place.dir });
      assert.equal(status, 2);
      assert.match(stderr, wanted);
    });
  }

  for (const size of ['64GiB', '500MB', '1.5 gb', '70k', '1000000', '1000000B']) {
    test(`--max-archive-bytes ${size} is a size`, async () => {
      const { status } = await scannedInside(['x.zip', '--max-archive-bytes', size, '--no-config'], place.dir);
      assert.equal(status, 0);
    });
  }

  test('they can be set in logscan.yaml and in the environment', async () => {
    const bytes = { 'x.zip': zipOf([{ name: 'a.log', data: 'x'.repeat(10_000) }]) };
    const inFile = workspace({ ...bytes, 'logscan.yaml': 'max-archive-bytes: 1kB\nmax-ratio: 5\nmax-depth: 2\n' });
    const inEnvironment = { cwd: workspace(bytes).dir, env: { LOGSCAN_MAX_ARCHIVE_BYTES: '1kB' } };
    for (const { status, problems } of [
      await scanned(['x.zip'], { cwd: inFile.dir }),
      await scanned(['x.zip'], inEnvironment),
    ]) {
      assert.deepEqual([status, problems[0]?.message], [3, 'unpacks to more than 1000 bytes; the rest was not read']);
    }
    const wrong = workspace({ 'logscan.yaml': 'max-archive-bytes: much\n' });
    const { status, stderr } = await run(['x.log'], { cwd: wrong.dir });
    assert.equal(status, 2);
    assert.match(stderr, /expected a size like 64GiB or 500MB, found "?much/);
  });

  test('of the library are checked before anything is read', async () => {
    for (const options of [{ maxArchiveBytes: 0 }, { maxRatio: 0.5 }, { maxDepth: -1 }])
      await assert.rejects(scan([place.at('x.zip')], options).next(), OptionError);
  });
});

test('whoever stops after a member leaves no file open', { skip: !existsSync('/proc/self/fd') }, async () => {
  const members = [log('a.log'), log('b.log')];
  const tar = tarOf([...members, { name: 'noise', data: randomBytes(2_000_000) }]);
  const place = workspace({ 'x.zip': zipOf(members), 'x.tar': tar, 'x.tgz': gzipSync(tar) });
  const open = () =>
    readdirSync('/proc/self/fd')
      .map((number) => (existsSync(`/proc/self/fd/${number}`) ? readlinkSync(`/proc/self/fd/${number}`) : ''))
      .filter((target) => target.startsWith(place.dir));
  for (const name of ['x.zip', 'x.tar', 'x.tgz']) {
    const { sources } = await findSources([place.at(name)]);
    for await (const one of new Logs(sources, DEFAULT_LIMITS, () => {}).all()) {
      assert.equal(open().length, 1, name);
      for await (const _ of one.open()) break;
      break;
    }
    assert.deepEqual(open(), [], name);
  }
});

test(`a member says what the log says: ${PROFILE_401}`, async () => {
  const place = workspace({ 'x.zip': zipOf([log('a.log')]), 'a.log': log('a.log').data });
  const [inside, beside] = [
    await scannedInside(['x.zip', '--no-config'], place.dir),
    await scannedInside(['a.log', '--no-config'], place.dir),
  ];
  const without = (objects: readonly object[]) => JSON.parse(JSON.stringify(objects).replaceAll('x.zip!/', ''));
  assert.deepEqual(without(inside.incidents), beside.incidents);
});
