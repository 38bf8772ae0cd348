/**
 * [I/O] The shipped packs as they were when logscan was built. Reading them from here takes a twentieth of the time that their
 * YAML takes, and needs neither the YAML library nor the schema. They are used only while they are what the files say.
 *
 * The file is lines of JSON: a head with what matching needs of every rule, then a line a rule with what only a rule that is
 * shown needs, nine tenths of the whole; such a line is parsed when it is first asked for.
 */
import { type Dirent, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Needs } from '../model/literal.js';
import type { Rule, RulePack } from '../model/rule.js';
import { VERSION } from '../version.js';
import { RULES_FOLDER, shownPath } from './places.js';

/** Beside the code, so that each build has its own. */
const COMPILED = fileURLToPath(new URL('./packs.jsonl', import.meta.url));
const LINE_FEED = 0x0a;

interface Head {
  readonly version: string;
  /** Every file of the rules folder by its name in it, with its size in bytes. */
  readonly files: Readonly<Record<string, number>>;
  readonly packs: readonly (Omit<RulePack, 'rules'> & { readonly rules: readonly RuleHead[] })[];
}

type RuleHead = Omit<Rule, keyof RuleText>;
/** What is long and seldom needed; {@link textOf} and {@link withText} list it. */
type RuleText = Pick<Rule, 'title' | 'products' | 'cause' | 'solutions' | 'references' | 'notThisIf' | 'examples'>;

/** The packs as compiled; null if there are none, or if a file was changed, added or removed since. */
export function readCompiled(): readonly RulePack[] | null {
  try {
    const { mtimeMs: compiledAt } = statSync(COMPILED);
    const bytes = readFileSync(COMPILED);
    const lines = linesOf(bytes);
    const head = JSON.parse(lines[0]!.toString()) as Head;
    const files = ruleFiles();
    const isCurrent =
      head.version === VERSION &&
      files.length === Object.keys(head.files).length &&
      files.every(({ name, size, changedAt }) => head.files[name] === size && changedAt <= compiledAt);
    // A file that was not written to its end has fewer lines.
    const isWhole = lines.length === 1 + head.packs.reduce((sum, { rules }) => sum + rules.length, 0);
    if (!isCurrent || !isWhole) return null;
    let line = 1;
    return head.packs.map((pack) => ({ ...pack, rules: pack.rules.map((rule) => withText(rule, lines[line++]!)) }));
  } catch {
    return null; // no build, or not a whole one: the YAML is read
  }
}

/**
 * Writes the packs, which must be those of the rules folder; `npm run build` does.
 * @param needs what every match of a rule contains, which is compiled as well
 */
export function writeCompiled(packs: readonly RulePack[], needs: (rule: Rule) => Needs): void {
  const head: Head = {
    version: VERSION,
    files: Object.fromEntries(ruleFiles().map(({ name, size }) => [name, size])),
    packs: packs.map((pack) => ({
      ...pack,
      needs: Object.fromEntries(pack.rules.map((rule) => [rule.id, needs(rule)])),
      rules: pack.rules.map(headOf),
    })),
  };
  const lines = [head, ...packs.flatMap(({ rules }) => rules).map(textOf)];
  writeFileSync(COMPILED, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function textOf({ title, products, cause, solutions, references, notThisIf, examples }: Rule): RuleText {
  return { title, products, cause, solutions, references, notThisIf, examples };
}

function headOf(rule: Rule): RuleHead {
  const { title, products, cause, solutions, references, notThisIf, examples, ...head } = rule;
  return { ...head, file: path.relative(RULES_FOLDER, path.resolve(rule.file)) };
}

function withText(head: RuleHead, line: Buffer): Rule {
  let parsed: RuleText | null = null;
  const text = () => {
    parsed ??= JSON.parse(line.toString()) as RuleText;
    return parsed;
  };
  return {
    ...head,
    get file() {
      return shownPath(path.join(RULES_FOLDER, head.file)); // three hundred of them take 2 ms
    },
    get title() {
      return text().title;
    },
    get products() {
      return text().products;
    },
    get cause() {
      return text().cause;
    },
    get solutions() {
      return text().solutions;
    },
    get references() {
      return text().references;
    },
    get notThisIf() {
      return text().notThisIf;
    },
    get examples() {
      return text().examples;
    },
  };
}

/** The lines that are ended. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

interface RuleFile {
  readonly name: string;
  readonly size: number;
  readonly changedAt: number;
}

/** The YAML files of the rules folder and of the folders in it. Asked one by one, as threads take longer for so many. */
function ruleFiles(): RuleFile[] {
  return yamlFiles('', (folder) => yamlFiles(folder, () => []));
}

function yamlFiles(folder: string, enter: (folder: string) => RuleFile[]): RuleFile[] {
  return readdirSync(RULES_FOLDER + folder, { withFileTypes: true }).flatMap((entry: Dirent) => {
    const name = `${folder}/${entry.name}`;
    const isYaml = name.endsWith('.yaml');
    if (entry.isFile() && !isYaml) return [];
    if (entry.isDirectory()) return enter(name);
    const stats = statSync(RULES_FOLDER + name);
    if (stats.isDirectory()) return enter(name);
    return isYaml ? [{ name, size: stats.size, changedAt: stats.mtimeMs }] : [];
  });
}
