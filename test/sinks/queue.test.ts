import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open as openFile, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Problem } from '../../src/model/diagnostics.js';
import type { Incident } from '../../src/model/incident.js';
import { EventQueue, EventRefused } from '../../src/sinks/queue.js';
import { workspace } from '../helpers/cli.js';
import { event, until } from '../helpers/hooks.js';

const PUTTING = fileURLToPath(new URL('../helpers/putting.js', import.meta.url));

/** A queue in a file of its own, which can be left and opened again. */
async function place() {
  const { dir, at } = workspace({});
  const file = at('queue.ndjson');
  const problems: Problem[] = [];
  const open = (maxIds?: number) =>
    EventQueue.open(file, {
      onProblem: (problem) => problems.push(problem),
      ...(maxIds === undefined ? {} : { maxIds }),
    });
  return { dir, file, problems, open, names: () => readdirSync(dir).sort() };
}

const waiting = (queue: EventQueue) => Array.from(queue.waiting(), ({ id, revision }) => `${id}/${revision}`);

test('what was put is there when the queue is opened again, oldest first, of each incident the newest revision', async () => {
  const { open, file, problems } = await place();
  const queue = await open();
  const newest = event('inc_a', 2, { title: 'Zoë \ud800 \u2028' });
  for (const one of [event('inc_a', 1), event('inc_b', 1), newest, event('inc_c', 1)]) await queue.put(one);
  for (const again of [queue, await open()]) {
    assert.deepEqual(waiting(again), ['inc_a/2', 'inc_b/1', 'inc_c/1']);
    assert.equal(again.size, 3);
    assert.deepEqual(await again.read('inc_a'), newest);
    await again.close();
  }
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(problems, []);
});

test('what was delivered is gone, in this run and in the next one', async () => {
  const { open } = await place();
  const queue = await open();
  await Promise.all([queue.put(event('inc_a', 1)), queue.put(event('inc_b', 1))]);
  await queue.done(await queue.read('inc_a'));
  assert.deepEqual(waiting(queue), ['inc_b/1']);
  await queue.close();
  const again = await open();
  assert.deepEqual(waiting(again), ['inc_b/1']);
  await again.close();
});

test('a newer revision that comes while an older one is delivered stays', async () => {
  const { open } = await place();
  const queue = await open();
  await queue.put(event('inc_a', 1));
  const sent = await queue.read('inc_a');
  await queue.put(event('inc_a', 2));
  await queue.done(sent);
  assert.deepEqual(waiting(queue), ['inc_a/2']);
  await queue.close();
  const again = await open();
  assert.deepEqual(waiting(again), ['inc_a/2']);
  await again.close();
});

const LATER = '2026-11-20T10:00:00Z';
const KNOWN: readonly (readonly [name: string, object: Incident, isTaken: boolean])[] = [
  ['an equal revision is not taken twice', event('inc_a', 5), false],
  ['nor is one that is only flagged', event('inc_a', 5, { duplicatePossible: true }), false],
  ['nor is an older one', event('inc_a', 4), false],
  ['a newer one is', event('inc_a', 6), true],
  ['so is an older one that was seen later: its revisions have begun anew', event('inc_a', 1, { lastAt: LATER }), true],
  [
    'so is another event of the same revision, as a tail may end otherwise when it is repeated',
    event('inc_a', 5, { event: 'resolved' }),
    true,
  ],
];

for (const [name, object, isTaken] of KNOWN) {
  for (const state of ['waits', 'was delivered'] as const) {
    test(`of an incident that ${state}: ${name}`, async () => {
      const { open } = await place();
      let queue = await open();
      await queue.put(event('inc_a', 5));
      if (state === 'was delivered') await queue.done(await queue.read('inc_a'));
      await queue.close();
      queue = await open();
      await queue.put(object);
      const before = state === 'waits' ? ['inc_a/5'] : [];
      assert.deepEqual(waiting(queue), isTaken ? [`inc_a/${object.revision}`] : before);
      if (isTaken) assert.deepEqual(await queue.read('inc_a'), object);
      await queue.close();
    });
  }
}

