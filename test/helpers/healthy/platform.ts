/** Healthy logs of what products stand on: Tomcat, the JVM, proxies, databases, search. */
import { chatter, Day, type HealthyKind, LEAST, type Say } from './day.js';

const tomcat = (day: Day, level: string, source: string, message: string) =>
  `${day.tomcat} ${level} [main] org.apache.${source} ${message}`;

const TOMCAT: readonly Say[] = [
  (day) =>
    tomcat(
      day,
      'INFO',
      'catalina.startup.VersionLoggerListener.log',
      `Command line argument: ${day.pick(['-Xmx8192m', '-XX:+HeapDumpOnOutOfMemoryError', '-XX:+ExitOnOutOfMemoryError', '-XX:ReservedCodeCacheSize=512m', '-Djava.awt.headless=true'])}`,
    ),
  (day) =>
    tomcat(
      day,
      'INFO',
      'coyote.AbstractProtocol.init',
      `Initializing ProtocolHandler ["http-nio-${day.pick([8080, 8090, 8443])}"]`,
    ),
  (day) =>
    tomcat(
      day,
      'INFO',
      'coyote.AbstractProtocol.start',
      `Starting ProtocolHandler ["http-nio-${day.pick([8080, 8090, 8443])}"]`,
    ),
  (day) => tomcat(day, 'INFO', 'catalina.core.StandardService.startInternal', 'Starting service [Catalina]'),
  (day) =>
    tomcat(
      day,
      'INFO',
      'catalina.startup.Catalina.start',
      `Server startup in [${day.number(9000, 90_000)}] milliseconds`,
    ),
  (day) =>
    tomcat(
      day,
      'INFO',
      'catalina.core.StandardServer.await',
      'A valid shutdown command was received via the shutdown port. Stopping the Server instance.',
    ),
  (day) => tomcat(day, 'INFO', 'coyote.AbstractProtocol.pause', 'Pausing ProtocolHandler ["http-nio-8080"]'),
  (day) => tomcat(day, 'INFO', 'coyote.AbstractProtocol.destroy', 'Destroying ProtocolHandler ["http-nio-8080"]'),
  (day) =>
    tomcat(
      day,
      'WARNING',
      'tomcat.util.digester.SetPropertiesRule.begin',
      `Match [Server/Service/Connector] failed to set property [${day.random.token(7)}] to [true]`,
    ),
  (day) =>
    tomcat(
      day,
      'INFO',
      'jasper.servlet.TldScanner.scanJars',
      'At least one JAR was scanned for TLDs yet contained no TLDs. Enable debug logging for this logger for a complete list.',
    ),
  (day) =>
    tomcat(
      day,
      'INFO',
      'catalina.core.AprLifecycleListener.lifecycleEvent',
      'The Apache Tomcat Native library which allows using OpenSSL was not found on the java.library.path: [/usr/lib64:/lib64:/lib:/usr/lib]',
    ),
  () =>
    'OpenJDK 64-Bit Server VM warning: Sharing is only supported for boot loader classes because bootstrap classpath has been appended',
];

const PATHS: readonly Say[] = [
  (day) => `/browse/${day.issue}`,
  (day) => `/rest/api/2/issue/${day.issue}`,
  () => '/secure/Dashboard.jspa',
  () => '/s/d41d8cd98f/_/download/batch/jira.webresources.css',
  (day) =>
    `/rest/api/2/search?jql=text+~+%22${day.pick(['OutOfMemoryError', '401+Unauthorized', 'Connection+refused', 'PKIX+path+building+failed', 'No+space+left+on+device'])}%22&startAt=${day.number(0, 900)}`,
  (day) => `/secure/attachment/${day.number(1, 9999)}/OutOfMemoryError.png`,
  (day) => `/rest/api/2/user?username=${day.person}`,
  (day) => `/projects/${day.project}/issues?filter=allissues`,
  (day) => `/scm/shop/${day.repository}.git/info/refs?service=git-upload-pack`,
];

const path = (day: Day) => day.random.pickSkewed(PATHS)(day);
const method = (day: Day) => day.pick(['GET', 'GET', 'GET', 'POST', 'PUT']);
const status = (day: Day) => day.random.pickSkewed([200, 200, 304, 204, 302, 404, 400, 403]);

const jiraAccess: Say = (day) =>
  `${day.address} ${day.number(360, 900)}x${day.number(1000, 99_999)}x${day.number(1, 6)} ${day.person} [${day.access}] "${method(day)} ${path(day)} HTTP/1.1" ${status(day)} ${day.number(40, 90_000)} ${day.pick([12, 401, 403, 500, 503])} "https://jira.example.com/secure/Dashboard.jspa" "${day.browser}" "${day.random.token(6)}"`;
