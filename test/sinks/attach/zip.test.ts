import assert from 'node:assert/strict';
import { appendFileSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { InputError } from '../../../src/model/source.js';
import { readZip, ZIP_LIMITS, type ZipLimits, zipCopy } from '../../../src/sinks/attach/zip.js';
import { has, output, type Reader, runPython, whole, withFile, without, ZIP_READERS } from '../../helpers/bundles.js';
import { type Workspace, workspace } from '../../helpers/cli.js';

const AT = new Date('2026-11-24T08:30:12Z');
const REPORT = { name: 'logscan/report.md', bytes: Buffer.from('# report\n'.repeat(500)) };
const INCIDENTS = { name: 'logscan/incidents.ndjson', bytes: Buffer.from('{}') };
const MEMBERS = [REPORT, INCIDENTS];
const NAMES = MEMBERS.map(({ name }) => name);
const nothing = () => {};
const PYTHON = ZIP_READERS.find(({ program }) => program === 'python3')!;

/** The bytes of a copy. */
function copyOf(path: string, members = MEMBERS, limits: ZipLimits = ZIP_LIMITS): Promise<Buffer> {
  return withFile(path, async (file, size) =>
    whole(zipCopy(file, 'x.zip', await readZip(file, 'x.zip', size), members, AT, nothing, limits)),
  );
}

async function readFails(path: string): Promise<InputError> {
  const error = await withFile(path, (file, size) => readZip(file, 'x.zip', size)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof InputError, String(error));
  return error;
}

/** What stands in front of and in the directory of a zip without a prefix. */
function partsOf(zip: Buffer): { readonly before: Buffer; readonly directory: Buffer; readonly end: Buffer } {
  const at = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const start = at - zip.readUInt32LE(at + 12);
  return {
    before: zip.subarray(0, start),
    directory: zip.subarray(start, at),
    end: zip.subarray(at),
  };
}

/** A folder of files that are unlike each other. */
function files(): Workspace {
  const place = workspace({
    'b/node1/jira.log': 'a line of a log\n'.repeat(1000),
    'b/node1/empty.log': '',
    'b/ünïcode – 日本.txt': 'x',
    'b/random.bin': Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251)),
  });
  mkdirSync(place.at('b/folder'));
  return place;
}

const STORED_PYTHON = `
import zipfile
z = zipfile.ZipFile('x.zip', 'w', zipfile.ZIP_DEFLATED)
z.comment = b'made by hand \\x00\\xff'
i = zipfile.ZipInfo('odd', (1980, 1, 1, 0, 0, 0)); i.comment = b'a comment'; i.extra = b'\\xfe\\xca\\x04\\x00abcd'
z.writestr(i, 'odd')
z.write('b/node1/jira.log', '../escaping.log')
z.writestr('b\\\\windows\\\\name.log', 'x')
z.close()
`;
const PACKERS: readonly (readonly [name: string, program: string, command: readonly string[]])[] = [
  ['zip', 'zip', ['zip', '-qr', 'x.zip', 'b']],
  ['zip, stored', 'zip', ['zip', '-qr0', 'x.zip', 'b']],
  ['zip through a pipe, with data descriptors', 'zip', ['sh', '-c', 'zip -qr - b | cat > x.zip']],
  ['zip in 64 bits, which Python alone can read,', 'zip', ['sh', '-c', 'zip -qr -fz - b | cat > x.zip']],
  ['zip with a comment', 'zip', ['sh', '-c', 'zip -qr x.zip b && echo "a comment" | zip -qz x.zip']],
  ['7z', '7z', ['7z', 'a', '-bd', '-tzip', 'x.zip', 'b']],
  ['bsdtar', 'bsdtar', ['bsdtar', '--format', 'zip', '-cf', 'x.zip', 'b']],
  ['Python', 'python3', ['python3', '-m', 'zipfile', '-c', 'x.zip', 'b']],
  ['Python with odd members and a comment', 'python3', ['python3', '-c', STORED_PYTHON]],
];

