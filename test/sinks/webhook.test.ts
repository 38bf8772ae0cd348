import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, test } from 'node:test';
import fc from 'fast-check';
import type { Problem } from '../../src/model/diagnostics.js';
import type { ReportObject } from '../../src/model/report.js';
import { openWebhook, type WebhookOptions } from '../../src/sinks/webhook.js';
import { VERSION } from '../../src/version.js';
import { workspace } from '../helpers/cli.js';
import { closeHooks, event, FakeTime, hook, type Reply, until } from '../helpers/hooks.js';
import { incident, notice, report, unknown } from '../helpers/reports.js';

afterEach(closeHooks);

/** What stands in the address of every webhook here and must never be told. */
const SECRETS = ['T0SECRET', 'B0SECRET', 'hunter2', 'jdoe'];

/** A folder for queues, and webhooks with a time that stands still. */
function desk() {
  const { at } = workspace({});
  const folder = at('state/webhooks');
  const time = new FakeTime();
  const problems: Problem[] = [];
  const open = (port: number, changes: Partial<WebhookOptions> = {}) =>
    openWebhook({
      url: `http://127.0.0.1:${port}/services/T0SECRET?key=B0SECRET`,
      folder,
      body: (object) => object,
      contentType: 'application/json',
      onProblem: (problem) => {
        const said = JSON.stringify(problem);
        for (const secret of SECRETS) assert.ok(!said.includes(secret), said);
        problems.push(problem);
      },
      ...time,
      ...changes,
    });
  return { folder, time, problems, open, codes: () => problems.map(({ code }) => code) };
}

test('an event is posted as it is made, and is gone then', async () => {
  const { open, folder, problems, time } = desk();
  const server = await hook();
  const body = (object: object) => ({ ...object, more: 'Zoë' });
  const sink = await open(server.port, { body, contentType: 'application/cloudevents+json; charset=utf-8' });
  const object = event('inc_a', 1);
  await sink.take(object);
  await until(() => sink.waiting === 0, 'it is delivered');
  const [seen] = server.seen;
  assert.equal(seen!.path, '/services/T0SECRET?key=B0SECRET');
  assert.deepEqual(JSON.parse(seen!.body), { ...object, more: 'Zoë' });
  const { headers } = seen!;
  assert.equal(headers['content-type'], 'application/cloudevents+json; charset=utf-8');
  assert.equal(headers['user-agent'], `logscan/${VERSION}`);
  assert.equal(headers['content-length'], String(Buffer.byteLength(seen!.body)));
  assert.equal(headers.authorization, undefined);
  assert.equal(sink.delivered, 1);
  await time.during(sink.close());
  assert.equal(server.seen.length, 1);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.deepEqual(problems, []);
});

test('only what happens to an incident, an unknown error or a notice is sent', async () => {
  const { open, time } = desk();
  const server = await hook();
  const sink = await open(server.port);
  const { run, summary } = report();
  const problem = { kind: 'problem', code: 'input-missing', origin: 'a', message: 'm', remedy: 'r' } as const;
  const others: ReportObject[] = [run, problem, summary, incident(), unknown(), notice()];
  for (const object of others) await sink.take(object);
  assert.equal(sink.waiting, 0);
  await sink.take(incident({ id: 'inc_a', event: 'opened' }));
  await sink.take(unknown({ id: 'unk_a', event: 'updated' }));
  await sink.take(notice({ id: 'inc_b', event: 'resolved' }));
  await until(() => sink.waiting === 0, 'all are delivered');
  assert.deepEqual(server.told().sort(), ['inc_a/1', 'inc_b/1', 'unk_a/1']);
  await time.during(sink.close());
});

