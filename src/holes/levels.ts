/**
 * Levels of records, as they follow each other -> stretches in which a level that is written before and after, or before, or
 * after, is not. Somebody changed what is logged then: what is not found there may have happened all the same.
 */
import type { LogRecord } from '../model/log-record.js';
import type { Span } from './timeline.js';

/** More records than this are thinned out evenly. */
const MOST = 8192;
/** So many records without the level are needed, and so many records with it elsewhere. */
const LEAST_WITHOUT = 50;
const LEAST_LENGTH = 15 * 60_000; // milliseconds
const LEAST_WITH = 20;
/** A level that is seen less often elsewhere is missing by chance. */
const LEAST_SHARE = 0.1;
/** Errors come in storms, and nights are quiet: the stretch is so many times as long as any other without that level. */
const TIMES_OTHERS = 3;

/** From the most talkative on; records of a level and those below it come and go together. */
const STEPS = [
  { most: 1, name: 'DEBUG' },
  { most: 2, name: 'INFO' },
] as const;
const RANKS: ReadonlyMap<string, number> = new Map(
  Object.entries({ TRACE: 0, DEBUG: 1, INFO: 2, WARN: 3, ERROR: 4, FATAL: 4 }),
);

/** Records whose level is made of what they say, such as a status. */
const WITHOUT_LEVEL = /access$|^har$|^healthcheck$/;
const HEADER = /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\S*)[^\n]{0,200}? (TRACE|DEBUG|INFO|WARN|ERROR|FATAL) /gm;

export interface LevelGap extends Span {
  /** The level that is not written, and with it all below. */
  readonly level: 'DEBUG' | 'INFO';
}

/** Of a log that was read as a whole all records, of another one those in samples of its bytes. */
export class Levels {
  readonly #records = new LevelCourse();
  #samples: LevelCourse | null = null;

  record({ time, level, format }: Pick<LogRecord, 'time' | 'level' | 'format'>): void {
    if (this.#samples === null && !WITHOUT_LEVEL.test(format)) this.#records.add(time, level);
  }

  /** Some lines out of the middle of a log; `instantOf` says what a text that begins with a time means. */
  sample(lines: string, instantOf: (text: string) => number | null): void {
    this.#samples ??= new LevelCourse();
    for (const [, stamp, level] of lines.matchAll(HEADER)) this.#samples.add(instantOf(stamp!), level!);
  }

  gaps(): LevelGap[] {
    return (this.#samples ?? this.#records).gaps();
  }
}

class LevelCourse {
  #times: number[] = [];
  #ranks: number[] = [];
  /** Every how manieth is kept. */
  #stride = 1;
  #seen = 0;

  gaps(): LevelGap[] {
    return STEPS.flatMap(({ most, name }) => this.#gapsOf(most).map((gap) => ({ ...gap, level: name })));
  }

  add(time: number | null, level: string | null): void {
    const rank = RANKS.get(level ?? '');
    if (time === null || rank === undefined || this.#seen++ % this.#stride !== 0) return;
    if (this.#times.length === MOST) {
      this.#times = this.#times.filter((_, index) => index % 2 === 0);
      this.#ranks = this.#ranks.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
    this.#times.push(time);
    this.#ranks.push(rank);
  }

  /** Stretches without a record of that rank or below. */
  #gapsOf(most: number): Span[] {
    const stretches: { readonly from: number; readonly to: number; readonly length: number; readonly count: number }[] =
      [];
    let last = -1;
    const end = this.#times.length;
    for (let index = 0; index <= end; index++) {
      if (index < end && this.#ranks[index]! > most) continue;
      const count = index - last - 1;
      const from = this.#times[Math.max(0, last)];
      const to = this.#times[Math.min(end - 1, index)];
      if (count > 0) stretches.push({ from: from!, to: to!, length: to! - from!, count });
      last = index;
    }
    const isLong = ({ length, count }: (typeof stretches)[number]) => count >= LEAST_WITHOUT && length >= LEAST_LENGTH;
    const long = stretches.filter(isLong);
    if (long.length === 0) return [];
    const others = stretches.filter((stretch) => !isLong(stretch));
    const with_ = this.#ranks.filter((rank) => rank <= most).length;
    const elsewhere = with_ + others.reduce((sum, { count }) => sum + count, 0);
    if (with_ < LEAST_WITH || with_ / elsewhere < LEAST_SHARE) return [];
    const longest = Math.max(0, ...others.map(({ length }) => length));
    return long.filter(({ length }) => length > TIMES_OTHERS * longest).map(({ from, to }) => ({ from, to }));
  }
}
