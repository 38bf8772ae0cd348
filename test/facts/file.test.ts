import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { factsOfFile, isFactFile } from '../../src/facts/file.js';
import { attributeOf, xmlTexts } from '../../src/facts/xml.js';

const factsIn = (name: string, text: string) =>
  factsOfFile(name, text).map(({ key, value, line }) => `${line} ${key} ${value}`);

const JIRA_XML = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<properties>
    <product name="JIRA" version="9.4.1"/>
    <System-Information>
        <System-Date>Tuesday, 24 Nov 2026</System-Date>
        <Base-URL>https://jira.example.com/a&amp;b</Base-URL>
        <Java-Version>11.0.21</Java-Version>
        <User-Timezone>Europe/Berlin</User-Timezone>
        <Operating-System>Linux 5.15.0</Operating-System>
        <Application-Server-Container>Apache Tomcat/8.5.85</Application-Server-Container>
        <Database-type>postgres72</Database-type>
        <Database-version>15.4 (Debian 15.4-1)</Database-version>
        <Database-driver>PostgreSQL JDBC Driver 42.5.0</Database-driver>
        <JVM-Input-Arguments>-Xms384m -Xmx4096m -Dcrypt.password=hunter22</JVM-Input-Arguments>
    </System-Information>
    <plugins>
        <plugin>
            <key>com.xiplink.jira.git.jira_git_plugin</key>
            <name>Git Integration for Jira</name>
            <version>4.9.1</version>
            <vendor>GitKraken</vendor>
            <status>ENABLED</status>
        </plugin>
        <plugin><key>com.example.app</key><version>1.2.3</version></plugin>
    </plugins>
    <cluster-information>
        <clustered>true</clustered>
        <node><id>node1</id><address>192.0.2.1</address><local>false</local></node>
        <node><id>node2</id><address>192.0.2.2</address><local>true</local></node>
    </cluster-information>
    <application-links><link><base-url>https://wiki.example.com</base-url><version>7.1</version></link></application-links>
</properties>
`;

const BITBUCKET_XML = `<properties>
  <product name='Bitbucket' version='8.9.8'></product>
  <bitbucket-information><base-url>https://git.example.com</base-url></bitbucket-information>
  <operating-system>
    <os-name>Linux</os-name><os-architecture>amd64</os-architecture><os-version>5.4.0</os-version>
  </operating-system>
  <database-information>
    <database-name>PostgreSQL</database-name><version>13.11</version>
    <driver-name>PostgreSQL JDBC Driver</driver-name>
  </database-information>
  <java-runtime-environment>
    <java.runtime.version>11.0.20.1+1</java.runtime.version>
    <virtual-machine-arguments>-Xms1g -Xmx2g -Duser.timezone=UTC</virtual-machine-arguments>
  </java-runtime-environment>
