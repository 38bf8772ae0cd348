import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { after, test } from 'node:test';
import type { ProblemObject, ReportObject } from '../../src/model/report.js';
import { type Files, REAL_FILES } from '../../src/sources/tail/files.js';
import { canBeNobody, NOBODY, type Files as WorkspaceFiles } from '../helpers/cli.js';
import { countsOf, onceEach, problem, record, type TailPlace, TailProgram, tailPlace } from '../helpers/tail.js';
import { tailInside } from '../helpers/tailing.js';

/* Faults 23 to 30 of the list that a tail must survive: which file it is, under whatever name. */

test('23: a log that is deleted while its writer goes on is read to its end, then the new one', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  const writer = openSync(place.log, 'a');
  rmSync(place.log);
  writeSync(writer, problem('after-it-was-deleted'));
  await program.told('after-it-was-deleted');
  place.write('logs/jira.log', problem('new'));
  writeSync(writer, problem('the-last-of-it'));
  await program.told('the-last-of-it');
  assert.ok(!program.problems.has('new'), 'the old one first');
  closeSync(writer);
  await program.told('new');
  assert.equal(await program.stop(), 143);
  assert.equal(countsOf(program.objects), onceEach(['a', 'after-it-was-deleted', 'the-last-of-it', 'new']));
  assert.deepEqual(program.trouble, []);
});

test('23: a log that was begun at its end is read on when it is deleted before it grew', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('before') });
  const program = await TailProgram.start(place, { from: 'end' });
  const writer = openSync(place.log, 'a');
  rmSync(place.log);
  writeSync(writer, problem('after-it-was-deleted') + record('the end'));
  await program.told('after-it-was-deleted');
  closeSync(writer);
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['after-it-was-deleted']));
  assert.deepEqual(program.trouble, []);
});

/** A disk of its own for the logs, where that can be had, so that no other process takes an inode that became free. */
function quietDisk(place: TailPlace): void {
  place.write('disk', '');
  truncateSync(place.at('disk'), 16 * 1024 * 1024);
  spawnSync('mkfs.ext4', ['-qF', place.at('disk')]);
  if (spawnSync('mount', ['-o', 'loop', place.at('disk'), place.at('logs')]).status === 0)
    mounted.push(place.at('logs'));
}

const mounted: string[] = [];
after(() => {
  for (const folder of mounted) spawnSync('umount', ['-l', folder]);
});

/** Deletes a file and makes it anew with the same inode; false if that cannot be had. */
function makeAnew(file: string, text: string): boolean {
  const { ino } = statSync(file);
  rmSync(file);
  // Another process may have taken it for a while; and there may be others that are given away before it.
  for (let turn = 0; turn < 20; turn++) {
    const made = Array.from({ length: 100 }, (_, count) => `${file}.${count}.new`);
    for (const name of made) writeFileSync(name, text);
    const same = made.find((name) => statSync(name).ino === ino);
    if (same !== undefined) renameSync(same, file);
    for (const name of made) rmSync(name, { force: true });
    if (same !== undefined) return true;
  }
  return false;
}

for (const isLonger of [true, false]) {
  test(`24: a new file with the name and the inode of the old one, ${isLonger ? 'and longer' : 'but shorter'}, is a new one`, async (t) => {
    const place = tailPlace();
    quietDisk(place);
    place.write('logs/jira.log', problem('a') + problem('b') + problem('c') + record('the end'));
    let program = await TailProgram.start(place);
    await program.told('a', 'b', 'c');
    await program.stop();
    const before = program.objects;
    const names = isLonger ? ['d', 'e', 'f', 'g', 'h'] : ['d'];
    if (!makeAnew(place.log, names.map((name) => problem(name)).join('')))
      return t.skip('this file system gives no inode again');
    program = await TailProgram.start(place);
    await program.told(...names);
    await program.stop();
    assert.equal(countsOf([...before, ...program.objects]), onceEach(['a', 'b', 'c', ...names]));
    assert.deepEqual(evidenceOf(program, 'd'), { origin: 'logs/jira.log', line: 1, offset: 0 });
    // The last record had not ended, as far as anybody could see.
    assert.deepEqual(
      program.trouble.map(({ code }) => code),
      ['lost-truncated'],
    );
  });
}

