/** [I/O] An archive -> the logs in it, and in the archives in it. Nothing is unpacked to disk, and no link is followed. */
import { stat } from 'node:fs/promises';
import { originName } from '../../model/origin.js';
import { isOwnMember } from '../../model/own-member.js';
import { InputError, type InputProblem, type OpenFile, type Source } from '../../model/source.js';
import { type FindOptions, isReadInWalk, LOG_NAME, oldestFirst } from '../find.js';
import { gunzip } from '../gunzip.js';
import { type Kind, kindOf, peek } from '../peek.js';
import { spooled } from '../spool.js';
import type { ArchiveLimits, Budget } from './limits.js';
import { inOrderOfWalk, isOddName, shownName, Wanted } from './member.js';
import { isKnownMethod, methodName } from './methods.js';
import type { ZipMember } from './zip.js';

/** So many logs of one zip are read; of each some words are held in memory. */
const MAX_LOGS = 50_000;

export interface ExpandOptions extends FindOptions {
  readonly limits: ArchiveLimits;
  /**
   * Told of what is wrong.
   * @param isUnread false if everything was read all the same
   */
  trouble(error: InputError, isUnread: boolean): void;
  /** Told of members that are no logs. */
  skipped(count: number): void;
}

/**
 * The logs of an archive, and the files that tell of the installation. Some can be read only before the next one is asked for; what is not read then is passed over.
 * @param kind what it is by its first bytes
 * @param made what all archives of the input have made so far
 */
export async function* expand(
  source: Source,
  kind: Kind,
  made: Budget,
  options: ExpandOptions,
): AsyncGenerator<Source> {
  const expansion = new Expansion(made, options);
  const before = await stateOf(source);
  yield* expansion.open(source, kind, 1);
  const after = before === null ? null : await stateOf(source);
  if (before !== after) options.trouble(changed(source, after), true);
  if (expansion.isEmpty && source.named) options.trouble(noLogs(source), true);
}

