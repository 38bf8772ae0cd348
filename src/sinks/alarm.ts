/** [I/O] Time as a sink sees it; a test hands in its own. */
import { setTimeout } from 'node:timers/promises';

export interface Time {
  /** Monotonic, milliseconds. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted; never rejects. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const REAL_TIME: Time = {
  clock: () => performance.now(),
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => {}),
};

/** How long to sleep if there is nothing to wait for. */
const IDLE = 60 * 60_000; // milliseconds

/** A sleep that others can end. */
export class Alarm {
  readonly #time: Time;
  #sleep = new AbortController();

  constructor(time: Time) {
    this.#time = time;
  }

  /** @param until Infinity if nothing but {@link wake} ends it */
  async sleep(until: number): Promise<void> {
    this.#sleep = new AbortController();
    const length = until - this.#time.clock();
    await this.#time.wait(Math.min(IDLE, Math.max(0, length)), this.#sleep.signal);
  }

  wake(): void {
    this.#sleep.abort();
  }
}
