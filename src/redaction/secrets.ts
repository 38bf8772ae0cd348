/**
 * A text -> the same without secrets. A secret is known by its own shape or by what stands before it (kinds.ts); everything
 * around it stays as it is. What is masked already, empty, or stands for a value (`null`, `****`, `<non-null>`, `${PASSWORD}`)
 * is left alone, so masking twice changes nothing. Every pattern is bounded or moves on over what it has read, so time is
 * linear in the text.
 *
 * Names, hosts and mail addresses are no secrets here (personal.ts). A password in free prose ("the password is hunter2") is
 * not found.
 */
import { maskedAs } from '../model/masked.js';
import { fieldFinder } from './fields.js';
import { FIELDS, type Shape, TOKENS, URLS } from './kinds.js';
import { isPlaceholder } from './placeholders.js';
import { PRIVATE_KEY, privateKeys } from './private-keys.js';
import { type Found, replaced, type Span, type Word } from './spans.js';

/** The text with every secret in it replaced, by `[masked:KIND]` if nothing else is said; the same string if there is none. */
export function maskSecrets(text: string, word: Word = maskedAs): string {
  let result = text;
  // Beside a masked secret something may begin to look like one: until nothing changes, mostly two rounds.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = result;
    result = maskOnce(before, word);
    if (result === before) break;
  }
  return result;
}

const MAX_ROUNDS = 8;
const fields = fieldFinder(FIELDS);

function maskOnce(text: string, word: Word): string {
  let result = replaced(text, privateKeys(text).map(toKey), word);
  for (const shape of URLS) result = maskShape(result, shape, word);
  result = replaced(result, fields(result), word);
  for (const shape of TOKENS) result = maskShape(result, shape, word);
  return result;
}

/** Lines that belong together, each without its secrets: a private key spreads over many of them. */
export function maskLines(lines: readonly string[], word: Word = maskedAs): string[] {
  const keys = privateKeys(lines.join('\n'));
  let start = 0;
  return lines.map((line) => {
    const own = keys.flatMap((key) => within(key, start, line.length));
    start += line.length + 1;
    return maskSecrets(replaced(line, own, word), word);
  });
}

/** The part of a key that stands in the line of this length that begins at `from`, if one does. */
function within(key: Span, from: number, length: number): Found[] {
  const start = Math.max(0, key.start - from);
  const end = Math.min(length, key.end - from);
  return end > start ? [toKey({ start, end })] : [];
}

function toKey(span: Span): Found {
  return { ...span, kind: PRIVATE_KEY };
}

function maskShape(text: string, { kind, needs, pattern }: Shape, word: Word): string {
  if (typeof needs === 'function' ? !needs(text) : !needs.some((one) => text.includes(one))) return text;
  return text.replace(pattern, (whole: string, ...rest: unknown[]) => {
    const groups = rest[rest.length - 1];
    const secret = isGroups(groups) ? groups.secret! : whole;
    if (isPlaceholder(secret)) return whole;
    const at = whole.lastIndexOf(secret);
    return whole.slice(0, at) + word(kind, secret) + whole.slice(at + secret.length);
  });
}

function isGroups(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null;
}
