/** `logscan attach BUNDLE`: a copy of a support bundle with the report of its scan inside. */
import path from 'node:path';
import {
  type LeakCheck,
  loadRules,
  type Report,
  type ReportObject,
  type ScanOptions,
  scan,
  toReport,
} from '../index.js';
import { LeakError } from '../model/leak.js';
import { InputError } from '../model/source.js';
import { coverageParts, incidentsText } from '../reporters/coverage.js';
import { markdownReport } from '../reporters/markdown.js';
import { ndjsonLine } from '../reporters/ndjson.js';
import { counted } from '../reporters/numbers.js';
import { attach, badPlace } from '../sinks/attach/attach.js';
import { type Bundle, NoBundle, openBundle } from '../sinks/attach/bundle.js';
import type { Member } from '../sinks/attach/member.js';
import { nearestSibling } from '../sources/find.js';
import { type Context, dayOf } from './context.js';
import { toLogger } from './logger.js';
import { messages, UsageError } from './messages.js';
import { ATTACH_REDACT, type AttachArgs, type CommonArgs, toUnknown, wholeNumber } from './options.js';
import { toProgress } from './progress.js';
import { readRedactKey } from './redact-key.js';
import { statusOf } from './scan.js';
import { EXIT } from './status.js';

export type AttachCommandArgs = AttachArgs & CommonArgs & { readonly bundle: string };

export async function runAttach(args: AttachCommandArgs, context: Context): Promise<number> {
  const options = toOptions(args, context.typed);
  let bundle: Bundle;
  try {
    bundle = await opened(args.bundle);
  } catch (error) {
    return tellRefused(error, args.bundle, context);
  }
  try {
    const place = await placeFor(bundle, args);
    const packs = await loadRules(args.rules);
    const redactKey = await readRedactKey(args['redact-key'], (text) => context.warn(text));
    const found = { ...options, packs, ...(redactKey === null ? {} : { redactKey }) };
    const { report, members } = await scanned(bundle, found, args, context);
    const status = statusOf(report, args['fail-on']);
    const ended = await written(bundle, place, members, report, args, context);
    if (ended !== null) return ended === EXIT.unreadable && status === EXIT.findings ? status : ended;
    const names = members.map(({ name }) => name);
    await context.stdout.write(messages.attached(foundText(report), bundle.path, place, names, options.redact));
    return status;
  } finally {
    await bundle.file.close();
  }
}

type Redact = AttachArgs['redact'];
type AttachScan = ScanOptions & { readonly redact: Redact };

/** @throws UsageError, OptionError */
function toOptions(args: AttachCommandArgs, typed: readonly string[]): AttachScan {
  const unknown = toUnknown(args.unknown);
  if (args['fail-on'] === 'unknown' && unknown === 'none')
    throw new UsageError('--fail-on unknown: expected --unknown to look for them, found --unknown none');
  // What is set for scans in general does not count: this report is given away.
  const isTyped = typed.some((word) => /^--redact(?:=|$)/.test(word));
  return {
    asOf: dayOf(args),
    disable: args.disable,
    only: args.only,
    minSeverity: args['min-severity'],
    unknown,
    ...(args.since === undefined ? {} : { since: args.since }),
    ...(args.until === undefined ? {} : { until: args.until }),
    ...(args.timezone === undefined ? {} : { timezone: args.timezone }),
    evidence: wholeNumber('--evidence', args.evidence, 1, 'a number of at least 1'),
    redact: isTyped ? args.redact : ATTACH_REDACT[0],
    filter: !args['no-filter'],
    jobs: wholeNumber('--jobs', args.jobs, 1, 'a number of threads'),
  };
}

/** Says why nothing can be attached to it. */
async function tellRefused(error: unknown, bundle: string, context: Context): Promise<number> {
  if (error instanceof NoBundle) {
    context.warn(messages.noBundle(bundle, error.kind, aloneCommand(bundle, error, context.typed)));
    return EXIT.usage;
  }
  if (!(error instanceof InputError)) throw error;
  const { code, origin, message } = error;
  const near = code === 'input-missing' ? await nearestSibling(bundle) : null;
  const remedy = near === null ? error.remedy : `Did you mean ${near}?`;
  context.warn(messages.problem({ code, origin, message, remedy }));
  return EXIT.unreadable;
}

/** The report of the bundle, and what is to be put into it. */
async function scanned(
  { path: bundle, stats }: Bundle,
  options: AttachScan,
  args: AttachCommandArgs,
  context: Context,
): Promise<{ readonly report: Report; readonly members: readonly Member[] }> {
  const logger = await toLogger(args['log-level']);
  const progress = toProgress(stats.size, args);
  const objects: ReportObject[] = [];
  let leakIn: LeakCheck = () => null;
  const found = scan([bundle], {
    ...options,
    leaks: (check) => (leakIn = check),
    diagnostics: {
      problem: (problem) => {
        progress.stop();
        context.warn(messages.problem(problem));
      },
      opened: (origin, family) => logger.info({ origin, family }, 'opened'),
      progress: (bytes) => progress.add(bytes),
    },
  });
  for await (const object of found) objects.push(withoutFolders(object, bundle));
  const report = await toReport(objects);
  progress.stop();
  const members = membersOf(report, objects, options.redact);
  for (const { name, bytes } of members) {
    const leak = leakIn(Buffer.from(bytes).toString());
    if (leak !== null) throw new LeakError(leak.kind, `line ${leak.line} of ${name}`);
  }
  return { report, members };
}

function opened(typed: string): Promise<Bundle> {
  if (typed === '-') throw new NoBundle('stream');
  return openBundle(typed);
}

