/** What to do: the steps, numbered if there are several, under the summary if that says more than they do. */
import { escapeTerminal } from './escape.js';
import { hanging, type Pen } from './layout.js';

export interface Remedy {
  readonly summary: string;
  readonly steps: readonly string[];
}

/** @param lead as wide as `indent`, not counting its colours */
export function remedyRows({ summary, steps }: Remedy, lead: string, indent: number, pen: Pen): string[] {
  const rows: string[] = [];
  const add = (number: string, text: string) => {
    const start = rows.length === 0 ? lead : ' '.repeat(indent);
    rows.push(...hanging(start + number, indent + number.length, escapeTerminal(text, true), pen.proseWidth));
  };
  if (steps.length === 0 || (steps.length > 1 && addsTo(summary, steps))) add('', summary);
  for (const [index, step] of steps.entries()) add(steps.length === 1 ? '' : `${index + 1}. `, step);
  return rows;
}

function addsTo(summary: string, steps: readonly string[]): boolean {
  const said = bare(summary);
  return said !== '' && !steps.some((step) => bare(step).includes(said));
}

function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s.:;,]+/g, ' ')
    .trim();
}
