/** `logscan redact FILE`: a log without secrets, and under strict without names of people and machines. */
import { randomBytes } from 'node:crypto';
import { fstatSync, type Stats, statSync } from 'node:fs';
import type { RedactMode } from '../index.js';
import type { MaskedCount } from '../model/report.js';
import type { ByteSink } from '../model/sink.js';
import { InputError, type Source } from '../model/source.js';
import { redactLog } from '../redact.js';
import { checkWritable, fileSink } from '../sinks/file.js';
import { heldSink } from '../sinks/held.js';
import { findSources } from '../sources/find.js';
import type { Context } from './context.js';
import { messages, UsageError } from './messages.js';
import type { CommonArgs } from './options.js';
import { readRedactKey } from './redact-key.js';
import { EXIT } from './status.js';

export interface RedactArgs extends CommonArgs {
  readonly file?: string | number | undefined;
  readonly output?: string | undefined;
  /** Off where the settings say so for what is found in logs: a log is redacted to be masked. */
  readonly redact: RedactMode;
  readonly 'redact-key'?: string | undefined;
}

export async function runRedact(args: RedactArgs, context: Context): Promise<number> {
  const { file, output, redact } = args;
  if (file === undefined) {
    context.warn(messages.redactNothing);
    return EXIT.usage;
  }
  const path = String(file);
  const place = output === undefined || output === '-' ? null : output;
  checkNoInput(path, place);
  if (place !== null) {
    await checkWritable(place).catch((error: Error) => {
      throw new UsageError(messages.outputNotWritable(place, error));
    });
  }
  const key = (await readRedactKey(args['redact-key'], (text) => context.warn(text))) ?? randomBytes(32);
  try {
    const source = await sourceOf(path);
    const out = place === null ? await heldSink(context.stdout) : await fileOf(place);
    const { masked, problem, exceeded } = await writtenWhole(out, (write) =>
      redactLog(source, { mode: redact === 'strict' ? 'strict' : 'on', key, write }),
    );
    for (const message of exceeded)
      context.warn(messages.problem({ code: 'bound-exceeded', origin: path, message, remedy: 'redact a shorter log' }));
    if (!args.quiet) context.warn(messages.masked(path, kindsOf(masked), place));
    if (problem === null) return EXIT.ok;
    context.warn(messages.problem(problem));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.warn(messages.problem(error));
  }
  return EXIT.unreadable;
}

async function writtenWhole<T>(
  out: ByteSink & { discard(): Promise<void> },
  make: (write: ByteSink['write']) => Promise<T>,
): Promise<T> {
  try {
    const made = await make(out.write);
    await out.close();
    return made;
  } catch (error) {
    await out.discard().catch(() => {}); // the first error is the one to tell
    throw error;
  }
}

async function fileOf(place: string) {
  const notWritable = (error: Error): never => {
    throw new UsageError(messages.outputNotWritable(place, error));
  };
  const sink = await fileSink(place).catch(notWritable);
  return {
    write: (bytes: Uint8Array | string) => sink.write(bytes).catch(notWritable),
    close: () => sink.close().catch(notWritable),
    discard: () => sink.discard(),
  };
}

/** @throws UsageError for a directory, InputError */
async function sourceOf(path: string): Promise<Source> {
  if (path !== '-' && statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(messages.redactDirectory(path));
  const { sources, problems } = await findSources([path]);
  const [source] = sources;
  if (sources.length > 1) throw new UsageError(messages.redactMany(path, sources.length));
  if (source !== undefined) return source;
  const [problem] = problems;
  throw new InputError(
    'input-missing',
    problem?.origin ?? path,
    problem?.message ?? 'no such file',
    problem?.remedy ?? 'check the name',
  );
}

/** Writing over a log that is about to be read would lose it. */
function checkNoInput(path: string, place: string | null): void {
  const input = path === '-' ? fstatSync(0) : statSync(path, { throwIfNoEntry: false });
  const output = place === null ? fstatSync(1) : statSync(place, { throwIfNoEntry: false });
  if (input === undefined || output === undefined || !isSame(input, output)) return;
  throw new UsageError(place === null ? messages.stdoutIsInput(path) : messages.outputIsInput(place));
}

function isSame(one: Stats, other: Stats): boolean {
  return one.isFile() && other.isFile() && one.dev === other.dev && one.ino === other.ino;
}

function kindsOf(masked: readonly MaskedCount[]): { kind: string; count: number }[] {
  return masked.map(({ kind, count }) => ({ kind, count }));
}
