/**
 * A key of an ordinary Java trace, of its classes and methods alone: messages, sources and line numbers do not count. What
 * is not ordinary (a message that speaks of an exception itself, a line that is neither a frame nor an exception) has none.
 */

const TAB: u32 = 9;
const FEED: u32 = 10;
const BLANK: u32 = 32;
const DOT: u32 = 46;
const COLON: u32 = 58;
const SEMICOLON: u32 = 59;
const MORE: u32 = 62; // >
const BACKTICK: u32 = 96;
const BRACKET: u32 = 91; // [
const BRACKET_END: u32 = 93; // ]

// @ts-ignore: decorator
@inline function isWord(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26 || byte == 95 || byte == 36;
}

/** Whether `text` (its words of 4 and 4 bytes) stands at `at`. */
// @ts-ignore: decorator
@inline function is8(at: usize, low: u32, high: u32): bool {
  return load<u32>(at) == low && load<u32>(at, 4) == high;
}

const EXCE: u32 = 0x65637845; // Exception
const PTIO: u32 = 0x6f697470;
const ERRO: u32 = 0x6f727245; // Error
const THRO: u32 = 0x6f726854; // Throwable
const WABL: u32 = 0x6c626177;

// @ts-ignore: decorator
@inline function isException(at: usize): bool {
  return is8(at, EXCE, PTIO) && load<u8>(at, 8) == 110;
}

// @ts-ignore: decorator
@inline function isError(at: usize): bool {
  return load<u32>(at) == ERRO && load<u8>(at, 4) == 114;
}

// @ts-ignore: decorator
@inline function isThrowable(at: usize): bool {
  return is8(at, THRO, WABL) && load<u8>(at, 8) == 101;
}

/**
 * Whether only the parser of traces knows what a text means, as it may hold an exception itself: it speaks of one, and a word
 * stands before a colon or a semicolon, or the last word may be a class.
 */
function speaks(from: usize, to: usize): bool {
  let mentions = false;
  let ends = false;
  for (let at = from; at < to; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == 69) {
      if (isException(at) || isError(at)) mentions = true;
    } else if (byte == 84) {
      if (isThrowable(at)) mentions = true;
    } else if (byte == 115) {
      if (is8(at, 0x63617473, 0x6172746b)) return true; // stacktra[ce]
    } else if (byte == 83) {
      if (is8(at, 0x70707553, 0x73736572)) return true; // Suppress[ed]
    } else if (byte == 87) {
      if (is8(at, 0x70617257, 0x20646570)) return true; // Wrapped [by]
    } else if (byte == 101) {
      if (is8(at, 0x65637865, 0x6f697470) && load<u32>(at, 8) == 0x7369206e) return true; // exception is
    } else if (byte == COLON || byte == SEMICOLON) {
      const before: u32 = load<u8>(at - 1);
      if (isWord(before) || before == BRACKET_END || before == BACKTICK) ends = true;
    } else if (byte == MORE) {
      if (load<u8>(at - 1) == 45) return true; // --->
    }
  }
  if (!mentions) return false;
  if (ends) return true;
  for (let at = to - 1; at >= from; at--) {
    const byte: u32 = load<u8>(at);
    if (byte - 65 < 26) return true;
    if (byte == BLANK) break;
  }
  return false;
}

// @ts-ignore: decorator
@inline function lineEnd(at: usize, end: usize): usize {
  const feed = i8x16.splat(10);
  for (let next = at; next < end; next += 16) {
    const ends = i8x16.bitmask(i8x16.eq(v128.load(next), feed));
    if (ends) return min(next + ctz(ends), end);
  }
  return end;
}

/** Where the first `(` stands, or the end of the line if none stands there. */
// @ts-ignore: decorator
@inline function sourceAt(at: usize, end: usize): usize {
  const feed = i8x16.splat(10);
  const open = i8x16.splat(40);
  for (let next = at; next < end; next += 16) {
    const bytes = v128.load(next);
    const found = i8x16.bitmask(v128.or(i8x16.eq(bytes, feed), i8x16.eq(bytes, open)));
    if (found) return min(next + ctz(found), end);
  }
  return end;
}

/**
 * Whether the message of a header line is no exception itself. Known only where the logger stands in the first brackets and
 * little before them.
 * @param level where the level word ends
 */
function isOrdinaryHeader(level: usize, end: usize): bool {
  let fields: u32 = 0;
  let at = level;
  for (; at + 1 < end; at++) {
    if (load<u8>(at) != BLANK) continue;
    if (load<u8>(at + 1) == BRACKET) break;
    if (load<u8>(at + 1) != BLANK) fields++;
  }
  if (at + 1 >= end || fields > 5 || at > level + 600 || speaks(level, at)) return false;
  for (at += 2; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (!isWord(byte) && byte != DOT && byte != 45) break;
  }
  if (at + 1 >= end || load<u8>(at) != BRACKET_END || load<u8>(at + 1) != BLANK) return false;
  for (at += 2; at < end && load<u8>(at) == BLANK; at++);
  if (speaks(at, end)) return false;
  // a.B: the parser may take it for a class
  for (; at < end && isWord(load<u8>(at)); at++);
  return !(at + 1 < end && load<u8>(at) == DOT && isWord(load<u8>(at + 1)));
}

