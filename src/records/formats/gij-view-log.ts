import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd } from '../level-word.js';
import { dateTimeEnd, stampOf } from '../time.js';

/** `yyyy/MM/dd HH:mm:ss message`: the "View log" dialog of Git Integration for Jira. No level, thread or logger. */
export const gijViewLog: Format = {
  name: 'gij-view-log',
  label: 'Git Integration for Jira, "View log" dialog',
  firsts: '0123456789',
  samples: [
    '2024/11/05 09:30:11 com.bigbrassband.jira.git.exceptions.GitException: https://git.example.com/shop.git: not authorized\nCaused by: org.eclipse.jgit.errors.TransportException: not authorized',
    "2020/02/17 10:01:44 Unable to index repository 'shop' (repoId: 12)",
    '2026/03/01 00:00:00 Reindexing of repository is started',
  ],
  starts(text) {
    if (text.charCodeAt(4) !== 47) return false;
    const end = dateTimeEnd(text, 0);
    // `[error] 31#31:` after the time is nginx.
    return end === 19 && text.charCodeAt(19) === 32 && text.charCodeAt(20) !== 91;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 0);
    if (end < 0) return header(text, {});
    const level = levelEnd(text, end + 1) > 0 ? levelAt(text, end + 1) : null;
    return header(text.slice(end + 1), { stamp: stampOf(text, 0, end), level });
  },
};
