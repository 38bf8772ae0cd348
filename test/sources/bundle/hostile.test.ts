/** Archives that nobody packed with good intentions, and those that came to harm on their way. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { made, missing, paxOf, type TarEntry, tarOf, type ZipEntry, zipOf, zipOfMany } from '../../helpers/archives.js';
import { jiraRecord, profile401, run, scanned, scannedInside, workspace } from '../../helpers/cli.js';
import { measured } from '../../helpers/measured.js';

const GOOD = { name: 'node1/good.log', data: profile401() };
const LONG = Array.from({ length: 20_000 }, (_, number) =>
  jiraRecord(`line ${number} ${(number * 7919) % 10_007}`),
).join('');
const ZEROS = Buffer.alloc(70 * 1024 * 1024);
const NOISE = randomBytes(200_000);
const BOMB = deflateRawSync(ZEROS, { level: 9 });
/** What is seen of a log whose end is missing. */
const BEFORE = `${profile401('2026-11-20 08:00:00,000+0000')}${LONG}`;

interface Case {
  readonly name: string;
  readonly archive: Buffer;
  readonly args?: readonly string[];
  /** Codes, and what the messages say; one of each. */
  readonly problems: readonly (readonly [code: string, said: RegExp])[];
  /** Default 3. */
  readonly status?: number;
  /** How often the problem was found; once, in the good log. */
  readonly found?: number;
  readonly skipped?: number;
}

const zipped = (entries: readonly ZipEntry[], options = {}) => zipOf([GOOD, ...entries], options);
const tarred = (entries: readonly TarEntry[], end = true) => tarOf([...entries, GOOD], end);
const flipped = (bytes: Buffer, at: number, by = 0x55) => {
  const other = Buffer.from(bytes);
  other[at]! ^= by;
  return other;
};

