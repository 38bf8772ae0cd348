import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Incident } from '../../src/model/incident.js';
import type { ReportObject } from '../../src/model/report.js';
import {
  countsOf,
  objectsIn,
  onceEach,
  problem,
  record,
  type TailPlace,
  TailProgram,
  type TailStart,
  tailPlace,
  toldTwice,
} from '../helpers/tail.js';

/* Faults 18 to 20 of the list that a tail must survive: it is stopped, or killed, and goes on. */

const OUTPUT = ['-o', 'told.ndjson', '-o', '-'];

/** What was told in runs that followed each other. */
class Runs {
  readonly objects: ReportObject[] = [];
  readonly trouble: ReportObject[] = [];
  readonly #place: TailPlace;
  readonly #options: TailStart;

  constructor(place: TailPlace, options: TailStart = {}) {
    this.#place = place;
    this.#options = { args: OUTPUT, ...options };
  }

  /** One run, until something was done. */
  async run(during: (program: TailProgram) => Promise<unknown>): Promise<TailProgram> {
    const program = await TailProgram.start(this.#place, this.#options);
    await during(program);
    if (program.status === null) assert.equal(await program.stop(), 143);
    this.objects.push(...program.objects);
    this.trouble.push(...program.trouble);
    return program;
  }

  /** What stands in the output file. */
  get file(): ReportObject[] {
    return objectsIn(readFileSync(this.#place.at('told.ndjson'), 'utf8'));
  }

  get flagged(): Incident[] {
    return this.objects.filter((object): object is Incident => object.kind === 'incident' && object.duplicatePossible);
  }
}

test('an orderly restart tells nothing twice, flags nothing and misses nothing', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') + problem('c') });
  const runs = new Runs(place);
  await runs.run((program) => program.told('a', 'b', 'c'));
  place.append('logs/jira.log', problem('b') + problem('d'));
  await runs.run((program) => program.told('d'));
  await runs.run(async (program) => {
    place.append('logs/jira.log', problem('e') + record('the end'));
    await program.told('e');
  });
  for (const objects of [runs.objects, runs.file]) {
    assert.equal(countsOf(objects), 'a:1 b:2 c:1 d:1 e:1');
    assert.deepEqual(toldTwice(objects), []);
  }
  assert.deepEqual(runs.flagged, []);
  assert.deepEqual(runs.trouble, []);
  assert.deepEqual(
    runs.file.map(({ kind }) => kind).filter((kind) => kind !== 'incident'),
    ['run', 'summary', 'run', 'summary', 'run', 'summary'],
  );
});

test('restarts without anything new tell of no other counts', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('a') });
  const runs = new Runs(place);
  for (let count = 0; count < 3; count++) {
    await runs.run((program) => program.until('all is told', () => program.problems.has('a')));
  }
  assert.equal(countsOf(runs.objects), 'a:2');
  assert.deepEqual(toldTwice(runs.objects), []);
  assert.deepEqual(runs.flagged, []);
  assert.deepEqual(
    runs.objects.filter((object) => 'event' in object && object.event === 'withdrawn'),
    [],
  );
});

test('what the last record said is withdrawn after a restart, if it grew to something else meanwhile', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a').trimEnd() });
  const runs = new Runs(place);
  await runs.run((program) => program.told('a'));
  place.append('logs/jira.log', `b\n${record('the end')}`);
  await runs.run((program) => program.told('ab'));
  assert.equal(countsOf(runs.objects), onceEach(['ab']));
  const events = runs.objects.flatMap((object) =>
    object.kind === 'incident' && object.captures.n === 'a'
      ? [`${object.event} ${object.count} ${object.revision}`]
      : [],
  );
  assert.deepEqual(events, ['opened 1 1', 'withdrawn 0 2']);
  assert.deepEqual(toldTwice(runs.objects), []);
  assert.deepEqual(runs.flagged, []);
});

test('an incident in the last records of two logs is whole after a restart', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a'), 'logs/other.log': problem('a') });
  const runs = new Runs(place);

  const first = await runs.run(async (program) => {
    await program.told('a');
  });
  assert.equal(first.problems.get('a')!.count, 2);
  const second = await runs.run(async (program) => {
    place.append('logs/jira.log', problem('b') + record('the end'));
    await program.told('b');
  });
  assert.equal(countsOf(runs.objects), 'a:2 b:1');
  assert.deepEqual(
    second.objects.filter((object) => 'event' in object && object.event === 'withdrawn'),
    [],
  );
});
