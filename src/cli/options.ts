/** What was typed -> what it means. The flags are described here once; help and validation come from it. */
import type { Argv } from 'yargs';
import { SEVERITIES, type Severity } from '../model/rule.js';
import { REDACT_MODES } from '../pipeline.js';
import { LOG_LEVELS, type LogLevel } from './logger.js';
import { messages, UsageError } from './messages.js';

export const COLORS = ['auto', 'always', 'never'] as const;
export const SHOWN_SEVERITIES = SEVERITIES.filter((severity) => severity !== 'info');
export const FAIL_ON = [...SHOWN_SEVERITIES, 'unknown', 'none'] as const;
/** What is masked in a report that is given away; the first unless something else is typed. */
export const ATTACH_REDACT = ['strict', 'on', 'off'] as const;
export const FORMATS = ['text', 'ndjson', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];
/** Formats that tell one event after the other. */
export const EVENT_FORMATS = ['text', 'ndjson'] as const satisfies readonly Format[];
export type EventFormat = (typeof EVENT_FORMATS)[number];
export const WEBHOOK_FORMATS = ['cloudevents', 'slack'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];
/** Suffixes of output files that say a format. */
const FORMAT_OF_SUFFIX: Readonly<Record<string, Format>> = { '.ndjson': 'ndjson', '.md': 'markdown' };

/** The flag of what makes tokens of values under strict. */
export const REDACT_KEY = {
  type: 'string',
  requiresArg: true,
  describe: 'Under strict equal values have equal tokens in all runs with this file; made if it is not there',
} as const;

/** The flag of what is masked. */
const REDACT_OPTION = {
  choices: REDACT_MODES,
  default: 'on',
  describe: 'Mask secrets; strict: mail addresses, users, hosts and IP addresses, too',
} as const;

/** Flags that every command has. */
export function commonOptions<T>(args: Argv<T>) {
  return args
    .option('color', {
      choices: COLORS,
      default: 'auto' as const,
      describe: 'Colour the text',
    })
    .option('quiet', { type: 'boolean', default: false, describe: 'Only results: no progress, no hints' })
    .option('log-level', { choices: LOG_LEVELS, default: 'warn' as const, describe: "Of logscan's own log on stderr" })
    .option('config', {
      type: 'string',
      requiresArg: true,
      describe: 'Read settings from this file [the nearest logscan.yaml]',
    })
    .option('no-config', { type: 'boolean', default: false, describe: 'Read no file of settings' });
}

/** The flag that adds rules. */
export function packOptions<T>(args: Argv<T>) {
  return args.option('rules', {
    type: 'string',
    array: true,
    requiresArg: true,
    default: [] as string[],
    describe: 'Add rules: a rule file, a pack, a folder of packs',
  });
}

/** Flags that choose rules and the day. */
export function ruleOptions<T>(args: Argv<T>) {
  return packOptions(args).option('as-of', {
    type: 'string',
    requiresArg: true,
    describe: 'The day on which solutions must be valid [today]',
  });
}

/** What differs between commands. */
interface Usual {
  /** How many kinds of unknown errors are told where nothing is said. */
  readonly unknown: string;
  /** What a time like `2h` is before. */
  readonly before?: string;
}

/** Flags that say what is found, and how it is told. */
export function findingOptions<T>(args: Argv<T>, usual: Usual) {
  return unmaskedOptions(args, usual).option('redact', REDACT_OPTION);
}

