import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/model/source.js';
import { isTar, tarCopy } from '../../../src/sinks/attach/tar.js';
import { has, output, runPython, TAR_READERS, whole, without } from '../../helpers/bundles.js';
import { type Workspace, workspace } from '../../helpers/cli.js';

const AT = new Date('2026-11-24T08:30:12Z');
const REPORT = { name: 'logscan/report.md', bytes: Buffer.from('# report\n'.repeat(500)) };
const INCIDENTS = { name: 'logscan/incidents.ndjson', bytes: Buffer.from('{}') };
const MEMBERS = [REPORT, INCIDENTS];
const NAMES = MEMBERS.map(({ name }) => name);
const BLOCK = 512;

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function copyOf(bytes: Buffer, members = MEMBERS, piece = 256 * 1024): Promise<Buffer> {
  return whole(tarCopy(inPieces(bytes, piece), 'x.tar', members, AT));
}

async function copyFails(bytes: Buffer): Promise<InputError> {
  const error = await copyOf(bytes).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof InputError, String(error));
  return error;
}

/** The blocks of zeros with which an archive ends, and whatever stands before them. */
function partsOf(tar: Buffer): { readonly members: Buffer; readonly zeros: Buffer } {
  let end = tar.length;
  while (end >= BLOCK && tar.subarray(end - BLOCK, end).every((byte) => byte === 0)) end -= BLOCK;
  return { members: tar.subarray(0, end), zeros: tar.subarray(end) };
}

/** Files and links of every kind. */
function files(): Workspace {
  const place = workspace({
    'b/jira.log': 'a line of a log\n'.repeat(1000),
    'b/empty.log': '',
    'b/block.log': 'x'.repeat(BLOCK),
    'b/ünïcode – 日本.txt': 'x',
    [`b/${'long-'.repeat(30)}name.log`]: 'long',
    'b/sparse.log': '',
  });
  mkdirSync(place.at('b/folder'));
  symlinkSync('jira.log', place.at('b/link'));
  symlinkSync('long/'.repeat(40), place.at('b/long-link'));
  linkSync(place.at('b/jira.log'), place.at('b/same.log'));
  truncateSync(place.at('b/sparse.log'), 3_000_000);
  for (let at = 0; at < 3_000_000; at += 100_000) writeAt(place.at('b/sparse.log'), at);
  output(['mkfifo', 'b/fifo'], place.dir);
  return place;
}

function writeAt(path: string, position: number): void {
  output(['dd', `of=${path}`, 'bs=1', `seek=${position}`, 'conv=notrunc', 'status=none'], '/', Buffer.from('data'));
}

const ODD_PYTHON = `
import tarfile, io
t = tarfile.open('x.tar', 'w', format=tarfile.PAX_FORMAT, pax_headers={'comment': 'of all'})
i = tarfile.TarInfo('logs/' + 'ü' * 200 + '.log'); i.size = 3; i.mtime = 1.5; i.pax_headers = {'LIBARCHIVE.xattr.a': 'b'}
t.addfile(i, io.BytesIO(b'abc'))
t.add('b/jira.log', '../escaping.log')
t.addfile(tarfile.TarInfo('/absolute.log'))
t.close()
`;

const PACKERS: readonly (readonly [name: string, program: string, command: readonly string[]])[] = [
  ...['v7', 'oldgnu', 'gnu', 'ustar', 'posix'].map(
    (format) =>
      [
        `GNU tar --format=${format}`,
        'tar',
        ['sh', '-c', `tar --format=${format} -cf x.tar b 2>&1 | cat >&2; test -s x.tar`],
      ] as const,
  ),
  ['GNU tar with sparse files', 'tar', ['tar', '--format=gnu', '-Scf', 'x.tar', 'b']],
  ['GNU tar with sparse files of POSIX', 'tar', ['tar', '--format=posix', '-Scf', 'x.tar', 'b']],
  ['GNU tar with a label', 'tar', ['tar', '-V', 'a label', '-cf', 'x.tar', 'b']],
  ['bsdtar', 'bsdtar', ['bsdtar', '-cf', 'x.tar', 'b']],
  ['bsdtar of POSIX', 'bsdtar', ['bsdtar', '--format', 'pax', '-cf', 'x.tar', 'b']],
  ['7z', '7z', ['7z', 'a', '-bd', '-ttar', 'x.tar', 'b/jira.log', 'b/block.log']],
  ['Python with odd members', 'python3', ['python3', '-c', ODD_PYTHON]],
];

