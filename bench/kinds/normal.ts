/** A busy server without known problems. */
import { toFaults } from '../faults.js';
import type { Material } from '../material.js';
import type { Scene } from '../scene.js';
import { shared, type Writer } from './kind.js';
import { missedLine } from './misses.js';
import { azureLine, backgroundLine, failure, foreignLine, indexerLine, listing, requestLine } from './records.js';

export function normal(scene: Scene, { padding }: Material): Writer {
  const faults = toFaults(scene.random);
  return shared(scene.random, [
    { share: 557, write: () => requestLine(scene) },
    { share: 335, write: () => backgroundLine(scene) },
    { share: 45, write: () => indexerLine(scene) },
    { share: 5, write: () => azureLine(scene) },
    { share: 15, write: () => listing(scene) },
    { share: 10, write: () => foreignLine(scene) },
    { share: 3, write: () => missedLine(scene, scene.random.pick(padding)) },
    { share: 30, write: () => failure(scene, scene.random.pickSkewed(faults)) },
  ]);
}
