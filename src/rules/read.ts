/** [I/O] Folders of YAML files -> rule packs. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import glob from 'fast-glob';
import type { Condition, RulePack } from '../model/rule.js';
import type { YamlDocument } from './document.js';
import { linkRules, type ReadRule } from './link.js';
import { type PackInfo, parsePack, parseRule } from './parse.js';
import { RULES_FOLDER, shownPath } from './places.js';
import { RuleError, type RuleProblem } from './problem.js';

const RULE_ID = /^[a-z\d][a-z\d-]*\/[a-z\d][a-z\d-]*$/;
const PACK_FILE = '_pack.yaml';

/**
 * Reads packs.
 * @param places a rule file, a pack (a folder with `_pack.yaml`) or a folder of packs, each
 * @param compiled the rules of the shipped packs, if they are known: then their files are not read
 * @throws RuleError with every problem of every file
 */
export async function readPacks(
  places: readonly string[],
  compiled: readonly RulePack[] = [],
): Promise<readonly RulePack[]> {
  const problems: RuleProblem[] = [];
  const found = (await Promise.all(places.map((place) => filesOf(place, problems)))).flat();
  const files = new Map(found.map((file) => [path.resolve(file.path), file])); // places may hold each other
  const texts: (RuleFileAt & { readonly text: string })[] = [];
  // One by one: there may be more of them than files may be open.
  for (const [place, file] of files) {
    const isKnown = compiled.length > 0 && !file.isPack && place.startsWith(`${RULES_FOLDER}${path.sep}`);
    if (!isKnown) texts.push({ ...file, text: await readFile(file.path, 'utf8') });
  }

  const documents: YamlDocument[] = [];
  const packs: PackInfo[] = [];
  for (const { path: file, pack, isPack, text } of texts) {
    if (!isPack) continue;
    const { value, document } = parsePack(shownPath(file), pack, text);
    documents.push(document);
    if (value) packs.push(value);
  }
  const markers = new Map<string, Condition>(packs.flatMap((pack) => [...pack.markers]));
  const read: ReadRule[] = [];
  for (const { path: file, pack, isPack, text } of texts) {
    if (isPack) continue;
    if (!RULE_ID.test(`${pack}/${path.basename(file, '.yaml')}`)) {
      const message =
        'the names of a rule file and of its folder make its id: lower-case letters, digits and hyphens only';
      problems.push({ file: shownPath(file), line: 1, column: 1, message });
      continue;
    }
    const { value, document } = parseRule(shownPath(file), `${pack}/${path.basename(file, '.yaml')}`, text, markers);
    documents.push(document);
    if (value) read.push({ rule: value, document });
  }
  const told = () => [...problems, ...documents.flatMap((document) => document.problems)];
  // A rule that could not be read would make its name unknown to others: that would be a second message for one fault.
  if (told().length > 0) throw new RuleError(told());
  const linked = linkRules(
    packs,
    read,
    compiled.flatMap(({ rules }) => rules),
  );
  if (told().length > 0) throw new RuleError(told());
  return linked;
}

interface RuleFileAt {
  readonly path: string;
  readonly pack: string;
  readonly isPack: boolean;
}

async function filesOf(place: string, problems: RuleProblem[]): Promise<RuleFileAt[]> {
  const trouble = (message: string): RuleFileAt[] => {
    problems.push({ file: place, line: 1, column: 1, message });
    return [];
  };
  const found = await stat(place).catch(() => null);
  if (found === null) return trouble('no such file or folder; --rules takes a rule file, a pack or a folder of packs');
  if (found.isFile()) {
    const folder = path.dirname(path.resolve(place));
    const pack = path.join(folder, PACK_FILE);
    const hasPack = (await stat(pack).catch(() => null)) !== null;
    if (!hasPack)
      return trouble(`has no ${PACK_FILE} beside it; a pack is a folder with ${PACK_FILE}, its name begins every id`);
    return [pack, path.resolve(place)].map(toRuleFile);
  }
  const names = await glob(['*.yaml', '*/*.yaml'], { cwd: place, absolute: true, onlyFiles: true });
  const folders = new Set(names.filter((name) => path.basename(name) === PACK_FILE).map((name) => path.dirname(name)));
  const files = names.filter((name) => folders.has(path.dirname(name))).sort();
  if (files.length === 0) return trouble(`has no rules; expected ${PACK_FILE} in it or in its folders`);
  return files.map(toRuleFile);
}

function toRuleFile(file: string): RuleFileAt {
  return { path: file, pack: path.basename(path.dirname(file)), isPack: path.basename(file) === PACK_FILE };
}
