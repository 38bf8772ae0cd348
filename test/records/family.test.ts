import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_FAMILIES, familyNamed, familyOf, otherFamilyOf, PLAIN, startOf } from '../../src/records/family.js';
import { PLAIN_TIME_FAMILIES } from '../../src/records/formats/plain-time.js';

const JIRA = '2021-09-20 14:27:57,400-0400 Caesium-1-2 ERROR anonymous [c.a.j.Foo] Failed';
const CATALINA = '28-Jul-2020 16:34:37.589 INFO [main] org.apache.coyote.AbstractProtocol.start Starting';
const CONFLUENCE = '2020-06-12 23:01:32,956 ERROR [https-443-exec-23] [confluence.util.Foo] run failed';
const BAMBOO = '2020-06-12 23:01:32,956 ERROR [main] [BambooContainer] Cannot start';
const BITBUCKET = '2026-05-05 10:31:44,739 INFO  [Caesium-1-2]  c.a.b.i.scm.git.gc.GitGcScheduler done';
const LOG4J = '2026-02-20 08:30:00,480 ERROR [quartz-1] com.contoso.report.BurnDown - HTTP 404';
const SECURITY =
  "2020-06-16 09:00:12,345 http-nio-8080-exec-5 anonymous 540x12x1 1abcd 192.0.2.5 /login The user 'jdoe' has FAILED";
const MAIL = '2020-06-16 11:30:17,600 ERROR [] Caesium-1-4 ServiceRunner    MailJobRun';
const JSON_LINE = '{"level":"error","time":1767225600123,"msg":"x"}';
const FRAME = '\tat com.example.Foo.bar(Foo.java:1)';
const GC = '[2026-01-01T00:00:00.000+0000][123.456s][info][gc] GC(12) Pause Full';
const DUMP = '"Caesium-1-1" prio=5 tid=0x2c nid=0 timed_waiting';

function times(count: number, line: string): string[] {
  return Array.from({ length: count }, () => line);
}

