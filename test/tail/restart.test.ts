import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Attachment, TailOptions } from '../../src/index.js';
import type { Problem } from '../../src/model/diagnostics.js';
import type { Incident } from '../../src/model/incident.js';
import type { ProblemObject, ReportObject } from '../../src/model/report.js';
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

test('an output that is not as it was left is added to, which stands in it', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const runs = new Runs(place);
  await runs.run((program) => program.told('a'));
  renameSync(place.at('told.ndjson'), place.at('told.ndjson.1'));
  place.append('logs/jira.log', problem('b'));
  const { stderr } = await runs.run((program) => program.told('b'));
  assert.match(stderr, /told\.ndjson: is not the file that the last run left/);
  assert.deepEqual(
    runs.file.slice(0, 2).map((object) => ('code' in object ? object.code : object.kind)),
    ['run', 'output-changed'],
  );
  assert.equal(countsOf([...objectsIn(readFileSync(place.at('told.ndjson.1'), 'utf8')), ...runs.file]), 'a:1 b:1');
  assert.equal(runs.trouble.length, 1);
  assert.deepEqual(toldTwice(runs.objects), []);
});

/** What was told in one run, and again in a later one without a flag, as `problem:revision`. */
function unflagged(before: readonly ReportObject[], after: readonly ReportObject[]): string[] {
  const incidents = (objects: readonly ReportObject[]) =>
    objects.filter((object): object is Incident => object.kind === 'incident');
  const known = new Set(incidents(before).map(({ id, revision }) => `${id}/${revision}`));
  return incidents(after)
    .filter(({ id, revision, duplicatePossible }) => !duplicatePossible && known.has(`${id}/${revision}`))
    .map(({ captures, revision }) => `${captures.n}:${revision}`);
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
    restore: async (kept) => {
      assert.equal(await file.restore(kept as AppendState | null), null);
      return [];
    },
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

/** Numbers between 0 and 1, the same ones in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test('18: killed again and again while the log grows: all is counted once, and once in a file', async () => {
  const place = tailPlace({ 'logs/jira.log': record('the log begins') });
  const random = seeded(18);
  const wanted = new Map<string, number>();
  /** Some records; sometimes in two pieces, of which the first ends anywhere. */
  const write = async () => {
    let text = '';
    for (let count = Math.ceil(random() * 4); count > 0; count--) {
      const isNew = wanted.size < 50 || (wanted.size < 700 && random() < 0.5);
      const name = `p${isNew ? wanted.size : Math.floor(random() * wanted.size)}`;
      wanted.set(name, (wanted.get(name) ?? 0) + 1);
      text += problem(name, { rest: random() < 0.3 ? '\tat com.example.A.a(A.java:1)\n' : '' }) + record('between');
    }
    const cut = random() < 0.5 ? text.length : Math.floor(random() * text.length);
    place.append('logs/jira.log', text.slice(0, cut));
    await setTimeout(random() * 10);
    place.append('logs/jira.log', text.slice(cut));
  };
  const told: ReportObject[] = [];
  const [KILLS, WRITES] = [16, 20];
  for (let kill = 0; kill < KILLS; kill++) {
    const program = TailProgram.begin(place, { args: OUTPUT, settings: { checkpoint: '300ms' } });
    // Some are killed while they start, and find more afterwards.
    if (random() < 0.8) await program.until('it follows', () => program.stderr !== '');
    const most = random() * 20;
    for (let count = 0; count < WRITES && program.objects.length < most; count++) await write();
    await program.kill();
    assert.deepEqual(unflagged(told, program.objects), [], `kill ${kill}`);
    told.push(...program.objects);
  }
  place.append('logs/jira.log', problem('the-last-one'));
  wanted.set('the-last-one', 1);
  const program = await TailProgram.start(place, { args: OUTPUT });
  await program.told('the-last-one');
  assert.equal(await program.stop(), 143);
  assert.deepEqual(unflagged(told, program.objects), []);
  told.push(...program.objects);
  const file = objectsIn(readFileSync(place.at('told.ndjson'), 'utf8'));
  const counts = [...wanted].map(([name, count]) => `${name}:${count}`).sort();
  assert.ok(wanted.size > 50, String(wanted.size));
  for (const objects of [told, file]) assert.deepEqual(countsOf(objects).split(' '), counts);
  assert.deepEqual(toldTwice(file), []);
  assert.ok(toldTwice(told).length > 0, 'no kill was between an output and its checkpoint');
  assert.deepEqual(
    told.filter(({ kind }) => kind === 'problem'),
    [],
  );
});

const CUT_OFF = [
  ['half a line', 0.5, 0],
  ['half a trace', 1, 0],
  ['a record whose end is not known', 1, 1],
] as const;

