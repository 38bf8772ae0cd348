import type { Level } from '../../model/level.js';
import type { Format, Header } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

const MAX_THREAD = 300; // characters
const LOGGER = /^([\w.$/[\]#-]{1,300}(?::\d{1,7}|\.\w{1,100}\(\d{1,7}\))?):? (?:--?|[:|]) ?/;

/** Reads ` [thread] LEVEL ` at `at`; threads may hold brackets and blanks. */
export function threadThenLevel(text: string, at: number): { thread: string; level: Level | null; end: number } | null {
  const open = skipBlanks(text, at);
  if (open === at || text.charCodeAt(open) !== 91) return null;
  let close = text.indexOf('] ', open);
  while (close >= 0 && close - open <= MAX_THREAD) {
    const levelStart = skipBlanks(text, close + 1);
    const end = levelEnd(text, levelStart);
    if (end > 0) return { thread: text.slice(open + 1, close).trim(), level: levelAt(text, levelStart), end };
    close = text.indexOf('] ', close + 1);
  }
  return null;
}

/** Reads `logger - message`; without the dash all of it is message. */
export function loggerAndMessage(rest: string, found: Partial<Header>): Header {
  const text = rest.trimStart();
  const logger = LOGGER.exec(text);
  return logger === null
    ? header(text, found)
    : header(text.slice(logger[0].length).trimStart(), { ...found, logger: logger[1]! });
}

/** `yyyy-MM-dd HH:mm:ss.SSS [thread] LEVEL logger - message`. */
export const logbackDated: Format = {
  name: 'logback-dated',
  label: 'logback or log4j2 with a date',
  samples: [
    '2026-02-20 08:30:00.010 [main] INFO  com.contoso.App - Started',
    '2019-11-01 00:00:00,120 [http-nio-8080-exec-1] ERROR c.e.web.Errors - Failed\njava.io.IOException: Broken pipe\n\tat java.base/sun.nio.Foo.bar(Foo.java:1)',
    '2024-06-01T10:00:00.001+02:00 [reactor-http-epoll-2] WARN  c.e.gateway.Filter -- slow',
  ],
  starts(text) {
    if (text.charCodeAt(4) !== 45) return false;
    const end = dateTimeEnd(text, 0);
    return end > 0 && threadThenLevel(text, end) !== null;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 0);
    const found = end < 0 ? null : threadThenLevel(text, end);
    if (found === null) return header(text, {});
    const stamp = stampOf(text, 0, end);
    return loggerAndMessage(text.slice(found.end), { stamp, level: found.level, thread: found.thread });
  },
};
