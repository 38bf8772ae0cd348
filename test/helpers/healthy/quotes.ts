/** Healthy logs full of what people write about errors: summaries, comments, searches, webhooks, release notes, settings. */
import { chatter, type Day, type HealthyKind, type Say } from './day.js';
import { request } from './jira.js';

/** Messages of problems as people paste them, whole. */
const PASTED = [
  'java.lang.OutOfMemoryError: Java heap space',
  'java.lang.OutOfMemoryError: GC overhead limit exceeded',
  'java.lang.OutOfMemoryError: Metaspace',
  'java.lang.OutOfMemoryError: unable to create new native thread',
  'java.net.ConnectException: Connection refused',
  'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
  'org.apache.lucene.index.CorruptIndexException: checksum failed (hardware problem?)',
  'org.apache.lucene.store.LockObtainFailedException: Lock held by this virtual machine',
  'org.apache.lucene.index.IndexNotFoundException: no segments* file found in NIOFSDirectory',
  'GET https://dev.azure.com/contoso/_apis/projects returned 401 Unauthorized',
  'GET https://app.vssps.visualstudio.com/_apis/profile/profiles/me failed: 401 Unauthorized',
  'TF400813: Resource not available for anonymous access. Client authentication required.',
  "TF400813: The user 'jdoe' is not authorized to access this resource",
  'TF401019: The Git repository with name or identifier shop does not exist',
  "fatal: Authentication failed for 'https://dev.azure.com/contoso/shop/_git/shop/'",
  'fatal: not a git repository (or any of the parent directories): .git',
  "fatal: detected dubious ownership in repository at '/var/atlassian/shop'",
  'remote: Support for password authentication was removed on August 13, 2021.',
  'Host key verification failed.',
  'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413',
  '{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest"}',
  'API rate limit exceeded for user ID 4711.',
  'Resource not accessible by integration',
  'HTTP 429 Too Many Requests',
  'ERROR: deadlock detected',
  'FATAL: sorry, too many clients already',
  'FATAL: remaining connection slots are reserved for non-replication superuser connections',
  'ORA-00060: deadlock detected while waiting for resource',
  'Deadlock found when trying to get lock; try restarting transaction',
  'Lock wait timeout exceeded; try restarting transaction',
  'HikariPool-1 - Connection is not available, request timed out after 30000ms.',
  'Cannot get a connection, pool error Timeout waiting for idle object',
  '[LDAP: error code 49 - 80090308: LdapErr: DSID-0C090453, comment: AcceptSecurityContext error, data 52e, v3839]',
  '535 5.7.139 Authentication unsuccessful, basic authentication is disabled',
  '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
  'java.io.IOException: No space left on device',
  'java.net.SocketException: Too many open files',
  'java.net.BindException: Address already in use',
  'java.net.UnknownHostException: jira.example.com: Name or service not known',
  'Found one Java-level deadlock:',
  'Out of memory: Killed process 4711 (java) total-vm:8123456kB',
  'unable to start the plugin container for plugin com.example.app',
  'Unable to synchronise directory 10000',
  'index lock timeout: Wait attempt timed out - waited 30000 milliseconds',
  'upstream timed out (110: Connection timed out) while reading response header from upstream',
  'AH01114: HTTP: failed to make connection to backend: 192.0.2.1',
  'org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe',
  "AADSTS7000222: The provided client secret keys for app 'sync' are expired",
  'The Personal Access Token used has expired',
  'Clock skew too great (37) - PROCESS_TGS',
  'CodeCache is full. Compiler has been disabled.',
  'Unrecognized VM option MaxPermSize=512m',
  'Comparison method violates its general contract!',
  'com.atlassian.jira.index.ha.IndexUtils: index snapshot is not fresh',
  'flood stage disk watermark [95%] exceeded, index has read-only-allow-delete block',
];

const pasted = (day: Day) => day.pick(PASTED);
const escaped = (day: Day) => JSON.stringify(pasted(day)).slice(1, -1);
const encoded = (day: Day) => encodeURIComponent(pasted(day)).replaceAll('%20', '+');

const SUMMARIES: readonly Say[] = [
  (day) =>
    request(
      day,
      'INFO',
      '/secure/QuickCreateIssue.jspa',
      'c.a.j.issue.managers.DefaultIssueManager',
      `Issue ${day.issue} created: "${pasted(day)}"`,
    ),
  (day) =>
    request(
      day,
      'DEBUG',
      `/rest/api/2/issue/${day.issue}/comment`,
      'c.a.j.issue.comments.DefaultCommentManager',
      `comment ${day.number(10_000, 99_999)} added: I see "${pasted(day)}" since Monday, who can help?`,
    ),
  (day) =>
    request(
      day,
      'INFO',
      `/browse/${day.issue}`,
      'c.a.j.issue.history.HistoryManager',
      `summary of ${day.issue} changed from "${pasted(day)}" to "${pasted(day)}"`,
    ),
];

const SEARCHES: readonly Say[] = [
  (day) =>
    request(
      day,
      'INFO',
      '/rest/issueNav/1/issueTable',
      'c.a.j.i.search.providers.LuceneSearchProvider_SLOW',
      `JQL query '{summary ~ "${pasted(day)}"} order by created' produced lucene query '+summary:error' and took '${day.number(400, 900)}' ms to run.`,
    ),
  (day) =>
    request(
      day,
      'DEBUG',
      `/rest/api/2/search?jql=text+~+%22${encoded(day)}%22`,
      'c.a.j.rest.v2.search.SearchResource',
      `${day.number(0, 90)} issues found`,
    ),
  (day) =>
    request(
      day,
      'INFO',
      '/secure/QuickSearch.jspa',
      'c.a.j.web.action.issue.QuickSearch',
      `Searching for "${pasted(day)}"`,
    ),
];

