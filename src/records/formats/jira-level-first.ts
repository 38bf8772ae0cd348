import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { bracketedWord, commaTimeEnd } from '../request-fields.js';
import { stampOf } from '../time.js';

/** `TIME LEVEL [thread] [logger] message` or `TIME LEVEL [logger] message`: service lines of Jira 4 and before. */
export const jiraLevelFirst: Format = {
  name: 'jira-level-first',
  label: 'Jira application log, level first (Jira 4)',
  firsts: '0123456789',
  samples: [
    '2010-03-02 04:15:00,012 ERROR [QuartzWorker-1] [jira.service.services.mail.MailFetcherService] Error while retrieving mail\njavax.mail.MessagingException: Connect failed\n\tat com.sun.mail.pop3.POP3Store.protocolConnect(POP3Store.java:1)',
    '2009-11-30 23:00:00,120 WARN [atlassian.jira.service.ServiceRunner] Service export is late\nSecond line of the message',
    '2011-05-06 10:00:01,003 INFO  Running the export service',
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    return end > 0 && text.charCodeAt(end) === 32 && levelEnd(text, end + 1) > 0;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const timeEnd = Math.max(commaTimeEnd(text), 0);
    const after = Math.max(levelEnd(text, timeEnd + 1), timeEnd);
    const first = bracketedWord(text, after);
    const found = { stamp: timeEnd > 0 ? stampOf(text, 0, timeEnd) : null, level: levelAt(text, timeEnd + 1) };
    if (first === null || first.start !== skipBlanks(text, after)) return header(text.slice(after).trimStart(), found);
    const second = bracketedWord(text, first.end);
    if (second?.start !== first.end + 1) {
      return header(text.slice(first.end + 1), { ...found, logger: first.word });
    }
    return header(text.slice(second.end + 1), { ...found, thread: first.word, logger: second.word });
  },
};
