import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { loadRules, type ReportObject, type ScanOptions, scan } from '../src/index.js';
import { incidentJsonSchema } from '../src/reporters/schema.js';
import { GOLDEN_MARKDOWN, GOLDEN_SAMPLES, goldenPath, goldenText, markdownFor, outputFor } from './helpers/golden.js';
import { expectedOf, foundIn, ROOT, truths } from './helpers/truths.js';

process.chdir(ROOT); // the paths in the output are those of the samples from there

const TODAY = '2026-11-24';
const NEXT_MONTH = '2026-12-02'; // the remedy of the first case is another one from 2026-12-01
const PACKS = await loadRules();
const PACK_NAMES = PACKS.map(({ name }) => name);
const TRUTHS = truths();
const isValid = new Ajv2020({ allErrors: true }).compile(incidentJsonSchema() as AnySchemaObject);

async function objectsOf(sample: string, options: ScanOptions = {}): Promise<readonly ReportObject[]> {
  const objects: ReportObject[] = [];
  for await (const object of scan([sample], { packs: PACKS, unknown: 'all', asOf: TODAY, ...options })) {
    objects.push(object);
  }
  return objects;
}

/** The rule in whose folder a sample lies: `samples/layouts/gij/azure-devops-profile-401/x.log`. */
function ruleOf(sample: string): string {
  return sample.split('/').slice(2, 4).join('/');
}

function nameOf(sample: string): string {
  return sample.slice('samples/'.length);
}

/** Of each object of a run what does not depend on the day and the clock. */
function timeless(objects: readonly ReportObject[]): readonly unknown[] {
  return objects.map((object) => {
    if (object.kind === 'run') return object.inputs;
    if (object.kind === 'summary') return { ...object, seconds: 0 };
    return object.kind === 'problem' ? object : { ...object, solution: null };
  });
}

for (const [sample, truth] of TRUTHS) {
  test(`${nameOf(sample)} gives what a reader counts in it`, async () => {
    const objects = await objectsOf(sample);
    assert.deepEqual(foundIn(objects, truth), expectedOf(truth, PACK_NAMES));
  });

  test(`${nameOf(sample)} gives valid objects, and the same ones next month and without the filter`, async () => {
    const objects = await objectsOf(sample);
    for (const object of objects) {
      assert.ok(isValid(object), `${object.kind}: ${JSON.stringify(isValid.errors)}\n${JSON.stringify(object)}`);
    }
    const problems = objects.filter(({ kind }) => kind === 'problem');
    assert.deepEqual(problems, []);
    assert.deepEqual(timeless(await objectsOf(sample, { asOf: NEXT_MONTH })), timeless(objects));
    assert.deepEqual(timeless(await objectsOf(sample, { filter: false })), timeless(objects));
  });
}

const inFolder = (folder: string) => [...TRUTHS.keys()].filter((sample) => sample.startsWith(`samples/${folder}/`));

async function rulesIn(sample: string): Promise<readonly string[]> {
  const objects = await objectsOf(sample);
  const ids = objects.flatMap((object) =>
    object.kind === 'incident' || object.kind === 'notice' ? object.rule.id : [],
  );
  return [...new Set(ids)];
}

for (const sample of inFolder('layouts')) {
  test(`${nameOf(sample)} fires its own rule alone`, async () => {
    assert.deepEqual(await rulesIn(sample), [ruleOf(sample)]);
  });
}

for (const sample of inFolder('near-misses')) {
  test(`${nameOf(sample)} does not fire the rule that it resembles`, async () => {
    const rules = await rulesIn(sample);
    assert.ok(!rules.includes(ruleOf(sample)), `fires ${rules.join(', ')}`);
  });
}

for (const sample of inFolder('healthy')) {
  test(`${nameOf(sample)} fires no rule`, async () => assert.deepEqual(await rulesIn(sample), []));
}

for (const { day, says, validFrom, validUntil } of [
  { day: TODAY, says: 'until the end of November', validFrom: null, validUntil: '2026-12-01' },
  { day: NEXT_MONTH, says: 'from December on', validFrom: '2026-12-01', validUntil: null },
]) {
  test(`the remedy of the first case on ${day} is the one that holds ${says}`, async () => {
    const objects = await objectsOf('samples/gij/azure-devops-profile-401.log', { asOf: day });
    const solutions = objects.flatMap((object) => (object.kind === 'incident' ? [object.solution] : []));
    assert.deepEqual(
      solutions.map((solution) => [solution?.validFrom, solution?.validUntil]),
      [[validFrom, validUntil]],
    );
  });
}

test('a password in a console text is masked in the output', async () => {
  const sample = 'samples/azure-devops/tokens-pats-401-console.txt';
  const text = JSON.stringify(await objectsOf(sample));
  assert.ok(text.includes('[masked:'));
  assert.ok(!text.includes('ZmFrZ'), 'the value of the Authorization header');
});

for (const sample of GOLDEN_SAMPLES) {
  test(`${nameOf(sample)} gives ${nameOf(goldenPath(sample))}; golden.js --write writes it anew`, async () => {
    assert.equal(await outputFor(sample), goldenText(goldenPath(sample)));
  });
}

for (const sample of GOLDEN_MARKDOWN) {
  test(`${nameOf(sample)} gives ${nameOf(goldenPath(sample, 'md'))}`, async () => {
    assert.equal(await markdownFor(sample), goldenText(goldenPath(sample, 'md')));
  });
}
