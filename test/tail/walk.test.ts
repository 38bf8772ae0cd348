import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { randomWalks } from '../helpers/walk.js';

/* Fault 50: everything at random. `npm run soak` goes further. */

const WALKS_IN_CI = 200;
const SEED = 20_261_124;

test('50: a random walk of writes, rotations, truncations, kills and restarts loses nothing and counts nothing twice', async () => {
  const walks = Number(process.env.LOGSCAN_TEST_WALKS ?? WALKS_IN_CI);
  await randomWalks({ walks, seed: SEED, lanes: 4 * availableParallelism() });
});
