/**
 * The table of everything that is masked, by kind: what it looks like, or what stands before it. Where something new is to be
 * masked, it gets its line here.
 */
import type { FieldKind } from './fields.js';
import { START } from './spans.js';
import { readAuthorization, readCookies, readSession, readToken, readValue } from './values.js';

/** A secret that is known by its own shape. */
export interface Shape {
  readonly kind: string;
  /** Texts without one of which the pattern need not be tried, which takes longer; or what tells that of a text. */
  readonly needs: readonly string[] | ((text: string) => boolean);
  /** The secret is the group `secret`; without one it is the whole match. */
  readonly pattern: RegExp;
}

/** Secrets in addresses, elements and options; looked for first, as what they hold may look like something else. */
export const URLS: readonly Shape[] = [
  { kind: 'url-password', needs: ['@'], pattern: /:\\?\/\\?\/[^\s:/?#@"'<>[\]\\]{0,256}:(?<secret>[^\s/?#"'<>\\]+)@/g },
  {
    kind: 'url-password',
    needs: ['@'],
    pattern: /jdbc:oracle:[a-z]{1,8}:[^\s/@"'<>\\]{1,128}\/(?<secret>[^\s/@"'<>\\]+)@/gi,
  },
  {
    kind: 'password',
    needs: ['</'],
    pattern: /<(?:[\w:.-]{0,64}(?:password|passwd|passphrase|secret|pwd))(?:\s[^<>]{0,256})?>(?<secret>[^<>]+)<\//gi,
  },
  // What Bamboo could not decrypt is told as it is, in clear text.
  {
    kind: 'password',
    needs: ['ncrypted data format'],
    pattern: /[Uu]nknown encrypted data format: \[(?<secret>[^\]\n]+)\]/g,
  },
  // The path is the key: whoever knows it can write there.
  { kind: 'webhook', needs: ['hooks.slack'], pattern: /hooks\.slack\.com\\?\/services\\?\/(?<secret>[\w\\/]{20,})/g },
  {
    kind: 'webhook',
    needs: ['webhookb2'],
    pattern: /webhook\.office\.com\\?\/webhookb2\\?\/(?<secret>[\w@\\/-]{40,})/g,
  },
  {
    kind: 'token',
    needs: ['</'],
    pattern: /<(?:[\w:.-]{0,64}(?:token|api-?_?key))(?:\s[^<>]{0,256})?>(?<secret>[^<>]+)<\//gi,
  },
  {
    kind: 'password',
    needs: ['-'],
    pattern:
      /(?<![\w-])--?(?:[\w-]{0,32}-)?(?:password|passwd|passphrase|secret) ["']?(?<secret>[^\s"'`<>;|&\\-][^\s"'`<>;|&\\]*)/gi,
  },
  {
    kind: 'token',
    needs: ['--'],
    pattern: /(?<![\w-])--(?:[\w-]{0,32}-)?(?:token|pat|api-?key) ["']?(?<secret>[^\s"'`<>;|&\\-][^\s"'`<>;|&\\]*)/gi,
  },
];

function token(kind: string, needs: Shape['needs'], source: string): Shape {
  return { kind, needs, pattern: new RegExp(START + source, 'g') };
}

/** Of the characters of base32 an old token of Azure DevOps has 52. */
const BASE32_LENGTH = 52;

function isBase32(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 50 && code <= 55);
}

/** Whether so many of them follow each other: then one of them stands at a multiple of 52. */
function holdsBase32(text: string): boolean {
  for (let at = BASE32_LENGTH - 1; at < text.length; at += BASE32_LENGTH) {
    let start = at;
    let end = at;
    while (end - start < BASE32_LENGTH && isBase32(text.charCodeAt(end))) end++;
    while (end - start < BASE32_LENGTH && end > at && isBase32(text.charCodeAt(start - 1))) start--;
    if (end - start >= BASE32_LENGTH) return true;
  }
  return false;
}

/** Tokens that tell what they are. */
export const TOKENS: readonly Shape[] = [
  token('azure-devops-token', holdsBase32, '[a-z2-7]{52}(?![\\w-])'),
  token('azure-devops-token', ['AZDO'], '(?=[A-Za-z0-9]{0,80}AZDO)[A-Za-z0-9]{84}(?![\\w-])'),
  token('github-token', ['gho_', 'ghp_', 'ghs_', 'ghu_', 'ghr_'], 'gh[opsur]_[A-Za-z0-9]{10,}'),
  token('github-token', ['github_pat_'], 'github_pat_\\w{10,}'),
  token('gitlab-token', ['gl'], 'gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat)-[\\w-]{10,}(?:\\.\\w{2}\\.\\w{7,})?'),
  token('slack-token', ['xox', 'xapp-'], '(?:xox[a-z]|xapp)-[\\w-]{8,}'),
  token('atlassian-token', ['ATATT', 'ATCTT', 'ATBB'], 'AT(?:ATT|CTT|BB)[\\w-]{20,}(?:=[0-9A-F]{8})?'),
  token('bitbucket-token', ['BBDC-'], 'BBDC-[\\w+/@-]{30,}'),
  token('azure-secret', ['Q~'], '[\\w~.-]{3}\\dQ~[\\w~.-]{31,34}(?![\\w~.-])'),
  token('npm-token', ['npm_'], 'npm_[A-Za-z0-9]{36}(?![\\w-])'),
  token('vault-token', ['hvs.', 'hvb.', 'hvr.'], 'hv[sbr]\\.[\\w-]{24,}'),
  token('jwt', ['eyJ'], 'eyJ[\\w-]{4,}\\.[\\w-]{2,}\\.[\\w-]*(?:\\.[\\w-]{8,}\\.[\\w-]{8,})?'),
  token('aws-access-key', ['AKIA', 'ASIA'], '(?:AKIA|ASIA)[A-Z0-9]{16}(?![\\w-])'),
  token('google-api-key', ['AIza'], 'AIza[\\w-]{30,}'),
  {
    kind: 'authorization', // a header value without its header
    needs: ['asic ', 'earer ', 'ASIC ', 'EARER '],
    pattern: /(?<!\w)(?:Basic|Bearer) (?=[\w.~+/-]{0,200}\d)(?<secret>[\w.~+/-]{16,}={0,2})(?![\w.~+/=:-])/gi,
  },
];

/** Secrets behind names. */
export const FIELDS: readonly FieldKind[] = [
  { kind: 'authorization', name: '(?<![\\w.])(?:proxy-)?authorization', read: readAuthorization },
  { kind: 'authorization', name: 'x-api-key|(?:private|job|x-auth|x-vault)-token', read: readValue },
  { kind: 'remember-me', name: 'seraph\\.rememberme\\.cookie', read: readValue },
  { kind: 'cookie', name: '(?<![\\w.])(?:set-)?cookie2?', read: readCookies },
  { kind: 'session-id', name: 'jsessionid', read: readSession },
  { kind: 'session-id', name: 'session[-_ ]?id', read: readToken },
  { kind: 'xsrf-token', name: 'atl_token|atlassian\\.xsrf\\.token', read: readValue },
  { kind: 'crowd-token', name: 'crowd\\.token_key', read: readValue },
  { kind: 'sas-signature', name: '(?<=[?&;]|%26|\\\\u0026)sig', read: readValue },
  { kind: 'aws-signature', name: 'x-amz-signature', read: readValue },
  { kind: 'aws-secret-key', name: '(?:aws_)?secret[-_]?access[-_]?key', read: readValue },
  { kind: 'azure-key', name: 'sharedaccesskey|accountkey', read: readValue },
  { kind: 'password', name: 'password|passwd|passphrase|pwd|(?:store|key|_)pass', read: readValue },
  { kind: 'api-key', name: 'api[-_ .]?key', read: readValue },
  { kind: 'secret', name: 'secret(?:[-_]?key)?', read: readValue },
  { kind: 'token', name: 'token', read: readToken },
];
