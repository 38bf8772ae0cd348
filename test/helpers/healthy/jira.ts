/** Healthy logs of Jira: atlassian-jira.log and those beside it. */
import { chatter, Day, type HealthyKind, LEAST, type Say } from './day.js';

/** A record of a background thread. */
function background(day: Day, thread: string, level: string, logger: string, message: string, context = ''): string {
  return `${day.comma}+0000 ${thread} ${level} ${context.padEnd(14)} [${logger}] ${message}`;
}

/** A record of a request. */
export function request(
  day: Day,
  level: string,
  path: string,
  logger: string,
  message: string,
  user = day.person,
): string {
  const id = `${day.number(360, 900)}x${day.number(10_000, 99_999)}x${day.number(1, 6)}`;
  return (
    `${day.comma}+0000 http-nio-8080-exec-${day.number(1, 40)} url: ${path.slice(0, 40)}; user: ${user} ${level} ` +
    `${user} ${id} ${day.random.token(6)} ${day.address},127.0.0.1 ${path} [${logger}] ${message}`
  );
}

const caesium = (day: Day, level: string, logger: string, message: string) =>
  background(day, `Caesium-1-${day.number(1, 4)}`, level, logger, message, 'ServiceRunner');

const PLUGINS = [
  'activeobjects',
  'applinks',
  'upm',
  'troubleshooting',
  'webhooks',
  'streams',
  'soy',
  'jira-agile',
  'oauth',
];
const pluginKey = (day: Day) =>
  `com.atlassian.${day.pick(PLUGINS)}.${day.pick(['api', 'core', 'rest', 'web', 'spi', 'impl'])}-${day.number(1, 90)}`;

const STARTING: readonly Say[] = [
  (day) =>
    background(
      day,
      'main',
      'INFO',
      'c.a.plugin.util.WaitUntil',
      `Plugins that have yet to be enabled: (${day.number(1, 90)}): [${pluginKey(day)}, ${pluginKey(day)}], ${day.number(100, 290)} seconds remaining`,
    ),
  (day) =>
    background(
      day,
      `ThreadPoolAsyncTaskExecutor::Thread ${day.number(1, 60)}`,
      'INFO',
      'c.a.p.o.factory.OsgiPluginFactory',
      `Plugin '${pluginKey(day)}' uses component-scan; bundle ${day.number(10, 300)} is resolved`,
    ),
  (day) =>
    background(
      day,
      'main',
      'DEBUG',
      'c.a.p.osgi.container.felix.FelixOsgiContainerManager',
      `Installed bundle ${pluginKey(day)} (${day.number(10, 300)})`,
    ),
  (day) =>
    background(
      day,
      'main',
      'INFO',
      'c.a.jira.startup.ClusteringLauncher',
      'Clustering is not enabled; cluster.properties was not found',
    ),
  (day) =>
    background(
      day,
      'main',
      'INFO',
      'c.a.j.upgrade.UpgradeScheduler',
      `Performing upgrade task: ${day.number(800_000, 1_003_000)}, ${day.pick(['nothing to do', 'done', 'skipped, it ran before'])}`,
    ),
  (day) =>
    background(
      day,
      "active-objects-init-JiraTenantImpl{id='system'}-0",
      'INFO',
      'c.a.a.config.internal.DataSourceAdapter',
      `ActiveObjects of ${pluginKey(day)} are ready, 0 upgrade tasks failed`,
    ),
  (day) =>
    background(
      day,
      'UpmAsynchronousTaskManager:thread-1',
      'INFO',
      'c.a.upm.core.install.DefaultPluginInstaller',
      `Plugin ${pluginKey(day)} installed, version ${day.number(1, 12)}.${day.number(0, 9)}.${day.number(0, 9)}`,
    ),
  (day) =>
    background(
      day,
      'UpmScheduler:thread-2',
      'WARN',
      'c.a.plugin.loaders.ScanningPluginLoader',
      `No plugins found to be deployed in /var/atlassian/jira/plugins/.osgi-plugins/${day.number(1, 9)}`,
    ),
  (day) =>
    background(
      day,
      'main',
      'WARN',
      'c.a.p.webresource.WebResourceDescriptor',
      `Resource ${day.random.token(6)}.js of ${pluginKey(day)} uses a deprecated dependency; it still works`,
    ),
  (day) =>
    background(
      day,
      'main',
      'INFO',
      'c.a.jira.startup.JiraStartupLogger',
      `\n\n    ___ Plugin of the day _____________________\n\n         ${pluginKey(day)}                     : ${day.number(1, 9)}.0 by Atlassian\n             Enabled: true, modules: ${day.number(1, 80)}\n             Errors: 0, Failures: 0\n`,
    ),
];

