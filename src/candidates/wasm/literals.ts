/**
 * Where a literal stands. Every literal of at least STRIDE + 3 bytes covers, wherever it stands, one of the positions 0,
 * STRIDE, 2 * STRIDE, ... with four whole bytes. So only those are looked at: their four bytes are hashed into a table that
 * has a mark for one aligned 4-gram of each literal and residue (the rarest, see ../grams.ts). Many marks are met by chance, as
 * `tion` is: the four bytes behind or before, which are in the literal as well, are hashed with it into a second table. What
 * is left is followed up by a third 4-gram and then by all bytes.
 */

/** Letters of both cases hash alike, so that literals of any case need no second table. */
const FOLD: u32 = 0x20202020;
const FACTOR: u32 = 0x9e3779b1;
const BEHIND: u32 = 0x85ebca6b;
const BEFORE: u32 = 0xc2b2ae35;
/** A mark of a literal so short that neither of its neighbours need be in it. */
const ALONE: u32 = 2;

// @ts-ignore: decorator
@inline function hashAt(at: usize): u32 {
  return (load<u32>(at) | FOLD) * FACTOR;
}

// @ts-ignore: decorator
@inline function mark(at: usize, marks: usize, shift: u32): u32 {
  return load<u8>(marks + <usize>(hashAt(at) >> shift));
}

/** The words at 0, 8, 16 and 24. */
// @ts-ignore: decorator
@inline function even(at: usize): v128 {
  return v128.shuffle<u32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
}

/** Whether one of four words has a mark. */
// @ts-ignore: decorator
@inline function marked4(words: v128, marks: usize, shift: u32): u32 {
  const hashes = i32x4.shr_u(i32x4.mul(v128.or(words, i32x4.splat(FOLD)), i32x4.splat(FACTOR)), shift);
  const first = i64x2.extract_lane(hashes, 0);
  const second = i64x2.extract_lane(hashes, 1);
  return load<u8>(marks + <usize><u32>first) | load<u8>(marks + <usize>(<u64>first >> 32)) | load<u8>(marks + <usize><u32>second) | load<u8>(marks + <usize>(<u64>second >> 32));
}

// @ts-ignore: decorator
@inline function isPair(hash: u32, neighbour: usize, factor: u32, pairs: usize, shift: u32): bool {
  const pair = (hash ^ ((load<u32>(neighbour) | FOLD) * factor)) * FACTOR;
  return (load<u8>(pairs + <usize>(pair >> shift)) & (1 << ((pair >> 8) & 7))) != 0;
}

/** Whether the place with this mark is worth to be followed up. */
// @ts-ignore: decorator
@inline function isLikely(marked: u32, at: usize, pairs: usize, shift: u32): bool {
  if (!marked) return false;
  met++;
  if (marked & ALONE) return true;
  const hash = hashAt(at);
  return isPair(hash, at + 4, BEHIND, pairs, shift) || isPair(hash, at - 4, BEFORE, pairs, shift);
}

// @ts-ignore: decorator
@inline function folded(byte: u32): u32 {
  return byte - 65 < 26 ? byte | 32 : byte;
}

function isEqual(a: usize, b: usize, length: u32, caseless: bool): bool {
  for (let i: u32 = 0; i < length; i++) {
    const x: u32 = load<u8>(a + i);
    const y: u32 = load<u8>(b + i);
    if (x != y && !(caseless && folded(x) == folded(y))) return false;
  }
  return true;
}

let found: u32 = 0;
/** Marks that were met, from the beginning on. */
export let met: u32 = 0;

/**
 * An entry is 32 bytes: next entry of its bucket, address and length of the literal, place of the 4-gram in it, number of
 * the literal, place of the second 4-gram from the first (signed), its folded bytes, and whether letter case is free.
 */
function follow(at: usize, low: usize, high: usize, buckets: usize, bucketShift: u32, entries: usize, out: usize, most: u32): void {
  const hash = hashAt(at);
  for (let next = load<u32>(buckets + (<usize>(hash >> bucketShift) << 2)); next; ) {
    const entry = entries + (<usize>next << 5);
    next = load<u32>(entry);
    if ((load<u32>(at + load<i32>(entry, 20)) | FOLD) != load<u32>(entry, 24)) continue;
    const place = load<u32>(entry, 12);
    const length = load<u32>(entry, 8);
    if (at < low + place) continue;
    const from = at - place;
    if (from + length > high) continue;
    if (!isEqual(from, load<u32>(entry, 4), length, load<u32>(entry, 28) != 0)) continue;
    if (found < most) {
      store<u32>(out + (<usize>found << 3), <u32>at);
      store<u32>(out + (<usize>found << 3), load<u32>(entry, 16), 4);
    }
    found++;
  }
}

/**
 * Writes (position, literal) of every literal in [low, high) that covers a looked-at position in [start, high), in the
 * order of these positions.
 * @returns how many there are; only the first `most` are written
 */
export function findLiterals(low: usize, high: usize, start: usize, stride: u32, marks: usize, pairs: usize, shift: u32, buckets: usize, bucketShift: u32, entries: usize, out: usize, most: u32): u32 {
  found = 0;
  let at = start;
  if (stride == 8) {
    for (; at < high; at += 64) {
      const any = marked4(even(at), marks, shift) | marked4(even(at + 32), marks, shift);
      if (any) for (let i: usize = 0; i < 64; i += 8) if (isLikely(mark(at + i, marks, shift), at + i, pairs, shift)) follow(at + i, low, high, buckets, bucketShift, entries, out, most);
    }
  } else if (stride == 4) {
    for (; at < high; at += 32) {
      const any = marked4(v128.load(at), marks, shift) | marked4(v128.load(at, 16), marks, shift);
      if (any) for (let i: usize = 0; i < 32; i += 4) if (isLikely(mark(at + i, marks, shift), at + i, pairs, shift)) follow(at + i, low, high, buckets, bucketShift, entries, out, most);
    }
  } else {
    for (; at < high; at += <usize>stride) if (isLikely(mark(at, marks, shift), at, pairs, shift)) follow(at, low, high, buckets, bucketShift, entries, out, most);
  }
  return found;
}

/** Counts the hash of every 4-gram of [from, to): what is rare in this log. */
export function countGrams(from: usize, to: usize, counts: usize, shift: u32): void {
  for (let at = from; at + 4 <= to; at++) {
    const count = counts + (<usize>(hashAt(at) >> shift) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}