const commonAccess: Say = (day) =>
  `${day.address} - ${day.person} [${day.access}] "${method(day)} ${path(day)} HTTP/1.1" ${status(day)} ${day.number(40, 90_000)} "-" "${day.browser}"`;
const bitbucketAccess: Say = (day) =>
  `${day.address},127.0.0.1 | https | ${day.pick(['i', 'o'])}@${day.random.capitals(6)}x${day.number(1, 999)}x${day.number(1, 9999)}x0 | ${day.person} | ${day.comma} | "${method(day)} ${path(day)} HTTP/1.1" | "" "git/2.43.0" | ${status(day)} | 0 | ${day.number(1, 90_000)} | - | ${day.number(1, 900)} | ${day.random.token(6)} | `;
const confluenceAccess: Say = (day) =>
  `[${day.access}] ${day.person} http-nio-8090-exec-${day.number(1, 30)} ${day.address} ${method(day)} /display/${day.project}/${day.pick(['Home', 'OutOfMemoryError', 'How+to+fix+a+401'])} HTTP/1.1 ${status(day)} ${day.number(3, 900)}ms ${day.number(40, 90_000)} https://wiki.example.com/index.action ${day.browser}`;

/** Young collections and concurrent cycles, no pause of half a second. */
function unifiedGc(seed: number): string {
  const day = new Day(seed);
  let heap = 2000;
  for (let number = 0; day.length < LEAST; number++) {
    day.pass(9_000);
    const line = (text: string) =>
      day.write(
        `[${day.iso.replace('Z', '+0000')}][${day.number(100, 90_000)}.${day.number(100, 999)}s][info][gc] GC(${number}) ${text}`,
      );
    const before = heap + day.number(500, 1500);
    heap = day.random.chance(0.05) ? 1800 : Math.min(heap + day.number(0, 30), 4000);
    line(
      `Pause Young (Normal) (G1 Evacuation Pause) ${before}M->${heap}M(8192M) ${day.number(9, 180)}.${day.number(100, 999)}ms`,
    );
    if (day.random.chance(0.1)) {
      line('Concurrent Mark Cycle');
      line(`Pause Remark ${heap}M->${heap}M(8192M) ${day.number(3, 60)}.412ms`);
      line(`Pause Cleanup ${heap}M->${heap}M(8192M) 0.${day.number(100, 999)}ms`);
      line(`Concurrent Mark Cycle ${day.number(300, 1900)}.118ms`);
    }
  }
  return day.text;
}

function gcOfJdk8(seed: number): string {
  const day = new Day(seed);
  let seconds = 100;
  while (day.length < LEAST) {
    day.pass(9_000);
    seconds += day.number(1, 9);
    const stamp = `${day.iso.replace('Z', '+0000')}: ${seconds}.${day.number(100, 999)}`;
    const took = `0.${String(day.number(100_000, 2_900_000)).padStart(7, '0')} secs`;
    const times = ` [Times: user=0.${day.number(10, 90)} sys=0.01, real=0.${day.number(10, 29)} secs] `;
    day.write(
      `${stamp}: [GC (Allocation Failure) [PSYoungGen: ${day.number(900_000, 1_200_000)}K->98560K(1397760K)] ${day.number(4_000_000, 5_200_000)}K->${day.number(3_000_000, 3_900_000)}K(5592064K), ${took}]${times}`,
    );
    if (day.random.chance(0.1))
      day.write(
        `${stamp}: [GC (GCLocker Initiated GC) [PSYoungGen: 991231K->64112K(1397760K)] 4103110K->3110244K(5592064K), ${took}]${times}`,
      );
  }
  return day.text;
}

const FRAMES = [
  'java.net.SocketInputStream.socketRead0(java.base@17.0.13/Native Method)',
  'org.postgresql.core.v3.QueryExecutorImpl.processResults(QueryExecutorImpl.java:2133)',
  'com.atlassian.jira.issue.index.DefaultIndexManager.reIndex(DefaultIndexManager.java:412)',
  'org.apache.lucene.index.IndexWriter.commit(IndexWriter.java:3398)',
  'com.sun.mail.imap.IMAPFolder.fetch(IMAPFolder.java:1311)',
  'com.bigbrassband.jira.git.services.indexer.revisions.RevisionIndexerImpl.run(RevisionIndexerImpl.java:88)',
  'java.lang.Thread.run(java.base@17.0.13/Thread.java:840)',
];

