import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LogRecord, MAX_RECORD_HALF, MAX_RECORD_LINES } from '../../src/model/log-record.js';
import { recordsOf } from '../../src/read.js';
import { RecordAssembler } from '../../src/records/assembler.js';
import { familyNamed } from '../../src/records/family.js';
import { jiraLine } from '../helpers/records.js';

/** Where each record begins and ends, its format, and its text. */
type Short = readonly [line: number, endLine: number, format: string, text: string];
const short = ({ line, endLine, format, text }: LogRecord): Short => [line, endLine, format, text];
const shortsOf = (text: string, file = 'app.log') => recordsOf(text, file).map(short);

const A = jiraLine('first');
const B = jiraLine('second', { time: '2026-11-20 09:14:04,000+0000' });
const TRACE = ['java.io.IOException: closed', '\tat a.B.c(B.java:1)', '\tat d.E.f(E.java:2)'];
const joined = (...lines: readonly string[]) => lines.join('\n');
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));

const CASES: readonly (readonly [name: string, text: string, records: Short[]])[] = [
  ['an empty log', '', []],
  ['only blank lines', '\n\n  \n', []],
  ['one record', A, [[1, 1, 'jira', A]]],
  [
    'a record ends where the next one begins',
    joined(A, ...TRACE, B),
    [
      [1, 4, 'jira', joined(A, ...TRACE)],
      [5, 5, 'jira', B],
    ],
  ],
  [
    'frames in column 0 belong to the record',
    joined(A, 'java.io.IOException: closed', 'at a.B.c(B.java:1)', 'at d.E.f(E.java:2)', B),
    [
      [1, 4, 'jira', joined(A, 'java.io.IOException: closed', 'at a.B.c(B.java:1)', 'at d.E.f(E.java:2)')],
      [5, 5, 'jira', B],
    ],
  ],
  [
    'blank lines inside belong to the record',
    joined(A, '', 'more', '', '', B),
    [
      [1, 3, 'jira', joined(A, '', 'more')],
      [6, 6, 'jira', B],
    ],
  ],
  ['blank lines at the end belong to no record', joined(A, '', '', ''), [[1, 1, 'jira', A]]],
  [
    'what stands before the first header is a record',
    joined(...TRACE.slice(1), A),
    [
      [1, 2, 'plain', joined(...TRACE.slice(1))],
      [3, 3, 'jira', A],
    ],
  ],
  ['blank lines before the first header are none', joined('', '', A), [[3, 3, 'jira', A]]],
  [
    'JSON, headings and quotes in a message split nothing',
    joined(A, '{"level":"error","msg":"x"}', '# A heading', '"quoted"', '09:14:03 a time', B),
    [
      [1, 5, 'jira', joined(A, '{"level":"error","msg":"x"}', '# A heading', '"quoted"', '09:14:03 a time')],
      [6, 6, 'jira', B],
    ],
  ],
  [
    'without a format a record is a paragraph',
    'a\nb\n\n\nc\n \nd\n',
    [
      [1, 2, 'plain', 'a\nb'],
      [5, 5, 'plain', 'c'],
      [7, 7, 'plain', 'd'],
    ],
  ],
  [
    'the lines of curl are one paragraph',
    joined('> GET /x HTTP/2', '> Host: git.example.com', '>', '< HTTP/2 401', '<', 'Unauthorized'),
    [[1, 6, 'plain', joined('> GET /x HTTP/2', '> Host: git.example.com', '>', '< HTTP/2 401', '<', 'Unauthorized')]],
  ],
];

for (const [name, text, records] of CASES) test(name, () => assert.deepEqual(shortsOf(text), records));

test('a paragraph has at most 200 lines', () => {
  const lines = many(450, (index) => `line ${index}`);
  assert.deepEqual(shortsOf(joined(...lines)), [
    [1, 200, 'plain', joined(...lines.slice(0, 200))],
    [201, 400, 'plain', joined(...lines.slice(200, 400))],
    [401, 450, 'plain', joined(...lines.slice(400))],
  ]);
});

test('positions are those of the file', () => {
  assert.deepEqual(
    recordsOf(joined('x', A, 'more', '', B), 'app.log').map(({ line, offset }) => [line, offset]),
    [
      [1, 0],
      [2, 2],
      [5, 2 + A.length + 1 + 5 + 1],
    ],
  );
});

