/** A hash of 53 bits, for telling texts apart within a run; ids are made by fingerprint.ts. Mixes as MurmurHash3 does. */
export class Hash53 {
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  /** Adds the characters in [start, end) of a text. */
  add(text: string, start: number, end: number): void {
    let high = this.#high;
    let low = this.#low;
    for (let at = start; at < end; at++) {
      const code = text.charCodeAt(at);
      high = Math.imul(high ^ code, 2654435761);
      low = Math.imul(low ^ code, 1597334677);
    }
    this.#high = high;
    this.#low = low;
  }

  addCode(code: number): void {
    this.#high = Math.imul(this.#high ^ code, 2654435761);
    this.#low = Math.imul(this.#low ^ code, 1597334677);
  }

  value(): number {
    let high = this.#high;
    let low = this.#low;
    high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
    low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    return 4294967296 * (2097151 & low) + (high >>> 0);
  }
}

export function hash53(text: string): number {
  const hash = new Hash53();
  hash.add(text, 0, text.length);
  return hash.value();
}
