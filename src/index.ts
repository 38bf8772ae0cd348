/**
 * The library: `import { scan, loadRules } from 'logscan'`. Sets no process-wide flag, installs no signal handler,
 * prints nothing. The command line is its first user.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Diagnostics, Problem } from './model/diagnostics.js';
import type { Incident, UnknownError } from './model/incident.js';
import type { LogHole } from './model/log-hole.js';
import { nearest } from './model/nearest.js';
import { originName } from './model/origin.js';
import type { Profile } from './model/profile.js';
import type { FactObject, HoleObject, Report, ReportObject, RunObject, SummaryObject } from './model/report.js';
import { type Rule, type RulePack, SEVERITIES, type Severity } from './model/rule.js';
import type { Source } from './model/source.js';
import type { TailStatus } from './model/tail-status.js';
import {
  isFactFile,
  isZone,
  MAX_FACT_FILE,
  maskLinesOf,
  needsFor,
  Pipeline,
  type PipelineOptions,
  REDACT_MODES,
  type RedactMode,
  type Redactor,
  redactorOf,
  toTime,
} from './pipeline.js';
import { MAX_REQUESTS, recordsOfRequests, relatedTo, requestOf } from './related.js';
import { readCompiled } from './rules/compiled.js';
import { RULES_FOLDER } from './rules/places.js';
import { type ArchiveLimits, DEFAULT_LIMITS } from './sources/bundle/limits.js';
import { ContextReader } from './sources/context.js';
import { findSources, isReadInWalk } from './sources/find.js';
import { isArchiveFile, Logs } from './sources/logs.js';
import { rewound } from './sources/rewound.js';
import { RELATIVE_TIME, type Spooled, spooled } from './sources/spool.js';
import { stateKey } from './sources/tail/checkpoint.js';
import { REAL_FILES } from './sources/tail/files.js';
import type { Attachment, Listener, TailSettings, World } from './tail.js';
import { isWorthThreads, ThreadPool } from './threads.js';
import { VERSION } from './version.js';

export type { Diagnostics, Problem } from './model/diagnostics.js';
export type { Fact, FactKey, NodeFact } from './model/fact.js';
export type { Evidence, Finding, Histogram, Incident, UnknownError } from './model/incident.js';
export { LeakError } from './model/leak.js';
export type { Profile, RuleCost } from './model/profile.js';
export type {
  Coverage,
  FactObject,
  HoleObject,
  MaskedCount,
  Report,
  ReportObject,
  RunObject,
  SummaryObject,
} from './model/report.js';
export { type Rule, type RulePack, SEVERITIES, type Severity } from './model/rule.js';
export type { LogStatus, TailStatus } from './model/tail-status.js';
export type { RedactMode } from './pipeline.js';
export { RuleError } from './rules/problem.js';
export type { Attachment } from './tail.js';
export { VERSION } from './version.js';

/** A shorter key could be found by trying. */
export const LEAST_KEY = 16; // bytes

/** Options whose values make no sense; `message` says which, what was found and what was wanted. */
export class OptionError extends Error {
  override readonly name = 'OptionError';
}

export interface ScanOptions {
  /** Packs as {@link loadRules} gives them; the shipped ones if absent. */
  readonly packs?: readonly RulePack[];
  /** Ids of rules to leave out. */
  readonly disable?: readonly string[];
  /** Ids or tags of the rules to run; all if absent or empty. */
  readonly only?: readonly string[];
  /** Findings below it are not given out; the summary counts them all the same. */
  readonly minSeverity?: Severity;
  /** How many kinds of unknown errors are given out; `none` does not look for them at all. Default 10. */
  readonly unknown?: number | 'all' | 'none';
  /** `2026-11-20`, `2026-11-20 09:14`, or `2h`, `3d` before the newest time of the inputs. */
  readonly since?: string;
  readonly until?: string;
  /** The day (`YYYY-MM-DD`) on which solutions must be valid; today if absent. */
  readonly asOf?: string;
  /** IANA zone of times that are printed without one. Default the one that the facts name, else UTC. */
  readonly timezone?: string;
  /** Pieces of evidence an incident has at most. Default 3. */
  readonly evidence?: number;
  /** Lines before and after each piece of evidence, from plain files. Default 0. */
  readonly context?: number;
  /** `on` masks secrets, `strict` mail addresses, users, hosts and IP addresses as well, `off` nothing. Default `on`. */
  readonly redact?: RedactMode;
  /** Under `strict`, equal values have equal tokens in all runs with the same key, of 16 bytes or more. Random if absent. */
  readonly redactKey?: Uint8Array;
  /** Gets, before the first finding is given out, what looks for secrets that were masked in a text that is to be written. */
  readonly leaks?: (leakIn: LeakCheck) => void;
  /** `false` decodes everything, also what cannot matter; the result is the same. Default `true`. */
  readonly filter?: boolean;
  /** Gets where the time went, before the summary is given out; then one thread does everything. */
  readonly profile?: (profile: Profile) => void;
  /** How many threads look at large plain files; the result is the same. Default 1. */
  readonly jobs?: number;
  /** Bytes that all archives in one input may unpack to. Default 64 GiB. */
  readonly maxArchiveBytes?: number;
  /** How many times its size an archive may unpack to. Default 1000. */
  readonly maxRatio?: number;
  /** How deep archives may lie in archives. Default 4. */
  readonly maxDepth?: number;
  /** Looks for facts about the installation alone: no rule is tried. */
  readonly factsOnly?: boolean;
  /** Told of inputs and progress while they are read. Problems are also in the output. */
  readonly diagnostics?: Partial<ScanListener>;
}

