import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { after, test } from 'node:test';
import type { Problem } from '../../src/model/diagnostics.js';
import type { Incident } from '../../src/model/incident.js';
import type { ReportObject } from '../../src/model/report.js';
import {
  countsOf,
  objectsIn,
  onceEach,
  problem,
  problemsOf,
  record,
  type TailPlace,
  TailProgram,
  tailPlace,
  toldTwice,
} from '../helpers/tail.js';
import { type End, tailInside, toldInside } from '../helpers/tailing.js';

/* Faults 21 and 22 of the list that a tail must survive: the disk is full, or nobody reads what it prints. */

const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** A disk for the state that may be full, and a clock that a test moves on. */
function world() {
  const of = {
    isFull: false,
    /** Calls that the disk refused. */
    refused: 0,
    /** Milliseconds that the test has let pass. */
    passed: 0,
    stateFiles: {
      open: ((...args: Parameters<typeof fs.open>) => {
        if (!of.isFull || args[1] === 'r') return fs.open(...args);
        of.refused++;
        return Promise.reject(FULL);
      }) as typeof fs.open,
      rename: fs.rename,
    },
    clock: () => performance.now() + of.passed,
  };
  return of;
}

function codesOf(objects: readonly ReportObject[]): string[] {
  return objects.flatMap((object) => (object.kind === 'problem' ? [object.code] : []));
}

test('21: with a full disk for the checkpoint it goes on, says so once, and tries again', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + record('between') });
  const disk = world();
  const notes: string[] = [];
  const tailing = await tailInside(place, { world: disk, diagnostics: { note: (message) => notes.push(message) } });
  const told: ReportObject[] = [];
  const steps: Record<string, () => void> = {
    a: () => {
      disk.isFull = true;
      disk.passed += 5000;
      place.append('logs/jira.log', problem('b') + record('between'));
    },
    b: () => {
      assert.match(tailing.status().checkpointTrouble!, /no space left/);
      place.append('logs/jira.log', problem('c') + record('between'));
    },
    c: () => {
      assert.equal(disk.refused, 1, 'it is not tried again at once');
      disk.passed += 5000;
      place.append('logs/jira.log', problem('d') + record('between'));
    },
    d: () => {
      assert.ok(tailing.status().checkpointAge! >= 5, 'the age is that of the last one that was written');
      disk.passed += 5000;
      place.append('logs/jira.log', problem('e') + record('between'));
    },
    e: () => {
      assert.equal(disk.refused, 3);
      disk.isFull = false;
      disk.passed += 5000;
      place.append('logs/jira.log', problem('f') + record('between'));
    },
    f: () => place.append('logs/jira.log', problem('g') + record('between')),
    g: () => {
      assert.equal(tailing.status().checkpointTrouble, null);
      assert.ok(tailing.status().checkpointAge! < 5);
      tailing.stop();
    },
  };
  for await (const object of tailing) {
    told.push(object);
    if (object.kind === 'incident') steps[object.captures.n!]!();
  }
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c', 'd', 'e', 'f', 'g']));
  assert.deepEqual(codesOf(told), ['state-not-written']);
  assert.deepEqual(
    notes.filter((note) => note.includes('state')),
    ['the state can be written again'],
  );
});

test('21: what was told while the checkpoint could not be written is flagged after a kill', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  await toldInside(place, stopAt('a'));
  place.append('logs/jira.log', problem('b') + problem('c'));
  const disk = world();
  disk.isFull = true;
  const killed = await toldInside(place, (told) => (problemsOf(told).has('c') ? 'killed' : null), { world: disk });
  assert.deepEqual(codesOf(killed), ['state-not-written']);
  const last = await toldInside(place, stopAt('c'));
  assert.equal(countsOf(last), 'a:1 b:1 c:1');
  const isFlagged = ({ duplicatePossible }: Incident) => duplicatePossible;
  assert.ok(last.filter((object): object is Incident => object.kind === 'incident').every(isFlagged));
});

test('21: at an orderly stop without room for the checkpoint it says that more will be read again', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const disk = world();
  const problems: Problem[] = [];
  const stopped = await toldInside(
    place,
    (told) => {
      disk.isFull = problemsOf(told).has('a');
      return stopAt('a')(told);
    },
    { world: disk, checkpoint: 3_600_000, diagnostics: { problem: (problem) => problems.push(problem) } },
  );
  assert.equal(countsOf(stopped), 'a:1');
  assert.match(problems.at(-1)!.message, /the state cannot be written .*the next start reads more again/);
  const last = await toldInside(place, stopAt('a'));
  assert.equal(countsOf(last), 'a:1');
  assert.ok(problemsOf(last).get('a')!.duplicatePossible);
});

