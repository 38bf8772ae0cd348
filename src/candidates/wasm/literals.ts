/**
 * Where a literal stands. Every literal of at least STRIDE + 3 bytes covers, wherever it stands, one of the positions 0,
 * STRIDE, 2 * STRIDE, ... with four whole bytes. So only those are looked at: their four bytes are hashed into a table that
 * has a mark for one aligned 4-gram of each literal and residue (the rarest, see ../grams.ts). Many marks are met by chance, as
 * `tion` is: the four bytes behind or before, which are in the literal as well, are hashed with it into a second table. What
 * is left is followed up by a third 4-gram and then by all bytes. The first two are done for some thousand bytes at a time and
 * without branches, which nobody could foresee.
 */

/** Letters of both cases hash alike, so that literals of any case need no second table. */
const FOLD: u32 = 0x20202020;
const FACTOR: u32 = 0x9e3779b1;
const BEHIND: u32 = 0x85ebca6b;
const BEFORE: u32 = 0xc2b2ae35;

/** So many positions are looked at before those with a mark are followed up. */
const AT_ONCE: usize = 512;

// Where the tables are, and how far hashes are shifted to be places in them; `places` has room for {@link AT_ONCE} positions and one.
let marks: usize = 0;
let pairs: usize = 0;
let shift: u32 = 0;
let buckets: usize = 0;
let bucketShift: u32 = 0;
let entries: usize = 0;
let places: usize = 0;

export function setTables(marksAt: usize, pairsAt: usize, markShift: u32, bucketsAt: usize, shiftOfBuckets: u32, entriesAt: usize, placesAt: usize): void {
  marks = marksAt;
  pairs = pairsAt;
  shift = markShift;
  buckets = bucketsAt;
  bucketShift = shiftOfBuckets;
  entries = entriesAt;
  places = placesAt;
}

// @ts-ignore: decorator
@inline function hashAt(at: usize): u32 {
  return (load<u32>(at) | FOLD) * FACTOR;
}

/** The words at 0, 8, 16 and 24. */
// @ts-ignore: decorator
@inline function even(at: usize): v128 {
  return v128.shuffle<u32>(v128.load(at), v128.load(at, 16), 0, 2, 4, 6);
}

// @ts-ignore: decorator
@inline function hasMark(place: usize): usize {
  return <usize>(load<u8>(marks + place) != 0);
}

/** Notes those of four positions that have a mark, behind `end`; returns the new end. */
// @ts-ignore: decorator
@inline function note4(at: usize, step: usize, words: v128, end: usize): usize {
  const hashes = i32x4.shr_u(i32x4.mul(v128.or(words, i32x4.splat(FOLD)), i32x4.splat(FACTOR)), shift);
  const first = i64x2.extract_lane(hashes, 0);
  const second = i64x2.extract_lane(hashes, 1);
  store<u32>(end, <u32>at);
  end += hasMark(<usize><u32>first) << 2;
  store<u32>(end, <u32>(at + step));
  end += hasMark(<usize>(<u64>first >> 32)) << 2;
  store<u32>(end, <u32>(at + 2 * step));
  end += hasMark(<usize><u32>second) << 2;
  store<u32>(end, <u32>(at + 3 * step));
  return end + (hasMark(<usize>(<u64>second >> 32)) << 2);
}

/** 1 if the second table has a 4-gram with this neighbour, else 0. */
// @ts-ignore: decorator
@inline function isPair(hash: u32, neighbour: usize, factor: u32): u32 {
  const pair = (hash ^ ((load<u32>(neighbour) | FOLD) * factor)) * FACTOR;
  return (<u32>load<u8>(pairs + <usize>(pair >> shift)) >> ((pair >> 8) & 7)) & 1;
}

/** Leaves the noted positions whose neighbours are right as well; returns the new end. */
function sift(end: usize): usize {
  let kept = places;
  for (let next = places; next < end; next += 4) {
    const at = <usize>load<u32>(next);
    const hash = hashAt(at);
    const mark: u32 = load<u8>(marks + <usize>(hash >> shift));
    const isLikely = (mark & isPair(hash, at + 4, BEHIND)) | ((mark >> 1) & isPair(hash, at - 4, BEFORE)) | (mark >> 2);
    store<u32>(kept, <u32>at);
    kept += <usize>(isLikely & 1) << 2;
  }
  return kept;
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
function follow(at: usize, low: usize, high: usize, out: usize, most: u32): void {
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
export function findLiterals(low: usize, high: usize, start: usize, stride: usize, out: usize, most: u32): u32 {
  found = 0;
  for (let from = start; from < high; from += AT_ONCE * stride) {
    const to = min(high, from + AT_ONCE * stride);
    let end = places;
    if (stride == 8)
      for (let at = from; at < to; at += 64) end = note4(at + 32, 8, even(at + 32), note4(at, 8, even(at), end));
    else if (stride == 4)
      for (let at = from; at < to; at += 32) end = note4(at + 16, 4, v128.load(at, 16), note4(at, 4, v128.load(at), end));
    else
      for (let at = from; at < to; at += stride) {
        store<u32>(end, <u32>at);
        end += hasMark(<usize>(hashAt(at) >> shift)) << 2;
      }
    met += <u32>((end - places) >> 2);
    end = sift(end);
    for (let next = places; next < end; next += 4) follow(<usize>load<u32>(next), low, high, out, most);
  }
  return found;
}

/** Counts the hash of every 4-gram of [from, to): what is rare in this log. */
export function countGrams(from: usize, to: usize, counts: usize): void {
  for (let at = from; at + 4 <= to; at++) {
    const count = counts + (<usize>(hashAt(at) >> shift) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}
