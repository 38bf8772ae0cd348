/** A file of a support bundle, or of a home directory -> what it says of the installation. */
import type { Fact, FactKey } from '../model/fact.js';
import { Facts, PLUGIN_KEY } from './values.js';
import { attributeOf, xmlTexts } from './xml.js';

/** So much of a file is looked at. */
export const MAX_FACT_FILE = 8 * 1024 * 1024; // bytes

type Reader = (text: string, facts: Facts) => void;

/** By the name of the file, without directories. */
const READERS: readonly (readonly [name: RegExp, read: Reader])[] = [
  [/^application\.xml$/, applicationXml],
  [/^dbconfig\.xml$/, databaseXml],
  [/^(?:confluence|bamboo|crowd)\.cfg\.xml$/, configurationXml],
  [/^bitbucket\.properties$/, bitbucketProperties],
  [/^cluster\.properties$/, clusterProperties],
  [/^setenv[-.](?:sh|bat)(?:\.txt)?$/, environment],
  [/^healthcheckResults\.txt$/, healthchecks],
  [/^(?:installed[-_])?plugins?(?:[-_]?(?:list|versions))?\.(?:txt|csv)$/i, pluginList],
];

/** Whether a file of that name may say something. */
export function isFactFile(name: string): boolean {
  return readerOf(name) !== null;
}

/** @param name of the file, as it is told as its origin */
export function factsOfFile(name: string, text: string): Fact[] {
  const facts = new Facts(name);
  readerOf(name)?.(text.slice(0, MAX_FACT_FILE), facts);
  return facts.found;
}

function readerOf(name: string): Reader | null {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return READERS.find(([pattern]) => pattern.test(base))?.[1] ?? null;
}

/** Numbers of lines by growing positions. */
class Lines {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  of(position: number): number {
    for (let feed = this.#text.indexOf('\n', this.#at); feed >= 0 && feed < position; ) {
      this.#line++;
      this.#at = feed + 1;
      feed = this.#text.indexOf('\n', this.#at);
    }
    return this.#line;
  }
}

// ------------------------------------------------------------------------------------------------------------- XML

const PRODUCTS: readonly (readonly [name: RegExp, key: 'jira' | 'confluence' | 'bitbucket' | 'bamboo' | 'crowd'])[] = [
  [/jira/i, 'jira'],
  [/confluence/i, 'confluence'],
  [/bitbucket|stash/i, 'bitbucket'],
  [/bamboo/i, 'bamboo'],
  [/crowd/i, 'crowd'],
];

/**
 * What the support tools of all products write. Names of elements are those of the products' own system information, with
 * hyphens for blanks, so they differ between products and versions in letter case and words.
 */
function applicationXml(text: string, facts: Facts): void {
  const lines = new Lines(text);
  let plugin: { key: string; line: number } | null = null;
  let node: { id: string; line: number } | null = null;
  let os = '';
  for (const { path, attributes, text: value, offset } of xmlTexts(text)) {
    const line = lines.of(offset);
    const name = path.at(-1)!.toLowerCase();
    const around = path.slice(0, -1).map((one) => one.toLowerCase());
    const parent = around.at(-1) ?? '';
    if (around.some((one) => one.includes('link'))) continue; // of other installations
    if (name === 'product') {
      const key = PRODUCTS.find(([pattern]) => pattern.test(attributeOf(attributes, 'name') ?? ''))?.[1];
      if (key !== undefined) facts.version(key, attributeOf(attributes, 'version'), line);
    } else if (parent === 'plugin') {
      if (name === 'key') plugin = { key: value, line };
      else if (name === 'version' && plugin !== null) facts.plugin(plugin.key, value, plugin.line);
    } else if (parent === 'node') {
      if (name === 'id') node = { id: value, line };
      else if (name === 'local' && value === 'true' && node !== null) facts.add('node', node.id, node.line);
    } else if (parent.startsWith('database')) databaseElement(name, value, line, facts);
    else if (name === 'os-name') os = value;
    else if (name === 'os-version') facts.add('os', `${os} ${value}`, line);
    else if (name.includes('base-url') && value.includes('://')) facts.add('baseUrl', value, line);
    else ELEMENTS[name]?.(value, line, facts);
  }
}

function databaseElement(name: string, value: string, line: number, facts: Facts): void {
  if (name === 'database-name' || name === 'name' || name === 'type') facts.add('database', value, line);
  else if (name === 'version' || name === 'database-version') facts.databaseVersion(value, line);
  else if (name === 'driver-name') facts.add('driver', value, line);
  else ELEMENTS[name]?.(value, line, facts);
}

const ELEMENTS: Readonly<Record<string, (value: string, line: number, facts: Facts) => void>> = {
  'java.runtime.version': (value, line, facts) => facts.version('java', value, line),
  'java-version': (value, line, facts) => facts.version('java', value, line),
  'virtual-machine-arguments': (value, line, facts) => facts.arguments(value, line),
  'jvm-input-arguments': (value, line, facts) => facts.arguments(value, line),
  'user.timezone': (value, line, facts) => facts.timezone(value, line),
  'user-timezone': (value, line, facts) => facts.timezone(value, line),
  'application-server-container': (value, line, facts) => facts.tomcat(value, line),
  'application-server': (value, line, facts) => facts.tomcat(value, line),
  'database-type': (value, line, facts) => facts.add('database', databaseOf(value), line),
  'database-version': (value, line, facts) => facts.databaseVersion(value, line),
  'database-driver': (value, line, facts) => facts.add('driver', value, line),
  'operating-system': (value, line, facts) => facts.add('os', value, line),
};

