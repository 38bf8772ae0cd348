import assert from 'node:assert/strict';
import { readdirSync, readlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Following, packOf } from '../helpers/following.js';
import { countsOf, problem, record, type TailPlace, TailProgram, tailPlace } from '../helpers/tail.js';

/* Faults 31 and 49 of the list that a tail must survive: more logs than can be open, and one that grows faster than it is read. */

/** So many files take a machine that is busy a while. */
const PATIENCE = 60_000; // milliseconds
const IN_PROC = process.platform === 'linux' ? false : 'there is no /proc';

/** Descriptors of a process that lead to logs. */
function openLogs({ child }: TailProgram, folder: string): number {
  const directory = `/proc/${child.pid}/fd`;
  return readdirSync(directory).filter((name) => {
    try {
      return readlinkSync(path.join(directory, name)).startsWith(`${folder}/`);
    } catch {
      return false; // closed meanwhile
    }
  }).length;
}

function manyLogs(many: number): { place: TailPlace; names: readonly string[] } {
  const place = tailPlace();
  const names = Array.from({ length: many }, (_, index) => `logs/node-${index}.log`);
  for (const name of names) place.write(name, record('all is well'));
  return { place, names };
}

/** Everything that is written to each log is told; returns how many of them were open at most. */
async function allTold(program: TailProgram, { place, names }: ReturnType<typeof manyLogs>): Promise<number> {
  let most = openLogs(program, place.at('logs'));
  const timer = setInterval(() => {
    most = Math.max(most, openLogs(program, place.at('logs')));
  }, 10);
  timer.unref();
  // An incident is told of again when it was seen ten times.
  const problems = names.length / 10;
  for (const [index, name] of names.entries()) place.append(name, problem(`p-${index % problems}`) + record('well'));
  const isTold = () => [...program.problems.values()].filter(({ count }) => count === 10).length === problems;
  await program.until('all is told', isTold, PATIENCE);
  clearInterval(timer);
  assert.equal(await program.stop(), 143);
  assert.ok([...program.problems.values()].every(({ count, duplicatePossible }) => count === 10 && !duplicatePossible));
  return most;
}

test('31: of 10,000 logs so many are open as is allowed, and what is new in each is told', {
  skip: IN_PROC,
}, async () => {
  const logs = manyLogs(10_000);
  const settings = { 'open-files': 100, 'flush-timeout': '2s', checkpoint: '1s' };
  const program = await TailProgram.start(logs.place, { settings });
  const most = await allTold(program, logs);
  assert.ok(most <= 101, `${most} were open`);
  assert.deepEqual(program.trouble, []);
});

test('31: where the system gives no more descriptors, it is said, and what is new in each log is told', {
  skip: IN_PROC,
}, async () => {
  const logs = manyLogs(2000);
  const program = await TailProgram.start(logs.place, {
    settings: { 'open-files': 1000, 'flush-timeout': '2s', checkpoint: '1s' },
    through: ['prlimit', '--nofile=120:120'],
  });
  const most = await allTold(program, logs);
  assert.ok(most < 120, `${most} were open`);
  const told = new Set(program.trouble.map(({ code }) => code));
  assert.deepEqual([...told], ['descriptors-exhausted']);
  assert.equal(program.trouble.length, 1, 'once');
});

const PACK = packOf({ id: 'acme/problem', match: { pattern: 'problem (?<n>[\\w-]+)' }, groupBy: ['n'] });

test('49: a log that grows faster than it is read: how far it is behind is known, and nothing is skipped', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const following = await Following.start([place.log], { packs: [PACK], state: place.at('state') });
  await following.read();
  const lag = () => {
    const [log] = following.status.logs;
    return [log!.behind, log!.behindSeconds > 60] as const;
  };
  assert.deepEqual(lag(), [0, false]);
  // A place that takes no more stops the reading.
  const release = following.hold();
  place.append('logs/jira.log', problem('b') + record('all is well'));
  await following.until('it is held', () => following.objects.some((object) => object.kind === 'incident'));
  const many = problem('c').repeat(20_000);
  place.append('logs/jira.log', many);
  assert.equal(lag()[0], many.length);
  following.pass(100_000);
  assert.deepEqual(lag(), [many.length, true]);
  place.append('logs/jira.log', problem('d'));
  release();
  await following.read();
  assert.deepEqual(lag(), [0, false]);
  await following.stop();
  assert.equal(countsOf(following.objects), 'a:1 b:1 c:20000 d:1');
  assert.deepEqual(following.trouble, []);
});

test('49: a log that is very far behind is told of, once', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const size = 300 * 2 ** 20;
  truncateSync(place.log, size);
  const following = await Following.start([place.log], { packs: [PACK], state: place.at('state') });
  const release = following.hold();
  assert.deepEqual(following.notes, [`${place.log}: ${size} bytes behind; nothing is skipped`]);
  following.tailing.stop();
  release();
  await following.stop();
  assert.equal(following.notes.length, 1);
});
