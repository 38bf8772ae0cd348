import type { Format } from '../format.js';
import { header } from '../header.js';
import { ACCESS_TIME_LENGTH, accessStamp, accessTimeAt, requestLevel, requestPath } from './access.js';
import { jiraAccess } from './jira-access.js';

function timeAt(text: string): number {
  const first = text.charCodeAt(0);
  if (first === 91 || first <= 34) return -1;
  const at = accessTimeAt(text);
  return at > 0 && text.charCodeAt(at + ACCESS_TIME_LENGTH) === 34 && !jiraAccess.starts(text) ? at : -1;
}

/** `address ident user [time] "GET /x HTTP/1.1" status bytes …`: Apache, nginx, Tomcat. */
export const commonAccess: Format = {
  name: 'common-access',
  label: 'Access log, common or combined (Apache, nginx, Tomcat)',
  samples: [
    '192.0.2.1 - jdoe [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
    '2001:db8::1 - - [04/May/2026:08:12:33 +0000] "POST /rest/api/2/issue HTTP/1.1" 401 381 "-" "curl/8.5.0"',
    'jira.example.com 192.0.2.7 - - [04/May/2026:08:12:33 +0000] "-" 408 - "-" "-"',
  ],
  starts: (text) => timeAt(text) > 0,
  header(lines) {
    const text = lines[0] ?? '';
    const at = timeAt(text);
    if (at < 0) return header(text, {});
    const message = text.slice(at + ACCESS_TIME_LENGTH);
    const words = text.slice(0, at - 1).split(' ');
    return header(message, {
      level: requestLevel(message),
      stamp: accessStamp(text, at),
      user: words.length >= 3 ? words[words.length - 1]! : null,
      url: requestPath(message),
    });
  },
};
