/**
 * A record -> the draft of a rule for it: whole, and it matches the record by what the log says in a structured way. What a
 * person has to say stands there as TODO.
 */
import { parse, Scalar, stringify } from 'yaml';
import { cut } from '../model/cut.js';
import type { HttpFailure } from '../model/http-failure.js';
import type { LogRecord } from '../model/log-record.js';
import type { Sighting } from '../model/sighting.js';
import type { Throwable } from '../model/throwable.js';

/** What is known of messages and frames, and not by rules. */
export interface Knowledge {
  /** The first line of a message, with placeholders such as `<n>` for what changes from one sighting to the next. */
  maskMessage(message: string): string;
  /** Whether a frame is of an application: not of Java, a container or a framework. */
  isAppFrame(frame: string): boolean;
}

/** @param also rules that match the record as well */
export function draftRule(id: string, seen: Sighting, also: readonly string[], knowledge: Knowledge): string {
  return `# yaml-language-server: $schema=../rule.schema.json
title: ${inline(titleOf(seen.record, knowledge))}
severity: medium            # critical, high, medium, low; info is a notice
status: experimental        # stable when it has been seen in a real log
confidence: medium          # how sure the diagnosis is when the rule matches
products: [${inline(productOf(seen.record))}]
tags: []
# As drafted from one record: take out what only this installation has.
${stringify({ match: matchOf(seen.record, knowledge) }, { lineWidth: 0 })}groupBy: []                 # captures that tell two incidents apart, such as http.host
cause: "TODO: why it happens"
solutions:
  - summary: "TODO: what to do, in one line"
    steps:
      - "TODO: the first step"
references: []              # - { title: ..., url: https://... }
notThisIf: "TODO: what looks alike and is another problem"
# Add under ignores a record that looks alike and is another problem, and say why.
${examplesText(seen, also)}# ${id}: test it with  logscan rules test <this file>
`;
}

/** A text as it stands in a line of YAML. */
function inline(text: string): string {
  return stringify(text, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' }).trimEnd();
}

/** Controls, which a block of YAML cannot say. */
const UNWRITABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;

function examplesText({ text, file }: Sighting, also: readonly string[]): string {
  const log = new Scalar(`${text}\n`);
  const written = (type: Scalar.Type) => {
    log.type = type;
    const example = { log, ...(file === null ? {} : { file }), ...(also.length === 0 ? {} : { also }) };
    return stringify({ examples: { matches: [example] } }, { lineWidth: 0 });
  };
  if (UNWRITABLE.test(text)) return written('QUOTE_DOUBLE');
  const block = written('BLOCK_LITERAL');
  return parse(block).examples.matches[0].log === log.value ? block : written('QUOTE_DOUBLE');
}

// -------------------------------------------------------------------------------------------------------- conditions

/** Shorter texts make a rule slow, and `rules check` refuses them. */
const LEAST_LITERAL = 7; // characters
const MAX_LITERAL = 100;

interface ThrowableMatch {
  readonly type: string;
  readonly message?: string;
  readonly frame?: string;
  readonly position: 'root';
}

interface HttpMatch {
  readonly status: number;
  readonly host?: string;
  readonly path?: string;
}

interface Match {
  throwable?: ThrowableMatch;
  http?: HttpMatch;
  logger?: string;
  text?: string;
}

function matchOf(record: LogRecord, knowledge: Knowledge): Match {
  const match: Match = {};
  const root = rootOf(record.throwables);
  const [failure] = record.httpFailures;
  if (root !== null) match.throwable = throwableOf(root, knowledge);
  if (failure !== undefined) match.http = httpOf(failure);
  const { type = '', message, frame } = match.throwable ?? {};
  const { host = '', path = '' } = match.http ?? {};
  const tells = root === null || message !== undefined || frame !== undefined || failure !== undefined;
  const longest = Math.max(
    ...[lastPart(type), message ?? '', host, ...path.split('*')].map((literal) => literal.length),
  );
  if (tells && longest >= LEAST_LITERAL) return match;
  if (record.logger) match.logger = record.logger;
  const text = literalOf(record.message, record.text, knowledge) ?? literalOf(record.body, record.text, knowledge);
  if (text !== null) match.text = text;
  else if (Object.keys(match).length === 0) match.text = cut(firstLine(record.text), MAX_LITERAL);
  return match;
}

/** What the first chain of causes ends in. */
function rootOf(throwables: readonly Throwable[]): Throwable | null {
  const next = throwables.findIndex(({ relation }, index) => index > 0 && relation === 'outermost');
  const chain = throwables.slice(0, next < 0 ? undefined : next);
  return chain.findLast(({ relation }) => relation !== 'suppressed') ?? null;
}

function throwableOf({ type, message, frames }: Throwable, knowledge: Knowledge): ThrowableMatch {
  const literal = literalOf(message, message, knowledge);
  if (literal !== null) return { type, message: literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), position: 'root' };
  // A class alone says little: a NullPointerException may be anywhere.
  const frame = frames
    .filter((one) => knowledge.isAppFrame(one))
    .map(methodOf)
    .find((one) => one !== null);
  return { type, ...(frame ? { frame } : {}), position: 'root' };
}

