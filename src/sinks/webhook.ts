/**
 * [I/O] Events of incidents -> an HTTP endpoint. What was taken is in a queue on the disk; it is delivered from there at
 * least once, however long the endpoint is away, and nobody who hands in events waits for that.
 */
import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../model/diagnostics.js';
import type { ReportObject } from '../model/report.js';
import type { ObjectSink } from '../model/sink.js';
import { Alarm, REAL_TIME, type Time } from './alarm.js';
import { backOff } from './back-off.js';
import { Delivery } from './delivery.js';
import { Endpoint } from './endpoint.js';
import { EventQueue, EventRefused, type QueuedEvent } from './queue.js';
import { Telling } from './telling.js';

export interface WebhookOptions extends Partial<Time> {
  /** http or https; user info in it becomes a header. */
  readonly url: string;
  /** Where the queue is kept; made with mode 0700. Several webhooks may share it. */
  readonly folder: string;
  /** What is sent of an event. */
  readonly body: (event: QueuedEvent) => object;
  readonly contentType: string;
  readonly onProblem: (problem: Problem) => void;
  /** How many incidents may wait. */
  readonly maxIds?: number;
}

/** Counts are since the process began. */
export interface WebhookSink extends ObjectSink {
  /** Scheme, host and port. */
  readonly name: string;
  /** Events in the queue. */
  readonly waiting: number;
  readonly delivered: number;
  /** Attempts that came to nothing. */
  readonly failures: number;
  /** Events that the queue could not take: they are lost for this place. */
  readonly lost: number;
}

/** How old the last record of a log must be to be told although it may still grow. */
const HOLD = 10_000; // milliseconds
/** How many incidents are held back so; further ones are told at once. */
const MAX_HELD = 1000;
/** How long an orderly stop tries to deliver what waits. */
const LAST_TRY = 2000; // milliseconds

/** @throws Error with a message for the user: an address that is none, a folder that cannot be written to */
export async function openWebhook(options: WebhookOptions): Promise<WebhookSink> {
  const endpoint = new Endpoint(options.url, options.contentType);
  const queue = await openQueue(options).catch((error: Error) => {
    throw new Error(`the queue of the webhook ${endpoint.name} cannot be kept in ${options.folder} (${error.message})`);
  });
  if (endpoint.isExposed) {
    options.onProblem({
      code: 'webhook-not-encrypted',
      origin: null,
      message: `what is sent to the webhook ${endpoint.name} is not encrypted`,
      remedy: 'give an address that begins with https:',
    });
  }
  return new Webhook(endpoint, queue, options);
}

async function openQueue({ url, folder, ...options }: WebhookOptions): Promise<EventQueue> {
  const name = createHash('sha256').update(url).digest('hex').slice(0, 16); // the address itself may be a secret
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return EventQueue.open(path.join(folder, `${name}.ndjson`), options);
}

interface Held {
  readonly event: QueuedEvent;
  /** When it is old enough. */
  readonly due: number;
}

class Webhook implements WebhookSink {
  lost = 0;
  readonly #endpoint: Endpoint;
  readonly #queue: EventQueue;
  readonly #time: Time;
  readonly #telling: Telling;
  readonly #delivery: Delivery;
  readonly #alarm: Alarm;
  /** By incident, what may still change. */
  readonly #held = new Map<string, Held>();
  /** By incident, how many of its events are on their way into the queue. */
  readonly #arriving = new Map<string, number>();
  /** Aborted when nothing more is tried. */
  readonly #end = new AbortController();
  readonly #released: Promise<void>;
  #closed: Promise<void> | null = null;

