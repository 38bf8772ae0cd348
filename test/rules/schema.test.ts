import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { RULES_FOLDER } from '../../src/rules/places.js';
import { ruleJsonSchema } from '../../src/rules/schema.js';
import { ruleText } from '../helpers/rules.js';

const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(ruleJsonSchema() as object);

/** What the schema says of a rule: the places at which it is wrong. */
function places(text: string): string[] {
  validate(parse(text));
  return [...new Set((validate.errors ?? []).map(({ instancePath }) => instancePath))];
}

const files = readdirSync(RULES_FOLDER, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.yaml') && !name.endsWith('_pack.yaml'),
);

test('there are rules', () => assert.ok(files.length > 0));

for (const file of files) {
  test(`the schema takes ${file}`, () =>
    assert.deepEqual(places(readFileSync(path.join(RULES_FOLDER, file), 'utf8')), []));
}

const BROKEN: readonly (readonly [name: string, keys: Record<string, unknown>, place: string])[] = [
  ['a missing key', { title: undefined }, ''],
  ['an unknown key', { severty: 'high' }, ''],
  ['an unknown word', { severity: 'hihg' }, '/severity'],
  ['a status that is none', { match: { http: { status: 99 } } }, '/match/http/status'],
  ['a path that begins with a word', { match: { http: { path: 'rest' } } }, '/match/http/path'],
  ['an unknown key deep inside', { match: { all: [{ any: [{ txt: 'a' }] }] } }, '/match/all/0/any/0'],
  ['a date', { checked: '24.11.2026' }, '/checked'],
  ['no solution', { solutions: [] }, '/solutions'],
  ['no example', { examples: { matches: [] } }, '/examples/matches'],
];

test('the schema takes a plain rule', () => assert.deepEqual(places(ruleText()), []));

for (const [name, keys, place] of BROKEN) {
  test(`the schema refuses ${name}`, () => {
    const found = places(ruleText(keys));
    assert.ok(found.includes(place), JSON.stringify(found));
  });
}
