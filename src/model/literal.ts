/** A text that must be in a record for a rule to match; `caseless` if a log may print it in other letter case (hosts). */
export interface Literal {
  readonly text: string;
  readonly caseless: boolean;
}
