/**
 * Where records begin, and which of them could matter. The walk goes from line to line; a record is open until the next one
 * begins, over as many pieces of the log as it takes. What is known of it is kept here; addresses move with `shift`.
 * Where errors are not asked for, the walk hops: up to the line with the next literal lines are only counted.
 */
import { ERROR, isDigit, kindOf, levelEnd, OTHER, UNSURE } from './start';
import { traceKey } from './trace';

/** Whether a line whose bytes do not prove it begins a record. */
// @ts-ignore: decorator
@external('env', 'isStart') declare function isStart(at: usize): bool;

/** What is told of a record, in the fifth word of its entry. */
const IS_ERROR: u32 = 1; // surely an error record
const IS_UNSURE: u32 = 2; // nothing about it is sure
const IS_UNKNOWN: u32 = 4; // more literals may be in it
const IS_STRANGE: u32 = 8; // its text is not just its bytes
const IS_WANTED: u32 = 16; // handed on whatever is in it

/** A record of so many lines is handed on: its reader may find that the log has changed its kind. */
const MANY_LINES: u32 = 200;
/** An entry is so many words. */
const ENTRY: usize = 11;

// Where the caller wants things (addresses), and how much room there is.
let firsts: usize = 0;
let hits: usize = 0;
let held: usize = 0;
let mostHeld: u32 = 0;
let entries: usize = 0;
let mostEntries: u32 = 0;
let shape: u32 = 0;
let errors: bool = false;

export function setUp(firstsAt: usize, hitsAt: usize, heldAt: usize, heldMost: u32, entriesAt: usize, entriesMost: u32, lineShape: u32, wantsErrors: bool): void {
  firsts = firstsAt;
  hits = hitsAt;
  held = heldAt;
  mostHeld = heldMost;
  entries = entriesAt;
  mostEntries = entriesMost;
  shape = lineShape;
  errors = wantsErrors;
}

/** Where the first line begins that was not looked at yet, and how many lines were. */
export let next: usize = 0;
export let lines: u32 = 0;
/** Where the open record begins, and its first line. */
export let open: usize = 0;
export let openLine: u32 = 1;
/** How many records were passed over, and how many entries wait. */
export let passed: u32 = 0;
export let waiting: u32 = 0;
/** Where the last record before the open one begins that surely has a time; 0 if that is no longer in memory. */
export let dated: usize = 0;
/** Set from outside, 0 for none: records that begin behind it are somebody else's; the walk stops at the first one. */
export let limit: usize = 0;
export let atLimit: bool = false;

let openKind: u32 = UNSURE;
let openFlags: u32 = 0;
let openLevel: usize = 0;
let openHeld: u32 = 0;
let heldCount: u32 = 0;
let hit: u32 = 0;
let hitCount: u32 = 0;
let hitsUnknown: bool = false;
let hasTime: bool = false;
/** What is open is the end of a record that began before all of this. */
let foreign: bool = false;
/** The open record is handed on in parts, so its end is told even if nothing is left of it. */
let inParts: bool = false;
/** The lines of the open record before this address were hopped over. */
let lookedFrom: usize = 0;
/** Up to this address there is something that hops cannot pass. */
let hopFrom: usize = 0;

/** A log, or a part of it, begins. */
export function begin(at: usize, isForeign: bool): void {
  next = open = lookedFrom = at;
  lines = passed = waiting = heldCount = openHeld = hitCount = 0;
  openLine = 1;
  dated = limit = 0;
  atLimit = hasTime = false;
  hopFrom = 0;
  foreign = isForeign;
  inParts = false;
  openKind = UNSURE;
  openFlags = IS_UNSURE | IS_WANTED;
}

/** What is in memory moves to the front by so many bytes. */
export function shift(by: usize): void {
  next -= by;
  open -= by;
  openLevel -= by;
  lookedFrom -= by;
  hopFrom = hopFrom > by ? hopFrom - by : 0;
  if (limit) limit = limit > by ? limit - by : 1; // all that is in memory is behind it
  dated = 0;
}

/** So many hits were found from `next` on; `areAll` is false where there were too many to be told. */
export function foundHits(count: u32, areAll: bool): void {
  hit = 0;
  hitCount = areAll ? count : 0;
  hitsUnknown = !areAll;
}

