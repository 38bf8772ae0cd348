/**
 * HTTP failures in the text of a record. Finds targets (URLs and request lines) and statuses, then pairs each status
 * with its target. A status counts only in a phrase that clients, servers or proxies use; a bare number never does, and
 * a status without any target is nobody's failure. Everything looks at bounded windows, so time is linear in the text.
 */
import type { HttpFailure } from '../model/http-failure.js';
import { CODE_BY_NAME, letters, MAX_REASON, NUMBER, reasonsOf, UNIT_AFTER } from '../model/http-status.js';

const MAX_FAILURES = 1_000;
const REACH = 300; // characters between a phrase and its target
const HOST_REACH = 2_000; // characters between a request line and its Host header
const WINDOW = 80; // characters looked at on each side of a number

interface Target {
  readonly start: number;
  readonly end: number;
  method: string | null;
  host: string | null;
  readonly path: string;
  readonly query: string | null;
  /** True for `GET /path HTTP/1.1`, whose host stands in a header line. */
  readonly requestLine: boolean;
}

interface Status {
  readonly start: number;
  readonly end: number;
  readonly code: number;
  /** A field (`"status":401`) finds its target at any distance, a phrase only close by. */
  readonly field: boolean;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Found {
  readonly targets: Target[];
  /** All URLs and paths, also those that are no targets (referrers): numbers in them are no statuses. */
  readonly spans: Span[];
}

/** All HTTP calls of a record that did not succeed, in the order of their statuses; equal ones once. */
export function parseHttpFailures(text: string): HttpFailure[] {
  const plain = text.includes('\\/') ? text.replaceAll('\\/', '/') : text;
  const { targets, spans } = findTargets(plain);
  if (targets.length === 0) return [];
  addHosts(plain, targets);
  addMethods(plain, targets);
  return pair(plain, targets, findStatuses(plain, targets, spans));
}

// ---------------------------------------------------------------------------------------------------------- targets

const METHOD = 'GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|TRACE|PROPFIND|REPORT|MKCOL|SEARCH';
const URL_CHARS = '[^\\s"\'<>\\\\^`|‘’“”]';
const PATH_KEY = '(?:path|url|uri|request[_-]?(?:url|uri|path))';
const TARGET = new RegExp(
  [
    `\\bhttps?:\\/\\/${URL_CHARS}{1,8192}`,
    `(?<![\\w$])(?:${METHOD})\\s{1,8}\\/${URL_CHARS}{0,8192}`,
    `(?:(?<![\\w$.])|(?<=["'](?:\\w{1,40}\\.){1,4}))${PATH_KEY}(?:\\\\?["']\\s{0,8}:\\s{0,8}|\\s{0,2}:\\s{0,8}(?=\\\\?["'])|=)\\\\?["']?\\/(?!\\/)${URL_CHARS}{0,8192}`,
  ].join('|'),
  'gi',
);
const HELP_HOSTS = new Set(['www.w3.org', 'go.microsoft.com', 'aka.ms']);
/** The value of a field `path` is often a file. */
const FILE_PATH = /^\/(?:var|opt|home|tmp|usr|etc|mnt|proc|Users)\//;
const METHOD_BEFORE = new RegExp(
  `(?<![\\w$])(${METHOD})\\b["'\\]]?(?:\\s{1,4}request)?(?:\\s{1,4}(?:to|for|at|on))?\\s{0,4}:?\\s{0,4}["'[(<]?$`,
);
/** URLs that name where a call came from or where help is, not what was called. */
const NO_TARGET_BEFORE =
  /(?:(?:referr?er|origin|realm|documentation_?url|authorization_?uri|xmlns(?::\w{1,20})?|help_?(?:link|url)|base_?url)\\?["']?\s{0,2}(?::|=|,\s{0,2}\\?["']value\\?["']\s{0,2}:)\s{0,2}\\?["']?|\b(?:see|visit|referr?er|location|redirect(?:ed|ing|s)?(?:\s{1,4}to)?)\s{0,2}:?\s{1,4}["'(<]?)$/i;

function findTargets(text: string): Found {
  const targets: Target[] = [];
  const spans: Span[] = [];
  for (const match of text.matchAll(TARGET)) {
    const printed = match[0];
    const target = /^https?:/i.test(printed)
      ? urlTarget(text, match.index, printed)
      : pathTarget(match.index, printed, text);
    if (target === null) continue;
    spans.push(target);
    if (isCalled(text, target)) targets.push(target);
  }
  return { targets, spans };
}

function isCalled(text: string, target: Target): boolean {
  if (target.host !== null && HELP_HOSTS.has(target.host)) return false;
  return !NO_TARGET_BEFORE.test(text.slice(Math.max(0, target.start - WINDOW), target.start));
}

function urlTarget(text: string, index: number, printed: string): Target | null {
  const url = trimUrl(printed);
  const authorityStart = url.indexOf('//') + 2;
  const authority = /^[^/?#]*/.exec(url.slice(authorityStart))![0];
  const host = hostOf(authority);
  if (host === '') return null;
  const before = METHOD_BEFORE.exec(text.slice(Math.max(0, index - WINDOW), index));
  return {
    start: index - (before?.[0].length ?? 0),
    end: index + url.length,
    method: before?.[1] ?? null,
    host,
    ...pathAndQuery(url.slice(authorityStart + authority.length)),
    requestLine: false,
  };
}

function pathTarget(index: number, printed: string, text: string): Target | null {
  const at = printed.indexOf('/');
  if (FILE_PATH.test(printed.slice(at, at + 12))) return null;
  const word = /^[A-Z]+(?=\s)/.exec(printed); // upper case: "get /x" is prose
  if (word === null && /^[a-z]+\s/i.test(printed) && !/[:=]/.test(printed.slice(0, at))) return null;
  const path = trimUrl(printed.slice(at));
  const end = index + at + path.length;
  return {
    start: index,
    end,
    method: word?.[0] ?? null,
    host: null,
    ...pathAndQuery(path),
    requestLine: word !== null && /^\s{1,4}HTTP\//.test(text.slice(end, end + 10)),
  };
}

/** Without the punctuation of the sentence that it stands in. */
function trimUrl(printed: string): string {
  const list = printed.indexOf(',http');
  let end = list < 0 ? printed.length : list;
  let unopened = count(printed, ')') - count(printed, '(');
  while (end > 0 && (/[.,;:!?\]}*…]/.test(printed[end - 1]!) || (printed[end - 1] === ')' && unopened > 0))) {
    if (printed[end - 1] === ')') unopened--;
    end--;
  }
  return printed.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function hostOf(authority: string): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return (host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.replace(/:.*$/, '')).toLowerCase();
}

function pathAndQuery(printed: string): { path: string; query: string | null } {
  const hash = printed.indexOf('#');
  const sent = hash < 0 ? printed : printed.slice(0, hash);
  const mark = sent.indexOf('?');
  const path = mark < 0 ? sent : sent.slice(0, mark);
  const query = mark < 0 ? '' : sent.slice(mark + 1);
  return { path: path === '' ? '/' : path, query: query === '' ? null : query };
}

const HOST_HEADER = /(?<![\w-])(?:Host|:authority):\s{0,4}(\[[\da-f:]{2,45}\]|[\w.-]{1,255})/gi;

/** Gives request lines the host of their `Host:` line: the next one before the next request, else the last one before. */
function addHosts(text: string, targets: readonly Target[]): void {
  const requests = targets.filter((target) => target.requestLine);
  const hosts = [...text.matchAll(HOST_HEADER)].map((match) => ({ at: match.index, host: match[1]!.toLowerCase() }));
  let next = 0;
  requests.forEach((request, i) => {
    while (next < hosts.length && hosts[next]!.at < request.end) next++;
    const after = hosts[next];
    const before = hosts[next - 1];
    const until = Math.min(requests[i + 1]?.start ?? Infinity, request.end + HOST_REACH);
    const from = Math.max(requests[i - 1]?.end ?? 0, request.start - HOST_REACH);
    if (after !== undefined && after.at < until) request.host = after.host;
    else if (before !== undefined && before.at >= from) request.host = before.host;
    else request.host = proxiedHost(text, request.end);
  });
}

/** What stands behind the request in Envoy's access log: status, flags, ..., then the host asked for and the one it went to. */
const ENVOY_COLUMNS =
  /^ {0,4}HTTP\/[\d.]{1,4}" \d{3} [^\n]*"((?:[\w-]{1,63}\.){1,8}[\w-]{1,63})(?::\d{1,5})?" "(?:[\d.]{7,15}|\[[\da-f:]{2,45}\]):\d{1,5}"\s*$/;

function proxiedHost(text: string, end: number): string | null {
  const feed = text.indexOf('\n', end);
  const columns = text.slice(end, Math.min(feed < 0 ? text.length : feed, end + HOST_REACH));
  return ENVOY_COLUMNS.exec(columns)?.[1]?.toLowerCase() ?? null;
}

const METHOD_FIELD = new RegExp(
  `(?<![a-z])(?:request[_-]?)?method\\\\?["']?\\s{0,4}[:=]\\s{0,4}\\\\?["']?(${METHOD})\\b`,
  'gi',
);

/** Gives the methods of fields (`"method":"POST"`) to the nearest target that has none. */
function addMethods(text: string, targets: readonly Target[]): void {
  let next = 0;
  for (const match of text.matchAll(METHOD_FIELD)) {
    while (next < targets.length && targets[next]!.start < match.index) next++;
    const near = nearest(match.index, match.index + match[0].length, targets[next - 1], targets[next], REACH);
    if (near !== null) near.method ??= match[1]!.toUpperCase();
  }
}

function nearest(
  start: number,
  end: number,
  before: Target | undefined,
  after: Target | undefined,
  reach: number,
): Target | null {
  const back = before === undefined ? Infinity : start - before.end;
  const ahead = after === undefined ? Infinity : after.start - end;
  if (Math.min(back, ahead) > reach) return null;
  return (back <= ahead ? before : after) ?? null;
}

// --------------------------------------------------------------------------------------------------------- statuses

const FAILED_IN_PARENTHESES =
  /(?:failed|error|denied|invalid|expired|refused|unauthori[sz]ed|[.:]\s{1,4}|[.:]\n\s{0,40})\s{0,40}\($/i;

const NO_HTTP_BEFORE = /(?:SQL\s?(?:error|state|code)|LDAP|SMTP|ORA|exit(?:ed)?|errno|port)\b[\w :=()-]{0,40}$/i;
const KEY = '(?:https?[._-]?)?(?:response[._-]?)*(?:status(?:[_-]?code)?|response[_-]?code)';
const FIELD_BEFORE = new RegExp(
  `(?<![\\w?&-])(?:[\\w-]{1,20}\\.){0,3}${KEY}(?:\\\\?["']\\s{0,8}:\\s{0,8}\\\\?["']?|=\\\\?["']?)$`,
  'i',
);
/** As Node prints the properties of an error: a line of its own. */
const PROPERTY_BEFORE = new RegExp(`(?:^|[\\n{,])\\s{0,16}${KEY}:\\s{1,4}$`, 'i');
const PHRASE_BEFORE = new RegExp(
  `(?:${[
    // HTTP/1.1 401, HTTP 401, HTTP status 401, HTTP error code: 401, HTTP/1.1" 401 (access log: this number, not the next)
    'HTTPS?(?:\\/\\d(?:\\.\\d)?)?["\'\\]]{0,2}(?:\\s{1,4}(?:error|status|response))?(?:\\s{1,4}code)?\\s{0,2}[:=]?\\s{1,40}["\']?',
    // status code 401, status: 401, status was 409, status of 401, status code - 410
    '(?:status|response)[\\s_-]{0,2}code(?:\\s{1,4}(?:is|was|of|during the request))?\\s{0,4}[:=-]?\\s{0,4}[\'"]?',
    'status(?:\\s{1,4}(?:is|was|of))?\\s{0,4}[:=-]?\\s{1,4}[\'"]?',
    'status:',
    // returned 401, answered with 401, got a 401, received response 401
    '(?:returned|returns|answered|responded|replied|got|received|response|answer)(?:\\s{1,4}(?:with|an?|http|status|code|error|response|unexpected))*\\s{0,2}[:=-]?\\s{1,40}',
    // -> 401
    '(?:->|=>|→)\\s{0,8}',
    'indicate success:\\s{1,4}',
  ].join('|')})$`,
  'i',
);
/** `failed with 401`, `failed: 401`, `Client error - 403`, `returned error: 403`; not the level `ERROR 401`. */
const FAILED_BEFORE =
  /(?:[Ff]ailed|[Ff]ailure|[Ee]rror|[Rr]ejected|[Rr]efused)(?:\s{1,4}(?:with|by|HTTP|http|status|response|code|error))*\s{0,2}[:=-]?\s{1,4}$/;
const BODY_AFTER = /^\s{1,4}\{\s?\\?["$]/;
const BETWEEN_URL_AND_STATUS = /^["'\])}>]{0,3}(?:\s{1,4}HTTP\/[\d.]{1,4}["']?)?\s{0,2}[:=|-]{0,2}\s{1,40}$/;
const END_AFTER = /^(?:$|\s*$|[ \t]{0,4}(?:\n|["'({[,;:.|-])|[ \t]{1,4}[A-Z])/;

/** Statuses that are words: git and JGit, and the names of .NET. */
const WORDED =
  /: not authorized\b|\bgit-(?:upload|receive)-pack not permitted(?: on)?\b|\bAuthentication failed for (?=\\{0,4}["'<(‘“]?https?:)|\b(?:HTTP status|HTTP response code|Status ?Code)\s{0,2}[:=]\s{0,2}([A-Za-z]{4,40})\b/gi;

function findStatuses(text: string, targets: readonly Target[], spans: readonly Span[]): Status[] {
  const statuses = [...numberedStatuses(text, targets, spans), ...wordedStatuses(text, targets)];
  return statuses.sort((a, b) => a.start - b.start);
}

function numberedStatuses(text: string, targets: readonly Target[], spans: readonly Span[]): Status[] {
  const statuses: Status[] = [];
  let span = 0;
  let next = 0;
  for (const { index: start, 0: digits } of text.matchAll(NUMBER)) {
    while (span < spans.length && spans[span]!.end <= start) span++;
    if (span < spans.length && spans[span]!.start <= start) continue;
    while (next < targets.length && targets[next]!.end <= start) next++;
    const field = statusKind(text, start, Number(digits), targets[next - 1]);
    if (field !== null) statuses.push({ start, end: start + 3, code: Number(digits), field: field === 'field' });
  }
  return statuses;
}

function statusKind(text: string, start: number, code: number, target: Target | undefined): 'field' | 'phrase' | null {
  const before = text.slice(Math.max(0, start - WINDOW), start);
  const after = text.slice(start + 3, start + 3 + WINDOW);
  if (UNIT_AFTER.test(after)) return null;
  if (FIELD_BEFORE.test(before)) return 'field';
  if (PROPERTY_BEFORE.test(before) && /^\s{0,4}(?:[,\n}]|$)/.test(after)) return 'field';
  if (NO_HTTP_BEFORE.test(before)) return null;
  const said =
    PHRASE_BEFORE.test(before) ||
    FAILED_BEFORE.test(before) ||
    reasonFollows(code, after) ||
    (after.startsWith(')') && inParentheses(code, before, after)) ||
    BODY_AFTER.test(after) ||
    (target !== undefined && standsBehind(text, target, start, after));
  return said ? 'phrase' : null;
}

/** `401 Unauthorized`, `401 (Unauthorized)`, `401 - Unauthorized`, `401 UNAUTHORIZED`, `401 Client Error`. */
function reasonFollows(code: number, after: string): boolean {
  const gap = /^(?:[ \t]{1,8}|[ \t]{0,8}\n[ \t]{1,40}|(?=:))[-–:]?[ \t]{0,4}[([]?[ \t]?/.exec(after);
  if (gap === null) return false;
  const text = after.slice(gap[0].length, gap[0].length + MAX_REASON + 8);
  if (!/^[a-z]/i.test(text)) return false;
  const words = letters(text);
  if (words.startsWith(code < 500 ? 'clienterror' : 'servererror')) return code >= 400;
  return reasonsOf(code).some((reason) => words.startsWith(reason));
}

/** `Unauthorized (401)`, `Failed request: (401)`, `(401) Unauthorized`. */
function inParentheses(code: number, before: string, after: string): boolean {
  if (!before.endsWith('(')) return false;
  return FAILED_IN_PARENTHESES.test(before) || reasonPrecedes(code, before) || reasonFollows(code, after.slice(1));
}

function reasonPrecedes(code: number, before: string): boolean {
  const words = letters(before);
  return reasonsOf(code).some((reason) => words.endsWith(reason));
}

/** `https://host/path 401` and `GET https://host/path: 403 Some text`. */
function standsBehind(text: string, target: Target, start: number, after: string): boolean {
  return (
    start - target.end <= WINDOW && BETWEEN_URL_AND_STATUS.test(text.slice(target.end, start)) && END_AFTER.test(after)
  );
}

function wordedStatuses(text: string, targets: readonly Target[]): Status[] {
  const ends = new Set(targets.map((target) => target.end));
  const statuses: Status[] = [];
  for (const match of text.matchAll(WORDED)) {
    const [phrase, name] = match;
    if (phrase.startsWith(':') && !ends.has(match.index)) continue;
    const code = wordedCode(phrase, name);
    const end = match.index + phrase.length - (phrase.endsWith('for ') ? 'for '.length : 0);
    if (code !== undefined) statuses.push({ start: match.index, end, code, field: false });
  }
  return statuses;
}

function wordedCode(phrase: string, name: string | undefined): number | undefined {
  if (name !== undefined) return CODE_BY_NAME.get(name.toLowerCase());
  return phrase.startsWith('git-') ? 403 : 401;
}

// ---------------------------------------------------------------------------------------------------------- pairing

/** Words that bind a status to the target that they announce. */
const ANNOUNCES = /(?:\burl|request for|\bfrom|\bon|\bto|\bfor|\bhook at|calling|requesting|accessing)\W{0,8}$/i;

function pair(text: string, targets: readonly Target[], statuses: readonly Status[]): HttpFailure[] {
  const places = placesOf(targets, statuses);
  const answered = new Set(places.map((place) => place.before));
  const codes = new Map<Target, Set<number>>();
  const failures = new Map<string, HttpFailure>();
  for (const place of places) {
    const { status, before } = place;
    const target = choose(text, place, answered, codes);
    if (target === null) continue;
    if (target === before || !answered.has(target)) remember(codes, target, status.code);
    if (!isFailure(status.code)) continue;
    const failure = toFailure(status.code, target);
    failures.set(JSON.stringify(failure), failure);
    if (failures.size === MAX_FAILURES) break;
  }
  return [...failures.values()];
}

/** A status between the targets around it. */
interface Place {
  readonly status: Status;
  readonly before: Target | null;
  readonly after: Target | null;
}

function placesOf(targets: readonly Target[], statuses: readonly Status[]): Place[] {
  let next = 0;
  return statuses.map((status) => {
    while (next < targets.length && targets[next]!.end <= status.start) next++;
    return { status, before: targets[next - 1] ?? null, after: targets[next] ?? null };
  });
}

/**
 * A target before the status wins over one after it, unless the phrase announces the latter, or the former already has
 * another status. A field takes the nearer one, but not one that has a status of its own behind it.
 */
function choose(
  text: string,
  { status, before, after }: Place,
  answered: ReadonlySet<Target | null>,
  codes: ReadonlyMap<Target, ReadonlySet<number>>,
): Target | null {
  const reach = status.field ? Infinity : REACH;
  const back = before !== null && status.start - before.end <= reach ? before : null;
  const ahead = after !== null && after.start - status.end <= reach ? after : null;
  if (ahead !== null && announced(text, status, ahead)) return ahead;
  if (back === null) return ahead;
  const known = codes.get(back);
  const aheadIsFree = ahead !== null && !answered.has(ahead);
  if (known === undefined || known.has(status.code))
    return status.field && aheadIsFree ? closer(status, back, ahead) : back;
  if (aheadIsFree) return ahead;
  return [...known].every(isFailure) ? back : null;
}

/** `100 Continue` is no answer; more than a handful of answers of one target say nothing new. */
function remember(codes: Map<Target, Set<number>>, target: Target, code: number): void {
  if (code < 200) return;
  const known = codes.get(target) ?? new Set();
  if (known.size < 8) codes.set(target, known.add(code));
}

function announced(text: string, status: Status, target: Target): boolean {
  return target.start - status.end <= 2 * WINDOW && ANNOUNCES.test(text.slice(status.end, target.start));
}

function closer(status: Status, before: Target, after: Target): Target {
  return status.start - before.end <= after.start - status.end ? before : after;
}

/** Redirects count, and so does 203: Azure DevOps answers with a sign-in page that way. */
function isFailure(code: number): boolean {
  return code === 203 || code >= 300;
}

function toFailure(status: number, target: Target): HttpFailure {
  return { status, method: target.method, host: target.host, path: target.path, query: target.query };
}
