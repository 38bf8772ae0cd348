import { distance } from 'fastest-levenshtein';

/** What a mistyped word may have meant: the closest of `known`, or null if nothing is close. */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(word.length < 5 ? 1 : 2, Math.floor(word.length / 3)) + 1; // edits
  for (const candidate of known) {
    const edits = distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}

/** The end of a message about a word that is not known. */
export function didYouMean(near: string | null): string {
  return near === null ? '' : `; did you mean ${near}?`;
}
