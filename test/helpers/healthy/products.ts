/** Healthy logs of Confluence, Bitbucket, Bamboo, Crowd, Git Integration, and of what runs beside them. */
import { chatter, type Day, type HealthyKind, type Say } from './day.js';

const confluence = (day: Day, level: string, logger: string, message: string, context = '') =>
  `${day.comma} ${level} [http-nio-8090-exec-${day.number(1, 40)} url: /display/${day.project}] [${logger}] ${message}${context}`;

const context = (day: Day, action: string) =>
  `\n -- referer: https://wiki.example.com/pages/${action}.action | url: /pages/do${action}.action | traceId: ${day.random.hex(9)} | userName: ${day.person} | action: do${action}`;

const CONFLUENCE: readonly Say[] = [
  (day) =>
    confluence(
      day,
      'INFO',
      'confluence.pages.actions.ViewPageAction',
      `execute page ${day.number(1, 9_000_000)} rendered in ${day.number(20, 900)} ms`,
    ),
  (day) =>
    confluence(
      day,
      'INFO',
      'confluence.search.v2.SearchManager',
      `search "${day.pick(SEARCHES)}": ${day.number(0, 900)} results in ${day.number(3, 300)} ms`,
    ),
  (day) =>
    confluence(
      day,
      'WARN',
      'confluence.pages.actions.EditPageAction',
      'validate the title is used by another page of the space',
      context(day, 'editpage'),
    ),
  (day) =>
    confluence(
      day,
      'DEBUG',
      'synchrony.service.http.SynchronyRequestExecutor',
      `execute PUT HTTP/1.1 200 for ${day.number(1, 9_000_000)}`,
    ),
  (day) =>
    `${day.comma} INFO [Caesium-1-${day.number(1, 4)}] [confluence.internal.index.lucene.QueueProcessor] process ${day.number(0, 90)} entries, 0 failed`,
  (day) =>
    `${day.comma} INFO [Caesium-1-${day.number(1, 4)}] [plugin.notifications.batch.BatchingJob] execute ${day.number(1, 900)} notifications in ${day.number(1, 30)} batches`,
  (day) =>
    `${day.comma} INFO [Catalina-utility-1] [atlassian.confluence.setup.BootstrapManager] start Starting Confluence 9.2.1 [build 9201 based on commit hash ${day.random.hex(40)}]`,
  (day) =>
    `${day.comma} INFO [hz.confluence.cached.thread-${day.number(1, 9)}] [cluster.hazelcast.HazelcastClusterManager] memberAdded node2 joined, 2 members now`,
  (day) =>
    `${day.comma} WARN [Caesium-1-${day.number(1, 4)}] [impl.pdf.PdfExporter] export page ${day.number(1, 9_000_000)} has an image that is not there any more; the export goes on without it`,
];

const SEARCHES = [
  'OutOfMemoryError',
  '401 Unauthorized',
  'how to restart synchrony',
  'Connection refused',
  'disk full',
  'deadlock',
];

const bitbucket = (day: Day, level: string, logger: string, message: string) =>
  `${day.comma} ${level.padEnd(5)} [http-nio-7990-exec-${day.number(1, 30)}] ${day.person} @${day.random.capitals(6)}x${day.number(1, 999)}x${day.number(1, 9999)}x0 ${day.random.token(6)} ${day.address} "GET /rest/api/1.0/projects/${day.project}/repos/${day.repository} HTTP/1.1" ${logger} ${message}`;

