import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { BATCH_BYTES, BatchReader } from '../../src/candidates/batch.js';
import { Grams } from '../../src/candidates/grams.js';
import { MARK_BITS, ROOM } from '../../src/candidates/memory.js';
import type { Needs } from '../../src/model/literal.js';
import type { LogRecord } from '../../src/model/log-record.js';
import type { OpenFile, Source } from '../../src/model/source.js';
import { noCounts, readRecords } from '../../src/read.js';
import type { Threads } from '../../src/sift.js';
import { fileSource } from '../../src/sources/file.js';
import { ThreadPool } from '../../src/threads.js';
import { compiled, rule } from '../helpers/rules.js';
import { BRACKETS, ERROR, INFO, NEEDLE, PIECES, TIME } from './pieces.js';

/*
 * The filter is not to be noticed: whatever it passes over, the matches, the errors and the counts are those of a reader
 * of every byte.
 */

const RULES = [
  rule({ id: 'acme/needle', match: { text: 'needle in the haystack' } }),
  rule({
    id: 'acme/profile',
    match: { http: { status: 401, host: '*.vssps.visualstudio.com', path: '/_apis/profile/profiles/{id}' } },
  }),
  rule({ id: 'acme/halves', match: { text: 'first half\nsecond half' } }),
  rule({ id: 'acme/sync', match: { throwable: { type: 'com.acme.worklog.SyncFailedException' } } }),
];
const MATCHER = compiled(RULES);

interface Seen {
  readonly matches: string[];
  readonly errors: string[];
  readonly lines: number;
  readonly bytes: number;
  readonly records: number;
  readonly cutLines: number;
  readonly cutRecords: number;
  readonly ends: (number | null)[];
}

/** How the bytes come: in pieces of these sizes (the last one repeats), or as a file that is read in ranges. */
type Way =
  | { readonly pieces: readonly number[] }
  | { readonly rangeBytes: number; readonly threads: 'none' | 'another' }
  | { readonly source: Source; readonly pool: Threads };

const PLAIN_WAY = { pieces: [65_536] } as const;

interface ReadSetup {
  readonly path?: string;
  readonly errors: boolean;
  /** Null reads the plain way. */
  readonly toGrams: (() => Grams) | null;
}

async function read(
  bytes: Uint8Array,
  way: Way,
  { path = 'atlassian-jira.log', errors, toGrams }: ReadSetup,
): Promise<Seen> {
  const source = 'source' in way ? way.source : inMemorySource(bytes, way, path);
  const matches: string[] = [];
  const failed: string[] = [];
  const counts = noCounts();
  let records = 0;
  let cutRecords = 0;
  let time: number | null = null;
  let offset = -1;
  let first: number | null | undefined;
  let last: number | null = null;
  const record = (one: LogRecord, held: readonly number[] | null) => {
    records++;
    time = one.time ?? time;
    offset = one.offset;
    if (one.cut) cutRecords++;
    if (one.format !== 'plain') {
      first ??= one.time;
      last = one.time;
    }
    const place = `${one.line}-${one.endLine}@${one.offset} ${time} ${one.text.length}`;
    for (const match of MATCHER.match(one, held)) matches.push(`${match.rule.id} ${place}`);
    if (one.level === 'ERROR' || one.level === 'FATAL' || (one.level === null && one.throwables.length > 0))
      failed.push(place);
  };
  const passedOver = (at: number, then: number | null) => {
    if (at > offset) time = then ?? time;
  };
  const filter = toGrams && {
    grams: toGrams,
    mayMatch: (text: string, held: readonly number[]) => MATCHER.mayMatch(text, held),
    threads: poolOf(way, bytes),
  };
  await readRecords(
    source,
    { zone: 'UTC', filter, errors },
    counts,
    { opened() {}, progress() {} },
    { record, repeated: () => false, passedOver },
  );
  return {
    matches,
    errors: errors ? failed : [],
    lines: counts.lines,
    bytes: counts.bytes,
    records: errors ? records + counts.passed : 0, // without errors nobody counts them
    cutLines: counts.cutLines,
    cutRecords,
    ends: [first ?? null, last],
  };
}

