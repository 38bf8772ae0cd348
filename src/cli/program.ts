/** argv -> the command that it names, run; the exit status comes back. */
import yargs, { type Argv } from 'yargs';
import { OptionError, RuleError } from '../index.js';
import { LeakError } from '../model/leak.js';
import { nearest } from '../model/nearest.js';
import { OutputError } from '../sinks/stream.js';
import { VERSION } from '../version.js';
import {
  describeAttach,
  describeCheckConfig,
  describeExplain,
  describeFacts,
  describeRedact,
  describeRules,
  describeTail,
  RULES_COMMANDS,
  RULES_EXPECTED,
  type Run,
  SCHEMA_NAMES,
} from './commands.js';
import { type Config, ConfigError, NO_CONFIG, readConfig } from './config.js';
import type { Context } from './context.js';
import { messages, UsageError } from './messages.js';
import { commonOptions } from './options.js';
import { describeScan, runScan } from './scan.js';
import { EXIT } from './status.js';

/** Runs one command line. Trouble that the user can mend becomes a message and a status; anything else is thrown. */
export async function runProgram(argv: readonly string[], context: Context): Promise<number> {
  let status: number = EXIT.ok;
  let config = NO_CONFIG;
  let isTyped = (_: string): boolean => true;
  const run: Run = (load, { readsConfig = true } = {}) => {
    return async (args) => {
      const typed = unshielded(args) as Record<string, unknown>;
      checkOnce(typed);
      checkNoMore(typed);
      // What has a default and was not typed is what the command has a flag for, and nobody said.
      const { defaulted } = parser.parsed as unknown as { defaulted: Readonly<Record<string, true>> };
      isTyped = (name) => !Object.hasOwn(defaulted, name);
      const read = async () => {
        const found = readsConfig ? await readConfig(typed, process.env, process.cwd()) : NO_CONFIG;
        if (found.problems.length > 0) throw new ConfigError(found.problems);
        const set = Object.entries(found.values).filter(([name]) => !isTyped(name));
        return { args: { ...typed, ...Object.fromEntries(set) } as never, config: found };
      };
      const meant = await read();
      config = meant.config;
      const handler = await load();
      status = await handler(meant.args, context, config, read);
    };
  };
  const parser = toParser(shielded(argv), run);
  try {
    await parser.parseAsync();
    return status;
  } catch (error) {
    if (error instanceof RuleError) context.warn(messages.brokenRules(error, isScan(argv)));
    else if (error instanceof ConfigError) context.warn(messages.brokenConfig(error.problems, isScan(argv)));
    else if (error instanceof UsageError || error instanceof OptionError)
      context.warn(messages.usage(placed(error.message, config, isTyped)));
    else if (error instanceof OutputError) context.warn(messages.outputFailed(error.message));
    else if (error instanceof LeakError) {
      context.warn(messages.leak(error));
      return EXIT.internal;
    } else throw error;
    return EXIT.usage;
  }
}

/** The place of a setting instead of a flag that nobody typed: `logscan.yaml:3:9: disable: ...`, not `--disable: ...`. */
function placed(message: string, { given }: Config, isTyped: (name: string) => boolean): string {
  const name = /^--([a-z-]+)/.exec(message)?.[1] ?? '';
  const place = isTyped(name) ? undefined : given.get(name)?.place;
  return place === undefined ? message : `${place}: ${message.slice('--'.length)}`;
}

/** Whether a scan is what could not be done. */
function isScan(argv: readonly string[]): boolean {
  return !['rules', 'explain', 'schema', 'check-config', 'facts', 'redact'].includes(argv[0] ?? '');
}

const USAGE = `  $0 jira.log                   known problems in a log
  $0 /var/log/jira --since 2h   in all logs there, the last two hours
  $0 tail /var/log/jira         as they are written, through every rotation

logscan finds known problems in logs of Jira and other Java applications, and says what to do.

$0 [scan] <log, directory, glob or -> ...`;

