/** `logscan explain ID` is a rule as a page; `logscan explain --rule ID FILE:LINE` why it does or does not match there. */
import { checkZone, loadRules, type Rule } from '../index.js';
import { nearest } from '../model/nearest.js';
import { InputError } from '../model/source.js';
import { explainPage } from '../reporters/explain.js';
import { whyPage } from '../reporters/why.js';
import { lookAt } from '../why.js';
import { type Context, dayOf, toLook } from './context.js';
import { messages, UsageError } from './messages.js';
import type { CommonArgs, RuleArgs } from './options.js';
import { EXIT } from './status.js';

export type ExplainArgs = RuleArgs &
  CommonArgs & { what?: string | undefined; rule?: string | undefined; timezone: string };

export async function runExplain(args: ExplainArgs, context: Context): Promise<number> {
  if (args.what === undefined) throw new UsageError('explain: expected the id of a rule, or --rule ID FILE:LINE');
  const day = dayOf(args);
  checkZone(args.timezone);
  const packs = await loadRules(args.rules);
  const rules = packs.flatMap((pack) => pack.rules);
  const look = toLook(args, context, day, 0);
  if (args.rule === undefined) {
    await context.stdout.write(explainPage(ruleNamed(args.what, rules), look));
    return EXIT.ok;
  }
  const rule = ruleNamed(args.rule, rules);
  const { file, line } = placeIn(args.what, 'explain --rule');
  try {
    const looked = await lookAt(file, line, rule, rules, args.timezone);
    await context.stdout.write(whyPage(looked, look));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.warn(messages.problem(error));
    return EXIT.usage;
  }
}

/** @throws UsageError if it is not FILE:LINE */
export function placeIn(text: string, option: string): { readonly file: string; readonly line: number } {
  const place = /^(.+):(\d{1,15})$/.exec(text);
  if (!place) throw new UsageError(`${option}: expected FILE:LINE, found "${text}"`);
  return { file: place[1]!, line: Number(place[2]) };
}

/** @throws UsageError with the closest id */
export function ruleNamed(id: string, rules: readonly Rule[]): Rule {
  const rule = rules.find((one) => one.id === id);
  if (rule) return rule;
  throw new UsageError(
    messages.noSuchRule(
      id,
      nearest(
        id,
        rules.map((one) => one.id),
      ),
    ),
  );
}
