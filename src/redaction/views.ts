/**
 * The ways in which a text can be read: as it stands, and without the escapes of JSON, HTML, addresses and terminals. What is
 * found in one of them stands somewhere in the text itself; a view tells where.
 */
import { matchesOf, type Span } from './spans.js';

export interface View {
  readonly text: string;
  /** Where in the text itself the characters in [start, end) of the view stand. */
  placeOf(start: number, end: number): Span;
}

interface Form {
  /** JSON may stand in JSON, which may stand in JSON. */
  readonly rounds: number;
  /** Without it there is nothing to be read otherwise. */
  readonly mark: string;
  /** What stands for one character, or for nothing. */
  readonly pattern: RegExp;
  readonly decode: (written: string) => string;
}

const FORMS: readonly Form[] = [
  {
    rounds: 3,
    mark: '\\',
    pattern: /\\(?:u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|["'\\/bfnrt])/g,
    decode(written) {
      if (written.length > 2) return ofCode(Number.parseInt(written.replace(/[\\ux{}]/g, ''), 16));
      return LETTERS[written[1]!] ?? written[1]!;
    },
  },
  {
    rounds: 2,
    mark: '&',
    pattern: /&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos|nbsp);/g,
    decode(written) {
      const name = written.slice(1, -1);
      if (!name.startsWith('#')) return ENTITIES[name]!;
      return ofCode(/^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1)));
    },
  },
  {
    rounds: 2,
    mark: '%',
    // One character of UTF-8; a byte that belongs to none is one of Latin-1.
    pattern:
      /%(?:[0-7][0-9a-f]|[cd][0-9a-f]%[89ab][0-9a-f]|e[0-9a-f](?:%[89ab][0-9a-f]){2}|f[0-7](?:%[89ab][0-9a-f]){3}|[89a-f][0-9a-f])/gi,
    decode(written) {
      try {
        return decodeURIComponent(written);
      } catch {
        return ofCode(Number.parseInt(written.slice(1, 3), 16));
      }
    },
  },
  {
    rounds: 1,
    mark: '\x1b',
    pattern: /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_c])/g,
    decode: () => '',
  },
];
const LETTERS: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function ofCode(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** The text itself first. */
export function* viewsOf(text: string): Generator<View> {
  const itself: View = { text, placeOf: (start, end) => ({ start, end }) };
  yield itself;
  for (const form of FORMS) {
    let view = viewOf(itself, form);
    for (let round = 1; view !== null; round++) {
      yield view;
      view = round < form.rounds ? viewOf(view, form) : null;
    }
  }
}

/** The value as it stands where nothing escapes it. */
export function unescaped(value: string): string {
  let result: View = { text: value, placeOf: (start, end) => ({ start, end }) };
  for (const form of FORMS) for (let round = 0; round < form.rounds; round++) result = viewOf(result, form) ?? result;
  return result.text;
}

/** Null if nothing in the view is escaped in this form. */
function viewOf(of: View, { mark, pattern, decode }: Form): View | null {
  if (!of.text.includes(mark)) return null;
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let length = 0;
  let done = 0;
  const add = (part: string, start: number, end: number, isEscape: boolean) => {
    if (start === end) return;
    pieces.push({ at: length, start, end, isEscape });
    parts.push(part);
    length += part.length;
  };
  for (const { index, 0: written } of matchesOf(pattern, of.text)) {
    add(of.text.slice(done, index), done, index, false);
    done = index + written.length;
    add(decode(written), index, done, true);
  }
  if (pieces.length === 0) return null;
  add(of.text.slice(done), done, of.text.length, false);
  return {
    text: parts.join(''),
    placeOf(start, end) {
      const first = pieceAt(pieces, start);
      const last = pieceAt(pieces, Math.max(start, end - 1));
      const from = first.isEscape ? first.start : first.start + start - first.at;
      return of.placeOf(from, last.isEscape ? last.end : last.start + end - last.at);
    },
  };
}

/** A piece of a view that is copied, or stands for an escape. */
interface Piece {
  /** Position in the view. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly isEscape: boolean;
}

/** The last piece that begins at or before a position; of those without any length the one behind them. */
function pieceAt(pieces: readonly Piece[], at: number): Piece {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  return pieces[low]!;
}
