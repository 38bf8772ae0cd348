/** All facts of a run: of each node and key the newest, with the place that says so. */
import type { Fact, FactKey, NodeFact } from '../model/fact.js';
import { FACT_KEYS } from '../model/fact.js';
import { clusterNodes, nodeOf, shortName } from './node.js';

/** So many nodes are told apart, and so many facts are kept of each; further ones are left. */
const MAX_NODES = 100;
const MAX_FACTS = 2000;

/** When and where a fact was told. */
export interface FactPlace {
  /** Milliseconds since 1970; null if the log does not say; infinite for a file that tells what is now. */
  readonly time: number | null;
  /** Number of the input. */
  readonly source: number;
  readonly offset: number;
}

interface Known {
  readonly fact: Fact;
  readonly place: FactPlace;
}

/** What a tail keeps of a book; plain data. */
export type FactsState = readonly {
  readonly node: string;
  readonly facts: readonly (Omit<Known, 'place'> & {
    readonly place: Omit<FactPlace, 'time'> & { readonly time: number | 'now' | null };
  })[];
}[];

export class FactBook {
  readonly #nodes = new Map<string, Map<FactKey, Known>>();
  /** Grows whenever a value changes. */
  changes = 0;

  constructor(state: FactsState = []) {
    for (const { node, facts } of state) {
      const known = facts.map(({ fact, place }): [FactKey, Known] => {
        const time = place.time === 'now' ? Number.POSITIVE_INFINITY : place.time;
        return [fact.key, { fact, place: { ...place, time } }];
      });
      this.#nodes.set(node, new Map(known));
    }
  }

  state(): FactsState {
    return [...this.#nodes].map(([node, known]) => ({
      node,
      facts: [...known.values()].map(({ fact, place }) => {
        const time = place.time === Number.POSITIVE_INFINITY ? ('now' as const) : place.time;
        return { fact, place: { ...place, time } };
      }),
    }));
  }

  /** Takes facts of one record or file; where two of them say the same thing the later one holds. */
  add(facts: readonly Fact[], place: FactPlace): void {
    for (const fact of facts) {
      const node = this.#nodeOf(fact.origin);
      if (node === null) return;
      const known = node.get(fact.key);
      if (known === undefined ? node.size >= MAX_FACTS : isBefore(place, fact, known)) continue;
      node.set(fact.key, { fact, place });
      if (known?.fact.value !== fact.value) this.changes++;
    }
  }

  /** The newest facts, by node and key. */
  facts(): NodeFact[] {
    return [...this.#names()].flatMap(([name, known]) =>
      [...known.values()]
        .map(({ fact }) => ({ ...fact, node: name }))
        .sort((a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : Number(a.key > b.key))),
    );
  }

  /** The newest value of every node that tells one. */
  values(key: FactKey): { readonly node: string | null; readonly value: string }[] {
    return [...this.#names()].flatMap(([node, known]) => {
      const value = known.get(key)?.fact.value;
      return value === undefined ? [] : [{ node, value }];
    });
  }

  /** The newest value of the node that an input belongs to; null if it tells none. */
  valueFor(origin: string, key: FactKey): string | null {
    return this.#nodes.get(nodeOf(origin))?.get(key)?.fact.value ?? null;
  }

  /** Inputs of a cluster -> the names of their nodes; none if there is only one node, or if nothing tells nodes apart. */
  nodeNames(origins: readonly string[]): ReadonlyMap<string, string> {
    const own = (node: string) => this.#nodes.get(node)?.get('node')?.fact.value ?? null;
    const named = new Set([...this.#nodes.keys()].filter((node) => own(node) !== null));
    const nodes = clusterNodes(origins, named);
    const short = [...nodes].map(shortName);
    const nameOf = (node: string) => {
      const name = shortName(node);
      return own(node) ?? (name !== '' && short.filter((one) => one === name).length === 1 ? name : node);
    };
    const names = new Map(
      origins.flatMap((origin) => (nodes.has(nodeOf(origin)) ? [[origin, nameOf(nodeOf(origin))]] : [])),
    );
    return new Set(names.values()).size > 1 ? names : new Map();
  }

  #nodeOf(origin: string): Map<FactKey, Known> | null {
    const key = nodeOf(origin);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (this.#nodes.size >= MAX_NODES) return null;
    const made = new Map<FactKey, Known>();
    this.#nodes.set(key, made);
    return made;
  }

  /** Nodes by the name that they give themselves, else by that of their folder; null for the only one if it has none. */
  *#names(): Generator<readonly [name: string | null, known: ReadonlyMap<FactKey, Known>]> {
    const nodes = [...this.#nodes].filter(([, known]) => known.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
    const short = nodes.map(([node]) => shortName(node));
    for (const [index, [node, known]] of nodes.entries()) {
      const own = known.get('node')?.fact.value ?? null;
      const isTold = short.filter((name) => name === short[index]).length === 1 && short[index] !== '';
      yield [own ?? (nodes.length === 1 ? null : isTold ? short[index]! : node === '' ? '.' : node), known];
    }
  }
}

function rank(key: FactKey): number {
  const at = (FACT_KEYS as readonly string[]).indexOf(key);
  return at < 0 ? FACT_KEYS.length : at;
}

/** Whether a fact of this place is older than what is known. A time goes before none. */
function isBefore(place: FactPlace, fact: Fact, known: Known): boolean {
  const a = place.time ?? Number.NEGATIVE_INFINITY;
  const b = known.place.time ?? Number.NEGATIVE_INFINITY;
  if (a !== b) return a < b;
  if (place.source !== known.place.source) return place.source < known.place.source;
  return place.offset - known.place.offset < 0 || (place.offset === known.place.offset && fact.line < known.fact.line);
}
