/** Every sentence that logscan says to its user besides its results: what was found, what was wanted, what to do. */
import { LEAST_KEY } from '../index.js';
import type { Problem } from '../model/diagnostics.js';
import type { LeakError } from '../model/leak.js';
import { didYouMean } from '../model/nearest.js';
import { escapeTerminal } from '../reporters/escape.js';
import type { Masking } from '../reporters/markdown.js';
import type { RuleError } from '../rules/problem.js';
import { problemText } from '../rules/problem.js';
import type { BadPlace } from '../sinks/attach/attach.js';
import type { OtherKind } from '../sinks/attach/bundle.js';
import type { ConfigProblem } from './config.js';

/** Something in the command line that cannot be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const messages = {
  usage: (message: string): string => `logscan: ${escapeTerminal(message)}\n  How to use it: logscan --help\n`,

  problem: ({ origin, message, remedy }: Problem): string =>
    `logscan: ${origin === null ? '' : `${origin === '-' ? 'standard input' : escapeTerminal(origin)}: `}${escapeTerminal(message)}\n  ${escapeTerminal(remedy)}\n`,

  brokenRules: (error: RuleError, scanned: boolean): string => {
    const { problems } = error;
    const files = new Set(problems.map((problem) => problem.file)).size;
    const many = `${number(problems.length)} ${problems.length === 1 ? 'problem' : 'problems'} in ${files === 1 ? 'one file' : `${files} files`}`;
    const lines = problems.map((problem) => `logscan: ${escapeTerminal(problemText(problem))}\n`).join('');
    return `${lines}  ${many}.${scanned ? ' Nothing was scanned.' : ''} How to write a rule: logscan rules new --help\n`;
  },

  brokenConfig: (problems: readonly ConfigProblem[], scanned: boolean): string => {
    const lines = problems.map(
      ({ place, message }) => `logscan: ${escapeTerminal(place)}: ${escapeTerminal(message)}\n`,
    );
    const many = `${number(problems.length)} ${problems.length === 1 ? 'problem' : 'problems'} in the configuration`;
    return `${lines.join('')}  ${many}.${scanned ? ' Nothing was scanned.' : ''} What can be set: logscan schema config\n`;
  },

  noConfigFile: (file: string, near: string | null): string => `check-config: ${file}: no such file${didYouMean(near)}`,

  noConfig: (user: string): string =>
    `check-config: there is nothing to check; looked for logscan.yaml here and in the folders above, for ${user}, and for LOGSCAN_ variables`,

  noInput:
    'logscan: nothing to read: name a log, a directory or a glob, or pipe a log into it\n  For example: logscan /var/atlassian/application-data/jira/log\n  All commands and options: logscan --help\n',

  noFactsInput:
    'logscan: nothing to read: name a log, a directory or a glob\n  For example: logscan facts /var/atlassian/application-data/jira\n',

  noSuchRule: (id: string, near: string | null): string =>
    `there is no rule ${id}${near === null ? '; logscan rules list shows all' : `; did you mean ${near}?`}`,

  ruleWithoutLiteral: (id: string): string =>
    `logscan: ${id}: has no text that every match must contain, so it is tried on every record, which is slow\n  Add a text: condition, or a fixed part to its pattern.\n`,

  outputNeedsFormat: (path: string, formats: readonly string[]): string =>
    `--output ${path}: its name does not say a format; add --format with one of ${formats.join(', ')}, or name it ${formats.includes('markdown') ? '.ndjson or .md' : '.ndjson'}`,

  outputNotWritable: (path: string, error: Error): string => `--output ${path}: cannot be written (${error.message})`,

  outputIsInput: (path: string): string => `--output ${path}: is one of the logs to read; name another file`,

  outputFailed: (message: string): string =>
    `logscan: standard output cannot be written (${message})\n  Free some space, or write elsewhere.\n`,

  noBundle: (path: string, kind: OtherKind, command: string): string =>
    `logscan: ${escapeTerminal(path)}: is ${KINDS[kind]}; a report can be attached to a zip, tar or tar.gz\n  The report alone: ${escapeTerminal(command)}\n`,

  badPlace: (path: string, reason: BadPlace): string => `--output ${path}: ${PLACES[reason]}`,

  otherKind: (path: string, kind: string): string =>
    `--output ${path}: expected a name for a ${kind}, as the copy is of the same kind as the bundle`,

  /** @param found what is in the bundle, in half a sentence */
  attached: (found: string, bundle: string, place: string, members: readonly string[], masking: Masking): string =>
    [
      ` ${found} in ${escapeTerminal(bundle)}.`,
      ` ${escapeTerminal(place)} is a copy of it with ${listed(members)} inside.`,
      masking === 'off'
        ? ' Nothing is masked in it: whoever gets the copy can read all that the logs say.\n'
        : ` Secrets${masking === 'strict' ? ', mail addresses, users, hosts and addresses' : ''} are masked there, but not in the logs of the bundle: whoever gets the copy can read all that they say.\n`,
    ].join('\n'),
  redactKeyUnreadable: (path: string, error: Error): string =>
    `--redact-key ${path}: cannot be read (${error.message}); name a file of your own, or one that is not there yet`,

  redactKeyIsNone: (path: string, found: string): string =>
    `--redact-key ${path}: expected a file of ${LEAST_KEY} to 4096 bytes, found ${found}; name one that is not there yet to have it made`,

  redactKeyNotMade: (path: string, error: Error): string => `--redact-key ${path}: cannot be made (${error.message})`,

  redactKeyMade: (path: string): string =>
    `logscan: ${escapeTerminal(path)}: a new key was made; whoever has it can find out which names the tokens stand for\n`,

  redactKeyOpen: (path: string): string =>
    `logscan: ${escapeTerminal(path)}: others can read this key, and find out which names the tokens stand for\n  chmod 600 keeps it for you.\n`,

  redactNothing:
    'logscan: nothing to redact: name a log, or - for standard input\n  For example: logscan redact jira.log -o jira-redacted.log\n',

  redactDirectory: (path: string): string => `redact ${path}: is a directory; name one log in it`,

  redactMany: (path: string, count: number): string =>
    `redact ${path}: expected one log, found ${count}; name one of them`,

  stdoutIsInput: (path: string): string =>
    `redact ${path}: standard output is the log itself; write to another file with -o`,

  masked: (path: string, kinds: readonly { kind: string; count: number }[], place: string | null): string => {
    const counts = kinds.map(({ kind, count }) => `${count}× ${kind}`).join(', ');
    const written = place === null ? '' : `; wrote ${escapeTerminal(place)}`;
    const input = path === '-' ? 'standard input' : escapeTerminal(path);
    return `logscan: ${input}: ${counts === '' ? 'nothing was masked' : `masked ${counts}`}${written}\n`;
  },

  leak: ({ kind, place }: LeakError): string =>
    `logscan: a value that was masked (${kind}) would have been written in ${escapeTerminal(place)}\n  Nothing was written. Please report it. Without masking: --redact off\n`,

  docsForeign: (path: string): string =>
    `--out: ${path}: was not made by rules docs, which writes and removes pages; name a folder of its own, or move that away`,

  docsNotReadable: (path: string, error: Error): string =>
    `--out: ${path}: cannot be read (${error.message}); name a folder of pages, or one that is not there yet`,

  docsNotWritable: (path: string, error: Error): string => `--out: ${path}: cannot be written (${error.message})`,

  noSuchCommand: (command: string, near: string): string =>
    `there is no file and no command ${command}; did you mean logscan ${near}?`,

  written: (path: string): string => `logscan: wrote ${path}\n`,

  metricsPlace: (where: string): string =>
    `--metrics ${where}: expected a port (9100), a host and a port (127.0.0.1:9100, [::1]:9100) or a file (./logscan.prom)`,

  metricsPortTaken: (where: string): string =>
    `--metrics ${where}: another program listens there already; name another port, or end that program`,

  metricsNotOpened: (where: string, error: Error): string =>
    `--metrics ${where}: cannot listen there (${error.message}); name another host or port`,

  metricsForeignFile: (path: string): string =>
    `--metrics ${path}: is there already and holds no metrics of logscan; name another file`,

  metricsNotWritable: (path: string, error: Error): string => `--metrics ${path}: cannot be written (${error.message})`,

  metricsFailed: (path: string, error: Error): string =>
    `logscan: ${escapeTerminal(path)}: metrics cannot be written (${escapeTerminal(error.message)})\n  Logs are followed all the same. Free some space, or make the directory writable.\n`,

  metricsOpen: (address: string): string =>
    `logscan: everybody who reaches ${address} can read the metrics, which name your logs\n  Without a host, or with 127.0.0.1, they stay on this machine.\n`,

  noPaths:
    'logscan: nothing to follow: name a log, a directory or a glob\n  For example: logscan tail /var/atlassian/application-data/jira/log\n',

  following: (logs: number, inputs: readonly string[], rules: number, state: string): string =>
    `following ${logs} ${logs === 1 ? 'log' : 'logs'} in ${inputs.map((input) => escapeTerminal(input)).join(', ')} · ${rulesText(rules)} · state ${escapeTerminal(state)}\n`,

  note: (clock: string, message: string): string => `${clock}  ${escapeTerminal(message)}\n`,

  reloaded: (rules: number): string => `logscan: rules and settings were read again: ${rulesText(rules)}\n`,

  notReloaded: (message: string): string =>
    `${message}  The rules and settings of before stay. Mend them, and send HUP again.\n`,

  needsStart: (names: readonly string[]): string =>
    `logscan: ${names.join(', ')}: changed, which holds from the next start on\n`,

  outputGone: (message: string): string =>
    `logscan: ${escapeTerminal(message)}\n  It stopped without a last checkpoint: the next start reads again what was not written.\n`,

  internal: (error: unknown): string =>
    `logscan: internal error, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
};

const KINDS: Readonly<Record<OtherKind, string>> = {
  directory: 'a directory',
  '7z': 'a 7z archive',
  rar: 'a rar archive',
  bz2: 'compressed with bzip2',
  xz: 'compressed with xz',
  zst: 'compressed with zstd',
  gz: 'a single compressed file',
  stream: 'no file that can be read twice',
  other: 'no archive',
};

const PLACES: Readonly<Record<BadPlace, string>> = {
  'is-bundle': 'is the bundle itself, which is only read; name another file',
  exists: 'is there already; name another file, or replace it with --force',
  'no-file': 'is no file; name another one',
};

function listed(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function rulesText(count: number): string {
  return `${count} ${count === 1 ? 'rule' : 'rules'}`;
}

function number(count: number): string {
  return ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'][count] ?? String(count);
}
