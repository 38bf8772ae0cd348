/** What happens between two calls of one look, which no real program can be made to meet. */
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Descriptors } from '../../../src/sources/tail/descriptors.js';
import { type Files, REAL_FILES } from '../../../src/sources/tail/files.js';
import { Listings } from '../../../src/sources/tail/listings.js';
import { FollowedLog } from '../../../src/sources/tail/log.js';
import { type Workspace, workspace } from '../../helpers/cli.js';

const ROTATE_WAIT = 100; // milliseconds

/** A log that is followed, in whose looks something may happen before the directory is read. */
class Followed {
  readonly place: Workspace;
  readonly log: FollowedLog;
  read = '';
  lost: string[] = [];
  /** Happens once, when the directory is read next. */
  meanwhile: (() => void) | null = null;
  #now = 0;

  constructor(text: string) {
    this.place = workspace({ 'jira.log': text });
    const files: Files = {
      ...REAL_FILES,
      readdirSync: ((folder: string) => {
        const happens = this.meanwhile;
        this.meanwhile = null;
        happens?.();
        return REAL_FILES.readdirSync(folder);
      }) as Files['readdirSync'],
    };
    this.log = new FollowedLog(this.at('jira.log'), 'start', null, {
      files,
      descriptors: new Descriptors(10),
      listings: new Listings(files),
      teller: { note: () => {}, trouble: () => {}, lost: (...what) => this.lost.push(what.join(' ')) },
      rotateWait: ROTATE_WAIT,
      isUnclean: false,
      unitBytes: () => 1,
      ownersOf: () => [],
    });
  }

  at(name: string): string {
    return this.place.at(name);
  }

  rotate(): void {
    for (let number = 8; number > 0; number--) {
      try {
        renameSync(this.at(`jira.log.${number}`), this.at(`jira.log.${number + 1}`));
      } catch {
        // there is none
      }
    }
    renameSync(this.at('jira.log'), this.at('jira.log.1'));
  }

  /** Looks and reads until nothing comes any more. */
  async drain(): Promise<string> {
    for (let looks = 0; looks < 20; looks++) {
      this.#now += ROTATE_WAIT;
      this.log.look(this.#now);
      for (let step = await this.log.read(this.#now); step.kind !== 'nothing'; step = await this.log.read(this.#now)) {
        if (step.kind === 'next') this.log.moveOn();
        else this.read += Buffer.from(step.bytes).toString();
      }
    }
    return this.read;
  }
}

test('a file that is rotated while backups are looked at is read once', async () => {
  const followed = new Followed('one\n');
  assert.equal(await followed.drain(), 'one\n');
  followed.rotate();
  writeFileSync(followed.at('jira.log'), 'two\n');
  followed.meanwhile = () => {
    followed.rotate();
    writeFileSync(followed.at('jira.log'), 'three\n');
  };
  assert.equal(await followed.drain(), 'one\ntwo\nthree\n');
  assert.equal(followed.meanwhile, null, 'it happened');
  assert.deepEqual(followed.lost, []);
  followed.log.close();
});

test('a file that was emptied and is rotated while backups are looked at is read once', async () => {
  const followed = new Followed('one\n');
  assert.equal(await followed.drain(), 'one\n');
  truncateSync(followed.at('jira.log'));
  appendFileSync(followed.at('jira.log'), '2\n');
  followed.meanwhile = () => {
    followed.rotate();
    writeFileSync(followed.at('jira.log'), 'three\n');
  };
  assert.equal(await followed.drain(), 'one\n2\nthree\n');
  assert.equal(followed.meanwhile, null, 'it happened');
  followed.log.close();
});
