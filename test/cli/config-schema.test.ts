import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { configJsonSchema } from '../../src/cli/config-schema.js';
import { SETTINGS, TAIL_SETTINGS } from '../../src/cli/settings.js';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

const validate = new Ajv2020({ strict: true, strictTypes: false, formats: { uri: true } }).compile(
  configJsonSchema() as object,
);
const EXAMPLE = readFileSync(new URL('../../../packaging/logscan.yaml', import.meta.url), 'utf8');

describe('what editors know of logscan.yaml', () => {
  test('is every setting, each with what it is for', () => {
    const { properties } = configJsonSchema() as Schema;
    const tail = properties!.tail!.anyOf!.find((one) => one.properties)!.properties!;
    assert.deepEqual(Object.keys(properties!), [...Object.keys(SETTINGS), 'tail']);
    assert.deepEqual(Object.keys(tail), Object.keys(TAIL_SETTINGS));
    for (const [name, { description }] of [...Object.entries(properties!), ...Object.entries(tail)])
      assert.match(description ?? '', /\w{4}/, name);
    assert.equal(tail.poll!.description, 'How often logs are looked at; 250ms if absent');
  });

  for (const [name, text] of [
    ['the example', EXAMPLE],
    ['one path or many', 'rules: own\ndisable: [gij/a]\n'],
    ['a number or a word', 'unknown: 3\ndetails: all\n'],
    ['a tail section of comments', 'tail:\n'],
    [
      'a webhook of either kind',
      'tail: { webhook: [https://a.example.com, { url: https://b.example.com, format: slack }] }',
    ],
    ['a port or an address', 'tail: { metrics: 9464 }'],
  ] as const) {
    test(`${name} is right`, () => assert.ok(validate(parse(text)), JSON.stringify(validate.errors)));
  }

  for (const [name, text] of [
    ['a key that there is not', 'min-severty: high\n'],
    ['a key of tail at the top', 'poll: 1s\n'],
    ['a word that there is not', 'redact: some\n'],
    ['no thread', 'jobs: 0\n'],
    ['a duration without its unit', 'tail: { poll: 250 }\n'],
    ['a duration of two parts', 'tail: { resolve-after: 1h 30m }\n'],
    ['a webhook without its address', 'tail: { webhook: { format: slack } }\n'],
  ] as const) {
    test(`${name} is wrong`, () => assert.equal(validate(parse(text)), false));
  }
});
