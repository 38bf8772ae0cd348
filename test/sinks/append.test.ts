import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { AppendFile, type AppendState, NotWritten } from '../../src/sinks/append.js';
import { workspace } from '../helpers/cli.js';

/** A file in a folder of its own, and what is told of it. */
function desk(text?: string) {
  const { at } = workspace(text === undefined ? {} : { 'told.ndjson': text });
  const said: string[] = [];
  /** Waits that were asked for; each ends when the test has done something about it, which tells whether to go on. */
  const waits: number[] = [];
  let onWait: () => boolean = () => assert.fail('nothing should have to be waited for');
  const place = at('told.ndjson');
  return {
    at,
    place,
    said,
    waits,
    meanwhile: (then: () => boolean) => {
      onWait = then;
    },
    text: () => readFileSync(place, 'utf8'),
    /** Another run on it. */
    open: async (state: AppendState | null = null) => {
      const file = new AppendFile(place, {
        onTrouble: (message, remedy) => said.push(`${message}; ${remedy}`),
        onRelief: (message) => said.push(message),
        wait: async (milliseconds) => {
          waits.push(milliseconds);
          return onWait();
        },
      });
      const problem = await file.restore(state);
      return { file, problem };
    },
  };
}

const LONG = `${'x'.repeat(10_000)}\n`;

for (const [what, text] of [
  ['a short file', 'one\n'],
  ['a file longer than what is hashed', LONG],
  ['an empty file', ''],
] as const) {
  test(`what was added to ${what} behind the checkpoint is cut off by the next run, and all of it is there once`, async () => {
    const { open, text: now, said } = desk(text);
    const { file } = await open();
    await file.write('two\n');
    await file.sync();
    const state = file.state();
    await file.write('three\n');
    await file.write('half a li');
    await file.close(); // as a kill would
    const { file: next, problem } = await open(state);
    assert.equal(problem, null);
    assert.equal(now(), `${text}two\n`);
    await next.write('three\n');
    assert.deepEqual(next.state().length, text.length + 'two\nthree\n'.length);
    await next.close();
    assert.equal(now(), `${text}two\nthree\n`);
    assert.deepEqual(said, []);
  });
}

test('a file that is not there is made, and one that is there is added to', async () => {
  const { open, text } = desk();
  const { file, problem } = await open();
  await file.write('Zoë 𝄞\n');
  await file.close();
  assert.equal(problem, null);
  const again = await open();
  assert.equal(again.problem, null);
  await again.file.write('two\n');
  await again.file.close();
  assert.equal(text(), 'Zoë 𝄞\ntwo\n');
});

/** What becomes of a file between two runs, and what is in it then. */
const CHANGED: readonly (readonly [string, (place: string, other: string) => void, string])[] = [
  [
    'rotated, and made anew',
    (place, other) => {
      renameSync(place, other);
      writeFileSync(place, '');
    },
    '',
  ],
  ['rotated, with nothing in its place', renameSync, ''],
  ['emptied', (place) => truncateSync(place, 0), ''],
  ['cut', (place) => truncateSync(place, 4), 'one\n'],
  ['edited where it is', (place) => writeFileSync(place, 'one\ntWo\nthree\n'), 'one\ntWo\nthree\n'],
  [
    'replaced by a copy',
    (place, other) => {
      copyFileSync(place, other);
      renameSync(other, place);
    },
    'one\ntwo\nthree\n',
  ],
  [
    'replaced by something longer',
    (place, other) => {
      writeFileSync(other, LONG);
      renameSync(other, place);
    },
    LONG,
  ],
];

for (const [what, change, left] of CHANGED) {
  test(`a file that was ${what} since the checkpoint is never cut, and that is told`, async () => {
    const { open, text, place, at } = desk('one\n');
    const { file } = await open();
    await file.write('two\n');
    await file.sync();
    const state = file.state();
    await file.write('three\n');
    await file.close();
    change(place, at('other'));
    const { file: next, problem } = await open(state);
    assert.equal(problem?.code, 'output-changed');
    assert.equal(problem.origin, place);
    assert.match(problem.message, /is not the file that the last run left; it is added to/);
    await next.write('four\n');
    await next.sync();
    const again = next.state();
    await next.close();
    assert.equal(text(), `${left}four\n`);
    assert.equal((await open(again)).problem, null, 'it is known from now on');
  });
}

