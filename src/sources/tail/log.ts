/**
 * [I/O] One log that is followed, through rotation, truncation, deletion and restart: README.md tells how. It keeps the files
 * that are still to be read, the oldest first; the last one is usually the live one, at the log's own path.
 */
import path from 'node:path';
import { isBackupOf, isCompressed, oldestBackupFirst } from '../../model/rotation.js';
import { InputError } from '../../model/source.js';
import type { LossReason } from '../../model/tail-status.js';
import { Backups, type KnownFile, realPath, realPathIfLinked } from './backups.js';
import type { Descriptors } from './descriptors.js';
import type { EarlierFile } from './earlier.js';
import { lastLineEnd, lineEnd, type UnitBytes } from './feeds.js';
import { type Files, type Look, lookAt } from './files.js';
import { type FileIdentity, HEAD_BYTES, type Head, hasHead, mayHaveHead } from './identity.js';
import type { Listings } from './listings.js';
import { type Reading, Segment } from './segment.js';

/** What is told of a log besides its bytes. */
export interface Teller {
  /** Something that people may want to know: it was rotated. */
  note(message: string): void;
  /** Trouble, with a remedy. */
  trouble(code: string, origin: string, message: string, remedy: string): void;
  /** Bytes are lost; null if nobody can know how many. */
  lost(reason: LossReason, bytes: number | null, origin: string, message: string): void;
}

/** What a log needs to go on where another run stopped; plain data. */
export interface LogState {
  readonly path: string;
  /** The file that was read, up to the start of the first record that was not counted; null if there was none. */
  readonly file: KeptFile | null;
  /** Bytes of the log that lie in files before that one. */
  readonly base: number;
  readonly known: readonly KnownFile[];
  /** Where its path led; null if it was no link. */
  readonly target: string | null;
  /** Whether what is there and unread may have been told already. */
  readonly mayBeTold: boolean;
}

interface KeptFile extends FileIdentity {
  readonly path: string;
  readonly size: number;
  readonly line: number | null;
  /** Up to here its records may be counted twice. */
  readonly counted: number;
}

export interface LogOptions {
  readonly files: Files;
  readonly descriptors: Descriptors;
  readonly listings: Listings;
  readonly teller: Teller;
  /** A file that was rotated is left when it has not grown for so many milliseconds. */
  readonly rotateWait: number;
  /** Whether the run before ended without a last checkpoint: then what is there may have been told already. */
  readonly isUnclean: boolean;
  /** Of one unit of text in a file that begins with these bytes. */
  readonly unitBytes: (head: Uint8Array) => UnitBytes;
  /** Other logs that read a file, or have read it. */
  readonly ownersOf: (look: Look, log: FollowedLog) => readonly FollowedLog[];
}

/** What a log gives next. */
export type Step =
  | { readonly kind: 'bytes'; readonly segment: Segment; readonly bytes: Uint8Array }
  /** One file ends, and another one goes on with these bytes: a whole line, or what can be had of it. */
  | { readonly kind: 'next'; readonly from: Segment; readonly to: Segment; readonly line: Uint8Array }
  | { readonly kind: 'nothing' };

const NOTHING: Step = { kind: 'nothing' };
/** So long a deleted file is kept open while nothing new stands in its place. */
const DELETED_WAIT = 10 * 60_000; // milliseconds
/** So far the end of a line is looked for. */
const MOST_LINE = 64 * 1024; // bytes
/** Between two tries after trouble: the first wait, doubled each time, up to the last. */
const FIRST_WAIT = 1000; // milliseconds
const LAST_WAIT = 60_000; // milliseconds
/** A packed file that is damaged may still be written: so often it is read again before that is told. */
const PACKED_TRIES = 5;
/** How much of two files is compared to find where they part. */
const MOST_COMPARED = 256 * 1024 * 1024; // bytes

