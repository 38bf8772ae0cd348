/**
 * What can be set for every run, in `logscan.yaml` and in the environment. One table: the schema of the file is made from it
 * (`config-schema.ts`), and values of the environment are read by it. What is about one run only (`--since`, `--as-of`,
 * `--output` of a scan) is left out.
 */
import { homedir } from 'node:os';
import path from 'node:path';
import { isZone, REDACT_MODES } from '../pipeline.js';
import { shownValue } from '../rules/problem.js';
import { LOG_LEVELS } from './logger.js';
import {
  COLORS,
  EVENT_FORMATS,
  FAIL_ON,
  FORMATS,
  SHOWN_SEVERITIES,
  SIZE_EXAMPLES,
  toBytes,
  WEBHOOK_FORMATS,
  type WebhookFormat,
} from './options.js';

interface Described {
  /** What the setting is for, for editors and for `logscan schema config`. */
  readonly describe: string;
  /** What holds where nothing is set, as it would be written; only where no flag says so. */
  readonly default?: string;
}
export type Setting = Described &
  (
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'flag' }
    /** A whole number, or one of some words that stand for one. */
    | { readonly kind: 'count'; readonly least: number; readonly words?: readonly string[] }
    /** Milliseconds. */
    | { readonly kind: 'duration'; readonly least: number; readonly most: number }
    /** Bytes, as it is written: `64GiB`. */
    | { readonly kind: 'size' }
    | { readonly kind: 'zone' }
    | { readonly kind: 'names'; readonly what: string }
    | { readonly kind: 'path' | 'paths' }
    | { readonly kind: 'webhooks' }
    | { readonly kind: 'metrics' }
  );

export interface Webhook {
  readonly url: string;
  /** Null is that of `webhook-format`. */
  readonly format: WebhookFormat | null;
}

/** Where the metrics are: at an address, or in a file that is written anew again and again. */
export type Metrics = { readonly host: string; readonly port: number } | { readonly file: string };

export type SettingValue = string | number | boolean | readonly string[] | readonly Webhook[] | Metrics;

const SECOND = 1000; // milliseconds
const DAY = 86_400 * SECOND;
/** So often something may happen, and so seldom: a timer of Node that waits for more than 24 days does not wait at all. */
const PACE = { kind: 'duration', least: 10, most: DAY } as const;

/** Settings of every command that has a flag of the same name. */
export const SETTINGS = {
  color: { kind: 'choice', choices: COLORS, describe: 'Colour the text' },
  quiet: { kind: 'flag', describe: 'Only results: no progress, no hints' },
  'log-level': { kind: 'choice', choices: LOG_LEVELS, describe: "Of logscan's own log on stderr" },
  rules: { kind: 'paths', describe: 'More rules: rule files, packs, folders of packs' },
  disable: { kind: 'names', what: 'the id of a rule', describe: 'Rules to leave out' },
  only: {
    kind: 'names',
    what: 'the id of a rule, or a tag',
    describe: 'Run only these rules, or rules with these tags',
  },
  format: { kind: 'choice', choices: ['auto', ...FORMATS], describe: 'How results look; auto is text' },
  'min-severity': { kind: 'choice', choices: SHOWN_SEVERITIES, describe: 'Show incidents from here on' },
  'fail-on': { kind: 'choice', choices: FAIL_ON, describe: 'A scan ends with 1 if there is one at or above it' },
  unknown: {
    kind: 'count',
    least: 0,
    words: ['all', 'none'],
    describe: 'Errors that no rule knows: how many kinds, all, or none',
  },
  evidence: { kind: 'count', least: 1, describe: 'Places shown of each incident' },
  details: { kind: 'count', least: 0, words: ['all'], describe: 'Incidents told in full, or all' },
  context: { kind: 'count', least: 0, describe: 'Lines around each place' },
  timezone: {
    kind: 'zone',
    default: 'that of the facts, or UTC',
    describe: 'Zone of times printed without one',
  },
  all: { kind: 'flag', describe: 'Show what does not apply to your version as well' },
  jobs: { kind: 'count', least: 1, describe: 'Threads for large files' },
  'max-archive-bytes': { kind: 'size', describe: 'What the archives in one input may unpack to' },
  'max-ratio': { kind: 'count', least: 1, describe: 'How many times its size an archive may unpack to' },
  'max-depth': { kind: 'count', least: 1, describe: 'How deep archives in archives are opened' },
  redact: {
    kind: 'choice',
    choices: REDACT_MODES,
    describe: 'Mask secrets; strict: mail addresses, users, hosts and IP addresses, too',
  },
  'redact-key': {
    kind: 'path',
    describe: 'Under strict equal values have equal tokens in all runs with this file; made if it is not there',
  },
} as const satisfies Readonly<Record<string, Setting>>;

