import type { Level } from './level.js';
import type { Needs } from './literal.js';

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
/** What a rule says about the weight of its problem; `info` is a notice, never an incident. */
export type Severity = (typeof SEVERITIES)[number];

export const STATUSES = ['experimental', 'stable', 'deprecated'] as const;
export type Status = (typeof STATUSES)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export const ROLES = ['cause', 'umbrella', 'fallback'] as const;
/** `umbrella` loses to every cause in the same record, `fallback` to every rule that is not a fallback. */
export type Role = (typeof ROLES)[number];

export const POSITIONS = ['any', 'outermost', 'root'] as const;
export type Position = (typeof POSITIONS)[number];

/**
 * What a record must say for a rule to match; a tree, ready to be compiled. Lists inside one condition mean "one of".
 * Markers are already replaced by the condition that they name.
 */
export type Condition =
  | { readonly kind: 'all' | 'any' | 'none'; readonly of: readonly Condition[] }
  | { readonly kind: 'text'; readonly literals: readonly string[] }
  | { readonly kind: 'pattern'; readonly source: string }
  | { readonly kind: 'level'; readonly levels: readonly Level[] }
  | { readonly kind: 'logger'; readonly names: readonly string[] }
  | { readonly kind: 'throwable'; readonly throwable: ThrowableCondition }
  | { readonly kind: 'http'; readonly http: HttpCondition }
  | { readonly kind: 'file'; readonly globs: readonly string[] }
  | { readonly kind: 'marker'; readonly name: string; readonly condition: Condition };

/** All parts that are given must hold for one and the same throwable. */
export interface ThrowableCondition {
  /** Class names: full, glob, or as log layouts abbreviate them. */
  readonly types: readonly string[];
  /** A pattern that the message must contain. */
  readonly message: string | null;
  /** Class names, optionally with a method (`com.acme.Sync.merge`), one of which must be in a frame. */
  readonly frames: readonly string[];
  readonly position: Position;
}

/** All parts that are given must hold for one and the same HTTP failure. */
export interface HttpCondition {
  readonly statuses: readonly number[];
  readonly methods: readonly string[];
  /** Host names or globs (`*.visualstudio.com`), lower case. */
  readonly hosts: readonly string[];
  /** Path templates: `/{org}/_apis/git/...`. */
  readonly paths: readonly string[];
}

/** A remedy and the days on which it holds: from the first (`from`) to before the last (`until`). Dates are `YYYY-MM-DD`. */
export interface Solution {
  readonly from: string | null;
  readonly until: string | null;
  readonly summary: string;
  readonly steps: readonly string[];
}

export interface Reference {
  readonly title: string;
  readonly url: string;
}

/** A log that a rule must match, and what it must capture there. */
export interface MatchExample {
  readonly log: string;
  /** Name of the file that the log is to be read as; decides the family as a real name would. */
  readonly file: string | null;
  readonly captures: Readonly<Record<string, string>>;
  /** Rules that may match this log as well without losing or winning. */
  readonly also: readonly string[];
  readonly line: number;
}

/** A log that a rule must leave alone, and why. */
export interface IgnoreExample {
  readonly log: string;
  readonly file: string | null;
  readonly because: string;
  readonly line: number;
}

/** An incident only from `count` matches `within` that many milliseconds, or only after a match of another rule. */
export interface When {
  readonly count: number | null;
  readonly after: string | null;
  readonly within: number; // milliseconds
  /** Names of captures; null takes the rule's `groupBy`. */
  readonly by: readonly string[] | null;
}

/** What an author wrote, validated and complete; plain data. */
export interface Rule {
  /** Pack and file name: `gij/azure-devops-profile-401`. */
  readonly id: string;
  readonly pack: string;
  /** The file it was read from, for messages. */
  readonly file: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: Status;
  readonly confidence: Confidence;
  readonly products: readonly string[];
  readonly tags: readonly string[];
  readonly match: Condition;
  readonly groupBy: readonly string[];
  readonly supersedes: readonly string[];
  readonly role: Role;
  readonly appliesTo: Readonly<Record<string, string>> | null;
  readonly fixedIn: Readonly<Record<string, string>> | null;
  readonly when: When | null;
  readonly cause: string;
  readonly solutions: readonly Solution[];
  readonly references: readonly Reference[];
  readonly checked: string | null;
  readonly notThisIf: string | null;
  readonly examples: { readonly matches: readonly MatchExample[]; readonly ignores: readonly IgnoreExample[] };
}

export interface RulePack {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly rules: readonly Rule[];
  /** Of compiled packs: by rule id, what every match contains. */
  readonly needs?: Readonly<Record<string, Needs>>;
}

/** The solution that is valid on a day (`YYYY-MM-DD`); null if none is. Of several the first written wins. */
export function solutionOn(rule: Rule, day: string): Solution | null {
  const holds = (s: Solution) => (s.from === null || s.from <= day) && (s.until === null || day < s.until);
  return rule.solutions.find(holds) ?? null;
}
