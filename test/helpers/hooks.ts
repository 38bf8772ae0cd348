/** What a webhook needs around it: an endpoint that answers as a test wants, and a time that only a test moves. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Incident } from '../../src/model/incident.js';
import type { Time } from '../../src/sinks/alarm.js';
import { incident } from './reports.js';

/** Long before a test runner gives up. */
const PATIENCE = 20_000; // milliseconds

/** Waits until something holds. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!holds()) {
    assert.ok(performance.now() < end, `still not: ${what}`);
    await setTimeout(2);
  }
}

/** A clock that stands still until it is moved. */
export class FakeTime implements Time {
  /** Every wait that was asked for, in milliseconds. */
  readonly asked: number[] = [];
  #now = 5000;
  readonly #waits = new Set<{ readonly due: number; readonly end: () => void }>();

  readonly clock = () => this.#now;

  readonly wait = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted) return resolve();
      this.asked.push(milliseconds);
      const wait = {
        due: this.#now + milliseconds,
        end: () => {
          this.#waits.delete(wait);
          resolve();
        },
      };
      this.#waits.add(wait);
      signal.addEventListener('abort', wait.end, { once: true });
    });

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const { due, end } of this.#waits) if (due <= this.#now) end();
  }

  /** Moves on until something has happened. */
  async during<T>(happening: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    happening.then(end, end);
    await until(() => {
      if (!isOver) this.advance(100);
      return isOver;
    }, 'it happens');
    return happening;
  }

  /** Whether somebody waits for so long from now. */
  hasWait(least: number, most = least): boolean {
    return [...this.#waits].some(({ due }) => due - this.#now >= least && due - this.#now <= most);
  }
}

export interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: { readonly id: string; readonly revision: number };
}

/** A status; or what a server does that does not answer well. */
export type Reply =
  | number
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'close'
  | 'half a head'
  | 'half a body'
  | 'endless'
  | 'no http';

export interface Hook {
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Requests that are not answered yet. */
  readonly open: number;
  /** What to answer from now on. */
  answer: (seen: Seen, turn: number) => Reply | Promise<Reply>;
  /** `id/revision` of everything seen. */
  told(): string[];
  close(): Promise<void>;
}

const running: Hook[] = [];

/** Closes every hook of a test. */
export async function closeHooks(): Promise<void> {
  await Promise.all(running.splice(0).map((hook) => hook.close()));
}

/** An HTTP server on 127.0.0.1. */
export async function hook(answer: Hook['answer'] = () => 200, port = 0): Promise<Hook> {
  const seen: Seen[] = [];
  let open = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // the other side has gone
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const one = { path: request.url!, headers: request.headers, body, json: JSON.parse(body) as Seen['json'] };
    seen.push(one);
    reply(response, await self.answer(one, seen.length));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const self: Hook = {
    port: (server.address() as AddressInfo).port,
    seen,
    get open() {
      return open;
    },
    answer,
    told: () => seen.map(({ json }) => `${json.id}/${json.revision}`),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  running.push(self);
  return self;
}

function reply(response: ServerResponse, wanted: Reply): void {
  const { socket } = response;
  if (wanted === 'hang') return;
  if (wanted === 'close') socket?.destroy();
  else if (wanted === 'half a head') socket?.end('HTTP/1.1 200 OK\r\nContent-Le');
  else if (wanted === 'half a body') socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
  else if (wanted === 'endless') pour(response);
  else if (wanted === 'no http') socket?.end('SSH-2.0-OpenSSH_9.6\r\n');
  else if (typeof wanted === 'number') response.writeHead(wanted).end();
  else response.writeHead(wanted.status, wanted.headers).end(wanted.body);
}

/** Writes until the other side has enough. */
function pour(response: ServerResponse): void {
  const piece = Buffer.alloc(16 * 1024);
  const more = () => {
    while (response.write(piece));
  };
  response.on('drain', more);
  more();
}

/** An event of an incident, for tests that tell events apart by id and revision. */
export function event(id: string, revision: number, changes: Partial<Incident> = {}): Incident {
  return incident({ id, revision, event: revision === 1 ? 'opened' : 'updated', count: revision, ...changes });
}