const BODIES: readonly Say[] = [
  (day) =>
    `${day.comma}+0000 http-client-reactor-${day.number(1, 4)} DEBUG      [c.a.webhooks.internal.client.RequestFactory] {"timestamp":${day.epoch},"webhookEvent":"comment_created","comment":{"body":"${escaped(day)}"},"issue":{"key":"${day.issue}"}}`,
  (day) =>
    `${day.comma}+0000 automation-rule-executor:thread-${day.number(1, 6)} INFO      [c.c.j.p.a.engine.rule.DefaultRuleExecutor] Rule "If summary contains '${pasted(day)}' assign to operations" executed for ${day.issue}: SUCCESS`,
  (day) =>
    `${day.comma}+0000 Caesium-1-${day.number(1, 4)} DEBUG ServiceRunner     [c.a.j.s.services.mail.MailFetcherService] Message with subject 'Re: ${pasted(day)}' was turned into a comment of ${day.issue}`,
];

/** A whole trace in the description of an issue, at DEBUG. */
const TRACES: readonly Say[] = [
  (day) =>
    request(
      day,
      'DEBUG',
      `/rest/api/2/issue/${day.issue}`,
      'c.a.j.rest.v2.issue.IssueResource',
      `description:\n{noformat}\n${pasted(day)}\n\tat com.example.shop.Cart.add(Cart.java:${day.number(1, 90)})\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n{noformat}`,
    ),
];

const ACCESS: readonly Say[] = [
  (day) =>
    `${day.address} ${day.number(360, 900)}x${day.number(1000, 99_999)}x1 ${day.person} [${day.access}] "GET /rest/api/2/search?jql=text+~+%22${encoded(day)}%22 HTTP/1.1" 200 ${day.number(40, 90_000)} 401 "https://jira.example.com/issues/?jql=text+~+%22${encoded(day)}%22" "${day.browser}" "${day.random.token(6)}"`,
];

const RELEASE_NOTES: readonly Say[] = [
  (day) =>
    `${day.comma} INFO [http-nio-8090-exec-${day.number(1, 30)}] [confluence.pages.actions.ViewPageAction] execute page "Release notes ${day.number(1, 9)}.${day.number(0, 9)}: Fixed: ${pasted(day)}" rendered in ${day.number(9, 90)} ms`,
  (day) =>
    `${day.comma} INFO [http-nio-8090-exec-${day.number(1, 30)}] [confluence.search.v2.SearchManager] search "${pasted(day)}": ${day.number(0, 90)} results`,
  (day) =>
    `${day.comma} DEBUG [http-nio-8090-exec-${day.number(1, 30)}] [confluence.pages.DefaultPageManager] save title "How to fix: ${pasted(day)}", version ${day.number(1, 9)}`,
];

const MAILS: readonly Say[] = [
  (day) =>
    `${day.comma}+0000 Sending mailitem To='${day.person}@example.com' Subject='[JIRA] (${day.issue}) ${pasted(day)}' From='null' FromName='${day.person} (Jira)' Cc='null' Bcc='null' ReplyTo='null' InReplyTo='null' MimeType='text/html' Encoding='UTF-8' Multipart='javax.mail.internet.MimeMultipart@${day.random.hex(7)}' MessageId='null' ExcludeSubjectPrefix=false' anonymous    Mail Queue Service Caesium-1-${day.number(1, 4)}`,
];

const COMMITS: readonly Say[] = [
  (day) =>
    `${day.comma}+0000 bigbrassband-gitplugin-RevisionIndexerImpl:thread - ${day.number(0, 5)} DEBUG      [c.b.j.g.s.indexer.revisions.CommitIssueCollector] Processing commit ${day.random.hex(40)} ${day.issue} ${pasted(day)}`,
  (day) =>
    `${day.comma}+0000 bigbrassband-gitplugin-RevisionIndexerImpl:thread - ${day.number(0, 5)} INFO      [c.b.j.g.s.indexer.pr.PullRequestIndexer] pull request ${day.number(1, 900)} "${day.issue} Fix ${pasted(day)}" was merged`,
];

const talk = (sayings: readonly Say[]) => (seed: number) => chatter(seed, sayings, undefined, { pause: 9_000 });

export const QUOTING_LOGS: readonly HealthyKind[] = [
  { name: 'quotes/summaries/atlassian-jira.log', make: talk(SUMMARIES) },
  { name: 'quotes/searches/atlassian-jira.log', make: talk(SEARCHES) },
  { name: 'quotes/bodies/atlassian-jira.log', make: talk(BODIES) },
  { name: 'quotes/traces/atlassian-jira.log', make: talk(TRACES) },
  { name: 'quotes/access_log.2026-11-18', make: talk(ACCESS) },
  { name: 'quotes/release-notes/atlassian-confluence.log', make: talk(RELEASE_NOTES) },
  { name: 'quotes/atlassian-jira-outgoing-mail.log', make: talk(MAILS) },
  { name: 'quotes/commits/atlassian-jira.log', make: talk(COMMITS) },
];
