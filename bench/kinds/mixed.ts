/**
 * A Jira log as a container writes it: what other products print stands between the records, and belongs to the record
 * before it, as no layout of a Jira log begins with such a line. Its head is a plain Jira log.
 */
import { toFaults, traceOf } from '../faults.js';
import type { Material } from '../material.js';
import type { Scene } from '../scene.js';
import { FOREIGN_LINES } from './foreign.js';
import { type LogEntry, shared, type Writer } from './kind.js';
import { missedLine } from './misses.js';
import { normal } from './normal.js';
import { azureLine, backgroundLine, failure, listing, requestLine } from './records.js';

const HEAD = 200_000; // characters

export function mixed(scene: Scene, material: Material): Writer {
  const { random } = scene;
  const head = normal(scene, material);
  const faults = toFaults(random);
  const followed = (): LogEntry => {
    const { text, isError } = random.chance(0.5) ? requestLine(scene) : backgroundLine(scene);
    const writeLine = random.pick(FOREIGN_LINES); // others come in runs of one kind
    const lines = Array.from({ length: random.between(1, 9) }, () => `${writeLine(scene)}\n`).join('');
    return { text: text + lines, isError };
  };
  const traced = (): LogEntry => {
    const { text, isError } = backgroundLine(scene);
    return { text: text + traceOf(random.pickSkewed(faults), scene), isError };
  };
  const rest = shared(random, [
    { share: 310, write: () => requestLine(scene) },
    { share: 177, write: () => backgroundLine(scene) },
    { share: 10, write: () => azureLine(scene) },
    { share: 3, write: () => missedLine(scene, random.pick(material.padding)) },
    { share: 320, write: followed },
    { share: 110, write: () => confluenceLine(scene) },
    { share: 30, write: () => listing(scene) },
    { share: 10, write: traced },
    { share: 30, write: () => failure(scene, random.pickSkewed(faults)) },
  ]);
  let written = 0;
  return (progress) => {
    const entry = (written < HEAD ? head : rest)(progress);
    written += entry.text.length;
    return entry;
  };
}

/** A record of its own: old versions of Jira write this layout too. */
function confluenceLine(scene: Scene): LogEntry {
  const { random } = scene;
  const level = random.pick(['INFO', 'INFO', 'WARN', 'DEBUG']);
  const logger = random.pick(CONFLUENCE_LOGGERS);
  const text = `${scene.stamp()} ${level} [http-nio-8090-exec-${random.between(1, 99)}] [${logger}] ${random.pick(['call', 'render', 'flush'])} page ${random.between(1, 90_000)} of ${scene.project()} took ${random.between(1, 900)} ms\n -- url: /display/${scene.project()} | traceId: ${random.hex(16)} | userName: ${scene.user()}\n`;
  return { text, isError: false };
}

const CONFLUENCE_LOGGERS = [
  'confluence.search.lucene.tasks.IndexTask',
  'atlassian.confluence.event.manager',
  'confluence.impl.vcache.RequestCache',
  'confluence.content.render.xhtml.storage',
];
