/** [I/O] A small web server with a few pages, for programs that look at this one. It never keeps the process running. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const MAX_CONNECTIONS = 10;
const MAX_HEADERS = 8 * 1024; // bytes

/** Milliseconds until a connection is ended: whose headers are not complete, whose request is not, on which nothing happens. */
const TIMEOUTS = { headers: 5_000, request: 10_000, idle: 10_000, check: 1_000 };

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface PageServer {
  readonly address: AddressInfo;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Who makes a page, by its path; if that fails, the answer is 500. */
export type Pages = Readonly<Record<string, () => Promise<Page>>>;

/**
 * @throws the error of the system if it cannot listen there
 */
export async function openPageServer(
  { host, port }: { host: string; port: number },
  pages: Pages,
  timeouts = TIMEOUTS,
): Promise<PageServer> {
  const server = createServer(
    {
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.check,
      maxHeaderSize: MAX_HEADERS,
    },
    (request, response) => void pageFor(request, pages).then((page) => answer(request, response, page)),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = timeouts.idle;
  server.on('connection', (socket) => socket.unref());
  server.listen({ host, port });
  await once(server, 'listening');
  server.unref();
  server.on('error', () => {}); // a connection that the system cannot hand over is lost, the next one may not be
  return {
    address: server.address() as AddressInfo,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function pageFor({ url = '/', method = '' }: IncomingMessage, pages: Pages): Promise<Page> {
  const path = url.replace(/\?.*$/s, '');
  if (!Object.hasOwn(pages, path)) return plain(404, `not found; there are ${Object.keys(pages).join(' and ')}`);
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET and HEAD');
  try {
    return await pages[path]!();
  } catch (error) {
    return plain(500, `internal error: ${(error as Error).message}`);
  }
}

function answer({ method }: IncomingMessage, response: ServerResponse, { status, type, text }: Page): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close', // so that who asks now and then leaves nothing open
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(method === 'HEAD' ? '' : text);
}

function plain(status: number, text: string): Page {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` };
}