/** `app//com.acme.Sync.merge(Sync.java:88)` -> `com.acme.Sync.merge`; null if its name was made at run time. */
function methodOf(frame: string): string | null {
  const call = /^(?:at )?([^(]*)/.exec(frame)![1]!;
  const method = call.slice(call.lastIndexOf('/') + 1);
  return /^(?:[A-Za-z_]\w*\.)+(?:[A-Za-z_]\w*)$/.test(method) && !/\d{2}/.test(method) ? method : null;
}

function httpOf({ status, host, path }: HttpFailure): HttpMatch {
  const isName = host !== null && /^(?=.*[a-z])(?:[a-z\d-]+\.)+[a-z\d-]+$/.test(host);
  const template = path.split('/').map(segment).join('/');
  return { status, ...(isName ? { host } : {}), ...(template.startsWith('/') ? { path: template } : {}) };
}

/** `*` in place of what is an id, or cannot stand in a path of a rule; versions such as `1.0` stay. */
function segment(text: string): string {
  if (text === '') return text;
  const isPlain = /^[\w~%:@+,;=&$!-][\w.~%:@+,;=&$!-]*$/.test(text);
  const isId = /\d{3}|^[A-Z][A-Z\d_]+-\d+$|^[\da-f]{7,}$/i.test(text);
  return isPlain && !isId ? text : '*';
}

/** What stands in a template in place of numbers, ids, quoted values and secrets. */
const PLACEHOLDER = /'<s>'|@?<(?:host|ip|n|hex|uuid|url|path|time|date|email|key|id)>|\[masked:[a-z-]+\]/gu;
/** What a placeholder hangs on goes with it, and words with the digits that a template keeps: they may be names. */
const CHANGING = new RegExp(`(?:${PLACEHOLDER.source})\\p{L}*|\\S*\\d\\S*`, 'u');

/** The longest piece of a message that does not change, as it stands in the text; null if there is none worth it. */
function literalOf(message: string, text: string, { maskMessage }: Knowledge): string | null {
  const pieces = maskMessage(message)
    .split(CHANGING)
    .map((piece) => cut(piece, MAX_LITERAL).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''))
    .filter((piece) => piece.length >= LEAST_LITERAL && text.includes(piece));
  return pieces.length === 0 ? null : pieces.reduce((a, b) => (b.length > a.length ? b : a));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function firstLine(text: string): string {
  return text
    .split('\n')
    .find((line) => line.trim() !== '')!
    .trim();
}

// ------------------------------------------------------------------------------------------------------------- texts

const MAX_TITLE = 120; // characters

/** What the root cause says, or the record, without what changes. Braces would be taken for captures. */
function titleOf({ throwables, httpFailures, message, body }: LogRecord, { maskMessage }: Knowledge): string {
  const root = rootOf(throwables);
  const [failure] = httpFailures;
  if (root === null && failure !== undefined) {
    const { status, host, path = '/' } = httpOf(failure);
    return `${failure.method ?? 'A call of'} ${path}${host === undefined ? '' : ` at ${host}`} fails with ${status}`;
  }
  const said = [root?.message ?? '', message, body].map(maskMessage).find((text) => /\p{L}{3}/u.test(text));
  const title = (said ?? '').replace(PLACEHOLDER, '…').replace(/[{}]/g, '').replace(/\s+/g, ' ').trim();
  const short = cut(title, MAX_TITLE).trim();
  if (/\p{L}/u.test(short)) return short;
  return root === null ? 'TODO: the problem in one line' : lastPart(root.type);
}

/** Formats -> the product that prints them. */
const PRODUCTS: readonly (readonly [format: RegExp, product: string])[] = [
  [/^(?:jira|atlassian-backup)/, 'Jira'],
  [/^gij/, 'Git Integration for Jira Data Center'],
  [/^confluence/, 'Confluence'],
  [/^bitbucket/, 'Bitbucket'],
  [/^bamboo/, 'Bamboo'],
  [/^crowd/, 'Crowd'],
  [/^(?:catalina|jul-|commons-daemon|common-access)/, 'Tomcat'],
  [/^spring-boot/, 'Spring Boot'],
  [/^postgres/, 'PostgreSQL'],
  [/^sonarqube/, 'SonarQube'],
  [/^opensearch/, 'OpenSearch'],
  [/^jenkins/, 'Jenkins'],
  [/^(?:gc-|hs-err|thread-dump)/, 'Java'],
];
const ATLASSIAN = /\bcom\.atlassian\.(jira|confluence|bitbucket|bamboo|crowd)\b/;

/** Guessed from how the record is written, or from the classes in it. */
function productOf({ format, text }: LogRecord): string {
  const found = PRODUCTS.find(([pattern]) => pattern.test(format));
  if (found !== undefined) return found[1];
  const name = ATLASSIAN.exec(text)?.[1];
  return name === undefined ? 'TODO' : name[0]!.toUpperCase() + name.slice(1);
}