/** What changes with a file; null if it is none, or not there any more. */
async function stateOf({ origin, bytes }: Source): Promise<string | null> {
  if (bytes === null) return null;
  const stats = await stat(origin.path, { bigint: true }).catch(() => null);
  return stats === null ? null : `${stats.dev}:${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}

class Expansion {
  /** Whether there was neither a log nor trouble. */
  isEmpty = true;

  constructor(
    private readonly made: Budget,
    private readonly options: ExpandOptions,
  ) {}

  /** @param depth of the archive: 1 is the input itself */
  async *open(source: Source, kind: Kind, depth: number): AsyncGenerator<Source> {
    const { maxDepth } = this.options.limits;
    if (depth > maxDepth) {
      const found = `is an archive in ${depth - 1} others; at most ${maxDepth} are opened, one in the other`;
      this.#trouble(
        new InputError('archive-too-deep', originName(source.origin), found, 'unpack it, or raise --max-depth'),
      );
      return;
    }
    try {
      if (kind === 'zip') yield* this.#zip(source, depth);
      else if (kind === 'tar') yield* this.#tar(source, depth);
      else yield* this.#compressed(source, kind, depth);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#trouble(error);
    }
  }

  async *#zip(source: Source, depth: number): AsyncGenerator<Source> {
    const zip = await this.#file(source);
    try {
      const members = await this.#listed(zip.file, source);
      members.sort((a, b) => inOrderOfWalk(oldestFirst)(a.path, b.path));
      const { zipContent } = await import('./zip.js');
      for (const { member, path } of members) {
        if (this.made.isSpent) return;
        const origin = this.#inner(source, path);
        const name = originName(origin);
        const open = (onRead: (bytes: number) => void = () => {}) => {
          let taken = 0;
          const content = zipContent(zip.file, member, name, (bytes) => {
            taken += bytes;
            onRead(bytes);
          });
          return this.made.guard(content, name, () => taken);
        };
        yield* this.#member({ ...INNER, origin, bytes: member.size, reopens: true, open }, depth);
      }
    } finally {
      await zip.close();
    }
  }

  /** The members that are read; all others are counted or told of. */
  async #listed(file: OpenFile, source: Source): Promise<Listed[]> {
    const { zipDirectory, zipHeaders } = await import('./zip.js');
    const name = originName(source.origin);
    let listing = this.#newListing();
    try {
      for await (const member of zipDirectory(file, name)) listing.add(member);
    } catch (error) {
      this.#trouble(error);
      listing = this.#newListing();
      for await (const member of zipHeaders(file)) listing.add(member);
    }
    for (const path of listing.odd) this.#trouble(this.#oddName(source, path));
    if (listing.tooMany > 0) {
      const found = `has more than ${MAX_LOGS} logs; ${listing.tooMany} were not read`;
      const remedy = 'unpack it and scan one folder after the other';
      this.#trouble(new InputError('input-too-large', name, found, remedy));
    }
    this.options.skipped(listing.skipped);
    const overlapping = overlaps(listing.ranges);
    return listing.logs.filter(({ member, path, number }) => {
      const refusal = refusalOf(member, overlapping.has(number));
      if (refusal !== null)
        this.#trouble(new InputError(refusal[0], originName(this.#inner(source, path)), ...refusal[1]));
      return refusal === null;
    });
  }

  #newListing(): Listing {
    return new Listing(new Wanted((name) => this.#isRead(name)));
  }

  #isRead(name: string): boolean {
    return isReadInWalk(name) || this.#isFactFile(name);
  }

  #isFactFile(name: string): boolean {
    return this.options.isFactFile?.(name) ?? false;
  }

  #oddName(source: Source, path: string): InputError {
    return new InputError(
      'archive-names',
      originName(this.#inner(source, path)),
      'has a name that leads out of the folder that it is unpacked to, or hides where',
      'it is read where it is; look at the names before you unpack the archive',
    );
  }

  async *#tar(source: Source, depth: number): AsyncGenerator<Source> {
    const { tarMembers } = await import('./tar.js');
    const wanted = new Wanted((name) => this.#isRead(name));
    const trouble = (error: InputError) => this.#trouble(error);
    for await (const member of tarMembers(source.open(), originName(source.origin), trouble)) {
      const path = shownName(member.name);
      const origin = this.#inner(source, path);
      const isWanted = wanted.has(path);
      if (member.kind === 'directory' || isOwnMember(member.name)) continue;
      if (isOddName(member.name)) this.#trouble(this.#oddName(source, path));
      if (member.kind === 'other' || !isWanted) this.options.skipped(1);
      else if (member.kind === 'sparse')
        this.#trouble(
          new InputError(
            'input-unsupported',
            originName(origin),
            'is a sparse file, which cannot be read',
            'unpack the archive with tar and scan the folder',
          ),
        );
      else {
        const open = () => member.read(originName(origin));
        yield* this.#member({ ...INNER, origin, bytes: member.size, reopens: false, open }, depth);
      }
      if (this.made.isSpent) return;
    }
  }

  /** A file that is compressed as a whole. */
  async *#compressed(source: Source, kind: Exclude<Kind, 'zip' | 'tar'>, depth: number): AsyncGenerator<Source> {
    const unpack = await unpackerOf(kind);
    const name = originName(source.origin);
    const open = (onRead: (bytes: number) => void = () => {}) => {
      let taken = 0;
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of source.open(onRead)) {
          taken += piece.length;
          yield piece;
        }
      };
      return this.made.guard(unpack(counted(), name), name, () => taken);
    };
    const unpacked: Source = { ...source, bytes: null, file: null, plain: false, open };
    yield* this.#look(unpacked, (inner) => (inner === 'tar' ? depth : depth + 1));
  }

  /** @param depth of the archive that it is in */
  async *#member(source: Source, depth: number): AsyncGenerator<Source> {
    yield* this.#look(source, () => depth + 1);
  }

  /** A log is given out, an archive opened; anything else is counted. */
  async *#look(source: Source, depthOf: (kind: Kind) => number): AsyncGenerator<Source> {
    const isLog = source.named || LOG_NAME.test(baseOf(source));
    const peeked = await peek(source);
    try {
      const kind = kindOf(peeked.head);
      if (kind !== null) yield* this.open(peeked.source, kind, depthOf(kind));
      else if (isLog || this.#isFactFile(baseOf(source))) {
        if (isLog || this.options.needsLogs === false) this.isEmpty = false;
        yield peeked.source;
      } else if (peeked.failure !== null) this.#trouble(peeked.failure);
      else this.options.skipped(1);
    } finally {
      await peeked.close();
    }
  }

  /** Something that can be read anywhere: the file itself, or a copy of what is read of it, which is gone with the run. */
  async #file(source: Source): Promise<{ file: OpenFile; close(): Promise<void> }> {
    const file = source.file?.() ?? null;
    if (file !== null) return { file, close: async () => file.close() };
    const spool = await spooled(source, {
      most: this.options.limits.maxBytes,
      need: 'to be read here, where it is no file of its own',
      remedy: 'unpack it first, or let TMPDIR name a larger disk',
    });
    if (spool.failure !== null) this.#trouble(spool.failure);
    if (spool.kept === null) throw spool.failure;
    return { file: spool.kept, close: () => spool.close() };
  }

  #inner({ origin }: Source, path: string): Source['origin'] {
    return { path: origin.path, member: origin.member === null ? path : `${origin.member}!/${path}` };
  }

  #trouble(error: unknown): void {
    if (!(error instanceof InputError)) throw error;
    if (error.code !== 'archive-names') this.isEmpty = false;
    this.options.trouble(error, error.code !== 'archive-names');
  }
}

/** What every member is. */
const INNER = { named: false, plain: false, file: null } as const;
const HEADER_BYTES = 30; // what stands before a member of a zip has at least so many

interface Listed {
  readonly member: ZipMember;
  readonly path: string;
  /** Of the member in the zip, to be told in which others it lies. */
  readonly number: number;
}

/** What is in a zip, sorted out. */
class Listing {
  readonly logs: Listed[] = [];
  readonly odd: string[] = [];
  /** Beginnings and ends of all members by turns, positions in the zip. */
  readonly ranges: number[] = [];
  skipped = 0;
  tooMany = 0;

  constructor(private readonly wanted: Wanted) {}

  add(member: ZipMember): void {
    const path = shownName(member.name);
    const number = this.ranges.push(member.header, member.header + HEADER_BYTES + member.packed);
    const isWanted = this.wanted.has(path);
    if (member.kind === 'directory' || isOwnMember(member.name)) return;
    if (isOddName(member.name)) this.odd.push(path);
    if (member.kind === 'other' || !isWanted) this.skipped++;
    else if (this.logs.length === MAX_LOGS) this.tooMany++;
    else this.logs.push({ member, path, number });
  }
}

type Refusal = readonly [code: InputProblem, text: readonly [found: string, remedy: string]];

/** Why a member is not read; null if it is. */
function refusalOf({ isEncrypted, method }: ZipMember, isInAnother: boolean): Refusal | null {
  if (isEncrypted)
    return ['archive-encrypted', ['is encrypted', 'unpack the archive with its password and scan the folder']];
  if (!isKnownMethod(method)) {
    const found = `is packed by ${methodName(method)}, which cannot be read`;
    return ['input-unsupported', [found, 'unpack the archive, as with 7z x, and scan the folder']];
  }
  if (!isInAnother) return null;
  return ['archive-bomb', ['lies in another member, as in a bomb', 'ask where the archive comes from']];
}

/**
 * The ranges that begin before an earlier one ends.
 * @param ranges beginnings and ends by turns
 * @returns for each how many numbers there were with it
 */
function overlaps(ranges: readonly number[]): ReadonlySet<number> {
  const order = Uint32Array.from({ length: ranges.length / 2 }, (_, index) => index * 2);
  order.sort((a, b) => ranges[a]! - ranges[b]!);
  const found = new Set<number>();
  let end = 0;
  for (const at of order) {
    if (ranges[at]! < end) found.add(at + 2);
    end = Math.max(end, ranges[at + 1]!);
  }
  return found;
}

type Unpack = (bytes: AsyncIterable<Uint8Array>, origin: string) => AsyncGenerator<Uint8Array>;

/** Each is loaded when it is met. */
async function unpackerOf(kind: Exclude<Kind, 'zip' | 'tar'>): Promise<Unpack> {
  switch (kind) {
    case 'gzip':
      return (bytes, origin) => gunzip(bytes, origin, null);
    case 'bzip2':
      return (await import('./bzip2.js')).bunzip2;
    case 'xz':
      return (await import('./xz.js')).unxz;
    case 'zstd':
      return (await import('./zstd.js')).unzstd;
  }
}

function baseOf({ origin }: Source): string {
  const name = origin.member ?? origin.path;
  return name.slice(name.lastIndexOf('/') + 1);
}

function changed({ origin }: Source, after: string | null): InputError {
  return new InputError(
    'archive-changed',
    originName(origin),
    after === null ? 'vanished while it was read' : 'changed while it was read',
    'what was found may be of both; scan it again when nobody writes it',
  );
}

function noLogs({ origin }: Source): InputError {
  return new InputError(
    'input-empty',
    originName(origin),
    'holds no logs',
    'logs are known by their names, like atlassian-jira.log; unpack it and name the file that is one',
  );
}
