/** Where private keys stand in a text: they spread over many lines. */
import { matchesOf, type Span } from './spans.js';

export const PRIVATE_KEY = 'private-key';

const KEY_MARK = /-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const KEY_CHARS = '(?:[A-Za-z0-9+/]|\\\\/)';
const KEY_BREAK = '(?:[ \\t\\r\\n]|\\\\[rn]){1,8}';
/** What may follow a BEGIN whose END was cut off: headers and lines of base64, the last of which may be short. */
const KEY_LINES = new RegExp(
  `(?:(?:${KEY_BREAK})?(?:Proc-Type: 4,ENCRYPTED|DEK-Info: [\\w-]{1,32},[0-9A-F]{1,64}|(?:Version|Comment): [^\\n\\\\]{0,128}|${KEY_CHARS}{24,}={0,2}(?![\\w-])))+` +
    `(?:${KEY_BREAK}(?=[A-Za-z]{0,30}[0-9+/=])${KEY_CHARS}{1,63}={0,2}(?=["']|\\\\[rn]|\\r?\\n|$))?`,
  'y',
);

/** From each BEGIN to its END; where one of them is missing, as far as the base64 lines go. */
export function privateKeys(text: string): Span[] {
  if (!text.includes('PRIVATE KEY')) return [];
  const marks = [...matchesOf(KEY_MARK, text)];
  const keys: Span[] = [];
  for (const [at, mark] of marks.entries()) {
    let end = mark.index + mark[0].length;
    let start = mark.index;
    if (mark[1] === 'END') {
      if (marks[at - 1]?.[1] === 'BEGIN') continue;
      start = startOfKeyLines(text, start);
    } else if (marks[at + 1]?.[1] === 'END') {
      end = marks[at + 1]!.index + marks[at + 1]![0].length;
    } else {
      KEY_LINES.lastIndex = end;
      const lines = KEY_LINES.exec(text);
      if (lines === null) continue;
      end += lines[0].length;
    }
    keys.push({ start, end });
  }
  return keys;
}

const KEY_LINE = /^[ \t]*[A-Za-z0-9+/]{16,}={0,2}\r?$/;

/** Where the lines of base64 begin that end right before `at`. */
function startOfKeyLines(text: string, at: number): number {
  let start = text.lastIndexOf('\n', at - 1) + 1;
  while (start > 0) {
    const before = text.lastIndexOf('\n', start - 2) + 1;
    if (!KEY_LINE.test(text.slice(before, start - 1))) break;
    start = before;
  }
  return start;
}

/** The marks of keys in a text, in order. */
export function keyMarks(text: string): readonly string[] {
  return text.includes('PRIVATE KEY') ? Array.from(matchesOf(KEY_MARK, text), (mark) => mark[1]!) : [];
}

/** Whether a line may belong to a key: it is nothing but base64. */
export function isKeyLine(line: string): boolean {
  return KEY_LINE.test(line);
}
