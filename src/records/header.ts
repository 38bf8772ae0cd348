import type { Header } from './format.js';

/** A header with what was found in it; what is not named is null, and it takes one line. */
export function header(message: string, found: Partial<Header>): Header {
  return {
    stamp: found.stamp ?? null,
    level: found.level ?? null,
    thread: found.thread || null,
    logger: found.logger || null,
    user: named(found.user),
    requestId: found.requestId || null,
    url: found.url || null,
    message,
    lines: found.lines ?? 1,
  };
}

/** Logs print `-` where nobody is logged in. */
function named(user: string | null | undefined): string | null {
  return !user || user === '-' ? null : user;
}
