import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { resultOf, run, scannedInside, workspace } from './cli.js';
import {
  type Blocks,
  DEFAULTS,
  foundBlocks,
  type Ledger,
  toOptions,
  WRITER_PACK,
  type WriterOptions,
  writeLog,
} from './log4j-writer.js';

const PROGRAM = fileURLToPath(new URL('./log4j-writer.js', import.meta.url));
/** Enough to be rotated some times, and for files that are scanned the fast way. */
const SOME: Omit<WriterOptions, 'file'> = {
  ...DEFAULTS,
  seconds: 0,
  records: 3000,
  threads: 3,
  block: 100,
  maxBytes: 1_300_000,
  keep: 100,
};
/** Slow enough that somebody else rotates the log meanwhile. */
const SLOW = { rate: 6000, keepDescriptor: 20 };

/** Waits until something holds. */
async function until(holds: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(30_000);
  while (!holds()) {
    signal.throwIfAborted();
    await turn();
  }
}

async function blocksIn(files: readonly string[]): Promise<Blocks> {
  const { dir } = workspace(WRITER_PACK);
  const { incidents } = await scannedInside(['--rules', 'load', ...files], dir);
  return foundBlocks(incidents);
}

function contentOf(file: string): Buffer {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** The numbers of the records of each thread, in the order in which they stand in the files. */
function numbersIn(files: readonly string[]): Record<string, number[]> {
  const text = Buffer.concat(files.map(contentOf)).toString('utf8');
  const numbers: Record<string, number[]> = {};
  for (const [, number, thread] of text.matchAll(/ job n=(\d{6}) of thread-(\d+) /g)) {
    numbers[thread!] ??= [];
    numbers[thread!]!.push(Number(number));
  }
  return numbers;
}

function total(blocks: Blocks): number {
  return Object.values(blocks)
    .flatMap((thread) => Object.values(thread))
    .reduce((sum, count) => sum + count, 0);
}

const WHOLE: readonly { name: string; options: Partial<WriterOptions>; files: RegExp }[] = [
  { name: 'Log4j with fileIndex="min"', options: { style: 'log4j-min' }, files: /^jira\.log\.\d$/ },
  { name: 'Log4j with fileIndex="max"', options: { style: 'log4j-max' }, files: /^jira\.log\.\d$/ },
  { name: 'Log4j with dates', options: { style: 'log4j-dated' }, files: /^jira\.log\.2026-11-2\d$/ },
  { name: 'Log4j with gzip', options: { style: 'log4j-min', gzip: 'now' }, files: /^jira\.log\.\d\.gz$/ },
  { name: 'Log4j with gzip and fileIndex="max"', options: { style: 'log4j-max', gzip: 'now' }, files: /\.\d\.gz$/ },
  { name: 'Log4j that writes each record at once', options: { immediateFlush: true }, files: /^jira\.log\.\d$/ },
  {
    name: 'Log4j that rolls by time as well',
    options: { maxBytes: 0, rotateEvery: 50, rate: 6000 },
    files: /^jira\.log\.\d+$/,
  },
  { name: 'logrotate', options: { style: 'rename', ...SLOW }, files: /^jira\.log\.\d$/ },
  {
    name: 'logrotate under a writer that does not append',
    options: { style: 'rename', append: false, ...SLOW },
    files: /^jira\.log\.\d$/,
  },
  { name: 'logrotate with compress', options: { style: 'rename', gzip: 'now', ...SLOW }, files: /^jira\.log\.\d\.gz$/ },
  {
    name: 'logrotate with delaycompress',
    options: { style: 'rename', gzip: 'next', ...SLOW },
    files: /^jira\.log\.(?:1|[2-9]\.gz)$/,
  },
  {
    name: 'logrotate with dateext',
    options: { style: 'rename-dateext', gzip: 'now', ...SLOW },
    files: /^jira\.log-202611\d\d\.gz$/,
  },
  { name: 'Tomcat', options: { style: 'daily' }, files: /^jira\.2026-11-2\d\.log$/ },
  {
    name: 'Tomcat, compressed after a day',
    options: { style: 'daily', gzip: 'next' },
    files: /^jira\.2026-11-2\d\.log(?:\.gz)?$/,
  },
];

describe('a scan of all files of a log finds what was written', () => {
  for (const { name, options, files } of WHOLE) {
    test(`rotated by ${name}`, async () => {
      const { dir, at } = workspace({});
      const ledger = await writeLog({ ...SOME, ...options, file: at('jira.log') });
      assert.equal(ledger.records, SOME.records);
      assert.equal(total(ledger.blocks), SOME.records);
      assert.ok(ledger.rotations >= 1);
      assert.equal(ledger.deleted, 0);
      assert.equal(ledger.files.length, ledger.rotations + 1);
      const names = ledger.files.map((file) => path.basename(file));
      assert.deepEqual([...names].sort(), readdirSync(dir).sort());
      for (const backup of names.slice(0, -1)) assert.match(backup, files);
      const bytes = ledger.files.reduce((sum, file) => sum + contentOf(file).length, 0);
      assert.equal(bytes, ledger.bytes);
      for (const numbers of Object.values(numbersIn(ledger.files)))
        assert.deepEqual(numbers, [...numbers.keys()], 'files from the oldest to the newest hold records in order');
      assert.deepEqual(await blocksIn(ledger.files), ledger.blocks);
    });
  }

  for (const append of [true, false]) {
    test(`and no more, cut by logrotate under a writer that ${append ? 'appends' : 'does not append'}`, async () => {
      const { at } = workspace({});
      const options = { ...SOME, ...SLOW, style: 'copytruncate', append } as const;
      const ledger = await writeLog({ ...options, file: at('jira.log') });
      assert.ok(ledger.rotations >= 1);
      assert.equal(contentOf(at('jira.log')).includes('\0\0\0\0'), !append);
      const found = await blocksIn(ledger.files);
      assert.ok(total(found) > 0);
      for (const [thread, blocks] of Object.entries(found)) {
        for (const [block, count] of Object.entries(blocks)) {
          assert.ok(count <= (ledger.blocks[thread]?.[block] ?? 0), `block ${block} of thread ${thread}`);
        }
      }
    });
  }
});

for (const { style, left } of [
  { style: 'log4j-min', left: ['jira.log.3', 'jira.log.2', 'jira.log.1', 'jira.log'] },
  { style: 'log4j-max', left: ['jira.log.1', 'jira.log.2', 'jira.log.3', 'jira.log'] },
] as const) {
  test(`${style} deletes the oldest when there are as many as are kept`, async () => {
    const { dir, at } = workspace({});
    const ledger = await writeLog({ ...SOME, maxBytes: 500_000, style, keep: 3, file: at('jira.log') });
    assert.deepEqual(
      ledger.files,
      left.map((name) => at(name)),
    );
    assert.deepEqual(readdirSync(dir).sort(), [...left].sort());
    assert.equal(ledger.deleted, ledger.rotations - 3);
    assert.ok(ledger.deleted > 3);
    for (const file of ledger.files.slice(0, -1)) assert.ok(statSync(file).size > 500_000);
    for (const numbers of Object.values(numbersIn(ledger.files))) {
      const [first] = numbers;
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => first! + index),
      );
    }
  });
}

