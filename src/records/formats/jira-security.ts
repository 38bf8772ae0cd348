import type { Format } from '../format.js';
import { header } from '../header.js';
import { commaTimeEnd, requestTail } from '../request-fields.js';
import { stampOf } from '../time.js';

/** `TIME THREAD user requestId session addresses url message`: no level, no logger. */
export const jiraSecurity: Format = {
  name: 'jira-security',
  label: 'Jira security log',
  samples: [
    "2020-06-16 09:00:12,345 http-nio-8080-exec-5 anonymous 540x12x1 1abcd 192.0.2.5 /rest/gadget/1.0/login The user 'jdoe' has FAILED authentication. Failure count equals 3",
    "2026-05-04 08:01:12,310+0000 http-nio-8080-exec-4 url: /rest/gadget/1.0/login; user: anonymous anonymous 481x9931x1 1ks0d1v 192.0.2.77 /rest/gadget/1.0/login login : 'mmeier' tried to login but they do not have USE permission",
    "2026-02-20 03:15:09,710+0000 http-nio-8080-exec-4 jdoe 195x2004x1 - 192.0.2.17,198.51.100.4 /logout HttpSession [8fd2] destroyed for 'jdoe'",
    "2026-02-20 03:15:10,001+0000 Caesium-1-4      HttpSession [8fd2] created for 'anonymous'",
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    return end > 0 && text.charCodeAt(end) === 32 && text.length > end + 1;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = Math.max(commaTimeEnd(text), 0);
    const { message, ...fields } = requestTail(text.slice(end).trimStart());
    return header(message, { stamp: end > 0 ? stampOf(text, 0, end) : null, ...fields });
  },
};
