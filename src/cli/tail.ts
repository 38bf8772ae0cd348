/** `logscan tail PATH|DIR|GLOB ...`: the known problems in logs, as they are written. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { loadRules, OptionError, RuleError, type Tailing, type TailOptions, tail } from '../index.js';
import type { Problem } from '../model/diagnostics.js';
import type { ReportObject, RunObject } from '../model/report.js';
import type { ObjectSink } from '../model/sink.js';
import { CLOUD_EVENT_TYPE, cloudEvent } from '../reporters/cloudevents.js';
import { EventTeller } from '../reporters/events.js';
import { ndjsonLine } from '../reporters/ndjson.js';
import { SLACK_TYPE, slackMessage } from '../reporters/slack.js';
import { statusText } from '../reporters/status.js';
import { AppendFile, type AppendOptions, type AppendState, NotWritten } from '../sinks/append.js';
import { outlet } from '../sinks/outlet.js';
import { openWebhook } from '../sinks/webhook.js';
import { stateId } from '../sources/tail/checkpoint.js';
import { LockedError } from '../sources/tail/lock.js';
import { type Config, ConfigError } from './config.js';
import { type Context, dayOf, toLook } from './context.js';
import { toLogger } from './logger.js';
import { messages, UsageError } from './messages.js';
import type { Metrics } from './metrics.js';
import {
  type CommonArgs,
  EVENT_FORMATS,
  type EventFormat,
  eventFormatOfName,
  type FindingArgs,
  type Output,
  toUnknown,
  wholeNumber,
} from './options.js';
import { readRedactKey } from './redact-key.js';
import { EXIT } from './status.js';
import { type TailSettings, toTailSettings } from './tail-settings.js';

export type TailArgs = FindingArgs & CommonArgs & { readonly paths?: (string | number)[] | undefined };

interface Meant {
  readonly settings: TailSettings;
  readonly outputs: readonly Output<EventFormat>[];
  readonly options: TailOptions;
}

/** Metrics in a file are written so often. */
const METRICS_EVERY = 10_000; // milliseconds
/** Settings that a running tail does not change. */
const FIXED = ['paths', 'state', 'output', 'format', 'webhook', 'metrics', 'open-files'] as const;

export async function runTail(
  args: TailArgs,
  context: Context,
  config: Config,
  again: () => Promise<{ args: TailArgs; config: Config }>,
): Promise<number> {
  const meant = await toMeant(args, config, (text) => context.warn(text));
  if (meant.settings.paths.length === 0) {
    context.warn(messages.noPaths);
    return EXIT.usage;
  }
  const run = new TailRun(args, context, meant, again);
  try {
    return await run.toEnd();
  } catch (error) {
    if (error instanceof LockedError) throw new UsageError(`--state: ${error.message}`);
    if (!(error instanceof NotWritten)) throw error;
    context.warn(messages.outputGone(error.message));
    return run.status;
  }
}

/** @throws UsageError, OptionError, RuleError */
async function toMeant(args: TailArgs, config: Config, tell: (text: string) => void): Promise<Meant> {
  const { paths = [], ...flags } = args;
  const set = toTailSettings(config, process.env, process.cwd(), flags);
  // What was typed is told of as it was typed.
  const settings = paths.length > 0 ? { ...set, paths: paths.map(String) } : set;
  if (args['as-of'] !== undefined) dayOf(args);
  const packs = await loadRules(args.rules);
  const redactKey = await readRedactKey(args['redact-key'], tell);
  const options: TailOptions = {
    packs,
    disable: args.disable,
    only: args.only,
    minSeverity: args['min-severity'],
    unknown: toUnknown(args.unknown),
    ...(args.since === undefined ? {} : { since: args.since }),
    ...(args.until === undefined ? {} : { until: args.until }),
    ...(args['as-of'] === undefined ? {} : { asOf: args['as-of'] }),
    ...(args.timezone === undefined ? {} : { timezone: args.timezone }),
    evidence: wholeNumber('--evidence', args.evidence, 1, 'a number of at least 1'),
    redact: args.redact,
    ...(redactKey === null ? {} : { redactKey }),
    filter: !args['no-filter'],
    state: settings.state,
    from: settings.from,
    resolveAfter: settings['resolve-after'],
    poll: settings.poll,
    flushTimeout: settings['flush-timeout'],
    rotateWait: settings['rotate-wait'],
    checkpoint: settings.checkpoint,
    openFiles: settings['open-files'],
  };
  const outputs = toOutputs(settings);
  const written = outputs.flatMap(({ path: place }) => place ?? []);
  const metrics = settings.metrics !== null && 'file' in settings.metrics ? [settings.metrics.file] : [];
  return { settings, outputs, options: { ...options, exclude: [settings.state, ...written, ...metrics] } };
}

