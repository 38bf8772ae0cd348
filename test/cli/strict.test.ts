import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { runProgram } from '../../src/cli/program.js';
import { checkLeaks } from '../../src/cli/scan.js';
import { LeakError, type ReportObject, scan, toReport } from '../../src/index.js';
import { withoutTokens } from '../../src/model/masked.js';
import { Redactor } from '../../src/redaction/redactor.js';
import { jiraRecord, profile401, run, scanned, workspace } from '../helpers/cli.js';

const SECRET = 'hunter2hunter2';
/** Two problems of one user; the second names user and host without saying what they are. */
const LOG =
  profile401() +
  jiraRecord(`cannot reach http://jira01.contoso.com:8443/x for jane.doe@contoso.com password=${SECRET}`) +
  jiraRecord(`java.lang.IllegalStateException: jdoe of jira01.contoso.com said ${SECRET}`);
const NAMES = /jdoe|jira01|jane\.doe|192\.0\.2/;
const FILES = { 'home/jdoe/jira.log': LOG };
const INPUT = 'home/jdoe/jira.log';

describe('--redact', { concurrency: 4 }, () => {
  test('on masks secrets and nothing else, and counts them', async () => {
    const place = workspace(FILES);
    const { status, stdout, summary, unknown } = await scanned([INPUT], { cwd: place.dir });
    assert.equal(status, 0);
    assert.ok(!stdout.includes(SECRET) && stdout.includes('[masked:password]'));
    assert.match(stdout, NAMES);
    assert.ok(unknown.some(({ evidence }) => evidence[0]!.text.includes('said [masked:password]')));
    assert.deepEqual(summary.masked, [{ kind: 'password', origin: INPUT, count: 2 }]);
  });

  test('strict masks names as well, in every object', async () => {
    const place = workspace(FILES);
    const result = await scanned([INPUT, 'home/jdoe/missing.log', '--redact', 'strict', '--context', '1'], {
      cwd: place.dir,
    });
    assert.equal(result.status, 3);
    assert.doesNotMatch(result.stdout, NAMES);
    assert.ok(!result.stdout.includes(SECRET));
    assert.equal(result.all[0]!.kind, 'run');
    assert.match(result.run.inputs[0]!.path, /^home\/\[user:[0-9a-f]{8}\]\/jira\.log$/);
    assert.equal(result.incidents[0]!.evidence[0]!.origin, result.run.inputs[0]!.path);
    assert.match(result.incidents[0]!.evidence[0]!.user!, /^\[user:[0-9a-f]{8}\]$/);
    assert.equal(result.incidents[0]!.captures['http.host'], 'app.vssps.visualstudio.com');
    assert.deepEqual([...new Set(result.summary.masked.map(({ kind }) => kind))].sort(), [
      'host',
      'ip',
      'mail',
      'password',
      'user',
    ]);
    assert.match(result.problems[0]!.origin!, /^home\/\[user:/);
  });

  test('off masks nothing', async () => {
    const { stdout, summary } = await scanned([INPUT, '--redact', 'off'], { cwd: workspace(FILES).dir });
    assert.ok(stdout.includes(`password=${SECRET}`));
    assert.deepEqual(summary.masked, []);
  });

  test('strict has other tokens and ids in each run, and with a key the same', async () => {
    const place = workspace(FILES);
    const ids = async (...args: string[]) => {
      const { incidents, unknown, stderr } = await scanned([INPUT, '--redact', 'strict', ...args], { cwd: place.dir });
      return {
        ids: [...incidents, ...unknown].map(({ id }) => id).sort(),
        user: incidents[0]!.evidence[0]!.user,
        stderr,
      };
    };
    const [first, second] = [await ids(), await ids()];
    assert.notDeepEqual(first.ids, second.ids);
    assert.notEqual(first.user, second.user);
    const made = await ids('--redact-key', 'key');
    const again = await ids('--redact-key', 'key');
    assert.match(made.stderr, /key: a new key was made/);
    assert.equal(again.stderr, '');
    assert.deepEqual([made.ids, made.user], [again.ids, again.user]);
    const plain = await scanned([INPUT], { cwd: place.dir });
    assert.ok(plain.incidents.every(({ id }) => !made.ids.includes(id)));
  });

  test('strict shows no names in text, not even those of the command line', async () => {
    const { stdout, status } = await run([INPUT, '--redact', 'strict', '--as-of', '2026-11-24', '--details', '0'], {
      cwd: workspace(FILES).dir,
    });
    assert.equal(status, 0);
    assert.doesNotMatch(stdout, NAMES);
    assert.match(stdout, /Details of 1 more incident: --details all/);
    assert.match(stdout, /Masked in what is shown: .*× user/);
  });

  test('text says what was masked only where something was', async () => {
    const place = workspace({ 'clean.log': profile401(), 'secret.log': LOG });
    const clean = await run(['clean.log', '--as-of', '2026-11-24'], { cwd: place.dir });
    assert.doesNotMatch(clean.stdout, /Masked/);
    const secret = await run(['secret.log', '--as-of', '2026-11-24'], { cwd: place.dir });
    assert.match(secret.stdout, /^ Masked in what is shown: 2× password \(secret\.log\)\.$/m);
  });

  test('gives the same with and without the filter, in one thread or two', async () => {
    const filler = jiraRecord('all is well', { level: 'INFO' }).repeat(12_000);
    const place = workspace({ 'jira.log': LOG + filler + LOG + filler + jiraRecord(`so ${SECRET} it was`) });
    const args = ['jira.log', '--redact', 'strict', '--redact-key', 'key', '--unknown', 'all'];
    const without = async (...more: string[]) => {
      const { all } = await scanned([...args, ...more], { cwd: place.dir });
      return all.filter(({ kind }) => kind !== 'run').map((object) => ({ ...object, seconds: 0 }));
    };
    const plain = await without('--no-filter', '--jobs', '1');
    assert.deepEqual(await without('--jobs', '1'), plain);
    assert.deepEqual(await without('--jobs', '2'), plain);
    assert.ok(!JSON.stringify(plain).includes(SECRET));
  });
});

describe('the last look of a scan', { concurrency: 4 }, () => {
  test('is not needed where an input is called like a secret: it is masked in its name', async () => {
    const place = workspace({ [`${SECRET}/jira.log`]: LOG });
    const { status, run: begun, stdout } = await scanned([`${SECRET}/jira.log`], { cwd: place.dir });
    assert.deepEqual([status, begun.inputs[0]!.path], [0, '[masked:password]/jira.log']);
    assert.ok(!stdout.includes(SECRET));
    const text = await run([`${SECRET}/jira.log`, '--details', '0', '--as-of', '2026-11-24'], { cwd: place.dir });
    assert.equal(text.status, 0);
    assert.ok(!text.stdout.includes(SECRET));
  });

  test('lets nothing be written where a mask has failed, and ends with 4', async () => {
    const place = workspace({ 'jira.log': LOG });
    const { text } = Redactor.prototype;
    Redactor.prototype.text = function (this: Redactor, given) {
      return withoutTokens(this.mask(given));
    };
    try {
      let stderr = '';
      const typed = [place.at('jira.log'), '-o', place.at('out.ndjson'), '--as-of', '2026-11-24'];
      const stdout = { write: async () => assert.fail('something was written'), close: async () => {} };
      const warn = (said: string) => {
        stderr += said;
      };
      assert.equal(await runProgram(typed, { stdout, warn, onStop: () => {}, typed }), 4);
      assert.match(
        stderr,
        /a value that was masked \(password\) would have been written in evidence\[0\]\.text of unk_\w+\n {2}Nothing was written\./,
      );
      assert.ok(!stderr.includes(SECRET));
      assert.ok(!existsSync(place.at('out.ndjson')));
    } finally {
      Redactor.prototype.text = text;
    }
  });

  test('is not taken where nothing is masked', async () => {
    const place = workspace({ [`${SECRET}/jira.log`]: LOG });
    const result = await run([`${SECRET}/jira.log`, '--redact', 'off', '-o', 'out.ndjson', '--as-of', '2026-11-24'], {
      cwd: place.dir,
    });
    assert.equal(result.status, 0, result.stderr);
    assert.ok(readFileSync(place.at('out.ndjson'), 'utf8').includes(SECRET));
  });

  test('names the line and the output', () => {
    const outputs = [
      { path: 'a.ndjson', format: 'ndjson' },
      { path: null, format: 'text' },
    ] as const;
    const leakIn = (text: string) =>
      text.includes('x') ? { kind: 'jwt', line: text.split('\n').findIndex((line) => line.includes('x')) + 1 } : null;
    const place = (lines: readonly string[], text: string) => {
      try {
        checkLeaks(outputs, ({ format }) => (format === 'ndjson' ? lines : [text]), leakIn);
        return null;
      } catch (error) {
        assert.ok(error instanceof LeakError);
        return error.place;
      }
    };
    assert.equal(place(['a\n', 'b\n'], 'c\nd\n'), null);
    assert.equal(place(['a\n', 'bx\n'], 'c\nd\n'), 'line 2 of a.ndjson');
    assert.equal(place(['a\n', 'b\n'], 'c\nd\nx\n'), 'line 3 of standard output');
  });
});

describe('redaction of the library', () => {
  test('takes a mode and a key', async () => {
    const place = workspace(FILES);
    const key = new Uint8Array(16).fill(1);
    const users = async (redactKey: Uint8Array) => {
      const { incidents } = await toReport(
        scan([place.at(INPUT)], { redact: 'strict', redactKey, asOf: '2026-11-24' }),
      );
      return incidents.map(({ evidence }) => evidence[0]!.user);
    };
    assert.deepEqual(await users(key), await users(key));
    assert.notDeepEqual(await users(key), await users(new Uint8Array(16)));
  });

  test('refuses a mode that is none and a key that is too short', async () => {
    const first = async (options: object): Promise<ReportObject | undefined> =>
      (await scan(['x'], options).next()).value;
    await assert.rejects(first({ redact: 'strikt' }), /--redact: expected one of on, strict, off, found "strikt"/);
    await assert.rejects(first({ redactKey: new Uint8Array(8) }), /redactKey: expected at least 16 bytes, found 8/);
  });
});
