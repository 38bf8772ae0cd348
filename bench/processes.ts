/** [I/O] Whole processes: how long they take, how much memory they take, what they print. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

export interface Command {
  /** How it is called in a table. */
  readonly name: string;
  /** The program, or null where it is not installed. */
  readonly program: string | null;
  readonly args: readonly string[];
  /** grep and rg say 1 where nothing was found. */
  readonly goodStatuses: readonly number[];
  /** False sends the output to /dev/null. grep must not be sent there: it stops at the first hit then. */
  readonly keepsOutput: boolean;
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

const SPAWN = {
  encoding: 'utf8',
  maxBuffer: 256 * 1024 * 1024, // bytes
  env: { ...process.env, LC_ALL: 'C' }, // grep is fastest where a character is a byte
} as const;

export function run({ program, args, goodStatuses, keepsOutput }: Command): Outcome {
  if (program === null) return { seconds: 0, stdout: '', stderr: '', failure: 'not installed' };
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
 * Runs all commands `runs` times, side by side: each once, then each once again in the opposite order, so that a slow
 * minute of the machine falls on all of them. A round before these fills the page cache and takes the memory.
 */
export function measure(commands: readonly Command[], runs: number): readonly Measurement[] {
  const gnuTime = findGnuTime();
  const peaks = commands.map((command) => peakMemory(command, gnuTime));
  const outcomes = commands.map((): Outcome[] => []);
  const order = [...commands.keys()];
  for (let round = 1; round <= runs; round++) {
    for (const index of round % 2 === 0 ? order.toReversed() : order) {
      const isBroken = outcomes[index]!.some(({ failure }) => failure !== null);
      if (!isBroken) outcomes[index]!.push(run(commands[index]!));
    }
  }
  return commands.map((command, index) => ({
    command,
    seconds: outcomes[index]!.map(({ seconds }) => seconds),
    peakBytes: peaks[index]!,
    last: outcomes[index]!.at(-1)!,
  }));
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
function peakMemory({ program, args, keepsOutput }: Command, gnuTime: string | null): number | null {
  if (program === null) return null;
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
  const found = /^peak (\d+)$/m.exec(text);
  return found ? Number(found[1]) * 1024 : null;
}
