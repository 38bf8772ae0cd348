/** What to do: the steps, numbered if there are several, under the summary if that says more than they do. */
import { escapeTerminal } from './escape.js';
import { hanging, type Pen } from './layout.js';

export interface Remedy {
  readonly summary: string;
  readonly steps: readonly string[];
}

/** @param lead as wide as `indent`, not counting its colours */
export function remedyRows(remedy: Remedy, lead: string, indent: number, pen: Pen): string[] {
  return remedyLines(remedy).flatMap(({ number, text }, index) => {
    const start = index === 0 ? lead : ' '.repeat(indent);
    return hanging(start + number, indent + number.length, text, pen.proseWidth);
  });
}

/** Summary and steps, escaped, with the number that stands before each. */
export function remedyLines({ summary, steps }: Remedy): { readonly number: string; readonly text: string }[] {
  const numbered = steps.map((step, index) => ({
    number: steps.length === 1 ? '' : `${index + 1}. `,
    text: escapeTerminal(step, true),
  }));
  const tellsSummary = steps.length === 0 || (steps.length > 1 && addsTo(summary, steps));
  return tellsSummary ? [{ number: '', text: escapeTerminal(summary, true) }, ...numbered] : numbered;
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
