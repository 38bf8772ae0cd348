/**
 * A random walk of everything that happens to logs and to the program that follows them, against a model that knows every byte:
 * what stood in the files when the program had read everything is counted once, whatever happened before and after.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import type { Incident } from '../../src/model/incident.js';
import type { ProblemObject, ReportObject } from '../../src/model/report.js';
import { objectsIn, problemsOf, record, type TailPlace, TailProgram, tailPlace } from './tail.js';
import { RecordNames, type Standing, WalkedLog, type Writing } from './walk-log.js';

type OfLog = { readonly log: number };
export type Step =
  | ({ readonly kind: 'write' } & OfLog & Writing)
  | ({ readonly kind: 'rotate'; readonly late: Writing | null; readonly creates: boolean } & OfLog)
  | ({ readonly kind: 'copytruncate' | 'delete' | 'create' } & OfLog)
  | ({ readonly kind: 'truncate'; readonly to: number } & OfLog)
  | ({ readonly kind: 'gzip'; readonly which: number } & OfLog)
  | { readonly kind: 'start' | 'kill' | 'stop' | 'read' };

export interface Walk {
  readonly logs: number;
  /** Backups of each log. */
  readonly keep: number;
  readonly steps: readonly Step[];
}

const LOGS = ['atlassian-jira.log', 'atlassian-greenhopper.log'];
/** Followed as well; what is told of it says that the others were looked at. */
const SENTINEL = 'logs/insight_sentinel.log';
const SETTINGS = { poll: '15ms', 'flush-timeout': '60ms', 'rotate-wait': '250ms', checkpoint: '30ms' };
const PATIENCE = Number(process.env.LOGSCAN_TEST_PATIENCE ?? 20_000); // milliseconds

const log = fc.nat(LOGS.length - 1);
const writing = fc.record({
  records: fc.integer({ min: 1, max: 4 }),
  lines: fc.constantFrom(0, 0, 2, 5, 12),
  cut: fc.option(fc.nat(999), { nil: null, freq: 2 }),
  isBacklog: fc.constant(false),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('write' as const), log }).chain(withWriting) },
  { weight: 5, arbitrary: fc.constant<Step>({ kind: 'read' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('rotate' as const),
      log,
      late: fc.option(writing, { nil: null, freq: 1 }),
      creates: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('copytruncate' as const), log }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('truncate' as const), log, to: fc.oneof(fc.constant(0), fc.nat(999)) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('delete' as const, 'create' as const), log }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('gzip' as const), log, which: fc.nat(4) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('start' as const, 'start' as const, 'kill' as const, 'stop' as const),
    }),
  },
);

/** Now and then so much is written that it is read as a backlog. */
function withWriting<Head extends object>(head: Head): fc.Arbitrary<Head & Writing> {
  return fc.tuple(writing, fc.nat(15)).map(([what, chance]) => ({ ...head, ...what, isBacklog: chance === 15 }));
}

export const WALKS: fc.Arbitrary<Walk> = fc.record({
  logs: fc.integer({ min: 1, max: LOGS.length }),
  keep: fc.integer({ min: 1, max: 5 }),
  steps: fc.array(step, { minLength: 6, maxLength: 12, size: 'max' }),
});

/** What is known of one record. */
interface Fate {
  readonly log: Followed;
  /** Where it stood when the program had read everything; null if it never did then. */
  seen: Standing | null;
  /** Nothing behind it said that it had ended when the program did: it was not counted for good. */
  isAtRisk: boolean;
  /** It stood in a file that was cut to a part of its size, so it may be counted again. */
  isDoubled: boolean;
  /** It stood in a backup before anybody followed its log, or half of it did. */
  isTooOld: boolean;
  isHalfOld: boolean;
  /** It was deleted before it was seen, in a way that the program notices. */
  isMissed: boolean;
}

/** A log, and what is known of it since the program had read everything the last time. */
class Followed {
  readonly files: WalkedLog;
  /** Its live file then; null before the first time. */
  inode: string | null = null;
  /** The newest record that was seen. */
  last: string | null = null;
  /** Records of which nothing behind them said that they had ended: they were not counted for good. */
  open: readonly string[] = [];
  /** Whether something was written since, and whether that file was deleted. */
  isDirty = false;
  isDeleted = false;
  /** Records that were deleted with it while the program ran. */
  deleted: string[] = [];
  /** Whether halves of records stand somewhere. */
  hasHalves = false;

