/**
 * A record -> what it says of the installation: start-up banners of Jira, Confluence, Bitbucket, Bamboo, Crowd and Tomcat, what a
 * virtual machine says of itself. Everything else holds nothing, however much it speaks of versions.
 */
import type { Fact } from '../model/fact.js';
import { isErrorLevel } from '../model/level.js';
import type { Needs } from '../model/literal.js';
import type { LogRecord } from '../model/log-record.js';
import { originName } from '../model/origin.js';
import { Facts, PLUGIN_KEY } from './values.js';

/**
 * Every record that says something holds one of these. They are looked for together with the texts that rules need, so none is
 * shorter than eleven characters, which costs least there.
 */
const LITERALS = [
  '___ Environment __',
  '___ Core Application Properties __',
  '___ Database Configuration __',
  ' Plugins _____',
  'started. You can now access J',
  'Starting Confluence ',
  'Starting Bitbucket ',
  'Starting Bamboo ',
  'Starting Crowd Server',
  'VersionLoggerListener',
  'Starting Servlet ',
  '# JRE version:',
  'Full thread dump ',
  'CommandLine flags: ',
  'Server VM (25.',
  'Heap Max Capacity: ',
  '] Version: ',
];

export const FACT_NEEDS: Needs = { literals: LITERALS.map((text) => ({ text, caseless: false })), further: [] };

const HOLDS = new RegExp(LITERALS.map((text) => text.replace(/[[\]().]/g, '\\$&')).join('|'));

/** The lines of a banner that are looked at; a list of plugins has up to 2,000. */
const MAX_LINES = 10_000;
/** Of one line; arguments of a virtual machine may be long. */
const MAX_LINE = 20_000; // characters

/** Nothing for records without any of the texts, after one look. */
export function factsOfRecord(record: LogRecord): Fact[] {
  if (!HOLDS.test(record.text) || mayQuote(record)) return [];
  const facts = new Facts(originName(record.origin));
  const lines = record.text.split('\n', MAX_LINES);
  const banner = new Banner(facts);
  for (const [index, line] of lines.entries()) {
    const text = line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line;
    banner.push(text, numberOf(record, lines.length, index));
  }
  banner.end();
  return facts.found;
}

/** The time zone that a banner among the first lines of a log names; null if there is none. */
export function timezoneOf(head: string): string | null {
  const section = head.indexOf('___ Java System Properties __');
  if (section < 0) return null;
  const end = head.indexOf('___ ', section + 4);
  const properties = head.slice(section, end < 0 ? head.length : end);
  return /^\s{1,40}user\.timezone {1,100}: ([A-Za-z][\w/+-]*)\s*$/m.exec(properties)?.[1] ?? null;
}

/** An error may quote what is not true here; a crash speaks of itself. */
function mayQuote({ level, format }: LogRecord): boolean {
  return level !== null && isErrorLevel(level) && format !== 'hs-err';
}

/** Of a record whose middle was left out the lines of its end are counted from there. */
function numberOf({ line, endLine, cut }: LogRecord, count: number, index: number): number {
  const isBehindCut = cut && index > count / 2;
  return Math.min(endLine, isBehindCut ? endLine - (count - 1 - index) : line + index);
}

const HEADER = /^\s{0,20}___ ([A-Z][\w ()]{0,60}?) ___*\s*$/;
const PROPERTY = /^\s{1,40}(\S.{0,200}?)\s*(?<=\s): (.*)$/;

class Banner {
  readonly #facts: Facts;
  /** The name of the section that is open. */
  #section: string | null = null;
  #plugin: string | null = null;
  #os: { name: string; version: string; line: number } = { name: '', version: '', line: 0 };

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  push(text: string, line: number): void {
    const header = HEADER.exec(text);
    if (header !== null) this.#section = header[1]!;
    else if (this.#section !== null) this.#inSection(this.#section, text, line);
    else this.#outside(text, line);
  }

  end(): void {
    const { name, version, line } = this.#os;
    this.#facts.add('os', `${name} ${version}`, line);
  }

  #inSection(section: string, text: string, line: number): void {
    const property = PROPERTY.exec(text);
    if (property === null) return;
    const [, name, value] = property as unknown as [string, string, string];
    if (section === 'Environment') this.#environment(name, value, line);
    else if (section === 'Java System Properties') this.#systemProperty(name, value, line);
    else if (section === 'Database Configuration') this.#database(name, value, line);
    else if (section === 'Core Application Properties') this.#application(name, value, line);
    else if (section.endsWith('Plugins')) this.#plugins(name, value, line);
  }

