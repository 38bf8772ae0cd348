/**
 * The whole output for each main sample, in the `.expected.ndjson` beside it, and of the first case in Markdown as well. `node dist/test/helpers/golden.js --write`
 * writes them anew.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type ReportObject, scan, toReport } from '../../src/index.js';
import { markdownReport } from '../../src/reporters/markdown.js';
import { ndjsonLine } from '../../src/reporters/ndjson.js';
import { ROOT } from './truths.js';

/** The samples whose whole output is kept, by their paths from the root. */
export const GOLDEN_SAMPLES = [
  'samples/azure-devops/tokens-pats-401.log',
  'samples/gij/azure-devops-profile-401.log',
  'samples/gij/cloud-azure-devops-oauth-401.log',
  'samples/vfunction/issuetracking-config-401.log',
] as const;

/** Those whose report is kept as Markdown. */
export const GOLDEN_MARKDOWN = ['samples/gij/azure-devops-profile-401.log'] as const;

/** The output for a sample on the day of all documented outputs. The working directory must be the root. */
export async function outputFor(sample: string): Promise<string> {
  let text = '';
  for await (const object of objectsFor(sample)) text += ndjsonLine(object);
  return text;
}

/** The same in Markdown. */
export async function markdownFor(sample: string): Promise<string> {
  return markdownReport(await toReport(objectsFor(sample)), 'on');
}

async function* objectsFor(sample: string): AsyncGenerator<ReportObject> {
  for await (const object of scan([sample], { asOf: '2026-11-24' })) yield withoutRun(object);
}

/** The same object in every run: without the clock, the version, and the packs, which grow with every rule. */
function withoutRun(object: ReportObject): ReportObject {
  if (object.kind === 'summary') return { ...object, seconds: 0 };
  if (object.kind !== 'run') return object;
  return { ...object, tool: { ...object.tool, version: '0.0.0' }, startedAt: '2026-11-24T12:00:00.000Z', packs: [] };
}

export function goldenPath(sample: string, suffix: 'ndjson' | 'md' = 'ndjson'): string {
  return `${sample.replace(/\.\w+$/, '')}.expected.${suffix}`;
}

export function goldenText(path: string): string {
  return readFileSync(ROOT + path, 'utf8');
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes('--write')) {
  process.chdir(ROOT);
  for (const sample of GOLDEN_SAMPLES) writeFileSync(goldenPath(sample), await outputFor(sample));
  for (const sample of GOLDEN_MARKDOWN) writeFileSync(goldenPath(sample, 'md'), await markdownFor(sample));
}
