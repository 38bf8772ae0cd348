/** All sightings of one thing, folded while they come: count, span, histogram, the first and the last ones. */
import type { Evidence, ExceptionSummary, Histogram } from '../model/incident.js';
import { HistogramBuilder, type HistogramState, toRfc3339 } from './histogram.js';
import { comparePlaces, Occurrence, type OccurrenceState, type Place } from './occurrence.js';

export interface Folded {
  readonly count: number;
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly timeKnown: boolean;
  readonly zoneAssumed: boolean;
  readonly histogram: Histogram | null;
  readonly evidence: readonly Evidence[];
  readonly exception: ExceptionSummary | null;
}

/** One more time that something was seen. What is kept of it is made only if it is kept. */
export interface Sighting {
  readonly place: Place;
  /** The record's own time, milliseconds since 1970. */
  readonly time: number | null;
  readonly zoneAssumed: boolean;
  make(): Occurrence;
  exception(): ExceptionSummary | null;
}

/** What a tail keeps of a group; plain data. */
export interface GroupState {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly zoneAssumed: boolean;
  readonly histogram: HistogramState | null;
  readonly exception: ExceptionSummary | null;
  /** The first one, then the last ones. */
  readonly kept: readonly OccurrenceState[];
  /** Sightings by number of the source; absent in what was kept before they were counted. */
  readonly sources?: readonly (readonly [source: number, count: number])[];
}

/** In further sources sightings are counted, but not by source. */
const MAX_SOURCES = 10_000;

export class Group {
  count = 0;
  /** Milliseconds since 1970. */
  last = Number.NEGATIVE_INFINITY;
  #firstTime = Number.POSITIVE_INFINITY;
  #zoneAssumed = false;
  #histogram = new HistogramBuilder();
  readonly #keep: number;
  #first: Occurrence | null = null;
  #exception: ExceptionSummary | null = null;
  #stateText: string | null = null;
  readonly #sources = new Map<number, number>();
  /** The last ones besides the first, earliest first. */
  readonly #lasts: Occurrence[] = [];

  /** @param keep how many pieces of evidence are kept at most; at least 1 */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /** @returns what was kept of the sighting, or null if it is neither among the first nor the last */
  add(sighting: Sighting): Occurrence | null {
    const { place, time, make } = sighting;
    this.count++;
    this.#stateText = null;
    this.#countIn(place.source, 1);
    if (sighting.zoneAssumed) this.#zoneAssumed = true;
    if (time !== null) {
      this.#firstTime = Math.min(this.#firstTime, time);
      this.last = Math.max(this.last, time);
      this.#histogram.add(time);
    }
    if (this.isFirst(place)) {
      if (this.#first !== null) this.#keepLast(this.#first);
      this.#first = make();
      this.#exception = sighting.exception();
      return this.#first;
    }
    const earliest = this.#lasts[0];
    const isFull = this.#lasts.length >= this.#keep - 1;
    if (isFull && (earliest === undefined || comparePlaces(place, earliest.place) < 0)) return null;
    const made = make();
    this.#keepLast(made);
    return made;
  }

  /** JSON of a {@link GroupState}; the same text until it grows. */
  stateText(): string {
    this.#stateText ??= JSON.stringify(this.#state());
    return this.#stateText;
  }

  #state(): GroupState {
    const kept = this.#first === null ? [] : [this.#first, ...this.#lasts];
    return {
      count: this.count,
      first: Number.isFinite(this.#firstTime) ? this.#firstTime : null,
      last: Number.isFinite(this.last) ? this.last : null,
      zoneAssumed: this.#zoneAssumed,
      histogram: this.#histogram.state(),
      exception: this.#exception,
      kept: kept.map((occurrence) => occurrence.state()),
      sources: [...this.#sources],
    };
  }

  static restored(keep: number, state: GroupState): Group {
    const made = new Group(keep);
    const [first = null, ...lasts] = state.kept.map((one) => Occurrence.restored(one));
    made.count = state.count;
    made.last = state.last ?? Number.NEGATIVE_INFINITY;
    made.#firstTime = state.first ?? Number.POSITIVE_INFINITY;
    made.#zoneAssumed = state.zoneAssumed;
    made.#histogram = HistogramBuilder.restored(state.histogram);
    made.#exception = state.exception;
    for (const [source, count] of state.sources ?? []) made.#countIn(source, count);
    made.#first = first;
    made.#lasts.push(...lasts.slice(Math.max(0, lasts.length - keep + 1)));
    return made;
  }

  /** As if all sightings of these groups had been added to one. */
  static merged(groups: readonly Group[]): Group {
    const [first, ...others] = groups as [Group, ...Group[]];
    const made = first.clone();
    for (const other of others) made.#absorb(other);
    return made;
  }

  #absorb(other: Group): void {
    this.count += other.count;
    for (const [source, count] of other.#sources) this.#countIn(source, count);
    this.last = Math.max(this.last, other.last);
    this.#firstTime = Math.min(this.#firstTime, other.#firstTime);
    if (other.#zoneAssumed) this.#zoneAssumed = true;
    const histogram = other.#histogram.state();
    if (histogram !== null) this.#histogram.absorb(histogram);
    if (other.#first === null) return;
    if (this.isFirst(other.#first.place)) {
      if (this.#first !== null) this.#keepLast(this.#first);
      this.#first = other.#first;
      this.#exception = other.#exception;
    } else this.#keepLast(other.#first);
    for (const occurrence of other.#lasts) this.#keepLast(occurrence);
  }

  /** Sightings by number of the source. */
  get sources(): ReadonlyMap<number, number> {
    return this.#sources;
  }

  #countIn(source: number, count: number): void {
    const known = this.#sources.get(source);
    if (known !== undefined || this.#sources.size < MAX_SOURCES) this.#sources.set(source, (known ?? 0) + count);
  }

  /** Where it was first seen; null if it was not. */
  get firstPlace(): Place | null {
    return this.#first?.place ?? null;
  }

  /** The same group, apart from this one. */
  clone(): Group {
    const made = new Group(this.#keep);
    made.count = this.count;
    made.last = this.last;
    made.#firstTime = this.#firstTime;
    made.#zoneAssumed = this.#zoneAssumed;
    made.#histogram = HistogramBuilder.restored(this.#histogram.state());
    made.#exception = this.#exception;
    for (const [source, count] of this.#sources) made.#countIn(source, count);
    made.#first = this.#first;
    made.#lasts.push(...this.#lasts);
    return made;
  }

  /** Whether this is the first sighting of all so far: what is told of the whole group comes from it. */
  isFirst(place: Place): boolean {
    return this.#first === null || comparePlaces(place, this.#first.place) < 0;
  }

  result(): Folded {
    const timeKnown = this.last !== Number.NEGATIVE_INFINITY;
    const kept = this.#first === null ? [] : [this.#first, ...this.#lasts];
    return {
      count: this.count,
      firstAt: timeKnown ? toRfc3339(this.#firstTime) : null,
      lastAt: timeKnown ? toRfc3339(this.last) : null,
      timeKnown,
      zoneAssumed: this.#zoneAssumed,
      histogram: this.#histogram.result(),
      evidence: kept.map((occurrence) => occurrence.toEvidence()),
      exception: this.#exception,
    };
  }

  #keepLast(occurrence: Occurrence): void {
    if (this.#keep < 2) return;
    let at = this.#lasts.length;
    while (at > 0 && comparePlaces(occurrence.place, this.#lasts[at - 1]!.place) < 0) at--;
    this.#lasts.splice(at, 0, occurrence);
    if (this.#lasts.length > this.#keep - 1) this.#lasts.shift();
  }
}
