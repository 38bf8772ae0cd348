/** Trouble with an input, a rule or a bound, as it stands in the output. */
export interface Problem {
  readonly code: string;
  /** The input it is about; null if it is about the run. */
  readonly origin: string | null;
  readonly message: string;
  readonly remedy: string;
}

/** What the inner parts tell the outside. They never log; whoever runs them listens. */
export interface Diagnostics {
  problem(problem: Problem): void;
  /** An input was opened, and which family its first bytes decided on. */
  opened(origin: string, family: string): void;
  /** Bytes read since the last call, as they lie on disk where that is known. */
  progress(bytes: number): void;
}
