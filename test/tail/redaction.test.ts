import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, test } from 'node:test';
import { loadRules, type TailOptions, tail } from '../../src/index.js';
import type { Problem } from '../../src/model/diagnostics.js';
import type { Incident } from '../../src/model/incident.js';
import type { ReportObject } from '../../src/model/report.js';
import { needsFor } from '../../src/pipeline.js';
import { type RedactMode, Redactor } from '../../src/redaction/redactor.js';
import { maskSecrets } from '../../src/redaction/secrets.js';
import { REAL_FILES } from '../../src/sources/tail/files.js';
import { Tail, type TailSettings } from '../../src/tail.js';
import { closeHooks, hook, until } from '../helpers/hooks.js';
import { problem, record, type TailPlace, TailProgram, tailPlace } from '../helpers/tail.js';

afterEach(closeHooks);

const SECRET = 'hunter2hunter2';
const NAMES = /jdoe|192\.0\.2|jira01/;

interface Event {
  readonly id: string;
  readonly subject: string;
  readonly data: Incident;
}

/** Follows a log into stdout and a webhook until each of these problems was sent there; what both were told of the last. */
async function told(place: TailPlace, names: readonly string[], args: readonly string[] = []) {
  const server = await hook();
  const program = await TailProgram.start(place, { args: ['--webhook', `http://127.0.0.1:${server.port}/x`, ...args] });
  const events = () => server.seen.map(({ body }) => JSON.parse(body) as Event);
  const last = () => names.map((name) => events().findLast(({ data }) => data.captures.n === name));
  await program.told(...names);
  await until(() => last().every((event) => event !== undefined), `the webhook is told: ${program.stderr}`);
  const status = await program.stop();
  assert.equal(status, 143);
  return {
    program,
    stdout: program.problems.get(names.at(-1)!)!,
    event: last().at(-1)!,
    bodies: server.seen.map(({ body }) => body),
  };
}

