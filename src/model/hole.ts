/** A log that was truncated under a writer which keeps its position begins with a hole: NULs up to that position. */

/** What stands behind a longer hole is not looked for when a log is asked what it is. */
export const MOST_HOLE = 16 * 1024 * 1024; // bytes

/** How many NULs these bytes begin with. */
export function holeLength(bytes: Uint8Array): number {
  let length = 0;
  while (length < bytes.length && bytes[length] === 0) length++;
  return length;
}
