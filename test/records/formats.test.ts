import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALL_FAMILIES, startOf } from '../../src/records/family.js';
import type { Format, Header } from '../../src/records/format.js';
import { PLAIN_TIME_FAMILIES } from '../../src/records/formats/plain-time.js';

const FAMILIES = [...ALL_FAMILIES, ...PLAIN_TIME_FAMILIES];
const FORMATS = new Map<string, Format>(
  FAMILIES.flatMap((family) => family.formats.map((format) => [format.name, format])),
);

for (const format of FORMATS.values()) {
  test(`${format.name}: each sample begins a record of this format and of no other in its families`, () => {
    assert.ok(format.samples.length >= 2, 'two samples or more');
    for (const sample of format.samples) {
      const first = sample.split('\n')[0]!;
      assert.ok(format.starts(first), first);
      for (const family of FAMILIES.filter((one) => one.formats.includes(format))) {
        const claiming = family.formats.filter((one) => one.starts(first)).map((one) => one.name);
        assert.deepEqual(claiming, [format.name], `${family.name}: ${first}`);
      }
    }
  });

  test(`${format.name}: the characters that begin its headers are those of its samples' headers`, () => {
    for (const sample of format.samples) {
      assert.ok(format.firsts?.includes(sample[0]!) ?? true, `${format.firsts} has no ${sample[0]}`);
    }
  });

  test(`${format.name}: the other lines of a sample begin no record in its families`, () => {
    for (const sample of format.samples) {
      for (const line of sample.split('\n').slice(1)) {
        for (const family of FAMILIES.filter((one) => one.formats.includes(format))) {
          assert.equal(startOf(family, line)?.name ?? null, null, `${family.name}: ${line}`);
        }
      }
    }
  });
}

const CONTINUATIONS = [
  '\tat com.example.Foo.bar(Foo.java:1)',
  'at com.example.Foo.bar(Foo.java:1)',
  '    at java.base/java.lang.Thread.run(Thread.java:829)',
  'Caused by: java.net.ConnectException: Connection refused',
  'Suppressed: java.io.IOException: x',
  '... 31 more',
  '\t... 3 common frames omitted',
  '... 10 more frames available in the log file',
  'com.example.FooException: failed',
  'java.lang.OutOfMemoryError: Java heap space',
  '',
  ' -- url: /x | userName: jdoe',
  '    2026-01-31 12:34:56,789 forged ERROR [c.a.Foo] indented as the layout does it',
];

test('lines of stack traces begin no record in any family', () => {
  for (const family of FAMILIES) {
    for (const line of CONTINUATIONS)
      assert.equal(startOf(family, line)?.name ?? null, null, `${family.name}: ${line}`);
  }
});

test('brackets of JSON, quotes, headings and bare times begin records only in families of their own', () => {
  const lines = [
    '{"a": 1}',
    '{"level":"error","time":1}',
    '"key": "value"',
    '"Thread-1":',
    '# heading',
    '# A title',
    '12:34:56',
    '12:34:56 text',
  ];
  for (const name of ['jira', 'confluence', 'bitbucket', 'mixed', 'crowd', 'bamboo', 'jira-mail', 'jira-security']) {
    const family = FAMILIES.find((one) => one.name === name)!;
    for (const line of lines) assert.equal(startOf(family, line), null, `${name}: ${line}`);
  }
});

/** The header of the sample's number, without what is null. */
function headerOf(name: string, sample: number): Record<string, unknown> {
  const header = FORMATS.get(name)!.header(FORMATS.get(name)!.samples[sample]!.split('\n'));
  return told(header);
}

function told(header: Header): Record<string, unknown> {
  const { stamp, message, lines, ...fields } = header;
  return Object.fromEntries(
    Object.entries({ time: stamp?.text ?? null, ...fields, message, lines: lines === 1 ? null : lines }).filter(
      ([, value]) => value !== null,
    ),
  );
}

