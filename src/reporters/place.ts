import type { Evidence } from '../model/incident.js';
import { escapeTerminal } from './escape.js';

/** `jira.log:48211`, harmless whatever the name of the file is. */
export function placeOf({ origin, line }: Evidence): string {
  return escapeTerminal(`${origin}:${line}`);
}

/** Where it was seen last; null if no place is told. */
export function newestPlace(evidence: readonly Evidence[]): string | null {
  const newest = evidence.at(-1);
  return newest === undefined ? null : placeOf(newest);
}
