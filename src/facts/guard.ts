/** The range that a rule names, held against the facts. */
import { type FactKey, UNDECIDED, type Verdict } from '../model/fact.js';
import type { Rule } from '../model/rule.js';
import { isInRange, parseRange, parseVersion } from '../model/version.js';
import type { FactBook } from './book.js';

/**
 * A rule with ranges for several products needs all of them. Where nodes run different versions it is enough that one of them is
 * in the range; so is one whose version nobody knows.
 */
export function verdictOf({ appliesTo }: Pick<Rule, 'appliesTo'>, book: FactBook): Verdict {
  const verdicts = Object.entries(appliesTo ?? {}).map(([key, range]) => verdictOn(key as FactKey, range, book));
  return (
    verdicts.find(({ applies }) => applies === false) ??
    verdicts.find(({ applies }) => applies === null) ??
    verdicts[0] ??
    UNDECIDED
  );
}

function verdictOn(key: FactKey, wanted: string, book: FactBook): Verdict {
  const range = parseRange(plain(key, wanted));
  const known = book.values(key).flatMap(({ node, value }) => {
    const version = parseVersion(plain(key, value));
    return version === null ? [] : [{ node, value, version }];
  });
  if (range === null || known.length === 0) return UNDECIDED;
  return {
    applies: known.some(({ version }) => isInRange(version, range)),
    reason: `${runText(key, known)}; the rule is for ${wanted}`,
  };
}

/** Java was called 1.8 once and is called 8 now. */
function plain(key: FactKey, text: string): string {
  return key === 'java' ? text.replace(/(?<![\d.])1\.(?=[2-8](?!\d))/g, '') : text;
}

/** `you run gij 2.9.1`, or `node1 runs gij 2.9.1, node2 3.4`. */
export function runText(
  key: FactKey,
  known: readonly { readonly node: string | null; readonly value: string }[],
): string {
  const values = [...new Set(known.map(({ value }) => value))];
  if (values.length === 1) return `you run ${key} ${values[0]}`;
  const [first, ...others] = known.map(({ node, value }) => ({ node: node ?? 'a node', value }));
  return `${first!.node} runs ${key} ${first!.value}${others.map(({ node, value }) => `, ${node} ${value}`).join('')}`;
}
