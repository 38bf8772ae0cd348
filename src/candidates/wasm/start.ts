/** What a line that begins with a digit is, as far as its bytes prove it. */

/** Kinds of starts. */
export const OTHER: u32 = 0; // begins a record that is no error
export const ERROR: u32 = 1; // begins an error record
export const UNSURE: u32 = 2; // may begin a record: somebody else must look at its text
const NO_LEVEL: u32 = 3;

// @ts-ignore: decorator
@inline export function isDigit(byte: u32): bool {
  return byte - 48 < 10;
}

// @ts-ignore: decorator
@inline function areDigits(at: usize): bool {
  return isDigit(load<u8>(at)) && isDigit(load<u8>(at + 1));
}

/** Whether `yyyy-MM-dd HH:mm` stands there: digits become 0, the rest must be what it is. */
// @ts-ignore: decorator
@inline function isMinute(at: usize): bool {
  const bytes = v128.load(at);
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10));
  const others = i8x16.eq(bytes, i8x16(0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 32, 0, 0, 58, 0, 0));
  return i8x16.bitmask(digits) == 0xdb6f && i8x16.bitmask(others) == 0x2490;
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
  if (!isMinute(at)) return 0;
  // :ss,SSS
  if (load<u8>(at + 16) != 58 || load<u8>(at + 19) != 44 || !areDigits(at + 17) || !areDigits(at + 20) || !isDigit(load<u8>(at + 22))) return 0;
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

/** Where the level word ends that `kindOf` found. */
export let levelEnd: usize = 0;

/** The kind that a level word at `at` with a blank behind it says; UNSURE if it ends otherwise. */
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
    else if (!(word == DEBU && fifth == 71) && !(word == TRAC && fifth == 69)) return NO_LEVEL;
    end = at + 5;
  }
  const behind: u32 = load<u8>(end);
  levelEnd = end;
  if (behind == 32) return kind;
  return behind < 32 ? UNSURE : NO_LEVEL;
}

/** Shapes of lines; the caller says which one counts. */
const THREAD_LEVEL: u32 = 1; // TIME THREAD LEVEL_
const BRACKETS: u32 = 2; // TIME LEVEL [thread] [logger]
// 3: TIME LEVEL [thread]_ and no further bracket

/** What a line of a shape is, all of it ASCII as far as it is looked at; UNSURE for every other shape. */
export function kindOf(at: usize, shape: u32): u32 {
  const blank = timeEnd(at);
  if (blank == 0) return UNSURE;
  return shape == THREAD_LEVEL ? threadLevel(blank) : levelBracket(blank, shape);
}

/** A thread that the parser takes at all is shorter. */
const MAX_THREAD: usize = 380;

function threadLevel(blank: usize): u32 {
  const first: u32 = load<u8>(blank + 1);
  if (first == 91 || first == 32 || first == 45 || levelKind(blank + 1) != NO_LEVEL) return UNSURE;
  const stop = blank + MAX_THREAD;
  const space = i8x16.splat(32);
  const last = i8x16.splat(126);
  for (let block = blank + 1; block < stop; block += 16) {
    const bytes = v128.load(block);
    // What is not ASCII is less than a blank, too.
    const strange = i8x16.bitmask(v128.or(i8x16.lt_s(bytes, space), i8x16.gt_s(bytes, last)));
    for (let blanks: u32 = i8x16.bitmask(i8x16.eq(bytes, space)); blanks; blanks &= blanks - 1) {
      const place = ctz(blanks);
      if (strange && place > <u32>ctz(strange)) return UNSURE;
      const kind = levelKind(block + place + 1);
      if (kind != NO_LEVEL) return kind;
    }
    if (strange) return UNSURE;
  }
  return UNSURE;
}

function levelBracket(blank: usize, shape: u32): u32 {
  const kind = levelKind(blank + 1);
  if (kind == NO_LEVEL || kind == UNSURE) return UNSURE;
  let at = levelEnd;
  while (load<u8>(at) == 32 && at < blank + 16) at++;
  if (load<u8>(at) != 91) return UNSURE;
  const stop = at + MAX_THREAD;
  for (at++; at < stop; at++) {
    const byte: u32 = load<u8>(at);
    if (byte == 93) break;
    if (byte < 32 || byte > 126 || byte == 91) return UNSURE;
  }
  if (load<u8>(at) != 93 || load<u8>(at + 1) != 32) return UNSURE;
  if (shape != BRACKETS) return load<u8>(at + 2) == 91 ? UNSURE : kind;
  if (load<u8>(at + 2) != 91) return UNSURE;
  const word = at + 3;
  for (at = word; at < word + 200; at++) {
    const byte: u32 = load<u8>(at);
    if (!isDigit(byte) && (byte | 32) - 97 >= 26 && byte != 95 && byte != 36 && byte != 46) break;
  }
  return at > word && load<u8>(at) == 93 ? kind : UNSURE;
}
