/** What tells equal values from others without telling what they are: an HMAC with the key of a run. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Of so many values the token is remembered, as most come again and again. */
const MAX_REMEMBERED = 10_000;
/** The key of a random run has so many bytes. */
export const KEY_BYTES = 32;

export class Tokens {
  readonly #key: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** 16 hex digits, the same for equal values. */
  of(value: string): string {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const token = this.#hash(`value ${value}`).slice(0, 16);
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(value, token);
    return token;
  }

  /** The id of an incident as others may see it: a plain hash of a user's name would tell the name to whoever has a list of them. */
  idOf(id: string): string {
    return id.slice(0, id.indexOf('_') + 1) + this.#hash(`id ${id}`).slice(0, 12);
  }

  #hash(text: string): string {
    return bytesToHex(hmac(sha256, this.#key, utf8ToBytes(text)));
  }
}
