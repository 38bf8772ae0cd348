/** [I/O] A thread that looks at ranges of files, see threads.ts. */
import { readSync } from 'node:fs';
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Filter } from './candidates/filter.js';
import { Grams } from './candidates/grams.js';
import { rangeScanner } from './candidates/range.js';
import { type Order, type Shared, takeRanges } from './candidates/turns.js';
import { PossibleRules } from './matches/possible.js';
import type { Needs } from './model/literal.js';
import { familyNamed } from './records/family.js';
import { startsOf } from './starts.js';

const shared = workerData as Shared;
let filter: Filter | null = null;

try {
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL); // on Linux of this thread alone
} catch {
  // not allowed here: then it runs as the main thread does
}

parentPort!.on('message', (order: Order) => {
  if (order.needs !== null) filter = filterOf(order.needs);
  const { descriptor, size, errors } = order;
  const read = (into: Uint8Array, position: number) => readAt(descriptor, into, position, size);
  const starts = startsOf(familyNamed(order.family)!);
  takeRanges(shared, order, rangeScanner(filter!, starts, errors, { size, read }));
});

function filterOf(needs: readonly Needs[]): Filter {
  const rules = new PossibleRules(needs);
  const grams = new Grams(rules.literals!); // else nobody would need threads
  return { grams: () => grams, mayMatch: (text, held) => rules.mayMatch(text, held) };
}

function readAt(descriptor: number, into: Uint8Array, position: number, size: number): number {
  const read = readSync(descriptor, into, 0, Math.min(into.length, size - position), position);
  if (read === 0) throw new Error('the file became shorter');
  return read;
}