const OPEN: readonly (readonly [name: string, object: Incident, isOpen: boolean])[] = [
  ['opened', event('inc_a', 1), true],
  ['resolved', event('inc_a', 2, { event: 'resolved' }), false],
  ['withdrawn as a whole', event('inc_a', 2, { event: 'withdrawn', count: 0 }), false],
  ['withdrawn since it was opened again', event('inc_a', 9, { event: 'withdrawn', count: 7, episodeCount: 0 }), false],
  ['withdrawn in part', event('inc_a', 2, { event: 'withdrawn', count: 7 }), true],
];

for (const [name, object, isOpen] of OPEN) {
  test(`an incident that was ${name} is ${isOpen ? 'open' : 'not open'} for the receiver, before and after it is told`, async () => {
    const { open } = await place();
    let queue = await open();
    assert.equal(queue.isOpen('inc_a'), false);
    await queue.put(object);
    assert.equal(queue.isOpen('inc_a'), isOpen);
    await queue.done(await queue.read('inc_a'));
    await queue.close();
    queue = await open();
    assert.equal(queue.isOpen('inc_a'), isOpen);
    await queue.close();
  });
}

test('a queue that is full refuses a new incident, and takes what is newer of those it has', async () => {
  const { open } = await place();
  const queue = await open(2);
  const results = await Promise.allSettled(['inc_a', 'inc_b', 'inc_c'].map((id) => queue.put(event(id, 1))));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected'],
  );
  await assert.rejects(queue.put(event('inc_c', 1)), { name: 'EventRefused', message: /events of 2 incidents wait/ });
  await queue.put(event('inc_a', 2));
  await queue.done(await queue.read('inc_b'));
  await queue.put(event('inc_c', 1));
  assert.deepEqual(waiting(queue), ['inc_a/2', 'inc_c/1']);
  await queue.close();
});

test('an event that is too large is refused, and others are not', async () => {
  const { open } = await place();
  const queue = await open();
  await assert.rejects(queue.put(event('inc_a', 1, { cause: 'x'.repeat(17 * 1024 ** 2) })), EventRefused);
  await queue.put(event('inc_b', 1, { cause: 'x'.repeat(3 * 1024 ** 2) }));
  await queue.close();
  const again = await open();
  assert.equal((await again.read('inc_b')).cause?.length, 3 * 1024 ** 2);
  await again.close();
});

test('a journal is written anew when most of it is done with, and tells the same afterwards', async () => {
  const { open, file, names } = await place();
  const queue = await open();
  const cause = 'x'.repeat(20_000);
  await queue.put(event('inc_kept', 3));
  await queue.put(event('inc_told', 4));
  await queue.done(await queue.read('inc_told'));
  let largest = 0;
  for (let revision = 1; revision <= 150; revision++) {
    await queue.put(event('inc_a', revision, { cause }));
    largest = Math.max(largest, statSync(file).size);
  }
  assert.ok(largest > 1024 ** 2 && largest < 1024 ** 2 + 100_000, String(largest));
  assert.ok(statSync(file).size < largest);
  assert.deepEqual(names(), ['queue.ndjson']);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  for (const one of [queue, await open()]) {
    assert.deepEqual(waiting(one), ['inc_kept/3', 'inc_a/150']);
    assert.equal((await one.read('inc_a')).revision, 150);
    await one.put(event('inc_told', 4)); // it is remembered
    assert.equal(one.size, 2);
    await one.close();
  }
});

test('a journal of what is live is not written anew, however large it is', async () => {
  const { open, file } = await place();
  const queue = await open();
  const cause = 'x'.repeat(100_000);
  const first = openSync(file, 'r'); // so that no other file gets its number
  for (let index = 0; index < 30; index++) await queue.put(event(`inc_${index}`, 1, { cause }));
  await queue.close();
  assert.ok(statSync(file).size > 3_000_000);
  assert.equal(statSync(file).ino, fstatSync(first).ino);
  closeSync(first);
});

