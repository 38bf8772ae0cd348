/** `logscan [scan] FILE|DIR|GLOB|ARCHIVE|- ...`: the known problems in logs. */
import { existsSync, fstatSync, statSync } from 'node:fs';
import type { Argv } from 'yargs';
import {
  type LeakCheck,
  loadRules,
  type Profile,
  type Report,
  type ReportObject,
  SEVERITIES,
  scan,
  toReport,
} from '../index.js';
import { LeakError } from '../model/leak.js';
import { nearest } from '../model/nearest.js';
import { needsFor } from '../pipeline.js';
import { markdownReport } from '../reporters/markdown.js';
import { ndjsonLine } from '../reporters/ndjson.js';
import { textReport } from '../reporters/text.js';
import { checkWritable, writeWhole } from '../sinks/file.js';
import { type Context, dayOf, toLook } from './context.js';
import { toLogger } from './logger.js';
import { messages, UsageError } from './messages.js';
import {
  byteCount,
  type CommonArgs,
  type MeantScan,
  type Output,
  type ScanArgs,
  scanOptions,
  toMeantScan,
  wholeNumber,
} from './options.js';
import { profileText } from './profile.js';
import { type Progress, toProgress } from './progress.js';
import { readRedactKey } from './redact-key.js';
import { EXIT } from './status.js';

export type ScanCommandArgs = ScanArgs & CommonArgs & { inputs?: (string | number)[] | undefined };

export function describeScan<T>(args: Argv<T>) {
  return scanOptions(
    args.positional('inputs', {
      type: 'string',
      array: true,
      describe: 'Logs, archives of them, directories, globs; - is stdin',
    }),
  );
}

export async function runScan(args: ScanCommandArgs, context: Context): Promise<number> {
  const inputs = (args.inputs ?? []).map(String);
  if (inputs.length === 0 && !stdinHasData()) {
    context.warn(messages.noInput);
    return EXIT.usage;
  }
  if (inputs[0] !== undefined) checkNoCommand(inputs[0]);
  const meant = toMeantScan(args);
  const evidence = wholeNumber('--evidence', args.evidence, 1, 'a number of at least 1');
  const lines = wholeNumber('--context', args.context, 0, 'a number of lines');
  const jobs = wholeNumber('--jobs', args.jobs, 1, 'a number of threads');
  const maxArchiveBytes = byteCount('--max-archive-bytes', args['max-archive-bytes']);
  const maxRatio = wholeNumber('--max-ratio', args['max-ratio'], 1, 'a number of at least 1');
  const maxDepth = wholeNumber('--max-depth', args['max-depth'], 1, 'a number of at least 1');
  const asOf = dayOf(args);
  for (const { path } of meant.outputs) if (path !== null) await checkOutput(path);
  const packs = await loadRules(args.rules);
  if (args.rules.length > 0) {
    const needs = await needsFor(packs);
    for (const rule of packs.flatMap((pack) => pack.rules)) {
      if (needs(rule).literals === null) context.warn(messages.ruleWithoutLiteral(rule.id));
    }
  }

  const logger = await toLogger(meant.logLevel);
  let measured: Profile | null = null;
  let progress: Progress = toProgress(0, args);
  let leakIn: LeakCheck = () => null;
  const redactKey = await readRedactKey(args['redact-key'], (text) => context.warn(text));
  const objects = scan(inputs.length === 0 ? ['-'] : inputs, {
    packs,
    asOf,
    disable: args.disable,
    only: args.only,
    minSeverity: args['min-severity'],
    unknown: meant.unknown,
    ...(args.since === undefined ? {} : { since: args.since }),
    ...(args.until === undefined ? {} : { until: args.until }),
    ...(args.timezone === undefined ? {} : { timezone: args.timezone }),
    evidence,
    context: lines,
    redact: args.redact,
    ...(redactKey === null ? {} : { redactKey }),
    leaks: (check) => (leakIn = check),
    filter: !args['no-filter'],
    jobs,
    maxArchiveBytes,
    maxRatio,
    maxDepth,
    ...(args.profile ? { profile: (profile) => (measured = profile) } : {}),
    diagnostics: {
      found: (found) => {
        checkNoInput(meant.outputs, found);
        progress = toProgress(sum(found.map(({ bytes }) => bytes)), args);
      },
      problem: (problem) => {
        progress.stop();
        context.warn(messages.problem(problem));
      },
      opened: (origin, family) => logger.info({ origin, family }, 'opened'),
      progress: (bytes) => progress.add(bytes),
    },
  });
  const seen: ReportObject[] = [];
  for await (const object of objects) {
    if (object.kind !== 'run') progress.stop();
    seen.push(object);
  }
  const report = await toReport(seen);
  const texts = (output: Output) => {
    if (output.format === 'ndjson') return seen.map(ndjsonLine);
    if (output.format === 'markdown') return [markdownReport(report, args.redact)];
    const look = toLook(args, context, asOf, meant.details, output.path === null ? process.stdout : {});
    // What was typed may name people and machines, and files may be called as no log may say.
    const isToldAsTyped = args.redact !== 'strict' && leakIn(look.command) === null;
    return [textReport(report, isToldAsTyped ? look : { ...look, command: '' })];
  };
  checkLeaks(meant.outputs, texts, leakIn);
  await writeOutputs(meant.outputs, texts, context, (path) => {
    if (!args.quiet) context.warn(messages.written(path));
  });
  if (measured !== null) context.warn(profileText(measured));
  logger.info({ coverage: report.summary.coverage, seconds: report.summary.seconds }, 'done');
  return statusOf(report, meant.failOn);
}

