/**
 * How a rule and a pack are written. The one place that says so: validation, the JSON Schema for editors and the
 * documentation of the keys come from here. What a rule means is `model/rule.ts`.
 */
import { z } from 'zod';
import { LEVELS } from '../model/level.js';
import { CONFIDENCES, POSITIONS, ROLES, SEVERITIES, STATUSES } from '../model/rule.js';

const TEXT = 'a text that is not empty';
const DATE = 'a date like 2026-12-01';
const STATUS = 'a number from 100 to 599';
const DURATION = 'a duration like 30s, 5m, 2h or 1d';
const RULE_ID = 'a rule id like gij/azure-devops-profile-401';

const VERSION = 'a version like 1';
const PATH = 'a path that begins with / or ..., in which {name} and * are whole segments';
const PATH_TEMPLATE = /^(?=\/|\.\.\.)(?:\.\.\.)?(?:\/(?:\{\w+\}|\*|(?!\.\.\.\/)[^/{}*]*))*$/;

/** Every message says what was wanted; the parser adds what was found. */
const expected = (what: string) => `expected ${what}`;
const text = () => z.string({ error: expected(TEXT) }).regex(/\S/, { error: expected(TEXT) });
const matching = (shape: RegExp, what: string) =>
  z.string({ error: expected(what) }).regex(shape, { error: expected(what) });
const oneOf = <const T extends readonly string[]>(words: T) =>
  z.enum(words, { error: expected(`one of ${words.join(', ')}`) });
const list = <T extends z.ZodType>(item: T, what: string) =>
  z.array(item, { error: expected(`a list of ${what}`) }).min(1, { error: expected(`at least one of ${what}`) });
const oneOrMany = <T extends z.ZodType>(item: T, what: string) => z.union([item, list(item, what)]);

const date = () => matching(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, DATE);
const duration = () => matching(/^[1-9]\d{0,6}[smhd]$/, DURATION);
const ruleId = () => matching(/^[a-z\d][a-z\d-]*\/[a-z\d][a-z\d-]*$/, RULE_ID);
const status = () =>
  z
    .int({ error: expected(STATUS) })
    .min(100, { error: expected(STATUS) })
    .max(599, { error: expected(STATUS) });
const captureName = () => matching(/^[A-Za-z_][\w.]*$/, 'the name of a capture like http.host or org');
const versions = () => z.record(text(), matching(/^[\w.<>=|, -]+$/, 'a version or a range like ">=9.4 <9.12.3"'));

const throwable = z.strictObject({
  type: oneOrMany(text(), 'class names').optional().describe('Class name: full, with * as a glob, or its last parts'),
  message: text().optional().describe('Pattern that the message contains'),
  frame: oneOrMany(text(), 'class names').optional().describe('Class, or class and method, that stands in a frame'),
  position: oneOf(POSITIONS).optional().describe('Which throwable of the chain: any (default), outermost or root'),
});

const http = z.strictObject({
  status: oneOrMany(status(), 'status codes').optional().describe('Status of the failed call'),
  method: oneOrMany(text(), 'HTTP methods').optional().describe('GET, POST, ...'),
  host: oneOrMany(text(), 'hosts').optional().describe('Host name, or a glob like *.visualstudio.com'),
  path: oneOrMany(matching(PATH_TEMPLATE, PATH), 'paths')
    .optional()
    .describe('Path template: {name} captures one segment, * stands for one, ... at an end for any number'),
});

const LEVEL_WORD = oneOf([...LEVELS, ...LEVELS.map((level) => `>=${level}` as const)]);

const condition = z.strictObject({
  text: oneOrMany(text(), 'texts').optional().describe('Literal text, or a list of which one is needed'),
  pattern: oneOrMany(text(), 'patterns')
    .optional()
    .describe('Regular expression of the linear engine; named groups capture'),
  level: oneOrMany(LEVEL_WORD, 'levels')
    .optional()
    .describe('Level of the record, or >=WARN; a record without a level passes'),
  logger: oneOrMany(text(), 'loggers').optional().describe('Logger name: full, with * as a glob, or its last parts'),
  throwable: throwable.optional().describe('An exception of the record; all parts hold for the same one'),
  http: http.optional().describe('A failed HTTP call of the record; all parts hold for the same one'),
  file: oneOrMany(text(), 'file globs').optional().describe('Glob on the name of the input'),
  marker: oneOrMany(matching(/^[a-z\d-]+(?:\/[a-z\d-]+)?$/, 'the name of a marker of _pack.yaml'), 'markers')
    .optional()
    .describe('Named condition of _pack.yaml; of another pack as pack/name'),
  get all() {
    return z
      .array(condition, { error: expected('a list of conditions') })
      .min(1, { error: expected('at least one condition') })
      .optional()
      .describe('Conditions that all hold');
  },
  get any() {
    return z
      .array(condition, { error: expected('a list of conditions') })
      .min(1, { error: expected('at least one condition') })
      .optional()
      .describe('Conditions of which one holds');
  },
  get none() {
    return z
      .array(condition, { error: expected('a list of conditions') })
      .min(1, { error: expected('at least one condition') })
      .optional()
      .describe('Conditions of which none holds');
  },
});
export type ConditionFile = z.infer<typeof condition>;

