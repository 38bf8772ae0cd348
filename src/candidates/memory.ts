/** The WebAssembly instance and where everything lies in its memory. */
import { WASM } from './wasm.js';

/** As much of WebAssembly as is used here; the types of Node 20 have none. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** A number that the code exports. */
interface Global {
  value: number;
}

/** What `wasm/filter.ts` exports; addresses and lengths in bytes. */
interface Exports {
  setTables(
    marks: number,
    pairs: number,
    shift: number,
    buckets: number,
    bucketShift: number,
    entries: number,
    places: number,
  ): void;
  findLiterals(low: number, high: number, start: number, stride: number, out: number, most: number): number;
  readonly met: Global;
  countGrams(from: number, to: number, counts: number): void;
  setUp(
    firsts: number,
    hits: number,
    held: number,
    mostHeld: number,
    told: number,
    mostTold: number,
    shape: number,
    errors: boolean,
  ): void;
  begin(at: number, foreign: boolean): void;
  beginHere(): void;
  shift(by: number): void;
  foundHits(count: number, areAll: boolean): void;
  walk(to: number): number;
  drained(): void;
  dropForeign(): number;
  finish(end: number): void;
  handedOn(at: number): void;
  hasSureTime(): number;
  skipTo(at: number, ends: number): void;
  readonly next: Global;
  readonly lines: Global;
  readonly open: Global;
  readonly openLine: Global;
  readonly passed: Global;
  readonly waiting: Global;
  readonly dated: Global;
  readonly limit: Global;
  readonly atLimit: Global;
}

/** Bytes that are taken in at a time. */
export const PIECE = 256 * 1024;
/** The longest record that waits for its end; a longer one is handed on in parts. */
export const ROOM = 1024 * 1024;
/** Hits that one call may write, literals of the records of a piece that are kept, and records that one walk may tell of. */
export const MOST_HITS = 64 * 1024;
export const MOST_TOLD = 8 * 1024;
/** Words of what is told of a record; wasm/records.ts writes them. */
export const TOLD_WORDS = 11;
/** Positions that wasm/literals.ts notes at once, and some behind the end. */
const MOST_NOTED = 1024;
const PAD = 1024; // bytes readable on both sides of the data, as the code looks ahead

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
  /** The same. */
  readonly buffer: Buffer;
  readonly words: Uint32Array;
  readonly marks: number;
  readonly pairs: number;
  readonly counts: number;
  readonly buckets: number;
  readonly entries: number;
  readonly literals: number;
  readonly firsts: number;
  readonly hits: number;
  readonly held: number;
  readonly told: number;
  /** Whether the line at an address begins a record; asked where the bytes do not prove it. */
  isStart: (at: number) => boolean = () => false;
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
    this.pairs = take(1 << MARK_BITS);
    this.counts = take(4 << MARK_BITS);
    this.buckets = take(4 << BUCKET_BITS);
    this.entries = take((entries + 1) * 32);
    this.literals = take(literalBytes);
    const places = take(MOST_NOTED * 4);
    this.firsts = take(256);
    this.hits = take(MOST_HITS * 8);
    this.held = take(MOST_HITS * 4);
    this.told = take(MOST_TOLD * TOLD_WORDS * 4);
    this.data = take(PAD) + PAD;
    end = this.data + ROOM + PIECE + PAD;
    const pages = Math.ceil(end / 65_536);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    compiled ??= new WebAssembly.Module(decoded(WASM));
    this.code = new WebAssembly.Instance(compiled, { env: { memory, isStart: (at: number) => this.isStart(at) } })
      .exports as Exports;
    this.code.setTables(this.marks, this.pairs, MARK_SHIFT, this.buckets, BUCKET_SHIFT, this.entries, places);
    this.bytes = new Uint8Array(memory.buffer);
    this.buffer = Buffer.from(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
  }
}

function decoded(base64: string): Uint8Array {
  const text = atob(base64);
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
