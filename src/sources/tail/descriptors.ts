/** Something that holds a descriptor which it can open again. */
export interface Holder {
  /** Whether it can do without its descriptor for a while. */
  readonly isIdle: boolean;
  release(): void;
}

/** Keeps the number of open files within a bound: who was used longest ago gives its descriptor back. */
export class Descriptors {
  #most: number;
  /** In the order of their last use. */
  readonly #holders = new Set<Holder>();

  constructor(most: number) {
    this.#most = most;
  }

  get open(): number {
    return this.#holders.size;
  }

  /** The system gives no more: from now on there are fewer. */
  ranOut(): void {
    this.#most = Math.max(1, Math.floor(Math.min(this.#most, this.#holders.size) * 0.75));
    this.#shrink(null);
  }

  used(holder: Holder): void {
    this.#holders.delete(holder);
    this.#holders.add(holder);
    if (this.#holders.size > this.#most) this.#shrink(holder);
  }

  closed(holder: Holder): void {
    this.#holders.delete(holder);
  }

  #shrink(kept: Holder | null): void {
    for (const holder of [...this.#holders]) {
      if (this.#holders.size <= this.#most) return;
      if (holder !== kept && holder.isIdle) holder.release();
    }
  }
}