test('user info in the address becomes a header', async () => {
  for (const [info, pair] of [
    ['jdoe:hunter2', 'jdoe:hunter2'],
    ['jdoe:hunter2%40%3A%C3%A9', 'jdoe:hunter2@:é'],
    ['jdoe:hunter2%', 'jdoe:hunter2%'],
    ['jdoe', 'jdoe:'],
    ['jdoe%', 'jdoe%:'],
  ]) {
    const { open, time } = desk();
    const server = await hook();
    const sink = await open(server.port, { url: `http://${info}@127.0.0.1:${server.port}/` });
    assert.equal(sink.name, `http://127.0.0.1:${server.port}`);
    await sink.take(event('inc_a', 1));
    await until(() => sink.waiting === 0, 'it is delivered');
    const { authorization } = server.seen[0]!.headers;
    assert.equal(Buffer.from(authorization!.replace('Basic ', ''), 'base64').toString('utf8'), pair);
    await time.during(sink.close());
  }
});

const BAD_ADDRESSES = [
  ['ftp://jdoe:hunter2@example.com/T0SECRET', /begins with ftp:\/\/, expected https:\/\/ or http:\/\/$/],
  ['jdoe:hunter2@example.com', /begins otherwise, expected https:/],
  ['hooks.example.com/T0SECRET', /is no URL/],
  ['', /is no URL/],
  ['https://', /is no URL/],
] as const;

for (const [url, message] of BAD_ADDRESSES) {
  test(`the address ${JSON.stringify(url)} is refused`, async () => {
    await assert.rejects(desk().open(0, { url }), (error: Error) => {
      assert.match(error.message, message);
      for (const secret of SECRETS) assert.ok(!error.message.includes(secret), error.message);
      return true;
    });
  });
}

test('a queue that cannot be kept is an error', async () => {
  const { at } = workspace({ file: '' });
  await assert.rejects(
    desk().open(1, { folder: at('file') }),
    /the queue of the webhook http:\/\/127\.0\.0\.1:1 cannot be kept in /,
  );
});

test('what others on the way can read is told once; what never leaves the machine and what is encrypted is not', async () => {
  for (const [url, isTold] of [
    ['http://example.com/T0SECRET', true],
    ['http://192.0.2.1:8080/T0SECRET', true],
    ['http://localhost:1/T0SECRET', false],
    ['http://hooks.localhost:1/', false],
    ['http://127.1:1/', false],
    ['http://[::1]:1/', false],
    ['https://example.com/T0SECRET', false],
    ['http://localhost.example.com/', true],
  ] as const) {
    const { open, problems, codes, time } = desk();
    const sink = await open(0, { url });
    await time.during(sink.close());
    assert.deepEqual(codes(), isTold ? ['webhook-not-encrypted'] : [], url);
    if (isTold) assert.match(problems[0]!.message, /^what is sent to the webhook http:\/\/[\w.:]+ is not encrypted$/);
  }
});

test('two webhooks of one folder have a queue each, and no address stands in a name or a file', async () => {
  const { open, folder, time } = desk();
  const one = await open(1);
  const other = await open(2);
  await one.take(event('inc_a', 1));
  assert.deepEqual([one.waiting, other.waiting], [1, 0]);
  await time.during(Promise.all([one.close(), other.close()]));
  const names = readdirSync(folder);
  assert.equal(names.length, 2);
  for (const name of names) {
    assert.match(name, /^[0-9a-f]{16}\.ndjson$/);
    const text = readFileSync(`${folder}/${name}`, 'utf8');
    for (const secret of SECRETS) assert.ok(!text.includes(secret));
  }
});

test('a webhook that is away keeps nobody waiting, and gets everything when it is back', async () => {
  const { open, time, problems, codes } = desk();
  const gone = await hook();
  await gone.close();
  const sink = await open(gone.port);
  for (let revision = 1; revision <= 3; revision++) {
    for (const id of ['inc_a', 'inc_b']) await sink.take(event(id, revision));
  }
  await until(() => codes().includes('webhook-failing'), 'it is told');
  assert.equal(problems[0]!.message, `the webhook http://127.0.0.1:${gone.port} refuses the connection (ECONNREFUSED)`);
  assert.match(
    problems[0]!.remedy,
    /^\d events? waits?; it is tried again in [12] s, and so on until it works; check that/,
  );
  assert.equal(sink.waiting, 2);
  const server = await hook(() => 200, gone.port);
  time.advance(60 * 60_000);
  await until(() => sink.waiting === 0, 'all are delivered');
  assert.deepEqual(server.told().sort(), ['inc_a/3', 'inc_b/3']);
  await time.during(sink.close());
  assert.deepEqual(codes(), ['webhook-failing', 'webhook-working']);
  assert.match(problems[1]!.message, /^the webhook http:\/\/127\.0\.0\.1:\d+ works again, after 60 min$/);
});