const HEADERS: readonly (readonly [string, number, Record<string, unknown>])[] = [
  [
    'common-access',
    1,
    {
      time: '04/May/2026:08:12:33 +0000',
      url: '/rest/api/2/issue',
      message: '"POST /rest/api/2/issue HTTP/1.1" 401 381 "-" "curl/8.5.0"',
    },
  ],
  [
    'jira-bare',
    0,
    {
      time: '2026-05-06 12:00:04,220+0000',
      level: 'INFO',
      message: "Sending mailitem To='jdoe@example.com' Subject='[JIRA] (APP-311) Login page' From='null'",
    },
  ],
  [
    'jira',
    0,
    {
      time: '2020-07-28 16:34:37,899',
      level: 'FATAL',
      thread: 'Jira-Bootstrap',
      logger: 'c.a.jira.startup.JiraStartupLogger',
      message: 'Startup check failed. Jira will be locked.',
    },
  ],
  [
    'jira',
    2,
    {
      time: '2021-09-20 14:27:57,400-0400',
      level: 'ERROR',
      thread: 'http-nio-8080-exec-23',
      logger: 'c.a.j.security.login.JiraSeraphAuthenticator',
      user: 'anonymous',
      requestId: '867x269792x1',
      url: '/rest/gadget/1.0/login',
      message: "Error occurred while trying to authenticate user 'jdoe'.",
    },
  ],
  [
    'jira',
    3,
    {
      time: '2020-09-09 18:54:55,761',
      level: 'INFO',
      thread: 'http-nio-8081-exec-80 url:/rest/bitbucket...epository/12/sync username:jdoe',
      logger: 'c.a.j.p.d.r.external.v1.RepositoryResource',
      user: 'anonymous',
      requestId: '1134x10999251x11',
      url: '/rest/bitbucket/1.0/repository/12/sync',
      message: 'Postcommit hook started synchronization',
    },
  ],
  [
    'jira',
    5,
    {
      time: '2026-02-24 17:00:22,905+0100',
      level: 'ERROR',
      thread: "active-objects-init-JiraTenantImpl{id='system'}-0",
      logger: 'n.java.ao.sql',
      message: 'Exception executing SQL update <ALTER TABLE dbo.AO_08F1AF_INSTANCE>',
    },
  ],
  [
    'jira',
    6,
    {
      time: '2016-07-14 15:26:23,208',
      level: 'INFO',
      thread: 'http-bio-8080-exec-3',
      logger: 'c.a.j.i.search.providers.LuceneSearchProvider_SLOW',
      user: 'admin',
      requestId: '926x1041x2',
      url: '/rest/issueNav/1/issueTable',
      message: 'JQL query \'project = "ABC"\' produced lucene query',
    },
  ],
  [
    'jira',
    7,
    {
      time: '2026-03-11 07:07:072,777+0000',
      level: 'INFO',
      thread: 'Caesium-1-2',
      logger: 'c.a.j.util.stats.JiraStats',
      user: 'ServiceRunner',
      message: '[JIRA-STATS] [AO] duration: PT5M',
    },
  ],
  [
    'jira-level-first',
    0,
    {
      time: '2010-03-02 04:15:00,012',
      level: 'ERROR',
      thread: 'QuartzWorker-1',
      logger: 'jira.service.services.mail.MailFetcherService',
      message: 'Error while retrieving mail',
    },
  ],
  [
    'jira-level-first',
    1,
    {
      time: '2009-11-30 23:00:00,120',
      level: 'WARN',
      logger: 'atlassian.jira.service.ServiceRunner',
      message: 'Service export is late',
    },
  ],
  ['jira-level-first', 2, { time: '2011-05-06 10:00:01,003', level: 'INFO', message: 'Running the export service' }],
  [
    'jira-security',
    0,
    {
      time: '2020-06-16 09:00:12,345',
      thread: 'http-nio-8080-exec-5',
      user: 'anonymous',
      requestId: '540x12x1',
      url: '/rest/gadget/1.0/login',
      message: "The user 'jdoe' has FAILED authentication. Failure count equals 3",
    },
  ],
  [
    'jira-security',
    1,
    {
      time: '2026-05-04 08:01:12,310+0000',
      thread: 'http-nio-8080-exec-4 url: /rest/gadget/1.0/login; user: anonymous',
      user: 'anonymous',
      requestId: '481x9931x1',
      url: '/rest/gadget/1.0/login',
      message: "login : 'mmeier' tried to login but they do not have USE permission",
    },
  ],
  [
    'jira-security',
    3,
    {
      time: '2026-02-20 03:15:10,001+0000',
      thread: 'Caesium-1-4',
      message: "HttpSession [8fd2] created for 'anonymous'",
    },
  ],
  [
    'jira-mail',
    0,
    {
      time: '2020-06-16 11:30:17,600',
      level: 'ERROR',
      thread: 'Caesium-1-4',
      user: 'ServiceRunner',
      message: 'MailJobRun',
    },
  ],
  [
    'jira-mail',
    2,
    {
      time: '2026-03-17 14:10:03,950+0000',
      level: 'ERROR',
      thread: 'Caesium-1-1',
      user: 'ServiceRunner',
      message:
        'helpdesk helpdesk[10501]: javax.mail.MessagingException: A3 BAD User is authenticated but not connected.;',
    },
  ],
  [
    'jira-mail',
    3,
    {
      time: '2024-05-06 12:00:04,220+0000',
      level: 'DEBUG',
      thread: 'http-nio-8080-exec-2',
      user: 'jdoe',
      requestId: '720x11x1',
      url: '/secure/admin/SendTestMail.jspa',
      message: 'Sending a test mail',
    },
  ],
  ['jira-bare', 2, { time: '2024-08-01 00:00:00,001', message: 'apdex=0.94 satisfied=120 tolerating=4 frustrated=1' }],
  [
    'gij-view-log',
    0,
    {
      time: '2024/11/05 09:30:11',
      message: 'com.bigbrassband.jira.git.exceptions.GitException: https://git.example.com/shop.git: not authorized',
    },
  ],
  [
    'log4j-status',
    0,
    { level: 'WARN', message: 'No appenders could be found for logger (org.apache.axis.ConfigurationException).' },
  ],
  ['log4j-status', 2, { message: 'Failed to load class "org.slf4j.impl.StaticLoggerBinder".' }],
  [
    'confluence',
    0,
    {
      time: '2020-06-12 23:01:32,956',
      level: 'ERROR',
      thread: 'https-jsse-nio2-443-exec-23',
      logger: 'confluence.importexport.impl.AbstractXmlExporter',
      user: 'admin',
      requestId: '476658cbce6d4360',
      url: '/admin/dobackup.action',
      message: "backupEntities Couldn't backup database data.",
    },
  ],
  [
    'confluence',
    2,
    {
      time: '2026-03-02 10:59:57,30+0200',
      level: 'WARN',
      thread: 'ContainerBackgroundProcessor[StandardEngine[Standalone]]',
      logger: 'atlassian.confluence.util.Foo',
      message: 'run slow',
    },
  ],
  [
    'confluence',
    3,
    {
      time: '2024-09-01 08:00:00,101',
      level: 'WARN',
      thread: 'http-nio-8090-exec-81 url:/confluence/res...notification/count',
      logger: 'com.atlassian.confluence.Foo',
      user: 'jdoe',
      requestId: '90a1b4c2e7',
      url: '/rest/mywork/latest/status/notification/count',
      message: 'call late',
    },
  ],
  [
    'bitbucket',
    0,
    {
      time: '2022-06-23 16:55:46,897',
      level: 'DEBUG',
      thread: 'http-nio-8081-exec-5',
      logger: 'c.a.s.i.auth.DefaultCaptchaService',
      requestId: '1S969HQx1015x832x0',
      url: '/j_atl_security_check',
      message: 'Authentication failed',
    },
  ],
  [
    'bitbucket',
    1,
    {
      time: '2026-05-05 10:31:44,739',
      level: 'INFO',
      thread: 'Caesium-1-2',
      logger: 'c.a.b.i.scm.git.gc.GitGcScheduler',
      message: 'Repository gc finished for 14 repositories',
    },
  ],
  [
    'bitbucket',
    2,
    {
      time: '2019-03-04 09:00:00,100',
      level: 'ERROR',
      thread: 'http-nio-7990-exec-9',
      logger: 'c.a.s.i.web.ErrorResolver',
      user: 'jdoe',
      requestId: '4BN7QDx671x31450x2',
      url: '/rest/api/1.0/projects',
      message: 'Unexpected error',
    },
  ],
  [
    'bitbucket',
    3,
    {
      time: '2026-02-12 07:03:11,300',
      level: 'WARN',
      thread: 'hz.hazelcast.cached.thread-5',
      logger: 'c.a.s.i.c.DefaultClusterJoinManager',
      message: 'Node authentication failed',
    },
  ],
  [
    'bamboo',
    0,
    {
      time: '2026-05-04 02:12:10,402',
      level: 'INFO',
      thread: 'AtlassianEvent::0-BAM::EVENTS:pool-2-thread-7',
      logger: 'RemoteAgentManagerImpl',
      message: "Agent 'linux-build-03' has unregistered",
    },
  ],
  ['bamboo-build-log', 1, { time: '19-May-2019 09:30:02', level: 'ERROR', message: 'fatal: could not read Username' }],
  [
    'crowd',
    0,
    {
      time: '2016-05-13 16:12:42,290',
      level: 'ERROR',
      thread: 'localhost-startStop-1',
      logger: 'crowd.manager.license.CrowdLicenseManagerImpl',
      message: 'No license',
    },
  ],
  ['atlassian-backup-client', 0, { time: '2015-03-05 11:02:44,100', level: 'INFO', message: 'Initializing' }],
  [
    'catalina-one-line',
    0,
    {
      time: '28-Jul-2020 16:34:37.589',
      level: 'INFO',
      thread: 'main',
      logger: 'org.apache.coyote.AbstractProtocol',
      message: 'Starting ProtocolHandler ["http-nio-8080"]',
    },
  ],
  [
    'catalina-one-line',
    2,
    {
      time: '12-Mär-2024 09:00:00.001',
      level: 'ERROR',
      thread: 'main',
      logger: 'org.apache.catalina.core.StandardService',
      message: 'Der Konnektor konnte nicht gestartet werden',
    },
  ],
  [
    'jul-two-line',
    0,
    {
      time: 'Jun 12, 2012 12:38:04 PM',
      level: 'INFO',
      logger: 'org.apache.tomcat.util.net.JIoEndpoint',
      message: 'Maximum number of threads (150) created for connector with address null and port 8080',
      lines: 2,
    },
  ],
  [
    'jul-two-line',
    1,
    {
      time: 'Nov 03, 2023 1:05:00\u202fAM',
      level: 'ERROR',
      logger: 'org.apache.catalina.core.StandardContext',
      message: 'Error configuring application listener',
      lines: 2,
    },
  ],
  [
    'jul-two-line',
    3,
    {
      time: '12 juin 2012 14:38:04',
      level: 'INFO',
      logger: 'org.apache.coyote.AbstractProtocol',
      message: 'Démarrage',
      lines: 2,
    },
  ],
  [
    'commons-daemon',
    0,
    { time: '2024-02-03 10:11:12', level: 'INFO', message: "Starting service 'JIRA150620131507'..." },
  ],
  [
    'commons-daemon',
    1,
    {
      time: '2013-11-02 22:00:01',
      level: 'ERROR',
      message: 'Failed creating Java C:\\Program Files\\Java\\jre7\\bin\\server\\jvm.dll',
    },
  ],
  [
    'jira-access',
    0,
    {
      time: '17/Apr/2015:11:27:43 -0700',
      level: 'INFO',
      user: 'jdoe',
      requestId: '687x406810x28',
      url: '/rest/api/2/issue/ABC-1',
      message: '"GET /rest/api/2/issue/ABC-1 HTTP/1.1" 200 47 91 "" "Mozilla/5.0 (X11)" "2c0qst"',
    },
  ],
  [
    'jira-access',
    1,
    {
      time: '16/Jun/2026:10:11:51 +0000',
      requestId: '611x2041x1',
      url: '/rest/gadget/1.0/login',
      message:
        '"POST /rest/gadget/1.0/login HTTP/1.1" 401 120 14 "https://jira.example.com/login.jsp" "Mozilla/5.0" "-"',
    },
  ],
  [
    'confluence-access',
    0,
    {
      time: '18/Dec/2020:12:57:26 +1100',
      level: 'INFO',
      thread: 'http-nio-8090-exec-6',
      user: 'jdoe',
      url: '/index.action',
      message:
        'jdoe http-nio-8090-exec-6 0:0:0:0:0:0:0:1 GET /index.action HTTP/1.1 200 1020ms 7881 http://wiki.example.com/login.action Mozilla/5.0 (X11)',
    },
  ],
  [
    'bitbucket-access',
    1,
    {
      time: '2026-05-05 10:00:00,001',
      user: 'jdoe',
      requestId: '1QW2E3x600x12x1',
      url: '/scm/shop/web.git/info/refs',
      message: '"GET /scm/shop/web.git/info/refs HTTP/1.1" | "" "git/2.43.0" | - | - | - | - | - | - | ',
    },
  ],
  [
    'bitbucket-audit',
    0,
    {
      time: '1441812068437',
      user: 'jdoe',
      requestId: 'PZQFBCx921x19253x0',
      message: 'RepositoryCreatedEvent | SHOP/web | {"slug":"web"} | @PZQFBCx921x19253x0 | 1irez8i',
    },
  ],
  [
    'common-access',
    0,
    {
      time: '10/Oct/2000:13:55:36 -0700',
      level: 'INFO',
      user: 'jdoe',
      url: '/apache_pb.gif',
      message: '"GET /apache_pb.gif HTTP/1.0" 200 2326',
    },
  ],
  [
    'envoy-access',
    2,
    {
      time: '2026-05-04T08:12:33.550Z',
      url: '/api/catalog/entities?limit=20',
      message: '"GET /api/catalog/entities?limit=20 HTTP/1.1" 200 5120 "-" "axios/1.7.9" type=incomingRequest',
    },
  ],
  [
    'logback-time-only',
    0,
    { time: '12:34:56.789', level: 'INFO', thread: 'main', logger: 'c.e.App', message: 'Started' },
  ],
  [
    'logback-time-only',
    1,
    { time: '12:34:56.789', level: 'ERROR', thread: 'main', logger: 'com.example.App', message: 'Failed' },
  ],
  [
    'log4j-absolute',
    0,
    {
      time: '09:15:02,113',
      level: 'INFO',
      thread: 'Controller Boot Thread',
      logger: 'org.jboss.as',
      message: 'WFLYSRV0025: WildFly started in 4512ms',
    },
  ],
  [
    'log4j-absolute',
    1,
    {
      time: '10:00:00,001',
      level: 'ERROR',
      thread: 'http-nio-8080-exec-4',
      logger: 'PortletServlet:112',
      message: 'null',
    },
  ],
  ['log4j-absolute', 2, { time: '23:59:59,999', level: 'WARN', message: 'Low disk space' }],
  [
    'logback-dated',
    2,
    {
      time: '2024-06-01T10:00:00.001+02:00',
      level: 'WARN',
      thread: 'reactor-http-epoll-2',
      logger: 'c.e.gateway.Filter',
      message: 'slow',
    },
  ],
  [
    'log4j-dated',
    0,
    {
      time: '2026-02-20 08:30:00,480',
      level: 'ERROR',
      thread: 'quartz-1',
      logger: 'com.contoso.report.BurnDown',
      message: 'HTTP 404',
    },
  ],
  [
    'log4j-dated',
    1,
    { time: '2014-07-02 20:52:39', level: 'DEBUG', logger: 'HelloExample:19', message: 'This is debug : example' },
  ],
  [
    'jenkins',
    1,
    {
      time: '2021-01-01 00:00:00.000+0000',
      level: 'ERROR',
      thread: 'id=1',
      logger: 'hudson.util.BootFailure',
      message: 'Failed to initialize Jenkins',
    },
  ],
  [
    'spring-boot',
    0,
    {
      time: '2026-01-01 12:00:00.000',
      level: 'INFO',
      thread: 'main',
      logger: 'o.s.b.w.e.tomcat.TomcatWebServer',
      message: 'Tomcat started on port(s): 8080 (http)',
    },
  ],
  [
    'spring-boot',
    3,
    {
      time: '2025-03-04T10:00:00.120+01:00',
      level: 'DEBUG',
      thread: 'nio-8080-exec-1',
      logger: 'c.e.shop.Orders',
      requestId: '65f1a2b3c4d5e6f7-0a1b2c3d',
      message: 'order [12] placed',
    },
  ],
  [
    'sonarqube',
    0,
    {
      time: '2026.11.20 16:38:51',
      level: 'DEBUG',
      thread: 'web',
      logger: 'o.s.s.a.ws.AlmSettingsWs',
      requestId: 'AY8kQ1n0aaVw3Zr5AAAF',
      message: 'Validating DevOps platform setting azure-contoso',
    },
  ],
  [
    'postgres',
    0,
    {
      time: '2026-04-22 05:11:09.812 UTC',
      level: 'INFO',
      thread: '30117',
      user: 'jiradb',
      message: 'connection authorized: user=jira database=jiradb',
    },
  ],
  [
    'postgres',
    2,
    {
      time: '2014-01-02 03:04:05 CET',
      level: 'FATAL',
      thread: '991',
      message: 'remaining connection slots are reserved',
    },
  ],
  ['gc-jdk8', 0, { time: '2021-05-03T08:18:08.474+0000', message: '[Unloading, 226.21 secs]' }],
  [
    'gc-unified',
    0,
    {
      time: '2026-01-01T00:00:00.000+0000',
      level: 'INFO',
      message: 'GC(12) Pause Full (G1 Compaction Pause) 12000M->11800M(12288M) 5321.123ms',
    },
  ],
  [
    'gc-unified',
    2,
    { time: '2023-10-10T10:10:10.001+0200', level: 'WARN', message: 'Safepoint sync time longer than 1000ms' },
  ],
  [
    'opensearch',
    0,
    {
      time: '2026-05-04T11:00:00,004',
      level: 'INFO',
      logger: 'o.o.t.TransportService',
      message: 'publish_address {192.0.2.60:9300}',
    },
  ],
  [
    'thread-dump',
    0,
    {
      thread: 'http-nio-8080-exec-1',
      message: '#34 daemon prio=5 os_prio=0 tid=0x00007f3c nid=0x1a2b waiting on condition [0x00007f3b]',
    },
  ],
  [
    'thread-dump',
    3,
    { thread: 'Mail "quoted" subject', message: '#12 prio=5 os_prio=0 cpu=1.0ms tid=0x01 nid=12 runnable' },
  ],
  ['thread-dump-time', 0, { time: '2026-05-08 09:14:02', message: '' }],
  ['hs-err', 0, { level: 'FATAL', message: 'A fatal error has been detected by the Java Runtime Environment:' }],
  ['hs-err', 2, { message: 'T H R E A D' }],
  ['healthcheck', 0, { level: 'INFO', message: 'Lucene index files location' }],
  ['healthcheck', 1, { level: 'FATAL', message: 'Supported Java Version' }],
  [
    'har',
    0,
    {
      time: '2026-05-04T08:12:33.550Z',
      url: 'https://jira.example.com/rest/gitplugin/1.0/repository',
      message: 'GET https://jira.example.com/rest/gitplugin/1.0/repository 401',
    },
  ],
  ['json', 0, { time: '1767225600123', level: 'ERROR', message: 'request failed' }],
  ['json', 1, { time: '2026-01-01T00:00:00.123Z', level: 'INFO', logger: 'shop', message: 'listening' }],
  [
    'json',
    3,
    {
      time: '2026-01-01T12:00:00.123+01:00',
      level: 'ERROR',
      thread: 'main',
      logger: 'com.example.App',
      message: 'Failed',
    },
  ],
  [
    'json',
    4,
    { time: '2026-01-01T12:00:00.123Z', level: 'WARN', thread: 'main', logger: 'com.example.App', message: 'slow' },
  ],
  [
    'json',
    5,
    {
      time: '2026-01-01T12:00:00.123Z',
      level: 'ERROR',
      logger: 'com.example.App',
      message: 'down\n\tat com.example.App.main(App.java:1)',
    },
  ],
  ['plain-iso', 0, { time: '2026-01-31 12:34:56', level: 'ERROR', message: 'ERROR something failed' }],
  ['plain-iso', 1, { time: '2026-01-31 12:34:56', level: 'INFO', message: '[info] text' }],
];

