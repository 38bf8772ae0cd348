/** What a tail knows of the installation: from starts that it reads, and from what was written before it came. */
import assert from 'node:assert/strict';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { scan } from '../../src/index.js';
import type { Incident } from '../../src/model/incident.js';
import type { ReportObject } from '../../src/model/report.js';
import { jiraBanner } from '../helpers/banners.js';
import { jiraRecord, workspace } from '../helpers/cli.js';
import { agreed, Following, type FollowingOptions, lastOf, packOf, summaryOf } from '../helpers/following.js';

const PACK = packOf(
  { id: 'acme/external', match: { text: 'external' }, supersedes: ['acme/general'], appliesTo: { gij: '>=3.0' } },
  { id: 'acme/general', match: { text: 'general' }, severity: 'low' },
);
const OLD = jiraBanner({ gij: '2.9.1' });
const NEW = (time: string) => jiraBanner({ gij: '4.9', time });
const both = (time = '2026-11-20 09:14:03,118+0000') => jiraRecord('an external failure, in general', { time });
const idle = (time = '2026-11-20 09:15:00,000+0000') => jiraRecord('nothing', { time, level: 'INFO' });

interface Place {
  readonly log: string;
  readonly state: string;
  write(name: string, content: string | Uint8Array): void;
}

function place(): Place {
  const made = workspace({ 'logs/': '', 'state/': '' });
  return {
    log: made.at('logs/jira.log'),
    state: made.at('state'),
    write: (name, content) => writeFileSync(made.at(path.join('logs', name)), content),
  };
}

function follow({ log, state }: Place, options: Partial<FollowingOptions> = {}): Promise<Following> {
  return Following.start([log], { packs: [PACK], state, ...options });
}

/** What the facts make of each incident at the end. */
const standings = (objects: readonly ReportObject[]) =>
  [...lastOf(objects).values()].map(({ id, applies }) => `${id} ${applies}`).sort();
const incidentsOf = (objects: readonly ReportObject[]) =>
  objects.filter((object): object is Incident => object.kind === 'incident');
const told = (objects: readonly ReportObject[]) =>
  incidentsOf(objects).map(({ event, rule: { id }, count, applies }) => `${event} ${id.slice(5)} ${count} ${applies}`);
test('a start that is read rules out what comes after it', async () => {
  const at = place();
  at.write('jira.log', OLD + both() + idle());
  const tail = await follow(at);
  await tail.read();
  await tail.stop();
  assert.deepEqual(told(tail.objects), ['opened external 1 false', 'opened general 1 null']);
  const summary = summaryOf(tail.objects);
  assert.deepEqual([summary.incidents, summary.bySeverity.high, summary.bySeverity.low], [1, 0, 1]);
});

test('what becomes known later is told of what was told before', async () => {
  const at = place();
  at.write('jira.log', both() + idle());
  const tail = await follow(at);
  await tail.read();
  assert.deepEqual(told(tail.objects), ['opened external 1 null']);
  appendFileSync(
    at.log,
    jiraBanner({ gij: '2.9.1', time: '2026-11-20 09:16:00,000+0000' }) + idle('2026-11-20 09:17:00,000+0000'),
  );
  await tail.read();
  assert.deepEqual(told(tail.objects).slice(1), ['updated external 1 false', 'opened general 1 null']);
  appendFileSync(at.log, NEW('2026-11-20 09:18:00,000+0000') + idle('2026-11-20 09:19:00,000+0000'));
  await tail.read();
  assert.deepEqual(told(tail.objects).slice(3), ['updated external 1 true', 'withdrawn general 0 null']);
  await tail.stop();
});

