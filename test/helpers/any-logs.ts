/** Logs of several products and kinds, made of few parts: what a tail and a scan must find the same in. */
import fc from 'fast-check';
import { binaryKind, layoutOf } from '../../src/read.js';
import { jiraLine } from './records.js';

/** What one record says, whatever it is printed in. */
interface Said {
  /** Milliseconds since the record before. */
  readonly gap: number;
  readonly level: 'ERROR' | 'WARN' | 'INFO';
  readonly message: string;
  /** Lines behind it. */
  readonly rest: readonly string[];
  /** Of a container that writes both. */
  readonly stream: 'stdout' | 'stderr';
}

interface Printed extends Said {
  readonly time: Date;
  /** Of a log: records of two logs are no copies of each other. */
  readonly thread: string;
}

export interface Layout {
  /** Name of the file; it decides with the first lines what a log is. */
  readonly file: string;
  readonly print: (record: Printed) => string;
  /** Last, the text becomes bytes. */
  readonly toBytes?: (text: string) => Uint8Array;
}

export interface AnyLog {
  readonly layout: string;
  readonly file: string;
  readonly bytes: Uint8Array;
  /** So many first bytes are written at once: a log is what its first lines are. */
  readonly least: number;
}

const START = Date.parse('2026-11-20T09:00:00Z');

const iso = ({ time }: Printed) => time.toISOString();
const comma = (printed: Printed) => iso(printed).slice(0, 23).replace('T', ' ').replace('.', ',');
const lines = (first: string, rest: readonly string[]) => [first, ...rest].map((line) => `${line}\n`).join('');

function jira(printed: Printed): string {
  const { thread, level, message, rest } = printed;
  return lines(jiraLine(message, { time: `${comma(printed)}+0000`, thread, level }), rest);
}

function docker(printed: Printed, ends: string): string {
  const { stream } = printed;
  const time = `${iso(printed).slice(0, 23)}000000Z`;
  const wrap = (log: string) => `${JSON.stringify({ log, stream, time })}\n`;
  return jira(printed)
    .split('\n')
    .slice(0, -1)
    .flatMap((line, index) => {
      // Docker cuts long lines; a piece without line end goes on in the next one of its stream.
      const half = index % 3 === 1 ? Math.floor(line.length / 2) : 0;
      return half === 0 ? [`${line}${ends}`] : [line.slice(0, half), `${line.slice(half)}${ends}`];
    })
    .map(wrap)
    .join('');
}

const JUL = { ERROR: 'SEVERE', WARN: 'WARNING', INFO: 'INFO' } as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function catalina(printed: Printed): string {
  const { time, thread, level, message, rest } = printed;
  const [, , day] = iso(printed).slice(0, 10).split('-');
  const stamp = `${day}-${MONTHS[time.getUTCMonth()]}-2026 ${iso(printed).slice(11, 23)}`;
  return lines(`${stamp} ${JUL[level]} [${thread}] org.example.Foo.bar ${message}`, rest);
}