const ZIPS: readonly Case[] = [
  {
    name: 'encrypted members',
    archive: zipped([1, 2, 3, 4, 5].map((number) => ({ ...GOOD, name: `secret${number}.log`, flags: 1 }))),
    problems: [
      ['archive-encrypted', /^5 members: secret1\.log, secret2\.log, secret3\.log and 2 more; the first is encrypted$/],
    ],
  },
  {
    name: 'a member of an unknown method',
    archive: zipped([{ ...GOOD, name: 'x.log', method: 9, packed: Buffer.from('?') }]),
    problems: [['input-unsupported', /Deflate64/]],
  },
  {
    name: 'a member with another checksum',
    archive: zipped([{ ...GOOD, name: 'x.log', said: { checksum: 7 } }]),
    problems: [['input-corrupt', /checksum is another one/]],
    found: 2,
  },
  {
    name: 'members with other sizes, too small and too large',
    archive: zipped([
      { ...GOOD, name: 'a.log', said: { size: 5 } },
      { ...GOOD, name: 'b.log', said: { size: 2 ** 32 - 2 } },
      { ...GOOD, name: 'c.log', said: { packed: 20 } },
      { ...GOOD, name: 'd.log', method: 0, said: { size: 1 } },
    ]),
    problems: [
      ['input-corrupt', /^3 members: a\.log, b\.log, d\.log; the first has \d+ bytes, though the archive says 5$/],
      ['input-truncated', /ends in the middle of compressed data/],
    ],
    found: 4,
  },
  {
    name: 'a member that is said to go on behind the end',
    archive: zipped([{ ...GOOD, name: 'x.log', said: { packed: 2 ** 31 } }]),
    problems: [['input-corrupt', /has bytes after the end of its compressed data/]],
    found: 2,
  },
  {
    name: 'a stored member that is said to go on behind the end',
    archive: zipped([{ name: 'x.log', data: BEFORE, method: 0, said: { packed: 2 ** 31 } }]),
    problems: [['input-truncated', /ends in the middle of the archive/]],
    found: 2,
  },
  {
    name: 'a damaged member',
    archive: zipped([{ name: 'x.log', data: BEFORE, packed: flipped(deflateRawSync(BEFORE), 90_000) }]),
    problems: [['input-corrupt', /damaged|though the archive says|checksum/]],
    found: 2,
  },
  {
    name: 'a member that is not where the directory says',
    archive: zipped([
      { ...GOOD, name: 'a.log', offset: 17 },
      { ...GOOD, name: 'b.log', offset: 2 ** 32 - 2 },
    ]),
    problems: [
      ['archive-bomb', /lies in another member/],
      ['input-corrupt', /is not where it should be/],
    ],
  },
  {
    name: 'members that lie in each other',
    archive: zipped([
      { ...GOOD, name: 'a.log' },
      ...Array.from({ length: 50 }, () => ({ ...GOOD, name: 'b.log', at: 1 })),
    ]),
    problems: [['archive-bomb', /^50 members: b\.log, b\.log, b\.log and 47 more; the first lies in another member/]],
    found: 2,
  },
  {
    name: 'a bomb by its ratio',
    archive: zipped([
      { name: 'bomb.log', data: ZEROS, packed: BOMB },
      { name: 'noise.bin', data: NOISE },
      { ...GOOD, name: 'z.log' },
    ]),
    problems: [['archive-bomb', /unpacks to more than 1000 times its size; the rest was not read/]],
    found: 2,
  },
  {
    name: 'many bombs: when too much came out of it, nothing more is read',
    archive: zipped([
      { ...GOOD, name: 'a.log' },
      ...Array.from({ length: 10 }, (_, number) => ({ name: `bomb${number}.log`, data: ZEROS, packed: BOMB })),
    ]),
    args: ['--max-ratio', '300'],
    problems: [
      ['archive-bomb', /^\d members: bomb0\.log, .*the first unpacks to more than 300 times its size/],
      ['archive-bomb', /^unpacks to more than 300 times its size; the rest was not read/],
    ],
  },
  {
    name: 'a bomb by its size',
    archive: zipped([{ name: 'bomb.log', data: 'x'.repeat(100_000) }]),
    args: ['--max-archive-bytes', '50kB'],
    problems: [['archive-bomb', /unpacks to more than 48\.8 KiB; the rest was not read/]],
    found: 0,
  },
  {
    name: 'links and devices',
    archive: zipped([
      { name: 'link.log', data: '/etc/passwd', mode: 0o120777 },
      { name: 'pipe.log', mode: 0o010644 },
    ]),
    problems: [],
    status: 0,
    skipped: 2,
  },
  {
    name: 'names that lead out of it',
    archive: zipped(
      ['../../up.log', '/abs/x.log', 'C:\\Windows\\y.log', 'a/../../z.log'].map((name) => ({ ...GOOD, name })),
    ),
    problems: [
      [
        'archive-names',
        /^4 members: \.\.\/\.\.\/up\.log, abs\/x\.log, .* and 1 more; the first has a name that leads out/,
      ],
    ],
    status: 0,
    found: 5,
  },
  {
    name: 'two members of one name',
    archive: zipped([{ name: GOOD.name, data: profile401('2026-11-20 10:00:00,000+0000') }]),
    problems: [],
    status: 0,
    found: 2,
  },
  {
    name: 'a directory that is damaged',
    archive: (() => {
      const bytes = zipped([{ ...GOOD, name: 'x.log' }]);
      return flipped(bytes, bytes.lastIndexOf('PK\x01\x02'));
    })(),
    problems: [['input-corrupt', /has a damaged directory \(.*\)/]],
    found: 2,
  },
  {
    name: 'bytes behind its end',
    archive: Buffer.concat([zipped([{ ...GOOD, name: 'x.log', isStreamed: true }]), Buffer.from('more')]),
    problems: [['input-corrupt', /has a damaged directory/]],
    found: 2,
  },
  {
    name: 'no directory, as it was cut off between members',
    archive: zipOf([GOOD, { ...GOOD, name: 'x.log', isStreamed: true }, { ...GOOD, name: 'y.log', method: 0 }], {
      directory: false,
    }),
    problems: [['input-truncated', /is cut off: its directory is missing/]],
    found: 3,
  },
  {
    name: 'no directory, as it was cut off in a member',
    archive: (() => {
      const bytes = zipped([{ name: 'x.log', data: BEFORE }], { directory: false });
      return bytes.subarray(0, bytes.length - 20_000);
    })(),
    problems: [
      ['input-truncated', /is cut off: its directory is missing/],
      ['input-truncated', /ends in the middle/],
    ],
    found: 2,
  },
  {
    name: 'nothing but the first bytes',
    archive: Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1'),
    problems: [['input-truncated', /is cut off/]],
    found: 0,
  },
  {
    name: 'nothing in it',
    archive: zipOf([]),
    problems: [['input-empty', /holds no logs/]],
    found: 0,
  },
  {
    name: 'more members than it says',
    archive: (() => {
      const bytes = zipped([{ ...GOOD, name: 'x.log' }]);
      bytes.writeUInt16LE(1, bytes.length - 12);
      return bytes;
    })(),
    problems: [],
    status: 0,
  },
  {
    name: 'fewer members than it says',
    archive: (() => {
      const bytes = zipped([{ ...GOOD, name: 'x.log' }]);
      bytes.writeUInt16LE(9, bytes.length - 12);
      return bytes;
    })(),
    problems: [['input-corrupt', /has a damaged directory/]],
    found: 2,
  },
];

