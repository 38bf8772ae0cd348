/**
 * Logs that are followed: what sources/tail/ gives of each goes through a reader (live-reader.ts) into one pipeline (live.ts),
 * and a checkpoint says how far everything behind it was taken. Objects are given out one by one; whoever asks for the next one
 * has taken the one before.
 */
import path from 'node:path';
import type { LiveFinding, Trust } from './incidents/live.js';
import { type LiveOptions, LivePipeline, type LivePipelineState, type Placed } from './live.js';
import { LogReader, type ReaderState, type ReadFile } from './live-reader.js';
import type { Diagnostics, Problem } from './model/diagnostics.js';
import { LeakError } from './model/leak.js';
import type { LogRecord } from './model/log-record.js';
import type { Origin } from './model/origin.js';
import type { ReportObject, RunObject, SummaryObject } from './model/report.js';
import { type Rule, SEVERITIES, type Severity } from './model/rule.js';
import { InputError, type OpenFile, type Source } from './model/source.js';
import type { LogStatus, LossReason, TailStatus } from './model/tail-status.js';
import { BINARY_FILE, binaryKind, encodingOf, FILE_OF_NULS, HEAD_BYTES, noCounts, readRecords } from './read.js';
import { Sift } from './sift.js';
import { markLast, readState, type StateFiles, unmarkLast, writeState } from './sources/tail/checkpoint.js';
import { Descriptors } from './sources/tail/descriptors.js';
import { discover } from './sources/tail/discover.js';
import { earlierSource } from './sources/tail/earlier.js';
import { lineEnd, type UnitBytes } from './sources/tail/feeds.js';
import type { Files, Look } from './sources/tail/files.js';
import { Listings } from './sources/tail/listings.js';
import { lock } from './sources/tail/lock.js';
import { FollowedLog, type LogState, type Step, type Teller } from './sources/tail/log.js';
import { PIECE_BYTES, type Segment } from './sources/tail/segment.js';
import { Watcher } from './sources/tail/watch.js';

/** What a place that takes objects needs kept to go on exactly where it was; kept with each checkpoint. */
export interface Attachment {
  /**
   * Told before the first object what was kept; null if nothing was.
   * @returns trouble with that, which is told of
   */
  restore(kept: unknown): Promise<readonly Problem[]>;
  /** What was taken is to be where a crash cannot reach it. */
  sync(): Promise<void>;
  /** Plain data. */
  state(): unknown;
}

/** The same world for everybody, or another one in a test. */
export interface World {
  readonly files: Files;
  readonly stateFiles?: StateFiles;
  /** A clock that never goes back, in milliseconds. */
  readonly clock: () => number;
}

export interface TailSettings extends Omit<LiveOptions, 'isShown' | 'clock'> {
  readonly minSeverity: Severity;
  /** The folder of the state; it is there, and is ours alone. */
  readonly state: string;
  readonly from: 'start' | 'end';
  /** Milliseconds: between two looks, until a last record is told of, until a rotated file is left, between two checkpoints. */
  readonly poll: number;
  readonly flushTimeout: number;
  readonly rotateWait: number;
  readonly checkpoint: number;
  /** How many files are kept open at most. */
  readonly openFiles: number;
  /** Files and folders that are not followed. */
  readonly exclude: readonly string[];
  readonly attachment: Attachment | null;
  readonly run: (inputs: RunObject['inputs']) => RunObject;
  readonly world: World;
}

/** What the outside is told besides the objects. */
export type Listener = Pick<Diagnostics, 'problem' | 'opened'> & {
  /** Something that people may want to know. */
  note(message: string): void;
};

/** Between two looks woken by events; a busy log wakes a thousand times a second. */
const LEAST_WAIT = 10; // milliseconds
/** Timers may be so early. */
const EARLY = 2; // milliseconds
/** A log in which something happened lately is looked at with every poll; of the others so many are, in turn. */
const LATELY = 60_000; // milliseconds
const COLD_LOOKS = 500;
/** Between two searches for logs that appeared. */
const SEARCH_AFTER = 1000; // milliseconds
const SEARCH_MANY_AFTER = 5000; // milliseconds
const MANY_LOGS = 1000;
/** A checkpoint that takes long is written less often: it may take this share of the time. */
const CHECKPOINT_SHARE = 20;
const CHECKPOINT_RETRY = 5000; // milliseconds
/** With more unread bytes records are filtered before they are read. */
const FAST_BYTES = 1024 * 1024;
/** So many bytes are filtered before another log has its turn. */
const BLOCK_BYTES = 16 * 1024 * 1024;
/** So many bytes before the end of a block are searched for the start of a record. */
const LAST_BYTES = 1024 * 1024;
/** With fewer first bytes nobody can say that a file is no text. */
const TELLING_BYTES = 512;
/** A log that is so far behind is told of, once. */
const FAR_BEHIND = 256 * 1024 * 1024; // bytes
/** A log does not jump so far ahead in time without a second record that says so. */
const FAR_AHEAD = 86_400_000; // milliseconds
/** So much of what is not read of a log is searched for facts, and so much of all of them when they are first seen. */
const LEARN_BYTES = 64 * 1024 * 1024;
const LEARN_ALL_BYTES = 512 * 1024 * 1024;
/** Logs of the state that are not there are kept, so many at most. */
const MOST_ABSENT = 20_000;
const FEED = 10;

/** What is kept of one log; plain data. */
interface KeptLog extends LogState {
  readonly number: number;
  readonly reader: ReaderState | null;
  readonly time: number | null;
  readonly newest: number | null;
}

interface KeptState {
  readonly logs: readonly KeptLog[];
  readonly attachment: unknown;
  readonly live: LivePipelineState;
}

