import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '../../../src/model/source.js';
import { type AttachOptions, attach, badPlace } from '../../../src/sinks/attach/attach.js';
import { type Bundle, NoBundle, openBundle } from '../../../src/sinks/attach/bundle.js';
import { has, output, TAR_READERS, without } from '../../helpers/bundles.js';
import { type Files, type Workspace, workspace } from '../../helpers/cli.js';

const REPORT = { name: 'logscan/report.md', bytes: Buffer.from('# report\n'.repeat(500)) };
const INCIDENTS = { name: 'logscan/incidents.ndjson', bytes: Buffer.from('{}') };
const MEMBERS = [REPORT, INCIDENTS];
const NAMES = MEMBERS.map(({ name }) => name);

/** Text that gzip cannot make small, so that there is something to cut. */
const NOISE = Array.from({ length: 60_000 }, (_, index) => ((index * 2_654_435_761) >>> 0).toString(36)).join('\n');
const LOGS = { 'b/jira.log': NOISE, 'b/other.log': 'one line\n' };

async function withBundle<T>(path: string, use: (bundle: Bundle) => Promise<T>): Promise<T> {
  const bundle = await openBundle(path);
  try {
    return await use(bundle);
  } finally {
    await bundle.file.close();
  }
}

function attached(bundle: string, place: string, changes: Partial<AttachOptions> = {}): Promise<void> {
  const options = { at: new Date('2026-11-24T08:30:12Z'), force: false, onRead: () => {}, ...changes };
  return withBundle(bundle, (opened) =>
    attach(opened, place, MEMBERS, { signal: new AbortController().signal, ...options }),
  );
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('expected an error'),
    (error: unknown) => error,
  );
}

async function inputError(promise: Promise<unknown>): Promise<InputError> {
  const error = await thrownBy(promise);
  assert.ok(error instanceof InputError, String(error));
  return error;
}

/** A folder with a bundle of each kind. */
function bundles(files: Files = LOGS): Workspace {
  const place = workspace(files);
  output(['tar', '-cf', 'x.tar', 'b'], place.dir);
  output(['tar', '-czf', 'x.tar.gz', 'b'], place.dir);
  if (has('zip')) output(['zip', '-qr', 'x.zip', 'b'], place.dir);
  return place;
}

// ------------------------------------------------------------------------------------------------------- tar.gz

describe('a tar.gz', { skip: without('tar') }, () => {
  const { dir, at } = bundles();

  test('is packed anew in one piece, with the same members and the new ones', async () => {
    await attached(at('x.tar.gz'), at('y.tar.gz'));
    await attached(at('x.tar'), at('y.tar'));
    const copy = readFileSync(at('y.tar.gz'));
    assert.deepEqual(gunzipSync(copy), readFileSync(at('y.tar')));
  });

  for (const reader of TAR_READERS) {
    test(`opens with ${reader.program}`, { skip: without(reader.program) }, () => {
      assert.deepEqual(reader.names('y.tar.gz', dir), [...reader.names('x.tar.gz', dir), ...NAMES]);
      reader.test('y.tar.gz', dir);
      for (const member of MEMBERS) assert.deepEqual(reader.member('y.tar.gz', member.name, dir), member.bytes);
    });
  }

  test('gets its report replaced', async () => {
    await attached(at('y.tar.gz'), at('again.tar.gz'));
    assert.deepEqual(readFileSync(at('again.tar.gz')), readFileSync(at('y.tar.gz')));
  });

  test('of several pieces, and one with padding behind it, is read to its end', async () => {
    const tar = readFileSync(at('x.tar'));
    const pieces = [tar.subarray(0, 7000), tar.subarray(7000, 7001), tar.subarray(7001)].map((one) => gzipSync(one));
    for (const [name, bytes] of [
      ['pieces', Buffer.concat(pieces)],
      ['padding', Buffer.concat([gzipSync(tar), Buffer.alloc(1_000_000)])],
    ] as const) {
      writeFileSync(at(name), bytes);
      await attached(at(name), at(`${name}-copy`));
      assert.deepEqual(readFileSync(at(`${name}-copy`)), readFileSync(at('y.tar.gz')), name);
    }
  });

  test('that was cut or is damaged is refused, and nothing is left', async () => {
    const good = readFileSync(at('x.tar.gz'));
    const before = readdirSync(dir);
    for (const length of [20_000, good.length >> 1, good.length - 8, good.length - 1]) {
      writeFileSync(at('x.zip'), good.subarray(0, length)); // its name says nothing
      const { code, message } = await inputError(attached(at('x.zip'), at('bad-copy')));
      assert.deepEqual(
        [code, message],
        ['input-truncated', 'ends in the middle of compressed data: it is not complete'],
      );
    }
    const bad = Buffer.from(good);
    bad[bad.length - 6]! ^= 1; // of the checksum
    for (const bytes of [bad, Buffer.concat([good, Buffer.from('more'.repeat(300_000))])]) {
      writeFileSync(at('x.zip'), bytes);
      assert.equal((await inputError(attached(at('x.zip'), at('bad-copy')))).code, 'input-corrupt');
    }
    assert.deepEqual(new Set(readdirSync(dir)), new Set([...before, 'x.zip']));
  });

  test('whose tar was cut is refused', async () => {
    writeFileSync(at('cut.tgz'), gzipSync(readFileSync(at('x.tar')).subarray(0, 30_000)));
    const { code, message } = await inputError(attached(at('cut.tgz'), at('bad-copy')));
    assert.deepEqual([code, message], ['input-truncated', 'ends in the middle of a member: it is not complete']);
  });
});

