import assert from 'node:assert/strict';
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import { countsOf, onceEach, problem, TailProgram, tailPlace } from '../helpers/tail.js';

/* Faults 1 to 7 and 17 of the list that a tail must survive: rotation in all its forms. */

test('1: after a rotation the writer keeps the old file for a while: it is read first, then the new one', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  const writer = openSync(place.log, 'a');
  renameSync(place.log, `${place.log}.1`);
  place.write('logs/jira.log', problem('in-the-new-one'));
  writeSync(writer, problem('late-in-the-old-one'));
  await program.told('late-in-the-old-one');
  assert.ok(!program.problems.has('in-the-new-one'), 'old before new');
  closeSync(writer);
  await program.told('in-the-new-one');
  assert.equal(await program.stop(), 143);
  assert.equal(countsOf(program.objects), onceEach(['a', 'late-in-the-old-one', 'in-the-new-one']));
  assert.deepEqual(program.trouble, []);
});

test('2: a rotation between two looks', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place, { settings: { poll: '1s' } });
  await program.told('a');
  place.append('logs/jira.log', problem('b'));
  renameSync(place.log, `${place.log}.1`);
  place.write('logs/jira.log', problem('c'));
  await program.told('b', 'c');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c']));
  assert.deepEqual(program.trouble, []);
});

test('3: two rotations between two looks: what lies between is found among the backups', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place, { settings: { poll: '1s' } });
  await program.told('a');
  for (const name of ['b', 'c']) {
    try {
      renameSync(`${place.log}.1`, `${place.log}.2`);
    } catch {
      // there is none yet
    }
    place.append('logs/jira.log', problem(`end-before-${name}`));
    renameSync(place.log, `${place.log}.1`);
    place.write('logs/jira.log', problem(name));
  }
  await program.told('b', 'c', 'end-before-b', 'end-before-c');
  await program.stop();
  assert.equal(countsOf(program.objects), onceEach(['a', 'b', 'c', 'end-before-b', 'end-before-c']));
  assert.deepEqual(program.trouble, []);
});
