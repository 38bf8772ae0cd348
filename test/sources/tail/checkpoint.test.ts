import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import {
  markLast,
  readState,
  type StateFiles,
  stateId,
  unmarkLast,
  writeState,
} from '../../../src/sources/tail/checkpoint.js';
import { workspace } from '../../helpers/cli.js';

const NOTHING = { text: null, isLast: false, trouble: null };
const FIRST = '{"a":"Zoë 𝄞\\n","b":[1]}';
const SECOND = JSON.stringify({ long: 'x'.repeat(100_000) });

function folder() {
  const { dir, at } = workspace({});
  return { dir, at, text: () => readFileSync(at('state.json'), 'utf8') };
}

test('what was written last is read, whatever characters are in it', async () => {
  const { dir } = folder();
  assert.deepEqual(readState(dir), NOTHING);
  for (const text of [FIRST, SECOND, '{}', 'two\nlines\n']) {
    await writeState(dir, text);
    assert.deepEqual(readState(dir), { text, isLast: false, trouble: null });
  }
  assert.deepEqual(readdirSync(dir), ['state.json']);
});

test('nobody else may read it, as there is evidence in it', async () => {
  const { dir, at } = folder();
  await writeState(dir, FIRST);
  await markLast(dir, FIRST);
  stateId(dir);
  for (const name of ['state.json', 'last', 'id']) assert.equal(statSync(at(name)).mode & 0o777, 0o600, name);
});

test('it is the last one as long as it is marked so, and nothing else was written', async () => {
  const { dir } = folder();
  const isLast = () => readState(dir).isLast;
  await writeState(dir, FIRST);
  await markLast(dir, FIRST);
  assert.ok(isLast());
  assert.ok(isLast(), 'also when it was looked at');
  await writeState(dir, SECOND);
  assert.ok(!isLast());
  await markLast(dir, SECOND);
  assert.ok(isLast());
  unmarkLast(dir);
  assert.ok(!isLast());
  unmarkLast(dir);
});

/** The calls that writing makes, in their order. */
const CALLS = ['open', 'writeFile', 'sync', 'close', 'rename'] as const;

/** Files of which one call fails; `sync` is that of the file. */
function failing(which: (typeof CALLS)[number]): StateFiles {
  const fail = () => Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));
  return {
    open: async (...args) => {
      if (which === 'open') return fail();
      const handle = await fs.open(...args);
      if (which !== 'rename') {
        const call = handle[which].bind(handle);
        handle[which] = async (): Promise<never> => {
          if (which === 'close') await (call as () => Promise<void>)();
          return fail();
        };
      }
      return handle;
    },
    rename: (...args) => (which === 'rename' ? fail() : fs.rename(...args)),
  };
}

for (const call of CALLS) {
  test(`when ${call} fails, what was there before is still there`, async () => {
    const { dir } = folder();
    await writeState(dir, FIRST);
    await assert.rejects(writeState(dir, SECOND, failing(call)), /ENOSPC/);
    assert.deepEqual(readState(dir), { text: FIRST, isLast: false, trouble: null });
    await writeState(dir, SECOND);
    assert.equal(readState(dir).text, SECOND);
  });
}

test('the file is on the disk before it gets its name, and the name before it is said to be written', async () => {
  const { dir } = folder();
  const calls: string[] = [];
  const files: StateFiles = {
    open: async (...args) => {
      const handle = await fs.open(...args);
      const sync = handle.sync.bind(handle);
      handle.sync = async () => {
        await sync();
        calls.push(args[0] === dir ? 'sync of the folder' : 'sync');
      };
      return handle;
    },
    rename: async (...args) => {
      await fs.rename(...args);
      calls.push('rename');
    },
  };
  await writeState(dir, FIRST, files);
  assert.deepEqual(calls, ['sync', 'rename', 'sync of the folder']);
});

test('half a file of a run that was killed while it wrote is in nobody’s way', async () => {
  const { dir, at } = folder();
  await writeState(dir, FIRST);
  writeFileSync(at('state.json.tmp'), SECOND.slice(0, 1000));
  assert.equal(readState(dir).text, FIRST);
  await writeState(dir, SECOND);
  assert.equal(readState(dir).text, SECOND);
});