</properties>`;

const FILES: readonly (readonly [name: string, file: string, text: string, wanted: readonly string[]])[] = [
  [
    'application.xml of Jira',
    'support.zip!/application-properties/application.xml',
    JIRA_XML,
    [
      '3 jira 9.4.1',
      '6 baseUrl https://jira.example.com/a&b',
      '7 java 11.0.21',
      '8 timezone Europe/Berlin',
      '9 os Linux 5.15.0',
      '10 tomcat 8.5.85',
      '11 database PostgreSQL',
      '12 databaseVersion 15.4',
      '13 driver PostgreSQL JDBC Driver 42.5.0',
      '14 heap 4096MB',
      '18 plugin:com.xiplink.jira.git.jira_git_plugin 4.9.1',
      '18 gij 4.9.1',
      '24 plugin:com.example.app 1.2.3',
      '29 node node2',
    ],
  ],
  [
    'application.xml of Bitbucket',
    'application.xml',
    BITBUCKET_XML,
    [
      '2 bitbucket 8.9.8',
      '3 baseUrl https://git.example.com',
      '5 os Linux 5.4.0',
      '8 database PostgreSQL',
      '8 databaseVersion 13.11',
      '9 driver PostgreSQL JDBC Driver',
      '12 java 11.0.20.1+1',
      '13 heap 2048MB',
      '13 timezone UTC',
    ],
  ],
  [
    'dbconfig.xml',
    'home/dbconfig.xml',
    '<jira-database-config>\n<database-type>mssql</database-type>\n<!-- <database-type>h2</database-type> -->\n<jdbc-datasource><url>jdbc:sqlserver://db;password=x</url><driver-class>com.microsoft.sqlserver.jdbc.SQLServerDriver</driver-class><password>hunter22</password></jdbc-datasource></jira-database-config>',
    ['2 database Microsoft SQL Server', '4 driver com.microsoft.sqlserver.jdbc.SQLServerDriver'],
  ],
  [
    'confluence.cfg.xml',
    'confluence.cfg.xml',
    '<confluence-configuration>\n<properties>\n<property name="hibernate.connection.driver_class">org.postgresql.Driver</property>\n<property name="hibernate.connection.password">hunter22</property>\n<property name="confluence.cluster.node.name">node3</property>\n<property name="hibernate.dialect">com.atlassian.confluence.impl.hibernate.dialect.PostgreSQLDialect</property></properties></confluence-configuration>',
    ['3 driver org.postgresql.Driver', '5 node node3', '6 database PostgreSQL'],
  ],
  [
    'bitbucket.properties',
    'shared/bitbucket.properties',
    '# jdbc.driver=com.example\nsetup.baseUrl=https://git.example.com\njdbc.driver=org.postgresql.Driver\njdbc.password=hunter22\n',
    ['2 baseUrl https://git.example.com', '3 driver org.postgresql.Driver', '3 database PostgreSQL'],
  ],
  [
    'cluster.properties',
    'cluster.properties',
    '# jira.node.id = old\njira.node.id = node1\njira.shared.home = /data',
    ['2 node node1'],
  ],
  [
    'setenv.sh of Jira',
    'bin/setenv.sh',
    `#JVM_MAXIMUM_MEMORY="1g"\nJVM_SUPPORT_RECOMMENDED_ARGS="-Duser.timezone=Europe/Berlin"\n: \${JVM_MAXIMUM_MEMORY:=8192m}\nJVM_MAXIMUM_MEMORY="12g"\n`,
    ['2 timezone Europe/Berlin', '4 heap 12288MB'],
  ],
  [
    'setenv.sh of Confluence, as support tools rename it',
    'application-config/setenv-sh.txt',
    `CATALINA_OPTS="-Xms1024m -Xmx4096m \${CATALINA_OPTS}"\n`,
    ['1 heap 4096MB'],
  ],
  ['setenv.bat', 'setenv.bat', 'rem set JVM_MAXIMUM_MEMORY=1g\r\nset JVM_MAXIMUM_MEMORY=2048m\r\n', ['2 heap 2048MB']],
  [
    'health checks of one node',
    'healthchecks/healthcheckResults.txt',
    'Name: Lucene\nNodeId: node1\nIs healthy: true\n\nName: Disk\nNodeId: node1\nIs healthy: true\n',
    ['2 node node1'],
  ],
  ['health checks of several nodes', 'healthcheckResults.txt', 'NodeId: node1\nNodeId: node2\n', []],
  ['health checks of a single server', 'healthcheckResults.txt', 'NodeId: null\nNodeId: \n', []],
  [
    'a list of plugins',
    'plugins.txt',
    '# installed\ncom.bigbrassband.jira.git 4.2\nGit (com.xiplink.jira.git.jira_git_plugin), v4.20.1-jira9, enabled\nno version: com.example.app\n12.5 of what\n',
    [
      '2 plugin:com.bigbrassband.jira.git 4.2',
      '2 gij 4.2',
      '3 plugin:com.xiplink.jira.git.jira_git_plugin v4.20.1-jira9',
      '3 gij v4.20.1-jira9',
    ],
  ],
  ['a file of another name', 'server.xml', JIRA_XML, []],
];

for (const [name, file, text, wanted] of FILES) {
  test(`what is learnt from ${name}`, () => {
    assert.deepEqual(factsIn(file, text), wanted);
    assert.equal(isFactFile(file), wanted.length > 0 || file.startsWith('health'));
    for (const { origin } of factsOfFile(file, text)) assert.equal(origin, file);
  });
}

test('hostile XML gives what can be had of it, in linear time', () => {
  const many = 200_000;
  for (const text of [
    '<'.repeat(many),
    '<a'.repeat(many),
    '<a>'.repeat(many),
    `<properties>${'<a '.repeat(many)}`,
    `<a ${'x="1" '.repeat(many)}>1</a>`,
    `<!--${'-'.repeat(many)}`,
    `<![CDATA[${']]'.repeat(many)}`,
    '<?'.repeat(many),
    '&lt;'.repeat(many),
    `<product name="${'J'.repeat(many)}" version="9">`,
  ])
    assert.ok(Array.isArray(factsIn('application.xml', text)));
});

test('entities of a document type are not expanded', () => {
  const bomb =
    '<!DOCTYPE p [<!ENTITY a "9.4.1"><!ENTITY b SYSTEM "file:///etc/passwd">]>\n<properties><product name="JIRA" version="&a;"/><base-url>&b;://x</base-url></properties>';
  assert.deepEqual(factsIn('application.xml', bomb), ['2 baseUrl &b;://x']);
});

test('texts of XML with the names around them', () => {
  const found = [...xmlTexts('<a><b x="1">one<c/> two</b><d y=\'&lt;2&gt;\'/><![CDATA[<e>]]></a>')];
  assert.deepEqual(
    found.map(({ path, attributes, text }) => [path.join('/'), attributes, text]),
    [
      ['a/b', 'x="1"', 'one'],
      ['a/b', '', 'two'],
      ['a/d', "y='&lt;2&gt;'", ''],
      ['a', '', '<e>'],
    ],
  );
  assert.equal(attributeOf("y='&lt;2&gt;'", 'y'), '<2>');
  assert.equal(attributeOf('xy="1"', 'y'), null);
});

test('no text whatever breaks it', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '<',
          '>',
          '/',
          'product',
          ' name="jira"',
          ' version="9"',
          '&#x41;',
          '&#9999999;',
          '<!--',
          '-->',
          ']]>',
          '\n',
          'a',
        ),
      ),
      (parts) => {
        for (const { line } of factsOfFile('application.xml', parts.join(''))) assert.ok(line >= 1);
      },
    ),
  );
});
