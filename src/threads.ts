/**
 * [I/O] Threads that look at ranges of a file ahead of the main one. All they share is memory: a few numbers that say who has
 * which range, and a buffer with room for the batches of a few ranges. Nothing of it needs the main thread's event loop.
 */
import { Worker } from 'node:worker_threads';
import { BATCH_BYTES, BatchReader } from './candidates/batch.js';
import {
  BUSY,
  DONE,
  JOB,
  NEXT,
  type Order,
  PATIENCE,
  type Shared,
  STATES,
  STOPPED,
  takeRange,
} from './candidates/turns.js';
import type { Needs } from './model/literal.js';
import type { Ahead, Job, Threads } from './sift.js';

/** Batches that wait for their turn, for each thread; and one for the main thread. */
const BATCHES_EACH = 2;
const RANGE_BYTES = 768 * 1024;
/** Files of fewer ranges, 16 MB, are not worth another thread: it takes a tenth of a second to start. */
const ALONE_RANGES = 21;

/** Whether a file is so large (in bytes) that another thread helps. */
export function isWorthThreads(size: number, rangeBytes = RANGE_BYTES): boolean {
  return size > rangeBytes * ALONE_RANGES;
}

/** Starts when the first file is worth it. */
export class ThreadPool implements Threads {
  readonly rangeBytes: number;
  readonly #count: number;
  readonly #shared: Shared;
  readonly #workers: Worker[] = [];
  #job = 0;
  #needs: readonly Needs[] | null = null;
  /** Whether a thread died: then all of them are left alone. */
  #isBroken = false;

  /** @param count how many threads, at least 1 */
  constructor(count: number, rangeBytes = RANGE_BYTES) {
    this.rangeBytes = rangeBytes;
    this.#count = count;
    const batches = count * BATCHES_EACH + 1;
    this.#shared = {
      numbers: new Int32Array(new SharedArrayBuffer((STATES + batches) * 4)),
      batches: new SharedArrayBuffer(batches * BATCH_BYTES),
      count: batches,
    };
  }

  isWorthIt(size: number): boolean {
    return isWorthThreads(size, this.rangeBytes);
  }

  /** Starts the threads, which takes as long as to scan a hundred megabytes; else they start with the first file. */
  start(): void {
    while (this.#workers.length < this.#count && !this.#isBroken) this.#workers.push(this.#startOne());
  }

  begin({ file, family, errors, needs, scanner }: Job): Ahead {
    const { numbers, batches, count } = this.#shared;
    const job = ++this.#job;
    // Not how many threads are busy: one may just learn that the last file is done.
    for (const place of [JOB, NEXT, DONE, STOPPED]) Atomics.store(numbers, place, 0);
    numbers.fill(0, STATES);
    Atomics.store(numbers, JOB, job);
    this.start();
    const { descriptor, size } = file;
    const order: Order = {
      job,
      descriptor,
      size,
      rangeBytes: this.rangeBytes,
      family,
      errors,
      needs: needs === this.#needs ? null : needs,
    };
    this.#needs = needs;
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

  #startOne(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: this.#shared,
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
    worker.on('error', () => {
      this.#isBroken = true;
    });
    worker.unref();
    return worker;
  }
}
