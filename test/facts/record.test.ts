import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FACT_NEEDS, factsOfRecord, timezoneOf } from '../../src/facts/record.js';
import { recordsOf } from '../../src/read.js';
import { jiraLine } from '../helpers/records.js';
import { ROOT } from '../helpers/truths.js';
import { JIRA_7, JIRA_10 } from './banners.js';

/** `key value` of every fact, in the order in which they stand there. */
function factsIn(text: string, file = 'atlassian-jira.log'): string[] {
  return recordsOf(text, file).flatMap((record) =>
    factsOfRecord(record).map(({ key, value, line }) => `${line} ${key} ${value}`),
  );
}

test('all that Jira 7 prints when it starts', () => {
  assert.deepEqual(factsIn(JIRA_7), [
    '11 jira 7.9.2',
    '14 tomcat 8.5.6',
    '15 java 1.8.0_102',
    '17 heap 683MB',
    '19 heap 768MB',
    '19 timezone Europe/Moscow',
    '28 timezone Europe/Moscow',
    '26 os Linux 3.10.0-862.el7.x86_64',
    '38 database MySQL',
    '38 databaseVersion 5.6.40-log',
    '39 driver MySQL Connector Java - mysql-connector-java-5.1.46 ( Revision: 9cc87a48 )',
    '46 jira 7.9.2',
    '49 baseUrl https://jira.example.com',
    '63 plugin:com.xiplink.jira.git.jira_git_plugin 2.13.4',
    '63 gij 2.13.4',
    '69 plugin:com.atlassian.jira.ext.charting 1.8',
    '78 plugin:com.atlassian.activeobjects.activeobjects-plugin 1.2.3',
    '84 jira 7.9.2',
  ]);
});

test('all that Jira 10 prints when it starts, without what may be a secret', () => {
  assert.deepEqual(factsIn(JIRA_10), [
    '5 jira 10.3.0-m12',
    '6 tomcat 9.0.98',
    '7 java 17.0.13',
    '8 heap 8192MB',
    '9 heap 8192MB',
    '15 timezone Etc/UTC',
    '19 database Microsoft SQL Server',
    '19 databaseVersion 15.00.2000',
    '20 driver Microsoft JDBC Driver 12.4 for SQL Server - 12.4.2.0',
    '13 os Linux 6.8.0-49-generic',
    '27 plugin:com.xiplink.jira.git.jira_git_plugin 4.20.1-jira9',
    '27 gij 4.20.1-jira9',
    '29 plugin:com.atlassian.soy 7.11.2',
  ]);
});