const BANNER = [
  '',
  '',
  '    ****************',
  '    Jira starting...',
  '    ****************',
  '',
  '    ___ Environment _____________________________',
  '',
  '         JIRA Build                                          : 10.3.2#10030002-sha1:4f1c2c1e3a',
  '         Java Version                                        : 17.0.13 - Eclipse Adoptium',
  '         JVM Input Arguments                                 : -Xmx8192m -XX:+HeapDumpOnOutOfMemoryError -XX:OnOutOfMemoryError=/opt/tools/dump.sh',
  '',
  '    ___ Database Configuration __________________',
  '',
  '         Loading entityengine.xml from                       : file:/opt/atlassian/jira/WEB-INF/classes/entityengine.xml',
  '         Entity model field type name                        : postgres72',
  '         Database URL                                        : jdbc:postgresql://db.example.com:5432/jiradb',
  '',
].join('\n');

function starting(seed: number): string {
  const day = new Day(seed, '2026-11-18T05:30:00Z');
  while (day.length < LEAST) {
    day.write(background(day, 'main', 'INFO', 'c.a.jira.startup.JiraStartupLogger', BANNER));
    for (let i = 0; i < 700; i++) {
      day.pass(300);
      day.write(day.random.pickSkewed(STARTING)(day));
    }
    day.write(
      background(
        day,
        'main',
        'INFO',
        'c.a.jira.startup.JiraStartupLogger',
        '\n\n    *********************************************************************************\n    Jira has started. Ready to serve requests; 0 errors in the startup checks.\n    *********************************************************************************\n',
      ),
    );
    day.pass(40_000_000);
  }
  return day.text;
}

const REINDEXING: readonly Say[] = [
  (day) =>
    background(
      day,
      `JiraTaskExecutionThread-${day.number(1, 3)}`,
      'INFO',
      'c.a.j.index.request.DefaultReindexRequestManager',
      `Re-indexing is ${day.number(1, 99)}% complete. Current index: Issue`,
    ),
  (day) =>
    background(
      day,
      `IssueIndexer:thread-${day.number(1, 20)}`,
      'DEBUG',
      'c.a.j.issue.index.DefaultIssueIndexer',
      `Indexed issue ${day.issue} with ${day.number(1, 40)} comments, 0 errors`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.index.MonitoringIndexWriter',
      `[lucene-stats] flush stats: snapshotCount=${day.number(1, 9)}, totalCount=${day.number(100, 4000)}, periodSec=300, flushIntervalMillis=${day.number(40_000, 90_000)}, indexDirectory=/var/atlassian/jira/caches/indexesV2/issues, indexWriterId=com.atlassian.jira.index.MonitoringIndexWriter@${day.random.hex(8)}`,
    ),
  (day) =>
    background(
      day,
      `JiraTaskExecutionThread-${day.number(1, 3)}`,
      'INFO',
      'c.a.j.issue.index.DefaultIndexManager',
      `Reindexed ${day.number(100, 80_000)} issues in ${day.number(900, 900_000)} ms; failed: 0, skipped: 0`,
    ),
  (day) =>
    background(
      day,
      `IssueIndexer:thread-${day.number(1, 20)}`,
      'INFO',
      'c.a.j.index.ha.DefaultIndexCopyService',
      `Index snapshot IndexSnapshot_${day.number(10_000, 99_999)}.tar.sz is ${day.number(20, 900)} MB and was saved`,
    ),
  (day) =>
    background(
      day,
      `JiraTaskExecutionThread-${day.number(1, 3)}`,
      'WARN',
      'c.a.j.issue.index.DefaultIndexManager',
      `Background reindex of ${day.project} was asked for while one is running; it waits for the first one`,
    ),
  (day) =>
    background(
      day,
      `NodeReindexServiceThread:thread-0`,
      'INFO',
      'c.a.j.index.ha.DefaultNodeReindexService',
      `[INDEX-REPLAY] Node re-index service is not paused. currentNode=node1, pending operations: 0, errors: 0`,
    ),
];

const typo = (day: Day) => day.pick(['In Progres', 'Reopned', 'Dnoe', 'To do.', 'Clsoed']);

