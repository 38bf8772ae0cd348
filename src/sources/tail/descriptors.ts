/** How well one can do without its descriptor; in the order in which they have to. */
export const NEEDS = ['little', 'more', 'much'] as const;
export type Need = (typeof NEEDS)[number];

/** Something that holds a descriptor which it can open again. */
export interface Holder {
  readonly need: Need;
  release(): void;
}

/** Keeps the number of open files within a bound: of those who need it least, who was used longest ago gives its descriptor back. */
export class Descriptors {
  #most: number;
  /** In the order of their last use. */
  readonly #holders = new Set<Holder>();
  #hasRunOut = false;

  constructor(most: number) {
    this.#most = most;
  }

  get open(): number {
    return this.#holders.size;
  }

  /** The system gives no more: from now on there are fewer. Returns whether that is new. */
  ranOut(): boolean {
    this.#most = Math.max(1, Math.floor(Math.min(this.#most, this.#holders.size) * 0.75));
    this.#shrink(null);
    const isNew = !this.#hasRunOut;
    this.#hasRunOut = true;
    return isNew;
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
    for (const need of NEEDS) {
      for (const holder of [...this.#holders]) {
        if (this.#holders.size <= this.#most) return;
        if (holder !== kept && holder.need === need) holder.release();
      }
    }
  }
}