const CASES: readonly (readonly [string, string, readonly string[], string])[] = [
  ['a known name is confirmed by one start', 'atlassian-jira.log', [...times(9, CATALINA), JIRA], 'jira'],
  ['a rotated file has the name too', 'atlassian-jira.log.3', [JIRA], 'jira'],
  [
    'a member of an archive has the name too',
    'bundle.zip!/application-logs/atlassian-jira-security.log',
    [SECURITY],
    'jira-security',
  ],
  ['a compressed file has the name too', '/var/log/atlassian-bitbucket-2026-01-01.log.gz', [BITBUCKET], 'bitbucket'],
  ['a wrong name gives way to the content', 'atlassian-jira.log', times(3, JSON_LINE), 'json'],
  ['a name counts where the head shows nothing', 'atlassian-jira.log', times(5, FRAME), 'jira'],
  ['a name counts where the log is empty yet', 'atlassian-jira.log', [], 'jira'],
  ['catalina.out is mixed', 'catalina.out', [CATALINA], 'mixed'],
  ['catalina of a day is mixed', 'catalina.2026-05-01.log', [CATALINA], 'mixed'],
  ['localhost of a day is mixed', 'localhost.2026-05-01.log', [CATALINA], 'mixed'],
  ['mail logs have their own family', 'atlassian-jira-incoming-mail.log', [MAIL], 'jira-mail'],
  [
    'the old name of the access log',
    'access_log.2026-05-01',
    ['687x406810x28 jdoe [17/Apr/2015:11:27:43 -0700] "GET / HTTP/1.1" 200 47 91'],
    'access-log',
  ],
  [
    'the access log of Bitbucket',
    'atlassian-bitbucket-access.log',
    ['192.0.2.153 | https | o@PZQx1x2x0 | - | 2015-09-09 15:21:08,437 | "GET /status HTTP/1.1" | "" "" | 200 |'],
    'access-log',
  ],
  ['a GC log of Jira', 'atlassian-jira-gc-2026-02-01_06-00-11.log.0.current', [GC], 'gc'],
  ['a GC log', 'gc.log', [GC], 'gc'],
  ['an agc in a name is no GC log', 'magic.log', [JIRA], 'jira'],
  [
    'a thread dump of the support plugin',
    'threaddump_20260508.txt',
    ['2026-05-08 09:14:02', 'Full thread dump OpenJDK', DUMP],
    'thread-dump',
  ],
  [
    'a crash',
    'hs_err_pid123.log',
    ['#', '# A fatal error has been detected by the Java Runtime Environment:'],
    'hs-err',
  ],
  ['health checks', 'healthcheckResults.txt', ['Name: Lucene', 'Is healthy: true'], 'healthcheck'],
  ['a browser export', 'jira.example.com.har', ['{', '  "log": {', '    "entries": [', '      {'], 'har'],
  ['content: Jira', 'x.txt', [JIRA, FRAME, FRAME, JIRA], 'jira'],
  ['content: Tomcat alone', 'x.txt', [CATALINA, FRAME], 'mixed'],
  ['content: Jira and Tomcat are mixed', 'x.txt', [JIRA, CATALINA, JIRA], 'mixed'],
  ['content: Confluence', 'x.txt', [CONFLUENCE, ' -- url: /x | userName: jdoe', FRAME], 'confluence'],
  ['content: Bamboo prints the last part of the logger only', 'x.txt', [BAMBOO, BAMBOO], 'bamboo'],
  ['content: one logger with dots makes it Confluence', 'x.txt', [BAMBOO, CONFLUENCE], 'confluence'],
  ['content: Bitbucket', 'x.txt', [BITBUCKET, BITBUCKET], 'bitbucket'],
  [
    'content: the "View log" dialog of Git Integration',
    'x.txt',
    ['2024/11/05 09:30:11 com.bigbrassband.jira.git.exceptions.GitException: no', FRAME],
    'jira',
  ],
  ['content: log4j', 'x.txt', [LOG4J, FRAME], 'logback'],
  ['content: the security log', 'x.txt', [SECURITY, SECURITY], 'jira-security'],
  ['content: a mail log', 'x.txt', [MAIL, MAIL], 'jira-mail'],
  ['content: JSON', 'x.txt', ['banner', JSON_LINE, JSON_LINE], 'json'],
  [
    'content: a JSON answer in a console is no JSON log',
    'x.txt',
    ['> GET /x HTTP/1.1', '< HTTP/1.1 401', '{"message":"no"}'],
    'plain',
  ],
  ['content: thread dump', 'x.txt', ['2026-05-08 09:14:02', 'Full thread dump OpenJDK', DUMP, DUMP], 'thread-dump'],
  ['content: a status line alone proves nothing', 'x.txt', ['SLF4J: Failed', 'text', 'text'], 'plain'],
  ['content: health checks', 'x.txt', ['Name: Lucene', 'NodeId: 1', 'Is healthy: true'], 'healthcheck'],
  ['content: a name in a text is no health check', 'x.txt', ['Name: Jane', 'Street: 1'], 'plain'],
  ['content: a browser export', 'x.json', ['{', '  "log": {', '    "entries": [', '      {'], 'har'],
  ['plain: ISO times', 'x.txt', ['2026-01-31T12:34:56Z a', 'b', '2026-01-31T12:34:57Z c'], 'plain-iso'],
  [
    'plain: frames do not outvote headers',
    'x.txt',
    ['2026-01-31T12:34:56Z a', ...times(20, '   at Contoso.Foo.Bar() in C:\\x.cs:line 1')],
    'plain-iso',
  ],
  ['plain: nginx', 'error.log', times(2, '2026/05/04 14:01:02 [error] 31#31: *8 upstream timed out'), 'plain-slash'],
  ['plain: Apache', 'error_log', ['[Mon May 04 13:00:00.000114 2026] [ssl:info] [pid 1] x'], 'plain-weekday'],
  ['plain: syslog', 'messages', ['Mar  4 07:00:03 ci-01 gitlab-runner[911]: x'], 'plain-syslog'],
  ['plain: a few times are not enough', 'x.txt', ['2026-01-31T12:34:56Z a', ...times(5, 'text')], 'plain'],
  ['plain: nothing at all', 'x.txt', [], 'plain'],
];