test('a webhook gets strict events while stdout gets what was asked for', async () => {
  const place = tailPlace();
  place.append(
    'logs/jira.log',
    problem('a', { rest: `\tpassword=${SECRET} at http://jira01:8080/\n` }) + record('all is well'),
  );
  const { stdout, event, bodies, program } = await told(place, ['a']);
  assert.match(stdout.evidence[0]!.text, /jdoe[\s\S]*password=\[masked:password\] at http:\/\/jira01:8080/);
  assert.match(
    event.data.evidence[0]!.text,
    /\[user:[0-9a-f]{8}\][\s\S]*password=\[password:[0-9a-f]{8}\] at http:\/\/\[host:/,
  );
  for (const body of bodies) assert.ok(!NAMES.test(body) && !body.includes(SECRET), body);
  assert.match(event.data.id, /^inc_[0-9a-f]{12}$/);
  assert.notEqual(event.data.id, stdout.id);
  assert.ok(event.id.startsWith(`${event.data.id}/`));
  assert.equal(statSync(place.at('state/key')).mode & 0o777, 0o600);
  const summary = program.objects.at(-1)!;
  assert.ok(summary.kind === 'summary' && summary.masked.length === 1);
  const { kind, origin } = summary.masked[0]!;
  assert.deepEqual([kind, origin], ['password', 'logs/jira.log']);
});

test('events of one incident have one id and one token through a restart', async () => {
  const place = tailPlace();
  place.append('logs/jira.log', problem('a') + record('all is well'));
  const first = await told(place, ['a']);
  place.append('logs/jira.log', problem('b') + problem('a').repeat(12) + record('all is well'));
  const second = await told(place, ['b', 'a']);
  assert.equal(second.event.data.id, first.event.data.id);
  assert.equal(second.event.data.evidence.at(-1)!.user, first.event.data.evidence.at(-1)!.user);
});

test('--redact off is about what stays here: a webhook gets strict events', async () => {
  const place = tailPlace();
  const token = 'a1B2c3'.repeat(300);
  place.append(
    'logs/jira.log',
    problem('a', { rest: `password=${SECRET}\nBearer ${token}\n` }) + record('all is well'),
  );
  const { stdout, bodies } = await told(place, ['a'], ['--redact', 'off']);
  assert.ok(stdout.evidence[0]!.text.includes(`password=${SECRET}`));
  for (const body of bodies)
    assert.ok(!NAMES.test(body) && !body.includes(SECRET) && !body.includes('a1B2c3a1B2c3'), body);
});

test('under --redact strict all outputs have the tokens and ids of the key', async () => {
  const place = tailPlace();
  place.append('logs/jira.log', problem('a') + record('all is well'));
  const { stdout, event } = await told(place, ['a'], ['--redact', 'strict', '--redact-key', 'key']);
  assert.deepEqual(
    [stdout.id, stdout.evidence[0]!.user, stdout.evidence[0]!.text],
    [event.data.id, event.data.evidence[0]!.user, event.data.evidence[0]!.text],
  );
  assert.equal(statSync(place.at('key')).mode & 0o777, 0o600);
});

test('the library gives out an object of its tail under strict', async () => {
  const place = tailPlace();
  place.append('logs/jira.log', problem('a') + record('all is well'));
  const options: TailOptions = {
    state: place.at('state'),
    from: 'start',
    packs: await loadRules([place.at('acme')]),
    only: ['acme/problem'],
    poll: 20,
    asOf: '2026-11-24',
  };
  const tailing = await tail([place.at('logs/jira.log')], options);
  const seen: [ReportObject, ReportObject | null][] = [];
  for await (const object of tailing) {
    seen.push([object, tailing.strictly(object)]);
    if (object.kind === 'incident') tailing.stop();
  }
  const [object, strict] = seen.find(([{ kind }]) => kind === 'incident')!;
  assert.match(JSON.stringify(object), NAMES);
  assert.doesNotMatch(JSON.stringify(strict), /jdoe|192\.0\.2/);
  assert.deepEqual(seen.at(-1)![1], seen.at(-1)![0], 'a summary stays as it is');
});

/** A tail of one log whose masks leave what is only known from elsewhere. */
async function brokenTail(place: TailPlace, redact: RedactMode) {
  const packs = await loadRules([place.at('acme')]);
  const rules = packs.flatMap((pack) => pack.rules).filter(({ id }) => id === 'acme/problem');
  const problems: Problem[] = [];
  const settings: TailSettings = {
    rules,
    needs: await needsFor(packs),
    zone: 'UTC',
    day: () => '2026-11-24',
    since: null,
    until: null,
    evidence: 3,
    unknown: null,
    redact,
    redactor: new Redactor({ key: new Uint8Array(32), masks: { secrets: maskSecrets, known: (text) => text } }),
    filter: true,
    minSeverity: 'low',
    resolveAfter: 1_800_000,
    state: place.at('state'),
    from: 'start',
    poll: 20,
    flushTimeout: 50,
    rotateWait: 100,
    checkpoint: 50,
    openFiles: 10,
    exclude: [],
    attachment: null,
    run: (inputs) => ({
      kind: 'run',
      schema: 'logscan.incident/1',
      tool: { name: 'logscan', version: '0' },
      startedAt: '',
      asOf: '2026-11-24',
      packs: [],
      inputs,
    }),
    world: { files: REAL_FILES, clock: () => performance.now() },
  };
  mkdirSync(settings.state);
  const following = new Tail([place.log], settings, {
    problem: (one) => void problems.push(one),
    opened() {},
    note() {},
  });
  return { following, problems };
}

for (const sink of ['the output', 'a webhook'] as const) {
  test(`an event that cannot be masked for ${sink} is withheld, told and counted, and the others go on`, async () => {
    const place = tailPlace();
    const lines = [
      problem('a', { rest: `\tpassword=${SECRET}\n` }),
      problem('b', { rest: `\tit is ${SECRET}\n` }),
      problem('c'),
      record('all is well'),
    ];
    writeFileSync(place.log, lines.join(''));
    const { following, problems } = await brokenTail(place, sink === 'the output' ? 'on' : 'off');
    const names: string[] = [];
    const objects: ReportObject[] = [];
    for await (const object of following.objects()) {
      objects.push(object);
      const taken = sink === 'the output' ? object : following.strictly(object);
      if (taken?.kind === 'incident') names.push(taken.captures.n!);
      if (object.kind === 'incident' && object.captures.n === 'c') following.stop();
    }
    assert.deepEqual([...new Set(names)], ['a', 'c']);
    assert.ok(following.status().withheld >= 1);
    const trouble = objects.filter((object) => object.kind === 'problem');
    assert.ok(trouble.length >= 1 && problems.length === trouble.length);
    assert.equal(trouble[0]!.code, 'event-withheld');
    assert.match(
      trouble[0]!.message,
      /^an event of acme\/problem was withheld: a value that was masked \(password\) stands in evidence\[0\]\.text$/,
    );
    assert.ok(!JSON.stringify(trouble).includes(SECRET));
  });
}
