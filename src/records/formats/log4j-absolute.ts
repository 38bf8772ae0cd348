import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { timeOfDayAt, timeOfDayEnd } from '../time.js';

/** Where the level ends that follows the time of day, or -1. */
function levelEndOf(text: string): number {
  const end = text.charCodeAt(2) === 58 ? timeOfDayEnd(text, 0) : -1;
  return end > 0 && text.charCodeAt(end) === 32 ? levelEnd(text, skipBlanks(text, end)) : -1;
}

const BRACKETS = /^ {0,9}\[([^\]\n]{1,300})\] ?(?:\(([^)\n]{1,300})\) ?|\[([^\]\n]{1,300})\] ?)?/;

/** `HH:mm:ss,SSS LEVEL …`: log4j's ABSOLUTE date, as JBoss (`[logger] (thread)`) and Liferay (`[thread][Class:line]`) use it. */
export const log4jAbsolute: Format = {
  name: 'log4j-absolute',
  label: 'log4j with time only, level first (JBoss, Liferay)',
  samples: [
    '09:15:02,113 INFO  [org.jboss.as] (Controller Boot Thread) WFLYSRV0025: WildFly started in 4512ms',
    '10:00:00,001 ERROR [http-nio-8080-exec-4][PortletServlet:112] null\njava.lang.NullPointerException\n\tat com.liferay.Foo.bar(Foo.java:1)',
    '23:59:59,999 WARN  Low disk space',
  ],
  starts: (text) => levelEndOf(text) > 0,
  header(lines) {
    const text = lines[0] ?? '';
    const end = levelEndOf(text);
    const stamp = timeOfDayAt(text, 0);
    if (end < 0) return header(text, {});
    const found = {
      stamp: stamp?.stamp ?? null,
      level: levelAt(text, skipBlanks(text, timeOfDayEnd(text, 0))),
    };
    const rest = text.slice(end);
    const brackets = BRACKETS.exec(rest);
    if (brackets === null) return header(rest.trimStart(), found);
    const [all, first, thread, logger] = brackets;
    return header(rest.slice(all.length).trimStart(), {
      ...found,
      thread: (logger === undefined ? thread : first) ?? null,
      logger: (logger ?? first ?? null)?.trim() ?? null,
    });
  },
};
