import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Findings, Grouper } from '../../src/incidents/grouper.js';
import { maskMessage } from '../../src/incidents/normalize.js';
import { fingerprintOf } from '../../src/incidents/unknown.js';
import type { Throwable } from '../../src/model/throwable.js';
import { maskSecrets } from '../../src/redaction/secrets.js';
import { asIs } from '../helpers/found.js';
import { type Keyed, keyedRecords } from '../helpers/scanned.js';
import { ANY_FIELDS, BODIES } from '../helpers/traces.js';

/*
 * The byte filter finds keys of traces of its own: by them errors are counted whose text nobody reads.
 */

const HEADER = '2026-11-20 09:14:03,118+0000 main ERROR      [c.a.j.Example] ';
const ONE = 'java.lang.IllegalStateException: no step 4\n\tat com.acme.Sync.merge(Sync.java:88)';
const TRACE = `it failed\n${ONE}\n\tat com.sun.proxy.$Proxy12.run(Unknown Source)\n\tat jdk.internal.reflect.GeneratedMethodAccessor34.invoke(Unknown Source)\nCaused by: java.io.IOException: gone\n\tat com.acme.Net.read(Net.java:1)\n\t... 12 more`;

function keyOf(text: string): number | null {
  const found = keyedRecords([text]);
  assert.equal(found.length, 1, 'it is one record');
  return found[0]!.key;
}

const WITH_KEY: readonly (readonly [name: string, text: string])[] = [
  ['an ordinary trace', HEADER + TRACE],
  ['a trace without a cause', `${HEADER}it failed\n${ONE}`],
  [
    'a trace without an application',
    `${HEADER}it failed\njava.io.IOException: gone\n\tat java.net.Socket.read(Socket.java:1)`,
  ],
  ['an exception without a reason', `${HEADER}it failed\njava.io.IOException\n\tat com.acme.Net.read(Net.java:1)`],
  [
    'a class inside another one',
    `${HEADER}it failed\ncom.acme.Outer$InnerException: no\n\tat com.acme.Net.read(Net.java:1)`,
  ],
  ['two chains', `${HEADER}it failed\n${ONE}\n${ONE}`],
  [
    'a request in the header',
    `${HEADER.replace('      [', ' jdoe 554x1x1 1a2b3c 192.0.2.7 /rest/api/2/issue [')}${TRACE}`,
  ],
  ['no message', `${HEADER}\n${ONE}`],
  ['blank lines at the end', `${HEADER}${TRACE}\n\n`],
  ['a message that speaks of no exception, with a colon', `${HEADER}Foo: bar\n${ONE}`],
  ['a message that speaks of an exception in passing', `${HEADER}Exception thrown\n${ONE}`],
];
for (const [name, text] of WITH_KEY) test(`a key: ${name}`, () => assert.notEqual(keyOf(text), null));