for (const [name, program, command] of PACKERS) {
  describe(`a zip made by ${name}`, { skip: without(program, 'python3') }, () => {
    const { dir, at } = files();
    let copy: Buffer = Buffer.alloc(0);

    test('is copied up to its directory, and its entries and comment byte for byte', async () => {
      output(command, dir);
      copy = await copyOf(at('x.zip'));
      writeFileSync(at('y.zip'), copy);
      const [old, now] = [partsOf(readFileSync(at('x.zip'))), partsOf(copy)];
      assert.deepEqual(now.before.subarray(0, old.before.length), old.before);
      assert.deepEqual(now.directory.subarray(0, old.directory.length), old.directory);
      assert.deepEqual(now.end.subarray(20), old.end.subarray(20));
    });

    for (const reader of ZIP_READERS) {
      test(`opens with ${reader.program}`, { skip: without(reader.program) }, () => {
        assert.deepEqual(reader.names('y.zip', dir).slice(-2), NAMES);
        assert.equal(reader.names('y.zip', dir).length, PYTHON.names('x.zip', dir).length + 2);
        reader.test('y.zip', dir);
        for (const member of MEMBERS) assert.deepEqual(reader.member('y.zip', member.name, dir), member.bytes);
      });
    }

    test('is the same when its report is replaced as when it is new', async () => {
      writeFileSync(at('z.zip'), await copyOf(at('x.zip'), [{ ...REPORT, bytes: Buffer.from('old') }, INCIDENTS]));
      assert.deepEqual(await copyOf(at('z.zip')), copy);
    });
  });
}

/** Ways in which members cannot be read without a password. */
const ENCRYPTED: readonly (readonly [name: string, program: string, command: readonly string[]])[] = [
  ['zip', 'zip', ['zip', '-qr', '-P', 'pass', 'x.zip', 'b']],
  ['7z with AES', '7z', ['7z', 'a', '-bd', '-tzip', '-ppass', '-mem=AES256', 'x.zip', 'b']],
];
for (const [name, program, command] of ENCRYPTED) {
  test(`members that ${name} encrypted stay so, and the report is readable`, {
    skip: without(program, '7z'),
  }, async () => {
    const { dir, at } = files();
    output(command, dir);
    writeFileSync(at('y.zip'), await copyOf(at('x.zip')));
    output(['7z', 't', '-bd', '-ppass', 'y.zip'], dir);
    const text = output(['7z', 'x', '-so', '-ppass', 'y.zip', 'b/node1/jira.log'], dir);
    assert.deepEqual(text, readFileSync(at('b/node1/jira.log')));
    for (const reader of ZIP_READERS.filter((one) => has(one.program)))
      assert.deepEqual(reader.member('y.zip', REPORT.name, dir), REPORT.bytes, reader.program);
  });
}

function opens(reader: Reader, dir: string): boolean {
  try {
    reader.test('x.zip', dir);
    return true;
  } catch {
    return false;
  }
}

const PREFIX = Buffer.from('#!/bin/sh\nexit 0\n'.repeat(3));
for (const adjusted of [false, true]) {
  const name = `a zip behind a program${adjusted ? ', adjusted to it,' : ''} stays behind it`;
  test(name, { skip: without('zip', ...ZIP_READERS.map(({ program }) => program)) }, async () => {
    const { dir, at } = files();
    output(['zip', '-qr', 'x.zip', 'b'], dir);
    writeFileSync(at('x.zip'), Buffer.concat([PREFIX, readFileSync(at('x.zip'))]));
    if (adjusted) output(['zip', '-qA', 'x.zip'], dir);
    const copy = await copyOf(at('x.zip'));
    writeFileSync(at('y.zip'), copy);
    assert.deepEqual(copy.subarray(0, PREFIX.length), PREFIX);
    for (const reader of ZIP_READERS) {
      if (!adjusted && !opens(reader, dir)) continue; // some do not take the original either
      reader.test('y.zip', dir);
      assert.deepEqual(reader.member('y.zip', REPORT.name, dir), REPORT.bytes, reader.program);
    }
    writeFileSync(at('z.zip'), await copyOf(at('y.zip')));
    assert.deepEqual(readFileSync(at('z.zip')), copy, 'once more');
  });
}

