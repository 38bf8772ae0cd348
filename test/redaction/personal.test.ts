import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadRules } from '../../src/index.js';
import { canonicalIp } from '../../src/redaction/addresses.js';
import { isPublicHost } from '../../src/redaction/hosts.js';
import { namesIn } from '../../src/redaction/personal.js';
import { replaced } from '../../src/redaction/spans.js';

/** The text with `<kind>` in the place of each name. */
function shown(text: string): string {
  return replaced(text, namesIn(text), (kind) => `<${kind}>`);
}

const FOUND: readonly (readonly [name: string, input: string, expected: string])[] = [
  // ---- mail addresses
  ['a mail address', 'sent to jane.doe@contoso.com.', 'sent to <mail>.'],
  ['a mail address of a long domain', '<bob+jira@mail.sub.example.co.uk>,', '<<mail>>,'],
  ['a mail address in a link', 'mailto:bob@example.com?subject=x', 'mailto:<mail>?subject=x'],
  ['a mail address that is percent-encoded', '?u=jane%40contoso.com&x=1', '?u=<mail>&x=1'],
  ['a mail address behind an escaped line end', '"a\\nbob@example.com"', '"a\\n<mail>"'],
  ['a mail address as a user', 'user=bob@example.com failed', 'user=<mail> failed'],
  ['a name of a realm', 'principal jdoe@CORP.EXAMPLE.COM expired', 'principal <mail> expired'],
  // ---- users
  [
    'the user in the header of Jira',
    '2026-05-01 10:00:00,123+0000 http-nio-8080-exec-5 ERROR jdoe 601x123x1 1abc2d3 192.0.2.1 /x.jspa [c.a.j.x] y',
    '2026-05-01 10:00:00,123+0000 http-nio-8080-exec-5 ERROR <user> 601x123x1 1abc2d3 <ip> /x.jspa [c.a.j.x] y',
  ],
  [
    'the user in the header of Bitbucket',
    'ERROR [http-nio-7990-exec-9] jdoe @4BN7QDx671x31450x2 1abcd 192.0.2.15,0:0:0:0:0:0:0:1 "GET /rest HTTP/1.0" c.a.X',
    'ERROR [http-nio-7990-exec-9] <user> @4BN7QDx671x31450x2 1abcd <ip>,0:0:0:0:0:0:0:1 "GET /rest HTTP/1.0" c.a.X',
  ],
  [
    'the user in an access log',
    '192.0.2.1 554x1x1 jdoe [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1',
    '<ip> 554x1x1 <user> [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1',
  ],
  [
    'the user in the access log of Bitbucket',
    '192.0.2.7 | http | i*1QW2E3x600x12x1 | jdoe | 2026-05-05 10:00:00,001 | "GET /x"',
    '<ip> | http | i*1QW2E3x600x12x1 | <user> | 2026-05-05 10:00:00,001 | "GET /x"',
  ],
  ['the user in the name of a thread', 'exec-23 url: /x/y; user: jdoe ERROR', 'exec-23 url: /x/y; user: <user> ERROR'],
  [
    'a user behind a name',
    'userName=jdoe os_username=jdoe&x=1 assignee: jdoe',
    'userName=<user> os_username=<user>&x=1 assignee: <user>',
  ],
  [
    'a user in JSON',
    '{"user":"jdoe","displayName":"Jane Doe","n":1}',
    '{"user":"<user>","displayName":"<user>","n":1}',
  ],
  ['a user in JSON in JSON', '"{\\"username\\":\\"jdoe\\"}"', '"{\\"username\\":\\"<user>\\"}"'],
  ['a user in a query that is percent-encoded', 'next=%3Fusername%3Djdoe%26x%3D1', 'next=%3Fusername%3D<user>%26x%3D1'],
  ['a user in a header', 'X-AUSERNAME: jdoe', 'X-AUSERNAME: <user>'],
  [
    'a user in quotes',
    'FATAL: password authentication failed for user "jirauser"; The user \'jdoe\' is locked',
    'FATAL: password authentication failed for user "<user>"; The user \'<user>\' is locked',
  ],
  [
    'a user in a sentence',
    'Login failed for user jdoe. User jdoe has been locked',
    'Login failed for user <user>. User <user> has been locked',
  ],
  ['homes', '/home/jane.doe/x /Users/jdoe/y C:\\Users\\jdoe\\z', '/home/<user>/x /Users/<user>/y C:\\Users\\<user>\\z'],
  ['a home with escaped backslashes', '"C:\\\\Users\\\\jdoe\\\\z"', '"C:\\\\Users\\\\<user>\\\\z"'],
  [
    'a place of one user',
    '/display/~jdoe/Home /rest/users/jdoe/repos',
    '/display/~<user>/Home /rest/users/<user>/repos',
  ],
  ['an account of a domain', 'signed in as CORP\\jdoe', 'signed in as CORP\\<user>'],
  ['an entry of a directory', 'dn: CN=Jane Doe,OU=Users,DC=corp,DC=example,DC=com', 'dn: CN=<user>,OU=Users,<host>'],
  [
    'the user of an address',
    'https://jdoe@git.contoso.com/x ssh://jdoe@git01:7999/x',
    'https://<user>@<host>/x ssh://<user>@<host>:7999/x',
  ],
  // ---- hosts
  [
    'the host of an address',
    'GET https://jira.contoso.com:8443/browse/X-1 http://jira01/ ',
    'GET https://<host>:8443/browse/X-1 http://<host>/ ',
  ],
  ['the host of an address with escaped slashes', '"https:\\/\\/jira.contoso.com\\/x"', '"https:\\/\\/<host>\\/x"'],
  [
    'the host of an address that is percent-encoded',
    'url=https%3A%2F%2Fjira.contoso.com%2Fx',
    'url=https%3A%2F%2F<host>%2Fx',
  ],
  [
    'the host behind a masked password',
    'https://bob:[masked:url-password]@git.contoso.com/x',
    'https://<user>:[masked:url-password]@<host>/x',
  ],
  [
    'the host behind a masked token',
    'https://[masked:azure-devops-token]@git.contoso.com/x',
    'https://[masked:azure-devops-token]@<host>/x',
  ],
  [
    'hosts of databases',
    'jdbc:postgresql://db01:5432/jira jdbc:sqlserver://sql1\\INST;databaseName=j jdbc:mysql://h1:3306,h2:3306/j jdbc:oracle:thin:@ora1:1521:XE',
    'jdbc:postgresql://<host>:5432/jira jdbc:sqlserver://<host>\\INST;databaseName=j jdbc:mysql://<host>:3306,<host>:3306/j jdbc:oracle:thin:@<host>:1521:XE',
  ],
  ['the host of a clone', 'git@gitlab.contoso.com:team/web.git', 'git@<host>:team/web.git'],
  [
    'a dotted name by its end',
    'via jira01.corp.contoso.com, node3.prod.internal and db.local',
    'via <host>, <host> and <host>',
  ],
  ['a dotted name in capitals', 'JIRA01.CORP.EXAMPLE.COM answers', '<host> answers'],
  ['a host in the name of a file', '/logs/jira01.contoso.com.log.2', '/logs/<host>.log.2'],
  [
    'a host in a header or a field',
    'Host: jira.contoso.com remoteHost=web-1, "hostname":"jira-0"',
    'Host: <host> remoteHost=<host>, "hostname":"<host>"',
  ],
  ['a cookie of a domain', 'domain=.contoso.com;', 'domain=.<host>;'],
  [
    'an unknown host',
    'java.net.UnknownHostException: jira01: Name or service not known',
    'java.net.UnknownHostException: <host>: Name or service not known',
  ],
  [
    'a refused connection',
    'Connection to db02:5432 refused; No route to host: db03',
    'Connection to <host>:5432 refused; No route to host: <host>',
  ],
  ['a host with its address', 'connect to db01/192.0.2.3:5432 failed', 'connect to <host>/<ip>:5432 failed'],
  ['a share', 'copied to \\\\fileserver\\share\\x', 'copied to \\\\<host>\\share\\x'],
  ['a machine of a cloud', 'on ip-10-0-0-5 and ip-10-0-0-6.ec2.internal', 'on <host> and <host>'],
  [
    'a customer of a public service',
    'https://contoso.visualstudio.com/x https://acme.atlassian.net/y',
    'https://<host>/x https://<host>/y',
  ],
  // ---- addresses of machines
  ['IPv4', 'from 192.0.2.7,198.51.100.9 (203.0.113.1:8080)', 'from <ip>,<ip> (<ip>:8080)'],
  ['IPv6', 'from 2001:db8::7, [fe80::1%eth0]:8080 2001:db8:0:0:0:0:0:1', 'from <ip>, [<ip>]:8080 <ip>'],
  ['IPv4 in IPv6', '::ffff:192.0.2.7', '<ip>'],
  ['a range', '10.0.0.1-10.0.0.9', '<ip>-<ip>'],
];