/** Settings of `logscan tail`, in the section `tail:`. */
export const TAIL_SETTINGS = {
  paths: { kind: 'paths', describe: 'Logs, directories and globs to follow' },
  state: {
    kind: 'path',
    describe: 'Folder that remembers where each log was read to; $STATE_DIRECTORY or ~/.local/state/logscan if absent',
  },
  from: {
    kind: 'choice',
    choices: ['start', 'end'],
    default: 'end',
    describe: 'Where to begin in a log that is not remembered',
  },
  format: {
    kind: 'choice',
    choices: ['auto', ...EVENT_FORMATS],
    default: 'auto',
    describe: 'How events look; auto is text',
  },
  output: { kind: 'paths', describe: 'Files for the events instead of stdout; .ndjson chooses the format' },
  'resolve-after': {
    kind: 'duration',
    least: SECOND,
    most: 365 * DAY,
    default: '30m',
    describe: 'An incident is over after this time without another sighting',
  },
  webhook: { kind: 'webhooks', describe: 'Addresses that every event is sent to' },
  'webhook-format': {
    kind: 'choice',
    choices: WEBHOOK_FORMATS,
    default: 'cloudevents',
    describe: 'Of the webhooks that name no format',
  },
  metrics: {
    kind: 'metrics',
    describe: 'Where Prometheus finds metrics: a port, host:port, or a file; nowhere if absent',
  },
  poll: { ...PACE, default: '250ms', describe: 'How often logs are looked at' },
  'flush-timeout': { ...PACE, default: '1s', describe: 'The last record of a quiet log is handed out after this time' },
  'rotate-wait': { ...PACE, default: '5s', describe: 'A rotated log is read on until it was quiet for this time' },
  checkpoint: { ...PACE, default: '1s', describe: 'How often it is remembered where each log was read to' },
  'open-files': { kind: 'count', least: 1, default: '256', describe: 'Logs that are held open at once' },
} as const satisfies Readonly<Record<string, Setting>>;

/** Flags about one run, which cannot be set for all. */
export const ONLY_TYPED: readonly string[] = ['as-of', 'since', 'until', 'profile', 'no-filter', 'config', 'no-config'];

/** The end of a message about one of them. */
export function onlyTyped(flag: string): string {
  return `; it is about one run, so it is only typed: --${flag}`;
}

type ValueOf<S extends Setting> = S extends { kind: 'choice'; choices: readonly (infer C)[] }
  ? C
  : S extends { kind: 'flag' }
    ? boolean
    : S extends { kind: 'count'; words: readonly (infer W)[] }
      ? number | W
      : S extends { kind: 'count' | 'duration' }
        ? number
        : S extends { kind: 'names' | 'paths' }
          ? readonly string[]
          : S extends { kind: 'webhooks' }
            ? readonly Webhook[]
            : S extends { kind: 'metrics' }
              ? Metrics
              : string;

/** What is set of a tail, by the names of its settings. Durations are milliseconds, paths absolute. */
export type TailConfig = { readonly [K in keyof typeof TAIL_SETTINGS]?: ValueOf<(typeof TAIL_SETTINGS)[K]> };

/** What was wanted where a value cannot be meant. */
export function wantedOf(setting: Setting): string {
  switch (setting.kind) {
    case 'choice':
      return `one of ${setting.choices.join(', ')}`;
    case 'flag':
      return 'true or false';
    case 'count':
      return [setting.least > 0 ? `a number of at least ${setting.least}` : 'a number', ...(setting.words ?? [])]
        .join(', ')
        .replace(/, (?=\w+$)/, ' or ');
    case 'duration':
      return `a duration from ${durationText(setting.least)} to ${durationText(setting.most)}, like ${setting.default}`;
    case 'size':
      return `a size like ${SIZE_EXAMPLES}`;
    case 'zone':
      return 'a time zone like Europe/Berlin or UTC';
    case 'names':
      return setting.what;
    case 'path':
    case 'paths':
      return 'a path';
    case 'webhooks':
      return 'an http or https address';
    case 'metrics':
      return 'a port, host:port, or a path';
  }
}

/** A setting that is written as text: `value`, or `found`, which cannot be meant. */
export type Read = { readonly value: SettingValue } | { readonly found: string };

/**
 * Reads what stands in the environment or behind a flag.
 * @param texts one, but for a list
 * @param base the folder that relative paths are relative to
 */
