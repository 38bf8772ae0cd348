/** Pieces of a text, and the text with other words in their places. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A value that is to be masked. */
export interface Found extends Span {
  readonly kind: string;
}

/** What is written in the place of a value. */
export type Word = (kind: string, value: string) => string;

/** A token begins after anything but a part of a word; `%3A` and `\n` end in characters of words but are none. */
export const START = '(?:(?<![\\w-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\[nrt]))';

/** @param found in the order in which they stand, none inside of another */
export function replaced(text: string, found: readonly Found[], word: Word): string {
  if (found.length === 0) return text;
  const parts: string[] = [];
  let done = 0;
  for (const { start, end, kind } of found) {
    parts.push(text.slice(done, start), word(kind, text.slice(start, end)));
    done = end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}

/** The same in order and apart from each other: of two that overlap the earlier one stays, of two that begin together the longer. */
export function apart<S extends Span>(spans: readonly S[], taken: readonly Span[] = []): S[] {
  const ordered = [...spans].sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: S[] = [];
  let end = 0;
  for (const span of ordered) {
    if (span.start < end || taken.some((other) => other.start < span.end && span.start < other.end)) continue;
    kept.push(span);
    end = span.end;
  }
  return kept;
}

/** What `text.matchAll(pattern)` gives, without a new pattern for each text, which takes longer than most searches. */
export function* matchesOf(pattern: RegExp, text: string): Generator<RegExpExecArray> {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const next = pattern.lastIndex > match.index ? pattern.lastIndex : match.index + 1;
    yield match;
    pattern.lastIndex = next; // others may have used it meanwhile
  }
}
