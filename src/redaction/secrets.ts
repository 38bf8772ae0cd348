/**
 * A text -> the same without secrets. A secret is known by its own shape (`TOKENS`) or by what stands before it
 * (`FIELDS`, URLs, XML elements, options); each becomes `[masked:KIND]`, everything around it stays as it is. What is
 * masked already, empty, or stands for a value (`null`, `****`, `<non-null>`, `${PASSWORD}`) is left alone, so masking
 * twice changes nothing. Every pattern is bounded or moves on over what it has read, so time is linear in the text.
 *
 * Names, hosts and mail addresses are no secrets here. A password in free prose ("the password is hunter2") is not found.
 */

const MASKED = '[masked:';

function masked(kind: string): string {
  return `${MASKED}${kind}]`;
}

/** The text with every secret in it replaced by `[masked:KIND]`; the same string if there is none. */
export function maskSecrets(text: string): string {
  if (!MAYBE.test(text)) return text;
  let result = text;
  // Beside a masked secret something may begin to look like one: until nothing changes, mostly two rounds.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = result;
    result = maskOnce(before);
    if (result === before) break;
  }
  return result;
}

const MAX_ROUNDS = 8;

function maskOnce(text: string): string {
  let result = replaced(text, privateKeys(text));
  for (const { kind, pattern } of URLS) result = maskPattern(result, kind, pattern);
  result = maskFields(result);
  for (const { kind, pattern } of TOKENS) result = maskPattern(result, kind, pattern);
  return result;
}

/** Words without which nothing can be a secret. */
const MAYBE =
  /authorization|cookie|pass|pwd|secret|token|key|sig|sessionid|:\\?\/\\?\/|jdbc:|basic|bearer|gh[opsur]_|github_pat_|-pat |gl[a-z]{2,5}-|xox|xapp-|eyJ|A[KS]IA|AIza|AT[AC]TT|ATBB|AZDO|[a-z2-7]{52}/i;

// ------------------------------------------------------------------------------------------------- secrets by shape

interface Shape {
  readonly kind: string;
  /** The secret is the group `secret`; without one it is the whole match. */
  readonly pattern: RegExp;
}

/** A token begins after anything but a part of a word; `%3A` and `\n` end in characters of words but are none. */
const START = '(?:(?<![\\w-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\[nrt]))';

function token(kind: string, source: string): Shape {
  return { kind, pattern: new RegExp(START + source, 'g') };
}

const TOKENS: readonly Shape[] = [
  token('azure-devops-token', '[a-z2-7]{52}(?![\\w-])'),
  token('azure-devops-token', '(?=[A-Za-z0-9]{0,80}AZDO)[A-Za-z0-9]{84}(?![\\w-])'),
  token('github-token', 'gh[opsur]_[A-Za-z0-9]{10,}'),
  token('github-token', 'github_pat_\\w{10,}'),
  token('gitlab-token', 'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat)-[\\w-]{10,}(?:\\.\\w{2}\\.\\w{7,})?'),
  token('slack-token', '(?:xox[a-z]|xapp)-[\\w-]{8,}'),
  token('atlassian-token', 'AT(?:ATT|CTT|BB)[\\w-]{20,}(?:=[0-9A-F]{8})?'),
  token('jwt', 'eyJ[\\w-]{4,}\\.[\\w-]{2,}\\.[\\w-]*(?:\\.[\\w-]{8,}\\.[\\w-]{8,})?'),
  token('aws-access-key', '(?:AKIA|ASIA)[A-Z0-9]{16}(?![\\w-])'),
  token('google-api-key', 'AIza[\\w-]{30,}'),
  {
    kind: 'authorization', // a header value without its header
    pattern: /(?<!\w)(?:Basic|Bearer) (?=[\w.~+/-]{0,200}\d)(?<secret>[\w.~+/-]{16,}={0,2})(?![\w.~+/=:-])/gi,
  },
];

