import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { commaTimeEnd } from '../request-fields.js';
import { stampOf } from '../time.js';

/** `TIME LEVEL text`: no thread, no logger. */
export const atlassianBackupClient: Format = {
  name: 'atlassian-backup-client',
  label: 'Bitbucket backup and restore client',
  firsts: '0123456789',
  samples: [
    '2015-03-05 11:02:44,100 INFO         Initializing',
    '2024-10-10 03:00:12,771 ERROR Bitbucket could not be locked\njava.net.ConnectException: refused\n\tat java.base/java.net.Foo.bar(Foo.java:1)',
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    if (end < 0 || text.charCodeAt(end) !== 32) return false;
    const after = levelEnd(text, end + 1);
    return after > 0 && text.charCodeAt(skipBlanks(text, after)) !== 91;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = commaTimeEnd(text);
    const after = end < 0 ? -1 : levelEnd(text, end + 1);
    if (after < 0) return header(text, {});
    return header(text.slice(skipBlanks(text, after)), { stamp: stampOf(text, 0, end), level: levelAt(text, end + 1) });
  },
};
