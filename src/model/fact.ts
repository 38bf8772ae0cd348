import { didYouMean, nearest } from './nearest.js';

/** What a fact can be about; besides these, `plugin:<key>` is the version of a plugin. */
export const FACT_KEYS = [
  'jira',
  'confluence',
  'bitbucket',
  'bamboo',
  'crowd',
  'gij',
  'tomcat',
  'java',
  'heap',
  'os',
  'database',
  'databaseVersion',
  'driver',
  'node',
  'timezone',
  'baseUrl',
] as const;
export type FactKey = (typeof FACT_KEYS)[number] | `plugin:${string}`;

/** Keys whose values are versions, which rules can ask for. */
const VERSION_KEYS: readonly string[] = [
  'jira',
  'confluence',
  'bitbucket',
  'bamboo',
  'crowd',
  'gij',
  'tomcat',
  'java',
  'databaseVersion',
];

const PRODUCTS: readonly string[] = ['jira', 'confluence', 'bitbucket', 'bamboo', 'crowd'];

/** Whether a fact is that a product runs. */
export function isProduct(key: string): boolean {
  return PRODUCTS.includes(key);
}

/** Something that is true of the installation, and the place that says so. */
export interface Fact {
  readonly key: FactKey;
  readonly value: string;
  /** The input: a path, or archive!/member. */
  readonly origin: string;
  readonly line: number;
}

/** The newest that is known under one key; `node` is null where nothing tells nodes apart. */
export interface NodeFact extends Fact {
  readonly node: string | null;
}

/** Whether a rule concerns this installation: null if the facts do not say. */
export interface Verdict {
  readonly applies: boolean | null;
  /** The fact that decides, in a sentence; null where none does. */
  readonly reason: string | null;
}

export const UNDECIDED: Verdict = { applies: null, reason: null };

export function isVersionKey(key: string): boolean {
  return VERSION_KEYS.includes(key) || isPluginKey(key);
}

/** What is wrong with a key by which a rule asks for a version; null if nothing is. */
export function versionKeyProblem(key: string): string | null {
  if (isVersionKey(key)) return null;
  if ((FACT_KEYS as readonly string[]).includes(key)) return `${key} is no version, so it has no range`;
  return `no fact is named ${key}; expected ${VERSION_KEYS.join(', ')} or plugin:KEY${didYouMean(nearest(key, VERSION_KEYS))}`;
}

function isPluginKey(key: string): boolean {
  return /^plugin:[\w.-]+$/.test(key);
}
