/**
 * [I/O] The shipped packs as they were when logscan was built. Reading them from here takes a twentieth of the time that their
 * YAML takes, and needs neither the YAML library nor the schema. They are used only while they are what the files say.
 */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Needs } from '../model/literal.js';
import type { Rule, RulePack } from '../model/rule.js';
import { VERSION } from '../version.js';
import { RULES_FOLDER, shownPath } from './places.js';

/** Beside the code, so that each build has its own. */
const COMPILED = fileURLToPath(new URL('./packs.json', import.meta.url));

interface Compiled {
  readonly version: string;
  /** Every file of the rules folder by its name in it, with its size in bytes. */
  readonly files: Readonly<Record<string, number>>;
  readonly packs: readonly RulePack[];
}

/** The packs as compiled; null if there are none, or if a file was changed, added or removed since. */
export async function readCompiled(): Promise<readonly RulePack[] | null> {
  try {
    const [text, { mtimeMs: compiledAt }, files] = await Promise.all([
      readFile(COMPILED, 'utf8'),
      stat(COMPILED),
      ruleFiles(),
    ]);
    const compiled = JSON.parse(text) as Compiled;
    const isCurrent =
      compiled.version === VERSION &&
      files.length === Object.keys(compiled.files).length &&
      files.every(({ name, size, changedAt }) => compiled.files[name] === size && changedAt <= compiledAt);
    return isCurrent ? compiled.packs.map(withShownFiles) : null;
  } catch {
    return null; // no build, or not a whole one: the YAML is read
  }
}

/**
 * Writes the packs, which must be those of the rules folder; `npm run build` does.
 * @param needs what every match of a rule contains, which is compiled as well
 */
export async function writeCompiled(packs: readonly RulePack[], needs: (rule: Rule) => Needs): Promise<void> {
  const files = Object.fromEntries((await ruleFiles()).map(({ name, size }) => [name, size]));
  const relative = packs.map((pack) => ({
    ...pack,
    needs: Object.fromEntries(pack.rules.map((rule) => [rule.id, needs(rule)])),
    rules: pack.rules.map((rule) => ({ ...rule, file: path.relative(RULES_FOLDER, path.resolve(rule.file)) })),
  }));
  const compiled: Compiled = { version: VERSION, files, packs: relative };
  await writeFile(COMPILED, JSON.stringify(compiled));
}

function withShownFiles(pack: RulePack): RulePack {
  return {
    ...pack,
    rules: pack.rules.map((rule) => ({ ...rule, file: shownPath(path.join(RULES_FOLDER, rule.file)) })),
  };
}

async function ruleFiles(): Promise<{ name: string; size: number; changedAt: number }[]> {
  const names = (await readdir(RULES_FOLDER, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(path.join(RULES_FOLDER, name));
      return { name, size, changedAt: mtimeMs };
    }),
  );
}