const TROUBLES: readonly (readonly [name: string, reply: Reply, reason: string])[] = [
  ['500', 500, 'answers 500'],
  ['503', 503, 'answers 503'],
  ['429', 429, 'answers 429'],
  ['408', 408, 'answers 408'],
  ['425', 425, 'answers 425'],
  [
    'a redirection, which is not followed',
    { status: 302, headers: { location: '/T0SECRET/other' } },
    'answers 302, a redirection, which is not followed',
  ],
  [
    'another redirection',
    { status: 308, headers: { location: 'http://127.0.0.1:1/' } },
    'answers 308, a redirection, which is not followed',
  ],
  ['nothing, for ten seconds', 'hang', 'does not answer in time'],
  ['the end of the connection', 'close', 'closes the connection without an answer (ECONNRESET)'],
  ['half a head', 'half a head', 'closes the connection without an answer (ECONNRESET)'],
  ['no HTTP', 'no http', 'answers what is no HTTP (HPE_INVALID_CONSTANT)'],
];

for (const [name, reply, reason] of TROUBLES) {
  test(`an endpoint that answers ${name} is tried again, and is told once`, async () => {
    const { open, time, problems } = desk();
    const server = await hook((_seen, turn) => (turn <= 2 ? reply : 200));
    const sink = await open(server.port);
    await sink.take(event('inc_a', 1));
    for (let failures = 1; failures <= 2; failures++) {
      await until(() => server.seen.length === failures, `attempt ${failures}`);
      if (reply === 'hang') {
        await until(() => time.hasWait(10_000), 'it has a time-out');
        time.advance(10_000);
      }
      await until(() => sink.failures === failures, `failure ${failures}`);
      assert.equal(sink.waiting, 1);
      await until(() => time.hasWait(1000, 2500), 'it backs off');
      time.advance(2500);
    }
    await until(() => sink.waiting === 0, 'it is delivered');
    await time.during(sink.close());
    assert.deepEqual(server.told(), ['inc_a/1', 'inc_a/1', 'inc_a/1']);
    assert.deepEqual(
      problems.map(({ code, message }) => `${code}: ${message}`),
      [
        `webhook-failing: the webhook http://127.0.0.1:${server.port} ${reason}`,
        `webhook-working: the webhook http://127.0.0.1:${server.port} works again, after ${reply === 'hang' ? 15 : 5} s`,
      ],
    );
  });
}

test('an answer that breaks off behind its status, or never ends, is one', async () => {
  for (const reply of ['half a body', 'endless', { status: 202 }, 204] as const) {
    const { open, problems, time } = desk();
    const server = await hook(() => reply);
    const sink = await open(server.port);
    await sink.take(event('inc_a', 1));
    await until(() => sink.waiting === 0, 'it is delivered');
    await time.during(sink.close());
    assert.equal(server.seen.length, 1);
    assert.deepEqual(problems, []);
  }
});

test('it is tried again later and later, at least every five minutes, and told at most once a minute', async () => {
  const { open, time, problems } = desk();
  const server = await hook(() => 500);
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1));
  const told: number[] = [];
  for (let failures = 1; failures <= 12; failures++) {
    await until(() => sink.failures === failures, `failure ${failures}`);
    const exact = 1000 * 2 ** (failures - 1);
    const least = Math.min(300_000, Math.max(1000, exact * 0.75));
    const most = Math.min(300_000, exact * 1.25);
    await until(() => time.hasWait(least, most), `a wait of ${least} to ${most} ms`);
    told.push(problems.length);
    time.advance(most);
  }
  // The first six failures are in the first minute at most: 1.25 + 2.5 + 5 + 10 + 20 s.
  assert.deepEqual(told.slice(0, 6), [1, 1, 1, 1, 1, 1]);
  assert.ok(told[7]! >= 2 && told.at(-1)! >= 5 && told.at(-1)! <= 7, String(told));
  await time.during(sink.close());
});

