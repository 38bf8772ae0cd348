/** A Log4j-like writer at full speed against the real program, which is killed again and again. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '../../bench/random.js';
import type { Incident } from '../../src/model/incident.js';
import type { ReportObject } from '../../src/model/report.js';
import { environment, MAIN, workspace } from './cli.js';
import { addBlock, type Blocks, WRITER_PACK, WRITER_RULE_ID } from './log4j-records.js';
import type { Ledger, Style } from './log4j-writer.js';
import { objectsIn } from './tail.js';

const WRITER = fileURLToPath(new URL('./log4j-writer.js', import.meta.url));
/** Catching up with what the writer wrote takes longer than writing it. */
const PATIENCE = 10; // times the seconds of the writer, and a minute
const PATIENCE_TO_START = 60_000; // milliseconds
/** A thread that no writer has: its record says that everything was read. */
const LAST = 'job n=000000 of thread-999 block-0 is done.';

export interface Load {
  readonly style: Style;
  /** How long is written. */
  readonly seconds: number;
  /** Milliseconds between two rotations. */
  readonly rotateEvery: number;
  /** Milliseconds between two kills, on average. */
  readonly killEvery: number;
  readonly seed: number;
  /** Records per second; 0 is as many as the writer can. */
  readonly rate: number;
}

export interface Loaded {
  readonly ledger: Ledger;
  /** Records in the file sink by thread and block. */
  readonly told: Blocks;
  /** Incidents of which the file sink holds one revision twice. */
  readonly twice: readonly string[];
  readonly problems: readonly string[];
  readonly kills: number;
  /** Seconds until everything was told, since the writer had ended. */
  readonly caughtUp: number;
}

/** Runs the writer and, until everything was told, the program. @throws AssertionError if that takes too long */
export async function load({ style, seconds, rotateEvery, killEvery, seed, rate }: Load): Promise<Loaded> {
  const place = workspace({ 'logs/': '', ...WRITER_PACK });
  const log = place.at('logs/jira.log');
  const random = new Random(seed);
  writeFileSync(place.at('tail.yaml'), 'tail:\n  poll: 50ms\n  rotate-wait: 300ms\n  checkpoint: 200ms\n');
  const ledgerFile = place.at('ledger.json');
  const typed = { seconds, style, 'rotate-every': rotateEvery, rate, seed, keep: 10 * seconds + 100, 'max-bytes': 0 };
  const flags = Object.entries(typed).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const out = place.at('incidents.ndjson');
  // What was rotated away before a log was known is not its business.
  writeFileSync(log, '');
  let program = tail(place.dir);
  const known = performance.now() + PATIENCE_TO_START;
  while (!existsSync(place.at('state/state.json'))) {
    assert.equal(program.exitCode, null, 'it runs');
    assert.ok(performance.now() < known, 'the log is known in time');
    await sleep(20);
  }
  const writer = spawn(process.execPath, [WRITER, log, ...flags, '--ledger', ledgerFile], { stdio: 'inherit' });
  const writing = ended(writer);
  let kills = 0;
  try {
    let isWriting = true;
    void writing.then(() => {
      isWriting = false;
    });
    while (isWriting) {
      await Promise.race([writing, sleep(killEvery / 2 + random.between(0, killEvery))]);
      await killed(program);
      kills++;
      program = tail(place.dir);
    }
    assert.equal(await writing, 0, 'the writer');
    const before = readFileSync(log, 'utf8').split('\n', 1)[0]!;
    const time = /^\S+ \S+/.exec(before)?.[0] ?? '2026-11-20 10:00:00,000+0000';
    const record = (message: string) => `${time} main WARN anonymous [c.e.load.Worker] ${message}\n`;
    appendFileSync(log, record(LAST) + record('it is over'));
    const since = performance.now();
    const most = since + (PATIENCE * seconds + 60) * 1000;
    while (!existsSync(out) || !readFileSync(out, 'latin1').includes('"thread":"999"')) {
      assert.equal(program.exitCode, null, 'it runs');
      assert.ok(performance.now() < most, 'everything is told in time');
      await sleep(200);
    }
    const caughtUp = (performance.now() - since) / 1000;
    program.kill('SIGTERM');
    assert.equal(await ended(program), 143);
    const objects = objectsIn(readFileSync(out, 'utf8'));
    return {
      ledger: JSON.parse(readFileSync(ledgerFile, 'utf8')) as Ledger,
      ...toldIn(objects),
      problems: objects.flatMap((object) => (object.kind === 'problem' ? [`${object.code}: ${object.message}`] : [])),
      kills,
      caughtUp,
    };
  } finally {
    for (const child of [writer, program]) child.kill('SIGKILL');
  }
}

function tail(cwd: string): ChildProcess {
  const places = ['--config', 'tail.yaml', '--state', 'state', '--from', 'start', '--rules', 'load'];
  const rest = ['--only', WRITER_RULE_ID, '--unknown', 'none', '--as-of', '2026-11-24', '-o', 'incidents.ndjson'];
  const args = [MAIN, 'tail', path.join('logs', 'jira.log'), ...places, ...rest];
  return spawn(process.execPath, args, { cwd, env: environment(), stdio: ['ignore', 'ignore', 'ignore'] });
}

async function killed(child: ChildProcess): Promise<void> {
  const end = ended(child);
  child.kill('SIGKILL');
  await end;
}

function ended(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(128);
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 128)));
}

function toldIn(objects: readonly ReportObject[]): { told: Blocks; twice: string[] } {
  const last = new Map<string, Incident>();
  const revisions = new Set<string>();
  const twice: string[] = [];
  for (const object of objects) {
    if (object.kind !== 'incident') continue;
    last.set(object.id, object);
    const key = `${object.id} ${object.revision}`;
    if (revisions.has(key)) twice.push(key);
    revisions.add(key);
  }
  const told: Record<string, Record<string, number>> = {};
  for (const { captures, count } of last.values())
    if (captures.thread !== '999') addBlock(told, captures.thread!, captures.block!, count);
  return { told, twice };
}

/** What differs between what was written and what was told, as `thread/block: written, told`. */
export function differences({ ledger: { blocks }, told }: Loaded): string[] {
  const names = new Set(
    [blocks, told].flatMap((of) =>
      Object.entries(of).flatMap(([thread, one]) => Object.keys(one).map((block) => `${thread}/${block}`)),
    ),
  );
  return [...names].flatMap((name) => {
    const [thread, block] = name.split('/') as [string, string];
    const [written = 0, found = 0] = [blocks[thread]?.[block], told[thread]?.[block]];
    return written === found ? [] : [`${name}: ${written}, ${found}`];
  });
}