/** @throws UsageError if the name of a file says no format */
function toOutputs({ output, format }: TailSettings): readonly Output<EventFormat>[] {
  const asked: EventFormat | null = format === 'auto' ? null : format;
  if (output.length === 0) return [{ path: null, format: asked ?? 'text' }];
  return output.map((place) => {
    if (path.basename(place) === '-') return { path: null, format: asked ?? 'text' };
    const chosen = eventFormatOfName(place) ?? asked;
    if (chosen === null) throw new UsageError(messages.outputNeedsFormat(place, EVENT_FORMATS));
    return { path: place, format: chosen };
  });
}

/** One run, from its first look to its orderly end. */
class TailRun {
  status: number = EXIT.ok;
  readonly #args: TailArgs;
  readonly #context: Context;
  readonly #meant: Meant;
  readonly #again: () => Promise<{ args: TailArgs; config: Config }>;
  readonly #sinks: ObjectSink[] = [];
  readonly #files: AppendFile[] = [];
  #isStopping = false;
  #endWait: () => void = () => {};

  constructor(
    args: TailArgs,
    context: Context,
    meant: Meant,
    again: () => Promise<{ args: TailArgs; config: Config }>,
  ) {
    this.#args = args;
    this.#context = context;
    this.#meant = meant;
    this.#again = again;
  }