const USER_ERRORS: readonly Say[] = [
  (day) =>
    request(
      day,
      'WARN',
      '/rest/api/2/search',
      'c.a.j.rest.v2.search.SearchResource',
      `The value '${typo(day)}' does not exist for the field 'status'.`,
    ),
  (day) =>
    request(
      day,
      'WARN',
      '/rest/gadget/1.0/login',
      'c.a.j.rest.v1.auth.LoginResource',
      `login of '${day.person}' was refused, attempt 1`,
      'anonymous',
    ),
  (day) =>
    request(
      day,
      'WARN',
      `/rest/api/2/issue/${day.issue}`,
      'c.a.j.rest.v2.issue.IssueResource',
      `{"errorMessages":[],"errors":{"summary":"You must specify a summary of the issue."}}`,
    ),
  (day) =>
    request(
      day,
      'WARN',
      '/rest/api/2/jql/parse',
      'c.a.jira.jql.parser.DefaultJqlQueryParser',
      `Error in the JQL Query: Expecting operator but got '${day.pick(['401', 'Unauthorized', 'and', ')', 'OutOfMemoryError'])}'. The valid operators are '=', '!=', '<', '>' (line 1, character ${day.number(2, 60)})`,
    ),
  (day) =>
    request(
      day,
      'WARN',
      `/secure/WorkflowUIDispatcher.jspa`,
      'c.a.j.web.action.issue.WorkflowUIDispatcher',
      `It seems that you have tried to perform a workflow operation (${day.pick(['Close', 'Resolve', 'Start'])}) that is not valid for the current state of this issue (${day.issue}).`,
    ),
  (day) =>
    request(
      day,
      'WARN',
      `/secure/attachment`,
      'c.a.j.web.action.issue.TemporaryAttachmentsResource',
      `The file report-${day.number(1, 99)}.zip of ${day.person} is larger than the limit of 10.00 MB and was not attached`,
    ),
  (day) =>
    request(
      day,
      'INFO',
      `/browse/${day.issue}`,
      'c.a.j.web.action.issue.ViewIssue',
      `Issue ${day.issue} does not exist or ${day.person} may not see it (404)`,
    ),
  (day) =>
    request(
      day,
      'WARN',
      '/rest/api/2/user/password',
      'c.a.j.user.util.DefaultPasswordPolicy',
      'The new password is too short; 10 characters are needed',
    ),
  (day) =>
    request(
      day,
      'WARN',
      '/rest/api/2/filter',
      'c.a.j.rest.v2.search.FilterResource',
      `Filter with name '${day.pick(['Connection refused issues', 'All 401s', 'My deadlocks'])}' already exists`,
    ),
  (day) =>
    request(
      day,
      'WARN',
      '/secure/QuickCreateIssue.jspa',
      'c.a.j.issue.fields.DueDateSystemField',
      `'${day.number(32, 99)}/Nov/26' is an invalid date. Please enter the date in the format "d/MMM/yy".`,
    ),
];

const DIRECTORIES: readonly Say[] = [
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.crowd.directory.DbCachingRemoteDirectory',
      `INCREMENTAL synchronisation complete for directory [ ${day.pick([10_000, 10_100])} ] in [ ${day.number(90, 3000)}ms ]`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.c.d.ldap.cache.UsnChangedCacheRefresher',
      `found [ ${day.number(0, 9)} ] changed remote users in [ ${day.number(3, 90)}ms ]`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.c.d.ldap.cache.RemoteDirectoryCacheRefresher',
      `found [ ${day.number(400, 470)} ] remote groups in [ ${day.number(100, 900)}ms ]`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.crowd.directory.DirectoryCacheImplUsingChangeOperations',
      `scanned and compared [ ${day.number(2100, 2190)} ] users for update in DB cache in [ ${day.number(20, 400)}ms ]`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.crowd.directory.DbCachingRemoteDirectory',
      `FULL synchronisation complete for directory [ 10000 ] in [ ${day.number(9000, 40_000)}ms ], 0 errors`,
    ),
  (day) =>
    caesium(
      day,
      'DEBUG',
      'c.a.c.d.ldap.SpringLdapTemplateWrapper',
      `search of OU=People,DC=example,DC=com gave ${day.number(0, 900)} entries; last error code 0`,
    ),
  (day) =>
    caesium(
      day,
      'WARN',
      'c.a.crowd.directory.DirectoryCacheImplUsingChangeOperations',
      `user ${day.person} has no display name; the user name is taken for it`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.crowd.directory.DirectoryCacheImplUsingChangeOperations',
      `deleted [ ${day.number(1, 4)} ] users that are no longer in the directory`,
    ),
];

