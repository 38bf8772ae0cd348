/** What was seen of one log -> the holes in it, in sentences. */
import type { LogHole } from '../model/log-hole.js';
import type { LevelGap } from './levels.js';
import type { Span, Timeline } from './timeline.js';

/**
 * @param found gaps in what was passed over
 * @param lines how many the log has
 */
export function holesOf(
  origin: string,
  timeline: Timeline,
  found: readonly Span[],
  levels: readonly LevelGap[],
  lines: number,
): LogHole[] {
  const silent = distinct([...timeline.gaps, ...found]).filter((gap) => timeline.isUnusual(gap, lines));
  const starts = timeline.starts.map(({ from, to }) => ({
    from: from ?? silent.find((gap) => gap.to === to)?.from,
    to,
  }));
  const gaps = silent.filter(({ to }) => !starts.some((start) => start.to === to));
  return [
    ...gaps.map(({ from, to }) => ({ from, to, reason: `nothing was written for ${lengthOf(to - from)}` })),
    ...starts.map(({ from = null, to }) => {
      const before = from === null ? '' : `; before that nothing was written for ${lengthOf(to - from)}`;
      return { from, to, reason: `the product was started${before}` };
    }),
    ...levels.map(({ from, to, level }) => {
      const text = level === 'DEBUG' ? 'no DEBUG record' : 'neither INFO nor DEBUG records';
      return {
        from,
        to,
        reason: `${text} for ${lengthOf(to - from)}, elsewhere many, as if the log level had been another one`,
      };
    }),
    ...timeline.backs.map(({ from, to }) => ({ from, to, reason: `time goes back by ${lengthOf(from - to)}` })),
  ]
    .sort((a, b) => (a.from ?? a.to) - (b.from ?? b.to))
    .map((hole) => ({ origin, ...hole }));
}

function distinct(spans: readonly Span[]): Span[] {
  return [...new Map(spans.map((span) => [`${span.from} ${span.to}`, span])).values()];
}

/** `45 s`, `12 min`, `3 h 20 min`, `2 days`. */
function lengthOf(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (milliseconds < 120_000) return `${Math.round(milliseconds / 1000)} s`;
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
