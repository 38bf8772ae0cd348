/** A longer word is cut anywhere: it is no name. */
const MAX_TAIL = 256; // characters
const TAIL = new RegExp(`[\\p{L}\\p{N}_.@:%+/=~[-]{1,${MAX_TAIL}}$`, 'u');

/**
 * At most so many characters of a text, up to the end of a word: half a name or half a token has no shape to be known by, and
 * tells as much as the whole.
 */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most);
  if (!/[\p{L}\p{N}_.@:%+/=~-]/u.test(text[most]!)) return kept;
  const tail = TAIL.exec(kept)?.[0].length ?? 0;
  return tail < MAX_TAIL ? kept.slice(0, most - tail) : kept;
}
