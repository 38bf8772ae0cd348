/**
 * A process that puts events into a queue and delivers some, until it is killed. What it prints has happened for good:
 * `put inc_1 7`, `done inc_1 7`.
 */
import { EventQueue } from '../../src/sinks/queue.js';
import { event } from './hooks.js';

const [path, first] = process.argv.slice(2);
const queue = await EventQueue.open(path!, { onProblem: (problem) => console.log(`problem ${problem.message}`) });
const text = 'x'.repeat(40_000); // so that the journal is soon written anew
const say = (line: string) => process.stdout.write(`${line}\n`);

for (let revision = Number(first); ; revision++) {
  const ids = Array.from({ length: 5 }, (_, index) => `inc_${index}`);
  const puts = ids.map(async (id) => {
    await queue.put(event(id, revision, { cause: text }));
    say(`put ${id} ${revision}`);
  });
  await Promise.all(puts);
  const id = ids[revision % 4]!; // the last one is never delivered
  await queue.done(await queue.read(id));
  say(`done ${id} ${revision}`);
}
