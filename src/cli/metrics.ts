/** [I/O] Metrics of a tail: served to Prometheus over HTTP, or written to a file for node_exporter's textfile collector. */
import { open, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { TailStatus } from '../model/tail-status.js';
import { escapeJson } from '../reporters/escape.js';
import { checkWritable, writeWhole } from '../sinks/file.js';
import { toExposition } from './exposition.js';
import { toHealth } from './health.js';
import { messages, UsageError } from './messages.js';
import { openPageServer, type Page } from './metrics-server.js';

const DEFAULT_HOST = '127.0.0.1';

export interface Metrics {
  /** Where they are: `http://127.0.0.1:9100/metrics`, or the path of the file. */
  readonly where: string;
  /** Writes the file anew; does nothing where they are served. Never fails: trouble is told once, until it is over. */
  update(): Promise<void>;
  /** Writes the file a last time, or ends the server and its connections. */
  close(): Promise<void>;
}

export interface MetricsOptions {
  /** Takes sentences for the user. */
  warn(text: string): void;
}

/**
 * @param where `[HOST:]PORT`, where port 0 is any free one, or a FILE: a path with a slash, or a name that ends in `.prom`
 * @param status is asked for at each look at the metrics
 * @throws UsageError if that is no such place, or if it cannot be listened at or written to
 */
export async function openMetrics(where: string, status: () => TailStatus, options: MetricsOptions): Promise<Metrics> {
  if (/[/\\]|\.prom$/.test(where)) return openFile(where, status, options);
  return openServer(where, toListen(where), status, options);
}

async function openFile(path: string, status: () => TailStatus, { warn }: MetricsOptions): Promise<Metrics> {
  const { toText } = await toExposition();
  const write = async () => writeWhole(path, await toText(status()));
  await checkFile(path);
  await write().catch((error: Error) => {
    throw new UsageError(messages.metricsNotWritable(path, error));
  });
  let writing: Promise<void> | null = null;
  let isFailing = false;
  const update = async () => {
    try {
      await write();
      isFailing = false;
    } catch (error) {
      if (!isFailing) warn(messages.metricsFailed(path, error as Error));
      isFailing = true;
    }
    writing = null;
  };
  return {
    where: path,
    update: () => (writing ??= update()),
    async close() {
      await writing;
      await update();
    },
  };
}

/** A log, or the metrics of another program, must not be replaced because of a slip of the hand. */
async function checkFile(path: string): Promise<void> {
  await checkWritable(path).catch((error: Error) => {
    throw new UsageError(messages.metricsNotWritable(path, error));
  });
  const found = await stat(path).catch(() => null);
  if (found?.isFile() && found.size > 0 && !(await beginsWith(path, '# HELP logscan_')))
    throw new UsageError(messages.metricsForeignFile(path));
}

async function beginsWith(path: string, text: string): Promise<boolean> {
  const file = await open(path).catch((error: Error) => {
    throw new UsageError(messages.metricsNotWritable(path, error));
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(text.length), 0, text.length, 0);
    return buffer.toString('latin1', 0, bytesRead) === text;
  } finally {
    await file.close();
  }
}

async function openServer(
  where: string,
  place: { host: string; port: number },
  status: () => TailStatus,
  { warn }: MetricsOptions,
): Promise<Metrics> {
  const { contentType, toText } = await toExposition();
  const server = await openPageServer(place, {
    '/metrics': async () => ({ status: 200, type: contentType, text: await toText(status()) }),
    '/healthz': async () => healthPage(status()),
  }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'EADDRINUSE' ? messages.metricsPortTaken(where) : messages.metricsNotOpened(where, error),
    );
  });
  const address = addressText(server.address);
  if (!isLoopback(server.address)) warn(messages.metricsOpen(address));
  return { where: `http://${address}/metrics`, update: async () => {}, close: () => server.close() };
}

/** @throws UsageError */
function toListen(where: string): { host: string; port: number } {
  const [, ipv6, name, digits] = /^(?:(?:\[([\da-f:.]+)\]|([^\s:[\]*]+)):)?(\d{1,5})$/i.exec(where) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) throw new UsageError(messages.metricsPlace(where));
  return { host: ipv6 ?? name ?? DEFAULT_HOST, port };
}

function healthPage(status: TailStatus): Page {
  const health = toHealth(status);
  return {
    status: health.status === 'ok' ? 200 : 503,
    type: 'application/json',
    text: `${escapeJson(JSON.stringify(health))}\n`,
  };
}

function addressText({ address, family, port }: AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function isLoopback({ address }: AddressInfo): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