// --------------------------------------------------------------------------------------------- what is a bundle

test('a bundle is known by its content', { skip: without('tar', 'zip') }, async () => {
  const { at } = bundles();
  for (const kind of ['zip', 'tar', 'tar.gz']) {
    writeFileSync(at('jira.log'), readFileSync(at(`x.${kind}`)));
    assert.equal(await withBundle(at('jira.log'), async (bundle) => bundle.kind), kind);
  }
});

test('a tar that ends with a zip is a tar', { skip: without('tar', 'zip') }, async () => {
  const { dir, at } = bundles();
  output(['tar', '-b1', '-cf', 'y.tar', 'b', 'x.zip'], dir);
  assert.equal(await withBundle(at('y.tar'), async ({ kind }) => kind), 'tar');
});

const OTHERS: readonly (readonly [name: string, kind: string, make: (place: Workspace) => void])[] = [
  ['a folder', 'directory', ({ at }) => mkdirSync(at('x'))],
  ['a FIFO', 'stream', ({ dir }) => output(['mkfifo', 'x'], dir)],
  ['a 7z archive', '7z', ({ at }) => writeFileSync(at('x'), Buffer.from('377abcaf271c0004', 'hex'))],
  ['a rar archive', 'rar', ({ at }) => writeFileSync(at('x'), 'Rar!\x1a\x07\x01\x00')],
  ['what bzip2 made', 'bz2', ({ at }) => writeFileSync(at('x'), 'BZh91AY&SY')],
  ['what xz made', 'xz', ({ at }) => writeFileSync(at('x'), Buffer.from('fd377a585a000004', 'hex'))],
  ['what zstd made', 'zst', ({ at }) => writeFileSync(at('x'), Buffer.from('28b52ffd04000000', 'hex'))],
  ['a log in gzip', 'gz', ({ at }) => writeFileSync(at('x'), gzipSync(NOISE))],
  ['a log in gzip that was cut', 'gz', ({ at }) => writeFileSync(at('x'), gzipSync(NOISE).subarray(0, 300))],
  ['a log', 'other', ({ at }) => writeFileSync(at('x'), NOISE)],
  ['an empty file', 'other', ({ at }) => writeFileSync(at('x'), '')],
];
for (const [name, kind, make] of OTHERS) {
  test(`${name} is no bundle`, async () => {
    const place = workspace({});
    make(place);
    const error = await thrownBy(openBundle(place.at('x')));
    assert.ok(error instanceof NoBundle, String(error));
    assert.equal(error.kind, kind);
  });
}

test('a bundle that is not there, or cut, is told as what it is', { skip: without('zip', 'tar') }, async () => {
  const { at } = bundles();
  assert.equal((await inputError(openBundle(at('nowhere.zip')))).code, 'input-missing');
  truncateSync(at('x.zip'), 5000);
  const { code, message } = await inputError(openBundle(at('x.zip')));
  assert.deepEqual([code, message], ['input-truncated', 'ends without the directory of a zip: it is not complete']);
});

