/**
 * [I/O] One address that bodies are posted to. It follows no redirection, always verifies certificates, and names itself
 * by scheme, host and port alone, as everything else in an address may be a secret.
 */
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { VERSION } from '../version.js';

/** Why a body was not taken. `refused`: this body alone, others may pass; `failed`: the endpoint as it is takes none. */
export interface Rejection {
  readonly kind: 'refused' | 'failed';
  /** Goes on behind the endpoint's name: `answers 500`. */
  readonly reason: string;
  readonly remedy: string;
  /** Milliseconds that the endpoint wants not to be asked again; null if it does not say. */
  readonly retryAfter: number | null;
}

export type Answer = { readonly kind: 'taken' } | Rejection;

/** What is read of an answer, before it is dropped. */
const MAX_ANSWER = 64 * 1024; // bytes

export class Endpoint {
  /** `https://hooks.example.com:8443`. */
  readonly name: string;
  /** Whether others on the way can read what is sent. */
  readonly isExposed: boolean;
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;

  /** @throws Error that says what is wrong, without the address */
  constructor(address: string, contentType: string) {
    const url = toUrl(address);
    this.name = url.origin;
    this.isExposed = url.protocol === 'http:' && !isLoopback(url.hostname);
    this.#headers = { 'content-type': contentType, 'user-agent': `logscan/${VERSION}`, ...authorization(url) };
    url.username = '';
    url.password = '';
    this.#url = url;
  }

  /** Whatever the endpoint does is an answer. An abort means that the time is up. */
  post(body: string, signal: AbortSignal): Promise<Answer> {
    const bytes = Buffer.from(body);
    const request = this.#url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((resolve) => {
      const sent = request(this.#url, {
        method: 'POST',
        headers: { ...this.#headers, 'content-length': bytes.length },
        agent: false, // one connection each: one that was kept may be closed just when it is used again
        rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
        signal,
      });
      let isAnswered = false;
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (!isAnswered) resolve(failed(error, signal.aborted)); // else the status stands, whatever becomes of the rest
      });
      sent.on('response', (response) => {
        isAnswered = true;
        drop(response, () => resolve(answerOf(response.statusCode!, response.headers)));
      });
      sent.end(bytes);
    });
  }
}

/** Reads an answer as far as it is bounded. */
function drop(response: IncomingMessage, onEnd: () => void): void {
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_ANSWER) response.destroy();
  });
  response.on('error', () => {});
  response.on('close', onEnd);
}

function toUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null)
    throw new Error('the address of a webhook is no URL: expected one like https://hooks.example.com/...');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    // In jdoe:password@example.com the name would be the scheme.
    const found = url.href.startsWith(`${url.protocol}//`) ? `begins with ${url.protocol}//` : 'begins otherwise';
    throw new Error(`the address of a webhook ${found}, expected https:// or http://`);
  }
  return url;
}

function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
}

/** A client may send no user info in an address; what it stands for is a header. */
function authorization({ username, password }: URL): { authorization?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone %
  }
}

/** Client errors that will pass. */
const PASSING = [408, 425, 429];

function answerOf(status: number, headers: IncomingHttpHeaders): Answer {
  if (status >= 200 && status < 300) return { kind: 'taken' };
  const isRefusal = status >= 400 && status < 500 && !PASSING.includes(status);
  const isRedirection = status >= 300 && status < 400;
  return {
    kind: isRefusal ? 'refused' : 'failed',
    reason: `answers ${status}${isRedirection ? ', a redirection, which is not followed' : ''}`,
    remedy: isRedirection
      ? 'give the address that it leads to'
      : (REMEDIES[status] ?? 'look into the log of its server'),
    retryAfter: retryAfterOf(headers),
  };
}

const REMEDIES: Readonly<Record<number, string>> = {
  400: 'check that it takes this format (--webhook-format)',
  401: 'check the credentials in its address',
  403: 'check the credentials in its address',
  404: 'check its address',
  405: 'check its address: it must take POST',
  407: 'check its address: a proxy answers in its place',
  410: 'it is there no more; give the address of another one',
  413: 'let its server take larger bodies',
  415: 'check that it takes this format (--webhook-format)',
  429: 'it asks to be sent less at a time',
};

/** Seconds or a date, which is held against the date of the answer: clocks differ. */
function retryAfterOf({ 'retry-after': value, date }: IncomingHttpHeaders): number | null {
  if (value === undefined) return null;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  const now = date === undefined ? Date.now() : Date.parse(date);
  return Number.isNaN(until) || Number.isNaN(now) ? null : Math.max(0, until - now);
}

/** By the code of the error; its message may hold anything. */
const FAILURES: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  ECONNREFUSED: ['refuses the connection', 'check that its server runs, and its port'],
  ENOTFOUND: ['has a name that nobody knows', 'check its address and the name service of this machine'],
  EAI_AGAIN: ['has a name that cannot be looked up now', 'check the name service of this machine'],
  ECONNRESET: ['closes the connection without an answer', 'look into the log of its server'],
  EPIPE: ['closes the connection without an answer', 'look into the log of its server'],
  ETIMEDOUT: ['cannot be reached', 'check the network and its firewalls'],
  EHOSTUNREACH: ['cannot be reached', 'check the network and its firewalls'],
  ENETUNREACH: ['cannot be reached', 'check the network and its firewalls'],
  EPROTO: ['does not speak TLS', 'check its address: https or http, and its port'],
};

function failed({ code = 'unknown error' }: NodeJS.ErrnoException, isTimedOut: boolean): Answer {
  const [reason, remedy] = isTimedOut
    ? (['does not answer in time', 'check its server and the network'] as const)
    : why(code);
  return { kind: 'failed', reason: isTimedOut ? reason : `${reason} (${code})`, remedy, retryAfter: null };
}

function why(code: string): readonly [reason: string, remedy: string] {
  const known = FAILURES[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return ['answers what is no HTTP', 'check its address: https or http, and its port'];
  if (code.startsWith('ERR_SSL_')) return FAILURES.EPROTO!;
  if (/CERT|SIGNED|SIGNATURE|ISSUER|ERR_TLS/.test(code))
    return [
      'has a certificate that is not trusted',
      'renew it or, if an authority of your own signed it, name that in NODE_EXTRA_CA_CERTS',
    ];
  return ['cannot be reached', 'check its address and the network'];
}
