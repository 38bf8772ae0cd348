import type { Family, Format } from './format.js';
import { confluenceBrackets } from './formats/confluence.js';
import { ALL_FAMILIES } from './formats/index.js';
import { PLAIN_TIME_FAMILIES } from './formats/plain-time.js';

/*
 * Which formats' starts count in a file. Its name proposes a family, its first lines confirm or decide.
 */

export { ALL_FAMILIES };

/** No known format and no times: records are paragraphs, which is the assembler's business. */
export const PLAIN: Family = { name: 'plain', shape: null, formats: [] };

/** The non-blank lines that decide whether a file of no known format has times. */
const PLAIN_SAMPLE = 200; // lines

/** The format whose record begins at this line, or null if the line continues the record before it. */
export function startOf(family: Family, text: string): Format | null {
  // No layout begins a record with `<tab>at `, and frames are the most frequent lines of a log.
  if (text.charCodeAt(0) === 9 && text.charCodeAt(1) === 97) return null;
  const formats = family.formats;
  for (let i = 0; i < formats.length; i++) {
    if (formats[i]!.starts(text)) return formats[i]!;
  }
  return null;
}

/** Any family by its name, those of unknown formats included. */
export function familyNamed(name: string): Family | null {
  if (name === PLAIN.name) return PLAIN;
  return [...ALL_FAMILIES, ...PLAIN_TIME_FAMILIES].find((family) => family.name === name) ?? null;
}

/** Lower-case names of files and the family that they propose; the first that fits counts. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\.har$/, 'har'],
  [/^atlassian-jira-security\.log/, 'jira-security'],
  [/^atlassian-jira-(?:incoming|outgoing)-mail\.log/, 'jira-mail'],
  [/^atlassian-jira-(?:apdex|perf|app-monitoring|ipd-monitoring|sql|querydsl-sql)\.log/, 'jira-metrics'],
  [/^atlassian-jira-http-access\.log/, 'access-log'],
  [/access[_.-]log|access\.log|-access\.|-access-\d/, 'access-log'],
  [/(?:^|[-_.])gc[-_.]|(?:^|[-_.])gc$/, 'gc'],
  [/^(?:atlassian-jira|atlassian-greenhopper|atlassian-servicedesk|atlassian-remoteapps|insight_).*\.log/, 'jira'],
  [/^atlassian-(?:confluence|synchrony).*\.log/, 'confluence'],
  [/^atlassian-bitbucket.*\.log/, 'bitbucket'],
  [/^atlassian-bamboo.*\.log/, 'bamboo'],
  [/^atlassian-crowd.*\.log/, 'crowd'],
  [/^(?:catalina|localhost|manager|host-manager|console|commons-daemon|tomcat)\b.*\.(?:log|out|txt)/, 'mixed'],
  [/(?:^|[-_])(?:stdout|stderr)\b.*\.(?:log|txt)/, 'mixed'],
  [/^hs_err/, 'hs-err'],
  [/thread[-_ ]?dump|_threads?[._]|jstack/, 'thread-dump'],
  [/^healthcheckresults/, 'healthcheck'],
  [/\.audit\.log/, 'json'],
  [/^postgres/, 'postgres'],
  [/^sonar/, 'sonarqube'],
];

/** The last part of a path, or of a member's path in an archive, without the ending of a compressed file. */
function baseName(fileName: string): string {
  const slash = Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\'), fileName.lastIndexOf('!'));
  return fileName
    .slice(slash + 1)
    .toLowerCase()
    .replace(/\.(?:gz|zst|bz2|xz)$/, '');
}

function proposedFamily(fileName: string): Family | null {
  const name = baseName(fileName);
  const found = NAMES.find(([pattern]) => pattern.test(name));
  return found === undefined ? null : familyNamed(found[1]);
}

const NEVER = () => false;
const LOG_KEY = /"(?:level|severity|log\.level|time|timestamp|@timestamp|ts|msg)" {0,2}:/;
/** What follows Bitbucket's thread: a request or a logger; log4j puts a dash behind the logger. */
const DASH_AFTER_LOGGER = /\] {1,2}[A-Za-z][\w$]{0,100}(?:\.[\w$]{1,100}){0,20} - /;
const BITBUCKET_REST = /\] {1,2}(?:\S{1,100} )?(?:@|!!!|[a-z]\w{0,50}\.\w)/;

