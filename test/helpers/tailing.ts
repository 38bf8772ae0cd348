/** A tail inside the process of a test: it can be left at any object as if it were killed there, and may have another world. */
import assert from 'node:assert/strict';
import { loadRules, type RulePack, type Tailing, type TailOptions, tail } from '../../src/index.js';
import type { ReportObject } from '../../src/model/report.js';
import type { TailPlace } from './tail.js';

/** A test that waits longer than this fails. */
const PATIENCE = 20_000; // milliseconds

let packs: readonly RulePack[] | null = null;

/** A tail of the folder `logs` with the rule for problems; waits are short. */
export async function tailInside(place: TailPlace, options: Partial<TailOptions> = {}): Promise<Tailing> {
  packs ??= (await loadRules([place.at('acme')])).filter(({ name }) => name === 'acme');
  return tail([place.at('logs')], {
    packs,
    state: place.at('state'),
    from: 'start',
    asOf: '2026-11-24',
    poll: 5,
    flushTimeout: 20,
    rotateWait: 50,
    checkpoint: 1,
    ...options,
  });
}

/** What is to become of a run: it is left as if it were killed, or ends orderly; null if it goes on. */
export type End = 'killed' | 'stopped' | null;

/**
 * Runs it, and returns what it told.
 * @param endOf asked with every object, with all that was told so far
 */
export async function toldInside(
  place: TailPlace,
  endOf: (told: readonly ReportObject[], object: ReportObject) => End | Promise<End>,
  options: Partial<TailOptions> = {},
): Promise<ReportObject[]> {
  const tailing = await tailInside(place, options);
  const told: ReportObject[] = [];
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    tailing.stop();
  }, PATIENCE);
  try {
    for await (const object of tailing) {
      told.push(object);
      const end = await endOf(told, object);
      if (end === 'killed') break;
      if (end === 'stopped') tailing.stop();
    }
  } finally {
    clearTimeout(timer);
  }
  assert.ok(!isLate, `it was waited for in vain; told: ${told.map((object) => JSON.stringify(object).slice(0, 200))}`);
  return told;
}
