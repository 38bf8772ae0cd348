/** Finds values that are known, wherever they stand as whole tokens: raw, and in the escapes of JSON, HTML and addresses. */
import { apart, type Found, type Span } from './spans.js';
import { viewsOf } from './views.js';

/** What may not stand beside a value: of a secret a part of a word; of a name also a dot with a word behind it (`com.bob.x`). */
export type Edges = 'secret' | 'name';

/** A known value at its place. */
export interface Hit extends Found {
  /** As it was handed in. */
  readonly value: string;
}

const WORD = new Uint8Array(128);
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_') WORD[char.charCodeAt(0)] = 1;
const DOT = 46;

export class ValueFinder {
  readonly #edges: Edges;
  readonly #most: number;
  /** So many first characters of a value are looked up; no value is shorter. */
  readonly #prefix: number;
  /** By value (a name in lower case), the oldest first: its kind, and the value as it was handed in. */
  readonly #known = new Map<string, { readonly kind: string; readonly value: string }>();
  /** The lengths of the values that begin so, the longest first, and how many have each: thousands may share a beginning. */
  readonly #lengths = new Map<string, Map<number, number>>();
  /** Codes that some value begins with. */
  readonly #first = new Uint8Array(0x10000);
  /** Whether some value had to be forgotten. */
  overflowed = false;

  /** @param most how many values are known at most; beyond that the oldest is forgotten */
  constructor(edges: Edges, most: number) {
    this.#edges = edges;
    this.#most = most;
    this.#prefix = edges === 'secret' ? LEAST_SECRET : LEAST_NAME;
  }

  get size(): number {
    return this.#known.size;
  }

  /** A value that is too short to be told from any other text is left. */
  add(kind: string, value: string): void {
    const key = this.#folded(value);
    if (key.length < this.#prefix || this.#known.has(key)) return;
    if (this.#known.size >= this.#most) this.#forgetOldest();
    this.#known.set(key, { kind, value });
    this.#first[key.charCodeAt(0)] = 1;
    const prefix = key.slice(0, this.#prefix);
    const lengths = this.#lengths.get(prefix) ?? new Map<number, number>();
    const others = lengths.get(key.length);
    lengths.set(key.length, (others ?? 0) + 1);
    if (others === undefined) this.#lengths.set(prefix, new Map([...lengths].sort(([a], [b]) => b - a)));
  }

  /** In order, apart from each other. */
  find(text: string): Hit[] {
    if (this.#known.size === 0) return [];
    const hits: Hit[] = [];
    for (const view of viewsOf(text)) {
      for (const { start, end, key } of this.#findIn(this.#folded(view.text)))
        hits.push({ ...view.placeOf(start, end), ...this.#known.get(key)! });
    }
    return apart(hits);
  }

  *#findIn(text: string): Generator<Span & { readonly key: string }> {
    const last = text.length - this.#prefix;
    for (let at = 0; at <= last; at++) {
      if (this.#first[text.charCodeAt(at)] === 0) continue;
      const lengths = this.#lengths.get(text.slice(at, at + this.#prefix));
      const key = lengths === undefined ? null : this.#keyAt(text, at, lengths.keys());
      if (key === null) continue;
      yield { start: at, end: at + key.length, key };
      at += key.length - 1;
    }
  }

  #keyAt(text: string, at: number, lengths: Iterable<number>): string | null {
    for (const length of lengths) {
      const key = text.slice(at, at + length);
      if (key.length === length && this.#known.has(key) && this.#isWhole(text, at, at + length)) return key;
    }
    return null;
  }

  #isWhole(text: string, start: number, end: number): boolean {
    const before = text.charCodeAt(start - 1);
    const after = text.charCodeAt(end);
    if (isWord(text.charCodeAt(start)) && isWord(before)) return false;
    if (isWord(text.charCodeAt(end - 1)) && isWord(after)) return false;
    if (this.#edges === 'secret') return true;
    return (
      !(before === DOT && isWord(text.charCodeAt(start - 2))) && !(after === DOT && isWord(text.charCodeAt(end + 1)))
    );
  }

  #folded(text: string): string {
    if (this.#edges === 'secret') return text;
    const lower = text.toLowerCase();
    return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  }

  #forgetOldest(): void {
    this.overflowed = true;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest!);
    const prefix = oldest!.slice(0, this.#prefix);
    const lengths = this.#lengths.get(prefix)!;
    const others = lengths.get(oldest!.length)! - 1;
    if (others > 0) lengths.set(oldest!.length, others);
    else lengths.delete(oldest!.length);
    if (lengths.size === 0) this.#lengths.delete(prefix);
  }
}

/** Shorter ones are masked where they are known for what they are, and looked for nowhere else. */
export const LEAST_SECRET = 8;
export const LEAST_NAME = 4;

/** Beyond the ends of a text there is no word. */
function isWord(code: number): boolean {
  if (code < 128) return WORD[code] === 1;
  return code >= 128 && /[\p{L}\p{N}]/u.test(String.fromCharCode(code));
}
