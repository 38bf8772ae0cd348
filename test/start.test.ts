import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The program as it is installed, whose files can be changed. */
const app = mkdtempSync(path.join(tmpdir(), 'logscan-test-'));
after(() => rmSync(app, { recursive: true }));
cpSync(path.join(ROOT, 'dist/bin/app'), app, { recursive: true });
const core = path.join(app, 'core.js');
const code = path.join(app, readdirSync(app).find((name) => name.endsWith('.bin'))!);
const made = readFileSync(code);

function help(): string {
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(app, 'main.js'), '--help'], { encoding: 'utf8' });
  assert.equal(stderr, '');
  return stdout;
}

test('without code, or with some that V8 does not take, the program is compiled', () => {
  const wanted = help();
  assert.match(wanted, /Known problems in logs/);
  const text = crc32(readFileSync(core));
  const withChecksum = (bytes: Buffer) => {
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32LE(crc32(bytes, text));
    return Buffer.concat([bytes, checksum]);
  };
  for (const other of [
    made.subarray(0, 3),
    made.subarray(0, 9000),
    withChecksum(Buffer.alloc(0)),
    withChecksum(Buffer.alloc(1000, 7)),
  ]) {
    writeFileSync(code, other);
    assert.equal(help(), wanted);
  }
  rmSync(code);
  assert.equal(help(), wanted);
});

test('code that was made of another text is not used, also if its length stays', () => {
  writeFileSync(code, made);
  writeFileSync(core, readFileSync(core, 'latin1').replaceAll('Known problems in logs', 'KNOWN problems in logs'));
  assert.match(help(), /KNOWN problems in logs/);
});
