/** `logscan rules list|show|check|test|new`: the rules themselves. */
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { loadRules, type Rule, RuleError } from '../index.js';
import { InputError } from '../model/source.js';
import { isAppFrame, maskMessage } from '../pipeline.js';
import { escapeTerminal } from '../reporters/escape.js';
import { explainPage } from '../reporters/explain.js';
import { draftRule } from '../rules/draft.js';
import { parseRule } from '../rules/parse.js';
import { RULES_FOLDER } from '../rules/places.js';
import { problemText } from '../rules/problem.js';
import { readPacks } from '../rules/read.js';
import { ruleJsonSchema } from '../rules/schema.js';
import { packSkeleton, ruleSkeleton } from '../rules/skeleton.js';
import { type HealthyLog, type RuleFinding, verifyRules } from '../verify.js';
import { rivalsOf, sightingAt } from '../why.js';
import { type Context, dayOf, toLook } from './context.js';
import { placeIn, ruleNamed } from './explain.js';
import { messages, UsageError } from './messages.js';
import { type CommonArgs, isColoured, type RuleArgs } from './options.js';
import { EXIT } from './status.js';

type Args = RuleArgs & CommonArgs;

/** Logs in which no rule may win; they are in the repository, not in the package. */
const HEALTHY = fileURLToPath(new URL('../../../samples/healthy', import.meta.url));

export async function runList(args: Args, context: Context): Promise<number> {
  const packs = await loadRules(args.rules);
  const rules = packs.flatMap((pack) => pack.rules);
  const width = Math.max(...rules.map((rule) => rule.id.length), 0);
  const lines = rules.map(
    (rule) =>
      `${rule.severity.padEnd(8)}  ${rule.status.padEnd(12)}  ${rule.id.padEnd(width)}  ${escapeTerminal(rule.title)}\n`,
  );
  await context.stdout.write(lines.join(''));
  return EXIT.ok;
}

export async function runShow(args: Args & { id: string }, context: Context): Promise<number> {
  const packs = await loadRules(args.rules);
  const rule = ruleNamed(
    args.id,
    packs.flatMap((pack) => pack.rules),
  );
  await context.stdout.write(explainPage(rule, toLook(args, context, dayOf(args), 0)));
  return EXIT.ok;
}

export async function runCheck(args: Args & { path?: string }, context: Context): Promise<number> {
  try {
    const { checked, findings } = await verify(args);
    for (const { rule, line, message } of findings)
      await context.stdout.write(`${rule.file}:${line}: ${rule.id}: ${escapeTerminal(message)}\n`);
    const files = new Set(findings.map(({ rule }) => rule)).size;
    await context.stdout.write(
      findings.length === 0
        ? `${many(checked.length, 'rule')}, nothing to find fault with\n`
        : `${many(findings.length, 'finding')} in ${files} of ${many(checked.length, 'rule')}\n`,
    );
    return findings.length === 0 ? EXIT.ok : EXIT.findings;
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    for (const problem of error.problems) await context.stdout.write(`${escapeTerminal(problemText(problem))}\n`);
    await context.stdout.write(`${many(error.problems.length, 'problem')}; the rules cannot be read\n`);
    return EXIT.findings;
  }
}

export async function runTest(args: Args & { path?: string }, context: Context): Promise<number> {
  const paint = pc.createColors(isColoured(args.color, process.stdout));
  try {
    const { checked, findings } = await verify(args);
    const width = Math.max(...checked.map((rule) => rule.id.length), 0);
    let failed = 0;
    for (const rule of checked) {
      const own = findings.filter((finding) => finding.rule === rule && finding.kind !== 'flaw');
      const { matches, ignores } = rule.examples;
      if (own.length === 0)
        await context.stdout.write(
          ` ${paint.green('passed ')}  ${rule.id.padEnd(width)}  ${matches.length} match, ${ignores.length} ignore\n`,
        );
      else failed++;
      for (const { kind, line, message } of own)
        await context.stdout.write(
          ` ${paint.red(kind.padEnd(7))}  ${rule.id.padEnd(width)}  ${escapeTerminal(message)}   ${rule.file}:${line}\n`,
        );
    }
    await context.stdout.write(`${checked.length - failed} of ${many(checked.length, 'rule')} passed\n`);
    return failed === 0 ? EXIT.ok : EXIT.findings;
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    for (const problem of error.problems)
      await context.stdout.write(` ${paint.red('broken ')}  ${escapeTerminal(problemText(problem))}\n`);
    return EXIT.findings;
  }
}

