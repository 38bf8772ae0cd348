import type { Level } from '../../model/level.js';
import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, wordAt } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

const UPTIME = /^\[\d{1,12}(?:[.,]\d{3})?(?:s|ms|ns)\]\[/;

/** `[time][uptime][level][tags] message`: unified logging of JDK 9 and later; each decoration is optional. */
export const gcUnified: Format = {
  name: 'gc-unified',
  label: 'GC log of JDK 9 and later',
  samples: [
    '[2026-01-01T00:00:00.000+0000][123.456s][info][gc] GC(12) Pause Full (G1 Compaction Pause) 12000M->11800M(12288M) 5321.123ms',
    '[0.012s][info][gc] Using G1',
    '[2023-10-10T10:10:10.001+0200][warning][safepoint] Safepoint sync time longer than 1000ms',
  ],
  starts(text) {
    if (text.charCodeAt(0) !== 91) return false;
    if (text.charCodeAt(11) !== 84) return UPTIME.test(text);
    const end = dateTimeEnd(text, 1);
    // A digit or a lower-case word comes next; `[INFO ]` is OpenSearch.
    return end > 0 && text.startsWith('][', end) && isLowerOrDigit(text.charCodeAt(end + 2));
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 1);
    const message = text.indexOf('] ');
    const decorations = message < 0 ? '' : text.slice(0, message);
    return header(message < 0 ? text : text.slice(message + 2), {
      stamp: end < 0 ? null : stampOf(text, 1, end),
      level: levelOf(decorations),
    });
  },
};

function isLowerOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

function levelOf(decorations: string): Level | null {
  for (const part of decorations.split('[')) {
    const word = wordAt(part, 0);
    if (word !== 'gc' && word !== '') {
      const level = levelAt(word, 0);
      if (level !== null) return level;
    }
  }
  return null;
}
