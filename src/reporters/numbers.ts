/** Numbers as people read them, the same on every machine: `1,204,331`, `500 MB`, `82 %`. */

export function thousands(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 record`, `2 records`; `plural` where it is not made with an s. */
export function counted(value: number, one: string, plural = `${one}s`): string {
  return `${thousands(value)} ${value === 1 ? one : plural}`;
}

const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, with one digit after the point below ten. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  let value = bytes;
  for (const unit of UNITS) {
    value /= 1000;
    const shown = value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : thousands(Math.round(value));
    if (Math.round(value) < 1000) return `${shown} ${unit}`;
  }
  return `${thousands(Math.round(value))} PB`;
}

/** Whole percents; 0 and 100 only where they are exactly true. */
export function percent(part: number, whole: number): string {
  const share = Math.floor((part / whole) * 100);
  return `${part > 0 ? Math.max(1, share) : 0} %`;
}

/** How long a run took: `0.3 s`, `42 s`, `3 min 20 s`. */
export function runTime(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