function inMemorySource(bytes: Uint8Array, way: Exclude<Way, { source: Source }>, path: string): Source {
  const sizes = 'pieces' in way ? way.pieces : PLAIN_WAY.pieces;
  return {
    origin: { path, member: null },
    bytes: 1e9, // large enough for the fast way
    reopens: true,
    plain: true,
    file: 'pieces' in way ? null : () => inMemory(bytes),
    named: true,
    async *open() {
      for (let at = 0, index = 0; at < bytes.length; index++) {
        const size = sizes[Math.min(index, sizes.length - 1)]!;
        yield bytes.subarray(at, at + size);
        at += size;
      }
    },
  };
}

function poolOf(way: Way, bytes: Uint8Array): { pool: Threads; needs: readonly Needs[] } | null {
  if ('pieces' in way) return null;
  return { pool: 'pool' in way ? way.pool : ranges(way, bytes), needs: MATCHER.needs };
}

function inMemory(bytes: Uint8Array): OpenFile {
  return {
    size: bytes.length,
    descriptor: -1,
    read: (into, position) => {
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      return piece.length;
    },
    close() {},
  };
}

/** Ranges of this length; with another thread every one but each third is found elsewhere and handed over. */
function ranges({ rangeBytes, threads }: Extract<Way, { rangeBytes: number }>, bytes: Uint8Array): Threads {
  const buffer = new SharedArrayBuffer(BATCH_BYTES);
  return {
    rangeBytes,
    isWorthIt: () => true,
    begin: ({ scanner }) => ({
      claim: (index) => threads === 'none' || index % 3 === 0,
      result: async (index) => {
        const range = { from: index * rangeBytes, to: Math.min(bytes.length, (index + 1) * rangeBytes) };
        return scanner.scan(range, buffer, 0) ? new BatchReader(buffer, 0) : null;
      },
      done() {},
      end() {},
    }),
  };
}

const SHARED = new Grams(MATCHER.literals!); // its memory takes longer to make than most texts to read
const GRAMS = () => SHARED;

/** Read the plain way, in pieces, and in ranges of this length, the same is found. */
async function assertSame(
  text: string | Uint8Array,
  sizes: readonly number[] = [65_536],
  rangeBytes = 100_000,
  path?: string,
): Promise<void> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const named = path === undefined ? {} : { path };
  for (const errors of [true, false]) {
    const plain = await read(bytes, PLAIN_WAY, { errors, toGrams: null, ...named });
    const setup = { errors, toGrams: GRAMS, ...named };
    assert.deepEqual(await read(bytes, { pieces: sizes }, setup), plain, 'in pieces');
    assert.deepEqual(await read(bytes, { rangeBytes, threads: 'none' }, setup), plain, 'in ranges');
    assert.deepEqual(
      await read(bytes, { rangeBytes, threads: 'another' }, setup),
      plain,
      'in ranges of another thread',
    );
  }
}

const HALVES = 'first half\nsecond half\n';
const MANY = INFO.repeat(3000);

