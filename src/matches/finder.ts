/**
 * Which of many literals are in a text. Every literal of at least STRIDE + 3 characters covers, wherever it stands, one of the
 * positions 0, STRIDE, 2 * STRIDE, ... with four whole characters. Only those are looked at: four characters are hashed into a
 * table that has a mark for one such place of each literal and residue. The filter does the same with bytes.
 */
import type { Literal, LiteralSet } from '../model/literal.js';

/** Shorter ones have no four characters; they are looked for one by one. */
const GRAM = 4;
const MOST_STRIDE = 4;
const MARK_BITS = 16;
const SHIFT = 32 - MARK_BITS;
const FACTOR = 0x9e3779b1;
/** Letters of both cases hash alike. */
const FOLD = 0x20;

export class LiteralFinder {
  readonly #literals: readonly Sought[];
  readonly #stride: number;
  /** By hash, the first entry of a chain; 0 is none. */
  readonly #marks = new Uint32Array(1 << MARK_BITS);
  /** Entries: literal, place in it, next entry. */
  readonly #entries: number[] = [0, 0, 0];
  /** Those that cannot be hashed. */
  readonly #others: number[] = [];

  constructor(literals: LiteralSet) {
    this.#literals = literals.map(sought);
    const hashed = this.#literals.filter(({ isHashed }) => isHashed);
    const shortest = Math.min(GRAM - 1 + MOST_STRIDE, ...hashed.map(({ text }) => text.length));
    this.#stride = shortest - GRAM + 1;
    for (const [number, { text, isHashed }] of this.#literals.entries()) {
      if (!isHashed) this.#others.push(number);
      else for (let place = 0; place < this.#stride; place++) this.#add(number, place, hashAt(text, place));
    }
  }

  /** Their numbers, in order. */
  find(text: string): number[] {
    const found = new Set<number>();
    const stride = this.#stride;
    const marks = this.#marks;
    for (let at = 0; at + GRAM <= text.length; at += stride) {
      const first = marks[hashAt(text, at)]!;
      if (first !== 0) this.#follow(text, at, first, found);
    }
    for (const number of this.#others) if (isAnywhere(text, this.#literals[number]!)) found.add(number);
    return [...found].sort((a, b) => a - b);
  }

  #follow(text: string, at: number, first: number, found: Set<number>): void {
    for (let entry = first * 3; entry !== 0; entry = this.#entries[entry + 2]! * 3) {
      const number = this.#entries[entry]!;
      const start = at - this.#entries[entry + 1]!;
      if (start >= 0 && !found.has(number) && isAt(text, start, this.#literals[number]!)) found.add(number);
    }
  }

  #add(number: number, place: number, hash: number): void {
    const entry = this.#entries.length / 3;
    this.#entries.push(number, place, this.#marks[hash]!);
    this.#marks[hash] = entry;
  }
}

interface Sought {
  /** In lower case, where letter case is free. */
  readonly text: string;
  readonly caseless: boolean;
  readonly isHashed: boolean;
}

function sought({ text, caseless }: Literal): Sought {
  const isPlain = !caseless || /^[\0-\x7f]*$/.test(text);
  return { text: caseless ? text.toLowerCase() : text, caseless, isHashed: isPlain && text.length >= GRAM };
}

function isAt(text: string, start: number, { text: wanted, caseless }: Sought): boolean {
  if (!caseless) return text.startsWith(wanted, start);
  const there = text.slice(start, start + wanted.length);
  return there.length === wanted.length && there.toLowerCase() === wanted;
}

function isAnywhere(text: string, { text: wanted, caseless }: Sought): boolean {
  return (caseless ? text.toLowerCase() : text).includes(wanted);
}

function hashAt(text: string, at: number): number {
  const low = (text.charCodeAt(at) | FOLD) ^ ((text.charCodeAt(at + 1) | FOLD) << 8);
  const high = (text.charCodeAt(at + 2) | FOLD) ^ ((text.charCodeAt(at + 3) | FOLD) << 8);
  return Math.imul(low ^ (high << 16), FACTOR) >>> SHIFT;
}
