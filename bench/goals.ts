/** What logscan is to reach, held against what was measured. */
import { type Measurement, median } from './processes.js';
import type { Tables } from './tables.js';

const MEGABYTE = 1e6; // bytes
const NOTHING = 5; // milliseconds that are no difference between two start-ups

export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  /** Null where it could not be measured. */
  readonly isReached: boolean | null;
}

export function goalsOf({ normal, packs, dense, mixed, shift, nearMiss, gzip, startUp }: Tables): readonly Goal[] {
  const one = normal.one.last.failure === null ? normal.one : normal.typed;
  return [
    faster('known problems, one thread, 300 rules', 5, normal.known, normal.ripgrep),
    faster('known problems, two threads, 300 rules', 7, normal.knownTwo, normal.ripgrep),
    slower('known problems, two threads, 300 rules', 2, normal.knownTwo, normal.countLines),
    faster('known problems, one thread, 30 rules', 1.4, packs.known30, packs.ripgrep30),
    faster('known problems, one thread, 150 rules', 3, packs.known150, packs.ripgrep150),
    faster('default run', 2.5, normal.typed, normal.ripgrep),
    faster('dense log, default run', 1, dense.typed, dense.ripgrep),
    faster('dense log, known problems', 1, dense.known, dense.ripgrep),
    faster('mixed log, known problems', 3.5, mixed.known, mixed.ripgrep),
    faster('shifting log, known problems', 4, shift.known, shift.ripgrep),
    faster('near-miss log, known problems', 2, nearMiss.known, nearMiss.ripgrep),
    faster('known problems, one thread, 300 rules', 1.5, normal.known, normal.hyperscan),
    faster('gz, known problems', 1.8, gzip.known, gzip.unpack),
    later('start-up with 300 rules', 60, startUp.typed, startUp.empty),
    memory('peak memory, known problems, one thread', 100, normal.known),
    memory('peak memory, default run, one thread', 100, one),
    moreMemory('peak memory of a worker', 15, normal.knownTwo, normal.known),
    linear('growth of known problems, time per byte', 1.1, normal.known, normal.knownSmaller, startUp.typed),
    linear('growth of the default run, time per byte', 1.1, normal.typed, normal.smaller, startUp.typed),
    slower('growth from 30 to 3,000 rules', 1.5, packs.known3000, packs.known30),
    later('short log, two threads', NOTHING, startUp.two, startUp.one),
    faster('known problems, one thread, shipped rules', 5, packs.knownShipped, packs.ripgrepShipped),
    faster('default run, shipped rules', 2.5, packs.typedShipped, packs.ripgrepShipped),
  ];
}

function faster(what: string, times: number, ours: Measurement, theirs: Measurement): Goal {
  const ratio = () => median(theirs.seconds) / median(ours.seconds);
  const wanted = `>= ${times}x \`${theirs.command.name}\``;
  return goal(what, wanted, [ours, theirs], ratio, (value) => value >= times, inTimes);
}

function slower(what: string, times: number, ours: Measurement, theirs: Measurement): Goal {
  const ratio = () => median(ours.seconds) / median(theirs.seconds);
  const wanted = `<= ${times}x the time of \`${theirs.command.name}\``;
  return goal(what, wanted, [ours, theirs], ratio, (value) => value <= times, inTimes);
}

function later(what: string, milliseconds: number, ours: Measurement, theirs: Measurement): Goal {
  const more = () => (median(ours.seconds) - median(theirs.seconds)) * 1000;
  const wanted = `<= ${milliseconds} ms more than \`${theirs.command.name}\``;
  return goal(
    what,
    wanted,
    [ours, theirs],
    more,
    (value) => value <= milliseconds,
    (value) => `${value.toFixed(0)} ms`,
  );
}

function memory(what: string, megabytes: number, ours: Measurement): Goal {
  return goal(
    what,
    `<= ${megabytes} MB`,
    [ours],
    () => peakOf(ours),
    (value) => value <= megabytes,
    inMegabytes,
  );
}

function moreMemory(what: string, megabytes: number, ours: Measurement, theirs: Measurement): Goal {
  const more = () => peakOf(ours) - peakOf(theirs);
  const wanted = `<= ${megabytes} MB more`;
  return goal(what, wanted, [ours, theirs], more, (value) => value <= megabytes, inMegabytes);
}

/** Start-up is subtracted, as it would make the smaller log dearer. */
function linear(what: string, times: number, large: Measurement, small: Measurement, start: Measurement): Goal {
  const perByte = (of: Measurement) => (median(of.seconds) - median(start.seconds)) / of.command.bytes;
  const wanted = `<= ${times}x from ${sizeOf(small)} to ${sizeOf(large)}`;
  const ratio = () => perByte(large) / perByte(small);
  return goal(what, wanted, [large, small, start], ratio, (value) => value <= times, inTimes);
}

function goal(
  what: string,
  wanted: string,
  needed: readonly Measurement[],
  measure: () => number,
  isReached: (value: number) => boolean,
  show: (value: number) => string,
): Goal {
  const failure = needed.map(({ last }) => last.failure).find((each) => each !== null);
  if (failure) return { what, wanted, measured: failure, isReached: null };
  const value = measure();
  if (!Number.isFinite(value)) return { what, wanted, measured: 'not measured', isReached: null };
  return { what, wanted, measured: show(value), isReached: isReached(value) };
}

function peakOf({ peakBytes }: Measurement): number {
  return peakBytes === null ? Number.NaN : peakBytes / MEGABYTE;
}

function sizeOf({ command }: Measurement): string {
  return `${Math.round(command.bytes / MEGABYTE)} MB`;
}

function inTimes(value: number): string {
  return `${value.toPrecision(2)}x`;
}

function inMegabytes(value: number): string {
  return `${value.toFixed(0)} MB`;
}
