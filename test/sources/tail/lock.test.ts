import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { after, test } from 'node:test';
import { LockedError, lock } from '../../../src/sources/tail/lock.js';
import { canBeNobody, NOBODY, workspace } from '../../helpers/cli.js';

const MODULE = new URL('../../../src/sources/tail/lock.js', import.meta.url).href;

/** A process that takes the lock, says how that went, and keeps it until it is killed. */
const OWNER = `
import { lock } from ${JSON.stringify(MODULE)};
try {
  await lock(process.argv[1]);
  console.log('got');
  setInterval(() => {}, 1000);
} catch (error) {
  console.log(error.name);
}
`;

interface Owner {
  readonly child: ChildProcess;
  /** What it said first. */
  readonly said: Promise<string>;
  kill(): Promise<void>;
}

const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

function owner(folder: string, user: { uid?: number; gid?: number } = {}): Owner {
  const child = spawn(process.execPath, ['--input-type=module', '-e', OWNER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    ...user,
  });
  running.add(child);
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const said = new Promise<string>((resolve) => {
    child.stdout!.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    void closed.then(() => resolve(''));
  });
  return {
    child,
    said,
    kill: () => {
      child.kill('SIGKILL');
      return closed;
    },
  };
}

test('who comes second is told of the first', async () => {
  const { dir } = workspace({});
  const held = await lock(dir);
  await assert.rejects(lock(dir), (error) => {
    assert.ok(error instanceof LockedError);
    assert.equal(
      error.message,
      `${dir} is in use by logscan, process ${process.pid}; stop it, or choose another --state`,
    );
    return true;
  });
  held.release();
  (await lock(dir)).release();
  assert.deepEqual(readdirSync(dir), [], 'nothing is left');
});

test('another process is named, and when it was killed its lock does not hold', async () => {
  const { dir } = workspace({});
  const first = owner(dir);
  assert.equal(await first.said, 'got');
  await assert.rejects(lock(dir), { message: new RegExp(`process ${first.child.pid};`) });
  await first.kill();
  assert.deepEqual(readdirSync(dir), ['lock.1'], 'it was left');
  const held = await lock(dir);
  await assert.rejects(lock(dir), LockedError);
  held.release();
});

test('of many that come at once, to a lock that was left, one gets it', async () => {
  const { dir } = workspace({});
  for (let round = 0; round < Number(process.env.LOGSCAN_TEST_RUNS ?? 2); round++) {
    const left = owner(dir);
    assert.equal(await left.said, 'got');
    await left.kill();
    const all = Array.from({ length: 5 }, () => owner(dir));
    const said = await Promise.all(all.map((one) => one.said));
    assert.deepEqual(said.sort(), ['LockedError', 'LockedError', 'LockedError', 'LockedError', 'got']);
    await Promise.all(all.map((one) => one.kill()));
    assert.equal(readdirSync(dir).length, 1, 'only that of the last owner is left');
  }
});

test('an owner that does not answer is one', async () => {
  const { dir } = workspace({});
  const first = owner(dir);
  assert.equal(await first.said, 'got');
  first.child.kill('SIGSTOP');
  await assert.rejects(lock(dir), {
    message: `${dir} is in use by another process; stop it, or choose another --state`,
  });
  await first.kill();
});

test('a path that is too long for a socket has a lock all the same', async () => {
  const { at } = workspace({});
  const dir = at(`${'a'.repeat(100)}/${'b'.repeat(100)}`);
  mkdirSync(dir, { recursive: true });
  const first = owner(dir);
  assert.equal(await first.said, 'got');
  await assert.rejects(lock(dir), { message: new RegExp(`process ${first.child.pid};`) });
  await first.kill();
  (await lock(dir)).release();
  assert.deepEqual(readdirSync(dir), []);
});

test('a file in its place that is no socket does not hold', async () => {
  const { dir } = workspace({ 'lock.7': 'no socket' });
  (await lock(dir)).release();
  assert.deepEqual(readdirSync(dir), []);
});

test('who may not ask the owner is told that there is one', { skip: !canBeNobody }, async () => {
  const { dir } = workspace({});
  const held = await lock(dir);
  const other = owner(dir, { uid: NOBODY, gid: NOBODY });
  assert.equal(await other.said, 'LockedError');
  held.release();
});

test('a directory that is not there is the error of the file system', async () => {
  await assert.rejects(lock(workspace({}).at('none')), { code: 'ENOENT' });
});
