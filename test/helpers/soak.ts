/** `npm run soak`: thousands of random walks of fault 50. Another seed each time; it is printed, and taken from the arguments. */
import { availableParallelism } from 'node:os';
import { randomWalks } from './walk.js';

const WALKS = 5000;
const USAGE = 'npm run soak [-- WALKS [SEED [PATH]]]';

const [walks = WALKS, seed = Date.now() % 1_000_000_000, path] = process.argv.slice(2);
if (![walks, seed].every((value) => Number.isInteger(Number(value)))) throw new Error(`expected ${USAGE}`);
console.log(`${walks} random walks, seed ${seed}`);
const started = Date.now();
await randomWalks({
  walks: Number(walks),
  seed: Number(seed),
  lanes: 4 * availableParallelism(),
  ...(path === undefined ? {} : { path }),
});
console.log(`nothing lost, nothing twice, in ${Math.round((Date.now() - started) / 1000)} s`);