const solution = z.strictObject({
  from: date().optional().describe('First day on which it holds'),
  until: date().optional().describe('First day on which it no longer holds'),
  summary: text().describe('The remedy in one line'),
  steps: list(text(), 'steps').describe('What to do, in order'),
});

const matchExample = z.strictObject({
  log: text().describe('A whole record as the product prints it'),
  file: text().optional().describe('Name of the file in which it stands'),
  captures: z
    .record(text(), z.string({ error: expected('a text') }))
    .optional()
    .describe('What must be captured'),
  also: z.array(ruleId()).optional().describe('Rules that may match this log beside this one'),
});

const ignoreExample = z.strictObject({
  log: text().describe('A whole record'),
  file: text().optional().describe('Name of the file in which it stands'),
  because: text().describe('Why it is not this problem'),
});

const when = z.strictObject({
  count: z
    .int({ error: expected('a number of at least 2') })
    .min(2, { error: expected('a number of at least 2') })
    .optional()
    .describe('From so many matches on'),
  after: ruleId().optional().describe('Only after a match of this rule'),
  within: duration().describe('In this time of the log, like 5m'),
  by: z.array(captureName()).optional().describe('Captures that must be equal; groupBy if absent'),
});

export const ruleFile = z.strictObject({
  title: text().describe('The problem in one line; {capture} puts in what was found'),
  severity: oneOf(SEVERITIES).describe('Weight of the problem; info is a notice, never an incident'),
  status: oneOf(STATUSES).describe('How sure the wording is: stable if it was seen in a real log or source'),
  confidence: oneOf(CONFIDENCES).describe('How sure the diagnosis is when the rule matches'),
  products: list(text(), 'product names').describe('Whose logs show it'),
  tags: z
    .array(matching(/^[a-z\d][a-z\d-]*$/, 'a tag of lower-case letters, digits and hyphens'))
    .optional()
    .describe('For --only and for finding it'),
  match: condition.describe('What a record must say; the keys of one mapping all hold'),
  groupBy: z.array(captureName()).optional().describe('Captures that tell two incidents apart'),
  supersedes: z.array(ruleId()).optional().describe('Rules that lose to this one in the same record'),
  role: oneOf(ROLES).optional().describe('cause (default); an umbrella loses to causes, a fallback to all others'),
  appliesTo: versions().optional().describe('Product and version range, held against the facts'),
  fixedIn: versions().optional().describe('Product and the version that cures it'),
  when: when.optional().describe('An incident only from so many matches in a time, or only after another rule'),
  cause: text().describe('Why it happens'),
  solutions: z
    .array(solution, { error: expected('a list of solutions') })
    .min(1, { error: 'no solution; a rule needs at least one that can be followed' })
    .describe('What to do; the first one that holds on the day of reading is shown'),
  references: z
    .array(z.strictObject({ title: text(), url: matching(/^https?:\/\/\S+$/, 'an http or https address') }))
    .optional()
    .describe('Pages of the vendor'),
  checked: date().optional().describe("The day on which the vendor's page was read"),
  notThisIf: text().optional().describe('What looks alike and is another problem'),
  examples: z
    .strictObject(
      {
        matches: z
          .array(matchExample, { error: 'no example; a rule needs at least one log that it must match' })
          .min(1, { error: 'no example; a rule needs at least one log that it must match' })
          .describe('Logs that it must match'),
        ignores: z.array(ignoreExample).optional().describe('Logs that it must leave alone'),
      },
      { error: 'no example; a rule needs at least one log that it must match' },
    )
    .describe('Logs: its tests, and what explain shows'),
});
export type RuleFile = z.infer<typeof ruleFile>;

export const packFile = z.strictObject({
  title: text().describe('What the pack is about'),
  version: z
    .union([z.string({ error: expected(VERSION) }), z.number({ error: expected(VERSION) })])
    .describe('Of the pack'),
  markers: z
    .record(matching(/^[a-z\d-]+$/, 'a marker name'), condition)
    .optional()
    .describe('Named conditions of the pack'),
});
export type PackFile = z.infer<typeof packFile>;

/** The JSON Schema (2020-12) of a rule file, for editors and for `logscan schema rule`. */
export function ruleJsonSchema(): unknown {
  return {
    $id: 'https://logscan.dev/schema/rule-1.json',
    title: 'logscan rule',
    ...z.toJSONSchema(ruleFile, { target: 'draft-2020-12', io: 'input' }),
  };
}