  async toEnd(): Promise<number> {
    const { settings, options } = this.#meant;
    const context = this.#context;
    const logger = await toLogger(this.#args['log-level']);
    await makeFolder(settings.state);
    const tailing: Tailing = await tail(settings.paths, {
      ...options,
      attachment: {
        restore: (kept) =>
          this.#open((kept ?? {}) as Readonly<Record<string, AppendState>>, (object) => tailing.strictly(object)),
        sync: async () => {
          for (const file of this.#files) await file.sync();
        },
        state: () => Object.fromEntries(this.#files.map((file) => [file.path, file.state()])),
      },
      diagnostics: {
        problem: (problem) => context.warn(messages.problem(problem)),
        opened: (origin, family) => logger.info({ origin, family }, 'opened'),
        note: (message) => this.#note(message),
      },
    });
    const metrics = await this.#openMetrics(tailing);
    const removeListeners = this.#listen(tailing);
    try {
      for await (const object of tailing) {
        if (object.kind === 'run') this.#tellStart(object);
        for (const sink of this.#sinks) await sink.take(object);
      }
      logger.info(tailing.status(), 'done');
    } finally {
      removeListeners();
      await metrics?.close();
      for (const sink of this.#sinks) await sink.close();
    }
    return this.status;
  }

  // ------------------------------------------------------------------------------------------------------------ places

  /** @returns trouble with what was kept */
  async #open(
    kept: Readonly<Record<string, AppendState>>,
    strictly: (object: ReportObject) => ReportObject | null,
  ): Promise<readonly Problem[]> {
    const problems: Problem[] = [];
    const { outputs, settings } = this.#meant;
    const append: AppendOptions = {
      onTrouble: (message, remedy) => this.#context.warn(messages.problem({ code: '', origin: null, message, remedy })),
      onRelief: (message) => this.#note(message),
      wait: (milliseconds) => this.#wait(milliseconds),
    };
    for (const { path: place, format } of outputs) {
      const { sink, problem } = await this.#openOutput(place, format, kept, append);
      this.#sinks.push(sink);
      if (problem !== null) problems.push(problem);
    }
    const source = `/logscan/${stateId(settings.state)}`;
    for (const { url, format } of settings.webhook) {
      const isSlack = format === 'slack';
      const webhook = await openWebhook({
        url,
        folder: path.join(settings.state, 'webhooks'),
        body: (event) => (isSlack ? slackMessage(event) : cloudEvent(event, source)),
        contentType: isSlack ? SLACK_TYPE : CLOUD_EVENT_TYPE,
        onProblem: (problem) => this.#context.warn(messages.problem(problem)),
      }).catch((error: Error) => {
        throw new UsageError(`--webhook: ${error.message}`);
      });
      // Whoever reads it there has no business with names; --redact is about what stays here.
      const strict: ObjectSink = {
        take: async (object: ReportObject) => {
          const masked = strictly(object);
          if (masked !== null) await webhook.take(masked);
        },
        close: () => webhook.close(),
      };
      // People are not called for what does not concern them; programs see that it does not.
      this.#sinks.push(isSlack ? { take: concerning(strict), close: () => strict.close() } : strict);
    }
    return problems;
  }

  async #openOutput(
    place: string | null,
    format: EventFormat,
    kept: Readonly<Record<string, AppendState>>,
    append: AppendOptions,
  ): Promise<{ readonly sink: ObjectSink; readonly problem: Problem | null }> {
    const screen = place === null ? process.stdout : {};
    const teller = new EventTeller();
    const toText = (object: ReportObject) =>
      format === 'ndjson' ? ndjsonLine(object) : teller.textOf(object, clockNow(), this.#look(screen));
    if (place === null) {
      const stdout = outlet(process.stdout, append);
      const sink = { take: (object: ReportObject) => write(stdout, toText(object)), close: async () => {} };
      return { sink, problem: null };
    }
    const file = new AppendFile(place, append);
    const problem = await file.restore(kept[place] ?? null).catch((error: Error) => {
      throw new UsageError(messages.outputNotWritable(place, error));
    });
    this.#files.push(file);
    const sink = { take: (object: ReportObject) => write(file, toText(object)), close: () => file.close() };
    return { sink, problem };
  }

  #look(screen: Partial<NodeJS.WriteStream>) {
    return toLook(this.#args, this.#context, dayOf(this.#args), 0, screen);
  }

  async #openMetrics(tailing: Tailing): Promise<Metrics | null> {
    const { metrics } = this.#meant.settings;
    if (metrics === null) return null;
    const { openMetrics } = await import('./metrics.js');
    const where =
      'file' in metrics
        ? metrics.file
        : `${metrics.host.includes(':') ? `[${metrics.host}]` : metrics.host}:${metrics.port}`;
    const opened = await openMetrics(where, () => tailing.status(), { warn: (text) => this.#context.warn(text) });
    const timer = setInterval(() => void opened.update(), METRICS_EVERY);
    timer.unref();
    if ('port' in metrics) this.#note(`metrics at ${opened.where}`);
    return {
      ...opened,
      close: () => {
        clearInterval(timer);
        return opened.close();
      },
    };
  }

  // ----------------------------------------------------------------------------------------------------------- signals

  /** @returns what takes the listeners away again */
  #listen(tailing: Tailing): () => void {
    this.#context.onStop((status) => {
      this.status = status;
      this.#isStopping = true;
      this.#endWait();
      tailing.stop();
    });
    const listeners = {
      SIGHUP: () => void this.#reload(tailing),
      SIGUSR2: () => this.#context.warn(statusText(tailing.status())),
      SIGUSR1: () => {}, // without a listener Node opens its debugger's port
    };
    for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
    return () => {
      for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
    };
  }

  async #reload(tailing: Tailing): Promise<void> {
    try {
      const { args, config } = await this.#again();
      const { settings, options } = await toMeant(args, config, (text) => this.#context.warn(text));
      const rules = await tailing.reload(options);
      const fixed = FIXED.filter((name) => !isEqual(settings[name], this.#meant.settings[name]));
      if (fixed.length > 0) this.#context.warn(messages.needsStart(fixed));
      this.#context.warn(messages.reloaded(rules));
    } catch (error) {
      this.#context.warn(messages.notReloaded(troubleText(error)));
    }
  }

  /** Until it is time to try again; false if the run is to end. */
  #wait(milliseconds: number): Promise<boolean> {
    if (this.#isStopping) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(!this.#isStopping), milliseconds);
      this.#endWait = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
  }

  #tellStart({ inputs, packs }: RunObject): void {
    const { paths, state } = this.#meant.settings;
    const rules = packs.reduce((sum, pack) => sum + pack.rules, 0);
    if (!this.#args.quiet) this.#context.warn(messages.following(inputs.length, paths, rules, state));
  }

  #note(message: string): void {
    if (!this.#args.quiet) this.#context.warn(messages.note(clockNow(), message));
  }
}

/** Takes the objects that are not known to be no concern of this installation. */
function concerning(sink: ObjectSink): ObjectSink['take'] {
  return async (object) => {
    if (!('applies' in object) || object.applies !== false) await sink.take(object);
  };
}

async function write(sink: { write(text: string): Promise<void> }, text: string): Promise<void> {
  if (text !== '') await sink.write(text);
}

/** @throws UsageError */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new UsageError(`--state ${folder}: cannot be made (${error.message})`);
  });
}

function troubleText(error: unknown): string {
  if (error instanceof RuleError) return messages.brokenRules(error, false);
  if (error instanceof ConfigError) return messages.brokenConfig(error.problems, false);
  if (error instanceof UsageError || error instanceof OptionError) return `logscan: ${error.message}\n`;
  throw error;
}

/** The time of day here. */
function clockNow(): string {
  const now = new Date();
  return [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
