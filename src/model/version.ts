/**
 * Versions as products print them (`9.12.3`, `4.2.1-jira9`, `10.3.0-m12`, `9.4.0#940000-sha1:3bb15b6`, `1.8.0_102`, `17.0.13+11`),
 * and ranges of them as rules write them (`>=3.0 <5`, `9.x`, `<8.20.3 || >=9.0 <9.4.1`).
 */

export interface Version {
  readonly numbers: readonly number[];
  /** What marks a version that comes before the one of these numbers: a word and a number; null if nothing does. */
  readonly pre: { readonly word: string; readonly number: number } | null;
}

interface Bound {
  readonly operator: '>=' | '<=' | '>' | '<' | '=';
  readonly version: Version;
}

/** One of the lists holds; of a list, every bound. */
export type Range = readonly (readonly Bound[])[];

const NUMBERS = /^\s*v?(\d{1,9}(?:[._]\d{1,9}){0,9})/i;
const PRE = /^[.-](alpha|beta|cr|ea|eap|m|milestone|pre|preview|rc|snapshot)[.-]?(\d{0,9})(?![a-z])/i;

/** Null if the text does not begin with a version. What stands behind it is of no matter. */
export function parseVersion(text: string): Version | null {
  const found = NUMBERS.exec(text);
  if (found === null) return null;
  const pre = PRE.exec(text.slice(found[0].length));
  return {
    numbers: found[1]!.split(/[._]/).map(Number),
    pre: pre === null ? null : { word: pre[1]!.toLowerCase(), number: Number(pre[2]) },
  };
}

/** Null if the text is no range. */
export function parseRange(text: string): Range | null {
  const lists = text.split('||').map(parseList);
  return lists.some((list) => list === null) ? null : (lists as Range);
}

const BOUND = /^(>=|<=|>|<|=)?(v?\d[\w.-]*)$/i;

function parseList(text: string): readonly Bound[] | null {
  const words = text.replace(/([<>=])\s+/g, '$1').split(/[\s,]+/);
  const bounds = words.filter((word) => word !== '').map(parseBound);
  return bounds.length === 0 || bounds.includes(null) ? null : (bounds as Bound[]);
}

function parseBound(word: string): Bound | null {
  const [, operator = '=', text = ''] = BOUND.exec(word) ?? [];
  const parts = /^v?((?:\d{1,9}\.){0,9}\d{1,9})((?:\.x)+)?(-[a-z]+[.-]?\d*)?$/i.exec(text);
  if (parts === null || (parts[2] !== undefined && (parts[3] !== undefined || operator !== '='))) return null;
  const version = parseVersion(parts[1]! + (parts[3] ?? ''))!;
  return parts[3] !== undefined && version.pre === null ? null : { operator: operator as Bound['operator'], version };
}

/** Missing numbers are 0; `10.3.0-m12` comes before `10.3.0`, and `4.2.1-jira9` is `4.2.1`. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.numbers.length, b.numbers.length);
  for (let at = 0; at < length; at++) {
    const difference = (a.numbers[at] ?? 0) - (b.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.pre === null || b.pre === null) return Number(a.pre === null) - Number(b.pre === null);
  if (a.pre.word !== b.pre.word) return a.pre.word < b.pre.word ? -1 : 1;
  return a.pre.number - b.pre.number;
}

/** A bound of few numbers speaks of all versions that begin with them: `<=9.12` and `9.12` hold for `9.12.3`, `>9.12` does not. */
export function isInRange(version: Version, range: Range): boolean {
  return range.some((list) => list.every((bound) => holds(version, bound)));
}

function holds(version: Version, { operator, version: bound }: Bound): boolean {
  const first = { numbers: version.numbers.slice(0, bound.numbers.length), pre: bound.pre };
  const isOfBound =
    compareVersions(first, bound) === 0 && (bound.pre === null || compareVersions(version, bound) === 0);
  switch (operator) {
    case '=':
      return isOfBound;
    case '<=':
      return isOfBound || compareVersions(version, bound) < 0;
    case '>':
      return !isOfBound && compareVersions(version, bound) > 0;
    case '>=':
      return compareVersions(version, bound) >= 0;
    case '<':
      return compareVersions(version, bound) < 0;
  }
}
