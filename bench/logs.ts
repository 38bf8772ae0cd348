/** [I/O] All logs of a run. */
import path from 'node:path';
import type { LogKind } from './kinds/index.js';
import { type Material, toMaterial } from './material.js';
import type { Program } from './program.js';
import { type StoredLog, storedGzip, storedLog } from './stored.js';

const SEED = 1;
const SHORT_LOG = { bytes: 1024, seed: 2 }; // without a trace, which would make it several times as long

export interface Sizes {
  /** In bytes; of the normal log and of the mixed, shifting and near-miss ones. */
  readonly large: number;
  /** Of the dense log, which takes many times longer, and of the normal one whose growth is measured. */
  readonly small: number;
}

export interface Logs {
  readonly normal: StoredLog;
  /** A normal log of the small size. */
  readonly smaller: StoredLog;
  readonly short: StoredLog;
  readonly dense: StoredLog;
  readonly mixed: StoredLog;
  readonly shift: StoredLog;
  readonly nearMiss: StoredLog;
  /** The normal one, compressed. */
  readonly gzip: StoredLog;
}

/** @param program whose rules decide what is planted and what is a near-miss */
export async function makeLogs(folder: string, program: Program, { large, small }: Sizes): Promise<Logs> {
  const material = await materialOf(folder, program);
  const log = (kind: LogKind, bytes: number, seed = SEED) => storedLog(folder, { kind, bytes, seed, material });
  const normal = await log('normal', large);
  return {
    normal,
    smaller: await log('normal', small),
    short: await log('normal', SHORT_LOG.bytes, SHORT_LOG.seed),
    dense: await log('dense', small),
    mixed: await log('mixed', large),
    shift: await log('shift', large),
    nearMiss: await log('near-miss', large),
    gzip: { ...normal, file: await storedGzip(normal) },
  };
}

/** The normal log of the same size alone. */
export async function makeNormalLog(folder: string, program: Program, bytes: number): Promise<StoredLog> {
  return storedLog(folder, { kind: 'normal', bytes, seed: SEED, material: await materialOf(folder, program) });
}

function materialOf(folder: string, program: Program): Promise<Material> {
  return toMaterial(program, path.join(folder, 'scratch.log'));
}