/** The kind of a secret that stands in a text, and its line from 1; null if none does. */
export type LeakCheck = (text: string) => { readonly kind: string; readonly line: number } | null;

/** What a scan tells the outside besides its objects. */
export interface ScanListener extends Diagnostics {
  /** The inputs that will be read, by their names and sizes in bytes. */
  found(inputs: RunObject['inputs']): void;
}

/**
 * Reads rule packs: the shipped ones, and those at `places` (a rule file, a pack or a folder of packs each).
 * @throws RuleError with every problem of every rule
 */
export async function loadRules(places: readonly string[] = []): Promise<readonly RulePack[]> {
  const compiled = readCompiled();
  if (compiled !== null && places.length === 0) return compiled;
  const { readPacks } = await import('./rules/read.js'); // loads what reads YAML, which most runs do not need
  return readPacks([RULES_FOLDER, ...places], compiled ?? []);
}

/**
 * Scans logs: files, directories, globs, `-` for stdin. Gives out a `run`, then facts, incidents, unknown errors, notices,
 * holes and problems, and a `summary` last.
 * @throws OptionError, RuleError before anything is read
 */
export async function* scan(inputs: readonly string[], options: ScanOptions = {}): AsyncGenerator<ReportObject> {
  if (!Array.isArray(inputs)) throw new OptionError(`inputs: expected a list of paths, found ${typeof inputs}`);
  const zone = options.timezone ?? 'UTC';
  const asOf = options.asOf ?? new Date().toISOString().slice(0, 10);
  checkOptions(options, zone, asOf);
  const { factsOnly = false } = options;
  const packs = factsOnly ? [] : selected(options.packs ?? (await loadRules()), options);
  const started = Date.now();
  const wanted = { isFactFile, needsLogs: !factsOnly };
  const found = await findSources(inputs, wanted);
  const jobs = options.profile === undefined ? (options.jobs ?? 1) : 1;
  const isLarge = found.sources.some(
    (source) => source.file !== null && isWorthThreads(source.bytes!) && !isArchiveFile(source),
  );
  const threads = isLarge && jobs > 1 ? new ThreadPool(jobs - 1) : null;
  threads?.start();

  const redact = options.redact ?? 'on';
  const rules = packs.flatMap((pack) => pack.rules);
  const redactor = redactorOf(options.redactKey ?? randomBytes(32), () => rules);
  const run = runObject(packs, found.sources, asOf, started);
  options.diagnostics?.found?.(run.inputs);
  // What is to be masked in it is known when the logs were read.
  if (redact === 'off') yield run;

  const problems: Problem[] = [];
  const tell = (problem: Problem) => {
    problems.push(problem);
    options.diagnostics?.problem?.(problem);
  };
  let logs: Logs | null = null;
  const diagnostics: Diagnostics = {
    problem: (problem) => (logs === null ? tell(problem) : logs.problem(problem)),
    opened: (origin, family) => options.diagnostics?.opened?.(origin, family),
    progress: (bytes) => options.diagnostics?.progress?.(bytes),
  };
  for (const problem of found.problems) diagnostics.problem(problem);

  const unknown = factsOnly ? 'none' : (options.unknown ?? 10);
  const settings: PipelineOptions = {
    rules,
    needs: await needsFor(packs),
    zone: options.timezone ?? null,
    facts: true,
    holes: true,
    asOf,
    since: null,
    until: null,
    evidence: options.evidence ?? 3,
    unknown: unknown === 'none' ? null : unknown === 'all' ? Number.POSITIVE_INFINITY : unknown,
    redact,
    redactor,
    filter: options.filter ?? true,
    threads,
    clock: options.profile === undefined ? null : () => performance.now(),
    several: found.sources.length > 1,
  };
  const limits: ArchiveLimits = {
    maxBytes: options.maxArchiveBytes ?? DEFAULT_LIMITS.maxBytes,
    maxRatio: options.maxRatio ?? DEFAULT_LIMITS.maxRatio,
    maxDepth: options.maxDepth ?? DEFAULT_LIMITS.maxDepth,
  };
  // A time relative to the end of the logs is known when they were read once; what can be read only once is kept for that.
  const twice = [options.since, options.until].some((text) => text !== undefined && RELATIVE.test(text));
  const spools: Spooled[] = [];
  let pipeline: Pipeline;
  let sources: readonly Source[] = found.sources;
  try {
    if (twice) {
      for (const source of sources) if (!source.reopens) spools.push(await spooled(source, RELATIVE_TIME));
      sources = sources.map((source) => spools.find(({ origin }) => origin === source.origin) ?? source);
    }
    const newest = twice ? await newestTime(new Logs(sources, limits, () => {}), settings) : null;
    const since = instantOf(options.since, newest, zone);
    const until = instantOf(options.until, newest, zone);
    logs = new Logs(sources, limits, tell, wanted);
    pipeline = new Pipeline({ ...settings, since, until, several: await logs.areSeveral() }, diagnostics);
    for (const source of found.facts) await pipeline.readFacts(source);
    await readAll(logs, pipeline);
  } finally {
    for (const spool of spools) await spool.close();
  }
  const { findings, facts, holes, coverage, profile } = pipeline.finish(
    found.skipped + logs.skipped,
    found.problems.length + logs.unreadable,
  );

  const least = SEVERITIES.indexOf(options.minSeverity ?? 'low');
  const incidents = findings.incidents.filter(({ severity }) => SEVERITIES.indexOf(severity) <= least);
  const context = new ContextReader(options.context ?? 0, logs.plain, maskLinesOf(settings), diagnostics);
  const isReadAgain = spools.length === 0 && coverage.files <= MAX_LOGS_AGAIN;
  const again = isReadAgain ? new Logs(sources, limits, () => {}) : null;
  const joined = await withRequests(incidents, again, options.timezone ?? 'UTC');
  const shown: (Incident | UnknownError)[] = [];
  for (const finding of [...joined, ...findings.unknown]) shown.push(await context.add(finding));
  for (const fact of facts) redactor.learnFact(fact, redact);
  const given = pipeline.given([...shown, ...findings.notices]);
  if (redact !== 'off') options.leaks?.((text) => redactor.leakInWritten(text));
  if (redact !== 'off') yield redactor.object(run, redact);
  for (const fact of facts) yield redactor.object({ kind: 'fact', ...fact }, redact);
  yield* given;
  for (const hole of holes) yield redactor.object(toHoleObject(hole), redact);
  if (profile !== null) options.profile?.(profile);
  for (const problem of problems) yield redactor.object({ kind: 'problem', ...problem }, redact);
  const applying = findings.incidents.filter(({ applies }) => applies !== false);
  const bySeverity = (wanted: Severity) => applying.filter(({ severity }) => severity === wanted).length;
  const summary: SummaryObject = {
    kind: 'summary',
    incidents: applying.length,
    unknown: unknown === 'none' ? null : findings.unknownKinds,
    notices: findings.notices.filter(({ applies }) => applies !== false).length,
    bySeverity: {
      critical: bySeverity('critical'),
      high: bySeverity('high'),
      medium: bySeverity('medium'),
      low: bySeverity('low'),
    },
    coverage,
    seconds: Math.round((Date.now() - started) / 10) / 100,
    firstAt: findings.span === null ? null : new Date(findings.span.first).toISOString(),
    lastAt: findings.span === null ? null : new Date(findings.span.last).toISOString(),
    masked: redactor.masked(),
  };
  yield summary;
}

