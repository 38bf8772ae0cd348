/** What a rule says of an incident: its texts, filled with what was captured. */
import type { Incident, ShownSolution } from '../model/incident.js';
import type { Captures } from '../model/match.js';
import { type Rule, solutionOn } from '../model/rule.js';

/** @param day on which the solution must be valid, `YYYY-MM-DD` */
export function ruleTexts(
  rule: Rule,
  captures: Captures,
  day: string,
): Pick<Incident, 'title' | 'cause' | 'solution' | 'notThisIf'> {
  const fill = (text: string) => filled(text, captures);
  return {
    title: fill(rule.title),
    cause: fill(rule.cause),
    solution: shownSolution(rule, day, fill),
    notThisIf: rule.notThisIf === null ? null : fill(rule.notThisIf),
  };
}

/** `{name}` -> what was captured; `<name>` where this match captured nothing under it. */
function filled(text: string, captures: Captures): string {
  return text.replace(/\{([A-Za-z_][\w.]*)\}/g, (_, name: string) =>
    Object.hasOwn(captures, name) ? captures[name]! : `<${name}>`,
  );
}

function shownSolution(rule: Rule, day: string, fill: (text: string) => string): ShownSolution | null {
  const solution = solutionOn(rule, day);
  if (solution === null) return null;
  const following = solution.until === null ? null : solutionOn(rule, solution.until);
  return {
    summary: fill(solution.summary),
    steps: solution.steps.map(fill),
    validFrom: solution.from,
    validUntil: solution.until,
    next: following === null ? null : fill(following.summary),
  };
}
