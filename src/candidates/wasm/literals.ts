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
const ALONE: u32 = 4;
/** Marks of 4-grams of which the neighbour on this side is in the literal. */
const HAS_BEHIND: u32 = 1;
const HAS_BEFORE: u32 = 2;

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

/** Where the marks of four words are, in its four lanes. */
// @ts-ignore: decorator
@inline function placesOf(words: v128, shift: u32): v128 {
  return i32x4.shr_u(i32x4.mul(v128.or(words, i32x4.splat(FOLD)), i32x4.splat(FACTOR)), shift);
}

// @ts-ignore: decorator
@inline function isPair(hash: u32, neighbour: usize, factor: u32, pairs: usize, shift: u32): bool {
  const pair = (hash ^ ((load<u32>(neighbour) | FOLD) * factor)) * FACTOR;
  return (load<u8>(pairs + <usize>(pair >> shift)) & (1 << ((pair >> 8) & 7))) != 0;
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

/** There is a mark for the place. */
function meet(marked: u32, at: usize, low: usize, high: usize, pairs: usize, shift: u32, buckets: usize, bucketShift: u32, entries: usize, out: usize, most: u32): void {
  met++;
  const hash = hashAt(at);
  if (marked & ALONE || (marked & HAS_BEHIND && isPair(hash, at + 4, BEHIND, pairs, shift)) || (marked & HAS_BEFORE && isPair(hash, at - 4, BEFORE, pairs, shift)))
    follow(at, low, high, buckets, bucketShift, entries, out, most);
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
      const near = placesOf(even(at), shift);
      const far = placesOf(even(at + 32), shift);
      const near01 = i64x2.extract_lane(near, 0), near23 = i64x2.extract_lane(near, 1), far01 = i64x2.extract_lane(far, 0), far23 = i64x2.extract_lane(far, 1);
      const m0: u32 = load<u8>(marks + <usize><u32>near01);
      const m1: u32 = load<u8>(marks + <usize>(<u64>near01 >> 32));
      const m2: u32 = load<u8>(marks + <usize><u32>near23);
      const m3: u32 = load<u8>(marks + <usize>(<u64>near23 >> 32));
      const m4: u32 = load<u8>(marks + <usize><u32>far01);
      const m5: u32 = load<u8>(marks + <usize>(<u64>far01 >> 32));
      const m6: u32 = load<u8>(marks + <usize><u32>far23);
      const m7: u32 = load<u8>(marks + <usize>(<u64>far23 >> 32));
      if (m0 | m1 | m2 | m3 | m4 | m5 | m6 | m7) {
        if (m0) meet(m0, at, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m1) meet(m1, at + 8, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m2) meet(m2, at + 16, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m3) meet(m3, at + 24, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m4) meet(m4, at + 32, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m5) meet(m5, at + 40, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m6) meet(m6, at + 48, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m7) meet(m7, at + 56, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
      }
    }
  } else if (stride == 4) {
    for (; at < high; at += 32) {
      const near = placesOf(v128.load(at), shift);
      const far = placesOf(v128.load(at, 16), shift);
      const near01 = i64x2.extract_lane(near, 0), near23 = i64x2.extract_lane(near, 1), far01 = i64x2.extract_lane(far, 0), far23 = i64x2.extract_lane(far, 1);
      const m0: u32 = load<u8>(marks + <usize><u32>near01);
      const m1: u32 = load<u8>(marks + <usize>(<u64>near01 >> 32));
      const m2: u32 = load<u8>(marks + <usize><u32>near23);
      const m3: u32 = load<u8>(marks + <usize>(<u64>near23 >> 32));
      const m4: u32 = load<u8>(marks + <usize><u32>far01);
      const m5: u32 = load<u8>(marks + <usize>(<u64>far01 >> 32));
      const m6: u32 = load<u8>(marks + <usize><u32>far23);
      const m7: u32 = load<u8>(marks + <usize>(<u64>far23 >> 32));
      if (m0 | m1 | m2 | m3 | m4 | m5 | m6 | m7) {
        if (m0) meet(m0, at, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m1) meet(m1, at + 4, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m2) meet(m2, at + 8, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m3) meet(m3, at + 12, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m4) meet(m4, at + 16, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m5) meet(m5, at + 20, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m6) meet(m6, at + 24, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
        if (m7) meet(m7, at + 28, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
      }
    }
  } else {
    for (; at < high; at += <usize>stride) {
      const m = mark(at, marks, shift);
      if (m) meet(m, at, low, high, pairs, shift, buckets, bucketShift, entries, out, most);
    }
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
