/** A tail inside this process, whose clock a test moves: for many runs, and for what a real file system does not do. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { type Problem, type RulePack, type Tailing, type TailOptions, type TailStatus, tail } from '../../src/index.js';
import type { Incident, UnknownError } from '../../src/model/incident.js';
import type { ProblemObject, ReportObject, RunObject, SummaryObject } from '../../src/model/report.js';
import type { StateFiles } from '../../src/sources/tail/checkpoint.js';
import { type Files, REAL_FILES } from '../../src/sources/tail/files.js';
import { rule, type Written } from './rules.js';

/** A test that waits longer than this fails. */
const PATIENCE = 20_000; // milliseconds
/** By this the clock goes on each time that it is asked: nobody waits for a moment that does not come. */
const TICK = 10; // milliseconds
/** Nothing happens by itself within a test: it moves the clock so far. */
const LONG = 1_000_000; // milliseconds

/** Checkpoints of tests do not outlive the machine. */
const UNSYNCED: StateFiles = {
  open: async (...args: Parameters<StateFiles['open']>) => {
    const handle = await fs.promises.open(...args);
    handle.sync = async () => {};
    return handle;
  },
  rename: fs.promises.rename,
} as StateFiles;

export type Finding = Incident | UnknownError;

export interface FollowingOptions extends Omit<TailOptions, 'world'> {
  readonly files?: Files;
}

export class Following {
  readonly objects: ReportObject[] = [];
  readonly notes: string[] = [];
  readonly problems: Problem[] = [];
  readonly tailing: Tailing;
  readonly #clock: { now: number; asked: number };
  #failure: unknown = null;
  #ended: Promise<void>;
  #hold: Promise<void> = Promise.resolve();

  private constructor(tailing: Tailing, clock: { now: number; asked: number }) {
    this.tailing = tailing;
    this.#clock = clock;
    this.#ended = this.#take().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  static async start(paths: readonly string[], options: FollowingOptions): Promise<Following> {
    const { files = REAL_FILES, ...rest } = options;
    const clock = { now: 0, asked: 0 };
    const told: { notes: string[]; problems: Problem[] } = { notes: [], problems: [] };
    const tailing = await tail(paths, {
      from: 'start',
      asOf: '2026-11-24',
      poll: 1,
      flushTimeout: LONG,
      rotateWait: LONG,
      checkpoint: LONG,
      diagnostics: {
        note: (message) => told.notes.push(message),
        problem: (problem) => told.problems.push(problem),
      },
      ...rest,
      world: {
        files,
        stateFiles: UNSYNCED,
        clock: () => {
          clock.asked++;
          clock.now += TICK;
          return clock.now;
        },
      },
    });
    const made = new Following(tailing, clock);
    Object.assign(made, told);
    await made.until('it follows', () => made.objects.length > 0);
    return made;
  }

  async #take(): Promise<void> {
    for await (const object of this.tailing) {
      this.objects.push(object);
      await this.#hold;
    }
  }

  get status(): TailStatus {
    return this.tailing.status();
  }

  /** Whoever takes the objects takes no more until the returned function is called. */
  hold(): () => void {
    let release = () => {};
    this.#hold = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  /** Moves the clock. */
  pass(milliseconds: number): void {
    this.#clock.now += milliseconds;
  }

  /** Waits until everything was looked at and read that is there. */
  async read(): Promise<void> {
    await this.rounds();
    await this.until('everything is read', () => this.status.logs.every(({ behind }) => behind === 0));
    await this.rounds();
  }

  /** The same, and lets so much time pass that last records are told of. */
  async quiet(): Promise<void> {
    await this.read();
    this.pass(LONG);
    await this.rounds();
  }

  /** Waits until every log was looked at. */
  async rounds(): Promise<void> {
    const enough = this.#clock.asked + 12 + 6 * this.status.logs.length;
    await this.until('it looks', () => this.#clock.asked >= enough);
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!holds()) {
      if (this.#failure !== null) throw this.#failure;
      assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** An orderly end. */
  async stop(): Promise<void> {
    this.tailing.stop();
    await this.#ended;
    if (this.#failure !== null) throw this.#failure;
  }

  get trouble(): readonly ProblemObject[] {
    return this.objects.filter((object): object is ProblemObject => object.kind === 'problem');
  }
}

/** A pack of these rules. */
export function packOf(...rules: readonly Written[]): RulePack {
  return { name: 'acme', title: 'Acme', version: '1', rules: rules.map((written) => rule(written)) };
}

/** The last that was told of each incident, notice and unknown error, by its id; one that was withdrawn is none. */
export function lastOf(objects: readonly ReportObject[]): Map<string, Finding> {
  const last = new Map<string, Finding>();
  for (const object of objects) {
    if (object.kind !== 'incident' && object.kind !== 'unknown' && object.kind !== 'notice') continue;
    if (object.event === 'withdrawn' && object.count === 0) last.delete(object.id);
    else last.set(object.id, object);
  }
  return last;
}

/** Of each finding what tail and scan must agree on, in the order of ids. */
export function agreed(objects: readonly ReportObject[]): readonly unknown[] {
  return [...lastOf(objects).values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, title, count, firstAt, lastAt, histogram, captures, exception, evidence }) => ({
      id,
      title,
      count,
      firstAt,
      lastAt,
      histogram,
      captures,
      exception,
      evidence,
    }));
}

export function summaryOf(objects: readonly ReportObject[]): SummaryObject {
  return objects.findLast((object): object is SummaryObject => object.kind === 'summary')!;
}

export function runsOf(objects: readonly ReportObject[]): readonly RunObject[] {
  return objects.filter((object): object is RunObject => object.kind === 'run');
}
