/** The truths beside the samples (samples/README.md), counted by hand, and what a scan says in the same words. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Incident, ReportObject, SummaryObject } from '../../src/index.js';

/** The root of the repository. The paths of samples begin there. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface TrueIncident {
  readonly rule: string;
  readonly count: number;
  /** The lines on which the first and the last record with it begin. */
  readonly first: number;
  readonly last: number;
  /** Those that matter; there may be more. */
  readonly captures?: Readonly<Record<string, string>>;
}

export interface Truth {
  readonly records: number;
  readonly errorRecords: number;
  /** Kinds of errors that no rule knows. */
  readonly unknown?: number;
  /** In the order of their first lines. */
  readonly incidents: readonly TrueIncident[];
}

/** Every sample by its path from the root, `samples/gij/azure-devops-profile-401.log`, with its truth. */
export function truths(): ReadonlyMap<string, Truth> {
  const files = readdirSync(`${ROOT}samples`, { recursive: true })
    .map((name) => `samples/${String(name).replaceAll('\\', '/')}`)
    .sort();
  const found = new Map<string, Truth>();
  for (const file of files.filter((name) => name.endsWith('truth.yaml'))) {
    const written: unknown = parse(readFileSync(`${ROOT}${file}`, 'utf8'));
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    if (file === `${folder}truth.yaml`) {
      for (const [name, truth] of Object.entries(written as Record<string, Truth>)) found.set(folder + name, truth);
    } else {
      const stem = file.slice(0, -'.truth.yaml'.length);
      const sample = files.find((name) => name.startsWith(`${stem}.`) && isSample(name));
      if (sample === undefined) throw new Error(`${file} has no sample`);
      found.set(sample, written as Truth);
    }
  }
  const untold = files.filter((name) => isSample(name) && /\.[^/]*$/.test(name) && !found.has(name));
  if (untold.length > 0) throw new Error(`samples without a truth: ${untold.join(', ')}`);
  return found;
}

/** Archives have a truth of another kind: test/sources/bundle/samples.test.ts holds them against it. */
function isSample(name: string): boolean {
  return (
    !name.startsWith('samples/bundles/') &&
    !/truth\.yaml$|\.expected\.(?:ndjson|md)$|\/README\.md$|\/\.[^/]*$/.test(name)
  );
}

/** What must come out. A rule of a pack that is not shipped yet is not expected. */
export function expectedOf(truth: Truth, packs: readonly string[]): Truth {
  const isShipped = ({ rule }: TrueIncident) => packs.includes(rule.slice(0, rule.indexOf('/')));
  const { records, errorRecords, unknown = 0, incidents } = truth;
  return { records, errorRecords, unknown, incidents: incidents.filter(isShipped) };
}

/** What came out, in the words of the truth: of the captures only those that it names. */
export function foundIn(objects: readonly ReportObject[], truth: Truth): Truth {
  const summary = objects.at(-1) as SummaryObject;
  const incidents = objects
    .filter((object): object is Incident => object.kind === 'incident')
    .map(({ rule, count, evidence, captures }) => ({
      rule: rule.id,
      count,
      first: evidence[0]!.line,
      last: evidence.at(-1)!.line,
      captures,
    }))
    .sort((a, b) => a.first - b.first || (a.rule < b.rule ? -1 : 1));
  return {
    records: summary.coverage.records!,
    errorRecords: summary.coverage.errorRecords!,
    unknown: summary.unknown!,
    incidents: incidents.map(({ captures, ...incident }) => {
      const wanted = truth.incidents.find(({ rule, first }) => rule === incident.rule && first === incident.first);
      if (wanted?.captures === undefined) return incident;
      const names = Object.keys(wanted.captures);
      return { ...incident, captures: Object.fromEntries(names.map((name) => [name, captures[name] ?? '(none)'])) };
    }),
  };
}
