/** Where lines end in the bytes of a log: behind an LF, which in UTF-16 has two bytes. */
const FEED = 10;

/** Bytes of one unit of text: 1, or 2 in UTF-16. */
export type UnitBytes = 1 | 2;

/** @returns the position behind the first line end at or behind `from`; -1 if there is none */
export function lineEnd(bytes: Uint8Array, unit: UnitBytes, from = 0): number {
  for (let feed = bytes.indexOf(FEED, from); feed >= 0; feed = bytes.indexOf(FEED, feed + 1)) {
    const end = endAt(bytes, feed, unit);
    if (end >= 0) return end;
  }
  return -1;
}

/** @returns the position behind the last line end; -1 if there is none */
export function lastLineEnd(bytes: Uint8Array, unit: UnitBytes): number {
  for (let feed = bytes.lastIndexOf(FEED); feed >= 0; feed = feed === 0 ? -1 : bytes.lastIndexOf(FEED, feed - 1)) {
    const end = endAt(bytes, feed, unit);
    if (end >= 0) return end;
  }
  return -1;
}

/** In UTF-16 one of the two bytes of some other characters is that of an LF. */
function endAt(bytes: Uint8Array, feed: number, unit: UnitBytes): number {
  if (unit === 1) return feed + 1;
  const start = feed - (feed % 2);
  return bytes[start]! + bytes[start + 1]! === FEED ? start + 2 : -1;
}
