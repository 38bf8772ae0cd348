/** Whether a tail does its work, for whoever restarts or reports it. */
import type { TailStatus } from '../model/tail-status.js';
import { counted, runTime } from '../reporters/numbers.js';
import { behindOf } from '../reporters/status.js';

/** Longer than this nothing that is there to be done may stay undone. */
const PATIENCE = 60; // seconds
/** So many reasons are told. */
const MOST = 20;

export interface Health {
  readonly status: 'ok' | 'unhealthy';
  /** What is wrong, one sentence each. */
  readonly reasons: readonly string[];
  readonly logs: number;
  readonly openFiles: number;
  readonly behindBytes: number;
  readonly behindSeconds: number;
  readonly checkpointAgeSeconds: number | null;
}

export function toHealth(status: TailStatus): Health {
  const behind = behindOf(status.logs);
  const reasons = reasonsOf(status, behind.bytes);
  return {
    status: reasons.length === 0 ? 'ok' : 'unhealthy',
    reasons:
      reasons.length <= MOST
        ? reasons
        : [...reasons.slice(0, MOST), `and ${counted(reasons.length - MOST, 'more log')}`],
    logs: status.logs.length,
    openFiles: status.openFiles,
    behindBytes: behind.bytes,
    behindSeconds: behind.seconds,
    checkpointAgeSeconds: status.checkpointAge,
  };
}

function reasonsOf({ logs, checkpointAge, checkpointTrouble }: TailStatus, behind: number): string[] {
  const reasons: string[] = [];
  if (checkpointTrouble !== null) reasons.push(`the checkpoint cannot be written: ${checkpointTrouble}`);
  else if (checkpointAge !== null && checkpointAge > PATIENCE && behind > 0)
    reasons.push(`the checkpoint is ${runTime(checkpointAge)} old, and there is something to read`);
  for (const { path, trouble, behindSeconds } of logs) {
    if (trouble !== null && behindSeconds > PATIENCE)
      reasons.push(`${path} was not read for ${runTime(behindSeconds)}: ${trouble}`);
  }
  return reasons;
}
