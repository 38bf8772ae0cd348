import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Incident } from '../../src/model/incident.js';
import { summaryOf } from '../helpers/following.js';
import { countsOf, onceEach, PROBLEM_RULE, problem, record, TailProgram, tailPlace } from '../helpers/tail.js';

/* Faults 46 and 48 of the list that a tail must survive: signals, and two tails with one state. */

const MANY = 12_000;

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`46: ${signal} in the middle of a backlog: it stops with status ${status}, and the next run goes on there`, async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') + problem('b').repeat(MANY) + problem('c') });
    const args = ['--no-filter'];
    let program = await TailProgram.start(place, { args });
    assert.equal(await program.stop(signal), status);
    const told = [...program.objects];
    const { records } = summaryOf(told).coverage;
    assert.ok(records! < MANY, 'it was in the middle');
    assert.ok((program.problems.get('b')?.count ?? 0) >= records! - 1, 'what was read is told');
    program = await TailProgram.start(place, { args });
    await program.told('c');
    await program.stop();
    told.push(...program.objects);
    assert.equal(countsOf(told), `a:1 b:${MANY} c:1`);
    assert.ok(told.every((object) => object.kind !== 'incident' || !object.duplicatePossible));
    assert.deepEqual(program.trouble, []);
  });
}

const HOT = PROBLEM_RULE.replace('problem (?<n>', 'trouble (?<n>');

describe('46: HUP reads rules and settings again', () => {
  test('a broken rule: the old ones stay, and that is said; mended, it holds', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    place.write('acme/problem.yaml', HOT.replace('severity: high', 'severity: hgh'));
    program.signal('SIGHUP');
    await program.until('it is refused', () => program.stderr.includes('Mend them'));
    assert.match(program.stderr, /acme\/problem\.yaml:2:\d+: .*hgh/);
    assert.match(program.stderr, /The rules and settings of before stay\. Mend them, and send HUP again\.\n/);
    place.append('logs/jira.log', problem('b') + record('all is well'));
    await program.told('b');
    place.write('acme/problem.yaml', HOT);
    program.signal('SIGHUP');
    await program.until('it is read', () => program.stderr.includes('were read again: 1 rule\n'));
    place.append('logs/jira.log', problem('c') + record('trouble d') + problem('e') + record('trouble f'));
    await program.told('d', 'f');
    assert.equal(await program.stop(), 143);
    assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'd', 'f']));
    assert.deepEqual(program.trouble, []);
  });

  test('what was counted is counted on, and a record that waits for its end is not told of anew', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a').repeat(8) + problem('open') });
    const program = await TailProgram.start(place);
    await program.told('a', 'open');
    place.write('acme/problem.yaml', PROBLEM_RULE.replace('severity: high', 'severity: critical'));
    program.signal('SIGHUP');
    await program.until('it is read', () => program.stderr.includes('were read again'));
    place.append('logs/jira.log', problem('a').repeat(2) + record('all is well'));
    await program.until('the tenth is told', () => program.problems.get('a')?.count === 10);
    assert.equal(await program.stop(), 143);
    assert.equal(countsOf(program.objects), 'a:10 open:1');
    const incidents = program.objects.filter((object): object is Incident => object.kind === 'incident');
    const of = (name: string) => incidents.filter(({ captures }) => captures.n === name);
    assert.deepEqual(
      of('a').map(({ event, revision, count, severity }) => [event, revision, count, severity]),
      [
        ['opened', 1, 1, 'high'],
        ['updated', 2, 10, 'critical'],
      ],
    );
    assert.deepEqual(
      of('open').map(({ event, revision }) => [event, revision]),
      of('open').map((_, index) => [index === 0 ? 'opened' : 'updated', index + 1]),
    );
    assert.equal(of('open').at(-1)!.provisional, false);
    assert.ok(incidents.every(({ duplicatePossible }) => !duplicatePossible));
  });

  test('broken settings, or none: those of before stay; good ones hold; some only from the next start on', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    const refusals = () => program.stderr.split('The rules and settings of before stay').length - 1;
    place.write('tail.yaml', 'tail:\n  poll: soon\n');
    program.signal('SIGHUP');
    await program.until('it is refused', () => refusals() === 1);
    assert.match(program.stderr, /tail\.yaml:2:\d+: .*soon/);
    rmSync(place.at('tail.yaml'));
    program.signal('SIGHUP');
    await program.until('it is refused', () => refusals() === 2);
    assert.match(program.stderr, /tail\.yaml/);
    place.write('tail.yaml', 'tail:\n  flush-timeout: 100ms\n  open-files: 7\n');
    program.signal('SIGHUP');
    await program.until('it is read', () => program.stderr.includes('were read again'));
    assert.match(program.stderr, /logscan: open-files: changed, which holds from the next start on\n/);
    place.append('logs/jira.log', problem('b'));
    await program.told('b');
    assert.equal(await program.stop(), 143);
    assert.equal(countsOf(program.objects), onceEach(['a', 'b']));
  });

  test('rules that are gone', async () => {
    const place = tailPlace({ 'logs/jira.log': problem('a') });
    const program = await TailProgram.start(place);
    await program.told('a');
    rmSync(place.at('acme'), { recursive: true });
    program.signal('SIGHUP');
    await program.until('it is refused', () => program.stderr.includes('of before stay'));
    place.append('logs/jira.log', problem('b'));
    await program.told('b');
    assert.equal(await program.stop(), 143);
  });
});

test('USR1 opens no port for a debugger, and USR2 prints how each log is doing', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  program.signal('SIGUSR1');
  program.signal('SIGUSR2');
  await program.until('it is shown', () => /^ {2}logs\/jira\.log/m.test(program.stderr));
  assert.match(program.stderr, /^logscan: 1 log · 1 open file · /m);
  place.append('logs/jira.log', problem('b'));
  await program.told('b');
  assert.equal(await program.stop(), 143);
  assert.doesNotMatch(program.stderr, /[Dd]ebugger/);
});

test('48: a second tail with the same state ends with status 2 and names the first; a lock of one that was killed does not hold', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const first = await TailProgram.start(place);
  await first.told('a');
  const second = TailProgram.begin(place);
  assert.equal(await second.end(), 2);
  assert.match(
    second.stderr,
    new RegExp(
      `^logscan: --state: .*state is in use by logscan, process ${first.child.pid}; stop it, or choose another --state\n`,
    ),
  );
  assert.equal(second.stdout, '', 'it tells nothing');
  place.append('logs/jira.log', problem('b'));
  await first.told('b');
  await first.kill();
  const third = await TailProgram.start(place);
  place.append('logs/jira.log', problem('c'));
  await third.told('c');
  assert.equal(await third.stop(), 143);
  assert.equal(countsOf([...first.objects, ...third.objects]), onceEach(['a', 'b', 'c']));
  assert.deepEqual(
    readdirSync(place.at('state')).filter((name) => name.startsWith('lock')),
    [],
    'it is given back',
  );
});