test('a journal that cannot be written anew is told, goes on, and is written anew when it can', async () => {
  const { open, file, problems } = await place();
  const queue = await open();
  const cause = 'x'.repeat(40_000);
  mkdirSync(`${file}.tmp`); // in its way
  let revision = 0;
  const put = () => {
    revision += 1;
    return queue.put(event('inc_a', revision, { cause }));
  };
  while (problems.length === 0 && revision < 200) await put();
  assert.deepEqual(
    problems.map(({ code, message }) => `${code}: ${message.replace(/\(.*\)/, '')}`),
    ['webhook-queue: the queue of a webhook cannot be made smaller '],
  );
  rmdirSync(`${file}.tmp`);
  const { size } = statSync(file);
  while (statSync(file).size >= size && revision < 200) await put();
  assert.ok(statSync(file).size < size);
  assert.equal(problems.length, 1);
  await queue.close();
  const again = await open();
  assert.deepEqual(waiting(again), [`inc_a/${revision}`]);
  await again.close();
});

/** A journal with this many lines, and what waits after each of them. */
async function journal(lines: number): Promise<{ bytes: Buffer; after: string[][] }> {
  const { open, file } = await place();
  const queue = await open();
  const after: string[][] = [[]];
  for (let line = 1; line <= lines; line++) {
    const id = `inc_${line % 3}`;
    if (line % 4 === 0) await queue.done(await queue.read(Array.from(queue.waiting())[0]!.id));
    else await queue.put(event(id, line, { title: 'é', evidence: [] }));
    after.push(waiting(queue));
  }
  await queue.close();
  return { bytes: readFileSync(file), after };
}

test('wherever a journal ends, all whole lines are there, nothing is told, and it goes on', async () => {
  const { bytes, after } = await journal(5);
  const { open, file, problems, names } = await place();
  for (let end = 0; end <= bytes.length; end++) {
    const cut = bytes.subarray(0, end);
    writeFileSync(file, cut);
    const whole = cut.filter((byte) => byte === 0x0a).length;
    const queue = await open();
    assert.deepEqual(waiting(queue), after[whole], `cut at ${end}`);
    const isNearEnd = bytes.subarray(Math.max(0, end - 1), end + 1).includes(0x0a);
    if (isNearEnd || end % 16 === 0) {
      await queue.put(event('inc_new', 1));
      await queue.close();
      const again = await open();
      assert.deepEqual(waiting(again), [...after[whole]!, 'inc_new/1'], `cut at ${end}, then written to`);
      await again.close();
    } else await queue.close();
  }
  assert.deepEqual(problems, []);
  assert.deepEqual(names(), ['queue.ndjson']);
});

test('whatever was put and delivered, a journal cut anywhere holds all that was whole', async () => {
  const step = fc.record({
    put: fc.integer({ min: 0, max: 3 }),
    revision: fc.integer({ min: 1, max: 5 }),
    isDelivered: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (steps, share) => {
        const { open, file, problems } = await place();
        const queue = await open();
        const states = [{ size: 0, waits: [] as string[] }];
        for (const { put, revision, isDelivered } of steps) {
          await queue.put(event(`inc_${put}`, revision, { evidence: [] }));
          states.push({ size: statSync(file).size, waits: waiting(queue) });
          const oldest = [...queue.waiting()][0];
          if (isDelivered && oldest) await queue.done(await queue.read(oldest.id));
          states.push({ size: statSync(file).size, waits: waiting(queue) });
        }
        await queue.close();
        const bytes = readFileSync(file);
        const end = Math.floor(share * bytes.length);
        writeFileSync(file, bytes.subarray(0, end));
        const again = await open();
        assert.deepEqual(waiting(again), states.findLast(({ size }) => size <= end)!.waits);
        await again.close();
        assert.deepEqual(problems, []);
      },
    ),
    { numRuns: 60 },
  );
});