const KEPT: readonly (readonly [name: string, input: string])[] = [
  [
    'classes and packages',
    'com.contoso.jira.app.Foo org.example.net de.contoso.plugin.app java.net javax.net.ssl io.netty',
  ],
  ['abbreviated loggers', '[c.a.jira.app] c.b.j.g.rest.exceptionmappers.LoggerHolder c.a.j.plugins.mail.info'],
  ['frames', '\tat com.bigbrassband.jira.git.MicrosoftApi.scan(MicrosoftApi.java:97) ~[jira-core-9.12.3.jar:?]'],
  [
    'names of files',
    'jira.log atlassian-jira.log.2 catalina.2026-11-24.log dbconfig.xml setenv.sh run.py README.md libnet.so',
  ],
  [
    'versions',
    'version 9.12.3, 9.12.3.1-SNAPSHOT, foo-1.2.3.4.jar, version 8.0.32.0, Chrome/142.0.0.0, Tomcat/9.0.98.0, v1.2.3.4',
  ],
  ['properties', 'jira.home user.name java.io.tmpdir catalina.home log.info system.in spring.config.name'],
  ['ids of rules', 'gij/azure-devops-profile-401 azure-devops/pat-expired'],
  ['times and hardware addresses', '10:42:10 2026-05-01T10:42:10.123Z 00:1a:2b:3c:4d:5e'],
  ['what every machine has', 'http://localhost:8080 127.0.0.1 ::1 0.0.0.0 0:0:0:0:0:0:0:1 localhost.localdomain'],
  [
    'public services',
    'https://app.vssps.visualstudio.com/_apis git@github.com:a/b.git https://dev.azure.com/x api.github.com www.w3.org',
  ],
  ['methods and namespaces of code', 'std::foo Face::add a::b vb.net asp.net Foo.Net getHost().name'],
  ['nobody', 'user=anonymous user: null ERROR anonymous 601x1x1 - user=- "user":true users: 12'],
  [
    'prose about users',
    'for the user before it, user is not found, User Directory, user management, of users in groups',
  ],
  ['types of users', 'user=DelegatingApplicationUser{id=1} user=com.atlassian.User@1a2b'],
  ['objects and annotations', 'com.foo.Bar@1a2b3c4d annotation=@javax.inject.Named(value=x) hostkeys-00@openssh.com'],
  ['times of a garbage collection', 'User=0.01s Sys=0.00s Real=0.02s'],
  ['addresses without a host', 'file:///var/x bundle://174.0:1/ jar:file:/x.jar!/a classpath:x'],
  ['prose with a colon', 'Azure DevOps Server: check the log. server: not found. domain: is wrong'],
  ['what is masked already', 'user=[user:1a2b3c4d] https://[host:1a2b3c4d]/ [mail:1a2b3c4d] [masked:password]'],
  ['escaped bytes', "Incorrect string value: '\\xF0\\x9F\\x91\\x8D'"],
];