test('a log that was renamed is written to until its writer opens the new one', async () => {
  const { at } = workspace({});
  const options = { ...SOME, style: 'rename', keepDescriptor: 600_000 } as const;
  const ledger = await writeLog({ ...options, file: at('jira.log') });
  assert.equal(ledger.rotations, 1);
  assert.equal(statSync(at('jira.log')).size, 0);
  assert.equal(statSync(at('jira.log.1')).size, ledger.bytes);
});

for (const immediateFlush of [false, true]) {
  test(`${immediateFlush ? 'records are whole' : 'the buffer is full'} whenever something was written`, async () => {
    const { at } = workspace({});
    const stop = new AbortController();
    const options = { ...SOME, records: 0, rate: 2000, maxBytes: 0, immediateFlush };
    const writing = writeLog({ ...options, file: at('jira.log') }, stop.signal);
    const sizes = new Set<number>();
    await until(() => {
      const bytes = readFileSync(at('jira.log'));
      sizes.add(bytes.length);
      if (immediateFlush) assert.ok(bytes.length === 0 || bytes.at(-1) === 10);
      else assert.equal(bytes.length % 8192, 0);
      return sizes.size > 5;
    });
    stop.abort();
    const ledger = await writing;
    assert.equal(contentOf(at('jira.log')).length, ledger.bytes);
    assert.equal(total(ledger.blocks), ledger.records);
  });
}

