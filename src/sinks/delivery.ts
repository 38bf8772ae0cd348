/** [I/O] From the queue to the endpoint: oldest first, a few at a time, again and again until it is taken. */
import { Alarm, type Time } from './alarm.js';
import { type BackOff, backOff, NO_BACK_OFF } from './back-off.js';
import type { Answer, Endpoint, Rejection } from './endpoint.js';
import type { EventQueue, QueuedEvent } from './queue.js';
import type { Telling } from './telling.js';

const MAX_FLIGHTS = 4;
const TIME_OUT = 10_000; // milliseconds

export interface DeliveryOptions {
  readonly endpoint: Endpoint;
  readonly queue: EventQueue;
  readonly body: (event: QueuedEvent) => object;
  readonly telling: Telling;
  readonly time: Time;
}

/** Counts are since the process began. */
export class Delivery {
  delivered = 0;
  /** Attempts that came to nothing. */
  failures = 0;
  readonly #endpoint: Endpoint;
  readonly #queue: EventQueue;
  readonly #body: (event: QueuedEvent) => object;
  readonly #telling: Telling;
  readonly #time: Time;
  readonly #alarm: Alarm;
  /** By incident, what is on its way. */
  readonly #flights = new Map<string, AbortController>();
  /** By incident, a revision that the endpoint refuses, while it may take others. */
  readonly #refused = new Map<string, BackOff & { readonly revision: number }>();
  /** Of the endpoint as a whole. */
  #pause = NO_BACK_OFF;
  #failingSince = 0;
  /** It ends when nothing can be done before this; Infinity as long as it goes on. */
  #deadline = Number.POSITIVE_INFINITY;
  #isEnding = false;
  readonly #ended: Promise<void>;

  constructor({ endpoint, queue, body, telling, time }: DeliveryOptions) {
    this.#endpoint = endpoint;
    this.#queue = queue;
    this.#body = body;
    this.#telling = telling;
    this.#time = time;
    this.#alarm = new Alarm(time);
    this.#ended = this.#run();
  }

  /** There is something new in the queue. */
  wake(): void {
    this.#alarm.wake();
  }

  /** Goes on for so many milliseconds at most, as long as there is something that can be delivered in them. */
  async end(patience: number): Promise<void> {
    this.#deadline = this.#time.clock() + patience;
    this.wake();
    const limit = new AbortController();
    await Promise.race([this.#ended, this.#time.wait(patience, limit.signal)]);
    limit.abort();
    this.#isEnding = true;
    for (const flight of this.#flights.values()) flight.abort();
    this.wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    for (;;) {
      const next = this.#isEnding ? Number.POSITIVE_INFINITY : this.#depart();
      if (this.#flights.size === 0 && (this.#isEnding || next > this.#deadline)) return;
      await this.#alarm.sleep(next);
    }
  }

  /** Sends what may be sent now. @returns when there may be more to do, unless something happens before */
  #depart(): number {
    const now = this.#time.clock();
    let next = Number.POSITIVE_INFINITY;
    if (this.#queue.size === 0) return next;
    if (this.#pause.until > now) return this.#pause.until;
    const most = this.#pause.failures > 0 ? 1 : MAX_FLIGHTS; // one is enough to see whether it works again
    for (const { id, revision } of this.#queue.waiting()) {
      if (this.#flights.size >= most) break;
      if (this.#flights.has(id)) continue;
      const refused = this.#refused.get(id);
      if (refused?.revision === revision && refused.until > now) next = Math.min(next, refused.until);
      else void this.#send(id, revision);
    }
    return next;
  }

  /** Never rejects. */
  async #send(id: string, revision: number): Promise<void> {
    const flight = new AbortController();
    this.#flights.set(id, flight);
    const before = this.#pause;
    try {
      const event = await this.#queue.read(id);
      const answer = await this.#post(JSON.stringify(this.#body(event)), flight);
      if (answer.kind === 'taken') await this.#onTaken(event);
      else if (this.#isEnding) return;
      else if (answer.kind === 'failed') this.#onFailure(answer, before);
      else this.#onRefusal(event, `the webhook ${this.#endpoint.name} ${answer.reason} to`, answer);
    } catch (error) {
      const message = `the webhook ${this.#endpoint.name} cannot be sent (${(error as Error).message})`;
      this.#onRefusal({ id, revision }, message, { remedy: 'check the disk of the state directory', retryAfter: null });
    } finally {
      this.#flights.delete(id);
      this.wake();
    }
  }

  async #post(body: string, flight: AbortController): Promise<Answer> {
    const timer = new AbortController();
    void this.#time.wait(TIME_OUT, timer.signal).then(() => {
      if (!timer.signal.aborted) flight.abort();
    });
    try {
      return await this.#endpoint.post(body, flight.signal);
    } finally {
      timer.abort();
    }
  }

  async #onTaken(event: QueuedEvent): Promise<void> {
    const name = this.#endpoint.name;
    this.delivered += 1;
    this.#pause = NO_BACK_OFF;
    this.#refused.delete(event.id);
    const marked = this.#queue.done(event).catch((error: Error) => {
      this.#telling.trouble(
        'webhook-queue',
        `the queue of the webhook ${name} cannot be written to (${error.message})`,
        'what was delivered may be delivered once more; make room on the disk of the state directory',
      );
    });
    const rest = this.#queue.size === 0 ? 'nothing is left to be sent' : `${this.#waitingText()} to be sent now`;
    const length = durationText(this.#time.clock() - this.#failingSince);
    this.#telling.over('webhook-failing', `the webhook ${name} works again, after ${length}`, rest);
    if (this.#refused.size === 0)
      this.#telling.over('webhook-refusing', `the webhook ${name} has taken what it had refused`, rest);
    await marked;
  }

  /** @param before the pause when it was sent: of several that fail together only the first makes it longer */
  #onFailure({ reason, remedy, retryAfter }: Rejection, before: BackOff): void {
    const now = this.#time.clock();
    this.failures += 1;
    if (this.#pause.failures === 0) this.#failingSince = now;
    const failures = Math.max(1, this.#pause === before ? before.failures + 1 : this.#pause.failures);
    const delay = backOff(failures, retryAfter);
    this.#pause = { failures, until: Math.max(this.#pause.until, now + delay) };
    this.#telling.trouble(
      'webhook-failing',
      `the webhook ${this.#endpoint.name} ${reason}`,
      `${this.#waitingText()}; it is tried again in ${durationText(delay)}, and so on until it works; ${remedy}`,
    );
  }

  /** @param message goes on with what is refused */
  #onRefusal(
    { id, revision }: { readonly id: string; readonly revision: number },
    message: string,
    { remedy, retryAfter }: Pick<Rejection, 'remedy' | 'retryAfter'>,
  ): void {
    this.failures += 1;
    const before = this.#refused.get(id);
    const failures = before?.revision === revision ? before.failures + 1 : 1;
    const delay = backOff(failures, retryAfter);
    this.#refused.set(id, { revision, failures, until: this.#time.clock() + delay });
    this.#telling.trouble(
      'webhook-refusing',
      `${message} revision ${revision} of ${id}`,
      `it is tried again in ${durationText(delay)}, and so on; others are sent meanwhile; ${remedy}`,
    );
  }

  #waitingText(): string {
    const { size } = this.#queue;
    return size === 1 ? '1 event waits' : `${size} events wait`;
  }
}

function durationText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