test('of a damaged journal everything but the damaged line is there; it is kept aside and told', async () => {
  const { bytes } = await journal(7);
  const lines = bytes.toString('latin1').split('\n').slice(0, -1);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 2), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const { open, file, problems, names } = await place();
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= change;
      writeFileSync(file, damaged);
      const queue = await open();
      assert.deepEqual(names(), ['queue.ndjson', 'queue.ndjson.bad']);
      assert.deepEqual(readFileSync(`${file}.bad`), damaged);
      assert.deepEqual(
        problems.map(({ code }) => code),
        ['webhook-queue-damaged'],
      );
      assert.match(problems[0]!.message, /has [12] unreadable lines?; \d events? of it could be read/);
      const untouched = lines.filter((line) => damaged.includes(`${line}\n`, 0, 'latin1'));
      const put = untouched.map((line) => JSON.parse(line) as { put?: Incident }).filter((line) => line.put);
      for (const id of new Set(put.map((line) => line.put!.id))) assert.ok(queue.isOpen(id), id);
      await queue.close();
      const again = await open();
      assert.equal(problems.length, 1);
      assert.deepEqual(waiting(again), waiting(queue));
      await again.close();
    }),
    { numRuns: 60 },
  );
});

const NO_JOURNAL: readonly (readonly [name: string, make: (file: string) => void])[] = [
  ['another text', (file) => writeFileSync(file, 'hello\nworld\n')],
  ['another text without an end', (file) => writeFileSync(file, 'hello')],
  [
    'lines that are whole and say something else',
    (file) => writeFileSync(file, '{"crc":"2144df1c",}\n{"crc":"8cdc1683","a":1}\n'),
  ],
  ['nothing but NULs', (file) => writeFileSync(file, Buffer.alloc(5000))],
  ['a line that never ends', (file) => writeFileSync(file, Buffer.alloc(40 * 1024 ** 2, 'x'))],
  ['a directory', (file) => mkdirSync(file)],
];

for (const [name, make] of NO_JOURNAL) {
  test(`${name} in the place of a journal is kept aside and told, and the queue works`, async () => {
    const { open, file, problems, names } = await place();
    make(file);
    const queue = await open();
    await queue.put(event('inc_a', 1));
    await queue.close();
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['webhook-queue-damaged'],
    );
    assert.deepEqual(names(), ['queue.ndjson', 'queue.ndjson.bad']);
    const again = await open();
    assert.deepEqual(waiting(again), ['inc_a/1']);
    assert.equal(problems.length, 1);
    await again.close();
  });
}

test('a journal that was about to be set aside when the process was killed is found again', async () => {
  const { open, file, names } = await place();
  const queue = await open();
  await queue.put(event('inc_a', 1));
  await queue.close();
  await rename(file, `${file}.tmp`);
  const again = await open();
  assert.deepEqual(waiting(again), ['inc_a/1']);
  assert.deepEqual(names(), ['queue.ndjson']);
  await again.close();
});

test('what was half written anew when the process was killed does not matter', async () => {
  const { open, file } = await place();
  const queue = await open();
  await queue.put(event('inc_a', 1));
  await queue.close();
  writeFileSync(`${file}.tmp`, readFileSync(file).subarray(0, 100));
  const again = await open();
  assert.deepEqual(waiting(again), ['inc_a/1']);
  await again.close();
});

test('a folder that is not there is an error of the file system', async () => {
  const { dir } = await place();
  await assert.rejects(EventQueue.open(`${dir}/none/queue.ndjson`, { onProblem: () => {} }), { code: 'ENOENT' });
});

