/**
 * Names of backups: what a log is called after it was rotated. Log4j, logback, java.util.logging, Tomcat and logrotate put a
 * number or a date behind the whole name (`jira.log.1`, `catalina.out-20261124.gz`) or before its ending (`app-2026-11-24.1.log.gz`).
 */

/** What a name says about its place among the backups of one log. */
interface Age {
  readonly isDated: boolean;
  /** Of the date, from the year down, and the one behind it; or that one alone, if there is one. */
  readonly numbers: readonly number[];
}

const COMPRESSED = /\.(?:gz|zip|bz2|xz|zst|Z)$/;
const DATE = String.raw`\d{4}-\d\d-\d\d(?:[-_T]\d\d(?:[-:_]?\d\d){0,2})?|\d{4}-\d\d|\d{8}(?:[-_T]?\d{2,6})?`;
const EPOCH = String.raw`-\d{10}`;
/** A date, a number, or both, each behind a separator. */
const AGE = new RegExp(`^[.\\-_](?:(${DATE})(?:${EPOCH})?)?(?:(?:^|[.\\-_]|(?<=^[.\\-_]))(\\d{1,6}))?$`);

/** Whether a file of that name is a backup of the log, both without directories. */
export function isBackupOf(name: string, log: string): boolean {
  return ageOf(name, log) !== null;
}

export function isCompressed(name: string): boolean {
  return COMPRESSED.test(name);
}

/**
 * Backups of one log, the oldest first: dates as they go, numbers from the highest down, but with a date before them from the
 * lowest up. Log4j 2 can also count up: then a number that was not read yet is higher than all that were.
 * @param unread names of backups that were not read
 * @param known names of those that were
 */
export function oldestBackupFirst(unread: readonly string[], known: readonly string[], log: string): string[] {
  const numbers = (names: readonly string[]) =>
    names.map((name) => ageOf(name, log)).flatMap((age) => (age === null || age.isDated ? [] : age.numbers));
  const read = numbers(known);
  const fresh = numbers(unread);
  const countsUp = read.length > 0 && fresh.length > 0 && Math.min(...fresh) > Math.max(...read);
  return [...unread].sort((a, b) => compareAges(ageOf(a, log)!, ageOf(b, log)!, countsUp) || (a < b ? -1 : 1));
}

function compareAges(a: Age, b: Age, countsUp: boolean): number {
  if (a.isDated !== b.isDated) return a.isDated ? 1 : -1;
  const up = countsUp || a.isDated ? 1 : -1;
  for (let at = 0; at < Math.max(a.numbers.length, b.numbers.length); at++) {
    // What stands behind a date may be an hour or a number that counts, of as many digits as it takes.
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference * up;
  }
  return 0;
}

/** Null if the name is none of a backup of the log. */
function ageOf(name: string, log: string): Age | null {
  const bare = name.replace(COMPRESSED, '');
  if (bare === log) return name === log ? null : { isDated: false, numbers: [] };
  if (bare.startsWith(log)) return toAge(bare.slice(log.length));
  const dot = log.lastIndexOf('.');
  if (dot <= 0) return null;
  const stem = log.slice(0, dot);
  const ending = log.slice(dot);
  if (!bare.startsWith(stem) || !bare.endsWith(ending) || bare.length <= log.length) return null;
  const age = toAge(bare.slice(stem.length, bare.length - ending.length));
  // `node-2.log` beside `node.log` is another log; compressed, or with a date, it is none.
  return age !== null && (age.isDated || isCompressed(name)) ? age : null;
}

function toAge(suffix: string): Age | null {
  const found = AGE.exec(suffix);
  if (found === null || suffix.length < 2) return null;
  const isDated = found[1] !== undefined;
  if (!isDated && found[2] === undefined) return null;
  return { isDated, numbers: suffix.match(/\d+/g)!.map(Number) };
}

/**
 * Pairs of files of which the second is the next younger of one log, in the order of their ages: each one is once the older one, with
 * null if nothing is younger.
 * @param nameOf its path; only files of one directory are parts of one log
 */
export function neighbours<T>(files: readonly T[], nameOf: (file: T) => string): [older: T, younger: T | null][] {
  const byFolder = new Map<string, Map<string, T>>();
  const others: T[] = []; // an archive may hold two files of one name
  for (const file of files) {
    const name = nameOf(file);
    const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
    const folder = name.slice(0, name.length - base.length);
    const of = byFolder.get(folder) ?? new Map<string, T>();
    if (of.has(base)) others.push(file);
    else byFolder.set(folder, of.set(base, file));
  }
  const chained = [...byFolder.values()].flatMap((folder) => {
    const backups = new Map<string, string[]>();
    for (const name of folder.keys()) {
      const log = possibleLogs(name).find((one) => isBackupOf(name, one)) ?? null;
      if (log !== null) backups.set(log, [...(backups.get(log) ?? []), name]);
      else if (!backups.has(name)) backups.set(name, []);
    }
    return [...backups].flatMap(([log, names]) => {
      const chain = [...oldestBackupFirst(names, [], log), ...(folder.has(log) ? [log] : [])];
      return chain.map((name, at): [T, T | null] => [folder.get(name)!, folder.get(chain[at + 1] ?? '') ?? null]);
    });
  });
  return [...chained, ...others.map((file): [T, T | null] => [file, null])];
}

/** The names of which this one could be a backup: unpacked, and without what stands between two separators, or behind one. */
export function possibleLogs(name: string): string[] {
  const bare = name.replace(COMPRESSED, '');
  const separators = [...bare.matchAll(/[.\-_]/g)].map(({ index }) => index);
  const cut = separators.flatMap((from) => [
    bare.slice(0, from),
    ...separators.filter((to) => to > from).map((to) => bare.slice(0, from) + bare.slice(to)),
  ]);
  return bare === name ? cut : [...cut, bare];
}