/** Where the last evidence of a problem stands. */
function evidenceOf(program: TailProgram, name: string) {
  const { origin, line, offset } = program.problems.get(name)!.evidence.at(-1)!;
  return { origin, line, offset };
}

/** Ways in which programs write a file anew that people have changed. */
const EDITORS: readonly (readonly [string, (place: TailPlace, text: string) => void])[] = [
  [
    'a new file that is renamed over it',
    (place, text) => {
      place.write('logs/jira.log~', readFileSync(place.log, 'utf8') + text);
      renameSync(place.at('logs/jira.log~'), place.log);
    },
  ],
  [
    'the old one renamed, and a new one under its name',
    (place, text) => {
      const all = readFileSync(place.log, 'utf8');
      renameSync(place.log, place.at('logs/.jira.log.swp'));
      place.write('logs/jira.log', all + text);
      rmSync(place.at('logs/.jira.log.swp'));
    },
  ],
  ['sed -i', (place, text) => sed(place, '-e', `$a\\${text.trimEnd()}`)],
];

function sed(place: TailPlace, ...args: readonly string[]): void {
  assert.equal(spawnSync('sed', ['-i', ...args, place.log]).status, 0);
}

for (const [how, edit] of EDITORS) {
  for (const isStopped of [false, true]) {
    test(`25: replaced by an editor (${how})${isStopped ? ' while stopped' : ''}: it goes on, nothing is read twice`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b', { rest: '\tat a.B.c(B.java:1)\n' }) });
      let program = await TailProgram.start(place);
      await program.told('a', 'b');
      if (isStopped) await program.stop();
      const before = isStopped ? program.objects : [];
      const [at, line] = [statSync(place.log).size, 4];
      edit(place, problem('c'));
      place.append('logs/jira.log', problem('d'));
      if (isStopped) program = await TailProgram.start(place);
      await program.told('c', 'd');
      await program.stop();
      const told = [...before, ...program.objects];
      assert.equal(countsOf(told), onceEach(['a', 'b', 'c', 'd']));
      assert.deepEqual(evidenceOf(program, 'c'), { origin: 'logs/jira.log', line, offset: at });
      assert.ok(told.every((object) => object.kind !== 'incident' || !object.duplicatePossible));
      assert.deepEqual(program.trouble, []);
    });
  }
}

for (const isStopped of [false, true]) {
  test(`25: changed in its middle by an editor${isStopped ? ' while stopped' : ''}: what is read again is flagged`, async () => {
    const long = Array.from({ length: 40 }, (_, index) => record(`line ${index}`)).join('');
    const place = tailPlace({ 'logs/jira.log': long + problem('a') + problem('b') + record('between') });
    let program = await TailProgram.start(place);
    await program.told('a', 'b');
    const before = isStopped ? program.objects : [];
    if (isStopped) await program.stop();
    sed(place, '-e', 's/line 30/line thirty/');
    place.append('logs/jira.log', problem('c'));
    if (isStopped) program = await TailProgram.start(place);
    await program.told('c');
    await program.stop();
    const told = [...before, ...program.objects];
    assert.equal(countsOf(told), 'a:2 b:2 c:1');
    const flagged = told.flatMap((object) =>
      object.kind === 'incident' && object.duplicatePossible ? [object.captures.n] : [],
    );
    assert.deepEqual([...new Set(flagged)].sort(), ['a', 'b', 'c']);
    // The open record at the stop is not known to be among what is read again.
    const lost = isStopped ? ['lost-truncated'] : [];
    assert.deepEqual(
      program.trouble.map(({ code }) => code),
      lost,
    );
  });
}

test('26: a link that is switched: its new target is followed, and both are named', async () => {
  const place = tailPlace({ 'data/one': problem('a'), 'data/two': problem('b') });
  symlinkSync('../data/one', place.log);
  const program = await TailProgram.start(place);
  await program.told('a');
  place.append('data/one', problem('end-of-one'));
  switchLink(place, '../data/two');
  await program.told('end-of-one', 'b');
  assert.match(program.stderr, led(place, 'one', 'two'));
  assert.deepEqual(evidenceOf(program, 'b'), { origin: 'logs/jira.log', line: 1, offset: 0 });
  place.append('data/two', problem('c'));
  await program.told('c');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'end-of-one', 'b', 'c']));
  assert.deepEqual(program.trouble, []);
});

