/** [I/O] The lines around a piece of evidence, re-read from the plain file that it stands in. */
import { createReadStream } from 'node:fs';
import type { Diagnostics } from '../model/diagnostics.js';
import type { Evidence, Finding } from '../model/incident.js';
import { originName } from '../model/origin.js';
import type { Source } from '../model/source.js';

/** So many bytes before the evidence, and behind its last line, are looked at. */
const MAX_BYTES = 64 * 1024;
/** The longest record that is read over to come to the lines behind it. */
const MAX_RECORD_BYTES = 2 * 1024 * 1024;

export class ContextReader {
  readonly #plain: ReadonlySet<string>;
  readonly #told = new Set<string>();

  /**
   * @param lines how many before and after; 0 adds nothing
   * @param mask what the lines go through before they leave the run
   */
  constructor(
    private readonly lines: number,
    sources: readonly Source[],
    private readonly mask: (text: string) => string,
    private readonly diagnostics: Diagnostics,
  ) {
    this.#plain = new Set(sources.filter((source) => source.plain).map((source) => originName(source.origin)));
  }

  /** The finding with context in its evidence. Evidence in anything but a plain file has none; that is told once a file. */
  async add<T extends Finding>(finding: T): Promise<T> {
    if (this.lines === 0) return finding;
    return { ...finding, evidence: await Promise.all(finding.evidence.map((one) => this.#addTo(one))) };
  }

  async #addTo(evidence: Evidence): Promise<Evidence> {
    const { origin } = evidence;
    if (!this.#plain.has(origin)) {
      if (!this.#told.has(origin)) {
        const message = 'is no plain file, so the lines around the evidence cannot be shown';
        this.diagnostics.problem({
          code: 'context-unavailable',
          origin,
          message,
          remedy: 'unpack it and scan the file',
        });
      }
      this.#told.add(origin);
      return evidence;
    }
    const before = this.#masked(await this.#linesBefore(evidence));
    const after = this.#masked(await this.#linesAfter(evidence));
    return { ...evidence, context: { before, after } };
  }

  /** Masked as a whole: a private key spreads over lines. */
  #masked(lines: readonly string[]): string[] {
    return lines.length === 0 ? [] : this.mask(lines.join('\n')).split('\n');
  }

  async #linesBefore({ origin, offset }: Evidence): Promise<string[]> {
    if (offset === 0) return [];
    const from = Math.max(0, offset - MAX_BYTES);
    const lines = await linesOf(origin, from, offset);
    return lines.slice(from > 0 ? 1 : 0, -1).slice(-this.lines);
  }

  async #linesAfter({ origin, offset, line, endLine }: Evidence): Promise<string[]> {
    const lines = await linesOf(origin, offset, offset + MAX_RECORD_BYTES + MAX_BYTES);
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(endLine - line + 1).slice(0, this.lines);
  }
}

async function linesOf(path: string, start: number, end: number): Promise<string[]> {
  const text = new TextDecoder(await encodingOf(path)).decode(await bytesOf(path, start, end));
  return text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

async function encodingOf(path: string): Promise<'utf-8' | 'utf-16le' | 'utf-16be'> {
  const [first, second] = await bytesOf(path, 0, 2);
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

async function bytesOf(path: string, start: number, end: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start, end: end - 1 })) pieces.push(chunk as Buffer);
  return Buffer.concat(pieces);
}
