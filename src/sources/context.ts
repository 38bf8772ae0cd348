/** [I/O] The lines around a piece of evidence, re-read from the plain file that it stands in. */
import { createReadStream } from 'node:fs';
import type { Diagnostics } from '../model/diagnostics.js';
import type { Evidence, Finding } from '../model/incident.js';
import { isGzip } from './gunzip.js';

/** So many bytes before the evidence, and behind its last line, are looked at. */
const MAX_BYTES = 64 * 1024;
/** The longest record that is read over to come to the lines behind it. */
const MAX_RECORD_BYTES = 2 * 1024 * 1024;

const NO_PLAIN_FILE = {
  message: 'is no plain file, so the lines around the evidence cannot be shown',
  remedy: 'unpack it and scan the file',
};

export class ContextReader {
  readonly #told = new Set<string>();

  /**
   * @param lines how many before and after; 0 adds nothing
   * @param plain names of the logs whose bytes are those of a file
   * @param mask what the lines go through before they leave the run
   */
  constructor(
    private readonly lines: number,
    private readonly plain: ReadonlySet<string>,
    private readonly mask: (lines: readonly string[]) => readonly string[],
    private readonly diagnostics: Diagnostics,
  ) {}

  /** The finding with context in its evidence. Evidence in anything but a plain file has none; that is told once a file. */
  async add<T extends Finding>(finding: T): Promise<T> {
    if (this.lines === 0) return finding;
    return { ...finding, evidence: await Promise.all(finding.evidence.map((one) => this.#addTo(one))) };
  }

  async #addTo(evidence: Evidence): Promise<Evidence> {
    if (!this.plain.has(evidence.origin)) return this.#without(evidence, NO_PLAIN_FILE);
    let lines: { before: readonly string[]; after: readonly string[] };
    try {
      const encoding = await encodingOf(evidence.origin);
      if (encoding === null) return this.#without(evidence, NO_PLAIN_FILE);
      const before = await this.#linesBefore(evidence, encoding);
      lines = { before, after: await this.#linesAfter(evidence, encoding) };
    } catch (error) {
      const message = `cannot be read again for the lines around the evidence (${(error as Error).message})`;
      return this.#without(evidence, { message, remedy: 'it was probably rotated; scan again' });
    }
    return { ...evidence, context: lines };
  }

  #without(evidence: Evidence, { message, remedy }: { message: string; remedy: string }): Evidence {
    const { origin } = evidence;
    if (!this.#told.has(origin)) this.diagnostics.problem({ code: 'context-unavailable', origin, message, remedy });
    this.#told.add(origin);
    return evidence;
  }

  async #linesBefore({ origin, offset }: Evidence, encoding: Encoding): Promise<string[]> {
    if (offset === 0) return [];
    const from = Math.max(0, offset - MAX_BYTES);
    const lines = await linesOf(origin, encoding, from, offset);
    return this.mask(lines.slice(from > 0 ? 1 : 0, -1))
      .slice(-this.lines)
      .map(bounded);
  }

  async #linesAfter({ origin, offset, line, endLine }: Evidence, encoding: Encoding): Promise<string[]> {
    const lines = await linesOf(origin, encoding, offset, offset + MAX_RECORD_BYTES + MAX_BYTES);
    if (lines.at(-1) === '') lines.pop();
    // All that was read is masked, not only what is shown: a key may have begun before it.
    return this.mask(lines)
      .slice(endLine - line + 1, endLine - line + 1 + this.lines)
      .map(bounded);
  }
}

/** A line around evidence is shown for orientation; its first 2,000 characters do. */
function bounded(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)} … ${line.length - MAX_LINE} characters left out`;
}

const MAX_LINE = 2000;

async function linesOf(path: string, encoding: Encoding, start: number, end: number): Promise<string[]> {
  const text = new TextDecoder(encoding).decode(await bytesOf(path, start, end));
  return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Null if it is compressed, whatever its name. UTF-16 without a mark is told by the NUL in its first character. */
async function encodingOf(path: string): Promise<Encoding | null> {
  const head = await bytesOf(path, 0, 2);
  const [first, second] = head;
  if (isGzip(head)) return null;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : 'utf-8';
}

async function bytesOf(path: string, start: number, end: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start, end: end - 1 })) pieces.push(chunk as Buffer);
  return Buffer.concat(pieces);
}
