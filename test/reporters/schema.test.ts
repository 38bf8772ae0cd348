import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import type { ReportObject } from '../../src/model/report.js';
import { incidentJsonSchema } from '../../src/reporters/schema.js';
import { evidence, incident, notice, report, unknown } from '../helpers/reports.js';

const schema = incidentJsonSchema() as AnySchemaObject;
const validate = new Ajv2020({ allErrors: true }).compile(schema);
const { run, summary } = report();
const problem = {
  kind: 'problem',
  code: 'input-truncated',
  origin: 'a.log',
  message: 'ends early',
  remedy: 'copy it again',
} as const;

function isValid(object: unknown): boolean {
  return validate(object) === true;
}

const OBJECTS: readonly (readonly [string, ReportObject])[] = [
  ['a run', run],
  ['an incident', incident({ evidence: [evidence({ context: { before: ['a'], after: [] } })] })],
  ['a notice', notice()],
  ['an unknown error', unknown()],
  ['a fact', { kind: 'fact', key: 'plugin:com.example.app', value: '4.2', origin: 'jira.log', line: 12, node: null }],
  ['a problem', problem],
  ['a summary', summary],
  [
    'a summary without counts and times',
    { ...summary, unknown: null, firstAt: null, lastAt: null, coverage: { ...summary.coverage, records: null } },
  ],
];

for (const [name, object] of OBJECTS) {
  test(`${name} is valid`, () => {
    assert.ok(isValid(object), JSON.stringify(validate.errors));
  });
}

test('fields that a reader does not know are allowed at every depth', () => {
  const object = {
    ...incident(),
    novel: 1,
    rule: { ...incident().rule, novel: 1 },
    evidence: [{ ...evidence(), novel: 1 }],
  };
  assert.ok(isValid(object), JSON.stringify(validate.errors));
});

test('what is not complete is not valid', () => {
  for (const [name, object] of OBJECTS) {
    for (const field of Object.keys(object)) {
      const { [field as keyof ReportObject]: _, ...rest } = object;
      assert.ok(!isValid(rest), `${name} without ${field}`);
    }
  }
});

test('what has a wrong value is not valid', () => {
  assert.ok(!isValid({ ...incident(), severity: 'urgent' }));
  assert.ok(!isValid({ ...incident(), rule: null }));
  assert.ok(!isValid({ ...unknown(), rule: incident().rule }));
  assert.ok(!isValid({ ...incident(), count: -1 }));
  assert.ok(!isValid({ ...run, kind: 'walk' }));
});

test('the schema names itself, its draft and one alternative a kind', () => {
  assert.equal(schema.$schema, 'https://json-schema.org/draft/2020-12/schema');
  assert.equal(schema.$id, 'https://logscan.dev/schema/incident-1.json');
  assert.deepEqual(
    schema.oneOf.map((one: { $ref: string }) => one.$ref),
    ['run', 'fact', 'incident', 'notice', 'unknown', 'hole', 'problem', 'summary'].map((kind) => `#/$defs/${kind}`),
  );
});
