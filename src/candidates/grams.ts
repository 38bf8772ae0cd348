/** Literals -> the tables by which `findLiterals` finds them. */
import type { Literal } from '../model/literal.js';
import { BUCKET_BITS, BUCKET_SHIFT, MARK_BITS, MARK_SHIFT, Memory } from './memory.js';

const FOLD = 0x20202020;
const FACTOR = 0x9e3779b1;
const BEHIND = 0x85ebca6b;
const BEFORE = 0xc2b2ae35;
/** What a mark is: of a 4-gram whose neighbour behind, or before, is in the literal as well, or of one in a short literal. */
const HAS_BEHIND = 1;
const HAS_BEFORE = 2;
const ALONE = 4;
/** So many bytes of a log are enough to know what is rare in it. */
const SAMPLE = 128 * 1024;

/** A mark that is met more often than once in so many bytes costs more than to learn again. */
const HOT = 150;
/** What does not become rarer by learning is met as often afterwards: it is tried less and less often. In bytes. */
const LEAST_PATIENCE = 1024 * 1024;
const MOST_PATIENCE = 64 * 1024 * 1024;

interface Bytes {
  readonly bytes: Uint8Array;
  readonly caseless: boolean;
  /** Where the literal lies in memory. */
  readonly address: number;
}

/** Literals in memory, and the step at which the log is looked at. */
export class Grams {
  readonly memory: Memory;
  /** Every literal covers one of the positions 0, stride, 2 * stride, ... with four whole bytes. */
  readonly stride: number;
  readonly #literals: readonly Bytes[];
  /** Bytes that were seen, and marks that were met, since something was learnt; and what must be seen before it is again. */
  #unlearnt = 0;
  #met = 0;
  #patience = 0;

  /** @param literals each in one line */
  constructor(literals: readonly Literal[]) {
    const encoder = new TextEncoder();
    const encoded = literals.map(({ text, caseless }) => ({ bytes: encoder.encode(text), caseless }));
    const shortest = Math.min(LONG, ...encoded.map(({ bytes }) => bytes.length));
    if (shortest < LEAST) throw new Error(`a literal of less than ${LEAST} bytes cannot be looked for`);
    this.stride = shortest >= LONG ? 8 : shortest >= 7 ? 4 : shortest - 3;
    this.memory = new Memory(
      encoded.reduce((sum, { bytes }) => sum + bytes.length, 0),
      literals.length * this.stride,
    );
    let address = this.memory.literals;
    this.#literals = encoded.map((literal) => {
      this.memory.bytes.set(literal.bytes, address);
      const placed = { ...literal, address };
      address += literal.bytes.length;
      return placed;
    });
    this.#build();
  }

  /**
   * Tells of each piece, in [from, to) of memory, before it is searched. From the first one it is learnt which 4-grams are rare;
   * the rarest of each literal is marked. Where marks are met too often the log has changed, and a piece is learnt from again.
   */
  sees(from: number, to: number): void {
    const { code, counts } = this.memory;
    this.#unlearnt += to - from;
    const isHot = (code.met.value - this.#met) * HOT > this.#unlearnt;
    if (this.#unlearnt < this.#patience || (this.#patience > 0 && !isHot)) return;
    code.countGrams(from, Math.min(to, from + SAMPLE), counts);
    this.#build();
    this.#unlearnt = 0;
    this.#met = code.met.value;
    this.#patience = Math.min(MOST_PATIENCE, Math.max(LEAST_PATIENCE, this.#patience * 2));
  }

  #build(): void {
    const { memory, stride } = this;
    const { bytes, words, marks, pairs, buckets, entries } = memory;
    bytes.fill(0, marks, marks + (1 << MARK_BITS));
    bytes.fill(0, pairs, pairs + (1 << MARK_BITS));
    words.fill(0, buckets >> 2, (buckets >> 2) + (1 << BUCKET_BITS));
    let entry = 0;
    for (const [number, literal] of this.#literals.entries()) {
      const check = this.#rarest(literal.bytes, 0, 1);
      for (let residue = 0; residue < stride; residue++) {
        const place = this.#rarest(literal.bytes, residue, stride);
        const hash = hashOf(literal.bytes, place);
        const [mark, pair] = markAt(literal.bytes, place, hash);
        bytes[marks + (hash >>> MARK_SHIFT)]! |= mark;
        bytes[pairs + (pair >>> MARK_SHIFT)]! |= 1 << ((pair >>> 8) & 7);
        const bucket = (buckets >> 2) + (hash >>> BUCKET_SHIFT);
        entry++;
        words.set(
          [
            words[bucket]!,
            literal.address,
            literal.bytes.length,
            place,
            number,
            check - place,
            foldedAt(literal.bytes, check),
            Number(literal.caseless),
          ],
          (entries >> 2) + entry * 8,
        );
        words[bucket] = entry;
      }
    }
  }

  /** Of the places first, first + step, ... the one whose 4-gram was seen least. */
  #rarest(bytes: Uint8Array, first: number, step: number): number {
    const { words, counts } = this.memory;
    let best = first;
    let least = Number.POSITIVE_INFINITY;
    for (let place = first; place + 4 <= bytes.length; place += step) {
      const seen = words[(counts >> 2) + (hashOf(bytes, place) >>> MARK_SHIFT)]!;
      if (seen < least) {
        least = seen;
        best = place;
      }
    }
    return best;
  }
}

/** Literals from this length on cost nothing. */
const LONG = 11; // bytes
/** Shorter literals have no 4-gram. */
export const LEAST = 4;

function foldedAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24) | FOLD) >>> 0;
}

/** The mark of a 4-gram, and its hash with a neighbour. */
function markAt(bytes: Uint8Array, place: number, hash: number): readonly [mark: number, pair: number] {
  if (place + 8 <= bytes.length) return [HAS_BEHIND, pairOf(hash, foldedAt(bytes, place + 4), BEHIND)];
  if (place >= 4) return [HAS_BEFORE, pairOf(hash, foldedAt(bytes, place - 4), BEFORE)];
  return [ALONE, 0];
}

function pairOf(hash: number, neighbour: number, factor: number): number {
  return Math.imul(hash ^ Math.imul(neighbour, factor), FACTOR) >>> 0;
}

function hashOf(bytes: Uint8Array, at: number): number {
  return Math.imul(foldedAt(bytes, at), FACTOR) >>> 0;
}