/** One log and what is known of its records. */
interface Follower {
  readonly log: FollowedLog;
  readonly number: number;
  reader: LogReader | null;
  /** The files that the records of the reader stand in, the oldest first, by the numbers of its places. */
  files: { readonly origin: Origin; readonly segment: Segment }[];
  /** What another run had read of the segment; used with its first bytes. */
  resumed: { readonly segment: Segment; readonly state: ReaderState } | null;
  /** Time of the last record, or of the one before it; and the newest of all. */
  time: number | null;
  newest: number | null;
  /** A time far ahead of it, which the record after has not confirmed yet. */
  ahead: number | null;
  hasRead: boolean;
  /** When it last grew, and whether what may still grow was told of since. */
  grewAt: number;
  isPreviewed: boolean;
  /** Up to here may be open what was told by another run, or under other rules: whether it holds is not known yet. */
  unsure: { readonly segment: Segment; readonly to: number } | null;
  /** Since when it is behind. */
  behindSince: number | null;
  isFarBehind: boolean;
  /** Text of its {@link KeptLog}; null if that has changed. */
  kept: string | null;
}

export class Tail {
  readonly #inputs: readonly string[];
  #settings: TailSettings;
  readonly #listener: Listener;
  readonly #descriptors: Descriptors;
  readonly #listings: Listings;
  /** Logs by the files that they read or have read; null until somebody asks. */
  #owners: Map<string, Set<FollowedLog>> | null = null;
  readonly #watcher: Watcher;
  readonly #followers = new Map<string, Follower>();
  /** Logs of the state that were not found yet. */
  readonly #absent = new Map<string, KeptLog>();
  #nextNumber = 0;
  /** Logs of which nothing was known when they were found. */
  #unlearnt: Follower[] = [];
  #pipeline: LivePipeline;
  readonly #counts = noCounts();
  readonly #opened = new Set<string>();
  /** What was given out -> as it is kept, for places where more is to be masked. */
  readonly #kept = new WeakMap<object, LiveFinding>();
  #withheld = 0;
  /** Bounds that were told of. */
  readonly #bounds = new Set<string>();
  #waiting: ReportObject[] = [];
  readonly #started = Date.now();
  #stopping = false;
  #reloads: TailSettings | null = null;
  #searchedAt = Number.NEGATIVE_INFINITY;
  #polledAt = Number.NEGATIVE_INFINITY;
  #coldNext = 0;
  #isUnclean = false;
  /** Directories that may not be listed. */
  #denied: ReadonlySet<string> = new Set();
  /** Files in directories that are no logs. */
  #skipped = 0;
  #hasSettled = false;
  /** The smallest newest time of the logs with unread bytes besides the one that is read. */
  #othersTime = Number.POSITIVE_INFINITY;
  readonly #lostBytes: Record<LossReason, number> = { truncated: 0, vanished: 0, unreadable: 0 };
  readonly #losses: Record<LossReason, number> = { truncated: 0, vanished: 0, unreadable: 0 };
  #hasChanged = false;
  #checkpointAt = Number.NEGATIVE_INFINITY;
  #checkpointTook = 0;
  #checkpointTrouble: string | null = null;
  #checkpointTriedAt = Number.NEGATIVE_INFINITY;
  /** A rotation asks for one. */
  #isCheckpointDue = false;