test('26: a link that is switched while stopped: the rest of its old target is read, then the new one', async () => {
  const place = tailPlace({ 'data/one': problem('a'), 'data/two': problem('b') });
  symlinkSync('../data/one', place.log);
  let program = await TailProgram.start(place);
  await program.told('a');
  await program.stop();
  const before = program.objects;
  place.append('data/one', problem('end-of-one'));
  switchLink(place, '../data/two');
  program = await TailProgram.start(place);
  await program.told('b');
  assert.match(program.stderr, led(place, 'one', 'two'));
  await program.stop();
  assert.equal(countsOf([...before, ...program.objects]), onceEach(['a', 'end-of-one', 'b']));
  assert.deepEqual(program.trouble, []);
});

test('26: a link that is switched after a restart, and back: each target goes on where it was left', async () => {
  const place = tailPlace({ 'data/one': problem('a'), 'data/two': problem('b') });
  symlinkSync('../data/one', place.log);
  let program = await TailProgram.start(place);
  await program.told('a');
  await program.stop();
  const before = program.objects;
  program = await TailProgram.start(place);
  switchLink(place, '../data/two');
  await program.told('b');
  assert.match(program.stderr, led(place, 'one', 'two'));
  place.append('data/one', problem('c'));
  switchLink(place, '../data/one');
  await program.told('c');
  assert.match(program.stderr, led(place, 'two', 'one'));
  await program.stop();
  assert.equal(countsOf([...before, ...program.objects]), onceEach(['a', 'b', 'c']));
  assert.deepEqual(program.trouble, []);
});

function switchLink(place: TailPlace, target: string): void {
  symlinkSync(target, place.at('logs/new-link'));
  renameSync(place.at('logs/new-link'), place.log);
}

function led(place: TailPlace, from: string, to: string): RegExp {
  return new RegExp(`jira\\.log led to ${place.at('data')}/${from} and leads to ${place.at('data')}/${to} now`);
}

test('27: one file under several names is read once', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  mkdirSync(place.at('other'));
  linkSync(place.log, place.at('logs/hard-link.log'));
  symlinkSync('jira.log', place.at('logs/link.log'));
  symlinkSync('../logs', place.at('other/logs'));
  const paths = ['logs', 'logs/*.log', './logs/jira.log', place.log, 'other/logs/jira.log', 'logs/../logs'];
  const told = [];
  for (const name of ['b', 'c']) {
    const program = await TailProgram.start(place, { paths });
    place.append('logs/jira.log', problem(name));
    await program.told(name);
    await program.stop();
    assert.deepEqual(program.trouble, []);
    told.push(...program.objects);
  }
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c']));
  assert.ok(told.every((object) => object.kind !== 'incident' || !object.duplicatePossible));
});

test('27: a log that was followed under two names is read once after a restart under either', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const told = [];
  for (const [name, paths] of [
    ['b', ['logs', place.log]],
    ['c', [place.log, 'logs']],
    ['d', [place.log]],
    ['e', ['logs/jira.log']],
  ] as const) {
    const program = await TailProgram.start(place, { paths });
    place.append('logs/jira.log', problem(name));
    await program.told(name);
    await program.stop();
    assert.deepEqual(program.trouble, []);
    told.push(...program.objects);
  }
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c', 'd', 'e']));
});