test('an empty zip gets the report', { skip: without('unzip') }, async () => {
  const { dir, at } = workspace({ 'x.zip': Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]) });
  writeFileSync(at('y.zip'), await copyOf(at('x.zip')));
  for (const reader of ZIP_READERS.filter((one) => has(one.program))) {
    assert.deepEqual(reader.names('y.zip', dir), NAMES, reader.program);
    reader.test('y.zip', dir);
  }
});

test('what stands behind the end stays there', { skip: without('zip', 'unzip') }, async () => {
  const { dir, at } = files();
  output(['zip', '-qr', 'x.zip', 'b'], dir);
  appendFileSync(at('x.zip'), 'more');
  const copy = await copyOf(at('x.zip'));
  assert.equal(copy.toString('latin1', copy.length - 4), 'more');
});

test('a report that another program put other members behind is left out, and they stay', {
  skip: without('zip', 'unzip'),
}, async () => {
  const { dir, at } = files();
  output(['zip', '-qr', 'x.zip', 'b/node1'], dir);
  writeFileSync(at('y.zip'), await copyOf(at('x.zip'), [{ ...REPORT, bytes: Buffer.from('old') }, INCIDENTS]));
  output(['zip', '-q', 'y.zip', 'b/random.bin'], dir);
  writeFileSync(at('z.zip'), await copyOf(at('y.zip')));
  for (const reader of ZIP_READERS.filter((one) => has(one.program))) {
    const names = reader.names('z.zip', dir);
    assert.deepEqual(names.slice(-3), ['b/random.bin', ...NAMES], reader.program);
    assert.equal(new Set(names).size, names.length);
    reader.test('z.zip', dir);
    assert.deepEqual(reader.member('z.zip', REPORT.name, dir), REPORT.bytes);
  }
});

test('a zip of so many members that the report is one too many becomes one of 64 bits', {
  skip: without('python3'),
}, async () => {
  const { dir, at } = workspace({});
  const count = 0xffff - 1;
  const script =
    "import zipfile\nwith zipfile.ZipFile('x.zip','w') as z:\n  for n in range(int('COUNT')): z.writestr(f'{n}.log', b'')";
  runPython(script.replace('COUNT', String(count)), dir);
  const copy = await copyOf(at('x.zip'));
  writeFileSync(at('y.zip'), copy);
  for (const reader of ZIP_READERS.filter((one) => has(one.program))) {
    const names = reader.names('y.zip', dir);
    assert.equal(names.length, count + 2, reader.program);
    assert.deepEqual(names.slice(-2), NAMES);
    assert.deepEqual(reader.member('y.zip', REPORT.name, dir), REPORT.bytes);
  }
  assert.deepEqual(await copyOf(at('y.zip')), copy, 'once more');
});

test('small limits make a zip of 64 bits that every program reads', { skip: without('zip', 'unzip') }, async () => {
  const { dir, at } = files();
  output(['zip', '-qr', 'x.zip', 'b'], dir);
  for (const limits of [
    { entries: 3, bytes: 0xffffffff },
    { entries: 0xffff, bytes: 100 },
  ]) {
    writeFileSync(at('y.zip'), await copyOf(at('x.zip'), MEMBERS, limits));
    for (const reader of ZIP_READERS.filter((one) => has(one.program))) {
      reader.test('y.zip', dir);
      assert.deepEqual(reader.names('y.zip', dir).slice(-2), NAMES);
      assert.deepEqual(reader.member('y.zip', REPORT.name, dir), REPORT.bytes, reader.program);
    }
    assert.deepEqual(await copyOf(at('y.zip'), MEMBERS, limits), readFileSync(at('y.zip')));
  }
});

