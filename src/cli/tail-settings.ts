/** What holds for a tail: flags over the configuration over what is usual. */
import path from 'node:path';
import type { Config, Environment, OptionValue } from './config.js';
import { UsageError } from './messages.js';
import { EVENT_FORMATS, type WebhookFormat } from './options.js';
import {
  homeFolder,
  type Metrics,
  readTexts,
  type Setting,
  type SettingValue,
  TAIL_SETTINGS,
  type TailConfig,
  type Webhook,
  wantedOf,
} from './settings.js';

/** A tail as it is meant. Durations are milliseconds, paths absolute. */
export type TailSettings = {
  readonly [K in Exclude<keyof TailConfig, 'metrics' | 'webhook'>]-?: NonNullable<TailConfig[K]>;
} & {
  readonly webhook: readonly (Webhook & { readonly format: WebhookFormat })[];
  readonly metrics: Metrics | null;
};

/**
 * @param flags what was typed, by the names of settings: texts, or lists of them
 * @param cwd the directory that paths behind flags are relative to
 * @throws UsageError about a flag
 */
export function toTailSettings(
  { tail, values }: Pick<Config, 'tail' | 'values'>,
  env: Environment,
  cwd: string,
  flags: Readonly<Record<string, unknown>> = {},
): TailSettings {
  const merged = {
    paths: [],
    output: [],
    webhook: [],
    metrics: null,
    state: stateFolder(env),
    ...usual(),
    ...(isForEvents(values.format) ? { format: values.format } : {}),
    ...tail,
    ...typed(flags, cwd),
  } as unknown as Omit<TailSettings, 'webhook'> & { readonly webhook: readonly Webhook[] };
  const webhook = merged.webhook.map(({ url, format }) => ({ url, format: format ?? merged['webhook-format'] }));
  return { ...merged, webhook };
}

/** A look of whole reports is for scans only. */
function isForEvents(format: OptionValue | undefined): boolean {
  return ['auto', ...EVENT_FORMATS].some((one) => one === format);
}

/** Where a tail remembers: what systemd made for it, else a folder of the user. */
export function stateFolder({ STATE_DIRECTORY = '', XDG_STATE_HOME = '' }: Environment): string {
  const ofService = STATE_DIRECTORY.split(path.delimiter)[0];
  if (ofService) return ofService;
  return path.join(
    path.isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : path.join(homeFolder(), '.local/state'),
    'logscan',
  );
}

function usual(): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = {};
  for (const [name, setting] of Object.entries<Setting>(TAIL_SETTINGS)) {
    if (setting.default === undefined) continue;
    const read = readTexts(setting, [setting.default], '/');
    if ('value' in read) values[name] = read.value;
  }
  return values;
}

function typed(flags: Readonly<Record<string, unknown>>, cwd: string): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = {};
  for (const [name, setting] of Object.entries<Setting>(TAIL_SETTINGS)) {
    const texts = [flags[name] ?? []].flat().map(String);
    if (texts.length === 0) continue;
    const read = readTexts(setting, texts, cwd);
    if ('found' in read) throw new UsageError(`--${name}: expected ${wantedOf(setting)}, found ${read.found}`);
    values[name] = read.value;
  }
  return values;
}
