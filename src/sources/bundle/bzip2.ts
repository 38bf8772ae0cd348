/**
 * bzip2, all streams of a file, block by block. The libraries for it need a deprecated part of Node (seek-bzip), or hold what
 * 45 bytes can become, 46 MB, a number at a time (unbzip2-stream).
 */
import { cutOff, damaged, trailing } from '../damage.js';
import { ByteQueue } from './queue.js';

/** Compressed bytes are asked for in pieces of this size; a block has up to 0.9 MB. */
const PIECE = 256 * 1024;
/** A block is given out in pieces of this size. */
const ROOM = 1024 * 1024; // bytes

const MAX_CODE_BITS = 20;
const MAX_GROUPS = 6;
const GROUP_SYMBOLS = 50;
const BLOCK_SIGN = 0x314159265359;
const END_SIGN = 0x177245385090;
const RUN_A = 0;
const RUN_B = 1;

/** @throws InputError after every block that could be read */
export async function* bunzip2(bytes: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<Uint8Array> {
  const bits = new BitReader(new ByteQueue(bytes), origin);
  try {
    for (let streams = 0; ; streams++) {
      await bits.fill(4);
      if (streams > 0 && bits.isAtEnd) return;
      if (bits.read(24) !== 0x425a68) throw streams > 0 ? trailing(origin) : damaged(origin, 'bzip2');
      const level = bits.read(8) - 0x30;
      if (level < 1 || level > 9) throw damaged(origin, 'bzip2');
      yield* stream(bits, level * 100_000, origin);
      bits.align();
    }
  } finally {
    await bits.close();
  }
}

/** @param size of its blocks at most, in bytes */
async function* stream(bits: BitReader, size: number, origin: string): AsyncGenerator<Uint8Array> {
  const block = new Uint32Array(size);
  let checksum = 0;
  for (;;) {
    // A block is a little longer than what it holds at most.
    await bits.fill(size + size / 8 + 20_000);
    const sign = bits.read(24) * 2 ** 24 + bits.read(24);
    if (sign !== BLOCK_SIGN && sign !== END_SIGN) throw damaged(origin, 'bzip2');
    const said = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
    if (sign === END_SIGN) {
      if (said !== checksum) throw damaged(origin, 'bzip2');
      return;
    }
    const { length, start } = readBlock(bits, block, origin);
    const made = yield* textOf(block, length, start);
    if (made !== said) throw damaged(origin, 'bzip2');
    checksum = (((checksum << 1) | (checksum >>> 31)) ^ made) >>> 0;
  }
}

/** Reads the symbols of a block, and makes of `block` a list in which each place names the next one above its lowest byte. */
function readBlock(bits: BitReader, block: Uint32Array, origin: string): { length: number; start: number } {
  if (bits.read(1) === 1) throw damaged(origin, 'bzip2'); // a way of 1997
  const origin24 = bits.read(24);
  const used = bits.read(16);
  const symbols: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((used >> (15 - high)) & 1) === 0) continue;
    const row = bits.read(16);
    for (let low = 0; low < 16; low++) if (((row >> (15 - low)) & 1) === 1) symbols.push(high * 16 + low);
  }
  const groups = bits.read(3);
  const selectorCount = bits.read(15);
  if (symbols.length === 0 || groups < 2 || groups > MAX_GROUPS || selectorCount === 0) throw damaged(origin, 'bzip2');
  const selectors = readSelectors(bits, selectorCount, groups, origin);
  const codes = Array.from({ length: groups }, () => readCode(bits, symbols.length + 2, origin));

  const counts = new Uint32Array(256);
  const front = Uint8Array.from(symbols);
  let length = 0;
  let run = 0;
  let weight = 1;
  for (let at = 0; ; at++) {
    const selector = selectors[(at / GROUP_SYMBOLS) | 0];
    if (selector === undefined) throw damaged(origin, 'bzip2');
    const symbol = readSymbol(bits, codes[selector]!, origin);
    if (symbol === RUN_A || symbol === RUN_B) {
      run += symbol === RUN_A ? weight : 2 * weight;
      weight *= 2;
      if (run > block.length) throw damaged(origin, 'bzip2');
      continue;
    }
    if (run > 0) {
      if (length + run > block.length) throw damaged(origin, 'bzip2');
      block.fill(front[0]!, length, length + run);
      counts[front[0]!]! += run;
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === symbols.length + 1) break;
    if (length === block.length) throw damaged(origin, 'bzip2');
    const place = symbol - 1;
    const byte = front[place]!;
    front.copyWithin(1, 0, place);
    front[0] = byte;
    counts[byte]!++;
    block[length++] = byte;
  }
  if (origin24 >= length) throw damaged(origin, 'bzip2');
  sort(block, length, counts);
  return { length, start: origin24 };
}

/** Which code is used for each 50 symbols. */
function readSelectors(bits: BitReader, count: number, groups: number, origin: string): Uint8Array {
  const front = [0, 1, 2, 3, 4, 5];
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= groups) throw damaged(origin, 'bzip2');
    front.unshift(front.splice(place, 1)[0]!);
    selectors[at] = front[0]!;
  }
  return selectors;
}

