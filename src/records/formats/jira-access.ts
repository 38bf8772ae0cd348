import type { Format } from '../format.js';
import { header } from '../header.js';
import { ACCESS_TIME_LENGTH, accessStamp, accessTimeAt, requestLevel, requestPath } from './access.js';

const ID = /^[io*]{0,2}(\d{1,10}x\d{1,15}x\d{1,10})$/;

/** The words before the time, if they are address, request id and user; the address may be missing. */
function wordsBefore(text: string): { at: number; words: string[] } | null {
  const first = text.charCodeAt(0);
  if (first === 91 || first <= 34) return null;
  const at = accessTimeAt(text);
  if (at <= 0 || text.charCodeAt(at + ACCESS_TIME_LENGTH) !== 34) return null;
  const words = text.slice(0, at - 1).split(' ');
  return words.length >= 2 && words.length <= 3 && words.some((word) => ID.test(word)) ? { at, words } : null;
}

/** `address requestId user [time] "GET /x HTTP/1.1" status bytes ms "referer" "agent" "session"`. */
export const jiraAccess: Format = {
  name: 'jira-access',
  label: 'Jira access log',
  samples: [
    '687x406810x28 jdoe [17/Apr/2015:11:27:43 -0700] "GET /rest/api/2/issue/ABC-1 HTTP/1.1" 200 47 91 "" "Mozilla/5.0 (X11)" "2c0qst"',
    '192.0.2.44 611x2041x1 - [16/Jun/2026:10:11:51 +0000] "POST /rest/gadget/1.0/login HTTP/1.1" 401 120 14 "https://jira.example.com/login.jsp" "Mozilla/5.0" "-"',
    '0:0:0:0:0:0:0:1 o623x19x1 jdoe [03/Feb/2020:10:23:00 +0100] "GET /browse/ABC-1 HTTP/1.1" 302 - 0.0120 "-" "curl/8.5.0" "1abcd"',
  ],
  starts: (text) => wordsBefore(text) !== null,
  header(lines) {
    const text = lines[0] ?? '';
    const found = wordsBefore(text);
    if (found === null) return header(text, {});
    const message = text.slice(found.at + ACCESS_TIME_LENGTH);
    const idAt = found.words.findIndex((word) => ID.test(word));
    return header(message, {
      level: requestLevel(message),
      stamp: accessStamp(text, found.at),
      user: found.words[idAt + 1] ?? null,
      requestId: ID.exec(found.words[idAt]!)![1]!,
      url: requestPath(message),
    });
  },
};