const nested = (levels: number): Buffer =>
  levels === 0 ? zipOf([GOOD]) : zipOf([GOOD, { name: 'inner.zip', data: nested(levels - 1) }]);

const NESTED: readonly Case[] = [
  {
    name: 'more levels than are opened',
    archive: nested(6),
    problems: [['archive-too-deep', /is an archive in 4 others; at most 4 are opened/]],
    found: 4,
  },
  {
    name: 'more levels, if they are asked for',
    archive: nested(6),
    args: ['--max-depth', '7'],
    problems: [],
    status: 0,
    found: 7,
  },
  {
    name: 'compressed files in compressed files',
    archive: [1, 2, 3, 4, 5, 6].reduce<Buffer>((bytes) => gzipSync(bytes), Buffer.from(profile401())),
    problems: [['archive-too-deep', /is an archive in 4 others/]],
    found: 0,
  },
  {
    name: 'a bomb in a bomb: less than 1000 times each, together more',
    archive: (() => {
      const inner = zipOf(
        Array.from({ length: 30 }, (_, number) => ({ name: `${number}.log`, data: ZEROS.subarray(0, 2 ** 22) })),
      );
      return tarOf([GOOD, ...['a', 'b'].map((name) => ({ name: `${name}.zip`, data: inner }))]);
    })(),
    args: ['--max-ratio', '900'],
    problems: [['archive-bomb', /unpacks to more than 900 times its size; the rest was not read/]],
  },
  {
    name: 'a zip in a zip that is cut off',
    archive: zipped([{ name: 'inner.zip', data: zipOf([GOOD, { ...GOOD, name: 'x.log' }]).subarray(0, -9) }]),
    problems: [['input-truncated', /is cut off: its directory is missing/]],
    found: 3,
  },
];

