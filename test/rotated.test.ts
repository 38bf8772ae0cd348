import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scan } from '../src/index.js';
import type { Incident } from '../src/model/incident.js';
import { jiraRecord, PROFILE_401, profile401, workspace } from './helpers/cli.js';

/* Rotated files are one log: a record that the rotation cut is whole again. */

const INFO = jiraRecord('all is well', { level: 'INFO' });
const LOG =
  INFO +
  profile401('2026-11-20 09:14:03,118+0000') +
  INFO +
  profile401('2026-11-20 09:15:04,119+0000') +
  profile401('2026-11-20 09:16:05,120+0000') +
  INFO;
/** A log of this size goes the fast way. */
const LARGE = 1100 * 1024;

interface Told {
  readonly rule: string;
  readonly count: number;
  readonly places: readonly (readonly [origin: string, line: number, text: string])[];
}

async function told(files: Readonly<Record<string, string>>): Promise<Told[]> {
  const { dir } = workspace(files);
  const found: Incident[] = [];
  for await (const object of scan([dir], { asOf: '2026-11-24', evidence: 10 }))
    if (object.kind === 'incident') found.push(object);
  return found.map(({ rule, count, evidence }) => ({
    rule: rule.id,
    count,
    places: evidence.map(({ origin, line, text }) => [origin.slice(dir.length + 1), line, text] as const),
  }));
}

const CUTS: readonly (readonly [name: string, cut: number])[] = [
  ['in the middle of a line of the trace', LOG.indexOf('RequestException: Microsoft') + 9],
  ['in the middle of a header', LOG.indexOf('REST API has')],
  ['before a frame', LOG.indexOf('\tat com.bigbrassband.jira')],
  ['before Caused by', LOG.indexOf('Caused by: ')],
];

for (const [name, cut] of CUTS) {
  for (const fill of ['', INFO.repeat(Math.ceil(LARGE / INFO.length))]) {
    test(`a record that is cut ${name} is found once${fill === '' ? '' : ', the fast way'}`, async () => {
      const [incident, ...more] = await told({
        'atlassian-jira.log.1': fill + LOG.slice(0, cut),
        'atlassian-jira.log': LOG.slice(cut) + fill,
      });
      assert.deepEqual([incident?.rule, incident?.count, more], [PROFILE_401, 3, []]);
      const lines = fill === '' ? 0 : fill.split('\n').length - 1;
      assert.deepEqual(incident!.places[0]!.slice(0, 2), ['atlassian-jira.log.1', lines + 2]);
      assert.match(incident!.places[0]![2], /Unauthorized \(401\)/);
    });
  }
}

test('what begins with a header is no part of the record before, even where that has no line end', async () => {
  const cut = LOG.indexOf('2026-11-20 09:15:04');
  const [incident] = await told({ 'jira.log.1': LOG.slice(0, cut).trimEnd(), 'jira.log': LOG.slice(cut) });
  assert.equal(incident?.count, 3);
  assert.deepEqual(
    incident.places.map(([origin, line]) => `${origin}:${line}`),
    ['jira.log.1:2', 'jira.log:1', 'jira.log:6'],
  );
});

test('logs that are no backups of each other are not joined', async () => {
  const cut = LOG.indexOf('Caused by: ');
  const [incident] = await told({ 'jira-a.log': LOG.slice(0, cut), 'jira-b.log': LOG.slice(cut) });
  assert.deepEqual(incident!.places[0]!.slice(0, 2), ['jira-b.log', 1], 'the second half by itself');
});

test('wherever a log is cut into backups, within a line, the incidents are those of the whole log', async () => {
  const [whole] = await told({ 'jira.log': LOG });
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: LOG.length - 2 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(cuts, async (chosen) => {
      // A line end must not stand at a cut: what begins the next file then is any line, which nobody can tell from a fragment.
      const sorted = chosen.sort((a, b) => a - b).filter((at) => LOG[at - 1] !== '\n' && LOG[at] !== '\n');
      const parts = [...sorted, LOG.length].map((at, index) => LOG.slice(sorted[index - 1] ?? 0, at));
      fc.pre(parts.length > 1 && parts.every((part) => /(?:^|\n)2026-11-20 09:\d\d:\d\d,\d{3}\+0000 .*\[/.test(part))); // each has a header
      const names = parts.map((_, index) =>
        index === parts.length - 1 ? 'jira.log' : `jira.log.${parts.length - 1 - index}`,
      );
      const [incident, ...more] = await told(Object.fromEntries(names.map((name, index) => [name, parts[index]!])));
      assert.deepEqual(more, []);
      assert.equal(incident?.count, whole!.count);
      assert.deepEqual(
        incident.places.map(([, , text]) => text),
        whole!.places.map(([, , text]) => text),
      );
    }),
    { numRuns: 60 },
  );
});
