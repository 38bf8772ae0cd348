import type { LogStatus, TailStatus } from '../../src/model/tail-status.js';

/** A log that is read to its end. */
export function logStatus(parts: Partial<LogStatus> = {}): LogStatus {
  const path = parts.path ?? '/log/jira.log';
  return { path, file: path, offset: 1000, behind: 0, behindSeconds: 0, trouble: null, ...parts };
}

/** A tail of one log that is doing well. */
export function tailStatus(parts: Partial<TailStatus> = {}): TailStatus {
  return {
    logs: [logStatus()],
    openFiles: 1,
    bytes: 1000,
    lines: 10,
    records: 5,
    cutLines: 0,
    cutRecords: 0,
    lostBytes: { truncated: 0, vanished: 0, unreadable: 0 },
    losses: { truncated: 0, vanished: 0, unreadable: 0 },
    late: 0,
    duplicatesPossible: 0,
    withheld: 0,
    checkpointAge: 0.4,
    checkpointTrouble: null,
    incidents: [],
    ruleSeconds: {},
    ...parts,
  };
}
