/** The times of the records of one log as they are met -> where it was silent, where its time went back, and where it began anew. */
import type { LogRecord } from '../model/log-record.js';

/** A log that is silent for so long may have a hole; milliseconds. */
export const LEAST_GAP = 3_600_000;
/**
 * In a log that says little silence is usual: a gap is so many times as long as the time between two of its lines, and at most twice as
 * long as everything else. A job that runs once a day is silent between two runs.
 */
const MEAN_TIMES = 100;
/** Threads write with some delay; only more is told. */
const BACK = 60_000; // milliseconds
/** Of each kind so many are told of one log. */
const MOST = 100;
/** Everything that a product prints when it starts is one start. */
const ONE_START = 15 * 60_000; // milliseconds

const STARTS =
  /JiraStartupLogger|\] contextInitialized Starting Confluence |BuildInfoLogger (?:- )?Starting Bitbucket |\bStarting Bamboo (?:version:? )?\d|\] Starting Crowd Server, Version: |VersionLoggerListener\S* Server version/;

/** The header and the first words of a start. */
const START_LENGTH = 400; // characters

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Bytes that were passed over, in which there may be a gap. */
export interface Stretch extends Span {
  readonly start: number;
  readonly end: number;
}

export class Timeline {
  readonly gaps: Span[] = [];
  readonly backs: Span[] = [];
  /** After other records; `from` is null if the last of these is not known. */
  readonly starts: { readonly from: number | null; readonly to: number }[] = [];
  readonly stretches: Stretch[] = [];
  #first: number | null = null;
  #last: number | null = null;
  #newest = Number.NEGATIVE_INFINITY;
  #lastOffset = 0;
  /** Of a log that begins with a start. */
  #startedAt = Number.NEGATIVE_INFINITY;

  /** @param isNext whether it stands right behind the last one; else others may have been passed over between them */
  record(record: LogRecord, isNext: boolean): void {
    const { time, offset } = record;
    if (time === null) return;
    this.#noteStart(record, time, isNext);
    if (isNext && this.#last !== null && time - this.#last >= LEAST_GAP) add(this.gaps, { from: this.#last, to: time });
    if (isNext) this.#goTo(time, offset);
    else this.passedOver(time, offset);
  }

  /** A record of which no more is known than its time; others may have been passed over before it. */
  passedOver(time: number, offset: number): void {
    if (this.#last !== null && time - this.#last >= LEAST_GAP)
      add(this.stretches, { from: this.#last, to: time, start: this.#lastOffset, end: offset });
    this.#goTo(time, offset);
  }

  /** Whether silence of that length is unusual in this log. */
  isUnusual({ from, to }: Span, lines: number): boolean {
    if (this.#first === null || !Number.isFinite(this.#newest)) return false;
    const rest = this.#newest - this.#first - (to - from);
    return rest >= (to - from) / 2 && to - from >= (MEAN_TIMES * rest) / Math.max(1, lines);
  }

  #goTo(time: number, offset: number): void {
    this.#first ??= time;
    if (this.#last !== null && time < this.#last - BACK && time < this.#newest - BACK)
      add(this.backs, { from: this.#last, to: time });
    this.#newest = Math.max(this.#newest, time);
    this.#last = time;
    this.#lastOffset = offset;
  }

  #noteStart({ text }: LogRecord, time: number, isNext: boolean): void {
    if (!STARTS.test(text.length > START_LENGTH ? text.slice(0, START_LENGTH) : text)) return;
    if (time - (this.starts.at(-1)?.to ?? this.#startedAt) < ONE_START) return;
    if (this.#last === null) this.#startedAt = time;
    else add(this.starts, { from: isNext ? this.#last : null, to: time });
  }
}

function add<T>(list: T[], one: T): void {
  if (list.length < MOST) list.push(one);
}
