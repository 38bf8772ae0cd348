import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currentText, generatedFiles } from './helpers/generated.js';

for (const [path, text] of generatedFiles()) {
  test(`${path} is what the code says; npm run schemas writes it anew`, () => assert.equal(currentText(path), text));
}