test('a state that is torn at any place is noticed', async () => {
  const { dir, at, text } = folder();
  await writeState(dir, FIRST);
  const whole = text();
  const bytes = Buffer.from(whole);
  for (let length = 0; length < bytes.length; length++) {
    writeFileSync(at('state.json'), bytes.subarray(0, length));
    const { text: read, trouble } = readState(dir);
    assert.equal(read, null, `${length} bytes`);
    assert.match(trouble!, length === 0 ? /is empty/ : /is torn/);
    assert.deepEqual(readFileSync(at('state.json.bad')), bytes.subarray(0, length));
    assert.ok(!existsSync(at('state.json')));
  }
  writeFileSync(at('state.json'), bytes);
  assert.equal(readState(dir).text, FIRST, 'whole it is read');
});

test('one bit that is wrong in what was kept is noticed', async () => {
  const { dir, at, text } = folder();
  await writeState(dir, FIRST);
  const bytes = Buffer.from(text());
  const start = bytes.indexOf('\n') + 1;
  for (let place = start; place < bytes.length; place++) {
    const changed = Buffer.from(bytes);
    changed[place]! ^= 1;
    writeFileSync(at('state.json'), changed);
    assert.match(readState(dir).trouble!, /is torn: its checksum does not fit; it is kept as state\.json\.bad/);
  }
});

/** First lines that are none of ours, and what is said. */
const OTHERS: readonly (readonly [string, RegExp])[] = [
  ['null', /no state of logscan/],
  ['[]', /no state of logscan/],
  ['"logscan.state/1"', /no state of logscan/],
  ['{"format":1}', /no state of logscan/],
  [
    '{"format":"logscan.state/0","sha256":"","machine":""}',
    /another version of logscan \(logscan\.state\/0, expected /,
  ],
  ['{"format":"logscan.state/99","sha256":"","machine":""}', /another version of logscan \(logscan\.state\/99/],
  ['{"format":"logscan.state/1"}', /checksum does not fit/],
];

for (const [line, message] of OTHERS) {
  test(`a file that begins with ${line} is put aside`, () => {
    const { dir, at } = folder();
    writeFileSync(at('state.json'), `${line}\n{}`);
    const { text, trouble } = readState(dir);
    assert.equal(text, null);
    assert.match(trouble!, message);
    assert.ok(trouble!.startsWith(`${at('state.json')}: `));
    assert.equal(readFileSync(at('state.json.bad'), 'utf8'), `${line}\n{}`);
    assert.deepEqual(readState(dir), NOTHING, 'it is told of once');
  });
}

test('the state of another machine is put aside, and one without a machine is not', async () => {
  const { dir, at, text } = folder();
  await writeState(dir, FIRST);
  const whole = text();
  const isKnown = !whole.includes('"machine":""');
  writeFileSync(at('state.json'), whole.replace(/"machine":"\w*"/, '"machine":""'));
  assert.equal(readState(dir).text, FIRST);
  writeFileSync(at('state.json'), whole.replace(/"machine":"\w*"/, '"machine":"0123456789abcdef"'));
  const { trouble } = readState(dir);
  if (isKnown) assert.match(trouble!, /was written on another machine/);
  else assert.equal(trouble, null);
});

test('a state that cannot be read at all is an error, not a new beginning', () => {
  const { dir, at } = folder();
  symlinkSync('state.json', at('state.json'));
  assert.throws(() => readState(dir), /ELOOP/);
});

test('the name of a folder stays, until what was known is lost', async () => {
  const { dir, at } = folder();
  const id = stateId(dir);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  await writeState(dir, FIRST);
  readState(dir);
  assert.equal(stateId(dir), id);
  writeFileSync(at('state.json'), '');
  readState(dir);
  const next = stateId(dir);
  assert.notEqual(next, id, 'revisions begin anew');
  writeFileSync(at('id'), 'no name');
  assert.notEqual(stateId(dir), 'no name');
});