/** Notes the literals of the open record, which goes at least to `end`. */
function takeHits(end: usize): void {
  if (hitsUnknown) openFlags |= IS_UNKNOWN;
  for (; hit < hitCount; hit++) {
    const at = hits + (<usize>hit << 3);
    if (load<u32>(at) >= <u32>end) return;
    if (heldCount == mostHeld) openFlags |= IS_UNKNOWN;
    else {
      store<u32>(held + (<usize>heldCount << 2), load<u32>(at, 4));
      heldCount++;
    }
  }
}

/** The open record ends before `end`; the line that follows it is `line`. */
function close(end: usize, line: u32): void {
  takeHits(end);
  if (foreign || (end == open && !inParts)) {
    heldCount = openHeld;
    return;
  }
  if (line - openLine >= MANY_LINES) openFlags |= IS_WANTED;
  const isError = errors && (openFlags & IS_ERROR);
  if (!isError && heldCount == openHeld && !(openFlags & (IS_UNSURE | IS_UNKNOWN | IS_WANTED))) {
    passed++;
    return;
  }
  if (lookedFrom > open) look();
  const key = isError && !(openFlags & (IS_STRANGE | IS_UNKNOWN | IS_WANTED)) ? traceKey(open, end, openLevel) : 0;
  const entry = entries + <usize>waiting * (ENTRY << 2);
  waiting++;
  store<u32>(entry, <u32>open);
  store<u32>(entry, <u32>end, 4);
  store<u32>(entry, openLine, 8);
  store<u32>(entry, line - openLine, 12);
  store<u32>(entry, openFlags, 16);
  store<u32>(entry, openHeld, 20);
  store<u32>(entry, heldCount, 24);
  store<u32>(entry, <u32>dated, 28);
  store<u64>(entry, key, 32);
  store<u32>(entry, passed, 40);
  openHeld = heldCount;
}

/** A record begins at `at`, in line number `line`. */
function beginAt(at: usize, line: u32, kind: u32): void {
  close(at, line);
  if (!foreign && openKind != UNSURE) dated = open;
  foreign = inParts = false;
  open = lookedFrom = at;
  openLine = line;
  openKind = kind;
  openLevel = levelEnd;
  openFlags = (kind == ERROR ? IS_ERROR : kind == UNSURE ? IS_UNSURE : 0) | (hasTime ? 0 : IS_WANTED);
  if (kind != UNSURE) hasTime = true;
}

/** The record at `at` is somebody else's; the open one, as the last of its range, is handed on. */
function endAtLimit(at: usize): void {
  openFlags |= IS_WANTED;
  close(at, lines + 1);
  atLimit = true;
}

/** The line at `at` is looked at. False if there is no more room for what would have to be told. */
// @ts-ignore: decorator
@inline function lineAt(at: usize): bool {
  if (waiting == mostEntries) return false;
  const byte: u32 = load<u8>(at);
  if (load<u8>(firsts + <usize>byte)) {
    const kind = shape && isDigit(byte) ? kindOf(at, shape) : UNSURE;
    if (kind != UNSURE || isStart(at)) {
      if (limit && at > limit) {
        endAtLimit(at);
        return false;
      }
      beginAt(at, lines + 1, kind);
    }
  }
  lines++;
  return true;
}

/** Notes of a byte that is not plain text what it means for the open record. */
// @ts-ignore: decorator
@inline function note(byte: u32): void {
  // A literal may be broken by NUL or ESC in the bytes, and whole in the text.
  openFlags |= byte == 0 || byte == 27 ? IS_STRANGE | IS_UNKNOWN : IS_STRANGE;
}

/** Bytes that may break a literal. */
// @ts-ignore: decorator
@inline function breaking(bytes: v128): v128 {
  return v128.or(i8x16.eq(bytes, i8x16.splat(0)), i8x16.eq(bytes, i8x16.splat(27)));
}

/** Bits of the bytes that are not plain text, line ends included. Signed: what is not ASCII is less than a blank, too. */
// @ts-ignore: decorator
@inline function oddBits(bytes: v128): u32 {
  return i8x16.bitmask(v128.andnot(i8x16.lt_s(bytes, i8x16.splat(32)), i8x16.eq(bytes, i8x16.splat(9))));
}