const RETRY_AFTER: readonly (readonly [
  name: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  wait: number,
])[] = [
  ['seconds', 429, { 'retry-after': '77' }, 77_000],
  ['seconds of a 503', 503, { 'retry-after': '77' }, 77_000],
  [
    'a date, by the clock of the server',
    429,
    { 'retry-after': 'Thu, 01 Jan 2026 00:02:00 GMT', date: 'Thu, 01 Jan 2026 00:00:00 GMT' },
    120_000,
  ],
  ['more than an hour', 429, { 'retry-after': '100000' }, 3_600_000],
  ['zero', 429, { 'retry-after': '0' }, 1000],
  ['a date that is over', 429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 1000],
  ['what an event alone is refused with', 413, { 'retry-after': '77' }, 77_000],
];

for (const [name, status, headers, wait] of RETRY_AFTER) {
  test(`Retry-After is kept to: ${name}`, async () => {
    const { open, time } = desk();
    const server = await hook((_seen, turn) => (turn === 1 ? { status, headers } : 200));
    const sink = await open(server.port);
    await sink.take(event('inc_a', 1));
    await until(() => sink.failures === 1 && time.hasWait(wait), `it waits ${wait} ms`);
    time.advance(wait);
    await until(() => sink.waiting === 0, 'it is delivered');
    await time.during(sink.close());
  });
}

test('a Retry-After that says nothing changes nothing', async () => {
  const { open, time } = desk();
  const server = await hook(() => ({ status: 429, headers: { 'retry-after': 'soon' } }));
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1));
  await until(() => time.hasWait(1000, 1250), 'it backs off');
  await time.during(sink.close());
});

test('an event that is refused waits alone: others pass, and a newer revision is tried at once', async () => {
  const { open, time, problems, codes } = desk();
  const server = await hook(({ json }) => (json.id === 'inc_bad' && json.revision === 1 ? 400 : 200));
  const sink = await open(server.port);
  await sink.take(event('inc_bad', 1));
  await until(() => sink.failures === 1, 'it is refused');
  for (const id of ['inc_a', 'inc_b']) await sink.take(event(id, 1));
  await until(() => sink.waiting === 1, 'the others are delivered');
  assert.equal(
    problems[0]!.message,
    `the webhook http://127.0.0.1:${server.port} answers 400 to revision 1 of inc_bad`,
  );
  assert.match(
    problems[0]!.remedy,
    /^it is tried again in 1 s, and so on; others are sent meanwhile; check that it takes/,
  );
  time.advance(1250);
  await until(() => sink.failures === 2, 'it is refused again');
  await until(() => time.hasWait(1500, 2500), 'it backs off longer');
  await sink.take(event('inc_bad', 2));
  await until(() => sink.waiting === 0, 'the newer one is delivered');
  assert.deepEqual(
    server.told().filter((one) => one.startsWith('inc_bad')),
    ['inc_bad/1', 'inc_bad/1', 'inc_bad/2'],
  );
  await time.during(sink.close());
  assert.deepEqual(codes(), ['webhook-refusing', 'webhook-working']);
});