describe('namesIn', () => {
  for (const [name, input, expected] of FOUND) {
    it(`finds: ${name}`, () => {
      assert.equal(shown(input), expected);
      const strict = replaced(input, namesIn(input), (kind) => `[${kind}:1a2b3c4d]`);
      assert.deepEqual(namesIn(strict), [], 'masking twice changes nothing');
    });
  }
  for (const [name, input] of KEPT) it(`keeps: ${name}`, () => assert.equal(shown(input), input));

  it('gives one value to all spellings of a name', () => {
    const values = (text: string) => [...new Set(namesIn(text).map(({ value }) => value))];
    assert.deepEqual(values('http://JIRA.contoso.com/ jira.Contoso.com:80 jira.contoso.com.'), ['jira.contoso.com']);
    assert.deepEqual(values('2001:db8::7 2001:DB8:0:0:0:0:0:7'), ['2001:db8:0:0:0:0:0:7']);
    assert.deepEqual(values('?u=jane%40contoso.com Jane@Contoso.com'), ['jane@contoso.com']);
    assert.deepEqual(values('user=JDoe user=CORP\\jdoe'), ['jdoe']);
    assert.deepEqual(values('dn: DC=corp,DC=contoso,DC=com on corp.contoso.com'), ['corp.contoso.com']);
  });

  it('finds every mail address, host and address among words', () => {
    const word = fc.stringMatching(/^[a-z]{1,10}$/).filter((text) => !/user|host|login|server|domain/.test(text));
    const label = fc
      .stringMatching(/^[a-z][a-z0-9]{2,10}$/)
      .filter((text) => !/^(?:com|org|net|java|sun|log|gov|edu)$/.test(text));
    const name = fc.oneof(
      fc.tuple(label, label).map(([user, host]) => [`${user}@${host}.example.com`, 'mail'] as const),
      fc.tuple(label, label).map(([one, two]) => [`${one}.${two}.corp`, 'host'] as const),
      fc
        .tuple(fc.integer({ min: 1, max: 126 }), fc.nat(255), fc.nat(255), fc.nat(255))
        .map((octets) => [octets.join('.'), 'ip'] as const),
    );
    const edge = fc.constantFrom(' ', '"', "'", ', ', ' (', '\n', '=', '[', '%20', '\\n');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), edge, name, edge, (words, before, [text, kind], behind) => {
        const line = `${words.join(' ')}${before}${text}${behind}${words.join(' ')}`;
        const found = namesIn(line).filter(({ start, end }) => line.slice(start, end) === text);
        assert.deepEqual(
          found.map((one) => one.kind),
          [kind],
          line,
        );
      }),
    );
  });

  it('finds nothing in names of classes', () => {
    const part = fc.stringMatching(/^[a-z]{2,8}$/);
    const type = fc.stringMatching(/^[A-Z][a-z]{2,8}[A-Z][a-z]{2,8}$/);
    fc.assert(
      fc.property(
        fc.constantFrom('com', 'org', 'io', 'net', 'java', 'javax'),
        fc.array(part, { minLength: 1, maxLength: 5 }),
        type,
        (first, parts, name) => {
          const text = `at ${first}.${parts.join('.')}.${name}.run(${name}.java:12) [${first}.${parts.join('.')}]`;
          assert.equal(shown(text), text);
        },
      ),
    );
  });

  for (const piece of [
    'a.',
    'a@',
    '//a',
    'user=',
    '\\\\a\\',
    '/home/',
    '1.',
    'f:',
    'CN=a,',
    '%40',
    '&#64;',
    '~a/',
    'a-',
  ]) {
    it(`is done soon with a line of a MiB of ${piece}`, () => {
      assert.ok(namesIn(piece.repeat((1024 * 1024) / piece.length)).length >= 0);
    });
  }
});

