import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { commaTimeEnd, requestTail } from '../request-fields.js';
import { stampOf } from '../time.js';

/** `TIME LEVEL [mail server] THREAD user requestId session addresses url message`; the server may be empty. */
export const jiraMail: Format = {
  name: 'jira-mail',
  label: 'Jira mail log (incoming, outgoing)',
  samples: [
    '2020-06-16 11:30:17,600 ERROR [] Caesium-1-4 ServiceRunner    MailJobRun\njava.lang.IllegalStateException\n\tat com.example.Mail.run(Mail.java:1)',
    '2023-08-16 14:58:26,225+0000 ERROR [Support Inbox] Caesium-1-4 ServiceRunner    Exception when MailPullerWorker pulls emails: Connect failed',
    '2026-03-17 14:10:03,950+0000 ERROR [m365] Caesium-1-1 ServiceRunner helpdesk helpdesk[10501]: javax.mail.MessagingException: A3 BAD User is authenticated but not connected.;',
    '2024-05-06 12:00:04,220+0000 DEBUG [smtp] http-nio-8080-exec-2 jdoe 720x11x1 1abcd 192.0.2.9 /secure/admin/SendTestMail.jspa Sending a test mail',
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    if (end < 0 || text.charCodeAt(end) !== 32) return false;
    const after = levelEnd(text, end + 1);
    return after > 0 && text.charCodeAt(skipBlanks(text, after)) === 91 && text.indexOf('] ', after) > 0;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = commaTimeEnd(text);
    const server = end < 0 ? -1 : text.indexOf('] ', end);
    if (server < 0) return header(text, {});
    const { message, ...fields } = requestTail(text.slice(server + 2));
    return header(message, { stamp: stampOf(text, 0, end), level: levelAt(text, end + 1), ...fields });
  },
};
