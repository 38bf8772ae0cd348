import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type ReportObject, scan, type TailOptions } from '../../src/index.js';
import { BRACKETS, ERROR, INFO, PIECES, TIME } from '../candidates/pieces.js';
import { workspace } from '../helpers/cli.js';
import { agreed, Following, packOf, summaryOf } from '../helpers/following.js';

/*
 * A backlog is read as a scan reads: what cannot matter is passed over. It is not to be noticed: a tail that decodes everything
 * tells the same, and so does a scan.
 */

const PACK = packOf(
  { id: 'acme/needle', match: { pattern: 'needle in the (?<n>\\w+)' }, groupBy: ['n'] },
  { id: 'acme/sync', match: { throwable: { type: 'com.acme.worklog.SyncFailedException' } } },
  {
    id: 'acme/burst',
    match: { text: 'a burst of them' },
    when: { count: 2, within: '30s' },
  },
);

interface Told {
  readonly found: readonly unknown[];
  readonly counts: readonly (number | null)[];
}

/** What was counted of a log that ends with a closed record; a tail has not counted the last record, a scan has. */
function toldOf(objects: readonly ReportObject[]): Told {
  const { bytes, lines, errorRecords, cutLines, cutRecords } = summaryOf(objects).coverage;
  return { found: agreed(objects), counts: [bytes, lines, errorRecords, cutLines, cutRecords] };
}

interface Log {
  readonly file?: string;
  readonly text: string;
  /** So much of it is read before the rest is there. */
  readonly before?: number;
  /** Whether the tail is stopped and started then. */
  readonly restarts?: boolean;
  /** Large ones are read once. */
  readonly isLarge?: boolean;
}

async function tailed(
  { file = 'atlassian-jira.log', text, before = 0, restarts = false }: Log,
  options: Pick<TailOptions, 'filter' | 'unknown'>,
): Promise<Told> {
  const place = workspace({});
  const path = place.at(file);
  const bytes = Buffer.from(text);
  writeFileSync(path, bytes.subarray(0, before === 0 ? bytes.length : before));
  const start = () => Following.start([path], { packs: [PACK], state: place.at('state'), ...options });
  let following = await start();
  await following.read();
  const told: ReportObject[] = [];
  if (restarts) {
    await following.stop();
    told.push(...following.objects);
    following = await start();
  }
  if (before > 0) appendFileSync(path, bytes.subarray(before));
  await following.read();
  await following.stop();
  told.push(...following.objects);
  assert.deepEqual(following.trouble, []);
  assert.equal(following.status.late, 0, 'nothing comes late in one log whose times go on');
  const { found, counts } = toldOf(told);
  return { found: found.map((one) => inFile(one, path)), counts: restarts ? [] : counts };
}

async function scanned({ file = 'atlassian-jira.log', text, restarts = false }: Log, unknown: 'all' | 'none') {
  const path = workspace({ [file]: text }).at(file);
  const objects: ReportObject[] = [];
  for await (const object of scan([path], { packs: [PACK], unknown, asOf: '2026-11-24' })) objects.push(object);
  const { found, counts } = toldOf(objects);
  return { found: found.map((one) => inFile(one, path)), counts: restarts ? [] : counts };
}

/** Each ran over a file of its own. */
function inFile(finding: unknown, path: string): unknown {
  return JSON.parse(JSON.stringify(finding).replaceAll(path, 'the log'));
}

async function assertSame(log: Log): Promise<void> {
  // Behind it two records far later: windows are let go, and what was read fast goes on right.
  const [later, last] = ['2026-11-21 09:00:00,000+0000', '2026-11-21 10:00:00,000+0000'];
  const end = log.text.endsWith('\n') ? '' : '\n';
  const closing = [later, last].map((time) => NEEDLE.replace(TIME, time).replace('haystack', 'end')).join('');
  const whole = { ...log, text: log.text + end + closing };
  for (const unknown of log.isLarge ? (['all'] as const) : (['all', 'none'] as const)) {
    const fast = await tailed(whole, { filter: true, unknown });
    assert.deepEqual(fast, await tailed(whole, { filter: false, unknown }), `with and without the filter, ${unknown}`);
    assert.deepEqual(fast, await scanned(whole, unknown), `as a scan, ${unknown}`);
  }
}

const at = (time: string, text: string) => text.replaceAll('09:14:03', time);
const NEEDLE = `${TIME} main WARN      [c.a.j.Example] a needle in the haystack\n`;
const BURST = `${TIME} main WARN      [c.a.j.Example] a burst of them\n`;
const MANY = INFO.repeat(12_000);
const SOME = INFO.repeat(2500);
const TOMCAT = '20-Nov-2026 09:14:03.118 SEVERE [main] org.acme.Foo.bar needle in the tomcat\n\tat x.Y.z(Y.java:1)\n';