function databaseXml(text: string, facts: Facts): void {
  const lines = new Lines(text);
  for (const { path, text: value, offset } of xmlTexts(text)) {
    const line = lines.of(offset);
    if (path.at(-1) === 'database-type') facts.add('database', databaseOf(value), line);
    else if (path.at(-1) === 'driver-class') facts.add('driver', value, line);
  }
}

const PROPERTIES: Readonly<Record<string, (value: string, line: number, facts: Facts) => void>> = {
  'hibernate.connection.driver_class': (value, line, facts) => facts.add('driver', value, line),
  'hibernate.dialect': (value, line, facts) => facts.add('database', databaseOf(value), line),
  'confluence.database.choice': (value, line, facts) => facts.add('database', databaseOf(value), line),
  'confluence.cluster.node.name': (value, line, facts) => facts.add('node', value, line),
};

function configurationXml(text: string, facts: Facts): void {
  const lines = new Lines(text);
  for (const { attributes, text: value, offset } of xmlTexts(text)) {
    const name = attributeOf(attributes, 'name');
    if (name !== null && Object.hasOwn(PROPERTIES, name)) PROPERTIES[name]!(value, lines.of(offset), facts);
  }
}

/** How configurations name databases, in the names and drivers that they give. */
function databaseOf(text: string): string {
  const known = DATABASES.find(([pattern]) => pattern.test(text));
  return known === undefined ? text : known[1];
}

const DATABASES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/postgres/i, 'PostgreSQL'],
  [/mariadb/i, 'MariaDB'],
  [/mysql/i, 'MySQL'],
  [/mssql|sqlserver/i, 'Microsoft SQL Server'],
  [/oracle/i, 'Oracle'],
  [/hsql/i, 'HSQLDB'],
  [/\bh2|h2dialect/i, 'H2'],
];

// ------------------------------------------------------------------------------------------------------------ lines

/** Lines that are no comment, with their numbers. */
function* linesOf(text: string): Generator<readonly [line: string, number: number]> {
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 ? text.length : feed;
    number++;
    const line = text.slice(at, Math.min(end, at + MAX_LINE)).trim();
    if (!/^(?:#|!|rem\b|::)/i.test(line)) yield [line, number];
    at = end + 1;
  }
}

const MAX_LINE = 20_000; // characters

function* propertiesOf(text: string): Generator<readonly [name: string, value: string, line: number]> {
  for (const [line, number] of linesOf(text)) {
    const found = /^([\w.-]{1,200})\s{0,20}[=:]\s{0,20}(.*)$/.exec(line);
    if (found !== null) yield [found[1]!, found[2]!, number];
  }
}

function bitbucketProperties(text: string, facts: Facts): void {
  for (const [name, value, line] of propertiesOf(text)) {
    if (name === 'setup.baseUrl') facts.add('baseUrl', value, line);
    else if (name === 'jdbc.driver') {
      facts.add('driver', value, line);
      facts.add('database', databaseOf(value), line);
    } else if (name === 'cluster.node.name') facts.add('node', value, line);
  }
}

function clusterProperties(text: string, facts: Facts): void {
  for (const [name, value, line] of propertiesOf(text)) if (name === 'jira.node.id') facts.add('node', value, line);
}

function environment(text: string, facts: Facts): void {
  for (const [line, number] of linesOf(text)) {
    const maximum = /\bJVM_MAXIMUM_MEMORY\s{0,5}=\s{0,5}"?(?:\$\{JVM_MAXIMUM_MEMORY:=)?(\d{1,15}[kmgt]?)\b/i.exec(line);
    facts.heap(maximum?.[1], number);
    facts.arguments(line, number);
  }
}

/** Checks of the whole cluster name each node; only one that all of them name is this one. */
function healthchecks(text: string, facts: Facts): void {
  const nodes = new Map<string, number>();
  for (const [name, value, line] of propertiesOf(text))
    if (name === 'NodeId' && value !== '' && value !== 'null' && !nodes.has(value)) nodes.set(value, line);
  const [[node, line] = []] = nodes;
  if (nodes.size === 1) facts.add('node', node, line!);
}

function pluginList(text: string, facts: Facts): void {
  for (const [line, number] of linesOf(text)) {
    const words = line.slice(0, 2000).split(/[\s,;:|"()]+/);
    const key = words.find((word) => WHOLE_KEY.test(word)) as FactKey | undefined;
    const version = words.find((word) => /^v?\d+(?:\.\d+)+[\w.+-]*$/.test(word));
    if (key !== undefined && version !== undefined) facts.plugin(key, version, number);
  }
}

const WHOLE_KEY = new RegExp(`^${PLUGIN_KEY}$`);
