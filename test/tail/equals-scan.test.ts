import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ReportObject, type ScanOptions, scan } from '../../src/index.js';
import { type AnyLog, anyLogs } from '../helpers/any-logs.js';
import { workspace } from '../helpers/cli.js';
import { agreed, Following, packOf } from '../helpers/following.js';

/*
 * What a tail has told of a log when it stops is what a scan finds in it, in whatever pieces the log was written, whenever the
 * tail looked, however often it was stopped and started.
 */

const PACK = packOf(
  { id: 'acme/problem', title: 'Problem {n}', match: { pattern: 'problem (?<n>[\\w-]+)' }, groupBy: ['n'] },
  { id: 'acme/broken', match: { throwable: { type: 'com.example.AcmeException' } } },
  { id: 'acme/well', severity: 'info', match: { text: 'all is well' } },
);
const OPTIONS = { packs: [PACK], unknown: 'all', asOf: '2026-11-24' } as const satisfies ScanOptions;

async function scanOf(paths: readonly string[], options: ScanOptions = {}): Promise<readonly ReportObject[]> {
  const objects: ReportObject[] = [];
  for await (const object of scan(paths, { ...OPTIONS, ...options })) objects.push(object);
  return objects;
}

/** What happens while logs are written. */
type Act =
  | { readonly kind: 'write'; readonly log: number; readonly bytes: number }
  /** It reads what is there; `quiet` tells of last records, too. */
  | { readonly kind: 'read' | 'quiet' | 'restart' };

const ACTS: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('write'),
        log: fc.nat(3),
        bytes: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 5000 })),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('read', 'quiet', 'quiet', 'restart') }) },
  ),
  { maxLength: 25 },
);

async function assertEqual(logs: readonly AnyLog[], acts: readonly Act[]): Promise<void> {
  const place = workspace(Object.fromEntries(logs.map((_, index) => [`${index}/`, ''])));
  const paths = logs.map(({ file }, index) => place.at(`${index}/${file}`));
  const written = logs.map(() => 0);
  const write = (index: number, bytes: number) => {
    const log = logs[index % logs.length]!;
    const from = written[index % logs.length]!;
    const to = Math.max(from + bytes, log.least);
    appendFileSync(paths[index % logs.length]!, log.bytes.subarray(from, to));
    written[index % logs.length] = Math.min(to, log.bytes.length);
  };
  const told: ReportObject[] = [];
  const start = () => Following.start(paths, { ...OPTIONS, state: place.at('state') });
  let following = await start();
  const stop = async () => {
    await following.stop();
    told.push(...following.objects);
    assert.deepEqual(following.trouble, []);
  };
  for (const act of acts) {
    if (act.kind === 'write') write(act.log, act.bytes);
    else if (act.kind === 'restart') {
      await stop();
      following = await start();
    } else await following[act.kind]();
  }
  for (const index of logs.keys()) write(index, logs[index]!.bytes.length);
  await following.read();
  await stop();
  assert.deepEqual(agreed(told), agreed(await scanOf(paths)));
}

test('the last that a tail has told is what a scan finds, for logs of any kind written in any pieces', async () => {
  await fc.assert(fc.asyncProperty(anyLogs(12), ACTS, assertEqual), {
    numRuns: Number(process.env.LOGSCAN_TEST_RUNS ?? 25),
    seed: Number(process.env.LOGSCAN_TEST_SEED ?? 1),
  });
});