// @ts-ignore: decorator
@inline function feedBits(bytes: v128): u32 {
  return i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(10)));
}

/** The first so many bits of 16. */
// @ts-ignore: decorator
@inline function below(bits: u32, count: usize): u32 {
  return count < 16 ? bits & ((1 << <u32>count) - 1) : bits;
}

/**
 * Looks at all lines that begin in [next, to); `to` lies behind a line end. At least 600 bytes behind it are readable.
 * @returns false if it stopped before `to`: there are too many entries, or the limit is reached
 */
export function walk(to: usize): bool {
  while (next < to) {
    if (!errors && canHop() && hop(to)) continue;
    if (!lineAt(next)) return false;
    if (!(errors ? walkOn(to) : endLine(to))) return false;
  }
  return true;
}

/** Goes to the end of the line at `next`, which was looked at. */
function endLine(to: usize): bool {
  for (let at = next; at < to; at += 16) {
    const bytes = v128.load(at);
    const feeds = below(feedBits(bytes), to - at);
    let strange = below(oddBits(bytes), to - at) & ~feeds;
    if (feeds) strange &= (1 << <u32>ctz(feeds)) - 1;
    for (; strange; strange &= strange - 1) note(load<u8>(at + ctz(strange)));
    if (feeds) {
      next = at + ctz(feeds) + 1;
      return true;
    }
  }
  next = to;
  return true;
}

/** Goes from the line at `next`, which was looked at, over all lines up to the last one before `to`, which is left. */
function walkOn(to: usize): bool {
  const tab = i8x16.splat(9);
  const frames: u32 = load<u8>(firsts + 9) ? 0 : 0xffff;
  let at = next;
  for (; at + 16 < to; at += 16) {
    const bytes = v128.load(at);
    const odd = oddBits(bytes);
    if (!odd) continue;
    const feeds = feedBits(bytes);
    // Frames are the most frequent lines: what begins with a tab begins no record.
    const begins = feeds & ~(frames & i8x16.bitmask(i8x16.eq(v128.load(at, 1), tab)));
    const before = lines;
    for (let bits = begins | (odd & ~feeds); bits; bits &= bits - 1) {
      const place = ctz(bits);
      if (!((feeds >> place) & 1)) {
        note(load<u8>(at + place));
        continue;
      }
      next = at + place + 1;
      lines = before + popcnt(feeds & ((2 << place) - 1)) - 1;
      if (!lineAt(next)) return false;
    }
    if (!feeds) continue;
    next = at + 32 - clz(feeds);
    lines = before + popcnt(feeds);
  }
  if (at < next) at = next;
  // The rest line by line.
  for (; at < to; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == 10) {
      next = at + 1;
      if (next < to && !lineAt(next)) return false;
    } else if (byte != 9 && (byte < 32 || byte > 127)) note(byte);
  }
  return true;
}

/** Whether nothing is known of the open record that matters. */
// @ts-ignore: decorator
@inline function canHop(): bool {
  return next >= hopFrom && hasTime && !foreign && !inParts && openKind != UNSURE && heldCount == openHeld && !hitsUnknown && !(openFlags & (IS_UNKNOWN | IS_WANTED));
}

/** The begin of the line that holds the byte before `at`, at least `low`. */
// @ts-ignore: decorator
@inline function lineBefore(at: usize, low: usize): usize {
  for (let end = at - 1; end > low; end -= 16) {
    const from = end - 16;
    const feeds = feedBits(v128.load(from));
    if (feeds) {
      const start = from + 32 - clz(feeds);
      return max(start, low);
    }
  }
  return low;
}

/**
 * Counts lines without a look at them, up to the line that holds the next literal, or to `to`, and finds the last record that
 * begins in them. Stays where it is if some line must be looked at.
 * @returns whether it moved
 */
