/**
 * Which regular expressions a rule may use: those that V8's linear engine takes, so that no line of any log can make
 * one of them slow. The engine falls back to them only on excessive backtracking (`main.ts`), but a pattern that it
 * cannot take would have no such net, so it is refused when the rule is loaded.
 */
import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';

/** V8 unrolls a counted repeat and gives up beyond this many copies (`RegExpFlags` 'l', experimental engine). */
const MAX_COPIES = 16;

const parser = new RegExpParser({ ecmaVersion: 2023 });

/** The syntax tree of a pattern; throws a SyntaxError that says where it is wrong. */
export function parsePattern(source: string): AST.Pattern {
  return parser.parsePattern(source, 0, source.length, { unicode: false, unicodeSets: false });
}

/** What the linear engine cannot take in this pattern, each with the construct and the rewrite; empty if it is fine. */
export function linearProblems(source: string): string[] {
  let tree: AST.Pattern;
  try {
    tree = parsePattern(source);
    new RegExp(source, 'm'); // a few early errors are not in the syntax tree
  } catch (error) {
    return [`is no regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`];
  }
  const problems: string[] = [];
  const copies: number[] = [1];
  visitRegExpAST(tree, {
    onAssertionEnter(node) {
      if (node.kind === 'lookahead' || node.kind === 'lookbehind') {
        const negative = node.negate;
        problems.push(
          `${node.raw}: the linear engine has no ${negative ? 'negative ' : ''}${node.kind}; ` +
            (negative
              ? 'put what must not be there under none:'
              : 'write the text that is there, or use a condition of its own under all:'),
        );
      }
    },
    onBackreferenceEnter(node) {
      problems.push(`${node.raw}: the linear engine has no back-references; write the text again`);
    },
    onQuantifierEnter(node) {
      const here = node.max === Number.POSITIVE_INFINITY ? node.min + 1 : node.max;
      const total = here * copies[copies.length - 1]!;
      copies.push(Math.max(total, 1));
      if (total > MAX_COPIES && total / here <= MAX_COPIES) {
        const { raw } = node;
        problems.push(
          `${raw.length > 60 ? `…${raw.slice(-40)}` : raw}: counted repeats above ${MAX_COPIES} (nested ones multiplied: ${total}) are not linear; ` +
            'records are bounded, so write * or +',
        );
      }
    },
    onQuantifierLeave() {
      copies.pop();
    },
  });
  return problems;
}
