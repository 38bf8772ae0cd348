/**
 * [I/O] What is set for every run: `logscan.yaml`, the environment over it, and flags over both. Finding the file is a handful of
 * questions to the file system; what reads YAML is loaded only where there is one.
 */
import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { didYouMean, nearest } from '../model/nearest.js';
import { shownPath } from '../rules/places.js';
import { nearestSibling } from '../sources/find.js';
import { UsageError } from './messages.js';
import {
  homeFolder,
  listed,
  ONLY_TYPED,
  onlyTyped,
  readTexts,
  SETTINGS,
  type Setting,
  type SettingValue,
  TAIL_SETTINGS,
  type TailConfig,
  wantedOf,
} from './settings.js';

const NAME = 'logscan.yaml';
const PREFIX = 'LOGSCAN_';
/** Names the file, as `--config` does. */
const FILE_VARIABLE = 'LOGSCAN_CONFIG';
/** A file of settings is never as large; a log that was named by mistake is. */
const MAX_BYTES = 256 * 1024;

/** Something wrong with the configuration. */
export interface ConfigProblem {
  /** `logscan.yaml:3:9`, `LOGSCAN_QUIET`. */
  readonly place: string;
  readonly message: string;
}

/** A value that was set, and where. */
export interface Given {
  readonly value: SettingValue;
  readonly place: string;
  /** The place of each item of a list; empty if they have none of their own. */
  readonly items: readonly string[];
}

/** A value in the shape in which a flag has it. */
export type OptionValue = string | boolean | readonly string[];

export interface Config {
  /** The file that was read; null if there is none. */
  readonly file: string | null;
  /** What stands in for flags that nobody typed, by their names. */
  readonly values: Readonly<Record<string, OptionValue>>;
  readonly tail: TailConfig;
  /** Everything that is set, by `min-severity` or `tail.poll`. */
  readonly given: ReadonlyMap<string, Given>;
  /** If there are any, nothing should be run: what is set is not all that was meant. */
  readonly problems: readonly ConfigProblem[];
}

export const NO_CONFIG: Config = { file: null, values: {}, tail: {}, given: new Map(), problems: [] };

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(({ place, message }) => `${place}: ${message}`).join('\n'));
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The flags that say where the configuration is. */
export interface ConfigArgs {
  readonly config?: string | undefined;
  readonly 'no-config'?: boolean | undefined;
}

/**
 * Reads the configuration. `--no-config` leaves out the file; the environment counts all the same.
 * @param cwd the directory from which the file is looked for upwards, and that paths in `env` are relative to
 */
export async function readConfig(typed: ConfigArgs, env: Environment, cwd: string): Promise<Config> {
  const problems: ConfigProblem[] = [];
  const found = placeOfFile(typed, env, cwd, problems);
  const ofFile = found === null ? new Map<string, Given>() : await readFile(found, problems);
  const given = new Map([...ofFile, ...readEnvironment(env, cwd, problems)]);
  const values: Record<string, OptionValue> = {};
  const tail: Record<string, SettingValue> = {};
  for (const [name, { value }] of given) {
    if (name.startsWith('tail.')) tail[name.slice('tail.'.length)] = value;
    else values[name] = typeof value === 'number' ? String(value) : (value as OptionValue);
  }
  return { file: found?.file ?? null, values, tail: tail as TailConfig, given, problems };
}

/** Where a file is looked for besides the working directory and those above it. */
export function userFile({ XDG_CONFIG_HOME = '' }: Environment): string {
  return path.join(
    path.isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : path.join(homeFolder(), '.config'),
    'logscan',
    NAME,
  );
}

interface FilePlace {
  readonly file: string;
  /** Its name for people, with that of the flag or variable that names it. */
  readonly shown: string;
}

/** @throws UsageError if a file is named and not to be read */
function placeOfFile(typed: ConfigArgs, env: Environment, cwd: string, problems: ConfigProblem[]): FilePlace | null {
  if (typed.config !== undefined && typed['no-config'])
    throw new UsageError('--config: expected a file or --no-config, found both');
  if (typed['no-config']) return null;
  const named = typed.config ?? (env[FILE_VARIABLE] || null); // an empty variable is none
  const file = named === null ? findFile(env, cwd, problems) : path.resolve(cwd, named);
  if (file === null) return null;
  const by = named === null ? '' : typed.config === undefined ? `${FILE_VARIABLE} ` : '--config ';
  return { file, shown: by + shownPath(file) };
}