export class FollowedLog {
  readonly path: string;
  readonly #options: LogOptions;
  /** The oldest first. */
  #segments: Segment[] = [];
  readonly #backups: Backups;
  #base = 0;
  /** Where the path leads, if it is a link. */
  #target: string | null = null;
  /** The first look after a change is followed by one that reads the marker again: a change within one tick of the file system's clock. */
  #isSettled = true;
  /** No file stood at the path when it was first looked at, so one that appears is read from its start. */
  #startsAtEnd: boolean;
  /** What keeps it from being read, and when it is tried again; it is over when that works. */
  #trouble: { readonly message: string; readonly wait: number; readonly until: number; isDue: boolean } | null = null;
  #packedTries = 0;
  /** A packed file that is damaged is not read again before. */
  #packedUntil = 0;
  /** Whether the first look at a log of another run is still to come. */
  #isResumed: boolean;
  #mayBeTold: boolean;
  #leftAlone: { readonly dev: string; readonly ino: string } | null = null;
  /** Whether nobody has looked at it before. */
  #isNew: boolean;

  /** @param start where an unknown file that is there already is read from */
  constructor(logPath: string, start: 'start' | 'end', state: LogState | null, options: LogOptions) {
    this.path = logPath;
    this.#options = options;
    this.#backups = new Backups(logPath, options.files, options.listings, state?.known ?? []);
    this.#startsAtEnd = start === 'end' && state === null;
    this.#isNew = state === null;
    this.#isResumed = state !== null && state.file !== null;
    this.#mayBeTold = options.isUnclean || state?.mayBeTold === true;
    if (state === null) return;
    this.#target = state.target;
    this.#base = state.base;
    if (state.file === null) return;
    const { files, descriptors } = options;
    const segment = Segment.known(files, descriptors, state.file.path, state.file, state.file.size);
    segment.line = state.file.line;
    segment.counted = state.file.counted;
    segment.base = state.base;
    this.#segments.push(segment);
  }

  /** The file that is read now. */
  get current(): Segment | null {
    return this.#segments[0] ?? null;
  }

  /** Bytes of the log that lie in files that were read and left. */
  get base(): number {
    return this.#base;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Whether what is unread may have been told by another run. */
  get mayBeTold(): boolean {
    return this.#mayBeTold || this.#segments.some(({ told, readTo }) => told > readTo);
  }

  /** Where its path leads; null if it is no link. */
  get target(): string | null {
    return this.#target;
  }

  /** Files that were read. */
  get known(): readonly KnownFile[] {
    return this.#backups.known;
  }

  get behind(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.behind, 0);
  }