for (const [name, file, head, expected] of CASES) {
  test(`family: ${name}`, () => assert.equal(familyOf(file, head).name, expected));
}

test('the cut last line of the head does not change the family', () => {
  for (let cut = 0; cut <= JIRA.length; cut++) {
    assert.equal(familyOf('x.txt', [JIRA, FRAME, JIRA, JIRA.slice(0, cut)]).name, 'jira', JIRA.slice(0, cut));
  }
});

test('the samples of every format are recognised in a file of its usual name', () => {
  const names: Record<string, string> = {
    jira: 'atlassian-jira.log',
    'jira-security': 'atlassian-jira-security.log',
    'jira-mail': 'atlassian-jira-outgoing-mail.log',
    'jira-metrics': 'atlassian-jira-apdex.log',
    confluence: 'atlassian-confluence.log',
    bitbucket: 'atlassian-bitbucket.log',
    bamboo: 'atlassian-bamboo.log',
    crowd: 'atlassian-crowd.log',
    postgres: 'postgresql-2026-01-01.log',
    healthcheck: 'healthcheckResults.txt',
    har: 'a.har',
  };
  for (const family of ALL_FAMILIES) {
    for (const format of family.formats.slice(0, 1)) {
      const head = format.samples.flatMap((sample) => sample.split('\n'));
      assert.equal(
        familyOf(names[family.name] ?? (family.name === 'mixed' ? 'console.log' : 'x.txt'), head).name,
        family.name,
      );
    }
  }
});

test('another family takes over when half of the lines begin its records', () => {
  const jira = familyNamed('jira')!;
  assert.equal(otherFamilyOf([...times(100, CATALINA), ...times(100, 'text')], jira)?.name, 'mixed');
  assert.equal(otherFamilyOf([...times(99, CATALINA), ...times(101, 'text')], jira), null);
  assert.equal(
    otherFamilyOf([...times(10, JSON_LINE), ...times(100, '')], jira)?.name,
    'json',
    'blank lines do not count',
  );
  assert.equal(otherFamilyOf(times(200, FRAME), jira), null, 'a trace of any length stays one record');
  assert.equal(otherFamilyOf(times(200, JIRA), jira)?.name, 'crowd', 'never the current one');
  assert.equal(otherFamilyOf([], jira), null);
  assert.equal(otherFamilyOf(times(200, JIRA), PLAIN)?.name, 'jira');
});

test('every family is found by its name, and names are unique', () => {
  const all = [...ALL_FAMILIES, ...PLAIN_TIME_FAMILIES, PLAIN];
  assert.equal(new Set(all.map((family) => family.name)).size, all.length);
  for (const family of all) assert.equal(familyNamed(family.name), family);
  assert.equal(familyNamed('nonsense'), null);
});

test("the formats of the mixed family do not claim each other's lines for a dash in the message", () => {
  const mixed = familyNamed('mixed')!;
  const lines: readonly (readonly [string, string])[] = [
    [`${CONFLUENCE} - a dash`, 'confluence'],
    ['2026-01-01 12:00:00.000  INFO 1234 --- [           main] o.s.b.X : a - dash', 'spring-boot'],
    [`${JIRA} - a dash`, 'jira'],
    [LOG4J, 'log4j-dated'],
  ];
  for (const [line, expected] of lines) {
    assert.deepEqual(
      mixed.formats.filter((format) => format.starts(line)).map((format) => format.name),
      [expected],
      line,
    );
  }
});

test('startOf names the format', () => {
  const mixed = familyNamed('mixed')!;
  assert.equal(startOf(mixed, JIRA)?.name, 'jira');
  assert.equal(startOf(mixed, CATALINA)?.name, 'catalina-one-line');
  assert.equal(startOf(mixed, FRAME), null);
  assert.equal(startOf(PLAIN, JIRA), null);
});