const BITBUCKET: readonly Say[] = [
  (day) =>
    bitbucket(
      day,
      'INFO',
      'c.a.b.i.rest.RepositoryResource',
      `${day.number(1, 90)} branches, ${day.number(1, 900)} ms`,
    ),
  (day) =>
    `${day.comma} INFO  [Caesium-1-${day.number(1, 4)}]  c.a.b.i.scm.git.gc.GitGcScheduler Repository gc finished for ${day.number(1, 40)} repositories`,
  (day) =>
    bitbucket(
      day,
      'DEBUG',
      'c.a.s.i.s.g.c.DefaultGitScmCommandFactory',
      `git rev-list exited with 0 after ${day.number(1, 900)} ms`,
    ),
  (day) =>
    bitbucket(
      day,
      'INFO',
      'c.a.b.i.pull.PullRequestService',
      `Pull request ${day.number(1, 900)} "${day.pick(COMMITS)}" was merged`,
    ),
  (day) =>
    bitbucket(
      day,
      'WARN',
      'c.a.s.i.w.ErrorResolver',
      `Branch feature/${day.issue} does not exist in ${day.repository} (404)`,
    ),
  (day) =>
    `${day.comma} INFO  [ssh-scm-request-${day.number(1, 30)}] ${day.person} @${day.random.capitals(6)}x${day.number(1, 999)}x${day.number(1, 9999)}x0 ${day.random.token(6)} ${day.address} SSH - git-upload-pack '/${day.project.toLowerCase()}/${day.repository}.git' c.a.s.i.throttle.SemaphoreThrottledResourceManager ticket of scm-hosting was taken, ${day.number(1, 9)} of 12 in use`,
  (day) =>
    `${day.comma} INFO  [hz.hazelcast.generic-operation.thread-${day.number(0, 3)}]  com.hazelcast.internal.partition.InternalPartitionService Migrations completed, 0 failed`,
  (day) =>
    `${day.comma} DEBUG [AtlassianEvent::thread-${day.number(1, 9)}] ${day.person} @${day.random.capitals(6)}x1x2x0 ${day.random.token(6)} ${day.address} "POST /scm/${day.repository}.git/git-receive-pack HTTP/1.1" c.a.b.i.hook.HookService commit ${day.random.hex(40)} "${day.pick(COMMITS)}" passed all hooks`,
];

const COMMITS = [
  'Fix NullPointerException in the cart',
  'Answer 401 instead of 500 when the token is missing',
  'APP-12 retry on Connection reset',
  'Catch OutOfMemoryError in the importer test',
  'fatal: unable to access: better message',
  'Do not log "Authentication failed for" twice',
  'Raise the heap, GC overhead limit exceeded on CI',
  'Handle PKIX path building failed: tell which certificate is missing',
  'Rate limit exceeded is now a warning',
];

const bamboo = (day: Day, level: string, logger: string, message: string) =>
  `${day.comma} ${level} [${day.number(0, 15)}-BAM::${day.project}-MAIN-JOB1::Agent:pool-${day.number(1, 9)}-thread-1] [${logger}] ${message}`;

const BAMBOO: readonly Say[] = [
  (day) => bamboo(day, 'INFO', 'BuildAgentControllerImpl', `Agent 131073 checking build queue for executables...`),
  (day) =>
    bamboo(
      day,
      'INFO',
      'RepositoryChangeDetector',
      `Change detection found ${day.number(0, 4)} changes for plan ${day.project}-MAIN in ${day.number(30, 4000)} ms`,
    ),
  (day) =>
    bamboo(
      day,
      'INFO',
      'ScriptTask',
      `Build ${day.project}-MAIN-JOB1-${day.number(1, 900)}: Finished task 'Run tests' with result: ${day.pick(['Success', 'Success', 'Failed'])}`,
    ),
  (day) =>
    bamboo(
      day,
      'INFO',
      'RemoteAgentManagerImpl',
      `Agent 'linux-build-0${day.number(1, 6)}' is online, last heartbeat ${day.number(1, 20)} seconds ago`,
    ),
  (day) =>
    bamboo(
      day,
      'INFO',
      'FinalisePlanResultAction',
      `${day.project}-MAIN-${day.number(1, 900)} finished with state ${day.pick(['Successful', 'Successful', 'Failed'])}: commit "${day.pick(COMMITS)}"`,
    ),
  (day) =>
    bamboo(
      day,
      'WARN',
      'TestCollationService',
      `No tests were found in **/target/surefire-reports/*.xml of ${day.project}-MAIN`,
    ),
  (day) =>
    bamboo(
      day,
      'DEBUG',
      'ArtifactManagerImpl',
      `Artifact 'log' was published: ${day.number(1, 90)} files, ${day.number(1, 900)} kB`,
    ),
];

const buildLine = (day: Day, kind: string, text: string) => `${kind}\t${day.tomcat.slice(0, 20)}\t${text}`;