test('the oldest goes first, at most four at a time, and one at a time to an endpoint that fails', async () => {
  const { open, time } = desk();
  const server = await hook(() => 500);
  const sink = await open(server.port);
  const ids = Array.from({ length: 9 }, (_, index) => `inc_${index}`);
  await sink.take(event('inc_0', 1));
  await until(() => sink.failures === 1, 'the first one fails');
  for (const id of ids) await sink.take(event(id, 2));
  server.answer = () => 'hang';
  time.advance(1250);
  await until(() => server.seen.length === 2, 'one is tried');
  await until(() => time.hasWait(10_000), 'it has a time-out');
  time.advance(10_000);
  await until(() => sink.failures === 2, 'it fails');
  let release: (reply: Reply) => void = () => {};
  let held = new Promise<Reply>((resolve) => {
    release = resolve;
  });
  server.answer = () => held;
  await until(() => time.hasWait(1500, 2500), 'it backs off');
  time.advance(2500);
  await until(() => server.seen.length === 3, 'one is tried');
  assert.deepEqual(server.told(), ['inc_0/1', 'inc_0/2', 'inc_0/2']);
  const first = release;
  held = new Promise((resolve) => {
    release = resolve;
  });
  first(200);
  await until(() => server.seen.length === 7, 'four are on their way');
  assert.deepEqual(server.told().slice(3).sort(), ['inc_1/2', 'inc_2/2', 'inc_3/2', 'inc_4/2']);
  server.answer = () => 200;
  release(200);
  await until(() => sink.waiting === 0, 'all are delivered');
  assert.deepEqual(server.told().slice(7).sort(), ['inc_5/2', 'inc_6/2', 'inc_7/2', 'inc_8/2']);
  await time.during(sink.close());
});

test('several that fail together count as one failure', async () => {
  const { open, time } = desk();
  let release: (reply: Reply) => void = () => {};
  const held = new Promise<Reply>((resolve) => {
    release = resolve;
  });
  const server = await hook(() => held);
  const sink = await open(server.port);
  for (const id of ['inc_a', 'inc_b', 'inc_c', 'inc_d']) await sink.take(event(id, 1));
  await until(() => server.seen.length === 4, 'four are on their way');
  release(500);
  await until(() => sink.failures === 4, 'all fail');
  await until(() => time.hasWait(1000, 1250), 'it waits no longer than after one');
  await time.during(sink.close());
});

test('while a revision is on its way, a newer one of the same incident waits', async () => {
  const { open, time } = desk();
  let release: (reply: Reply) => void = () => {};
  const held = new Promise<Reply>((resolve) => {
    release = resolve;
  });
  const server = await hook(({ json }) => (json.id === 'inc_a' && json.revision === 1 ? held : 200));
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1));
  await until(() => server.seen.length === 1, 'the first one is on its way');
  for (const revision of [2, 3]) await sink.take(event('inc_a', revision));
  await sink.take(event('inc_b', 1));
  await until(() => server.seen.length === 2, 'another incident is told');
  assert.deepEqual(server.told(), ['inc_a/1', 'inc_b/1']);
  release(200);
  await until(() => sink.waiting === 0, 'all are delivered');
  assert.deepEqual(server.told(), ['inc_a/1', 'inc_b/1', 'inc_a/3']);
  await time.during(sink.close());
});

test('whatever an endpoint does, each incident is told in its order up to its newest revision, one at a time', async () => {
  const reply = fc.constantFrom<Reply>(
    200,
    200,
    200,
    500,
    429,
    400,
    302,
    'hang',
    'close',
    'half a head',
    'half a body',
  );
  const step = fc.record({ id: fc.integer({ min: 0, max: 5 }), millis: fc.constantFrom(0, 0, 1000, 20_000) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 25 }),
      fc.array(reply, { maxLength: 15 }),
      async (steps, replies) => {
        const { open, time } = desk();
        const flying = new Set<string>();
        let most = 0;
        const server = await hook(async ({ json }, turn) => {
          assert.ok(!flying.has(json.id), `${json.id} is on its way twice`);
          flying.add(json.id);
          most = Math.max(most, flying.size);
          await new Promise(setImmediate);
          flying.delete(json.id);
          return replies[turn - 1] ?? 200;
        });
        let sink = await open(server.port);
        const newest = new Map<string, number>();
        for (const { id, millis } of steps) {
          const revision = (newest.get(`inc_${id}`) ?? 0) + 1;
          newest.set(`inc_${id}`, revision);
          await sink.take(event(`inc_${id}`, revision, { evidence: [] }));
          time.advance(millis);
        }
        // A stop and a new run in the middle change nothing.
        const closed = sink.close();
        await until(() => time.hasWait(0, 2000) || sink.waiting === 0, 'it stops');
        time.advance(2000);
        await closed;
        sink = await open(server.port);
        await until(() => {
          if (sink.waiting > 0) time.advance(60_000);
          return sink.waiting === 0;
        }, 'all are delivered');
        await time.during(sink.close());
        for (const [id, revision] of newest) {
          const told = server.seen.filter(({ json }) => json.id === id).map(({ json }) => json.revision);
          assert.equal(told.at(-1), revision, id);
          assert.deepEqual(
            told,
            told.toSorted((a, b) => a - b),
            id,
          );
        }
        assert.ok(most <= 4, String(most));
        await server.close();
      },
    ),
    { numRuns: 25 },
  );
});

