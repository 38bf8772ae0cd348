/** [I/O] Generated logs, kept from one run to the next; what is in them stands in a file beside each. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type GeneratedLog, type GenerateOptions, generate } from './generate.js';

/** Raise it with every change of what is written. */
const GENERATION = 4;

export interface StoredLog extends GeneratedLog {
  readonly file: string;
}

/** The log of an earlier run, or a new one. */
export async function storedLog(folder: string, options: GenerateOptions): Promise<StoredLog> {
  const file = path.join(folder, `${nameOf(options)}-${keyOf(options)}.log`);
  const truthFile = `${file}.truth.json`;
  const stored = await Promise.all([stat(file), readFile(truthFile, 'utf8')]).catch(() => null);
  if (stored !== null) {
    const truth: GeneratedLog = JSON.parse(stored[1]);
    if (truth.bytes === stored[0].size) return { ...truth, file };
  }
  console.error(`writing ${path.basename(file)}`);
  await removeOthers(folder, nameOf(options));
  const truth = await generate(file, options);
  await writeFile(truthFile, JSON.stringify(truth));
  return { ...truth, file };
}

/** The log as gzip writes it by default. */
export async function storedGzip({ file }: StoredLog): Promise<string> {
  const packed = `${file}.gz`;
  if ((await stat(packed).catch(() => null)) === null) {
    console.error(`writing ${path.basename(packed)}`);
    await pipeline(createReadStream(file), createGzip({ chunkSize: 1024 * 1024 }), createWriteStream(`${packed}.part`));
    await rename(`${packed}.part`, packed);
  }
  return packed;
}

function nameOf({ kind, bytes, seed }: GenerateOptions): string {
  return `${kind}-${bytes}-seed${seed}`;
}

/** Changes with everything that the log is made of. The texts of shipped rules are in two kinds of logs only. */
function keyOf({ kind, material: { shippedMisses, almost } }: GenerateOptions): string {
  const texts = { dense: shippedMisses, 'near-miss': almost, normal: [], mixed: [], shift: [] }[kind];
  return createHash('sha256')
    .update(JSON.stringify([GENERATION, texts]))
    .digest('hex')
    .slice(0, 8);
}

/** The same log of earlier versions. */
async function removeOthers(folder: string, name: string): Promise<void> {
  const old = (await readdir(folder)).filter((file) => file.startsWith(`${name}-`));
  await Promise.all(old.map((file) => rm(path.join(folder, file))));
}
