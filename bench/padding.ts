/**
 * Invented rules that make a pack as large as one likes, and records that one of them matches or just fails to match.
 * They are like real rules: an exception with its message, a failed call, a text with a pattern, a logger.
 */
import type { Random } from './random.js';
import { type Message, Scene } from './scene.js';
import { FAULT_WORDS, PRODUCTS, THINGS } from './vocabulary.js';

const SEED = 300;

export interface PaddingRule {
  readonly id: string;
  /** The whole rule file. */
  readonly yaml: string;
  /** As Jira prints it, for the header of a record. */
  readonly logger: string;
  /** What follows the header in a record that the rule matches. */
  readonly hit: Message;
  /** The same with all that a filter looks for, and a tail that does not match. */
  readonly miss: Message;
}

/** The first `count` rules; they are the same for every count. */
export function paddingRules(count: number): readonly PaddingRule[] {
  const scene = new Scene(SEED); // of the examples
  return Array.from({ length: count }, (_, index) => {
    const name = nameOf(index);
    return toRule(name, scene.random.pick(SHAPES)(name, scene.random), scene);
  });
}

/** The file that makes a folder of rules a pack. */
export function paddingPack(name: string): string {
  return `title: ${capital(name)} for Jira (invented)\nversion: "1"\nmarkers: {}\n`;
}

/** The words that a rule is made of; no two rules have the same. */
interface Name {
  readonly product: string;
  /** Two words, as in `posting batch`. */
  readonly thing: string;
  readonly fault: string;
  /** `com.example.ledger.posting`, which the rules of a product share. */
  readonly home: string;
  /** `LedgerPostingBatchRejected`. */
  readonly camel: string;
}

/** What makes one rule differ from another. */
interface Shape {
  readonly match: string;
  readonly className: string;
  readonly hit: Message;
  readonly miss: Message;
}

function nameOf(index: number): Name {
  const product = PRODUCTS[index % PRODUCTS.length]!;
  const turn = Math.floor(index / PRODUCTS.length);
  const at = turn % THINGS.length;
  const thing = THINGS[at]!;
  const step = Math.floor(turn / THINGS.length) + 3 * at + (index % PRODUCTS.length);
  const fault = FAULT_WORDS[step % FAULT_WORDS.length]!;
  const home = `com.example.${product}.${thing.split(' ')[0]}`;
  return { product, thing, fault, home, camel: `${capital(product)}${camelCase(thing)}${capital(fault)}` };
}

/** More of them are exceptions and texts, as in the shipped packs. */
const SHAPES = [exception, exception, exception, call, call, text, text, text, job];

function exception({ home, camel, thing }: Name, random: Random): Shape {
  const type = `${home}.${camel}Exception`;
  const state = random.pick(['closed', 'in use', 'gone', 'half done']);
  const frames = Array.from(
    { length: random.between(4, 12) },
    (_, at) => `\tat ${home}.${camel}${random.pick(PARTS)}.${random.pick(METHODS)}(Unknown Source:${at})`,
  ).join('\n');
  const trace = (scene: Scene, message: string) =>
    `Request ${scene.random.hex(6)} of ${scene.user()} was given up\n${type}: ${message}\n${frames}\n`;
  return {
    match: `  throwable:\n    type: ${type}\n    message: '${thing} (?<number>\\d+) of [\\w.-]+ is ${state}'\n`,
    className: `${camel}Service`,
    hit: (scene) => trace(scene, `${thing} ${number(scene)} of ${scene.user()} is ${state}`),
    miss: (scene) => trace(scene, `${thing} ${number(scene)} is not there yet`),
  };
}

function call({ product, camel, thing, fault }: Name, random: Random): Shape {
  const status = random.pick([401, 403, 404, 409, 412, 422, 426, 500, 503]);
  const host = `${product}.example.com`;
  const path = `/rest/${product}/2/${thing.replace(' ', '-')}-${fault}/`;
  const address = (scene: Scene) => `https://${host}${path}${number(scene)}`;
  return {
    match: `  http: { status: ${status}, host: ${host}, path: "${path}{number}" }\n`,
    className: `${camel}Client`,
    hit: (scene) => `POST ${address(scene)} -> HTTP ${status}\n`,
    miss: (scene) => `POST ${address(scene)} -> 200 in ${status} ms\n`,
  };
}

function text({ product, thing, fault, camel }: Name, random: Random): Shape {
  const said = `${random.pick(SENTENCES)(capital(product), thing)} is ${fault}`;
  const held = random.pick(['lock', 'lease', 'token']);
  return {
    match: `  all:\n    - text: "${said}"\n    - pattern: 'is ${fault}: ${held} of (?<holder>[\\w.-]+) ran out after \\d+ s'\n`,
    className: `${camel}Guard`,
    hit: (scene) => `${said}: ${held} of ${scene.user()} ran out after ${number(scene)} s\n`,
    miss: (scene) => `${said}: trying again after ${number(scene)} s for ${scene.user()}\n`,
  };
}

function job({ home, camel }: Name): Shape {
  const className = `${camel}Job`;
  return {
    match: `  level: ">=WARN"\n  logger: ${home}.${className}\n  pattern: 'gave up after (?<times>\\d+) times'\n`,
    className,
    hit: (scene) => `Item ${scene.issue()}: gave up after ${number(scene)} times\n`,
    miss: (scene) => `Item ${scene.issue()}: done after ${number(scene)} times\n`,
  };
}

function toRule({ product, thing, fault, home, camel }: Name, shape: Shape, scene: Scene): PaddingRule {
  const parts = home.split('.');
  const logger = `c.e.${parts.slice(2).join('.')}.${shape.className}`;
  const example = `${scene.background('ERROR', logger)}${shape.hit(scene)}`.trimEnd();
  return {
    id: `${product}/${thing.replace(' ', '-')}-${fault}`,
    logger,
    hit: shape.hit,
    miss: shape.miss,
    yaml: `title: "${capital(product)}: the ${thing} is ${fault}"
severity: ${scene.random.pick(['high', 'medium', 'low'])}
status: experimental
confidence: medium
products: [${capital(product)} for Jira]
tags: [${product}]
match:
${shape.match}cause: >-
  The ${thing} that ${capital(product)} works on is ${fault}. It stays so until somebody looks at it, and every later step
  of the same kind waits for it.
solutions:
  - summary: Bring the ${thing} back into a state in which ${capital(product)} can go on.
    steps:
      - Open the settings of ${capital(product)} and look for the ${thing} under Operations.
      - Choose Repair, wait until the list is empty, and start the step again.
references:
  - title: "${capital(product)}: ${camel}"
    url: https://docs.example.com/${product}/${thing.replace(' ', '-')}-${fault}
notThisIf: the ${thing} is named, but the step went well.
examples:
  matches:
    - log: |
${example.replace(/^/gm, '        ')}
`,
  };
}

const SENTENCES: readonly ((product: string, thing: string) => string)[] = [
  (product, thing) => `${product} could not go on, the ${thing}`,
  (product, thing) => `Giving up, as the ${thing} of ${product}`,
  (product, thing) => `Step of ${product} was left out because its ${thing}`,
  (product, thing) => `Unable to run the next step: ${product} says that the ${thing}`,
];

const METHODS = ['run', 'open', 'accept', 'load', 'flush', 'handle'];
const PARTS = ['Service', 'Store', 'Filter', 'Worker'];

function number(scene: Scene): number {
  return scene.random.between(2, 90_000);
}

function camelCase(words: string): string {
  return words.split(' ').map(capital).join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
