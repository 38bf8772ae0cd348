/** [I/O] What the user typed -> the logs that it means now, and the directories in which others may appear. */
import path from 'node:path';
import { isBackupOf, isCompressed, possibleLogs } from '../../model/rotation.js';
import { GLOB_CHARACTERS, HOME_FILES, LOG_NAME, MAX_DIRECTORIES, namesOf, SKIPPED_DIRECTORIES } from '../find.js';
import type { Files } from './files.js';

export interface Discovered {
  /** In the order of the inputs, within a directory by name. A log that was named need not be there yet. */
  readonly paths: readonly string[];
  readonly directories: readonly string[];
  /** Of a walk that had to be ended. */
  readonly tooMany: readonly string[];
  /** Directories that may not be listed. */
  readonly denied: readonly string[];
}

/** A file that was rotated by number is a backup, whether its log is there at this moment or not. */
const NUMBERED = /\.(?:log|out|txt|err)\.\d{1,6}(?:\.gz)?$/i;

/**
 * Finds the logs that can be followed. Backups belong to their log, packed files to none.
 * @param exclude files and folders that are left out
 */
export async function discover(
  inputs: readonly string[],
  exclude: readonly string[],
  files: Files,
): Promise<Discovered> {
  const left = new Set(exclude.map((place) => path.resolve(place)));
  const paths: string[] = [];
  const directories = new Set<string>();
  const tooMany: string[] = [];
  const denied: string[] = [];
  for (const typed of inputs) {
    const input = path.normalize(typed).replace(/(?<=.)\/$/, '');
    const found = isThere(files, input);
    if (found === 'directory') {
      const walked = walk(input, left, files);
      paths.push(...walked.paths);
      for (const directory of walked.directories) directories.add(directory);
      denied.push(...walked.denied);
      if (walked.isCut) tooMany.push(input);
    } else if (found === null && GLOB_CHARACTERS.test(input)) {
      const names = await namesOf(input);
      paths.push(...withoutBackups(names.filter((name) => !isCompressed(name)).sort()));
      directories.add(fixedPart(input));
      for (const name of names) directories.add(path.dirname(name));
    } else {
      paths.push(input);
      directories.add(path.dirname(input));
    }
  }
  const followed = paths.filter((name) => !left.has(path.resolve(name)));
  return { paths: [...new Set(followed)], directories: [...directories], tooMany, denied: [...new Set(denied)] };
}

function isThere(files: Files, input: string): 'directory' | 'other' | null {
  try {
    const found = files.statSync(input, { throwIfNoEntry: false });
    return found === undefined ? null : found.isDirectory() ? 'directory' : 'other';
  } catch {
    return 'other'; // it is said when it is looked at
  }
}

function walk(
  top: string,
  left: ReadonlySet<string>,
  files: Files,
): { paths: string[]; directories: string[]; denied: string[]; isCut: boolean } {
  const paths: string[] = [];
  const directories: string[] = [];
  const denied: string[] = [];
  const waiting = [top];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    if (directories.length >= MAX_DIRECTORIES) return { paths, directories, denied, isCut: true };
    if (left.has(path.resolve(directory))) continue;
    directories.push(directory);
    let entries: import('node:fs').Dirent[];
    try {
      entries = files.readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) denied.push(directory);
      continue; // or moved away; looked at again with the next walk
    }
    const isHome = entries.some((entry) => HOME_FILES.includes(entry.name));
    const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
    const logs = isHome
      ? []
      : withoutBackups(names.filter((name) => LOG_NAME.test(name) && !isCompressed(name)).sort());
    paths.push(...logs.map((name) => path.join(directory, name)));
    const inner = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .filter((name) => (isHome ? name === 'log' || name === 'logs' : !SKIPPED_DIRECTORIES.test(name)))
      .sort((a, b) => (a < b ? 1 : -1));
    waiting.push(...inner.map((name) => path.join(directory, name)));
  }
  return { paths, directories, denied, isCut: false };
}

/** Names without those that are backups of others among them; sorted ones stay sorted. */
function withoutBackups(names: readonly string[]): string[] {
  const all = new Set(names);
  return names.filter((name) => {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    const base = name.slice(folder.length);
    return !NUMBERED.test(base) && !possibleLogs(base).some((log) => all.has(folder + log) && isBackupOf(base, log));
  });
}

/** The directory that a pattern begins with. */
function fixedPart(pattern: string): string {
  const parts = pattern.split('/');
  const first = parts.findIndex((part) => GLOB_CHARACTERS.test(part));
  return parts.slice(0, first).join('/') || (pattern.startsWith('/') ? '/' : '.');
}
