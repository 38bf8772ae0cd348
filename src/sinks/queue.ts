/**
 * [I/O] The events that a webhook has taken and not delivered yet, kept through kill -9: of each incident the newest
 * revision. What was told of an incident last is kept as well, so that nothing is told twice after a restart.
 */
import type { Problem } from '../model/diagnostics.js';
import type { Incident, IncidentEvent, UnknownError } from '../model/incident.js';
import { Journal, MAX_LINE, type Place, sealed } from './journal.js';

export type QueuedEvent = Incident | UnknownError;

/** The queue cannot take it: the event is lost for this place. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';
}

/** How many incidents may wait, and of how many it is remembered what was told of them. */
export const MAX_IDS = 100_000;
const MIN_REWRITE = 1024 ** 2; // bytes
/** How much larger than what is live a journal becomes. */
const MAX_WASTE = 4;

/** What is remembered of an event. */
interface Mark {
  readonly id: string;
  readonly revision: number;
  readonly event: IncidentEvent;
  readonly lastAt: string | null;
  /** Whether the incident is open as far as the receiver knows. */
  readonly open: boolean;
}

interface Waiting {
  readonly mark: Mark;
  place: Place;
}

interface Told {
  readonly mark: Mark;
  readonly length: number; // bytes of its line
}

export class EventQueue {
  readonly #journal: Journal;
  readonly #state: State;
  readonly #maxIds: number;
  #arriving = 0;
  /** Size from which a rewrite is tried again after one that failed. */
  #rewriteFrom = MIN_REWRITE;
  #rewriting = false;
  readonly #onProblem: (problem: Problem) => void;

  private constructor(journal: Journal, state: State, options: QueueOptions) {
    this.#journal = journal;
    this.#state = state;
    this.#maxIds = options.maxIds ?? MAX_IDS;
    this.#onProblem = options.onProblem;
  }

  /**
   * Opens the queue in this file, or makes it; its folder is there already. What is damaged is set aside and told.
   * @throws the error of the file system
   */
  static async open(path: string, options: QueueOptions): Promise<EventQueue> {
    const state = new State();
    const { journal, unreadable } = await Journal.open(path, (value, place) => state.replay(value, place));
    const queue = new EventQueue(journal, state, options);
    if (unreadable !== null) await queue.#setAside(path, unreadable);
    return queue;
  }

  /** How many events wait. */
  get size(): number {
    return this.#state.waiting.size;
  }

