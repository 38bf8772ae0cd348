/**
 * [I/O] `npm run bench`: logscan side by side with programs that search for fixed texts, on generated logs.
 * It prints what it measured and writes it to RESULTS.md. Status 1 if a check fails; a missed goal is no failure.
 */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Incident } from '../src/model/incident.js';
import type { ReportObject } from '../src/model/report.js';
import type { Rule } from '../src/model/rule.js';
import { RULES_FOLDER } from '../src/rules/places.js';
import { readPacks } from '../src/rules/read.js';
import { GENERATION, type GeneratedLog, type GenerateOptions, generate } from './generate.js';
import { writeLiterals } from './literals.js';
import { type Command, findProgram, type Measurement, measure, type Outcome, run } from './processes.js';
import { type Check, checkTable, startUpTable, throughputTable } from './results.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DATA = path.join(ROOT, 'bench', 'data');
const RESULTS = path.join(ROOT, 'bench', 'RESULTS.md');
const MAIN = path.join(ROOT, 'dist', 'bin', 'app', 'main.js');
const NPM_RIPGREP = path.join(ROOT, 'node_modules', '@vscode', 'ripgrep-linux-x64', 'bin', 'rg');

const MEBIBYTE = 1024 * 1024;
const SIZES = {
  full: { normal: 512 * MEBIBYTE, dense: 64 * MEBIBYTE },
  quick: { normal: 64 * MEBIBYTE, dense: 8 * MEBIBYTE },
};
const SMALL_LOG = 1024; // bytes
const SEED = 1;
const RUNS = 5; // of each command on a large log
const START_UP_RUNS = 15;

const DEFAULT_RUN = 'logscan';
const KNOWN_ONLY = 'logscan --unknown none';
const RIPGREP = 'rg -F -c -f literals';
const GREP = 'grep -F -c -f literals';
const COUNT_LINES = 'wc -l';
const GOALS = { [DEFAULT_RUN]: 30 }; // MB/s

interface StoredLog extends GeneratedLog {
  readonly file: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
  const sizes = values.quick ? SIZES.quick : SIZES.full;
  await mkdir(DATA, { recursive: true });

  const rules = (await readPacks([RULES_FOLDER])).flatMap((pack) => pack.rules);
  const literals = await writeLiterals(path.join(DATA, 'literals.txt'), rules);
  const normal = await storedLog({ kind: 'normal', bytes: sizes.normal, seed: SEED });
  const dense = await storedLog({ kind: 'dense', bytes: sizes.dense, seed: SEED });
  const small = await storedLog({ kind: 'normal', bytes: SMALL_LOG, seed: SEED });

  console.error(`measuring, ${RUNS} rounds a log`);
  const onNormal = measure(scanCommands(normal.file, literals.path), RUNS);
  const onDense = measure(scanCommands(dense.file, literals.path), RUNS);
  const startUp = measure(startUpCommands(small.file), START_UP_RUNS);
  const checks = [...checksOf('normal', onNormal, normal, rules), ...checksOf('dense', onDense, dense, rules)];

  const text = [
    `# Results of \`npm run bench${values.quick ? ' -- --quick' : ''}\``,
    'Written by the benchmark; what is measured, and how, is in README.md. 1 MB = 1,000,000 bytes.',
    machineText(),
    `Pack: ${rules.length} rules, ${literals.count} literals${literals.rulesWithout > 0 ? `, ${literals.rulesWithout} rules without a literal` : ''}.`,
    `## Normal log: ${sizeText(normal)}`,
    throughputTable(onNormal, { bytes: normal.bytes, reference: RIPGREP, goals: GOALS }),
    `## Dense log, every record a candidate: ${sizeText(dense)}`,
    throughputTable(onDense, { bytes: dense.bytes, reference: RIPGREP, goals: {} }),
    `## Start-up, a log of ${small.bytes} bytes`,
    startUpTable(startUp),
    '## Checks',
    checkTable(checks),
  ].join('\n\n');
  console.log(text);
  await writeFile(RESULTS, `${text}\n`);
  if (checks.some(({ holds }) => holds === false)) process.exitCode = 1;
}

/** The log of an earlier run, or a new one. What is in it stands in a file beside it. */
async function storedLog(options: GenerateOptions): Promise<StoredLog> {
  const file = path.join(DATA, `${options.kind}-${options.bytes}-seed${options.seed}-g${GENERATION}.log`);
  const truthFile = `${file}.truth.json`;
  const stored = await Promise.all([stat(file), readFile(truthFile, 'utf8')]).catch(() => null);
  if (stored !== null) {
    const truth: GeneratedLog = JSON.parse(stored[1]);
    if (truth.bytes === stored[0].size) return { ...truth, file };
  }
  console.error(`writing ${path.basename(file)}`);
  const truth = await generate(file, options);
  await writeFile(truthFile, JSON.stringify(truth));
  return { ...truth, file };
}

