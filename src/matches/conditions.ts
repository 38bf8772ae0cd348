/** A condition -> the function that asks it of a record. */
import type { LogRecord } from '../model/log-record.js';
import { originBase, originName } from '../model/origin.js';
import type { Condition, HttpCondition, ThrowableCondition } from '../model/rule.js';
import type { Throwable } from '../model/throwable.js';
import { globTest } from './glob.js';
import { classTest, frameTest, loggerTest } from './names.js';
import { templateTest } from './template.js';

/** What was captured on the way, in order; the first of a name counts. Shortened again where a branch fails. */
export type CaptureList = [name: string, value: string][];

/** Asks one record; on success what it captured is at the end of `captures`, on failure `captures` is as it was. */
export type Test = (record: LogRecord, captures: CaptureList) => boolean;

/**
 * @param markers the tests of markers that were made before, by name: rules share them
 * @param none whether it stands under `none`: there a record without level is not of that level
 */
export function toTest(condition: Condition, markers: Map<string, Test>, none = false): Test {
  const inner = (child: Condition) => toTest(child, markers, none);
  switch (condition.kind) {
    case 'all':
      return allTest(condition.of.map(inner));
    case 'any':
      return anyTest(condition.of.map(inner));
    case 'none': {
      const any = anyTest(condition.of.map((child) => toTest(child, markers, !none)));
      return (record) => !any(record, []);
    }
    case 'text': {
      const { literals } = condition;
      return (record) => literals.some((literal) => record.text.includes(literal));
    }
    case 'pattern':
      return patternTest(condition.source, (record) => record.text);
    case 'level': {
      const levels = new Set(condition.levels);
      return (record) => (record.level === null ? !none : levels.has(record.level));
    }
    case 'logger': {
      const tests = condition.names.map(loggerTest);
      return (record) => record.logger !== null && tests.some((test) => test(record.logger!));
    }
    case 'file': {
      const tests = condition.globs.map((glob) => globTest(glob));
      return (record) => tests.some((test) => test(originBase(record.origin)) || test(originName(record.origin)));
    }
    case 'throwable':
      return throwableTest(condition.throwable);
    case 'http':
      return httpTest(condition.http);
    case 'marker': {
      const made = markers.get(condition.name) ?? once(toTest(condition.condition, markers));
      markers.set(condition.name, made);
      return made;
    }
  }
}

function allTest(tests: readonly Test[]): Test {
  return (record, captures) => {
    const before = captures.length;
    if (tests.every((test) => test(record, captures))) return true;
    captures.length = before;
    return false;
  };
}

function anyTest(tests: readonly Test[]): Test {
  return (record, captures) => tests.some((test) => test(record, captures));
}

/** Many rules of a pack ask for the same marker of the same record, one after the other: it is answered once. */
function once(test: Test): Test {
  let lastRecord: LogRecord | null = null;
  let lastAnswer = false;
  let lastCaptures: CaptureList = [];
  return (record, captures) => {
    if (record !== lastRecord) {
      lastCaptures = [];
      lastAnswer = test(record, lastCaptures);
      lastRecord = record;
    }
    if (lastAnswer) captures.push(...lastCaptures);
    return lastAnswer;
  };
}

/** Patterns see lines: `^` and `$` stand at the ends of each line of a record. */
export function toRegExp(source: string): RegExp {
  return new RegExp(source, 'm');
}

function patternTest(source: string, textOf: (record: LogRecord) => string): Test {
  const pattern = toRegExp(source);
  const captureGroups = source.includes('(?<');
  return (record, captures) => {
    if (!captureGroups) return pattern.test(textOf(record));
    const found = pattern.exec(textOf(record));
    if (found === null) return false;
    pushGroups(found, captures);
    return true;
  };
}

function pushGroups(found: RegExpExecArray, captures: CaptureList): void {
  for (const [name, value] of Object.entries(found.groups ?? {})) if (value !== undefined) captures.push([name, value]);
}

function throwableTest({ types, message, frames, position }: ThrowableCondition): Test {
  const typeTests = types.map(classTest);
  const frameTests = frames.map(frameTest);
  const pattern = message === null ? null : toRegExp(message);
  return (record, captures) => {
    const { throwables } = record;
    for (const [index, throwable] of throwables.entries()) {
      if (position === 'outermost' && throwable.relation !== 'outermost') continue;
      if (position === 'root' && !isRoot(throwables, index)) continue;
      if (typeTests.length > 0 && !typeTests.some((test) => test(throwable.type))) continue;
      if (frameTests.length > 0 && !throwable.frames.some((frame) => frameTests.some((test) => test(frame)))) continue;
      const found = pattern?.exec(throwable.message);
      if (found === null) continue;
      captures.push(['throwable.type', throwable.type], ['throwable.message', throwable.message]);
      if (found) pushGroups(found, captures);
      return true;
    }
    return false;
  };
}

/** The root cause: what a chain that goes on by causes ends in. A suppressed exception is nobody's root cause. */
function isRoot(throwables: readonly Throwable[], index: number): boolean {
  if (throwables[index]!.relation === 'suppressed') return false;
  for (const next of throwables.slice(index + 1)) {
    if (next.relation === 'cause') return false;
    if (next.relation === 'outermost') return true;
  }
  return true;
}

function httpTest({ statuses, methods, hosts, paths }: HttpCondition): Test {
  const hostTests = hosts.map((host) => globTest(host, true));
  const pathTests = paths.map(templateTest);
  return (record, captures) => {
    for (const failure of record.httpFailures) {
      if (statuses.length > 0 && !statuses.includes(failure.status)) continue;
      if (methods.length > 0 && (failure.method === null || !methods.includes(failure.method))) continue;
      if (hostTests.length > 0 && (failure.host === null || !hostTests.some((test) => test(failure.host!)))) continue;
      const fromPath = pathTests.length === 0 ? {} : firstOf(pathTests, (test) => test(failure.path));
      if (fromPath === null) continue;
      captures.push(['http.status', String(failure.status)], ['http.path', failure.path], ...Object.entries(fromPath));
      if (failure.host !== null) captures.push(['http.host', failure.host]);
      if (failure.method !== null) captures.push(['http.method', failure.method]);
      return true;
    }
    return false;
  };
}

function firstOf<T, R>(items: readonly T[], ask: (item: T) => R | null): R | null {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== null) return answer;
  }
  return null;
}
