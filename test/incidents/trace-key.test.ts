import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { traceKey } from '../../src/incidents/trace-key.js';
import { fingerprintOf } from '../../src/incidents/unknown.js';
import { recordsOf } from '../../src/read.js';
import { asIs } from '../helpers/found.js';

const HEADER = '2026-11-20 09:14:03,118+0000 main ERROR      [c.a.j.Example] ';

function record(body: string) {
  return recordsOf(HEADER + body, 'atlassian-jira.log')[0]!;
}

const TRACE =
  'it failed\njava.lang.IllegalStateException: no step 4\n\tat com.acme.Sync.merge(Sync.java:88)\n\tat com.sun.proxy.$Proxy12.run(Unknown Source)\nCaused by: java.io.IOException: gone\n\tat com.acme.Net.read(Net.java:1)\n\t... 12 more';

const SAME: readonly (readonly [name: string, from: string, to: string])[] = [
  ['another message', 'no step 4', 'no step 5 of ABC-1'],
  ['another header message', 'it failed', 'Unable to do something else'],
  ['another line number', 'Sync.java:88', 'Sync.java:90'],
  ['another proxy', '$Proxy12', '$Proxy4711'],
  ['another count of common frames', '12 more', '40 more'],
];
for (const [name, from, to] of SAME) {
  test(`the same trace: ${name}`, () => {
    assert.notEqual(traceKey(TRACE), null);
    assert.equal(traceKey(TRACE.replace(from, to)), traceKey(TRACE));
  });
}

const OTHER: readonly (readonly [name: string, from: string, to: string])[] = [
  ['another method', 'Sync.merge', 'Sync.split'],
  ['another class', 'IllegalStateException', 'IllegalArgumentException'],
  ['another cause', 'java.io.IOException', 'java.net.ConnectException'],
  ['a digit in a package', 'com.acme.Net', 'com.acme2.Net'],
];
for (const [name, from, to] of OTHER) {
  test(`another trace: ${name}`, () => assert.notEqual(traceKey(TRACE.replace(from, to)), traceKey(TRACE)));
}

const LONG_WAY: readonly (readonly [name: string, body: string])[] = [
  ['no trace', 'it failed'],
  ['an exception in the message', 'java.net.ConnectException: refused\n\tat com.acme.Net.read(Net.java:1)'],
  [
    'an exception without frames',
    'it failed\njava.lang.IllegalStateException: no\nCaused by: java.io.IOException: gone\n\tat a.B.c(B.java:1)',
  ],
  [
    'a root cause without frames',
    'it failed\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: java.io.IOException: gone\n\t... 3 more',
  ],
  [
    'a suppressed exception',
    'it failed\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\n\tSuppressed: java.io.IOException: gone\n\t\tat a.B.d(B.java:2)',
  ],
];
for (const [name, body] of LONG_WAY) test(`the long way: ${name}`, () => assert.equal(traceKey(body), null));

test('where two records have the same key, they have the same fingerprint', () => {
  const line = fc.constantFrom(
    '\tat com.acme.Sync.merge(Sync.java:1)',
    '\tat com.acme.Sync.merge(Sync.java:2)',
    'at com.acme.Net.read(Net.java:1)',
    '\tat java.lang.Thread.run(Thread.java:1)',
    '    at com.acme.Net$1.run(Net.java:1) ~[net-1.jar:?]',
    '\tat com.sun.proxy.$Proxy1.run(Unknown Source)',
    '\tat com.sun.proxy.$Proxy2.run(Unknown Source)',
    '\t... 3 more',
    'java.lang.IllegalStateException: a',
    'java.lang.IllegalStateException: b: c',
    'java.lang.IllegalStateException',
    'com.acme.Failure: a',
    'com.acme.Net: a',
    'com.acme.Net',
    'Caused by: java.io.IOException: a',
    'Caused by: java.io.IOException: b',
    'Caused by: java.io.IOException',
    'Caused by: com.acme.Odd: x',
    'plain text',
    'plain text: more',
    '',
    '  indented',
    'Caused by: java.io.IOException: java.net.ConnectException: refused',
    '\tSuppressed: java.io.IOException: a',
  );
  const exception = fc.constantFrom(
    'java.lang.IllegalStateException: a',
    'java.lang.IllegalStateException',
    'Caused by: java.io.IOException: a',
    'Caused by: a.b.OddException',
  );
  const frame = fc.constantFrom(
    '\tat com.acme.Sync.merge(Sync.java:1)',
    '\tat com.acme.Net$1.run(Net.java:1)',
    '\tat com.sun.proxy.$Proxy1.run(Unknown Source)',
    '\tat java.lang.Thread.run(Thread.java:1)',
  );
  const message = fc.constantFrom(
    'it failed',
    'it failed: badly',
    'com.acme.Net: a',
    'com.acme.Net',
    'java.io.IOException: a',
    'failed with java.io.IOException: b',
  );
  const seen = new Map<number, string>();
  let met = 0;
  fc.assert(
    fc.property(
      message,
      fc.oneof(
        fc.array(line, { maxLength: 7 }),
        fc.array(fc.tuple(exception, frame), { maxLength: 3 }).map((blocks) => blocks.flat()),
      ),
      (first, lines) => {
        const one = record([first, ...lines].join('\n'));
        const key = traceKey(one.body);
        if (key === null) return;
        const { key: fingerprint } = fingerprintOf(one, asIs);
        if (seen.has(key)) met++;
        assert.equal(seen.get(key) ?? fingerprint, fingerprint, one.text);
        seen.set(key, fingerprint);
      },
    ),
    { numRuns: 20_000 },
  );
  assert.ok(met > 100, `${met} keys were met twice`);
});

test('where the only frame of an application is far inside a trace, the message counts', () => {
  const frames = Array.from({ length: 600 }, () => '\tat java.util.X.y(X.java:1)');
  const trace = ['java.lang.StackOverflowError', ...frames, '\tat com.acme.Sync.merge(Sync.java:1)', ...frames].join(
    '\n',
  );
  const [one, other] = [record(`it failed\n${trace}`), record(`he fell\n${trace}`)];
  assert.notEqual(fingerprintOf(one, asIs).key, fingerprintOf(other, asIs).key);
  assert.deepEqual([traceKey(one.body), traceKey(other.body)], [null, null]);
});
