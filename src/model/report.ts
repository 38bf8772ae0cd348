import type { Problem } from './diagnostics.js';
import type { NodeFact } from './fact.js';
import type { Incident, UnknownError } from './incident.js';
import type { Severity } from './rule.js';

/** How much was read and how much of it is explained. Counts that were not made are null. */
export interface Coverage {
  readonly files: number;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number | null;
  readonly errorRecords: number | null;
  readonly explained: number | null;
  readonly unexplained: number | null;
  readonly cutLines: number;
  readonly cutRecords: number;
  readonly skippedFiles: number;
  readonly unreadableFiles: number;
}

/** How often a kind of value was masked in what is given out of one input. */
export interface MaskedCount {
  readonly kind: string;
  readonly origin: string;
  readonly count: number;
}

export interface RunObject {
  readonly kind: 'run';
  readonly schema: 'logscan.incident/1';
  readonly tool: { readonly name: 'logscan'; readonly version: string };
  readonly startedAt: string;
  /** The day on which solutions are valid, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly packs: readonly { readonly name: string; readonly version: string; readonly rules: number }[];
  readonly inputs: readonly { readonly path: string; readonly bytes: number | null }[];
}

/** What is known of the installation: of each node and key the newest. */
export interface FactObject extends NodeFact {
  readonly kind: 'fact';
}

export interface ProblemObject extends Problem {
  readonly kind: 'problem';
}

export interface SummaryObject {
  readonly kind: 'summary';
  readonly incidents: number;
  readonly unknown: number | null;
  readonly notices: number;
  readonly bySeverity: Readonly<Record<Exclude<Severity, 'info'>, number>>;
  readonly coverage: Coverage;
  readonly seconds: number;
  /** Span of the log's own time, RFC 3339; null where no record has a time. */
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** What was masked in evidence, the most frequent first; at most 1,000 kinds and inputs. */
  readonly masked: readonly MaskedCount[];
}

/** Something that a log cannot show. */
export interface HoleObject {
  readonly kind: 'hole';
  readonly origin: string;
  /** RFC 3339; null if nobody knows. */
  readonly from: string | null;
  readonly to: string | null;
  readonly reason: string;
}

/** Everything that a scan says, one object after the other: `run` first, `summary` last. */
export type ReportObject =
  | RunObject
  | FactObject
  | Incident
  | UnknownError
  | HoleObject
  | ProblemObject
  | SummaryObject;

/** A finished scan. */
export interface Report {
  readonly run: RunObject;
  readonly facts: readonly FactObject[];
  /** In the order in which they are shown: severity, still going on, count. */
  readonly incidents: readonly Incident[];
  readonly notices: readonly Incident[];
  /** Most frequent first; at most as many as asked for. */
  readonly unknown: readonly UnknownError[];
  readonly holes: readonly HoleObject[];
  readonly problems: readonly ProblemObject[];
  readonly summary: SummaryObject;
}
