import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request as send } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, type TestContext, test } from 'node:test';
import { UsageError } from '../../src/cli/messages.js';
import { type Metrics, openMetrics } from '../../src/cli/metrics.js';
import { openPageServer } from '../../src/cli/metrics-server.js';
import type { TailStatus } from '../../src/model/tail-status.js';
import { jiraRecord, resultOf, workspace } from '../helpers/cli.js';
import { readExposition } from '../helpers/exposition.js';
import { logStatus, tailStatus } from '../helpers/tail-status.js';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What a place says to a request. */
function ask(url: string, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send(url, { method }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Metrics that are served as long as the test runs, and what they said to the user. */
async function served(
  context: TestContext,
  status: () => TailStatus,
  where = '0',
): Promise<Metrics & { page(name: string): string; readonly said: readonly string[] }> {
  const said: string[] = [];
  const metrics = await openMetrics(where, status, { warn: (text) => said.push(text) });
  context.after(() => metrics.close());
  return { ...metrics, said, page: (name) => metrics.where.replace(/\/metrics$/, name) };
}

async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}); // being cut off is what some wait for
  await once(socket, 'connect');
  return socket;
}

/** Waits until the other side has ended a connection. */
async function ended(socket: Socket): Promise<void> {
  socket.resume();
  await once(socket, 'close', { signal: AbortSignal.timeout(30_000) });
}

async function textOf(status: TailStatus): Promise<string> {
  const { at } = workspace({});
  const metrics = await openMetrics(at('logscan.prom'), () => status, { warn: assert.fail });
  await metrics.close();
  return readFileSync(metrics.where, 'utf8');
}

const BUSY = tailStatus({
  logs: [
    logStatus({ path: '/log/a.log', behind: 300, behindSeconds: 1.5 }),
    logStatus({ path: '/log/b.log', behind: 20, behindSeconds: 70 }),
    logStatus({ path: '/log/c.log', trouble: 'permission denied' }),
  ],
  openFiles: 2,
  bytes: 123_456_789_012,
  lines: 1001,
  records: 101,
  cutLines: 3,
  cutRecords: 4,
  lostBytes: { truncated: 50, vanished: 0, unreadable: 7 },
  losses: { truncated: 2, vanished: 1, unreadable: 1 },
  late: 5,
  duplicatesPossible: 6,
  withheld: 2,
  checkpointAge: 0.25,
  checkpointTrouble: 'no space left on device',
  incidents: [
    { rule: 'acme/one', severity: 'high', count: 12, open: 2 },
    { rule: 'acme/two', severity: 'info', count: 1, open: 0 },
  ],
  ruleSeconds: { 'acme/one': 0.125 },
});

const WANTED: readonly (readonly [name: string, labels: string, value: number])[] = [
  ['logscan_bytes_total', '', 123_456_789_012],
  ['logscan_lines_total', '', 1001],
  ['logscan_records_total', '', 101],
  ['logscan_cut_lines_total', '', 3],
  ['logscan_cut_records_total', '', 4],
  ['logscan_lost_bytes_total', '{reason="truncated"}', 50],
  ['logscan_lost_bytes_total', '{reason="vanished"}', 0],
  ['logscan_lost_bytes_total', '{reason="unreadable"}', 7],
  ['logscan_losses_total', '{reason="truncated"}', 2],
  ['logscan_losses_total', '{reason="vanished"}', 1],
  ['logscan_losses_total', '{reason="unreadable"}', 1],
  ['logscan_late_total', '', 5],
  ['logscan_duplicates_possible_total', '', 6],
  ['logscan_withheld_total', '', 2],
  ['logscan_behind_bytes', '', 320],
  ['logscan_behind_seconds', '', 70],
  ['logscan_log_behind_bytes', '{log="/log/a.log"}', 300],
  ['logscan_log_behind_bytes', '{log="/log/b.log"}', 20],
  ['logscan_log_behind_bytes', '{log="/log/c.log"}', 0],
  ['logscan_log_behind_seconds', '{log="/log/a.log"}', 1.5],
  ['logscan_log_behind_seconds', '{log="/log/b.log"}', 70],
  ['logscan_log_behind_seconds', '{log="/log/c.log"}', 0],
  ['logscan_checkpoint_age_seconds', '', 0.25],
  ['logscan_checkpoint_failing', '', 1],
  ['logscan_incidents_total', '{rule="acme/one",severity="high"}', 12],
  ['logscan_incidents_total', '{rule="acme/two",severity="info"}', 1],
  ['logscan_incidents_open', '{rule="acme/one",severity="high"}', 2],
  ['logscan_incidents_open', '{rule="acme/two",severity="info"}', 0],
  ['logscan_rule_seconds_total', '{rule="acme/one"}', 0.125],
  ['logscan_open_files', '', 2],
  ['logscan_logs', '', 3],
  ['logscan_logs_in_trouble', '', 1],
];