function hop(to: usize): bool {
  const from = next;
  let stop = to;
  if (hit < hitCount) {
    const at = <usize>load<u32>(hits + (<usize>hit << 3));
    if (at < from) return false;
    stop = min(to, lineBefore(at + 1, from));
  }
  if (limit && limit < stop) stop = limit > from ? lineBefore(limit + 1, from) : from;
  while (next < stop) {
    // The record may become too long to be passed over.
    const soFar = lines + 1 - openLine;
    if (soFar >= MANY_LINES - 1) break;
    const room = MANY_LINES - 1 - soFar;
    let count: u32 = 0;
    let at = next;
    let odd = i8x16.splat(0);
    let isFull = false;
    for (; at + 64 <= stop; at += 64) {
      const a = v128.load(at);
      const b = v128.load(at, 16);
      const c = v128.load(at, 32);
      const d = v128.load(at, 48);
      const feeds = <u64>feedBits(a) | (<u64>feedBits(b) << 16) | (<u64>feedBits(c) << 32) | (<u64>feedBits(d) << 48);
      const more = <u32>popcnt(feeds);
      isFull = count + more > room;
      if (isFull) break;
      count += more;
      odd = v128.or(odd, v128.or(v128.or(breaking(a), breaking(b)), v128.or(breaking(c), breaking(d))));
    }
    for (; !isFull && at < stop; at += 16) {
      const bytes = v128.load(at);
      const more = popcnt(below(feedBits(bytes), stop - at));
      if (count + more > room) break;
      count += more;
      odd = v128.or(odd, breaking(bytes));
    }
    if (count == 0 || v128.any_true(odd)) {
      hopFrom = at;
      break;
    }
    const end = at >= stop ? stop : lineBefore(at + 1, next);
    if (!findOpen(next, end, lines + count)) {
      hopFrom = end;
      break;
    }
    next = lookedFrom = end;
    lines += count;
  }
  return next > from;
}

/** Finds the last record that begins in [low, end), lines that were hopped over, the last of them of this number. */
function findOpen(low: usize, end: usize, lastLine: u32): bool {
  let line = lastLine;
  for (let at = end; at > low; line--) {
    at = lineBefore(at, low);
    const byte: u32 = load<u8>(at);
    if (!load<u8>(firsts + <usize>byte)) continue;
    const kind = shape && isDigit(byte) ? kindOf(at, shape) : UNSURE;
    if (kind == UNSURE) {
      if (isStart(at)) return false;
      continue;
    }
    dated = open;
    open = at;
    openLine = line;
    openKind = kind;
    openLevel = levelEnd;
    openFlags = kind == ERROR ? IS_ERROR : 0;
    return true;
  }
  return true;
}

/** Looks at the bytes of the open record that were hopped over. */
function look(): void {
  for (let at = open; at < lookedFrom; at += 16) {
    const bytes = v128.load(at);
    for (let odd = below(oddBits(bytes) & ~feedBits(bytes), lookedFrom - at); odd; odd &= odd - 1) note(load<u8>(at + ctz(odd)));
  }
}

/** The entries were read: what is known of the open record moves to the front. */
export function drained(): void {
  takeHits(next);
  const count = heldCount - openHeld;
  memory.copy(held, held + (<usize>openHeld << 2), <usize>count << 2);
  openHeld = 0;
  heldCount = count;
  waiting = 0;
}

/** The log ends at `end`, within the open record, which is handed on in any case. */
export function finish(end: usize): void {
  openFlags |= IS_WANTED;
  close(end, lines + 1);
}

/** The open record is too long to wait for its end: it was handed on up to `at`, what still comes of it goes the same way. */
export function handedOn(at: usize): void {
  open = lookedFrom = at;
  inParts = true;
  dated = 0;
  openKind = UNSURE;
  openFlags |= IS_UNKNOWN | IS_WANTED;
}

/** Whether the open record surely has a time. */
export function hasSureTime(): bool {
  return !foreign && openKind != UNSURE;
}

/** The line at `next`, whose end is not there yet, begins a record. */
export function beginHere(): void {
  if (limit && next > limit) endAtLimit(next);
  else beginAt(next, lines + 1, UNSURE);
}

/** The bytes up to `at` were looked at elsewhere; so many lines end in them. */
export function skipTo(at: usize, ends: u32): void {
  next = at;
  lines += ends;
}

/** Whether what is open belongs to somebody else. If so, it is not kept. */
export function dropForeign(): bool {
  if (foreign) open = lookedFrom = next;
  if (foreign && limit && next > limit) atLimit = true; // no record begins in the range
  return foreign;
}
