/** What a kind of log is. */
import type { Material } from '../material.js';
import type { Random } from '../random.js';
import type { Scene } from '../scene.js';

export interface LogEntry {
  /** Ends with a line feed. */
  readonly text: string;
  readonly isError: boolean;
}

/** Writes the next record of a log, of which so much is written already: from 0 to below 1. */
export type Writer = (progress: number) => LogEntry;

export type ToWriter = (scene: Scene, material: Material) => Writer;

export interface Share {
  /** Of 1,000 records. */
  readonly share: number;
  readonly write: () => LogEntry;
}

/** Records of several sorts, each as often as its share says. */
export function shared(random: Random, shares: readonly Share[]): Writer {
  const drawn = shares.flatMap(({ share, write }) => Array.from({ length: share }, () => write));
  return () => random.pick(drawn)();
}