type OnlyScan = 'context' | 'jobs' | 'profile' | 'diagnostics' | 'maxArchiveBytes' | 'maxRatio' | 'maxDepth';

export interface TailOptions extends Omit<ScanOptions, OnlyScan> {
  /** The folder in which is kept how far everything was read; made if it is not there. One process at a time. */
  readonly state: string;
  /** Where a log is begun that is there and was never read: default `end`. One that appears later is read from its start. */
  readonly from?: 'start' | 'end';
  /** An incident that was not seen for so many milliseconds of the log's time is resolved. Default 30 minutes. */
  readonly resolveAfter?: number;
  /** Milliseconds between two looks where the system does not tell of changes. Default 250. */
  readonly poll?: number;
  /** After so many milliseconds the last record of a quiet log is told of, as `provisional`. Default 1,000. */
  readonly flushTimeout?: number;
  /** A file that was rotated is read until it has not grown for so many milliseconds. Default 5,000. */
  readonly rotateWait?: number;
  /** Milliseconds between two checkpoints while something changes. Default 1,000. */
  readonly checkpoint?: number;
  /** How many files are kept open at most. Default 256. */
  readonly openFiles?: number;
  /** Files and folders that are not followed, as they are written by whoever follows; the state never is. */
  readonly exclude?: readonly string[];
  /** Something that is kept with each checkpoint. */
  readonly attachment?: Attachment;
  readonly diagnostics?: Partial<Listener>;
  /** Another file system and clock than those of the process. */
  readonly world?: Partial<World>;
}