/** The findings about the rules at `path`, which run beside the shipped ones and those of --rules. */
async function verify(
  args: Args & { path?: string },
): Promise<{ checked: readonly Rule[]; findings: readonly RuleFinding[] }> {
  const shipped = path.resolve(RULES_FOLDER);
  const target = args.path === undefined ? shipped : path.resolve(args.path);
  if (!(await exists(target))) throw new UsageError(`rules: ${args.path}: no such file or folder`);
  const isShipped = target === shipped || target.startsWith(shipped + path.sep);
  const packs = await readPacks([shipped, ...args.rules, ...(isShipped ? [] : [target])]);
  const all = packs.flatMap((pack) => pack.rules);
  const checked = all.filter((rule) => `${path.resolve(rule.file)}${path.sep}`.startsWith(`${target}${path.sep}`));
  if (checked.length === 0) throw new UsageError(`rules: no rule at ${args.path}`);
  return { checked, findings: verifyRules(checked, all, await healthyLogs(), dayOf(args)) };
}

async function healthyLogs(): Promise<HealthyLog[]> {
  const names = await readdir(HEALTHY).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name !== 'README.md')
      .map(async (name) => ({
        name: `samples/healthy/${name}`,
        text: await readFile(path.join(HEALTHY, name), 'utf8'),
      })),
  );
}

export async function runNew(args: { id: string; from?: string | undefined }, context: Context): Promise<number> {
  const parts = /^([a-z\d][a-z\d-]*)\/([a-z\d][a-z\d-]*)$/.exec(args.id);
  if (!parts) throw new UsageError(`rules new: expected an id like acme/login-loop, found "${args.id}"`);
  const [, pack, name] = parts as unknown as [string, string, string];
  const folder = path.join('rules', pack);
  const file = path.join(folder, `${name}.yaml`);
  if (await exists(file)) throw new UsageError(`rules new: ${file} exists already; choose another id, or edit it`);
  const packFile = path.join(folder, '_pack.yaml');
  const hasPack = await exists(packFile);
  let draft: Draft;
  try {
    draft =
      args.from === undefined
        ? { text: ruleSkeleton(args.id), said: `Next: fill it in, then  logscan rules test ${folder}\n` }
        : await draftFrom(args.from, args.id, folder, hasPack ? [folder] : []);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.warn(messages.problem(error));
    return EXIT.usage;
  }
  await mkdir(folder, { recursive: true });
  if (!hasPack) await writeFile(packFile, packSkeleton(pack));
  const schemaFile = path.join('rules', 'rule.schema.json');
  if (!(await exists(schemaFile))) await writeFile(schemaFile, `${JSON.stringify(ruleJsonSchema(), null, 2)}\n`);
  await writeFile(file, draft.text);
  await context.stdout.write(`wrote ${file}\n${draft.said}Use it: logscan jira.log --rules ${folder}\n`);
  return EXIT.ok;
}

interface Draft {
  readonly text: string;
  /** What is to be done with it. */
  readonly said: string;
}

/**
 * A rule for the record at a place; those that match it as well are named in it.
 * @throws UsageError, or InputError if there is no record
 */
async function draftFrom(from: string, id: string, folder: string, own: readonly string[]): Promise<Draft> {
  const place = placeIn(from, '--from');
  const seen = await sightingAt(place.file, place.line);
  const alone = draftRule(id, seen, [], { maskMessage, isAppFrame });
  const { value: rule, document } = parseRule(id, id, alone, new Map());
  if (rule === null) throw new RuleError(document.problems);
  const packs = await loadRules(own);
  const rivals = rivalsOf(
    rule,
    packs.flatMap((pack) => pack.rules),
    seen.record,
  );
  const lines = seen.line === seen.endLine ? `line ${seen.line}` : `lines ${seen.line} to ${seen.endLine}`;
  const known =
    rivals.length === 0
      ? ''
      : `Known already: ${rivals.join(', ')}; under also: for now. Name under supersedes: what yours says better.\n`;
  return {
    text: rivals.length === 0 ? alone : draftRule(id, seen, rivals, { maskMessage, isAppFrame }),
    said: `It is drafted from ${lines}, with secrets masked: replace names, hosts and addresses by invented ones.\n${known}Next: write what says TODO, then  logscan rules test ${folder}\n`,
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