describe('the text of the metrics', () => {
  test('is well formed and tells everything', async () => {
    const families = readExposition(await textOf(BUSY));
    const told = [...families]
      .filter(([name]) => name.startsWith('logscan_'))
      .flatMap(([name, { samples }]) => [...samples].map(([labels, value]) => [name, labels, value]));
    assert.deepEqual(told, WANTED);
    const ofProcess = [...families.keys()].filter((name) => !name.startsWith('logscan_'));
    assert.deepEqual(ofProcess, ['process_resident_memory_bytes', 'process_cpu_seconds_total']);
    for (const name of ofProcess) assert.ok(families.get(name)!.samples.get('')! > 0);
  });

  test("satisfies Prometheus's own tool", { skip: hasPromtool ? false : 'promtool is not installed' }, async () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: await textOf(BUSY),
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
  });

  test('has no age of a checkpoint before the first', async () => {
    const families = readExposition(await textOf(tailStatus({ checkpointAge: null })));
    assert.ok(!families.has('logscan_checkpoint_age_seconds'));
    assert.equal(families.get('logscan_checkpoint_failing')!.samples.get(''), 0);
  });

  test('tells of each log as long as there are a hundred', async () => {
    const logs = Array.from({ length: 101 }, (_, at) => logStatus({ path: `/log/${at}.log`, behind: 1 }));
    const many = readExposition(await textOf(tailStatus({ logs: logs.slice(1) })));
    assert.equal(many.get('logscan_log_behind_bytes')!.samples.size, 100);
    const tooMany = readExposition(await textOf(tailStatus({ logs })));
    assert.ok(!tooMany.has('logscan_log_behind_bytes'));
    assert.equal(tooMany.get('logscan_behind_bytes')!.samples.get(''), 101);
  });

  test('escapes what would end a name', async () => {
    const families = readExposition(await textOf(tailStatus({ logs: [logStatus({ path: '/log/"a\\b"\n.log' })] })));
    assert.deepEqual(
      [...families.get('logscan_log_behind_bytes')!.samples.keys()],
      ['{log="/log/\\"a\\\\b\\"\\n.log"}'],
    );
  });
});

