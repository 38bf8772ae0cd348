/**
 * Writes a Jira log as Log4j does, as fast as it can, while it is rotated in any of the usual ways, and says in the end what
 * it wrote. `node dist/test/helpers/log4j-writer.js FILE --seconds 10 --style rename --ledger ledger.json`; ended by SIGTERM
 * it does the same.
 */
import { closeSync, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { addBlock, type Blocks, NumberedRecords, type RecordOptions } from './log4j-records.js';
import { GZIP, Rotation, type RotationOptions, STYLES, type Style } from './log4j-rotation.js';

export { type Blocks, foundBlocks, WRITER_PACK, WRITER_RULE, WRITER_RULE_ID } from './log4j-records.js';
export { STYLES, type Style } from './log4j-rotation.js';

export interface WriterOptions extends RecordOptions, RotationOptions {
  /** It ends after so many seconds, and after so many records; 0 is never. */
  readonly seconds: number;
  readonly records: number;
  /** Records per second; 0 is as many as it can. */
  readonly rate: number;
  /** The log is rotated when it has more bytes than this, and after so many milliseconds; 0 is never. */
  readonly maxBytes: number;
  readonly rotateEvery: number;
  /** True: each record is one write. False: they go through a buffer, which is written out when it is full. */
  readonly immediateFlush: boolean;
  /** Whether the log is opened with O_APPEND; if not, the writer goes on where it was after somebody cut the log. */
  readonly append: boolean;
}

export const DEFAULTS: Omit<WriterOptions, 'file'> = {
  style: 'log4j-min',
  seconds: 10,
  records: 0,
  rate: 0,
  threads: 4,
  block: 500,
  traces: 0.1,
  maxBytes: 10_000_000,
  rotateEvery: 0,
  keep: 10,
  keepDescriptor: 200,
  gzip: 'none',
  immediateFlush: false,
  append: true,
  seed: 1,
};

/** What was written. */
export interface Ledger {
  /** Records that were written out as a whole. */
  readonly blocks: Blocks;
  readonly records: number;
  readonly bytes: number;
  readonly rotations: number;
  /** Backups that were deleted, as more are not kept. */
  readonly deleted: number;
  /** The files that are left, the oldest one first. */
  readonly files: readonly string[];
}

const BUFFER = 8192; // bytes
/** After so many bytes whoever rotates has its turn. */
const BATCH = 64 * 1024;

/** Writes until the time is over, the records are written, or the signal comes. */
export async function writeLog(options: WriterOptions, signal?: AbortSignal): Promise<Ledger> {
  const { seconds, records, rate, maxBytes, rotateEvery } = options;
  const output = new Output(options);
  const rotation = new Rotation(options, output);
  const made = new NumberedRecords(options);
  const started = performance.now();
  let rotated = started;
  let count = 0;
  output.open(rotation.active);
  for (;;) {
    const now = performance.now();
    const elapsed = now - started;
    if (signal?.aborted || (seconds !== 0 && elapsed >= seconds * 1000)) break;
    if (rotateEvery !== 0 && now - rotated >= rotateEvery) {
      rotated = now;
      if (await rotation.rotate()) output.sinceRotation = 0;
    }
    const wanted = Math.min(records || Infinity, rate === 0 ? Infinity : Math.ceil((elapsed / 1000) * rate));
    const full = output.bytes + BATCH;
    while (count < wanted && output.bytes < full) {
      if (maxBytes !== 0 && output.sinceRotation > maxBytes && (await rotation.rotate())) output.sinceRotation = 0;
      const { bytes, thread, block } = made.next(elapsed);
      output.write(bytes, thread, block);
      count++;
    }
    if (count === records && records !== 0) break;
    await (count < wanted ? turn() : sleep(1));
  }
  await rotation.end();
  output.close();
  return {
    blocks: output.blocks,
    records: count,
    bytes: output.bytes,
    rotations: rotation.rotations,
    deleted: rotation.deleted,
    files: rotation.left,
  };
}

/** The log that is written, and what is not yet written out. */
class Output {
  /** Bytes that were taken, in all and since the last rotation. */
  bytes = 0;
  sinceRotation = 0;
  readonly blocks: Record<string, Record<string, number>> = {};
  readonly #options: WriterOptions;
  readonly #buffer = Buffer.alloc(BUFFER);
  #used = 0;
  #file = -1;
  /** Where the next byte goes, unless it is appended. */
  #position = 0;
  #written = 0;
  /** Records that are not written out as a whole, and where they end. */
  #waiting: { readonly end: number; readonly thread: string; readonly block: string }[] = [];

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  open(name: string): void {
    const { append } = this.#options;
    this.#file = openSync(name, append ? 'a' : 'w');
    this.#position = 0;
    if (append) this.sinceRotation = fstatSync(this.#file).size;
  }

  write(record: Uint8Array, thread: string, block: string): void {
    this.bytes += record.length;
    this.sinceRotation += record.length;
    this.#waiting.push({ end: this.bytes, thread, block });
    if (this.#options.immediateFlush) this.#writeOut(record);
    else this.#holdBack(record);
  }

  /** Wherever the buffer is full it is written out, be it in the middle of a line or of a letter. */
  #holdBack(record: Uint8Array): void {
    for (let at = 0; at < record.length; ) {
      const part = record.subarray(at, at + BUFFER - this.#used);
      this.#buffer.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === BUFFER) this.#flush();
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    this.#writeOut(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }

  #writeOut(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const place = this.#options.append ? null : this.#position;
      const written = writeSync(this.#file, bytes, at, bytes.length - at, place);
      at += written;
      this.#position += written;
    }
    this.#written += bytes.length;
    const open = this.#waiting.findIndex(({ end }) => end > this.#written);
    const whole = this.#waiting.splice(0, open < 0 ? this.#waiting.length : open);
    for (const { thread, block } of whole) addBlock(this.blocks, thread, block);
  }
}

/**
 * What a command line asks for.
 * @throws Error that says what is wrong
 */
export function toOptions(args: readonly string[]): WriterOptions & { readonly ledger: string } {
  const word = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      style: word,
      seconds: word,
      records: word,
      rate: word,
      threads: word,
      block: word,
      traces: word,
      'max-bytes': word,
      'rotate-every': word,
      keep: word,
      'keep-descriptor': word,
      gzip: word,
      seed: word,
      ledger: word,
      'immediate-flush': { type: 'boolean' },
      'no-append': { type: 'boolean' },
    },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new Error('expected one FILE');
  const number = (name: keyof typeof values & string, otherwise: number, least = 0): number => {
    const value = Number(values[name] ?? otherwise);
    if (!Number.isFinite(value) || value < least)
      throw new Error(`--${name}: expected a number of at least ${least}, found ${values[name]}`);
    return value;
  };
  return {
    file,
    style: oneOf('--style', Object.keys(STYLES) as Style[], values.style ?? DEFAULTS.style),
    seconds: number('seconds', values.records === undefined ? DEFAULTS.seconds : 0),
    records: number('records', DEFAULTS.records),
    rate: number('rate', DEFAULTS.rate),
    threads: number('threads', DEFAULTS.threads, 1),
    block: number('block', DEFAULTS.block, 1),
    traces: number('traces', DEFAULTS.traces),
    maxBytes: number('max-bytes', DEFAULTS.maxBytes),
    rotateEvery: number('rotate-every', DEFAULTS.rotateEvery),
    keep: number('keep', DEFAULTS.keep, 1),
    keepDescriptor: number('keep-descriptor', DEFAULTS.keepDescriptor),
    gzip: oneOf('--gzip', GZIP, values.gzip ?? DEFAULTS.gzip),
    immediateFlush: values['immediate-flush'] ?? DEFAULTS.immediateFlush,
    append: !values['no-append'],
    seed: number('seed', DEFAULTS.seed),
    // Not `jira.log.ledger.json`, which would look like a backup of the log.
    ledger: values.ledger ?? path.join(path.dirname(file), `ledger-of-${path.basename(file)}.json`),
  };
}

function oneOf<const T extends string>(name: string, words: readonly T[], found: string): T {
  const word = words.find((one) => one === found);
  if (word === undefined) throw new Error(`${name}: expected one of ${words.join(', ')}, found ${found}`);
  return word;
}

async function main(): Promise<void> {
  const { ledger, ...options } = toOptions(process.argv.slice(2));
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());
  writeFileSync(ledger, `${JSON.stringify(await writeLog(options, stop.signal), null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 2;
  });
}