/** The same without what is masked. */
function unmaskedOptions<T>(args: Argv<T>, { unknown, before = 'the newest' }: Usual) {
  return ruleOptions(args)
    .option('min-severity', {
      choices: SHOWN_SEVERITIES,
      default: 'low' as const,
      describe: 'Show incidents from here on',
    })
    .option('unknown', {
      type: 'string',
      requiresArg: true,
      default: unknown,
      describe: 'Errors that no rule knows: how many kinds, all, or none',
    })
    .option('disable', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      describe: 'Leave out a rule',
    })
    .option('only', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      describe: 'Run only this rule or tag',
    })
    .option('since', {
      type: 'string',
      requiresArg: true,
      describe: `Records from this time on, or 2h, 3d before ${before}`,
    })
    .option('until', { type: 'string', requiresArg: true, describe: 'Records before this time' })
    .option('timezone', {
      type: 'string',
      requiresArg: true,
      default: undefined as string | undefined,
      describe: 'Zone of times printed without one [that of the facts, or UTC]',
    })
    .option('all', { type: 'boolean', default: false, describe: 'Show what does not apply to your version as well' })
    .option('evidence', { type: 'string', requiresArg: true, default: '3', describe: 'Places shown of each incident' })
    .option('no-filter', { type: 'boolean', default: false, describe: 'Decode every line; the result is the same' })
    .option('redact-key', REDACT_KEY);
}

const FAIL_ON_OPTION = {
  choices: FAIL_ON,
  default: 'none',
  describe: 'Exit with 1 if there is one at or above it',
} as const;
const JOBS_OPTION = { type: 'string', requiresArg: true, default: '2', describe: 'Threads for large files' } as const;

/** Flags of a scan whose report is put into a bundle. */
export function attachOptions<T>(args: Argv<T>) {
  return unmaskedOptions(args, { unknown: '10' })
    .option('output', {
      alias: 'o',
      type: 'string',
      requiresArg: true,
      describe: 'The copy [the name of the bundle with -logscan, here]',
    })
    .option('force', { type: 'boolean', default: false, describe: 'Write over a file that is there' })
    .option('redact', { ...REDACT_OPTION, choices: ATTACH_REDACT, default: ATTACH_REDACT[0] })
    .option('fail-on', FAIL_ON_OPTION)
    .option('jobs', JOBS_OPTION);
}

/** Flags of a scan. */
export function scanOptions<T>(args: Argv<T>) {
  return findingOptions(args, { unknown: '10' })
    .option('format', {
      choices: ['auto', ...FORMATS] as const,
      default: 'auto' as const,
      describe: 'How the result looks; auto is text',
    })
    .option('output', {
      alias: 'o',
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      describe: 'Write to a file instead of stdout; .ndjson and .md choose the format',
    })
    .option('fail-on', FAIL_ON_OPTION)
    .option('details', { type: 'string', requiresArg: true, default: '5', describe: 'Incidents told in full, or all' })
    .option('context', { type: 'string', requiresArg: true, default: '0', describe: 'Lines around each place' })
    .option('jobs', JOBS_OPTION)
    .option('max-archive-bytes', {
      type: 'string',
      requiresArg: true,
      default: '64GiB',
      describe: 'What the archives in one input may unpack to',
    })
    .option('max-ratio', {
      type: 'string',
      requiresArg: true,
      default: '1000',
      describe: 'How many times its size an archive may unpack to',
    })
    .option('max-depth', {
      type: 'string',
      requiresArg: true,
      default: '4',
      describe: 'How deep archives in archives are opened',
    })
    .option('profile', {
      type: 'boolean',
      default: false,
      describe: 'Say where the time went, and what each rule cost',
    });
}

/** Flags of `facts`. */
export function factOptions<T>(args: Argv<T>) {
  return args
    .option('format', {
      choices: ['auto', ...FORMATS] as const,
      default: 'auto' as const,
      describe: 'How the facts look; auto is text',
    })
    .option('redact', REDACT_OPTION)
    .option('redact-key', REDACT_KEY);
}

type Typed<F extends (args: Argv<object>) => Argv<unknown>> = ReturnType<F> extends Argv<infer T> ? T : never;
export type CommonArgs = Typed<typeof commonOptions<object>>;
export type RuleArgs = Typed<typeof ruleOptions<object>>;
export type AttachArgs = Typed<typeof attachOptions<object>>;
export type FactArgs = Typed<typeof factOptions<object>>;
export type ScanArgs = Typed<typeof scanOptions<object>>;
export type FindingArgs = Typed<(args: Argv<object>) => ReturnType<typeof findingOptions<object>>>;

