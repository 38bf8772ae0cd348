/** The values behind names: where they begin and end, however they are quoted, escaped or listed. */
import { isMaskedAt } from '../model/masked.js';
import type { Field } from './fields.js';
import { DIRECTORY, isInUrl, isPlaceholder, isProse, looksRandom, PROSE } from './placeholders.js';
import type { Span } from './spans.js';

/** The value of a password, key or session. */
export function readValue(text: string, at: number, field: Field): readonly Span[] {
  if (isInUrl(text, field)) return [];
  return valuesAt(text, at, field).filter(({ start, end, quoted }) => {
    const value = text.slice(start, end);
    if (isPlaceholder(value)) return false;
    if (/pwd$/i.test(field.name) && DIRECTORY.test(value)) return false; // PWD=/opt/atlassian of an environment
    return quoted || !isProse(field) || !PROSE.test(value);
  });
}

/** "Unexpected token: foo" is no secret: after `token: ` a value must look random. */
export function readToken(text: string, at: number, field: Field): readonly Span[] {
  const values = readValue(text, at, field);
  return isProse(field) ? values.filter(({ start, end }) => looksRandom(text.slice(start, end))) : values;
}

/** A session in a path ends where the path goes on: `;jsessionid=1A2B?page=2`. */
export function readSession(text: string, at: number, field: Field): readonly Span[] {
  return readValue(text, at, field).map(({ start, end }) => {
    const length = text.slice(start, end).search(/[/?#]/);
    return { start, end: length < 0 ? end : start + length };
  });
}

/** The credentials of a header; its scheme stays. */
export function readAuthorization(text: string, at: number, field: Field): readonly Span[] {
  return boundsAt(text, at, field).flatMap(({ start, end, quoted }) => {
    const from = endOf(SCHEME, text, start);
    const to = quoted && end !== null ? end : credentialsEnd(text, from, end ?? text.length);
    const value = text.slice(from, to);
    // "Authorization: required" has neither scheme nor quotes.
    const isWord = from === start && !quoted && isProse(field) && !looksRandom(value);
    return isWord || isPlaceholder(value) ? [] : [{ start: from, end: to }];
  });
}

/** A name, of whatever; whether it is one is asked elsewhere. What goes on behind it is a type: `user=User{id=1}`. */
export function readName(text: string, at: number, field: Field): readonly Span[] {
  return valuesAt(text, at, field).filter(({ start, end, quoted, closed }) => {
    const value = text.slice(start, end);
    if (isPlaceholder(value) || (quoted && !closed)) return false;
    return quoted || (!/[{([@]/.test(text[end] ?? '') && !(isProse(field) && PROSE.test(value)));
  });
}

/** The same of a word that is met in sentences: "Server: check the log". */
export function readAssigned(text: string, at: number, field: Field): readonly Span[] {
  return isProse(field) ? [] : readName(text, at, field);
}

/** The values of all cookies; their names and attributes stay. */
export function readCookies(text: string, at: number, field: Field): readonly Span[] {
  return boundsAt(text, at, field).flatMap(({ start, end }) => cookiesAt(text, start, end ?? text.length));
}

interface Value extends Span {
  readonly quoted: boolean;
  /** False if the quote that begins it does not end on its line: then its end is a guess. */
  readonly closed: boolean;
}

const OPENING = /(\[?)[ \t]{0,2}(\\{0,7})(["'])/y;
const NEXT_OPENING = /,[ \t]{0,2}(\\{0,7})(["'])/y;
/** Ends at what may follow a value; a closing bracket inside of a word belongs to the value. */
const BARE = /(?:[^\s"'`&;,<>()[\]{}\\]|[([{]|[)\]}](?=[\w@#$%^*!+-])|\\(?![nrtu"'\\/]))+/y;
const OBJECT = /\{(?:[\s"'\\}]|[\w.]{1,64}[=:])/y;
const NEXT_FIELD = /^[A-Za-z][\w.-]{0,64}[=:][^=]/;
/** A value behind `%3D` ends at the first escaped separator. */
const ESCAPED = /(?:(?!%(?:26|22|27|20|3B|2C|0A|0D))[\w.~%*!+-])+/y;
/** A quoted value whose quote was never closed. */
const UNCLOSED = /[^\s"'\\]+/y;

/** The value at a place, or all values of a list of quoted ones (`["a","b"]`). */
function valuesAt(text: string, at: number, { join }: Field): readonly Value[] {
  if (isMaskedAt(text, at)) return [];
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening !== null) return quotedAt(text, OPENING.lastIndex, opening[2]!.length, opening[3]!, opening[1] !== '');
  const start = text[at] === '[' ? at + 1 : at;
  if (isMaskedAt(text, start)) return [];
  if (endOf(OBJECT, text, start) > start) return [];
  let end = endOf(/%3D/i.test(join) ? ESCAPED : BARE, text, start);
  while (end > start && /[.:]/.test(text[end - 1]!)) end--; // of the sentence around it
  // `password= user=bob` has no password.
  if (end === start || (/[ \t]$/.test(join) && NEXT_FIELD.test(text.slice(start, end)))) return [];
  return [{ start, end, quoted: false, closed: true }];
}

/** The quoted value that begins at `start`, and in a list those that follow it. */
function quotedAt(text: string, start: number, slashes: number, quote: string, isList: boolean): Value[] {
  const values: Value[] = [];
  for (let from = start; ; ) {
    const end = closingQuote(text, from, slashes, quote);
    if (end === null) {
      values.push({ start: from, end: endOf(UNCLOSED, text, from), quoted: true, closed: false });
      return values;
    }
    values.push({ start: from, end, quoted: true, closed: true });
    NEXT_OPENING.lastIndex = end + slashes + 1;
    const next = isList ? NEXT_OPENING.exec(text) : null;
    if (next === null || next[1]!.length !== slashes || next[2] !== quote) return values;
    from = NEXT_OPENING.lastIndex;
  }
}

interface Bound {
  readonly start: number;
  /** Where what encloses the value closes; null if nothing does. */
  readonly end: number | null;
  readonly quoted: boolean;
}

const BRACKET_REACH = 4096; // characters

/** Like {@link valuesAt} for values that have inner spaces: only quotes or brackets around them tell where they end. */
function boundsAt(text: string, at: number, field: Field): readonly Bound[] {
  if (isMaskedAt(text, at)) return [];
  OPENING.lastIndex = at;
  if (OPENING.test(text)) {
    return valuesAt(text, at, field).map(({ start, end, closed }) => ({
      start,
      end: closed ? end : null,
      quoted: true,
    }));
  }
  if (text[at] === '[') {
    const length = text.slice(at, at + BRACKET_REACH).search(/[\]\n]/);
    if (length > 0 && text[at + length] === ']') return [{ start: at + 1, end: at + length, quoted: false }];
  }
  // -H 'Authorization: Digest username="bob"'
  const quote = text[field.start - 1];
  if (!field.quoted && (quote === '"' || quote === "'")) {
    const end = closingQuote(text, at, slashesBefore(text, field.start - 1), quote);
    if (end !== null) return [{ start: at, end, quoted: false }];
  }
  return [{ start: at, end: null, quoted: false }];
}

/**
 * Where the quoted value ends: at the next quote that is escaped as the opening one was, or less. A quote inside of the
 * value is escaped once more: `\"` in `"`, `\\\"` in `\"`. Null if the line ends before.
 */
function closingQuote(text: string, start: number, slashes: number, quote: string): number | null {
  for (let at = start; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') return null;
    if (char !== quote) continue;
    const before = Math.min(slashesBefore(text, at), at - start);
    if (before < slashes) return at - before;
    if (before % (2 * (slashes + 1)) === slashes) return at - slashes;
  }
  return null;
}

function slashesBefore(text: string, at: number): number {
  let count = 0;
  while (text[at - 1 - count] === '\\') count++;
  return count;
}

/** Where a sticky pattern ends that begins at `start`; `start` itself if it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

/** The scheme of a header with what stands behind it; of an unknown one, only if random characters follow. */
const SCHEME = new RegExp(
  '(?:Basic|Bearer|Digest|Negotiate|NTLM|Kerberos|OAuth|Token|JWT|PAT|ApiKey|SharedKey|SharedAccessSignature|Hawk|AWS4-HMAC-SHA256|AWS|SSWS|GenieKey|Crowd)' +
    '(?::?(?: |%20){1,4}["\']?|(?![\\w.~+/=-]))|[A-Za-z][A-Za-z-]{1,20} (?=[\\w.~+/-]{0,200}\\d)(?=[\\w.~+/-]{8})',
  'iy',
);

/** `username="bob", response="..."` of Digest, OAuth and AWS. */
const PARAMETER = '[\\w*.-]{1,64}=(?:\\\\{0,7}"[^"\\n]{0,4096}"|[^\\s,"\'\\\\\\]}]+)';
const PARAMETERS = new RegExp(`${PARAMETER}(?:,[ \\t]{0,4}${PARAMETER})*`, 'y');
const CREDENTIALS = /[^\s"'`,;<>()[\]{}\\]+/y;

function credentialsEnd(text: string, from: number, end: number): number {
  if (isMaskedAt(text, from)) return from;
  const parameters = endOf(PARAMETERS, text, from);
  return Math.min(Math.max(parameters, endOf(CREDENTIALS, text, from)), end);
}

const COOKIE = /([^\s=;,"'[\]{}\\]{1,256})=("[^"\n]{0,8192}"|(?:[^\s;,"'\\]|,(?![\s"'\\]|$))*)/y;
const ATTRIBUTE =
  /(?:(?:Path|Domain|Expires|Max-Age|SameSite|Version|Priority|Comment)=[^;"'\\\n]{0,256}|HttpOnly|Secure|Partitioned)/iy;
const COOKIE_BREAK = /[;,][ \t]{0,4}/y;

function cookiesAt(text: string, start: number, end: number): Span[] {
  const spans: Span[] = [];
  for (let at = start; at < end; ) {
    let next = endOf(ATTRIBUTE, text, at);
    if (next === at) {
      COOKIE.lastIndex = at;
      const cookie = COOKIE.exec(text);
      if (cookie === null) break;
      next = Math.min(COOKIE.lastIndex, end);
      const from = at + cookie[1]!.length + 1;
      if (!isPlaceholder(text.slice(from, next))) spans.push({ start: from, end: next });
    }
    at = endOf(COOKIE_BREAK, text, next);
    if (at === next) break;
  }
  return spans;
}
