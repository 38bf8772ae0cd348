/** A text that must be in a record for a rule to match; `caseless` if a log may print it in other letter case (hosts). */
export interface Literal {
  readonly text: string;
  readonly caseless: boolean;
}

/** Of a set of literals one is in the text. */
export type LiteralSet = readonly Literal[];

/** One of the literals is there, one of the HTTP statuses is told of, or everything is there that one of the branches needs. */
export type Need =
  | { readonly literals: LiteralSet }
  | { readonly statuses: readonly number[] }
  | { readonly branches: readonly (readonly Need[])[] };

/** What every match of a rule contains. */
export interface Needs {
  /** The literals by which records are found; null if a match need not contain any text. */
  readonly literals: LiteralSet | null;
  /** Everything else that must be there, which rules most near-misses out without a look at what the record means. */
  readonly further: readonly Need[];
}
