/** How a throwable hangs on the one before it in the chain. */
export type Relation = 'outermost' | 'cause' | 'suppressed';

/** One exception of a stack trace. A chain is a list in print order: outermost first, root cause last. */
export interface Throwable {
  /** Full class name as printed: `java.net.ConnectException`. */
  readonly type: string;
  /** The text behind the class name, of one or many lines; empty if there is none. */
  readonly message: string;
  /** Frames without the leading `at `: `java.base/java.lang.Thread.run(Thread.java:840)`. */
  readonly frames: readonly string[];
  readonly relation: Relation;
}
