import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Relation, Throwable } from '../../src/model/throwable.js';
import { messageEnd, parseThrowables } from '../../src/records/throwable.js';

type Case = readonly [name: string, text: string, ...expected: Throwable[]];

function make(relation: Relation): (type: string, message?: string, ...frames: string[]) => Throwable {
  return (type, message = '', ...frames) => ({ type, message, frames, relation });
}
const outermost = make('outermost');
const cause = make('cause');
const suppressed = make('suppressed');

function table(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    for (const [title, text, ...expected] of cases) {
      it(title, () => assert.deepEqual(parseThrowables(text), expected));
    }
  });
}

const HEADER =
  '2026-03-08 12:21:09,997+0000 http-nio-8080-exec-4 ERROR jdoe 741x42x1 a7oa8 192.0.2.212 /rest/x [c.b.j.g.rest.Foo]';
const PROFILE = 'Microsoft https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=1.0';

table('Java traces', [
  [
    'a class right behind the time of a line, without frames, as the View-log dialog prints it',
    '2026/01/29 10:02:25 com.bigbrassband.jira.git.exceptions.UnknownErrorException: Internal plugin error.',
    outermost('com.bigbrassband.jira.git.exceptions.UnknownErrorException', 'Internal plugin error.'),
  ],
  [
    'frames in column 0, as in copies of articles',
    `${HEADER} Rest API has thrown exception.\ncom.acme.WrappedException: External service error\nat com.acme.Api.get(Api.java:134)\nat java.lang.Thread.run(Unknown Source)\nCaused by: com.acme.RequestException: ${PROFILE} Unauthorized (401)\nat com.acme.Client.run(Client.java:288)\n... 10 more`,
    outermost(
      'com.acme.WrappedException',
      'External service error',
      'com.acme.Api.get(Api.java:134)',
      'java.lang.Thread.run(Unknown Source)',
    ),
    cause('com.acme.RequestException', `${PROFILE} Unauthorized (401)`, 'com.acme.Client.run(Client.java:288)'),
  ],
  ...['\t', '    ', '      ', '        ', ''].map(
    (indent): Case => [
      `frames behind ${JSON.stringify(indent)}`,
      `a.BException: x\n${indent}at a.B.c(B.java:1)\n${indent}at a.B.d(B.java:2)`,
      outermost('a.BException', 'x', 'a.B.c(B.java:1)', 'a.B.d(B.java:2)'),
    ],
  ),
  [
    'modules, packaging data, places without number, lambdas and proxies',
    [
      'a.BException: x',
      '\tat java.base/java.lang.Thread.run(Thread.java:840)',
      '\tat app//a.B.c(B.java:1)',
      '\tat a.B.c(B.java:1) ~[foo.jar:1.2]',
      '\tat a.B.d(B.java) [?:?]',
      '\tat a.B.e(Native Method) ~[?:?] <+3>',
      '\tat a.B.f(Unknown Source) <+12>',
      '\tat a.B$$Lambda$14/0x0000000800c0a840.run(Unknown Source)',
      '\tat jdk.proxy2/jdk.proxy2.$Proxy12.g(Unknown Source)',
      '\tat a.B$$anonfun$main$1.apply$mcV$sp(B.scala:3)',
      '\tat Script1$_run_closure1.doCall(Script1.groovy:3)',
      '\tat a.BTest.my test name(BTest.kt:12)',
    ].join('\n'),
    outermost(
      'a.BException',
      'x',
      'java.base/java.lang.Thread.run(Thread.java:840)',
      'app//a.B.c(B.java:1)',
      'a.B.c(B.java:1)',
      'a.B.d(B.java)',
      'a.B.e(Native Method)',
      'a.B.f(Unknown Source)',
      'a.B$$Lambda$14/0x0000000800c0a840.run(Unknown Source)',
      'jdk.proxy2/jdk.proxy2.$Proxy12.g(Unknown Source)',
      'a.B$$anonfun$main$1.apply$mcV$sp(B.scala:3)',
      'Script1$_run_closure1.doCall(Script1.groovy:3)',
      'a.BTest.my test name(BTest.kt:12)',
    ),
  ],
  [
    'elided frames of all kinds',
    'a.BException: x\n\tat a.B.c(B.java:1)\n\t... 2 filtered\n\tat a.B.d(B.java:2)\n\t... 31 common frames omitted\nCaused by: a.C\n\t... 5 more',
    outermost('a.BException', 'x', 'a.B.c(B.java:1)', 'a.B.d(B.java:2)'),
    cause('a.C'),
  ],
  [
    'a class without message',
    'java.lang.StackOverflowError\n\tat a.B.c(B.java:1)',
    outermost('java.lang.StackOverflowError', '', 'a.B.c(B.java:1)'),
  ],
  [
    'a message of many lines, one of them blank',
    'org.x.DataSourceException: SQL Exception while executing:\nSELECT a\n\n FROM b (Error: c\n)\n\tat a.B.c(B.java:1)',
    outermost(
      'org.x.DataSourceException',
      'SQL Exception while executing:\nSELECT a\n\n FROM b (Error: c\n)',
      'a.B.c(B.java:1)',
    ),
  ],
  [
    'class and message on two lines',
    'com.acme.FooException:\n  the text\n\tat a.B.c(B.java:1)\nCaused by: com.acme.BarException:\nmore text\n\tat a.B.d(B.java:1)',
    outermost('com.acme.FooException', 'the text', 'a.B.c(B.java:1)'),
    cause('com.acme.BarException', 'more text', 'a.B.d(B.java:1)'),
  ],
  [
    'a message that a terminal wrapped',
    `Caused by: com.acme.RequestException: ${PROFILE}\n  Unauthorized (401)\n\tat a.B.c(B.java:1)`,
    cause('com.acme.RequestException', `${PROFILE}\n  Unauthorized (401)`, 'a.B.c(B.java:1)'),
  ],
  [
    'the same without frames',
    `com.acme.RequestException: ${PROFILE}\n  Unauthorized (401)`,
    outermost('com.acme.RequestException', `${PROFILE}\n  Unauthorized (401)`),
  ],
  [
    'Caused by without a colon',
    'a.BException: x\nCaused by c.DException: y\n\tat a.B.c(B.java:1)',
    outermost('a.BException', 'x'),
    cause('c.DException', 'y', 'a.B.c(B.java:1)'),
  ],
  [
    'a cause without package',
    'a.BException\nCaused by: GSSException: Clock skew too great',
    outermost('a.BException'),
    cause('GSSException', 'Clock skew too great'),
  ],
  [
    'SAX puts a semicolon',
    'org.xml.sax.SAXParseException; lineNumber: 8; text',
    outermost('org.xml.sax.SAXParseException', 'lineNumber: 8; text'),
  ],
  [
    'a type that ends in no usual word, with a frame on the next line',
    'scala.util.control.BreakControl\n\tat a.B.c(B.scala:1)',
    outermost('scala.util.control.BreakControl', '', 'a.B.c(B.scala:1)'),
  ],
  [
    'a nested class',
    'org.spring.HttpClientErrorException$Unauthorized: 401 Unauthorized: "{}"',
    outermost('org.spring.HttpClientErrorException$Unauthorized', '401 Unauthorized: "{}"'),
  ],
  [
    'suppressed exceptions with causes and suppressed ones of their own',
    [
      'java.lang.Exception: outer',
      '\tat a.B.c(B.java:1)',
      '\tSuppressed: a.SException: s1',
      '\t\tat a.B.d(B.java:2)',
      '\t\t... 1 more',
      '\tCaused by: java.io.IOException: why s1',
      '\t\tat a.B.e(B.java:3)',
      '\tSuppressed: a.SException',
      '\t\tSuppressed: a.DeepException: deep',
      '\t\tCaused by: a.DeepCause: why deep',
      'Caused by: java.lang.Error: root',
      '\tat a.B.f(B.java:4)',
      '\t[CIRCULAR REFERENCE: java.lang.Exception: outer]',
    ].join('\n'),
    outermost('java.lang.Exception', 'outer', 'a.B.c(B.java:1)'),
    suppressed('a.SException', 's1', 'a.B.d(B.java:2)'),
    suppressed('java.io.IOException', 'why s1', 'a.B.e(B.java:3)'),
    suppressed('a.SException'),
    suppressed('a.DeepException', 'deep'),
    suppressed('a.DeepCause', 'why deep'),
    cause('java.lang.Error', 'root', 'a.B.f(B.java:4)'),
  ],
  [
    'root cause first is turned around',
    'a.Root: r\n\tat a.B.c(B.java:1)\n\tSuppressed: a.S: s\nWrapped by: a.Mid: m\n\tat a.B.d(B.java:1)\n\t... 2 common frames omitted\nWrapped by: a.Outer: o\n\tat a.B.e(B.java:1)'.replace(
      'a.Root',
      'a.RootException',
    ),
    outermost('a.Outer', 'o', 'a.B.e(B.java:1)'),
    cause('a.Mid', 'm', 'a.B.d(B.java:1)'),
    cause('a.RootException', 'r', 'a.B.c(B.java:1)'),
    suppressed('a.S', 's'),
  ],
  [
    'two chains in one record',
    'a.BException: x\n\tat a.B.c(B.java:1)\nCaused by: a.CException\na.DException: y\n\tat a.B.d(B.java:1)',
    outermost('a.BException', 'x', 'a.B.c(B.java:1)'),
    cause('a.CException'),
    outermost('a.DException', 'y', 'a.B.d(B.java:1)'),
  ],
  [
    'a fragment that begins with a cause',
    'Caused by: a.B: x\n\tat a.B.c(B.java:1)',
    cause('a.B', 'x', 'a.B.c(B.java:1)'),
  ],
]);

