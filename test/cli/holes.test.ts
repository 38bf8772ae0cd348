/** What logs cannot show, from the outside. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HoleObject } from '../../src/model/report.js';
import { zipOf } from '../helpers/archives.js';
import { jiraBanner } from '../helpers/banners.js';
import { type Files, jiraRecord, run, scannedInside, workspace } from '../helpers/cli.js';

const START = Date.UTC(2026, 10, 20, 8);
const MINUTE = 60_000;

/** A record of every minute from one to another, counted from the start of the day. */
function minutes(from: number, to: number, level = 'INFO'): string {
  const records: string[] = [];
  for (let minute = from; minute < to; minute++) {
    const time = new Date(START + minute * MINUTE).toISOString();
    const printed = `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000`;
    records.push(jiraRecord('all is well', { time: printed, level }));
  }
  return records.join('');
}

/** The same of more than a MiB, of which most is passed over. */
const MANY = 12_000;

async function holesIn(files: Files, ...args: readonly string[]): Promise<string[]> {
  const { all } = await scannedInside([...args, '--no-config'], workspace(files).dir);
  const holes = all.filter((object): object is HoleObject => object.kind === 'hole');
  return holes.map(({ origin, from, to, reason }) => `${origin} ${hour(from)} ${hour(to)} ${reason}`);
}

function hour(time: string | null): string {
  return time === null ? '-' : time.slice(8, 16);
}

describe('holes', { concurrency: 4 }, () => {
  const GAP = minutes(0, 240) + minutes(440, 600);
  const BIG = minutes(0, MANY) + minutes(MANY + 300, 2 * MANY);
  const CASES: readonly (readonly [name: string, files: Files, args: readonly string[], holes: readonly string[]])[] = [
    ['a log that says something every minute has none', { 'x.log': minutes(0, 600) }, ['x.log'], []],
    ['silence is one', { 'x.log': GAP }, ['x.log'], ['x.log 20T11:59 20T15:20 nothing was written for 3 h 21 min']],
    [
      'silence in a log that says little is none',
      { 'x.log': [0, 300, 500, 900].map((at) => minutes(at, at + 1)).join('') },
      ['x.log'],
      [],
    ],
    [
      'silence among records that are passed over is one, and the rest is none',
      { 'x.log': BIG },
      ['x.log'],
      ['x.log 28T15:59 28T21:00 nothing was written for 5 h 1 min'],
    ],
    [
      'the same in an archive',
      { 'x.zip': zipOf([{ name: 'x.log', data: BIG }]) },
      ['x.zip'],
      ['x.zip!/x.log 28T15:59 28T21:00 nothing was written for 5 h 1 min'],
    ],
    ['silence between two runs of a job is none', { 'x.log': minutes(0, 9) + minutes(1440, 1449) }, ['x.log'], []],
    ['what a span leaves out is none', { 'x.log': GAP }, ['x.log', '--since', '2026-11-20'], []],
    [
      'a start is one, told once, whatever was silent before it',
      {
        'x.log':
          minutes(0, 240) +
          jiraBanner({ time: '2026-11-20 15:00:00,000+0000' }) +
          jiraBanner({ time: '2026-11-20 15:00:20,000+0000' }) +
          minutes(421, 600),
      },
      ['x.log'],
      ['x.log 20T11:59 20T15:00 the product was started; before that nothing was written for 3 h 1 min'],
    ],
    ['a log that begins with a start has none', { 'x.log': jiraBanner() + minutes(10, 60) }, ['x.log'], []],
    [
      'time that goes back is one',
      { 'x.log': minutes(100, 240) + minutes(60, 200) },
      ['x.log'],
      ['x.log 20T11:59 20T09:00 time goes back by 2 h 59 min'],
    ],
    ['threads that write a little late make none', { 'x.log': minutes(0, 5) + minutes(4, 9) }, ['x.log'], []],
    [
      'a backup that is not there is one',
      { 'l/x.log': minutes(30, 40), 'l/x.log.1': minutes(20, 30), 'l/x.log.4': minutes(0, 10) },
      ['l'],
      ['l/x.log - - backups 2, 3 are not there, though 4 is'],
    ],
    ['one file alone lacks nothing', { 'x.log.4': minutes(0, 10) }, ['x.log.4'], []],
    [
      'a file of just the size to which tools cut is one',
      { 'x.log': `${minutes(0, 10)}${' '.repeat(25 * 1024 * 1024 - minutes(0, 10).length)}` },
      ['x.log'],
      ['x.log - 20T08:00 has just 25 MiB, as if it had been cut when it was collected; what stood before is not there'],
    ],
  ];
  /** Of all minutes those of the first stretch say two things, those of the second one alone. */
  const levels = (from: number, until: number, to: number, every: string, some: string) =>
    Array.from({ length: to - from }, (_, index) => from + index)
      .map((minute) => (minute < until ? minutes(minute, minute + 1, some) : '') + minutes(minute, minute + 1, every))
      .join('');
  const storm = [...Array(70).keys()].map((at) =>
    minutes(at < 60 ? 40 : 40 + at - 60, 41 + Math.max(0, at - 60), 'ERROR'),
  );
  const LEVELS: typeof CASES = [
    [
      'a level that is written in one half of a log alone is one',
      { 'x.log': levels(0, 200, 400, 'WARN', 'INFO') },
      ['x.log'],
      [
        'x.log 20T11:19 20T14:39 neither INFO nor DEBUG records for 3 h 20 min, elsewhere many, as if the log level had been another one',
      ],
    ],
    [
      'so is DEBUG, and there it is said of both ends of a log where it was written for an hour',
      { 'x.log': levels(0, 0, 200, 'INFO', 'DEBUG') + levels(200, 260, 460, 'INFO', 'DEBUG') },
      ['x.log'],
      [
        'x.log 20T08:00 20T11:20 no DEBUG record for 3 h 20 min, elsewhere many, as if the log level had been another one',
        'x.log 20T12:19 20T15:39 no DEBUG record for 3 h 20 min, elsewhere many, as if the log level had been another one',
      ],
    ],
    [
      'so it is among records that are passed over',
      { 'x.log': levels(0, 8000, 16_000, 'WARN', 'INFO') },
      ['x.log'],
      [
        'x.log 25T20:38 01T08:21 neither INFO nor DEBUG records for 5 days, elsewhere many, as if the log level had been another one',
      ],
    ],
    [
      'a storm of errors is none',
      { 'x.log': levels(0, 40, 40, 'WARN', 'INFO') + storm.join('') + levels(50, 90, 90, 'WARN', 'INFO') },
      ['x.log'],
      [],
    ],
    [
      'a level that is rare is not missing',
      {
        'x.log':
          Array.from(
            { length: 30 },
            (_, at) => minutes(at * 20, at * 20 + 1) + minutes(at * 20 + 1, at * 20 + 20, 'WARN'),
          ).join('') + minutes(600, 1200, 'WARN'),
      },
      ['x.log'],
      [],
    ],
  ];
  for (const [name, files, args, holes] of [...CASES, ...LEVELS])
    test(name, async () => assert.deepEqual(await holesIn(files, ...args), holes));

  test('they are told to people', async () => {
    const { stdout } = await run(['x.log', '--no-config'], { cwd: workspace({ 'x.log': GAP }).dir });
    assert.match(
      stdout,
      /^ What these logs cannot show\n {7}x\.log: nothing was written for 3 h 21 min \(20 Nov 11:59 to 20 Nov\n? *15:20\)$/m,
    );
  });
});