const TARS: readonly Case[] = [
  {
    name: 'links, directories and devices',
    archive: tarred([
      { name: 'a.log', type: '2', link: '/etc/passwd' },
      { name: 'b.log', type: '1', link: 'node1/good.log' },
      { name: 'c.log', type: '3' },
      { name: 'd.log', type: '6' },
      { name: 'e.log/', type: '5' },
    ]),
    problems: [],
    status: 0,
    skipped: 4,
  },
  {
    name: 'names that lead out of it',
    archive: tarred(['../../up.log', '/abs/x.log'].map((name) => ({ ...GOOD, name }))),
    problems: [['archive-names', /^2 members: \.\.\/\.\.\/up\.log, abs\/x\.log; the first has a name that leads out/]],
    status: 0,
    found: 3,
  },
  {
    name: 'a damaged header: what is behind the next whole one is read',
    archive: tarOf([{ ...GOOD, name: 'a.log' }, { ...GOOD, name: 'b.log', isDamaged: true }, GOOD]),
    problems: [['input-corrupt', /has damaged headers/]],
    found: 2,
  },
  {
    name: 'a member that is said to go on behind the end',
    archive: tarOf([GOOD, { name: 'b.log', data: BEFORE, size: 8 ** 11 - 1 }]),
    problems: [['input-truncated', /ends in the middle of the archive/]],
    found: 2,
  },
  {
    name: 'no end',
    archive: tarred([], false),
    problems: [['input-truncated', /ends in the middle of the archive/]],
  },
  {
    name: 'an end in a member',
    archive: tarOf([GOOD, { name: 'x.log', data: BEFORE }]).subarray(0, 500_000),
    problems: [['input-truncated', /ends in the middle of the archive/]],
    found: 2,
  },
  {
    name: 'an end in the middle of compressed data',
    archive: gzipSync(tarOf([GOOD, { name: 'x.log', data: BEFORE }])).subarray(0, 80_000),
    problems: [['input-truncated', /ends in the middle of compressed data/]],
    found: 2,
  },
  {
    name: 'an end in what is passed over',
    archive: tarOf([GOOD, { name: 'x.bin', data: BEFORE }]).subarray(0, 500_000),
    problems: [['input-truncated', /ends in the middle of the archive/]],
    skipped: 1,
  },
  {
    name: 'a header about a header that is larger than memory',
    archive: tarred([{ name: 'x', type: 'x', size: 8 ** 11 - 1 }]),
    problems: [
      ['input-corrupt', /has damaged headers/],
      ['input-truncated', /ends in the middle of the archive/],
    ],
    found: 0,
  },
  {
    name: 'headers about headers without end',
    archive: tarred(
      Array.from({ length: 2000 }, (_, number) => ({ name: 'x', type: 'x', data: paxOf({ path: `a${number}.log` }) })),
    ),
    problems: [],
    status: 0,
  },
  {
    name: 'sparse files',
    archive: tarred([
      { name: 'old.log', type: 'S', data: 'x' },
      { name: 'x', type: 'x', data: paxOf({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'new.log' }) },
      { name: 'GNUSparseFile.0/new.log', data: 'x' },
    ]),
    problems: [['input-unsupported', /^2 members: old\.log, new\.log; the first is a sparse file/]],
  },
  {
    name: 'a bomb by its ratio',
    archive: gzipSync(tarOf([GOOD, { name: 'x.bin', data: ZEROS }, { ...GOOD, name: 'z.log' }])),
    problems: [['archive-bomb', /unpacks to more than 1000 times its size; the rest was not read/]],
  },
  {
    name: 'two tars, one behind the other',
    archive: Buffer.concat([tarOf([GOOD]), tarOf([{ ...GOOD, name: 'x.log' }])]),
    problems: [],
    status: 0,
    found: 2,
  },
];

for (const [kind, cases] of [
  ['a zip with', ZIPS],
  ['archives with', NESTED],
  ['a tar with', TARS],
] as const) {
  describe(`44: ${kind}`, () => {
    for (const { name, archive, args = [], problems, status = 3, found = 1, skipped } of cases) {
      test(name, async () => {
        const place = workspace({ 'bundle.dat': archive });
        const result = await scannedInside(['bundle.dat', '--no-config', '--evidence', '99', ...args], place.dir);
        assert.deepEqual(
          result.problems.map(({ code }) => code),
          problems.map(([code]) => code),
          JSON.stringify(result.problems),
        );
        for (const [index, [, said]] of problems.entries()) {
          assert.match(result.problems[index]!.message, said);
          assert.match(result.problems[index]!.origin!, /^bundle\.dat/);
          assert.notEqual(result.problems[index]!.remedy, '');
        }
        const logs = result.incidents.flatMap(({ evidence }) =>
          evidence.map(({ origin, copies }) => [origin, ...copies]),
        );
        assert.deepEqual([logs.flat().length, result.status], [found, status]);
        if (skipped !== undefined) assert.equal(result.summary.coverage.skippedFiles, skipped);
      });
    }
  });
}

