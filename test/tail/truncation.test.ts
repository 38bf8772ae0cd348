import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { describe, test } from 'node:test';
import type { SummaryObject } from '../../src/model/report.js';
import { scanned } from '../helpers/cli.js';
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
  shiftBackups,
  type TailPlace,
  TailProgram,
  tailPlace,
} from '../helpers/tail.js';

/* Faults 8 to 13 of the list that a tail must survive: a log is emptied or cut while it is written. */

describe('truncation', { concurrency: 4 }, () => {
  test('8: copytruncate, all read before: what comes then is read from the start, and the copies never', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + record('all is well') });
    const first = await TailProgram.start(place);
    await first.told('a');
    copyTruncate(place, 'logs/jira.log.1');
    await first.until('it is seen', () => truncationsSeen(first) === 1);
    place.append('logs/jira.log', problem('b'));
    await first.told('b');
    copyFileSync(place.at('logs/jira.log.1'), place.at('logs/jira.log.2'));
    copyTruncate(place, 'logs/jira.log.1');
    await first.until('it is seen again', () => truncationsSeen(first) === 2);
    place.append('logs/jira.log', problem('c'));
    await first.told('c');
    rotate(place.log);
    place.write('logs/jira.log', problem('d'));
    await first.told('d');
    await first.stop();
    const second = await TailProgram.start(place);
    place.append('logs/jira.log', problem('e'));
    await second.told('e');
    await second.stop();
    assert.deepEqual([...openedIn(first), ...openedIn(second)], ['a', 'b', 'c', 'd', 'e']);
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd', 'e']));
    assert.deepEqual(
      ['b', 'c', 'e'].map((name) => placeOf([...first.objects, ...second.objects], name)),
      ['logs/jira.log:1', 'logs/jira.log.1:1', 'logs/jira.log:2'],
    );
    assertSure(first, second);
  });

  const EMPTIED: readonly { name: string; copy: boolean; before: string; after: string }[] = [
    { name: 'a copy is kept', copy: true, before: quiet(3000), after: '' },
    { name: 'no copy is kept', copy: false, before: quiet(3000), after: '' },
    { name: 'no copy is kept of few lines', copy: false, before: '', after: '' },
  ];

  for (const { name, copy, before, after } of EMPTIED) {
    test(`8: emptied and written to again between two looks, all read before; ${name}`, async () => {
      const place = tailPlace({ 'logs/jira.log': before + problem('a') + record('all is well') });
      const program = await TailProgram.start(place);
      await program.told('a');
      await program.whilePaused(() => {
        if (copy) copyFileSync(place.log, `${place.log}.1`);
        place.write('logs/jira.log', problem('b') + after);
      });
      await program.told('b');
      await program.stop();
      assert.equal(countsOf(program.objects), onceEach(['a', 'b']));
      assert.equal(placeOf(program.objects, 'b'), 'logs/jira.log:1');
      assertSure(program);
    });

    test(`8: emptied and written to again while stopped, all read before; ${name}`, async () => {
      const place = tailPlace({ 'logs/jira.log': before + problem('a') + record('all is well') });
      const first = await TailProgram.start(place);
      await first.told('a');
      await first.stop();
      if (copy) copyFileSync(place.log, `${place.log}.1`);
      place.write('logs/jira.log', problem('b') + after);
      const second = await TailProgram.start(place);
      await second.told('b');
      await second.stop();
      assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b']));
      assert.deepEqual(openedIn(second), ['b']);
      // The last record was open, and nobody can read it again.
      assert.deepEqual(codesOf(second), copy ? [] : ['lost-truncated']);
      assert.ok(!second.problems.get('b')!.duplicatePossible);
    });
  }

  const GROWN: readonly { name: string; more: string }[] = [
    { name: '9: copytruncate, and grown past the old position between two looks', more: quiet(6000) },
    { name: '9: the same in a large file', more: quiet(3_000_000) },
    { name: '10: copytruncate, and grown to exactly the same size between two looks', more: '' },
  ];

  for (const { name, more } of GROWN) {
    const before = () => quiet(4000) + problem('a');
    const after = (size: number) => fillTo(problem('b') + more, more === '' ? size : 0);

    test(`${name}: the bytes before the position tell`, async () => {
      const place = tailPlace({ 'logs/jira.log': before() });
      const program = await TailProgram.start(place);
      await program.told('a');
      const { size, atime, mtime } = statSync(place.log);
      await program.whilePaused(() => {
        copyFileSync(place.log, `${place.log}.1`);
        place.write('logs/jira.log', after(size));
        utimesSync(place.log, atime, mtime); // times tell nothing
      });
      await program.told('b');
      await program.stop();
      if (more === '') assert.equal(statSync(place.log).size, size);
      assert.equal(countsOf(program.objects), onceEach(['a', 'b']));
      assert.equal(placeOf(program.objects, 'b'), 'logs/jira.log:1');
      assertSure(program);
    });

    test(`${name}, and no copy is kept`, async () => {
      const place = tailPlace({ 'logs/jira.log': before() });
      const program = await TailProgram.start(place);
      await program.told('a');
      const { size } = statSync(place.log);
      await program.whilePaused(() => place.write('logs/jira.log', after(size)));
      await program.told('b');
      await program.stop();
      assert.equal(countsOf(program.objects), onceEach(['a', 'b']));
      assertSure(program);
    });

    test(`${name}, while stopped`, async () => {
      const place = tailPlace({ 'logs/jira.log': before() });
      const first = await TailProgram.start(place);
      await first.told('a');
      await first.stop();
      const { size } = statSync(place.log);
      copyFileSync(place.log, `${place.log}.1`);
      place.write('logs/jira.log', after(size));
      const second = await TailProgram.start(place);
      await second.told('b');
      await second.stop();
      assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b']));
      assert.equal(placeOf(second.objects, 'b'), 'logs/jira.log:1');
      assertSure(first, second);
    });
  }

  test('9: a file whose turn to be read has not come is emptied and grows again: it is read from the copy', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, { settings: { 'rotate-wait': '1s' } });
    await program.told('a');
    rotate(place.log);
    place.write('logs/jira.log', problem('b'));
    await program.until('the rotation is seen', () => program.stderr.includes('was rotated'));
    await program.whilePaused(() => {
      shiftBackups(place.log);
      copyTruncate(place, 'logs/jira.log.1');
      place.append('logs/jira.log', problem('c') + quiet(3000));
    });
    await program.told('b', 'c');
    await program.stop();
    assert.deepEqual(openedIn(program), ['a', 'b', 'c']);
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c']));
    assertSure(program);
  });

  const COPIES: readonly { name: string; copies: readonly [string, string]; grown: number }[] = [
    { name: 'by logrotate', copies: ['jira.log.2', 'jira.log.1'], grown: 0 },
    {
      name: 'by logrotate, and the log has grown past the old position',
      copies: ['jira.log.2', 'jira.log.1'],
      grown: 6e3,
    },
    { name: 'with compress', copies: ['jira.log.2.gz', 'jira.log.1.gz'], grown: 0 },
    { name: 'with delaycompress', copies: ['jira.log.2.gz', 'jira.log.1'], grown: 0 },
    { name: 'with dateext', copies: ['jira.log-20261120', 'jira.log-20261121'], grown: 0 },
  ];

  for (const { name, copies, grown } of COPIES) {
    /** What nobody read yet of two copies, and the emptied log. */
    const truncateTwice = (place: TailPlace) => {
      for (const [at, copy] of copies.entries()) {
        const [last, next] = [
          ['b', 'c'],
          ['d', 'e'],
        ][at]!;
        place.append('logs/jira.log', problem(last!) + problem(next!));
        copyTruncate(place, `logs/${copy.replace('.gz', '')}`);
        if (copy.endsWith('.gz')) execFileSync('gzip', [place.at(`logs/${copy.replace('.gz', '')}`)]);
      }
      place.append('logs/jira.log', problem('f') + quiet(grown));
    };
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    const places = ['b', 'c', 'd', 'e', 'f'];
    const where = [`${copies[0]}:2`, `${copies[0]}:3`, `${copies[1]}:1`, `${copies[1]}:2`, 'jira.log:1'];

    test(`11: copytruncate twice between two looks, ${name}: what was not read is read from the copies`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') });
      const program = await TailProgram.start(place);
      await program.told('a');
      await program.whilePaused(() => truncateTwice(place));
      await program.told('b', 'c', 'd', 'e', 'f');
      await program.stop();
      assert.deepEqual(openedIn(program), all);
      assert.deepEqual(
        places.map((one) => placeOf(program.objects, one)),
        where.map((one) => `logs/${one}`),
      );
      assert.equal(countsOf(program.objects), onceEach(all));
      assertSure(program);
    });

    test(`11: copytruncate twice while stopped, ${name}: what was not read is read from the copies`, async () => {
      const place = tailPlace({ 'logs/jira.log': problem('a') });
      const first = await TailProgram.start(place);
      await first.told('a');
      await first.stop();
      truncateTwice(place);
      const second = await TailProgram.start(place);
      await second.told('b', 'c', 'd', 'e', 'f');
      await second.stop();
      assert.deepEqual(openedIn(second), places);
      assert.deepEqual(
        places.map((one) => placeOf(second.objects, one)),
        where.map((one) => `logs/${one}`),
      );
      assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(all));
      assertSure(first, second);
    });
  }

  test('11: a copy lacks the end of what was seen: the number of bytes that are lost is reported', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, { settings: { 'rotate-wait': '1s' } });
    await program.told('a');
    rotate(place.log);
    const [b, c] = [quiet(3000) + problem('b'), problem('c')];
    place.write('logs/jira.log', b + c);
    await program.until('it is seen', () => program.stderr.includes(`${b.length + c.length} bytes behind`));
    await program.whilePaused(() => {
      shiftBackups(place.log);
      place.write('logs/jira.log.1', b);
      place.write('logs/jira.log', problem('d'));
    });
    await program.told('b', 'd');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'd']));
    assert.deepEqual(codesOf(program), ['lost-truncated']);
    assert.match(program.trouble[0]!.message, new RegExp(`\\b${c.length} bytes`));
  });

  test('11: no copy is kept of what was seen and not read: the number of bytes that are lost is reported', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place, { settings: { 'rotate-wait': '1s' } });
    await program.told('a');
    rotate(place.log);
    const b = problem('b');
    place.write('logs/jira.log', b);
    await program.until('it is seen', () => program.stderr.includes(`${b.length} bytes behind`));
    await program.whilePaused(() => place.write('logs/jira.log', problem('c')));
    await program.told('c');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a', 'c']));
    assert.deepEqual(codesOf(program), ['lost-truncated']);
    assert.match(program.trouble[0]!.message, new RegExp(`\\b${b.length} bytes`));
  });

  for (const isSeen of [true, false]) {
    test(`12: cut to a smaller size, then appended to, ${isSeen ? 'each seen' : 'between two looks'}: read again, flagged`, async () => {
      const a = quiet(3000) + problem('a');
      const place = tailPlace({ 'logs/jira.log': a + problem('b') + record('all is well') });
      const program = await TailProgram.start(place);
      await program.told('a', 'b');
      await program.whilePaused(() => {
        truncateSync(place.log, a.length);
        if (!isSeen) place.append('logs/jira.log', problem('c') + record('all is well'));
      });
      if (isSeen) {
        // Said when it is known up to where it is read again; before that c would belong to it.
        await program.until('it is seen', () => program.stderr.includes('it is read again'));
        place.append('logs/jira.log', problem('c') + record('all is well'));
      }
      await program.told('c');
      await program.stop();
      assert.equal(countsOf(program.objects), 'a:2 b:1 c:1');
      assert.ok(program.problems.get('a')!.duplicatePossible);
      assert.ok(!program.problems.get('b')!.duplicatePossible, 'b stands there no longer');
      assert.equal(
        program.problems.get('c')!.duplicatePossible,
        !isSeen,
        'whether c is new is known only if the cut was seen',
      );
      assert.deepEqual(program.trouble, []);
    });
  }

  test('11: the last record of a log that was emptied is counted when nothing goes on with it for rotate-wait', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const first = await TailProgram.start(place);
    await first.told('a');
    assert.ok(first.problems.get('a')!.provisional);
    truncateSync(place.log, 0);
    await first.until('a is sure', () => first.problems.get('a')!.provisional === false);
    await first.stop();
    const second = await TailProgram.start(place);
    place.append('logs/jira.log', problem('b'));
    await second.told('b');
    await second.stop();
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b']));
    assertSure(first, second);
  });

  test('12: cut within its first bytes, then appended to, between two looks: read again, flagged', async () => {
    const a = problem('a', { rest: '\tat com.example.Job.run(Job.java:17)\n' });
    const place = tailPlace({ 'logs/jira.log': a });
    const program = await TailProgram.start(place);
    await program.told('a');
    await program.whilePaused(() => {
      truncateSync(place.log, a.length - 10);
      place.append('logs/jira.log', `\n${problem('b')}${record('all is well')}`);
    });
    await program.told('b');
    await program.stop();
    assert.equal(countsOf(program.objects), 'a:2 b:1');
    assert.ok(program.problems.get('a')!.duplicatePossible);
  });

  test('12: cut to a smaller size and appended to while stopped: read again, flagged, also over the next restart', async () => {
    const a = quiet(3000) + problem('a');
    const place = tailPlace({ 'logs/jira.log': a + problem('b') + problem('c') + record('all is well') });
    const first = await TailProgram.start(place);
    await first.told('a', 'b', 'c');
    await first.stop();
    truncateSync(place.log, a.length);
    const second = await TailProgram.start(place);
    place.append('logs/jira.log', problem('d'));
    await second.told('d');
    await second.stop();
    const third = await TailProgram.start(place);
    place.append('logs/jira.log', problem('a') + problem('e'));
    await third.told('e');
    await third.stop();
    assert.equal(countsOf([...first.objects, ...second.objects, ...third.objects]), 'a:3 b:1 c:1 d:1 e:1');
    assert.ok(third.problems.get('a')!.duplicatePossible, 'one of the three may be another');
    assert.deepEqual(codesOf(second), ['lost-truncated'], 'the last record was open');
    assert.deepEqual(third.trouble, []);
  });

  test('12: cut, with an unread rest: what is lost is reported with its number', async () => {
    const a = quiet(3000) + problem('a');
    const place = tailPlace({ 'logs/jira.log': problem('before') });
    const program = await TailProgram.start(place, { settings: { 'rotate-wait': '1s' } });
    await program.told('before');
    const b = problem('b');
    rotate(place.log);
    place.write('logs/jira.log', a + b);
    await program.until('it is seen', () => program.stderr.includes(`${a.length + b.length} bytes behind`));
    await program.whilePaused(() => truncateSync(place.log, a.length));
    await program.told('a');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a', 'before']));
    assert.deepEqual(codesOf(program), ['lost-truncated']);
    assert.match(program.trouble[0]!.message, new RegExp(`\\b${b.length} bytes`));
  });

  /** A writer that keeps its own position, as one that does not append does. */
  class Writer {
    readonly #descriptor: number;
    #position = 0;

    constructor(file: string) {
      this.#descriptor = openSync(file, 'r+');
      this.#position = statSync(file).size;
    }

    write(text: string): void {
      this.#position += writeSync(this.#descriptor, text, this.#position);
    }

    close(): void {
      closeSync(this.#descriptor);
    }
  }

  const HOLES = [5000, 100_000, 1_500_000];

  for (const size of HOLES) {
    for (const isSeen of [true, false]) {
      test(`13: truncated under a writer that does not append: a hole of ${size} NULs, ${isSeen ? 'begun before a look' : 'made between two looks'}`, async () => {
        // The last record is told of when everything was read.
        const place = tailPlace({ 'logs/jira.log': quiet(size) + problem('a') });
        const program = await TailProgram.start(place, { args: ['--unknown', '10'] });
        await program.told('a');
        const writer = new Writer(place.log);
        const { size: hole } = statSync(place.log);
        await program.whilePaused(() => {
          truncateSync(place.log);
          if (!isSeen) writer.write(problem('b', { rest: '\tat com.example.B.b(B.java:1)\n' }) + problem('c'));
        });
        if (isSeen) {
          await program.until('it is seen', () => truncationsSeen(program) === 1);
          writer.write(problem('b', { rest: '\tat com.example.B.b(B.java:1)\n' }) + problem('c'));
        }
        await program.told('b', 'c');
        writer.write(problem('d') + record('all is well'));
        await program.told('d');
        writer.close();
        await program.stop();
        assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c', 'd']));
        assert.equal(placeOf(program.objects, 'b'), 'logs/jira.log:1');
        assert.equal(placeOf(program.objects, 'd'), 'logs/jira.log:4');
        const { text } = program.problems.get('b')!.evidence[0]!;
        assert.match(text, /^2026-[^\0]* problem b\n\tat com\.example\.B\.b\(B\.java:1\)$/);
        const { bytes, lines, cutLines } = summaryOf(program).coverage;
        const written = readFileSync(place.log).length;
        assert.deepEqual({ bytes, cutLines }, { bytes: hole + written, cutLines: 0 }, 'NULs are counted as bytes');
        assert.ok(lines > 5);
        assertSure(program);
        await assertAsScanned(place, program, ['b', 'c', 'd']);
      });
    }
  }

  test('13: truncated twice under a writer that does not append: each hole is passed, nothing twice, nothing flagged', async () => {
    const place = tailPlace({ 'logs/jira.log': quiet(5000) + problem('a') + record('all is well') });
    const first = await TailProgram.start(place);
    await first.told('a');
    const writer = new Writer(place.log);
    for (const [at, name] of ['b', 'c'].entries()) {
      await first.whilePaused(() => {
        shiftBackups(place.log);
        copyTruncate(place, 'logs/jira.log.1');
        writer.write(problem(name) + record('all is well'));
      });
      await first.told(name);
      assert.equal(truncationsSeen(first), at + 1);
    }
    await first.stop();
    shiftBackups(place.log);
    copyTruncate(place, 'logs/jira.log.1');
    writer.write(problem('d'));
    writer.close();
    const second = await TailProgram.start(place);
    await second.told('d');
    await second.stop();
    assert.equal(countsOf([...first.objects, ...second.objects]), onceEach(['a', 'b', 'c', 'd']));
    assert.deepEqual(openedIn(second), ['d']);
    assertSure(first, second);
  });

  for (const packs of [false, true]) {
    test(`13: copies with holes${packs ? ', packed' : ''}: what was not read is found in them`, async () => {
      const place = tailPlace({ 'logs/jira.log': quiet(5000) + problem('a') + record('all is well') });
      const program = await TailProgram.start(place);
      await program.told('a');
      const writer = new Writer(place.log);
      await program.whilePaused(() => {
        for (const name of ['b', 'c']) {
          writer.write(problem(name));
          shiftBackups(place.log);
          copyTruncate(place, 'logs/jira.log.1');
        }
        if (packs)
          execFileSync(
            'gzip',
            [1, 2].map((number) => `${place.log}.${number}`),
          );
        writer.write(problem('d'));
      });
      await program.told('b', 'c', 'd');
      writer.close();
      await program.stop();
      assert.deepEqual(openedIn(program), ['a', 'b', 'c', 'd']);
      assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c', 'd']));
      assertSure(program);
    });
  }

  test('13: a line that copytruncate cut goes on behind the hole', async () => {
    const place = tailPlace({ 'logs/jira.log': quiet(100_000) + problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    const writer = new Writer(place.log);
    const text = problem('b', { rest: '\tat com.example.B.b(B.java:1)\n' });
    await program.whilePaused(() => {
      writer.write(text.slice(0, -10));
      copyTruncate(place, 'logs/jira.log.1');
      writer.write(text.slice(-10) + problem('c'));
    });
    writer.close();
    await program.told('b', 'c');
    await program.stop();
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c']));
    assert.equal(`${program.problems.get('b')!.evidence[0]!.text}\n`, text);
    assert.equal(placeOf(program.objects, 'c'), 'logs/jira.log:2');
    const { offset } = program.problems.get('c')!.evidence[0]!;
    assert.match(readFileSync(place.log).subarray(offset).toString(), /^2026-[^\n]* problem c\n$/);
    assertSure(program);
  });
});

/** What logrotate's copytruncate does. */
function copyTruncate(place: TailPlace, copy: string): void {
  copyFileSync(place.log, place.at(copy));
  truncateSync(place.log);
}

/** A text of exactly that many bytes: what is missing says nothing; as it is if that is 0. */
function fillTo(text: string, size: number): string {
  if (size === 0) return text;
  const end = record('');
  return text + record('.'.repeat(size - text.length - end.length));
}

/** How often it said that a log was truncated. */
function truncationsSeen({ stderr }: TailProgram): number {
  return stderr.split(' was truncated').length - 1;
}

function summaryOf({ objects }: TailProgram): SummaryObject {
  return objects.find((object): object is SummaryObject => object.kind === 'summary')!;
}

/** A scan of what is there finds these the same. */
async function assertAsScanned(place: TailPlace, program: TailProgram, names: readonly string[]): Promise<void> {
  const { all } = await scanned(['logs', '--rules', 'acme', '--only', 'acme/problem'], { cwd: place.dir });
  const scan = problemsOf(all);
  for (const name of names) {
    const { count, firstAt, lastAt, evidence } = program.problems.get(name)!;
    const other = scan.get(name)!;
    assert.deepEqual(
      { count, firstAt, lastAt, evidence },
      { count: other.count, firstAt: other.firstAt, lastAt: other.lastAt, evidence: other.evidence },
    );
  }
}