/** Dumps five seconds apart; nobody waits for a lock that somebody waiting holds. */
function threadDumps(seed: number): string {
  const day = new Day(seed);
  while (day.length < LEAST) {
    day.pass(5_000);
    day.write(`${day.seconds}\nFull thread dump OpenJDK 64-Bit Server VM (17.0.13+11 mixed mode, sharing):\n`);
    for (let thread = 1; thread <= 60; thread++) {
      const running = thread > 4 && day.random.chance(0.3);
      const name =
        thread <= 4
          ? `Caesium-1-${thread}`
          : `${day.pick(['http-nio-8080-exec', 'localq-reader', 'IssueIndexer:thread'])}-${thread}`;
      day.write(
        `"${name}" #${100 + thread} daemon prio=5 os_prio=0 cpu=${day.number(1, 9000)}.01ms elapsed=13401.20s tid=0x00007f3c${day.random.hex(6)} nid=0x${day.random.hex(4)} ${running ? 'runnable' : 'waiting on condition'}  [0x00007f3b${day.random.hex(6)}]`,
      );
      day.write(`   java.lang.Thread.State: ${running ? 'RUNNABLE' : 'WAITING (parking)'}`);
      if (!running) {
        day.write('\tat jdk.internal.misc.Unsafe.park(java.base@17.0.13/Native Method)');
        day.write(
          `\t- parking to wait for  <0x00000007${day.random.hex(8)}> (a java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject)`,
        );
      }
      for (const frame of FRAMES.slice(day.number(0, 5))) day.write(`\tat ${frame}`);
      day.write('');
    }
    day.write(
      '"VM Periodic Task Thread" os_prio=0 cpu=401.00ms elapsed=13401.20s tid=0x00007f3c00ffee nid=0x1a99 waiting on condition\n\nJNI global refs: 41, weak refs: 0\n',
    );
  }
  return day.text;
}

const NGINX: readonly Say[] = [
  (day) =>
    `${day.seconds.replaceAll('-', '/')} [notice] ${day.number(1, 99)}#${day.number(1, 99)}: signal process started`,
  (day) =>
    `${day.seconds.replaceAll('-', '/')} [info] ${day.number(1, 99)}#${day.number(1, 99)}: *${day.number(1, 99_999)} client ${day.address} closed keepalive connection`,
  (day) =>
    `${day.seconds.replaceAll('-', '/')} [warn] ${day.number(1, 99)}#${day.number(1, 99)}: *${day.number(1, 99_999)} a client request body is buffered to a temporary file /var/cache/nginx/client_temp/00000${day.number(10_000, 99_999)}, client: ${day.address}, server: jira.example.com, request: "POST /rest/api/2/issue/${day.issue}/attachments HTTP/1.1", host: "jira.example.com"`,
  (day) =>
    `${day.seconds.replaceAll('-', '/')} [warn] ${day.number(1, 99)}#${day.number(1, 99)}: *${day.number(1, 99_999)} an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/1/00/0000000${day.number(100, 999)} while reading upstream, client: ${day.address}, server: jira.example.com, request: "GET /secure/attachment/${day.number(1, 9999)}/log.zip HTTP/1.1", upstream: "http://192.0.2.60:8080/", host: "jira.example.com"`,
  (day) =>
    `${day.seconds.replaceAll('-', '/')} [notice] 1#1: gracefully shutting down worker ${day.number(20, 99)}, reload by the certificate job`,
];

const postgres = (day: Day, level: string, message: string) =>
  `${day.dot} UTC [${day.number(1000, 40_000)}] jiradb@jira ${level}:  ${message}`;

const POSTGRES: readonly Say[] = [
  (day) =>
    postgres(
      day,
      'LOG',
      'connection authorized: user=jira database=jiradb SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)',
    ),
  (day) =>
    postgres(
      day,
      'LOG',
      `disconnection: session time: 0:${day.number(10, 59)}:12.${day.number(100, 999)} user=jira database=jiradb host=${day.address} port=${day.number(30_000, 60_000)}`,
    ),
  (day) =>
    `${day.dot} UTC [88] LOG:  checkpoint complete: wrote ${day.number(9, 9000)} buffers (${day.number(1, 9)}.2%); 0 WAL file(s) added, 0 removed, ${day.number(0, 9)} recycled; write=${day.number(1, 200)}.1 s, sync=0.01 s, total=200.2 s`,
  (day) =>
    postgres(
      day,
      'LOG',
      `duration: ${day.number(1000, 4000)}.120 ms  execute <unnamed>: SELECT ID FROM jiraissue WHERE SUMMARY LIKE '%${day.pick(['deadlock detected', 'too many clients', 'Connection refused'])}%'`,
    ),
  (day) =>
    `${day.dot} UTC [91] LOG:  automatic vacuum of table "jiradb.public.jiraissue": index scans: 1\n\tpages: 0 removed, ${day.number(100, 9000)} remain\n\ttuples: ${day.number(1, 900)} removed, ${day.number(1000, 90_000)} remain`,
  (day) => postgres(day, 'WARNING', 'there is no transaction in progress'),
  (day) =>
    postgres(
      day,
      'LOG',
      `process ${day.number(1000, 9999)} acquired ShareLock on transaction ${day.number(10_000, 99_999)} after ${day.number(1001, 1400)}.441 ms`,
    ),
];