const CATALINA = 'catalina.out';
const ONE_LINE: readonly (readonly [name: string, text: string, file: string, wanted: readonly string[]])[] = [
  [
    'Jira, that it has started',
    jiraLine('\n\n    ****\n    Jira 9.4.1 build: 904001 started. You can now access Jira through your web browser.', {
      level: 'INFO',
    }),
    'atlassian-jira.log',
    ['4 jira 9.4.1'],
  ],
  [
    'Jira, in its security log',
    '2026-11-18 05:32:21,272+0000 main      Jira 9.12.3 build: 9120003 started. You can now access Jira through your web browser.',
    'atlassian-jira-security.log',
    ['1 jira 9.12.3'],
  ],
  [
    'Confluence 6',
    '2019-06-03 09:24:04,207 INFO [Catalina-utility-1] [com.atlassian.confluence.lifecycle] contextInitialized Starting Confluence 6.15.4 [build 8100 based on commit hash b0984b7297905b7c7bd946458f753ce0130bfc8c] - synchrony version 2.1.0-master-9d112c9d',
    'atlassian-confluence.log',
    ['1 confluence 6.15.4'],
  ],
  [
    'Confluence 9, on the console',
    '2026-02-22 06:31:02,700 INFO [Catalina-utility-1] [com.atlassian.confluence.lifecycle] contextInitialized Starting Confluence 9.2.4',
    CATALINA,
    ['1 confluence 9.2.4'],
  ],
  [
    'Bitbucket 8',
    '2026-02-03 07:12:00,001 INFO  [main]  c.a.b.i.boot.log.BuildInfoLogger Starting Bitbucket 8.9.8 (6a1ed2b built on Tue Dec 12 02:04:41 UTC 2023)',
    'atlassian-bitbucket.log',
    ['1 bitbucket 8.9.8'],
  ],
  [
    'Bitbucket 7, with the whole name of the logger',
    '2020-09-08 07:53:45,084 INFO  [main]  com.atlassian.bitbucket.internal.boot.log.BuildInfoLogger Starting Bitbucket 7.4.0 (204e35a built on Tue Jul 07 14:31:59 NZST 2020)',
    'atlassian-bitbucket.log',
    ['1 bitbucket 7.4.0'],
  ],
  [
    'Bamboo',
    '2026-02-03 07:12:00,001 INFO [main] [BambooContainer] Starting Bamboo 9.6.4 build 90613',
    'atlassian-bamboo.log',
    ['1 bamboo 9.6.4'],
  ],
  [
    'Crowd',
    '2026-02-27 06:12:40,002 main INFO [com.atlassian.crowd.startup] Starting Crowd Server, Version: 5.3.1 (Build:#2014 - 2024-05-02)',
    'atlassian-crowd.log',
    ['1 crowd 5.3.1'],
  ],
  [
    'Tomcat 8.5',
    '06-Feb-2021 13:30:06.015 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server version:        Apache Tomcat/8.5.6',
    CATALINA,
    ['1 tomcat 8.5.6'],
  ],
  [
    'Tomcat 9, and what runs it',
    [
      ['Server version name:   Apache Tomcat/9.0.98'],
      ['OS Name:               Linux'],
      ['JVM Version:           17.0.13+11'],
      ['Command line argument: -Xmx8192m'],
      ['Command line argument: -Dconfluence.cluster.node.name=node2'],
      ['Command line argument: -Duser.timezone=Europe/Berlin'],
      ['Command line argument: -Datlassian.password=hunter22'],
    ]
      .map(
        ([text]) =>
          `18-Nov-2026 05:29:51.208 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log ${text}`,
      )
      .join('\n'),
    CATALINA,
    ['1 tomcat 9.0.98', '2 os Linux', '3 java 17.0.13+11', '4 heap 8192MB', '5 node node2', '6 timezone Europe/Berlin'],
  ],
  [
    'Tomcat in two lines',
    'Feb 12, 2023 1:50:11 PM org.apache.catalina.startup.VersionLoggerListener log\nINFO: Server version name:   Apache Tomcat/9.0.65',
    CATALINA,
    ['2 tomcat 9.0.65'],
  ],
  [
    'Tomcat in another language',
    '19-Jun-2019 20:33:24.818 INFORMACIÓN [main] org.apache.catalina.startup.VersionLoggerListener.log Server version:        Apache Tomcat/8.5.35',
    CATALINA,
    ['1 tomcat 8.5.35'],
  ],
  [
    'Tomcat 7',
    'Jun 12, 2012 12:38:04 PM org.apache.catalina.core.StandardEngine startInternal\nINFO: Starting Servlet Engine: Apache Tomcat/7.0.52',
    CATALINA,
    ['2 tomcat 7.0.52'],
  ],
  [
    'a thread dump of Java 17',
    '2026-11-18 05:29:51\nFull thread dump OpenJDK 64-Bit Server VM (17.0.13+11 mixed mode, sharing):\n\n"main" #1 prio=5 os_prio=0 tid=0x01 nid=0x2 runnable',
    'threaddump.txt',
    ['2 java 17.0.13+11'],
  ],
  [
    'a thread dump of Java 8',
    '2021-05-03 08:18:08\nFull thread dump Java HotSpot(TM) 64-Bit Server VM (25.292-b10 mixed mode):\n',
    'threaddump.txt',
    ['2 java 1.8.0_292'],
  ],
  [
    'a GC log of Java 17',
    '[2026-01-01T00:00:00.000+0000][0.012s][info][gc,init] Version: 17.0.13+11 (release)\n[2026-01-01T00:00:00.000+0000][0.012s][info][gc,init] Heap Max Capacity: 8G',
    'atlassian-jira-gc.log',
    ['1 java 17.0.13+11', '2 heap 8192MB'],
  ],
  [
    'a GC log of Java 8',
    'Java HotSpot(TM) 64-Bit Server VM (25.102-b14) for linux-amd64 JRE (1.8.0_102-b14), built on Jun 22 2016 18:43:17\nMemory: 4k page, physical 8010408k\nCommandLine flags: -XX:InitialHeapSize=402653184 -XX:MaxHeapSize=805306368 -XX:+PrintGC',
    'gc.log',
    ['1 java 1.8.0_102-b14', '3 heap 768MB'],
  ],
  [
    'a crash',
    '#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n# JRE version: OpenJDK Runtime Environment (17.0.13+11) (build 17.0.13+11)\n# Java VM: OpenJDK 64-Bit Server VM (17.0.13+11, mixed mode)',
    'hs_err_pid42.log',
    ['4 java 17.0.13+11'],
  ],
];

