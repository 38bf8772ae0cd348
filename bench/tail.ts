/** [I/O] `logscan tail`: how soon it tells, what it costs while nothing happens, how fast it catches up. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Goal } from './goals.js';
import { median } from './processes.js';
import { Random } from './random.js';
import type { StoredLog } from './stored.js';

export interface TailSize {
  /** Records of which the latency is taken, for each way to wake. */
  readonly samples: number;
  /** For how long a quiet server is watched. */
  readonly quietSeconds: number;
  readonly manyLogs: number;
  readonly rounds: number;
}

export interface TailFigures {
  /** Milliseconds from the end of the write that closes a record to the line on stdout. */
  readonly watched: readonly number[];
  readonly polled: readonly number[];
  readonly quiet: Quiet;
  readonly many: Quiet;
  /** Seconds for the same log, both without unknown errors, as a tail is by default. */
  readonly caughtUp: readonly number[];
  readonly scanned: readonly number[];
  /** The same with unknown errors: a tail tells of each kind again and again as it grows, a scan once. */
  readonly caughtUpWithUnknown: readonly number[];
}

interface Quiet {
  readonly logs: number;
  /** Of one core, 0 to 1. */
  readonly load: number;
  readonly peakBytes: number;
  readonly descriptors: number;
}

const PATIENCE = 120_000; // milliseconds
const TICKS = 100; // a second, in /proc/PID/stat: USER_HZ is 100 on all architectures that Node runs on

/** Without fs.watch, as on a network share. */
const NO_WATCH = `data:text/javascript,${encodeURIComponent(`
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
fs.watch = () => { throw Object.assign(new Error('no more watches'), { code: 'ENOSPC' }); };
syncBuiltinESMExports();`)}`;

const RULE = `title: "Problem {n}"
severity: high
status: stable
confidence: high
products: [Example]
match:
  pattern: 'bench problem (?<n>\\w+)'
groupBy: [n]
cause: Something is wrong.
solutions:
  - summary: Mend it.
    steps: [Mend it.]
examples:
  matches:
    - log: |
        2026-11-20 09:00:00,000+0000 http-nio-8080-exec-7 ERROR joe 540x1x1 1a2b3c 192.0.2.7 /x [c.e.bench.Job] bench problem a
`;

/** The program with {@link RULE}. */
const OWN_RULE = ['--rules', 'rules'];

/** @param main the program; its shipped rules run as well */
export async function measureTail(main: string, log: StoredLog, size: TailSize): Promise<TailFigures> {
  const watched = await latencies(main, size.samples, []);
  const polled = await latencies(main, size.samples, ['--import', NO_WATCH]);
  const quiet = await whileQuiet(main, 50, size.quietSeconds);
  const many = await whileQuiet(main, size.manyLogs, size.quietSeconds);
  const caughtUp: number[] = [];
  const scanned: number[] = [];
  for (let round = 0; round < size.rounds; round++) {
    caughtUp.push(await catchUp(main, log, 'none'));
    scanned.push(await scan(main, log, 'none'));
  }
  const caughtUpWithUnknown = [await catchUp(main, log, '10')];
  return { watched, polled, quiet, many, caughtUp, scanned, caughtUpWithUnknown };
}

export function tailGoals(figures: TailFigures): readonly Goal[] {
  const { watched, polled, quiet, many, caughtUp, scanned, caughtUpWithUnknown } = figures;
  const goal = (what: string, wanted: string, measured: string, isReached: boolean | null) => ({
    what,
    wanted,
    measured,
    isReached,
  });
  const soon = (what: string, times: readonly number[], most: number) => {
    const p99 = percentile(times, 0.99);
    const all = `p50 ${percentile(times, 0.5).toFixed(1)}, p99 ${p99.toFixed(1)}, most ${Math.max(...times).toFixed(1)} ms of ${times.length}`;
    return goal(what, `p99 < ${most} ms`, all, p99 < most);
  };
  const slower = median(caughtUp) / median(scanned);
  return [
    soon('record closed to line on stdout, fs.watch', watched, 100),
    soon('record closed to line on stdout, polling', polled, 400),
    goal(`load of a core, ${quiet.logs} quiet logs`, '< 1 %', percent(quiet.load), quiet.load < 0.01),
    goal(`peak memory, ${quiet.logs} quiet logs`, '< 100 MB', megabytes(quiet.peakBytes), quiet.peakBytes < 100e6),
    goal(`descriptors, ${many.logs} logs`, '< 1,024', String(many.descriptors), many.descriptors < 1024),
    goal(`load of a core, ${many.logs} quiet logs`, 'told', percent(many.load), null),
    goal(`peak memory, ${many.logs} logs`, 'told', megabytes(many.peakBytes), null),
    goal(
      'catching up',
      '<= 1.1x the time of a scan',
      `${slower.toPrecision(2)}x (${median(caughtUp).toFixed(2)} s, scan ${median(scanned).toFixed(2)} s)`,
      slower <= 1.1,
    ),
    goal('catching up, with unknown errors', 'told', `${caughtUpWithUnknown[0]!.toFixed(2)} s`, null),
  ];
}

