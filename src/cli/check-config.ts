/**
 * `logscan check-config [FILE]`: everything that is wrong with the configuration, or what holds and where each setting comes
 * from. What is wrong keeps a tail from starting or from doing what was meant; what may be meant is a warning.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import yargs from 'yargs';
import { loadRules, type Rule, RuleError } from '../index.js';
import { didYouMean, nearest } from '../model/nearest.js';
import { originName } from '../model/origin.js';
import { escapeTerminal } from '../reporters/escape.js';
import { shownPath } from '../rules/places.js';
import { placeText } from '../rules/problem.js';
import { checkWritable } from '../sinks/file.js';
import { findSources, nearestSibling } from '../sources/find.js';
import { type Config, type ConfigArgs, type Environment, readConfig, userFile } from './config.js';
import type { Context } from './context.js';
import { messages, UsageError } from './messages.js';
import {
  type CommonArgs,
  commonOptions,
  eventFormatOfName,
  type ScanArgs,
  scanOptions,
  toMeantScan,
} from './options.js';
import { durationText, type Metrics, SETTINGS, type Setting, TAIL_SETTINGS, type Webhook } from './settings.js';
import { EXIT } from './status.js';
import { type TailSettings, toTailSettings } from './tail-settings.js';

export async function runCheckConfig(args: ConfigArgs & { file?: string }, context: Context): Promise<number> {
  const config = await readConfig(await toPlace(args), process.env, process.cwd());
  if (config.file === null && config.given.size === 0 && config.problems.length === 0)
    throw new UsageError(messages.noConfig(shownPath(userFile(process.env))));
  const defaults = scanOptions(commonOptions(yargs([]))).parseSync();
  const tail = toTailSettings(config, process.env, process.cwd());
  const findings = new Findings(config);
  if (config.problems.length === 0) {
    await checkRules(config, findings);
    checkTogether({ ...defaults, ...config.values } as ScanArgs & CommonArgs, findings);
    if (Object.keys(config.tail).length > 0) await checkTail(tail, findings);
  }
  const name = config.file === null ? 'the configuration' : shownPath(config.file);
  await context.stdout.write(findings.text(name));
  if (findings.problems > 0) return EXIT.findings;
  await context.stdout.write(settingsText(config, { ...defaults, ...config.values }, tail, process.env));
  return EXIT.ok;
}

/** @throws UsageError if the file is not there, or two are named */
async function toPlace(args: ConfigArgs & { file?: string }): Promise<ConfigArgs> {
  if (args.file !== undefined && args['no-config'])
    throw new UsageError('check-config: expected a file or --no-config, found both');
  if (args.file !== undefined && args.config !== undefined)
    throw new UsageError('check-config: expected a file or --config, found both');
  const config = args.file ?? args.config;
  if (config === undefined) return args;
  const isThere = await stat(config).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
  if (!isThere) throw new UsageError(messages.noConfigFile(config, await nearestSibling(config)));
  return { config };
}

/** What was found, each with the place of the setting that it is about. */
class Findings {
  problems = 0;
  readonly #config: Config;
  readonly #lines: string[];
  #warnings = 0;

  constructor(config: Config) {
    this.#config = config;
    this.#lines = config.problems.map(({ place, message }) => `${place}: ${message}`);
    this.problems = this.#lines.length;
  }

