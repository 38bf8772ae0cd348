import type { Histogram } from '../model/incident.js';

const MAX_BUCKETS = 64;

export interface HistogramState {
  /** Seconds. */
  readonly step: number;
  /** Seconds since 1970. */
  readonly first: number;
  readonly last: number;
  readonly counts: readonly (readonly [bucket: number, count: number])[];
}

/** Counts times into equal pieces; widens the pieces, by powers of two, when there would be too many of them. */
export class HistogramBuilder {
  #step = 1; // seconds
  /** Number of a piece since 1970 -> count. */
  #counts = new Map<number, number>();
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** @param time milliseconds since 1970 */
  add(time: number): void {
    const second = Math.floor(time / 1000);
    this.#first = Math.min(this.#first, second);
    this.#last = Math.max(this.#last, second);
    while (this.#bucket(this.#last) - this.#bucket(this.#first) >= MAX_BUCKETS) this.#widen();
    const bucket = this.#bucket(second);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
  }

  /** Adds everything that another one has counted. */
  absorb({ step, first, last, counts }: HistogramState): void {
    while (this.#step < step) this.#widen();
    this.#first = Math.min(this.#first, first);
    this.#last = Math.max(this.#last, last);
    while (this.#bucket(this.#last) - this.#bucket(this.#first) >= MAX_BUCKETS) this.#widen();
    for (const [bucket, count] of counts) {
      const own = this.#bucket(bucket * step);
      this.#counts.set(own, (this.#counts.get(own) ?? 0) + count);
    }
  }

  /** Null if nothing was added. */
  result(): Histogram | null {
    if (this.#counts.size === 0) return null;
    const first = this.#bucket(this.#first);
    const counts = Array.from(
      { length: this.#bucket(this.#last) - first + 1 },
      (_, index) => this.#counts.get(first + index) ?? 0,
    );
    return { from: toRfc3339(first * this.#step * 1000), step: this.#step, counts };
  }

  /** Plain data, for {@link restored}; null if nothing was added. */
  state(): HistogramState | null {
    if (this.#counts.size === 0) return null;
    return { step: this.#step, first: this.#first, last: this.#last, counts: [...this.#counts] };
  }

  static restored(state: HistogramState | null): HistogramBuilder {
    const made = new HistogramBuilder();
    if (state === null) return made;
    made.#step = state.step;
    made.#first = state.first;
    made.#last = state.last;
    made.#counts = new Map(state.counts);
    return made;
  }

  #bucket(second: number): number {
    return Math.floor(second / this.#step);
  }

  #widen(): void {
    this.#step *= 2;
    const wider = new Map<number, number>();
    for (const [bucket, count] of this.#counts) {
      const half = Math.floor(bucket / 2);
      wider.set(half, (wider.get(half) ?? 0) + count);
    }
    this.#counts = wider;
  }
}

/** RFC 3339 in UTC, with milliseconds only where there are any. */
export function toRfc3339(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}
