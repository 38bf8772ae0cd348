/** What archives may make of the bytes that they have. Whoever sends a bomb must not fill a disk or stop a run. */
import { InputError } from '../../model/source.js';

export interface ArchiveLimits {
  /** So many bytes may come out of one input, all archives in it together. */
  readonly maxBytes: number;
  /** So many times its size may come out of an archive, and of each compressed member. */
  readonly maxRatio: number;
  /** So deep may archives lie in archives; a compressed tar is one. */
  readonly maxDepth: number;
}

export const DEFAULT_LIMITS: ArchiveLimits = { maxBytes: 64 * 1024 ** 3, maxRatio: 1000, maxDepth: 4 };

/** Less than this is no bomb, whatever it was made of. */
export const HARMLESS = 32 * 1024 * 1024; // bytes

/** Bytes as people read them: `64 GiB`, `1.5 MiB`. */
export function sizeText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${UNITS[power]}`;
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];

/** What one input has made so far. */
export class Budget {
  #made = 0;
  /** Of the input itself, where its size is not known before. */
  #read = 0;
  #isSpent = false;

  /**
   * @param name of the input, for messages
   * @param size of the input in bytes; null if it is not known
   */
  constructor(
    private readonly limits: ArchiveLimits,
    private readonly name: string,
    private readonly size: number | null,
  ) {}

  /** True if nothing more may be made of the input. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Bytes of the input were read. */
  read(bytes: number): void {
    this.#read += bytes;
  }

  /**
   * Passes on what something unpacks.
   * @param origin what is unpacked
   * @param taken how many bytes it was made of so far
   * @throws InputError archive-bomb
   */
  async *guard(bytes: AsyncIterable<Uint8Array>, origin: string, taken: () => number): AsyncGenerator<Uint8Array> {
    let own = 0;
    for await (const piece of bytes) {
      own += piece.length;
      this.#made += piece.length;
      const { maxBytes, maxRatio } = this.limits;
      if (this.#made > maxBytes) throw this.#spent(`unpacks to more than ${sizeText(maxBytes)}`, '--max-archive-bytes');
      if (this.#made > HARMLESS && this.#made > maxRatio * Math.max(this.size ?? 0, this.#read))
        throw this.#spent(`unpacks to more than ${maxRatio} times its size`, '--max-ratio');
      if (own > HARMLESS && own > maxRatio * taken())
        throw bomb(origin, `unpacks to more than ${maxRatio} times its size; the rest was not read`, '--max-ratio');
      yield piece;
    }
  }

  #spent(found: string, option: string): InputError {
    this.#isSpent = true;
    return bomb(this.name, `${found}; the rest was not read`, option);
  }
}

function bomb(origin: string, found: string, option: string): InputError {
  return new InputError('archive-bomb', origin, found, `if you know where it comes from, raise ${option}`);
}
