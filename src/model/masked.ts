/**
 * How a masked value is written: `[masked:KIND]`, and under strict `[KIND:1a2b3c4d]`, where equal values have equal tokens.
 * Inside of a run it is `[masked:KIND:` and a longer token, so that it is known until the end which value stood there.
 */

const INNER = /\[masked:([a-z]+(?:-[a-z]+)*):([0-9a-f]{16})\]/g;
const ANY = /\[(?:masked:[a-z-]{1,40}(?::[0-9a-f]{16})?|[a-z]+(?:-[a-z]+){0,3}:[0-9a-f]{8})\]/g;
const ANY_HERE = new RegExp(ANY.source, 'y');
/** The end may have been cut off. */
const BEGUN = /\[[a-z]+(?:-[a-z]+){0,3}:[0-9a-f]{8}(?:\]|$)/;
const MARK = '[masked:';

export function maskedAs(kind: string): string {
  return `${MARK}${kind}]`;
}

/** @param token 16 hex digits that tell the value from others */
export function innerMasked(kind: string, token: string): string {
  return `${MARK}${kind}:${token}]`;
}

/** @param token of which the first 8 digits are shown */
export function strictlyMasked(kind: string, token: string): string {
  return `[${kind}:${token.slice(0, 8)}]`;
}

/** The text with other words for what is masked in it; the same string if nothing is. */
export function rewritten(text: string, word: (kind: string, token: string) => string): string {
  if (!text.includes(MARK)) return text;
  return text.replace(INNER, (_, kind: string, token: string) => word(kind, token));
}

/** The text without the tokens that tell one masked value from another. */
export function withoutTokens(text: string): string {
  return rewritten(text, maskedAs);
}

/** Whether a masked value begins right there. */
export function isMaskedAt(text: string, at: number): boolean {
  if (text.startsWith(MARK, at)) return true;
  ANY_HERE.lastIndex = at;
  return ANY_HERE.test(text);
}

/** Whether a masked value stands in the text. */
export function hasMasked(text: string): boolean {
  return text.includes(MARK) || BEGUN.test(text);
}

/** Where masked values stand: what is written there comes from no log. */
export function maskedRanges(text: string): { readonly start: number; readonly end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  ANY.lastIndex = text.indexOf('[');
  if (ANY.lastIndex < 0) return ranges;
  for (let match = ANY.exec(text); match !== null; match = ANY.exec(text))
    ranges.push({ start: match.index, end: ANY.lastIndex });
  return ranges;
}
