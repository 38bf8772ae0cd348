/** Archives that other programs have made. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { bunzip2 } from '../../../src/sources/bundle/bzip2.js';
import { unxz } from '../../../src/sources/bundle/xz.js';
import { unzstd } from '../../../src/sources/bundle/zstd.js';
import { made, missing } from '../../helpers/archives.js';
import { PROFILE_401, profile401, type Scanned, scannedInside, workspace } from '../../helpers/cli.js';

const LONG = `${'folder-with-a-long-name/'.repeat(9)}atlassian-jira.log`;
const UMLAUT = 'Büro/日本/atlassian-jira.log';
/** Each log has the problem once, at a time of its own. */
const FILES = [
  'node1/application-logs/atlassian-jira.log',
  'node1/application-logs/atlassian-jira.log.2',
  'node1/application-logs/atlassian-jira.log.10',
  'node2/application-logs/atlassian-jira.log',
  UMLAUT,
  LONG,
];
const OTHERS = ['node1/application-config/dbconfig.xml', 'node1/plugins/plugin.log', 'node1/empty.log'];
const times = FILES.map((_, number) => `2026-11-20 09:14:0${number},118+0000`);

const place = workspace({
  ...Object.fromEntries(FILES.map((name, number) => [`logs/${name}`, profile401(times[number])])),
  'logs/node1/application-config/dbconfig.xml': '<xml/>',
  'logs/node1/plugins/plugin.log': profile401(),
  'logs/node1/empty.log': '',
  'logs/folder/': '',
});
const logs = place.at('logs');

/** Found once in each log; the origins of the evidence. */
function assertFound(
  archive: string,
  { status, incidents, problems, summary, stderr }: Scanned,
  skipped: number,
): void {
  assert.deepEqual([status, problems, stderr], [0, [], '']);
  assert.deepEqual(
    incidents.map(({ rule, count }) => [rule.id, count]),
    [[PROFILE_401, FILES.length]],
  );
  const origins = incidents[0]!.evidence.map(({ origin }) => origin).sort();
  assert.deepEqual(origins, FILES.map((name) => `${archive}!/${name}`).sort());
  assert.equal(summary.coverage.files, FILES.length);
  assert.equal(summary.coverage.skippedFiles, skipped);
}

const scan = (archive: string, ...more: string[]) =>
  scannedInside([archive, '--evidence', '9', '--no-config', ...more], place.dir);

const PYTHON_ZIP = `
import sys, zipfile, os
with zipfile.ZipFile(sys.argv[1], 'w', int(sys.argv[2])) as z:
  for folder, _, names in os.walk('.'):
    for name in names: z.write(os.path.join(folder, name))
`;
const PYTHON_STREAMED = `
import sys, zipfile, os
class Out:
  def __init__(self, f): self.f = f
  def write(self, b): return self.f.write(b)
  def flush(self): self.f.flush()
with open(sys.argv[1], 'wb') as f, zipfile.ZipFile(Out(f), 'w', 8) as z:
  for folder, _, names in os.walk('.'):
    for name in names:
      with z.open(os.path.join(folder, name)[2:], 'w', force_zip64=True) as m: m.write(open(os.path.join(folder, name), 'rb').read())
`;
const PYTHON_TAR = `
import sys, tarfile
with tarfile.open(sys.argv[1], sys.argv[2], format=int(sys.argv[3])) as t: t.add('.', arcname='')
`;

