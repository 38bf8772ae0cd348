/** [I/O] What the rules of a pack bring into the logs: near-misses of them, and texts that are almost their literals. */
import { writeFile } from 'node:fs/promises';
import { scan } from '../src/index.js';
import { literalsOf } from '../src/matches/literals.js';
import type { Literal } from '../src/model/literal.js';
import type { PaddingRule } from './padding.js';
import type { Program } from './program.js';
import { Random } from './random.js';
import { Scene } from './scene.js';

const SEED = 7;
const SHORTEST_ALMOST = 8; // characters of a literal of which parts are taken

export interface Material {
  /** Invented rules of the pack. */
  readonly padding: readonly PaddingRule[];
  /** Lines with a literal of a shipped rule that match no rule. */
  readonly shippedMisses: readonly string[];
  /** Texts that no filter may take for a literal, although much of one is in them. */
  readonly almost: readonly string[];
}

/** @param scratch a file that may be overwritten */
export async function toMaterial({ packs, padding }: Program, scratch: string): Promise<Material> {
  const invented = new Set(padding.map(({ id }) => id));
  const rules = packs.flatMap((pack) => pack.rules);
  const literals = rules.flatMap((rule) => literalsOf(rule.match) ?? []);
  const shipped = rules.filter((rule) => !invented.has(rule.id)).flatMap((rule) => literalsOf(rule.match) ?? []);
  const lines = [...new Set(shipped.map(({ text }) => `Note of the last run: ${text} - see the manual`))];
  return { padding, shippedMisses: await unmatched(lines, packs, scratch), almost: almostLiterals(literals) };
}

/** So often a line is tried, as some rules need several records. */
const OFTEN = 12;

/** Those that no rule matches, however they stand in a record of an error or a warning; some rules need no more than their literal. */
async function unmatched(lines: readonly string[], packs: Program['packs'], scratch: string): Promise<string[]> {
  const scene = new Scene(SEED);
  const record = (level: 'ERROR' | 'WARN', text: string) =>
    `${scene.background(level, 'c.example.notes.Notes')}${text}\n`;
  const traces = ['java.util.NoSuchElementException: x', 'java.lang.IllegalStateException: x'];
  const texts = lines.flatMap((line) => [
    line,
    ...traces.map((trace) => `${line}\n${trace}\n\tat com.atlassian.jira.web.X.run(X.java:1)`),
  ]);
  const tries = texts.flatMap((text) => [
    ...Array.from({ length: OFTEN }, () => record('ERROR', text)),
    ...Array.from({ length: OFTEN }, () => record('WARN', text)),
  ]);
  await writeFile(scratch, tries.join(''));
  const matched = new Set<string>();
  for await (const object of scan([scratch], { packs, unknown: 'none', evidence: 1_000_000 })) {
    if (object.kind !== 'incident' && object.kind !== 'notice') continue;
    for (const { text } of object.evidence) for (const line of lines) if (text?.includes(line)) matched.add(line);
  }
  return lines.filter((line) => !matched.has(line));
}

/** The first and the last two thirds, the other case, one letter changed. */
function almostLiterals(literals: readonly Literal[]): string[] {
  const random = new Random(SEED);
  const pieces = literals
    .filter(({ text }) => text.length >= SHORTEST_ALMOST)
    .flatMap(({ text }) => {
      const third = Math.ceil(text.length / 3);
      const at = random.between(1, text.length - 2);
      return [
        text.slice(0, -third),
        text.slice(third),
        swapped(text),
        `${text.slice(0, at)}${random.capitals(1)}${text.slice(at + 1)}`,
      ];
    });
  // They are written in quotes.
  return [...new Set(pieces)].filter((piece) => !literals.some((literal) => holds(`'${piece}'`, literal)));
}

function holds(piece: string, { text, caseless }: Literal): boolean {
  return caseless ? piece.toLowerCase().includes(text.toLowerCase()) : piece.includes(text);
}

function swapped(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const upper = letter.toUpperCase();
    return letter === upper ? letter.toLowerCase() : upper;
  });
}