  /** The same at this moment: whoever takes what is told may have stopped the looking. */
  get behindNow(): number {
    const live = this.#live();
    try {
      const look = lookAt(this.#options.files, this.path);
      if (look === null || live === null) return this.behind;
      const isIt = look.dev === live.dev && look.ino === live.ino;
      return this.behind + Math.max(0, look.size - (isIt ? live.size : 0));
    } catch {
      return this.behind; // it is said when it is looked at
    }
  }

  get trouble(): string | null {
    return this.#trouble?.message ?? null;
  }

  /** Whether there may be something to read at once. */
  get hasMore(): boolean {
    const { current } = this;
    const mayRead = this.#trouble === null || this.#trouble.isDue;
    return mayRead && current !== null && (current.behind > 0 || this.#segments.length > 1);
  }

  /** Files that are, or were, parts of this log. */
  *files(): Generator<{ readonly dev: string; readonly ino: string }> {
    yield* this.#segments;
    yield* this.known;
  }

  hasFile({ dev, ino }: Look): boolean {
    const isIt = (one: { readonly dev: string; readonly ino: string }) => one.dev === dev && one.ino === ino;
    return this.#segments.some(isIt) || this.known.some(isIt);
  }

  /**
   * Up to where this log reads or has read a file that begins with these bytes; null if it does not. Of one that it reads that
   * is all of it.
   */
  offsetIn(look: Look, start: Uint8Array): number | null {
    const { dev, ino } = look;
    const segment = this.#segments.find((one) => one.dev === dev && one.ino === ino);
    if (segment !== undefined && (segment.head.length === 0 || hasHead(start, segment.head)))
      return Number.POSITIVE_INFINITY;
    return this.#backups.knownFile(look, start)?.offset ?? null;
  }

  /**
   * Looks at the path: what stands there, and whether it is still what was read.
   * @param now of the clock, in milliseconds
   */
  look(now: number): void {
    if (this.#trouble !== null && now < this.#trouble.until) return;
    try {
      this.#look(now);
      if (this.#trouble !== null) this.#trouble.isDue = true;
      if (!this.hasMore) this.#trouble = null;
    } catch (error) {
      this.#fails(error, now);
    }
  }

  /**
   * The next bytes, of the oldest file first.
   * @param now of the clock, in milliseconds
   */
  async read(now: number): Promise<Step> {
    if (this.#trouble?.isDue === false) return NOTHING;
    try {
      const step = await this.#read(now);
      this.#trouble = null;
      return step;
    } catch (error) {
      this.#fails(error, now);
      return NOTHING;
    }
  }

  /** What is not read of a log that is seen for the first time: what stands before the place where it is begun, and its backups, the newest first. */
  earlier(): EarlierFile[] {
    const { current } = this;
    const before = current === null || current.readTo === 0 ? [] : [{ path: this.path, end: current.readTo }];
    try {
      return [
        ...before,
        ...this.#backups.newestFirst().map(({ path: file, look }) => ({ path: file, end: look.size })),
      ];
    } catch {
      return before; // what cannot be looked at is told when it is read
    }
  }

  /** The engine has gone on to the next file. */
  moveOn(): void {
    const [from] = this.#segments;
    if (from === undefined) return;
    if (from.readTo > 0) this.#backups.know(from.identityAt(from.readTo));
    this.#leave(from);
  }

  #leave(segment: Segment): void {
    this.#drop(segment);
    this.#base = Math.max(this.#base, segment.base + segment.readTo);
    const [next] = this.#segments;
    if (next !== undefined) next.base = this.#base;
  }

  /** The file that is read is no log. */
  leaveAlone(): void {
    const live = this.#live();
    this.#leftAlone = live === null ? null : { dev: live.dev, ino: live.ino };
    this.close();
    this.#segments = [];
  }

  close(): void {
    for (const segment of this.#segments) segment.release();
  }

  // ---------------------------------------------------------------------------------------------------------- looking

  #look(now: number): void {
    const { files } = this.#options;
    const look = lookAt(files, this.path);
    const live = this.#live();
    if (look !== null && look.dev === this.#leftAlone?.dev && look.ino === this.#leftAlone.ino) return;
    if (this.#isNew) this.#backups.knowAll();
    this.#isNew = false;
    if (look === null) {
      this.#startsAtEnd = false;
      if (live !== null) this.#leaves(live, now);
      if (this.#isResumed) this.#resume(null, now);
      else if (live !== null || this.#backups.mayHaveChanged()) this.#collectBackups(now, live !== null);
    } else if (this.#isResumed) this.#resume(look, now);
    else if (live === null) this.#arrives(look, null, now);
    else if (live.dev !== look.dev || live.ino !== look.ino) {
      this.#leaves(live, now);
      this.#arrives(look, live, now);
    } else this.#lookAtLive(live, look, now);
    this.#lookAtOthers(now);
    if (!this.#mayBeTold) return;
    this.#mayBeTold = false;
    for (const segment of this.#segments) segment.told = segment.isPacked ? Number.POSITIVE_INFINITY : segment.size;
  }

  #live(): Segment | null {
    return this.#segments.find(({ isLive }) => isLive) ?? null;
  }

  #lookAtLive(live: Segment, look: Look, now: number): void {
    const isSame = look.size === live.size && look.times === live.times;
    if (isSame && this.#isSettled) return;
    this.#isSettled = isSame;
    live.times = look.times;
    const isShorter = look.size < live.readTo || look.size < live.size;
    if (!isShorter && !this.#opens(live, now)) return;
    if (isShorter || !live.isIntact()) {
      this.#truncated(live, look, now);
      return;
    }
    if (look.size > live.size) live.quietSince = now;
    live.size = look.size;
    // It may have been empty, filled, copied and emptied again.
    if (this.#backups.mayHaveChanged()) this.#collectBackups(now, live.readTo === 0);
  }

  /** Opens a segment; one that is no longer at its path is looked for. */
  #opens(segment: Segment, now: number): boolean {
    if (segment.open()) return true;
    const { ino } = segment;
    const found = this.#findAgain(segment);
    if (found === null) {
      this.#vanished(segment, now);
      return false;
    }
    if (ino !== segment.ino) this.#collectBackups(now);
    return segment.open();
  }

  /** Files that are no longer live may still be written by whoever had them open. */
  #lookAtOthers(now: number): void {
    for (const segment of this.#segments) {
      if (segment.isLive || segment.isStatic || segment.isPacked || !segment.isOpen) continue;
      if (segment.lookAgain()) segment.quietSince = now;
    }
    const [only] = this.#segments;
    if (this.#segments.length === 1 && !only!.isLive && this.#isDone(only!, now, DELETED_WAIT)) this.moveOn();
  }

  /** A file is no longer at the log's path. */
  #leaves(live: Segment, now: number): void {
    live.isLive = false;
    live.quietSince = now;
  }

  // --------------------------------------------------------------------------------------------------------- rotation

  /** Another file stands at the path than was there before, if one was. */
  #arrives(look: Look, before: Segment | null, now: number): void {
    const { teller } = this.#options;
    const back = this.#segments.find(({ dev, ino }) => dev === look.dev && ino === look.ino);
    if (back !== undefined) {
      back.isLive = true;
      back.path = this.path;
      return;
    }
    const read = this.#readByOthers(look);
    if (read !== null && look.size <= read) return; // another log reads it, or has read all of it
    const old = before ?? this.#segments.at(-1) ?? null;
    if (old !== null && !old.isOpen && this.#isElsewhere(old, look)) {
      this.#follow(old, look, now);
      return;
    }
    // While nobody looked it may have been overwritten as well.
    if (before?.isOpen && !before.isPacked && !before.isIntact()) this.#overwritten(before, before.readTo);
    const isBackup = this.#collects(look, now, old !== null) !== undefined;
    if (old?.isOpen && old.links() === 0 && this.#segments.at(-1) !== old) {
      teller.lost('vanished', null, this.path, 'was rotated so often that a backup may be gone before it was seen');
    }
    if (isBackup) return; // the next look finds what came in its place
    const live = this.#liveSegment(look, old, read);
    live.isLive = true;
    live.quietSince = now;
    this.#hold(live);
    this.#tellArrival(old);
  }

  /** Up to where other logs read or have read a file; null if none has. */
  #readByOthers(look: Look): number | null {
    const owners = this.#options.ownersOf(look, this);
    if (owners.length === 0) return null;
    const start = this.#backups.headOf(this.path);
    const offsets = owners.flatMap((owner) => owner.offsetIn(look, start) ?? []);
    return offsets.length === 0 ? null : Math.max(...offsets);
  }

  /** A file that cannot be read any more, and is no backup, goes on under another inode. */
  #isElsewhere(old: Segment, look: Look): boolean {
    if (old.isPacked || look.size < old.readTo || old.head.length === 0) return false;
    return !this.#isAmongBackups(old) && this.#isAt(old, this.path);
  }

  #follow(old: Segment, look: Look, now: number): void {
    old.moveTo(this.path, look);
    old.isLive = true;
    old.quietSince = now;
    this.#options.teller.note(`${path.basename(this.path)} is another file with the same text; reading goes on in it`);
  }

  /** @param from position up to which another log has read the file; null if none has */
  #liveSegment(look: Look, old: Segment | null, from: number | null): Segment {
    const { files, descriptors } = this.#options;
    const fresh = (at: number) => Segment.fresh(files, descriptors, realPathIfLinked(files, this.path), look, at);
    if (from !== null) return fresh(from);
    if (this.#startsAtEnd) {
      this.#startsAtEnd = false;
      return this.#atEnd(look);
    }
    // It may have stood here before: a link was switched back, a backup or a directory moved back.
    const known = this.#backups.readTo(this.path, look);
    if (known > 0) return fresh(known);
    if (old === null || this.#isAmongBackups(old)) return fresh(0);
    const made = fresh(this.#continuation(look, old));
    if (made.readTo === 0 && old.readTo > 0 && this.#beginsAs(old)) this.#isReadAgain(made);
    return made;
  }

  /** From the start of a last line that has no end yet. */
  #atEnd(look: Look): Segment {
    const { files, descriptors } = this.#options;
    const end = this.#lastLineEnd(look.size);
    const at = end < 0 ? look.size : end;
    return Segment.fresh(files, descriptors, this.path, look, at);
  }

  #isAmongBackups(segment: Segment): boolean {
    return this.#backups.find(segment) !== null;
  }

  /** Where a new file goes on with what was read of an old one: an editor wrote it anew; 0 if it is another text. */
  #continuation(look: Look, old: Segment): number {
    if (look.size < old.readTo || old.readTo === 0 || old.isPacked) return 0;
    if (!old.isContinuedBy((from, to) => this.#backups.bytesOf(this.path, from, to))) return 0;
    let at = old.readTo;
    if (old.isOpen) {
      // What both have is read of the old one.
      const step = 64 * 1024;
      for (let compared = 0; compared < MOST_COMPARED; compared += step) {
        const theirs = old.bytesAt(at, at + step);
        const ours = this.#backups.bytesOf(this.path, at, at + step);
        let same = 0;
        while (same < theirs.length && same < ours.length && theirs[same] === ours[same]) same++;
        at += same;
        if (same < step) break;
      }
      const end = this.#lastLineEnd(at);
      if (end >= 0) at = end;
    }
    return at;
  }

  /** Position behind the last line end before another one; -1 if there is none near. */
  #lastLineEnd(before: number): number {
    const from = Math.max(0, before - (before % 2) - MOST_LINE);
    const unit = this.#options.unitBytes(this.#backups.headOf(this.path));
    const end = lastLineEnd(this.#backups.bytesOf(this.path, from, before), unit);
    return end < 0 ? -1 : from + end;
  }

  #tellArrival(old: Segment | null): void {
    const { files, teller } = this.#options;
    const name = path.basename(this.path);
    const target = realPath(files, this.path);
    const linked = target !== path.resolve(this.path);
    if (linked && this.#target !== null && this.#target !== target) {
      teller.note(`${name} led to ${this.#target} and leads to ${target} now`);
    } else if (old !== null) {
      const now = this.#backups.find(old);
      const where = now === null ? 'is gone' : `is ${now.name} now`;
      teller.note(`${name} was rotated: what it was ${where}; ${this.behind} bytes behind`);
      if (now !== null) old.path = now.path;
    }
    this.#target = linked ? target : null;
  }

  /** Backups that were not read are queued, the oldest first, before the live file. They may be renamed meanwhile. */
  #collectBackups(now: number, isNow = true, tries = 3): void {
    const { files, descriptors, teller } = this.#options;
    for (const segment of this.#segments) segment.learnHead();
    const onUnreadable = (file: string) =>
      teller.lost('unreadable', null, file, 'is a packed backup of a kind that cannot be read');
    const unread = this.#backups.unread(this.#segments, onUnreadable, isNow);
    for (const { backup, from } of unread) {
      const segment = Segment.fresh(files, descriptors, backup.path, backup.look, from);
      segment.isStatic = segment.isPacked;
      segment.quietSince = now;
      // Held open at once: it may be gone at the next look.
      if (segment.open()) this.#queue(segment);
      else if (tries > 1) {
        this.#collectBackups(now, true, tries - 1);
        return;
      }
    }
  }

  /** Collects backups. The file that stood at the path a moment ago may be one of them by now: then it is queued already. */
  #collects(look: Look, now: number, isNow = true): Segment | undefined {
    const before = new Set(this.#segments);
    this.#collectBackups(now, isNow);
    return this.#segments.find((one) => !before.has(one) && one.dev === look.dev && one.ino === look.ino);
  }

  #queue(segment: Segment): void {
    const younger = this.#segments.findIndex((one) => one.isLive || this.#isUnreadAndYounger(one, segment));
    const place = younger < 0 ? this.#segments.length : younger;
    const next = this.#segments[place];
    if (place === 0 && next?.isLive && next.readTo > 0) next.line = null; // it is gone on with later
    if (place === 0) segment.base = this.#base;
    this.#segments.splice(place, 0, segment);
  }

  /** A file that was empty when it was seen may have been copied and emptied before it was rotated itself. */
  #isUnreadAndYounger(one: Segment, segment: Segment): boolean {
    const log = path.basename(this.path);
    const names = [one, segment].map((file) => path.basename(file.path));
    if (one.readTo > 0 || one.path === this.path || !isBackupOf(names[0]!, log)) return false;
    return oldestBackupFirst(names, [], log)[0] === names[1];
  }

  // ------------------------------------------------------------------------------------------- truncated, lost, resumed

  /** The live file holds no longer what was read of it, or is shorter. */
  #truncated(live: Segment, look: Look, now: number): void {
    const { files, descriptors } = this.#options;
    // The same beginning: the file was cut, not emptied; what is read again is counted twice.
    const isCut = look.size > 0 && this.#hasSameStart(live.head);
    const holds = isCut && look.size >= live.readTo && this.#isAt(live, this.path);
    this.#overwritten(live, holds ? look.size : live.readTo);
    // While nobody looked it may have been rotated as well.
    const backup = this.#collects(look, now);
    const fresh = backup ?? Segment.fresh(files, descriptors, this.path, look);
    if (backup === undefined) {
      fresh.isLive = true;
      fresh.quietSince = now;
      this.#hold(fresh);
    }
    if (isCut && live.readTo > 0) this.#isReadAgain(fresh);
  }

  /** A file is open from its first look on, so that it is known again, wherever it is then. */
  #hold(fresh: Segment): void {
    if (fresh.open()) fresh.lookAgain(); // it may be shorter already
    this.#segments.push(fresh);
  }

  #isReadAgain(fresh: Segment): void {
    fresh.counted = fresh.size;
    const name = path.basename(this.path);
    this.#options.teller.note(`${name} still begins as it did: it is read again, and may be counted twice`);
  }

  /** Whether all that is known of the beginning of a file stands at the log's path. */
  #beginsAs({ head }: Segment): boolean {
    return hasHead(this.#backups.bytesOf(this.path, 0, HEAD_BYTES), head);
  }

  /**
   * A file holds no longer what was read of it. What was not read may stand in a copy.
   * @param kept position up to which what was not read still stands in it
   */
  #overwritten(segment: Segment, kept: number): void {
    const { teller } = this.#options;
    const name = path.basename(segment.path);
    const copy = this.#findCopy(segment);
    segment.isLive = false;
    segment.isStatic = true;
    const isPacked = copy !== null && isCompressed(copy.path);
    const isGone = copy === null || (!isPacked && copy.look.size <= segment.readTo);
    if (!isGone) {
      const missing = isPacked ? 0 : segment.size - copy.look.size;
      if (missing > 0) teller.lost('truncated', missing, this.path, `was truncated; ${missing} bytes are in no copy`);
      this.#move(segment, copy.path, copy.look);
      teller.note(`${name} was truncated; what was not read of it is read from ${path.basename(copy.path)}`);
    } else {
      const unread = Math.max(0, segment.size - Math.max(segment.readTo, kept));
      if (unread > 0) {
        teller.lost(
          'truncated',
          unread,
          this.path,
          `was truncated before all of it was read: at least ${unread} bytes are lost, as no copy of it is there`,
        );
      } else teller.note(`${name} was truncated; all ${segment.readTo} bytes that were seen had been read`);
    }
    if (segment.readTo > 0) this.#backups.know(segment.identityAt(segment.readTo));
    if (isGone) this.#giveUp(segment);
  }