/** Logs that are followed. Iterate once; whoever asks for the next object has taken the one before. */
export interface Tailing extends AsyncIterable<ReportObject> {
  /** Ends orderly: what was read is told of and kept, then the iteration ends. */
  stop(): void;
  /**
   * Other rules and settings from the next record on. Which logs are followed, and their state, stay.
   * @returns how many rules are run now
   * @throws OptionError, RuleError; then everything stays as it was
   */
  reload(options: TailOptions): Promise<number>;
  status(): TailStatus;
  /**
   * An object of this tail under `strict`, whatever else it masks, for places that others read. Null if it has to be withheld, which
   * is told as a problem.
   */
  strictly(object: ReportObject): ReportObject | null;
}

/**
 * Follows logs through rotation and restart: files, directories, globs. Gives out a `run`, then incidents as they are opened,
 * updated, resolved and withdrawn, problems, and a `summary` after an orderly stop.
 * @throws OptionError, RuleError before anything is read
 */
export async function tail(inputs: readonly string[], options: TailOptions): Promise<Tailing> {
  const redacting: Redacting = { rules: [], redactor: null };
  const [{ Tail }, settings] = await Promise.all([import('./tail.js'), toTailSettings(options, redacting)]);
  const following = new Tail(inputs, settings, {
    problem: (problem) => options.diagnostics?.problem?.(problem),
    opened: (origin, family) => options.diagnostics?.opened?.(origin, family),
    note: (message) => options.diagnostics?.note?.(message),
  });
  return {
    [Symbol.asyncIterator]: () => following.objects(),
    stop: () => following.stop(),
    status: () => following.status(),
    reload: async (changed) => {
      const settings = await toTailSettings({ ...changed, state: options.state }, redacting);
      following.reload(settings);
      return settings.rules.length;
    },
    strictly: (object) => following.strictly(object),
  };
}

/** What masks in a tail: one for all of it, as what was masked before a reload is masked behind it, too. */
interface Redacting {
  rules: readonly Rule[];
  redactor: Redactor | null;
}

