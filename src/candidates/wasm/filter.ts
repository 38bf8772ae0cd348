/**
 * AssemblyScript, compiled by `npm run generated` into `../wasm.ts`. Two passes over a piece of a log that lies in memory, while
 * it is in the processor's cache:
 *
 * `findLiterals`  where a literal stands. Every literal of at least STRIDE + 3 bytes covers, wherever it stands, one of the
 *                 positions 0, STRIDE, 2 * STRIDE, ... with four whole bytes. So only those are looked at: their four
 *                 bytes are hashed into a table that has a mark for one aligned 4-gram of each literal and residue (the
 *                 rarest, see ../grams.ts). A mark is followed up by a second 4-gram and then by all bytes.
 * `findStarts`    where lines begin that may begin a record, and how many lines there are.
 *
 * All memory is laid out by the caller (../memory.ts). At least 64 bytes around the data are readable.
 */

/** Letters of both cases hash alike, so that literals of any case need no second table. */
const FOLD: u32 = 0x20202020;
const FACTOR: u32 = 0x9e3779b1;

// @ts-ignore: decorator
@inline function hashAt(at: usize): u32 {
  return (load<u32>(at) | FOLD) * FACTOR;
}

// @ts-ignore: decorator
@inline function mark(at: usize, marks: usize, shift: u32): u32 {
  return load<u8>(marks + <usize>(hashAt(at) >> shift));
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
      store<u32>(out + (<usize>found << 3), <u32>from);
      store<u32>(out + (<usize>found << 3), load<u32>(entry, 16), 4);
    }
    found++;
  }
}

/**
 * Writes (address, literal) of every literal in [low, high) that covers a looked-at position in [start, high).
 * @returns how many there are; only the first `most` are written
 */