  /** What waits, oldest first. */
  *waiting(): Generator<{ readonly id: string; readonly revision: number }> {
    for (const { mark } of this.#state.waiting.values()) yield mark;
  }

  /** Whether a receiver knows, or will know, this incident as open. */
  isOpen(id: string): boolean {
    return (this.#state.waiting.get(id)?.mark ?? this.#state.told.get(id)?.mark)?.open ?? false;
  }

  /**
   * Resolves when the event is on the disk, or need not be as it is known already.
   * @throws EventRefused if it cannot be taken at all, the error of the file system if it can be later
   */
  async put(event: QueuedEvent): Promise<void> {
    const mark = markOf(event);
    const { waiting, told } = this.#state;
    if (covers(waiting.get(mark.id)?.mark, mark) || covers(told.get(mark.id)?.mark, mark)) return;
    if (!waiting.has(mark.id) && waiting.size + this.#arriving >= this.#maxIds)
      throw new EventRefused(`events of ${this.#maxIds} incidents wait already`);
    const line = sealed({ put: event });
    if (Buffer.byteLength(line) > MAX_LINE) throw new EventRefused(`it is larger than ${MAX_LINE / 1024 ** 2} MiB`);
    this.#arriving += 1;
    try {
      await this.#journal.append(line, (place) => this.#state.put(mark, place));
    } finally {
      this.#arriving -= 1;
    }
    this.#tidy();
  }

  /**
   * The newest revision that waits.
   * @throws Error if the journal is damaged there, the error of the file system
   */
  async read(id: string): Promise<QueuedEvent> {
    const found = this.#state.waiting.get(id);
    if (found === undefined) throw new Error(`nothing waits of ${id}`);
    return ((await this.#journal.read(found.place)) as { put: QueuedEvent }).put;
  }

  /**
   * This revision was delivered; a newer one that came meanwhile stays.
   * @throws the error of the file system; then the next run delivers it once more
   */
  async done(event: QueuedEvent): Promise<void> {
    const mark = markOf(event);
    const line = doneLine(mark);
    this.#state.done(mark, Buffer.byteLength(line));
    await this.#journal.append(line, () => {});
    this.#tidy();
  }

  /** Resolves when everything that was asked for has happened. */
  close(): Promise<void> {
    return this.#journal.close();
  }

  /** Puts and deliveries do not wait for it, but for the file. */
  #tidy(): void {
    const { size } = this.#journal;
    if (this.#rewriting || size <= this.#rewriteFrom || size <= MAX_WASTE * this.#state.bytes) return;
    this.#rewriting = true;
    this.#rewrite(null)
      .then(
        () => {
          this.#rewriteFrom = MIN_REWRITE;
        },
        (error: Error) => {
          this.#rewriteFrom = 2 * size;
          this.#onProblem({
            code: 'webhook-queue',
            origin: null,
            message: `the queue of a webhook cannot be made smaller (${error.message})`,
            remedy: 'it goes on growing until it can; make room on the disk of the state directory',
          });
        },
      )
      .finally(() => {
        this.#rewriting = false;
      });
  }

  #rewrite(aside: string | null): Promise<void> {
    let kept: Waiting[] = [];
    let told = 0;
    const toLines = () => {
      kept = [...this.#state.waiting.values()];
      told = this.#state.told.size;
      const marks = Array.from(this.#state.told.values(), ({ mark }) => doneLine(mark));
      return [...marks, ...kept.map(({ place }) => place)];
    };
    const onMoved = (places: readonly Place[]) => {
      for (const [index, waiting] of kept.entries()) waiting.place = places[told + index]!;
    };
    return this.#journal.rewrite(toLines, onMoved, aside);
  }

  async #setAside(path: string, unreadable: string): Promise<void> {
    const aside = `${path}.bad`;
    try {
      await this.#rewrite(aside);
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#onProblem({
      code: 'webhook-queue-damaged',
      origin: null,
      message: `the queue of a webhook ${unreadable}; ${this.size} ${this.size === 1 ? 'event' : 'events'} of it could be read and will be sent, others may be lost`,
      remedy: `it is kept as ${aside}; check the disk`,
    });
  }
}

export interface QueueOptions {
  readonly onProblem: (problem: Problem) => void;
  /** How many incidents may wait. */
  readonly maxIds?: number;
}

/** What the lines of a journal come to. */
class State {
  /** By incident. A newer revision stands where the older one stood. */
  readonly waiting = new Map<string, Waiting>();
  /** By incident, the one told last at the end. */
  readonly told = new Map<string, Told>();
  /** Bytes of the lines that are needed. */
  bytes = 0;

  put(mark: Mark, place: Place): void {
    const before = this.waiting.get(mark.id);
    if (covers(before?.mark, mark)) return;
    this.bytes += place.length - (before?.place.length ?? 0);
    this.waiting.set(mark.id, { mark, place });
  }

  done(mark: Mark, length: number): void {
    const waiting = this.waiting.get(mark.id);
    if (waiting?.mark.revision === mark.revision && waiting.mark.lastAt === mark.lastAt) {
      this.waiting.delete(mark.id);
      this.bytes -= waiting.place.length;
    }
    this.#forget(mark.id);
    this.told.set(mark.id, { mark, length });
    this.bytes += length;
    if (this.told.size > MAX_IDS) this.#forget(this.told.keys().next().value!);
  }

  /** @returns whether the line is one of ours */
  replay(value: unknown, place: Place): boolean {
    const { put, done } = value as { put?: unknown; done?: unknown };
    if (isEvent(put)) this.put(markOf(put), place);
    else if (isMark(done)) this.done(done, place.length);
    else return false;
    return true;
  }

  #forget(id: string): void {
    this.bytes -= this.told.get(id)?.length ?? 0;
    this.told.delete(id);
  }
}

function doneLine(mark: Mark): string {
  return sealed({ done: mark });
}

function markOf({ id, revision, event, lastAt, count, episodeCount = count }: QueuedEvent): Mark {
  const open = event !== 'resolved' && !(event === 'withdrawn' && episodeCount === 0);
  return { id, revision, event, lastAt, open };
}

/**
 * Whether an event says nothing that is not known. Revisions begin anew when the state of a tail is lost: an older revision
 * that was seen later is no repetition.
 */
function covers(known: Mark | undefined, { revision, event, lastAt }: Mark): boolean {
  if (known === undefined) return false;
  const isOlder = revision < known.revision || (revision === known.revision && event === known.event);
  return isOlder && !isLater(lastAt, known.lastAt);
}

function isLater(time: string | null, than: string | null): boolean {
  return time !== null && than !== null && Date.parse(time) > Date.parse(than);
}

function isEvent(value: unknown): value is QueuedEvent {
  return isAboutIncident(value) && typeof value.count === 'number';
}

function isMark(value: unknown): value is Mark {
  return isAboutIncident(value) && typeof value.open === 'boolean';
}

function isAboutIncident(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { id, revision, event, lastAt } = value as Record<string, unknown>;
  const isTime = lastAt === null || typeof lastAt === 'string';
  return typeof id === 'string' && typeof revision === 'number' && typeof event === 'string' && isTime;
}
