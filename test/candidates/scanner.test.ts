import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Grams } from '../../src/candidates/grams.js';
import { scanRange } from '../../src/candidates/range.js';
import { type Candidate, CandidateScanner, type Receiver, type Starts } from '../../src/candidates/scanner.js';
import type { Literal } from '../../src/model/literal.js';
import { familyNamed } from '../../src/records/family.js';
import { startsOf } from '../../src/starts.js';
import { oracleOf } from './oracle.js';
import { BRACKETS, ERROR, FRAME, INFO, NEEDLE, PIECES, TIME } from './pieces.js';

/*
 * The scanner hands on what a plain look at every byte finds. What is longer than its memory is in filter.test.ts.
 */

const exact = (text: string): Literal => ({ text, caseless: false });

/** Of each length at which the log is looked at in other steps. */
const LITERALS: readonly (readonly Literal[])[] = [
  [exact('needle in the haystack'), { text: '.VSSPS.visualstudio.com', caseless: true }, exact('SyncFailedException')],
  [exact('haystack'), exact('needle in the haystack'), exact('com.acme')],
  [exact('edle i'), { text: 'needle', caseless: true }, exact('Größe')],
  [exact('aaaaa'), exact('aaaaaa')],
  [exact('aaaa'), exact('need'), exact('dlei')],
];
const GRAMS = LITERALS.map((literals) => new Grams(literals));

interface Setup {
  readonly family: string;
  /** Number of the literals. */
  readonly set: number;
  readonly errors: boolean;
}

/** How bytes come: in pieces of these sizes (the last one repeats), or in ranges. */
type Way = { readonly pieces: readonly number[] } | { readonly rangeBytes: number };

/** What is kept of a candidate, which can be read only while it is handed on. */
interface Seen extends Pick<Candidate, 'offset' | 'line' | 'lines' | 'length' | 'isPlain' | 'isError' | 'isUnsure'> {
  readonly held: readonly number[] | null;
  readonly raw: string;
  readonly passed: number;
  readonly beforeAt: number | null;
}

interface Scan {
  readonly seen: readonly Seen[];
  readonly lines: number;
  readonly passed: number;
}

/** Keeps what it gets; `seen` goes on over several ranges, `passedBefore` are the records passed over in former ones. */
class Keeper implements Receiver {
  readonly seen: Seen[] = [];
  passedBefore = 0;

  record(one: Candidate): boolean {
    const { offset, line, lines, length, isPlain, isError, isUnsure } = one;
    assert.equal(Buffer.from(one.bytes()).toString('latin1'), one.raw());
    this.seen.push({
      offset,
      line,
      lines,
      length,
      isPlain,
      isError,
      isUnsure,
      held: one.held === null ? null : [...one.held].sort((a, b) => a - b),
      raw: one.raw(),
      passed: this.passedBefore + one.passed,
      beforeAt: one.before()?.offset ?? null,
    });
    return false;
  }

  open(): void {
    assert.fail('nothing is longer than memory');
  }

  part(): boolean {
    return assert.fail('nothing is longer than memory');
  }

  close(): void {}
}

function scan(bytes: Uint8Array, way: Way, { family, set, errors }: Setup): Scan {
  const starts = startsIn(family);
  const keeper = new Keeper();
  if ('pieces' in way) {
    const scanner = new CandidateScanner(GRAMS[set]!, starts, errors, keeper);
    for (let at = 0, index = 0; at < bytes.length; index++) {
      const size = way.pieces[Math.min(index, way.pieces.length - 1)]!;
      scanner.push(bytes.subarray(at, at + size));
      at += size;
    }
    scanner.end();
    return { seen: keeper.seen, lines: scanner.lines, passed: scanner.passed };
  }
  const file = {
    size: bytes.length,
    read(into: Uint8Array, position: number) {
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      return piece.length;
    },
  };
  let lines = 0;
  for (let from = 0; from < bytes.length; from += way.rangeBytes) {
    const range = { from, to: Math.min(bytes.length, from + way.rangeBytes) };
    const scanner = new CandidateScanner(GRAMS[set]!, starts, errors, keeper, range, lines);
    lines += scanRange(scanner, file, range, () => {});
    keeper.passedBefore += scanner.passed;
  }
  return { seen: keeper.seen, lines, passed: keeper.passedBefore };
}

