/** What is known of an installation as text for people: each fact, its value, and the place that says so. */
import type { FactObject, Report } from '../model/report.js';
import { escapeTerminal } from './escape.js';
import { hanging, type Pen, penFor, type TextLook } from './layout.js';
import { counted } from './numbers.js';

/** What `logscan facts INPUT` prints. */
export function factsReport({ facts, summary }: Pick<Report, 'facts' | 'summary'>, look: TextLook): string {
  const pen = penFor(look);
  const nodes = [...new Set(facts.map(({ node }) => node))];
  const sections =
    facts.length === 0
      ? [nothing(summary.coverage.files, pen)]
      : nodes.map((node) =>
          section(
            node,
            facts.filter((fact) => fact.node === node),
            pen,
          ),
        );
  return `${sections.map((rows) => rows.join('\n')).join('\n\n')}\n`;
}

function nothing(files: number, pen: Pen): string[] {
  const text = `Nothing is known of the installation: no product starts in ${counted(files, 'file')}, and none of its settings are there.`;
  return hanging(' ', 1, text, pen.width);
}

/** One line a fact, however long: lines are what people search. */
function section(node: string | null, facts: readonly FactObject[], { paint }: Pen): string[] {
  const isPlugin = (key: string) => key.startsWith('plugin:');
  const keyWidth = Math.max(...facts.map(({ key }) => (isPlugin(key) ? 0 : key.length)));
  const rows = facts.map(({ key, value, origin, line }) => {
    const name = escapeTerminal(key).padEnd(isPlugin(key) ? 0 : keyWidth);
    return ` ${paint.bold(name)}  ${escapeTerminal(value)}  ${paint.cyan(escapeTerminal(`${origin}:${line}`))}`;
  });
  return node === null ? rows : [paint.bold(` Node ${escapeTerminal(node)}`), ...rows];
}
