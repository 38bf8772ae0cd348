/** A support bundle of a Jira with two nodes, as the support tools make it, with several problems in it. */
import { jiraBanner } from './banners.js';
import { jiraRecord, profile401 } from './cli.js';

export interface BundleMember {
  readonly name: string;
  readonly data: string;
}

const START = Date.UTC(2026, 10, 20, 8);
const MINUTE = 60_000;

function stamp(minute: number): string {
  const time = new Date(START + minute * MINUTE).toISOString();
  return `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000`;
}

/** A record of every minute from one to another, counted from the start of the day. */
function ordinary(from: number, to: number): string {
  const records: string[] = [];
  for (let minute = from; minute < to; minute++) {
    const text = `Full synchronisation complete for directory [ 10000 ] in [ ${40 + (minute % 90)}ms ]`;
    records.push(jiraRecord(text, { time: stamp(minute), level: 'INFO' }));
  }
  return records.join('');
}

const openFiles = (minute: number) =>
  jiraRecord('cannot write the index', { time: stamp(minute) }) +
  'java.nio.file.FileSystemException: /var/atlassian/application-data/jira/caches/indexesV2/issues/_1.cfs: Too many open files\n' +
  '\tat java.base/sun.nio.fs.UnixException.translateToIOException(UnixException.java:100)\n';

const DEADLOCK = `2026-11-20 12:00:00
Full thread dump OpenJDK 64-Bit Server VM (17.0.13+11 mixed mode, sharing):

"http-nio-8080-exec-1" #61 daemon prio=5 os_prio=0 cpu=1.00ms elapsed=9.00s tid=0x00007f01 nid=0x51 waiting for monitor entry  [0x00007f11]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat com.example.cache.Left.get(Left.java:20)

Found one Java-level deadlock:
=============================
"http-nio-8080-exec-1":
  waiting to lock monitor 0x00007f21 (object 0x00000007, a com.example.cache.Right),
  which is held by "http-nio-8080-exec-2"
"http-nio-8080-exec-2":
  waiting to lock monitor 0x00007f22 (object 0x00000008, a com.example.cache.Left),
  which is held by "http-nio-8080-exec-1"

Found 1 deadlock.
`;

const application = (version: string) => `<?xml version="1.0" encoding="UTF-8"?>
<properties>
  <product name="Jira" version="${version}"/>
  <Database-Information>
    <Database-type>postgres72</Database-type>
    <Database-version>15.8</Database-version>
  </Database-Information>
</properties>
`;

/** What the first node was doing when a token was refused. */
const ACCESS =
  '192.0.2.50 554x4276982x1 jdoe [20/Nov/2026:09:14:03 +0000] "POST /rest/gitplugin/1.0/trackedfolders/scan HTTP/1.1" 500 80 0.120 "-" "x" "1x2y3z"\n';

/**
 * Problems in it: an Azure DevOps token is refused once on the first node; both have too many open files, the first one also in a
 * backup; the first one has a deadlock. The second one was started at 11:00 and lacks a backup.
 */
export function supportBundle(): BundleMember[] {
  return [
    { name: 'application-config/cluster.properties', data: 'jira.shared.home = /data/jira\n' },
    ...Object.entries({
      'application-properties/application.xml': application('9.12.4'),
      'application-config/cluster.properties': 'jira.node.id = node1\n',
      'application-logs/atlassian-jira.log.1': jiraBanner({ jira: '9.12.4' }) + ordinary(5, 30) + openFiles(30),
      'application-logs/atlassian-jira.log': `${ordinary(31, 74)}${profile401()}${ordinary(75, 240)}${openFiles(240)}${ordinary(241, 300)}`,
      'tomcat-access-logs/access_log.2026-11-20': ACCESS,
      'tomcat-logs/catalina.2026-11-20.log':
        '20-Nov-2026 07:59:00.000 INFO [main] org.apache.catalina.startup.VersionLoggerListener.log Server version name:   Apache Tomcat/9.0.96\n',
      'thread-dumps/jira_threads.1.txt': DEADLOCK,
      'healthchecks/healthcheckResults.txt': 'Overall status: OK\nNodeId=node1\n',
    }).map(([name, data]) => ({ name: `node1/${name}`, data })),
    ...Object.entries({
      'application-properties/application.xml': application('9.12.4'),
      'application-config/cluster.properties': 'jira.node.id = node2\n',
      'application-logs/atlassian-jira.log.3': ordinary(0, 20),
      'application-logs/atlassian-jira.log.1': ordinary(20, 120) + openFiles(120) + openFiles(121),
      'application-logs/atlassian-jira.log': `${ordinary(122, 150)}${jiraBanner({ jira: '9.12.4', time: stamp(180) })}${ordinary(181, 300)}`,
    }).map(([name, data]) => ({ name: `node2/${name}`, data })),
  ];
}
