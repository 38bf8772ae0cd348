/** A day of ordinary life in some log: a clock that only goes on, people, places, and the lines that were written so far. */
import { Random } from '../../../bench/random.js';

/** A log in which nothing is wrong. */
export interface HealthyKind {
  /** Name of the file; it helps to tell what the log is. */
  readonly name: string;
  /** The text, at least `LEAST` lines, the same for the same seed. */
  readonly make: (seed: number) => string;
}

/** Lines that each log has at least. */
export const LEAST = 2_000;

const PEOPLE = ['jdoe', 'mkowalski', 'rsauer', 'tnguyen', 'adiaz', 'esato', 'lmeier', 'obrien', 'svc-export'];
const PROJECTS = ['APP', 'WEB', 'PAY', 'OPS', 'HRD', 'LEDGER'];
const REPOSITORIES = ['shop', 'ledger', 'storefront', 'billing-api', 'roster', 'infra'];
const BROWSERS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'curl/8.5.0',
  'Apache-HttpClient/4.5.14 (Java/17.0.13)',
];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export class Day {
  readonly random: Random;
  readonly #lines: string[] = [];
  #time: number;

  /** @param start ISO time of the first line */
  constructor(seed: number, start = '2026-11-18T06:00:00Z') {
    this.random = new Random(seed);
    this.#time = Date.parse(start);
  }

  get length(): number {
    return this.#lines.length;
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  /** Lets up to so many milliseconds pass. */
  pass(most: number): void {
    this.#time += this.random.between(1, most);
  }

  /** Writes a text of one or more lines. */
  write(text: string): void {
    this.#lines.push(...text.split('\n'));
  }

  /** Milliseconds since 1970. */
  get epoch(): number {
    return this.#time;
  }

  /** `2026-11-18T06:00:00.123Z`. */
  get iso(): string {
    return new Date(this.#time).toISOString();
  }

  /** `2026-11-18 06:00:00,123`. */
  get comma(): string {
    return this.dot.replace('.', ',');
  }

  /** `2026-11-18 06:00:00.123`. */
  get dot(): string {
    return this.iso.slice(0, 23).replace('T', ' ');
  }

  /** `2026-11-18 06:00:00`. */
  get seconds(): string {
    return this.dot.slice(0, 19);
  }

  /** `18-Nov-2026 06:00:00.123`. */
  get tomcat(): string {
    return `${this.iso.slice(8, 10)}-${this.#month}-${this.iso.slice(0, 4)} ${this.iso.slice(11, 23)}`;
  }

  /** `18/Nov/2026:06:00:00 +0000`. */
  get access(): string {
    return `${this.iso.slice(8, 10)}/${this.#month}/${this.iso.slice(0, 4)}:${this.iso.slice(11, 19)} +0000`;
  }

  get #month(): string {
    return MONTHS[new Date(this.#time).getUTCMonth()]!;
  }

  pick<T>(list: readonly T[]): T {
    return this.random.pick(list);
  }

  /** A whole number, both ends included. */
  number(low: number, high: number): number {
    return this.random.between(low, high);
  }

  get person(): string {
    return this.pick(PEOPLE);
  }

  get project(): string {
    return this.pick(PROJECTS);
  }

  get issue(): string {
    return `${this.project}-${this.number(1, 4200)}`;
  }

  get repository(): string {
    return this.pick(REPOSITORIES);
  }

  get browser(): string {
    return this.pick(BROWSERS);
  }

  get address(): string {
    return `192.0.2.${this.number(1, 250)}`;
  }
}

/** Says what is written next. */
export type Say = (day: Day) => string;

/** A log made of these sayings, the first ones more often, until it is long enough; `print` puts each into its layout. */
export function chatter(
  seed: number,
  sayings: readonly Say[],
  print: (day: Day, said: string) => string = (_, said) => said,
  { start = '2026-11-18T06:00:00Z', pause = 20_000 } = {},
): string {
  const day = new Day(seed, start);
  while (day.length < LEAST) {
    day.pass(pause);
    day.write(print(day, day.random.pickSkewed(sayings)(day)));
  }
  return day.text;
}
