import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isAppFrame, maskFrame, maskMessage } from '../../src/incidents/normalize.js';

const MESSAGES = [
  {
    name: 'hosts, addresses and ports',
    input: 'Connect to ldap.example.com/192.0.2.9:389 failed, localhost:80 too',
    expected: 'Connect to <host>/<ip>:<n> failed, <host>:<n> too',
  },
  {
    name: 'a bare host with a port',
    input: 'Connection to db01:5432 refused',
    expected: 'Connection to <host>:<n> refused',
  },
  {
    name: 'IPv6 addresses, but no C++ names',
    input: '[0:0:0:0:0:0:0:1]:80, ::1, fe80::1%eth0, std::string',
    expected: '[<ip>]:<n>, <ip>, <ip>, std::string',
  },
  {
    name: 'issue keys and quoted strings',
    input: "Issue ABC-123 of 'bob' and \"x y\" can't be loaded",
    expected: "Issue <key> of '<s>' and '<s>' can't be loaded",
  },
  { name: 'an empty string like any other', input: "key '' for ''", expected: "key '<s>' for '<s>'" },
  {
    name: 'URLs without the end of the sentence',
    input: 'GET https://host/x?y=1. Then (jdbc:postgresql://db/x)',
    expected: 'GET <url>. Then (<url>)',
  },
  {
    name: 'statuses stay',
    input: 'HTTP/1.1 401, HTTP 503, status: 401, statusCode=404, status code 500, "status":403',
    expected: 'HTTP/1.1 401, HTTP 503, status: 401, statusCode=404, status code 500, "status":403',
  },
  {
    name: 'codes of databases stay',
    input: 'SQL Error: 1062, SQLState: 23000, error code [17002]',
    expected: 'SQL Error: 1062, SQLState: 23000, error code [17002]',
  },
  {
    name: 'other numbers go',
    input: '12 of 1,234 in 3.5s, 12ms, 99%, -5 (status 12345)',
    expected: '<n> of <n> in <n>s, <n>ms, <n>%, <n> (status <n>)',
  },
  {
    name: 'hexadecimal numbers, commits and identities',
    input: '0x1F 8f3c2a1 Foo@1a2b3c x[]@1f',
    expected: '<hex> <hex> Foo@<hex> x[]@<hex>',
  },
  {
    name: 'ids',
    input: '601x123x1 7be0c2a4-1111-45d1-8f22-4b8b8c1e0a01 ab12cd34ef56gh78ij90',
    expected: '<id> <uuid> <id>',
  },
  {
    name: 'paths',
    input: "/var/x/pack-1.idx, C:\\Users\\x\\y.txt, a/b/c.txt, '/x y/'",
    expected: "<path>, <path>, <path>, '<s>'",
  },
  { name: 'no paths', input: 'read/write text/html I/O and/or', expected: 'read/write text/html I/O and/or' },
  {
    name: 'times and dates',
    input:
      '2026-05-01T10:00:00.123Z 2026-05-01 10:00:00,123+0000 Mon May 04 10:15:01 UTC 2026 10:15:01 2026-05-01 04/May/2026',
    expected: '<time> <time> <time> <time> <date> <date>',
  },
  { name: 'mail addresses', input: 'to bob.x@mail.example.com.', expected: 'to <email>.' },
  {
    name: 'names of errors, encodings and fields stay',
    input: 'ORA-01017 AADSTS7000222 TF400813 UTF-8 SHA-256 log4j2 java.net.ConnectException',
    expected: 'ORA-01017 AADSTS7000222 TF400813 UTF-8 SHA-256 log4j2 java.net.ConnectException',
  },
  {
    name: 'numbers inside of names go',
    input: 'customfield_10100 http-nio-8080-exec-12 Foo.java:12',
    expected: 'customfield_<n> http-nio-<n>-exec-<n> Foo.java:<n>',
  },
  {
    name: 'the names of JSON stay',
    input: '{"error":"invalid","count":12}',
    expected: '{"error":\'<s>\',"count":<n>}',
  },
  { name: 'only the first line that is not blank', input: '\n  \n  first 1\nsecond', expected: 'first <n>' },
  { name: 'nothing', input: ' \n', expected: '' },
] as const;

describe('maskMessage', () => {
  for (const { name, input, expected } of MESSAGES) it(name, () => assert.equal(maskMessage(input), expected));

  it('cuts at the end of a word', () => {
    assert.equal(maskMessage('word '.repeat(100)), 'word '.repeat(60).trimEnd());
    assert.equal(maskMessage('w'.repeat(1000)), 'w'.repeat(300));
  });

  const piece = fc.constantFrom(
    ...[
      '12',
      'ABC-1',
      'abc',
      '/',
      '.',
      ':',
      ' ',
      '-',
      'deadbeef1',
      '<n>',
      '<',
      '>',
      "'",
      '"',
      '@',
      'status',
      'HTTP',
      '401',
      '2026-05-01',
      '10:00:00',
    ],
    ...[
      'host.com',
      '/var/x',
      '0x1f',
      '+',
      '_',
      '{',
      '}',
      '(',
      ',',
      '=',
      'https://',
      'a1',
      'Foo',
      '::',
      'fe80',
      '\\',
      'localhost',
      '\n',
      '%',
      'Z',
    ],
  );
  const message = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 400, size: 'max' }).map((pieces) => pieces.join('')),
  );

  it('changes nothing the second time and keeps its bound', () => {
    fc.assert(
      fc.property(message, (text) => {
        const template = maskMessage(text);
        assert.equal(maskMessage(template), template);
        assert.ok(template.length <= 300 && !template.includes('\n'));
      }),
      { numRuns: 2000 },
    );
  });
});

