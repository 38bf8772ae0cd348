/** [I/O] The packs that are measured: programs with 30, 150, 300 and 3,000 rules, one with the shipped ones alone, and the literals of each for the others. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { RULES_FOLDER } from '../src/rules/places.js';
import { readPacks } from '../src/rules/read.js';
import { type LiteralFile, writeLiterals } from './literals.js';
import { PLANTED_PADDING, PLANTED_SHIPPED } from './planted.js';
import { makeProgram, type Program } from './program.js';

export interface PaddedProgram extends Program {
  readonly literals: LiteralFile;
  /** Of its rules. */
  readonly ids: ReadonlySet<string>;
}

export type Programs = Readonly<Record<30 | 150 | 300 | 3000 | 'shipped', PaddedProgram>>;

export async function makePrograms(root: string, folder: string): Promise<Programs> {
  const shipped = (await readPacks([RULES_FOLDER])).flatMap((pack) => pack.rules);
  await rm(folder, { recursive: true, force: true });
  const make = async (name: keyof Programs, count: number, invented: number): Promise<PaddedProgram> => {
    const place = path.join(folder, String(name));
    const program = await makeProgram({ root, folder: place, count, invented, shipped, wanted: PLANTED_SHIPPED });
    const rules = program.packs.flatMap((pack) => pack.rules);
    const literals = await writeLiterals(path.join(place, 'literals.txt'), rules);
    return { ...program, literals, ids: new Set(rules.map(({ id }) => id)) };
  };
  return {
    30: await make(30, 30, 0),
    150: await make(150, 150, PLANTED_PADDING),
    300: await make(300, 300, PLANTED_PADDING),
    3000: await make(3000, 3000, PLANTED_PADDING),
    shipped: await make('shipped', shipped.length, 0),
  };
}
