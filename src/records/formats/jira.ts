import type { Format, Header } from '../format.js';
import { header } from '../header.js';
import { findLevel, levelAt, levelEnd } from '../level-word.js';
import { bracketedWord, commaTimeEnd, requestFields } from '../request-fields.js';
import { stampOf } from '../time.js';

/** Threads hold blanks, colons and quotes; no real one is longer. In characters. */
const MAX_THREAD = 400;
/** user, request id, session, addresses, url; more words between level and bracket mean that the bracket is message. */
const MAX_FIELDS = 6;

/** `TIME THREAD LEVEL user requestId session addresses url [logger] message`; the slow-query log leaves out addresses. */
export const jira: Format = {
  name: 'jira',
  label: 'Jira application log',
  firsts: '0123456789',
  samples: [
    '2020-07-28 16:34:37,899 Jira-Bootstrap FATAL      [c.a.jira.startup.JiraStartupLogger] Startup check failed. Jira will be locked.\n\n    ***\n    Database connection failed',
    '2016-03-11 08:40:40,409 Caesium-1-2 WARN anonymous [c.a.jira.ofbiz.ConnectionPoolHealthSqlInterceptor] Dangerous use of multiple connections: taken => count=2\njava.lang.Throwable\n\tat com.atlassian.jira.ofbiz.ConnectionPoolHealthSqlInterceptor.onConnectionTaken(ConnectionPoolHealthSqlInterceptor.java:46)\n\t... 31 more\nCaused by: java.sql.SQLException: no connection\n\t... 2 filtered',
    "2021-09-20 14:27:57,400-0400 http-nio-8080-exec-23 ERROR anonymous 867x269792x1 1nb81f1 192.0.2.50,0:0:0:0:0:0:0:1 /rest/gadget/1.0/login [c.a.j.security.login.JiraSeraphAuthenticator] Error occurred while trying to authenticate user 'jdoe'.\ncom.atlassian.crowd.exception.OperationFailedException\n  at com.atlassian.crowd.Foo.bar(Foo.java:1)",
    '2020-09-09 18:54:55,761 http-nio-8081-exec-80 url:/rest/bitbucket...epository/12/sync username:jdoe INFO anonymous 1134x10999251x11 kjlbkc 192.0.2.7,192.0.2.8 /rest/bitbucket/1.0/repository/12/sync [c.a.j.p.d.r.external.v1.RepositoryResource] Postcommit hook started synchronization',
    '2011-02-14 09:12:01,118 http-8080-12 ERROR admin 552x301x1 1f0zq8 192.0.2.9 /secure/Dashboard.jspa [jira.web.servlet.DisplayServlet] Failed to render\njava.lang.NullPointerException\n\tat com.atlassian.jira.Foo.bar(Foo.java:12)',
    "2026-02-24 17:00:22,905+0100 active-objects-init-JiraTenantImpl{id='system'}-0 ERROR      [n.java.ao.sql] Exception executing SQL update <ALTER TABLE dbo.AO_08F1AF_INSTANCE>",
    '2016-07-14 15:26:23,208 http-bio-8080-exec-3 INFO admin 926x1041x2 yi0om0 /rest/issueNav/1/issueTable [c.a.j.i.search.providers.LuceneSearchProvider_SLOW] JQL query \'project = "ABC"\' produced lucene query',
    '2026-03-11 07:07:072,777+0000 Caesium-1-2 INFO ServiceRunner     [c.a.j.util.stats.JiraStats] [JIRA-STATS] [AO] duration: PT5M',
  ],
  starts(text) {
    const end = commaTimeEnd(text);
    if (end < 0 || text.charCodeAt(end) !== 32) return false;
    const first = text.charCodeAt(end + 1);
    if (first === 91 || first === 32) return false;
    // `TIME - name - LEVEL - message` is what Python writes.
    if (first === 45 && text.charCodeAt(end + 2) === 32) return false;
    return levelEnd(text, end + 1) < 0 && findLevel(text, end + 2, MAX_THREAD) >= 0;
  },
  header: jiraHeader,
};

/** Also what Crowd writes, which has none of the request's fields. */
export function jiraHeader(lines: readonly string[]): Header {
  const text = lines[0] ?? '';
  const timeEnd = commaTimeEnd(text);
  const at = timeEnd < 0 ? -1 : findLevel(text, timeEnd + 2, MAX_THREAD);
  if (at < 0) return header(text, {});
  const fieldsAt = levelEnd(text, at);
  const found = bracketedWord(text, fieldsAt);
  const fields = found === null ? '' : text.slice(fieldsAt, found.start);
  const hasLogger = found !== null && fields.split(/ +/).length <= MAX_FIELDS + 2;
  return header(hasLogger ? text.slice(found.end + 1) : text.slice(fieldsAt).trimStart(), {
    stamp: stampOf(text, 0, timeEnd),
    level: levelAt(text, at),
    thread: text.slice(timeEnd + 1, at - 1).trim(),
    logger: hasLogger ? found.word : null,
    ...(hasLogger ? requestFields(fields) : null),
  });
}