describe('a zip with a member above 4 GiB', () => {
  const SIZE = 4.5 * 1024 ** 3;
  const { dir, at } = workspace({});
  /** The member is stored and all zeros, a hole in the file. Its checksum is not asked for. */
  const write = (name: string, ...parts: readonly (Buffer | number)[]): void => {
    const file = openSync(at(name), 'w');
    let position = 0;
    for (const part of parts) {
      if (typeof part !== 'number') writeSync(file, part, 0, part.length, position);
      position += typeof part === 'number' ? part : part.length;
    }
    closeSync(file);
  };
  const fields = (length: number, ...values: readonly (readonly [at: number, bits: 16 | 32 | 64, value: number])[]) => {
    const bytes = Buffer.alloc(length);
    for (const [position, bits, value] of values) {
      if (bits === 16) bytes.writeUInt16LE(value, position);
      else if (bits === 32) bytes.writeUInt32LE(value, position);
      else bytes.writeBigUInt64LE(BigInt(value), position);
    }
    return bytes;
  };
  const FULL = 0xffffffff;
  const name = Buffer.from('huge.log');
  const local = Buffer.concat([
    fields(30, [0, 32, 0x04034b50], [4, 16, 45], [18, 32, FULL], [22, 32, FULL], [26, 16, 8], [28, 16, 20]),
    name,
    fields(20, [0, 16, 1], [2, 16, 16], [4, 64, SIZE], [12, 64, SIZE]),
  ]);
  const small = Buffer.concat([fields(30, [0, 32, 0x04034b50], [4, 16, 20], [26, 16, 5]), Buffer.from('small')]);
  const entry = Buffer.concat([
    fields(46, [0, 32, 0x02014b50], [6, 16, 45], [20, 32, FULL], [24, 32, FULL], [28, 16, 8], [30, 16, 20]),
    name,
    fields(20, [0, 16, 1], [2, 16, 16], [4, 64, SIZE], [12, 64, SIZE]),
  ]);
  const farEntry = Buffer.concat([
    fields(46, [0, 32, 0x02014b50], [6, 16, 45], [28, 16, 5], [30, 16, 12], [42, 32, FULL]),
    Buffer.from('small'),
    fields(12, [0, 16, 1], [2, 16, 8], [4, 64, local.length + SIZE]),
  ]);
  const start = local.length + SIZE + small.length;
  const directory = Buffer.concat([entry, farEntry]);
  const ends = Buffer.concat([
    fields(56, [0, 32, 0x06064b50], [4, 64, 44], [24, 64, 2], [32, 64, 2], [40, 64, directory.length], [48, 64, start]),
    fields(20, [0, 32, 0x07064b50], [8, 64, start + directory.length], [16, 32, 1]),
    fields(22, [0, 32, 0x06054b50], [8, 16, 2], [10, 16, 2], [12, 32, directory.length], [16, 32, FULL]),
  ]);

  test('keeps it, and the report behind it opens with every program', async () => {
    write('x.zip', local, SIZE, small, directory, ends);
    const hole = { start: local.length, end: local.length + SIZE };
    let size = 0;
    const tail: Buffer[] = [];
    await withFile(at('x.zip'), async (real) => {
      // Nobody looks at what is read of the hole, so nothing is.
      const read = (buffer: Buffer, offset: number, length: number, position: number) =>
        position >= hole.start && position + length <= hole.end
          ? Promise.resolve({ bytesRead: length, buffer })
          : real.read(buffer, offset, length, position);
      const file = { read } as unknown as FileHandle;
      const layout = await readZip(file, 'x.zip', start + directory.length + ends.length);
      for await (const piece of zipCopy(file, 'x.zip', layout, MEMBERS, AT, nothing)) {
        if (size + piece.length > hole.end) tail.push(piece.subarray(Math.max(0, hole.end - size)));
        size += piece.length;
      }
    });
    assert.equal(size, hole.end + Buffer.concat(tail).length);
    write('y.zip', local, SIZE, ...tail);
    assert.ok(Buffer.concat(tail).includes(directory), 'the entries, byte for byte');
    for (const reader of ZIP_READERS.filter((one) => has(one.program))) {
      assert.deepEqual(reader.names('y.zip', dir), ['huge.log', 'small', ...NAMES], reader.program);
      for (const member of MEMBERS)
        assert.deepEqual(reader.member('y.zip', member.name, dir), member.bytes, reader.program);
    }
  });
});