  #environment(name: string, value: string, line: number): void {
    const facts = this.#facts;
    if (/^jira build$/i.test(name)) facts.version('jira', value, line);
    else if (name === 'Application Server') facts.tomcat(value, line);
    else if (name === 'Java Version') facts.version('java', value, line);
    else if (name === 'Maximum Allowable Memory') facts.heap(value, line);
    else if (name === 'JVM Input Arguments') facts.arguments(value, line);
  }

  #systemProperty(name: string, value: string, line: number): void {
    if (name === 'os.name') this.#os = { ...this.#os, name: value.trim(), line };
    else if (name === 'os.version') this.#os = { ...this.#os, version: value.trim() };
    else if (name === 'user.timezone') this.#facts.timezone(value, line);
  }

  #database(name: string, value: string, line: number): void {
    if (name === 'Database Version') this.#facts.database(value, line);
    else if (name === 'Database Driver') this.#facts.add('driver', value, line);
  }

  #application(name: string, value: string, line: number): void {
    if (name === 'Version') this.#facts.version('jira', value, line);
    else if (name === 'Base URL' && value.includes('://')) this.#facts.add('baseUrl', value, line);
  }

  /** `NAME : KEY` and `Version : 1.8` below it, or `NAME : 1.8 by VENDOR - KEY`, or `KEY : 1.8`. */
  #plugins(name: string, value: string, line: number): void {
    const text = value.trim();
    const told = TOLD_PLUGIN.exec(text);
    if (told !== null) this.#facts.plugin(told[2]!, told[1]!, line);
    else if (name === 'Version') {
      if (this.#plugin !== null) this.#facts.plugin(this.#plugin, text, line);
      this.#plugin = null;
    } else if (!PLUGIN_PROPERTIES.includes(name)) {
      if (/^\d/.test(text)) this.#facts.plugin(name, text, line);
      this.#plugin = /^[^\s\d]\S*$/.test(text) ? text : null;
    }
  }

  #outside(text: string, line: number): void {
    const facts = this.#facts;
    for (const [pattern, key] of STARTS) facts.version(key, pattern.exec(text)?.[1], line);
    const tomcat = TOMCAT.exec(text);
    if (tomcat !== null) this.#tomcat(tomcat[1]!, tomcat[2]!, line);
    const servlets = SERVLETS.exec(text);
    if (servlets !== null) facts.tomcat(servlets[1]!, line);
    for (const pattern of JAVA) facts.version('java', pattern.exec(text)?.[1], line);
    const old = OLD_JAVA.exec(text);
    if (old !== null) facts.version('java', `1.8.0_${old[1]}`, line);
    for (const pattern of HEAP) facts.heap(pattern.exec(text)?.[1], line);
  }

  #tomcat(name: string, value: string, line: number): void {
    const facts = this.#facts;
    if (name.startsWith('Server version')) facts.tomcat(value, line);
    else if (name === 'OS Name') facts.add('os', value, line);
    else if (name === 'JVM Version') facts.version('java', value, line);
    else facts.arguments(value, line);
  }
}

const TOLD_PLUGIN = new RegExp(`^(\\d\\S{0,100}) by .{0,200} - (${PLUGIN_KEY})$`);
/** What is told of a plugin besides its version. */
const PLUGIN_PROPERTIES = ['Number', 'Status', 'Unloadable Reason', 'Vendor', 'Description'];

/** Lines with which products begin. */
const STARTS: readonly (readonly [pattern: RegExp, key: 'jira' | 'confluence' | 'bitbucket' | 'bamboo' | 'crowd'])[] = [
  [/\bJIRA (\d[\w.-]{0,50}) build: \d+ started\. You can now access J/i, 'jira'],
  [/\bconfluence\.lifecycle\] (?:contextInitialized )?Starting Confluence (\d[\w.-]{0,50})/, 'confluence'],
  [/\bBuildInfoLogger (?:- )?Starting Bitbucket (\d[\w.-]{0,50})/, 'bitbucket'],
  [/ INFO {1,2}\[[^\]]{1,100}\] \[\w{1,100}\] .{0,40}\bStarting Bamboo (?:version:? )?(\d[\w.-]{0,50})/i, 'bamboo'],
  [/\] Starting Crowd Server, Version: (\d[\w.-]{0,50})/, 'crowd'],
];
/** What Tomcat's VersionLoggerListener says, a record each. Its log may be in another language, but for these names. */
const TOMCAT =
  /(?:VersionLoggerListener\S* |^[^\s:]{1,20}: )(Server version(?: name)?|OS Name|JVM Version|Command line argument): +(\S.*)$/;
const SERVLETS = /Starting Servlet [Ee]ngine: \[?(Apache Tomcat\/\S+)/;
const JAVA = [
  /^# JRE version: .{0,100}?\((?:build )?(\d+\.[\w.+-]+)\)/,
  /^(?:\S+ ){0,3}Full thread dump .{1,100}? \((?!25\.)(\d[\w.+-]*)[ )]/,
  /^(?:\[[^\]]{1,40}\]){1,6} Version: (\d[\w.+-]*) \(/,
  /Server VM \(25\.\d+-b\d+\) for \S+ JRE \((1\.8\.[\w.-]+)\)/,
];
/** The virtual machine of Java 8 has a version of its own: 25.292 is that of 1.8.0_292. */
const OLD_JAVA = /Full thread dump .{1,100}? \(25\.(\d+)-b\d+ /;
const HEAP = [
  /^CommandLine flags: (?:\S+ ){0,200}?-XX:MaxHeapSize=(\d+)\b/,
  /^(?:\[[^\]]{1,40}\]){1,6} Heap Max Capacity: (\d+[KMGT]?)/,
];