function toParser(argv: readonly string[], run: Run): Argv {
  const parser = yargs([...argv])
    .scriptName('logscan')
    .detectLocale(false) // its messages are taken apart below, and ours are English
    .usage(USAGE)
    .parserConfiguration({ 'greedy-arrays': false, 'camel-case-expansion': false, 'boolean-negation': false })
    .command(
      ['$0 [inputs..]', 'scan [inputs..]'],
      'Known problems in logs',
      describeScan,
      run(async () => runScan),
    )
    .command(
      'tail [paths..]',
      'Known problems in logs, as they are written',
      describeTail,
      run(async () => (await import('./tail.js')).runTail),
    )
    .command(
      'attach <bundle>',
      'A copy of a support bundle with the report inside',
      describeAttach,
      run(async () => (await import('./attach.js')).runAttach),
    )
    .command(
      'facts [inputs..]',
      'Versions, plugins, database and Java of an installation',
      describeFacts,
      run(async () => (await import('./facts.js')).runFacts),
    )
    .command(
      'explain [what]',
      'A rule as a page, or why it does not match',
      describeExplain,
      run(async () => (await import('./explain.js')).runExplain),
    )
    .command(
      'redact [file]',
      'A log without its secrets',
      describeRedact,
      run(async () => (await import('./redact.js')).runRedact),
    )
    .command('rules', 'List, show, check, test, make and document rules', (y) => describeRules(y, run))
    .command(
      'check-config [file]',
      'Look for everything that is wrong with the settings',
      describeCheckConfig,
      run(async () => (await import('./check-config.js')).runCheckConfig, { readsConfig: false }),
    )
    .command(
      'schema <name>',
      'Print a JSON Schema',
      (y) => y.positional('name', { choices: SCHEMA_NAMES, demandOption: true }),
      run(async () => (await import('./schema.js')).runSchema, { readsConfig: false }),
    )
    .strictOptions()
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(120, process.stdout.columns || 100))
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error; // of yargs itself: an option without its value
      throw new UsageError(withSuggestion(message, parser));
    });
  commonOptions(parser);
  return parser;
}

/** `Unknown argument: formt` -> the flag that was meant; likewise for a command of `rules`. */
function withSuggestion(shieldedMessage: string, parser: Argv): string {
  const message = shieldedMessage.replaceAll(SHIELD, '');
  const command = /^Unknown commands?: ([^,]+)/.exec(message)?.[1];
  if (command !== undefined) {
    const near = nearest(command, RULES_COMMANDS);
    return `rules: there is no command ${command}${near === null ? `; expected ${RULES_EXPECTED}` : `; did you mean ${near}?`}`;
  }
  const invalid = /Argument: ([\w-]+), Given: "([^"]*)", Choices: (.+)/.exec(message);
  if (invalid !== null) {
    const [, name, given, choices] = invalid as unknown as [string, string, string, string];
    const values = choices.split(', ').map((choice) => choice.replaceAll('"', ''));
    const near = nearest(given, values);
    const place = name === 'name' ? 'schema' : `--${name}`;
    return `${place}: expected one of ${values.join(', ')}, found "${given}"${near === null ? '' : `; did you mean ${near}?`}`;
  }
  if (message.startsWith('Not enough non-option arguments'))
    return 'a word is missing behind the command; --help shows which';
  const bare = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (bare !== undefined) return `--${bare}: expected a value behind it`;
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined) return message.split('\n').join('; ');
  const known = Object.keys((parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions().key);
  const near = nearest(unknown, known);
  return `there is no option --${unknown}${near === null ? '' : `; did you mean --${near}?`}`;
}

/** yargs loses a lone `-` and does not count what follows `--` as an input, so these are hidden from it; no argument has a NUL. */
const SHIELD = '\0';

function shielded(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const flags = end < 0 ? argv : argv.slice(0, end);
  const rest = end < 0 ? [] : argv.slice(end + 1);
  return [...flags.map((word) => (word === '-' ? SHIELD + word : word)), ...rest.map((word) => SHIELD + word)];
}

function unshielded(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith(SHIELD) ? value.slice(1) : value;
  if (Array.isArray(value)) return value.map(unshielded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unshielded(inner)]));
}

/** A word behind those that the command takes. */
function checkNoMore({ _: words }: Record<string, unknown>): void {
  const [command, ...more] = (words as unknown[]).map(String);
  const extra = command === 'rules' ? more.slice(1) : more;
  if (extra.length > 0)
    throw new UsageError(`${command}: did not expect ${extra.map((word) => `"${word}"`).join(' ')}`);
}

const REPEATABLE = new Set(['_', 'inputs', 'paths', 'rules', 'output', 'o', 'disable', 'only', 'webhook']);

/** A flag that was given twice but means one thing. */
function checkOnce(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) {
    if (Array.isArray(value) && !REPEATABLE.has(name))
      throw new UsageError(`--${name}: expected once, found ${value.length} times`);
  }
}
