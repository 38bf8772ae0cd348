import type { Format } from '../format.js';
import { header } from '../header.js';
import { levelEnd } from '../level-word.js';
import { commaTimeEnd } from '../request-fields.js';
import { stampOf } from '../time.js';

/**
 * `TIME message`: Jira's apdex, performance and monitoring logs, and the mail queue's lines in the outgoing mail log. A mail
 * that is sent is INFO: its subject quotes what people wrote.
 */
export const jiraBare: Format = {
  name: 'jira-bare',
  label: 'Jira metrics log',
  samples: [
    "2026-05-06 12:00:04,220+0000 Sending mailitem To='jdoe@example.com' Subject='[JIRA] (APP-311) Login page' From='null'",
    '2025-01-13 10:00:00,005+0100 {"timestamp":"1736758800","label":"db.connections","attributes":{"_value":"12"}}',
    '2024-08-01 00:00:00,001 apdex=0.94 satisfied=120 tolerating=4 frustrated=1\nnext line',
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    return end > 0 && text.charCodeAt(end) === 32 && text.length > end + 1 && levelEnd(text, end + 1) < 0;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = Math.max(commaTimeEnd(text), 0);
    const message = text.slice(end).trimStart();
    return header(message, {
      stamp: end > 0 ? stampOf(text, 0, end) : null,
      level: message.startsWith('Sending mailitem ') ? 'INFO' : null,
    });
  },
};