const catalina = (second: number, message = 'text') =>
  `20-Nov-2026 09:14:${String(second).padStart(2, '0')}.000 SEVERE [main] org.apache.Catalina.start ${message}`;

test('after 200 lines that begin no record of the family it is asked for anew', () => {
  const strange = many(203, (index) => catalina(index % 60));
  const records = shortsOf(joined(A, ...strange), 'atlassian-jira.log');
  assert.deepEqual(records, [
    [1, 201, 'jira', joined(A, ...strange.slice(0, 200))],
    ...strange.slice(200).map((line, index): Short => [202 + index, 202 + index, 'catalina-one-line', line]),
  ]);
});

test('199 such lines change nothing, nor do they after a record of the family', () => {
  const strange = many(199, (index) => catalina(index % 60));
  assert.deepEqual(shortsOf(joined(A, ...strange, B, ...strange), 'atlassian-jira.log'), [
    [1, 200, 'jira', joined(A, ...strange)],
    [201, 400, 'jira', joined(B, ...strange)],
  ]);
});

test('the frames of a long trace change nothing', () => {
  const trace = [TRACE[0]!, ...many(900, (index) => `\tat com.acme.Worker.step(Worker.java:${index})`)];
  assert.deepEqual(shortsOf(joined(A, ...trace, B), 'atlassian-jira.log'), [
    [1, 902, 'jira', joined(A, ...trace)],
    [903, 903, 'jira', B],
  ]);
});

test('fewer than half of the lines of another family change nothing', () => {
  const strange = many(250, (index) => (index % 5 < 2 ? catalina(index % 60) : 'text'));
  assert.deepEqual(shortsOf(joined(A, ...strange), 'atlassian-jira.log'), [[1, 251, 'jira', joined(A, ...strange)]]);
});

test('a plain log that becomes one of Jira', () => {
  const text = many(200, (index) => `line ${index}`);
  const log = many(200, (index) => jiraLine(`x${index}`));
  const records = recordsOf(joined(...text, ...log, A, B), 'notes.txt');
  assert.deepEqual(records.slice(-2).map(short), [
    [401, 401, 'jira', A],
    [402, 402, 'jira', B],
  ]);
});

test('of a record that is too long its beginning and its end stay', () => {
  const frames = many(30_000, (index) => `\tat com.acme.deep.Worker.recurse${index}(Worker.java:${index})`);
  const root = 'Caused by: java.net.ConnectException: refused';
  const [record, next] = recordsOf(joined(A, TRACE[0]!, ...frames, root, ...TRACE.slice(1), B), 'jira.log');
  const lines = record!.text.split('\n');
  assert.deepEqual([record!.line, record!.endLine, record!.cut, next!.cut], [1, 30_005, true, false]);
  assert.equal(lines.length, MAX_RECORD_LINES);
  assert.deepEqual(lines.slice(0, MAX_RECORD_LINES / 2), [A, TRACE[0]!, ...frames].slice(0, MAX_RECORD_LINES / 2));
  assert.deepEqual(
    lines.slice(MAX_RECORD_LINES / 2),
    [...frames, root, ...TRACE.slice(1)].slice(-MAX_RECORD_LINES / 2),
  );
  assert.deepEqual(record!.throwables.at(-1), {
    type: 'java.net.ConnectException',
    message: 'refused',
    frames: ['a.B.c(B.java:1)', 'd.E.f(E.java:2)'],
    relation: 'cause',
  });
});

test('of a record of long lines 512 KiB stay at each end, whole lines each', () => {
  const lines = many(30, (index) => String(index).padEnd(100_000, 'x'));
  const [record] = recordsOf(joined(A, ...lines), 'jira.log');
  const kept = record!.text.split('\n');
  assert.deepEqual(kept, [A, ...lines.slice(0, 5), ...lines.slice(-5)]);
  assert.ok(record!.text.length <= 2 * MAX_RECORD_HALF);
  assert.equal(record!.cut, true);
});

test('a record of exactly the most lines is not cut, one line more is', () => {
  const of = (count: number) => recordsOf(joined(A, ...many(count - 1, () => 'x')), 'jira.log')[0]!;
  assert.deepEqual(
    [of(MAX_RECORD_LINES), of(MAX_RECORD_LINES + 1)].map(({ cut, text }) => [cut, text.split('\n').length]),
    [
      [false, MAX_RECORD_LINES],
      [true, MAX_RECORD_LINES],
    ],
  );
});