describe('metrics over HTTP', () => {
  test('are made anew at each look, and told with their length to those who ask for no more', async (context) => {
    let status = BUSY;
    const { page, where, said } = await served(context, () => status);
    const first = await ask(where);
    assert.equal(first.status, 200);
    assert.equal(first.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(readExposition(first.text).get('logscan_records_total')!.samples.get(''), 101);
    status = tailStatus({ records: 102 });
    const second = readExposition((await ask(page('/metrics?name[]=x'))).text);
    assert.equal(second.get('logscan_records_total')!.samples.get(''), 102);
    assert.deepEqual([...second.get('logscan_log_behind_bytes')!.samples.keys()], ['{log="/log/jira.log"}']);
    const head = await ask(where, 'HEAD');
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.ok(Number(head.headers['content-length']) > 1000);
    assert.deepEqual(said, []);
  });

  const REFUSED: readonly (readonly [method: string, path: string, status: number, says: RegExp])[] = [
    ['GET', '/', 404, /^not found; there are \/metrics and \/healthz\n$/],
    ['GET', '/metrics/', 404, /not found/],
    ['GET', '/constructor', 404, /not found/],
    ['POST', '/other', 404, /not found/],
    ['POST', '/metrics', 405, /only GET and HEAD/],
    ['DELETE', '/healthz', 405, /only GET and HEAD/],
  ];
  for (const [method, path, status, says] of REFUSED) {
    test(`refuse ${method} ${path} with ${status}`, async (context) => {
      const { page } = await served(context, () => BUSY);
      const answer = await ask(page(path), method, method === 'POST' ? 'x'.repeat(100_000) : '');
      assert.equal(answer.status, status);
      assert.match(answer.text, says);
      assert.equal(answer.headers.allow, status === 405 ? 'GET, HEAD' : undefined);
    });
  }

  test('answer with 500 if they cannot be made, and go on', async (context) => {
    let broken = true;
    const { where, page } = await served(context, () => {
      if (broken) throw new Error('no status');
      return BUSY;
    });
    for (const url of [where, page('/healthz')]) {
      const { status, text } = await ask(url);
      assert.equal(status, 500);
      assert.match(text, /no status/);
    }
    broken = false;
    assert.equal((await ask(where)).status, 200);
  });

  const HEALTH: readonly { name: string; status: Partial<TailStatus>; reasons: readonly string[] }[] = [
    { name: 'a tail that does its work', status: {}, reasons: [] },
    { name: 'a tail before its first checkpoint', status: { checkpointAge: null }, reasons: [] },
    { name: 'an old checkpoint while nothing is to be read', status: { checkpointAge: 3600 }, reasons: [] },
    {
      name: 'a log that is far behind but is read',
      status: { logs: [logStatus({ behind: 1e9, behindSeconds: 600 })] },
      reasons: [],
    },
    {
      name: 'trouble that is not a minute old',
      status: { logs: [logStatus({ behind: 5, behindSeconds: 60, trouble: 'permission denied' })] },
      reasons: [],
    },
    {
      name: 'a checkpoint that cannot be written',
      status: { checkpointTrouble: 'no space left on device', checkpointAge: 90, logs: [logStatus({ behind: 5 })] },
      reasons: ['the checkpoint cannot be written: no space left on device'],
    },
    {
      name: 'an old checkpoint while something is to be read',
      status: { checkpointAge: 61, logs: [logStatus({ behind: 5 })] },
      reasons: ['the checkpoint is 61 s old, and there is something to read'],
    },
    {
      name: 'a log that cannot be read',
      status: {
        logs: [
          logStatus(),
          logStatus({ path: '/log/\u202eb', behind: 5, behindSeconds: 200, trouble: 'permission denied' }),
        ],
      },
      reasons: ['/log/\u202eb was not read for 3 min 20 s: permission denied'],
    },
  ];
  for (const { name, status, reasons } of HEALTH) {
    test(`${reasons.length === 0 ? 'call healthy' : 'call unhealthy'} ${name}`, async (context) => {
      const { page } = await served(context, () => tailStatus(status));
      const answer = await ask(page('/healthz'));
      const told = JSON.parse(answer.text) as { status: string; reasons: string[] };
      assert.equal(answer.status, reasons.length === 0 ? 200 : 503);
      assert.equal(told.status, reasons.length === 0 ? 'ok' : 'unhealthy');
      assert.deepEqual(told.reasons, reasons);
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.doesNotMatch(answer.text, /\u202e/);
    });
  }

  test('tell details of health, and no more than twenty reasons', async (context) => {
    const stuck = { behind: 10, behindSeconds: 100, trouble: 'permission denied' };
    const logs = Array.from({ length: 22 }, (_, at) => logStatus({ path: `/log/${at}.log`, ...stuck }));
    const { page } = await served(context, () => tailStatus({ logs }));
    const { reasons, ...details } = JSON.parse((await ask(page('/healthz'))).text);
    assert.equal(reasons.length, 21);
    assert.equal(reasons.at(-1), 'and 2 more logs');
    assert.deepEqual(details, {
      status: 'unhealthy',
      logs: 22,
      openFiles: 1,
      behindBytes: 220,
      behindSeconds: 100,
      checkpointAgeSeconds: 0.4,
    });
  });

  test('leave no connection open after an answer', async (context) => {
    const { where } = await served(context, () => BUSY);
    const socket = await connected(where);
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n');
    await ended(socket);
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)*connection: close\r\n/i);
  });

  test('take ten connections at a time', async (context) => {
    const { where } = await served(context, () => BUSY);
    const sockets = await Promise.all(Array.from({ length: 10 }, () => connected(where)));
    context.after(() => {
      for (const socket of sockets) socket.destroy();
    });
    await assert.rejects(ask(where));
    const [first] = sockets;
    first!.write('HEAD /metrics HTTP/1.0\r\n\r\n');
    await ended(first!);
    assert.equal((await ask(where)).status, 200);
  });

  for (const { name, sends } of [
    { name: 'says nothing', sends: '' },
    { name: 'does not finish its headers', sends: 'GET /metrics HTTP/1.1\r\nHost: localhost\r\nX: ' },
  ]) {
    test(`end a connection that ${name}`, async (context) => {
      const timeouts = { headers: 50, request: 100, idle: 60_000, check: 10 };
      const server = await openPageServer({ host: '127.0.0.1', port: 0 }, {}, timeouts);
      context.after(() => server.close());
      const socket = await connected(`http://127.0.0.1:${server.address.port}`);
      socket.write(sends);
      await ended(socket);
    });
  }

  test('end the connections that are open when they are closed', async () => {
    const metrics = await openMetrics('0', () => BUSY, { warn: assert.fail });
    const socket = await connected(metrics.where);
    await Promise.all([metrics.close(), ended(socket)]);
    await assert.rejects(ask(metrics.where), { code: 'ECONNREFUSED' });
  });

  test('do not keep their process running, with a connection neither', async () => {
    const code = `
      import { openPageServer } from ${JSON.stringify(new URL('../../src/cli/metrics-server.js', import.meta.url))};
      const never = 600_000;
      const timeouts = { headers: never, request: never, idle: never, check: never };
      const { address } = await openPageServer({ host: '127.0.0.1', port: 0 }, {}, timeouts);
      console.log('http://127.0.0.1:' + address.port);
      process.stdin.resume();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { timeout: 30_000 });
    const result = resultOf(child);
    const [where] = (await once(child.stdout, 'data')) as [Buffer];
    const socket = await connected(String(where).trim());
    child.stdin.end();
    assert.equal((await result).status, 0);
    socket.destroy();
  });

  const PLACES: readonly (readonly [where: string, served: RegExp, skip?: string | false])[] = [
    ['0', /^http:\/\/127\.0\.0\.1:\d+\/metrics$/],
    ['127.0.0.1:0', /^http:\/\/127\.0\.0\.1:\d+\/metrics$/],
    ['localhost:0', /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+\/metrics$/],
    ['[::1]:0', /^http:\/\/\[::1\]:\d+\/metrics$/, hasIpv6 ? false : 'there is no IPv6'],
  ];
  for (const [where, address, skip = false] of PLACES) {
    test(`are served at ${where} without a warning`, { skip }, async (context) => {
      const metrics = await served(context, () => BUSY, where);
      assert.match(metrics.where, address);
      assert.equal((await ask(metrics.where)).status, 200);
      assert.deepEqual(metrics.said, []);
    });
  }

  test('warn where others can read them', async (context) => {
    const { said } = await served(context, () => BUSY, '0.0.0.0:0');
    assert.equal(said.length, 1);
    assert.match(said[0]!, /^logscan: everybody who reaches 0\.0\.0\.0:\d+ can read the metrics/);
  });

  const NO_PLACES = [
    '',
    'x',
    ':9100',
    '*:9100',
    '::1:9100',
    '[::1]',
    '127.0.0.1:',
    '1:2:3',
    '70000',
    '-1',
    '9100 ',
    'a b:1',
  ];
  for (const where of NO_PLACES) {
    test(`are not served at ${JSON.stringify(where)}`, () =>
      assert.rejects(
        openMetrics(where, () => BUSY, { warn: assert.fail }),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, /expected a port \(9100\), a host and a port/);
          return true;
        },
      ));
  }

  test('refuse a port that is taken, and an address that is not of this machine', async (context) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    context.after(() => other.close());
    const { port } = other.address() as { port: number };
    const open = (where: string) => openMetrics(where, () => BUSY, { warn: assert.fail });
    await assert.rejects(open(String(port)), {
      name: 'UsageError',
      message: `--metrics ${port}: another program listens there already; name another port, or end that program`,
    });
    await assert.rejects(open('192.0.2.1:0'), {
      name: 'UsageError',
      message: /^--metrics 192\.0\.2\.1:0: cannot listen/,
    });
  });
});

describe('metrics in a file', () => {
  const recordsIn = (path: string) =>
    readExposition(readFileSync(path, 'utf8')).get('logscan_records_total')!.samples.get('');

  test('are there from the start, and replaced as a whole at each update and at the end', async () => {
    const { dir, at } = workspace({ 'logscan.prom': '' });
    const path = at('logscan.prom');
    let records = 1;
    const metrics = await openMetrics(path, () => tailStatus({ records }), { warn: assert.fail });
    assert.equal(metrics.where, path);
    assert.equal(recordsIn(path), 1);
    const { ino } = statSync(path);
    records = 2;
    await Promise.all([metrics.update(), metrics.update()]);
    assert.equal(recordsIn(path), 2);
    assert.notEqual(statSync(path).ino, ino);
    records = 3;
    void metrics.update();
    records = 4;
    await metrics.close();
    assert.equal(recordsIn(path), 4);
    assert.deepEqual(readdirSync(dir), ['logscan.prom']);
    const again = await openMetrics(path, () => tailStatus({ records: 5 }), { warn: assert.fail });
    await again.close();
    assert.equal(recordsIn(path), 5);
  });

  test('that cannot be written are told once, until it is over', async () => {
    const { at } = workspace({ 'metrics/': '' });
    const path = at('metrics/logscan.prom');
    const said: string[] = [];
    const metrics = await openMetrics(path, () => BUSY, { warn: (text) => said.push(text) });
    for (const expected of [1, 2]) {
      rmSync(at('metrics'), { recursive: true });
      await metrics.update();
      await metrics.update();
      assert.equal(said.length, expected);
      assert.match(
        said.at(-1)!,
        /logscan\.prom: metrics cannot be written \(ENOENT.*\n {2}Logs are followed all the same/,
      );
      mkdirSync(at('metrics'));
      await metrics.update();
      assert.equal(recordsIn(path), 101);
    }
    await metrics.close();
    assert.equal(said.length, 2);
  });

  const UNUSABLE: readonly { name: string; path: string; says: RegExp }[] = [
    { name: 'a directory that is not there', path: 'none/logscan.prom', says: /: cannot be written \(ENOENT/ },
    { name: 'a directory', path: 'folder.prom', says: /: cannot be written \(is a directory\)$/ },
    { name: 'a log', path: 'jira.log', says: /: is there already and holds no metrics of logscan; name another file$/ },
    { name: "another program's metrics", path: 'node.prom', says: /holds no metrics of logscan/ },
  ];
  for (const { name, path, says } of UNUSABLE) {
    test(`do not go to ${name}`, async () => {
      const logs = { 'jira.log': jiraRecord('x'), 'node.prom': '# HELP node_load1 x\n' };
      const { dir, at } = workspace({ ...logs, 'folder.prom/': '' });
      await assert.rejects(
        openMetrics(at(path), () => BUSY, { warn: assert.fail }),
        { name: 'UsageError', message: says },
      );
      assert.deepEqual(readdirSync(dir), ['folder.prom', 'jira.log', 'node.prom']);
      for (const [log, text] of Object.entries(logs)) assert.equal(readFileSync(at(log), 'utf8'), text);
    });
  }

  test('may have any name that is a path, and a bare name that ends in .prom', async () => {
    const { dir, at } = workspace({});
    const before = process.cwd();
    process.chdir(dir);
    try {
      for (const path of ['./9100', 'logscan.prom']) {
        const metrics = await openMetrics(path, () => BUSY, { warn: assert.fail });
        await metrics.close();
        assert.equal(recordsIn(at(path)), 101);
      }
    } finally {
      process.chdir(before);
    }
  });
});