/** A record that the next one closes, again and again, and how long it takes until it is told. */
async function latencies(main: string, samples: number, node: readonly string[]): Promise<readonly number[]> {
  const place = makePlace();
  const log = path.join(place, 'logs', 'jira.log');
  writeFileSync(log, record('start'));
  const program = tail(main, place, ['logs', ...OWN_RULE], node);
  const random = new Random(5);
  const times: number[] = [];
  try {
    await program.follows;
    for (let number = 0; number < samples; number++) {
      await sleep(20 + random.between(0, 280));
      appendFileSync(log, record(`bench problem p${number}`) + record('and on'));
      const written = performance.now();
      await program.said(`"n":"p${number}"`);
      times.push(program.saidAt - written);
    }
  } finally {
    await program.end();
    rmSync(place, { recursive: true });
  }
  return times;
}

async function whileQuiet(main: string, logs: number, seconds: number): Promise<Quiet> {
  const place = makePlace();
  const directories = Math.ceil(logs / 1000);
  for (let number = 0; number < logs; number++) {
    const directory = path.join(place, 'logs', String(number % directories));
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, `app${number}.log`), record(`this is log ${number}`).repeat(20));
  }
  const folders = Array.from({ length: directories }, (_, number) => path.join('logs', String(number)));
  const program = tail(main, place, folders, []);
  try {
    await program.follows;
    await sleep(10_000); // what is open is closed, and the checkpoint is written
    const before = processorSeconds(program.pid);
    const since = performance.now();
    await sleep(seconds * 1000);
    const load = (processorSeconds(program.pid) - before) / ((performance.now() - since) / 1000);
    const peak = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))![1];
    const descriptors = readdirSync(`/proc/${program.pid}/fd`).length;
    // It still follows all of them.
    const last = logs - 1;
    appendFileSync(
      path.join(place, 'logs', String(last % directories), `app${last}.log`),
      record('java.net.SocketException: Too many open files') + record('and on'),
    );
    await program.said('"os/too-many-open-files"');
    return { logs, load, peakBytes: Number(peak) * 1024, descriptors };
  } finally {
    await program.end();
    rmSync(place, { recursive: true });
  }
}

/** From its start until the last record of a log is told. */
async function catchUp(main: string, { file }: StoredLog, unknown: string): Promise<number> {
  const place = makePlace();
  const log = path.join(place, 'logs', 'jira.log');
  copyFileSync(file, log);
  appendFileSync(log, record('bench problem last') + record('and on'));
  const start = performance.now();
  const program = tail(main, place, ['logs', ...OWN_RULE, '--from', 'start', '--unknown', unknown], []);
  try {
    await program.said('"n":"last"');
    return (program.saidAt - start) / 1000;
  } finally {
    await program.end();
    rmSync(place, { recursive: true });
  }
}

async function scan(main: string, { file }: StoredLog, unknown: string): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [main, file, '--format', 'ndjson', '--no-config', '--unknown', unknown], {
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('close', resolve));
  return (performance.now() - start) / 1000;
}

interface Program {
  readonly pid: number;
  readonly follows: Promise<void>;
  /** When the chunk came that held what was waited for, by `performance.now()`. */
  readonly saidAt: number;
  said(text: string): Promise<void>;
  end(): Promise<void>;
}

function tail(main: string, place: string, args: readonly string[], node: readonly string[]): Program {
  const typed = ['--state', 'state', '--no-config', '--format', 'ndjson'];
  const child: ChildProcess = spawn(process.execPath, [...node, main, 'tail', ...args, ...typed], {
    cwd: place,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  let saidAt = 0;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const late = (what: string) => {
    child.kill('SIGKILL');
    return new Error(`${what}: not within ${PATIENCE / 1000} s; stderr: ${stderr.slice(-1000)}`);
  };
  const wait = (what: string, stream: 'stdout' | 'stderr', text: string) =>
    new Promise<void>((resolve, reject) => {
      let seen = '';
      const timer = setTimeout(() => reject(late(what)), PATIENCE);
      const onData = (chunk: string) => {
        saidAt = performance.now();
        seen = seen.slice(-text.length) + chunk;
        if (!seen.includes(text)) return;
        clearTimeout(timer);
        child[stream]!.off('data', onData);
        resolve();
      };
      child[stream]!.on('data', onData);
    });
  child.stdout!.setEncoding('utf8').resume();
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return {
    pid: child.pid!,
    follows: wait('it follows', 'stderr', 'following '),
    get saidAt() {
      return saidAt;
    },
    said: (text) => wait(`it tells ${text}`, 'stdout', text),
    end: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
}

function makePlace(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'logscan-bench-'));
  for (const directory of ['logs', 'rules/bench']) mkdirSync(path.join(place, directory), { recursive: true });
  writeFileSync(path.join(place, 'rules/bench/_pack.yaml'), 'title: Bench\nversion: "1"\n');
  writeFileSync(path.join(place, 'rules/bench/problem.yaml'), RULE);
  return place;
}

/** A record as Jira writes it, of now. */
function record(message: string): string {
  const time = new Date().toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000 http-nio-8080-exec-7 ERROR joe 540x1x1 1a2b3c 192.0.2.7 /x [c.e.bench.Job] ${message}\n`;
}

/** Seconds of processor time that a process has taken, its threads included. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function percentile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)]!;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(2)} %`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