test('what may still grow is held back for ten seconds', async () => {
  const { open, time } = desk();
  const server = await hook();
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1, { provisional: true }));
  await sink.take(event('inc_b', 1, { provisional: false }));
  await until(() => server.seen.length === 1, 'the closed one is delivered');
  time.advance(9999);
  await sink.take(event('inc_c', 1));
  await until(() => server.seen.length === 2, 'another closed one is delivered');
  assert.deepEqual(server.told(), ['inc_b/1', 'inc_c/1']);
  time.advance(1);
  await until(() => server.seen.length === 3, 'the old one is delivered');
  await until(() => sink.waiting === 0, 'all are delivered');
  assert.deepEqual(server.told(), ['inc_b/1', 'inc_c/1', 'inc_a/1']);
  await time.during(sink.close());
});

test('a newer revision takes the place of the one that is held', async () => {
  const { open, time } = desk();
  const server = await hook();
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1, { provisional: true }));
  await sink.take(event('inc_b', 1, { provisional: true }));
  await sink.take(event('inc_a', 2));
  time.advance(5000);
  await sink.take(event('inc_b', 2, { provisional: true }));
  await sink.take(event('inc_b', 1, { provisional: true })); // an older one does not
  time.advance(5000);
  await until(() => sink.waiting === 0 && sink.delivered === 1, 'the closed one is delivered');
  assert.deepEqual(server.told(), ['inc_a/2']);
  time.advance(5000);
  await until(() => sink.delivered === 2, 'the held one is delivered');
  assert.deepEqual(server.told(), ['inc_a/2', 'inc_b/2']);
  await time.during(sink.close());
});

const gone = (revision: number, count = 0) => event('inc_a', revision, { event: 'withdrawn', count, episodeCount: 0 });

test('what is withdrawn before anything was told of it is not told', async () => {
  const { open, time } = desk();
  const server = await hook();
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1, { provisional: true }));
  await sink.take(gone(2));
  time.advance(10_000);
  await sink.take(event('inc_a', 3, { count: 1 })); // it comes for good
  await until(() => sink.delivered === 1, 'it is delivered');
  await sink.take(event('inc_a', 4, { event: 'resolved', count: 1 }));
  await until(() => sink.delivered === 2, 'it is resolved');
  await sink.take(event('inc_a', 5, { event: 'opened', count: 2, provisional: true }));
  await sink.take(gone(6, 1)); // of the new episode nothing was told
  time.advance(10_000);
  await time.during(sink.close());
  assert.deepEqual(server.told(), ['inc_a/3', 'inc_a/4']);
});

test('what is withdrawn after something was told of it is told, also when that was in an earlier run', async () => {
  const { open, time } = desk();
  const server = await hook();
  const first = await open(server.port);
  await first.take(event('inc_a', 1, { provisional: true }));
  time.advance(10_000);
  await until(() => first.delivered === 1, 'the provisional one is delivered');
  await time.during(first.close());
  const second = await open(server.port);
  await second.take(event('inc_a', 2, { provisional: true }));
  await second.take(gone(3));
  await until(() => second.delivered === 1, 'it is withdrawn');
  await second.take(gone(3)); // once
  await time.during(second.close());
  assert.deepEqual(server.told(), ['inc_a/1', 'inc_a/3']);
});

