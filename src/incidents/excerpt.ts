import { copyOf } from '../model/copy.js';
import { cut } from '../model/cut.js';

/** What a record says, short enough to be kept and shown. */

/** Bound of an evidence's text in characters. */
export const MAX_EXCERPT = 4096;
/** Of each exception of a long trace so many frames are kept. */
const FRAMES_KEPT = 3;

const CAUSE = /^\s*(?:Caused by|Suppressed|Wrapped by)\b/;

export interface Excerpt {
  readonly text: string;
  readonly cut: boolean;
}

/** The text itself if it is short; else whole lines of it, the middles of long traces left out and marked. */
export function excerptOf(text: string, most = MAX_EXCERPT): Excerpt {
  if (text.length <= most) return { text: copyOf(text), cut: false };
  const kept: string[] = [];
  let room = most - 64; // for the last mark
  let left = 0;
  let sinceCause = 0;
  const add = (line: string): boolean => {
    const mark = left > 0 ? `    … ${left} ${left === 1 ? 'line' : 'lines'} left out` : null;
    const cost = line.length + 1 + (mark === null ? 0 : mark.length + 1);
    if (cost > room) return false;
    if (mark !== null) kept.push(mark);
    kept.push(line);
    room -= cost;
    left = 0;
    return true;
  };
  for (const line of linesOf(text)) {
    const isCause = CAUSE.test(line);
    sinceCause = isCause ? 0 : sinceCause + 1;
    // Half of the room goes to the beginning as it is, the rest to the causes and their first frames.
    const wanted = isCause || sinceCause <= FRAMES_KEPT || room > most / 2;
    if (wanted && kept.length === 0 && line.length > room) {
      const beginning = cut(line, room - 80);
      kept.push(`${beginning} … ${line.length - beginning.length} characters left out`);
      room = 40;
    } else if (!wanted || !add(line)) left++;
  }
  if (left > 0) kept.push(`    … ${left} ${left === 1 ? 'line' : 'lines'} left out`);
  return { text: copyOf(kept.join('\n')), cut: true };
}

/** The lines of a text, at most 20,000: a record has at most 10,000, but a JSON value may hold more. */
function linesOf(text: string): string[] {
  return text.split('\n', 20_000);
}
