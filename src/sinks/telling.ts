import type { Problem } from '../model/diagnostics.js';

/** How long the same kind of trouble is not told again. */
const QUIET = 60_000; // milliseconds

/** Tells of trouble that comes again and again: each kind at most once a minute, and once that it is over. */
export class Telling {
  readonly #tell: (problem: Problem) => void;
  readonly #clock: () => number;
  /** By kind, when it was told last. */
  readonly #toldAt = new Map<string, number>();
  /** Kinds that were told and go on. */
  readonly #going = new Set<string>();

  /** @param clock monotonic, milliseconds */
  constructor(tell: (problem: Problem) => void, clock: () => number) {
    this.#tell = tell;
    this.#clock = clock;
  }

  trouble(code: string, message: string, remedy: string): void {
    const now = this.#clock();
    const before = this.#toldAt.get(code);
    if (before !== undefined && now - before < QUIET) return;
    this.#toldAt.set(code, now);
    this.#going.add(code);
    this.#tell({ code, origin: null, message, remedy });
  }

  /** Trouble of this kind has ended; said only if it was told. */
  over(kind: string, message: string, remedy: string): void {
    if (this.#going.delete(kind)) this.#tell({ code: 'webhook-working', origin: null, message, remedy });
  }
}