const MAIL: readonly Say[] = [
  (day) =>
    `${day.comma}+0000 INFO [] Caesium-1-${day.number(1, 4)} ServiceRunner    Service Helpdesk[10501]: polling mailbox, ${day.number(0, 7)} messages, 0 errors`,
  (day) =>
    `${day.comma}+0000 DEBUG [Support Inbox] Caesium-1-${day.number(1, 4)} ServiceRunner    Message with subject 'Re: ${day.pick(SUBJECTS)}' was turned into a comment of ${day.issue}`,
  (day) =>
    `${day.comma}+0000 INFO [Support Inbox] Caesium-1-${day.number(1, 4)} ServiceRunner    MailPullerWorker finished: ${day.number(0, 9)} new, 0 failed, ${day.number(20, 900)} ms`,
  (day) =>
    `${day.comma}+0000 DEBUG [imap] Caesium-1-${day.number(1, 4)} ServiceRunner    A${day.number(1, 90)} OK FETCH completed; ${day.number(0, 20)} recent`,
  (day) =>
    `${day.comma}+0000 INFO [Support Inbox] Caesium-1-${day.number(1, 4)} ServiceRunner    Message '${day.pick(SUBJECTS)}' from ${day.person}@example.com is an out-of-office answer and was left alone`,
];

const SUBJECTS = [
  'OutOfMemoryError when I export the board',
  'Connection refused by the printer',
  '401 Unauthorized in the wiki',
  'PKIX path building failed on my laptop',
  'Authentication failed for my account',
  'Undeliverable: Invoice of November',
  'disk full',
];

const OUTGOING: readonly Say[] = [
  (day) =>
    `${day.comma}+0000 Sending mailitem To='${day.person}@example.com' Subject='[JIRA] (${day.issue}) ${day.pick(SUBJECTS)}' From='null' FromName='${day.person} (Jira)' Cc='null' Bcc='null' ReplyTo='null' InReplyTo='null' MimeType='text/html' Encoding='UTF-8' Multipart='javax.mail.internet.MimeMultipart@${day.random.hex(7)}' MessageId='null' ExcludeSubjectPrefix=false' anonymous    Mail Queue Service Caesium-1-${day.number(1, 4)}`,
  (day) =>
    `${day.comma}+0000 Sent mailitem to ${day.person}@example.com in ${day.number(20, 900)} ms; 250 2.0.0 OK queued as ${day.random.capitals(10)}`,
];

const AUTOMATION: readonly Say[] = [
  (day) =>
    background(
      day,
      `automation-rule-executor:thread-${day.number(1, 6)}`,
      'INFO',
      'c.c.j.p.a.engine.rule.DefaultRuleExecutor',
      `Rule "${day.pick(['Label issues with OutOfMemoryError', 'Close stale questions', 'Tell the team of failed builds', 'Assign 401s to security'])}" executed for ${day.issue} in ${day.number(8, 600)} ms: SUCCESS`,
    ),
  (day) =>
    background(
      day,
      `automation-queue-claimer:thread-1`,
      'DEBUG',
      'c.c.j.p.a.queue.AutomationQueueClaimer',
      `claimed ${day.number(0, 10)} items; queue size 0, oldest item 0 s`,
    ),
  (day) =>
    background(
      day,
      `automation-rule-executor:thread-${day.number(1, 6)}`,
      'INFO',
      'c.c.j.p.a.engine.audit.AuditLogService',
      `Rule ${day.number(1, 90)}: NO ACTIONS PERFORMED, the condition 'summary contains "failed"' was not met for ${day.issue}`,
    ),
  (day) =>
    background(
      day,
      `automation-rule-executor:thread-${day.number(1, 6)}`,
      'INFO',
      'c.c.j.p.a.action.webhook.WebRequestAction',
      `POST https://hooks.example.com/build -> 200 OK in ${day.number(20, 700)} ms`,
    ),
];

