import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

/** Level, process id and, in older versions, `[app,trace,span]` stand before ` --- [`. In characters. */
const MAX_BEFORE_DASHES = 200;

function dashesAt(text: string, timeEnd: number): number {
  if (text.charCodeAt(timeEnd) !== 32 || levelEnd(text, skipBlanks(text, timeEnd)) < 0) return -1;
  const dashes = text.indexOf(' --- [', timeEnd);
  return dashes > 0 && dashes - timeEnd <= MAX_BEFORE_DASHES ? dashes : -1;
}

/** `TIME  LEVEL pid --- [app] [thread] [trace] logger : message`; version 2 has the thread only. */
export const springBoot: Format = {
  name: 'spring-boot',
  label: 'Spring Boot',
  samples: [
    '2026-01-01 12:00:00.000  INFO 1234 --- [           main] o.s.b.w.e.tomcat.TomcatWebServer         : Tomcat started on port(s): 8080 (http)',
    '2026-02-06 13:05:11.648 ERROR 1 --- [   scheduling-1] o.s.s.s.TaskUtils$LoggingErrorHandler    : Unexpected error occurred in scheduled task\n\njava.lang.IllegalStateException: no\n\tat com.example.Foo.bar(Foo.java:1)',
    '2026-01-01T12:00:00.000Z  WARN 1234 --- [shop] [           main] o.s.b.X : text',
    '2025-03-04T10:00:00.120+01:00 DEBUG 7 --- [shop] [nio-8080-exec-1] [65f1a2b3c4d5e6f7-0a1b2c3d] c.e.shop.Orders                         : order [12] placed',
  ],
  starts(text) {
    if (text.charCodeAt(4) !== 45) return false;
    const end = dateTimeEnd(text, 0);
    return end > 0 && dashesAt(text, end) > 0;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 0);
    const dashes = end < 0 ? -1 : dashesAt(text, end);
    if (dashes < 0) return header(text, {});
    const brackets: string[] = [];
    let at = dashes + 5;
    while (text.charCodeAt(at) === 91 && brackets.length < 3) {
      const close = text.indexOf(']', at);
      if (close < 0) break;
      brackets.push(text.slice(at + 1, close).trim());
      at = skipBlanks(text, close + 1);
    }
    const colon = text.indexOf(': ', at);
    return header(colon < 0 ? text.slice(at) : text.slice(colon + 2), {
      stamp: stampOf(text, 0, end),
      level: levelAt(text, skipBlanks(text, end)),
      thread: brackets[Math.min(brackets.length - 1, 1)] ?? null,
      logger: colon < 0 ? null : text.slice(at, colon).trim(),
      requestId: brackets[2] ?? null,
    });
  },
};