const BUILD: readonly Say[] = [
  (day) =>
    buildLine(
      day,
      'build',
      `[INFO] Running com.example.${day.repository.replace('-', '')}.${day.random.capitals(1)}${day.random.token(7)}Test`,
    ),
  (day) =>
    buildLine(
      day,
      'build',
      `[INFO] Tests run: ${day.number(1, 60)}, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.${day.number(1, 999)} s`,
    ),
  (day) => buildLine(day, 'simple', `Updating source code to revision: ${day.random.hex(40)}`),
  (day) =>
    buildLine(
      day,
      'build',
      `Downloading from central: https://repo.example.com/maven2/com/example/${day.random.token(6)}/1.0/${day.random.token(6)}-1.0.pom`,
    ),
  (day) =>
    buildLine(day, 'command', `Substituting variable: \${bamboo.${day.random.token(5)}} with ${day.number(1, 900)}`),
  (day) =>
    buildLine(
      day,
      'build',
      `[INFO] shouldThrow${day.pick(['TransportException', 'OutOfMemoryError', 'LockFailedException', 'DeadlockException'])}WhenAsked -- passed in 0.0${day.number(1, 99)} s`,
    ),
];

const crowd = (day: Day, level: string, logger: string, message: string) =>
  `${day.comma} Caesium-1-${day.number(1, 4)} ${level} [${logger}] ${message}`;

const CROWD: readonly Say[] = [
  (day) =>
    crowd(
      day,
      'INFO',
      'atlassian.crowd.directory.DbCachingRemoteDirectory',
      `INCREMENTAL synchronisation for directory [ 163842 ] starting`,
    ),
  (day) =>
    crowd(
      day,
      'INFO',
      'atlassian.crowd.directory.DbCachingRemoteDirectory',
      `INCREMENTAL synchronisation complete for directory [ 163842 ] in [ ${day.number(90, 4000)}ms ]`,
    ),
  (day) =>
    crowd(
      day,
      'INFO',
      'directory.ldap.cache.UsnChangedCacheRefresher',
      `found [ ${day.number(0, 9)} ] changed remote groups in [ ${day.number(9, 90)}ms ]`,
    ),
  (day) =>
    crowd(
      day,
      'INFO',
      'manager.authentication.TokenAuthenticationManagerImpl',
      `token of ${day.person} for application jira is valid until ${day.iso}`,
    ),
  (day) =>
    crowd(
      day,
      'DEBUG',
      'crowd.integration.rest.RestResponse',
      `POST /crowd/rest/usermanagement/1/session -> 201 in ${day.number(2, 90)} ms`,
    ),
  (day) =>
    crowd(
      day,
      'INFO',
      'console.action.principal.UpdatePrincipal',
      `${day.person} changed the mail address of ${day.person}`,
    ),
];

const gij = (day: Day, level: string, logger: string, message: string) =>
  `${day.comma}+0000 bigbrassband-gitplugin-RevisionIndexerImpl:thread - ${day.number(0, 5)} ${level}      [${logger}] ${message}`;

const GIT_INTEGRATION: readonly Say[] = [
  (day) =>
    gij(
      day,
      'DEBUG',
      'c.b.j.g.s.indexer.revisions.CommitIssueCollector',
      `Processing commit ${day.random.hex(40)} ${day.issue} ${day.pick(COMMITS)}`,
    ),
  (day) =>
    gij(
      day,
      'INFO',
      'c.b.j.g.s.indexer.revisions.RevisionIndexerImpl',
      `repository '${day.repository}' (repoId: ${day.number(1, 40)}): ${day.number(1, 900)} revisions written`,
    ),
  (day) =>
    gij(
      day,
      'DEBUG',
      'c.b.c.i.sources.clients.MicrosoftClient',
      `GET https://dev.azure.com/fabrikam/_apis/git/repositories/${day.repository}/pushes?api-version=7.0&$top=100&$skip=${day.number(0, 40)}00 -> 200 in ${day.pick([88, 401, 230, 403, 404])} ms`,
    ),
  (day) =>
    gij(
      day,
      'DEBUG',
      'c.b.c.i.sources.clients.GitHubClient',
      `GET https://api.github.com/repos/contoso/${day.repository}/pulls?page=${day.number(1, 9)} -> 200, X-RateLimit-Remaining: ${day.number(900, 4999)}`,
    ),
  (day) =>
    gij(
      day,
      'INFO',
      'c.b.j.g.services.async.BigReindexTask',
      `Reindexing of integration id = ${day.number(1, 90)} is finished, 0 repositories failed`,
    ),
  (day) =>
    gij(
      day,
      'INFO',
      'c.b.j.g.s.fetch.FetchService',
      `fetch of https://git.example.com/${day.repository}.git: attempt 1 met a Connection reset, attempt 2 fetched ${day.number(1, 90)} refs`,
    ),
  (day) =>
    gij(
      day,
      'DEBUG',
      'c.b.j.g.s.indexer.pr.PullRequestIndexer',
      `pull request ${day.number(1, 900)} "${day.pick(COMMITS)}" of ${day.repository} is unchanged`,
    ),
];

