/** `logscan rules docs`: a folder of Markdown pages, one a rule, that holds what the rules say and nothing else. */
import { mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { loadRules } from '../index.js';
import { escapeTerminal } from '../reporters/escape.js';
import { counted } from '../reporters/numbers.js';
import { INDEX_PAGE, PAGE_MARK, rulePages } from '../reporters/rule-pages.js';
import { writeWhole } from '../sinks/file.js';
import type { Context } from './context.js';
import { messages, UsageError } from './messages.js';
import type { CommonArgs, RuleArgs } from './options.js';
import { EXIT } from './status.js';

export type DocsArgs = Pick<RuleArgs, 'rules'> & CommonArgs & { out: string; check: boolean };

/** A page that is not what the rules say. */
export interface StalePage {
  /** In its folder, with slashes: `jira/home-locked.md`. */
  readonly name: string;
  readonly what: 'missing' | 'changed' | 'gone';
}

type Pages = ReadonlyMap<string, string>;

export async function runDocs(args: DocsArgs, context: Context): Promise<number> {
  const packs = await loadRules(args.rules);
  const pages = rulePages(packs.flatMap(({ rules }) => rules));
  const stale = await stalePages(args.out, pages);
  const count = (what: StalePage['what']) => stale.filter((page) => page.what === what).length;
  if (args.check) {
    for (const { name, what } of stale)
      await context.stdout.write(`${escapeTerminal(path.join(args.out, name))}: ${WHAT[what]}\n`);
    await context.stdout.write(
      stale.length === 0
        ? `${counted(pages.size, 'page')}, all as the rules say\n`
        : `${counted(stale.length, 'stale page')}; logscan rules docs makes them anew\n`,
    );
    return stale.length === 0 ? EXIT.ok : EXIT.findings;
  }
  await renewPages(args.out, pages, stale);
  await context.stdout.write(
    `${counted(pages.size, 'page')} in ${escapeTerminal(args.out)}: ${count('missing')} new, ${count('changed')} changed, ${count('gone')} removed\n`,
  );
  return EXIT.ok;
}

const WHAT: Readonly<Record<StalePage['what'], string>> = {
  missing: 'is missing',
  changed: 'is not what the rules say',
  gone: 'has no rule any more',
};

/**
 * What is to be done to the folder, by name.
 * @throws UsageError if something else than pages stands there
 */
export async function stalePages(folder: string, pages: Pages): Promise<StalePage[]> {
  const there = await pagesIn(folder);
  const stale: StalePage[] = [];
  for (const [name, text] of pages) {
    const found = there.get(name);
    if (found !== text) stale.push({ name, what: found === undefined ? 'missing' : 'changed' });
  }
  for (const name of there.keys()) if (!pages.has(name)) stale.push({ name, what: 'gone' });
  return stale.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws UsageError if a page cannot be written */
export async function renewPages(folder: string, pages: Pages, stale: readonly StalePage[]): Promise<void> {
  for (const { name, what } of stale) {
    const file = path.join(folder, name);
    try {
      if (what === 'gone') {
        await rm(file);
        await rmdir(path.dirname(file)).catch(() => {}); // others are in it
      } else {
        await mkdir(path.dirname(file), { recursive: true });
        await writeWhole(file, pages.get(name)!);
      }
    } catch (error) {
      throw new UsageError(messages.docsNotWritable(file, error as Error));
    }
  }
}

/** The pages that were made before. Ends at the first thing that is none, as a folder may be anything. */
async function pagesIn(folder: string): Promise<Pages> {
  const pages = new Map<string, string>();
  for (const entry of await entriesOf(folder)) {
    if (!entry.isDirectory()) pages.set(entry.name, await pageAt(folder, entry.name, entry.isFile()));
    else
      for (const inner of await entriesOf(path.join(folder, entry.name))) {
        const name = `${entry.name}/${inner.name}`;
        pages.set(name, await pageAt(folder, name, inner.isFile()));
      }
  }
  return pages;
}

async function entriesOf(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(messages.docsNotReadable(folder, error));
  });
}

/** @throws UsageError if it is no page */
async function pageAt(folder: string, name: string, isFile: boolean): Promise<string> {
  const file = path.join(folder, name);
  const couldBe = isFile && (name === INDEX_PAGE || /^[a-z\d-]+\/[a-z\d-]+\.md$/.test(name));
  const text = couldBe ? await textOf(file) : '';
  if (!text.startsWith(PAGE_MARK)) throw new UsageError(messages.docsForeign(file));
  return text;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(messages.docsNotReadable(file, error));
  });
}
