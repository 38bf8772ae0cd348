/** [I/O] Whole processes: how long they take, how much memory they take, what they print. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

export interface Command {
  /** How it is called in a table. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Why it cannot run here, or null: `not installed`, `not offered`. */
  readonly missing: string | null;
  /** The size of what it reads. */
  readonly bytes: number;
  /** grep and rg say 1 where nothing was found. */
  readonly goodStatuses: readonly number[];
  /** False sends the output to /dev/null. grep must not be sent there: it stops at the first hit then. */
  readonly keepsOutput: boolean;
  /** Slow ones whose figure is not compared with a goal: one round, no memory. */
  readonly once: boolean;
}

export interface Outcome {
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it counts as failed, or null. */
  readonly failure: string | null;
}

/** The runs of one command. */
export interface Measurement {
  readonly command: Command;
  readonly seconds: readonly number[];
  readonly peakBytes: number | null;
  readonly last: Outcome;
}

/** The runs of the commands of a table, by the names that the code has for them. */
export type Table<Name extends string = string> = Readonly<Record<Name, Measurement>>;

export interface Effort {
  /** How often each command runs. */
  readonly rounds: number;
  /** No command begins another round after so long. */
  readonly seconds: number;
}

const SPAWN = {
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024, // bytes
  env: { ...process.env, LC_ALL: 'C' }, // grep is fastest where a character is a byte
} as const;

export function run({ program, args, missing, goodStatuses, keepsOutput }: Command): Outcome {
  if (missing !== null) return { seconds: 0, stdout: '', stderr: '', failure: missing };
  const start = performance.now();
  const ended = spawnSync(program, args, { ...SPAWN, stdio: ['ignore', keepsOutput ? 'pipe' : 'ignore', 'pipe'] });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, stdout: ended.stdout ?? '', stderr: ended.stderr ?? '', failure: failureOf(ended, goodStatuses) };
}

function failureOf({ error, status, signal }: ReturnType<typeof spawnSync>, good: readonly number[]): string | null {
  if (error) return error.message;
  return status !== null && good.includes(status) ? null : `failed: ${signal ?? `status ${status}`}`;
}

/**
 * Runs all commands side by side: each once, then each once again in the opposite order, so that a slow minute of the
 * machine falls on all of them. A round before these fills the page cache and takes the memory.
 */
export function measure<Name extends string>(
  commands: Readonly<Record<Name, Command>>,
  { rounds, seconds }: Effort,
): Table<Name> {
  const gnuTime = findGnuTime();
  const names = Object.keys(commands) as Name[];
  const runs = new Map<Name, { readonly outcomes: Outcome[]; readonly peakBytes: number | null }>(
    names.map((name) => [name, { outcomes: [], peakBytes: peakMemory(commands[name], gnuTime) }]),
  );
  for (let round = 1; round <= rounds; round++) {
    for (const name of round % 2 === 0 ? names.toReversed() : names) {
      const { outcomes } = runs.get(name)!;
      if (isDone(commands[name], outcomes, seconds)) continue;
      outcomes.push(run(commands[name]));
    }
  }
  const toMeasurement = (name: Name): Measurement => {
    const { outcomes, peakBytes } = runs.get(name)!;
    const good = outcomes.filter(({ failure }) => failure === null);
    return {
      command: commands[name],
      seconds: good.map((outcome) => outcome.seconds),
      peakBytes,
      last: outcomes.at(-1)!,
    };
  };
  return Object.fromEntries(names.map((name) => [name, toMeasurement(name)])) as Record<Name, Measurement>;
}

function isDone({ once }: Command, outcomes: readonly Outcome[], seconds: number): boolean {
  if (outcomes.length === 0) return false;
  const spent = outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0);
  return once || spent > seconds || outcomes.some(({ failure }) => failure !== null);
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The first program of this name on PATH, then the first of the other places that is there. */
export function findProgram(name: string, otherPlaces: readonly string[] = []): string | null {
  const onPath = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, name));
  return [...onPath, ...otherPlaces].find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The largest resident set of one run in bytes, by GNU time; without it that of a Node program as it tells it itself.
 * It cannot be taken from the runs that are timed: on Linux a child starts with the peak of the process that made it.
 */
function peakMemory({ program, args, missing, keepsOutput, once }: Command, gnuTime: string | null): number | null {
  if (missing !== null || once) return null;
  if (gnuTime !== null) return peakIn(errorsOf(gnuTime, ['-f', 'peak %M', program, ...args], keepsOutput));
  if (program === process.execPath) return peakIn(errorsOf(program, ['--import', PEAK_HOOK, ...args], keepsOutput));
  return null;
}

/** Prints the peak when a Node program ends. */
const PEAK_HOOK = `data:text/javascript,${encodeURIComponent(`
import { readFileSync } from 'node:fs';
process.on('exit', () => {
  let peak = process.resourceUsage().maxRSS;
  try { peak = /VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]; } catch {}
  process._rawDebug('peak ' + peak);
});`)}`;

function findGnuTime(): string | null {
  const time = findProgram('time');
  return time !== null && peakIn(errorsOf(time, ['-f', 'peak %M', process.execPath, '-e', '0'], true)) !== null
    ? time
    : null;
}

function errorsOf(program: string, args: readonly string[], keepsOutput: boolean): string {
  return spawnSync(program, args, { ...SPAWN, stdio: ['ignore', keepsOutput ? 'pipe' : 'ignore', 'pipe'] }).stderr;
}

function peakIn(text: string): number | null {
  const found = [...text.matchAll(/^peak (\d+)$/gm)].at(-1); // the threads of a process may all tell it
  return found ? Number(found[1]) * 1024 : null;
}
