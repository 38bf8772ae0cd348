import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isBackupOf, neighbours, oldestBackupFirst, possibleLogs } from '../../src/model/rotation.js';

/** Backups of one log as each way of rotating names them, the oldest first. */
const STYLES: readonly { readonly name: string; readonly log: string; readonly oldestFirst: readonly string[] }[] = [
  {
    name: 'log4j by size, in a cascade',
    log: 'atlassian-jira.log',
    oldestFirst: ['atlassian-jira.log.10', 'atlassian-jira.log.9', 'atlassian-jira.log.2', 'atlassian-jira.log.1'],
  },
  {
    name: 'log4j by day',
    log: 'atlassian-jira.log',
    oldestFirst: ['atlassian-jira.log.2025-12-31', 'atlassian-jira.log.2026-01-01', 'atlassian-jira.log.2026-11-23'],
  },
  { name: 'log4j by month', log: 'jira.log', oldestFirst: ['jira.log.2026-09', 'jira.log.2026-10'] },
  {
    name: 'log4j by hour',
    log: 'jira.log',
    oldestFirst: ['jira.log.2026-11-23-23', 'jira.log.2026-11-24-00', 'jira.log.2026-11-24-01'],
  },
  {
    name: 'log4j by minute',
    log: 'jira.log',
    oldestFirst: ['jira.log.2026-11-24-09-59', 'jira.log.2026-11-24-10-00', 'jira.log.2026-11-24_10:01'],
  },
  {
    name: 'log4j by day and size, packed',
    log: 'app.log',
    oldestFirst: [
      'app-2026-11-23-2.log.gz',
      'app-2026-11-23-10.log.gz',
      'app-2026-11-24-9.log.gz',
      'app-2026-11-24-99.log.gz',
      'app-2026-11-24-100.log.gz',
    ],
  },
  { name: 'log4j into a zip', log: 'app.log', oldestFirst: ['app.log.2.zip', 'app.log.1.zip'] },
  {
    name: 'Tomcat by day, behind the name',
    log: 'access_log',
    oldestFirst: ['access_log.2026-11-22', 'access_log.2026-11-23'],
  },
  {
    name: 'Tomcat by day, before the ending',
    log: 'catalina.log',
    oldestFirst: ['catalina.2026-11-22.log', 'catalina.2026-11-23.log'],
  },
  {
    name: 'java.util.logging, which numbers behind the name',
    log: 'java0.log',
    oldestFirst: ['java0.log.2', 'java0.log.1'],
  },
  {
    name: 'logback by day, packed, the last one not yet',
    log: 'app.log',
    oldestFirst: ['app.2026-11-21.log.gz', 'app.2026-11-22.log.gz', 'app.2026-11-23.log'],
  },
  {
    name: 'logback by day and size',
    log: 'app.log',
    oldestFirst: ['app-2026-11-23.0.log', 'app-2026-11-23.2.log', 'app-2026-11-23.10.log', 'app-2026-11-24.0.log'],
  },
  {
    name: 'logback by day and size, behind the name',
    log: 'app.log',
    oldestFirst: ['app.log.2026-11-23.9.gz', 'app.log.2026-11-23.10.gz', 'app.log.2026-11-24.0.gz'],
  },
  { name: 'logback in a window, packed', log: 'app.log', oldestFirst: ['app.2.log.gz', 'app.1.log.gz'] },
  { name: 'logrotate', log: 'catalina.out', oldestFirst: ['catalina.out.12', 'catalina.out.2', 'catalina.out.1'] },
  {
    name: 'logrotate with compress',
    log: 'catalina.out',
    oldestFirst: ['catalina.out.12.gz', 'catalina.out.2.gz', 'catalina.out.1.gz'],
  },
  {
    name: 'logrotate with delaycompress',
    log: 'catalina.out',
    oldestFirst: ['catalina.out.3.gz', 'catalina.out.2.gz', 'catalina.out.1'],
  },
  {
    name: 'logrotate with other packers',
    log: 'catalina.out',
    oldestFirst: ['catalina.out.4.Z', 'catalina.out.3.bz2', 'catalina.out.2.xz', 'catalina.out.1.zst'],
  },
  {
    name: 'logrotate with dateext',
    log: 'catalina.out',
    oldestFirst: ['catalina.out-20251231.gz', 'catalina.out-20261123.gz', 'catalina.out-20261124'],
  },
  {
    name: 'logrotate with dateext and extension',
    log: 'jira.log',
    oldestFirst: ['jira-20261122.log.gz', 'jira-20261123.log.gz', 'jira-20261124.log'],
  },
  {
    name: 'logrotate with dateext by the hour',
    log: 'jira.log',
    oldestFirst: ['jira.log-2026112323', 'jira.log-2026112400', 'jira.log-2026112401.gz'],
  },
  {
    name: 'logrotate with dateext and the second',
    log: 'jira.log',
    oldestFirst: ['jira.log-20261123-1795392000', 'jira.log-20261124-1795478400', 'jira.log-20261124-1795478460'],
  },
];

