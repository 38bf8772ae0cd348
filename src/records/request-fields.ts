import { dateTimeEnd } from './time.js';

/*
 * What Atlassian layouts have in common: times with a comma, and the optional fields of the request
 * (`user requestId session addresses url`), which leave blanks where they have no value.
 */

export interface RequestFields {
  readonly user: string | null;
  readonly requestId: string | null;
  readonly url: string | null;
}

/** Where a time with a comma before its milliseconds ends at which the line begins, or -1. */
export function commaTimeEnd(text: string): number {
  const first = text.charCodeAt(0);
  if (first < 48 || first > 57 || text.charCodeAt(4) !== 45) return -1;
  // At 19 as a rule; at 20 after seconds of three digits, at 16 where they are missing.
  if (text.charCodeAt(19) !== 44 && text.charCodeAt(20) !== 44 && text.charCodeAt(16) !== 44) return -1;
  return dateTimeEnd(text, 0);
}

/** Minute of the day x requests since the start x concurrent requests. */
const REQUEST_ID = /^\d{1,10}x\d{1,15}x\d{1,10}$/;

export function isRequestId(word: string): boolean {
  const first = word.charCodeAt(0);
  return first >= 48 && first <= 57 && REQUEST_ID.test(word);
}

/** Reads the fields between level and logger: `jdoe 867x269792x1 1nb81f1 192.0.2.50 /rest/api/2/search`. */
export function requestFields(text: string): RequestFields {
  const words = text.split(' ').filter((word) => word !== '');
  const idAt = words.findIndex(isRequestId);
  const first = words[0] ?? null;
  const nobody = first === null || first.startsWith('/') || idAt === 0;
  return {
    user: nobody ? null : words.slice(0, Math.max(idAt, 1)).join(' '),
    requestId: words[idAt] ?? null,
    url: words.find((word) => word.startsWith('/')) ?? null,
  };
}

/** How far into a line the fields are looked for, in characters. */
const REACH = 600;
const REQUEST_ID_INSIDE = / (\d{1,10}x\d{1,15}x\d{1,10}) /;
const EMPTY_FIELDS = / {3,}/;

/**
 * Reads `thread user requestId session addresses url message` of layouts without a logger. Threads hold blanks, so the
 * request id is the anchor; without one it is the run of blanks that the empty fields leave.
 */
export function requestTail(
  text: string,
): RequestFields & { readonly thread: string | null; readonly message: string } {
  const head = text.slice(0, REACH);
  const id = REQUEST_ID_INSIDE.exec(head);
  if (id !== null) {
    const before = head.slice(0, id.index);
    const { url, message } = afterRequestId(text, id.index + id[0].length);
    return { ...threadAndUser(before), requestId: id[1]!, url, message };
  }
  const gap = EMPTY_FIELDS.exec(head);
  if (gap !== null) {
    const message = text.slice(gap.index + gap[0].length);
    return { ...threadAndUser(head.slice(0, gap.index)), requestId: null, url: null, message };
  }
  const runner = head.indexOf(' ServiceRunner ');
  if (runner > 0) {
    const message = text.slice(runner + ' ServiceRunner '.length);
    return { thread: head.slice(0, runner), user: 'ServiceRunner', requestId: null, url: null, message };
  }
  return { thread: null, user: null, requestId: null, url: null, message: text };
}

/** The last word is the user, unless a blank at the end says that there is none. */
function threadAndUser(text: string): { thread: string | null; user: string | null } {
  const blank = text.lastIndexOf(' ');
  const user = text.slice(blank + 1);
  if (blank < 0 || user === '' || /^\d+$/.test(user)) return { thread: text.trimEnd(), user: null };
  return { thread: text.slice(0, blank).trimEnd(), user };
}

/** Session and addresses are passed over; the url is the first of the next three fields that begins with a slash. */
function afterRequestId(text: string, at: number): { url: string | null; message: string } {
  let from = at;
  for (let field = 0; field < 3; field++) {
    const blank = text.indexOf(' ', from);
    const word = blank < 0 ? text.slice(from) : text.slice(from, blank);
    const next = blank < 0 ? text.length : blank + 1;
    if (word.startsWith('/')) return { url: word, message: text.slice(next) };
    if (field < 2) from = next;
  }
  return { url: null, message: text.slice(from).trimStart() };
}

/** Where a logger in brackets stands; `end` is after the closing one. */
export interface BracketedWord {
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

/** The first ` [word]` at or after `from` without a blank inside; brackets may nest (`[o.a.c.c.C.[Catalina].[/]]`). */
export function bracketedWord(text: string, from: number): BracketedWord | null {
  const reach = Math.min(text.length, from + 4 * REACH); // long addresses and urls stand before it
  let open = text.indexOf(' [', from);
  while (open >= 0 && open < reach) {
    const end = bracketEnd(text, open + 1, reach);
    if (end > 0) return { start: open + 1, end, word: text.slice(open + 2, end - 1) };
    open = text.indexOf(' [', open + 2);
  }
  return null;
}

function bracketEnd(text: string, at: number, reach: number): number {
  let depth = 0;
  for (let i = at; i < reach; i++) {
    const code = text.charCodeAt(i);
    if (code === 32) return -1;
    if (code === 91) depth++;
    else if (code === 93 && --depth === 0) return i + 1 === text.length || text.charCodeAt(i + 1) === 32 ? i + 1 : -1;
  }
  return -1;
}
