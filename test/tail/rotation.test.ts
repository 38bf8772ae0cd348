import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { loadRules, tail } from '../../src/index.js';
import type { ReportObject, SummaryObject } from '../../src/model/report.js';
import {
  assertSure,
  codesOf,
  countsOf,
  onceEach,
  openedIn,
  placeOf,
  problem,
  problemsOf,
  quiet,
  record,
  rotate,
  type TailPlace,
  TailProgram,
  tailPlace,
} from '../helpers/tail.js';

/* Faults 1 to 7 and 17 of the list that a tail must survive: rotation in all its forms. */

describe('rotation', { concurrency: 4 }, () => {
  test('1: after a rotation the writer keeps the old file for a while: it is read first, then the new one', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    const writer = openSync(place.log, 'a');
    renameSync(place.log, `${place.log}.1`);
    place.write('logs/jira.log', problem('in-the-new-one'));
    writeSync(writer, problem('late-in-the-old-one'));
    await program.told('late-in-the-old-one');
    assert.ok(!program.problems.has('in-the-new-one'), 'old before new');
    closeSync(writer);
    await program.told('in-the-new-one');
    assert.equal(await program.stop(), 143);
    assert.equal(countsOf(program.objects), onceEach(['a', 'late-in-the-old-one', 'in-the-new-one']));
    assert.deepEqual(program.trouble, []);
  });

  test('2: a rotation between two looks', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    await program.whilePaused(() => {
      place.append('logs/jira.log', problem('b'));
      rotate(place.log);
      place.write('logs/jira.log', problem('c'));
    });
    await program.told('b', 'c');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c']));
    assert.deepEqual(program.trouble, []);
  });

  test('3: two rotations between two looks: what lies between is found among the backups', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    await program.whilePaused(() => {
      for (const name of ['b', 'c']) {
        place.append('logs/jira.log', problem(`end-before-${name}`));
        rotate(place.log);
        place.write('logs/jira.log', problem(name));
      }
    });
    await program.told('b', 'c', 'end-before-b', 'end-before-c');
    await program.stop();
    assert.deepEqual(openedIn(program), ['a', 'end-before-b', 'b', 'end-before-c', 'c'], 'old before new');
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c', 'end-before-b', 'end-before-c']));
    assert.deepEqual(program.trouble, []);
  });

  const TWELVE = Array.from({ length: 12 }, (_, at) => `r${at + 1}`);

  test('4: 12 rotations 30 ms apart, 5 backups kept: nothing is lost that is not reported', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    for (const name of TWELVE) place.write(name, problem(name));
    const files = TWELVE.map((name) => place.at(name));
    await promisify(execFile)(process.execPath, ['-e', CASCADE, place.log, '5', '30', ...files]);
    await program.told('r12');
    await program.stop();
    assert.ok(
      [...program.problems.values()].every(({ count, duplicatePossible }) => count === 1 && !duplicatePossible),
    );
    const lost = TWELVE.filter((name) => !program.problems.has(name));
    const codes = new Set(program.trouble.map(({ code }) => code));
    if (lost.length > 0) assert.ok(codes.has('lost-vanished'), `${lost.join(', ')} are lost and nothing is said`);
    codes.delete('lost-vanished');
    assert.deepEqual([...codes], []);
  });

  test('4: 12 rotations, 5 backups kept: what was seen once is read, although its backup is long gone', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, { settings: { 'rotate-wait': '1s' } });
    await program.told('a');
    for (const [at, name] of TWELVE.entries()) {
      rotate(place.log, 5);
      place.write('logs/jira.log', problem(name));
      await program.until(`rotation ${at + 1} is seen`, () => rotationsSeen(program) > at);
    }
    await program.told('r12');
    await program.stop();
    assert.deepEqual(openedIn(program), ['a', ...TWELVE]);
    assert.equal(countsOf(program.objects), onceEach(['a', ...TWELVE]));
    assert.deepEqual(program.trouble, []);
  });

  test('4: 12 rotations between two looks: all are found as long as their backups are there', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    await program.whilePaused(() => rotateOften(place, TWELVE, 12));
    await program.told('r12');
    await program.stop();
    assert.deepEqual(openedIn(program), ['a', ...TWELVE]);
    assert.equal(countsOf(program.objects), onceEach(['a', ...TWELVE]));
    assert.deepEqual(program.trouble, []);
  });

  test('4: 12 rotations between two looks, 5 backups kept: that something is gone is reported, the rest is read', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    await program.whilePaused(() => {
      place.append('logs/jira.log', problem('end-of-a'));
      rotateOften(place, TWELVE, 5);
    });
    await program.told('r12');
    await program.stop();
    const kept = ['a', 'end-of-a', ...TWELVE.slice(-6)];
    assert.deepEqual(openedIn(program), kept, 'the first one was open');
    assert.equal(countsOf(program.objects), onceEach(kept));
    assert.deepEqual(codesOf(program), ['lost-vanished']);
  });

  interface Style {
    readonly name: string;
    /** What the backups of the first, the second and the third rotation are called at the end. */
    readonly backups: readonly [string, string, string];
  }

  const STYLES: readonly Style[] = [
    { name: 'in a cascade', backups: ['jira.log.3', 'jira.log.2', 'jira.log.1'] },
    { name: 'with dates', backups: ['jira.log.2026-11-20', 'jira.log.2026-11-21', 'jira.log.2026-11-22'] },
    { name: 'with dateext', backups: ['jira.log-20261120', 'jira.log-20261121', 'jira.log-20261122'] },
    {
      name: 'with the date before the ending, and numbers',
      backups: ['jira-2026-11-20.1.log', 'jira-2026-11-20.2.log', 'jira-2026-11-20.10.log'],
    },
  ];

  for (const { name, backups } of STYLES) {
    test(`5: rotated three times while stopped, ${name}: resumed in the oldest, then the others by age`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') });
      const first = await TailProgram.start(place);
      await first.told('a');
      assert.equal(await first.stop(), 143);
      place.append('logs/jira.log', problem('b'));
      // Their inodes and times say nothing of their order.
      for (const [at, text] of [problem('c'), problem('d')].entries()) place.write(`logs/${backups[at + 1]}`, text);
      renameSync(place.log, place.at(`logs/${backups[0]}`));
      place.write('logs/jira.log', problem('e'));
      const second = await TailProgram.start(place);
      await second.told('b', 'c', 'd', 'e');
      await second.stop();
      assert.deepEqual(openedIn(second), ['b', 'c', 'd', 'e']);
      assert.deepEqual(
        ['b', 'c', 'd', 'e'].map((one) => placeOf(second.objects, one)),
        [`logs/${backups[0]}:2`, `logs/${backups[1]}:1`, `logs/${backups[2]}:1`, 'logs/jira.log:1'],
      );
      assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd', 'e']));
      assertSure(first, second);
    });
  }

  test('5: rotated while stopped, and everything had been read: nothing is read again', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b'), 'logs/jira.log.1': problem('before') });
    const first = await TailProgram.start(place);
    await first.told('b');
    await first.stop();
    rotate(place.log);
    const second = await TailProgram.start(place);
    place.write('logs/jira.log', problem('c'));
    await second.told('c');
    await second.stop();
    assert.deepEqual(openedIn(second), ['c']);
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c']));
    assertSure(first, second);
  });

  test('5: killed, and rotated while it was away: nothing is lost, and what is told again is flagged', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') });
    const first = await TailProgram.start(place);
    await first.told('a', 'b');
    await first.kill();
    place.append('logs/jira.log', problem('c'));
    rotate(place.log);
    place.write('logs/jira.log', problem('d'));
    const second = await TailProgram.start(place);
    await second.told('c', 'd');
    await second.stop();
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd']));
    const again = second.objects.filter((object) => object.kind === 'incident' && /^[ab]$/.test(object.captures.n!));
    assert.ok(again.every((object) => object.kind === 'incident' && object.duplicatePossible));
    assert.deepEqual(second.trouble, []);
  });

  test('5: rotated while stopped until the file that was read is gone: that is reported, the rest is read', async () => {
    // The last record is open at the stop, and needed again.
    const place = tailPlace({ 'logs/jira.log': problem('a') + record('all is well') });
    const first = await TailProgram.start(place);
    await first.told('a');
    await first.stop();
    linkSync(place.log, place.at('held')); // its inode is given to no other
    rotateOften(place, ['b', 'c', 'd'], 2);
    const second = await TailProgram.start(place);
    await second.told('b', 'c', 'd');
    await second.stop();
    assert.deepEqual(openedIn(second), ['b', 'c', 'd']);
    assert.deepEqual(codesOf(second), ['lost-vanished']);
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd']));
  });

  const PACKED: readonly { name: string; before: number; reused: boolean; backups: readonly [string, string] }[] = [
    { name: 'with compress', before: 0, reused: false, backups: ['jira.log.2.gz', 'jira.log.1.gz'] },
    { name: 'with delaycompress', before: 0, reused: false, backups: ['jira.log.2.gz', 'jira.log.1'] },
    { name: 'with dateext', before: 0, reused: false, backups: ['jira.log-20261120.gz', 'jira.log-20261121.gz'] },
    { name: 'by logback', before: 0, reused: false, backups: ['jira-2026-11-20.0.log.gz', 'jira-2026-11-20.1.log'] },
    { name: 'after much was read', before: 3e6, reused: false, backups: ['jira.log.2.gz', 'jira.log.1.gz'] },
    { name: 'and the log has the same inode', before: 0, reused: true, backups: ['jira.log.2.gz', 'jira.log.1.gz'] },
  ];

  for (const { name, before, reused, backups } of PACKED) {
    test(`6: rotated and packed while stopped, ${name}: resumed at the position in what was packed`, async () => {
      const place = tailPlace({ 'logs/jira.log': quiet(before) + problem('a') });
      const first = await TailProgram.start(place);
      await first.told('a');
      await first.stop();
      const start = readFileSync(place.log);
      place.append('logs/jira.log', quiet(before) + problem('b'));
      const whole = readFileSync(place.log);
      if (!reused) renameSync(place.log, place.at('held')); // its inode is given to no other
      for (const [at, bytes] of [whole, problem('c')].entries()) {
        const plain = `logs/${backups[at]!.replace('.gz', '')}`;
        place.write(plain, bytes);
        if (backups[at]!.endsWith('.gz')) execFileSync('gzip', [place.at(plain)]);
      }
      place.write('logs/jira.log', problem('d'));
      const second = await TailProgram.start(place);
      await second.told('b', 'c', 'd');
      await second.stop();
      assert.deepEqual(openedIn(second), ['b', 'c', 'd']);
      assert.equal(placeOf(first.objects, 'a'), `logs/jira.log:${linesOf(start)}`);
      assert.deepEqual(
        ['b', 'c'].map((one) => placeOf(second.objects, one)),
        [`logs/${backups[0]}:${linesOf(whole)}`, `logs/${backups[1]}:1`],
      );
      assert.equal(second.problems.get('b')!.evidence[0]!.offset, whole.lastIndexOf('\n', whole.length - 2) + 1);
      assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd']));
      assertSure(first, second);
    });
  }

  test('6: packed while stopped, and there as plain file as well for a moment: read once', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const first = await TailProgram.start(place);
    await first.told('a');
    await first.stop();
    place.append('logs/jira.log', problem('b'));
    renameSync(place.log, `${place.log}.2`);
    place.write('logs/jira.log.1', problem('c'));
    for (const backup of [`${place.log}.1`, `${place.log}.2`]) execFileSync('gzip', ['--keep', backup]);
    place.write('logs/jira.log', problem('d'));
    const second = await TailProgram.start(place);
    await second.told('b', 'c', 'd');
    for (const backup of [`${place.log}.1`, `${place.log}.2`]) rmSync(backup);
    rotate(place.log);
    place.write('logs/jira.log', problem('e'));
    await second.told('e');
    await second.stop();
    assert.deepEqual(openedIn(second), ['b', 'c', 'd', 'e']);
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd', 'e']));
    assertSure(first, second);
  });

  test('6: backups that were read are packed, and shifted: nothing is read again, also not after a restart', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const first = await TailProgram.start(place);
    await first.told('a');
    rotate(place.log);
    place.write('logs/jira.log', quiet(5000) + problem('b'));
    await first.told('b');
    execFileSync('gzip', [`${place.log}.1`]);
    renameSync(`${place.log}.1.gz`, `${place.log}.2.gz`);
    rotate(place.log);
    place.write('logs/jira.log', problem('c'));
    await first.told('c');
    await first.stop();
    execFileSync('gzip', [`${place.log}.1`]);
    rotate(place.log);
    place.write('logs/jira.log', problem('d'));
    const second = await TailProgram.start(place);
    await second.told('d');
    await second.stop();
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd']));
    assert.deepEqual(openedIn(second), ['d']);
    assertSure(first, second);
  });

  test('6: packed backups that are there before the first start are none of its future', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a'), 'logs/jira.log.1': quiet(3000) + problem('before') });
    execFileSync('gzip', [`${place.log}.1`]);
    const first = await TailProgram.start(place);
    await first.told('a');
    renameSync(`${place.log}.1.gz`, `${place.log}.2.gz`);
    rotate(place.log);
    place.write('logs/jira.log', problem('b'));
    await first.told('b');
    await first.stop();
    copyFileSync(`${place.log}.2.gz`, `${place.log}.3.gz`);
    rmSync(`${place.log}.2.gz`);
    renameSync(`${place.log}.1`, `${place.log}.2`);
    rotate(place.log);
    place.write('logs/jira.log', problem('c'));
    const second = await TailProgram.start(place);
    await second.told('c');
    await second.stop();
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c']));
    assertSure(first, second);
  });

  test('6: a backup that is packed in another way than gzip is reported as unread, once', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    await program.whilePaused(() => {
      rotate(place.log);
      place.write('logs/jira.log.2.xz', 'packed');
      place.write('logs/jira.log', problem('b'));
    });
    await program.told('b');
    rotate(place.log);
    place.write('logs/jira.log', problem('c'));
    await program.told('c');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c']));
    assert.deepEqual(codesOf(program), ['lost-unreadable']);
    assert.equal(program.trouble[0]!.origin, 'logs/jira.log.2.xz');
  });

  test('7: a backup is packed while it is read: it is read to its end, once', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    let gzip: ChildProcess | null = null;
    await program.whilePaused(async () => {
      place.append('logs/jira.log', problem('b') + quiet(1000).repeat(15_000) + problem('c'));
      rotate(place.log);
      place.write('logs/jira.log', problem('d'));
      gzip = spawn('gzip', [`${place.log}.1`]);
      await program.until('it is being packed', () => existsSync(`${place.log}.1.gz`));
    });
    await Promise.all([once(gzip!, 'close'), program.told('b', 'c', 'd')]);
    assert.ok(!existsSync(`${place.log}.1`));
    renameSync(`${place.log}.1.gz`, `${place.log}.2.gz`);
    rotate(place.log);
    place.write('logs/jira.log', problem('e'));
    await program.told('e');
    await program.stop();
    assert.deepEqual(openedIn(program), ['a', 'b', 'c', 'd', 'e']);
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c', 'd', 'e']));
    assertSure(program);
  });

  test('7: a backup is packed before its writer has left it: what it still writes is read', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, { settings: { 'rotate-wait': '1s' } });
    await program.told('a');
    const writer = openSync(place.log, 'a');
    rotate(place.log);
    place.write('logs/jira.log', problem('c'));
    await program.until('the rotation is seen', () => rotationsSeen(program) === 1);
    execFileSync('gzip', [`${place.log}.1`]);
    writeSync(writer, problem('b'));
    closeSync(writer);
    await program.told('b', 'c');
    await program.stop();
    assert.deepEqual(openedIn(program), ['a', 'b', 'c']);
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c']));
    assertSure(program);
  });

  const HALVES = {
    'short at first': (whole: Buffer) => whole.subarray(0, whole.length / 2),
    'broken at first': (whole: Buffer) => Buffer.concat([whole.subarray(0, whole.length / 2), Buffer.alloc(3000, 7)]),
  };

  for (const [name, part] of Object.entries(HALVES)) {
    test(`7: a packed backup is ${name} and whole later: nothing is lost, nothing twice, nothing is said`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') });
      const first = await TailProgram.start(place);
      await first.told('a');
      await first.stop();
      place.append('logs/jira.log', problem('b') + noise(100_000) + problem('c'));
      const whole = gzipSync(readFileSync(place.log));
      place.write('logs/jira.log.1.gz', part(whole));
      place.write('logs/jira.log', problem('d'));
      const second = await TailProgram.start(place);
      await second.told('b');
      assert.ok(!second.problems.has('c'));
      place.write('logs/jira.log.1.gz', whole);
      await second.told('b', 'c', 'd');
      await second.stop();
      assert.deepEqual(openedIn(second), ['b', 'c', 'd']);
      assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd']));
      assertSure(first, second);
    });
  }

  test('7: a packed backup stays broken: it is tried again, read as far as it goes, and reported', {
    timeout: 20_000,
  }, async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const first = await TailProgram.start(place);
    await first.told('a');
    await first.stop();
    place.append('logs/jira.log', problem('b') + noise(100_000) + problem('c'));
    const whole = gzipSync(readFileSync(place.log));
    place.write('logs/jira.log.1.gz', whole.subarray(0, whole.length / 2));
    place.write('logs/jira.log', problem('d'));
    const second = await tail([place.at('logs')], {
      packs: await loadRules([place.at('acme')]),
      state: place.at('state'),
      asOf: '2026-11-24',
      poll: 20,
      flushTimeout: 100,
      rotateWait: 300,
      world: { clock: () => performance.now() * 120 }, // a minute is half a second
    });
    const objects: ReportObject[] = [];
    for await (const object of second) {
      objects.push(object);
      if (problemsOf(objects).has('d')) second.stop();
    }
    assert.equal(countsOf([...first.objects, ...objects]), onceEach(['a', 'b', 'd']));
    const trouble = objects.flatMap((object) => (object.kind === 'problem' ? [`${object.code} ${object.origin}`] : []));
    assert.deepEqual(trouble, [`lost-unreadable ${place.at('logs/jira.log.1.gz')}`]);
  });

  const HEADER = problem('cut').trimEnd();
  const TRACE = [
    HEADER,
    'com.example.Outer: it failed, größer than ever',
    '\tat com.example.Outer.run(Outer.java:12)',
    '\tat com.example.Main.main(Main.java:3)',
    '\tSuppressed: java.io.IOException: not closed',
    '\t\tat com.example.Outer.close(Outer.java:40)',
    'Caused by: com.example.Inner: deep inside',
    '\tat com.example.Inner.go(Inner.java:7)',
    '\t... 2 more',
  ];
  const WHOLE = TRACE.join('\n');

  /** Two files that follow on each other, and the text of the problem `cut` in them. */
  interface Cut {
    readonly name: string;
    readonly older: Uint8Array;
    readonly younger: Uint8Array;
    readonly text: string;
  }

  function cutBefore(text: string): Omit<Cut, 'name'> {
    return cutAt(Buffer.from(WHOLE).indexOf(text));
  }

  /** @param position in the bytes of the record */
  function cutAt(position: number): Omit<Cut, 'name'> {
    const bytes = Buffer.from(`${WHOLE}\n`);
    return { older: bytes.subarray(0, position), younger: bytes.subarray(position), text: WHOLE };
  }

  const CUTS: readonly Cut[] = [
    { name: 'the younger begins with a frame', ...cutBefore('\tat com.example.Main') },
    { name: 'the younger begins with Suppressed:', ...cutBefore('\tSuppressed: ') },
    { name: 'the younger begins with Caused by:', ...cutBefore('Caused by: ') },
    { name: 'the younger begins with ... N more', ...cutBefore('\t... 2 more') },
    { name: 'the older ends in the middle of its header', ...cutAt(HEADER.length - 20) },
    { name: 'the older ends in the middle of a frame', ...cutBefore('Outer.java:12') },
    { name: 'the older ends before a line end', ...cutBefore('\n\tat com.example.Main') },
    { name: 'the older ends in the middle of a character', ...cutAt(Buffer.from(WHOLE).indexOf(Buffer.from('ö')) + 1) },
  ];

  /** Records are counted while unknown errors are told of. */
  const COUNTING = { args: ['--unknown', '10'] };

  for (const { name, older, younger, text } of CUTS) {
    test(`17: a record is cut by a rotation: ${name}`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') });
      const program = await TailProgram.start(place, COUNTING);
      await program.told('a');
      await program.whilePaused(() => {
        place.append('logs/jira.log', older);
        rotate(place.log);
        place.write('logs/jira.log', younger);
        place.append('logs/jira.log', problem('next'));
      });
      await program.told('next');
      await program.stop();
      assertJoined(program.objects, text, 'logs/jira.log.1:2');
      assert.equal(recordsOf(program), 2, 'a and the one that was cut');
      assertSure(program);
    });
  }

  const FRAMES = { name: '', ...cutBefore('\tat com.example.Main') };
  const LINE = { name: '', ...cutBefore('Outer.java:12') };

  test('17: a line is cut by copytruncate: its end stands in the emptied file', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, COUNTING);
    await program.told('a');
    await program.whilePaused(() => {
      place.append('logs/jira.log', LINE.older);
      copyFileSync(place.log, `${place.log}.1`);
      truncateSync(place.log);
      place.append('logs/jira.log', LINE.younger);
      place.append('logs/jira.log', problem('next'));
    });
    await program.told('next');
    await program.stop();
    assertJoined(program.objects, WHOLE);
    assert.equal(recordsOf(program), 2, 'a and the one that was cut');
    assertSure(program);
  });

  test('17: a trace is cut and its beginning told of; it goes on only later, in the new file', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, COUNTING);
    place.append('logs/jira.log', FRAMES.older);
    await program.told('cut');
    rotate(place.log);
    place.write('logs/jira.log', '');
    await program.until('the rotation is seen', () => rotationsSeen(program) === 1);
    place.append('logs/jira.log', FRAMES.younger);
    await program.until('it is told of with its end', () => textOf(program.objects, 'cut') === WHOLE);
    assert.ok(program.problems.get('cut')!.provisional, 'it may go on');
    place.append('logs/jira.log', problem('next'));
    await program.told('next');
    await program.stop();
    assertJoined(program.objects, WHOLE);
    assert.equal(recordsOf(program), 2, 'a and the one that was cut');
    assertSure(program);
  });

  test('17: a trace goes through three files', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, COUNTING);
    await program.told('a');
    const [first, second] = ['\tat com.example.Main', 'Caused by: '].map((line) => WHOLE.indexOf(line));
    await program.whilePaused(() => {
      place.append('logs/jira.log', WHOLE.slice(0, first));
      rotate(place.log);
      place.write('logs/jira.log', WHOLE.slice(first, second));
      rotate(place.log);
      place.write('logs/jira.log', `${WHOLE.slice(second)}\n${problem('next')}`);
    });
    await program.told('next');
    await program.stop();
    assertJoined(program.objects, WHOLE);
    assert.equal(recordsOf(program), 2, 'a and the one that was cut');
    assertSure(program);
  });

  const AWAY: readonly { name: string; ends: 'stop' | 'kill'; packs: boolean }[] = [
    { name: 'stopped', ends: 'stop', packs: false },
    { name: 'stopped, and the older file packed', ends: 'stop', packs: true },
    { name: 'killed', ends: 'kill', packs: false },
  ];

  for (const { name, ends, packs } of AWAY) {
    for (const [what, { older, younger }] of Object.entries({ 'between two lines': FRAMES, 'inside a line': LINE })) {
      test(`17: a record is cut ${what} by a rotation while it is open, ${name}: it is joined after the restart`, async () => {
        const place = tailPlace({ 'logs/jira.log': problem('a') });
        const first = await TailProgram.start(place);
        place.append('logs/jira.log', older);
        await first.told('a', 'cut');
        await first[ends]();
        rotate(place.log);
        if (packs) execFileSync('gzip', [`${place.log}.1`]);
        place.write('logs/jira.log', younger);
        place.append('logs/jira.log', problem('next'));
        const second = await TailProgram.start(place);
        await second.told('next');
        await second.stop();
        assertJoined([...first.objects, ...second.objects], WHOLE, `logs/jira.log.1${packs ? '.gz' : ''}:2`);
        assert.deepEqual([...first.trouble, ...second.trouble], []);
        if (ends === 'stop') assertSure(first, second);
      });

      test(`17: a record that was cut ${what} is open, and it is ${name}: it goes on after the restart`, async () => {
        const place = tailPlace({ 'logs/jira.log': problem('a') });
        const first = await TailProgram.start(place);
        await first.told('a');
        await first.whilePaused(() => {
          place.append('logs/jira.log', older);
          rotate(place.log);
          place.write('logs/jira.log', younger);
        });
        await first.until('it is told of', () => textOf(first.objects, 'cut') === WHOLE);
        await first[ends]();
        if (packs) execFileSync('gzip', [`${place.log}.1`]);
        place.append('logs/jira.log', `\tat com.example.Late.come(Late.java:1)\n${problem('next')}`);
        const second = await TailProgram.start(place);
        await second.told('next');
        await second.stop();
        const all = [...first.objects, ...second.objects];
        assertJoined(
          all,
          `${WHOLE}\n\tat com.example.Late.come(Late.java:1)`,
          `logs/jira.log.1${packs ? '.gz' : ''}:2`,
        );
        assert.deepEqual([...first.trouble, ...second.trouble], []);
        if (ends === 'stop') assertSure(first, second);
      });
    }
  }

  const APART: readonly { name: string; older: string; younger: string; records: number }[] = [
    { name: 'the older has no line end, the younger begins with a header', older: HEADER, younger: '', records: 2 },
    {
      name: 'the older ends in the middle of a trace, the younger begins with a header',
      older: WHOLE.slice(0, WHOLE.indexOf('Outer.java:12')),
      younger: '',
      records: 2,
    },
    {
      name: 'the older ends in a line end, the younger begins with words',
      older: `${HEADER}\n`,
      younger: 'and some other words\n',
      records: 3,
    },
  ];

  for (const { name, older, younger, records } of APART) {
    test(`17: what a rotation did not cut is not joined: ${name}`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') });
      const program = await TailProgram.start(place, COUNTING);
      await program.told('a');
      await program.whilePaused(() => {
        place.append('logs/jira.log', older);
        rotate(place.log);
        place.write('logs/jira.log', younger + problem('next'));
      });
      await program.told('next');
      await program.stop();
      assertJoined(program.objects, older.trimEnd());
      assert.equal(recordsOf(program), records);
      assertSure(program);
    });
  }
});