test('what is withdrawn in part is told', async () => {
  const { open, time } = desk();
  const server = await hook();
  const sink = await open(server.port);
  await sink.take(event('inc_a', 7, { event: 'withdrawn', count: 6 }));
  await until(() => sink.delivered === 1, 'it is told');
  await time.during(sink.close());
});

test('no more than a thousand are held; what comes then is told at once', async () => {
  const { open, time } = desk();
  const server = await hook();
  const sink = await open(server.port);
  for (let index = 0; index <= 1000; index++) await sink.take(event(`inc_${index}`, 1, { provisional: true }));
  await until(() => sink.delivered === 1, 'one is delivered');
  assert.deepEqual(server.told(), ['inc_1000/1']);
  await time.during(sink.close());
});

test('a stop delivers what it can, drops what is held, and leaves the rest to the next run', async () => {
  const { open, time } = desk();
  const server = await hook(({ json }) => (json.id === 'inc_slow' ? 'hang' : 200));
  const first = await open(server.port);
  await first.take(event('inc_held', 1, { provisional: true }));
  time.advance(9000);
  await first.take(event('inc_slow', 1));
  await until(() => server.open === 1, 'one is on its way');
  const takes = ['inc_a', 'inc_b'].map((id) => first.take(event(id, 1)));
  await Promise.all(takes);
  const closed = first.close();
  await assert.rejects(first.take(event('inc_late', 1)), /is closed/);
  await until(() => first.waiting === 1, 'what can be delivered is');
  await until(() => time.hasWait(2000), 'it waits for the rest');
  time.advance(2000);
  await closed;
  await first.close(); // twice does not matter
  await until(() => server.open === 0, 'the request is given up');
  server.answer = () => 200;
  const second = await open(server.port);
  await until(() => second.waiting === 0 && second.delivered === 1, 'the rest is delivered');
  time.advance(10_000);
  await time.during(second.close());
  assert.deepEqual(server.told().sort(), ['inc_a/1', 'inc_b/1', 'inc_slow/1', 'inc_slow/1']);
});

test('a stop does not wait for an endpoint that is not to be tried within two seconds', async () => {
  const { open, time } = desk();
  const server = await hook(() => ({ status: 503, headers: { 'retry-after': '3' } }));
  const sink = await open(server.port);
  await sink.take(event('inc_a', 1));
  await until(() => time.hasWait(3000), 'it backs off');
  await sink.close(); // the time stands still
  assert.equal(sink.waiting, 1);
});

test('a full queue is told with its number, and takes nothing back', async () => {
  const { open, problems, codes, time } = desk();
  const server = await hook(() => 'hang');
  const sink = await open(server.port, { maxIds: 1 });
  for (const id of ['inc_a', 'inc_b', 'inc_c']) await sink.take(event(id, 1));
  await sink.take(event('inc_a', 2));
  assert.deepEqual([sink.waiting, sink.lost], [1, 2]);
  assert.deepEqual(codes(), ['webhook-queue-full']);
  assert.match(problems[0]!.message, /: events of 1 incidents wait already \(1 so far\)$/);
  await until(() => server.open === 1, 'one is on its way');
  await closeHooks();
  await time.during(sink.close());
});

const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