test('kill -9 at any moment loses nothing that was put, and brings back nothing that was delivered', async () => {
  const { file, open, problems } = await place();
  const put = new Map<string, number>();
  const done = new Map<string, number>();
  for (let turn = 0; turn < 8; turn++) {
    const child = spawn(process.execPath, [PUTTING, file, String(turn * 100_000 + 1)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = once(child, 'exit');
    let lines = 0;
    for await (const line of createInterface(child.stdout)) {
      const [what, id, revision] = line.split(' ') as [string, string, string];
      assert.notEqual(what, 'problem', line);
      (what === 'put' ? put : done).set(id, Number(revision));
      lines += 1;
      if (lines === 40 + turn * 37) child.kill('SIGKILL');
    }
    assert.equal((await exit)[1], 'SIGKILL');

    const queue = await open();
    const there = new Map(Array.from(queue.waiting(), ({ id, revision }) => [id, revision]));
    for (const [id, revision] of put) {
      const delivered = done.get(id) ?? 0;
      if (revision > delivered) {
        // A later one may have come to the disk without having been said; or it was delivered without that being said.
        const found = there.get(id);
        assert.ok(found === undefined ? id === lastDelivered(revision) : found >= revision, `${id}/${revision}`);
        if (found !== undefined) assert.equal((await queue.read(id)).revision, found);
      } else assert.ok((there.get(id) ?? Number.POSITIVE_INFINITY) > delivered, `${id}/${delivered}`);
    }
    await queue.close();
  }
  assert.ok(done.size === 4 && put.size === 5);
  assert.deepEqual(problems, []);
});

/** The incident that the process delivers after it has put this revision. */
function lastDelivered(revision: number): string {
  return `inc_${revision % 4}`;
}

const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

test('a disk that is full for a while loses nothing', { skip: !hasLimits && 'prlimit is not there' }, async () => {
  const { open, file, problems } = await place();
  const limit = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  const ignore = () => {};
  process.on('SIGXFSZ', ignore); // without it the limit ends the process
  const queue = await open();
  try {
    await queue.put(event('inc_a', 1));
    limit(statSync(file).size + 8000); // room for a part of the next line
    await assert.rejects(queue.put(event('inc_b', 1, { cause: 'x'.repeat(10_000) })), { code: 'EFBIG' });
    await until(() => statSync(file).size > 8000, 'a part was written');
    await assert.rejects(queue.put(event('inc_a', 2, { cause: 'x'.repeat(10_000) })), { code: 'EFBIG' });
    assert.deepEqual(waiting(queue), ['inc_a/1']);
    limit('unlimited');
    await queue.put(event('inc_c', 1)); // shorter than what was left of the other
    assert.deepEqual(waiting(queue), ['inc_a/1', 'inc_c/1']);
  } finally {
    limit('unlimited');
    process.off('SIGXFSZ', ignore);
    await queue.close();
  }
  const again = await open();
  assert.deepEqual(waiting(again), ['inc_a/1', 'inc_c/1']);
  await again.close();
  assert.deepEqual(problems, []);
});

test('a put has happened when it is on the disk, not before; those that wait at the same time share an fsync', async (t) => {
  const { open, file, dir } = await place();
  const queue = await open();
  const handle = await openFile(`${dir}/other`, 'w');
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const real = prototype.datasync;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const synced = t.mock.method(prototype, 'datasync', async function (this: typeof handle) {
    await held;
    await real.call(this);
  });
  const happened: string[] = [];
  const puts = ['inc_a', 'inc_b', 'inc_c'].map((id) => queue.put(event(id, 1)).then(() => happened.push(id)));
  await until(() => synced.mock.callCount() === 1, 'an fsync was asked for');
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 4);
  puts.push(queue.put(event('inc_d', 1)).then(() => happened.push('inc_d')));
  assert.deepEqual([happened, waiting(queue)], [[], []]);
  release();
  await Promise.all(puts);
  assert.deepEqual(happened, ['inc_a', 'inc_b', 'inc_c', 'inc_d']);
  assert.equal(synced.mock.callCount(), 2);
  await queue.close();
});

test('many puts at the same time are all kept, in their order', async () => {
  const { open } = await place();
  const queue = await open();
  const ids = Array.from({ length: 1000 }, (_, index) => `inc_${index}`);
  await Promise.all(ids.map((id) => queue.put(event(id, 1, { evidence: [] }))));
  await until(() => queue.size === 1000, 'all are there');
  await queue.close();
  const again = await open();
  assert.deepEqual(
    waiting(again),
    ids.map((id) => `${id}/1`),
  );
  await again.close();
});
