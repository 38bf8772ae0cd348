/** A HTTP call that did not succeed, taken from any of the ways in which clients, servers and proxies phrase it. */
export interface HttpFailure {
  readonly status: number;
  /** Upper case; null where the text does not say. */
  readonly method: string | null;
  /** Lower case, without port; null where only a path is printed. */
  readonly host: string | null;
  /** From the first slash to the query, as printed; `/` if the URL has none. */
  readonly path: string;
  /** Without the question mark; null if there is none. */
  readonly query: string | null;
}
