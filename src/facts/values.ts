/** Values of facts as they are told: cut out of lines, without what is no part of them. */
import { copyOf } from '../model/copy.js';
import type { Fact, FactKey } from '../model/fact.js';
import { parseVersion } from '../model/version.js';

const MAX_VALUE = 200; // characters
/** So many facts are taken from one record or file. */
const MAX_FACTS = 2000;
/** The key of a plugin: words with dots between them. */
export const PLUGIN_KEY = String.raw`[A-Za-z][\w-]*(?:\.[\w-]+)+`;
const WHOLE_PLUGIN_KEY = new RegExp(`^${PLUGIN_KEY}$`);
/** Keys under which Git Integration for Jira is installed. */
const GIJ = ['com.xiplink.jira.git.jira_git_plugin', 'com.bigbrassband.jira.git'];

/** Collects the facts of one record or file. */
export class Facts {
  readonly found: Fact[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** A text; nothing where there is none. */
  add(key: FactKey, value: string | null | undefined, line: number): void {
    const text = value?.trim().slice(0, MAX_VALUE) ?? '';
    if (text === '' || this.found.length >= MAX_FACTS) return;
    this.found.push({ key, value: copyOf(text), origin: this.#origin, line });
  }

  /** A version, up to the first blank or bracket behind it; nothing where there is none. */
  version(key: FactKey, text: string | null | undefined, line: number): void {
    const version = /^[^\s#()[\],;"]+/.exec(text?.trim() ?? '')?.[0] ?? '';
    if (parseVersion(version) !== null) this.add(key, version, line);
  }

  plugin(key: string, version: string, line: number): void {
    if (!WHOLE_PLUGIN_KEY.test(key) || key.length > MAX_VALUE) return;
    this.version(`plugin:${copyOf(key)}`, version, line);
    if (GIJ.includes(key)) this.version('gij', version, line);
  }

  /** `PostgreSQL - 15.10`, `Microsoft SQL Server - 13.00.5026`, `Oracle - Oracle Database 19c ... Release 19.0.0.0.0 ...`. */
  database(text: string, line: number): void {
    const [, name = text, version = ''] =
      /^(.{1,100}?) {1,4}-? ?(?=\S*\d|.{0,80}Release \d)(.*)$/.exec(text.trim()) ?? [];
    this.add('database', name, line);
    this.databaseVersion(version, line);
  }

  databaseVersion(text: string, line: number): void {
    this.version('databaseVersion', /\d+(?:\.\d+)+[\w.-]*|\d+/.exec(text)?.[0], line);
  }

  /** `Apache Tomcat/9.0.98 - Servlet API 4.0`. */
  tomcat(text: string, line: number): void {
    this.version('tomcat', /Apache Tomcat\/(\d[\w.-]*)/.exec(text)?.[1], line);
  }

  heap(text: string | undefined, line: number): void {
    this.add('heap', text === undefined ? null : toMegabytes(text), line);
  }

  /** Arguments of a Java virtual machine. Only these are taken: others may be secrets. */
  arguments(text: string, line: number): void {
    this.heap(last(text, /(?<![\w-])-Xmx(\d{1,15}[kKmMgGtT]?)(?![\w.])/g), line);
    this.timezone(last(text, /(?<![\w-])-Duser\.timezone=["']?([A-Za-z][\w/+-]*)/g), line);
    this.add(
      'node',
      last(text, /(?<![\w-])-D(?:confluence\.cluster\.node\.name|jira\.node\.id)=["']?([\w.-]+)/g),
      line,
    );
  }

  timezone(text: string | undefined, line: number): void {
    this.add('timezone', /^[A-Za-z][\w/+-]*$/.exec(text?.trim() ?? '')?.[0], line);
  }
}

/** `683MB`, `8g`, `8388608k`, `805306368`, `8 GiB` -> `8192MB`; null where it is no size. */
function toMegabytes(text: string): string | null {
  const found = /^(\d{1,15})(?:[.,]\d+)? ?([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (found === null) return null;
  const unit = { k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }[found[2]!.toLowerCase()] ?? 1;
  return `${Math.round((Number(found[1]) * unit) / 1024 ** 2)}MB`;
}

/** Of arguments that are given twice the last one holds. */
function last(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}