for (const [what, lines, frames] of CUT_OFF) {
  test(`19: killed with ${what} read: it goes on at the start of the record`, async () => {
    const line = problem('a').trimEnd();
    const trace = ['java.io.IOException: no', '\tat com.example.A.a(A.java:1)', 'Caused by: java.io.EOFException'];
    const whole = [line, ...trace, ''].join('\n');
    const read = lines < 1 ? line.slice(0, -'em a'.length) : [line, ...trace.slice(0, 1 + frames), ''].join('\n');
    const start = record('the log begins') + problem('before');
    const place = tailPlace({ 'logs/jira.log': start });
    // The second log is read after the first.
    place.write('logs/second.log', record('it begins'));
    let program = await TailProgram.start(place, { settings: { 'flush-timeout': '1m' } });
    place.append('logs/jira.log', read);
    place.append('logs/second.log', problem('seen') + record('it ends'));
    await program.told('seen');
    // A checkpoint that knows what the second log told is behind what was read of the first.
    const state = () => readFileSync(place.at('state/state.json'), 'utf8');
    await program.until('a checkpoint is written', () => state().includes('"n":"seen"'));
    await program.kill();
    const killed = program.objects;
    place.append('logs/jira.log', whole.slice(read.length) + record('the end'));
    program = await TailProgram.start(place);
    await program.told('a');
    await program.stop();
    assert.equal(countsOf([...killed, ...program.objects]), onceEach(['before', 'seen', 'a']));
    assert.deepEqual(unflagged(killed, program.objects), []);
    const [evidence] = program.problems.get('a')!.evidence as [Incident['evidence'][0]];
    assert.deepEqual(
      { text: evidence.text, line: evidence.line, endLine: evidence.endLine, offset: evidence.offset },
      { text: whole.trimEnd(), line: 3, endLine: 6, offset: start.length },
    );
    assert.equal(program.problems.get('a')!.exception!.rootType, 'java.io.EOFException');
    assert.deepEqual(program.trouble, []);
  });
}

/** A state that was written, by what became of it, and what is said of it. */
const UNUSABLE: readonly (readonly [string, (state: string) => string, RegExp])[] = [
  ['torn', (state) => state.slice(0, state.length / 2), /is torn/],
  ['torn in its first line', (state) => state.slice(0, 20), /is torn/],
  ['changed in one place', (state) => state.replace('"count":1', '"count":7'), /is torn: its checksum does not fit/],
  ['empty', () => '', /is empty/],
  ['full of NULs', (state) => '\0'.repeat(state.length), /is torn, or no state of logscan/],
  ['of an older version', (state) => state.replace('logscan.state/1', 'logscan.state/0'), /is of another version/],
  [
    'of another machine',
    (state) => state.replace(/"machine":"\w+"/, '"machine":"0123456789abcdef"'),
    /another machine/,
  ],
];

for (const [what, change, message] of UNUSABLE) {
  const skip = what.endsWith('machine') && !existsSync('/etc/machine-id') && 'this machine has no id';
  test(`20: a checkpoint that is ${what} is put aside, loudly, and what is told again is flagged`, {
    skip,
  }, async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') });
    const first = await toldInside(place, stopAt('b'));
    const state = readFileSync(place.at('state/state.json'), 'utf8');
    const changed = change(state);
    assert.notEqual(changed, state);
    place.write('state/state.json', changed);
    place.append('logs/jira.log', problem('c'));
    const problems: Problem[] = [];
    const diagnostics = { problem: (problem: Problem) => problems.push(problem) };
    const second = await toldInside(place, stopAt('c'), { diagnostics });
    assert.equal(readFileSync(place.at('state/state.json.bad'), 'utf8'), changed);
    assert.equal(countsOf(second), onceEach(['a', 'b', 'c']));
    assert.deepEqual(unflagged(first, second), []);
    const told = second.filter((object): object is ProblemObject => object.kind === 'problem');
    assert.deepEqual(
      told.map(({ kind, ...problem }) => problem),
      problems,
    );
    assert.deepEqual(
      told.map(({ code }) => code),
      ['state-unusable'],
    );
    assert.match(told[0]!.message, message);
    assert.match(told[0]!.message, /state\.json.*kept as state\.json\.bad/);
    assert.match(told[0]!.remedy, /--from start/);
    // It is as good as new afterwards.
    place.append('logs/jira.log', problem('d'));
    const third = await toldInside(place, stopAt('d'));
    assert.equal(countsOf([...second, ...third]), onceEach(['a', 'b', 'c', 'd']));
    assert.deepEqual(
      third.filter(({ kind }) => kind === 'problem'),
      [],
    );
  });
}

test('20: without a usable checkpoint logs are begun where unknown ones are, at their ends', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  let program = await TailProgram.start(place);
  await program.told('a');
  await program.stop();
  place.write('state/state.json', '');
  program = await TailProgram.start(place, { from: 'end' });
  place.append('logs/jira.log', problem('b') + record('the end'));
  await program.told('b');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['b']));
  assert.match(program.stderr, /^logscan: .*state\.json: is empty; it is kept as state\.json\.bad\. Nothing is known/m);
  assert.deepEqual(
    program.trouble.map(({ code }) => code),
    ['state-unusable'],
  );
});
