/**
 * [I/O] One process at a time in a state directory. Node has no flock: the lock is a Unix socket in the directory on which its
 * owner listens. After a kill nobody does, and the next one takes it.
 *
 * A socket that was left cannot be replaced by another one without a moment in which a third one comes. So each has a number: who
 * finds that nobody listens takes the next one, and owns the directory if then still nobody else listens. Of two who come at once
 * the later one always sees the other. Only who owns the directory removes what was left.
 */
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';

const NAME = /^lock\.(\d{1,15})$/;
/** A socket's path has at most so many bytes; a longer one is reached through a descriptor of its directory. */
const MOST_PATH = 100;
/** So long the other one has for its answer. */
const PATIENCE = 2000; // milliseconds
/** So often two who saw each other try again, and so long they wait at most before. */
const TRIES = 10;
const MOST_WAIT = 50; // milliseconds

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
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      const server = await tryTo(folder, descriptor);
      if (server !== null) {
        return {
          release: () => {
            server.close(); // removes the socket
            closeSync(descriptor);
          },
        };
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * MOST_WAIT));
    }
    throw new LockedError(inUse(folder, SOMEBODY));
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** Null if somebody else came at the same time. */
async function tryTo(folder: string, descriptor: number): Promise<Server | null> {
  const placeOf = (number: number) => {
    const whole = path.join(folder, `lock.${number}`);
    return Buffer.byteLength(whole) <= MOST_PATH ? whole : `/proc/self/fd/${descriptor}/lock.${number}`;
  };
  const before = numbersIn(folder);
  for (const number of before) {
    const owner = await ask(placeOf(number));
    if (owner !== null) throw new LockedError(inUse(folder, owner));
  }
  const own = Math.max(0, ...before) + 1;
  const server = await listen(placeOf(own));
  if (server === null) return null;
  const others = numbersIn(folder).filter((number) => number !== own);
  for (const number of others) {
    if ((await ask(placeOf(number))) === null) continue;
    server.close();
    return null;
  }
  for (const number of others) rmSync(placeOf(number), { force: true });
  return server;
}

const SOMEBODY = 'another process';

function inUse(folder: string, owner: string): string {
  return `${folder} is in use by ${owner}; stop it, or choose another --state`;
}

function numbersIn(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const number = NAME.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
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
      // Of another user, or asked by too many at once: then somebody may well listen.
      resolve(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? null : SOMEBODY);
    });
    socket.on('close', (hadError) => {
      if (!hadError) resolve(said === '' ? SOMEBODY : said);
    });
  });
}
