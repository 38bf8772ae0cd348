import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf } from '../../src/incidents/unknown.js';
import type { LogRecord } from '../../src/model/log-record.js';
import type { Throwable } from '../../src/model/throwable.js';
import { asIs } from '../helpers/found.js';

function record(parts: Partial<LogRecord>): LogRecord {
  return {
    origin: { path: 'jira.log', member: null },
    line: 1,
    endLine: 1,
    offset: 0,
    format: 'jira',
    time: null,
    timeText: null,
    zoneAssumed: false,
    level: 'ERROR',
    thread: 'main',
    logger: 'com.acme.Sync',
    user: null,
    requestId: null,
    url: null,
    message: '',
    body: '',
    text: '',
    printed: '',
    cut: false,
    throwables: [],
    httpFailures: [],
    ...parts,
  };
}

function thrown(
  type: string,
  message: string,
  frames: readonly string[],
  relation: Throwable['relation'] = 'outermost',
): Throwable {
  return { type, message, frames, relation };
}

const MERGE = 'com.acme.worklog.Sync.merge(Sync.java:88) ~[worklog-1.2.jar:?]';
const RUN = 'java.base/java.lang.Thread.run(Thread.java:840)';

const CASES: readonly { name: string; input: Partial<LogRecord>; expected: ReturnType<typeof fingerprintOf> }[] = [
  {
    name: 'an exception is told by its class and the frames of the application',
    input: {
      message: 'Sync 12 failed',
      throwables: [
        thrown('java.lang.NullPointerException', '', [RUN, MERGE, RUN, 'com.acme.Job.lambda$run$3(Job.java:1)']),
      ],
    },
    expected: {
      key: 'throwable\njava.lang.NullPointerException\nat com.acme.worklog.Sync.merge\nat com.acme.Job.lambda$run',
      title: 'NullPointerException at com.acme.worklog.Sync.merge',
      template: 'Sync <n> failed',
      byTrace: true,
    },
  },
  {
    name: 'a chain is told by its classes and the frames of its root cause; what was suppressed, and further traces, are not',
    input: {
      throwables: [
        thrown('com.acme.SyncException', 'outer', ['com.acme.Outer.run(Outer.java:1)']),
        thrown('com.acme.CloseException', 'x', ['com.acme.Close.run(Close.java:1)'], 'suppressed'),
        thrown('java.io.IOException', 'Disk of ABC-1 full', [MERGE], 'cause'),
        thrown('com.acme.Other', 'y', ['com.acme.Other.run(Other.java:1)']),
      ],
    },
    expected: {
      key: 'throwable\ncom.acme.SyncException\njava.io.IOException\nat com.acme.worklog.Sync.merge',
      title: 'IOException at com.acme.worklog.Sync.merge',
      template: 'Disk of <key> full',
      byTrace: true,
    },
  },
  {
    name: 'without frames of the application the first of all count, and the message',
    input: {
      throwables: [
        thrown('java.net.ConnectException', 'refused', ['java.net.Socket.connect(Socket.java:1)', RUN, '... 12 more']),
      ],
    },
    expected: {
      key: 'throwable\njava.net.ConnectException\nat java.net.Socket.connect\nat java.lang.Thread.run\nrefused',
      title: 'ConnectException: refused',
      template: 'refused',
      byTrace: false,
    },
  },
  {
    name: 'at most five frames count',
    input: {
      throwables: [
        thrown(
          'com.acme.Bad',
          'x',
          ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `com.acme.${name}.run(X.java:1)`),
        ),
      ],
    },
    expected: {
      key: 'throwable\ncom.acme.Bad\nat com.acme.a.run\nat com.acme.b.run\nat com.acme.c.run\nat com.acme.d.run\nat com.acme.e.run',
      title: 'Bad at com.acme.a.run',
      template: 'x',
      byTrace: true,
    },
  },
  {
    name: 'without any frame the message counts',
    input: { throwables: [thrown('java.lang.OutOfMemoryError', 'Java heap space of 12', [])] },
    expected: {
      key: 'throwable\njava.lang.OutOfMemoryError\nJava heap space of <n>',
      title: 'OutOfMemoryError: Java heap space of <n>',
      template: 'Java heap space of <n>',
      byTrace: false,
    },
  },
  {
    name: 'an exception that says nothing but its class',
    input: { throwables: [thrown('com.acme.Bad', '', [])] },
    expected: { key: 'throwable\ncom.acme.Bad\n', title: 'Bad', template: '', byTrace: false },
  },
  {
    name: 'without an exception logger and message count; a long logger is shown short',
    input: { logger: 'com.atlassian.jira.plugins.mail', message: "Mail to 'bob' failed 3 times\nmore" },
    expected: {
      key: "message\ncom.atlassian.jira.plugins.mail\nMail to '<s>' failed <n> times",
      title: "c.a.j.p.mail  Mail to '<s>' failed <n> times",
      template: "Mail to '<s>' failed <n> times",
      byTrace: false,
    },
  },
  {
    name: 'a short logger is shown as it is',
    input: { message: 'x' },
    expected: { key: 'message\ncom.acme.Sync\nx', title: 'com.acme.Sync  x', template: 'x', byTrace: false },
  },
  {
    name: 'without a logger the message stands alone',
    input: { logger: null, message: 'x' },
    expected: { key: 'message\n\nx', title: 'x', template: 'x', byTrace: false },
  },
  {
    name: 'a record without a message',
    input: { logger: null },
    expected: { key: 'message\n\n', title: '(no message)', template: '', byTrace: false },
  },
];

describe('fingerprintOf', () => {
  for (const { name, input, expected } of CASES)
    it(name, () => assert.deepEqual(fingerprintOf(record(input), asIs), expected));

  it('knows neither time, thread nor line numbers', () => {
    const at = (line: number, parts: Partial<LogRecord>) =>
      fingerprintOf(
        record({
          ...parts,
          throwables: [thrown('com.acme.Bad', `run ${line}`, [`com.acme.Sync.run(Sync.java:${line})`])],
        }),
        asIs,
      );
    assert.deepEqual(at(1, { time: 1, thread: 'exec-1', line: 3 }), at(2, { time: 2, thread: 'exec-2', line: 4 }));
  });
});