/** Holds what the scanner hands on to what the oracle finds. */
function assertAsOracle(text: string | Uint8Array, way: Way, setup: Setup): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const { family, set, errors } = setup;
  const { records, lines } = oracleOf(bytes, LITERALS[set]!, startsIn(family), errors);
  const { seen, lines: counted, passed } = scan(bytes, way, setup);
  const told = JSON.stringify({ way, setup, text: Buffer.from(bytes).toString('latin1').slice(0, 5000) });
  assert.equal(counted, lines, `all lines are counted: ${told}`);
  const byOffset = new Map(records.map((record, index) => [record.offset, { record, index }] as const));
  const handedOn = new Set<number>();
  for (const [at, one] of seen.entries()) {
    const found = byOffset.get(one.offset);
    assert.ok(found, `a record begins at ${one.offset}: ${told}`);
    assert.ok(!handedOn.has(one.offset), `the record at ${one.offset} comes once: ${told}`);
    handedOn.add(one.offset);
    assert.ok(at === 0 || one.offset > seen[at - 1]!.offset, `records come in their order: ${told}`);
    const { record, index } = found;
    assert.deepEqual(
      {
        line: one.line,
        lines: one.lines,
        length: one.length,
        literals: one.held ?? record.literals,
        isError: one.isError,
        isUnsure: one.isUnsure,
        isPlain: one.isPlain,
      },
      {
        line: record.line,
        lines: record.lines,
        length: record.length,
        literals: record.literals,
        isError: record.isError,
        isUnsure: !record.isSure,
        isPlain: record.isPlain,
      },
      `the record at ${one.offset} is what the oracle finds: ${told}`,
    );
    assert.equal(
      one.raw,
      Buffer.from(bytes.subarray(one.offset, one.offset + one.length)).toString('latin1'),
      `its bytes are those of the log: ${told}`,
    );
    if (errors) assert.equal(one.passed + at, index, `records before ${one.offset} were passed over or came: ${told}`);
    if (one.isUnsure && 'pieces' in way) {
      const dated = records.slice(0, index).findLast(({ isSure }) => isSure)?.offset ?? null;
      assert.equal(one.beforeAt, dated, `the last dated record before ${one.offset} is known: ${told}`);
    }
  }
  const missed = records.filter(({ offset, matters }) => matters && !handedOn.has(offset));
  assert.deepEqual(missed, [], `whatever matters is handed on: ${told}`);
  if (errors) assert.equal(seen.length + passed, records.length, `nothing is lost: ${told}`);
}

/** A header whose thread has so many characters. */
const thread = (length: number, level: string) => `${TIME} ${'t'.repeat(length)} ${level}      [c.a.j.X] it is long\n`;

const CASES: readonly (readonly [name: string, text: string])[] = [
  ['nothing', ''],
  ['an empty line', '\n'],
  ['a line without an end', NEEDLE.trimEnd()],
  ['a byte order mark', `\ufeff${NEEDLE}${INFO}${ERROR}`],
  ['a fragment before the first header', `${FRAME}a needle in the haystack\n${INFO}${NEEDLE}`],
  ['nothing but fragments', FRAME.repeat(5)],
  ['errors between other records', INFO + ERROR + INFO.repeat(3) + ERROR.repeat(2) + INFO],
  [
    'FATAL, and a level word that only begins like one',
    `${INFO}${INFO.replace('INFO', 'FATAL')}${INFO.replace('INFO', 'ERRORS')}${INFO}`,
  ],
  ['a level that ends in a tab, and one at the end of a line', `${INFO}${TIME} a ERROR\tb\n${TIME} a ERROR\n${INFO}`],
  [
    'threads at the bounds of what is looked at',
    [383, 384, 385, 399, 400, 401].flatMap((length) => [INFO, thread(length, 'ERROR')]).join(''),
  ],
  [
    'threads that begin like another layout',
    ['[x] ERROR a', ' x ERROR a', '- x ERROR a', '-x ERROR a', 'ERROR x ERROR a', 'ERRORS ERROR a']
      .map((rest) => `${INFO}${TIME} ${rest}\n`)
      .join(''),
  ],
  [
    'threads that are not ASCII',
    `${INFO}${TIME} Größe ERROR a\n${TIME} a\x7fb ERROR a\n${TIME} main ERROR Größe\n${INFO}`,
  ],
  [
    'days and times that do not exist',
    [
      '2026-02-28',
      '2026-02-29',
      '2024-02-29',
      '2026-02-30',
      '2026-04-31',
      '2026-00-10',
      '2026-13-01',
      '2026-01-00',
      '2026-12-31',
    ]
      .map(
        (day) =>
          `${day} 23:59:59,118 main ERROR a\n${day} 24:00:00,118 main ERROR b\n${day} 23:60:00,118 main ERROR c\n`,
      )
      .join(''),
  ],
  [
    'zones of every spelling',
    ['', '+0200', '-0330', 'Z', '+02:00', '+02']
      .map((zone) => `${INFO}2026-11-20 09:14:03,118${zone} main ERROR a\n`)
      .join(''),
  ],
  ['lines that end in CR LF', (INFO + ERROR + NEEDLE + INFO).replaceAll('\n', '\r\n')],
  [
    'CR, NUL and ESC inside of records',
    `${INFO}${ERROR.replace('failed', 'fai\rled')}${INFO.replace('well', 'we\0ll')}${INFO.replace('well', 'we\x1b[1mll')}${INFO}`,
  ],
  ['a header behind a NUL and one behind a colour', `${INFO}\0${ERROR}\x1b[31m${NEEDLE}${INFO}`],
  ['records of 199, 200 and 201 lines', [198, 199, 200].map((count) => INFO + FRAME.repeat(count)).join('') + INFO],
  [
    'records of 199, 200 and 201 empty lines',
    [198, 199, 200].map((count) => INFO + '\n'.repeat(count)).join('') + INFO,
  ],
  [
    'literals at the ends of lines and records',
    `${INFO.trimEnd()}needle in the haystack\nneedle in the haystack\n${INFO}\nneedle in the haystack`,
  ],
  [
    'literals inside each other, and over each other',
    `${INFO}needle needle in the haystack needle in the haystackhaystack\n${INFO}aaaa\n${INFO}aaaaaaaaaaaaaaa\n${INFO}`,
  ],
  ['literals that are broken by the end of a line', `${INFO}needle in the \nhaystack\n${INFO}need\nle\n${INFO}`],
  [
    'literals in other letter case',
    `${INFO}https://APP.vssps.VisualStudio.COM/\n${INFO}NEEDLE NeedleIn\n${INFO}GRÖßE Größe\n${INFO}`,
  ],
  [
    'more literals in a record than are compared one by one',
    `${INFO}${'needle in the haystack com.acme SyncFailedException\n'.repeat(60)}${INFO}`,
  ],
  [
    'lines of logging frameworks',
    `${INFO}log4j:ERROR needle in the haystack\nSLF4J: a\nERROR StatusLogger b\nOpenJDK 64-Bit Server VM warning: c\n${INFO}`,
  ],
  [
    'a digit at the beginning of many lines',
    `${INFO}${'1\n22\n'.repeat(90)}${NEEDLE}${'2026-11-20\n'.repeat(50)}${INFO}`,
  ],
  ['the last record is one byte', `${INFO}${ERROR}1`],
  [
    'layouts with brackets',
    `${BRACKETS}${BRACKETS.replace('] [', '] ')}${BRACKETS.replace('INFO', 'ERROR')}\tat a.B.c(D.java:1)\n${BRACKETS.replace('INFO', 'WARN ')}needle in the haystack\n${BRACKETS.replace('[http', '[[http')}${BRACKETS.replace('exec-7]', 'exec-7')}${BRACKETS.replace('Example]', 'Exa mple]')}${BRACKETS.replace('http', 'h\u00f6')}${BRACKETS.replace('[confluence.util.Example]', '[]')}${BRACKETS}`,
  ],
  ['blank lines at the end', `${INFO}${ERROR}\n\n\n`],
];