/** A Huffman code. */
interface Code {
  readonly least: number;
  readonly most: number;
  /** By length in bits: the last code of it, and what is taken from a code of it to have its place in `symbols`. */
  readonly last: Int32Array;
  readonly base: Int32Array;
  readonly symbols: Uint16Array;
}

function readCode(bits: BitReader, count: number, origin: string): Code {
  const lengths = new Uint8Array(count);
  let length = bits.read(5);
  for (let at = 0; at < count; at++) {
    for (;;) {
      if (length < 1 || length > MAX_CODE_BITS) throw damaged(origin, 'bzip2');
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[at] = length;
  }
  const least = Math.min(...lengths);
  const most = Math.max(...lengths);
  const last = new Int32Array(MAX_CODE_BITS + 1).fill(-1);
  const base = new Int32Array(MAX_CODE_BITS + 1);
  const symbols = new Uint16Array(count);
  let placed = 0;
  let code = 0;
  for (let bitCount = least; bitCount <= most; bitCount++) {
    base[bitCount] = code - placed;
    for (let at = 0; at < count; at++) {
      if (lengths[at] !== bitCount) continue;
      symbols[placed++] = at;
      code++;
    }
    last[bitCount] = code - 1;
    code *= 2;
  }
  return { least, most, last, base, symbols };
}

function readSymbol(bits: BitReader, { least, most, last, base, symbols }: Code, origin: string): number {
  let code = bits.read(least);
  for (let length = least; length <= most; length++) {
    if (code <= last[length]!) {
      const symbol = symbols[code - base[length]!];
      if (symbol === undefined) break;
      return symbol;
    }
    code = (code << 1) | bits.read(1);
  }
  throw damaged(origin, 'bzip2');
}

/** Undoes the Burrows-Wheeler transform as far as that each place knows the next. */
function sort(block: Uint32Array, length: number, counts: Uint32Array): void {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = counts[byte]!;
    counts[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at++) {
    const byte = block[at]! & 0xff;
    block[counts[byte]!++]! |= at << 8;
  }
}

/** The bytes of a block, in pieces; four equal ones are followed by how many more there are. Returns their checksum. */
function* textOf(block: Uint32Array, length: number, start: number): Generator<Uint8Array, number> {
  let piece = new Uint8Array(ROOM);
  let filled = 0;
  let checksum = 0xffffffff;
  let place = block[start]! >>> 8;
  let previous = -1;
  let alike = 0;
  for (let left = length; left > 0; left--) {
    const entry = block[place]!;
    place = entry >>> 8;
    let byte = entry & 0xff;
    let copies = 1;
    if (alike === 4) {
      copies = byte;
      byte = previous;
      alike = 0;
      previous = -1;
    } else {
      alike = byte === previous ? alike + 1 : 1;
      previous = byte;
    }
    if (filled + copies > ROOM) {
      yield piece.subarray(0, filled);
      piece = new Uint8Array(ROOM);
      filled = 0;
    }
    for (let copy = 0; copy < copies; copy++) {
      piece[filled++] = byte;
      checksum = (checksum << 8) ^ CHECKSUMS[(checksum >>> 24) ^ byte]!;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
  return ~checksum >>> 0;
}

/** CRC-32 as bzip2 has it: the highest bit first. */
const CHECKSUMS = Int32Array.from({ length: 256 }, (_, byte) => {
  let checksum = byte << 24;
  for (let bit = 0; bit < 8; bit++) checksum = checksum < 0 ? (checksum << 1) ^ 0x04c11db7 : checksum << 1;
  return checksum;
});

/** Bits of a stream, the highest first; what is read must have been filled in before. */
class BitReader {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #bits = 0;
  #count = 0;
  #hasEnded = false;

  constructor(
    private readonly queue: ByteQueue,
    private readonly origin: string,
  ) {}

  /** True if not a bit is left; only right behind {@link align}. */
  get isAtEnd(): boolean {
    return this.#hasEnded && this.#at === this.#bytes.length;
  }

  /** Holds so many bytes at least, or all that are left. */
  async fill(length: number): Promise<void> {
    if (this.#hasEnded || this.#bytes.length - this.#at >= length) return;
    const pieces = [this.#bytes.subarray(this.#at)];
    let held = pieces[0]!.length;
    while (held < length) {
      const piece = await this.queue.some(PIECE);
      if (piece === null) {
        this.#hasEnded = true;
        break;
      }
      pieces.push(piece);
      held += piece.length;
    }
    this.#bytes = Buffer.concat(pieces);
    this.#at = 0;
  }

  /** At most 24 bits. */
  read(count: number): number {
    while (this.#count < count) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) {
        this.#at = this.#bytes.length;
        throw cutOff(this.origin);
      }
      this.#bits = ((this.#bits << 8) | byte) >>> 0;
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** Leaves out what is left of the last byte. */
  align(): void {
    this.#count = 0;
  }

  close(): Promise<void> {
    return this.queue.close();
  }
}
