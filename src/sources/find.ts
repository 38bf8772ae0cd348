/** [I/O] What the user typed -> the logs that it means. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../model/diagnostics.js';
import { nearest } from '../model/nearest.js';
import { InputError, type Source } from '../model/source.js';
import { fifoSource, fileSource, stdinSource } from './file.js';

/** A walk enters at most so many directories. */
export const MAX_DIRECTORIES = 20_000;
/** Directories that hold no logs but very many files. */
export const SKIPPED_DIRECTORIES = /^(?:data|caches|plugins|index.*|\.git|node_modules)$/;
/** A directory with one of these is the home of a product: its logs are in `log/` or `logs/`. */
export const HOME_FILES = [
  'dbconfig.xml',
  'jira-config.properties',
  'confluence.cfg.xml',
  'bitbucket.properties',
  'bamboo.cfg.xml',
  'crowd.cfg.xml',
];
/** Names under which logs lie in a directory. */
export const LOG_NAME =
  /\.(?:log|out|err|txt|json|jsonl|ndjson|har)(?:[.\-_][\w.-]*)?(?:\.gz)?$|access_log|(?:^|[._-])log(?:[._-]|$)|^hs_err_pid|threaddump/i;
/** Names under which archives of logs lie. What they are is told by their content. */
export const ARCHIVE_NAME = /\.(?:zip|tar|tar\.(?:gz|bz2|xz|zst)|tgz|tbz2?|txz|tzst)$/i;

export interface Found {
  readonly sources: readonly Source[];
  /** Inputs that could not be found or are no logs; each is an unreadable file. */
  readonly problems: readonly Problem[];
  /** Files in directories that are no logs by their name or kind. */
  readonly skipped: number;
  /** Files that tell something of the installation. */
  readonly facts: readonly Source[];
}

export interface FindOptions {
  /** Whether a file of that name tells something of the installation; absent if nobody wants to know. */
  readonly isFactFile?: (name: string) => boolean;
  /** Whether a directory that holds no logs is trouble even if it holds such files. Default true. */
  readonly needsLogs?: boolean;
}

/** So many files that tell of the installation are read. */
const MAX_FACT_FILES = 1000;

/**
 * Finds the logs that `inputs` name: files, directories, globs, FIFOs, `-` for stdin. Each file once, whatever names
 * it has; rotated backups before the log that they came from.
 */
export async function findSources(inputs: readonly string[], options: FindOptions = {}): Promise<Found> {
  const finder = new Finder(options);
  for (const input of inputs) await finder.find(input);
  return finder;
}

/** What makes a name a pattern: stars, question marks, and brackets, braces and groups that are closed. */
export const GLOB_CHARACTERS = /[*?]|\[[^\]]*\]|\{[^}]*(?:,|\.\.)[^}]*\}|[!@+]\([^)]*\)/;

class Finder implements Found {
  readonly sources: Source[] = [];
  readonly problems: Problem[] = [];
  skipped = 0;
  readonly facts: Source[] = [];
  readonly #options: FindOptions;
  readonly #seen = new Set<string>();

  constructor(options: FindOptions) {
    this.#options = options;
  }

  async find(input: string): Promise<void> {
    if (input === '-') {
      if (!this.#seen.has('-')) this.sources.push(stdinSource());
      this.#seen.add('-');
      return;
    }
    try {
      const stats = await stat(input).catch((error: NodeJS.ErrnoException) => error);
      if (!(stats instanceof Error)) await this.#add(input, true);
      else if (stats.code === 'ENOENT' && GLOB_CHARACTERS.test(input)) await this.#findGlob(input);
      else throw await missing(input, stats);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#trouble(error);
    }
  }

  async #findGlob(pattern: string): Promise<void> {
    const names = await namesOf(pattern);
    if (names.length === 0) {
      throw new InputError(
        'input-missing',
        pattern,
        'no file matches',
        'check the pattern; quote it if the shell should leave it alone',
      );
    }
    for (const name of names.sort(oldestFirst)) await this.#add(name, true, false);
  }

  /**
   * Adds what stands under a name, and says whether it is a log, one that was added before as well.
   * @param named false for what a walk found
   * @param walks whether the logs of a directory are added
   */
  async #add(name: string, named: boolean, walks = named): Promise<boolean> {
    const stats = await stat(name).catch(() => null);
    if (stats === null) {
      if (named) throw new InputError('input-missing', name, 'no such file', 'check the name');
      this.skipped++; // a link to nowhere
      return false;
    }
    if (stats.isDirectory()) {
      if (walks) await this.#walk(name);
      return false;
    }
    if (stats.isFile()) this.#addFacts(name, stats.size, named);
    const identity = `${stats.dev}:${stats.ino}`;
    if (this.#seen.has(identity)) return stats.isFile();
    this.#seen.add(identity);
    if (stats.isFile()) this.sources.push(fileSource(name, stats.size, named));
    else if (!named) this.skipped++;
    else if (stats.isFIFO() || stats.isCharacterDevice()) this.sources.push(fifoSource(name));
    else
      throw new InputError(
        'input-unreadable',
        name,
        `is a ${stats.isSocket() ? 'socket' : 'block device'}, not a log`,
        'name a file, a directory or a pipe',
      );
    return stats.isFile();
  }