  constructor(files: WalkedLog) {
    this.files = files;
  }
}

/** @throws AssertionError that tells the whole story */
export async function goFor({ logs, keep, steps }: Walk): Promise<void> {
  const walker = new Walker(logs, keep);
  try {
    for (const one of steps) await walker.take(one);
    await walker.end();
    walker.check();
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${walker.story()}`, { cause: error });
  } finally {
    await walker.kill();
  }
}

class Walker {
  readonly #place: TailPlace;
  readonly #followed: readonly Followed[];
  readonly #fates = new Map<string, Fate>();
  readonly #story: string[] = [];
  #program: TailProgram | null = null;
  readonly #programs: TailProgram[] = [];
  #sentinels = 0;
  #wasKilled = false;
  /** Whether something may have been lost, in the eyes of the program; whether a file was cut. */
  #mayLose = false;
  #wasCut = false;

  constructor(logs: number, keep: number) {
    this.#place = tailPlace({ [SENTINEL]: '' });
    const names = new RecordNames();
    this.#followed = LOGS.slice(0, logs).map((name) => {
      return new Followed(new WalkedLog(this.#place.at(path.join('logs', name)), names, keep));
    });
  }

  async take(step: Step): Promise<void> {
    this.#story.push(JSON.stringify(step));
    switch (step.kind) {
      case 'start':
        return this.#start();
      case 'read':
        await this.#start();
        return this.#read();
      case 'kill':
      case 'stop':
        return this.#end(step.kind);
      default:
        return this.#change(this.#followed[step.log % this.#followed.length]!, step);
    }
  }

  async end(): Promise<void> {
    await this.take({ kind: 'read' });
    await this.take({ kind: 'stop' });
  }

  /** Whatever still runs. */
  async kill(): Promise<void> {
    for (const program of this.#programs) if (program.status === null) await program.kill();
  }

  // ----------------------------------------------------------------------------------------------------------- program

  async #start(): Promise<void> {
    if (this.#program !== null) return;
    if (this.#programs.length === 0) {
      for (const { files } of this.#followed) files.create();
      for (const log of this.#followed) this.#leaveBackups(log);
    }
    this.#program = await TailProgram.start(this.#place, {
      settings: SETTINGS,
      args: ['-o', 'told.ndjson', '-o', '-'],
    });
    this.#programs.push(this.#program);
  }

  async #end(way: 'kill' | 'stop'): Promise<void> {
    const program = this.#program;
    if (program === null) return;
    this.#program = null;
    if (way === 'stop') assert.equal(await program.stop(), 143);
    else {
      this.#wasKilled = true;
      await program.kill();
    }
    for (const log of this.#followed) {
      for (const name of log.open) this.#fates.get(name)!.isAtRisk = true;
      const standing = log.files.standing();
      if (log.open.some((name) => !standing.has(name))) this.#mayLose = true;
      log.deleted = [];
      // What was not taken down in a checkpoint may have changed.
      if (log.isDeleted || log.isDirty) this.#mayLose = true;
    }
  }

  /** Waits until the program has read, and remembers, everything that is there. */
  async #read(): Promise<void> {
    const program = this.#program!;
    // Two rounds of looks, the second one with one at the clock's bidding.
    await this.#tells(program, 2);
    await this.#tells(program, 1);
    for (let isBehind = true; isBehind; ) isBehind = await this.#isBehind(program);
    const id = await this.#tells(program, 2);
    const state = this.#place.at('state/state.json');
    const deadline = Date.now() + PATIENCE;
    while (!existsSync(state) || !readFileSync(state, 'utf8').includes(id)) {
      assert.ok(Date.now() < deadline, 'waited in vain for a checkpoint');
      await sleep(5);
    }
    for (const log of this.#followed) this.#see(log);
  }

  /**
   * Writes records to the sentinel log and waits until the first of them is told. Two of them are told of at once; of one alone
   * when the log was quiet for longer than a poll takes. Returns its id.
   */
  async #tells(program: TailProgram, records: number): Promise<string> {
    const names = Array.from({ length: records }, () => `s${++this.#sentinels}`);
    this.#place.append(SENTINEL, names.map((name) => record(`problem ${name} of nothing`)).join(''));
    await program.told(names[0]!);
    return program.problems.get(names[0]!)!.id;
  }

  async #isBehind(program: TailProgram): Promise<boolean> {
    const before = program.stderr.length;
    program.signal('SIGUSR2');
    let said = '';
    await program.until('it says how it is', () => {
      said = program.stderr.slice(before);
      return / open\n +read so far: .*\n/.test(said);
    });
    const isEachThere = this.#followed.every(({ files }) => !files.isThere || said.includes(path.basename(files.path)));
    if (isEachThere && / nothing behind · /.test(said.split('\n').find((line) => line.includes(' open file'))!))
      return false;
    await sleep(10);
    return true;
  }

  // ------------------------------------------------------------------------------------------------------------- model

  /** Backups that were there before anybody followed the log are none of its future. */
  #leaveBackups(log: Followed): void {
    for (const [name, { file, isCut }] of log.files.standing()) {
      const fate = this.#fates.get(name)!;
      fate.isTooOld = file !== log.files.path && !isCut;
      fate.isHalfOld = file !== log.files.path && isCut;
    }
    const last = log.files.records.at(-1);
    if (log.files.isMidRecord) this.#fates.get(last!)!.isHalfOld = true;
  }

  #see(log: Followed): void {
    const standing = log.files.standing();
    for (const [name, place] of standing) {
      const fate = this.#fates.get(name)!;
      fate.seen = { ...place, text: place.text ?? fate.seen?.text ?? null };
      fate.isAtRisk = false;
      if (log.last === null || name > log.last) log.last = name;
    }
    // What was destroyed while its last record was open goes on in the live file, as far as anybody knows.
    const pending = log.files.size === 0 ? log.open.filter((name) => !standing.has(name)) : [];
    log.open = [...openIn(log, standing), ...pending];
    for (const name of log.deleted) this.#fates.get(name)!.isMissed = true;
    log.deleted = [];
    log.inode = log.files.inode;
    log.isDirty = false;
    log.isDeleted = false;
  }

  #change(log: Followed, step: Exclude<Step, { readonly kind: 'start' | 'read' | 'kill' | 'stop' }>): void {
    const { files } = log;
    const before = files.standing();
    const [inode, size] = [files.inode, files.size];
    const filesBefore = files.files().length;
    switch (step.kind) {
      case 'write':
        files.write(step);
        break;
      case 'create':
        files.create();
        break;
      case 'rotate':
        if (files.isMidRecord) log.hasHalves = true;
        files.rotate(step.late, step.creates);
        if (step.late !== null && inode !== '') log.isDirty = true;
        break;
      case 'copytruncate':
        if (files.isMidRecord) log.hasHalves = true;
        files.copyAndTruncate();
        break;
      case 'gzip':
        if (files.pack(step.which)) this.#mayLose = true;
        break;
      case 'truncate':
        log.hasHalves = true;
        files.truncate(step.to);
        this.#wasCut = true;
        if (files.size > 0) for (const name of before.keys()) this.#fates.get(name)!.isDoubled = true;
        break;
      case 'delete':
        if (files.isMidRecord) log.hasHalves = true;
        files.delete();
        break;
    }
    for (const name of files.records) if (!this.#fates.has(name)) this.#fates.set(name, newFate(log));
    const after = files.standing();
    const gone = [...before.keys()].filter((name) => !after.has(name));
    this.#noteLoss(log, step.kind, gone, inode, size > 0 && files.files().length <= filesBefore);
    if (step.kind === 'write') log.isDirty = true;
  }

  /** What a step destroyed. */
  #noteLoss(log: Followed, kind: Step['kind'], gone: readonly string[], inode: string, hasShrunk: boolean): void {
    const isPurge = kind === 'rotate' || kind === 'copytruncate';
    // What it was before it was deleted may have been rotated away as well: who has not looked since cannot know.
    if (isPurge && log.isDeleted) this.#mayLose = true;
    const isLossy = kind === 'truncate' || kind === 'delete' || (isPurge && hasShrunk);
    if (!isLossy) return;
    if (this.#program === null || log.isDirty) this.#mayLose = true;
    if (kind === 'delete') {
      if (this.#program !== null && inode === log.inode) log.deleted.push(...gone);
      log.isDeleted = true;
    }
    log.isDirty = true;
    if (isPurge && log.inode !== null && log.inode !== '' && !log.isDeleted)
      for (const name of gone) this.#fates.get(name)!.isMissed = true;
  }

  // ------------------------------------------------------------------------------------------------------------- check

  check(): void {
    const file = objectsIn(readFileSync(this.#place.at('told.ndjson'), 'utf8'));
    const printed = this.#programs.flatMap(({ objects }) => objects);
    const problems = file.filter((object): object is ProblemObject => object.kind === 'problem');
    assert.deepEqual(
      problems.filter(({ code }) => !code.startsWith('lost-')),
      [],
      'unexpected trouble',
    );
    if (!this.#mayLose) assert.deepEqual(problems, [], 'nothing was lost');
    const told = problemsOf(file);
    const flagged = flaggedOf(file);
    for (const [name, fate] of this.#fates) checkFate(name, fate, told.get(name), flagged, problems.length > 0);
    this.#checkNames(told);
    checkRevisions(file, printed);
    this.#checkOrder(file);
    // What was printed behind the last checkpoint before a kill may be destroyed since.
    const printedToo = countsBy(printed).filter(([name]) => !this.#wasKilled || told.has(name));
    assert.deepEqual(printedToo, countsBy(file), 'stdout and the file say the same');
    if (!this.#wasKilled && !this.#wasCut) assert.deepEqual([...flagged], [], 'flagged without reason');
  }

  /** What is no record of the walk is half of one. */
  #checkNames(told: ReadonlyMap<string, Incident>): void {
    const others = [...told.keys()].filter((name) => !this.#fates.has(name) && !/^s\d+$/.test(name));
    if (!this.#followed.some(({ hasHalves, files }) => hasHalves || files.isMidRecord))
      assert.deepEqual(others, [], 'halves of records');
    for (const name of others) assert.match(name, /^r\d{0,3}/, 'half of a record');
  }

  /** Old before new. */
  #checkOrder(file: readonly ReportObject[]): void {
    for (const log of this.#followed) {
      const names = file.flatMap((object) => {
        if (object.kind !== 'incident') return [];
        const fate = this.#fates.get(object.captures.n!);
        return fate?.log === log && !fate.isDoubled && !fate.isAtRisk ? [object.captures.n!] : [];
      });
      const first = [...new Set(names)];
      assert.deepEqual(first, [...first].sort(), 'old before new');
    }
  }

  story(): string {
    const event = (object: ReportObject) => {
      if (object.kind === 'problem') return `${object.code}: ${object.message}`;
      if (object.kind !== 'incident' || object.captures.n!.startsWith('s')) return object.kind;
      const { captures, event: what, revision, count, duplicatePossible: flag, provisional } = object;
      return `${captures.n} ${what}/${revision} ${count}×${flag ? ' flagged' : ''}${provisional ? ' provisional' : ''}`;
    };
    const file = this.#place.at('told.ndjson');
    const told = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    const standing = this.#followed.flatMap(({ files }) =>
      files.files().map(({ path: name, bytes }) => {
        const records = [...bytes.toString().matchAll(/problem (r\d*)/g)].map(([, record]) => record);
        return `${path.basename(name)} (${bytes.length} bytes): ${records.join(' ')}`;
      }),
    );
    const fates = [...this.#fates].map(([name, { log: _, ...fate }]) => `${name}: ${JSON.stringify(fate)}`);
    return [
      'steps:',
      ...this.#story,
      'files:',
      ...standing,
      'told.ndjson:',
      ...told.map((line) => event(JSON.parse(line) as ReportObject)).filter((line) => line !== 'incident'),
      ...this.#programs.flatMap(({ objects, stderr }, index) => [
        `stdout of run ${index + 1}:`,
        ...objects.map(event).filter((line) => line !== 'incident'),
        `stderr of run ${index + 1}:`,
        stderr,
      ]),
      'records:',
      ...fates,
    ].join('\n');
  }
}

function newFate(log: Followed): Fate {
  return { log, seen: null, isAtRisk: false, isDoubled: false, isTooOld: false, isHalfOld: false, isMissed: false };
}

/** The newest record, and the one before it if the newest has no whole line yet. */
function openIn({ files, last }: Followed, standing: ReadonlyMap<string, Standing>): readonly string[] {
  if (last === null) return [];
  const isBegun = standing.get(last)?.isEnded === false;
  const from = files.records.indexOf(last) - (isBegun ? 1 : 0);
  return files.records.slice(Math.max(0, from), files.records.indexOf(last) + 1);
}

function checkFate(
  name: string,
  fate: Fate,
  told: Incident | undefined,
  flagged: ReadonlySet<string>,
  isReported: boolean,
): void {
  const { seen, isAtRisk, isDoubled, isTooOld, isHalfOld, isMissed } = fate;
  const count = told?.count ?? 0;
  if (isTooOld) {
    assert.equal(count, 0, `${name} is older than the first look`);
    return;
  }
  if (isHalfOld) return;
  if (count > 1) assert.ok(isDoubled && flagged.has(name), `${name} is counted ${count} times`);
  if (count === 0) {
    if (seen !== null) assert.ok(isAtRisk, `${name} is lost`);
    if (seen !== null || isMissed) assert.ok(isReported, `${name} is lost without a report`);
  }
  if (count !== 1 || seen === null || isDoubled) return;
  const [evidence] = told!.evidence;
  assert.deepEqual([evidence!.line, evidence!.offset], [seen.line, seen.offset], `the place of ${name}`);
  if (seen.text !== null) assert.equal(evidence!.text, seen.text, `the text of ${name}`);
}

/** Names of what was flagged at least once. */
function flaggedOf(objects: readonly ReportObject[]): Set<string> {
  return new Set(
    objects.flatMap((object) => (object.kind === 'incident' && object.duplicatePossible ? [object.captures.n!] : [])),
  );
}

function countsBy(objects: readonly ReportObject[]): [string, number][] {
  return [...problemsOf(objects)].map(([name, { count }]): [string, number] => [name, count]).sort();
}

/** In the file each revision of an incident is there once, and in order; on stdout what comes again is flagged. */
function checkRevisions(file: readonly ReportObject[], printed: readonly ReportObject[]): void {
  const last = new Map<string, number>();
  for (const object of file) {
    if (object.kind !== 'incident') continue;
    assert.equal(object.revision, (last.get(object.id) ?? 0) + 1, `revision of ${object.captures.n} in the file`);
    last.set(object.id, object.revision);
  }
  const told = new Set<string>();
  for (const object of printed) {
    if (object.kind !== 'incident') continue;
    const revision = `${object.captures.n} ${object.revision}`;
    if (told.has(revision)) assert.ok(object.duplicatePossible, `${revision} is told again without a flag`);
    told.add(revision);
  }
}

export interface WalkOptions {
  readonly walks: number;
  readonly seed: number;
  /** Of a walk that failed, with its seed: only this one is taken again. */
  readonly path?: string;
  /** So many are under way at a time: most of the time each of them waits. */
  readonly lanes: number;
}

/** @throws Error with seed and path of a walk that fails, made as short as it can be */
export async function randomWalks({ walks, seed, path: failed, lanes }: WalkOptions): Promise<void> {
  let isOver = false;
  const property = fc.asyncProperty(WALKS, async (walk) => {
    if (!isOver) await goFor(walk);
  });
  const lane = async (index: number) => {
    const numRuns = Math.ceil((walks - index) / lanes);
    const way = failed === undefined ? { seed: seed + index, numRuns } : { seed, path: failed, endOnFailure: true };
    try {
      if (numRuns > 0) await fc.assert(property, { ...way, includeErrorInReport: true });
    } catch (error) {
      isOver = true; // the other lanes end
      throw error;
    }
  };
  await Promise.all(Array.from({ length: failed === undefined ? lanes : 1 }, (_, index) => lane(index)));
}
