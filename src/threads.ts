/**
 * [I/O] Threads that look at ranges of a file ahead of the main one. All they share is memory: a few numbers that say who has
 * which range, and a buffer with room for the batches of a few ranges. Nothing of it needs the main thread's event loop.
 */
import { Worker } from 'node:worker_threads';
import { BATCH_BYTES, BatchReader } from './candidates/batch.js';
import type { Range } from './candidates/scanner.js';
import type { LiteralSet } from './model/literal.js';
import type { Ahead, Job, Threads } from './sift.js';

/** Batches that wait for their turn, for each thread. */
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
  readonly literals: LiteralSet;
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
  constructor(count: number, literals: LiteralSet, rangeBytes = RANGE_BYTES) {
    this.rangeBytes = rangeBytes;
    this.#count = count;
    const batches = count * BATCHES_EACH;
    this.#shared = {
      numbers: new Int32Array(new SharedArrayBuffer((STATES + batches) * 4)),
      batches: new SharedArrayBuffer(batches * BATCH_BYTES),
      count: batches,
      literals,
    };
  }

  begin({ file, family, errors }: Job): Ahead {
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

/**
 * The ranges that a thread gets, one after the other, each as long as nobody else has it and there is room for its batch.
 * @param scan looks at a range and writes its batch at this place of the buffer; false gives the range back
 */
export function takeRanges(
  { numbers, count }: Shared,
  { job, size, rangeBytes }: Order,
  scan: (range: Range, batchAt: number) => boolean,
): void {
  Atomics.add(numbers, BUSY, 1);
  try {
    for (;;) {
      if (Atomics.load(numbers, STOPPED) === 1 || Atomics.load(numbers, JOB) !== job) return;
      const index = Atomics.load(numbers, NEXT);
      const from = index * rangeBytes;
      if (from >= size) return;
      const done = Atomics.load(numbers, DONE);
      if (index >= done + count) {
        Atomics.wait(numbers, DONE, done, PATIENCE);
        continue;
      }
      if (Atomics.compareExchange(numbers, NEXT, index, index + 1) !== index) continue;
      const place = index % count;
      let isWhole = false;
      try {
        isWhole = scan({ from, to: Math.min(size, from + rangeBytes) }, place * BATCH_BYTES);
      } finally {
        Atomics.store(numbers, STATES + place, isWhole ? index + 1 : -index - 1);
        Atomics.notify(numbers, STATES + place);
      }
    }
  } finally {
    Atomics.sub(numbers, BUSY, 1);
    Atomics.notify(numbers, BUSY);
  }
}