/**
 * Formats that resemble others: when the content decides, only starts that pass this count. In a file whose family is
 * known all their starts count.
 */
const PROOFS: Readonly<Record<string, (text: string) => boolean>> = {
  'jira-level-first': NEVER,
  'jira-security': (text) =>
    / \d{1,10}x\d{1,15}x\d{1,10} /.test(text.slice(0, 600)) && !/ \[[\w.$]+\] /.test(text.slice(0, 600)),
  'jira-mail': (text) => text.slice(0, 200).includes(' ServiceRunner '),
  'jira-bare': NEVER,
  'atlassian-backup-client': NEVER,
  'log4j-status': NEVER,
  'thread-dump-time': NEVER,
  bamboo: (text) => !confluenceBrackets(text)?.logger.includes('.'),
  bitbucket: (text) => BITBUCKET_REST.test(text.slice(0, 300)) && !DASH_AFTER_LOGGER.test(text.slice(0, 400)),
  json: (text) => LOG_KEY.test(text.slice(0, 20_000)),
  healthcheck: NEVER,
  har: NEVER,
};

/** Families that the content as a whole shows, where no single start does. */
const WHOLE: Readonly<Record<string, (head: readonly string[]) => boolean>> = {
  healthcheck: (head) => head.some((line) => line.startsWith('Is healthy: ')),
  har: (head) => head.slice(0, 3).some((line) => /^\s{0,8}"log" ?: ?\{/.test(line)),
};

/** How many of the lines show the family. */
function countStarts(family: Family, lines: readonly string[], proven: boolean): number {
  let count = 0;
  for (const line of lines) {
    const format = startOf(family, line);
    if (format !== null && (!proven || (PROOFS[format.name]?.(line) ?? true))) count++;
  }
  return count;
}

/** The family of which most lines show a start; of equals the first. */
function bestFamily(families: readonly Family[], lines: readonly string[]): { family: Family; starts: number } | null {
  let best: { family: Family; starts: number } | null = null;
  for (const family of families) {
    const proven = !(WHOLE[family.name]?.(lines) ?? false);
    const starts = countStarts(family, lines, proven);
    if (starts > (best?.starts ?? 0)) best = { family, starts };
  }
  return best;
}

/**
 * The family of a file, from its name (a path or a member of an archive will do) and the lines of its first 64 KiB,
 * unwrapped. Its last line may be cut. A head without any start or time proves nothing against a known name: a log may
 * be empty yet, or begin in the middle of a long trace.
 */
export function familyOf(fileName: string, head: readonly string[]): Family {
  const proposed = proposedFamily(fileName);
  if (proposed !== null && head.some((line) => startOf(proposed, line) !== null)) return proposed;
  return bestFamily(ALL_FAMILIES, head)?.family ?? plainTimeFamily(head) ?? proposed ?? PLAIN;
}

/** Lines of stack traces and indented ones do not vote: an error in a short log would outvote its headers. */
const CONTINUATION = /^(?:\s|at |\.\.\. |Caused by: |Suppressed: |--- )/;

function plainTimeFamily(head: readonly string[]): Family | null {
  const lines = head.filter((line) => isNotBlank(line) && !CONTINUATION.test(line)).slice(0, PLAIN_SAMPLE);
  const best = bestFamily(PLAIN_TIME_FAMILIES, lines);
  return best !== null && best.starts * 2 >= lines.length ? best.family : null;
}

function isNotBlank(line: string): boolean {
  return line.trim() !== '';
}

/**
 * The family, other than the current one, that begins records at half or more of the non-blank lines; for files that
 * change their kind on the way.
 */
export function otherFamilyOf(lines: readonly string[], current: Family): Family | null {
  const nonBlank = lines.filter(isNotBlank);
  const others = ALL_FAMILIES.filter((family) => family.name !== current.name);
  const best = bestFamily(others, nonBlank);
  return best !== null && best.starts * 2 >= nonBlank.length ? best.family : null;
}
