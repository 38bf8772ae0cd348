/** [I/O] The literals of a pack, for programs that search for fixed texts. */
import { writeFile } from 'node:fs/promises';
import { literalsOf } from '../src/matches/literals.js';
import type { Rule } from '../src/model/rule.js';

export interface LiteralFile {
  readonly path: string;
  readonly count: number;
  /** Rules that need not contain any text: no list of literals can find what they find. */
  readonly rulesWithout: number;
}

/** Writes one literal a line. */
export async function writeLiterals(path: string, rules: readonly Rule[]): Promise<LiteralFile> {
  const sets = rules.map((rule) => literalsOf(rule.match));
  const texts = new Set(sets.flatMap((set) => set ?? []).map(({ text }) => longestLine(text)));
  texts.delete(''); // an empty line would find every line
  await writeFile(path, `${[...texts].join('\n')}\n`);
  return { path, count: texts.size, rulesWithout: sets.filter((set) => set === null).length };
}

/** Such programs compare line by line. */
function longestLine(text: string): string {
  return text.split(/\r?\n/).reduce((a, b) => (b.length > a.length ? b : a));
}
