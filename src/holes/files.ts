/** The names and sizes of logs -> what is missing of them. */
import type { LogHole } from '../model/log-hole.js';

const NUMBERED = /^(.+\.(?:log|out|txt|err))\.(\d{1,3})(?:\.(?:gz|bz2|xz|zst|zip))?$/;
/** Limits to which tools that collect logs cut files, in MiB. */
const LIMITS: ReadonlySet<number> = new Set([25, 50, 100, 200, 250, 500]);
const MIB = 1024 * 1024;

/** Logs whose backups are counted from 1 on and lack a number, where more than one file of them is there. */
export function missingBackups(origins: readonly string[]): LogHole[] {
  const logs = new Map<string, Set<number>>();
  for (const origin of origins) {
    const found = NUMBERED.exec(origin);
    if (found === null) continue;
    const [, log, number] = found as unknown as [string, string, string];
    logs.set(log, (logs.get(log) ?? new Set()).add(Number(number)));
  }
  return [...logs].flatMap(([origin, numbers]) => {
    const highest = Math.max(...numbers);
    const missing = Array.from({ length: highest }, (_, index) => index + 1).filter((number) => !numbers.has(number));
    if (missing.length === 0 || numbers.size + Number(origins.includes(origin)) < 2) return [];
    const names = missing.length === 1 ? `backup ${missing[0]} is` : `backups ${listed(missing)} are`;
    return [{ origin, from: null, to: null, reason: `${names} not there, though ${highest} is` }];
  });
}

function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, 5).join(', ');
  return numbers.length > 5 ? `${shown} and ${numbers.length - 5} more` : shown;
}

/** A file of just the size to which tools cut. */
export function cutFile(origin: string, bytes: number | null, first: number | null): LogHole[] {
  if (bytes === null || bytes % MIB !== 0 || !LIMITS.has(bytes / MIB)) return [];
  const reason = `has just ${bytes / MIB} MiB, as if it had been cut when it was collected; what stood before is not there`;
  return [{ origin, from: null, to: first, reason }];
}
