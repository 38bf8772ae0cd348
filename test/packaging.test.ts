import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../src/cli/config.js';
import { SETTINGS, TAIL_SETTINGS } from '../src/cli/settings.js';
import { run, workspace } from './helpers/cli.js';

const PACKAGING = new URL('../../packaging/', import.meta.url);
const EXAMPLE = fileURLToPath(new URL('logscan.yaml', PACKAGING));
const UNIT = fileURLToPath(new URL('systemd/logscan-tail.service', PACKAGING));
const unit = readFileSync(UNIT, 'utf8');

/** Exposure 10 is a service without any protection; systemd itself calls below 3 fine. */
const MOST_EXPOSED = 3;

/** The values that the unit gives to a key, in order. */
function valuesOf(key: string): string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value!);
}

describe('the example of logscan.yaml', () => {
  test('is in order', async () => {
    const { dir } = workspace({});
    const { status, stdout, stderr } = await run(['check-config', EXAMPLE], {
      cwd: dir,
      env: { LOGSCAN_TAIL_STATE: 'state', LOGSCAN_TAIL_PATHS: '.' },
    });
    assert.deepEqual([status, stderr], [0, ''], stdout);
    assert.match(stdout, /everything is in order/);
  });

  test('is in order with everything that stands behind one #', async () => {
    const text = readFileSync(EXAMPLE, 'utf8').replace(/^( *)#(?=[a-z]| {2}- | {4}format)/gm, '$1');
    const { dir } = workspace({ 'logscan.yaml': text });
    const { problems, values, tail } = await readConfig({ config: `${dir}/logscan.yaml` }, {}, dir);
    assert.deepEqual(problems, []);
    assert.deepEqual(Object.keys(values).sort(), Object.keys(SETTINGS).sort());
    assert.deepEqual(Object.keys(tail).sort(), Object.keys(TAIL_SETTINGS).sort());
    assert.deepEqual(
      tail.webhook!.map(({ format }) => format),
      [null, 'slack'],
    );
  });

  test('names its schema for editors', () => {
    const [, name] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(EXAMPLE, 'utf8'))!;
    assert.ok(existsSync(new URL(name!, PACKAGING)), name);
  });
});

describe('the systemd unit', () => {
  test('says what a program of Node needs', () => {
    assert.deepEqual(valuesOf('Type'), ['exec']); // Node cannot answer to notify
    assert.deepEqual(valuesOf('SuccessExitStatus'), ['143']);
    assert.deepEqual(valuesOf('RestartPreventExitStatus'), ['2 127']);
    assert.deepEqual(valuesOf('ExecReload'), ['/bin/kill -HUP $MAINPID']);
    assert.deepEqual(valuesOf('SystemCallErrorNumber'), ['EPERM']); // of pkey_alloc, which V8 asks for
    assert.deepEqual(valuesOf('MemoryDenyWriteExecute'), []); // V8 makes code
    assert.deepEqual(valuesOf('DynamicUser'), []); // could be in no access list
    assert.doesNotMatch(unit.replace(/^#.*$/gm, ''), /USR1/); // opens the debugger
  });

  test('reads the file that the README installs', () => {
    const readme = readFileSync(new URL('README.md', PACKAGING), 'utf8');
    const [, file] = /logscan tail --config (\S+)/.exec(valuesOf('ExecStart')[0]!)!;
    assert.ok(readme.includes(`packaging/logscan.yaml" ${file}\n`), file);
    assert.deepEqual(valuesOf('StateDirectory'), ['logscan']);
    assert.match(readFileSync(EXAMPLE, 'utf8'), /^ {2}state: \/var\/lib\/logscan$/m);
  });

  const version = Number(
    /^systemd (\d+)/.exec(spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1],
  );
  /** A copy whose programs are there on every machine: `verify` asks for them. */
  const copy = () => {
    const text = unit.replace(/^(Exec\w+=)\S+/gm, `$1${process.execPath}`);
    return workspace({ 'logscan-tail.service': text }).at('logscan-tail.service');
  };

  test('is understood by systemd', { skip: !version && 'systemd-analyze is not installed' }, () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', copy()], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  test('is well protected', { skip: !(version >= 250) && 'systemd-analyze of 250 or newer is not installed' }, () => {
    const { status, stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', '--no-pager', `--threshold=${MOST_EXPOSED * 10}`, copy()],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout + stderr);
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/.exec(stdout)?.[1]);
    assert.ok(exposure < MOST_EXPOSED, stdout);
  });
});