const ADDRESSES: readonly (readonly [printed: string, canonical: string | null])[] = [
  ['192.0.2.7', '192.0.2.7'],
  ['256.0.2.7', null],
  ['01.2.3.4', null],
  ['127.0.0.1', null],
  ['0.0.0.0', null],
  ['255.255.255.255', null],
  ['::1', null],
  ['::', null],
  ['2001:db8::', '2001:db8:0:0:0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::ffff:127.0.0.1', null],
  ['1:2:3:4:5:6:7', null],
  ['1::2::3', null],
  ['face::add', null],
];

describe('canonicalIp', () => {
  for (const [printed, canonical] of ADDRESSES) {
    it(`of ${printed} is ${canonical}`, () => assert.equal(canonicalIp(printed), canonical));
  }
});

describe('public hosts', () => {
  it('are all that rules name whole', async () => {
    const hosts = new Set<string>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { hosts: named } = value as { hosts?: readonly string[] };
      for (const host of named ?? []) if (!host.includes('*')) hosts.add(host);
      for (const inner of Object.values(value)) visit(inner);
    };
    for (const { rules } of await loadRules()) for (const { match } of rules) visit(match);
    assert.ok(hosts.size > 1);
    assert.deepEqual(
      [...hosts].filter((host) => !isPublicHost(host)),
      [],
    );
  });
});