/** A rotation for each problem, which then stands in the new file. */
function rotateOften(place: TailPlace, names: readonly string[], keep: number): void {
  for (const name of names) {
    rotate(place.log, keep);
    place.write('logs/jira.log', problem(name));
  }
}

/** What one process does: log, backups kept, milliseconds between rotations, and the files that become the log. */
const CASCADE = `
  const fs = require('node:fs');
  const [log, keep, wait, ...files] = process.argv.slice(1);
  for (const file of files) {
    for (let number = keep - 1; number > 0; number--)
      if (fs.existsSync(log + '.' + number)) fs.renameSync(log + '.' + number, log + '.' + (number + 1));
    fs.renameSync(log, log + '.1');
    fs.renameSync(file, log);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(wait));
  }
`;

/** How often it said that a log was rotated. */
function rotationsSeen({ stderr }: TailProgram): number {
  return stderr.split(' was rotated').length - 1;
}

function textOf(objects: readonly ReportObject[], name: string): string {
  return problemsOf(objects).get(name)?.evidence.at(-1)?.text ?? '';
}

/** The problems `a`, `cut` and `next` were counted once, and `cut` says this. */
function assertJoined(objects: readonly ReportObject[], text: string, where?: string): void {
  assert.equal(countsOf(objects), onceEach(['a', 'cut', 'next']));
  assert.equal(textOf(objects, 'cut'), text);
  if (where !== undefined) assert.equal(placeOf(objects, 'cut'), where);
}

/** How many records had ended when it stopped: all but the last one. */
function recordsOf({ objects }: TailProgram): number | null {
  return objects.find((object): object is SummaryObject => object.kind === 'summary')!.coverage.records;
}

function linesOf(bytes: Uint8Array): number {
  return bytes.filter((byte) => byte === 10).length;
}

/** Records without a problem that cannot be packed well, of so many bytes at least. */
function noise(bytes: number): string {
  const lines: string[] = [];
  for (let left = bytes; left > 0; left -= lines.at(-1)!.length)
    lines.push(record(`all is well, ${createHash('sha512').update(String(left)).digest('base64')}`));
  return lines.join('');
}
