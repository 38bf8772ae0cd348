import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, wordAt } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

/** `[yyyy-MM-dd HH:mm:ss] [level] [ pid] text`: Tomcat under jsvc or as a Windows service. */
export const commonsDaemon: Format = {
  name: 'commons-daemon',
  label: 'Apache commons-daemon (jsvc, Windows service)',
  samples: [
    "[2024-02-03 10:11:12] [info]  [ 4312] Starting service 'JIRA150620131507'...",
    '[2013-11-02 22:00:01] [error] Failed creating Java C:\\Program Files\\Java\\jre7\\bin\\server\\jvm.dll\nnext line',
    '[2026-01-02 03:04:05] [warn]  [12044] The service did not stop in time',
  ],
  starts(text) {
    if (text.charCodeAt(0) !== 91 || text.charCodeAt(11) !== 32) return false;
    const end = dateTimeEnd(text, 1);
    return end > 0 && text.startsWith('] [', end) && text.charCodeAt(end + 3 + wordAt(text, end + 3).length) === 93;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 1);
    if (end < 0) return header(text, {});
    const rest = text.slice(end + 4 + wordAt(text, end + 3).length).trimStart();
    return header(rest.replace(/^\[ *\d{1,10}\] ?/, ''), {
      stamp: stampOf(text, 1, end),
      level: levelAt(text, end + 3),
    });
  },
};
