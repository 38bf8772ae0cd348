/** One thing that is wrong with a rule or a pack, with its place. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `rules/acme/login.yaml:14:9: match.all[1].http.status: expected ..., found ...` */
export function problemText(problem: RuleProblem): string {
  return `${placeText(problem)}: ${problem.message}`;
}

/** `rules/acme/login.yaml:14:9` */
export function placeText({ file, line, column }: Pick<RuleProblem, 'file' | 'line' | 'column'>): string {
  return `${file}:${line}:${column}`;
}

/** Rules that cannot be used. Holds every problem of every file, not only the first. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  constructor(readonly problems: readonly RuleProblem[]) {
    super(problems.map(problemText).join('\n'));
  }
}

/** A value as a message shows it: at most 60 characters. */
export function shownValue(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object' && value !== null
          ? 'a mapping'
          : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
