import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';
import { confluenceBrackets } from './confluence.js';
import { loggerAndMessage } from './logback-dated.js';

/** Thread and logger stand before the dash. In characters. */
const MAX_BEFORE_DASH = 600;

/** Where ` LEVEL` ends that follows the time, if a ` - ` comes after it; or -1. */
function levelEndOf(text: string, timeEnd: number): number {
  const end = levelEnd(text, skipBlanks(text, timeEnd));
  if (end < 0 || text.charCodeAt(timeEnd) !== 32) return -1;
  const dash = text.indexOf(' - ', end);
  if (dash < 0 || dash - end > MAX_BEFORE_DASH) return -1;
  // Confluence and Spring Boot put the level there too, and may have a dash in the message.
  return confluenceBrackets(text) === null && !text.slice(end, dash).includes(' --- [') ? end : -1;
}

/** `yyyy-MM-dd HH:mm:ss,SSS LEVEL [thread] logger - message`, the thread optional. */
export const log4jDated: Format = {
  name: 'log4j-dated',
  label: 'log4j with a date, level first',
  samples: [
    '2026-02-20 08:30:00,480 ERROR [quartz-1] com.contoso.report.BurnDown - HTTP 404\njava.io.IOException: 404\n\tat com.contoso.Foo.bar(Foo.java:1)',
    '2014-07-02 20:52:39 DEBUG HelloExample:19 - This is debug : example',
    '2026-05-22 06:44:31.770 INFO  com.fabrikam.sync.AdoClient - POST https://dev.azure.com/fabrikam/Shop/_apis/wit/wiql',
  ],
  starts(text) {
    if (text.charCodeAt(4) !== 45) return false;
    const end = dateTimeEnd(text, 0);
    return end > 0 && levelEndOf(text, end) > 0;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const timeEnd = dateTimeEnd(text, 0);
    const end = timeEnd < 0 ? -1 : levelEndOf(text, timeEnd);
    if (end < 0) return header(text, {});
    const found = { stamp: stampOf(text, 0, timeEnd), level: levelAt(text, skipBlanks(text, timeEnd)) };
    const open = skipBlanks(text, end);
    const close = text.charCodeAt(open) === 91 ? text.indexOf('] ', open) : -1;
    if (close < 0) return loggerAndMessage(text.slice(end), found);
    return loggerAndMessage(text.slice(close + 1), { ...found, thread: text.slice(open + 1, close) });
  },
};
