import { type Level, toLevel } from '../model/level.js';

/*
 * The six level words of log4j and logback where a layout prints them: upper case, a blank (or the line's end) after it.
 */

/** Where the level word that begins at `at` ends, or -1 if none begins there. */
export function levelEnd(text: string, at: number): number {
  switch (text.charCodeAt(at)) {
    case 69:
      return wordEnd(text, at, 'ERROR');
    case 87:
      return wordEnd(text, at, 'WARN');
    case 73:
      return wordEnd(text, at, 'INFO');
    case 68:
      return wordEnd(text, at, 'DEBUG');
    case 70:
      return wordEnd(text, at, 'FATAL');
    case 84:
      return wordEnd(text, at, 'TRACE');
    default:
      return -1;
  }
}

function wordEnd(text: string, at: number, word: string): number {
  const end = at + word.length;
  const next = text.charCodeAt(end);
  return (next === 32 || next === 9 || Number.isNaN(next)) && text.startsWith(word, at) ? end : -1;
}

/** Where the first level word between blanks begins, looking at no more than `reach` characters from `from`; or -1. */
export function findLevel(text: string, from: number, reach: number): number {
  const stop = Math.min(text.length, from + reach);
  for (let i = from; i < stop; i++) {
    if (text.charCodeAt(i) === 32 && levelEnd(text, i + 1) >= 0) return i + 1;
  }
  return -1;
}

/** The level of the word at `at`, whatever its case; null if it is none. */
export function levelAt(text: string, at: number): Level | null {
  return toLevel(wordAt(text, at));
}

/** The letters at `at`. */
export function wordAt(text: string, at: number): string {
  let end = at;
  while (end < at + 20 && isLetter(text.charCodeAt(end))) end++;
  return text.slice(at, end);
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code >= 0xc0;
}

/** The first position at or after `at` that holds no blank. */
export function skipBlanks(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 32) end++;
  return end;
}
