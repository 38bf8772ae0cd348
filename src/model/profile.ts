/** A clock in milliseconds. */
export type Clock = () => number;

/** What one rule cost in a run. */
export interface RuleCost {
  readonly id: string;
  /** Records in which everything was that the rule needs, so that its conditions were asked. */
  readonly tried: number;
  readonly matched: number;
  /** All of it, in milliseconds. */
  readonly time: number;
}

/** Where the time of a run went, in milliseconds. */
export interface Profile {
  readonly stages: readonly { readonly name: string; readonly time: number }[];
  /** Of the rules that were tried, the most expensive first. */
  readonly rules: readonly RuleCost[];
}

/** A rule that takes longer on average, in milliseconds a record, slows logs with many near-misses down. */
export const RULE_BUDGET = 0.05;
