/** Full of texts that are almost literals, and without literals: a filter by parts of literals is hit often, for nothing. */
import { toFaults } from '../faults.js';
import type { Material } from '../material.js';
import type { Scene } from '../scene.js';
import { type LogEntry, shared, type Writer } from './kind.js';
import { backgroundLine, failure, requestLine } from './records.js';

export function nearMiss(scene: Scene, { almost }: Material): Writer {
  const { random } = scene;
  const faults = toFaults(random);
  const logger = 'c.example.search.words.WordIndex';
  const pieces = () => Array.from({ length: random.between(1, 3) }, () => `'${random.pick(almost)}'`).join(', ');
  const single = (): LogEntry => ({
    text: `${scene.request('INFO', logger)}Words of ${scene.issue()}: ${pieces()}\n`,
    isError: false,
  });
  const several = (): LogEntry => {
    const rows = Array.from({ length: random.between(2, 6) }, () => `    ${scene.issue()}: ${pieces()}\n`).join('');
    return { text: `${scene.background('INFO', logger)}Words that nobody looked for\n${rows}`, isError: false };
  };
  return shared(random, [
    { share: 550, write: single },
    { share: 150, write: several },
    { share: 150, write: () => requestLine(scene) },
    { share: 130, write: () => backgroundLine(scene) },
    { share: 20, write: () => failure(scene, random.pickSkewed(faults)) },
  ]);
}