export interface Output<F extends Format = Format> {
  /** Null is standard output. */
  readonly path: string | null;
  readonly format: F;
}

/** A scan as it is meant. */
export interface MeantScan {
  readonly outputs: readonly Output[];
  readonly unknown: number | 'all' | 'none';
  readonly details: number;
  readonly failOn: Exclude<Severity, 'info'> | 'unknown' | 'none';
  readonly logLevel: LogLevel;
}

/** @throws UsageError */
export function toMeantScan(typed: ScanArgs & CommonArgs): MeantScan {
  const { format } = typed;
  if (typed['fail-on'] === 'unknown' && typed.unknown === 'none') {
    throw new UsageError('--fail-on unknown: expected --unknown to look for them, found --unknown none');
  }
  const asked = format === 'auto' ? null : format;
  const outputs = typed.output.map((path): Output => {
    if (path === '-') return { path: null, format: asked ?? 'text' };
    const chosen = formatOfName(path) ?? asked;
    if (chosen === null) throw new UsageError(messages.outputNeedsFormat(path, FORMATS));
    return { path, format: chosen };
  });
  return {
    outputs: outputs.length > 0 ? outputs : [{ path: null, format: asked ?? 'text' }],
    unknown: toUnknown(typed.unknown),
    details:
      typed.details === 'all'
        ? Number.POSITIVE_INFINITY
        : wholeNumber('--details', typed.details, 0, 'a number or all'),
    failOn: typed['fail-on'],
    logLevel: typed['log-level'],
  };
}

/** @throws UsageError */
export function toUnknown(typed: string): number | 'all' | 'none' {
  if (typed === 'all' || typed === 'none') return typed;
  return wholeNumber('--unknown', typed, 0, 'a number, all or none');
}

/** @throws UsageError */
export function byteCount(option: string, value: string): number {
  const bytes = toBytes(value);
  if (bytes !== null) return bytes;
  throw new UsageError(`${option}: expected a size like ${SIZE_EXAMPLES}, found "${value}"`);
}

export const SIZE_EXAMPLES = '64GiB or 500MB';
export const SIZE = /^(\d{1,9}(?:\.\d{1,3})?) ?([kmgt]?)(i?)b?$/i;

/** Bytes of a size: `64GiB`, `500 MB`, `1073741824`; null if it is none, or not even one. */
export function toBytes(text: string): number | null {
  const [, number, power = '', binary] = SIZE.exec(text) ?? [];
  if (number === undefined || (power === '' && binary !== '')) return null;
  const bytes = Math.round(
    Number(number) * (binary === '' ? 1000 : 1024) ** ' kmgt'.indexOf(power.toLowerCase() || ' '),
  );
  return bytes >= 1 && Number.isSafeInteger(bytes) ? bytes : null;
}

/** The format that the name of an output file says; null if it says none. */
export function formatOfName(path: string): Format | null {
  return FORMAT_OF_SUFFIX[/\.[a-z]+$/.exec(path)?.[0] ?? ''] ?? null;
}

/** The same for events. */
export function eventFormatOfName(path: string): EventFormat | null {
  const format = formatOfName(path);
  return EVENT_FORMATS.find((one) => one === format) ?? null;
}

/** @throws UsageError */
export function wholeNumber(option: string, value: string, least: number, wanted: string): number {
  const number = /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least) return number;
  throw new UsageError(`${option}: expected ${wanted}, found "${value}"`);
}

/** Whether the text on a stream is coloured: --color over NO_COLOR over FORCE_COLOR over the terminal. */
export function isColoured(color: CommonArgs['color'], stream: { isTTY?: boolean }): boolean {
  if (color !== 'auto') return color === 'always';
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return process.env.FORCE_COLOR !== '0';
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}