function json(printed: Printed): string {
  const { thread, level, message, rest } = printed;
  const stack = rest.length === 0 ? {} : { stack_trace: rest.join('\n') };
  return `${JSON.stringify({ '@timestamp': iso(printed), level, thread_name: thread, logger_name: 'c.e.Foo', message, ...stack })}\n`;
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  jira: { file: 'atlassian-jira.log', print: jira },
  'jira with CR LF': { file: 'atlassian-jira.log', print: (one) => jira(one).replaceAll('\n', '\r\n') },
  'jira with both line ends': {
    file: 'atlassian-jira.log',
    print: (one) => (one.gap % 2 === 0 ? jira(one) : jira(one).replaceAll('\n', '\r\n')),
  },
  'jira in UTF-16': {
    file: 'atlassian-jira.log',
    print: jira,
    toBytes: (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  },
  'jira in UTF-16, big end first, without a mark': {
    file: 'atlassian-jira.log',
    print: jira,
    toBytes: (text) => Buffer.from(text, 'utf16le').swap16(),
  },
  'jira with a byte order mark': {
    file: 'atlassian-jira.log',
    print: jira,
    toBytes: (text) => Buffer.from(`\ufeff${text}`),
  },
  'jira in Latin-1': {
    file: 'atlassian-jira.log',
    print: jira,
    toBytes: (text) => Buffer.from(text.replaceAll('\u2028', ' '), 'latin1'),
  },
  'jira in docker': { file: 'c0ffee-json.log', print: (one) => docker(one, '\n') },
  'jira with CR LF in docker': { file: 'c0ffee-json.log', print: (one) => docker(one, '\r\n') },
  confluence: {
    file: 'atlassian-confluence.log',
    print: (one) =>
      lines(`${comma(one)} ${one.level} [${one.thread}] [confluence.util.Foo] run ${one.message}`, one.rest),
  },
  bitbucket: {
    file: 'atlassian-bitbucket.log',
    print: (one) => lines(`${comma(one)} ${one.level}  [${one.thread}]  c.a.b.i.Foo ${one.message}`, one.rest),
  },
  catalina: { file: 'catalina.out', print: catalina },
  'spring boot': {
    file: 'app.log',
    print: (one) =>
      lines(`${iso(one)} ${one.level} 7 --- [shop] [${one.thread}] c.e.shop.Orders : ${one.message}`, one.rest),
  },
  json: { file: 'events.log', print: json },
  'no known format': {
    file: 'notes.txt',
    print: ({ message, rest, gap }) => lines(message, rest) + (gap % 3 === 0 ? '' : '\n'),
  },
  'a log that changes its kind': {
    file: 'atlassian-jira.log',
    print: (one) => (one.gap === 77 ? catalina({ ...one, rest: [] }).repeat(210) : jira(one)),
  },
};

const FRAME = '\tat com.example.Foo.bar(Foo.java:1)';
const NAMES = fc.constantFrom('a', 'b', 'c', 'd');
const MESSAGES = fc.oneof(
  { weight: 3, arbitrary: fc.constant('all is well') },
  { weight: 3, arbitrary: NAMES.map((name) => `problem ${name}`) },
  { weight: 2, arbitrary: fc.constant('it failed') },
  { weight: 1, arbitrary: NAMES.map((name) => `no room for ${name.repeat(3)}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\x1b[31mproblem\x1b[0m c',
      'prob\0lem d',
      'Größe \u2028 日本語 problem a',
      'left\u0085over\v\f problem b',
      '',
      `problem a ${'x'.repeat(3000)}`,
    ),
  },
);
const TRACES = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('java.io.IOException', 'com.example.AcmeException'),
        NAMES,
        fc.integer({ min: 1, max: 20 }),
      )
      .map(([type, name, frames]) => [
        `java.lang.IllegalStateException: it failed`,
        ...Array.from({ length: frames }, () => FRAME),
        `Caused by: ${type}: problem ${name}`,
        FRAME,
        '\t... 12 more',
      ]),
  },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.constantFrom('', ' ', 'problem b', FRAME, 'more text', '2026-11-20', '{"log":"', 'Caused by: x.Y: problem c'),
      { maxLength: 5 },
    ),
  },
);

const SAID: fc.Arbitrary<Said> = fc.record({
  gap: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 3000 }) },
    fc.constantFrom(0, 77, 700_000, 2_000_000),
  ),
  level: fc.constantFrom('ERROR', 'ERROR', 'WARN', 'INFO'),
  message: MESSAGES,
  rest: TRACES,
  stream: fc.constantFrom('stdout', 'stdout', 'stderr'),
});

/** Logs of some layouts, each of at most so many records. No record of one is a copy of one of another. */
export function anyLogs(most: number): fc.Arbitrary<readonly AnyLog[]> {
  const other = (thread: number) => fc.option(anyLog(most, thread), { nil: null });
  return fc.tuple(anyLog(most, 1), other(2), other(3)).map((logs) => logs.filter((log) => log !== null));
}

function anyLog(most: number, thread: number): fc.Arbitrary<AnyLog> {
  return fc
    .record({
      layout: fc.constantFrom(...Object.keys(LAYOUTS)),
      said: fc.array(SAID, { minLength: 1, maxLength: most }),
      /** A last line need not have an end. */
      hasEnd: fc.boolean(),
    })
    .map(({ layout, said, hasEnd }) => {
      const { file, print, toBytes = (text: string) => Buffer.from(text) } = LAYOUTS[layout]!;
      let time = START;
      const texts = said.map((one) => {
        time += one.gap;
        return print({ ...one, time: new Date(time), thread: `exec-${thread}` });
      });
      const text = hasEnd ? texts.join('') : texts.join('').replace(/\r?\n$/, '');
      const bytes = toBytes(text);
      const least = leastOf(file, text, toBytes);
      return { layout, file, bytes, least, [fc.toStringMethod]: () => `${layout} (${least}): ${JSON.stringify(text)}` };
    })
    .filter(({ bytes }) => binaryKind(bytes) === null);
}

/** So many bytes decide on a log as all of them do, and so do some more. */
function leastOf(file: string, text: string, toBytes: (text: string) => Uint8Array): number {
  const all = text.split('\n');
  const wanted = layoutOf(file, all).name;
  const last = all.findLastIndex((_, index) => layoutOf(file, all.slice(0, index)).name !== wanted);
  return toBytes(
    all
      .slice(0, last + 1)
      .map((line) => `${line}\n`)
      .join(''),
  ).length;
}