/** A disk with room for some records, which can be full. */
function smallDisk(place: TailPlace): { fill(): void; free(): void } | null {
  mkdirSync(place.at('small'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', place.at('small')]).status !== 0) return null;
  mounted.push(place.at('small'));
  const ballast = place.at('small/ballast');
  return {
    fill() {
      const file = openSync(ballast, 'a');
      try {
        for (const size of [4096, 1]) {
          try {
            for (;;) writeSync(file, Buffer.alloc(size));
          } catch (error) {
            assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast),
  };
}

const mounted: string[] = [];
after(() => {
  for (const folder of mounted) spawnSync('umount', ['-l', folder]);
});

const NAMES = Array.from({ length: 40 }, (_, index) => `p${index}`);

for (const [what, isFile] of [
  ['a file', true],
  ['standard output', false],
] as const) {
  test(`22: when the disk of ${what} is full, reading waits; when there is room again, all of it is told`, async (t) => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + record('between') });
    const disk = smallDisk(place);
    if (disk === null) return t.skip('nothing can be mounted here');
    const output = place.at('small/told.ndjson');
    const stdout = openSync(place.at(isFile ? 'other' : 'small/told.ndjson'), 'a');
    const told = () => objectsIn(readFileSync(output, 'utf8').replace(/[^\n]+$/, ''));
    const program = await TailProgram.start(place, { args: isFile ? ['-o', output] : [], stdout });
    await program.until('a is told', () => problemsOf(told()).has('a'));
    await program.until('a checkpoint has it', () => stateOf(place).includes('"n":"a"'));
    disk.fill();
    place.append('logs/jira.log', NAMES.map((name) => problem(name)).join('') + problem('last') + record('the end'));
    await program.until('it says so', () => program.stderr.includes('cannot be written'));
    assert.match(
      program.stderr,
      /(told\.ndjson|standard output) cannot be written \(ENOSPC.*reading waits, nothing is lost/,
    );
    // What was not told is in no checkpoint, and nothing more is read.
    place.append('logs/jira.log', problem('while-full') + record('the end'));
    assert.ok(!problemsOf(told()).has('last'));
    assert.ok(!stateOf(place).includes('"n":"last"'));
    assert.equal(program.stderr.match(/cannot be written/g)!.length, 1, 'told once');
    disk.free();
    await program.until('it goes on', () => problemsOf(told()).has('while-full'));
    assert.match(program.stderr, /can be written again/);
    assert.equal(await program.stop(), 143);
    closeSync(stdout);
    const objects = objectsIn(readFileSync(output, 'utf8'));
    assert.equal(countsOf(objects), onceEach(['a', ...NAMES, 'last', 'while-full']));
    assert.deepEqual(toldTwice(objects), []);
    assert.deepEqual(codesOf(objects), []);
    assert.equal(objects.at(-1)!.kind, 'summary');
  });
}

for (const how of ['SIGTERM', 'SIGKILL'] as const) {
  test(`22: ended by ${how} while the disk of a file is full, it goes on where that file ended`, async (t) => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + record('between') });
    const disk = smallDisk(place);
    if (disk === null) return t.skip('nothing can be mounted here');
    const output = place.at('small/told.ndjson');
    const options = { args: ['-o', output] };
    let program = await TailProgram.start(place, options);
    await program.until('a is told', () => readFileSync(output, 'utf8').includes('Problem a'));
    disk.fill();
    place.append('logs/jira.log', NAMES.map((name) => problem(name)).join('') + problem('last') + record('the end'));
    await program.until('it says so', () => program.stderr.includes('cannot be written'));
    if (how === 'SIGKILL') await program.kill();
    else {
      assert.equal(await program.stop(), 143);
      assert.match(program.stderr, /stopped without a last checkpoint: the next start reads again/);
    }
    assert.doesNotMatch(readFileSync(output, 'utf8'), /\n$/, 'half a line is in it');
    disk.free();
    program = await TailProgram.start(place, options);
    await program.until('it goes on', () => readFileSync(output, 'utf8').includes('Problem last'));
    assert.equal(await program.stop(), 143);
    const objects = objectsIn(readFileSync(output, 'utf8'));
    assert.equal(countsOf(objects), onceEach(['a', ...NAMES, 'last']));
    assert.deepEqual(toldTwice(objects), []);
    assert.deepEqual(codesOf(objects), []);
  });
}

test('22: with a standard output that takes nothing it waits, ends when it is told to, and has taken nothing', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') });
  const stdout = openSync('/dev/full', 'w');
  let program = await TailProgram.start(place, { stdout });
  await program.until('it says so', () => program.stderr.includes('cannot be written'));
  assert.match(program.stderr, /standard output cannot be written \(ENOSPC.*reading waits, nothing is lost/);
  assert.equal(await program.stop(), 143);
  closeSync(stdout);
  assert.match(program.stderr, /stopped without a last checkpoint: the next start reads again/);
  assert.doesNotMatch(program.stderr, /internal error/);
  program = await TailProgram.start(place);
  await program.told('a', 'b');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'b']));
  assert.deepEqual(program.trouble, []);
});

for (const format of ['ndjson', 'text'] as const) {
  test(`22: whoever reads its ${format} goes away: it ends quietly, and the next run tells what nobody took`, async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    let program = await TailProgram.start(place, { args: ['--format', format] });
    await program.until('something is told', () => program.stdout.includes('Problem a'));
    program.child.stdout!.destroy();
    place.append('logs/jira.log', problem('b') + record('the end'));
    assert.equal(await program.end(), 0);
    assert.match(program.stderr, /^following 1 log in logs · .*\n$/);
    program = await TailProgram.start(place);
    await program.told('b');
    await program.stop();
    assert.equal(program.problems.get('b')!.count, 1);
    assert.deepEqual(program.trouble, []);
  });
}

function stateOf(place: TailPlace): string {
  return readFileSync(place.at('state/state.json'), 'utf8');
}

/** Ends a run orderly when this problem is told. */
function stopAt(name: string): (told: readonly ReportObject[]) => End {
  return (told) => (problemsOf(told).has(name) ? 'stopped' : null);
}