const FRAMES = [
  {
    name: 'line, module and packaging data go',
    input: 'app//com.acme.Sync.merge(Sync.java:88) ~[worklog-1.2.jar:?]',
    expected: 'com.acme.Sync.merge',
    app: true,
  },
  {
    name: 'a module with a version',
    input: 'java.base@17.0.1/java.lang.Thread.run(Thread.java:840)',
    expected: 'java.lang.Thread.run',
    app: false,
  },
  {
    name: 'a module without one',
    input: 'java.base/java.lang.Thread.run(Thread.java:840)',
    expected: 'java.lang.Thread.run',
    app: false,
  },
  {
    name: 'packaging data of OSGi',
    input: 'com.acme.Foo.<init>(Foo.java:1)[12:worklog:1.2]',
    expected: 'com.acme.Foo.<init>',
    app: true,
  },
  {
    name: 'the method of a lambda',
    input: 'com.acme.Foo.lambda$main$12(Foo.java:1)',
    expected: 'com.acme.Foo.lambda$main',
    app: true,
  },
  {
    name: 'the class of a lambda, old',
    input: 'com.acme.Foo$$Lambda$14/1234567.run(Unknown Source)',
    expected: 'com.acme.Foo$$Lambda.run',
    app: true,
  },
  {
    name: 'the class of a lambda, hidden',
    input: 'com.acme.Foo$$Lambda/0x00007f01.run(Unknown Source)',
    expected: 'com.acme.Foo$$Lambda.run',
    app: true,
  },
  {
    name: 'a hidden class of the JDK',
    input: 'java.base/java.lang.invoke.LambdaForm$DMH/0x0000000800c8.invokeStatic(LambdaForm$DMH)',
    expected: 'java.lang.invoke.LambdaForm$DMH.invokeStatic',
    app: false,
  },
  { name: 'a proxy, old', input: 'com.sun.proxy.$Proxy123.find(Unknown Source)', expected: '$Proxy.find', app: false },
  {
    name: 'a proxy, new',
    input: 'jdk.proxy2/jdk.proxy2.$Proxy34.find(Unknown Source)',
    expected: '$Proxy.find',
    app: false,
  },
  {
    name: 'CGLIB of Spring 5',
    input: 'com.acme.Foo$$EnhancerBySpringCGLIB$$1a2b3c.bar(<generated>)',
    expected: 'com.acme.Foo$$CGLIB.bar',
    app: false,
  },
  {
    name: 'CGLIB of Spring 6',
    input: 'com.acme.Foo$$SpringCGLIB$$0.bar(<generated>)',
    expected: 'com.acme.Foo$$CGLIB.bar',
    app: false,
  },
  {
    name: 'reflection',
    input: 'jdk.internal.reflect.GeneratedMethodAccessor123.invoke(Unknown Source)',
    expected: 'jdk.internal.reflect.GeneratedMethodAccessor.invoke',
    app: false,
  },
  {
    name: 'a servlet container',
    input: 'org.apache.catalina.core.StandardWrapperValve.invoke(StandardWrapperValve.java:1)',
    expected: 'org.apache.catalina.core.StandardWrapperValve.invoke',
    app: false,
  },
  {
    name: 'the plugin system',
    input: 'com.atlassian.plugin.servlet.DelegatingPluginServlet.service(DelegatingPluginServlet.java:37)',
    expected: 'com.atlassian.plugin.servlet.DelegatingPluginServlet.service',
    app: false,
  },
  {
    name: 'the product itself',
    input: 'com.atlassian.jira.issue.index.DefaultIndexManager.reIndex(DefaultIndexManager.java:1)',
    expected: 'com.atlassian.jira.issue.index.DefaultIndexManager.reIndex',
    app: true,
  },
  {
    name: 'a name that only begins like that of a framework',
    input: 'javaxx.Foo.bar(Foo.java:1)',
    expected: 'javaxx.Foo.bar',
    app: true,
  },
] as const;

describe('maskFrame and isAppFrame', () => {
  for (const { name, input, expected, app } of FRAMES) {
    it(name, () => {
      assert.equal(maskFrame(input), expected);
      assert.equal(maskFrame(expected), expected);
      assert.equal(isAppFrame(input), app);
      assert.equal(isAppFrame(expected), app);
    });
  }
});