const URLS: readonly Shape[] = [
  { kind: 'url-password', pattern: /:\\?\/\\?\/[^\s:/?#@"'<>[\]\\]{0,256}:(?<secret>[^\s/?#"'<>\\]+)@/g },
  { kind: 'url-password', pattern: /jdbc:oracle:[a-z]{1,8}:[^\s/@"'<>\\]{1,128}\/(?<secret>[^\s/@"'<>\\]+)@/gi },
  {
    kind: 'password',
    pattern: /<(?:[\w:.-]{0,64}(?:password|passwd|passphrase|secret|pwd))(?:\s[^<>]{0,256})?>(?<secret>[^<>]+)<\//gi,
  },
  { kind: 'token', pattern: /<(?:[\w:.-]{0,64}(?:token|api-?_?key))(?:\s[^<>]{0,256})?>(?<secret>[^<>]+)<\//gi },
  {
    kind: 'password',
    pattern:
      /(?<![\w-])--?(?:[\w-]{0,32}-)?(?:password|passwd|passphrase|secret) ["']?(?<secret>[^\s"'`<>;|&\\-][^\s"'`<>;|&\\]*)/gi,
  },
  {
    kind: 'token',
    pattern: /(?<![\w-])--(?:[\w-]{0,32}-)?(?:token|pat|api-?key) ["']?(?<secret>[^\s"'`<>;|&\\-][^\s"'`<>;|&\\]*)/gi,
  },
];

function maskPattern(text: string, kind: string, pattern: RegExp): string {
  return text.replace(pattern, (whole: string, ...rest: unknown[]) => {
    const groups = rest[rest.length - 1];
    const secret = isGroups(groups) ? groups.secret! : whole;
    if (isPlaceholder(secret)) return whole;
    const at = whole.lastIndexOf(secret);
    return whole.slice(0, at) + masked(kind) + whole.slice(at + secret.length);
  });
}

function isGroups(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null;
}

// ------------------------------------------------------------------------------------------------------ private keys

const KEY_MARK = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_CHARS = '(?:[A-Za-z0-9+/]|\\\\/)';
const KEY_BREAK = '(?:[ \\t\\r\\n]|\\\\[rn]){1,8}';
/** What may follow a BEGIN whose END was cut off: headers and lines of base64, the last of which may be short. */
const KEY_LINES = new RegExp(
  `(?:(?:${KEY_BREAK})?(?:Proc-Type: 4,ENCRYPTED|DEK-Info: [\\w-]{1,32},[0-9A-F]{1,64}|(?:Version|Comment): [^\\n\\\\]{0,128}|${KEY_CHARS}{24,}={0,2}(?![\\w-])))+` +
    `(?:${KEY_BREAK}(?=[A-Za-z]{0,30}[0-9+/=])${KEY_CHARS}{1,63}={0,2}(?=["']|\\\\[rn]|\\r?\\n|$))?`,
  'y',
);

/** From each BEGIN to its END; where one of them is missing, as far as the base64 lines go. */
function privateKeys(text: string): Secret[] {
  if (!text.includes('PRIVATE KEY')) return [];
  const marks = [...text.matchAll(KEY_MARK)];
  const keys: Secret[] = [];
  for (const [at, mark] of marks.entries()) {
    let end = mark.index + mark[0].length;
    let start = mark.index;
    if (mark[1] === 'END') {
      if (marks[at - 1]?.[1] === 'BEGIN') continue;
      start = startOfKeyLines(text, start);
    } else if (marks[at + 1]?.[1] === 'END') {
      end = marks[at + 1]!.index + marks[at + 1]![0].length;
    } else {
      KEY_LINES.lastIndex = end;
      const lines = KEY_LINES.exec(text);
      if (lines === null) continue;
      end += lines[0].length;
    }
    keys.push({ start, end, kind: 'private-key' });
  }
  return keys;
}

const KEY_LINE = /^[ \t]*[A-Za-z0-9+/]{16,}={0,2}\r?$/;

/** Where the lines of base64 begin that end right before `at`. */
function startOfKeyLines(text: string, at: number): number {
  let start = text.lastIndexOf('\n', at - 1) + 1;
  while (start > 0) {
    const before = text.lastIndexOf('\n', start - 2) + 1;
    if (!KEY_LINE.test(text.slice(before, start - 1))) break;
    start = before;
  }
  return start;
}

/** Lines that belong together, each without its secrets: a private key spreads over many of them. */
export function maskLines(lines: readonly string[]): string[] {
  const keys = privateKeys(lines.join('\n'));
  let start = 0;
  return lines.map((line) => {
    const end = start + line.length;
    const isKey = keys.some((key) => key.start < end && key.end > start);
    start = end + 1;
    return isKey ? masked('private-key') : maskSecrets(line);
  });
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Secret extends Span {
  readonly kind: string;
}

function replaced(text: string, secrets: readonly Secret[]): string {
  if (secrets.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, kind } of secrets) {
    parts.push(text.slice(done, start), masked(kind));
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

// ------------------------------------------------------------------------------------------------- secrets by name

/** Finds the secrets in the value that begins at `at`. */
type Reader = (text: string, at: number, field: Field) => readonly Span[];

/** A name that was met, and how its value is joined to it. */
interface Field {
  readonly kind: string;
  /** Position and text of the name as printed. */
  readonly start: number;
  readonly name: string;
  /** Whether the name stands in quotes of its own. */
  readonly quoted: boolean;
  /** `=`, `: `, `%3D`: what stands between name and value, quotes left out. */
  readonly join: string;
}

interface FieldKind {
  readonly kind: string;
  /** Source of a pattern of the end of a name, in any case; what stands before it may be anything. */
  readonly name: string;
  readonly read: Reader;
}

const FIELDS: readonly FieldKind[] = [
  { kind: 'authorization', name: '(?<![\\w.])(?:proxy-)?authorization', read: readAuthorization },
  { kind: 'authorization', name: 'x-api-key|(?:private|job|x-auth|x-vault)-token', read: readValue },
  { kind: 'remember-me', name: 'seraph\\.rememberme\\.cookie', read: readValue },
  { kind: 'cookie', name: '(?<![\\w.])(?:set-)?cookie2?', read: readCookies },
  { kind: 'session-id', name: 'jsessionid', read: readSession },
  { kind: 'xsrf-token', name: 'atl_token|atlassian\\.xsrf\\.token', read: readValue },
  { kind: 'crowd-token', name: 'crowd\\.token_key', read: readValue },
  { kind: 'sas-signature', name: '(?<=[?&;]|%26|\\\\u0026)sig', read: readValue },
  { kind: 'aws-secret-key', name: '(?:aws_)?secret[-_]?access[-_]?key', read: readValue },
  { kind: 'azure-key', name: 'sharedaccesskey|accountkey', read: readValue },
  { kind: 'password', name: 'password|passwd|passphrase|pwd|(?:store|key|_)pass', read: readValue },
  { kind: 'api-key', name: 'api[-_ .]?key', read: readValue },
  { kind: 'secret', name: 'secret(?:[-_]?key)?', read: readValue },
  { kind: 'token', name: 'token', read: readToken },
];

const QUOTE = '\\\\{0,7}["\']';
/** Between a name and its value: `=`, `:`, `=>`, percent- and Gson-escaped `=`, or `", "value": ` of a list of names. */
const JOIN = [
  '[ \\t]{0,4}(?:=>|=(?!=)|:(?!:|\\\\?\\/\\\\?\\/)|\\\\u003d|%3D)[ \\t]{0,4}',
  `(?<=["']),?[ \\t]{0,2}(?:${QUOTE})?value(?:${QUOTE})?[ \\t]{0,2}[:=][ \\t]{0,2}`,
].join('|');
const FIELD = new RegExp(
  `(?:${FIELDS.map(({ name }) => `(${name})`).join('|')})\\d{0,2}(?<quote>${QUOTE})?(?<join>${JOIN})`,
  'gi',
);

function maskFields(text: string): string {
  const secrets: Secret[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(text); match !== null; match = FIELD.exec(text)) {
    const groups = match.slice(1, FIELDS.length + 1);
    const at = groups.findIndex((group) => group !== undefined);
    const { kind, read } = FIELDS[at]!;
    const { quote, join } = match.groups!;
    const field: Field = { kind, start: match.index, name: groups[at]!, quoted: quote !== undefined, join: join! };
    for (const span of read(text, FIELD.lastIndex, field)) {
      secrets.push({ ...span, kind });
      FIELD.lastIndex = span.end;
    }
  }
  return replaced(text, secrets);
}

/** The value of a password, key or session. */
function readValue(text: string, at: number, field: Field): readonly Span[] {
  if (isInUrl(text, field)) return [];
  return valuesAt(text, at, field).filter(({ start, end, quoted }) => {
    const value = text.slice(start, end);
    if (isPlaceholder(value)) return false;
    if (/pwd$/i.test(field.name) && DIRECTORY.test(value)) return false; // PWD=/opt/atlassian of an environment
    return quoted || !isProse(field) || !PROSE.test(value);
  });
}

/** "Unexpected token: foo" is no secret: after `token: ` a value must look random. */
function readToken(text: string, at: number, field: Field): readonly Span[] {
  const values = readValue(text, at, field);
  return isProse(field) ? values.filter(({ start, end }) => looksRandom(text.slice(start, end))) : values;
}

/** A session in a path ends where the path goes on: `;jsessionid=1A2B?page=2`. */
function readSession(text: string, at: number, field: Field): readonly Span[] {
  return readValue(text, at, field).map(({ start, end }) => {
    const length = text.slice(start, end).search(/[/?#]/);
    return { start, end: length < 0 ? end : start + length };
  });
}

/** The credentials of a header; its scheme stays. */
function readAuthorization(text: string, at: number, field: Field): readonly Span[] {
  return boundsAt(text, at, field).flatMap(({ start, end, quoted }) => {
    const from = endOf(SCHEME, text, start);
    const to = quoted && end !== null ? end : credentialsEnd(text, from, end ?? text.length);
    const value = text.slice(from, to);
    // "Authorization: required" has neither scheme nor quotes.
    const isWord = from === start && !quoted && isProse(field) && !looksRandom(value);
    return isWord || isPlaceholder(value) ? [] : [{ start: from, end: to }];
  });
}

/** The values of all cookies; their names and attributes stay. */
function readCookies(text: string, at: number, field: Field): readonly Span[] {
  return boundsAt(text, at, field).flatMap(({ start, end }) => cookiesAt(text, start, end ?? text.length));
}

// ------------------------------------------------------------------------------------------------------------ values

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
  if (text.startsWith(MASKED, at)) return [];
  OPENING.lastIndex = at;
  const opening = OPENING.exec(text);
  if (opening !== null) return quotedAt(text, OPENING.lastIndex, opening[2]!.length, opening[3]!, opening[1] !== '');
  const start = text[at] === '[' ? at + 1 : at;
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
  if (text.startsWith(MASKED, at)) return [];
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
  if (text.startsWith(MASKED, from)) return from;
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

// ------------------------------------------------------------------------------------------------- what is no secret

const PLACEHOLDER =
  /^(?:null|nil|none|undefined|true|false|n\/a|no-?check|<[^<>]*>|[*.…•#?$_-]+|x{3,}|\$\{[^}]*\}?|\$\([^)]*\)?|\{\w{0,16}\}?|%[sdv]|[[(<]?(?:redacted|masked|sanitized|filtered|removed|hidden)[\])>]?|sanitized by .*)$/i;
const MAX_PLACEHOLDER = 100; // characters

/** True for what stands in the place of a value, and for what was masked before. */
function isPlaceholder(value: string): boolean {
  if (value.includes(MASKED)) return true;
  const trimmed = value.trim();
  return trimmed === '' || (trimmed.length <= MAX_PLACEHOLDER && PLACEHOLDER.test(trimmed)) || /^\*+$/.test(trimmed);
}

/** Words that go on with a sentence after "password: ". */
const PROSE =
  /^(?:a|an|the|is|was|are|has|have|must|may|should|can|cannot|could|will|not|no|for|in|of|to|or|and|it|this|your|you|please|user|access|authentication|login|invalid|incorrect|wrong|expired|missing|empty|required|expected|unknown|failed|unable|failure|error|bad|change|java\.[\w.]*|javax\.[\w.]*|org\.[\w.]*|com\.[\w.]*)[.:!]?$/i;
const DIRECTORY = /^(?:[/~]|[A-Za-z]:)/;

/** `password: x` may be a sentence; `"password": "x"` and `password=x` are none. */
function isProse({ quoted, join }: Field): boolean {
  return !quoted && /:[ \t]/.test(join);
}

function looksRandom(value: string): boolean {
  return (value.length >= 6 && /\d/.test(value)) || (value.length >= 16 && /^[\w+/=-]+$/.test(value));
}

/**
 * True for the end of a path: what follows `//token:` in a URL is a password with a host, which {@link URLS} has seen
 * to, and `/etc/passwd: Permission denied` holds none.
 */
function isInUrl(text: string, { start, join, quoted }: Field): boolean {
  return !quoted && join.startsWith(':') && /\/[\w.-]{0,64}$/.test(text.slice(Math.max(0, start - 66), start));
}
