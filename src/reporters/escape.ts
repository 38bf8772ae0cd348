/**
 * Text from a log is hostile: it may hold sequences that recolour, clear or retitle a terminal, or turn the direction
 * of what follows. Here such characters become visible. Nothing is dropped, so what is shown can still be searched for.
 */

/**
 * Controls (C0, DEL, C1), format characters (bidi controls, zero-width, tags), line and paragraph separators, lone
 * surrogates, and whatever else a terminal leaves invisible. The two variation selectors of emoji are harmless.
 */
const UNSAFE = /(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

const NAMES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * The text with every unsafe character written out: `\x1b`, `\u202e`, `\u{e0001}`.
 * @param keepLines whether LF and tab stay what they are
 */
export function escapeTerminal(text: string, keepLines = false): string {
  return text.replace(UNSAFE, (character) => {
    if (keepLines && (character === '\n' || character === '\t')) return character;
    return NAMES[character] ?? writtenOut(character.codePointAt(0)!);
  });
}

/** The text of a JSON document with unsafe characters written as JSON escapes; it means the same. */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (characters) => {
    const units = Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
    return units.map((unit) => `\\u${hex(unit, 4)}`).join('');
  });
}

function writtenOut(codePoint: number): string {
  if (codePoint <= 0xff) return `\\x${hex(codePoint, 2)}`;
  return codePoint <= 0xffff ? `\\u${hex(codePoint, 4)}` : `\\u{${hex(codePoint, 1)}}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