test('a record with a cut line is cut', () => {
  const records: LogRecord[] = [];
  const assembler = new RecordAssembler({ family: familyNamed('jira')!, wrapper: null, zone: 'UTC' }, (record) =>
    records.push(record),
  );
  const origin = { path: 'jira.log', member: null };
  for (const [index, text] of [A, 'long', B, A].entries())
    assembler.push({ origin, number: index + 1, offset: 0, text, cut: text === 'long' });
  assembler.end();
  assert.deepEqual(
    records.map(({ cut }) => cut),
    [true, false, false],
  );
});

const TIME = '2026-11-20T10:00:00.000000000Z';
const docker = (log: string, stream = 'stdout') => JSON.stringify({ log, stream, time: TIME });
const cri = (text: string, tag = 'F', stream = 'stdout') => `${TIME} ${stream} ${tag} ${text}`;

test('docker: the lines are those inside, the positions those of the file', () => {
  const text = joined(...[A, ...TRACE, B].map((line) => docker(`${line}\n`)));
  assert.deepEqual(shortsOf(text), [
    [1, 4, 'jira', joined(A, ...TRACE)],
    [5, 5, 'jira', B],
  ]);
});

test('docker: one value may hold a whole trace, or several records', () => {
  const text = joined(docker(`${joined(A, ...TRACE)}\n`), docker(`${joined(A, B)}\n`), docker(`${A}\r\nmore\r\n`));
  assert.deepEqual(shortsOf(text), [
    [1, 1, 'jira', joined(A, ...TRACE)],
    [2, 2, 'jira', A],
    [2, 2, 'jira', B],
    [3, 3, 'jira', joined(A, 'more')],
  ]);
});

test('docker: a line in several pieces', () => {
  const text = joined(docker(A.slice(0, 20)), docker(A.slice(20, 25)), docker(`${A.slice(25)}\n`), docker(`${B}\n`));
  assert.deepEqual(shortsOf(text), [
    [1, 3, 'jira', A],
    [4, 4, 'jira', B],
  ]);
});

test('docker: a log that ends in the middle of a line', () => {
  assert.deepEqual(shortsOf(joined(docker(`${A}\n`), docker(B.slice(0, 40)), docker(B.slice(40)))), [
    [1, 1, 'jira', A],
    [2, 3, 'jira', B],
  ]);
});

test('docker: streams are joined apart from each other', () => {
  const text = joined(
    docker(`${A}\n`),
    docker(`${B}\n`, 'stderr'),
    docker(`${TRACE[0]}\n`),
    docker('more\n', 'stderr'),
    docker(`${TRACE[1]}\n`),
  );
  assert.deepEqual(
    shortsOf(text).sort(([a], [b]) => a - b),
    [
      [1, 5, 'jira', joined(A, ...TRACE.slice(0, 2))],
      [2, 4, 'jira', joined(B, 'more')],
    ],
  );
});

test('docker: the time of a log without one is that of docker', () => {
  const [record] = recordsOf(joined(docker('no connection\n'), docker('\n'), docker('more\n')), 'app.log');
  assert.deepEqual(
    [record?.time, record?.timeText, record?.zoneAssumed],
    [Date.parse('2026-11-20T10:00:00Z'), TIME, false],
  );
});

test('docker: the own time of a record goes before that of docker', () => {
  assert.equal(recordsOf(docker(`${A}\n`), 'app.log')[0]?.timeText, '2026-11-20 09:14:03,118+0000');
});

test('Kubernetes: partial lines, each stream for itself', () => {
  const text = joined(
    cri(A.slice(0, 60), 'P'),
    cri(B.slice(0, 10), 'P', 'stderr'),
    cri(A.slice(60)),
    cri(B.slice(10), 'F', 'stderr'),
    cri(TRACE[1]!),
  );
  assert.deepEqual(
    shortsOf(text).sort(([a], [b]) => a - b),
    [
      [1, 5, 'jira', joined(A, TRACE[1]!)],
      [2, 4, 'jira', B],
    ],
  );
});

