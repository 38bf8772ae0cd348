import type { Format } from '../format.js';
import { header } from '../header.js';
import { ACCESS_TIME_LENGTH, accessStamp, accessTimeAt, requestLevel } from './access.js';

function timeAt(text: string): number {
  const at = accessTimeAt(text);
  if (at < 0 || text.charCodeAt(at + ACCESS_TIME_LENGTH) === 34) return -1;
  // The newer layout has the client's address in front of the time, and nothing else.
  return at === 0 || text.indexOf(' ') === at - 1 ? at : -1;
}

const REQUEST = / (?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|PROPFIND|TRACE|CONNECT) (\S{1,4000})/;

/** `[time] user thread address GET /x HTTP/1.1 status 12ms bytes referer agent`, without quotes. */
export const confluenceAccess: Format = {
  name: 'confluence-access',
  label: 'Confluence access log',
  samples: [
    '[18/Dec/2020:12:57:26 +1100] jdoe http-nio-8090-exec-6 0:0:0:0:0:0:0:1 GET /index.action HTTP/1.1 200 1020ms 7881 http://wiki.example.com/login.action Mozilla/5.0 (X11)',
    '192.0.2.10 [04/May/2026:11:00:00 +0000] - https-openssl-nio-8443-exec-3 192.0.2.10 POST /rest/api/content HTTP/1.1 403 12ms - - curl/8.5.0',
  ],
  starts: (text) => timeAt(text) >= 0,
  header(lines) {
    const text = lines[0] ?? '';
    const at = timeAt(text);
    if (at < 0) return header(text, {});
    const message = text.slice(at + ACCESS_TIME_LENGTH);
    const words = message.slice(0, 600).split(' ', 3);
    return header(message, {
      level: requestLevel(message),
      stamp: accessStamp(text, at),
      user: words[0] ?? null,
      thread: words[1] ?? null,
      url: REQUEST.exec(message.slice(0, 5000))?.[1] ?? null,
    });
  },
};