const VIEW_LOG: readonly Say[] = [
  (day) =>
    `${day.seconds.replaceAll('-', '/')} Reindexing of repository '${day.repository}' (repoId: ${day.number(1, 40)}) is finished`,
  (day) => `${day.seconds.replaceAll('-', '/')} Updating to: ${day.random.hex(40)}`,
  (day) =>
    `${day.seconds.replaceAll('-', '/')} Fetched https://git.example.com/${day.repository}.git, ${day.number(0, 30)} refs changed`,
  (day) =>
    `${day.seconds.replaceAll('-', '/')} ${day.number(1, 90)} revisions of ${day.repository} are for ${day.issue}`,
];

const FETCH: readonly Say[] = [
  (day) =>
    `+ git fetch --prune origin # ${day.iso}\nFrom https://git.example.com/shop/${day.repository}\n   ${day.random.hex(7)}..${day.random.hex(7)}  main       -> origin/main\n * [new branch]      feature/${day.issue}-${day.pick(['fix-401', 'connection-refused', 'oom-in-export'])} -> origin/feature/${day.issue}`,
  (day) =>
    `remote: Enumerating objects: ${day.number(1, 900)}, done.\nremote: Counting objects: 100% (${day.number(1, 90)}/90), done.\nremote: Total ${day.number(1, 900)} (delta ${day.number(1, 90)}), reused 0 (delta 0), pack-reused 0\nReceiving objects: 100% (90/90), ${day.number(1, 90)}.12 MiB | 8.10 MiB/s, done.`,
  (day) =>
    ` - [deleted]         (none)     -> origin/feature/${day.issue}\n x [deleted]         (none)     -> origin/release/${day.number(1, 9)}.0`,
  () =>
    'Already up to date.\nAuto packing the repository in background for optimum performance.\nSee "git help gc" for manual housekeeping.',
  (day) => `${day.random.hex(7)} ${day.pick(COMMITS)}\nHEAD is now at ${day.random.hex(7)} ${day.pick(COMMITS)}`,
  (day) => `warning: redirecting to https://git.example.com/shop/${day.repository}.git/`,
];

const jenkins = (day: Day, level: string, source: string, message: string) =>
  `${day.dot}+0000 [id=${day.number(20, 900)}]\t${level}\t${source}: ${message}`;

const JENKINS: readonly Say[] = [
  (day) =>
    jenkins(
      day,
      'INFO',
      'o.j.p.workflow.job.WorkflowRun#finish',
      `${day.repository}/main #${day.number(1, 900)} completed: ${day.pick(['SUCCESS', 'SUCCESS', 'FAILURE', 'ABORTED'])}`,
    ),
  (day) =>
    jenkins(
      day,
      'INFO',
      'hudson.model.AsyncPeriodicWork#lambda$doRun$1',
      `Finished ${day.pick(['Fingerprint cleanup', 'workspace clean-up', 'Periodic background build discarder'])}. ${day.number(1, 900)} ms`,
    ),
  (day) =>
    jenkins(
      day,
      'INFO',
      'o.j.p.g.GitHubSCMSource#retrieve',
      `Scanning contoso/${day.repository}: ${day.number(1, 90)} branches, ${day.number(1, 30)} pull requests`,
    ),
  (day) =>
    jenkins(
      day,
      'INFO',
      'o.j.p.g.ApiRateLimitChecker#LocalChecker',
      `GitHub API Usage: Current quota has ${day.number(1000, 4900)} remaining (${day.number(1, 90)} over budget). Next quota of 5000 in ${day.number(1, 59)} min`,
    ),
  (day) =>
    jenkins(
      day,
      'WARNING',
      'hudson.model.UpdateSite#getData',
      'the data of the update site are older than a day; they are read again',
    ),
  (day) =>
    jenkins(
      day,
      'INFO',
      'hudson.slaves.NodeProvisioner#lambda$update$6',
      `agent-${day.random.token(5)} provisioning successfully completed. We have now ${day.number(1, 9)} computer(s)`,
    ),
];

