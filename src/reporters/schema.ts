/**
 * How the objects of a report are written, for programs that read them. The types are those of `model/`; the checks at
 * the end of this file fail to compile when one says something else than the other.
 */
import { z } from 'zod';
import { FACT_KEYS } from '../model/fact.js';
import {
  type Evidence,
  type ExceptionSummary,
  type Finding,
  type Histogram,
  INCIDENT_EVENTS,
  type Incident,
  type RuleSummary,
  type ShownSolution,
  type UnknownError,
} from '../model/incident.js';
import type {
  Coverage,
  FactObject,
  HoleObject,
  ProblemObject,
  ReportObject,
  RunObject,
  SummaryObject,
} from '../model/report.js';
import { CONFIDENCES, type Reference, SEVERITIES, STATUSES } from '../model/rule.js';

const text = (what: string) => z.string().describe(what);
const count = (what: string) => z.int().min(0).describe(what);
const countOrNull = (what: string) => z.int().min(0).nullable().describe(`${what}; null if it was not counted`);
const line = (what = 'Number of the line, from 1') => z.int().min(1).describe(what);
const timeOrNull = (what: string) =>
  z.string().nullable().describe(`${what}, RFC 3339 in UTC; null if the log does not tell`);
const day = (what: string) => z.string().describe(`${what}, YYYY-MM-DD`);
const textOrNull = (what: string) => z.string().nullable().describe(what);
const schemaName = z.literal('logscan.incident/1').describe('Fields are only ever added within /1');

const histogram = z
  .object({
    from: text('Start of the first piece, RFC 3339; a multiple of `step` since 1970'),
    step: z.int().min(1).describe('Length of a piece in seconds, a power of two'),
    counts: z.array(z.int().min(0)).describe('Sightings in each piece; at most 64 pieces'),
  })
  .meta({ id: 'histogram', description: 'How often it was seen in equal pieces of time; two of them add up exactly' });

const evidence = z
  .object({
    origin: text('The input: a path, or archive!/member'),
    line: line('Number of the first line, from 1'),
    endLine: line('Number of the last line'),
    offset: count('Position of the first byte in the (decompressed) file'),
    at: timeOrNull('Time of the record'),
    atText: textOrNull('The time as the log prints it'),
    level: textOrNull('TRACE, DEBUG, INFO, WARN, ERROR or FATAL, however the log spells it'),
    thread: textOrNull('Name of the thread'),
    logger: textOrNull('Name of the logger as the log prints it'),
    user: textOrNull('User of the request'),
    requestId: textOrNull('Id of the request'),
    url: textOrNull('Address or path of the request'),
    text: text('What the record says: at most 4 KiB of whole lines, secrets masked'),
    cut: z.boolean().describe('Whether `text` or the record itself leaves something out'),
    copies: z.array(z.string()).describe('The same record in other inputs of the same node, as origin:line'),
    context: z
      .object({ before: z.array(z.string()), after: z.array(z.string()) })
      .exactOptional()
      .describe('Lines before and after the record; only with --context'),
  })
  .meta({ id: 'evidence', description: 'Where it was seen' });

const exception = z
  .object({
    type: text('Class of the outermost exception'),
    rootType: text('Class of the root cause'),
    rootMessage: text('Message of the root cause'),
    chain: z.array(z.string()).describe('Classes from the outermost to the root cause'),
  })
  .meta({ id: 'exception' });

const solution = z
  .object({
    summary: text('The remedy in a sentence'),
    steps: z.array(z.string()),
    validFrom: day('First day on which it holds').nullable(),
    validUntil: day('First day on which it no longer holds').nullable(),
    next: textOrNull('Summary of the remedy that follows; null if none is known'),
  })
  .meta({ id: 'solution', description: 'The remedy that holds on the day of reading' });

const reference = z.object({ title: z.string(), url: z.string() }).meta({ id: 'reference' });

const rule = z
  .object({
    id: text('Pack and name: gij/azure-devops-profile-401'),
    pack: text('The pack that it comes from'),
    status: z.enum(STATUSES),
    tags: z.array(z.string()),
  })
  .meta({ id: 'rule' });