test('compose: the lines of interleaved services', () => {
  const text = joined(
    `web-1  | ${A}`,
    `db-1   | ${B}`,
    `web-1  | ${TRACE[0]}`,
    'db-1   | more',
    `web-1  | ${TRACE[1]}`,
  );
  assert.deepEqual(
    shortsOf(text).sort(([a], [b]) => a - b),
    [
      [1, 5, 'jira', joined(A, ...TRACE.slice(0, 2))],
      [2, 4, 'jira', joined(B, 'more')],
    ],
  );
});

test('a line that is not wrapped is taken as it is', () => {
  const text = joined(cri(A), 'rpc error: no logs', cri(TRACE[0]!));
  assert.deepEqual(
    shortsOf(text).sort(([a], [b]) => a - b),
    [
      [1, 3, 'jira', joined(A, TRACE[0]!)],
      [2, 2, 'plain', 'rpc error: no logs'],
    ],
  );
});

test('a line in endless pieces keeps its beginning and is cut', () => {
  const [record, next] = recordsOf(
    joined(cri(A, 'P'), ...many(100, () => cri('x'.repeat(16_384), 'P')), cri('end'), cri(B)),
    'app.log',
  );
  assert.deepEqual([record!.line, record!.endLine, record!.cut, next!.cut], [1, 102, true, false]);
  assert.ok(record!.text.startsWith(A) && record!.text.length < 2 * MAX_RECORD_HALF);
});

test('hostile streams do not add up without end', () => {
  const lines = many(300, (index) => `${`service-${index}`.padEnd(12)}| ${jiraLine(`x${index}`)}`);
  const records = recordsOf(joined(...lines), 'app.log');
  assert.deepEqual(
    records.map(({ line }) => line).sort((a, b) => a - b),
    many(300, (index) => String(index + 1)).map(Number),
  );
});

test('however a wrapper splits the lines, the records are the same', () => {
  const line = fc.oneof(
    fc.constantFrom(A, B, ...TRACE, '', 'Caused by: x.Y: z'),
    fc.string({ maxLength: 30, unit: fc.constantFrom('a', ' ', 'é', '{', '"') }),
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 });
  const unplaced = (text: string) =>
    recordsOf(text, 'app.log').map(({ text: said, format, message, time }) => ({ said, format, message, time }));
  /** The pieces of a text, each of the next length; the rest is the last one. */
  const pieces = (text: string, lengths: readonly number[]) => {
    const found: string[] = [];
    let rest = text;
    for (const length of lengths) {
      if (rest.length <= length) break;
      found.push(rest.slice(0, length));
      rest = rest.slice(length);
    }
    return [...found, rest];
  };
  fc.assert(
    fc.property(fc.array(fc.tuple(line, cuts), { maxLength: 12 }), (lines) => {
      const all = [A, ...lines.map(([text]) => text), B];
      const plain = unplaced(joined(...all));
      const split = (wrap: (piece: string, isLast: boolean) => string) =>
        joined(
          ...all.flatMap((text, index) =>
            pieces(text, lines[index - 1]?.[1] ?? []).map((piece, at, of) => wrap(piece, at === of.length - 1)),
          ),
        );
      assert.deepEqual(unplaced(split((piece, isLast) => docker(isLast ? `${piece}\n` : piece))), plain, 'docker');
      assert.deepEqual(unplaced(split((piece, isLast) => cri(piece, isLast ? 'F' : 'P'))), plain, 'Kubernetes');
    }),
    { numRuns: 200 },
  );
});

test('every line belongs to one record, but for the blank ones between', () => {
  const line = fc.constantFrom(A, B, catalina(3), ...TRACE, '', 'text', '> GET /x HTTP/2');
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.constantFrom('app.log', 'catalina.out', 'atlassian-jira.log', 'notes.txt'),
      (lines, file) => {
        const records = recordsOf(joined(...lines), file);
        let last = 0;
        for (const { line: first, endLine, text } of records) {
          assert.ok(first > last && endLine >= first, `${first} to ${endLine} after ${last}`);
          for (const between of lines.slice(last, first - 1)) assert.equal(between, '');
          assert.equal(text, joined(...lines.slice(first - 1, endLine)));
          last = endLine;
        }
        for (const after of lines.slice(last)) assert.equal(after, '');
      },
    ),
  );
});
