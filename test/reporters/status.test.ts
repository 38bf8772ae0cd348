import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TailStatus } from '../../src/model/tail-status.js';
import { behindOf, statusText } from '../../src/reporters/status.js';
import { logStatus, tailStatus } from '../helpers/tail-status.js';

const behind = logStatus({ path: '/log/b.log', file: '/log/b.log.1', behind: 12_345_678, behindSeconds: 42 });
const broken = logStatus({ path: '/log/c.log', file: null, trouble: 'permission denied' });

test('the status of a tail tells totals, then what is behind or in trouble, then the others', () => {
  const status = tailStatus({
    logs: [logStatus({ path: '/log/a.log', offset: 1_204_331 }), behind, broken],
    openFiles: 2,
    bytes: 1_530_000,
    lines: 20_331,
    records: 4711,
    incidents: [
      { rule: 'acme/one', severity: 'high', count: 12, open: 2 },
      { rule: 'acme/two', severity: 'low', count: 1, open: 1 },
    ],
  });
  assert.equal(
    statusText(status),
    `logscan: 3 logs · 2 open files · 12 MB behind, for 42 s · checkpoint 0.4 s ago · 3 incidents open
  read so far: 1.5 MB · 20,331 lines · 4,711 records
  /log/c.log: permission denied · nothing behind · not there
  /log/b.log: 12 MB behind, for 42 s · in /log/b.log.1 at byte 1,000
  /log/a.log: nothing behind · at byte 1,204,331
`,
  );
});

const CASES: readonly { name: string; status: Partial<TailStatus>; shown: RegExp; notShown?: RegExp }[] = [
  {
    name: 'nothing that is wrong where nothing is',
    status: {},
    shown: /^logscan: 1 log · 1 open file · nothing behind · checkpoint 0\.4 s ago · 0 incidents open\n/,
    notShown: /lost|cut|late|twice|cannot/,
  },
  { name: 'that there is no checkpoint yet', status: { checkpointAge: null }, shown: / · no checkpoint yet · / },
  {
    name: 'why a checkpoint cannot be written',
    status: { checkpointTrouble: 'no space left on device' },
    shown: /^ {2}the checkpoint cannot be written: no space left on device$/m,
  },
  {
    name: 'what was lost, and why',
    status: {
      losses: { truncated: 2, vanished: 0, unreadable: 1 },
      lostBytes: { truncated: 3000, vanished: 0, unreadable: 0 },
    },
    shown: /^ {2}lost: truncated 2×, at least 3 KB · unreadable 1×, bytes not known$/m,
    notShown: /vanished/,
  },
  {
    name: 'what was cut',
    status: { cutLines: 1, cutRecords: 2 },
    shown: /^ {2}too long and cut: 1 line · 2 records$/m,
  },
  { name: 'what came late', status: { late: 3 }, shown: /^ {2}too late for the window of their rule: 3 matches$/m },
  {
    name: 'what may have been told twice',
    status: { duplicatesPossible: 1 },
    shown: /^ {2}perhaps told twice: 1 event$/m,
  },
  {
    name: 'events that were withheld',
    status: { withheld: 3 },
    shown: /^ {2}withheld, as they could not be masked: 3 events$/m,
  },
  {
    name: 'at most twenty logs that are fine',
    status: { logs: Array.from({ length: 23 }, (_, at) => logStatus({ path: `/log/${at}.log` })) },
    shown: /\/log\/19\.log: .*\n {2}… 3 more logs read to the end\n$/,
    notShown: /\/log\/20\.log/,
  },
  {
    name: 'all logs that are behind, the worst first',
    status: { logs: Array.from({ length: 30 }, (_, at) => logStatus({ path: `/log/${at}.log`, behind: at + 1 })) },
    shown: /\n {2}\/log\/29\.log: 30 bytes [\s\S]+\/log\/0\.log: 1 byte [^\n]*\n$/,
  },
  {
    name: 'no more than a thousand of them',
    status: { logs: Array.from({ length: 1001 }, (_, at) => logStatus({ path: `/log/${at}.log`, behind: at + 1 })) },
    shown: /\n {2}… 1 more log behind or in trouble\n$/,
    notShown: /\/log\/0\.log/,
  },
  {
    name: 'nothing that a terminal would act on',
    status: {
      logs: [logStatus({ path: '/log/\x1b[2J', file: '/log/\n.1', trouble: '\u202egnorw' })],
      checkpointTrouble: '\x9b2J',
    },
    shown: /\\x9b2J\n {2}\/log\/\\x1b\[2J: \\u202egnorw · nothing behind · in \/log\/\\n\.1 at byte/,
    notShown: /[\x1b\x9b\u202e]/,
  },
];

for (const { name, status, shown, notShown } of CASES) {
  test(`the status of a tail tells ${name}`, () => {
    const text = statusText(tailStatus(status));
    assert.match(text, shown);
    if (notShown) assert.doesNotMatch(text, notShown);
  });
}

test('all logs together are behind by the sum of their bytes and the longest of their times', () => {
  const logs = [behind, broken, logStatus({ behind: 22, behindSeconds: 43 })];
  assert.deepEqual(behindOf(logs), { bytes: 12_345_700, seconds: 43 });
});