export function findLiterals(low: usize, high: usize, start: usize, stride: u32, marks: usize, shift: u32, buckets: usize, bucketShift: u32, entries: usize, out: usize, most: u32): u32 {
  found = 0;
  let at = start;
  if (stride == 8) {
    for (; at < high; at += 64) {
      const any = mark(at, marks, shift) | mark(at + 8, marks, shift) | mark(at + 16, marks, shift) | mark(at + 24, marks, shift) | mark(at + 32, marks, shift) | mark(at + 40, marks, shift) | mark(at + 48, marks, shift) | mark(at + 56, marks, shift);
      if (any) for (let i: usize = 0; i < 64; i += 8) if (mark(at + i, marks, shift)) follow(at + i, low, high, buckets, bucketShift, entries, out, most);
    }
  } else if (stride == 4) {
    for (; at < high; at += 32) {
      const any = mark(at, marks, shift) | mark(at + 4, marks, shift) | mark(at + 8, marks, shift) | mark(at + 12, marks, shift) | mark(at + 16, marks, shift) | mark(at + 20, marks, shift) | mark(at + 24, marks, shift) | mark(at + 28, marks, shift);
      if (any) for (let i: usize = 0; i < 32; i += 4) if (mark(at + i, marks, shift)) follow(at + i, low, high, buckets, bucketShift, entries, out, most);
    }
  } else {
    for (; at < high; at += <usize>stride) if (mark(at, marks, shift)) follow(at, low, high, buckets, bucketShift, entries, out, most);
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

/** Kinds of lines that `findStarts` writes. */
const OTHER: u32 = 0; // begins a record that is no error
const ERROR: u32 = 1; // begins an error record
const UNSURE: u32 = 2; // may begin a record: whoever asked must look at its text

let lines: u32 = 0;
let starts: u32 = 0;

// @ts-ignore: decorator
@inline function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

// @ts-ignore: decorator
@inline function areDigits(at: usize): bool {
  return isDigit(load<u8>(at)) && isDigit(load<u8>(at + 1));
}

// @ts-ignore: decorator
@inline function number(at: usize): u32 {
  return (<u32>load<u8>(at) - 48) * 10 + <u32>load<u8>(at + 1) - 48;
}

/** Whether such a day and time exists; leap days are left to somebody else. */
function isPossible(at: usize): bool {
  const month = number(at + 5);
  const day = number(at + 8);
  if (month - 1 > 11 || day - 1 > 30) return false;
  if (month == 2 && day > 28) return false;
  if (day == 31 && (month == 4 || month == 6 || month == 9 || month == 11)) return false;
  return number(at + 11) < 24 && number(at + 14) < 60 && number(at + 17) < 60;
}

/** `yyyy-MM-dd HH:mm:ss,SSS`, then a zone like `+0200` or none, then a blank; its end, or 0. */
function timeEnd(at: usize): usize {
  if (load<u8>(at + 4) != 45 || load<u8>(at + 7) != 45 || load<u8>(at + 10) != 32) return 0;
  if (load<u8>(at + 13) != 58 || load<u8>(at + 16) != 58 || load<u8>(at + 19) != 44) return 0;
  if (!areDigits(at) || !areDigits(at + 2) || !areDigits(at + 5) || !areDigits(at + 8)) return 0;
  if (!areDigits(at + 11) || !areDigits(at + 14) || !areDigits(at + 17) || !areDigits(at + 20) || !isDigit(load<u8>(at + 22))) return 0;
  if (!isPossible(at)) return 0;
  const next = load<u8>(at + 23);
  if (next == 32) return at + 23;
  if ((next == 43 || next == 45) && areDigits(at + 24) && areDigits(at + 26) && load<u8>(at + 28) == 32) return at + 28;
  return 0;
}

const ERRO: u32 = 0x4f525245;
const FATA: u32 = 0x41544146;
const WARN: u32 = 0x4e524157;
const INFO: u32 = 0x4f464e49;
const DEBU: u32 = 0x55424544;
const TRAC: u32 = 0x43415254;

/** The kind that a level word at `at` with a blank behind it says; UNSURE if it ends otherwise, 3 if none stands there. */
function levelKind(at: usize): u32 {
  const word = load<u32>(at);
  let end: usize = 0;
  let kind = OTHER;
  if (word == WARN || word == INFO) {
    end = at + 4;
  } else {
    const fifth = load<u8>(at + 4);
    if (word == ERRO && fifth == 82) kind = ERROR;
    else if (word == FATA && fifth == 76) kind = ERROR;
    else if (!(word == DEBU && fifth == 71) && !(word == TRAC && fifth == 69)) return 3;
    end = at + 5;
  }
  const behind: u32 = load<u8>(end);
  if (behind == 32) return kind;
  return behind < 32 ? UNSURE : 3;
}

/** What a line of the shape `TIME THREAD LEVEL ` is, all of it ASCII up to the level; UNSURE for every other shape. */
function kindOf(at: usize): u32 {
  const blank = timeEnd(at);
  if (blank == 0) return UNSURE;
  const first: u32 = load<u8>(blank + 1);
  if (first == 91 || first == 32 || first == 45 || levelKind(blank + 1) != 3) return UNSURE;
  const stop = blank + 380;
  for (let i = blank + 1; i < stop; i++) {
    const byte: u32 = load<u8>(i);
    if (byte < 32 || byte > 126) return UNSURE;
    if (byte == 32) {
      const kind = levelKind(i + 1);
      if (kind != 3) return kind;
    }
  }
  return UNSURE;
}

// @ts-ignore: decorator
@inline function lineAt(at: usize, firsts: usize, sure: bool, out: usize, most: u32): void {
  if (!load<u8>(firsts + <usize>load<u8>(at))) return;
  const kind = sure && isDigit(load<u8>(at)) ? kindOf(at) : UNSURE;
  if (starts < most) {
    const to = out + <usize>starts * 12;
    store<u32>(to, <u32>at);
    store<u32>(to, lines, 4);
    store<u32>(to, kind, 8);
  }
  starts++;
}

/**
 * Writes (address, line, kind) of each line that begins in [from, to) with a byte of `firsts`; `from` is the begin of
 * line 0, and `to` lies behind a line end. With `sure` a line of the shape `TIME THREAD LEVEL ` surely begins a record. At least 512 bytes behind `to` are readable.
 * @returns how many there are; only the first `most` are written
 */
export function findStarts(from: usize, to: usize, firsts: usize, sure: bool, out: usize, most: u32): u32 {
  lines = 0;
  starts = 0;
  if (from >= to) return 0;
  lineAt(from, firsts, sure, out, most);
  const feed = i8x16.splat(10);
  const end = to - 1; // the last line end begins no line here
  let at = from;
  for (; at + 16 <= end; at += 16) {
    let ends: i32 = i8x16.bitmask(i8x16.eq(v128.load(at), feed));
    while (ends) {
      lines++;
      lineAt(at + ctz(ends) + 1, firsts, sure, out, most);
      ends &= ends - 1;
    }
  }
  for (; at < end; at++) {
    if (load<u8>(at) != 10) continue;
    lines++;
    lineAt(at + 1, firsts, sure, out, most);
  }
  lines++;
  return starts;
}

/**
 * Writes the address of bytes in [from, to) that the text of a line will not have: NUL, and ESC, which begins terminal
 * sequences; one for each 16 bytes is enough. Between them a literal may be broken in the bytes and whole in the text.
 * @returns how many there are; only the first `most` are written
 */
export function findOdd(from: usize, to: usize, out: usize, most: u32): u32 {
  const zero = i8x16.splat(0);
  const escape = i8x16.splat(27);
  let odd: u32 = 0;
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    if (!v128.any_true(v128.or(i8x16.eq(bytes, zero), i8x16.eq(bytes, escape)))) continue;
    for (let i: usize = 0; i < 16; i++) {
      if (at + i >= to) break;
      const byte: u32 = load<u8>(at + i);
      if (byte != 0 && byte != 27) continue;
      if (odd < most) store<u32>(out + (<usize>odd << 2), <u32>(at + i));
      odd++;
      break;
    }
  }
  return odd;
}

/** How many lines the last call of `findStarts` saw. */
export function lineCount(): u32 {
  return lines;
}
