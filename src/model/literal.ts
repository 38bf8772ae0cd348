/** A text that must be in a record for a rule to match; `caseless` if a log may print it in other letter case (hosts). */
export interface Literal {
  readonly text: string;
  readonly caseless: boolean;
}

/** Of a set of literals one is in the text. */
export type LiteralSet = readonly Literal[];

/** What every match of a rule contains. */
export interface Needs {
  /** The set by which records are found; null if a match need not contain any text. */
  readonly literals: LiteralSet | null;
  /** Further sets, which rule most near-misses out without a look at what the record means. */
  readonly further: readonly LiteralSet[];
}
