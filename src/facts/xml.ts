/**
 * The texts in an XML file, each with the names of the elements around it. Made for files that may be hostile: no entity is
 * expanded but the five of XML itself and numbers, nothing outside is read, one pass takes linear time, and names, depth and texts
 * are bounded. What is not well-formed gives what can be had of it.
 */

const MAX_DEPTH = 50;
const MAX_NAME = 100; // characters
const MAX_TEXT = 20_000; // characters

export interface XmlText {
  /** Names of the elements from the outermost one on. */
  readonly path: readonly string[];
  /** Attributes of the innermost one as they stand there. */
  readonly attributes: string;
  readonly text: string;
  /** Position of the text. */
  readonly offset: number;
}

/** Every element that holds a text or attributes, where it ends, or where the first element in it begins. */
export function* xmlTexts(source: string): Generator<XmlText> {
  const path: string[] = [];
  let attributes = '';
  let deeper = 0; // elements beyond the depth
  let text = '';
  let from = 0; // where the text begins
  for (let at = 0; ; ) {
    const open = source.indexOf('<', at);
    const end = open < 0 ? source.length : open;
    if (text.length < MAX_TEXT) text += source.slice(at, Math.min(end, at + MAX_TEXT));
    if (open < 0) return;
    const skipped = skippedEnd(source, open);
    if (skipped !== null) {
      if (source.startsWith(CDATA, open)) text += source.slice(open + CDATA.length, skipped - 3).slice(0, MAX_TEXT);
      at = skipped;
      continue;
    }
    const close = source.indexOf('>', open);
    if (close < 0) return;
    if (deeper === 0 && path.length > 0 && (text.trim() !== '' || attributes !== ''))
      yield { path: [...path], attributes, text: decoded(text), offset: from };
    const tag = source.slice(open + 1, Math.min(close, open + 1 + MAX_NAME + MAX_TEXT));
    const name = /^\/?([A-Za-z_][\w.:-]*)/.exec(tag.slice(0, MAX_NAME))?.[1] ?? '';
    attributes = '';
    if (tag.startsWith('/')) {
      if (deeper > 0) deeper--;
      else path.pop();
    } else if (!tag.endsWith('/')) {
      if (path.length < MAX_DEPTH) path.push(name);
      else deeper++;
      attributes = tag.slice(name.length).trim();
    } else if (deeper === 0) {
      const own = tag.slice(name.length, -1).trim();
      if (own !== '') yield { path: [...path, name], attributes: own, text: '', offset: open };
    }
    text = '';
    at = close + 1;
    from = at;
  }
}

/** The value of an attribute; null if it is not there. */
export function attributeOf(attributes: string, name: string): string | null {
  for (const [, found, double, single] of attributes.matchAll(
    /([\w.:-]{1,100})\s{0,10}=\s{0,10}(?:"([^"]*)"|'([^']*)')/g,
  ))
    if (found === name) return decoded(double ?? single ?? '');
  return null;
}

const CDATA = '<![CDATA[';

/** Where a comment, a declaration or CDATA ends that begins here; null if none does. */
function skippedEnd(source: string, open: number): number | null {
  for (const [begin, end] of [
    ['<!--', '-->'],
    [CDATA, ']]>'],
    ['<?', '?>'],
    ['<!', '>'],
  ] as const) {
    if (!source.startsWith(begin, open)) continue;
    const found = source.indexOf(end, open + begin.length);
    return found < 0 ? source.length : found + end.length;
  }
  return null;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decoded(text: string): string {
  if (!text.includes('&')) return text.trim();
  return text
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|amp|quot|apos));/gi, (whole, decimal, hex, name) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()]!;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    })
    .trim();
}