const CASES: readonly { name: string; text: string }[] = [
  { name: 'an empty log', text: '' },
  { name: 'a log of one line without an end', text: NEEDLE.trimEnd() },
  { name: 'a match in the first record, in the last, and between', text: NEEDLE + MANY + NEEDLE + MANY + NEEDLE },
  {
    name: 'a fragment before the first header',
    text: `\tat com.acme.Foo.bar(Foo.java:1)\nneedle in the haystack\n${MANY}${NEEDLE}`,
  },
  { name: 'nothing to find', text: MANY + ERROR + MANY },
  {
    name: 'a literal in the trace of a record',
    text: `${MANY + ERROR}Caused by: com.acme.worklog.SyncFailedException: no\n\tat x.Y.z(Y.java:2)\n${MANY}`,
  },
  {
    name: 'a host in other letter case',
    text: `${MANY + ERROR}GET https://APP.VSSPS.VisualStudio.com/_apis/profile/profiles/me returned 401\n${MANY}`,
  },
  { name: 'lines that end in CR LF', text: (MANY + NEEDLE + ERROR + MANY).replaceAll('\n', '\r\n') },
  { name: 'a byte order mark', text: `\ufeff${NEEDLE}${MANY}` },
  {
    name: 'colours in the header and inside a literal',
    text: `${MANY}\x1b[31m${NEEDLE}\x1b[0m${TIME} main \x1b[31mERROR\x1b[0m      [c.a.j.X] no\n${TIME} main INFO      [c.a.j.X] needle in the \x1b[1mhaystack\x1b[0m\n${MANY}`,
  },
  { name: 'NULs inside a literal', text: `${MANY}${TIME} main INFO      [c.a.j.X] needle in\0 the haystack\n${MANY}` },
  { name: 'the View-log dialog inside', text: `${MANY}2026/11/20 09:14:03 needle in the haystack\n${MANY}` },
  {
    name: 'lines of logging frameworks, which have no time',
    text: `${MANY}log4j:ERROR needle in the haystack\n${INFO}SLF4J: needle in the haystack\n${MANY}`,
  },
  {
    name: 'headers whose day does not exist',
    text: `${MANY}2026-02-30 09:14:03,118+0000 main INFO      [c.a.j.X] day\nlog4j:ERROR needle in the haystack\n2026-13-01 00:00:00,000 main ERROR      [c.a.j.X] month\n${MANY}`,
  },
  {
    name: 'headers with a thread that is long, not ASCII, or has a level in it',
    text: `${MANY}${TIME} ${'t'.repeat(390)} ERROR      [c.a.j.X] long\n${TIME} ${'t'.repeat(500)} ERROR      [c.a.j.X] too long\n${TIME} Größe ERROR      [c.a.j.X] no ASCII\n${TIME} pool-WARN- ERROR      [c.a.j.X] WARN\n${TIME} a b\tERROR\tc\n${TIME} a ERROR\n${MANY}`,
  },
  {
    name: 'a record of 250 lines, and one of 20,000',
    text: `${MANY + ERROR}${'\tat com.acme.Foo.bar(Foo.java:1)\n'.repeat(250)}${INFO}${ERROR}${'\tat com.acme.Foo.bar(Foo.java:1)\n'.repeat(20_000)}needle in the haystack\n${MANY}`,
  },
  {
    name: 'a log that changes its kind',
    text: `${MANY}${'20-Nov-2026 09:14:03.118 SEVERE [main] org.acme.Foo.bar needle in the haystack\n\tat x.Y.z(Y.java:1)\n'.repeat(700)}${MANY}`,
  },
  {
    name: 'a log that changes its kind to one that the filter does not know, and back',
    text: `${MANY}${'{"level":"info","message":"fine"}\n'.repeat(700)}${MANY}${NEEDLE}${ERROR}${MANY}`,
  },
  {
    name: 'a log that changes its kind in its middle, behind an INFO record',
    text: `${INFO.repeat(5)}${'20-Nov-2026 09:14:03.118 INFO [main] org.acme.Foo.bar fine\n'.repeat(90_000)}`,
  },
  {
    name: 'a line of more than a MiB that begins a record, and one that does not',
    text: `${MANY}${NEEDLE.trimEnd()}${'x'.repeat(ROOM + 300_000)}\n${INFO}${'y'.repeat(ROOM + 300_000)} needle in the haystack\n${MANY}${NEEDLE}`,
  },
  {
    name: 'a record of more than a MiB with the match at its end',
    text: `${MANY}${INFO}${'one of very many lines of text\n'.repeat(50_000)}needle in the haystack\n${MANY}${NEEDLE}`,
  },
  { name: 'a last line of more than a MiB without an end', text: `${MANY}${NEEDLE.trimEnd()}${'x'.repeat(ROOM * 2)}` },
  { name: 'a million empty lines', text: `${INFO}${'\n'.repeat(1_000_000)}${NEEDLE}` },
  {
    name: 'more lines that may begin a record than one call can tell of',
    text: `${INFO}${'1\n'.repeat(200_000)}${NEEDLE}`,
  },
  {
    name: 'a long line before more lines that may begin a record than one call can tell of',
    text: `${INFO}${'x'.repeat(900 * 1024)}\n${'1\n'.repeat(600 * 1024)}${NEEDLE}`,
  },
  {
    name: 'lines of the JVM and of logging frameworks, in all their spellings',
    text: `${MANY}OpenJDK 64-Bit Server VM warning: needle in the haystack\n${INFO}Picked up JAVA_TOOL_OPTIONS: needle in the haystack\n${INFO}ERROR StatusLogger needle in the haystack\n${INFO}WARN  StatusLogger no\nException in thread "main" java.lang.Error: needle in the haystack\n\tat x.Y.z(Y.java:1)\n${MANY}`,
  },
  {
    name: 'two lines of a logging framework at the beginning',
    text: `SLF4J: Class path contains multiple bindings.\nSLF4J: needle in the haystack\n${MANY}`,
  },
  { name: 'a last record without a time', text: `${MANY}${NEEDLE}log4j:WARN no appender, no needle\n` },
  { name: 'a literal that goes over the end of a line', text: `${MANY}${HALVES}${MANY}` },
  {
    name: 'a literal that goes over the end of a line, where lines end in CR LF',
    text: `${MANY}${HALVES}${MANY}`.replaceAll('\n', '\r\n'),
  },
  {
    name: 'more literals than one call can tell of',
    text: `${INFO}${'needle in the haystack\n'.repeat(30_000)}${NEEDLE}`,
  },
];

