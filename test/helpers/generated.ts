/**
 * What stands in the repository and is made from the code: the JSON Schemas, the keys of a rule in rules/README.md, the
 * compiled filter, and the pages of the rules.
 * `npm run generated` writes them anew; generated.test.ts holds them current.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { configJsonSchema } from '../../src/cli/config-schema.js';
import { renewPages, type StalePage, stalePages } from '../../src/cli/rule-docs.js';
import { loadRules } from '../../src/index.js';
import { rulePages } from '../../src/reporters/rule-pages.js';
import { incidentJsonSchema } from '../../src/reporters/schema.js';
import { ruleJsonSchema } from '../../src/rules/schema.js';

const ROOT = new URL('../../../', import.meta.url);
const PAGES = fileURLToPath(new URL('docs/rules', ROOT));
const BEGIN = '<!-- made from src/rules/schema.ts by npm run generated -->\n';
const END = '<!-- end -->\n';

/** Path -> the text that should stand there. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const readme = readFileSync(new URL('rules/README.md', ROOT), 'utf8');
  const before = readme.slice(0, readme.indexOf(BEGIN) + BEGIN.length);
  const after = readme.slice(readme.indexOf(END));
  return new Map([
    ['src/candidates/wasm.ts', await wasmModule()],
    ['schemas/incident.schema.json', `${JSON.stringify(incidentJsonSchema(), null, 2)}\n`],
    ['schemas/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
    ['rules/rule.schema.json', `${JSON.stringify(ruleJsonSchema(), null, 2)}\n`],
    ['rules/README.md', `${before}\n${keysTable(ruleJsonSchema() as Schema)}\n${after}`],
  ]);
}

/** The filter's code as a module: nothing has to be read at run time, and nothing built to run from a checkout. */
async function wasmModule(): Promise<string> {
  const folder = new URL('src/candidates/wasm/', ROOT);
  let code = new Uint8Array(0);
  const { error, stderr } = await asc.main(
    ['filter.ts', '-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd', '-o', 'filter.wasm'],
    {
      readFile: (name) => (existsSync(new URL(name, folder)) ? readFileSync(new URL(name, folder), 'utf8') : null),
      writeFile: (_, contents) => {
        code = contents as Uint8Array<ArrayBuffer>;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`the filter cannot be compiled: ${stderr.toString()}`, { cause: error });
  const lines =
    Buffer.from(code)
      .toString('base64')
      .match(/.{1,116}/g) ?? [];
  return `/** Made from wasm/filter.ts by npm run generated. */\nexport const WASM =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`;
}

/** The pages in docs/rules that are not what the rules say. */
export async function stalePagesOfRules(): Promise<readonly StalePage[]> {
  return stalePages(PAGES, await pagesOfRules());
}

async function pagesOfRules(): Promise<ReadonlyMap<string, string>> {
  return rulePages((await loadRules()).flatMap(({ rules }) => rules));
}

export function currentText(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** All keys of a rule, one a line, in the order in which they are written. */
function keysTable(root: Schema): string {
  const rows: string[] = ['| key | | |', '|---|---|---|'];
  const resolved = (schema: Schema): Schema =>
    schema.$ref ? { ...root.$defs?.[schema.$ref.split('/').at(-1)!], ...schema } : schema;
  const visit = (schema: Schema, prefix: string): void => {
    for (const [name, raw] of Object.entries(schema.properties ?? {})) {
      const key = `${prefix}${name}`;
      const child = resolved(raw);
      const values = child.enum ?? child.anyOf?.find((one) => one.enum)?.enum;
      const needed = schema.required?.includes(name) ? 'needed' : '';
      const says = [child.description ?? '', values ? `One of ${values.join(', ')}` : '']
        .filter((text) => text !== '')
        .join('. ');
      rows.push(`| \`${key}\` | ${needed} | ${says.replaceAll('|', '\\|')} |`);
      if (['all', 'any', 'none'].includes(name)) continue; // conditions again
      if (child.properties) visit(child, `${key}.`);
      else if (child.items) visit(resolved(child.items), `${key}[].`);
    }
  };
  visit(root, '');
  return `${rows.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await generatedFiles()) writeFileSync(new URL(path, ROOT), text);
  await renewPages(PAGES, await pagesOfRules(), await stalePagesOfRules());
}
