/** [I/O] What was found -> the logs in it: archives are opened, everything else is given out as it is. */
import type { Problem } from '../model/diagnostics.js';
import { originName } from '../model/origin.js';
import { InputError, type Source } from '../model/source.js';
import { type ArchiveLimits, Budget } from './bundle/limits.js';
import { FoldedProblems } from './bundle/problems.js';
import { ARCHIVE_NAME, type FindOptions, isReadInWalk } from './find.js';
import { kindOf, kindOfFile, type Peeked, peek } from './peek.js';

export class Logs {
  /** Members of archives that are no logs. */
  skipped = 0;
  /** Archives and members that could not be read, besides what was given out as a log. */
  unreadable = 0;
  /** Names of the logs so far whose bytes are those of a file. */
  readonly plain = new Set<string>();
  #folded: FoldedProblems | null = null;
  /** The first source, if it was looked at before. */
  #first: Peeked | null = null;

  /**
   * @param tell gets problems: those of an archive when it was read, one of each kind
   * @param wanted which members of archives are given out besides logs
   */
  constructor(
    private readonly sources: readonly Source[],
    private readonly limits: ArchiveLimits,
    private readonly tell: (problem: Problem) => void,
    private readonly wanted: FindOptions = {},
  ) {}

  /** Whether all of it can be read once more. */
  get reopens(): boolean {
    return this.sources.every(({ reopens }) => reopens);
  }

  /** Whether there may be more than one log. */
  async areSeveral(): Promise<boolean> {
    if (this.sources.length !== 1) return this.sources.length > 1;
    const [source] = this.sources as [Source];
    this.#first = await peek(source);
    const kind = kindOf(this.#first.head);
    return kind === 'zip' ? areSeveralIn(source) : kind !== null;
  }

  /** Each must be read before the next one is asked for. */
  async *all(): AsyncGenerator<Source> {
    for (const source of this.sources) {
      for await (const log of this.#in(source)) {
        if (log.plain) this.plain.add(originName(log.origin));
        yield log;
      }
    }
  }

  /** Something was wrong with the log that was given out last. */
  problem(problem: Problem): void {
    if (this.#folded === null) this.tell(problem);
    else this.#folded.add(problem);
  }

  async *#in(source: Source): AsyncGenerator<Source> {
    const peeked = this.#first ?? (await peek(source));
    this.#first = null;
    const kind = kindOf(peeked.head);
    const name = originName(source.origin);
    const made = new Budget(this.limits, name, source.bytes);
    try {
      if (kind === null) {
        yield peeked.source.file === null
          ? bounded(peeked.source, new Budget(ofAnySize(this.limits), name, null))
          : peeked.source;
        return;
      }
      this.#folded = new FoldedProblems(name);
      const { expand } = await import('./bundle/expand.js'); // few inputs are archives
      yield* expand(peeked.source.file === null ? bounded(peeked.source, made) : peeked.source, kind, made, {
        ...this.wanted,
        limits: this.limits,
        trouble: ({ code, origin, message, remedy }, isUnread) => {
          if (isUnread) this.unreadable++;
          this.problem({ code, origin, message, remedy });
        },
        skipped: (count) => {
          this.skipped += count;
        },
      });
    } finally {
      await peeked.close();
      for (const problem of this.#folded?.all() ?? []) this.tell(problem);
      this.#folded = null;
    }
  }
}

/** A zip says at its end what is in it. */
async function areSeveralIn(source: Source): Promise<boolean> {
  const file = source.file?.() ?? null;
  if (file === null) return true;
  try {
    const { zipDirectory } = await import('./bundle/zip.js');
    let logs = 0;
    for await (const { name } of zipDirectory(file, originName(source.origin))) {
      const base = name.slice(name.lastIndexOf('/') + 1);
      if (ARCHIVE_NAME.test(base) || (isReadInWalk(base) && ++logs > 1)) return true;
    }
    return false;
  } catch (error) {
    if (!(error instanceof InputError)) throw error; // it is told when it is read
    return true;
  } finally {
    file.close();
  }
}

/** For a log: it may be of any size, but not be made of nearly nothing. */
function ofAnySize(limits: ArchiveLimits): ArchiveLimits {
  return { ...limits, maxBytes: Number.POSITIVE_INFINITY };
}

/** What is unpacked while it is read, with a bound. */
function bounded(source: Source, made: Budget): Source {
  return {
    ...source,
    open(onRead) {
      let taken = 0;
      const bytes = source.open((read) => {
        taken += read;
        made.read(read);
        onRead?.(read);
      });
      return made.guard(bytes, originName(source.origin), () => taken);
    },
  };
}

/** Whether a source is a plain file that holds something else than text. */
export function isArchiveFile(source: Source): boolean {
  return kindOfFile(source) !== null;
}