/** What makes it, with which arguments; `OUT` is the archive. Run among the logs. */
const ARCHIVES: readonly (readonly [name: string, needs: readonly string[], ...commands: (readonly string[])[]])[] = [
  ['deflated.zip', ['zip'], ['zip', '-qr', 'OUT', '.']],
  ['stored.zip', ['zip'], ['zip', '-qr0', 'OUT', '.']],
  ['forced-zip64.zip', ['zip'], ['zip', '-qr', '-fz', 'OUT', '.']],
  ['streamed.zip', ['zip'], ['sh', '-c', 'zip -qr - . | cat > OUT']],
  ['bzip2.zip', ['7z'], ['7z', 'a', '-bd', '-tzip', '-mm=BZip2', 'OUT', '.']],
  ['seven.zip', ['7z'], ['7z', 'a', '-bd', '-tzip', 'OUT', '.']],
  ['python.zip', ['python3'], ['python3', '-c', PYTHON_ZIP, 'OUT', '8']],
  ['python-stored.zip', ['python3'], ['python3', '-c', PYTHON_ZIP, 'OUT', '0']],
  ['python-streamed.zip', ['python3'], ['python3', '-c', PYTHON_STREAMED, 'OUT']],
  ['bsd.zip', ['bsdtar'], ['bsdtar', '--format', 'zip', '-cf', 'OUT', '.']],
  ['gnu.tar', ['tar'], ['tar', '-cf', 'OUT', '.']],
  ['pax.tar', ['tar'], ['tar', '--format=pax', '-cf', 'OUT', '.']],
  ['ustar.tar', ['bsdtar'], ['bsdtar', '--format', 'pax', '-cf', 'OUT', '.']],
  ['gnu.tar.gz', ['tar', 'gzip'], ['tar', '-czf', 'OUT', '.']],
  ['bsd.tgz', ['bsdtar'], ['bsdtar', '-czf', 'OUT', '.']],
  ['gnu.tar.bz2', ['tar', 'bzip2'], ['tar', '-cjf', 'OUT', '.']],
  ['bsd.tar.bz2', ['bsdtar'], ['bsdtar', '-cjf', 'OUT', '.']],
  ['gnu.tar.xz', ['tar', 'xz'], ['tar', '-cJf', 'OUT', '.']],
  ['bsd.tar.xz', ['bsdtar'], ['bsdtar', '-cJf', 'OUT', '.']],
  ['gnu.tar.zst', ['tar', 'zstd'], ['tar', '--zstd', '-cf', 'OUT', '.']],
  ['seven.tar', ['7z'], ['7z', 'a', '-bd', '-ttar', 'OUT', '.']],
  ['python-gnu.tar', ['python3'], ['python3', '-c', PYTHON_TAR, 'OUT', 'w', '1']],
  ['python-pax.tar.gz', ['python3'], ['python3', '-c', PYTHON_TAR, 'OUT', 'w:gz', '2']],
  ['python-pax.tar.xz', ['python3'], ['python3', '-c', PYTHON_TAR, 'OUT', 'w:xz', '2']],
];

describe('an archive of', () => {
  for (const [name, needs, ...commands] of ARCHIVES) {
    test(`${name} says what its logs say, under any name`, { skip: missing(...needs) }, async () => {
      const out = place.at(name);
      for (const [program, ...args] of commands)
        made(
          logs,
          program!,
          args.map((arg) => arg.replaceAll('OUT', out)),
        );
      assertFound(name, await scan(name), OTHERS.length);
      writeFileSync(place.at(`${name}.dat`), readFileSync(out));
      assertFound(`${name}.dat`, await scan(`${name}.dat`), OTHERS.length);
    });
  }
});

describe('one compressed log', () => {
  for (const [program, suffix] of [
    ['bzip2', 'bz2'],
    ['xz', 'xz'],
    ['zstd', 'zst'],
    ['gzip', 'gz'],
  ] as const) {
    test(`of ${program} is read as the log itself, twice over if it was written twice`, {
      skip: missing(program),
    }, async () => {
      const one = made(logs, program, ['-c', FILES[0]!]);
      const two = made(logs, program, ['-c', FILES[3]!]);
      const name = `atlassian-jira.log.${suffix}`;
      writeFileSync(place.at(name), Buffer.concat([one, two]));
      const { status, incidents, summary, problems } = await scan(name);
      assert.deepEqual([status, problems], [0, []]);
      assert.deepEqual([incidents[0]?.count, summary.coverage.files], [2, 1]);
      assert.equal(incidents[0]!.evidence[0]!.origin, name);
    });

    test(`of ${program} is what its program says, also if it is long and cannot be made smaller`, {
      skip: missing(program),
    }, async () => {
      const noise = randomBytes(3_000_000).toString('base64');
      const repeated = `${'a'.repeat(259)}${'b'.repeat(4)}${'c'.repeat(255 + 4)}\n`.repeat(9000);
      const text = Buffer.from(`${times[0]} ${noise}\n${repeated}${profile401()}`);
      const name = `long.log.${suffix}`;
      writeFileSync(place.at(name), made(logs, program, ['-c'], text));
      const { status, incidents, summary } = await scan(name);
      assert.deepEqual([status, incidents[0]?.count], [0, 1]);
      assert.equal(summary.coverage.bytes, text.length);
      assert.equal(
        summary.coverage.lines,
        text.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0),
      );
    });
  }
});

