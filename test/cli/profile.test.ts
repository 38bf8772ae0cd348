import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileText } from '../../src/cli/profile.js';
import type { RuleCost } from '../../src/model/profile.js';
import { objectsOf, profile401, run, workspace } from '../helpers/cli.js';

const STAGES = [{ name: 'asking rules', time: 12.34 }];

function cost(parts: Partial<RuleCost>): RuleCost {
  return { id: 'acme/rule', tried: 1000, matched: 3, time: 2, ...parts };
}

const CASES: readonly { name: string; rules: readonly RuleCost[]; shown: RegExp; notShown?: RegExp }[] = [
  { name: 'a stage with its time', rules: [], shown: /^ {6}12\.3 ms {2}asking rules$/m },
  { name: 'that no rule was tried', rules: [], shown: /No rule was tried/ },
  {
    name: 'a rule with how often it was tried, what it took, and what a record took',
    rules: [cost({})],
    shown: /^ {6}1000 {9}3 {7}2\.0 ms {4}2 µs {3}acme\/rule$/m,
    notShown: /wanted are at most/,
  },
  {
    name: 'a rule over its budget by its name',
    rules: [cost({ time: 60 })],
    shown: /acme\/rule: takes 60 µs a record, wanted are at most 50/,
  },
  {
    name: 'no budget for a rule that was tried a few times only',
    rules: [cost({ tried: 99, time: 60 })],
    shown: /606 µs {3}acme/,
    notShown: /wanted are at most/,
  },
  {
    name: 'at most twenty rules',
    rules: Array.from({ length: 23 }, (_, at) => cost({ id: `acme/rule-${at}` })),
    shown: /rule-19\n {2}3 more took less\./,
    notShown: /rule-20/,
  },
];

for (const { name, rules, shown, notShown } of CASES) {
  test(`--profile tells ${name}`, () => {
    const text = profileText({ stages: STAGES, rules });
    assert.match(text, shown);
    if (notShown) assert.doesNotMatch(text, notShown);
  });
}

test('--profile changes nothing but what is said on stderr', async () => {
  const { dir: cwd } = workspace({ 'jira.log': profile401() });
  const args = ['jira.log', '--format', 'ndjson'];
  const [without, measured] = await Promise.all([run(args, { cwd }), run([...args, '--profile'], { cwd })]);
  assert.equal(without.stderr, '');
  assert.match(measured.stderr, /where the time went[\s\S]+ gij\/azure-devops-profile-401\n/);
  assert.deepEqual(objectsOf(measured.stdout).incidents, objectsOf(without.stdout).incidents);
});
