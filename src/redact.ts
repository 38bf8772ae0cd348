/**
 * [I/O] A log -> the same with values masked. It is read twice: what is masked in one place is masked in all others, also in those
 * before it.
 */
import { encodingOf, swapped } from './lines/encoding.js';
import { Units } from './lines/units.js';
import { LeakError } from './model/leak.js';
import type { MaskedCount } from './model/report.js';
import { InputError, type Source } from './model/source.js';
import { binaryKind, HEAD_BYTES } from './read.js';
import { LineWalker, type VisitLines, type Width } from './redaction/lines.js';
import { type RedactMode, Redactor } from './redaction/redactor.js';
import { MAX_SPOOL, spooled } from './sources/spool.js';

export interface RedactOptions {
  readonly mode: Exclude<RedactMode, 'off'>;
  /** Of the tokens under strict. */
  readonly key: Uint8Array;
  /** Takes what is to be written, in order. All of it may have to be taken back: see {@link LeakError}. */
  write(bytes: Uint8Array): Promise<void>;
  /** Another one only in tests. */
  readonly redactor?: Redactor;
}

export interface Redacted {
  readonly masked: readonly MaskedCount[];
  /** What kept the log from being read to its end; null if it was. */
  readonly problem: InputError | null;
  /** What some values could not be looked for because of; a sentence each. */
  readonly exceeded: readonly string[];
}

/**
 * @throws InputError if nothing of it can be read, or if it is an archive
 * @throws LeakError if something that was masked would be written all the same; then what was written must not stay
 */
export async function redactLog(source: Source, options: RedactOptions): Promise<Redacted> {
  const need = { most: MAX_SPOOL, need: 'to be read twice', remedy: 'copy it into a file, and name that' };
  const spool = source.reopens ? null : await spooled(source, need);
  try {
    return await redactTwice(spool ?? source, options);
  } finally {
    await spool?.close();
  }
}

async function redactTwice(source: Source, { mode, key, write, redactor: given }: RedactOptions): Promise<Redacted> {
  const origin = source.origin.path;
  const redactor = given ?? new Redactor({ key });
  const form = await formOf(source);
  const learn: VisitLines = (lines, isTrial) => {
    if (!isTrial) redactor.learnLines(lines, mode);
    return lines;
  };
  await walk(source, form, learn, async () => {});
  let line = 0;
  const mask: VisitLines = (lines, isTrial) => {
    if (isTrial) return redactor.lines(lines, mode, null);
    const masked = redactor.lines(lines, mode, origin);
    for (const [index, text] of masked.entries()) {
      const leak = redactor.leakInText(text, mode, '');
      if (leak !== null) throw new LeakError(leak.kind, `line ${line + index + 1} of what is made of ${origin}`);
    }
    line += lines.length;
    return masked;
  };
  const problem = await walk(source, form, mask, write);
  return { masked: redactor.masked(), problem, exceeded: redactor.exceeded() };
}

/** How characters are written in a log. */
interface Form {
  readonly choice: ReturnType<typeof encodingOf>;
  readonly width: Width;
}

/** @throws InputError if it cannot be read, or if it is none */
async function formOf(source: Source): Promise<Form> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of source.open()) {
      pieces.push(piece);
      length += piece.length;
      if (length >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (length === 0 || !(error instanceof InputError)) throw error; // else it is told when it is read through
  }
  const head = Buffer.concat(pieces).subarray(0, HEAD_BYTES);
  const kind = binaryKind(head);
  // Whatever else it is, its bytes are what they seem.
  if (kind !== null && !/^(?:binary file|file of NULs)$/.test(kind)) {
    const remedy = 'unpack it, and name the logs in it one by one';
    throw new InputError('input-binary', source.origin.path, `is a ${kind}, in which nothing can be masked`, remedy);
  }
  const choice = encodingOf(head);
  return { choice, width: choice.encoding === 'utf-8' ? 1 : 2 };
}

/** Visits every line of a log. Returns what kept it from being read to its end. */
async function walk(
  source: Source,
  { choice, width }: Form,
  visit: VisitLines,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<InputError | null> {
  const walker = new LineWalker(width, visit);
  const units = new Units(choice);
  let problem: InputError | null = null;
  let length = 0;
  let last = 0;
  const put = async (text: string) => {
    if (text !== '') await write(bytesOf(text, choice.encoding));
  };
  try {
    for await (const bytes of source.open()) {
      for (const text of units.of(bytes)) await put(walker.push(text));
      length += bytes.length;
      last = bytes.at(-1) ?? last;
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problem = error;
  }
  await put(walker.end());
  if (length % width !== 0) await write(new Uint8Array([last])); // half a unit
  return problem;
}

function bytesOf(text: string, encoding: Form['choice']['encoding']): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'latin1');
  const bytes = Buffer.from(text, 'utf16le');
  return encoding === 'utf-16be' ? swapped(bytes) : bytes;
}