  constructor(endpoint: Endpoint, queue: EventQueue, options: WebhookOptions) {
    const { body, onProblem, clock = REAL_TIME.clock, wait = REAL_TIME.wait } = options;
    this.#endpoint = endpoint;
    this.#queue = queue;
    this.#time = { clock, wait };
    this.#telling = new Telling(onProblem, clock);
    setMaxListeners(0, this.#end.signal); // as many may wait for the disk as like
    this.#delivery = new Delivery({ endpoint, queue, body, telling: this.#telling, time: this.#time });
    this.#alarm = new Alarm(this.#time);
    this.#released = this.#releaseInTime();
  }

  get name(): string {
    return this.#endpoint.name;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  get delivered(): number {
    return this.#delivery.delivered;
  }

  get failures(): number {
    return this.#delivery.failures;
  }

  /**
   * What may still grow is taken at once, as it is read again after a crash.
   * @throws Error if the disk of the queue took nothing until the end
   */
  async take(object: ReportObject): Promise<void> {
    if (!isForWebhooks(object)) return;
    if (this.#closed !== null) throw new Error(`the webhook ${this.name} is closed`);
    const { id } = object;
    const held = this.#held.get(id);
    if (held !== undefined && object.revision <= held.event.revision) return;
    this.#held.delete(id);
    if (isTakenBack(object) && !this.#queue.isOpen(id) && !this.#arriving.has(id)) return; // nothing was told of it
    if (object.provisional === true && this.#held.size < MAX_HELD) {
      this.#held.set(id, { event: object, due: this.#time.clock() + HOLD });
      this.#alarm.wake();
      return;
    }
    await this.#put(object);
  }

  /** Delivers for two seconds what can be delivered; the rest is for the next run. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#release();
    this.#held.clear();
    await this.#delivery.end(LAST_TRY);
    this.#end.abort();
    this.#alarm.wake();
    await this.#released;
    await this.#queue.close();
  }

  /** Puts what is old enough into the queue, when it is. */
  async #releaseInTime(): Promise<void> {
    while (!this.#end.signal.aborted) {
      this.#release();
      const next = Math.min(...Array.from(this.#held.values(), ({ due }) => due)); // Infinity if there are none
      await this.#alarm.sleep(next);
    }
  }

  #release(): void {
    const now = this.#time.clock();
    for (const [id, { event, due }] of this.#held) {
      if (due > now) continue;
      this.#held.delete(id);
      this.#put(event).catch(() => {}); // the end came first: it is read again
    }
  }

  /** A queue that is full is told; a disk that is full is waited for, and nothing is read until then. */
  async #put(event: QueuedEvent): Promise<void> {
    const { id } = event;
    this.#arriving.set(id, (this.#arriving.get(id) ?? 0) + 1);
    try {
      for (let failures = 1; !(await this.#tryPut(event)); failures++) {
        await this.#time.wait(backOff(failures), this.#end.signal);
        if (this.#end.signal.aborted) throw new Error(`the queue of the webhook ${this.name} could not be written to`);
      }
    } finally {
      const others = this.#arriving.get(id)! - 1;
      if (others === 0) this.#arriving.delete(id);
      else this.#arriving.set(id, others);
      this.#delivery.wake();
    }
  }

  /** @returns false if it is to be tried again */
  async #tryPut(event: QueuedEvent): Promise<boolean> {
    try {
      await this.#queue.put(event);
    } catch (error) {
      this.#onNotPut(error as Error);
      return error instanceof EventRefused;
    }
    const message = `the queue of the webhook ${this.name} can be written to again`;
    this.#telling.over('webhook-queue', message, 'reading goes on');
    return true;
  }

  #onNotPut(error: Error): void {
    if (!(error instanceof EventRefused)) {
      this.#telling.trouble(
        'webhook-queue',
        `the queue of the webhook ${this.name} cannot be written to (${error.message})`,
        'nothing more is read until it can; make room on the disk of the state directory',
      );
      return;
    }
    this.lost += 1;
    this.#telling.trouble(
      'webhook-queue-full',
      `an event is not sent to the webhook ${this.name}: ${error.message} (${this.lost} so far)`,
      'other outputs have it; see why the webhook takes none',
    );
  }
}

function isForWebhooks(object: ReportObject): object is QueuedEvent {
  if (object.kind !== 'incident' && object.kind !== 'unknown' && object.kind !== 'notice') return false;
  return object.event !== 'found';
}

/** Whether nothing is left of an incident since it was opened. */
function isTakenBack({ event, count, episodeCount = count }: QueuedEvent): boolean {
  return event === 'withdrawn' && episodeCount === 0;
}