  constructor(inputs: readonly string[], settings: TailSettings, listener: Listener) {
    this.#inputs = inputs;
    this.#settings = settings;
    this.#listener = listener;
    this.#descriptors = new Descriptors(settings.openFiles);
    this.#listings = new Listings(settings.world.files);
    this.#watcher = new Watcher({
      poll: settings.poll,
      onTrouble: (message) =>
        this.#tell({
          code: 'watch-unavailable',
          origin: null,
          message: `the system gives no more watches (${message}); changes are found by looking`,
          remedy: 'raise fs.inotify.max_user_watches or max_user_instances',
        }),
    });
    this.#pipeline = this.#newPipeline(null, false);
  }

  /** Ends orderly: what was read is told of and kept. */
  stop(): void {
    this.#stopping = true;
    this.#watcher.wake();
  }

  /** From now on other rules and settings hold; which logs are followed, and the state, stay. */
  reload(settings: TailSettings): void {
    this.#reloads = settings;
    this.#watcher.wake();
  }

  /** @throws LockedError; the error of the file system where the state can neither be read nor written */
  async *objects(): AsyncGenerator<ReportObject> {
    const { state, world, attachment } = this.#settings;
    const held = await lock(state);
    try {
      const kept = this.#restore();
      const problems = (await attachment?.restore(kept?.attachment ?? null)) ?? [];
      for (const problem of problems) this.#tell(problem);
      await this.#search(world.clock(), true);
      const inputs = this.#runInputs();
      await this.#learn();
      // From here on what is told may be told again, if this run does not end orderly.
      unmarkLast(state);
      await this.#checkpoint(world.clock());
      yield this.#settings.redactor.object(this.#settings.run(inputs), this.#settings.redact);
      yield* this.#take();
      while (!this.#stopping) yield* this.#round();
      yield* this.#finish();
    } finally {
      this.#watcher.close();
      for (const { log } of this.#followers.values()) log.close();
      held.release();
    }
  }

  status(): TailStatus {
    const now = this.#settings.world.clock();
    const incidents = new Map<string, { severity: Severity; count: number; open: number }>();
    for (const { rule, count, isOpen } of this.#pipeline.found()) {
      if (rule === null) continue;
      const of = incidents.get(rule.id) ?? { severity: rule.severity, count: 0, open: 0 };
      incidents.set(rule.id, { ...of, count: of.count + count, open: of.open + Number(isOpen) });
    }
    return {
      logs: [
        ...[...this.#followers.values()].map((follower) => this.#logStatus(follower, now)),
        ...[...this.#denied].map(deniedStatus),
      ],
      openFiles: this.#descriptors.open,
      bytes: this.#counts.bytes,
      lines: this.#counts.lines,
      records: this.#pipeline.records + this.#counts.passed,
      cutLines: this.#counts.cutLines,
      cutRecords: this.#pipeline.cutRecords,
      lostBytes: { ...this.#lostBytes },
      losses: { ...this.#losses },
      late: this.#pipeline.late,
      duplicatesPossible: this.#pipeline.duplicatesPossible,
      withheld: this.#withheld,
      checkpointAge: Number.isFinite(this.#checkpointAt) ? Math.max(0, now - this.#checkpointAt) / 1000 : null,
      checkpointTrouble: this.#checkpointTrouble,
      incidents: [...incidents].map(([rule, of]) => ({ rule, ...of })),
      ruleSeconds: Object.fromEntries(this.#pipeline.costs().rules.map(({ id, time }) => [id, time / 1000])),
    };
  }

  #logStatus(follower: Follower, now: number): LogStatus {
    const { log, reader } = follower;
    const behind = log.behindNow;
    if (behind > 0) follower.behindSince ??= now;
    const { behindSince } = follower;
    return {
      path: log.path,
      file: log.current?.path ?? null,
      offset: reader?.next.offset ?? log.current?.readTo ?? 0,
      behind,
      behindSeconds: behindSince === null ? 0 : Math.max(0, now - behindSince) / 1000,
      trouble: log.trouble,
    };
  }

  /**
   * The same object under strict, whatever this tail masks: for places that others read. Null if it has to be withheld.
   * @param object that this tail gave out
   */
  strictly(object: ReportObject): ReportObject | null {
    const { redactor } = this.#settings;
    if (object.kind === 'run' || object.kind === 'fact' || object.kind === 'problem' || object.kind === 'summary')
      return redactor.object(object, 'strict');
    const kept = this.#kept.get(object);
    return kept === undefined ? null : this.#given(kept, 'strict', false);
  }

  // ------------------------------------------------------------------------------------------------------------ rounds

  async *#round(): AsyncGenerator<ReportObject> {
    const { clock } = this.#settings.world;
    const now = clock();
    if (this.#reloads !== null) this.#changeSettings(this.#reloads);
    await this.#search(now, false);
    await this.#learn();
    this.#look(now);
    yield* this.#take();
    // That there is another file, or another log, is kept before something of it is told.
    if (this.#isCheckpointDue) yield* this.#checkpointIfDue(clock());
    let isBusy = false;
    const unread = this.#unread();
    for (const follower of this.#followers.values()) {
      if (this.#stopping) return;
      if (!follower.log.hasMore) continue;
      this.#othersTime = this.#timeWithout(follower, unread);
      if (await this.#advance(follower, clock())) isBusy = true;
      yield* this.#take();
      yield* this.#checkpointIfDue(clock());
    }
    this.#previewQuiet(clock());
    this.#settleIfKnown();
    yield* this.#take();
    yield* this.#checkpointIfDue(clock());
    if (isBusy) await new Promise((resolve) => setImmediate(resolve));
    else await this.#rest(now);
  }

  /** Until something happens, or it is time to look. */
  async #rest(from: number): Promise<void> {
    const { clock } = this.#settings.world;
    await this.#watcher.wait();
    const left = LEAST_WAIT - (clock() - from);
    if (left > 0 && !this.#stopping) await new Promise((resolve) => setTimeout(resolve, left));
  }

  async *#finish(): AsyncGenerator<ReportObject> {
    for (const follower of this.#followers.values()) this.#preview(follower);
    this.#settleIfKnown();
    this.#pipeline.finish();
    yield* this.#take();
    yield this.#summary();
    const { state, world, attachment } = this.#settings;
    await attachment?.sync();
    try {
      const text = this.#stateText();
      await writeState(state, text, world.stateFiles);
      await markLast(state, text, world.stateFiles);
    } catch (error) {
      const message = `the state cannot be written (${(error as Error).message}); the next start reads more again`;
      this.#listener.problem({ code: 'state-not-written', origin: null, message, remedy: 'free some space' });
    }
  }

  /** What is to be told. */
  *#take(): Generator<ReportObject> {
    yield* this.#takeWaiting();
    const { redact } = this.#settings;
    for (const event of this.#pipeline.events()) {
      this.#hasChanged = true;
      const given = this.#given(event, redact, true);
      if (given === null) continue;
      this.#kept.set(given, event);
      yield given;
    }
    yield* this.#takeWaiting(); // what was withheld
  }

  *#takeWaiting(): Generator<ReportObject> {
    const { redactor, redact } = this.#settings;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const object of waiting) yield object.kind === 'problem' ? redactor.object(object, redact) : object;
  }

  /** Null if something that was masked would stand in it all the same; then that is told instead. */
  #given(event: LiveFinding, redact: LiveOptions['redact'], counts: boolean): LiveFinding | null {
    try {
      return this.#pipeline.given(event, redact, counts);
    } catch (error) {
      if (!(error instanceof LeakError)) throw error;
      this.#withheld++;
      this.#tell({
        code: 'event-withheld',
        origin: null,
        message: `an event of ${event.rule?.id ?? 'an unknown error'} was withheld: ${error.message}`,
        remedy: 'please report it; the events of other incidents go on',
      });
      return null;
    }
  }

  #tell(problem: Problem): void {
    this.#listener.problem(problem);
    this.#waiting.push({ kind: 'problem', ...problem });
    this.#hasChanged = true;
  }

  /** What a bound kept from being told apart, once each. */
  #tellBounds(): void {
    for (const message of [...this.#pipeline.exceeded(), ...this.#settings.redactor.exceeded()]) {
      if (this.#bounds.has(message)) continue;
      this.#bounds.add(message);
      this.#tell({
        code: 'bound-exceeded',
        origin: null,
        message,
        remedy: 'nothing has to be done; details are fewer',
      });
    }
  }

  #changeSettings(settings: TailSettings): void {
    this.#reloads = null;
    this.#settings = settings;
    this.#pipeline = this.#newPipeline(JSON.parse(this.#pipeline.stateText()) as LivePipelineState, false);
    for (const follower of this.#followers.values()) {
      const segment = follower.files.at(-1)?.segment;
      if (segment !== undefined) follower.unsure = { segment, to: segment.readTo };
      follower.isPreviewed = false;
    }
    this.#hasSettled = false;
    this.#hasChanged = true;
  }

  #newPipeline(state: LivePipelineState | null, isUnclean: boolean): LivePipeline {
    const { minSeverity } = this.#settings;
    const least = SEVERITIES.indexOf(minSeverity);
    const isShown = ({ severity }: Rule) => severity === 'info' || SEVERITIES.indexOf(severity) <= least;
    return new LivePipeline({ ...this.#settings, isShown, clock: () => performance.now() }, state, isUnclean);
  }

  // ------------------------------------------------------------------------------------------------- which logs there are

  async #search(now: number, isFirst: boolean): Promise<void> {
    const wait = this.#followers.size > MANY_LOGS ? SEARCH_MANY_AFTER : SEARCH_AFTER;
    if (now - this.#searchedAt < wait) return;
    this.#searchedAt = now;
    const { world, exclude } = this.#settings;
    const { paths, directories, tooMany, denied } = await discover(this.#inputs, exclude, world.files);
    if (isFirst) {
      for (const directory of tooMany) {
        this.#tell({
          code: 'input-too-large',
          origin: directory,
          message: 'has too many directories; the rest is not followed',
          remedy: 'name the directories that hold the logs',
        });
      }
    }
    this.#tellDenied(denied);
    this.#watcher.follow(directories);
    const folders = new Set(directories);
    const known = new Set([...paths].map((name) => path.resolve(name)));
    // A log that is not there at this moment, of which backups may be.
    const absent = [...folders].flatMap((folder) => {
      const within = (place: string) => path.dirname(place) === path.resolve(folder) && !known.has(place);
      return [...this.#absent.keys()].filter(within).map((place) => path.join(folder, path.basename(place)));
    });
    this.#beginLooking();
    for (const name of [...paths, ...absent]) {
      if (this.#followers.has(name)) continue;
      const follower = this.#follow(name, isFirst);
      if (isFirst) continue;
      this.#isCheckpointDue = true;
      this.#hasChanged = true;
      this.#lookAt(follower, now);
      // Nothing may stand there: a directory that is gone. Or another name of a log that is followed.
      if (follower.log.current !== null) this.#listener.note(`${name} appeared and is followed`);
    }
  }

  /** Directories that may not be listed are told of once, until they may. */
  #tellDenied(directories: readonly string[]): void {
    const before = this.#denied;
    this.#denied = new Set(directories);
    for (const directory of directories) {
      if (before.has(directory)) continue;
      this.#tell({
        code: 'input-unreadable',
        origin: directory,
        message: 'permission denied; it is tried again',
        remedy: 'let the user that logscan runs as list it',
      });
    }
  }

  /** @param isFirst whether the run begins with it; else the log has appeared */
  #follow(name: string, isFirst: boolean): Follower {
    const place = path.resolve(name);
    const kept = this.#absent.get(place) ?? null;
    this.#absent.delete(place);
    const { rotateWait, world, from } = this.#settings;
    const log = new FollowedLog(name, isFirst ? from : 'start', kept, {
      files: world.files,
      descriptors: this.#descriptors,
      listings: this.#listings,
      rotateWait,
      teller: this.#teller,
      unitBytes,
      isUnclean: this.#isUnclean && (isFirst || kept !== null),
      ownersOf: (look, asking) => this.#ownersOf(look, asking),
    });
    const { current } = log;
    const resumes = kept !== null && kept.reader !== null && current !== null;
    const follower: Follower = {
      log,
      number: kept?.number ?? this.#nextNumber++,
      reader: null,
      files: [],
      resumed: resumes ? { segment: current, state: kept.reader } : null,
      time: kept?.time ?? null,
      newest: kept?.newest ?? null,
      ahead: null,
      hasRead: false,
      grewAt: 0,
      isPreviewed: true,
      unsure: current === null || current.behind === 0 ? null : { segment: current, to: current.size },
      behindSince: null,
      isFarBehind: false,
      kept: null,
    };
    this.#followers.set(name, follower);
    if (kept === null) this.#unlearnt.push(follower);
    return follower;
  }

  /** What logs that are new here tell of the installation, in what is not read of them: the newest start of a product. */
  async #learn(): Promise<void> {
    let all = LEARN_ALL_BYTES;
    for (const { log, number } of this.#unlearnt) {
      let left = Math.min(all, LEARN_BYTES);
      let behind = 0;
      for (const file of log.earlier()) {
        if (left <= 0 || this.#stopping) break;
        const source = earlierSource(this.#settings.world.files, file, left);
        behind += source.bytes!;
        left -= source.bytes!;
        all -= source.bytes!;
        if (await this.#hasProduct(source, number, -behind)) break;
      }
    }
    this.#unlearnt = [];
    this.#pipeline.reconsider();
  }

  /** Whether a product starts in a log; what it tells of the installation is taken. */
  async #hasProduct(source: Source, number: number, start: number): Promise<boolean> {
    const learner = this.#pipeline.learner(number, start);
    const options = { zone: (head: string) => this.#pipeline.zoneOf(head), filter: learner.filter, errors: false };
    try {
      await readRecords(source, options, noCounts(), { opened() {}, progress() {} }, learner.receiver);
    } catch (error) {
      if (!(error instanceof InputError)) throw error; // what was read of it counts
    }
    return learner.hasProduct;
  }

  readonly #teller: Teller = {
    note: (message) => {
      this.#isCheckpointDue = true;
      this.#hasChanged = true;
      this.#listener.note(message);
    },
    trouble: (code, origin, message, remedy) => this.#tell({ code, origin, message, remedy }),
    lost: (reason, bytes, origin, message) => {
      this.#losses[reason]++;
      this.#lostBytes[reason] += bytes ?? 0;
      this.#isCheckpointDue = true;
      const remedy = 'nothing can be done for these; keep more backups, or look more often (poll)';
      this.#tell({ code: `lost-${reason}`, origin, message, remedy });
    },
  };

  /** What was known of files is asked for again. */
  #beginLooking(): void {
    this.#listings.forget();
    this.#owners = null;
  }

  #look(now: number): void {
    this.#beginLooking();
    const changed = this.#watcher.take();
    const isPoll = now - this.#polledAt >= this.#settings.poll - EARLY;
    for (const name of changed) {
      const follower = this.#followers.get(name);
      if (follower !== undefined) this.#lookAt(follower, now);
      else if (!isPoll) this.#searchedAt = Math.min(this.#searchedAt, now - SEARCH_AFTER + this.#settings.poll);
    }
    if (!isPoll) return;
    this.#polledAt = now;
    const all = [...this.#followers.values()];
    const isFew = all.length <= COLD_LOOKS;
    for (const follower of all) {
      const { log, grewAt } = follower;
      if (isFew || now - grewAt < LATELY || log.segments.length > 1) this.#lookAt(follower, now);
    }
    if (isFew) return;
    for (let count = 0; count < COLD_LOOKS; count++) this.#lookAt(all[this.#coldNext++ % all.length]!, now);
  }

  /** Other logs that read a file, or have read it. */
  #ownersOf(look: Look, asking: FollowedLog): FollowedLog[] {
    if (this.#owners === null) {
      this.#owners = new Map();
      for (const { log } of this.#followers.values()) addFiles(this.#owners, log);
    }
    const known = this.#owners.get(`${look.dev}:${look.ino}`) ?? [];
    return [...known].filter((other) => other !== asking && other.hasFile(look));
  }

  #lookAt(follower: Follower, now: number): void {
    const { log } = follower;
    const before = log.current;
    log.look(now);
    if (this.#owners !== null) addFiles(this.#owners, log);
    if (log.current !== before) follower.kept = null;
    const { behind } = log;
    follower.behindSince = behind === 0 ? null : (follower.behindSince ?? now);
    if (behind < FAR_BEHIND) follower.isFarBehind = false;
    else if (!follower.isFarBehind) {
      follower.isFarBehind = true;
      this.#listener.note(`${log.path}: ${behind} bytes behind; nothing is skipped`);
    }
  }

  // --------------------------------------------------------------------------------------------------------- reading

  /** The next piece of one log. Returns whether there was one. */
  async #advance(follower: Follower, now: number): Promise<boolean> {
    const { log } = follower;
    if (await this.#sift(follower)) {
      follower.grewAt = now;
      follower.isPreviewed = false;
      this.#progressed(follower);
      return true;
    }
    const step = await log.read(now);
    if (step.kind === 'nothing') return false;
    follower.grewAt = now;
    follower.isPreviewed = false;
    if (step.kind === 'bytes') await this.#push(follower, step);
    else await this.#moveOn(follower, step);
    this.#progressed(follower);
    return true;
  }

  #progressed(follower: Follower): void {
    follower.kept = null;
    this.#hasChanged = true;
    if (follower.log.behind === 0) follower.behindSince = null;
    // While its bytes are at hand: what tells them later.
    const { reader, files } = follower;
    const place = reader?.place();
    if (place === undefined) return;
    const segment = files[place.file]?.segment;
    segment?.identityAt(place.offset);
    const { unsure } = follower;
    if (unsure !== null && (segment !== unsure.segment || place.offset >= unsure.to)) follower.unsure = null;
  }

  async #push(follower: Follower, { segment, bytes }: Extract<Step, { kind: 'bytes' }>): Promise<void> {
    const { files } = follower;
    if (follower.reader === null || files.at(-1)?.segment !== segment) {
      follower.reader?.end();
      const at = segment.readTo - bytes.length;
      const copy = Uint8Array.from(bytes);
      const head = segment.start(HEAD_BYTES);
      if (follower.resumed?.segment !== segment && this.#isNoLog(follower, head)) return;
      await this.#countLines(segment, at);
      this.#begin(follower, segment, at, head);
      follower.reader!.decideAgain(head, at, segment.hole);
      follower.reader!.push(copy);
    } else {
      const at = segment.readTo - bytes.length;
      if (at < segment.hole + HEAD_BYTES && !segment.isPacked) {
        const head = segment.start(HEAD_BYTES);
        if (follower.reader.next.number === 1 && this.#isNoLog(follower, head)) return;
        follower.reader.decideAgain(head, at, segment.hole);
      }
      follower.reader.push(bytes);
    }
    follower.hasRead = true;
  }

  /** What is no text is left until another file stands in its place. */
  #isNoLog(follower: Follower, head: Uint8Array): boolean {
    const kind = binaryKind(head);
    if (kind === null || kind === FILE_OF_NULS) return false; // a hole may be what was written so far
    if (kind === BINARY_FILE && head.length < TELLING_BYTES) return false;
    const { log } = follower;
    follower.reader = null;
    follower.files = [];
    log.leaveAlone();
    if (!this.#inputs.includes(log.path)) this.#skipped++;
    else {
      const remedy = 'name a text file';
      this.#tell({ code: 'input-binary', origin: log.path, message: `is a ${kind}, not a log`, remedy });
    }
    return true;
  }

  /** A reader for a segment that nothing was read of before `at`, by this run. */
  #begin(follower: Follower, segment: Segment, at: number, head: Uint8Array): void {
    const { log, resumed } = follower;
    const file = this.#fileOf(follower, segment);
    const state = resumed?.segment === segment ? resumed.state : null;
    follower.resumed = null;
    follower.files = [{ origin: file.origin, segment }];
    follower.reader = new LogReader(file, head, { number: segment.line ?? 1, offset: at }, state, {
      zoneOf: (first) => this.#pipeline.zoneOf(first),
      counts: this.#counts,
      onRecord: (record) => this.#record(follower, record, null),
    });
    if (!this.#opened.has(log.path)) this.#listener.opened(log.path, follower.reader.layout);
    this.#opened.add(log.path);
  }

  async #moveOn(follower: Follower, { from, to, line }: Extract<Step, { kind: 'next' }>): Promise<void> {
    const { log, reader, files } = follower;
    this.#isCheckpointDue = true;
    if (reader === null || files.at(-1)?.segment !== from) {
      log.moveOn();
      return;
    }
    await this.#countLines(to, to.readTo);
    const file = this.#fileOf(follower, to);
    const at = { number: to.line ?? 1, offset: to.readTo };
    const hole = to.readTo === 0 ? to.hole : 0;
    const taken = reader.moveTo(file, to.start(HEAD_BYTES), line, at, hole);
    log.moveOn();
    if (taken > 0) to.passTo(to.readTo + hole + taken);
    const entry = { origin: file.origin, segment: to };
    // A record that goes on keeps its place in the file that it began in.
    follower.files = reader.isJoined ? [...files, entry] : [entry];
  }

  #fileOf({ log }: Follower, segment: Segment): ReadFile {
    const origin: Origin = {
      /** As the file is called now: a rotation may come before its records are told of. */
      get path() {
        return segment.isLive ? log.path : segment.path;
      },
      member: null,
    };
    return { origin, name: log.path };
  }

  /** Where reading began in the middle of a file, nobody has counted its lines. */
  async #countLines(segment: Segment, position: number): Promise<void> {
    if (segment.line !== null) return;
    let lines = 1;
    const unit = unitBytes(segment.start(HEAD_BYTES));
    for (let at = 0; at < position; at += PIECE_BYTES) {
      const piece = segment.bytesAt(at, Math.min(position, at + PIECE_BYTES));
      for (let end = lineEnd(piece, unit); end >= 0; end = lineEnd(piece, unit, end)) lines++;
      if (at % (64 * PIECE_BYTES) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    segment.line = lines;
  }

  /** Backlog is read as a scan reads: what cannot matter is passed over. Returns whether something was. */
  async #sift(follower: Follower): Promise<boolean> {
    const { reader, files } = follower;
    const { filter } = this.#pipeline;
    const segment = follower.log.current;
    if (filter === null || reader === null || segment === null || files.at(-1)?.segment !== segment) return false;
    if (segment.isPacked || segment.behind < FAST_BYTES || !segment.isOpen) return false;
    const siftable = reader.siftable;
    if (siftable === null || segment.read(0) === 'changed') return false;
    const from = reader.place();
    const end = lastStart(segment, from.offset, Math.min(segment.size, from.offset + BLOCK_BYTES), reader);
    if (end === null) return false;
    const { origin } = files.at(-1)!;
    const { unknown } = this.#settings;
    const { zone } = reader;
    const last = new LastHeld(
      (record, held) => this.#record(follower, record, held),
      (time) => this.#sawTime(follower, time),
    );
    // What the reader has of the open record is read again.
    this.#counts.bytes -= segment.readTo - from.offset;
    this.#counts.lines -= reader.next.number - from.number;
    const sift = new Sift(
      origin,
      siftable.encoding,
      { family: siftable.family, wrapper: null, zone, filter, threads: null, errors: unknown !== null },
      this.#counts,
      () => {},
      {
        record: (record, held) => last.take(record, held),
        repeated: () => false,
        passedOver: (_, time) => last.passedOver(time),
      },
    );
    const linesBefore = this.#counts.lines;
    try {
      await sift.file(openFile(segment, end), from);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      // It became shorter meanwhile. What was not handed on is looked for where the log finds it.
      const at = last.drop() ?? { number: from.number, offset: from.offset };
      segment.distrust(at.offset);
      reader.startAt(at, siftable.family);
      follower.files = [files.at(-1)!];
      return true;
    }
    const { changedTo } = sift;
    const at = changedTo === null ? null : last.drop();
    last.flush();
    const next = at ?? { number: from.number + this.#counts.lines - linesBefore, offset: end };
    if (at !== null) {
      this.#counts.bytes -= end - at.offset;
      this.#counts.lines -= from.number + this.#counts.lines - linesBefore - at.number;
    }
    segment.passTo(next.offset);
    reader.startAt(next, changedTo ?? siftable.family);
    follower.files = [files.at(-1)!];
    return true;
  }

  // ---------------------------------------------------------------------------------------------------------- records

  #record(follower: Follower, record: LogRecord, held: readonly number[] | null): void {
    const trust = this.#trustOf(follower, record);
    const placed = this.#placed(follower, record);
    follower.time = placed.place.time;
    if (record.time !== null) this.#sawTime(follower, record.time, trust);
    this.#pipeline.take(follower.log.path, placed, held, trust);
  }

  #sawTime(follower: Follower, time: number | null, trust: Trust = 'sure'): void {
    if (time === null) return;
    follower.time = time;
    const { newest, ahead } = follower;
    // One record with a wrong date must not end everything that goes on: the next one has to agree.
    follower.ahead = newest !== null && time > newest + FAR_AHEAD ? time : null;
    if (follower.ahead !== null && (ahead === null || time < ahead - FAR_AHEAD)) return;
    follower.newest = Math.max(newest ?? Number.NEGATIVE_INFINITY, time);
    this.#pipeline.advance(Math.min(follower.newest, this.#othersTime), trust);
  }

  #placed(follower: Follower, record: LogRecord): Placed {
    const segment = this.#segmentOf(follower, record);
    const offset = segment.base + record.offset;
    const time = record.time ?? follower.time;
    return { record, key: String(offset), place: { time, source: follower.number, offset } };
  }

  #segmentOf({ files }: Follower, record: LogRecord): Segment {
    return (files.find(({ origin }) => origin === record.origin) ?? files.at(-1)!).segment;
  }

  #trustOf(follower: Follower, record: LogRecord): Trust {
    const { counted, told } = this.#segmentOf(follower, record);
    return record.offset < counted ? 'counted' : record.offset < told ? 'told' : 'sure';
  }

  /** The logs with unread bytes by the newest time of each, the oldest last. */
  #unread(): Unread[] {
    return [...this.#followers.values()]
      .filter(({ log }) => log.behind > 0)
      .map((follower) => ({ follower, time: newestOf(follower) }))
      .sort((a, b) => (a.time < b.time ? 1 : -1));
  }

  /**
   * The smallest newest time of the logs with unread bytes besides one.
   * @param unread as it was when the round began: since then times went on, and some have nothing left
   */
  #timeWithout(follower: Follower, unread: Unread[]): number {
    while (unread.at(-1)?.follower.log.behind === 0) unread.pop();
    let least = Number.POSITIVE_INFINITY;
    for (let at = unread.length - 1; at >= 0 && unread[at]!.time < least; at--) {
      const { follower: other } = unread[at]!;
      if (other !== follower && other.log.behind > 0) least = Math.min(least, newestOf(other));
    }
    return least;
  }

  #previewQuiet(now: number): void {
    const { flushTimeout } = this.#settings;
    for (const follower of this.#followers.values()) {
      if (follower.isPreviewed || now - follower.grewAt < flushTimeout) continue;
      this.#preview(follower);
    }
  }

  /** Tells of the records that may still grow. */
  #preview(follower: Follower): void {
    if (follower.isPreviewed) return;
    follower.isPreviewed = true;
    const { reader, log } = follower;
    if (reader === null) return;
    const records = reader.peek();
    const trust = records.length === 0 ? 'sure' : this.#trustOf(follower, records[0]!);
    const placed = records.map((record) => this.#placed(follower, record));
    this.#pipeline.preview(log.path, placed, trust);
    if (log.behind === 0) follower.unsure = null;
  }

  /** Once it is known of every log whether what was told before still holds, the rest is withdrawn. */
  #settleIfKnown(): void {
    if (this.#hasSettled) return;
    for (const { log, unsure } of this.#followers.values())
      if (unsure !== null && log.segments.includes(unsure.segment)) return;
    this.#hasSettled = true;
    this.#pipeline.reconcile();
  }

  // ------------------------------------------------------------------------------------------------------- checkpoints

  #restore(): KeptState | null {
    const { state } = this.#settings;
    const { text, isLast, trouble } = readState(state);
    if (trouble !== null) {
      this.#isUnclean = true; // what was told is not known
      this.#tell({
        code: 'state-unusable',
        origin: null,
        message: `${trouble}. Nothing is known of what was read before: logs are followed as if for the first time`,
        remedy: 'with --from start everything that is there is read',
      });
    }
    if (text === null) return null;
    const kept = JSON.parse(text) as KeptState;
    this.#isUnclean = !isLast;
    for (const log of kept.logs.slice(-MOST_ABSENT)) this.#absent.set(log.path, log);
    this.#nextNumber = kept.logs.reduce((most, { number }) => Math.max(most, number + 1), 0);
    this.#pipeline = this.#newPipeline(kept.live, this.#isUnclean);
    return kept;
  }

  async *#checkpointIfDue(now: number): AsyncGenerator<ReportObject> {
    if (!this.#hasChanged) return;
    const { checkpoint } = this.#settings;
    const wait = Math.max(checkpoint, this.#checkpointTook * CHECKPOINT_SHARE);
    const isDue = this.#isCheckpointDue || now - this.#checkpointAt >= wait;
    if (!isDue || (this.#checkpointTrouble !== null && now - this.#checkpointTriedAt < CHECKPOINT_RETRY)) return;
    this.#tellBounds();
    yield* this.#take(); // a checkpoint is behind everything that was told
    await this.#checkpoint(now);
  }

  async #checkpoint(now: number): Promise<void> {
    const { state, world, attachment } = this.#settings;
    this.#checkpointTriedAt = now;
    await attachment?.sync(); // may wait for a full disk
    const started = world.clock();
    try {
      await writeState(state, this.#stateText(), world.stateFiles);
      if (this.#checkpointTrouble !== null) this.#listener.note('the state can be written again');
      this.#checkpointTrouble = null;
      this.#checkpointAt = world.clock();
      this.#checkpointTook = this.#checkpointAt - started;
      this.#hasChanged = false;
      this.#isCheckpointDue = false;
    } catch (error) {
      const { message } = error as Error;
      if (this.#checkpointTrouble === null) {
        this.#tell({
          code: 'state-not-written',
          origin: null,
          message: `the state cannot be written (${message}); reading goes on, and after a stop more is read again`,
          remedy: 'free some space, or give another --state',
        });
      }
      this.#checkpointTrouble = message;
    }
  }

  #stateText(): string {
    const logs = [...this.#followers.values()].map((follower) => {
      follower.kept ??= JSON.stringify(this.#keptLog(follower));
      return follower.kept;
    });
    for (const absent of this.#absent.values()) logs.push(JSON.stringify(absent));
    const attachment = JSON.stringify(this.#settings.attachment?.state() ?? null);
    return `{"logs":[${logs}],"attachment":${attachment},"live":${this.#pipeline.stateText()}}`;
  }

  #keptLog(follower: Follower): KeptLog {
    const { log, number, reader, files, resumed, time, newest } = follower;
    const place = reader?.place() ?? null;
    const segment = place === null ? log.current : (files[place.file]?.segment ?? log.current);
    const offset = place?.offset ?? segment?.readTo ?? 0;
    const isRead = place !== null && segment !== null;
    return {
      path: path.resolve(log.path),
      file:
        segment === null
          ? null
          : {
              ...segment.identityAt(isRead ? offset : segment.readTo),
              path: path.resolve(segment.path),
              size: segment.size,
              line: isRead ? place.number : segment.line,
              counted: segment.counted,
            },
      base: segment?.base ?? log.base,
      known: log.known,
      target: log.target,
      mayBeTold: log.mayBeTold,
      number,
      reader: isRead ? reader!.state() : resumed !== null && resumed.segment === segment ? resumed.state : null,
      time,
      newest,
    };
  }

  // ------------------------------------------------------------------------------------------------------------ objects

  #runInputs(): RunObject['inputs'] {
    const now = this.#settings.world.clock();
    this.#beginLooking();
    return [...this.#followers.values()].map((follower) => {
      this.#lookAt(follower, now);
      return { path: follower.log.path, bytes: follower.log.current?.size ?? null };
    });
  }

  #summary(): SummaryObject {
    const bySeverity = { critical: 0, high: 0, medium: 0, low: 0 };
    let [incidents, notices, unknown] = [0, 0, 0];
    for (const { rule } of this.#pipeline.found()) {
      if (rule === null) unknown++;
      else if (rule.severity === 'info') notices++;
      else {
        incidents++;
        bySeverity[rule.severity]++;
      }
    }
    const isCounted = this.#settings.unknown !== null;
    const { records, errors, explained, cutRecords } = this.#pipeline;
    const newest = [...this.#followers.values()].flatMap((follower) => follower.newest ?? []);
    const { passed, ...counts } = this.#counts;
    return {
      kind: 'summary',
      incidents,
      unknown: isCounted ? unknown : null,
      notices,
      bySeverity,
      coverage: {
        files: this.#opened.size,
        ...counts,
        records: isCounted ? records + passed : null,
        errorRecords: isCounted ? errors : null,
        explained: isCounted ? explained : null,
        unexplained: isCounted ? errors - explained : null,
        cutRecords,
        skippedFiles: this.#skipped,
        unreadableFiles:
          [...this.#followers.values()].filter(({ log }) => log.trouble !== null).length + this.#denied.size,
      },
      seconds: Math.round((Date.now() - this.#started) / 10) / 100,
      firstAt: null,
      lastAt: newest.length === 0 ? null : new Date(Math.max(...newest)).toISOString(),
      masked: this.#settings.redactor.masked(),
    };
  }
}

/** A log with unread bytes, and its newest time at some moment. */
interface Unread {
  readonly follower: Follower;
  readonly time: number;
}

/** Nobody knows how old a log is that was not read yet; one that tells no times is as old as any. */
function newestOf({ newest, hasRead }: Follower): number {
  return newest ?? (hasRead ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}

/** Of a directory that may not be listed. */
function deniedStatus(directory: string): LogStatus {
  return { path: directory, file: null, offset: 0, behind: 0, behindSeconds: 0, trouble: 'permission denied' };
}

/** Hands on each record when the next one comes, so that the last one can be taken back, with what was seen behind it. */
class LastHeld {
  readonly #take: (record: LogRecord, held: readonly number[] | null) => void;
  readonly #sawTime: (time: number | null) => void;
  #last: { readonly record: LogRecord; readonly held: readonly number[] | null } | null = null;
  /** Time of a record that was passed over behind the last one. */
  #time: number | null = null;

  constructor(
    take: (record: LogRecord, held: readonly number[] | null) => void,
    sawTime: (time: number | null) => void,
  ) {
    this.#take = take;
    this.#sawTime = sawTime;
  }

  take(record: LogRecord, held: readonly number[] | null): void {
    this.flush();
    this.#last = { record, held };
  }

  passedOver(time: number | null): void {
    this.#time = time ?? this.#time;
  }

  flush(): void {
    if (this.#last !== null) this.#take(this.#last.record, this.#last.held);
    this.#last = null;
    this.#sawTime(this.#time);
    this.#time = null;
  }

  /** Where the last record begins, which is not handed on. */
  drop(): { readonly number: number; readonly offset: number } | null {
    const last = this.#last;
    this.#last = null;
    this.#time = null;
    return last === null ? null : { number: last.record.line, offset: last.record.offset };
  }
}

/** Where the last record begins that begins before `to`; null if none is found behind `from`. */
function lastStart(segment: Segment, from: number, to: number, reader: LogReader): number | null {
  const start = Math.max(from, to - LAST_BYTES);
  const bytes = segment.bytesAt(start, to);
  let end = bytes.lastIndexOf(FEED);
  while (end > 0) {
    const before = bytes.lastIndexOf(FEED, end - 1);
    if (before < 0) return null; // whether a line begins here is not known
    if (reader.begins(bytes.subarray(before + 1, Math.min(end, before + 4096)))) return start + before + 1;
    end = before;
  }
  return null;
}

function addFiles(owners: Map<string, Set<FollowedLog>>, log: FollowedLog): void {
  for (const { dev, ino } of log.files()) {
    const key = `${dev}:${ino}`;
    owners.set(key, (owners.get(key) ?? new Set()).add(log));
  }
}

function unitBytes(head: Uint8Array): UnitBytes {
  return encodingOf(head).encoding === 'utf-8' ? 1 : 2;
}

/** A segment up to a position, as a scan reads files. */
function openFile(segment: Segment, size: number): OpenFile {
  return {
    size,
    descriptor: -1,
    read: (into, position) => {
      const read = segment.readAt(into.subarray(0, Math.min(into.length, size - position)), position);
      if (read > 0) return read;
      throw new InputError(
        'input-truncated',
        segment.path,
        'became shorter while it was read',
        'nothing has to be done',
      );
    },
    close() {},
  };
}
