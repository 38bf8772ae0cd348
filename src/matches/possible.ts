/** Which rules may match a text, by what each of them needs: known without a look at what the text means. */
import { numberPattern, WORDS } from '../model/http-status.js';
import type { Literal, LiteralSet, Need, Needs } from '../model/literal.js';
import { LiteralFinder } from './finder.js';

/** Rules go by their numbers. */
export class PossibleRules {
  /** Every match of any rule contains one of these; null if some rule may match any text. */
  readonly literals: LiteralSet | null;
  /** What each rule needs besides a literal. */
  readonly #needs: readonly (readonly AskedNeed[])[];
  /** The rules that have a literal; and those that have none and are always possible. */
  readonly #rulesOf: readonly number[][];
  readonly #always: readonly number[];
  readonly #all: LiteralSet;
  /** Made when it is first asked for. */
  #finder: LiteralFinder | null = null;
  readonly #shared: SharedNeeds;

  constructor(needs: readonly Needs[]) {
    const shared = new SharedNeeds();
    this.#needs = needs.map(({ further }) => further.map((need) => shared.add(need)));
    this.#shared = shared;
    const literals: Literal[] = [];
    const numbers = new Map<string, number>();
    const rulesOf: number[][] = [];
    const always: number[] = [];
    for (const [rule, { literals: set }] of needs.entries()) {
      if (set === null) always.push(rule);
      for (const literal of set ?? []) {
        const key = `${literal.caseless}${literal.text}`;
        const known = numbers.get(key) ?? literals.push(literal) - 1;
        numbers.set(key, known);
        rulesOf[known] = [...(rulesOf[known] ?? []), rule];
      }
    }
    this.#rulesOf = rulesOf;
    this.#always = always;
    this.#all = literals;
    this.literals = always.length > 0 ? null : literals;
  }

  /** @param held which of the literals (their places among them) are in the text */
  mayMatch(text: string, held: readonly number[]): boolean {
    if (held.length === 0 && this.#always.length === 0) return false;
    this.#shared.text = text;
    for (const literal of held) if (this.#isAnyPossible(this.#rulesOf[literal]!)) return true;
    return this.#isAnyPossible(this.#always);
  }

  /**
   * The rules that may match, in order.
   * @param held as above; null if that is not known
   */
  rules(text: string, held: readonly number[] | null): readonly number[] {
    const literals = held ?? this.#literalsIn(text);
    if (literals.length === 0 && this.#always.length === 0) return [];
    const rules = new Set(this.#always);
    for (const literal of literals) for (const rule of this.#rulesOf[literal]!) rules.add(rule);
    this.#shared.text = text;
    return [...rules].filter((rule) => this.#shared.areMet(this.#needs[rule]!)).sort((a, b) => a - b);
  }

  #isAnyPossible(rules: readonly number[]): boolean {
    for (const rule of rules) if (this.#shared.areMet(this.#needs[rule]!)) return true;
    return false;
  }

  #literalsIn(text: string): readonly number[] {
    this.#finder ??= new LiteralFinder(this.#all);
    return this.#finder.find(text);
  }
}

type TextTest = (text: string) => boolean;

/** The number of a need about the text itself, or branches. */
type AskedNeed = number | readonly (readonly AskedNeed[])[];

/** Needs that many rules share: whether one is met is asked of a text once. */
class SharedNeeds {
  readonly #numbers = new Map<string, number>();
  readonly #needs: Need[] = [];
  /** Made when a need is first asked for: most are never. */
  readonly #tests: TextTest[] = [];
  #text = '';
  #words: boolean | null = null;
  /** Answers about a text, and about which text they are: the texts are counted. */
  readonly #answers: boolean[] = [];
  readonly #askedOf: number[] = [];
  #texts = 0;

  add(need: Need): AskedNeed {
    if ('branches' in need) return need.branches.map((branch) => branch.map((inner) => this.add(inner)));
    const key = JSON.stringify(need);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#needs.length);
    this.#answers.push(false);
    this.#askedOf.push(0);
    return this.#needs.push(need) - 1;
  }

  set text(text: string) {
    this.#text = text;
    this.#words = null;
    this.#texts++;
  }

  areMet(needs: readonly AskedNeed[]): boolean {
    for (const need of needs) {
      const isMet = typeof need === 'number' ? this.#isMet(need) : this.#isBranchMet(need);
      if (!isMet) return false;
    }
    return true;
  }

  #isBranchMet(branches: readonly (readonly AskedNeed[])[]): boolean {
    for (const branch of branches) if (this.areMet(branch)) return true;
    return false;
  }

  #isMet(number: number): boolean {
    if (this.#askedOf[number] === this.#texts) return this.#answers[number]!;
    this.#askedOf[number] = this.#texts;
    this.#tests[number] ??= this.#toTest(this.#needs[number]!);
    const answer = this.#tests[number](this.#text);
    this.#answers[number] = answer;
    return answer;
  }

  #toTest(need: Need): TextTest {
    if ('literals' in need) return toTextTest(need.literals);
    if ('branches' in need) throw new Error('branches are asked one by one');
    const pattern = numberPattern(need.statuses);
    return (text) => pattern.test(text) || this.#hasWords();
  }

  /** Whether the text may tell of a status in words. */
  #hasWords(): boolean {
    this.#words ??= WORDS.test(this.#text);
    return this.#words;
  }
}

function toTextTest(set: LiteralSet): TextTest {
  const [first] = set;
  if (set.length === 1 && !first!.caseless) return (text) => text.includes(first!.text);
  const pattern = new RegExp(set.map(escapeLiteral).join('|'));
  return (text) => pattern.test(text);
}

function escapeLiteral({ text, caseless }: Literal): string {
  return text.replace(/[\s\S]/g, (char) => {
    if (caseless && char.toLowerCase() !== char.toUpperCase()) return `[${char.toLowerCase()}${char.toUpperCase()}]`;
    return /[\w\s]/.test(char) ? char : `\\${char}`;
  });
}
