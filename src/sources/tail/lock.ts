/**
 * [I/O] One process at a time in a state directory. Node has no flock: the lock is a Unix socket in the directory on which its
 * owner listens. After a kill nobody does, and the next one takes it.
 */
import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';

const NAME = 'lock';
/** A socket's path has at most so many bytes; a longer one is reached through a descriptor of its directory. */
const MOST_PATH = 100;
/** So long the other one has for its answer. */
const PATIENCE = 2000; // milliseconds

/** Somebody else has the directory. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

export interface Lock {
  release(): void;
}

/** @throws LockedError that names the owner; the error of the file system */
export async function lock(folder: string): Promise<Lock> {
  const descriptor = openSync(folder, 'r');
  const whole = path.join(folder, NAME);
  const place = Buffer.byteLength(whole) <= MOST_PATH ? whole : `/proc/self/fd/${descriptor}/${NAME}`;
  try {
    for (let tries = 0; ; tries++) {
      const server = await listen(place);
      if (server !== null) return { release: () => release(server, whole, descriptor) };
      const owner = await ask(place);
      if (owner !== null || tries > 2)
        throw new LockedError(
          `${folder} is in use by ${owner ?? 'another process'}; stop it, or choose another --state`,
        );
      await removeDead(whole, descriptor);
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** The owner of a socket was killed. Whoever has just made a new one in its place keeps it. */
async function removeDead(whole: string, descriptor: number): Promise<void> {
  const aside = `${NAME}.${process.pid}`;
  const asidePath = path.join(path.dirname(whole), aside);
  try {
    renameSync(whole, asidePath);
  } catch {
    return; // somebody else was faster
  }
  const isShort = Buffer.byteLength(asidePath) <= MOST_PATH;
  const isDead = (await ask(isShort ? asidePath : `/proc/self/fd/${descriptor}/${aside}`)) === null;
  if (isDead) rmSync(asidePath, { force: true });
  else renameSync(asidePath, whole);
}

/** Null if there is a socket already. */
function listen(place: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {}); // whoever asked has gone
      socket.end(`logscan, process ${process.pid}`);
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(place, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Who listens; null if nobody does. */
function ask(place: string): Promise<string | null> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(place);
    socket.setTimeout(PATIENCE, () => socket.destroy());
    socket.on('data', (chunk) => {
      said += chunk.toString('utf8').slice(0, 100);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(null);
    });
    socket.on('close', (hadError) => {
      if (!hadError) resolve(said === '' ? 'another process' : said);
    });
  });
}

function release(server: Server, place: string, descriptor: number): void {
  server.close();
  rmSync(place, { force: true });
  closeSync(descriptor);
}