test('27: a link that appears beside a followed log, and a log that is renamed to another name, are not read again', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  symlinkSync('jira.log', place.at('logs/current.log'));
  linkSync(place.log, place.at('logs/also.log'));
  place.write('logs/new.log', problem('new') + record('the end'));
  await program.told('new'); // and what appeared before it was seen
  place.append('logs/jira.log', problem('b'));
  await program.told('b');
  renameSync(place.log, place.at('logs/renamed.log'));
  place.append('logs/renamed.log', problem('c'));
  place.write('logs/jira.log', problem('d'));
  await program.told('c', 'd');
  place.write('logs/newer.log', problem('newer') + record('the end'));
  await program.told('newer');
  place.append('logs/renamed.log', problem('e'));
  await program.told('e');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'new', 'b', 'c', 'd', 'newer', 'e']));
  assert.doesNotMatch(program.stderr, /(?:current|also)\.log appeared/, 'it is another name');
  assert.deepEqual(program.trouble, []);
});

test('28: a directory that is moved away and made anew: its old log is read to its end, then the new one', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  renameSync(place.at('logs'), place.at('logs.old'));
  place.append('logs.old/jira.log', problem('end-of-the-old-one'));
  await program.told('end-of-the-old-one');
  mkdirSync(place.at('logs'));
  place.write('logs/jira.log', problem('b'));
  await program.told('b');
  // It hears of what happens in the new one.
  place.write('logs/another.log', problem('c') + record('the end'));
  await program.told('c');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'end-of-the-old-one', 'b', 'c']));
  assert.doesNotMatch(program.stderr, /logs appeared/, 'a directory is no log');
  assert.deepEqual(program.trouble, []);
});

test('28: a directory that is moved away and back: its logs go on where they were left', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a'), 'logs/other.log': problem('b') });
  let told = [];
  let program = await TailProgram.start(place);
  await program.told('a', 'b');
  renameSync(place.at('logs'), place.at('away'));
  place.append('away/jira.log', problem('c'));
  await program.told('c');
  renameSync(place.at('away'), place.at('logs'));
  place.append('logs/jira.log', problem('d'));
  await program.told('d');
  renameSync(place.at('logs'), place.at('away'));
  await program.stop();
  told = [...program.objects];
  // Also over runs that do not find it.
  program = await TailProgram.start(place);
  await program.stop();
  told.push(...program.objects);
  renameSync(place.at('away'), place.at('logs'));
  program = await TailProgram.start(place);
  place.append('logs/jira.log', problem('e'));
  place.append('logs/other.log', problem('f'));
  await program.told('e', 'f');
  await program.stop();
  told.push(...program.objects);
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c', 'd', 'e', 'f']));
  assert.ok(told.every((object) => object.kind !== 'incident' || !object.duplicatePossible));
});

test('28: a log that is moved away for longer than it is waited for, and back, goes on where it was left', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') });
  let passed = 0;
  const clock = () => performance.now() + passed;
  const tailing = await tailInside(place, { world: { clock } });
  const told: ReportObject[] = [];
  for await (const object of tailing) {
    told.push(object);
    if (object.kind !== 'incident') continue;
    if (object.captures.n === 'b') {
      renameSync(place.log, place.at('away'));
      const timer = setInterval(() => {
        passed += 60_000;
        if (tailing.status().openFiles > 0) return;
        clearInterval(timer);
        place.append('away', problem('c'));
        renameSync(place.at('away'), place.log);
      }, 5);
    }
    if (object.captures.n === 'c') tailing.stop();
  }
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c']));
  assert.deepEqual(
    told.filter(({ kind }) => kind === 'problem'),
    [],
  );
});

for (const from of ['start', 'end'] as const) {
  test(`29: a log that appears after the start is read from its beginning, also with --from ${from}`, async () => {
    const place = tailPlace({ 'logs/jira.log': record('the log begins') });
    const paths = ['logs', 'named/app.log', 'deep/*/x.log'];
    const program = await TailProgram.start(place, { paths, from });
    place.write('logs/second.log', problem('in-a-directory') + record('the end'));
    mkdirSync(place.at('logs/inner'));
    place.write('logs/inner/third.log', problem('in-a-new-directory') + record('the end'));
    mkdirSync(place.at('named'));
    place.write('named/app.log', problem('named') + record('the end'));
    mkdirSync(place.at('deep/er'), { recursive: true });
    place.write('deep/er/x.log', problem('of-a-pattern') + record('the end'));
    const names = ['in-a-directory', 'in-a-new-directory', 'named', 'of-a-pattern'];
    await program.told(...names);
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(names));
    assert.deepEqual(evidenceOf(program, 'named'), { origin: 'named/app.log', line: 1, offset: 0 });
    assert.deepEqual(program.trouble, []);
  });
}