const search = (day: Day, level: string, logger: string, message: string) =>
  `[${day.iso.slice(0, 19)},${day.iso.slice(20, 23)}][${level.padEnd(5)}][${logger.padEnd(25)}] [search-${day.number(1, 3)}] ${message}`;

const OPENSEARCH: readonly Say[] = [
  (day) =>
    search(
      day,
      'INFO',
      'o.o.c.m.MetadataCreateIndexService',
      `[jira_issues_${day.number(1, 9)}] creating index, cause [api], templates [], shards [1]/[1]`,
    ),
  (day) =>
    search(
      day,
      'INFO',
      'o.o.c.r.a.AllocationService',
      'Cluster health status changed from [YELLOW] to [GREEN] (reason: [shards started [[jira_issues][0]]]).',
    ),
  (day) =>
    search(
      day,
      'INFO',
      'o.o.m.j.JvmGcMonitorService',
      `[gc][${day.number(100, 9000)}] overhead, spent [${day.number(200, 400)}ms] collecting in the last [1s]`,
    ),
  (day) =>
    search(
      day,
      'WARN',
      'o.o.d.c.s.SearchDeprecationLogger',
      `[types removal] Specifying types in search requests is deprecated, query text [${day.pick(['OutOfMemoryError', 'read_only_allow_delete', 'disk watermark'])}]`,
    ),
  (day) =>
    search(day, 'INFO', 'o.o.c.r.a.DiskThresholdMonitor', `disk usage ${day.number(20, 70)} %, below all watermarks`),
  (day) =>
    search(
      day,
      'INFO',
      'o.o.i.s.IndexShard',
      `[jira_issues][0] primary-replica resync completed with ${day.number(0, 9)} operations`,
    ),
];

const SYSLOG: readonly Say[] = [
  (day) => `${day.iso} jira1 systemd[1]: Started jira.service - Jira Data Center.`,
  (day) =>
    `${day.iso} jira1 sshd[${day.number(1000, 9999)}]: Accepted publickey for ops from ${day.address} port ${day.number(30_000, 60_000)} ssh2: ED25519 SHA256:${day.random.token(20)}`,
  (day) => `${day.iso} jira1 CRON[${day.number(1000, 9999)}]: (root) CMD (/opt/tools/check-disk.sh --warn-below 10%)`,
  (day) =>
    `${day.iso} jira1 kernel: [${day.number(1000, 9999)}.120312] TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.`,
  (day) => `${day.iso} jira1 systemd[1]: logrotate.service: Deactivated successfully.`,
  (day) =>
    `${day.iso} jira1 chronyd[812]: Selected source ${day.address} (ntp.example.com), offset 0.000${day.number(100, 999)} s`,
];

const talk =
  (sayings: readonly Say[], pause = 20_000) =>
  (seed: number) =>
    chatter(seed, sayings, undefined, { pause });

export const PLATFORM_LOGS: readonly HealthyKind[] = [
  { name: 'tomcat/catalina.2026-11-18.log', make: talk(TOMCAT, 9_000) },
  { name: 'tomcat/access_log.2026-11-18', make: talk([jiraAccess], 900) },
  { name: 'proxy/access.log', make: talk([commonAccess], 900) },
  { name: 'git/atlassian-bitbucket-access.log', make: talk([bitbucketAccess], 900) },
  { name: 'wiki/conf_access_log.2026-11-18.log', make: talk([confluenceAccess], 900) },
  { name: 'jvm/gc-2026-11-18.log', make: unifiedGc },
  { name: 'jvm/gc-jdk8.log', make: gcOfJdk8 },
  { name: 'jvm/threaddump_20261118.txt', make: threadDumps },
  { name: 'proxy/error.log', make: talk(NGINX) },
  { name: 'database/postgresql-2026-11-18.log', make: talk(POSTGRES) },
  { name: 'search/opensearch.log', make: talk(OPENSEARCH) },
  { name: 'host/messages', make: talk(SYSLOG) },
];
