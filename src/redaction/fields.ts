/** Names with values: `password=`, `"password": "`, `password%3D`. Which names there are stands in kinds.ts. */
import { maskedRanges } from '../model/masked.js';
import type { Found, Span } from './spans.js';

/** A name that was met, and how its value is joined to it. */
export interface Field {
  readonly kind: string;
  /** Position and text of the name as printed. */
  readonly start: number;
  readonly name: string;
  /** Whether the name stands in quotes of its own. */
  readonly quoted: boolean;
  /** `=`, `: `, `%3D`: what stands between name and value, quotes left out. */
  readonly join: string;
}

/** Finds what is to be masked in the value that begins at `at`. */
export type Reader = (text: string, at: number, field: Field) => readonly Span[];

export interface FieldKind {
  readonly kind: string;
  /** Source of a pattern of the end of a name, in any case; what stands before it may be anything. */
  readonly name: string;
  readonly read: Reader;
}

/** Finds the values behind names, in the order in which they stand. */
export type FieldFinder = (text: string) => Found[];

const QUOTE = '\\\\{0,7}["\']';
/** Between a name and its value: `=`, `:`, `=>`, percent- and Gson-escaped `=`, or `", "value": ` of a list of names. */
const JOIN = [
  '[ \\t]{0,4}(?:=>|=(?!=)|:(?!:|\\\\?\\/\\\\?\\/)|\\\\u003d|%3D)[ \\t]{0,4}',
  `(?<=["']),?[ \\t]{0,2}(?:${QUOTE})?value(?:${QUOTE})?[ \\t]{0,2}[:=][ \\t]{0,2}`,
].join('|');

/** @param kinds of two that fit at one place the first one counts */
export function fieldFinder(kinds: readonly FieldKind[]): FieldFinder {
  const names = kinds.map(({ name }) => `(${name})`).join('|');
  const pattern = new RegExp(`(?:${names})\\d{0,2}(?<quote>${QUOTE})?(?<join>${JOIN})`, 'gi');
  return (text) => {
    const found: Found[] = [];
    let masked: readonly Span[] | null = null;
    let next = 0;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      const { index } = match;
      masked ??= maskedRanges(text); // `[password:1a2b3c4d]` is no name with a value
      while (next < masked.length && masked[next]!.end <= index) next++;
      if (next < masked.length && masked[next]!.start < index) continue;
      const groups = match.slice(1, kinds.length + 1);
      const at = groups.findIndex((group) => group !== undefined);
      const { kind, read } = kinds[at]!;
      const { quote, join } = match.groups!;
      const field: Field = { kind, start: index, name: groups[at]!, quoted: quote !== undefined, join: join! };
      for (const { start, end } of read(text, pattern.lastIndex, field)) {
        found.push({ start, end, kind });
        pattern.lastIndex = end;
      }
    }
    return found;
  };
}
