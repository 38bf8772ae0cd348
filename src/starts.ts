/** A family of layouts -> where the byte filter finds its records. */
import type { Starts } from './candidates/scanner.js';
import { decodeBytes } from './lines/line-maker.js';
import { latin1 } from './model/latin1.js';
import { MAX_LINE_BYTES } from './model/line.js';
import { startOf } from './records/family.js';
import type { Family, Shape } from './records/format.js';

const SHAPES: readonly Shape[] = ['thread-level', 'brackets', 'bracket'];

/** Whether records of the family can be found by the filter. */
export function isSiftable(family: Family): boolean {
  return firstsOf(family) !== null;
}

/** What the scanner must know of a family that {@link isSiftable}. */
export function startsOf(family: Family): Starts {
  return {
    firsts: firstsOf(family)!,
    shape: family.shape === null ? 0 : SHAPES.indexOf(family.shape) + 1,
    isStart: isStartIn(family),
  };
}

/** NUL and ESC are left out of a line's text, so a record may begin behind them; so it may behind a byte order mark. */
const LEFT_OUT = [0x00, 0x1b, 0xef];

/** The bytes with which a line may begin a record of the family; null if some format of it does not say. */
function firstsOf({ formats }: Family): readonly number[] | null {
  const firsts = formats.map((format) => format.firsts);
  if (firsts.length === 0 || firsts.includes(undefined)) return null;
  return [...LEFT_OUT, ...Array.from(firsts.join(''), (char) => char.charCodeAt(0))];
}

function isStartIn(family: Family): (line: Uint8Array) => boolean {
  return (line) => {
    const raw = latin1(line.subarray(0, MAX_LINE_BYTES));
    return startOf(family, decodeBytes(raw.endsWith('\r') ? raw.slice(0, -1) : raw)) !== null;
  };
}