/** Suffixes that belong to another kind of bundle. */
const FOREIGN_SUFFIX = {
  zip: /\.(?:tar|tgz|tar\.gz)$/i,
  tar: /\.(?:zip|tgz|gz)$/i,
  'tar.gz': /\.(?:zip|tar)$/i,
} as const;

/**
 * Where the copy goes.
 * @throws UsageError if it may not, or cannot be written there
 */
async function placeFor(bundle: Bundle, { output, force }: Pick<AttachArgs, 'output' | 'force'>): Promise<string> {
  if (Array.isArray(output)) throw new UsageError(`--output: expected once, found ${output.length} times`);
  const place = output ?? defaultPlace(bundle.path);
  if (place === '-') throw new UsageError('--output -: expected a file; what was found is told on standard output');
  if (output !== undefined && FOREIGN_SUFFIX[bundle.kind].test(output))
    throw new UsageError(messages.otherKind(output, bundle.kind));
  const reason = await badPlace(place, bundle, force).catch((error: Error) => {
    throw new UsageError(messages.outputNotWritable(place, error));
  });
  if (reason !== null) throw new UsageError(messages.badPlace(place, reason));
  return place;
}

/** `support.zip` -> `support-logscan.zip`, `x.tar.gz` -> `x-logscan.tar.gz`, in the working directory. */
export function defaultPlace(bundle: string): string {
  const [, name, suffix] = /^(.+?)((?:\.tar)?\.[^.]*)?$/isu.exec(path.basename(bundle)) as unknown as string[];
  return `${name}-logscan${suffix ?? ''}`;
}

/** The object, in which the bundle is named without the folders that it lies in here. */
function withoutFolders(object: ReportObject, bundle: string): ReportObject {
  const name = path.basename(bundle);
  return name === bundle ? object : (withName(object, bundle, name) as ReportObject);
}

function withName(value: unknown, bundle: string, name: string): unknown {
  if (typeof value === 'string') {
    const isOrigin = value.startsWith(bundle) && /^(?:$|!\/|:\d)/.test(value.slice(bundle.length));
    return isOrigin ? name + value.slice(bundle.length) : value;
  }
  if (Array.isArray(value)) return value.map((item) => withName(item, bundle, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withName(inner, bundle, name)]));
}

/** The files of a report; facts are one of their own. */
export function membersOf(report: Report, objects: readonly ReportObject[], redact: Redact): readonly Member[] {
  const isFact = ({ kind }: { readonly kind: string }) => kind === 'fact';
  const toBytes = (told: readonly ReportObject[]) => Buffer.from(told.map(ndjsonLine).join(''));
  const facts = objects.filter(isFact);
  return [
    { name: 'logscan/report.md', bytes: Buffer.from(markdownReport(report, redact)) },
    { name: 'logscan/incidents.ndjson', bytes: toBytes(objects.filter((object) => !isFact(object))) },
    ...(facts.length === 0 ? [] : [{ name: 'logscan/facts.ndjson', bytes: toBytes(facts) }]),
  ];
}

/**
 * Writes the copy.
 * @returns null if it is there, else the status to end with; why was said
 */
async function written(
  bundle: Bundle,
  place: string,
  members: readonly Member[],
  { run }: Report,
  args: AttachCommandArgs,
  context: Context,
): Promise<number | null> {
  const progress = toProgress(bundle.stats.size, args);
  const controller = new AbortController();
  let status: number | null = null;
  context.onStop((signalled) => {
    status = signalled;
    controller.abort();
  });
  try {
    await attach(bundle, place, members, {
      at: new Date(run.startedAt),
      force: args.force,
      signal: controller.signal,
      onRead: (bytes) => progress.add(bytes),
    });
    return null;
  } catch (error) {
    if (status !== null) return status;
    if (error instanceof InputError) {
      progress.stop();
      context.warn(messages.problem(error));
      return EXIT.unreadable;
    }
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(messages.outputNotWritable(place, error));
  } finally {
    progress.stop();
  }
}

/** `2 incidents (1 high, 1 low) and 3 kinds of errors that no rule knows in 9 files, 61,240 records, ...`. */
function foundText(report: Report): string {
  const { incidents, unknown, coverage } = report.summary;
  const found = incidents === 0 ? 'No known problem' : incidentsText(report);
  const kinds = unknown ? ` and ${counted(unknown, 'kind')} of errors that no rule knows` : '';
  return coverage.files === 0 ? 'Nothing was read' : `${found}${kinds} (${coverageParts(report).join(', ')})`;
}

/** The command line that gives the report as a file of its own. */
function aloneCommand(bundle: string, { kind }: NoBundle, typed: readonly string[]): string {
  const words: string[] = [];
  let isCommand = true; // the first word
  for (let at = 0; at < typed.length; at++) {
    const word = typed[at]!;
    if (word === 'attach' && isCommand) isCommand = false;
    else if (word === '-o' || word === '--output') at++;
    else if (word === bundle && (kind === '7z' || kind === 'rar')) words.push(unpackedName(word));
    else if (!/^(?:-o.+|--output=.*|--force)$/.test(word)) words.push(word);
  }
  const unpack = kind === '7z' || kind === 'rar' ? 'unpack it, then ' : '';
  return `${unpack}logscan ${[...words, '-o', 'report.md'].map(quoted).join(' ')}`;
}

/** The folder that an archive is unpacked into. */
function unpackedName(archive: string): string {
  return path.basename(archive).replace(/(?<=.)\.[^.]*$/, '');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