for (const [name, sample, expected] of HEADERS) {
  test(`${name}: header of sample ${sample}`, () => assert.deepEqual(headerOf(name, sample), expected));
}

test('every format has an expected header in the table above', () => {
  const told = new Set(HEADERS.map(([name]) => name.replace(/^plain-.*/, 'plain')));
  for (const name of FORMATS.keys()) assert.ok(told.has(name.replace(/^plain-.*/, 'plain')), name);
});

const PLAIN_LEVELS: readonly (readonly [string, string | null])[] = [
  ['2026-06-27 05:12:01.001 +00:00 [INF] Fabrikam.Provisioner: token acquired', 'INFO'],
  ['[2026-03-11 07:12:08Z ERR  MessageListener] Catch exception during create session.', 'ERROR'],
  ['2026-04-09T11:00:07.8011000Z ##[error]Bash exited with code 1.', 'ERROR'],
  ['2026-01-01 12:00:00,123 - sync - WARNING - late', 'WARN'],
  ['2026-01-01 12:00:00 error: cannot open', 'ERROR'],
  ['2026-01-01 12:00:00 the error log is full', null],
  ['2026-01-01 12:00:00 host ERROR-42 is a product', null],
];

for (const [line, level] of PLAIN_LEVELS) {
  test(`plain logs: the level of ${line}`, () => {
    const format = FORMATS.get('plain-iso')!;
    assert.ok(format.starts(line));
    assert.equal(format.header([line]).level, level);
  });
}

