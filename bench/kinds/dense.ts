/** Every record holds a literal of a rule, so no filter can pass over any. */
import { toFaults, traceOf } from '../faults.js';
import type { Material } from '../material.js';
import type { Scene } from '../scene.js';
import { type LogEntry, shared, type Writer } from './kind.js';
import { missedLine, shippedLine } from './misses.js';

const SHORT_TRACE = { low: 8, high: 24 }; // lines

export function dense(scene: Scene, { padding, shippedMisses }: Material): Writer {
  const { random } = scene;
  const faults = toFaults(random, SHORT_TRACE);
  const misses = [
    ...padding.map((rule) => (level: string) => missedLine(scene, rule, level)),
    ...shippedMisses.map((miss) => (level: string) => shippedLine(scene, miss, level)),
  ];
  const traced = (level: string): LogEntry => {
    const { text, isError } = random.pick(misses)(level);
    return { text: `${text}${traceOf(random.pickSkewed(faults), scene)}`, isError };
  };
  return shared(random, [
    { share: 870, write: () => random.pick(misses)(random.pick(['DEBUG', 'INFO', 'WARN', 'WARN'])) },
    { share: 100, write: () => traced('WARN') },
    { share: 30, write: () => traced('ERROR') },
  ]);
}