table('Throwables inside prose', [
  [
    'at the end of the header, with frames',
    `${HEADER} Rest API failed: java.lang.IllegalStateException: boom\n\tat a.B.c(B.java:1)`,
    outermost('java.lang.IllegalStateException', 'boom', 'a.B.c(B.java:1)'),
  ],
  [
    'at the start of the message, without frames',
    `${HEADER} java.net.ConnectException: Connection refused`,
    outermost('java.net.ConnectException', 'Connection refused'),
  ],
  [
    'after a level',
    '2026-01-01 10:00:00 ERROR java.net.ConnectException: Connection refused',
    outermost('java.net.ConnectException', 'Connection refused'),
  ],
  ['after a colon', `${HEADER} due to: com.acme.FooException`, outermost('com.acme.FooException')],
  [
    'in the main thread',
    'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n    at a.B.c(B.java:1)',
    outermost('java.lang.OutOfMemoryError', 'Java heap space', 'a.B.c(B.java:1)'),
  ],
  ['alone', 'java.lang.OutOfMemoryError: Java heap space', outermost('java.lang.OutOfMemoryError', 'Java heap space')],
  [
    'behind words, with frames',
    'MailJobRun java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)',
    outermost('java.lang.OutOfMemoryError', 'Java heap space', 'a.B.c(B.java:1)'),
  ],
  ['a mention', `${HEADER} The class java.io.IOException is thrown, see java.io.IOException: docs`],
  [
    'a type name in JSON',
    `${HEADER} {"typeName":"Microsoft.TeamFoundation.UnauthorizedRequestException, Microsoft","errorCode":0}`,
  ],
  ['a word with a colon', `${HEADER} Error: could not do it`],
  [
    'Jira prints cause and trace in one line',
    `${HEADER} {errorId=8f, cause=a.BException: x., stacktrace=a.BException: x.\n\tat a.B.c(B.java:1)\n, servletErrorMessage=jakarta.servlet.ServletException}`,
    outermost('a.BException', 'x.', 'a.B.c(B.java:1)'),
  ],
  [
    'a cause in the middle of a line',
    `${HEADER} Could not reconcile. ID: 6 Caused by: com.acme.SynchronyException: UNKNOWN_ERROR`,
    cause('com.acme.SynchronyException', 'UNKNOWN_ERROR'),
  ],
  [
    'printed in the message and as a trace',
    `${HEADER} Failed: com.x.FooException: boom\ncom.x.FooException: boom\n\tat a.B.c(B.java:1)`,
    outermost('com.x.FooException', 'boom', 'a.B.c(B.java:1)'),
  ],
  [
    'printed in the message and as a cause',
    `${HEADER} Failed: com.x.FooException: boom\ncom.x.BarException: y\n\tat a.B.c(B.java:1)\nCaused by: com.x.FooException: boom`,
    outermost('com.x.BarException', 'y', 'a.B.c(B.java:1)'),
    cause('com.x.FooException', 'boom'),
  ],
  [
    'frames of a thread dump are not its frames',
    'java.lang.OutOfMemoryError: Java heap space\n"main" #1 prio=5 os_prio=0\n   java.lang.Thread.State: WAITING\n\tat a.B.c(B.java:1)',
    outermost('java.lang.OutOfMemoryError', 'Java heap space'),
  ],
]);

