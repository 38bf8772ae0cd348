/**
 * Which thread looks at which range of a file: a few numbers in shared memory say it, and a buffer has room for the batches of a
 * few ranges, which are taken in their order. No thread needs the event loop of another one.
 */
import type { Needs } from '../model/literal.js';
import { BATCH_BYTES } from './batch.js';
import type { RangeScanner } from './range.js';

/** After so long without an answer a thread looks whether it is still wanted. */
export const PATIENCE = 1000; // milliseconds

/** What the threads share, in places of one array of numbers; the states of the batches follow. */
export const JOB = 0;
export const NEXT = 1;
export const DONE = 2;
export const STOPPED = 3;
export const BUSY = 4;
export const STATES = 5;

/** What a thread is given when it starts. */
export interface Shared {
  readonly numbers: Int32Array;
  readonly batches: SharedArrayBuffer;
  readonly count: number;
}

/** What a thread is told of a file. */
export interface Order {
  readonly job: number;
  readonly descriptor: number;
  readonly size: number;
  readonly rangeBytes: number;
  readonly family: string;
  readonly errors: boolean;
  /** What each rule needs; null if that is what it was for the last file. */
  readonly needs: readonly Needs[] | null;
}

/** The ranges that a thread gets, one after the other, until there are no more. */
export function takeRanges(shared: Shared, order: Order, scanner: RangeScanner): void {
  const { numbers } = shared;
  Atomics.add(numbers, BUSY, 1);
  try {
    while (!isOver(shared, order)) {
      const done = Atomics.load(numbers, DONE);
      if (!takeRange(shared, order, scanner)) Atomics.wait(numbers, DONE, done, PATIENCE);
    }
  } finally {
    Atomics.sub(numbers, BUSY, 1);
    Atomics.notify(numbers, BUSY);
  }
}

function isOver({ numbers }: Shared, { job, size, rangeBytes }: Order): boolean {
  return (
    Atomics.load(numbers, STOPPED) === 1 ||
    Atomics.load(numbers, JOB) !== job ||
    Atomics.load(numbers, NEXT) * rangeBytes >= size
  );
}

/** Looks at the next range that nobody has, if there is one and room for its batch; returns whether it did. */
export function takeRange(
  { numbers, batches, count }: Shared,
  { size, rangeBytes }: Order,
  scanner: RangeScanner,
): boolean {
  const index = Atomics.load(numbers, NEXT);
  const from = index * rangeBytes;
  if (from >= size || index >= Atomics.load(numbers, DONE) + count) return false;
  if (Atomics.compareExchange(numbers, NEXT, index, index + 1) !== index) return true;
  const place = index % count;
  let isWhole = false;
  try {
    isWhole = scanner.scan({ from, to: Math.min(size, from + rangeBytes) }, batches, place * BATCH_BYTES);
  } finally {
    Atomics.store(numbers, STATES + place, isWhole ? index + 1 : -index - 1);
    Atomics.notify(numbers, STATES + place);
  }
  return true;
}