test('a full disk stops whoever hands in events until there is room', {
  skip: !hasLimits && 'prlimit is not there',
}, async () => {
  const { open, time, codes } = desk();
  const limit = (bytes: number | 'unlimited') =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  const ignore = () => {};
  process.on('SIGXFSZ', ignore); // without it the limit ends the process
  const server = await hook();
  const sink = await open(server.port);
  try {
    limit(100);
    let isTaken = false;
    const taken = sink.take(event('inc_a', 1)).then(() => {
      isTaken = true;
    });
    await until(() => time.hasWait(1000, 1250), 'it is tried again later');
    assert.deepEqual([isTaken, sink.waiting, codes()], [false, 0, ['webhook-queue']]);
    limit('unlimited');
    time.advance(1250);
    await taken;
    await until(() => sink.delivered === 1, 'it is delivered');
    limit(100);
    const refused = sink.take(event('inc_b', 1));
    await until(() => time.hasWait(1000, 1250), 'it is tried again later');
    await time.during(Promise.all([assert.rejects(refused, /could not be written to/), sink.close()]));
    assert.deepEqual(codes(), ['webhook-queue', 'webhook-working']); // the second time within the same minute
  } finally {
    limit('unlimited');
    process.off('SIGXFSZ', ignore);
  }
});

test('what cannot be made a body or read from the queue waits alone and is told', async () => {
  const { open, problems, folder, time } = desk();
  const server = await hook();
  const body = (object: { id: string }) => {
    if (object.id === 'inc_bad') throw new Error('no body');
    return object;
  };
  const sink = await open(server.port, { body });
  await sink.take(event('inc_bad', 1));
  await sink.take(event('inc_a', 1));
  await until(() => sink.delivered === 1 && sink.failures === 1, 'the other is delivered');
  assert.match(
    problems[0]!.message,
    /^the webhook http:\/\/127\.0\.0\.1:\d+ cannot be sent \(no body\) revision 1 of inc_bad$/,
  );
  await time.during(sink.close());
  rmSync(folder, { recursive: true });
});

test('a queue that was damaged between two runs is told, and works', async () => {
  const { open, folder, codes, time } = desk();
  const server = await hook(() => 500);
  const first = await open(server.port);
  await first.take(event('inc_a', 1));
  await time.during(first.close());
  const file = `${folder}/${readdirSync(folder)[0]}`;
  writeFileSync(file, `what is this?\n${readFileSync(file, 'utf8')}`);
  server.answer = () => 200;
  const second = await open(server.port);
  await until(() => second.delivered === 1, 'what could be read is delivered');
  await time.during(second.close());
  assert.deepEqual(
    codes().filter((code) => code !== 'webhook-failing'),
    ['webhook-queue-damaged'],
  );
});

test('with the time of the machine it works as well', async () => {
  const { folder } = desk();
  const server = await hook();
  const sink = await openWebhook({
    url: `http://127.0.0.1:${server.port}/`,
    folder,
    body: (object) => object,
    contentType: 'application/json',
    onProblem: () => assert.fail(),
  });
  await sink.take(event('inc_a', 1));
  await until(() => sink.waiting === 0, 'it is delivered');
  await sink.close();
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test('a certificate that nobody vouches for is refused, whatever the environment says', {
  skip: !hasOpenssl && 'openssl is not there',
}, async () => {
  const { at } = workspace({});
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', at('key'), '-out', at('certificate')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject, ...files], {
    stdio: 'ignore',
  });
  let requests = 0;
  const server = createTlsServer(
    { key: readFileSync(at('key')), cert: readFileSync(at('certificate')) },
    (_request, response) => {
      requests += 1;
      response.end();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { open, problems, time } = desk();
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    const sink = await open(0, { url: `https://jdoe:hunter2@127.0.0.1:${port}/T0SECRET` });
    await sink.take(event('inc_a', 1));
    await until(() => sink.failures === 1, 'it is refused');
    await time.during(sink.close());
    assert.equal(sink.waiting, 1);
  } finally {
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    server.closeAllConnections();
    server.close();
  }
  assert.equal(requests, 0);
  assert.equal(
    problems[0]!.message,
    `the webhook https://127.0.0.1:${port} has a certificate that is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)`,
  );
});

test('an endpoint without TLS under an https address is told as such', async () => {
  const { open, problems, time } = desk();
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sink = await open(0, { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/T0SECRET` });
  await sink.take(event('inc_a', 1));
  await until(() => sink.failures === 1, 'it fails');
  await time.during(sink.close());
  server.close();
  assert.match(problems[0]!.message, / does not speak TLS \(\w+\)$/);
});