for (const [name, text, file, wanted] of ONE_LINE) {
  test(`what a log says of ${name}`, () => assert.deepEqual(factsIn(text, file), wanted));
}

const info = (message: string) => jiraLine(message, { level: 'INFO' });
const NEAR_MISSES: readonly (readonly [name: string, text: string, file?: string])[] = [
  ['an error that quotes a banner', jiraLine('cannot parse\n    ___ Environment ____\n     JIRA Build    : 1.2.3#4')],
  ['a heading alone', info('\n    ___ Environment _____________________________\n\n')],
  [
    'a section that says other things',
    info('\n    ___ Upgrade History _________\n         Version    : 7.2.0\n ___ Environment __'),
  ],
  ['an export that begins', info('Starting Confluence 5.4 export of space ABC')],
  ['a name in a sentence', info('Starting Bitbucket 8 import from https://git.example.com')],
  ['a Bamboo agent', info('Starting Bamboo 9.6 agent download')],
  ['an error page', info('<h3>Apache Tomcat/9.0.65</h3> VersionLoggerListener')],
  ['a build without a version', info('\n    ___ Environment __\n         JIRA Build    : unknown??')],
  ['a base URL that is not set', info('\n    ___ Core Application Properties __\n         Base URL    : not set')],
  [
    'a plugin without a key',
    info('\n    ___ User Plugins _____\n         Charting    : yes\n              Version    : 1.8'),
  ],
  [
    'a plugin list without versions',
    info('\n    ___ User Plugins _____\n         Charting    : com.example.chart\n              Status    : enabled'),
  ],
  ['Java of another program', info('] Version: 17 is what they run')],
];

for (const [name, text, file] of NEAR_MISSES) {
  test(`nothing is learnt from ${name}`, () => assert.deepEqual(factsIn(text, file), []));
}

test('every record that tells something holds one of the texts that are looked for', () => {
  const literals = FACT_NEEDS.literals!.map(({ text }) => text);
  for (const literal of literals) assert.ok(literal.length >= 11, `${literal} is long enough to cost nothing`);
  for (const [, text, file] of [...ONE_LINE, ['', JIRA_7, 'a.log'], ['', JIRA_10, 'a.log']] as const)
    for (const record of recordsOf(text, file))
      if (factsOfRecord(record).length > 0)
        assert.ok(
          literals.some((one) => record.text.includes(one)),
          record.text,
        );
});

test('the lines behind a record that was cut are counted from its end', () => {
  const list = Array.from(
    { length: 14_000 },
    (_, at) => `         Plugin ${at}     : 1.${at} by V - com.example.p${at}`,
  );
  const [record] = recordsOf(info(`\n    ___ User Plugins _____\n${list.join('\n')}`), 'atlassian-jira.log');
  assert.ok(record!.cut);
  const facts = factsOfRecord(record!);
  assert.equal(facts.length, 2000);
  for (const { key, line } of facts) assert.equal(line, Number(/p(\d+)$/.exec(key)![1]) + 3, key);
});

test('a hostile banner takes no time', () => {
  const line = `         ${'a '.repeat(100_000)}: ${'b '.repeat(100_000)}`;
  const text = info(
    `\n    ___ User Plugins _____\n${line}\n    ___ Environment __\n${line}\n    ___ ${'A '.repeat(50_000)}`,
  );
  assert.deepEqual(factsIn(text), []);
});

test('the zone that a banner among the first lines names', () => {
  assert.equal(timezoneOf(JIRA_7), 'Europe/Moscow');
  assert.equal(timezoneOf('user.timezone : Europe/Berlin'), null, 'in no banner');
  assert.equal(timezoneOf(JIRA_7.slice(0, JIRA_7.indexOf('user.timezone   '))), null, 'the banner is cut');
});

test('of the healthy logs only that of a start tells a version of a product', () => {
  const folder = `${ROOT}samples/healthy/`;
  const told = readdirSync(folder).flatMap((name) =>
    factsIn(readFileSync(folder + name, 'utf8'), name)
      .filter((fact) => / (?:jira|confluence|bitbucket|bamboo|crowd) /.test(fact))
      .map((fact) => `${name} ${fact}`),
  );
  assert.deepEqual(told, ['jira-startup.log 12 jira 10.3.2']);
});