test('half a line of somebody else stays a line by itself', async () => {
  const { open, text } = desk('{"kind":"inc');
  const { file } = await open();
  await file.write('one\n');
  await file.write('two\n');
  await file.close();
  assert.equal(text(), '{"kind":"inc\none\ntwo\n');
});

test('a file that is moved away while it is written is left at the next checkpoint, and its successor gets the rest', async () => {
  const { open, text, place, at } = desk();
  const { file } = await open();
  await file.write('one\n');
  renameSync(place, at('told.ndjson.1'));
  await file.write('two\n');
  await file.sync();
  await file.write('three\n');
  const state = file.state();
  assert.equal(state.ino, String(statSync(place).ino));
  await file.close();
  assert.equal(readFileSync(at('told.ndjson.1'), 'utf8'), 'one\ntwo\n');
  assert.equal(text(), 'three\n');
});

test('a file that others empty while it is written goes on at its end, without a hole', async () => {
  const { open, text, place } = desk();
  const { file } = await open();
  await file.write('one\n');
  truncateSync(place, 0); // as copytruncate does
  await file.write('two\n');
  await file.sync();
  const state = file.state();
  await file.write('three\n');
  await file.close();
  assert.equal(text(), 'two\nthree\n');
  const { file: next, problem } = await open(state);
  assert.equal(problem, null);
  await next.close();
  assert.equal(text(), 'two\n');
});

test('what others add is not written over', async () => {
  const { open, text, place } = desk();
  const { file } = await open();
  await file.write('one\n');
  appendFileSync(place, 'of somebody else\n');
  await file.write('two\n');
  await file.close();
  assert.equal(text(), 'one\nof somebody else\ntwo\n');
});

test('a file whose successor cannot be opened is tried again until it can, and told of once', async () => {
  const { open, text, place, at, waits, said, meanwhile } = desk();
  const { file } = await open();
  await file.write('one\n');
  renameSync(place, at('told.ndjson.1'));
  assert.equal(spawnSync('mkdir', [place]).status, 0);
  meanwhile(() => {
    if (waits.length === 3) rmSync(place, { recursive: true });
    return true;
  });
  await file.sync();
  await file.write('two\n');
  await file.close();
  assert.equal(text(), 'two\n');
  assert.equal(readFileSync(at('told.ndjson.1'), 'utf8'), 'one\n');
  assert.equal(waits.length, 3);
  assert.equal(said.length, 2, said.join('\n'));
  assert.match(said[0]!, /told\.ndjson cannot be written \(EISDIR/);
  assert.match(said[1]!, /told\.ndjson can be written again/);
});

test('when it is told to try no more it says that it was not written', async () => {
  const { open, place, meanwhile } = desk();
  const { file } = await open();
  await file.write('one\n');
  rmSync(place);
  assert.equal(spawnSync('mkdir', [place]).status, 0);
  meanwhile(() => false);
  await assert.rejects(file.sync(), NotWritten);
  await file.close();
});

for (const device of ['/dev/null', '/dev/full']) {
  test(`${device} is no file that could be known again`, async () => {
    const said: string[] = [];
    const file = new AppendFile(device, {
      onTrouble: (message) => said.push(message),
      onRelief: () => {},
      wait: async () => false,
    });
    assert.equal(await file.restore({ dev: '1', ino: '2', length: 3, hash: 'x' }), null);
    if (device === '/dev/null') await file.write('one\n');
    else await assert.rejects(file.write('one\n'), NotWritten);
    await file.sync();
    await file.close();
    assert.equal(said.length, device === '/dev/null' ? 0 : 1);
  });
}

test('into a FIFO it writes what comes, in its order', async () => {
  const { at } = workspace({});
  assert.equal(spawnSync('mkfifo', [at('fifo')]).status, 0);
  const file = new AppendFile(at('fifo'), {
    onTrouble: (message) => assert.fail(message),
    onRelief: () => {},
    wait: async () => false,
  });
  assert.equal(await file.restore(null), null);
  await file.write('one\n');
  await file.write('two\n');
  await file.sync();
  const read = spawnSync('head', ['-2', at('fifo')], { encoding: 'utf8' });
  await file.close();
  assert.equal(read.stdout, 'one\ntwo\n');
});