const LDAP = 'javax.naming.NamingException: Cannot parse url: ldap://dc';
table('Causes that a message names', [
  [
    'nested and root exceptions without a trace of their own',
    `a.LdapException: Uncategorized; nested exception is ${LDAP} [Root exception is java.net.MalformedURLException: authority: [dc_01]:389]; remaining name 'x'\n\tat a.B.c(B.java:1)`,
    outermost(
      'a.LdapException',
      `Uncategorized; nested exception is ${LDAP} [Root exception is java.net.MalformedURLException: authority: [dc_01]:389]; remaining name 'x'`,
      'a.B.c(B.java:1)',
    ),
    cause(
      'javax.naming.NamingException',
      "Cannot parse url: ldap://dc [Root exception is java.net.MalformedURLException: authority: [dc_01]:389]; remaining name 'x'",
    ),
    cause('java.net.MalformedURLException', 'authority: [dc_01]:389'),
  ],
  [
    'a nested exception that follows as a cause',
    `a.LdapException: Uncategorized; nested exception is ${LDAP}; remaining name 'x'\n\tat a.B.c(B.java:1)\nCaused by: ${LDAP}\n\tat a.B.d(B.java:1)`,
    outermost('a.LdapException', `Uncategorized; nested exception is ${LDAP}; remaining name 'x'`, 'a.B.c(B.java:1)'),
    cause('javax.naming.NamingException', 'Cannot parse url: ldap://dc', 'a.B.d(B.java:1)'),
  ],
  [
    'JavaMail: the frames below the nested exception are those of the outer one',
    'javax.mail.MessagingException: Could not connect;\n  nested exception is:\n\tjava.net.ConnectException: refused\n\tat a.B.c(B.java:1)',
    outermost(
      'javax.mail.MessagingException',
      'Could not connect;\n  nested exception is:\n\tjava.net.ConnectException: refused',
      'a.B.c(B.java:1)',
    ),
    cause('java.net.ConnectException', 'refused'),
  ],
  [
    'a nested exception in the header',
    `${HEADER} Not sent; nested exception is java.net.ConnectException: refused`,
    cause('java.net.ConnectException', 'refused'),
  ],
  [
    'Active Objects: a message that ends with its cause',
    'a.AoException: There was an SQL exception:\nDatabase:\n\t- name:PostgreSQL\n\nb.PSQLException: ERROR: x\n\tat a.B.c(B.java:1)\nCaused by: b.PSQLException: ERROR: x\n\tat a.B.d(B.java:1)',
    outermost(
      'a.AoException',
      'There was an SQL exception:\nDatabase:\n\t- name:PostgreSQL\n\nb.PSQLException: ERROR: x',
      'a.B.c(B.java:1)',
    ),
    cause('b.PSQLException', 'ERROR: x', 'a.B.d(B.java:1)'),
  ],
  [
    'old MySQL drivers: a trace inside the message',
    'com.mysql.CommunicationsException: Link failure:\n\n** BEGIN NESTED EXCEPTION **\n\njava.io.EOFException\nMESSAGE: no data\n\nSTACKTRACE:\n\njava.io.EOFException: no data\n\tat a.B.c(B.java:1)\n\n** END NESTED EXCEPTION **\nLast packet: 1 ms.\n\tat a.B.d(B.java:1)',
    outermost('com.mysql.CommunicationsException', 'Link failure:\n\nLast packet: 1 ms.', 'a.B.d(B.java:1)'),
    cause('java.io.EOFException', 'no data', 'a.B.c(B.java:1)'),
  ],
]);