test('json: the rendered record is message, stack and the remaining fields', () => {
  const { render, samples } = FORMATS.get('json')!;
  assert.equal(
    render!(samples[0]!),
    'request failed\nError: boom\n    at f (/app/a.js:1:2)\n{"level":50,"time":1767225600123,"pid":7,"hostname":"web1","err":{"type":"Error","message":"boom"}}',
  );
  assert.equal(
    render!(samples[3]!),
    'Failed\njava.lang.IllegalStateException: no\n\tat com.example.App.main(App.java:1)\n{"@timestamp":"2026-01-01T12:00:00.123+01:00","@version":"1","logger_name":"com.example.App","thread_name":"main","level":"ERROR","level_value":40000}',
  );
  assert.match(
    render!(samples[4]!),
    /^slow\njava\.io\.IOException: x\n\tat com\.example\.App\.main\(App\.java:1\)\n\{/,
  );
  assert.match(
    render!(samples[5]!),
    /^down\n\tat com\.example\.App\.main\(App\.java:1\)\njava\.io\.IOException: x\n\{/,
  );
});

test('json: what does not parse stays as it is, and lines after the object stay behind it', () => {
  const { render, header } = FORMATS.get('json')!;
  assert.equal(render!('{"level":"err'), '{"level":"err');
  assert.equal(header(['{"level":"err']).message, '{"level":"err');
  assert.equal(render!('{"msg":"a"}\n\tat b'), 'a\n\tat b');
});

test('json: a stack of another shape is left among the fields', () => {
  assert.equal(FORMATS.get('json')!.render!('{"msg":"a","exc_info":true}'), 'a\n{"exc_info":true}');
});

test('har: the rendered entry begins with the request and the status, and shows the body unescaped', () => {
  const { render, samples } = FORMATS.get('har')!;
  assert.equal(
    render!(samples[0]!).split('\n').slice(0, 3).join('\n'),
    'GET https://jira.example.com/rest/gitplugin/1.0/repository HTTP/2.0\nHTTP/2.0 401 Unauthorized\n{"message":"Client must be authenticated"}',
  );
  assert.match(render!(samples[1]!), /^POST https:\/\/jira\.example\.com\/login\.jsp HTTP\/1\.1\nHTTP\/1\.1 200\n/);
});

test('no line makes a format throw', () => {
  const pieces = [...FORMATS.values()].flatMap((format) =>
    format.samples.flatMap((sample) => sample.split(/([\s[\]"|{}:]+)/)),
  );
  const line = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')),
    fc
      .constantFrom(...[...FORMATS.values()].flatMap((format) => format.samples))
      .chain((sample) => fc.nat(sample.length).map((cut) => sample.slice(0, cut))),
  );
  fc.assert(
    fc.property(line, (text) => {
      const lines = text.split('\n');
      for (const format of FORMATS.values()) {
        format.starts(lines[0]!);
        const header = format.header(lines);
        assert.ok(header.lines === 1 || header.lines === 2);
        format.render?.(text);
      }
      assert.doesNotThrow(() => ALL_FAMILIES[0]!.formats[0]!.header([]));
    }),
    { numRuns: 1500 },
  );
});

test('hostile lines cost linear time', () => {
  const units = ['[', '] [', '" ', ' | ', 'a ', ' ', '1', '1x', '.', '[a', 'a.', '] ', ' [a]', '- '];
  const heads = [
    '',
    '2026-01-31 12:34:56,789 ',
    '2026-01-31 12:34:56,789 ERROR [',
    '2026-01-31 12:34:56,789 t ERROR ',
    '"',
    '[',
    '12:34:56,789 [',
    'Jan 1, 2026 1:00:00 AM ',
  ];
  const begin = performance.now();
  for (const head of heads) {
    for (const unit of units) {
      const text = head + unit.repeat(200_000 / unit.length);
      for (const format of FORMATS.values()) {
        format.starts(text);
        format.header([text]);
      }
    }
  }
  // 112 lines of 200 KB through all formats; a quadratic step over one of them alone takes longer.
  assert.ok(performance.now() - begin < 20_000);
});
