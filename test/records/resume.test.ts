import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Line } from '../../src/model/line.js';
import type { LogRecord } from '../../src/model/log-record.js';
import { RecordAssembler, type StreamState } from '../../src/records/assembler.js';
import { familyNamed } from '../../src/records/family.js';
import { wrapperNamed } from '../../src/records/wrappers.js';

/* An assembler that stops at any line, and another one that goes on: together they make the records of one. */

const ORIGIN = { path: 'jira.log', member: null };
const HEADER = '2026-11-20 09:14:03,118+0000 main ERROR      [c.a.j.Pool] ';

const texts = fc.oneof(
  { weight: 3, arbitrary: fc.nat(9).map((n) => `${HEADER}message ${n}`) },
  { weight: 4, arbitrary: fc.nat(9).map((n) => `\tat com.acme.Sync.run(Sync.java:${n})`) },
  { weight: 1, arbitrary: fc.constantFrom('', 'Caused by: java.io.IOException: gone', 'and so on') },
);
/** Lines of two streams of docker, of which some go on in the next one. */
const wrapped = fc
  .tuple(texts, fc.constantFrom('stdout', 'stderr'), fc.boolean())
  .map(([text, stream, ends]) =>
    JSON.stringify({ log: ends ? `${text}\n` : text.slice(0, 20), stream, time: '2026-11-20T09:14:03Z' }),
  );
/** More lines in a row than decide whether a log has changed its kind: first of none, then of another one. */
const strangers = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), fc.nat(2))
  .map(([before, after, blanks]) => [
    ...Array<string>(before).fill('plain words'),
    ...Array<string>(blanks).fill(''),
    ...Array<string>(after).fill('2026-11-20 09:14:03.118  INFO 1 --- [main] c.e.App : up'),
  ]);

interface Case {
  readonly name: string;
  readonly family: string;
  readonly wrapper: string | null;
  readonly lines: fc.Arbitrary<readonly string[]>;
}

const CASES: readonly Case[] = [
  { name: 'a Jira log', family: 'jira', wrapper: null, lines: fc.array(texts, { maxLength: 40 }) },
  { name: 'paragraphs', family: 'plain', wrapper: null, lines: fc.array(texts, { maxLength: 40 }) },
  { name: 'two streams of docker', family: 'jira', wrapper: 'docker', lines: fc.array(wrapped, { maxLength: 40 }) },
  {
    name: 'a log that changes its kind',
    family: 'jira',
    wrapper: null,
    lines: fc
      .tuple(fc.array(texts, { maxLength: 5 }), strangers, fc.array(texts, { maxLength: 5 }))
      .map((parts) => parts.flat()),
  },
  {
    name: 'paragraphs that become something else',
    family: 'plain',
    wrapper: null,
    lines: fc
      .tuple(fc.array(texts, { maxLength: 5 }), strangers, fc.array(texts, { maxLength: 5 }))
      .map((parts) => parts.flat()),
  },
];

function linesOf(all: readonly string[]): Line[] {
  let offset = 0;
  return all.map((text, index) => {
    const line = { origin: ORIGIN, number: index + 1, offset, text, cut: false };
    offset += text.length + 1;
    return line;
  });
}

function assembler(of: Case, made: LogRecord[], states?: readonly StreamState[]): RecordAssembler {
  const family = familyNamed(of.family)!;
  const wrapper = of.wrapper === null ? null : wrapperNamed(of.wrapper);
  return new RecordAssembler({ family, wrapper, zone: 'UTC' }, (record) => made.push(record), states);
}

function placesOf(records: readonly LogRecord[]): string[] {
  return records.map(({ line, endLine, offset, text }) => `${line}-${endLine}@${offset} ${text}`);
}

for (const of of CASES) {
  test(`${of.name}: whoever goes on at the places of another makes the same records`, () => {
    // Around the 200th line paragraphs end, and it is asked for another kind of log.
    const stop = fc.oneof(fc.nat(700), fc.integer({ min: 190, max: 215 }));
    const stops = fc.array(stop, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(of.lines, stops, (all, chosen) => {
        const lines = linesOf(all);
        const whole: LogRecord[] = [];
        const one = assembler(of, whole);
        for (const line of lines) one.push(line);
        one.end();

        const made: LogRecord[] = [];
        let current = assembler(of, made);
        let at = 0;
        for (const stop of chosen.map((one) => one % (lines.length + 1)).sort((a, b) => a - b)) {
          for (; at < stop; at++) current.push(lines[at]!);
          const next = lines[stop] ?? { number: lines.length + 1, offset: all.join('\n').length + 1 };
          // As it is kept: as text.
          const states = JSON.parse(JSON.stringify(current.states(next))) as StreamState[];
          const from = Math.min(...states.map((state) => state.from.offset));
          current = assembler(of, made, states);
          at = lines.findIndex((line) => line.offset >= from);
          if (at < 0) at = lines.length;
          for (; at < stop; at++) current.push(lines[at]!);
        }
        for (; at < lines.length; at++) current.push(lines[at]!);
        current.end();
        assert.deepEqual(placesOf(made).sort(), placesOf(whole).sort());
      }),
      { numRuns: 300 },
    );
  });

  test(`${of.name}: a look at the records that may still grow changes nothing`, () => {
    fc.assert(
      fc.property(of.lines, (all) => {
        const [looked, whole]: LogRecord[][] = [[], []];
        const [one, other] = [assembler(of, looked!), assembler(of, whole!)];
        for (const line of linesOf(all)) {
          one.push(line);
          one.peek(null);
          other.push(line);
        }
        const last = placesOf(one.peek(null));
        const before = looked!.length;
        one.end();
        other.end();
        assert.deepEqual(placesOf(looked!), placesOf(whole!));
        assert.deepEqual(placesOf(looked!.slice(before)).sort(), last.sort(), 'what it shows is what ends');
      }),
      { numRuns: 60 },
    );
  });
}
