import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Incident } from '../../src/model/incident.js';
import { packFiles, ruleFile } from '../helpers/cli.js';
import { closeHooks, hook } from '../helpers/hooks.js';
import { countsOf, onceEach, PROBLEM_RULE, problem, record, TailProgram, tailPlace } from '../helpers/tail.js';

/* Faults 14 to 16 of the list that a tail must survive: the last line, and the last record, that may still grow. */

afterEach(closeHooks);

/** Longer than any test takes: what is told then is told because it has ended. */
const PATIENT = { 'flush-timeout': '1m' };

/** A rule that wins over the problem that a record begins with. */
const CAUSE = {
  ...packFiles('acme', {
    problem: PROBLEM_RULE,
    cause: ruleFile('the disk is full').replace('severity:', 'supersedes: [acme/problem]\nseverity:'),
  }),
};

/** What happened to an incident, as `opened 1?, updated 1`: the count, and a mark while it may still change. */
function lifeOf(program: TailProgram, isIt: (incident: Incident) => boolean): string {
  return program.objects
    .filter((object): object is Incident => object.kind === 'incident' && isIt(object))
    .map(({ event, count, provisional }) => `${event} ${count}${provisional ? '?' : ''}`)
    .join(', ');
}

function lifeOfProblem(program: TailProgram, name: string): string {
  return lifeOf(program, ({ captures }) => captures.n === name);
}

/** The text of the last evidence of a problem. */
function textOf(program: TailProgram, name: string): string {
  return program.problems.get(name)!.evidence.at(-1)!.text;
}

/** Logs of which the second is read after the first: what it tells, the first was read before. */
function twoLogs(text: string | Uint8Array) {
  const place = tailPlace({ 'logs/jira.log': text, 'logs/second.log': record('the second log begins') });
  let seen = 0;
  return {
    ...place,
    /** Waits until what was written to the first log was read. */
    read: async (program: TailProgram) => {
      const name = `seen-${++seen}`;
      place.append('logs/second.log', problem(name) + record('and ends'));
      await program.told(name);
    },
    /** Without what it told for itself. */
    counts: (program: TailProgram) => countsOf(program.objects).replaceAll(/ ?seen-\d+:1/g, ''),
  };
}

test('14: a last line without its end is waited for, and joined with what comes', async () => {
  const place = twoLogs(problem('a'));
  const program = await TailProgram.start(place, { settings: PATIENT });
  const line = problem('in-pieces');
  for (let at = 0; at < line.length; at += 20) {
    place.append('logs/jira.log', line.slice(at, at + 20));
    await place.read(program);
    assert.equal(lifeOfProblem(program, 'in-pieces'), '');
  }
  place.append('logs/jira.log', record('the end'));
  await program.told('in-pieces');
  assert.equal(textOf(program, 'in-pieces'), line.trimEnd());
  assert.equal(await program.stop(), 143);
  assert.equal(place.counts(program), onceEach(['a', 'in-pieces']));
  assert.equal(lifeOfProblem(program, 'in-pieces'), 'opened 1');
  const { line: number, offset } = program.problems.get('in-pieces')!.evidence[0]!;
  assert.deepEqual({ number, offset }, { number: 2, offset: problem('a').length });
  assert.deepEqual(program.trouble, []);
});

test('14: a character, and the end of a line, that are cut in two are joined', async () => {
  const whole = Buffer.from(
    `${problem('a').trimEnd()} Zoë 𝄞\r\n\tat com.example.Zoë.run(Zoë.java:1)\r\n${record('the end').trimEnd()}\r\n`,
  );
  // Behind each byte that is not ASCII, and on both sides of CR and LF.
  const cuts = [...whole.keys()].filter((at) => whole[at]! > 127 || [13, 10].includes(whole[at - 1] ?? 0));
  assert.equal(cuts.length, 15);
  const place = twoLogs(record('the log begins'));
  const program = await TailProgram.start(place, { settings: PATIENT });
  for (const [index, at] of cuts.entries()) {
    place.append('logs/jira.log', whole.subarray(cuts[index - 1] ?? 0, at));
    await place.read(program);
  }
  place.append('logs/jira.log', whole.subarray(cuts.at(-1)!));
  await program.told('a');
  await program.stop();
  assert.equal(textOf(program, 'a'), whole.toString('utf8').split(/\r\n/).slice(0, 2).join('\n'));
  const [{ line, endLine, offset }] = program.problems.get('a')!.evidence as [Incident['evidence'][0]];
  assert.deepEqual({ line, endLine, offset }, { line: 2, endLine: 3, offset: record('the log begins').length });
  assert.equal(place.counts(program), onceEach(['a']));
  assert.deepEqual(program.trouble, []);
});

test('14: half a line that was told of is withdrawn when the whole line says something else', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b').trimEnd() });
  const program = await TailProgram.start(place);
  await program.told('a', 'b');
  const { id } = program.problems.get('b')!;
  place.append('logs/jira.log', 'c\n');
  await program.told('bc');
  assert.equal(lifeOfProblem(program, 'b'), 'opened 1?, withdrawn 0');
  assert.deepEqual(
    program.objects.flatMap((object) => (object.kind === 'incident' && object.id === id ? [object.revision] : [])),
    [1, 2],
  );
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'bc']));
  assert.deepEqual(program.trouble, []);
});