async function toTailSettings(options: TailOptions, redacting: Redacting): Promise<TailSettings> {
  const zone = options.timezone ?? 'UTC';
  const { asOf, unknown = 'none' } = options;
  const day = () => asOf ?? new Date().toISOString().slice(0, 10);
  checkOptions({ ...options, unknown }, zone, day());
  for (const name of ['resolveAfter', 'poll', 'flushTimeout', 'rotateWait', 'checkpoint', 'openFiles'] as const) {
    if (options[name] !== undefined) checkNumber(name, options[name], 1);
  }
  const packs = selected(options.packs ?? (await loadRules()), options);
  const rules = packs.flatMap((pack) => pack.rules);
  redacting.rules = rules;
  if (redacting.redactor === null) {
    await mkdir(options.state, { recursive: true, mode: 0o700 });
    redacting.redactor = redactorOf(options.redactKey ?? stateKey(options.state), () => redacting.rules);
  }
  return {
    rules,
    needs: await needsFor(packs),
    zone: options.timezone ?? null,
    day,
    since: instantOf(options.since, Date.now(), zone),
    until: instantOf(options.until, Date.now(), zone),
    evidence: options.evidence ?? 3,
    unknown: unknown === 'none' ? null : unknown === 'all' ? Number.POSITIVE_INFINITY : unknown,
    redact: options.redact ?? 'on',
    redactor: redacting.redactor,
    filter: options.filter ?? true,
    minSeverity: options.minSeverity ?? 'low',
    resolveAfter: options.resolveAfter ?? 30 * 60_000,
    state: options.state,
    from: options.from ?? 'end',
    poll: options.poll ?? 250,
    flushTimeout: options.flushTimeout ?? 1000,
    rotateWait: options.rotateWait ?? 5000,
    checkpoint: options.checkpoint ?? 1000,
    openFiles: options.openFiles ?? 256,
    exclude: [options.state, ...(options.exclude ?? [])],
    attachment: options.attachment ?? null,
    run: (found) => ({ ...runObject(packs, [], day(), Date.now()), inputs: found }),
    world: { files: REAL_FILES, clock: () => performance.now(), ...options.world },
  };
}

/** The objects of one scan as a whole, for looks that need it at once. */
export async function toReport(objects: AsyncIterable<ReportObject> | Iterable<ReportObject>): Promise<Report> {
  let run: RunObject | null = null;
  let summary: SummaryObject | null = null;
  const incidents: Incident[] = [];
  const notices: Incident[] = [];
  const unknown: UnknownError[] = [];
  const facts: FactObject[] = [];
  const holes: HoleObject[] = [];
  const problems: Report['problems'][number][] = [];
  for await (const object of objects) {
    if (object.kind === 'run') run = object;
    else if (object.kind === 'fact') facts.push(object);
    else if (object.kind === 'summary') summary = object;
    else if (object.kind === 'hole') holes.push(object);
    else if (object.kind === 'problem') problems.push(object);
    else if (object.kind === 'unknown') unknown.push(object);
    else if (object.kind === 'notice') notices.push(object);
    else incidents.push(object);
  }
  if (run === null || summary === null) throw new Error('the objects of a scan begin with run and end with summary');
  return { run, facts, incidents, notices, unknown, holes, problems, summary };
}

/** @throws OptionError if it is no day, `YYYY-MM-DD` */
export function checkDay(day: string): void {
  if (/^\d{4}-\d\d-\d\d$/.test(day) && toTime(day, 'UTC') !== null) return;
  throw new OptionError(`--as-of: expected a day like 2026-12-01, found "${day}"`);
}

/** @throws OptionError if it is no IANA zone */
export function checkZone(zone: string): void {
  if (isZone(zone)) return;
  throw new OptionError(`--timezone: expected a time zone like Europe/Berlin or UTC, found "${zone}"`);
}

function checkOptions(options: ScanOptions, zone: string, asOf: string): void {
  const { since, until, unknown = 10, evidence = 3, context = 0, jobs = 1, minSeverity = 'low' } = options;
  const { maxArchiveBytes = 1, maxRatio = 1, maxDepth = 1 } = options;
  const { redact = 'on', redactKey } = options;
  checkZone(zone);
  checkDay(asOf);
  checkNumber('--evidence', evidence, 1);
  checkNumber('--context', context, 0);
  checkNumber('--jobs', jobs, 1);
  checkNumber('--max-archive-bytes', maxArchiveBytes, 1);
  checkNumber('--max-ratio', maxRatio, 1);
  checkNumber('--max-depth', maxDepth, 1);
  if (unknown !== 'all' && unknown !== 'none') checkNumber('--unknown', unknown, 0);
  if (!SEVERITIES.includes(minSeverity)) {
    throw new OptionError(`--min-severity: expected one of ${SEVERITIES.join(', ')}, found "${minSeverity}"`);
  }
  if (!REDACT_MODES.includes(redact))
    throw new OptionError(`--redact: expected one of ${REDACT_MODES.join(', ')}, found "${redact}"`);
  if (redactKey !== undefined && redactKey.length < LEAST_KEY)
    throw new OptionError(`redactKey: expected at least ${LEAST_KEY} bytes, found ${redactKey.length}`);
  for (const [option, text] of [
    ['--since', since],
    ['--until', until],
  ] as const) {
    if (text === undefined || RELATIVE.test(text) || toTime(text, zone) !== null) continue;
    throw new OptionError(
      `${option}: expected a time like 2026-11-20 or 2026-11-20T09:14, or 2h or 3d before the end, found "${text}"`,
    );
  }
}

