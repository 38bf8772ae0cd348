/**
 * Text from a log as Markdown that means nothing but itself, in GitHub, GitLab and Jira. Escapes do not keep those from making
 * links of names, numbers and addresses, code does: so what is not surely a plain word stands in code. No pipe is left, so
 * all of it may stand in a table as well.
 */
import { escapeTerminal } from './escape.js';

/** The text as code, in one line. */
export function code(text: string): string {
  return escapeTerminal(text).split('|').map(codeSpan).join('&#124;');
}

function codeSpan(text: string): string {
  if (text === '') return '';
  const runs = text.match(/`+/g) ?? [];
  const fence = '`'.repeat(runs.reduce((most, { length }) => Math.max(most, length), 0) + 1);
  const padding = /^[` ]|[` ]$/.test(text) && /[^ ]/.test(text) ? ' ' : '';
  return fence + padding + text + padding + fence;
}

/** What may stand around a word. */
const AROUND = /^["'“‘(„]*|["'”’….,:;!?%)]*$/g;
const WORD = /^[\p{L}\p{M}\p{N}]+(?:['’/-][\p{L}\p{M}\p{N}]+)*$/u;
const NUMBER = /^\d{1,3}(?:,\d{3})*(?:\.\d+)?$/;
const ABBREVIATION = /^(?:\p{L}\.)+\p{L}$/u;
/** Plain as they look, commits and issues have such names. */
const REFERENCE = /\b(?:[\da-fA-F]{7,}\b|[A-Z][A-Z\d]+-\d)/;
/** What stands alone between words; at the start of a line some of these are marks of lists. */
const SIGN = /^(?:[&+=·–—…→/-]|\.{3})$/;

/**
 * Prose that may hold words of a log: what is no plain word stands in code.
 * @param lineBreak what stands between its lines
 */
export function prose(text: string, lineBreak = ' '): string {
  const lines = escapeTerminal(text, true).split('\n').map(proseLine);
  return lines.filter((line) => line !== '').join(lineBreak);
}

function proseLine(line: string): string {
  const parts: string[] = [];
  let technical: string[] = []; // words in a row, which become one piece of code
  const close = () => {
    if (technical.length > 0) parts.push(code(technical.join(' ')));
    technical = [];
  };
  for (const word of line.split(/\s+/).filter((one) => one !== '')) {
    if (isPlain(word, parts.length + technical.length > 0)) {
      close();
      parts.push(parts.length > 0 ? word : word.replace(/^(\d+)([.)])/, '$1\\$2')); // else a list begins
      continue;
    }
    const { opening, inner, closing } = parted(word);
    if (opening !== '') close();
    technical.push(inner);
    if (opening + closing === '') continue;
    parts.push(opening + code(technical.join(' ')) + closing);
    technical = [];
  }
  close();
  return parts.join(' ');
}

function isPlain(word: string, isWithin: boolean): boolean {
  if (SIGN.test(word)) return isWithin;
  const core = word.replace(AROUND, '');
  return (WORD.test(core) && !REFERENCE.test(core)) || NUMBER.test(core) || ABBREVIATION.test(core);
}

/** Brackets and points around a word, which are not of it. */
function parted(word: string): { readonly opening: string; readonly inner: string; readonly closing: string } {
  const [, opening, inner, bracket, points] = /^(\(?)(.+?)(\)?)([.,:;!?]*)$/su.exec(word) as unknown as string[];
  return opening === '' && inner!.includes('(')
    ? { opening, inner: inner! + bracket!, closing: points! }
    : { opening: opening!, inner: inner!, closing: bracket! + points! };
}

/** A text of several lines that is shown as it stands. */
export function fenced(text: string): string[] {
  // Some readers take any row of three for the end, whatever began it.
  const harmless = escapeTerminal(text, true).replace(/`{3,}|~{3,}/g, (marks) =>
    (marks.startsWith('`') ? '\\x60' : '\\x7e').repeat(marks.length),
  );
  return ['```text', ...harmless.trimEnd().split('\n'), '```'];
}

/** A page of the web; its address as text if nothing but a browser's own address can be made of it. */
export function link(title: string, url: string): string {
  if (!/^https?:\/\/[\x21-\x7e]+$/.test(url) || !URL.canParse(url)) return `${prose(title)} ${code(url)}`;
  const address = url.replace(/[()<>[\]\\|`*_~"]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return `[${labelOf(title) || code(address)}](${address.replace(/&(?=#?\w+;)/g, '&amp;')})`;
}

/** @param path of a page beside this one; of letters, digits, hyphens, dots and slashes alone */
export function pageLink(title: string, path: string): string {
  return `[${labelOf(title) || code(path)}](${path})`;
}

/** `[a]:` would define a link, also in code. */
function labelOf(title: string): string {
  return prose(title.replaceAll('[', '(').replaceAll(']', ')'));
}