const WITHOUT_KEY: readonly (readonly [name: string, text: string])[] = [
  ['no trace', `${HEADER}it failed`],
  ['no frames behind the message', `${HEADER}it failed\nand again`],
  ['an exception in the message', `${HEADER}java.net.ConnectException: refused\n\tat com.acme.Net.read(Net.java:1)`],
  ['a message that ends in a class of an exception', `${HEADER}failed with java.io.IOException\n${ONE}`],
  ['a message with an exception and its reason', `${HEADER}failed with java.io.IOException: no\n${ONE}`],
  ['a message that is an error', `${HEADER}Error: x\n${ONE}`],
  ['a message that begins like a class', `${HEADER}com.acme.Net it failed\n${ONE}`],
  ['a message with an arrow of .NET', `${HEADER}a ---> b.Odd: c\n${ONE}`],
  ['a message with a trace of one line', `${HEADER}stacktrace=no\n${ONE}`],
  [
    'a reason that names another exception',
    `${HEADER}it failed\njava.io.IOException: java.net.ConnectException: no\n\tat com.acme.Net.read(Net.java:1)`,
  ],
  [
    'a reason with an exception inside',
    `${HEADER}it failed\njava.io.IOException: no; nested exception is a.B\n\tat com.acme.Net.read(Net.java:1)`,
  ],
  [
    'a reason of two lines',
    `${HEADER}it failed\njava.io.IOException: no\nand again\n\tat com.acme.Net.read(Net.java:1)`,
  ],
  [
    'a suppressed exception',
    `${HEADER}it failed\n${ONE}\n\tSuppressed: java.io.IOException: gone\n\t\tat com.acme.Net.read(Net.java:1)`,
  ],
  [
    'a class that is not sure to be an exception',
    `${HEADER}it failed\ncom.acme.Failure: no\n\tat com.acme.Net.read(Net.java:1)`,
  ],
  ['a class without a package', `${HEADER}it failed\nIOException: no\n\tat com.acme.Net.read(Net.java:1)`],
  ['a frame before any exception', `${HEADER}it failed\n\tat com.acme.Net.read(Net.java:1)`],
  ['no logger', `${HEADER.replace('[c.a.j.Example] ', '')}${TRACE}`],
  ['too many words before the logger', `${HEADER.replace('      [', ' a b c d e f g [')}${TRACE}`],
  ['a byte that is not ASCII', `${HEADER}${TRACE.replace('gone', 'no \x01')}`],
  ['a CR inside a line', `${HEADER}${TRACE.replace('gone', 'go\rne')}`],
];
for (const [name, text] of WITHOUT_KEY) test(`no key: ${name}`, () => assert.equal(keyOf(text), null));

const SAME: readonly (readonly [name: string, from: string, to: string])[] = [
  ['another message', 'no step 4', 'no step 5 of ABC-1'],
  ['another header message', 'it failed', 'Unable to do something else'],
  ['another thread', ' main ', ' other-2 '],
  ['another line number', 'Sync.java:88', 'Sync.java:90'],
  ['another proxy', '$Proxy12', '$Proxy4711'],
  ['another accessor', 'GeneratedMethodAccessor34', 'GeneratedMethodAccessor5'],
  ['another count of common frames', '12 more', '40 more'],
];
for (const [name, from, to] of SAME) {
  test(`the same key: ${name}`, () => {
    const text = HEADER + TRACE;
    assert.equal(keyOf(text.replace(from, to)), keyOf(text));
  });
}

const OTHER: readonly (readonly [name: string, from: string, to: string])[] = [
  ['another method', 'Sync.merge', 'Sync.split'],
  ['another class', 'IllegalStateException', 'IllegalArgumentException'],
  ['another cause', 'java.io.IOException', 'java.net.ConnectException'],
  ['a digit in a package', 'com.acme.Net', 'com.acme2.Net'],
  ['one frame more', '\n\t... 12', '\n\tat a.B.c(B.java:1)\n\t... 12'],
  ['no cause', 'Caused by: java', 'java'],
];
for (const [name, from, to] of OTHER) {
  test(`another key: ${name}`, () => {
    const text = HEADER + TRACE;
    assert.notEqual(keyOf(text.replace(from, to)), null);
    assert.notEqual(keyOf(text.replace(from, to)), keyOf(text));
  });
}

test('another key: another number in a class', () => {
  const frame = (number: number) =>
    `${HEADER}it failed\njava.io.IOException\n\tat com.acme.Net${number}.read(Net.java:1)`;
  assert.notEqual(keyOf(frame(2)), keyOf(frame(3)));
});

/** Any records, each later than the one before it. */
const logs = (fields: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(fields, BODIES), { minLength: 2, maxLength: 100, size: 'max' }).map((records) =>
    records.map(([fields, body], at) => {
      const second = String(at % 60).padStart(2, '0');
      return `2026-11-20 09:${10 + Math.floor(at / 60)}:${second},118+0000 ${fields} [c.a.j.Example] ${body}`;
    }),
  );

/** The message of the last exception of the first chain. */
function rootMessage(throwables: readonly Throwable[]): string {
  const next = throwables.findIndex(({ relation }, at) => at > 0 && relation === 'outermost');
  const chain = (next < 0 ? throwables : throwables.slice(0, next)).filter(({ relation }) => relation !== 'suppressed');
  return maskMessage(maskSecrets(chain.at(-1)?.message ?? ''));
}

