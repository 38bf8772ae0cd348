/** `logscan tail` as its users run it: a process that is driven by what it prints, never by waiting for luck. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after } from 'node:test';
import type { Incident } from '../../src/model/incident.js';
import type { ProblemObject, ReportObject } from '../../src/model/report.js';
import { environment, type Files, jiraRecord, MAIN, NOBODY, packFiles, type Workspace, workspace } from './cli.js';

/** A test that waits longer than this fails, and says what it waited for. */
const PATIENCE = Number(process.env.LOGSCAN_TEST_PATIENCE ?? 20_000); // milliseconds

/** A rule that gives each problem an incident of its own: `problem a` is counted under the capture `n`. */
export const PROBLEM_RULE = `title: "Problem {n}"
severity: high
status: stable
confidence: high
products: [Example]
match:
  pattern: 'problem (?<n>[\\w-]+)'
groupBy: [n]
cause: Something is wrong.
solutions:
  - summary: Mend it.
    steps: [Mend it.]
examples:
  matches:
    - log: |
        ${jiraRecord('problem a').trimEnd()}
`;

/** Waits of a tail in tests, short enough that none takes long; a test may name others. */
const SETTINGS = {
  poll: '20ms',
  'flush-timeout': '150ms',
  'rotate-wait': '300ms',
  checkpoint: '50ms',
};

let seconds = 0;

/** A record of a problem, a second after the one before; each is told of under its name. */
export function problem(name: string, { level = 'ERROR', rest = '' } = {}): string {
  return record(`problem ${name}`, { level, rest });
}

/** Any record, a second after the one before. */
export function record(message: string, { level = 'INFO', rest = '' } = {}): string {
  const time = new Date(Date.UTC(2026, 10, 20, 9) + seconds++ * 1000).toISOString();
  return (
    jiraRecord(message, { time: `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000`, level }) + rest
  );
}

/** Records without a problem, of so many bytes at least. */
export function quiet(bytes: number): string {
  const lines: string[] = [];
  for (let left = bytes; left > 0; left -= lines.at(-1)!.length) lines.push(record(`all is well, ${left} to go`));
  return lines.join('');
}

/** Renames `log` to `log.1`, what was that to `log.2`, and so on; of these so many are kept. */
export function rotate(log: string, keep = 9): void {
  shiftBackups(log, keep);
  renameSync(log, `${log}.1`);
}

/** Renames `log.1` to `log.2`, what was that to `log.3`, and so on; so many are kept. */
export function shiftBackups(log: string, keep = 9): void {
  for (let number = keep - 1; number > 0; number--)
    if (existsSync(`${log}.${number}`)) renameSync(`${log}.${number}`, `${log}.${number + 1}`);
}

export interface TailPlace extends Workspace {
  /** The log that most tests follow: `logs/jira.log`. */
  readonly log: string;
  write(name: string, text: string | Uint8Array): void;
  append(name: string, text: string | Uint8Array): void;
}

/** A directory with logs in `logs/`, a pack with {@link PROBLEM_RULE}, and room for a state. */
export function tailPlace(files: Files = {}): TailPlace {
  const made = workspace({ 'logs/': '', ...packFiles('acme', { problem: PROBLEM_RULE }), ...files });
  return {
    ...made,
    log: made.at('logs/jira.log'),
    write: (name, text) => writeFileSync(made.at(name), text),
    append: (name, text) => appendFileSync(made.at(name), text),
  };
}

export interface TailStart {
  /** What is followed; default the directory `logs`. */
  readonly paths?: readonly string[];
  readonly args?: readonly string[];
  /** Of the section `tail:` of a logscan.yaml. */
  readonly settings?: Readonly<Record<string, string | number>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A command and its arguments before that of Node. */
  readonly through?: readonly string[];
  /** What stands in for a pipe as stdout. */
  readonly stdout?: number;
  /** Where a log is begun that is not known; default its start. */
  readonly from?: 'start' | 'end';
  /** Runs as a user who owns nothing. Needs `canBeNobody`. */
  readonly nobody?: boolean;
}

