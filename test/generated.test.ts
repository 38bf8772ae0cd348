import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentText, generatedFiles, stalePagesOfRules } from './helpers/generated.js';

for (const [path, text] of await generatedFiles()) {
  test(`${path} is what the code says; npm run generated writes it anew`, () => assert.equal(currentText(path), text));
}

test('the pages in docs/rules are what the rules say; npm run generated writes them anew', async () => {
  assert.deepEqual(await stalePagesOfRules(), []);
});