describe('44: bounded', () => {
  test('a million members cost neither memory nor patience', async () => {
    const place = workspace({ 'many.zip': zipOfMany(GOOD, 1_000_000, '.x') });
    const { status, summary, problems, incidents } = await measured(place, ['many.zip']);
    assert.deepEqual([status, summary.coverage.skippedFiles, problems, incidents.length], [0, 1_000_000, [], 1]);
  });

  test('of very many logs so many are read, and it is said that there are more', async () => {
    const place = workspace({ 'many.zip': zipOfMany(GOOD, 50_005, '.log') });
    const { status, problems, incidents } = await measured(place, ['many.zip']);
    assert.deepEqual([status, incidents.length], [3, 1]);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [['input-too-large', 'has more than 50000 logs; 6 were not read']],
    );
  });

  test('a bomb of each kind of compression', { skip: missing('bzip2', 'xz', 'zstd') }, async () => {
    const zeros = Buffer.concat([Buffer.from(profile401()), Buffer.alloc(2 ** 28, 'x')]);
    const place = workspace({});
    for (const [program, suffix] of [
      ['bzip2', 'bz2'],
      ['xz', 'xz'],
      ['zstd', 'zst'],
      ['gzip', 'gz'],
    ] as const) {
      writeFileSync(place.at(`x.log.${suffix}`), made(place.dir, program, ['-c'], zeros));
      const { status, problems, incidents } = await measured(place, [`x.log.${suffix}`, '--max-ratio', '900']);
      assert.deepEqual([status, incidents.length], [3, 1], suffix);
      assert.deepEqual(
        problems.map(({ code, origin }) => [code, origin]),
        [['archive-bomb', `x.log.${suffix}`]],
      );
    }
  });

  test('a zip in a tar, and a zip in a pipe, leave nothing in the temporary directory', async () => {
    const place = workspace({ 'a.tar': tarOf([{ name: 'a.zip', data: zipOf([GOOD]) }]), 'tmp/': '' });
    const env = { TMPDIR: place.at('tmp') };
    const one = await scanned(['a.tar'], { cwd: place.dir, env });
    const two = await scanned(['-'], { cwd: place.dir, env, stdin: zipOf([GOOD]) });
    assert.deepEqual(
      [...one.incidents, ...two.incidents].map(({ evidence }) => evidence[0]!.origin),
      ['a.tar!/a.zip!/node1/good.log', '-!/node1/good.log'],
    );
    assert.deepEqual([readdirSync(place.at('tmp')), one.status, two.status], [[], 0, 0]);
  });

  test('a zip in a pipe where no temporary file can be made is a message', async () => {
    const env = { TMPDIR: '/nonexistent/tmp' };
    const { status, problems } = await scanned(['-'], { cwd: workspace({}).dir, env, stdin: zipOf([GOOD]) });
    assert.equal(status, 3);
    assert.match(problems[0]!.message, /cannot be kept in \/nonexistent\/tmp/);
  });
});

