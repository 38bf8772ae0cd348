import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { differences, load } from '../helpers/load.js';

/* `npm run soak` does the same for a minute. */
describe('a writer that rotates every second, while the tail is killed again and again', () => {
  for (const style of ['log4j-min', 'log4j-dated', 'rename'] as const) {
    test(`${style}: nothing is lost, and nothing stands in the file twice`, async () => {
      const loaded = await load({ style, seconds: 4, rotateEvery: 1000, killEvery: 1500, seed: 7, rate: 4000 });
      assert.deepEqual(differences(loaded), []);
      assert.deepEqual(loaded.twice, []);
      assert.deepEqual(loaded.problems, []);
      assert.ok(loaded.ledger.records > 1000 && loaded.ledger.rotations > 1 && loaded.kills > 0);
    });
  }
});