for (const { name, text } of CASES) {
  test(`with and without the filter the same is found: ${name}`, async () => {
    await assertSame(text);
    await assertSame(text, [300_000, 1, 70_001], 70_001);
  });
}

test('with and without the filter the same is found wherever the bytes are cut', async () => {
  const lines = [
    `${TIME} main WARN      [c.a.j.Example] a needle in the haystack and then more of the same line\n`,
    `${TIME} \u2028 INFO https://app.vssps.visualstudio.com/_apis/profile/profiles/me Unauthorized (401)\n`,
    `${TIME} main INFO      [c.a.j.Example] needle in\0 the haystack and then more of the same line\n`,
  ];
  const text = Buffer.from(INFO.repeat(4) + lines.join(INFO) + INFO);
  for (let at = INFO.length * 4; at < text.length; at++) await assertSame(text, [at, 65_536]);
  for (const size of [1, 2, 7, 64]) await assertSame(text, [size], size);
});

test('in a Crowd log the same is found, too', async () => {
  const line = '2026-11-20 09:14:03,118 http-nio-8095-exec-2 INFO [crowd.manager.Example] all is well\n';
  const warning = 'OpenJDK 64-Bit Server VM warning: needle in the haystack\n';
  await assertSame(line.repeat(9000) + warning + line.repeat(9000) + NEEDLE.replace('+0000', '') + line);
});

const TEXTS = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));

const SIZES = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 });

const BITBUCKET =
  '2026-11-20 09:14:03,118 INFO  [http-nio-7990-exec-3] jdoe @4BN7QDx671x31450x2 1abcd 192.0.2.15 "GET /x HTTP/1.1" c.a.s.i.Foo all is well\n';
const TRACE = 'com.acme.worklog.SyncFailedException: no\n\tat com.acme.Foo.bar(Foo.java:1)\n';

const OTHER_FAMILIES: readonly { name: string; path: string; line: string }[] = [
  { name: 'Confluence', path: 'atlassian-confluence.log', line: BRACKETS },
  { name: 'Bamboo', path: 'atlassian-bamboo.log', line: BRACKETS.replace('confluence.util.Example', 'Example') },
  { name: 'Bitbucket', path: 'atlassian-bitbucket.log', line: BITBUCKET },
];

for (const { name, path, line } of OTHER_FAMILIES) {
  const error = line.replace('INFO', 'ERROR');
  const context = ' -- url: /pages/editpage.action | traceId: 476658cbce6d4360 | userName: admin\n';
  test(`with and without the filter the same is found in a log of ${name}, cut anywhere`, async () => {
    const piece = fc.constantFrom(
      line,
      line,
      error,
      error + context + TRACE,
      error + TRACE,
      line.replace('all is well', 'needle in the haystack'),
      line.replace('http', 'größe'),
      line.replace('[', '[['),
      line.replace('03,118', '03,18'),
      `${line}${context}needle in the haystack\n`,
      'log4j:ERROR needle in the haystack\n',
      'simple\t14-Apr-2026 10:12:01\tneedle in the haystack\n',
      '2026-11-20 09:14:03,118 ERROR no bracket\n',
      '\n',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(text, SIZES, fc.integer({ min: 20, max: 900 }), (written, sizes, rangeBytes) =>
        assertSame(line.repeat(4) + written, [...sizes, 4096], rangeBytes, path),
      ),
      { numRuns: 100 },
    );
  });
}

test('with and without the filter the same is found in any text, cut anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(TEXTS, SIZES, fc.integer({ min: 20, max: 900 }), (written, sizes, rangeBytes) =>
      // A head of ordinary lines, so that the family is Jira's.
      assertSame(INFO.repeat(4) + written, [...sizes, 4096], rangeBytes),
    ),
    { numRuns: 200 },
  );
});

