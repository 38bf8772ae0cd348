import { toLevel } from '../../model/level.js';
import type { Format } from '../format.js';
import { header } from '../header.js';
import { namedZoneStampAt, stampAt } from '../time.js';

/** DETAIL, HINT, STATEMENT, CONTEXT and QUERY are written in one go with the line before and belong to its record. */
const PREFIX =
  /^ (?:[A-Za-z_]{2,30}(?:\/[A-Za-z_/]{2,40})? |[+-]\d{2} )?\[(\d{1,10})(?:-\d{1,10})?\]:? (?:([^\s:]{1,200}) )?(LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?): {1,2}/;

function prefixOf(text: string): RegExpExecArray | null {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32) return null;
  const time = stampAt(text, 0);
  return time === null ? null : PREFIX.exec(text.slice(time.end, time.end + 400));
}

/** `TIME ZONE [pid] user@db ERROR:  message`; the user depends on `log_line_prefix`. */
export const postgres: Format = {
  name: 'postgres',
  label: 'PostgreSQL server log',
  samples: [
    '2026-04-22 05:11:09.812 UTC [30117] jiradb@jira LOG:  connection authorized: user=jira database=jiradb',
    '2026-04-22 05:11:10.001 UTC [30117] ERROR:  duplicate key value violates unique constraint "pk_jiraissue"\n2026-04-22 05:11:10.001 UTC [30117] DETAIL:  Key (id)=(10001) already exists.\n2026-04-22 05:11:10.001 UTC [30117] STATEMENT:  INSERT INTO jiraissue VALUES (10001)',
    '2014-01-02 03:04:05 CET [991] FATAL:  remaining connection slots are reserved',
  ],
  starts: (text) => prefixOf(text) !== null,
  header(lines) {
    const text = lines[0] ?? '';
    const found = prefixOf(text);
    if (found === null) return header(text, {});
    const timeEnd = stampAt(text, 0)?.end ?? 0;
    return header(text.slice(timeEnd + found[0].length), {
      stamp: namedZoneStampAt(text, 0)?.stamp ?? null,
      level: toLevel(found[3]!.replace(/\d$/, '')),
      thread: found[1]!,
      user: found[2]?.split('@')[0] ?? null,
    });
  },
};
