/** The WebAssembly instance and where everything lies in its memory. */
import { WASM } from './wasm.js';

/** As much of WebAssembly as is used here; the types of Node 20 have none. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What `wasm/filter.ts` exports; addresses and lengths in bytes. */
interface Exports {
  findLiterals(
    low: number,
    high: number,
    start: number,
    stride: number,
    marks: number,
    shift: number,
    buckets: number,
    bucketShift: number,
    entries: number,
    out: number,
    most: number,
  ): number;
  countGrams(from: number, to: number, counts: number, shift: number): void;
  findStarts(from: number, to: number, firsts: number, sure: boolean, out: number, most: number): number;
  findOdd(from: number, to: number, out: number, most: number): number;
  lineCount(): number;
}

/** Bytes that are taken in at a time. */
export const PIECE = 256 * 1024;
/** The longest record that waits for its end; a longer one is handed on in parts. */
export const ROOM = 1024 * 1024;
/** Hits and lines that one call may write. */
export const MOST_HITS = 64 * 1024;
export const MOST_STARTS = 32 * 1024;
const PAD = 1024; // readable on both sides of the data, as the code looks ahead

export const MARK_BITS = 17;
export const BUCKET_BITS = 13;
/** A hash of 32 bits is shifted by so much to its place in a table. */
export const MARK_SHIFT = 32 - MARK_BITS;
export const BUCKET_SHIFT = 32 - BUCKET_BITS;

let compiled: object | null = null;

/** Memory for one scan: tables, results, and the data itself. */
export class Memory {
  readonly code: Exports;
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly marks: number;
  readonly counts: number;
  readonly buckets: number;
  readonly entries: number;
  readonly literals: number;
  readonly firsts: number;
  readonly hits: number;
  readonly starts: number;
  /** Where the data begins: what was carried over, at most {@link ROOM}, then the piece. */
  readonly data: number;

  /**
   * @param literalBytes length of all literals together
   * @param entries how many entries the tables hold
   */
  constructor(literalBytes: number, entries: number) {
    let end = 1024;
    const take = (length: number): number => {
      const at = end;
      end = (at + length + 63) & ~63;
      return at;
    };
    this.marks = take(1 << MARK_BITS);
    this.counts = take(4 << MARK_BITS);
    this.buckets = take(4 << BUCKET_BITS);
    this.entries = take((entries + 1) * 32);
    this.literals = take(literalBytes);
    this.firsts = take(256);
    this.hits = take(MOST_HITS * 8);
    this.starts = take(MOST_STARTS * 12);
    this.data = take(PAD) + PAD;
    end = this.data + ROOM + PIECE + PAD;
    const pages = Math.ceil(end / 65_536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(decoded(WASM));
    this.code = new WebAssembly.Instance(compiled, { env: { memory } }).exports as Exports;
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
  }
}

function decoded(base64: string): Uint8Array {
  const text = atob(base64);
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