const WEBHOOKS: readonly Say[] = [
  (day) =>
    background(
      day,
      `http-client-reactor-${day.number(1, 4)}`,
      'INFO',
      'c.a.webhooks.internal.publish.DefaultWebhookDispatcher',
      `Webhook ${day.number(1, 30)} 'Build trigger' was delivered to https://ci.example.com/jira-hook: 200 OK in ${day.number(9, 900)} ms`,
    ),
  (day) =>
    background(
      day,
      `http-client-reactor-${day.number(1, 4)}`,
      'DEBUG',
      'c.a.webhooks.internal.client.RequestFactory',
      `{"timestamp":${day.epoch},"webhookEvent":"jira:issue_updated","issue":{"key":"${day.issue}","fields":{"summary":"${day.pick(SUBJECTS)}","status":{"name":"Open"}}}}`,
    ),
  (day) =>
    background(
      day,
      `http-client-reactor-${day.number(1, 4)}`,
      'INFO',
      'c.a.webhooks.internal.publish.DefaultWebhookDispatcher',
      `Webhook ${day.number(1, 30)}: the first attempt met a Connection reset, the second attempt was delivered (200 OK)`,
    ),
  (day) =>
    background(
      day,
      `webhook-dispatcher-${day.number(1, 4)}`,
      'DEBUG',
      'c.a.webhooks.internal.publish.WebhookQueue',
      `in flight ${day.number(0, 9)} of 500, rejected 0, failed 0`,
    ),
];

const SCHEDULER: readonly Say[] = [
  (day) =>
    caesium(
      day,
      'DEBUG',
      'c.a.s.caesium.impl.CaesiumSchedulerService',
      `Job com.atlassian.jira.service.JiraService:${day.number(10_000, 10_300)} finished in ${day.number(2, 900)} ms: SUCCESS`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.jira.service.ServiceRunner',
      `Starting service ${day.pick(['Mail Queue Service', 'Backup Service', 'Audit log cleaning', 'Issue reminders'])}`,
    ),
  (day) =>
    caesium(
      day,
      'DEBUG',
      'c.a.s.caesium.impl.SchedulerQueueImpl',
      `next job at ${day.iso}, ${day.number(30, 90)} jobs wait, 4 threads, ${day.number(0, 3)} busy`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.bc.dataimport.DefaultExportService',
      `Data export completed in ${day.number(20_000, 60_000)}ms. Wrote ${day.number(100_000, 200_000)} entities to export in memory.`,
    ),
  (day) =>
    caesium(
      day,
      'DEBUG',
      'c.a.s.core.JobLauncher',
      `Job ${day.number(1, 90)} is not claimed, another node was faster; this is expected in a cluster`,
    ),
];

const CLUSTER: readonly Say[] = [
  (day) =>
    background(
      day,
      `localq-reader-${day.number(1, 20)}`,
      'INFO',
      'c.a.j.c.distribution.localq.LocalQCacheManager',
      `[LOCALQ] [VIA-COPY] Running cache replication queue stats per node: node2; snapshot stats: {"timestampMillis":${day.epoch},"nodeId":"node2","queueSize":${day.number(0, 3)},"startQueueSize":0,"startTimestampMillis":${day.epoch - 300_000},"startMillisAgo":300000,"closeCounter":0,"addCounter":${day.number(900, 9000)},"droppedOnAddCounter":0,"criticalAddCounter":0,"criticalPeekCounter":0,"criticalRemoveCounter":0,"peekCounter":${day.number(900, 9000)},"peekOrBlockCounter":${day.number(900, 9000)},"removeCounter":${day.number(900, 9000)},"backupQueueCounter":0,"closeErrorsCounter":0,"sendCounter":${day.number(900, 9000)},"droppedOnSendCounter":0,"sendNotBoundExceptionCounter":0,"sendRuntimeExceptionCounter":0,"sendCheckedExceptionCounter":0}`,
    ),
  (day) =>
    background(
      day,
      'Caesium-1-2',
      'INFO',
      'c.a.j.cluster.DefaultClusterNodes',
      `Node node${day.number(1, 3)} is ACTIVE, last heartbeat ${day.number(1, 59)} s ago`,
    ),
  (day) =>
    background(
      day,
      'NodeReindexServiceThread:thread-0',
      'INFO',
      'c.a.j.index.ha.DefaultNodeReindexService',
      `[INDEX-REPLAY] Replaying index operations of node2: ${day.number(1, 90)} operations, ${day.number(1, 9)} s behind, 0 failed`,
    ),
  (day) =>
    background(
      day,
      'clusterAuthentication-thread-1',
      'INFO',
      'c.a.j.cluster.dbr.DBRMessage',
      `[DBR] [RECEIVER] Running DBR stats: {"skipUpdateBecauseTimedOut":0,"receiveDBRMessage":${day.number(100, 900)},"processDBRMessageUpdateWithRelatedIssue":{"count":${day.number(1, 90)},"min":1,"max":${day.number(9, 90)}},"numberOfErrors":0}`,
    ),
  (day) =>
    background(
      day,
      'Caesium-1-3',
      'DEBUG',
      'c.a.beehive.db.DatabaseClusterLock',
      `lock com.atlassian.jira.${day.random.token(8)} was taken by another node; will try later`,
    ),
  (day) =>
    background(
      day,
      'Caesium-1-4',
      'INFO',
      'c.a.j.cluster.ClusterClockCheck',
      `clocks of the nodes differ by ${day.number(0, 9)} ms`,
    ),
];