test('15: a last line that never gets its end is told of as provisional', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') + problem('last').trimEnd() });
  const program = await TailProgram.start(place);
  await program.told('last');
  assert.equal(lifeOfProblem(program, 'a'), 'opened 1', 'the line behind it has ended it');
  assert.equal(lifeOfProblem(program, 'last'), 'opened 1?');
  assert.equal(await program.stop(), 143);
  assert.equal(lifeOfProblem(program, 'last'), 'opened 1?', 'it was told already');
  assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'last']));
  assert.deepEqual(program.trouble, []);
});

test('15: an orderly stop does not wait for the time-out', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b') + problem('last').trimEnd() });
  const program = await TailProgram.start(place, { settings: PATIENT });
  await program.told('a');
  await program.stop();
  assert.equal(lifeOfProblem(program, 'last'), 'opened 1?');
  assert.deepEqual(program.trouble, []);
});

test('16: a trace that still grows when it is told of is one incident, which is updated', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  const grown = async (text: string) => {
    const before = lifeOfProblem(program, 'a');
    place.append('logs/jira.log', text);
    await program.until('it is told of again', () => lifeOfProblem(program, 'a') !== before);
  };
  const first = 'java.lang.IllegalStateException: no\n\tat com.example.A.a(A.java:1)\n';
  const second = 'Caused by: java.io.IOException: disk\n\tat com.example.B.b(B.java:2)\n';
  await grown(first);
  assert.equal(program.problems.get('a')!.exception!.rootType, 'java.lang.IllegalStateException');
  await grown(second);
  assert.match(textOf(program, 'a'), /B\.java:2/);
  await grown(record('the end'));
  assert.equal(lifeOfProblem(program, 'a'), 'opened 1?, updated 1?, updated 1?, updated 1');
  const told = program.problems.get('a')!;
  assert.equal(told.exception!.rootType, 'java.io.IOException');
  assert.equal(told.evidence[0]!.endLine, 5);
  assert.equal(told.revision, 4);
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a']));
  assert.deepEqual(program.trouble, []);
});

test('16: when the rest of a trace makes another rule win, the first incident is withdrawn', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a'), ...CAUSE });
  const program = await TailProgram.start(place, { args: ['--only', 'acme/cause'] });
  await program.told('a');
  place.append('logs/jira.log', 'java.io.IOException: the disk is full\n\tat com.example.A.a(A.java:1)\n');
  const isCause = ({ rule }: Incident) => rule.id === 'acme/cause';
  await program.until('the cause is told', () => lifeOf(program, isCause) !== '');
  assert.equal(lifeOfProblem(program, 'a'), 'opened 1?, withdrawn 0');
  place.append('logs/jira.log', record('the end'));
  await program.until('it is told that it has ended', () => lifeOf(program, isCause).endsWith('updated 1'));
  await program.stop();
  assert.equal(lifeOf(program, isCause), 'opened 1?, updated 1');
  assert.equal(lifeOfProblem(program, 'a'), 'opened 1?, withdrawn 0');
  assert.deepEqual(program.trouble, []);
});

test('16: only the last record is taken back, and what was counted before stays', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a').repeat(9) + problem('a'), ...CAUSE });
  const program = await TailProgram.start(place, { args: ['--only', 'acme/cause'] });
  await program.until('ten are told', () => program.problems.get('a')?.count === 10);
  place.append('logs/jira.log', 'java.io.IOException: the disk is full\n');
  await program.until('one is taken back', () => program.problems.get('a')?.count === 9);
  assert.equal(lifeOfProblem(program, 'a'), 'opened 1, updated 10?, withdrawn 9');
  assert.equal(program.problems.get('a')!.episodeCount, 9);
  place.append('logs/jira.log', problem('a') + record('the end'));
  await program.until('ten are told', () => program.problems.get('a')?.count === 10);
  await program.stop();
  assert.equal(countsOf(program.objects.filter(({ kind }) => kind !== 'problem')), 'a:10 undefined:1');
  assert.deepEqual(program.trouble, []);
});

test('14: a webhook is not told of what may still change', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b').trimEnd() });
  const server = await hook();
  const program = await TailProgram.start(place, { args: ['--webhook', `http://127.0.0.1:${server.port}/`] });
  await program.told('a', 'b');
  place.append('logs/jira.log', 'c\n');
  await program.told('bc');
  place.append('logs/jira.log', record('the end'));
  await program.until('the whole line was sent', () => JSON.stringify(server.seen).includes('problem bc'));
  await program.stop();
  const sent = server.seen.map(({ body }) => JSON.parse(body).data as Incident);
  assert.deepEqual(sent.map(({ captures, event, provisional }) => `${captures.n} ${event} ${provisional}`).sort(), [
    'a updated false',
    'bc updated false',
  ]);
});
