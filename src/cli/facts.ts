/** `logscan facts INPUT...`: what is known of the installation, and the place of each fact. */
import { type ReportObject, scan, toReport } from '../index.js';
import { factsReport } from '../reporters/facts.js';
import { ndjsonLine } from '../reporters/ndjson.js';
import { type Context, toLook } from './context.js';
import { messages } from './messages.js';
import type { CommonArgs, FactArgs } from './options.js';
import { EXIT } from './status.js';

export type FactsCommandArgs = FactArgs & CommonArgs & { inputs?: (string | number)[] | undefined };

export async function runFacts(args: FactsCommandArgs, context: Context): Promise<number> {
  const inputs = (args.inputs ?? []).map(String);
  if (inputs.length === 0) {
    context.warn(messages.noFactsInput);
    return EXIT.usage;
  }
  const objects = scan(inputs, {
    factsOnly: true,
    redact: args.redact,
    diagnostics: { problem: (problem) => context.warn(messages.problem(problem)) },
  });
  const report = await toReport(args.format === 'ndjson' ? written(objects, context) : objects);
  if (args.format !== 'ndjson') {
    await context.stdout.write(factsReport(report, toLook(args, context, report.run.asOf, 0)));
  }
  return report.summary.coverage.unreadableFiles > 0 ? EXIT.unreadable : EXIT.ok;
}

async function* written(objects: AsyncIterable<ReportObject>, context: Context): AsyncGenerator<ReportObject> {
  for await (const object of objects) {
    await context.stdout.write(ndjsonLine(object));
    yield object;
  }
}