function checkNumber(option: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new OptionError(`${option}: expected a whole number of at least ${least}, found "${value}"`);
}

/** The packs with only the rules that are asked for. */
function selected(packs: readonly RulePack[], { disable = [], only = [] }: ScanOptions): readonly RulePack[] {
  const rules = packs.flatMap((pack) => pack.rules);
  const ids = new Set(rules.map((rule) => rule.id));
  const tags = new Set(rules.flatMap((rule) => rule.tags));
  for (const id of disable) if (!ids.has(id)) throw unknownName('--disable', id, ids);
  for (const name of only) if (!ids.has(name) && !tags.has(name)) throw unknownName('--only', name, [...ids, ...tags]);
  const isSelected = (rule: Rule) =>
    !disable.includes(rule.id) &&
    (only.length === 0 || only.includes(rule.id) || rule.tags.some((tag) => only.includes(tag)));
  return packs.map((pack) => ({ ...pack, rules: pack.rules.filter(isSelected) }));
}

function unknownName(option: string, name: string, known: Iterable<string>): OptionError {
  const near = nearest(name, known);
  return new OptionError(
    `${option}: there is no rule${option === '--only' ? ' or tag' : ''} ${name}${near === null ? '' : `; did you mean ${near}?`}`,
  );
}

const RELATIVE = /^(\d{1,6})([smhd])$/;
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** More logs are not read once more. */
const MAX_LOGS_AGAIN = 1000;

/** Incidents with what else their requests did. One log alone, and what can be read only once, is not read again for that. */
async function withRequests(
  incidents: readonly Incident[],
  logs: Logs | null,
  zone: string,
): Promise<readonly Incident[]> {
  const ids = new Set(incidents.flatMap((incident) => requestOf(incident) ?? []).slice(0, MAX_REQUESTS));
  if (ids.size === 0 || logs === null || !logs.reopens || !(await logs.areSeveral())) return incidents;
  const found = await recordsOfRequests(logs.all(), ids, zone);
  return incidents.map((incident) => ({ ...incident, related: relatedTo(incident, found) }));
}

function toHoleObject({ origin, from, to, reason }: LogHole): HoleObject {
  const toText = (time: number | null) => (time === null ? null : new Date(time).toISOString());
  return { kind: 'hole', origin, from: toText(from), to: toText(to), reason };
}

/** Logs, and members of archives that tell of the installation. */
async function readAll(logs: Logs, pipeline: Pipeline): Promise<void> {
  let number = 0;
  for await (const log of logs.all()) {
    const { member } = log.origin;
    if (member === null || !isFactFile(member)) {
      await pipeline.read(log, number++);
      continue;
    }
    const isLog = isReadInWalk(member.slice(member.lastIndexOf('/') + 1));
    const source = isLog ? await rewound(log, MAX_FACT_FILE) : log;
    await pipeline.readFacts(source);
    if (isLog) await pipeline.read(source, number++);
    else logs.skipped++;
  }
}

/** The newest time of all logs, milliseconds since 1970; null if none says any. */
async function newestTime(logs: Logs, settings: PipelineOptions): Promise<number | null> {
  const silent: Diagnostics = { problem() {}, opened() {}, progress() {} };
  const pass = new Pipeline({ ...settings, rules: [], unknown: null, facts: false, holes: false }, silent);
  let number = 0;
  for await (const log of logs.all()) await pass.read(log, number++);
  return pass.finish(0, 0).findings.span?.last ?? null;
}

/** What --since or --until means; null where it is not given, or relative to logs that say no time. */
function instantOf(text: string | undefined, newest: number | null, zone: string): number | null {
  if (text === undefined) return null;
  const relative = RELATIVE.exec(text);
  if (relative === null) return toTime(text, zone);
  return newest === null ? null : newest - Number(relative[1]) * UNITS[relative[2]!]!;
}

function runObject(packs: readonly RulePack[], sources: readonly Source[], asOf: string, started: number): RunObject {
  return {
    kind: 'run',
    schema: 'logscan.incident/1',
    tool: { name: 'logscan', version: VERSION },
    startedAt: new Date(started).toISOString(),
    asOf,
    packs: packs.map(({ name, version, rules }) => ({ name, version, rules: rules.length })),
    inputs: sources.map(({ origin, bytes }) => ({ path: originName(origin), bytes })),
  };
}