/** A place that also nobody can work in. */
function placeOfNobody(files: WorkspaceFiles): TailPlace {
  const place = tailPlace(files);
  mkdirSync(place.at('state'));
  chownSync(place.at('state'), NOBODY, NOBODY);
  chownSync(place.dir, NOBODY, NOBODY);
  return place;
}

const skip = canBeNobody ? false : 'only root can become a user that may read less';

/** What is forbidden, how it is allowed again, and what is named. */
const DENIED: readonly (readonly [string, (place: TailPlace) => void, (place: TailPlace) => void, string])[] = [
  ['a log', ({ log }) => chmodSync(log, 0o600), ({ log }) => chmodSync(log, 0o644), 'logs/jira.log'],
  ['its directory', ({ at }) => chmodSync(at('logs'), 0o600), ({ at }) => chmodSync(at('logs'), 0o755), 'logs'],
];

for (const [what, forbid, allow, named] of DENIED) {
  test(`30: ${what} that may not be read, and may later: one warning, a metric, and all is told`, {
    skip,
  }, async () => {
    const place = placeOfNobody({ 'logs/jira.log': problem('a') + record('the end') });
    forbid(place);
    const program = await TailProgram.start(place, { nobody: true, args: ['--metrics', '0'] });
    await program.until('it says so', () => program.trouble.length > 0 && program.stderr.includes('metrics at'));
    const address = /metrics at (\S+)/.exec(program.stderr)![1]!;
    const metric = async () => /^logscan_logs_in_trouble (\d+)$/m.exec(await (await fetch(address)).text())?.[1];
    assert.equal(await metric(), '1');
    allow(place);
    await program.told('a');
    assert.equal(await metric(), '0');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a']));
    const [{ code, origin, message, remedy }, ...others] = program.trouble as readonly [ProblemObject];
    assert.deepEqual(others, [], 'one warning');
    assert.equal(code, 'input-unreadable');
    assert.equal(origin, named);
    assert.match(message, /^permission denied; it is tried again/);
    assert.match(remedy, /let the user that logscan runs as (?:read|list) it/);
  });
}

test('30: what may not be read is tried again after 1, 2, 4 ... 60 seconds, and told of once; what else there is goes on', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + record('between') });
  let passed = 0;
  const tried: number[] = [];
  let isDenied = false;
  const files: Files = {
    ...REAL_FILES,
    openSync: (name, flags) => {
      if (!isDenied || name !== place.at('logs/second.log')) return REAL_FILES.openSync(name, flags);
      tried.push(passed);
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    },
  };
  // Nothing else depends on the clock here.
  const world = { files, clock: () => passed };
  const tailing = await tailInside(place, { world });
  const told: ReportObject[] = [];
  for await (const object of tailing) {
    told.push(object);
    if (object.kind === 'run') {
      isDenied = true;
      place.write('logs/second.log', problem('b') + record('between'));
      const timer = setInterval(() => {
        passed += 500;
        if (passed < 300_000) return;
        clearInterval(timer);
        place.append('logs/jira.log', problem('c') + record('between'));
      }, 1);
    }
    if (object.kind === 'incident' && object.captures.n === 'c') {
      assert.equal(tailing.status().logs.find(({ path }) => path.endsWith('second.log'))!.trouble, 'permission denied');
      isDenied = false;
      passed += 60_000;
    }
    if (object.kind === 'incident' && object.captures.n === 'b') tailing.stop();
  }
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c']));
  assert.deepEqual(
    told.flatMap((object) => (object.kind === 'problem' ? [object.code] : [])),
    ['input-unreadable'],
  );
  const waits = tried.map((at, index) => at - (tried[index - 1] ?? at)).filter((wait) => wait > 0);
  assert.ok(waits.length >= 4, String(waits));
  for (const [turn, wait] of waits.entries()) assert.ok(wait >= Math.min(60_000, 1000 * 2 ** turn), String(waits));
});