for (const [name, program, command] of PACKERS) {
  describe(`a tar made by ${name}`, { skip: without(program) }, () => {
    const { dir, at } = files();
    let copy: Buffer = Buffer.alloc(0);

    test('is copied member for member, and ends as it did', async () => {
      output(command, dir);
      const before = readFileSync(at('x.tar'));
      assert.ok(isTar(before));
      copy = await copyOf(before);
      writeFileSync(at('y.tar'), copy);
      const [old, now] = [partsOf(before), partsOf(copy)];
      assert.deepEqual(now.members.subarray(0, old.members.length), old.members);
      assert.deepEqual(copy.subarray(copy.length - old.zeros.length), old.zeros);
      for (const piece of [511, 5000]) assert.deepEqual(await copyOf(before, MEMBERS, piece), copy);
    });

    for (const reader of TAR_READERS) {
      test(`opens with ${reader.program}`, { skip: without(reader.program) }, () => {
        const names = reader.names('y.tar', dir);
        assert.deepEqual(names.slice(-2), NAMES);
        assert.deepEqual(names.slice(0, -2), reader.names('x.tar', dir));
        reader.test('y.tar', dir);
        for (const member of MEMBERS) assert.deepEqual(reader.member('y.tar', member.name, dir), member.bytes);
      });
    }

    test('is the same when its report is replaced as when it is new', async () => {
      const old = await copyOf(readFileSync(at('x.tar')), [{ ...REPORT, bytes: Buffer.from('old') }, INCIDENTS]);
      assert.deepEqual(await copyOf(old), copy);
    });
  });
}