export function readTexts(setting: Setting, texts: readonly string[], base: string): Read {
  const values = texts.map((text) => ({ text, value: readText(setting, text) }));
  const wrong = values.find(({ value }) => value === null);
  if (wrong !== undefined) return { found: setting.kind === 'webhooks' ? hidden(wrong.text) : shownValue(wrong.text) };
  const read = values.map(({ value }) => value);
  return { value: withBase(setting, (isList(setting) ? read : read[0]) as SettingValue, base) };
}

/** The texts of a list as it stands in a variable; one text for what is no list. */
export function listed(setting: Setting, text: string): string[] {
  if (!isList(setting)) return [text];
  const parts = text.split(setting.kind === 'paths' ? path.delimiter : ',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

export function isList({ kind }: Setting): boolean {
  return kind === 'names' || kind === 'paths' || kind === 'webhooks';
}

/** The value of one text, or of one item of a list; null if it cannot be meant. */
function readText(setting: Setting, text: string): SettingValue | Webhook | null {
  switch (setting.kind) {
    case 'choice':
      return setting.choices.includes(text) ? text : null;
    case 'flag':
      return FLAGS.get(text) ?? null;
    case 'count':
      return setting.words?.includes(text) ? text : toCount(/^\d+$/.test(text) ? Number(text) : -1, setting.least);
    case 'duration':
      return toDuration(text, setting);
    case 'size':
      return toBytes(text) === null ? null : text;
    case 'zone':
      return isZone(text) ? text : null;
    case 'webhooks':
      return isAddress(text) ? { url: text, format: null } : null;
    case 'metrics':
      return toMetrics(text);
    case 'names':
    case 'path':
    case 'paths':
      return text === '' ? null : text;
  }
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** The largest number that counts anything here. */
export const MOST = 999_999;

export function toCount(number: number, least: number): number | null {
  return number >= least && number <= MOST ? number : null;
}

export const DURATION = /^(\d{1,9})(ms|s|m|h|d)$/;
const UNITS: Readonly<Record<string, number>> = { d: DAY, h: 3600 * SECOND, m: 60 * SECOND, s: SECOND, ms: 1 };

/** Milliseconds; null if the text is no duration, or outside of what is allowed. */
export function toDuration(text: string, { least, most }: { least: number; most: number }): number | null {
  const [, number, unit] = DURATION.exec(text) ?? [];
  const duration = Number(number) * UNITS[unit ?? '']!;
  return duration >= least && duration <= most ? duration : null;
}

/** A duration in its largest whole unit: `30m`. */
export function durationText(duration: number): string {
  const [unit, size] = Object.entries(UNITS).find(([, one]) => duration % one === 0)!;
  return `${duration / size}${unit}`;
}

/** Whether something can be sent there. */
export function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}

/** The beginning of an address: what follows may be the key to it. */
export function hidden(address: string): string {
  return `one that begins with ${JSON.stringify(address.slice(0, 8))}`;
}

/** The place that a port, `host:port` or a path means; null if it means none. */
export function toMetrics(text: string): Metrics | null {
  const [, host = LOOPBACK, port] = /^(?:([\w.-]+|\[[\da-f:.]+\]):)?(\d+)$/i.exec(text) ?? [];
  if (port === undefined) return text === '' ? null : { file: text };
  return Number(port) <= 65_535 ? { host: host.replace(/^\[|\]$/g, ''), port: Number(port) } : null;
}

const LOOPBACK = '127.0.0.1';

/** The value with absolute paths: relative ones are so to `base`, `~` is the home of whoever runs it. */
export function withBase(setting: Setting, value: SettingValue, base: string): SettingValue {
  if (setting.kind === 'path') return absolute(value as string, base);
  if (setting.kind === 'paths') return (value as readonly string[]).map((one) => absolute(one, base));
  if (setting.kind === 'metrics' && 'file' in (value as object))
    return { file: absolute((value as { file: string }).file, base) };
  return value;
}

/** Of whoever runs logscan. A user without one, as in a container, may own nothing anywhere. */
export function homeFolder(): string {
  try {
    return homedir() || '/';
  } catch {
    return '/';
  }
}

function absolute(text: string, base: string): string {
  if (text === '-') return text; // standard output
  if (/^~(?:\/|$)/.test(text)) return path.join(homeFolder(), text.slice(1));
  // The folder is meant as it is, also if its name has what makes a pattern.
  const isPattern = /[*?[{(]/.test(text) && !path.isAbsolute(text);
  return path.resolve(isPattern ? base.replace(/[\\*?|(){}[\]!]/g, '\\$&') : base, text);
}
