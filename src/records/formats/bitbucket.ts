import type { Format, Header } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { commaTimeEnd } from '../request-fields.js';
import { stampOf } from '../time.js';
import { confluenceBrackets } from './confluence.js';

const LOGGER = /^[A-Za-z_$][\w$-]*(?:\.[\w$[\]/-]+)*$/;
/** A request is `user @id session addresses "GET /x HTTP/1.1"`; the logger is looked for that far, in characters. */
const REACH = 4000;

/** `TIME LEVEL [thread] request logger message`; request is nothing, `!!!` or `user @id session ip "GET /x HTTP/1.1"`. */
export const bitbucket: Format = {
  name: 'bitbucket',
  label: 'Bitbucket application log',
  firsts: '0123456789',
  samples: [
    '2022-06-23 16:55:46,897 DEBUG [http-nio-8081-exec-5] @1S969HQx1015x832x0 rpyevr 127.0.0.1 "POST /j_atl_security_check HTTP/1.1" c.a.s.i.auth.DefaultCaptchaService Authentication failed',
    '2026-05-05 10:31:44,739 INFO  [Caesium-1-2]  c.a.b.i.scm.git.gc.GitGcScheduler Repository gc finished for 14 repositories',
    '2019-03-04 09:00:00,100 ERROR [http-nio-7990-exec-9] jdoe @4BN7QDx671x31450x2 1abcd 192.0.2.15,0:0:0:0:0:0:0:1 "GET /rest/api/1.0/projects HTTP/1.0" c.a.s.i.web.ErrorResolver Unexpected error\njava.lang.NullPointerException: null\n\tat com.atlassian.Foo.bar(Foo.java:1) ~[bitbucket-api-8.9.8.jar:na]\n\t... 31 common frames omitted',
    '2026-02-12 07:03:11,300 WARN  [hz.hazelcast.cached.thread-5] !!! c.a.s.i.c.DefaultClusterJoinManager Node authentication failed',
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    if (end < 0 || text.charCodeAt(end) !== 32) return false;
    const afterLevel = levelEnd(text, end + 1);
    if (afterLevel < 0 || text.charCodeAt(skipBlanks(text, afterLevel)) !== 91) return false;
    return text.indexOf('] ', afterLevel) > 0 && confluenceBrackets(text) === null;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = commaTimeEnd(text);
    const open = text.indexOf('[', Math.max(end, 0));
    const close = text.indexOf('] ', Math.max(open, 0));
    if (end < 0 || open < 0 || close < 0) return header(text, {});
    return readRequest(text.slice(close + 2), {
      stamp: stampOf(text, 0, end),
      level: levelAt(text, end + 1),
      thread: text.slice(open + 1, close),
    });
  },
};

const REQUEST = /^(?:(\S+) )?@(\S+) /;

function readRequest(rest: string, found: Partial<Header>): Header {
  const text = rest.trimStart();
  const head = text.slice(0, REACH);
  const request = REQUEST.exec(head);
  if (request === null) return loggerAndMessage(text.startsWith('!!! ') ? text.slice(4).trimStart() : text, found);
  const fields = { ...found, user: request[1] ?? null, requestId: request[2]! };
  const open = head.indexOf(' "', request[0].length - 1);
  const close = open < 0 ? -1 : head.indexOf('" ', open + 2);
  if (close < 0) return bySearchedLogger(text, request[0].length, fields);
  const url = head.slice(open + 2, close).split(' ')[1] ?? null;
  return loggerAndMessage(text.slice(close + 2), { ...fields, url });
}

function loggerAndMessage(text: string, found: Partial<Header>): Header {
  const blank = text.indexOf(' ');
  const logger = blank < 0 ? text : text.slice(0, blank);
  if (logger.length > 300 || !LOGGER.test(logger)) return header(text, found);
  return header(blank < 0 ? '' : text.slice(blank + 1), { ...found, logger });
}

/** Requests over SSH are not quoted: `@id session ip SSH - git-upload-pack '/a/b.git' c.a.s.i.Foo message`. */
function bySearchedLogger(text: string, from: number, found: Partial<Header>): Header {
  let at = from;
  for (const word of text.slice(from, REACH).split(' ')) {
    if (/^[a-z]\w*\.\w/.test(word) && LOGGER.test(word)) return loggerAndMessage(text.slice(at), found);
    at += word.length + 1;
  }
  return header(text.slice(from), found);
}