function findFile(env: Environment, cwd: string, problems: ConfigProblem[]): string | null {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    const file = path.join(folder, NAME);
    const stats = fileAt(file);
    if (stats !== null) {
      if (isTrusted(stats, env)) return file;
      problems.push({
        place: shownPath(file),
        message: `belongs to another user (${stats.uid}), so it is not read unasked; name it with --config, or say --no-config`,
      });
      return null;
    }
    if (path.dirname(folder) === folder) break;
  }
  const file = userFile(env);
  return fileAt(file) === null ? null : file;
}

function fileAt(file: string): Stats | null {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() ? stats : null;
  } catch {
    return null; // a directory that may not be entered
  }
}

/** In a directory where anybody may write, like /tmp, anybody could say where reports are sent to. */
function isTrusted({ uid }: Stats, env: Environment): boolean {
  const user = process.geteuid?.();
  return user === undefined || uid === user || uid === 0 || (user === 0 && String(uid) === env.SUDO_UID);
}

async function readFile({ file, shown }: FilePlace, problems: ConfigProblem[]): Promise<Map<string, Given>> {
  let text: string;
  try {
    text = textOf(file);
  } catch (error) {
    problems.push({ place: shown, message: await unreadable(file, error as NodeJS.ErrnoException) });
    return new Map();
  }
  const { readConfigText } = await import('./config-file.js');
  return readConfigText(file, text, problems);
}

/** @throws the error of the file system, or one that says that it is too large */
function textOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(handle, bytes, length, bytes.length - length, null);
    if (length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES / 1024} KiB`);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(handle);
  }
}

async function unreadable(file: string, { code, message }: NodeJS.ErrnoException): Promise<string> {
  if (code === 'EISDIR') return 'is a directory; name the file in it';
  if (code === 'EACCES') return 'permission denied; run logscan as a user who may read it, or say --no-config';
  if (code === 'ENOENT') {
    const near = await nearestSibling(file);
    return `no such file${didYouMean(near === null ? null : shownPath(near))}`;
  }
  return `cannot be read (${message})`;
}

/** What is set by variables. An empty one sets nothing. */
function readEnvironment(env: Environment, cwd: string, problems: ConfigProblem[]): Map<string, Given> {
  const given = new Map<string, Given>();
  const variables = Object.keys(env).filter((variable) => variable.startsWith(PREFIX) && !isOfOthers(variable));
  const known = variables.length === 0 ? null : knownVariables();
  for (const variable of variables.sort()) {
    const text = env[variable];
    if (!text || variable === FILE_VARIABLE) continue;
    const found = known!.get(variable);
    if (found === undefined) {
      problems.push({ place: variable, message: `there is no such setting${hintFor(variable, [...known!.keys()])}` });
      continue;
    }
    const { name, setting } = found;
    const read = readTexts(setting, listed(setting, text), cwd);
    if ('value' in read) given.set(name, { value: read.value, place: variable, items: [] });
    else {
      const near = setting.kind === 'choice' ? nearest(text, setting.choices) : null;
      const message = `expected ${wantedOf(setting)}, found ${read.found}${didYouMean(near)}`;
      problems.push({ place: variable, message });
    }
  }
  return given;
}

/**
 * Variables that are not meant for logscan: those of its tests, and those that Kubernetes sets in every container for a service
 * with the name logscan.
 */
function isOfOthers(variable: string): boolean {
  return /^LOGSCAN_(?:TEST_|(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$)/.test(variable);
}

function knownVariables(): Map<string, { name: string; setting: Setting }> {
  const entries = (settings: Readonly<Record<string, Setting>>, prefix: string) =>
    Object.entries(settings).map(([key, setting]) => {
      const name = prefix + key;
      return [PREFIX + name.toUpperCase().replace(/[.-]/g, '_'), { name, setting }] as const;
    });
  return new Map([...entries(SETTINGS, ''), ...entries(TAIL_SETTINGS, 'tail.')]);
}

/** All names begin alike, which says nothing about how close they are. */
function hintFor(variable: string, known: readonly string[]): string {
  const flag = variable.slice(PREFIX.length).toLowerCase().replaceAll('_', '-');
  if (ONLY_TYPED.includes(flag)) return onlyTyped(flag);
  const ofTail = `${PREFIX}TAIL_${variable.slice(PREFIX.length)}`;
  if (known.includes(ofTail)) return didYouMean(ofTail);
  const near = nearest(
    variable.slice(PREFIX.length),
    known.map((name) => name.slice(PREFIX.length)),
  );
  return near === null ? '; unset it' : didYouMean(PREFIX + near);
}