// ------------------------------------------------------------------------------------------ where the copy goes

test('a copy is not written over the bundle, over what is there, or over what is no file', {
  skip: without('tar'),
}, async () => {
  const { dir, at } = bundles();
  linkSync(at('x.tar'), at('same.tar'));
  symlinkSync('x.tar', at('link.tar'));
  await withBundle(at('x.tar'), async (bundle) => {
    for (const name of ['x.tar', 'same.tar', 'link.tar'])
      assert.equal(await badPlace(at(name), bundle, true), 'is-bundle');
    assert.equal(await badPlace(at('x.tar.gz'), bundle, false), 'exists');
    assert.equal(await badPlace(at('x.tar.gz'), bundle, true), null);
    for (const place of [dir, '/dev/null']) assert.equal(await badPlace(place, bundle, true), 'no-file');
    assert.equal(await badPlace(at('new.tar'), bundle, false), null);
    await assert.rejects(badPlace(at('nowhere/new.tar'), bundle, false), { code: 'ENOENT' });
  });
});

for (const kind of ['tar', 'tar.gz', 'zip'] as const) {
  describe(`the copy of a ${kind}`, { skip: without('tar', 'zip') }, () => {
    const { dir, at } = bundles();
    const bundle = at(`x.${kind}`);
    const before = readFileSync(bundle);
    const names = readdirSync(dir);
    const assertNothingLeft = () => assert.deepEqual(readdirSync(dir), names);

    test('may be read by those who may read the bundle, which is as it was', async () => {
      chmodSync(bundle, 0o640);
      const { mtimeMs, ino } = statSync(bundle);
      await attached(bundle, at('copy'));
      assert.equal(statSync(at('copy')).mode & 0o777, 0o640);
      assert.deepEqual(readFileSync(bundle), before);
      assert.deepEqual([statSync(bundle).mtimeMs, statSync(bundle).ino], [mtimeMs, ino]);
      assert.deepEqual(readdirSync(dir), [...names, 'copy'].sort());
    });

    test('replaces another file only by force', async () => {
      const error = await thrownBy(attached(bundle, at('copy')));
      assert.equal((error as NodeJS.ErrnoException).code, 'EEXIST');
      const good = readFileSync(at('copy'));
      writeFileSync(at('copy'), 'old');
      await attached(bundle, at('copy'), { force: true });
      assert.deepEqual(readFileSync(at('copy')), good);
      output(['rm', 'copy'], dir);
      assertNothingLeft();
    });

    test('is not there when it was stopped, and what was there is', async () => {
      writeFileSync(at('old'), 'old');
      const controller = new AbortController();
      const onRead = () => controller.abort();
      await assert.rejects(attached(bundle, at('copy'), { signal: controller.signal, onRead }));
      await assert.rejects(attached(bundle, at('old'), { signal: controller.signal, force: true }));
      assert.equal(readFileSync(at('old'), 'utf8'), 'old');
      output(['rm', 'old'], dir);
      assertNothingLeft();
    });

    test('does not replace a file that came meanwhile', async () => {
      const onRead = () => writeFileSync(at('copy'), 'of somebody else');
      await assert.rejects(attached(bundle, at('copy'), { onRead }), { code: 'EEXIST' });
      assert.equal(readFileSync(at('copy'), 'utf8'), 'of somebody else');
      output(['rm', 'copy'], dir);
      assertNothingLeft();
    });

    test('is not made of a bundle that changes', async () => {
      const changes: readonly (readonly [name: string, change: () => void])[] = [
        ['grows', () => appendFileSync(bundle, 'x')],
        ['becomes shorter', () => truncateSync(bundle, 600)],
        ['is replaced', () => output(['sh', '-c', `cp '${bundle}' new && mv new '${bundle}'`], dir)],
        ['vanishes', () => output(['rm', '-f', bundle], dir)],
      ];
      for (const [name, change] of changes) {
        writeFileSync(bundle, before);
        const { message } = await inputError(attached(bundle, at('copy'), { onRead: change }));
        assert.match(message, /^(?:changed while it was read|ends in the middle of .*)$/, name);
        writeFileSync(bundle, before);
        assertNothingLeft();
      }
    });
  });
}
