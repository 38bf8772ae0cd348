/** Why a rule matches a record, or why it does not: every condition with what was wanted and what was found. */
import type { HttpFailure } from '../model/http-failure.js';
import type { LogRecord } from '../model/log-record.js';
import { originName } from '../model/origin.js';
import type { Condition, HttpCondition, ThrowableCondition } from '../model/rule.js';
import { type CaptureList, type Test, toTest } from './conditions.js';
import { globTest } from './glob.js';
import { templateTest } from './template.js';

type Mask = (text: string) => string;

/** One condition, asked of one record. */
export interface Reason {
  readonly holds: boolean;
  /** How deep it stands in the rule. */
  readonly depth: number;
  /** The condition in short: `http.status`, `marker gij/gij`, `any of`. */
  readonly label: string;
  /** What was wanted and found. */
  readonly detail: string;
}

/** @param mask takes secrets out of what is quoted, before it is shortened */
export function reasonsFor(condition: Condition, record: LogRecord, mask: Mask = (text) => text): Reason[] {
  const reasons: Reason[] = [];
  explain(condition, record, mask, 0, reasons);
  return reasons;
}

/** The first reason why it does not match, in half a sentence; null if it does. */
export function firstFailure(condition: Condition, record: LogRecord): string | null {
  const holds = (one: Condition) => toTest(one, new Map())(record, []);
  if (holds(condition)) return null;
  switch (condition.kind) {
    case 'all':
      return firstFailure(condition.of.find((child) => !holds(child))!, record);
    case 'any':
      return firstFailure(condition.of[0]!, record);
    case 'none': {
      const there = reasonsFor(condition.of.find(holds)!, record).find((reason) => reason.holds);
      return `none of: ${there?.label}: ${there?.detail}`;
    }
    default: {
      const { label, detail } = reasonsFor(condition, record).find((reason) => !reason.holds)!;
      return `${label}: ${detail}`;
    }
  }
}

function explain(condition: Condition, record: LogRecord, mask: Mask, depth: number, reasons: Reason[]): void {
  const test: Test = toTest(condition, new Map());
  const captures: CaptureList = [];
  const holds = test(record, captures);
  const add = (label: string, detail: string) => reasons.push({ holds, depth, label, detail });
  switch (condition.kind) {
    case 'all':
    case 'any':
    case 'none': {
      // The outermost `all` says nothing that its parts do not say.
      if (depth > 0 || condition.kind !== 'all') add(`${condition.kind} of`, `${condition.of.length} conditions`);
      const inner = depth > 0 || condition.kind !== 'all' ? depth + 1 : depth;
      for (const child of condition.of) explain(child, record, mask, inner, reasons);
      return;
    }
    case 'marker':
      add(
        `marker ${condition.name}`,
        holds ? (quoteOf(condition.condition, record, mask) ?? 'is there') : 'none of its texts is in the record',
      );
      return;
    case 'text':
      add(
        'text',
        holds
          ? quote(condition.literals.find((literal) => record.text.includes(literal))!)
          : `${condition.literals.map(quote).join(' or ')} is not in the record`,
      );
      return;
    case 'pattern':
      add(
        'pattern',
        holds ? (quoteOf(condition, record, mask) ?? '') : `/${shortened(condition.source)}/ is not in the record`,
      );
      return;
    case 'level':
      add('level', `wanted ${condition.levels.join(' or ')}, found ${record.level ?? 'none, which passes'}`);
      return;
    case 'logger':
      add(
        'logger',
        `wanted ${condition.names.join(' or ')}, found ${record.logger === null ? 'none' : shortened(mask(record.logger))}`,
      );
      return;
    case 'file':
      add('file', `wanted ${condition.globs.join(' or ')}, found ${originName(record.origin)}`);
      return;
    case 'throwable':
      add('throwable', throwableDetail(condition.throwable, record, mask, holds, captures));
      return;
    case 'http':
      if (holds) add('http', wantedHttp(condition.http));
      else
        for (const { label, detail } of httpFailures(condition.http, record, mask))
          reasons.push({ holds: false, depth, label, detail });
  }
}

function throwableDetail(
  wanted: ThrowableCondition,
  { throwables }: LogRecord,
  mask: Mask,
  holds: boolean,
  captures: CaptureList,
): string {
  if (holds) return captures.find(([name]) => name === 'throwable.type')?.[1] ?? '';
  const asked = [
    wanted.types.join(' or '),
    wanted.message === null ? '' : `message /${shortened(wanted.message)}/`,
    wanted.frames.length > 0 ? `frame ${wanted.frames.join(' or ')}` : '',
  ];
  const place = wanted.position === 'any' ? '' : ` (${wanted.position})`;
  const found =
    throwables.length === 0
      ? 'no exception'
      : throwables
          .slice(0, 4)
          .map(({ type, message }) => `${type}${message === '' ? '' : `: ${shortened(mask(message))}`}`)
          .join(', ');
  return `wanted ${asked.filter((part) => part !== '').join(', ')}${place}, found ${found}`;
}

/** What keeps the closest of the record's HTTP failures from being the wanted one. */
function httpFailures(wanted: HttpCondition, record: LogRecord, mask: Mask): { label: string; detail: string }[] {
  if (record.httpFailures.length === 0)
    return [{ label: 'http', detail: `wanted ${wantedHttp(wanted)}, found no failed call` }];
  const all = record.httpFailures.map((failure) => differences(wanted, failure, mask));
  return all.reduce((best, next) => (next.length < best.length ? next : best));
}

function differences(
  { statuses, methods, hosts, paths }: HttpCondition,
  failure: HttpFailure,
  mask: Mask,
): { label: string; detail: string }[] {
  const found: { label: string; detail: string }[] = [];
  const check = (label: string, holds: boolean, wanted: readonly (string | number)[], have: string | number | null) => {
    if (wanted.length > 0 && !holds)
      found.push({
        label: `http.${label}`,
        detail: `found ${have === null ? 'none' : mask(String(have))}, wanted ${wanted.join(' or ')}`,
      });
  };
  const { status, method, host, path } = failure;
  check('status', statuses.includes(status), statuses, status);
  check('method', method !== null && methods.includes(method), methods, method);
  check('host', host !== null && hosts.some((glob) => globTest(glob, true)(host)), hosts, host);
  check(
    'path',
    paths.some((template) => templateTest(template)(path) !== null),
    paths,
    path,
  );
  return found;
}

function wantedHttp({ statuses, methods, hosts, paths }: HttpCondition): string {
  return [statuses.join('|'), methods.join('|'), hosts.join('|'), paths.join('|')]
    .filter((part) => part !== '')
    .join(' ');
}

/** The piece of the record that a condition of texts and patterns rests on. */
function quoteOf(condition: Condition, record: LogRecord, mask: Mask): string | null {
  switch (condition.kind) {
    case 'text': {
      const literal = condition.literals.find((text) => record.text.includes(text));
      return literal === undefined ? null : quote(literal);
    }
    case 'pattern': {
      const found = new RegExp(condition.source, 'm').exec(record.text);
      return found === null ? null : quote(mask(found[0]));
    }
    case 'all':
    case 'any':
      for (const child of condition.of) {
        const found = quoteOf(child, record, mask);
        if (found !== null) return found;
      }
      return null;
    default:
      return null;
  }
}

function quote(text: string): string {
  return `"${shortened(text)}"`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