  #addFacts(name: string, size: number, named: boolean): void {
    if (!(this.#options.isFactFile?.(name) ?? false) || this.facts.length >= MAX_FACT_FILES) return;
    if (!this.facts.some(({ origin }) => origin.path === name)) this.facts.push(fileSource(name, size, named));
  }

  async #walk(top: string): Promise<void> {
    const facts = this.facts.length;
    const problems = this.problems.length;
    let logs = 0;
    const waiting = [top];
    let entered = 0;
    for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
      if (++entered > MAX_DIRECTORIES) {
        const message = `has more than ${MAX_DIRECTORIES} directories; the rest was not entered`;
        this.#trouble(new InputError('input-too-large', top, message, 'name the directory that holds the logs'));
        break;
      }
      const { found, inner } = await this.#enter(directory);
      logs += found;
      waiting.push(...inner);
    }
    const isEnough = !(this.#options.needsLogs ?? true) && this.facts.length > facts;
    if (logs === 0 && !isEnough && this.problems.length === problems) {
      throw new InputError('input-empty-directory', top, 'holds no logs', 'name the directory or the file that does');
    }
  }

  /** Adds the logs of one directory and tells how many it holds, and the directories to enter next, last one first. */
  async #enter(directory: string): Promise<{ found: number; inner: string[] }> {
    let entries: import('node:fs').Dirent[];
    try {
      entries = await readdir(directory, { withFileTypes: true });
    } catch (error) {
      this.#trouble(
        new InputError(
          'input-unreadable',
          directory,
          `cannot be listed (${(error as Error).message})`,
          'run logscan as a user who may',
        ),
      );
      return { found: 0, inner: [] };
    }
    const isHome = entries.some((entry) => HOME_FILES.includes(entry.name));
    const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
    let found = 0;
    for (const name of files.sort(oldestFirst)) {
      if (isHome || !isReadInWalk(name)) {
        this.skipped++;
        await this.#lookForFacts(path.join(directory, name));
      } else if (await this.#add(path.join(directory, name), false)) found++;
    }
    const inner = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .filter((name) => (isHome ? name === 'log' || name === 'logs' : !SKIPPED_DIRECTORIES.test(name)))
      .sort((a, b) => (a < b ? 1 : -1))
      .map((name) => path.join(directory, name));
    return { found, inner };
  }

  /** A file that is no log. */
  async #lookForFacts(name: string): Promise<void> {
    if (!(this.#options.isFactFile?.(name) ?? false)) return;
    const stats = await stat(name).catch(() => null);
    if (stats?.isFile()) this.#addFacts(name, stats.size, false);
  }

  #trouble({ code, origin, message, remedy }: InputError): void {
    this.problems.push({ code, origin, message, remedy });
  }
}

/** Whether a walk reads a file of this name. */
export function isReadInWalk(name: string): boolean {
  return LOG_NAME.test(name) || ARCHIVE_NAME.test(name);
}

/** The files, and links to files, that a pattern names. */
export async function namesOf(pattern: string): Promise<string[]> {
  const { default: glob } = await import('fast-glob'); // few inputs are patterns
  const entries = await glob(pattern, {
    onlyFiles: false, // it takes a link to a log for no file
    objectMode: true,
    followSymbolicLinks: false,
    suppressErrors: true,
  });
  return entries.filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink()).map((entry) => entry.path);
}

/** Backups before their log, the oldest first: `jira.log.10`, `jira.log.2`, `jira.log.1`, `jira.log`. */
export function oldestFirst(a: string, b: string): number {
  const [stemA, ageA] = rotation(a);
  const [stemB, ageB] = rotation(b);
  if (stemA !== stemB) return stemA < stemB ? -1 : 1;
  return ageB - ageA || (a < b ? -1 : 1);
}

function rotation(name: string): [stem: string, age: number] {
  const found = /^(.*?)\.(\d{1,6})(?:\.(?:gz|bz2|xz|zst|zip))?$/.exec(name);
  return found ? [found[1]!, Number(found[2])] : [name, 0];
}

async function missing(input: string, error: NodeJS.ErrnoException): Promise<InputError> {
  if (error.code === 'EACCES')
    return new InputError('input-unreadable', input, 'permission denied', 'run logscan as a user who may read it');
  if (error.code === 'ELOOP')
    return new InputError('input-unreadable', input, 'is a loop of symbolic links', 'name the file itself');
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
    return new InputError('input-unreadable', input, `cannot be looked at (${error.message})`, 'check the path');
  }
  const near = await nearestSibling(input);
  return new InputError(
    'input-missing',
    input,
    'no such file',
    near === null ? 'check the name' : `Did you mean ${near}?`,
  );
}

/** The file in the same directory whose name is closest to a mistyped one. */
export async function nearestSibling(input: string): Promise<string | null> {
  const directory = path.dirname(input);
  const name = nearest(path.basename(input), await readdir(directory).catch(() => []));
  return name === null ? null : path.join(directory, name);
}
