/** What a run knows of the installation, while it reads: facts as they are met, and what follows from them for rules. */
import type { Fact, NodeFact, Verdict } from '../model/fact.js';
import type { LogRecord } from '../model/log-record.js';
import type { Rule } from '../model/rule.js';
import { FactBook, type FactPlace, type FactsState } from './book.js';
import { factsOfFile } from './file.js';
import { verdictOf } from './guard.js';
import { FACT_NEEDS, factsOfRecord } from './record.js';

export class Installation {
  /** What every record holds that says something. */
  readonly needs = FACT_NEEDS;
  readonly #book: FactBook;
  /** By rule, as long as no fact changes. */
  readonly #verdicts = new Map<string, Verdict>();
  #changes = 0;
  /** Where the record stands that comes next. */
  place: FactPlace = { time: null, source: 0, offset: 0 };

  constructor(state: FactsState = []) {
    this.#book = new FactBook(state);
  }

  /** Grows whenever a value changes. */
  get changes(): number {
    return this.#book.changes;
  }

  /** A record that stands at {@link place}. */
  take(record: LogRecord): void {
    const { source, offset, time } = this.place;
    this.#book.add(factsOfRecord(record), { source, offset, time: record.time ?? time });
  }

  /**
   * A file of a bundle, or of a home directory: it tells what is now.
   * @param name as it is told as the origin
   */
  takeFile(name: string, text: string): void {
    this.add(factsOfFile(name, text), { time: Number.POSITIVE_INFINITY, source: 0, offset: 0 });
  }

  add(facts: readonly Fact[], place: FactPlace): void {
    this.#book.add(facts, place);
  }

  /** The newest facts, by node and key. */
  facts(): NodeFact[] {
    return this.#book.facts();
  }

  /** The zone that the node of an input names; null if it names none. */
  zoneOf(origin: string): string | null {
    return this.#book.valueFor(origin, 'timezone');
  }

  /** Inputs of a cluster -> the names of their nodes; none if there is only one node, or if nothing tells nodes apart. */
  nodeNames(origins: readonly string[]): ReadonlyMap<string, string> {
    return this.#book.nodeNames(origins);
  }

  /** Whether a rule concerns the installation, as far as is known. */
  verdictOf(rule: Rule): Verdict {
    if (this.#changes !== this.#book.changes) this.#verdicts.clear();
    this.#changes = this.#book.changes;
    const known = this.#verdicts.get(rule.id) ?? verdictOf(rule, this.#book);
    this.#verdicts.set(rule.id, known);
    return known;
  }

  state(): FactsState {
    return this.#book.state();
  }
}