const LAYOUTS: readonly { name: string; path: string; write: (lines: readonly string[]) => Uint8Array }[] = [
  {
    name: 'JSON lines, escaped in every way',
    path: 'app.json',
    write: (lines) =>
      Buffer.from(
        lines
          .map((line, at) => {
            const text = JSON.stringify({
              level: at % 5 === 0 ? 'ERROR' : 'INFO',
              time: '2026-11-20T09:14:03.118Z',
              message: line,
            });
            const escaped = at % 2 === 0 ? text.replaceAll('/', '\\/') : text.replaceAll('hay', '\\u0068ay');
            return `${escaped}\n`;
          })
          .join(''),
      ),
  },
  {
    name: "docker's JSON, which splits lines",
    path: 'container-json.log',
    write: (lines) =>
      Buffer.from(
        lines
          .flatMap((line, at) => {
            const half = at % 3 === 0 ? Math.floor(line.length / 2) : line.length;
            return half === line.length ? [`${line}\n`] : [line.slice(0, half), `${line.slice(half)}\n`];
          })
          .map((log) => `${JSON.stringify({ log, stream: 'stdout', time: '2026-11-20T09:14:03.118Z' })}\n`)
          .join(''),
      ),
  },
  {
    name: 'UTF-16',
    path: 'atlassian-jira.log',
    write: (lines) => Buffer.from(`\ufeff${lines.join('\n')}\n`, 'utf16le'),
  },
];

for (const { name, path, write } of LAYOUTS) {
  test(`with and without the filter the same is found in ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(TEXTS, SIZES, fc.integer({ min: 1, max: 900 }), (written, sizes, rangeBytes) =>
        assertSame(write((INFO.repeat(4) + written).split('\n')), [...sizes, 4096], rangeBytes, path),
      ),
      { numRuns: 60 },
    );
  });
}

test('with and without the filter, with one thread and with several, the same is found in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'logscan-test-'));
  const path = join(folder, 'atlassian-jira.log');
  const bytes = Buffer.from((MANY + ERROR + NEEDLE + MANY + NEEDLE.repeat(9)).repeat(6));
  writeFileSync(path, bytes);
  const plain = await read(bytes, PLAIN_WAY, { errors: true, toGrams: null });
  try {
    for (const count of [1, 3]) {
      const pool = new ThreadPool(count, 50_000);
      // The second time the threads are there when the file is opened.
      for (let time = 0; time < 2; time++) {
        const source = fileSource(path, bytes.length, true);
        assert.deepEqual(await read(bytes, { source, pool }, { errors: true, toGrams: GRAMS }), plain);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

class ForgetfulGrams extends Grams {
  override sees(from: number, to: number): void {
    super.sees(from, to);
    this.memory.bytes.fill(0, this.memory.marks, this.memory.marks + (1 << (MARK_BITS - 1)));
  }
}

/** Does not look at the line whose beginning came with the piece before. */
function shortSighted(): Grams {
  const grams = new Grams(MATCHER.literals!);
  const { bytes, code } = grams.memory;
  let isFirst = true;
  const findLiterals: typeof code.findLiterals = (low, high, start, ...rest) => {
    const from = isFirst ? start : bytes.indexOf(10, start) + 1;
    isFirst = false;
    return code.findLiterals(low, high, from, ...rest);
  };
  Object.defineProperty(grams.memory, 'code', { value: { ...code, findLiterals } });
  return grams;
}

const MUTANTS: readonly { name: string; toGrams: () => Grams }[] = [
  { name: 'has lost half of its marks', toGrams: () => new ForgetfulGrams(MATCHER.literals!) },
  { name: 'does not look across the border of two pieces', toGrams: shortSighted },
  { name: 'does not know one of the literals', toGrams: () => new Grams(MATCHER.literals!.slice(1)) },
];

for (const { name, toGrams } of MUTANTS) {
  test(`a filter that ${name} is noticed`, async () => {
    const bytes = Buffer.from(
      MANY + Array.from({ length: 64 }, (_, at) => INFO + NEEDLE.replace('main', 'm'.repeat(at + 1))).join('') + MANY,
    );
    // The border of the first two pieces goes through a literal.
    const sizes = [bytes.indexOf('haystack'), 65_536];
    const plain = await read(bytes, PLAIN_WAY, { errors: false, toGrams: null });
    assert.deepEqual(await read(bytes, { pieces: sizes }, { errors: false, toGrams: GRAMS }), plain);
    assert.notDeepEqual(await read(bytes, { pieces: sizes }, { errors: false, toGrams }), plain);
  });
}