const LOGS: Readonly<Record<string, Log>> = {
  'nothing to find': { text: MANY },
  'a match in the first record, in the last, and between': { text: NEEDLE + MANY + NEEDLE + MANY + NEEDLE },
  'errors that no rule knows, and one that does': {
    text: `${MANY}${ERROR.repeat(50)}${ERROR}Caused by: com.acme.worklog.SyncFailedException: no\n${MANY}`,
  },
  'a match without a time takes that of the record before it, not of one behind it': {
    text: [
      MANY,
      at('09:30:00', NEEDLE),
      at('09:20:00', INFO),
      'log4j:ERROR a needle in the haystack\n',
      at('09:40:00', SOME),
      'log4j:ERROR a needle in the night\n',
      at('09:50:00', MANY),
    ].join(''),
  },
  'matches of a window before a long silence, which one without a time ends': {
    text: [
      MANY,
      at('09:20:00', BURST),
      at('09:20:01', BURST),
      at('10:40:00', SOME),
      'log4j:ERROR a needle in the dark\n',
      at('10:40:01', MANY),
    ].join(''),
  },
  'a log that changes its kind': { text: `${MANY}${TOMCAT.repeat(700)}` },
  'a log that changes its kind, and back': { text: `${MANY}${TOMCAT.repeat(700)}${MANY}${NEEDLE}` },
  'a log that changes its kind to one that has filters as well': {
    text: `${MANY}${BRACKETS.repeat(12_000)}${BRACKETS.replace('all is well', 'needle in the brackets')}`,
  },
  'lines that end in CR LF': { text: (MANY + NEEDLE + ERROR + MANY).replaceAll('\n', '\r\n') },
  'a byte order mark': { text: `\ufeff${NEEDLE}${MANY}` },
  'a log that changes its kind to one without filters, and back': {
    text: `${MANY}${'{"level":"error","message":"a needle in the json"}\n'.repeat(800)}${MANY}${NEEDLE}`,
  },
  'a line of more than a MiB': {
    text: `${MANY}${NEEDLE.trimEnd()}${'x'.repeat(1_400_000)}\n${MANY}${NEEDLE}`,
    isLarge: true,
  },
  'a record of more than a MiB, and the match at its end': {
    text: `${MANY}${INFO}${'one of very many lines of text\n'.repeat(50_000)}needle in the end\n${MANY}${NEEDLE}`,
    isLarge: true,
  },
  'a backlog of more than one block': { text: `${MANY.repeat(5)}${NEEDLE}${MANY.repeat(7)}${NEEDLE}`, isLarge: true },
  'a backlog that begins in the middle of a file': { text: NEEDLE + SOME + NEEDLE + MANY + NEEDLE, before: 300_000 },
  'a backlog that begins in the middle of a record': {
    text: `${SOME}${NEEDLE}${MANY}`,
    before: SOME.length + 70,
  },
  'a backlog behind a restart': { text: `${SOME}${NEEDLE}${MANY}${NEEDLE}`, before: SOME.length + 70, restarts: true },
  'a backlog behind a restart in the middle of a trace': {
    text: `${SOME}${ERROR}Caused by: com.acme.worklog.SyncFailedException: no\n${MANY}${NEEDLE}`,
    before: SOME.length + ERROR.length,
    restarts: true,
  },
  Confluence: {
    file: 'atlassian-confluence.log',
    text: `${BRACKETS.repeat(14_000)}${BRACKETS.replace('INFO', 'ERROR').replace('all is well', 'needle in the wiki')}${BRACKETS.repeat(3000)}`,
  },
};

describe('a backlog is told of the same, filtered or not, and as a scan finds it', () => {
  for (const [name, log] of Object.entries(LOGS)) test(name, () => assertSame(log));

  test('a backlog of any pieces', async () => {
    const texts = fc
      .array(fc.constantFrom(...PIECES, NEEDLE, BURST), { maxLength: 60 })
      .map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(400_000), fc.boolean(), async (text, before, restarts) => {
        const whole = SOME + text + MANY + text + SOME;
        await assertSame({ text: whole, before, restarts });
      }),
      { numRuns: Number(process.env.LOGSCAN_TEST_RUNS ?? 3), seed: Number(process.env.LOGSCAN_TEST_SEED ?? 1) },
    );
  });
});
