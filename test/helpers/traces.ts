/** Traces of any kind, made of few parts, so that many of them are alike. */
import fc from 'fast-check';

const FRAMES = [
  '\tat com.acme.Sync.merge(Sync.java:1)',
  '\tat com.acme.Sync.merge(Sync.java:2)',
  '\tat com.acme.Sync4.merge(Sync.java:2)',
  '\tat com.acme.Sync5.merge(Sync.java:2)',
  '\tat com.acme.Net$1.run(Net.java:1)',
  '\tat com.acme.Net.lambda$run$0(Net.java:1)',
  '\tat com.acme.Net.lambda$run$1(Net.java:1)',
  '\tat com.acme.Net$$Lambda$12/0x0000000800c1.run(Unknown Source)',
  '\tat com.acme.Net$$Lambda$34/0x0000000800c2.run(Unknown Source)',
  '\tat com.sun.proxy.$Proxy12.run(Unknown Source)',
  '\tat com.sun.proxy.$Proxy4711.run(Unknown Source)',
  '\tat com.acme.$Proxy12.run(Unknown Source)',
  '\tat jdk.internal.reflect.GeneratedMethodAccessor34.invoke(Unknown Source)',
  '\tat jdk.internal.reflect.GeneratedMethodAccessor5.invoke(Unknown Source)',
  '\tat com.acme.GeneratedMethodAccessor5.invoke(Unknown Source)',
  '\tat java.lang.Thread.run(Thread.java:1)',
  '\tat java.base/java.lang.Thread.run(Thread.java:2)',
  '\tat java.util.Map2.get(Map2.java:1)',
  '    at com.acme.Net$1.run(Net.java:1) ~[net-1.jar:?]',
  '\tat com.acme.Net.read (Net.java:1)',
  '\tat com.acme.Net.read',
  '\tat com.acme.Net2.read(Native Method)',
];
const ENDS = ['\t... 3 more', '\t... 12 more', '\t... 2 filtered', '\t... no number'];
const REASONS = [
  '',
  ': a',
  ': b',
  ': b: c',
  ': of 12 items',
  ': of 34 items',
  ': ',
  ': an Error: x',
  ': java.net.ConnectException: refused',
  ': nested exception is java.io.IOException: gone',
  ': a ---> b.Odd: c',
  ': Exception thrown',
  ': password=abc12345',
  ': password=xyz98765',
  ':no blank',
  '; semicolon',
];
const TYPES = [
  'java.lang.IllegalStateException',
  'com.acme.Failure',
  'com.acme.SyncError',
  'com.acme.Net',
  'com.acme.Outer$InnerException',
  'java.io.IOException',
  'IOException',
  'a.b.ConnectionTimeout',
];
const OTHERS = [
  'plain text',
  'plain text: more',
  '',
  '  indented',
  'at com.acme.Net.read(Net.java:1)',
  '\tSuppressed: java.io.IOException: a',
  'Suppressed: java.io.IOException: a',
  'Wrapped by: java.io.IOException: a',
  '--- End of inner exception stack trace ---',
];
const MESSAGES = [
  'it failed',
  'it failed: badly',
  'it failed for 12',
  'it failed for 34',
  'Foo: bar',
  'Error: x',
  'Exception thrown',
  'Exception thrown by Foo',
  'Exception thrown in foo: bar',
  'failed with java.io.IOException: b',
  'failed with java.io.IOException',
  'failed with com.acme.Net',
  'java.io.IOException: a',
  'com.acme.Net: a',
  'com.acme.Net',
  'a ---> b.Odd: c',
  'Caused by: java.io.IOException: a',
  '[x] Error while it ran',
  'stacktrace=java.io.IOException: a',
  '',
];

const one = (items: readonly string[]) => fc.constantFrom(...items);
const exception = (link: string) => fc.tuple(one(TYPES), one(REASONS)).map(([type, why]) => `${link}${type}${why}`);
const LINK = fc.constantFrom('', 'Caused by: ').chain(exception);
const frames = (minLength: number) => fc.array(one(FRAMES), { minLength, maxLength: 3 });

/** An exception with its frames. */
const block = (head: fc.Arbitrary<string>) =>
  fc
    .tuple(head, frames(1), fc.option(one(ENDS), { nil: undefined, freq: 3 }))
    .map(([first, own, end]) => [first, ...own, ...(end === undefined ? [] : [end])]);
const CHAIN = fc
  .tuple(block(exception('')), fc.array(block(exception('Caused by: ')), { maxLength: 2 }))
  .map(([first, causes]) => [first, ...causes].flat());
const ORDINARY_CHAIN = fc
  .tuple(
    one(TYPES.slice(0, 1)),
    one(REASONS.slice(0, 6)),
    one(FRAMES.slice(0, 17)),
    fc.boolean(),
    one(REASONS.slice(0, 6)),
  )
  .map(([type, why, frame, hasCause, because]) => [
    `${type}${why}`,
    frame,
    ...(hasCause ? [`Caused by: java.io.IOException${because}`, '\tat java.net.Socket.read(Socket.java:1)'] : []),
  ]);
const LINE = fc.oneof(one(FRAMES), one(ENDS), LINK, one(OTHERS));

/** What stands behind the logger of a record. */
export const BODIES = fc
  .tuple(
    fc.oneof({ weight: 3, arbitrary: one(MESSAGES.slice(0, 4)) }, one(MESSAGES)),
    fc.oneof(
      { weight: 6, arbitrary: ORDINARY_CHAIN },
      { weight: 2, arbitrary: CHAIN },
      fc.tuple(CHAIN, CHAIN).map((chains) => chains.flat()),
      fc.array(LINE, { maxLength: 7 }),
    ),
  )
  .map(([message, lines]) => [message, ...lines].join('\n'));

/** What stands before the logger: the level, and fields of a request. */
export const FIELDS = fc.constantFrom(
  'main ERROR     ',
  'main ERROR     ',
  'other-2 ERROR ServiceRunner    ',
  'http-1 FATAL jdoe 554x1x1 1a2b3c 192.0.2.7 /rest/api/2/issue',
  'main ERROR more words before a bracket than a request has fields',
);

/** The same, and fields that name an exception. */
export const ANY_FIELDS = fc.oneof({ weight: 5, arbitrary: FIELDS }, fc.constant('main ERROR java.io.IOException: a'));