const STATISTICS: readonly Say[] = [
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.util.stats.JiraStats',
      `[JIRA-STATS] [VERSIONED-ENTITY-CACHE] duration: PT5M, statistics: {"hits":${day.number(10, 90_000)},"misses":${day.number(0, 900)},"errors":0,"loadFailures":0,"evictions":${day.number(0, 90)}}`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.cache.CacheStatisticsReporter',
      `com.atlassian.jira.issue.fields.${day.random.token(9)}Cache: size ${day.number(1, 9000)}, hit rate ${day.number(90, 100)} %, load exceptions 0`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.util.stats.JiraStats',
      `[JIRA-STATS] [AO] duration: PT5M, statistics: {"queries":${day.number(10, 9000)},"deadlocks":0,"timeouts":0,"slowest":${day.number(3, 900)}}`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.ofbiz.ConnectionPoolStatistics',
      `active ${day.number(0, 12)}, idle ${day.number(1, 20)}, max 60, waiting 0, exhausted 0 times`,
    ),
  (day) =>
    caesium(
      day,
      'INFO',
      'c.a.j.util.memory.MemoryReporter',
      `heap ${day.number(1800, 6000)} of 8192 MB, metaspace ${day.number(400, 700)} MB, out-of-memory errors since start: 0`,
    ),
];

const SECURITY: readonly Say[] = [
  (day) =>
    `${day.comma}+0000 http-nio-8080-exec-${day.number(1, 30)} ${day.person} ${day.number(360, 900)}x${day.number(1000, 9999)}x1 ${day.random.token(6)} ${day.address} /secure/Dashboard.jspa HttpSession [${day.random.token(6)}] created for '${day.person}'`,
  (day) =>
    `${day.comma}+0000 http-nio-8080-exec-${day.number(1, 30)} ${day.person} ${day.number(360, 900)}x${day.number(1000, 9999)}x1 ${day.random.token(6)} ${day.address} /rest/gadget/1.0/login The user '${day.person}' has PASSED authentication.`,
  (day) =>
    `${day.comma}+0000 http-nio-8080-exec-${day.number(1, 30)} anonymous ${day.number(360, 900)}x${day.number(1000, 9999)}x1 - ${day.address} /logout HttpSession [${day.random.token(6)}] destroyed for '${day.person}'`,
];

/** Of many people, one forgets the password now and then. */
function security(seed: number): string {
  const day = new Day(seed);
  while (day.length < LEAST) {
    for (let i = 0; i < 60; i++) {
      day.pass(30_000);
      day.write(day.pick(SECURITY)(day));
    }
    day.write(
      `${day.comma}+0000 http-nio-8080-exec-3 anonymous 540x12x1 1abcd ${day.address} /rest/gadget/1.0/login The user '${day.person}' has FAILED authentication. Failure count equals 1`,
    );
  }
  return day.text;
}

const talk =
  (sayings: readonly Say[], pause = 20_000) =>
  (seed: number) =>
    chatter(seed, sayings, undefined, { pause });

export const JIRA_LOGS: readonly HealthyKind[] = [
  { name: 'starts/atlassian-jira.log', make: starting },
  { name: 'reindex/atlassian-jira.log', make: talk(REINDEXING, 3_000) },
  { name: 'user-errors/atlassian-jira.log', make: talk(USER_ERRORS, 40_000) },
  { name: 'directories/atlassian-jira.log', make: talk(DIRECTORIES) },
  { name: 'mail/atlassian-jira-incoming-mail.log', make: talk(MAIL) },
  { name: 'mail/atlassian-jira-outgoing-mail.log', make: talk(OUTGOING) },
  { name: 'automation/atlassian-jira.log', make: talk(AUTOMATION) },
  { name: 'webhooks/atlassian-jira.log', make: talk(WEBHOOKS) },
  { name: 'scheduler/atlassian-jira.log', make: talk(SCHEDULER) },
  { name: 'cluster/atlassian-jira.log', make: talk(CLUSTER) },
  { name: 'statistics/atlassian-jira.log', make: talk(STATISTICS) },
  { name: 'logins/atlassian-jira-security.log', make: security },
];
