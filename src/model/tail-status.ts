import type { Severity } from './rule.js';

/** Why bytes were lost; the reasons of a loss report, and the label of its metric. */
export const LOSS_REASONS = ['truncated', 'vanished', 'unreadable'] as const;
export type LossReason = (typeof LOSS_REASONS)[number];

/** One log that is followed. */
export interface LogStatus {
  readonly path: string;
  /** The file that is read now: the log itself or a backup of it; null if none is there. */
  readonly file: string | null;
  /** Position up to which that file was read. */
  readonly offset: number;
  /** Bytes of the log, backups included, that are still to be read. */
  readonly behind: number;
  /** Seconds since the oldest of them was seen; 0 if there are none. */
  readonly behindSeconds: number;
  /** What keeps it from being read; null if nothing does. */
  readonly trouble: string | null;
}

/** How a tail is doing: what SIGUSR2 prints, and what the metrics are made of. Counts are since the process began. */
export interface TailStatus {
  /** Also directories that may not be listed, as nobody knows of the logs in them. */
  readonly logs: readonly LogStatus[];
  readonly openFiles: number;
  readonly bytes: number;
  readonly lines: number;
  readonly records: number;
  readonly cutLines: number;
  readonly cutRecords: number;
  /** Bytes that are known to be lost, by reason. */
  readonly lostBytes: Readonly<Record<LossReason, number>>;
  /** How often something was lost, also where the number of bytes is not known. */
  readonly losses: Readonly<Record<LossReason, number>>;
  /** Matches that came too late for the window of their rule. */
  readonly late: number;
  /** Events that were flagged `duplicatePossible`. */
  readonly duplicatesPossible: number;
  /** Events that nobody was told of, as something that was masked would have stood in them all the same. */
  readonly withheld: number;
  /** Seconds since the last checkpoint was written; null before the first. */
  readonly checkpointAge: number | null;
  /** Why the last checkpoint could not be written; null if it could. */
  readonly checkpointTrouble: string | null;
  /** Incidents by rule, since the state directory was made. */
  readonly incidents: readonly {
    readonly rule: string;
    readonly severity: Severity;
    /** Sightings. */
    readonly count: number;
    /** How many are open now. */
    readonly open: number;
  }[];
  /** Seconds that were spent in each rule's conditions. */
  readonly ruleSeconds: Readonly<Record<string, number>>;
}