for (const { name, more, env, third } of [
  { name: 'the program writes its ledger when it is ended', more: [], env: process.env, third: 'jira.log.3' },
  {
    name: 'the program compresses without gzip as well',
    more: ['--gzip', 'now'],
    env: { ...process.env, PATH: '' },
    third: 'jira.log.3.gz',
  },
]) {
  test(name, async () => {
    const { dir, at } = workspace({});
    const args = ['jira.log', '--seconds', '0', '--rate', '3000', '--max-bytes', '300000', '--keep', '100'];
    const child = spawn(process.execPath, [PROGRAM, ...args, ...more], { cwd: dir, env, timeout: 30_000 });
    const result = resultOf(child);
    await until(() => existsSync(at(third)));
    child.kill('SIGTERM');
    assert.deepEqual(await result, { status: 0, signal: null, stdout: '', stderr: '' });
    const ledger = JSON.parse(readFileSync(at('ledger-of-jira.log.json'), 'utf8')) as Ledger;
    assert.equal(ledger.files.length, ledger.rotations + 1);
    assert.ok(ledger.files.includes(third));
    assert.deepEqual(await blocksIn(ledger.files.map((file) => at(file))), ledger.blocks);
  });
}

const REFUSED: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /expected one FILE/],
  [['a', 'b'], /expected one FILE/],
  [['a', '--rate', 'fast'], /--rate: expected a number of at least 0, found fast/],
  [['a', '--threads', '0'], /--threads: expected a number of at least 1, found 0/],
  [['a', '--style', 'x'], /--style: expected one of log4j-min, .*, found x/],
  [['a', '--gzip', 'x'], /--gzip: expected one of none, now, next, found x/],
  [['a', '--other'], /--other/],
];
for (const [args, message] of REFUSED) {
  test(`the program refuses ${args.join(' ') || 'no argument'}`, () =>
    assert.throws(() => toOptions(args), { message }));
}

test('what the program is asked for is what it does', () => {
  const { ledger, ...options } = toOptions(['d/jira.log']);
  assert.deepEqual(options, { file: 'd/jira.log', ...DEFAULTS });
  assert.equal(ledger, path.join('d', 'ledger-of-jira.log.json'));
  const args = ['--records', '5', '--no-append', '--immediate-flush', '--style', 'daily', '--max-bytes', '0'];
  assert.deepEqual(toOptions(['jira.log', ...args, '--ledger', 'l.json']), {
    ...DEFAULTS,
    file: 'jira.log',
    seconds: 0,
    records: 5,
    append: false,
    immediateFlush: true,
    style: 'daily',
    maxBytes: 0,
    ledger: 'l.json',
  });
});

test('the rule of the writer holds against its examples', async () => {
  const { dir: cwd } = workspace(WRITER_PACK);
  const { status, stdout, stderr } = await run(['rules', 'check', 'load'], { cwd });
  assert.equal(status, 0, stdout + stderr);
});
