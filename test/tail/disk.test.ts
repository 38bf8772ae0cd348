import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { after, test } from 'node:test';
import type { ReportObject } from '../../src/model/report.js';
import {
  countsOf,
  objectsIn,
  onceEach,
  problem,
  problemsOf,
  record,
  type TailPlace,
  TailProgram,
  tailPlace,
  toldTwice,
} from '../helpers/tail.js';
import { tailInside, toldInside } from '../helpers/tailing.js';

/* Faults 21 and 22 of the list that a tail must survive: the disk is full, or nobody reads what it prints. */

const FULL = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

/** A disk for the state that may be full, and a clock that a test moves on. */
function world() {
  const of = {
    isFull: false,
    /** Calls that the disk refused. */
    refused: 0,
    /** Milliseconds that the test has let pass. */
    passed: 0,
    stateFiles: {
      open: ((...args: Parameters<typeof fs.open>) => {
        if (!of.isFull || args[1] === 'r') return fs.open(...args);
        of.refused++;
        return Promise.reject(FULL);
      }) as typeof fs.open,
      rename: fs.rename,
    },
    clock: () => performance.now() + of.passed,
  };
  return of;
}

function codesOf(objects: readonly ReportObject[]): string[] {
  return objects.flatMap((object) => (object.kind === 'problem' ? [object.code] : []));
}

test('21: with a full disk for the checkpoint it goes on, says so once, and tries again', async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') + record('between') });
  const disk = world();
  const notes: string[] = [];
  const tailing = await tailInside(place, { world: disk, diagnostics: { note: (message) => notes.push(message) } });
  const told: ReportObject[] = [];
  const steps: Record<string, () => void> = {
    a: () => {
      disk.isFull = true;
      disk.passed += 5000;
      place.append('logs/jira.log', problem('b') + record('between'));
    },
    b: () => {
      assert.match(tailing.status().checkpointTrouble!, /no space left/);
      place.append('logs/jira.log', problem('c') + record('between'));
    },
    c: () => {
      assert.equal(disk.refused, 1, 'it is not tried again at once');
      disk.passed += 5000;
      place.append('logs/jira.log', problem('d') + record('between'));
    },
    d: () => {
      assert.ok(tailing.status().checkpointAge! >= 5, 'the age is that of the last one that was written');
      disk.passed += 5000;
      place.append('logs/jira.log', problem('e') + record('between'));
    },
    e: () => {
      assert.equal(disk.refused, 3);
      disk.isFull = false;
      disk.passed += 5000;
      place.append('logs/jira.log', problem('f') + record('between'));
    },
    f: () => place.append('logs/jira.log', problem('g') + record('between')),
    g: () => {
      assert.equal(tailing.status().checkpointTrouble, null);
      assert.ok(tailing.status().checkpointAge! < 5);
      tailing.stop();
    },
  };
  for await (const object of tailing) {
    told.push(object);
    if (object.kind === 'incident') steps[object.captures.n!]!();
  }
  assert.equal(countsOf(told), onceEach(['a', 'b', 'c', 'd', 'e', 'f', 'g']));
  assert.deepEqual(codesOf(told), ['state-not-written']);
  assert.deepEqual(
    notes.filter((note) => note.includes('state')),
    ['the state can be written again'],
  );
});
