/** One thing that is wrong with a rule or a pack, with its place. */
export interface RuleProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `rules/acme/login.yaml:14:9: match.all[1].http.status: expected ..., found ...` */
export function problemText(problem: RuleProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** Rules that cannot be used. Holds every problem of every file, not only the first. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  constructor(readonly problems: readonly RuleProblem[]) {
    super(problems.map(problemText).join('\n'));
  }
}
