/** The program as its users run it: a process with arguments, streams and a status. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/cli/program.js';
import type { Incident, UnknownError } from '../../src/model/incident.js';
import type { ProblemObject, ReportObject, RunObject, SummaryObject } from '../../src/model/report.js';

/** What is shipped; where only tsc has run, what that is made of. */
const BUNDLE = fileURLToPath(new URL('../../bin/app/main.js', import.meta.url));
export const MAIN = existsSync(BUNDLE) ? BUNDLE : fileURLToPath(new URL('../../src/main.js', import.meta.url));
/** Long before a test runner gives up: a run that hangs is a failure with a name. */
const PATIENCE = 30_000; // milliseconds
/** A user, and a group, that own nothing. */
export const NOBODY = 65_534;

export interface RunOptions {
  /** What stands on its stdin, through a pipe; without it stdin is /dev/null. */
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stdout and stderr are one terminal; what it shows comes back as `stdout`. Needs {@link hasTerminal}. */
  readonly tty?: boolean;
  /** Runs as a user who owns nothing. Needs {@link canBeNobody}. */
  readonly nobody?: boolean;
  /** Flags for Node itself. */
  readonly node?: readonly string[];
}

export interface Result {
  /** As a shell sees it: 128 and the number of the signal that ended it. */
  readonly status: number;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly result: Promise<Result>;
}

/** Runs `logscan ...args` to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
  return start(args, options).result;
}

/** Starts `logscan ...args`. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  const { stdin, cwd = workspace({}).dir, tty = false, nobody = false, node = [] } = options;
  const command = [process.execPath, ...node, MAIN, ...args];
  const [file, ...rest] = tty ? ['script', '-qec', command.map(quoted).join(' '), '/dev/null'] : command;
  const child = spawn(file!, rest, {
    cwd,
    env: environment(options.env),
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    timeout: PATIENCE,
    killSignal: 'SIGKILL',
    ...(nobody ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  child.stdin?.on('error', () => {}); // it may end before it has read everything
  child.stdin?.end(stdin);
  return { child, result: resultOf(child) };
}

export interface Said {
  readonly stdout?: RegExp | string | undefined;
  readonly stderr?: RegExp | string | undefined;
}

/** What a run must have said; text is the whole stream, a pattern is somewhere in it. */
export function assertSaid(result: Result, wanted: Said): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const said = wanted[stream];
    if (typeof said === 'string') assert.equal(result[stream], said);
    else if (said !== undefined) assert.match(result[stream], said);
  }
}

/** What a process said until it ended. */
export function resultOf(child: ChildProcess): Promise<Result> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const status = code ?? 128 + constants.signals[signal!];
      resolve({
        status,
        signal,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      });
    });
  });
}

/** A folder without settings: nobody's own take part in tests, also not in what runs in this process. */
const NO_SETTINGS = path.join(tmpdir(), 'logscan-test-no-settings');
const SETTINGS = /^(?:LOGSCAN_(?!TEST_).*|XDG_STATE_HOME|STATE_DIRECTORY|SUDO_UID)$/;
for (const name of Object.keys(process.env)) if (SETTINGS.test(name)) delete process.env[name];
process.env.XDG_CONFIG_HOME = NO_SETTINGS;

