/** Trouble with the members of an archive, told once for each kind of it. */
import type { Problem } from '../../model/diagnostics.js';

/** So many members are named. */
const NAMED = 3;

interface Kind {
  readonly first: Problem;
  readonly names: string[];
  count: number;
}

/** Problems of one input. */
export class FoldedProblems {
  readonly #kinds = new Map<string, Kind>();

  /** @param name of the input */
  constructor(private readonly name: string) {}

  add(problem: Problem): void {
    const member = this.#memberOf(problem);
    const key = `${problem.code} ${member === null}`;
    const known = this.#kinds.get(key);
    if (known === undefined) {
      this.#kinds.set(key, { first: problem, names: member === null ? [] : [member], count: 1 });
      return;
    }
    known.count++;
    if (member !== null && known.names.length < NAMED) known.names.push(member);
  }

  all(): Problem[] {
    return [...this.#kinds.values()].map(({ first, names, count }) => {
      if (count === 1) return first;
      if (names.length === 0) return { ...first, message: `${first.message} (${count} times)` };
      const more = count > names.length ? ` and ${count - names.length} more` : '';
      return {
        ...first,
        origin: this.name,
        message: `${count} members: ${names.join(', ')}${more}; the first ${first.message}`,
      };
    });
  }

  /** The name of the member that it is about; null if it is about the input. */
  #memberOf({ origin }: Problem): string | null {
    const prefix = `${this.name}!/`;
    return origin?.startsWith(prefix) ? origin.slice(prefix.length) : null;
  }
}