  /** @param item which one of a list it is about */
  problem(name: string, message: string, item?: number): void {
    this.at(this.#placeOf(name, item), `${nameOf(name, item)}: ${message}`);
  }

  warning(name: string, message: string, item?: number): void {
    this.#warnings++;
    this.#lines.push(`${this.#placeOf(name, item)}: warning: ${nameOf(name, item)}: ${message}`);
  }

  at(place: string, message: string): void {
    this.problems++;
    this.#lines.push(`${place}: ${message}`);
  }

  text(name: string): string {
    const warnings = this.#warnings === 0 ? '' : `, with ${many(this.#warnings, 'warning')}`;
    const end =
      this.problems === 0
        ? `${name}: everything is in order${warnings}`
        : `${name}: ${many(this.problems, 'problem')}${warnings}`;
    return [...this.#lines, end].map((line) => `${escapeTerminal(line)}\n`).join('');
  }

  #placeOf(name: string, item: number | undefined): string {
    const given = this.#config.given.get(name);
    return given?.items[item ?? -1] ?? given?.place ?? 'default';
  }
}

function nameOf(name: string, item: number | undefined): string {
  return item === undefined ? name : `${name}[${item}]`;
}

async function checkRules({ values }: Config, findings: Findings): Promise<void> {
  const places = (values.rules ?? []) as readonly string[];
  try {
    const packs = await loadRules(places);
    checkNames(
      values,
      packs.flatMap((pack) => pack.rules),
      findings,
    );
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    for (const problem of error.problems) {
      const item = places.indexOf(problem.file);
      if (item < 0) findings.at(placeText(problem), problem.message);
      else findings.problem('rules', `${problem.file}: ${problem.message}`, item);
    }
  }
}

function checkNames(values: Config['values'], rules: readonly Rule[], findings: Findings): void {
  const ids = rules.map((rule) => rule.id);
  const tags = rules.flatMap((rule) => rule.tags);
  for (const [name, what, known] of [
    ['disable', 'rule', new Set(ids)],
    ['only', 'rule or tag', new Set([...ids, ...tags])],
  ] as const) {
    for (const [item, word] of ((values[name] ?? []) as readonly string[]).entries()) {
      if (!known.has(word))
        findings.problem(name, `there is no ${what} ${word}${didYouMean(nearest(word, known))}`, item);
    }
  }
}

/** Settings that do not go together. */
function checkTogether(args: ScanArgs & CommonArgs, findings: Findings): void {
  try {
    toMeantScan(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    findings.problem('fail-on', error.message.replace(/^--fail-on /, ''));
  }
}

async function checkTail(tail: TailSettings, findings: Findings): Promise<void> {
  const followed: string[] = [];
  for (const [item, place] of tail.paths.entries()) {
    const { sources, problems } = await findSources([place]);
    for (const { code, origin, message } of problems)
      findings.warning('tail.paths', sayOf(code, origin, message), item);
    const files = sources.flatMap(({ file, origin }) => (file === null ? [] : [originName(origin)]));
    followed.push(...files);
    const closed = await unreadable(files);
    if (closed.length > 0) {
      const which = files.length === 1 ? closed[0] : `${closed.length} of ${files.length} logs, like ${closed[0]},`;
      findings.warning('tail.paths', `${which} cannot be read by this user; ${AS_THE_SERVICE}`, item);
    }
  }
  await checkOutputs(tail, followed, findings);
  const trouble = await troubleWith(tail.state);
  if (trouble !== null) findings.problem('tail.state', `${tail.state}: ${trouble}`);
  for (const [item, webhook] of tail.webhook.entries()) checkWebhook(webhook, item, findings);
  if (tail.metrics !== null) await checkMetrics(tail.metrics, findings);
}

const AS_THE_SERVICE = 'a service runs as another one: sudo -u USER logscan check-config FILE';

/** What a tail makes of it: what is not there is waited for. */
function sayOf(code: string, origin: string | null, message: string): string {
  if (code === 'input-missing') return `${origin}: ${message} yet; it is waited for, and followed from its beginning`;
  if (code === 'input-empty-directory') return `${origin}: ${message} yet; those that appear are followed`;
  return `${origin}: ${message}; ${AS_THE_SERVICE}`;
}

async function unreadable(files: readonly string[]): Promise<string[]> {
  const closed: string[] = [];
  for (const file of files) await access(file, constants.R_OK).catch(() => closed.push(file));
  return closed;
}

async function checkOutputs(tail: TailSettings, followed: readonly string[], findings: Findings): Promise<void> {
  for (const [item, file] of tail.output.entries()) {
    if (file === '-') continue;
    const tell = (message: string) => findings.problem('tail.output', `${file}: ${message}`, item);
    if (tail.format === 'auto' && eventFormatOfName(file) === null)
      tell('its name does not say a format; add format: text or format: ndjson under tail:, or name it .ndjson');
    const isFollowed = followed.includes(file) || tail.paths.some((place) => file.startsWith(`${place}${path.sep}`));
    if (isFollowed) tell('would be followed itself, as it is one of the logs of tail.paths; write to another folder');
    else await checkWritable(file).catch((error: Error) => tell(`cannot be written (${error.message})`));
  }
}

/** What keeps a folder from being made or written to; null if nothing does. */
async function troubleWith(folder: string): Promise<string | null> {
  for (let place = folder; ; place = path.dirname(place)) {
    const found = await stat(place).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error && (found.code === 'ENOENT' || found.code === 'ENOTDIR')) continue;
    const what = place === folder ? 'written' : 'made';
    if (found instanceof Error) return `cannot be ${what} (${found.message})`;
    if (!found.isDirectory()) return `cannot be ${what} (${place} is not a directory)`;
    return access(place, constants.W_OK | constants.X_OK).then(
      () => null,
      (error: Error) => `cannot be ${what} (${error.message}); ${AS_THE_SERVICE}`,
    );
  }
}

function checkWebhook({ url, format }: Webhook, item: number, findings: Findings): void {
  const { protocol, hostname, host } = new URL(url);
  if (protocol === 'http:' && !isLoopback(hostname))
    findings.warning('tail.webhook', `http to ${host} is not encrypted: others may read what is sent; use https`, item);
  if (hostname === 'hooks.slack.com' && format !== 'slack')
    findings.warning('tail.webhook', `${host} takes no ${format}; say format: slack`, item);
}

async function checkMetrics(metrics: Metrics, findings: Findings): Promise<void> {
  if ('file' in metrics) {
    await checkWritable(metrics.file).catch((error: Error) =>
      findings.problem('tail.metrics', `${metrics.file}: cannot be written (${error.message})`),
    );
  } else if (!isLoopback(metrics.host)) {
    const message = `${addressText(metrics)} is open to other machines, without a password; 127.0.0.1 is not`;
    findings.warning('tail.metrics', message);
  }
}

function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function addressText({ host, port }: { host: string; port: number }): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Every setting, its value, and where it comes from. */
function settingsText(
  { given }: Config,
  values: Readonly<Record<string, unknown>>,
  tail: TailSettings,
  env: Environment,
): string {
  const row = (name: string, setting: Setting, value: unknown) => {
    const place =
      given.get(name)?.place ?? (name === 'tail.state' && env.STATE_DIRECTORY ? 'STATE_DIRECTORY' : 'default');
    return ` ${name.padEnd(WIDTH)}  ${escapeTerminal(valueText(setting, value))}   (${escapeTerminal(place)})\n`;
  };
  const rows = [
    ...Object.entries<Setting>(SETTINGS).map(([name, setting]) => row(name, setting, values[name])),
    ...Object.entries<Setting>(TAIL_SETTINGS).map(([name, setting]) =>
      row(`tail.${name}`, setting, tail[name as keyof TailSettings]),
    ),
  ];
  return `\n${rows.join('')}`;
}

const WIDTH = 19; // of the longest name

function valueText({ kind }: Setting, value: unknown): string {
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return '-';
  if (kind === 'duration') return durationText(value as number);
  if (kind === 'metrics')
    return 'file' in (value as Metrics)
      ? (value as { file: string }).file
      : addressText(value as { host: string; port: number });
  if (kind === 'webhooks')
    return (value as readonly Webhook[]).map(({ url, format }) => `${new URL(url).origin}/… as ${format}`).join(', ');
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
