import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, test } from 'node:test';
import { type Files, REAL_FILES } from '../../../src/sources/tail/files.js';
import { Listings } from '../../../src/sources/tail/listings.js';
import { workspace } from '../../helpers/cli.js';

describe('names in directories', () => {
  let reads = 0;
  const counting = {
    ...REAL_FILES,
    readdirSync: ((folder: string) => {
      reads++;
      return REAL_FILES.readdirSync(folder);
    }) as Files['readdirSync'],
  };
  beforeEach(() => {
    reads = 0;
  });

  /** Longer than a tick of any file system's clock. */
  const later = () => new Promise((resolve) => setTimeout(resolve, 60));

  test('are read once for thousands of logs, if nothing changes', async () => {
    const { dir } = workspace({ 'jira.log': '', 'jira.log.1': '' });
    const listings = new Listings(counting);
    listings.backupsNow(dir, 'jira.log');
    await later();
    for (let log = 0; log < 5000; log++) {
      if (log % 1000 === 0) listings.forget();
      assert.deepEqual(listings.backupsNow(dir, 'jira.log'), ['jira.log.1']);
      assert.deepEqual(listings.backupsOf(dir, `other-${log}.log`), []);
    }
    assert.equal(reads, 2, 'once more, as two changes may have one time');
  });

  test('are those of this moment, however soon after the last reading they changed', async () => {
    const { dir } = workspace({ 'jira.log': '', 'jira.log.0': '' });
    const listings = new Listings(counting);
    for (let number = 1; number < 2000; number++) {
      renameSync(path.join(dir, `jira.log.${number - 1}`), path.join(dir, `jira.log.${number}`));
      assert.deepEqual(listings.backupsNow(dir, 'jira.log'), [`jira.log.${number}`]);
    }
    await later();
    listings.backupsNow(dir, 'jira.log');
    renameSync(path.join(dir, 'jira.log.1999'), path.join(dir, 'jira.log.1'));
    assert.deepEqual(listings.backupsNow(dir, 'jira.log'), ['jira.log.1']);
  });

  test('since they were forgotten may be those of the last reading', () => {
    const { dir } = workspace({ 'jira.log': '', 'jira.log.1': '' });
    const listings = new Listings(counting);
    listings.backupsOf(dir, 'jira.log');
    renameSync(path.join(dir, 'jira.log.1'), path.join(dir, 'jira.log.2'));
    assert.deepEqual(listings.backupsOf(dir, 'jira.log'), ['jira.log.1']);
    listings.forget();
    assert.deepEqual(listings.backupsOf(dir, 'jira.log'), ['jira.log.2']);
    assert.equal(reads, 2);
  });

  test('of a directory that is gone are none', () => {
    const { at } = workspace({ 'logs/jira.log': '' });
    assert.deepEqual(new Listings(counting).backupsNow(at('nothing'), 'jira.log'), []);
  });
});