describe('a damaged zip', { skip: without('zip') }, () => {
  const { dir, at } = workspace({ 'a.log': 'one line\n'.repeat(20), 'b.log': 'x' });
  output(['sh', '-c', 'zip -q in.zip b.log && zip -q0 x.zip a.log b.log in.zip && echo c | zip -qz x.zip'], dir);
  const good = readFileSync(at('x.zip'));
  const end = good.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const directory = good.readUInt32LE(end + 16);
  const changed = (position: number, bytes: readonly number[]) => {
    const bad = Buffer.from(good);
    bad.set(bytes, position);
    return bad;
  };

  test('that was cut anywhere is refused', async () => {
    for (let length = 0; length < good.length; length++) {
      writeFileSync(at('cut.zip'), good.subarray(0, length));
      assert.equal((await readFails(at('cut.zip'))).code, 'input-truncated', String(length));
    }
  });

  const CASES: readonly (readonly [name: string, bytes: Buffer, says: RegExp])[] = [
    ['without some bytes in it', Buffer.concat([good.subarray(0, 50), good.subarray(60)]), /in the wrong place: bytes/],
    ['with bytes added to it', Buffer.concat([good.subarray(0, 50), good.subarray(40)]), /in the wrong place: bytes/],
    ['with another zip before it', Buffer.concat([good, good]), /in the wrong place: bytes/],
    ['whose directory is encrypted', changed(directory, [1, 2, 3, 4]), /a directory that is damaged or encrypted/],
    ['whose entry reaches too far', changed(directory + 28, [0xff, 0x0f]), /a directory that is damaged or encrypted/],
    ['that is split', changed(end + 4, [1, 0, 1, 0]), /is one part of a zip that was split/],
    [
      'that counts wrong',
      changed(end + 8, [9, 0, 9, 0]),
      /has 3 members in its directory, which says that there are 9/,
    ],
    [
      'with a member behind its directory',
      changed(directory + 42, [0, 0, 0xff, 0]),
      /has a member behind its directory/,
    ],
  ];
  for (const [name, bytes, says] of CASES) {
    test(`${name} is refused`, async () => {
      writeFileSync(at('bad.zip'), bytes);
      const { code, message, remedy } = await readFails(at('bad.zip'));
      assert.equal(code, 'input-truncated');
      assert.match(message, says);
      assert.match(remedy, /^nothing was written; copy it again/);
    });
  }

  test('a comment that looks like an end is no end', async () => {
    const fake = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(16), Buffer.from([2, 0]), Buffer.from('xx')]);
    const bytes = Buffer.concat([good.subarray(0, end + 20), Buffer.from([fake.length, 0]), fake]);
    writeFileSync(at('fake.zip'), bytes);
    const copy = await copyOf(at('fake.zip'));
    assert.ok(copy.includes(good.subarray(directory, end)), 'the entries');
    assert.deepEqual(copy.subarray(copy.length - fake.length), fake);
  });

  test('whatever bytes are wrong, it is refused or copied, in one way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (changes) => {
          const bytes = Buffer.from(good);
          for (const [position, value] of changes) bytes[position] = value;
          writeFileSync(at('any.zip'), bytes);
          await copyOf(at('any.zip')).catch((error: unknown) => assert.ok(error instanceof InputError, String(error)));
        },
      ),
      { numRuns: 300 },
    );
  });
});
