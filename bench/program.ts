/**
 * [I/O] logscan with a pack of exactly so many rules. Each is a copy of the program with a rules folder of its own, whose
 * packs are compiled by what `npm run build` compiles the shipped ones with: so it starts as the shipped program starts.
 */
import { copyFile, cp, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import { needsOf } from '../src/matches/literals.js';
import type { RulePack } from '../src/model/rule.js';
import { readPacks } from '../src/rules/read.js';
import { type PaddingRule, paddingPack, paddingRules } from './padding.js';

/** One file of the shipped packs. */
export interface ShippedRule {
  readonly id: string;
  readonly file: string;
  readonly when: { readonly after: string | null } | null;
}

export interface Program {
  readonly main: string;
  readonly rules: string;
  readonly packs: readonly RulePack[];
  readonly padding: readonly PaddingRule[];
}

export interface ProgramOptions {
  /** The checkout whose build is copied. */
  readonly root: string;
  readonly folder: string;
  /** How many rules it is to have. */
  readonly count: number;
  /** At least so many of them are invented. */
  readonly invented: number;
  readonly shipped: readonly ShippedRule[];
  /** Rules that must be among them: those that are planted in logs. */
  readonly wanted: readonly string[];
}

/** Makes the program: all shipped rules and padding rules, or some of the shipped ones where fewer are asked for. */
export async function makeProgram(options: ProgramOptions): Promise<Program> {
  const { root, folder, count, invented, shipped, wanted } = options;
  const rules = path.join(folder, 'rules');
  const app = path.join(folder, 'dist', 'bin', 'app');
  const source = path.join(folder, 'dist', 'src');
  await rm(folder, { recursive: true, force: true });
  await cp(path.join(root, 'dist', 'bin', 'app'), app, { recursive: true });
  await cp(path.join(root, 'dist', 'src'), source, { recursive: true });

  const kept = spread(shipped, count - invented, wanted);
  const padding = paddingRules(count - kept.length);
  await writeShipped(rules, shipped, new Set(kept.map(({ id }) => id)));
  await writePadding(rules, padding);

  const packs = await readPacks([rules]);
  const { writeCompiled }: typeof import('../src/rules/compiled.js') = await import(
    pathToFileURL(path.join(source, 'rules', 'compiled.js')).href
  );
  writeCompiled(packs, (rule) => needsOf(rule.match));
  await copyFile(path.join(source, 'rules', 'packs.jsonl'), path.join(app, 'packs.jsonl'));
  return { main: path.join(app, 'main.js'), rules, packs, padding };
}

/**
 * Calls `run` while a rule file is broken, but has the size and the time that it had: a program that reads its compiled
 * packs does not see it, one that reads the YAML cannot start.
 */
export async function withBrokenRule<T>({ rules, packs }: Program, run: () => T): Promise<T> {
  const { pack, id } = packs.flatMap((each) => each.rules)[0]!;
  const file = path.join(rules, pack, `${id.slice(pack.length + 1)}.yaml`);
  const [text, { atime, mtime }] = await Promise.all([readFile(file), stat(file)]);
  const write = async (content: Buffer) => {
    await writeFile(file, content);
    await utimes(file, atime, mtime);
  };
  await write(Buffer.alloc(text.length, '['));
  try {
    return run();
  } finally {
    await write(text);
  }
}

/** At most `count` of the rules: the wanted ones, and of the others each so-and-so-manieth. */
function spread(shipped: readonly ShippedRule[], count: number, wanted: readonly string[]): readonly ShippedRule[] {
  if (shipped.length <= count) return shipped;
  const first = shipped.filter(({ id }) => wanted.includes(id));
  // What comes after another one needs that, too.
  const others = shipped.filter(({ id, when }) => !wanted.includes(id) && (when?.after ?? null) === null);
  const room = count - first.length;
  return [...first, ...Array.from({ length: room }, (_, at) => others[Math.floor((at * others.length) / room)]!)];
}

async function writeShipped(rules: string, shipped: readonly ShippedRule[], kept: ReadonlySet<string>): Promise<void> {
  for (const folder of new Set(shipped.map(({ file }) => path.dirname(file)))) {
    const pack = path.join(rules, path.basename(folder));
    await mkdir(pack, { recursive: true });
    await copyFile(path.join(folder, '_pack.yaml'), path.join(pack, '_pack.yaml'));
  }
  for (const { id, file } of shipped.filter((rule) => kept.has(rule.id))) {
    await writeFile(path.join(rules, `${id}.yaml`), withoutStrangers(await readFile(file, 'utf8'), kept));
  }
}

/** A rule may not name rules that are not there. */
function withoutStrangers(yaml: string, kept: ReadonlySet<string>): string {
  const rule = parse(yaml);
  const known = (ids: readonly string[]) => ids.filter((id) => kept.has(id));
  if (rule.supersedes) rule.supersedes = known(rule.supersedes);
  for (const example of rule.examples.matches) if (example.also) example.also = known(example.also);
  return stringify(rule);
}

async function writePadding(rules: string, padding: readonly PaddingRule[]): Promise<void> {
  for (const pack of new Set(padding.map(({ id }) => id.split('/')[0]!))) {
    await mkdir(path.join(rules, pack), { recursive: true });
    await writeFile(path.join(rules, pack, '_pack.yaml'), paddingPack(pack));
  }
  await Promise.all(padding.map(({ id, yaml }) => writeFile(path.join(rules, `${id}.yaml`), yaml)));
}
