/** [I/O] All logs of a run. */
import path from 'node:path';
import type { LogKind } from './kinds/index.js';
import { toMaterial } from './material.js';
import type { Program } from './program.js';
import { type StoredLog, storedGzip, storedLog } from './stored.js';

const SEED = 1;
const SHORT_LOG = { bytes: 1024, seed: 2 }; // without a trace, which would make it several times as long

export interface Sizes {
  /** Of the normal log, in bytes, and of each of the others. */
  readonly normal: number;
  readonly others: number;
}

export interface Logs {
  readonly normal: StoredLog;
  /** A normal log of the size of the others. */
  readonly smaller: StoredLog;
  readonly short: StoredLog;
  readonly dense: StoredLog;
  readonly mixed: StoredLog;
  readonly shift: StoredLog;
  readonly nearMiss: StoredLog;
  /** The smaller one, compressed. */
  readonly gzip: StoredLog;
}

/** @param program whose rules decide what is planted and what is a near-miss */
export async function makeLogs(folder: string, program: Program, { normal, others }: Sizes): Promise<Logs> {
  const material = await toMaterial(program, path.join(folder, 'scratch.log'));
  const log = (kind: LogKind, bytes: number, seed = SEED) => storedLog(folder, { kind, bytes, seed, material });
  const smaller = await log('normal', others);
  return {
    normal: await log('normal', normal),
    smaller,
    short: await log('normal', SHORT_LOG.bytes, SHORT_LOG.seed),
    dense: await log('dense', others),
    mixed: await log('mixed', others),
    shift: await log('shift', others),
    nearMiss: await log('near-miss', others),
    gzip: { ...smaller, file: await storedGzip(smaller) },
  };
}