const finding = z.object({
  schema: schemaName,
  id: text('The same in every run, on every node, in scan and tail'),
  event: z
    .enum(INCIDENT_EVENTS)
    .describe('What happened to it: a scan finds; in tail it is opened, updated, resolved, or withdrawn'),
  revision: z.int().min(1).describe('Grows with every report of the same incident'),
  title: text('The problem in one line'),
  severity: z.enum(SEVERITIES).nullable(),
  confidence: z.enum(CONFIDENCES).nullable().describe('How sure the diagnosis is'),
  products: z.array(z.string()),
  count: count('How often it was seen'),
  firstAt: timeOrNull('When it was first seen'),
  lastAt: timeOrNull('When it was last seen'),
  timeKnown: z.boolean().describe('Whether the log tells any time of it'),
  zoneAssumed: z.boolean().describe('Whether a time was printed without a zone, so that --timezone was taken'),
  histogram: histogram.nullable(),
  captures: z.record(z.string(), z.string()).describe('What the rule took out of the first record, by name'),
  cause: textOrNull('Why it happens'),
  solution: solution.nullable(),
  references: z.array(reference).describe('Pages to read'),
  notThisIf: textOrNull('What looks alike and is another problem'),
  checked: day("The day on which the vendor's page was read").nullable(),
  applies: z
    .boolean()
    .nullable()
    .describe(
      'Whether it concerns this installation; null where the facts do not say. What does not is in no number of the summary',
    ),
  appliesReason: textOrNull('The fact that decided `applies`'),
  fixedIn: z.record(z.string(), z.string()).nullable().describe('Product and the version that cures it'),
  exception: exception.nullable(),
  evidence: z.array(evidence).describe('The first sighting and the last ones'),
  related: z
    .array(z.object({ origin: z.string(), line: line(), at: timeOrNull('Time of the record'), text: z.string() }))
    .describe('Other records that belong to it'),
  nodes: z.array(z.object({ name: z.string(), count: count('Sightings on this node') })).describe('Nodes of a cluster'),
  alsoMatched: z.array(z.string()).describe('Ids of rules that match too and that this one wins over'),
  state: z.enum(['new', 'known', 'gone', 'suppressed']).nullable().describe('Against a baseline; null without one'),
  duplicatePossible: z.boolean().describe('Whether it may have been told, or some sightings counted, twice'),
  episode: z.int().min(1).exactOptional().describe('Only in tail: how often it was opened'),
  episodeCount: count('Only in tail: how often it was seen since it was last opened').exactOptional(),
  provisional: z.boolean().exactOptional().describe('Only in tail: whether its last record may still grow'),
});

const ofRule = { rule, severity: z.enum(SEVERITIES) };

export const incidentObject = finding
  .extend({ kind: z.literal('incident'), ...ofRule })
  .meta({ id: 'incident', description: 'A known problem, folded over all its sightings' });

export const noticeObject = finding.extend({ kind: z.literal('notice'), ...ofRule }).meta({
  id: 'notice',
  description: 'What a rule of severity info found; in no count of incidents and in no exit status',
});

export const unknownObject = finding
  .extend({
    kind: z.literal('unknown'),
    rule: z.null(),
    template: text('The message with its changing parts masked'),
    fingerprintVersion: z.int().min(1).describe('Version of the way in which `id` is computed'),
  })
  .meta({ id: 'unknown', description: 'Errors that no rule knows, folded' });

export const runObject = z
  .object({
    kind: z.literal('run'),
    schema: schemaName,
    tool: z.object({ name: z.literal('logscan'), version: z.string() }),
    startedAt: text('RFC 3339 in UTC'),
    asOf: day('The day on which solutions are valid'),
    packs: z.array(z.object({ name: z.string(), version: z.string(), rules: count('How many rules it has') })),
    inputs: z
      .array(
        z.object({ path: z.string(), bytes: z.int().min(0).nullable().describe('Size on disk; null for a stream') }),
      )
      .describe('What was read'),
  })
  .meta({ id: 'run', description: 'The first object of a scan' });

export const factObject = z
  .object({
    kind: z.literal('fact'),
    key: z
      .union([z.enum(FACT_KEYS), z.templateLiteral(['plugin:', z.string()])])
      .describe('What it is about; plugin:KEY is the version of a plugin'),
    value: text('As the product prints it'),
    origin: text('The input that says so: a path, or archive!/member'),
    line: line(),
    node: textOrNull('Which node it is true of; null where nothing tells nodes apart'),
  })
  .meta({
    id: 'fact',
    description: 'What is known of the installation: of each node and key the newest; before incidents',
  });

