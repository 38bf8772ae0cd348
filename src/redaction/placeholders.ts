/** What stands in the place of a value, or only looks like one. */
import { hasMasked } from '../model/masked.js';
import type { Field } from './fields.js';

const PLACEHOLDER =
  /^(?:null|nil|none|undefined|true|false|n\/a|no-?check|<[^<>]*>|[*.…•#?$_-]+|x{3,}|\$\{[^}]*\}?|\$\([^)]*\)?|\{\w{0,16}\}?|%[sdv]|[[(<]?(?:redacted|masked|sanitized|filtered|removed|hidden)[\])>]?|sanitized by .*)$/i;
const MAX_PLACEHOLDER = 100; // characters

/** True for what stands in the place of a value, and for what was masked before. */
export function isPlaceholder(value: string): boolean {
  if (hasMasked(value)) return true;
  const trimmed = value.trim();
  return trimmed === '' || (trimmed.length <= MAX_PLACEHOLDER && PLACEHOLDER.test(trimmed)) || /^\*+$/.test(trimmed);
}

/** Words that go on with a sentence after "password: ". */
export const PROSE =
  /^(?:a|an|the|is|was|are|has|have|must|may|should|can|cannot|could|will|not|no|for|in|of|to|or|and|it|this|your|you|please|user|access|authentication|login|invalid|incorrect|wrong|expired|missing|empty|required|expected|unknown|failed|unable|failure|error|bad|change|java\.[\w.]*|javax\.[\w.]*|org\.[\w.]*|com\.[\w.]*)[.:!]?$/i;
export const DIRECTORY = /^(?:[/~]|[A-Za-z]:)/;

/** `password: x` may be a sentence; `"password": "x"` and `password=x` are none. */
export function isProse({ quoted, join }: Field): boolean {
  return !quoted && /:[ \t]/.test(join);
}

export function looksRandom(value: string): boolean {
  return (value.length >= 6 && /\d/.test(value)) || (value.length >= 16 && /^[\w+/=-]+$/.test(value));
}

/**
 * True for the end of a path: what follows `//token:` in a URL is a password with a host, which the shapes of URLs have seen
 * to, and `/etc/passwd: Permission denied` holds none.
 */
export function isInUrl(text: string, { start, join, quoted }: Field): boolean {
  return !quoted && join.startsWith(':') && /\/[\w.-]{0,64}$/.test(text.slice(Math.max(0, start - 66), start));
}