test('where two records have the same key, they are the same error', () => {
  let met = 0;
  fc.assert(
    fc.property(logs(ANY_FIELDS), (texts) => {
      const seen = new Map<string, { fingerprint: string; text: string }>();
      for (const { record, key } of keyedRecords(texts)) {
        if (key === null) continue;
        const { key: fingerprint, byTrace } = fingerprintOf(record, maskSecrets);
        const message = byTrace ? null : rootMessage(record.throwables);
        if (message === '') continue; // then the header's message tells the error, and the key alone is never asked
        const same = `${key} ${message === null ? '' : `: ${message}`}`;
        const other = seen.get(same) ?? { fingerprint, text: record.text };
        if (seen.has(same)) met++;
        seen.set(same, other);
        assert.equal(fingerprint, other.fingerprint, `${record.text}\n\nand\n\n${other.text}`);
      }
    }),
    { numRuns: 250 },
  );
  assert.ok(met > 100, `only ${met} keys were met twice`);
});

test('whether the trace alone tells an error is the same wherever its key is the same', () => {
  fc.assert(
    fc.property(logs(ANY_FIELDS), (texts) => {
      const seen = new Map<number, { byTrace: boolean; text: string }>();
      for (const { record, key } of keyedRecords(texts)) {
        if (key === null) continue;
        const { byTrace } = fingerprintOf(record, maskSecrets);
        const other = seen.get(key) ?? { byTrace, text: record.text };
        seen.set(key, other);
        assert.equal(byTrace, other.byTrace, `${record.text}\n\nand\n\n${other.text}`);
      }
    }),
    { numRuns: 100 },
  );
});

/** What becomes of errors, and how many were counted without a look at their text. */
function grouped(errors: readonly Keyed[], folds: boolean): { findings: Findings; folded: number } {
  const grouper = new Grouper({
    rules: [],
    asOf: '2026-11-24',
    evidence: 3,
    several: false,
    mask: asIs,
    maskKey: maskSecrets,
  });
  let folded = 0;
  for (const { record, key, raw } of errors) {
    const place = { time: record.time, source: 0, offset: record.offset };
    const { time, zoneAssumed } = record;
    const repeated = { key: key ?? -1, time: time!, zoneAssumed, raw, toRecord: () => record };
    if (folds && key !== null && grouper.addRepeated(repeated, place)) folded++;
    else grouper.addUnknown(record, place, folds ? key : null);
  }
  return { findings: grouper.finish(), folded };
}

test('errors that are counted by their keys are the same errors as those that are looked at one by one', () => {
  let folded = 0;
  fc.assert(
    fc.property(logs(ANY_FIELDS), (texts) => {
      // An exception behind an arrow, or in the fields of a header, has no key of the filter: it is left to trace-key.ts.
      const errors = keyedRecords(texts);
      const byKey = grouped(errors, true);
      folded += byKey.folded;
      assert.deepEqual(byKey.findings, grouped(errors, false).findings);
    }),
    { numRuns: 150 },
  );
  assert.ok(folded > 60, `only ${folded} errors were counted by their keys`);
});

test('an error is not counted by its key where the message tells more than the trace', () => {
  const at = '\n\tat java.net.Socket.read(Socket.java:1)';
  const trace = (message: string, root: string) => `${HEADER}${message}\njava.io.IOException${root}${at}`;
  const { findings, folded } = grouped(
    keyedRecords([
      trace('it failed', ': gone'),
      trace('it failed', ': gone'), // folded
      trace('he fell', ': gone'), // folded: the root cause has a message
      trace('he fell', ': lost'),
      trace('he fell', ''),
      trace('it failed', ''), // told by the header's message
      trace('it failed', ''),
    ]),
    true,
  );
  assert.deepEqual(findings.unknown.map(({ count, template }) => `${count} ${template}`).sort(), [
    '1 he fell',
    '1 lost',
    '2 it failed',
    '3 gone',
  ]);
  assert.equal(folded, 2);
});
