/**
 * Where a text names people and machines: mail addresses, users, hosts, IP addresses. Known by what they look like, and by where
 * they stand (personal-kinds.ts). What everybody has (`localhost`, `127.0.0.1`, `anonymous`, github.com) names nobody.
 */
import { maskedRanges } from '../model/masked.js';
import { canonicalIp, IPV4, IPV6, isVersion } from './addresses.js';
import { fieldFinder } from './fields.js';
import { isHostName, isHostShape } from './hosts.js';
import { PERSONAL, PERSONAL_FIELDS, type PersonalKind } from './personal-kinds.js';
import { apart, matchesOf, type Span } from './spans.js';
import { unescaped, viewsOf } from './views.js';

/** A name at its place. */
export interface NameFound extends Span {
  readonly kind: PersonalKind;
  /** One spelling for all ways to print it. */
  readonly value: string;
}

const findFields = fieldFinder(PERSONAL_FIELDS);

/** The names in a text and in what is escaped in it, in order, apart from each other and from what is masked already. */
export function namesIn(text: string): NameFound[] {
  const found: NameFound[] = [];
  for (const view of viewsOf(text)) {
    for (const { start, end, ...name } of namesOf(view.text)) found.push({ ...view.placeOf(start, end), ...name });
  }
  return found.length === 0 ? found : apart(found, maskedRanges(text));
}

function namesOf(text: string): NameFound[] {
  const found: NameFound[] = [];
  /** Characters that are decided on, also where they name nobody. */
  let taken: Uint8Array | null = null;
  const take = (kind: string, start: number, end: number, isShape = false) => {
    taken ??= new Uint8Array(text.length);
    if (taken.subarray(start, end).includes(1)) return;
    const name = nameAt(kind, text.slice(start, end), isShape);
    taken.fill(1, start, end);
    if (name !== null) found.push({ ...name, start: start + name.start, end: start + name.end });
  };
  for (const { needs, pattern, isShape = false } of PERSONAL) {
    if (!needs.some((one) => text.includes(one))) continue;
    for (const match of matchesOf(pattern, text)) {
      for (const [group, place] of Object.entries(match.indices!.groups!))
        if (place !== undefined) take(group.replace(/\d$/, ''), ...place, isShape);
    }
  }
  for (const { start, end, kind } of findFields(text)) take(kind, start, end);
  for (const { index, 0: printed } of addressesIn(text)) {
    const end = index + printed.length;
    if (!isVersion(text, index, end)) take('ip', index, end);
  }
  return found;
}

function* addressesIn(text: string): Generator<RegExpExecArray> {
  if (text.includes(':')) yield* matchesOf(IPV6, text); // which may end in one of the other kind
  if (/\d\.\d/.test(text)) yield* matchesOf(IPV4, text);
}

/** What is printed at a place where a name of a kind may stand: the name, and where in it it begins and ends; null if it names nobody. */
export function nameAt(kind: string, printed: string, isShape = false, from = 0): NameFound | null {
  const start = from + /^[\s.]*/.exec(printed.slice(from))![0].length;
  const end = start + printed.slice(start).replace(/[\s.,;:!?]+$/, '').length;
  const name = unescaped(printed.slice(start, end));
  const account = SERVICE_ACCOUNT.exec(name)?.[0].length ?? 0;
  if (account > 0) return nameAt('host', printed.slice(0, end), isShape, start + account);
  if (MAIL.test(name)) return NO_MAIL.test(name) ? null : { start, end, kind: 'mail', value: name.toLowerCase() };
  if (kind === 'domain')
    return {
      start,
      end,
      kind: 'host',
      value: name
        .replace(/,? ?DC=/gi, '.')
        .slice(1)
        .toLowerCase(),
    };
  const port = kind === 'user' ? '' : (/^[^:]+(:\d{1,5})$/.exec(name)?.[1] ?? '');
  const bare = name.slice(0, name.length - port.length);
  if (isIp(bare) || kind === 'ip') {
    const value = canonicalIp(bare);
    return value === null ? null : { start, end: end - port.length, kind: 'ip', value };
  }
  if (kind === 'host') {
    if (!(isShape ? isHostShape(bare) : isHostName(bare))) return null;
    return { start, end: end - port.length, kind, value: bare.toLowerCase().replace(/\.$/, '') };
  }
  const value = name.replace(/^[A-Z][A-Z0-9-]{0,14}\\+/, '').toLowerCase();
  return isUserName(value) ? { start, end, kind: 'user', value } : null;
}

const MAIL = /^[\p{L}\p{N}_.+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}$/u;
/** What logs in everywhere under one name says nothing but its host. */
const SERVICE_ACCOUNT = /^(?:git|hg|svn|ssh)@/;
/** Extensions of protocols are named so. */
const NO_MAIL = /@(?:openssh\.com|libssh\.org|lysator\.liu\.se)$/i;

function isIp(text: string): boolean {
  return (
    /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) || (/^[0-9a-f:.]{3,45}(?:%\w{1,16})?$/i.test(text) && /:.*:/.test(text))
  );
}

/** What stands in the place of a user, or behind the word in a sentence; and what is meant where a service has a name. */
const NOBODY =
  /^(?:anonymous|anon|null|none|nil|undefined|unknown|nobody|true|false|yes|no|n\/?a|me|self|current|any|all|everyone|users?|user-?name|names?|id|ids|key|keys|login|directory|directories|account|accounts|object|management|manager|picker|search|list|groups?|avatar|properties|profile|permission|permissions|session|details|data|info|count|roles?|agent|interface|input|error|type|types|is|was|has|had|who|whose|that|which|with|without|and|or|in|on|of|to|from|for|by|as|the|an?|this|not|does|did|cannot|can|could|must|may|should|will|be|been|before|after|if|when|while|because|then|so|but|at|into|under|during|via|using|over|again|also|only|now|still|already|since|until|whether|there|here|more|other|another|each|every|no|one|two|first|last|new|existing|given|same|are|were|git|hg|svn|ssh|sysdba|assignable|viewissue|columns|password|application|bulk|email|local|bin|share|lib|src|include|sbin)$/;
const CODE =
  /^(?:com|org|net|io|java|javax|jakarta|sun|jdk|kotlin|scala|class|interface)[.\s]|::|^\d+(?:\.\d+)?[a-z%]{0,3}$|^[{<$%(]|[{}<>=$]|:\/\//;

/** @param name in lower case */
function isUserName(name: string): boolean {
  return name.length >= 2 && name.length <= 128 && /\p{L}/u.test(name) && !NOBODY.test(name) && !CODE.test(name);
}
