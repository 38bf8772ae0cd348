/**
 * [I/O] Threads that look at ranges of a file ahead of the main one. All they share is memory: a few numbers that say who has
 * which range, and a buffer with room for the batches of a few ranges. Nothing of it needs the main thread's event loop.
 */
import { Worker } from 'node:worker_threads';
import { BATCH_BYTES, BatchReader } from './candidates/batch.js';
import type { RangeScanner } from './candidates/range.js';
import type { Needs } from './model/literal.js';
import type { Ahead, Job, Threads } from './sift.js';

/** Batches that wait for their turn, for each thread, the main one included. */
const BATCHES_EACH = 2;
const RANGE_BYTES = 1024 * 1024;
/** After so long without an answer the main thread looks whether the others are still there. */
const PATIENCE = 1000; // milliseconds

/** What the threads share, in places of one array of numbers; the states of the batches follow. */
const JOB = 0;
const NEXT = 1;
const DONE = 2;
const STOPPED = 3;
const BUSY = 4;
const STATES = 5;

/** What a thread is given when it starts. */
export interface Shared {
  readonly numbers: Int32Array;
  readonly batches: SharedArrayBuffer;
  readonly count: number;
  readonly needs: readonly Needs[];
}

/** What a thread is told of a file. */
export interface Order {
  readonly job: number;
  readonly descriptor: number;
  readonly size: number;
  readonly rangeBytes: number;
  readonly family: string;
  readonly errors: boolean;
}

/** Starts when the first file is worth it. */
export class ThreadPool implements Threads {
  readonly rangeBytes: number;
  readonly #count: number;
  readonly #shared: Shared;
  readonly #workers: Worker[] = [];
  #job = 0;
  /** Whether a thread died: then all of them are left alone. */
  #isBroken = false;

  /** @param count how many threads, at least 1 */
  constructor(count: number, needs: readonly Needs[], rangeBytes = RANGE_BYTES) {
    this.rangeBytes = rangeBytes;
    this.#count = count;
    const batches = (count + 1) * BATCHES_EACH;
    this.#shared = {
      numbers: new Int32Array(new SharedArrayBuffer((STATES + batches) * 4)),
      batches: new SharedArrayBuffer(batches * BATCH_BYTES),
      count: batches,
      needs,
    };
  }

  begin({ file, family, errors, scanner }: Job): Ahead {
    const { numbers, batches, count } = this.#shared;
    const job = ++this.#job;
    // Not how many threads are busy: one may just learn that the last file is done.
    for (const place of [JOB, NEXT, DONE, STOPPED]) Atomics.store(numbers, place, 0);
    numbers.fill(0, STATES);
    Atomics.store(numbers, JOB, job);
    while (this.#workers.length < this.#count && !this.#isBroken) this.#workers.push(this.#start());
    const { descriptor, size } = file;
    const order: Order = { job, descriptor, size, rangeBytes: this.rangeBytes, family, errors };
    for (const worker of this.#workers) worker.postMessage(order);
    return {
      claim: (index) => Atomics.compareExchange(numbers, NEXT, index, index + 1) === index,
      result: async (index) => {
        const place = index % count;
        for (;;) {
          const state = Atomics.load(numbers, STATES + place);
          if (state === index + 1) return new BatchReader(batches, place * BATCH_BYTES);
          if (state === -index - 1 || this.#isBroken) return null;
          if (takeRange(this.#shared, order, scanner)) continue;
          if (Atomics.wait(numbers, STATES + place, state, PATIENCE) === 'timed-out')
            await new Promise((resolve) => setImmediate(resolve)); // a thread that died says so now
        }
      },
      done: (index) => {
        Atomics.store(numbers, DONE, index + 1);
        Atomics.notify(numbers, DONE);
      },
      end: () => {
        Atomics.store(numbers, STOPPED, 1);
        Atomics.notify(numbers, DONE);
        for (let busy = Atomics.load(numbers, BUSY); busy > 0 && !this.#isBroken; busy = Atomics.load(numbers, BUSY))
          Atomics.wait(numbers, BUSY, busy, PATIENCE);
      },
    };
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: this.#shared,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    worker.on('error', () => {
      this.#isBroken = true;
    });
    worker.unref();
    return worker;
  }
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
function takeRange({ numbers, batches, count }: Shared, { size, rangeBytes }: Order, scanner: RangeScanner): boolean {
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