table('Other platforms', [
  [
    '.NET, inner exception on the same line',
    'System.Exception: outer ---> System.Net.WebException: The remote server returned an error: (401) Unauthorized.\n   at System.Net.HttpWebRequest.GetResponse() in C:\\a b\\x.cs:line 12\n   --- End of inner exception stack trace ---\n   at My.Prog.Main(String[] args)',
    outermost('System.Exception', 'outer', 'My.Prog.Main(String[] args)'),
    cause(
      'System.Net.WebException',
      'The remote server returned an error: (401) Unauthorized.',
      'System.Net.HttpWebRequest.GetResponse() in C:\\a b\\x.cs:line 12',
    ),
  ],
  [
    '.NET, inner exceptions on lines of their own',
    'Unhandled exception. System.AggregateException: outer (inner) (b)\n ---> System.IO.IOException: inner\n   at A.B.C()\n   --- End of inner exception stack trace ---\n   at My.Prog.Main(String[] args)\n ---> (Inner Exception #1) System.Exception: b\n   at Z.Y()<---',
    outermost('System.AggregateException', 'outer (inner) (b)', 'My.Prog.Main(String[] args)'),
    cause('System.IO.IOException', 'inner', 'A.B.C()'),
    cause('System.Exception', 'b', 'Z.Y()'),
  ],
  [
    'Node',
    'Error: x\n    at fn (file:///a.js:1:2)\n    at async Promise.all (index 0)\n    at /home/a.js:9537:21 {\n  status: 403,\n  [cause]: TypeError [ERR_X]: y\n      at process.go (node:internal/process/task_queues:95:5) {\n    code: 1\n  }\n}',
    outermost('Error', 'x', 'fn (file:///a.js:1:2)', 'async Promise.all (index 0)', '/home/a.js:9537:21'),
    cause('TypeError', '[ERR_X]: y', 'process.go (node:internal/process/task_queues:95:5)'),
  ],
  [
    'Node behind a time',
    '2026-01-01 10:00:00 error: Error: Received response 401\n    at fn (/a.js:1:2)',
    outermost('Error', 'Received response 401', 'fn (/a.js:1:2)'),
  ],
  ['an Error without frames is prose', 'Error: x\nmore'],
  [
    'Python, chained, is turned around',
    'ERROR boom\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    x()\nKeyError: \'a\'\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py", line 3, in g\n    y()\n  File "c.py", line 4, in h\nrequests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://x.example.com/',
    outermost(
      'requests.exceptions.HTTPError',
      '401 Client Error: Unauthorized for url: https://x.example.com/',
      'File "b.py", line 3, in g',
      'File "c.py", line 4, in h',
    ),
    cause('KeyError', "'a'", 'File "a.py", line 1, in f'),
  ],
]);