function scanCommands(log: string, literals: string): readonly Command[] {
  const logscan = (name: string, more: readonly string[]): Command => ({
    name,
    program: process.execPath,
    args: [MAIN, log, '--format', 'ndjson', ...more],
    goodStatuses: [0],
    keepsOutput: true,
  });
  const search = (name: string, program: string | null): Command => ({
    name,
    program,
    args: ['-F', '-c', '-f', literals, log],
    goodStatuses: [0, 1],
    keepsOutput: true,
  });
  const plain = (name: string, program: string, args: readonly string[], keepsOutput: boolean): Command => ({
    name,
    program: findProgram(program),
    args: [...args, log],
    goodStatuses: [0],
    keepsOutput,
  });
  return [
    logscan(DEFAULT_RUN, []),
    logscan(KNOWN_ONLY, ['--unknown', 'none']),
    search(RIPGREP, findProgram('rg', [NPM_RIPGREP])),
    search(GREP, findProgram('grep')),
    plain(COUNT_LINES, 'wc', ['-l'], true),
    plain('cat > /dev/null', 'cat', [], false),
  ];
}

function startUpCommands(log: string): readonly Command[] {
  const node = (name: string, args: readonly string[]): Command => ({
    name,
    program: process.execPath,
    args,
    goodStatuses: [0],
    keepsOutput: true,
  });
  return [
    node('node -e 0', ['-e', '0']),
    node(DEFAULT_RUN, [MAIN, log, '--format', 'ndjson']),
    node('logscan --version', [MAIN, '--version']),
  ];
}

/** Whether all programs saw the same log and found what is in it. */
function checksOf(
  log: string,
  measurements: readonly Measurement[],
  truth: GeneratedLog,
  rules: readonly Rule[],
): readonly Check[] {
  const outcomeOf = (name: string): Outcome => measurements.find(({ command }) => command.name === name)!.last;
  const numberOf = (name: string): number | null => {
    const { stdout, failure } = outcomeOf(name);
    return failure === null ? Number.parseInt(stdout, 10) : null;
  };
  return [
    equal(`${log}: rg and grep count the same lines`, numberOf(RIPGREP), numberOf(GREP)),
    equal(`${log}: wc counts the lines that were written`, numberOf(COUNT_LINES), truth.lines),
    ...[DEFAULT_RUN, KNOWN_ONLY].flatMap((name) => scanChecks(`${log}: ${name}`, outcomeOf(name), truth, rules)),
  ];
}

function scanChecks(name: string, outcome: Outcome, truth: GeneratedLog, rules: readonly Rule[]): readonly Check[] {
  if (outcome.failure !== null) return [{ name: `${name} runs`, holds: false, found: firstError(outcome) }];
  const objects: readonly ReportObject[] = outcome.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const incidents = objects.filter((object): object is Incident => object.kind === 'incident');
  const coverage = objects.find((object) => object.kind === 'summary')?.coverage;
  const planted = Object.entries(truth.planted);
  const others = incidents.filter(({ rule }) => truth.planted[rule.id] === undefined);
  return [
    equal(`${name} reads every line`, coverage?.lines ?? null, truth.lines),
    // Null with `--unknown none`: then records are not counted.
    equal(`${name} counts the records`, coverage?.records ?? null, truth.records),
    equal(`${name} counts the error records`, coverage?.errorRecords ?? null, truth.errorRecords),
    ...planted.map(([id, count]) =>
      rules.some((rule) => rule.id === id)
        ? equal(`${name} finds ${id}`, occurrences(incidents.filter(({ rule }) => rule.id === id)), count)
        : { name: `${name} finds ${id}`, holds: null, found: 'the pack has no such rule' },
    ),
    equal(
      `${name} finds nothing else`,
      occurrences(others),
      0,
      [...new Set(others.map(({ rule }) => rule.id))].join(', '),
    ),
  ];
}

function firstError({ failure, stderr }: Outcome): string {
  const lines = stderr.split('\n');
  return `${failure} ${lines.find((line) => /error/i.test(line)) ?? lines[0]}`
    .replaceAll(ROOT, '')
    .trim()
    .slice(0, 160);
}

function occurrences(incidents: readonly Incident[]): number {
  return incidents.reduce((sum, { count }) => sum + count, 0);
}

function equal(name: string, found: number | null, wanted: number | null, detail = ''): Check {
  if (found === null || wanted === null) return { name, holds: null, found: 'not counted' };
  const numbers = found === wanted ? `${found}` : `${found}, wanted ${wanted}`;
  return { name, holds: found === wanted, found: detail === '' ? numbers : `${numbers} (${detail})` };
}

function machineText(): string {
  const versions = [firstLine('rg', [NPM_RIPGREP]), firstLine('grep'), firstLine('wc')].filter((line) => line !== null);
  return [
    `- machine: ${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 1024 ** 3)} GiB, ${os.type()} ${os.release()}`,
    `- tools: node ${process.version}, ${versions.join(', ')}`,
    `- date: ${new Date().toISOString().slice(0, 10)}`,
  ].join('\n');
}

/** What a program says of its version. */
function firstLine(name: string, otherPlaces: readonly string[] = []): string | null {
  const program = findProgram(name, otherPlaces);
  const { stdout, failure } = run({ name, program, args: ['--version'], goodStatuses: [0], keepsOutput: true });
  return failure === null ? stdout.split('\n')[0]!.trim() : null;
}

function sizeText({ bytes, lines, records, errorRecords }: GeneratedLog): string {
  const number = (value: number) => value.toLocaleString('en-US');
  return `${number(Math.round(bytes / 1e6))} MB, ${number(lines)} lines, ${number(records)} records, ${number(errorRecords)} of them errors`;
}

await main();
