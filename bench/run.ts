/**
 * [I/O] `npm run bench`: logscan side by side with programs that search for fixed texts, on generated logs.
 * It prints what it measured and writes it to RESULTS.md. Status 1 if a check fails; a missed goal is no failure.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checksOf } from './checks.js';
import { Commands } from './commands.js';
import { goalsOf } from './goals.js';
import { type Logs, makeLogs, makeNormalLog, type Sizes } from './logs.js';
import { makePrograms, type PaddedProgram, type Programs } from './programs.js';
import { checkTable, goalTable, sizeText, startUpTable, throughputTable } from './results.js';
import { measureTables, type Tables } from './tables.js';
import { measureTail, tailGoals } from './tail.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DATA = path.join(ROOT, 'bench', 'data');
const RESULTS = path.join(ROOT, 'bench', 'RESULTS.md');
const TAIL_RESULTS = path.join(ROOT, 'bench', 'RESULTS-tail.md');
const MAIN = path.join(ROOT, 'dist', 'bin', 'app', 'main.js');

const FULL = { large: 1_000_000_000, small: 256_000_000, rounds: 5, startUps: 15, seconds: 30 };
const QUICK = { large: 64_000_000, small: 16_000_000, rounds: 3, startUps: 7, seconds: 5 };
const TAIL_FULL = { samples: 300, quietSeconds: 30, manyLogs: 10_000, rounds: 3 };
const TAIL_QUICK = { samples: 50, quietSeconds: 10, manyLogs: 2000, rounds: 1 };

async function main(): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { quick: flag, tail: flag } });
  const size = values.quick ? QUICK : FULL;
  await mkdir(DATA, { recursive: true });
  const programs = await makePrograms(ROOT, path.join(DATA, 'programs'));
  if (values.tail) return mainOfTail(programs, size, values.quick);
  const logs = await makeLogs(DATA, programs[300], size);
  const commands = new Commands(ROOT, DATA, programs[300].main);
  const tables = await measureTables(DATA, commands, programs, logs, size);
  const checks = await checksOf(tables, programs, logs);
  const text = [
    `# Results of \`npm run bench${values.quick ? ' -- --quick' : ''}\``,
    'Written by the benchmark; what is measured, and how, is in README.md. 1 MB = 1,000,000 bytes.',
    machineText(commands.versions(), Object.values(programs)),
    goalTable(goalsOf(tables)),
    ...sections(tables, logs),
    '## Checks',
    checkTable(checks),
  ].join('\n\n');
  console.log(text);
  await writeFile(RESULTS, `${text}\n`);
  if (checks.some(({ holds }) => !holds)) process.exitCode = 1;
}

/** The shipped program, as it is installed. */
async function mainOfTail(programs: Programs, sizes: Sizes, isQuick: boolean): Promise<void> {
  const log = await makeNormalLog(DATA, programs[300], sizes.large);
  const figures = await measureTail(MAIN, log, isQuick ? TAIL_QUICK : TAIL_FULL);
  const text = [
    `# Results of \`npm run bench -- --tail${isQuick ? ' --quick' : ''}\``,
    'Written by the benchmark; what is measured, and how, is in README.md. 1 MB = 1,000,000 bytes.',
    machineText([], []),
    goalTable(tailGoals(figures)),
    `Catching up: ${sizeText(log)}.`,
  ].join('\n\n');
  console.log(text);
  await writeFile(TAIL_RESULTS, `${text}\n`);
}

function machineText(versions: readonly string[], programs: readonly PaddedProgram[]): string {
  const packs = programs.map(({ ids, literals: { count, rulesWithout } }) => {
    const without = rulesWithout > 0 ? ` (${rulesWithout} rules have none)` : '';
    return `${ids.size} rules with ${count} literals${without}`;
  });
  return [
    `- machine: ${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 1024 ** 3)} GiB, ${os.type()} ${os.release()}`,
    `- tools: ${[`node ${process.version}`, ...versions].join(', ')}`,
    ...(packs.length > 0 ? [`- packs: ${packs.join(', ')}`] : []),
    `- date: ${new Date().toISOString().slice(0, 10)}`,
  ].join('\n');
}

function sections(tables: Tables, logs: Logs): readonly string[] {
  const { normal, packs, dense, mixed, shift, nearMiss, gzip, startUp } = tables;
  return [
    `## Normal log: ${sizeText(logs.normal)}`,
    throughputTable(normal, normal.ripgrep),
    '## Normal log, other packs',
    throughputTable(packs, null),
    `## Dense log: ${sizeText(logs.dense)}`,
    throughputTable(dense, dense.ripgrep),
    `## Mixed log: ${sizeText(logs.mixed)}`,
    throughputTable(mixed, mixed.ripgrep),
    `## Shifting log: ${sizeText(logs.shift)}`,
    throughputTable(shift, shift.ripgrep),
    `## Near-miss log: ${sizeText(logs.nearMiss)}`,
    throughputTable(nearMiss, nearMiss.ripgrep),
    `## Normal log, compressed: ${sizeText(logs.gzip)}`,
    throughputTable(gzip, null),
    `## Start-up, a log of ${logs.short.bytes} bytes`,
    startUpTable(startUp),
  ];
}

await main();