test('what bzip2 unpacks is what was packed, byte for byte, in blocks of every size', {
  skip: missing('bzip2'),
}, async () => {
  const runs = Array.from({ length: 3000 }, (_, number) =>
    String.fromCharCode(65 + (number % 26)).repeat(number % 300),
  );
  for (const text of ['', 'a', 'ab'.repeat(50), runs.join(''), randomBytes(1_200_000), Buffer.alloc(2_000_000)]) {
    for (const level of ['-1', '-9']) {
      const packed = made(logs, 'bzip2', [level, '-c'], Buffer.from(text as string));
      assert.deepEqual(await all(bunzip2(inPieces(packed, 1000), 'x')), Buffer.from(text as string));
    }
  }
});

test('xz with and without a checksum, in blocks, and with padding behind it', { skip: missing('xz') }, async () => {
  const text = randomBytes(200_000);
  for (const args of [['--check=none'], ['--check=crc32'], ['--check=crc64'], ['--block-size=30000'], ['-9e']]) {
    const packed = made(logs, 'xz', [...args, '-c'], text);
    const twice = Buffer.concat([packed, Buffer.alloc(8), packed]);
    assert.deepEqual(await all(unxz(inPieces(twice, 70_000), 'x')), Buffer.concat([text, text]), args[0]);
  }
});

test('xz and zstd that need too much are told of, with what unpacks them', {
  skip: missing('xz', 'zstd'),
}, async () => {
  const text = Buffer.from(profile401());
  const large = made(logs, 'xz', ['--lzma2=dict=128MiB', '-c'], text);
  const checked = made(logs, 'xz', ['--check=sha256', '-c'], text);
  // What zstd needs stands behind the flags; a small file is not made so that it needs much.
  const frame = Buffer.from('28b52ffd00b00100000000', 'hex');
  for (const [bytes, unpack, said] of [
    [large, unxz, /needs more than 64 MiB to unpack/],
    [checked, unxz, /in a way that is not known here/],
    [frame, unzstd, /needs more than 128 MiB to unpack/],
  ] as const) {
    await assert.rejects(all(unpack(inPieces(bytes, 1000), 'x')), { code: 'input-unsupported', message: said });
  }
});

test('zstd at any level, with and without a size in front, and what is to be skipped', {
  skip: missing('zstd'),
}, async () => {
  const text = Buffer.from(`${randomBytes(100_000).toString('hex')}${'x'.repeat(500_000)}`);
  const skipped = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
  for (const args of [['-1'], ['-19'], ['--no-check'], ['--ultra', '-22'], ['--long=27']]) {
    const packed = made(logs, 'zstd', ['-q', ...args, '-c'], text);
    const more = Buffer.concat([skipped, packed, skipped, packed]);
    assert.deepEqual(await all(unzstd(inPieces(more, 10_000), 'x')), Buffer.concat([text, text]), args[0]);
  }
});

test('an archive of each kind in one of each kind', {
  skip: missing('zip', 'tar', 'gzip', 'bzip2', 'xz', 'zstd'),
}, async () => {
  const kinds: readonly (readonly [suffix: string, ...command: string[]])[] = [
    ['zip', 'zip', '-qr'],
    ['tar', 'tar', '-cf'],
    ['tgz', 'tar', '-czf'],
    ['tar.bz2', 'tar', '-cjf'],
    ['tar.xz', 'tar', '-cJf'],
    ['tar.zst', 'tar', '--zstd', '-cf'],
  ];
  const inner = workspace({});
  for (const [suffix, program, ...args] of kinds)
    made(logs, program!, [...args, inner.at(`inner.${suffix}`), 'node1/application-logs/atlassian-jira.log']);
  for (const [suffix, program, ...args] of kinds) {
    const name = `nested.${suffix}`;
    made(inner.dir, program!, [...args, place.at(name), '.']);
    const { status, problems, summary, incidents } = await scan(name);
    assert.deepEqual([status, problems, summary.coverage.files], [0, [], kinds.length], name);
    const { origin, copies } = incidents[0]!.evidence[0]!;
    const origins = [origin, ...copies.map((copy) => copy.replace(/:\d+$/, ''))];
    const wanted = kinds.map(([one]) => `${name}!/inner.${one}!/node1/application-logs/atlassian-jira.log`);
    assert.deepEqual(origins.sort(), wanted.sort());
  }
});

async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function all(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const found: Uint8Array[] = [];
  for await (const piece of pieces) found.push(piece);
  return Buffer.concat(found);
}
