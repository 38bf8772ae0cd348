import type { Stamp } from '../format.js';
import { accessStampAt } from '../time.js';

/*
 * What the access logs have in common: the time in brackets (`[17/Apr/2015:11:27:43 -0700] `) and the quoted request.
 */

/** Address, ident and user stand before the time; no real ones are longer. In characters. */
const MAX_BEFORE = 600;

/** Where the bracket of the time stands in the line, or -1. */
export function accessTimeAt(text: string): number {
  let open = text.charCodeAt(0) === 91 ? 0 : text.indexOf(' [') + 1;
  for (let tries = 0; tries < 4 && open >= 0 && open < MAX_BEFORE; tries++) {
    if (isAccessTime(text, open)) return open;
    const next = text.indexOf(' [', open + 1);
    if (next < 0) return -1;
    open = next + 1;
  }
  return -1;
}

/** By the marks of `[dd/MMM/yyyy:HH:mm:ss +ZZZZ] `. */
function isAccessTime(text: string, at: number): boolean {
  return (
    text.charCodeAt(at) === 91 &&
    text.charCodeAt(at + 3) === 47 &&
    text.charCodeAt(at + 7) === 47 &&
    text.charCodeAt(at + 12) === 58 &&
    text.charCodeAt(at + 15) === 58 &&
    text.charCodeAt(at + 27) === 93 &&
    text.charCodeAt(at + 28) === 32 &&
    digitsBetween(text, at + 8, at + 12)
  );
}

/** Length of `[17/Apr/2015:11:27:43 -0700] `. */
export const ACCESS_TIME_LENGTH = 29;

function digitsBetween(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** The time in the bracket at `at`. */
export function accessStamp(text: string, at: number): Stamp | null {
  return accessStampAt(text, at + 1)?.stamp ?? null;
}

/** The path of `"GET /x HTTP/1.1" …`. */
export function requestPath(text: string): string | null {
  const path = text.slice(0, 8192).split(' ', 2)[1] ?? null;
  return path === null || path === '-' ? null : path.replace(/"$/, '');
}

const ANSWERED = / HTTP\/\d(?:\.\d)?"? [123]\d\d /;

/** INFO for a request that was answered (status below 400): what its address quotes is no fault. */
export function requestLevel(text: string): 'INFO' | null {
  return ANSWERED.test(text.slice(0, 8192)) ? 'INFO' : null;
}
