import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVersions, isInRange, parseRange, parseVersion } from '../../src/model/version.js';

const READ: readonly (readonly [text: string, numbers: readonly number[] | null, pre?: string])[] = [
  ['9.12.3', [9, 12, 3]],
  ['4.2.1-jira9', [4, 2, 1]],
  ['3.5.0.2', [3, 5, 0, 2]],
  ['10.3.0-m12', [10, 3, 0], 'm 12'],
  ['10.0.0-RC1', [10, 0, 0], 'rc 1'],
  ['9.0.0-SNAPSHOT', [9, 0, 0], 'snapshot 0'],
  ['8.0.0-EAP01', [8, 0, 0], 'eap 1'],
  ['5.0.0-master-9d112c9d', [5, 0, 0]],
  ['2.0-premium', [2, 0]],
  ['9.4.0#940000-sha1:3bb15b68', [9, 4, 0]],
  ['1.8.0_102', [1, 8, 0, 102]],
  ['17.0.13+11', [17, 0, 13]],
  ['17-ea+12', [17], 'ea 0'],
  ['5.7.20-log', [5, 7, 20]],
  ['v2.1', [2, 1]],
  [' 7 ', [7]],
  ['13.00.5026', [13, 0, 5026]],
  ['unknown??', null],
  ['', null],
  ['x9', null],
];

test('versions are read as products print them', () => {
  for (const [text, numbers, pre = null] of READ) {
    const read = parseVersion(text);
    assert.deepEqual(read?.numbers ?? null, numbers, text);
    assert.equal(read?.pre ? `${read.pre.word} ${read.pre.number}` : null, pre, text);
  }
});

const ORDERED = [
  '3.5.0.2',
  '4.0.0-alpha1',
  '4.0.0-beta2',
  '4.0.0-m2',
  '4.0.0-m10',
  '4.0.0-rc1',
  '4.0',
  '4.0.0.1',
  '4.2.1-jira9',
  '4.19',
  '4.20',
  '9.4.1',
  '9.12.3',
  '10.3.0-m12',
  '10.3.0',
];

test('versions have one order, whatever they are compared with', () => {
  const versions = ORDERED.map((text) => parseVersion(text)!);
  for (const [at, a] of versions.entries())
    for (const [other, b] of versions.entries())
      assert.equal(Math.sign(compareVersions(a, b)), Math.sign(at - other), `${ORDERED[at]} and ${ORDERED[other]}`);
});

test('missing numbers are 0, and what stands behind a version is of no matter', () => {
  for (const [a, b] of [
    ['9.12', '9.12.0'],
    ['4.2.1-jira9', '4.2.1'],
    ['9.4.0#940000-sha1:3bb', '9.4'],
    ['17.0.13+11', '17.0.13'],
  ] as const)
    assert.equal(compareVersions(parseVersion(a)!, parseVersion(b)!), 0, `${a} and ${b}`);
});

const RANGES: readonly (readonly [range: string, inside: readonly string[], outside: readonly string[]])[] = [
  ['>=3.0', ['3.0', '3.0.0', '3.5.0.2', '4.2.1-jira9', '10'], ['2.9.1', '3.0.0-m1', '2']],
  ['>=3.0 <5', ['3.0', '4.20', '4.99.9', '5.0.0-m1'], ['2.9.9', '5', '5.0.1', '10.0']],
  ['>=3.0, <5', ['3.0', '4.20'], ['5']],
  ['>= 3.0  < 5', ['4.1'], ['5.1']],
  ['9.x', ['9', '9.0', '9.4.1', '9.12.3-jira', '9.0.0-m3'], ['8.20.30', '10.0', '90.1']],
  ['9.4.x', ['9.4', '9.4.17'], ['9.12.3', '9.40.1']],
  ['9.12', ['9.12', '9.12.3'], ['9.1', '9.120', '9.13']],
  ['=9.12.3', ['9.12.3', '9.12.3.0', '9.12.3#912003'], ['9.12.4', '9.12']],
  ['<=9.12', ['9.12.3', '9.4', '9.12'], ['9.13', '10']],
  ['>9.12', ['9.13', '10.0'], ['9.12', '9.12.30', '9.4']],
  ['<9.12.3', ['9.12.2', '9.4.1', '9.12.3-rc1'], ['9.12.3', '9.12.4', '10.0']],
  ['<8.20.3 || >=9.0 <9.4.1', ['8.20.2', '9.0.0', '9.4.0'], ['8.20.3', '8.22', '9.4.1', '10.0']],
  ['4.0.0-rc1', ['4.0.0-rc1'], ['4.0.0', '4.0.0-rc2']],
  ['v3.1', ['3.1.4'], ['3.2']],
];

test('ranges say which versions are in them', () => {
  for (const [text, inside, outside] of RANGES) {
    const range = parseRange(text);
    assert.ok(range, text);
    for (const version of inside) assert.ok(isInRange(parseVersion(version)!, range), `${version} in ${text}`);
    for (const version of outside) assert.ok(!isInRange(parseVersion(version)!, range), `${version} not in ${text}`);
  }
});

test('what is no range is none', () => {
  for (const text of [
    '',
    ' ',
    '||',
    '>=',
    '>=3 ||',
    '9.y',
    '>=9.x',
    'latest',
    '~3.1',
    '^3',
    '3 - 5',
    '>=3.0<5',
    '9.x-rc1',
    '3..1',
  ])
    assert.equal(parseRange(text), null, JSON.stringify(text));
});

test('a version is on exactly one side of any other', () => {
  const version = fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '-m1', '-rc2', '-jira9'),
    )
    .map(([numbers, end]) => numbers.join('.') + end);
  const bound = fc
    .array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 })
    .map((numbers) => numbers.join('.'));
  fc.assert(
    fc.property(version, bound, (text, of) => {
      const holds = (operator: string) => isInRange(parseVersion(text)!, parseRange(operator + of)!);
      assert.notEqual(holds('>='), holds('<'));
      assert.notEqual(holds('>'), holds('<='));
      if (holds('>')) assert.ok(holds('>='));
      if (holds('=')) assert.ok(holds('<='));
    }),
  );
});
