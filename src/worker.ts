/** [I/O] A thread that looks at ranges of files, see threads.ts. */
import { readSync } from 'node:fs';
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { BatchWriter } from './candidates/batch.js';
import { Grams } from './candidates/grams.js';
import { scanRange } from './candidates/range.js';
import { CandidateScanner } from './candidates/scanner.js';
import { familyNamed } from './records/family.js';
import { startsOf } from './sift.js';
import { type Order, type Shared, takeRanges } from './threads.js';

const shared = workerData as Shared;
const grams = new Grams(shared.literals);

try {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL); // on Linux of this thread alone
} catch {
  // not allowed here: then it runs as the main thread does
}

parentPort!.on('message', (order: Order) => {
  const { descriptor, size, errors } = order;
  const family = familyNamed(order.family)!;
  const starts = startsOf(family);
  const file = { size, read: (into: Uint8Array, position: number) => readAt(descriptor, into, position, size) };
  takeRanges(shared, order, (range, batchAt) => {
    const batch = new BatchWriter(shared.batches, batchAt);
    const scanner = new CandidateScanner(grams, starts, errors, batch, range);
    try {
      const lines = scanRange(scanner, file, range, () => {});
      batch.finish(lines, scanner.passed);
      return !batch.isFull;
    } catch {
      return false; // whoever gets the range back meets the same trouble, and tells it
    }
  });
});

function readAt(descriptor: number, into: Uint8Array, position: number, size: number): number {
  const read = readSync(descriptor, into, 0, Math.min(into.length, size - position), position);
  if (read === 0) throw new Error('the file became shorter');
  return read;
}
