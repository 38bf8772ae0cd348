const BARS = '▁▂▃▄▅▆▇█';
const MAX_BARS = 16;

/** How counts rise and fall, in at most 16 characters; the lowest bar is for nothing at all. */
export function sparkline(counts: readonly number[]): string {
  const size = Math.ceil(counts.length / MAX_BARS);
  const sums: number[] = [];
  for (const [index, count] of counts.entries()) {
    const at = Math.floor(index / size);
    sums[at] = (sums[at] ?? 0) + count;
  }
  const most = Math.max(...sums);
  return sums.map((sum) => BARS[sum === 0 ? 0 : Math.max(1, Math.round((sum / most) * (BARS.length - 1)))]).join('');
}
