/** `logscan facts INPUT...`: what is known of the installation, and the place of each fact. */
import { type LeakCheck, type ReportObject, scan, toReport } from '../index.js';
import { factsReport } from '../reporters/facts.js';
import { ndjsonLine } from '../reporters/ndjson.js';
import { type Context, toLook } from './context.js';
import { messages } from './messages.js';
import type { CommonArgs, FactArgs } from './options.js';
import { readRedactKey } from './redact-key.js';
import { checkLeaks } from './scan.js';
import { EXIT } from './status.js';

export type FactsCommandArgs = FactArgs & CommonArgs & { inputs?: (string | number)[] | undefined };

export async function runFacts(args: FactsCommandArgs, context: Context): Promise<number> {
  const inputs = (args.inputs ?? []).map(String);
  if (inputs.length === 0) {
    context.warn(messages.noFactsInput);
    return EXIT.usage;
  }
  const redactKey = await readRedactKey(args['redact-key'], (text) => context.warn(text));
  let leakIn: LeakCheck = () => null;
  const objects = scan(inputs, {
    factsOnly: true,
    redact: args.redact,
    ...(redactKey === null ? {} : { redactKey }),
    leaks: (check) => (leakIn = check),
    diagnostics: { problem: (problem) => context.warn(messages.problem(problem)) },
  });
  const seen: ReportObject[] = [];
  for await (const object of objects) seen.push(object);
  const report = await toReport(seen);
  const texts =
    args.format === 'ndjson' ? seen.map(ndjsonLine) : [factsReport(report, toLook(args, context, report.run.asOf, 0))];
  checkLeaks([{ path: null, format: 'ndjson' }], () => texts, leakIn);
  for (const text of texts) await context.stdout.write(text);
  return report.summary.coverage.unreadableFiles > 0 ? EXIT.unreadable : EXIT.ok;
}