const CONSOLE: readonly Say[] = [
  (day) => `[Pipeline] sh\n+ mvn -B -ntp verify -Dtest=${day.random.capitals(1)}${day.random.token(6)}Test`,
  (day) =>
    `[INFO] Tests run: ${day.number(1, 90)}, Failures: 0, Errors: 0, Skipped: ${day.number(0, 3)}, Time elapsed: ${day.number(1, 90)}.12 s -- in com.example.${day.random.capitals(1)}${day.random.token(6)}Test`,
  (day) => ` > git rev-parse refs/remotes/origin/main^{commit} # timeout=10\nCommit message: "${day.pick(COMMITS)}"`,
  (day) =>
    `[INFO] Building ${day.repository} ${day.number(1, 9)}.${day.number(0, 9)}-SNAPSHOT\n[INFO] BUILD SUCCESS\n[INFO] Total time:  ${day.number(1, 59)}.${day.number(10, 99)} s`,
  (day) =>
    `[Pipeline] { (Deploy to stage ${day.number(1, 9)})\nDeployed ${day.repository}, health check answered UP after ${day.number(1, 30)} tries`,
  () => '[Pipeline] }\n[Pipeline] // stage\nFinished: SUCCESS',
  (day) =>
    `npm warn deprecated ${day.random.token(7)}@1.${day.number(0, 9)}.0: use another one\nadded ${day.number(90, 900)} packages in ${day.number(3, 60)}s`,
];

const sonar = (day: Day, level: string, logger: string, message: string) =>
  `${day.seconds.replaceAll('-', '.')} ${level.padEnd(5)} ${day.pick(['web', 'ce'])}[${day.random.token(12)}][${logger}] ${message}`;

const SONAR: readonly Say[] = [
  (day) =>
    sonar(
      day,
      'INFO',
      'o.s.c.t.s.ComputationStepExecutor',
      `Persist issues | insertsOrUpdates=${day.number(0, 900)} | status=SUCCESS | time=${day.number(1, 900)}ms`,
    ),
  (day) =>
    sonar(
      day,
      'INFO',
      'o.s.c.t.CeWorkerImpl',
      `Executed task | project=${day.repository} | type=REPORT | id=${day.random.token(20)} | submitter=ci | status=SUCCESS | time=${day.number(900, 9000)}ms`,
    ),
  (day) =>
    sonar(day, 'DEBUG', 'o.s.s.a.ws.AlmSettingsWs', 'Validating DevOps platform setting azure-contoso: OK (200)'),
  (day) =>
    sonar(
      day,
      'INFO',
      'o.s.s.qualitygate.ws.StatusAction',
      `quality gate of ${day.repository}: ${day.pick(['OK', 'OK', 'ERROR'])} (new_coverage ${day.number(20, 99)} %)`,
    ),
  (day) =>
    sonar(
      day,
      'WARN',
      'o.s.c.t.p.s.LoadReportAnalysisMetadataHolderStep',
      `${day.repository} was analysed by a scanner that is one version older`,
    ),
];

const talk =
  (sayings: readonly Say[], pause = 20_000) =>
  (seed: number) =>
    chatter(seed, sayings, undefined, { pause });

export const PRODUCT_LOGS: readonly HealthyKind[] = [
  { name: 'wiki/atlassian-confluence.log', make: talk(CONFLUENCE) },
  { name: 'git/atlassian-bitbucket.log', make: talk(BITBUCKET) },
  { name: 'ci/atlassian-bamboo.log', make: talk(BAMBOO) },
  { name: 'ci/SHOP-MAIN-JOB1-412.log', make: talk(BUILD, 900) },
  { name: 'sso/atlassian-crowd.log', make: talk(CROWD) },
  { name: 'git-integration/atlassian-jira.log', make: talk(GIT_INTEGRATION, 3_000) },
  { name: 'git-integration/view-log.txt', make: talk(VIEW_LOG, 9_000) },
  { name: 'git/fetches.txt', make: talk(FETCH) },
  { name: 'ci/jenkins.log', make: talk(JENKINS) },
  { name: 'ci/console.txt', make: talk(CONSOLE) },
  { name: 'quality/sonar.log', make: talk(SONAR) },
];
