/** [I/O] Writes a Jira application log as long as one likes: the same options, the same bytes. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { KINDS, type LogKind } from './kinds/index.js';
import type { Material } from './material.js';
import { RECORDS_PER_PLANT, toPlants } from './planted.js';
import { Scene } from './scene.js';

const PIECE = 1024 * 1024; // characters that are written at once

export interface GenerateOptions {
  /** The log ends with the record that reaches this size. */
  readonly bytes: number;
  readonly seed: number;
  readonly kind: LogKind;
  readonly material: Material;
}

/** What is in a generated log: the truth that a scan is held against. */
export interface GeneratedLog {
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly errorRecords: number;
  /** How many records of each rule were put in. */
  readonly planted: Readonly<Record<string, number>>;
}

/** Writes the log; it gets its name when it is complete. */
export async function generate(path: string, options: GenerateOptions): Promise<GeneratedLog> {
  const truth = { bytes: 0, lines: 0, records: 0, errorRecords: 0, planted: {} };
  const part = `${path}.part`;
  await pipeline(pieces(options, truth), createWriteStream(part));
  await rename(part, path);
  return truth;
}

interface Counts extends GeneratedLog {
  bytes: number;
  lines: number;
  records: number;
  errorRecords: number;
  planted: Record<string, number>;
}

/** The log in pieces; `pipeline` takes the next one when the last one is written. */
function* pieces({ bytes, seed, kind, material }: GenerateOptions, counts: Counts): Generator<Buffer> {
  const scene = new Scene(seed);
  const write = KINDS[kind](scene, material);
  const plants = toPlants(material.padding);
  let planted = 0;
  let waiting = '';
  const piece = (): Buffer => {
    const buffer = Buffer.from(waiting);
    waiting = '';
    counts.bytes += buffer.length;
    return buffer;
  };
  while (counts.bytes + waiting.length < bytes) {
    const plant = isPlanted(counts.records) ? plants[planted++ % plants.length]! : null;
    if (plant !== null) counts.planted[plant.rule] = (counts.planted[plant.rule] ?? 0) + 1;
    const { text, isError } = plant?.write(scene) ?? write(counts.bytes / bytes);
    waiting += text;
    counts.records++;
    counts.lines += linesIn(text);
    if (isError) counts.errorRecords++;
    if (waiting.length >= PIECE) yield piece();
  }
  yield piece();
}

/** The first one comes early, so that small logs have one. */
function isPlanted(records: number): boolean {
  return records % RECORDS_PER_PLANT === RECORDS_PER_PLANT / 10;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