const BEFORE: { name: string; files: Record<string, string | Uint8Array>; applies: boolean | null }[] = [
  { name: 'in the log itself', files: { 'jira.log': OLD + idle() }, applies: false },
  { name: 'in a backup', files: { 'jira.log': idle(), 'jira.log.1': OLD + idle() }, applies: false },
  {
    name: 'in the newest of the backups that tell any',
    files: {
      'jira.log': idle(),
      'jira.log.1': idle(),
      'jira.log.2': jiraBanner({ gij: '4.9', time: '2026-11-19 08:00:00,000+0000' }),
      'jira.log.3': jiraBanner({ gij: '2.9.1', time: '2026-11-18 08:00:00,000+0000' }),
    },
    applies: true,
  },
  { name: 'in a packed backup', files: { 'jira.log': idle(), 'jira.log.1.gz': gzipSync(OLD) }, applies: false },
  {
    name: 'in a large backup, among much else',
    files: { 'jira.log': idle(), 'jira.log.1': idle().repeat(20_000) + OLD + idle().repeat(20_000) },
    applies: false,
  },
  {
    name: 'behind a damaged backup',
    files: { 'jira.log': idle(), 'jira.log.1.gz': gzipSync(OLD).subarray(0, 40), 'jira.log.2': OLD },
    applies: false,
  },
  { name: 'nowhere', files: { 'jira.log': idle(), 'jira.log.1': idle() }, applies: null },
  { name: 'in a log of another name', files: { 'jira.log': idle(), 'other.log': OLD }, applies: null },
];

for (const { name, files, applies } of BEFORE) {
  test(`the last start before it was followed is found: ${name}`, async () => {
    const at = place();
    for (const [file, content] of Object.entries(files)) at.write(file, content);
    const tail = await follow(at, { from: 'end' });
    appendFileSync(at.log, both() + idle());
    await tail.read();
    await tail.stop();
    const external = incidentsOf(tail.objects).filter(({ rule: { id } }) => id === 'acme/external');
    assert.deepEqual(
      external.map((incident) => incident.applies),
      [applies],
    );
  });
}

test('facts are kept, and are those of the newest start, also of one that was written meanwhile', async () => {
  const at = place();
  at.write('jira.log', OLD + idle());
  const first = await follow(at, { from: 'end' });
  await first.stop();
  renameSync(at.log, `${at.log}.1`);
  at.write('jira.log', both() + idle());
  const second = await follow(at, { rotateWait: 1 });
  await second.read();
  await second.stop();
  assert.deepEqual(told(second.objects), ['opened external 1 false', 'opened general 1 null']);
  appendFileSync(at.log, NEW('2026-11-20 09:18:00,000+0000') + idle('2026-11-20 09:19:00,000+0000'));
  const third = await follow(at, { rotateWait: 1 });
  await third.read();
  await third.stop();
  assert.deepEqual(told(third.objects), ['updated external 1 true', 'withdrawn general 0 null']);
});

test('other rules are held against the facts that were kept', async () => {
  const at = place();
  at.write('jira.log', OLD + both() + idle());
  const first = await follow(at);
  await first.read();
  await first.stop();
  const [external, general] = PACK.rules;
  const rules = [{ ...external!, appliesTo: { gij: '<3.0' } }, general!];
  const second = await follow(at, { packs: [{ ...PACK, rules }] });
  appendFileSync(at.log, idle());
  await second.read();
  await second.stop();
  assert.deepEqual(told(second.objects), ['updated external 1 true', 'withdrawn general 0 null']);
});

test('a tail ends with what a scan tells, whether a start is read, previewed, or comes in the middle', async () => {
  const middle = NEW('2026-11-20 09:18:00,000+0000');
  for (const text of [
    OLD + both() + idle(),
    both() + OLD,
    both() + idle() + OLD + both('2026-11-20 09:17:00,000+0000') + middle,
    OLD + both() + middle + both('2026-11-20 09:19:00,000+0000') + idle('2026-11-20 09:20:00,000+0000'),
  ]) {
    const at = place();
    at.write('jira.log', '');
    const tail = await follow(at);
    for (let from = 0; from < text.length; from += 700) {
      appendFileSync(at.log, text.slice(from, from + 700));
      await tail.read();
    }
    await tail.quiet();
    await tail.stop();
    const scanned: ReportObject[] = [];
    for await (const object of scan([at.log], { packs: [PACK], asOf: '2026-11-24' })) scanned.push(object);
    assert.deepEqual(agreed(tail.objects), agreed(scanned));
    assert.deepEqual(standings(tail.objects), standings(scanned));
  }
});

test('times without a zone are those that a scan tells', async () => {
  const at = place();
  const banner = jiraBanner({ time: '2026-11-20 08:00:00,000', timezone: 'Europe/Berlin' });
  at.write('jira.log', banner + both('2026-11-20 12:00:00,000') + idle('2026-11-20 12:00:01,000'));
  const tail = await follow(at);
  await tail.read();
  await tail.stop();
  assert.equal(incidentsOf(tail.objects)[0]!.firstAt, '2026-11-20T11:00:00Z');
});