describe('backups of a log are known by name, and the oldest is read first', () => {
  for (const { name, log, oldestFirst } of STYLES) {
    test(name, () => {
      for (const backup of oldestFirst) {
        assert.ok(isBackupOf(backup, log), backup);
        assert.ok(possibleLogs(backup).includes(log), `${log} is one of those that ${backup} may be of`);
      }
      const mixed = [...oldestFirst.slice(1).reverse(), oldestFirst[0]!];
      assert.deepEqual(oldestBackupFirst(mixed, [], log), oldestFirst);
      assert.deepEqual(oldestBackupFirst(oldestFirst, [], log), oldestFirst);
      const chain = [...oldestFirst, log];
      const pairs = neighbours([log, ...mixed], (one) => one);
      assert.deepEqual(
        new Map(pairs),
        new Map(chain.map((one, at): [string, string | null] => [one, chain[at + 1] ?? null])),
      );
    });
  }
});

test('an archive may hold two files of one name: none is left out', () => {
  const files = ['a.log', 'a.log', 'a.log.1'].map((name, number) => ({ name, number }));
  const pairs = neighbours(files, ({ name }) => name).map(([older, younger]) => [older.number, younger?.number]);
  assert.deepEqual(pairs, [
    [2, 0],
    [0, undefined],
    [1, undefined],
  ]);
});

test('numbers that count up are known by those that were read before', () => {
  const unread = ['jira.log.10', 'jira.log.8', 'jira.log.9'];
  assert.deepEqual(oldestBackupFirst(unread, ['jira.log.6', 'jira.log.7'], 'jira.log'), [
    'jira.log.8',
    'jira.log.9',
    'jira.log.10',
  ]);
  // In a cascade what was read has moved to a higher number.
  assert.deepEqual(oldestBackupFirst(['jira.log.1', 'jira.log.2'], ['jira.log.3'], 'jira.log'), [
    'jira.log.2',
    'jira.log.1',
  ]);
});

const NO_BACKUPS: readonly (readonly [name: string, log: string, why: string])[] = [
  ['jira.log', 'jira.log', 'it is the log'],
  ['jira.log.', 'jira.log', 'there is nothing behind the dot'],
  ['jira.log.bak', 'jira.log', 'somebody made a copy'],
  ['jira.log.old', 'jira.log', 'somebody made a copy'],
  ['jira.log~', 'jira.log', 'an editor made a copy'],
  ['jira.log.1~', 'jira.log', 'an editor made a copy'],
  ['.jira.log.1.swp', 'jira.log', 'an editor works on it'],
  ['jira.log.1.tmp', 'jira.log', 'it is being written'],
  ['jira.log.lck', 'jira.log', 'it is a lock'],
  ['jira.log1', 'jira.log', 'the number has no separator'],
  ['jira.log.1a', 'jira.log', 'it is no number'],
  ['jira.log.1.2', 'jira.log', 'there are two numbers and no date'],
  ['jira.log.1234567', 'jira.log', 'the number is too long, and no date'],
  ['jira.log.2026', 'jira.logs', 'it is another log'],
  ['atlassian-jira-security.log', 'atlassian-jira.log', 'it is another log'],
  ['atlassian-jira-security.log.1', 'atlassian-jira.log', 'it is a backup of another log'],
  ['atlassian-jira.log.1', 'jira.log', 'it is a backup of another log'],
  ['JIRA.LOG.1', 'jira.log', 'names tell big letters from small ones'],
  ['node-2.log', 'node.log', 'it is the log of another node'],
  ['node-2.log.1', 'node.log', 'it is a backup of the log of another node'],
  ['catalina.2026-11-23.log', 'catalina.2026-11-24.log', 'it is the log of another day'],
  ['catalina.2026-11-23.log', 'catalina.out', 'it has another ending'],
  ['access_log.2026-11-23', 'access_log.2026-11-24', 'it is the log of another day'],
  ['app-2026-11-24.txt', 'app.log', 'it has another ending'],
  ['2026-11-24.log', '.log', 'nothing is left of the name'],
];

describe('no backup of a log is', () => {
  for (const [name, log, why] of NO_BACKUPS) test(`${name} of ${log}: ${why}`, () => assert.ok(!isBackupOf(name, log)));
});

test('a packed copy of a log is its backup', () => {
  assert.ok(isBackupOf('jira.log.gz', 'jira.log'));
  assert.ok(isBackupOf('catalina.2026-11-24.log.gz', 'catalina.2026-11-24.log'));
});
