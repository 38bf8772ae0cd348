const MIN = 1000; // milliseconds
const MAX = 5 * 60_000; // milliseconds
const MAX_ASKED = 60 * 60_000; // milliseconds

/** Failures in a row, and until when nothing is tried again. */
export interface BackOff {
  readonly failures: number;
  readonly until: number;
}

export const NO_BACK_OFF: BackOff = { failures: 0, until: 0 };

/**
 * Milliseconds to wait after so many failures in a row: twice as long each time, from a second to five minutes, and never
 * quite the same, so that many who failed together come again one by one.
 * @param asked what the other side asks for, which goes first, up to an hour
 */
export function backOff(failures: number, asked: number | null = null): number {
  if (asked !== null) return Math.min(MAX_ASKED, Math.max(MIN, asked));
  const delay = MIN * 2 ** Math.min(failures - 1, 20) * (0.75 + Math.random() / 2);
  return Math.min(MAX, Math.max(MIN, delay));
}