export const holeObject = z
  .object({
    kind: z.literal('hole'),
    origin: text('The input, or the log that a file is missing of'),
    from: timeOrNull('Where it begins'),
    to: timeOrNull('Where it ends'),
    reason: text('Why nothing can be found there'),
  })
  .meta({ id: 'hole', description: 'Something that the logs cannot show' });

export const problemObject = z
  .object({
    kind: z.literal('problem'),
    code: text('What kind of trouble: input-truncated, bound-exceeded, ...'),
    origin: textOrNull('The input it is about; null if it is about the run'),
    message: text('What was found'),
    remedy: text('What can be done about it'),
  })
  .meta({ id: 'problem', description: 'Trouble with an input, a rule or a bound' });

const coverage = z
  .object({
    files: count('Logs that were opened'),
    bytes: count('Bytes after decompression'),
    lines: count('All lines'),
    records: countOrNull('Records'),
    errorRecords: countOrNull('Records of level ERROR or FATAL, or without a level and with an exception'),
    explained: countOrNull('Error records that a rule matched'),
    unexplained: countOrNull('Error records that no rule matched'),
    cutLines: count('Lines over 1 MiB, of which the rest was not read'),
    cutRecords: count('Records over their bounds, of which the middle was not read'),
    skippedFiles: count('Empty files, and what is no log, inside directories and archives'),
    unreadableFiles: count('Inputs that could not be read to their end'),
  })
  .meta({ id: 'coverage', description: 'How much was read, and how much of it is explained' });

export const summaryObject = z
  .object({
    kind: z.literal('summary'),
    incidents: count('How many incidents there are'),
    unknown: countOrNull('How many kinds of errors no rule knows, written or not'),
    notices: count('How many notices there are'),
    bySeverity: z
      .object({
        critical: count('Incidents'),
        high: count('Incidents'),
        medium: count('Incidents'),
        low: count('Incidents'),
      })
      .describe('Incidents of each severity'),
    coverage,
    seconds: z.number().min(0).describe('How long the run took'),
    firstAt: timeOrNull('The earliest time of all records'),
    lastAt: timeOrNull('The latest time of all records'),
    masked: z
      .array(
        z.object({
          kind: text('password, cookie, jwt ...; under strict also mail, user, host, ip'),
          origin: text('The input'),
          count: count('How often'),
        }),
      )
      .describe('What was masked in evidence, by kind and input, the most frequent first'),
  })
  .meta({ id: 'summary', description: 'The last object of a scan' });

/** Any object of a report. */
export const reportObject = z.discriminatedUnion('kind', [
  runObject,
  factObject,
  incidentObject,
  noticeObject,
  unknownObject,
  holeObject,
  problemObject,
  summaryObject,
]);

/** The JSON Schema (2020-12) of each object of the stream, for `logscan schema incident`. Fields may be added to any. */
export function incidentJsonSchema(): unknown {
  const { $schema, ...rest } = z.toJSONSchema(reportObject, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'https://logscan.dev/schema/incident-1.json',
    title: 'logscan report',
    description: 'One object of a logscan report. A reader ignores kinds and fields that it does not know.',
    ...rest,
  };
}

/** A type without `readonly`, all the way down. */
type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T;
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Same<Schema extends z.ZodType, Model> = Equal<Plain<z.infer<Schema>>, Plain<Model>>;
type OfKind<Kind extends Incident['kind']> = Omit<Incident, 'kind'> & { kind: Kind };
type AllTrue<T extends readonly true[]> = T;

/** Does not compile where a schema and its type differ, in whatever direction. */
export type SchemasAreTheModel = AllTrue<
  [
    Same<typeof histogram, Histogram>,
    Same<typeof evidence, Evidence>,
    Same<typeof exception, ExceptionSummary>,
    Same<typeof solution, ShownSolution>,
    Same<typeof reference, Reference>,
    Same<typeof rule, RuleSummary>,
    Same<typeof finding, Finding>,
    Same<typeof incidentObject, OfKind<'incident'>>,
    Same<typeof noticeObject, OfKind<'notice'>>,
    Same<typeof unknownObject, UnknownError>,
    Same<typeof coverage, Coverage>,
    Same<typeof runObject, RunObject>,
    Same<typeof factObject, FactObject>,
    Same<typeof holeObject, HoleObject>,
    Same<typeof problemObject, ProblemObject>,
    Same<typeof summaryObject, SummaryObject>,
    Equal<z.infer<typeof reportObject>['kind'], ReportObject['kind']>,
  ]
>;