const running = new Set<ChildProcess>();
// A test that fails leaves its tail; with it the process of the tests would never end.
after(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** A tail that runs. Its rules are only those of the pack; it starts at the start of what it does not know. */
export class TailProgram {
  readonly child: ChildProcess;
  /** Everything that it printed so far. */
  readonly objects: ReportObject[] = [];
  stdout = '';
  stderr = '';
  /** How it ended; null while it runs. */
  status: number | null = null;
  readonly #ended: Promise<void>;
  #changed: () => void = () => {};

  private constructor(child: ChildProcess) {
    this.child = child;
    running.add(child);
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stdout += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith('{')) this.objects.push(JSON.parse(line) as ReportObject);
      this.#changed();
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
      this.#changed();
    });
    this.#ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        running.delete(child);
        this.status = code ?? (signal === 'SIGKILL' ? 137 : 128);
        this.#changed();
        resolve();
      });
    });
  }

  /** Starts it and waits until it follows. */
  static async start(place: TailPlace, options: TailStart = {}): Promise<TailProgram> {
    const program = TailProgram.begin(place, options);
    await program.until('it follows', () => program.stderr.includes('following ') || program.status !== null);
    return program;
  }

  /** Starts it. */
  static begin(place: TailPlace, options: TailStart = {}): TailProgram {
    const { paths = ['logs'], args = [], settings = {}, env, through = [], from = 'start', nobody = false } = options;
    const tail = Object.entries({ ...SETTINGS, ...settings }).map(([name, value]) => `  ${name}: ${value}\n`);
    place.write('tail.yaml', `tail:\n${tail.join('')}`);
    const [file, ...rest] = [...through, process.execPath, MAIN, 'tail', ...paths];
    const typed = [
      '--config',
      'tail.yaml',
      '--state',
      'state',
      '--from',
      from,
      '--rules',
      'acme',
      '--only',
      'acme/problem',
    ];
    const format = args.includes('--format') ? [] : ['--format', 'ndjson'];
    const child = spawn(file!, [...rest, ...typed, '--as-of', '2026-11-24', ...format, ...args], {
      cwd: place.dir,
      env: environment(env),
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
      ...(nobody ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    return new TailProgram(child);
  }

  /** The last that was told of each problem, by its name. */
  get problems(): ReadonlyMap<string, Incident> {
    return problemsOf(this.objects);
  }

  /** Trouble that it told of. */
  get trouble(): readonly ProblemObject[] {
    return this.objects.filter((object): object is ProblemObject => object.kind === 'problem');
  }

  /** Waits until a condition holds, so long at most; it is asked whenever the program prints something. */
  async until(what: string, holds: () => boolean, patience = PATIENCE): Promise<void> {
    const deadline = Date.now() + patience;
    while (!holds()) {
      const left = deadline - Date.now();
      if (left <= 0) {
        const told = [...this.problems].map(([name, { count }]) => `${name}:${count}`).join(' ');
        assert.fail(`waited in vain until ${what}; told: ${told}; stderr: ${this.stderr.slice(-2000)}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 100));
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits until each of these problems was told of. */
  async told(...names: readonly string[]): Promise<void> {
    await this.until(`${names.join(', ')} is told`, () =>
      names.every((name) => (this.problems.get(name)?.count ?? 0) > 0),
    );
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Does something while the program stands still: all of that happens between two of its looks. */
  async whilePaused(what: () => void | Promise<void>): Promise<void> {
    this.child.kill('SIGSTOP');
    const deadline = Date.now() + PATIENCE;
    while (!isStopped(this.child.pid!)) {
      assert.ok(Date.now() < deadline, 'it stands still');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    try {
      await what();
    } finally {
      this.child.kill('SIGCONT');
    }
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#ended;
  }

  /** Ends it orderly, and returns its status. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    this.child.kill(signal);
    return this.end();
  }

  /** Waits until it has ended by itself. */
  async end(): Promise<number> {
    await this.until('it ends', () => this.status !== null);
    return this.status!;
  }
}

/** Whether all threads of a process were stopped by a signal. */
function isStopped(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => /\) [Tt] /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1')));
}

/** The last that was told of each problem, by its name; one that was withdrawn altogether is none. */
export function problemsOf(objects: readonly ReportObject[]): Map<string, Incident> {
  const last = new Map<string, Incident>();
  for (const object of objects) {
    if (object.kind !== 'incident') continue;
    const name = object.captures.n!;
    if (object.event === 'withdrawn' && object.count === 0) last.delete(name);
    else last.set(name, object);
  }
  return last;
}

/** How often each problem was counted, as `a:1 b:2`. */
export function countsOf(objects: readonly ReportObject[]): string {
  return [...problemsOf(objects)]
    .map(([name, { count }]) => `${name}:${count}`)
    .sort()
    .join(' ');
}

/** Where the last record of a problem stands, as `logs/jira.log.1:3`. */
export function placeOf(objects: readonly ReportObject[], name: string): string {
  const { origin, line } = problemsOf(objects).get(name)!.evidence.at(-1)!;
  return `${origin}:${line}`;
}

/** Every one of these counted once, as {@link countsOf} says it. */
export function onceEach(names: readonly string[]): string {
  return names
    .map((name) => `${name}:1`)
    .sort()
    .join(' ');
}

/** Problems in the order in which they were opened. */
export function openedIn({ objects }: TailProgram): string[] {
  return objects.flatMap((object) =>
    object.kind === 'incident' && object.event === 'opened' ? [object.captures.n!] : [],
  );
}

/** Codes of the trouble that it told of. */
export function codesOf({ trouble }: TailProgram): string[] {
  return trouble.map(({ code }) => code);
}

/** Nothing went wrong, and nothing may have been told or counted twice. */
export function assertSure(...programs: readonly TailProgram[]): void {
  for (const { trouble, objects } of programs) {
    assert.deepEqual(trouble, []);
    for (const object of objects) assert.ok(object.kind !== 'incident' || !object.duplicatePossible, 'flagged');
  }
}

export function objectsIn(text: string): ReportObject[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReportObject);
}

/** Each revision of each incident that was told of more than once, as `problem:revision`. */
export function toldTwice(objects: readonly ReportObject[]): string[] {
  const incidents = objects.filter((object): object is Incident => object.kind === 'incident');
  const seen = new Set<string>();
  return incidents
    .filter(({ id, revision }) => seen.has(`${id}/${revision}`) || !seen.add(`${id}/${revision}`))
    .map(({ captures, revision }) => `${captures.n}:${revision}`);
}

export function inPlace(place: Workspace, name: string): string {
  return path.join(place.dir, name);
}