describe('messageEnd', () => {
  const cases: readonly (readonly [name: string, message: string, trace: string])[] = [
    ['a trace below the message', `${HEADER} failed\nsecond line\n`, 'a.BException: x\n\tat a.B.c(B.java:1)'],
    ['a throwable inside the message', `${HEADER} failed: a.BException: x\nmore\n`, '\tat a.B.c(B.java:1)'],
    ['a throwable printed twice', `${HEADER} failed: a.BException: x\n`, 'a.BException: x\n\tat a.B.c(B.java:1)'],
    ['a trace that begins without frames', `${HEADER}\n`, 'a.BException: x\nCaused by: a.C\n\tat a.B.c(B.java:1)'],
    [
      'a Python traceback',
      'ERROR boom\n',
      'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: 1',
    ],
    ['a fragment', '', 'a.BException: x\n\tat a.B.c(B.java:1)'],
    ['a throwable without frames', `${HEADER} a.BException: x\nmore`, ''],
    ['no throwable', `${HEADER} all is well`, ''],
  ];
  for (const [name, message, trace] of cases) {
    it(name, () => assert.equal(messageEnd(message + trace), message.length));
  }
});

describe('Bounds', () => {
  it('keeps the first and the last 500 throwables', () => {
    const text = `a.BException: 0\n${Array.from({ length: 10_000 }, (_, i) => `Caused by: a.C: ${i + 1}`).join('\n')}`;
    const messages = parseThrowables(text).map((throwable) => Number(throwable.message));
    assert.deepEqual(messages, [...numbers(0, 500), ...numbers(9_501, 500)]);
  });

  it('keeps the first and the last 500 frames', () => {
    const text = `a.BException\n${Array.from({ length: 10_000 }, (_, i) => `\tat a.B.c(B.java:${i})`).join('\n')}`;
    const frames = [...numbers(0, 500), ...numbers(9_500, 500)].map((i) => `a.B.c(B.java:${i})`);
    assert.deepEqual(parseThrowables(text), [outermost('a.BException', '', ...frames)]);
  });

  it('keeps 64 KiB of a message', () => {
    const [found] = parseThrowables(`a.BException: ${'x'.repeat(1 << 20)}\n\tat a.B.c(B.java:1)`);
    assert.equal(found!.message.length, 64 * 1024);
  });

  it('reads each line once: twice the text is twice the searches', () => {
    const units = [
      'Caused by: a.B: x\n',
      '\tat a.B.c(B.java:1)\n',
      'a.BException: x\n',
      'Error: x\n',
      ': a.BException ',
      ' ---> System.B: y',
      'a.',
      '   \n',
    ];
    for (const unit of units) {
      const once = searches(() => parseThrowables(`a.BException: x\n\tat ${unit.repeat(10_000)}`));
      const twice = searches(() => parseThrowables(`a.BException: x\n\tat ${unit.repeat(20_000)}`));
      assert.ok(twice <= 2.1 * once, `${unit}: ${once}, then ${twice}`);
    }
  });

  it('takes any text', () => {
    const word = fc.constantFrom(
      'a.BException',
      'Error',
      ': ',
      '\n',
      '\tat a.B.c(B.java:1)\n',
      'Caused by: ',
      '\tSuppressed: ',
      'Wrapped by: ',
      ' ---> System.B: ',
      '--- End of inner exception stack trace ---\n',
      '** BEGIN NESTED EXCEPTION **\n',
      '** END NESTED EXCEPTION **\n',
      'Traceback (most recent call last):\n',
      '  File "a"\n',
      'nested exception is ',
      '[Root exception is ',
      '... 1 more\n',
      ' ',
      'x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
        ),
        (text) => {
          const end = messageEnd(text);
          const throwables = parseThrowables(text);
          assert.ok(end >= 0 && end <= text.length);
          assert.ok(end === 0 || end === text.length || text[end - 1] === '\n');
          assert.equal(
            throwables.some((throwable) => throwable.frames.length > 0),
            end < text.length,
          );
          for (const { message, type } of throwables) assert.ok(text.includes(type) && message === message.trim());
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** How often a run searches with a pattern. */
function searches(run: () => void): number {
  const { exec } = RegExp.prototype;
  let count = 0;
  RegExp.prototype.exec = function (text) {
    count++;
    return exec.call(this, text);
  };
  try {
    run();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return count;
}