/** A family of each shape, and one whose headers prove nothing. */
const SETUPS: readonly Setup[] = LITERALS.flatMap((_, set) =>
  [true, false].flatMap((errors) =>
    ['jira', 'crowd', 'unsure', 'confluence', 'bitbucket'].map((family) => ({ family, set, errors })),
  ),
);

function startsIn(family: string): Starts {
  return family === 'unsure' ? { ...startsOf(familyNamed('jira')!), shape: 0 } : startsOf(familyNamed(family)!);
}

for (const [name, text] of CASES) {
  test(`the scanner hands on what the oracle finds: ${name}`, () => {
    for (const setup of SETUPS) {
      assertAsOracle(text, { pieces: [65_536] }, setup);
      assertAsOracle(text, { pieces: [97, 3, 64] }, setup);
      for (const rangeBytes of [150, 1000]) assertAsOracle(text, { rangeBytes }, setup);
    }
  });
}

test('ranges may be cut at every byte', () => {
  const text = `\ufeff${INFO}${ERROR}1\n\n${NEEDLE}needle in the haystack\n${INFO}`;
  for (let rangeBytes = 1; rangeBytes <= Buffer.byteLength(text); rangeBytes++)
    for (const errors of [true, false]) assertAsOracle(text, { rangeBytes }, { family: 'jira', set: 0, errors });
});

const TEXTS = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
const WAYS: fc.Arbitrary<Way> = fc.oneof(
  fc.record({ pieces: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }) }),
  fc.record({ rangeBytes: fc.integer({ min: 15, max: 900 }) }),
);

test('the scanner hands on what the oracle finds in any text, cut anywhere', () => {
  fc.assert(
    fc.property(TEXTS, WAYS, fc.constantFrom(...SETUPS), (text, way, setup) => assertAsOracle(text, way, setup)),
    { numRuns: 800 },
  );
});

test('the scanner hands on what the oracle finds in any bytes', () => {
  const bytes = fc.array(
    fc.oneof(
      fc.constantFrom(...PIECES.map((piece) => Buffer.from(piece))),
      fc.uint8Array({ maxLength: 20 }).map((some) => Buffer.from(some)),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(bytes, WAYS, fc.constantFrom(...SETUPS), (parts, way, setup) =>
      assertAsOracle(Buffer.concat(parts), way, setup),
    ),
    { numRuns: 400 },
  );
});