  /** Nothing more can be read of a file. If some of it was, its last record is still to end. */
  #giveUp(segment: Segment): void {
    if (segment === this.current) segment.giveUp();
    else this.#drop(segment);
  }

  #hasSameStart(head: Head): boolean {
    return mayHaveHead(this.#backups.headOf(this.path), head);
  }

  #findCopy(segment: Segment): { readonly path: string; readonly look: Look } | null {
    const copies = this.#backups.list().filter(({ path: file, look: copy }) => {
      if (copy.dev === segment.dev && copy.ino === segment.ino) return false;
      if (isCompressed(file)) return hasHead(this.#backups.headOf(file), segment.head);
      return copy.size >= segment.readTo && segment.isContinuedBy((from, to) => this.#backups.bytesOf(file, from, to));
    });
    return copies.find(({ path: file }) => !isCompressed(file)) ?? copies[0] ?? null;
  }

  /** Another run stopped in a file: it is found again, wherever it is now. */
  #resume(look: Look | null, now: number): void {
    const [segment] = this.#segments;
    this.#isResumed = false;
    if (segment === undefined) return;
    const isThere = look !== null && look.dev === segment.dev && look.ino === segment.ino;
    if (isThere && look.size >= segment.readTo && this.#isAt(segment, this.path)) {
      segment.path = realPathIfLinked(this.#options.files, this.path);
      segment.isLive = true;
      segment.size = look.size;
      segment.quietSince = now;
      segment.times = look.times;
      segment.open(); // so that it is known again, wherever it is then
      // It may have been empty, or a new file may have its inode.
      this.#collectBackups(now);
      return;
    }
    if (isThere && segment.head.length > 0) {
      segment.isLive = true;
      this.#truncated(segment, look, now);
      return;
    }
    const found = this.#findAgain(segment);
    if (found !== null) {
      segment.quietSince = now;
      segment.isStatic = segment.isPacked;
      segment.open();
      if (look !== null) this.#arrives(look, segment, now);
      return;
    }
    if (look !== null && this.#isElsewhere(segment, look)) {
      this.#follow(segment, look, now);
      return;
    }
    if (look !== null && this.#beginsAs(segment)) {
      segment.isLive = true;
      this.#truncated(segment, look, now);
      return;
    }
    this.#vanished(segment, now, look === null);
    if (look !== null) this.#arrives(look, null, now);
  }

  /** Whether a plain file holds what was read of a segment. */
  #isAt(segment: Segment, file: string): boolean {
    if (segment.readTo === 0 && segment.head.length === 0) return true;
    return segment.isContinuedBy((from, to) => this.#backups.bytesOf(file, from, to));
  }

  /** Finds a file that is no longer at the log's path: where it was, or among the backups. Its segment is moved there. */
  #findAgain(segment: Segment): Look | null {
    const there = segment.path === this.path ? null : lookAt(this.#options.files, segment.path);
    if (there !== null && there.dev === segment.dev && there.ino === segment.ino && this.#isAt(segment, segment.path)) {
      segment.moveTo(segment.path, there);
      return there;
    }
    const backups = this.#backups.list();
    const plain = backups.filter(
      ({ path: file, look }) => !isCompressed(file) && look.size >= segment.readTo && this.#isAt(segment, file),
    );
    const same = plain.find(({ look }) => look.dev === segment.dev && look.ino === segment.ino);
    const packed = backups.find(
      ({ path: file }) => isCompressed(file) && hasHead(this.#backups.headOf(file), segment.head),
    );
    const found = same ?? (segment.head.length > 0 ? (plain[0] ?? packed) : undefined);
    if (found === undefined) return null;
    this.#move(segment, found.path, found.look);
    return found.look;
  }

  /** The segment goes on in another file, which may have been queued for itself. */
  #move(segment: Segment, file: string, look: Look): void {
    segment.moveTo(file, look);
    for (const other of this.#segments)
      if (other !== segment && other.dev === look.dev && other.ino === look.ino) this.#drop(other);
  }

  #drop(segment: Segment): void {
    this.#segments = this.#segments.filter((one) => one !== segment);
    segment.release();
  }

  /** @param isDeleted whether nothing came in its place: then it was old, and nothing is known to be lost */
  #vanished(segment: Segment, now: number, isDeleted = false): void {
    const { teller } = this.#options;
    const unread = Math.max(0, segment.size - segment.readTo);
    this.#leave(segment);
    const others = this.#segments.length;
    this.#collectBackups(now);
    if (isDeleted && unread === 0 && this.#segments.length === others) {
      teller.note(`${this.path} is gone; all of it that was seen had been read`);
      return;
    }
    teller.lost(
      'vanished',
      unread > 0 ? unread : null,
      this.path,
      unread > 0
        ? `the file that was read is gone, with at least ${unread} bytes that were not`
        : 'the file that was read is gone, with what was written to it since',
    );
  }

  // ---------------------------------------------------------------------------------------------------------- reading

  async #read(now: number): Promise<Step> {
    for (;;) {
      const segment = this.#segments[0];
      if (segment === undefined) return NOTHING;
      if (segment.isStatic && !segment.isPacked && segment.behind === 0 && !segment.isOpen) {
        // Truncated, and everything was read: there is nothing to be opened.
        const step = this.#toNext(segment, now);
        if (step !== null) return step;
        return NOTHING;
      }
      if (segment.behind === 0 && segment.isLive) return NOTHING;
      if (!this.#opens(segment, now)) continue;
      const reading = segment.isPacked ? await this.#unpack(segment, now) : segment.read();
      if (reading === null) return NOTHING;
      if (reading === 'changed') {
        this.#changed(segment, now);
        continue;
      }
      if (reading !== 'nothing') return { kind: 'bytes', segment, bytes: reading };
      if (segment.isLive) {
        segment.size = Math.min(segment.size, segment.readTo); // became shorter since it was looked at
        return NOTHING;
      }
      if (!this.#isDone(segment, now, this.#options.rotateWait)) return NOTHING;
      return this.#toNext(segment, now) ?? NOTHING;
    }
  }

  #isDone(segment: Segment, now: number, wait: number): boolean {
    if (segment.isPacked) return segment.isFinished;
    if (segment.behind > 0) return false;
    return segment.isStatic || now - segment.quietSince >= wait;
  }

  /** Null if the next file does not say yet how it begins. */
  #toNext(from: Segment, now: number): Step | null {
    const to = this.#segments[1];
    if (to === undefined) return null;
    if (!to.isOpen && !to.open()) {
      if (this.#findAgain(to) === null || !to.open()) return null;
    }
    const bytes = to.peek(to.readTo === 0 ? to.hole : to.readTo);
    const end = lineEnd(bytes, this.#options.unitBytes(to.start(HEAD_BYTES)));
    // Of a file that was destroyed the last record is not waited for: nobody could read it again.
    const isTelling = bytes.length > 0 || (from.isStatic && !from.isOpen && !from.isPacked);
    const isQuiet = isTelling && now - to.quietSince >= this.#options.rotateWait;
    const isWhole = end >= 0 || bytes.length >= MOST_LINE || !to.isLive || isQuiet;
    if (!isWhole) return null;
    return { kind: 'next', from, to, line: end < 0 ? bytes : bytes.subarray(0, end) };
  }

  /** Null while it is waited for whoever packs it. */
  async #unpack(segment: Segment, now: number): Promise<Reading | null> {
    if (now < this.#packedUntil) return null;
    try {
      const reading = await segment.unpack();
      if (reading !== 'nothing') this.#packedTries = 0;
      return reading;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      segment.release();
      this.#packedUntil = now + FIRST_WAIT * 2 ** this.#packedTries;
      this.#packedTries++;
      if (this.#packedTries <= PACKED_TRIES) return null;
      this.#packedTries = 0;
      this.#packedUntil = 0;
      segment.isFinished = true;
      this.#options.teller.lost('unreadable', null, segment.path, `${error.message}; what came before was read`);
      return 'nothing';
    }
  }

  /** A file does not hold any more what was read of it. */
  #changed(segment: Segment, now: number): void {
    const look = segment.isLive ? lookAt(this.#options.files, this.path) : null;
    if (look !== null) {
      this.#truncated(segment, look, now);
      return;
    }
    this.#overwritten(segment, segment.readTo);
    this.#collectBackups(now);
  }

  // ------------------------------------------------------------------------------------------------------------ files

  #fails(error: unknown, now: number): void {
    const { code = 'unknown', message } = error as NodeJS.ErrnoException;
    for (const segment of this.#segments) if (code === 'ESTALE' || code === 'EIO') segment.release();
    if (code === 'EMFILE' || code === 'ENFILE') {
      if (!this.#options.descriptors.ranOut()) return;
      this.#options.teller.trouble(
        'descriptors-exhausted',
        this.path,
        'the system gives no more open files; fewer logs are kept open at a time',
        'raise the limit (LimitNOFILE, ulimit -n), or follow fewer logs',
      );
      return;
    }
    if (code === 'ESTALE' || code === 'ENOENT') {
      this.#trouble = { message, wait: 0, until: now, isDue: false }; // looked for again at once
      return;
    }
    const wait = this.#trouble === null ? FIRST_WAIT : Math.min(LAST_WAIT, this.#trouble.wait * 2);
    if (this.#trouble === null || this.#trouble.wait === 0) {
      const isDenied = code === 'EACCES' || code === 'EPERM';
      this.#options.teller.trouble(
        'input-unreadable',
        this.path,
        isDenied ? 'permission denied; it is tried again' : `cannot be read (${message}); it is tried again`,
        isDenied ? 'let the user that logscan runs as read it' : 'check the disk or the share',
      );
    }
    const said = code === 'EACCES' ? 'permission denied' : message;
    this.#trouble = { message: said, wait, until: now + wait, isDue: false };
  }
}
