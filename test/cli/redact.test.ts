import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { LeakError } from '../../src/model/leak.js';
import { redactLog } from '../../src/redact.js';
import { Redactor } from '../../src/redaction/redactor.js';
import { maskSecrets } from '../../src/redaction/secrets.js';
import { fileSource } from '../../src/sources/file.js';
import { jiraRecord, run, workspace } from '../helpers/cli.js';

const SECRET = 'hunter2hunter2';
const LOG = `before ${SECRET}\r\n${jiraRecord(`password=${SECRET} at http://jira01/ caf`).trimEnd()}é\nlast ${SECRET}`;
const REDACTED = LOG.replaceAll(SECRET, '[masked:password]');

describe('logscan redact', { concurrency: 4 }, () => {
  test('writes the log to stdout, to the byte, and says on stderr what was masked', async () => {
    const place = workspace({ 'jira.log': LOG });
    const result = await run(['redact', 'jira.log'], { cwd: place.dir });
    assert.deepEqual(
      [result.status, result.stdout, result.stderr],
      [0, REDACTED, 'logscan: jira.log: masked 3× password\n'],
    );
    assert.equal(readFileSync(place.at('jira.log'), 'utf8'), LOG);
  });

  test('says nothing with --quiet', async () => {
    const result = await run(['redact', 'jira.log', '--quiet'], { cwd: workspace({ 'jira.log': LOG }).dir });
    assert.deepEqual([result.status, result.stdout, result.stderr], [0, REDACTED, '']);
  });

  test('writes to a file, whole or not at all', async () => {
    const place = workspace({ 'jira.log': LOG, 'out.log': 'old' });
    const result = await run(['redact', 'jira.log', '-o', 'out.log'], { cwd: place.dir });
    assert.deepEqual([result.status, result.stdout], [0, '']);
    assert.equal(result.stderr, 'logscan: jira.log: masked 3× password; wrote out.log\n');
    assert.equal(readFileSync(place.at('out.log'), 'utf8'), REDACTED);
    assert.deepEqual(readdirSync(place.dir).sort(), ['jira.log', 'out.log']);
  });

  test('reads standard input, and what is compressed', async () => {
    const place = workspace({ 'jira.log.gz': gzipSync(LOG) });
    for (const [args, stdin] of [
      [['redact', '-'], LOG],
      [['redact', '-'], gzipSync(LOG)],
      [['redact', 'jira.log.gz'], undefined],
    ] as const) {
      const result = await run(args, { cwd: place.dir, ...(stdin === undefined ? {} : { stdin }) });
      assert.deepEqual([result.status, result.stdout], [0, REDACTED]);
    }
  });

  test('keeps bytes that are no text, UTF-16 and a missing last line end', async () => {
    const odd = Buffer.from([0x66, 0x66, 0x00, 0xff, 0xe9, 0x0a, 0x80, 0x0d]);
    const utf16 = Buffer.concat([Buffer.from(`\ufeffa\r\nb password=${SECRET}\r\n`, 'utf16le'), Buffer.from([0x41])]);
    const place = workspace({ 'odd.log': odd, 'utf16.log': utf16, empty: '' });
    for (const [name, expected] of [
      ['odd.log', odd],
      ['empty', Buffer.alloc(0)],
      [
        'utf16.log',
        Buffer.concat([Buffer.from('\ufeffa\r\nb password=[masked:password]\r\n', 'utf16le'), Buffer.from([0x41])]),
      ],
    ] as const) {
      const result = await run(['redact', name, '-o', 'out'], { cwd: place.dir });
      assert.equal(result.status, 0, result.stderr);
      assert.deepEqual(readFileSync(place.at('out')), expected, name);
    }
  });

  test('under strict masks names in all lines, with the tokens of the key', async () => {
    const place = workspace({ 'jira.log': `jdoe was here\n${LOG}` });
    const strict = () => run(['redact', 'jira.log', '--redact', 'strict', '--redact-key', 'key'], { cwd: place.dir });
    const first = await strict();
    assert.equal(first.status, 0, first.stderr);
    assert.doesNotMatch(first.stdout, /jdoe|jira01|192\.0\.2|hunter2/);
    assert.match(first.stdout, /^(\[user:[0-9a-f]{8}\]) was here\n[\s\S]* ERROR \1 554x1234x1 /);
    assert.match(first.stderr, /^logscan: key: a new key was made; /);
    assert.match(first.stderr, /masked .*3× password/);
    assert.equal(statSync(place.at('key')).mode & 0o777, 0o600);
    assert.equal((await strict()).stdout, first.stdout);
    const other = await run(['redact', 'jira.log', '--redact', 'strict'], { cwd: place.dir });
    assert.notEqual(other.stdout, first.stdout);
  });

  test('without anything to mask says so', async () => {
    const result = await run(['redact', 'a.log'], { cwd: workspace({ 'a.log': 'all is well\n' }).dir });
    assert.deepEqual(
      [result.status, result.stdout, result.stderr],
      [0, 'all is well\n', 'logscan: a.log: nothing was masked\n'],
    );
  });

  const WRONG: readonly { name: string; args: readonly string[]; status: number; stderr: RegExp }[] = [
    { name: 'no log', args: [], status: 2, stderr: /nothing to redact: name a log/ },
    {
      name: 'a log that is not there',
      args: ['jira.lgo'],
      status: 3,
      stderr: /jira\.lgo: no such file\n {2}Did you mean jira\.log\?/,
    },
    { name: 'a directory', args: ['.'], status: 2, stderr: /is a directory; name one log in it/ },
    { name: 'several logs', args: ['*.log'], status: 2, stderr: /expected one log, found 2/ },
    {
      name: 'an archive',
      args: ['a.zip'],
      status: 3,
      stderr: /a\.zip: is a zip archive, in which nothing can be masked/,
    },
    { name: 'its own output', args: ['jira.log', '-o', './jira.log'], status: 2, stderr: /is one of the logs to read/ },
    {
      name: 'an output that cannot be',
      args: ['jira.log', '-o', 'no/such'],
      status: 2,
      stderr: /--output no\/such: cannot be written/,
    },
    {
      name: 'a mode that is none',
      args: ['jira.log', '--redact', 'off'],
      status: 2,
      stderr: /--redact: expected one of on, strict/,
    },
    {
      name: 'a key that is none',
      args: ['jira.log', '--redact-key', 'short'],
      status: 2,
      stderr: /--redact-key short: expected a file of 16 to 4096 bytes, found 5/,
    },
    {
      name: 'a key that is a directory',
      args: ['jira.log', '--redact-key', '.'],
      status: 2,
      stderr: /--redact-key \.: expected a file of .* found a directory/,
    },
  ];
  for (const { name, args, status, stderr } of WRONG) {
    test(`refuses ${name}`, async () => {
      const files = { 'jira.log': LOG, 'b.log': 'x', 'a.zip': 'PK\x03\x04....', short: 'short' };
      const place = workspace(files);
      const result = await run(['redact', ...args], { cwd: place.dir });
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stderr, stderr);
      assert.equal(result.stdout, '');
      assert.equal(readFileSync(place.at('jira.log'), 'utf8'), LOG);
    });
  }

  test('masks also where the settings say that nothing is masked in what is found', async () => {
    const place = workspace({ 'jira.log': LOG, 'logscan.yaml': 'redact: off\n' });
    const result = await run(['redact', 'jira.log'], { cwd: place.dir });
    assert.deepEqual([result.status, result.stdout], [0, REDACTED], result.stderr);
  });

  test('tells of a key that others can read', async () => {
    const place = workspace({ 'jira.log': LOG, key: 'k'.repeat(16) });
    const result = await run(['redact', 'jira.log', '--redact-key', 'key'], { cwd: place.dir });
    assert.equal(result.status, 0);
    assert.match(result.stderr, /key: others can read this key/);
  });

  test('writes what could be read of a damaged log, and ends with 3', async () => {
    const whole = gzipSync(`${LOG}\n`.repeat(1000));
    const place = workspace({ 'jira.log.gz': whole.subarray(0, whole.length - 200) });
    const result = await run(['redact', 'jira.log.gz'], { cwd: place.dir });
    assert.equal(result.status, 3);
    assert.match(result.stderr, /ends in the middle of compressed data/);
    assert.ok(result.stdout.startsWith(REDACTED) && !result.stdout.includes(SECRET));
  });

  test('leaves nothing in the temporary directory', async () => {
    const before = readdirSync(tmpdir()).filter((name) => /^logscan-[^t]/.test(name));
    await run(['redact', '-'], { stdin: LOG });
    assert.deepEqual(
      readdirSync(tmpdir())
        .filter((name) => /^logscan-[^t]/.test(name))
        .filter((name) => !before.includes(name)),
      [],
    );
  });
});

describe('redactLog', () => {
  test('writes nothing of a line in which a mask has failed', async () => {
    const place = workspace({});
    writeFileSync(place.at('jira.log'), LOG);
    const redactor = new Redactor({ key: new Uint8Array(32), masks: { secrets: maskSecrets, known: (text) => text } });
    let written = '';
    const write = async (bytes: Uint8Array) => {
      written += Buffer.from(bytes).toString();
    };
    const source = fileSource(place.at('jira.log'), LOG.length, true);
    await assert.rejects(redactLog(source, { mode: 'on', key: new Uint8Array(32), write, redactor }), (error) => {
      assert.ok(error instanceof LeakError);
      assert.match(error.message, /\(password\) stands in line 1 of what is made of .*jira\.log$/);
      assert.ok(!error.message.includes(SECRET));
      return true;
    });
    assert.ok(!written.includes(SECRET));
  });
});
