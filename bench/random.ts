/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!;
  }

  /** Like `pick`, but the first ones come far more often than the last ones, as faults do in a log. */
  pickSkewed<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() ** 3 * list.length)]!;
  }

  hex(length: number): string {
    return this.#word('0123456789abcdef', length);
  }

  /** Small letters and digits, as in session ids. */
  token(length: number): string {
    return this.#word('0123456789abcdefghijklmnopqrstuvwxyz', length);
  }

  capitals(length: number): string {
    return this.#word('ABCDEFGHIJKLMNOPQRSTUVWXYZ', length);
  }

  #word(alphabet: string, length: number): string {
    let word = '';
    while (word.length < length) word += alphabet[Math.floor(this.next() * alphabet.length)];
    return word;
  }
}