/** `Caused by: com.acme.FailedException: why`: the end of its class where nobody takes it for prose, else 0. */
function classEnd(line: usize, end: usize): usize {
  let at = line;
  if (is8(at, 0x73756143, 0x62206465) && load<u32>(at, 7) == 0x203a7962) at += 11; // Caused by:_
  const first: u32 = load<u8>(at);
  if (first - 97 >= 26 && first != 95) return 0;
  let part = at;
  let dots: u32 = 0;
  for (; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == DOT) {
      if (at == part) return 0;
      // `$` may stand in the last part alone
      for (let i = part; i < at; i++) if (load<u8>(i) == 36) return 0;
      dots++;
      part = at + 1;
    } else if (!isWord(byte)) break;
  }
  if (dots == 0 || <u32>load<u8>(part) - 65 >= 26) return 0;
  const length = at - part;
  const ends = (length > 9 && (isException(at - 9) || isThrowable(at - 9))) || (length > 5 && isError(at - 5));
  if (!ends) return 0;
  if (at < end && !(load<u8>(at) == COLON && at + 1 < end && load<u8>(at + 1) == BLANK)) return 0;
  return speaks(at, end) ? 0 : at;
}

const PRIME: u64 = 0x9fb21c651e98df25;

// @ts-ignore: decorator
@inline function mixed(hash: u64, word: u64): u64 {
  const next = (hash ^ word) * PRIME;
  return next ^ (next >> 29);
}

function hashed(hash: u64, from: usize, to: usize): u64 {
  let at = from;
  let value = mixed(hash, <u64>(to - from));
  for (; at + 8 <= to; at += 8) value = mixed(value, load<u64>(at));
  const rest = to - at;
  if (rest) value = mixed(value, load<u64>(at) & ((<u64>1 << (<u64>rest << 3)) - 1));
  return value;
}

/** Where a run of digits begins in [from, to), or `to`. */
// @ts-ignore: decorator
@inline function digitsAt(from: usize, to: usize): usize {
  const zero = i8x16.splat(48);
  const ten = i8x16.splat(10);
  for (let at = from; at < to; at += 16) {
    const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at), zero), ten));
    if (digits) return min(at + ctz(digits), to);
  }
  return to;
}

/** Whether the number at `at` is that of a proxy or an accessor: it changes at every start. */
// @ts-ignore: decorator
@inline function isOfProxy(at: usize): bool {
  if (load<u32>(at - 4) == 0x79786f72) return load<u16>(at - 6) == 0x5024; // $Proxy
  if (load<u32>(at - 4) != 0x726f7373) return false; // GeneratedMethodAccessor
  return load<u64>(at - 23) == 0x65746172656e6547 && load<u64>(at - 15) == 0x41646f6874654d64 && load<u8>(at - 24) == DOT;
}

/** A frame up to its source, without the numbers of proxies. */
function hashedFrame(hash: u64, from: usize, to: usize): u64 {
  let value = hash;
  let begin = from;
  for (let at = digitsAt(from, to); at < to; at = digitsAt(at, to)) {
    let end = at;
    while (end < to && <u32>load<u8>(end) - 48 < 10) end++;
    if (isOfProxy(at)) {
      value = hashed(value, begin, at);
      begin = end;
    }
    at = end;
  }
  return hashed(value, begin, to);
}

/**
 * The key of the trace of a record in [start, end), 0 if it has none.
 * @param level where the level word of its header ends
 */
export function traceKey(start: usize, end: usize, level: usize): u64 {
  let to = end;
  while (to > start && load<u8>(to - 1) == FEED) to--;
  let line = lineEnd(start, to);
  if (line >= to || !isOrdinaryHeader(level, line)) return 0;
  let hash: u64 = 0x243f6a8885a308d3;
  let exceptions: u32 = 0;
  for (line++; line < to; line++) {
    const first: u32 = load<u8>(line);
    if (first == TAB || first == BLANK) {
      if (exceptions == 0) {
        // Confluence's line of context: -- url: /x | userName: y
        const end = lineEnd(line, to);
        if (load<u32>(line) != 0x202d2d20 || speaks(line, end)) return 0;
        line = end;
        continue;
      }
      let at = line;
      while (load<u8>(at) == TAB || load<u8>(at) == BLANK) at++;
      if ((load<u32>(at) & 0xffffff) == 0x207461) {
        const source = sourceAt(at, to); // at_
        hash = hashedFrame(hash, at, source);
        line = lineEnd(source, to);
      } else if (load<u32>(at) == 0x202e2e2e) {
        line = lineEnd(at, to); // ..._
      } else return 0;
    } else {
      const end = lineEnd(line, to);
      const type = classEnd(line, end);
      if (type == 0) return 0;
      hash = hashed(hash, line, type);
      exceptions++;
      line = end;
    }
  }
  return exceptions > 0 ? hash | 1 : 0;
}
