/**
 * `npm run soak`: a writer at full speed for a minute, then thousands of random walks of fault 50. Another seed each time; it is
 * printed, and taken from the arguments.
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { differences, load } from './load.js';
import { randomWalks } from './walk.js';

const WALKS = 5000;
const USAGE = 'npm run soak [-- WALKS [SEED [PATH]]]';

const [walks = WALKS, seed = Date.now() % 1_000_000_000, path] = process.argv.slice(2);
if (![walks, seed].every((value) => Number.isInteger(Number(value)))) throw new Error(`expected ${USAGE}`);
/** Of one process that writes; without a bound it fills any disk before a minute is over. */
const RECORDS_PER_SECOND = 10_000;
for (const style of ['log4j-min', 'rename'] as const) {
  const loaded = await load({
    style,
    seconds: 60,
    rotateEvery: 1000,
    killEvery: 4000,
    seed: Number(seed),
    rate: RECORDS_PER_SECOND,
  });
  const { ledger, kills, caughtUp } = loaded;
  console.log(
    `${style}: ${ledger.records} records, ${Math.round(ledger.bytes / 1e6)} MB, ${ledger.rotations} rotations, ${kills} kills; all was told ${Math.round(caughtUp)} s after the end`,
  );
  assert.deepEqual([differences(loaded), loaded.twice, loaded.problems], [[], [], []]);
}

console.log(`${walks} random walks, seed ${seed}`);
const started = Date.now();
await randomWalks({
  walks: Number(walks),
  seed: Number(seed),
  lanes: 4 * availableParallelism(),
  ...(path === undefined ? {} : { path }),
});
console.log(`nothing lost, nothing twice, in ${Math.round((Date.now() - started) / 1000)} s`);
