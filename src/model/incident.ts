import type { Confidence, Reference, Severity, Status } from './rule.js';

/** Version of the way in which ids and unknown errors are computed; a change of it makes new ids. */
export const FINGERPRINT_VERSION = 1;

/**
 * Whether what was last seen at `last` still goes on at the end of a log that spans these times (all in milliseconds since
 * 1970): it was seen in the last tenth.
 */
export function goesOn(last: number, oldest: number, newest: number): boolean {
  return last >= newest - (newest - oldest) / 10;
}

/** How often an incident was seen in equal pieces of time; two of them add up exactly. */
export interface Histogram {
  /** Start of the first piece, RFC 3339; a multiple of `step` since 1970. */
  readonly from: string;
  /** Seconds; a power of two. */
  readonly step: number;
  readonly counts: readonly number[];
}

/** Where an incident was seen. */
export interface Evidence {
  readonly origin: string;
  readonly line: number;
  readonly endLine: number;
  readonly offset: number;
  /** RFC 3339 in UTC, or null. */
  readonly at: string | null;
  /** The time as the log prints it. */
  readonly atText: string | null;
  readonly level: string | null;
  readonly thread: string | null;
  readonly logger: string | null;
  readonly user: string | null;
  readonly requestId: string | null;
  readonly url: string | null;
  /** What the record says: at most 4 KiB of whole lines, masked. */
  readonly text: string;
  /** True if `text` or the record itself leaves something out. */
  readonly cut: boolean;
  /** The same record in other inputs of the same node: `origin:line`. */
  readonly copies: readonly string[];
  /** Lines before and after, only with `--context`. */
  readonly context?: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export interface ExceptionSummary {
  readonly type: string;
  readonly rootType: string;
  readonly rootMessage: string;
  /** Class names from the outermost to the root cause. */
  readonly chain: readonly string[];
}

/** The remedy that holds on the day of reading. */
export interface ShownSolution {
  readonly summary: string;
  readonly steps: readonly string[];
  readonly validFrom: string | null;
  /** First day on which it no longer holds. */
  readonly validUntil: string | null;
  /** Summary of the remedy that follows, if one is known. */
  readonly next: string | null;
}

export const INCIDENT_EVENTS = ['found', 'opened', 'updated', 'resolved', 'withdrawn'] as const;
export type IncidentEvent = (typeof INCIDENT_EVENTS)[number];

/** Fields that incidents, notices and unknown errors share. */
export interface Finding {
  readonly schema: 'logscan.incident/1';
  /** The same in every run, on every node, in scan and tail. */
  readonly id: string;
  /** A scan finds; in tail an incident lives. */
  readonly event: IncidentEvent;
  /** Grows with every report of the same incident. */
  readonly revision: number;
  readonly title: string;
  readonly severity: Severity | null;
  readonly confidence: Confidence | null;
  readonly products: readonly string[];
  readonly count: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly timeKnown: boolean;
  readonly zoneAssumed: boolean;
  readonly histogram: Histogram | null;
  readonly captures: Readonly<Record<string, string>>;
  readonly cause: string | null;
  readonly solution: ShownSolution | null;
  readonly references: readonly Reference[];
  readonly notThisIf: string | null;
  readonly checked: string | null;
  readonly applies: boolean | null;
  readonly appliesReason: string | null;
  readonly fixedIn: Readonly<Record<string, string>> | null;
  readonly exception: ExceptionSummary | null;
  readonly evidence: readonly Evidence[];
  readonly related: readonly {
    readonly origin: string;
    readonly line: number;
    readonly at: string | null;
    readonly text: string;
  }[];
  readonly nodes: readonly { readonly name: string; readonly count: number }[];
  readonly alsoMatched: readonly string[];
  readonly state: 'new' | 'known' | 'gone' | 'suppressed' | null;
  readonly duplicatePossible: boolean;
  /** Only in tail: how often it was opened, how often it was seen since, and whether its last record may still grow. */
  readonly episode?: number;
  readonly episodeCount?: number;
  readonly provisional?: boolean;
}

export interface RuleSummary {
  readonly id: string;
  readonly pack: string;
  readonly status: Status;
  readonly tags: readonly string[];
}

/** A known problem, folded over all its occurrences. */
export interface Incident extends Finding {
  readonly kind: 'incident' | 'notice';
  readonly rule: RuleSummary;
  readonly severity: Severity;
}

/** Errors that no rule knows, folded. */
export interface UnknownError extends Finding {
  readonly kind: 'unknown';
  readonly rule: null;
  /** The message with its changing parts masked. */
  readonly template: string;
  readonly fingerprintVersion: number;
}
