import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Attachment, TailOptions } from '../../src/index.js';
import type { Incident } from '../../src/model/incident.js';
import type { ReportObject } from '../../src/model/report.js';
import { ndjsonLine } from '../../src/reporters/ndjson.js';
import { AppendFile, type AppendState } from '../../src/sinks/append.js';
import {
  countsOf,
  objectsIn,
  onceEach,
  problem,
  problemsOf,
  record,
  type TailPlace,
  TailProgram,
  type TailStart,
  tailPlace,
  toldTwice,
} from '../helpers/tail.js';
import { type End, toldInside } from '../helpers/tailing.js';

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

/** What was told in one run, and again in a later one without a flag, as `problem:revision`. */
function unflagged(before: readonly ReportObject[], after: readonly ReportObject[]): string[] {
  const isSure = (object: ReportObject) => object.kind !== 'incident' || !object.duplicatePossible;
  return toldTwice([...before, ...after.filter(isSure)]);
}

/** Ends a run orderly when this problem is told. */
function stopAt(name: string): (told: readonly ReportObject[]) => End {
  return (told) => (problemsOf(told).has(name) ? 'stopped' : null);
}

/** A file that a run inside adds to. */
function outputFile(path: string): { readonly file: AppendFile; readonly attachment: Attachment } {
  const file = new AppendFile(path, {
    onTrouble: (message) => assert.fail(message),
    onRelief: () => {},
    wait: async () => false,
  });
  const attachment: Attachment = {
    restore: (kept) => file.restore(kept as AppendState | null),
    sync: () => file.sync(),
    state: () => file.state(),
  };
  return { file, attachment };
}

test('18: at whatever object a run is cut off, nothing is lost, and what is told again is flagged', async () => {
  const all = 'a:12 b:2 c:1 d:1 e:1';
  for (let cut = 1, isCut = true; isCut; cut++) {
    const place = tailPlace({ 'logs/jira.log': problem('a').repeat(11) + problem('b') });
    const more = [problem('c') + problem('b'), problem('a') + problem('d')];
    const output = outputFile(place.at('told.ndjson'));
    const first = await toldInside(
      place,
      async (told, object) => {
        await output.file.write(ndjsonLine(object));
        if (told.length === cut) return 'killed';
        if (object.kind === 'run' || more.length === 0) return more.length === 0 ? 'stopped' : null;
        place.append('logs/jira.log', more.shift()!);
        return null;
      },
      output,
    );
    isCut = first.at(-1)!.kind !== 'summary' || first.length === cut;
    await output.file.close();
    place.append('logs/jira.log', more.join('') + problem('e'));
    const again = outputFile(place.at('told.ndjson'));
    const end = stopAt('e');
    const second = await toldInside(
      place,
      async (told, object) => {
        await again.file.write(ndjsonLine(object));
        return end(told);
      },
      again,
    );
    await again.file.close();
    const file = objectsIn(readFileSync(place.at('told.ndjson'), 'utf8'));
    for (const told of [[...first, ...second], file]) assert.equal(countsOf(told), all, `cut at ${cut}`);
    assert.deepEqual(toldTwice(file), [], `cut at ${cut}`);
    assert.deepEqual(unflagged(first, second), [], `cut at ${cut}`);
    if (!isCut) assert.deepEqual(toldTwice([...first, ...second]), []);
  }
});

test('18: what was told before a kill is flagged, also when the run after it is stopped on its way there', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `p${index}`);
  const rest = `\tat ${'x'.repeat(2500)}\n`;
  const place = tailPlace({ 'logs/jira.log': names.map((name) => problem(name, { rest })).join('') });
  const isTold = (told: readonly ReportObject[]) => problemsOf(told).has('p299');
  const killed = await toldInside(place, (told) => (isTold(told) ? 'killed' : null), { checkpoint: 3_600_000 });
  const stopped = await toldInside(place, (_, { kind }) => (kind === 'incident' ? 'stopped' : null));
  const told = problemsOf(stopped).size;
  assert.ok(told > 0 && told < names.length, String(told));
  const last = await toldInside(place, stopAt('p299'));
  assert.equal(countsOf([...stopped, ...last]), onceEach(names));
  assert.deepEqual(unflagged(killed, [...stopped, ...last]), []);
});

test('18: a log that appeared just before a kill is known afterwards, wherever unknown ones are begun', async () => {
  const place = tailPlace({ 'logs/jira.log': record('the log begins') });
  const options: Partial<TailOptions> = { from: 'end', checkpoint: 3_600_000 };
  const killed = await toldInside(
    place,
    (_, { kind }) => {
      if (kind === 'run') place.write('logs/new.log', problem('a') + problem('b') + problem('c'));
      return kind === 'incident' ? 'killed' : null;
    },
    options,
  );
  assert.equal(countsOf(killed), onceEach(['a']));
  place.append('logs/new.log', problem('d'));
  const last = await toldInside(place, stopAt('d'), options);
  assert.equal(countsOf(last), onceEach(['a', 'b', 'c', 'd']));
  assert.deepEqual(unflagged(killed, last), []);
});