/**
 * A last look at everything that is to be written, before anything is.
 * @throws LeakError
 */
export function checkLeaks(
  outputs: readonly Output[],
  texts: (output: Output) => readonly string[],
  leakIn: LeakCheck,
): void {
  for (const output of outputs) {
    let before = 0;
    for (const text of texts(output)) {
      const leak = leakIn(text);
      if (leak !== null)
        throw new LeakError(leak.kind, `line ${before + leak.line} of ${output.path ?? 'standard output'}`);
      before += output.format === 'ndjson' ? 1 : 0;
    }
  }
}

async function writeOutputs(
  outputs: readonly Output[],
  texts: (output: Output) => readonly string[],
  context: Context,
  onWritten: (path: string) => void,
): Promise<void> {
  for (const output of outputs) {
    const { path } = output;
    if (path === null) {
      for (const text of texts(output)) await context.stdout.write(text);
    } else {
      await writeFile(path, texts(output).join(''));
      onWritten(path);
    }
  }
}

async function checkOutput(path: string): Promise<void> {
  await checkWritable(path).catch((error: Error) => {
    throw new UsageError(messages.outputNotWritable(path, error));
  });
}

async function writeFile(path: string, text: string): Promise<void> {
  await writeWhole(path, text).catch((error: Error) => {
    throw new UsageError(messages.outputNotWritable(path, error));
  });
}

/** Writing over a log that is about to be read would lose it. */
function checkNoInput(outputs: readonly Output[], inputs: readonly { readonly path: string }[]): void {
  const identity = (path: string) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isFile() ? `${found.dev}:${found.ino}` : null;
  };
  for (const { path } of outputs) {
    const place = path === null ? null : identity(path);
    if (place !== null && inputs.some((input) => identity(input.path) === place))
      throw new UsageError(messages.outputIsInput(path!));
  }
}

/** A command that was mistyped would be taken for a log. */
function checkNoCommand(input: string): void {
  const near = /^[a-z-]+$/.test(input) && !existsSync(input) ? nearest(input, COMMANDS) : null;
  if (near !== null) throw new UsageError(messages.noSuchCommand(input, near));
}

const COMMANDS = ['scan', 'tail', 'attach', 'facts', 'redact', 'explain', 'rules', 'check-config', 'schema'];

/** 1 over 3: what was asked for by --fail-on was found, even if something could not be read. */
export function statusOf(report: Report, failOn: MeantScan['failOn']): number {
  const { bySeverity, unknown, coverage } = report.summary;
  const failing =
    failOn === 'none' ? [] : failOn === 'unknown' ? SEVERITIES : SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1);
  if (failing.some((severity) => severity !== 'info' && bySeverity[severity] > 0)) return EXIT.findings;
  if (failOn === 'unknown' && (unknown ?? 0) > 0) return EXIT.findings;
  return coverage.unreadableFiles > 0 ? EXIT.unreadable : EXIT.ok;
}

/** Without arguments, a pipe, a socket or a file on stdin is the input. */
function stdinHasData(): boolean {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isSocket() || stats.isFile();
  } catch {
    return false;
  }
}

/** The bytes of all inputs; 0 as soon as one is not known. */
export function sum(bytes: readonly (number | null)[]): number {
  return bytes.some((size) => size === null) ? 0 : bytes.reduce<number>((total, size) => total + (size ?? 0), 0);
}
