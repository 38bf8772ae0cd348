import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

/** `TIME [id=88]<TAB>LEVEL<TAB>logger#method: message`. */
export const jenkins: Format = {
  name: 'jenkins',
  label: 'Jenkins controller log',
  samples: [
    '2026-03-12 08:00:00.010+0000 [id=88]\tINFO\to.j.p.g.GitHubSCMSource#retrieve: Scanning contoso/billing',
    '2021-01-01 00:00:00.000+0000 [id=1]\tSEVERE\thudson.util.BootFailure#publish: Failed to initialize Jenkins\njava.lang.Error\n\tat hudson.Foo.bar(Foo.java:1)',
  ],
  starts(text) {
    if (text.charCodeAt(4) !== 45) return false;
    const end = dateTimeEnd(text, 0);
    return end > 0 && text.startsWith(' [id=', end);
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 0);
    const [id, level, ...rest] = text.slice(Math.max(end, 0)).split('\t');
    if (end < 0 || level === undefined) return header(text, {});
    const said = rest.join('\t');
    const colon = said.indexOf(': ');
    return header(colon < 0 ? said : said.slice(colon + 2), {
      stamp: stampOf(text, 0, end),
      level: levelAt(level, 0),
      thread: id!.trim().slice(1, -1),
      logger: colon < 0 ? null : said.slice(0, colon).replace(/#.{0,300}$/, ''),
    });
  },
};