/** The variables that change how the program looks are only those that a test names. */
export function environment(changes: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const dropped =
    /^(?:NO_COLOR|FORCE_COLOR|CI|TERM.*|COLUMNS|NODE_.*|LANG|LC_.*|VTE_VERSION|WT_SESSION|KITTY.*|KONSOLE.*)$/;
  const kept = Object.entries(process.env).filter(([name]) => !dropped.test(name));
  return {
    ...Object.fromEntries(kept),
    TERM: 'xterm',
    XDG_CACHE_HOME: path.join(tmpdir(), 'logscan-test-cache'),
    ...changes,
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

export const hasTerminal = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

/** Whether a process of this user can become one that owns nothing, and still run the program. */
export const canBeNobody =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, [MAIN, '--version'], { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0;

export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface Workspace {
  readonly dir: string;
  /** The absolute path of a name in it. */
  at(name: string): string;
}

const made: string[] = [];
process.once('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A temporary directory with these files; a name that ends in `/` is an empty directory. */
export function workspace(files: Files): Workspace {
  const dir = mkdtempSync(path.join(tmpdir(), 'logscan-test-'));
  made.push(dir);
  chmodSync(dir, 0o755);
  const at = (name: string) => path.join(dir, name);
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) mkdirSync(at(name), { recursive: true });
    else {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    }
  }
  return { dir, at };
}

/** A record of a Jira application log. */
export function jiraRecord(text: string, { time = '2026-11-20 09:14:03,118+0000', level = 'ERROR' } = {}): string {
  return `${time} http-nio-8080-exec-7 ${level} jdoe 554x1234x1 1a2b3c 192.0.2.7 /rest/api/2/issue [c.e.Example] ${text}\n`;
}

/** A record that the rule gij/azure-devops-profile-401 knows. */
export function profile401(time = '2026-11-20 09:14:03,118+0000'): string {
  return (
    `${time} http-nio-8443-exec-7 ERROR jdoe 554x4276982x1 1x2y3z 192.0.2.50 /rest/gitplugin/1.0/trackedfolders/scan ` +
    '[c.b.j.g.rest.exceptionmappers.LoggerHolder] REST API has thrown exception.\n' +
    'com.bigbrassband.jira.git.exceptions.external.WrappedMicrosoftAPIException: External service error\n' +
    '\tat com.bigbrassband.jira.git.services.integration.microsoft.MicrosoftApi.getRepositories(MicrosoftApi.java:97)\n' +
    'Caused by: com.bigbrassband.common.indexer.sources.clients.RequestException: Microsoft https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=7.0 Unauthorized (401)\n' +
    '\tat com.bigbrassband.common.indexer.sources.clients.MicrosoftClient.getUserId(MicrosoftClient.java:180)\n'
  );
}

export const PROFILE_401 = 'gij/azure-devops-profile-401';

/** A rule that a record with this text matches. */
export function ruleFile(text: string, { severity = 'high', tags = '[]' } = {}): string {
  return `title: "${text} was said"
severity: ${severity}
status: stable
confidence: high
products: [Example]
tags: ${tags}
match:
  text: "${text}"
cause: Somebody said ${text}.
solutions:
  - summary: Say something else.
    steps: [Say it.]
examples:
  matches:
    - log: |
        ${jiraRecord(text).trimEnd()}
  ignores:
    - log: |
        ${jiraRecord('all is well').trimEnd()}
      because: Nothing was said.
`;
}

/** The files of a pack: its rules by name. */
export function packFiles(pack: string, rules: Readonly<Record<string, string>>): Record<string, string> {
  const files: Record<string, string> = { [`${pack}/_pack.yaml`]: `title: ${path.basename(pack)}\nversion: "1"\n` };
  for (const [name, text] of Object.entries(rules)) files[`${pack}/${name}.yaml`] = text;
  return files;
}

/** The objects of an NDJSON output, by kind. */
export interface Objects {
  readonly all: readonly ReportObject[];
  readonly run: RunObject;
  readonly incidents: readonly Incident[];
  readonly notices: readonly Incident[];
  readonly unknown: readonly UnknownError[];
  readonly problems: readonly ProblemObject[];
  readonly summary: SummaryObject;
}

export function objectsOf(ndjson: string): Objects {
  const all = ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReportObject);
  return {
    all,
    run: all[0] as RunObject,
    incidents: all.filter((object): object is Incident => object.kind === 'incident'),
    notices: all.filter((object): object is Incident => object.kind === 'notice'),
    unknown: all.filter((object): object is UnknownError => object.kind === 'unknown'),
    problems: all.filter((object): object is ProblemObject => object.kind === 'problem'),
    summary: all.at(-1) as SummaryObject,
  };
}

export type Scanned = Result & Objects;

/** `logscan ...args --format ndjson --as-of 2026-11-24`, and its objects. */
export async function scanned(args: readonly string[], options: RunOptions = {}): Promise<Scanned> {
  const day = args.includes('--as-of') ? [] : ['--as-of', '2026-11-24'];
  const result = await run(['--format', 'ndjson', ...day, ...args], options);
  return { ...result, ...objectsOf(result.stdout) };
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * The same without a process of its own, which takes most of the time of a small scan: for what has nothing to do with the
 * edges of a process. The working directory is the whole process's, so one runs after the other.
 */
export function scannedInside(args: readonly string[], cwd: string): Promise<Scanned> {
  const one = turn.then(async () => {
    const before = process.cwd();
    process.chdir(cwd);
    try {
      return await inside(args);
    } finally {
      process.chdir(before);
    }
  });
  turn = one.catch(() => {});
  return one;
}

async function inside(args: readonly string[]): Promise<Scanned> {
  const day = args.includes('--as-of') ? [] : ['--as-of', '2026-11-24'];
  const typed = ['--format', 'ndjson', ...day, ...args];
  let stdout = '';
  let stderr = '';
  const status = await runProgram(typed, {
    stdout: {
      write: async (text) => {
        stdout += text;
      },
      close: async () => {},
    },
    warn: (text) => {
      stderr += text;
    },
    onStop: () => {},
    typed,
  });
  return { status, signal: null, stdout, stderr, ...objectsOf(stdout) };
}
