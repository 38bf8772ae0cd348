import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { linearProblems } from '../../src/rules/linear.js';

const FINE = [
  '',
  'no connection',
  '^a|b$',
  '[^\\s"]*',
  '(?:a+b?)*',
  '(?<org>[\\w-]+)',
  'a{16}',
  '(?:a{4}b){4}',
  'a{0,16}',
  'a*?',
  '\\bx\\B',
  '[\\d\\w.]+',
  '\\u0041',
  'a{,3}',
  '(((a+)+)+)+',
  '(((((a*)*)*)*)*)*',
  'a{15,}',
];

for (const source of FINE) {
  test(`the linear engine takes /${source}/`, () => assert.deepEqual(linearProblems(source), []));
}

const REFUSED: readonly (readonly [source: string, problems: string[]])[] = [
  ['a(?!b)', ['(?!b): the linear engine has no negative lookahead; put what must not be there under none:']],
  ['(?<!a)b', ['(?<!a): the linear engine has no negative lookbehind; put what must not be there under none:']],
  [
    'a(?=b)',
    [
      '(?=b): the linear engine has no lookahead; write the text that is there, or use a condition of its own under all:',
    ],
  ],
  [
    '(?<=a)b',
    [
      '(?<=a): the linear engine has no lookbehind; write the text that is there, or use a condition of its own under all:',
    ],
  ],
  ['(a)\\1', ['\\1: the linear engine has no back-references; write the text again']],
  ['(?<x>a)\\k<x>', ['\\k<x>: the linear engine has no back-references; write the text again']],
  [
    'a{17}',
    [
      'a{17}: counted repeats above 16 (nested ones multiplied: 17) are not linear; records are bounded, so write * or +',
    ],
  ],
  [
    'a{0,300}',
    [
      'a{0,300}: counted repeats above 16 (nested ones multiplied: 300) are not linear; records are bounded, so write * or +',
    ],
  ],
  [
    'a{20,}',
    [
      'a{20,}: counted repeats above 16 (nested ones multiplied: 21) are not linear; records are bounded, so write * or +',
    ],
  ],
  [
    '(((((a+)+)+)+)+)',
    ['a+: counted repeats above 16 (nested ones multiplied: 32) are not linear; records are bounded, so write * or +'],
  ],
  [
    '(?:a{5}b){4}',
    [
      'a{5}: counted repeats above 16 (nested ones multiplied: 20) are not linear; records are bounded, so write * or +',
    ],
  ],
  [
    '(?:(?:a{20}){2}b)*',
    [
      'a{20}: counted repeats above 16 (nested ones multiplied: 40) are not linear; records are bounded, so write * or +',
    ],
  ],
  [
    '(?=a)b{99}(c)\\1',
    [
      '(?=a): the linear engine has no lookahead; write the text that is there, or use a condition of its own under all:',
      'b{99}: counted repeats above 16 (nested ones multiplied: 99) are not linear; records are bounded, so write * or +',
      '\\1: the linear engine has no back-references; write the text again',
    ],
  ],
  ['(', ['is no regular expression: /(/: Unterminated group']],
  ['[b-a]', ['is no regular expression: /[b-a]/: Range out of order in character class']],
  ['*a', ['is no regular expression: /*a/: Nothing to repeat']],
  ['(?i:a)', ['is no regular expression: /(?i:a)/: Invalid group']],
];

for (const [source, problems] of REFUSED) {
  test(`the linear engine does not take /${source}/`, () => assert.deepEqual(linearProblems(source), problems));
}

/** Which of the patterns V8's linear engine takes. Only a process of its own can be asked: the flag is for all of it. */
function takenByEngine(patterns: readonly string[]): boolean[] {
  const script = `
    const patterns = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    const taken = patterns.map((source) => { try { new RegExp(source, 'l'); return true; } catch { return false; } });
    process.stdout.write(JSON.stringify(taken));`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--enable-experimental-regexp-engine', '-e', script],
    {
      input: JSON.stringify(patterns),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const ATOMS = ['a', 'é', '.', '\\d', '[^a-c]', '\\bx', '^a', 'a$', '\\.', '[]'];
const FOREIGN = ['(?=a)', '(?<!b)', '(?:(a)\\1)'];
// Without {0}, by which V8 multiplies, and without repeats of nothing (/(?:^){17}/), which it takes as one.
const REPEATS = [
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '{1}',
  '{2}',
  '{3}',
  '{4,}',
  '{16}',
  '{17}',
  '{2,5}',
  '{0,16}',
  '{0,17}',
  '{16,}',
  '{17,}',
  '{1,3}?',
];

const { pattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(...ATOMS),
    tie('pattern').map((inner) => `(?:${inner})`),
    tie('pattern').map((inner) => `(${inner})`),
    fc.constantFrom(...FOREIGN),
  ),
  pattern: fc
    .array(
      fc.tuple(
        tie('atom'),
        fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 3, arbitrary: fc.constantFrom(...REPEATS) }),
        fc.constantFrom('', '', '', '|'),
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.map((part) => part.join('')).join('')),
}));

const NODE = Number(process.versions.node.split('.')[0]);

test('what is refused is what the engine of this Node does not take', () => {
  const patterns = [...FINE, ...REFUSED.map(([source]) => source), ...fc.sample(pattern, 4000)];
  const taken = takenByEngine(patterns);
  // V8 drops what can change nothing, such as (?=a)*, before it looks: such patterns may be refused without need.
  // From Node 22 on it also unrolls an open repeat without the copy for its end; the rules are those of Node 20.
  const isForeign = (source: string) => /\(\?<?[=!]|\\[1-9]/.test(source) || (NODE > 20 && /,\}|[+]/.test(source));
  const differ = patterns.filter((source, index) => {
    const isFine = linearProblems(source).length === 0;
    return isFine !== taken[index] && (isFine || !isForeign(source));
  });
  assert.deepEqual(differ.sort((a, b) => a.length - b.length).slice(0, 5), []);
  const share = taken.filter(Boolean).length / taken.length;
  assert.ok(share > 0.1 && share < 0.9, `${share} of the patterns were taken`);
});