test('a report that was packed anew with long headers is left out with them', { skip: without('bsdtar') }, async () => {
  const { dir, at } = workspace({ 'logscan/report.md': 'old', 'logscan/other.md': 'mine', 'b.log': 'x' });
  output(['bsdtar', '--format', 'pax', '--options', 'xattrheader=ALL', '-cf', 'x.tar', './logscan', 'b.log'], dir);
  const before = readFileSync(at('x.tar'));
  const copy = await copyOf(before);
  writeFileSync(at('y.tar'), copy);
  for (const reader of TAR_READERS.filter((one) => has(one.program))) {
    const names = reader.names('y.tar', dir).map((name) => name.replace(/^\.\//, ''));
    assert.deepEqual(names.toSorted(), ['b.log', 'logscan/', 'logscan/other.md', ...NAMES].toSorted(), reader.program);
  }
  assert.equal(copy.includes('path=./logscan/report.md'), false);
});

// ------------------------------------------------------------------------------------------------- made by hand

/** A header; its checksum is right unless it is given. */
function header(name: string, size: number, { type = '0', magic = 'ustar\x0000', field = '' } = {}): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 'latin1');
  block.write('0000644\x000000000\x000000000\x00', 100, 'latin1');
  block.write(field || `${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write(`${'0'.repeat(11)}\0        ${type}`, 136, 'latin1');
  block.write(magic, 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function body(text: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil(text.length / BLOCK) * BLOCK);
  bytes.write(text, 'latin1');
  return bytes;
}

function attributes(values: Readonly<Record<string, string>>): Buffer {
  const records = Object.entries(values).map(([name, value]) => {
    const rest = ` ${name}=${value}\n`;
    const length = [2, 3].map((digits) => rest.length + digits).find((one, index) => String(one).length === index + 2)!;
    return `${length}${rest}`;
  });
  const text = records.join('');
  return Buffer.concat([header('pax', text.length, { type: 'x' }), body(text)]);
}

const END = Buffer.alloc(2 * BLOCK);
/** It is not to be taken for a header, wherever it stands. */
const TEXT = 'x'.repeat(700);
const LATER = Buffer.concat([header('later.log', 3), body('abc')]);

const ODD: readonly (readonly [name: string, members: readonly Buffer[]])[] = [
  ['a size in binary', [header('a', 0, { field: `\x80${'\0'.repeat(9)}\x02\xbc` }), body(TEXT)]],
  ['a size among spaces', [header('a', 0, { field: '       1274 ' }), body(TEXT)]],
  ['no size', [header('a', 0, { field: '\0'.repeat(12) })]],
  ['a size in its attributes', [attributes({ size: '700' }), header('a', 0), body(TEXT)]],
  ['the old layout', [header('a', 700, { magic: '', type: '\0' }), body(TEXT)]],
  ['a directory that tells a size', [header('a/', 700, { type: '5' })]],
  ['a link that tells a size', [header('a', 700, { type: '1' })]],
  ['a link with a body', [header('a', 700, { type: '1' }), body(TEXT)]],
  ['a kind that nobody knows', [header('a', 700, { type: 'Z' }), body(TEXT)]],
  ['a long name', [header('././@LongLink', 300, { type: 'L' }), body('n'.repeat(300)), header('n', 700), body(TEXT)]],
];

for (const [name, members] of ODD) {
  test(`a member with ${name} is kept, and what follows it is found`, async () => {
    const copy = await copyOf(Buffer.concat([...members, LATER, END]));
    const kept = Buffer.concat([...members, LATER]);
    assert.deepEqual(copy.subarray(0, kept.length), kept);
    assert.equal(copy.toString('latin1', kept.length, kept.length + REPORT.name.length), REPORT.name);
  });
}

const OWN: readonly (readonly [name: string, members: readonly Buffer[]])[] = [
  ['by its name', [header('logscan/report.md', 700), body(TEXT)]],
  ['behind ./', [header('./logscan/report.html', 700), body(TEXT)]],
  ['by its attributes', [attributes({ path: 'logscan/facts.ndjson', size: '700' }), header('x', 1), body(TEXT)]],
  ['by a long name', [header('L', 18, { type: 'L' }), body('logscan/report.md\0'), header('x', 700), body(TEXT)]],
];
for (const [name, members] of OWN) {
  test(`a report that is known ${name} is left out`, async () => {
    const copy = await copyOf(Buffer.concat([...members, LATER, END]));
    assert.deepEqual(copy, await copyOf(Buffer.concat([LATER, END])));
  });
}

test('an archive without the zeros that should end it gets them', async () => {
  const copy = await copyOf(LATER);
  assert.deepEqual(copy, await copyOf(Buffer.concat([LATER, END])));
});

test('what stands behind the end stays there', async () => {
  const rest = Buffer.concat([END, LATER, END, Buffer.from('odd')]);
  const copy = await copyOf(Buffer.concat([LATER, rest]));
  assert.deepEqual(copy.subarray(copy.length - rest.length), rest);
});

test('a tar that was cut is refused, but where a member ends', async () => {
  const whole = Buffer.concat([header('a', 700), body(TEXT), LATER]);
  const ends = [0, 3 * BLOCK, 5 * BLOCK];
  for (let length = 1; length < whole.length; length += 37) {
    const error = await copyFails(whole.subarray(0, length));
    assert.equal(error.code, 'input-truncated', String(length));
  }
  for (const length of ends) await copyOf(whole.subarray(0, length));
  const cutAttributes = attributes({ path: 'a'.repeat(80) });
  for (const length of [BLOCK, BLOCK + 100, 2 * BLOCK])
    assert.equal((await copyFails(cutAttributes.subarray(0, length))).code, 'input-truncated');
});

const DAMAGED: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['bytes that are no header', Buffer.concat([LATER, body('no header'), END])],
  ['a size that is none', Buffer.concat([header('a', 0, { field: 'many' }), END])],
  ['a size beyond all files', Buffer.concat([header('a', 0, { field: `\xff${'\xff'.repeat(11)}` }), END])],
  ['attributes of more than 1 MiB', Buffer.concat([header('pax', 2 ** 21, { type: 'x' }), Buffer.alloc(2 ** 21), END])],
];
for (const [name, bytes] of DAMAGED) {
  test(`a tar with ${name} is refused`, async () => {
    const { code, message } = await copyFails(bytes);
    assert.deepEqual([code, message], ['input-corrupt', 'is damaged: what should be the header of a member is none']);
  });
}

test('text, zeros and nothing are no tar', () => {
  for (const bytes of [Buffer.from('2026-11-20 ERROR x\n'.repeat(100)), Buffer.alloc(BLOCK), Buffer.alloc(0)])
    assert.equal(isTar(bytes), false);
});

test('whatever bytes are wrong, it is refused or copied', { skip: without('tar') }, async () => {
  const { dir, at } = files();
  output(['sh', '-c', 'tar --format=posix -cf x.tar b/empty.log b/link b/long* b/block.log'], dir);
  const good = readFileSync(at('x.tar'));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      async (changes) => {
        const bytes = Buffer.from(good);
        for (const [position, value] of changes) bytes[position] = value;
        await copyOf(bytes).catch((error: unknown) => assert.ok(error instanceof InputError, String(error)));
      },
    ),
    { numRuns: 300 },
  );
});

test('numbers of Python larger than 8 GiB are read', { skip: without('python3') }, async () => {
  const { dir, at } = workspace({});
  runPython(
    "import tarfile\ni=tarfile.TarInfo('big');i.size=2**34;open('x','wb').write(i.tobuf(tarfile.GNU_FORMAT))",
    dir,
  );
  const { code } = await copyFails(readFileSync(at('x')));
  assert.equal(code, 'input-truncated', 'its header is one, and 16 GiB are missing');
});
