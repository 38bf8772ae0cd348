import type { Format } from '../format.js';
import { header } from '../header.js';
import { timeOfDayAt, timeOfDayEnd } from '../time.js';
import { loggerAndMessage, threadThenLevel } from './logback-dated.js';

/** `HH:mm:ss.SSS [thread] LEVEL logger -- message`: what logback and log4j2 write without a configuration. */
export const logbackTimeOnly: Format = {
  name: 'logback-time-only',
  label: 'logback or log4j2 default (time only)',
  samples: [
    '12:34:56.789 [main] INFO  c.e.App -- Started',
    '12:34:56.789 [main] ERROR com.example.App - Failed\njava.lang.IllegalStateException: no\n\tat com.example.App.main(App.java:1)',
    '23:59:59,001 [pool-1-thread-1] DEBUG org.example.Foo - text',
  ],
  starts(text) {
    const end = text.charCodeAt(2) === 58 ? timeOfDayEnd(text, 0) : -1;
    return end > 0 && threadThenLevel(text, end) !== null;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = timeOfDayEnd(text, 0);
    const found = end < 0 ? null : threadThenLevel(text, end);
    if (found === null) return header(text, {});
    const stamp = timeOfDayAt(text, 0)?.stamp ?? null;
    return loggerAndMessage(text.slice(found.end), { stamp, level: found.level, thread: found.thread });
  },
};