describe('44: damage anywhere', () => {
  const zip = zipOf([GOOD, { ...GOOD, name: 'b.log', isStreamed: true }, { ...GOOD, name: 'c.log', method: 0 }]);
  const tar = tarOf([GOOD, { ...GOOD, name: 'b.log' }]);
  const kinds: [name: string, bytes: Buffer][] = [
    ['zip', zip],
    ['tar', tar],
    ['tar.gz', gzipSync(tar)],
  ];
  for (const [program, suffix] of [
    ['bzip2', 'tar.bz2'],
    ['xz', 'tar.xz'],
    ['zstd', 'tar.zst'],
  ] as const) {
    if (missing(program) === false) kinds.push([suffix, made(tmpdir(), program, ['-c'], tar)]);
  }
  for (const [name, bytes] of kinds) {
    test(`of a ${name}: a byte that is another one, or an end too soon, never ends the run`, async () => {
      const place = workspace({});
      const noise = randomBytes(64);
      for (let turn = 0; turn < 64; turn++) {
        const at = 4 + Math.floor(((bytes.length - 5) * turn) / 64);
        const harmed = turn % 2 === 0 ? flipped(bytes, at, noise[turn]! | 1) : bytes.subarray(0, at);
        writeFileSync(place.at('x.dat'), harmed);
        const { status, summary, problems } = await scannedInside(['x.dat', '--no-config'], place.dir);
        // What is nothing that is known any more is a text of few lines, or binary.
        assert.ok(status === 0 || (status === 3 && problems.length > 0), `${turn}: ${status}`);
        assert.equal(status === 3, summary.coverage.unreadableFiles > 0);
      }
    });
  }
});

describe('44: names', () => {
  const hostile = 'x\x1b]0;owned\x07\x1b[2J\n\u202eevil.log';
  // biome-ignore lint/complexity/useRegexLiterals: a literal would hold what it looks for
  const UNSAFE = new RegExp('[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]');

  for (const [kind, archive] of [
    ['zip', zipOf([{ ...GOOD, name: hostile }])],
    ['tar', tarOf([{ ...GOOD, name: hostile }])],
  ] as const) {
    test(`of a ${kind} with escapes and newlines are shown escaped, and told of`, async () => {
      const place = workspace({ 'a.dat': archive });
      const args = ['a.dat', '--details', 'all', '--as-of', '2026-11-24'];
      for (const format of ['text', 'ndjson']) {
        const { status, stdout, stderr } = await run([...args, '--format', format], { cwd: place.dir });
        assert.equal(status, 0);
        assert.match(stdout, /evil\.log/);
        assert.match(stderr, /has a name that leads out of the folder that it is unpacked to, or hides where/);
        assert.doesNotMatch(stdout, UNSAFE);
        assert.doesNotMatch(stderr, UNSAFE);
        assert.doesNotMatch(stdout, /^.?evil\.log/m);
      }
    });
  }

  test('in UTF-8 and in CP437, with and without the mark that says so', async () => {
    const entries = [
      { ...GOOD, name: 'Büro1.log', flags: 0x800 },
      { ...GOOD, name: 'Büro2.log', flags: 0 },
      { ...GOOD, name: Buffer.from('B\x81ro3.log', 'latin1'), flags: 0 },
      { ...GOOD, name: Buffer.from('B\xffro4.log', 'latin1'), flags: 0x800 },
    ];
    const place = workspace({ 'a.zip': zipOf(entries) });
    const { incidents } = await scannedInside(['a.zip', '--no-config'], place.dir);
    const { origin, copies } = incidents[0]!.evidence[0]!;
    assert.deepEqual(
      [origin, ...copies.map((copy) => copy.replace(/:\d+$/, ''))].map((name) => name.slice('a.zip!/'.length)).sort(),
      ['Büro1.log', 'Büro2.log', 'Büro3.log', 'B\u00a0ro4.log'].sort(),
    );
  });
});

test('44: an archive that contains itself ends: levels without end are opened to a depth', async () => {
  const place = workspace({ 'a.zip': nested(40) });
  const { status, problems } = await measured(place, ['a.zip']);
  assert.deepEqual([status, problems.map(({ code }) => code)], [3, ['archive-too-deep']]);
});
