/** [I/O] Whether all programs saw the same log and found what is in it. */
import type { Incident } from '../src/model/incident.js';
import type { ReportObject, RunObject, SummaryObject } from '../src/model/report.js';
import type { GeneratedLog } from './generate.js';
import type { Logs } from './logs.js';
import { type Measurement, run } from './processes.js';
import { withBrokenRule } from './program.js';
import type { PaddedProgram, Programs } from './programs.js';
import type { Tables } from './tables.js';

const MAX_LITERAL_LINES = 4; // of a planted record

export interface Check {
  readonly name: string;
  readonly holds: boolean;
  readonly found: string;
}

export async function checksOf(tables: Tables, programs: Programs, logs: Logs): Promise<readonly Check[]> {
  const { normal, packs, dense, mixed, shift, nearMiss } = tables;
  const whole = (log: keyof Logs & keyof Tables, measurements: readonly Measurement[]) =>
    measurements.flatMap((measurement) => scanCheck(log, measurement, logs[log], programs[300]));
  return [
    sameCounts('normal: the same lines hold a literal', [normal.ripgrep, normal.grep, normal.hyperscan]),
    sameCounts('normal: lines', [normal.countLines], logs.normal.lines),
    ...whole('normal', [normal.typed, normal.one, normal.known, normal.knownTwo]),
    ...scanCheck('normal', normal.smaller, logs.smaller, programs[300]),
    ...scanCheck('normal', normal.knownSmaller, logs.smaller, programs[300]),
    ...scanCheck('normal', packs.known30, logs.normal, programs[30]),
    ...scanCheck('normal', packs.known150, logs.normal, programs[150]),
    ...scanCheck('normal', packs.known3000, logs.normal, programs[3000]),
    ...scanCheck('normal', packs.knownShipped, logs.normal, programs.shipped),
    ...scanCheck('normal', packs.typedShipped, logs.normal, programs.shipped),
    ...literalLines(
      'dense: a literal in each record',
      dense.ripgrep,
      logs.dense,
      (lines) => lines >= logs.dense.records,
    ),
    ...literalLines(
      'near-miss: literals in planted records only',
      nearMiss.ripgrep,
      logs.nearMiss,
      (lines) => lines <= MAX_LITERAL_LINES * plantsIn(logs.nearMiss),
    ),
    ...whole('dense', [dense.typed, dense.known]),
    ...whole('mixed', [mixed.known, mixed.counted]),
    ...whole('shift', [shift.known, shift.counted]),
    ...whole('nearMiss', [nearMiss.known, nearMiss.counted]),
    ...whole('gzip', [tables.gzip.known]),
    await isCompiled(programs[300], tables.startUp.typed),
  ];
}

/** The start-up that is measured is that of a program which reads no YAML. */
async function isCompiled(program: PaddedProgram, { command }: Measurement): Promise<Check> {
  const { failure } = await withBrokenRule(program, () => run(command));
  return {
    name: 'the compiled pack is used',
    holds: failure === null,
    found: failure ?? 'a rule file that was broken since does not matter',
  };
}

/** @param programs those that are not there do not count */
function sameCounts(name: string, programs: readonly Measurement[], truth: number | null = null): Check {
  const counted = programs.filter(({ command }) => command.missing === null);
  const counts = counted.map(({ command, last }) => ({ name: command.name, count: Number.parseInt(last.stdout, 10) }));
  const wanted = truth ?? counts[0]?.count;
  return {
    name,
    holds: counts.every(({ count }) => count === wanted),
    found: [
      ...counts.map(({ name, count }) => `${name}: ${count}`),
      ...(truth === null ? [] : [`truth: ${truth}`]),
    ].join('; '),
  };
}

function plantsIn({ planted }: GeneratedLog): number {
  return Object.values(planted).reduce((sum, count) => sum + count, 0);
}

/** How many of the lines hold a literal, as ripgrep counts them. */
function literalLines(
  name: string,
  { command, last }: Measurement,
  { records }: GeneratedLog,
  holds: (lines: number) => boolean,
): Check[] {
  if (command.missing !== null) return [];
  const lines = Number.parseInt(last.stdout, 10);
  return [{ name, holds: holds(lines), found: `${lines} lines, ${records} records` }];
}

/** Lines, records, error records and planted problems, each exactly as often as they are there, and nothing else. */
function scanCheck(log: string, { command, last }: Measurement, truth: GeneratedLog, { ids }: PaddedProgram): Check[] {
  if (command.missing !== null) return [];
  const name = `${log}: ${command.name}`;
  if (last.failure !== null) return [{ name, holds: false, found: `${last.failure} ${last.stderr.slice(0, 160)}` }];
  const objects: readonly ReportObject[] = last.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const coverage = objects.find((object): object is SummaryObject => object.kind === 'summary')?.coverage;
  const packs = objects.find((object): object is RunObject => object.kind === 'run')?.packs ?? [];
  const planted = Object.entries(truth.planted).filter(([id]) => ids.has(id));
  const facts = [
    fact(
      'rules',
      packs.reduce((sum, pack) => sum + pack.rules, 0),
      ids.size,
    ),
    fact('lines', coverage?.lines ?? 0, truth.lines),
    // Null with `--unknown none`: then records are not counted.
    ...(coverage?.records == null ? [] : [fact('records', coverage.records, truth.records)]),
    ...(coverage?.errorRecords == null ? [] : [fact('errors', coverage.errorRecords, truth.errorRecords)]),
    ...findings(objects, new Map(planted)),
  ];
  return [{ name, holds: facts.every(({ holds }) => holds), found: facts.map(({ text }) => text).join(', ') }];
}

interface Fact {
  readonly holds: boolean;
  readonly text: string;
}

function fact(noun: string, found: number, wanted: number): Fact {
  const holds = found === wanted;
  return { holds, text: holds ? `${found} ${noun}` : `**${found} ${noun}, wanted ${wanted}**` };
}

/** How often what was planted was found, and each rule that was found more or less often. */
function findings(objects: readonly ReportObject[], planted: ReadonlyMap<string, number>): readonly Fact[] {
  const counts = new Map<string, number>();
  for (const object of objects) {
    if (object.kind !== 'incident' && object.kind !== 'notice') continue;
    const { rule, count }: Incident = object;
    counts.set(rule.id, (counts.get(rule.id) ?? 0) + count);
  }
  const total = [...planted.values()].reduce((sum, count) => sum + count, 0);
  const ids = [...new Set([...counts.keys(), ...planted.keys()])];
  const wrong = ids.filter((id) => counts.get(id) !== planted.get(id));
  const found = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    fact('planted problems', found, total),
    ...wrong.map((id) => fact(`of ${id}`, counts.get(id) ?? 0, planted.get(id) ?? 0)),
  ];
}
