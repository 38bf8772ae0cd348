import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { jiraRecord, packFiles, workspace } from '../helpers/cli.js';
import { Following, lastOf, packOf, summaryOf } from '../helpers/following.js';
import {
  countsOf,
  onceEach,
  PROBLEM_RULE,
  problem,
  record,
  type TailPlace,
  TailProgram,
  tailPlace,
} from '../helpers/tail.js';

/* Faults 35 to 43 and 47 of the list that a tail must survive: what stands in the text of a log. */

const PACK = packOf({ id: 'acme/problem', match: { pattern: 'problem (?<n>[\\w-]+)' }, groupBy: ['n'] });

/** Of each problem that was told of: its name, and where its record stands, as `name line-endLine@offset`. */
function placesOf(objects: Following['objects']): string[] {
  return [...lastOf(objects).values()]
    .flatMap(({ captures, evidence }) =>
      evidence.map(({ line, endLine, offset }) => `${captures.n} ${line}-${endLine}@${offset}`),
    )
    .sort();
}

const line = (message: string) => jiraRecord(message);
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const W = line('problem a').length;

interface Text {
  /** What is written, one after the other; it is read in between. */
  readonly pieces: readonly (string | Uint8Array)[];
  readonly places: readonly string[];
  readonly text?: string;
  readonly lines?: number;
}

const TEXTS: Readonly<Record<string, Text>> = {
  '35: NULs in a line': {
    pieces: [line('pro\0blem a'), line('problem b')],
    places: ['a 1-1@0', `b 2-2@${W + 1}`],
  },
  '35: binary bytes between records': {
    pieces: [line('problem a').repeat(4), Buffer.from([0, 1, 2, 0xff, 0xfe, 0x80, 0x0a]), line('problem b')],
    places: ['a 1-1@0', `a 3-3@${2 * W}`, `a 4-5@${3 * W}`, `b 6-6@${4 * W + 7}`],
  },
  '35: a hole of NULs between two records': {
    pieces: [line('problem a') + line('no problem').repeat(70), new Uint8Array(5000), line('problem b')],
    places: ['a 1-1@0', `b 72-72@${W + 70 * line('no problem').length}`],
  },
  '36: bytes that are no UTF-8, cut anywhere': {
    pieces: [Buffer.from(line('problem a Gr\u00f6\u00dfe'), 'latin1'), line('problem b')],
    places: ['a 1-1@0', `b 2-2@${W + 6}`],
    text: 'problem a Gr\ufffd\ufffde',
  },
  '36: a character that is cut by two looks': {
    pieces: [line('problem a ö').replace('ö\n', ''), Buffer.from([0xc3]), Buffer.from([0xb6, 0x0a]), line('problem b')],
    places: ['a 1-1@0', `b 2-2@${W + 3}`],
    text: 'problem a ö',
  },
  '37: UTF-16 with a mark, little end first': {
    pieces: [utf16le(`\ufeff${line('problem a Größe')}`), utf16le(line('problem b'))],
    places: ['a 1-1@0', `b 2-2@${2 * (W + 7)}`],
    text: 'problem a Größe',
  },
  '37: UTF-16 with a mark, big end first': {
    pieces: [utf16be(`\ufeff${line('problem a Größe')}`), utf16be(line('problem b'))],
    places: ['a 1-1@0', `b 2-2@${2 * (W + 7)}`],
    text: 'problem a Größe',
  },
  '37: UTF-16 without a mark': {
    pieces: [utf16le(line('problem a')), utf16le(line('problem b'))],
    places: ['a 1-1@0', `b 2-2@${2 * W}`],
  },
  '37: UTF-16 of which one byte is there at the first look, and odd numbers of bytes at each': {
    pieces: bytewise(utf16le(`\ufeff${line('problem a')}`), 1, 2, 40).concat([utf16le(line('problem b'))]),
    places: ['a 1-1@0', `b 2-2@${2 * (W + 1)}`],
  },
  '37: UTF-8 with a mark, of which one byte is there at the first look': {
    pieces: bytewise(Buffer.from(`\ufeff${line('problem a')}`), 1, 2).concat([Buffer.from(line('problem b'))]),
    places: ['a 1-1@0', `b 2-2@${W + 3}`],
  },
  '38: CR LF, and both': {
    pieces: [line('problem a').replace('\n', '\r\n'), line('problem b'), line('problem c').replace('\n', '\r\n')],
    places: ['a 1-1@0', `b 2-2@${W + 1}`, `c 3-3@${2 * W + 1}`],
    text: 'problem a',
  },
  '38: CR LF that is cut by two looks': {
    pieces: [line('problem a').replace('\n', '\r'), `\n${line('problem b')}`],
    places: ['a 1-1@0', `b 2-2@${W + 1}`],
    text: 'problem a',
  },
  '38: a CR alone ends no line': {
    pieces: [`${line('problem a').trimEnd()}\r${line('no problem')}`, line('problem b')],
    places: ['a 1-1@0', `b 2-2@${W + line('no problem').length}`],
  },
  '39: U+2028, NEL, VT and FF end no line': {
    pieces: [line('all\u2028is\u0085well\vbut\fproblem a'), line('problem b')],
    places: ['a 1-1@0', `b 2-2@${Buffer.byteLength(line('all\u2028is\u0085well\vbut\fproblem a'))}`],
    text: 'all\u2028is\u0085well\vbut\fproblem a',
  },
};

function bytewise(bytes: Uint8Array, ...at: readonly number[]): Uint8Array[] {
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

describe('bytes become the same text as in a scan, and positions are those of the bytes', () => {
  for (const [name, { pieces, places, text }] of Object.entries(TEXTS)) {
    test(name, async () => {
      const place = workspace({ 'logs/': '' });
      const log = place.at('logs/atlassian-jira.log');
      const following = await Following.start([log], { packs: [PACK], state: place.at('state') });
      for (const piece of pieces) {
        appendFileSync(log, piece);
        await following.quiet();
      }
      await following.stop();
      const { objects } = following;
      assert.deepEqual(placesOf(objects), places);
      const [first] = [...lastOf(objects).values()].filter(({ captures }) => captures.n === 'a');
      if (text !== undefined) assert.ok(first!.evidence[0]!.text.endsWith(`[c.e.Example] ${text}`));
      assert.deepEqual(following.trouble, []);
      assert.equal(summaryOf(objects).coverage.bytes, readFileSync(log).length);
    });
  }
});

test('35: a first piece of control characters is no binary file yet, and a hole of NULs makes none of a log that was read', async () => {
  const place = workspace({ 'logs/': '' });
  const log = place.at('logs/atlassian-jira.log');
  const start = () => Following.start([log], { packs: [PACK], state: place.at('state') });
  appendFileSync(log, '\x01\x02\x03');
  let following = await start();
  await following.quiet();
  appendFileSync(log, `\n${line('problem a')}`);
  await following.quiet();
  appendFileSync(log, new Uint8Array(7000));
  await following.read();
  await following.stop();
  assert.deepEqual(following.trouble, []);
  const told = [...following.objects];
  following = await start();
  appendFileSync(log, line('problem b'));
  await following.read();
  await following.stop();
  assert.deepEqual(following.trouble, []);
  assert.deepEqual(placesOf([...told, ...following.objects]), ['a 2-2@4', `b 3-3@${4 + W}`]);
});

test('37: the end of a log in UTF-16 is found, also in the middle of its last line', async () => {
  for (const [name, bytes] of [
    ['little end first', utf16le],
    ['big end first', utf16be],
  ] as const) {
    const place = workspace({ 'logs/': '' });
    const log = place.at('logs/atlassian-jira.log');
    // Two characters whose halves look like a line end.
    const old = `\ufeff${line('problem old \u0a0d\u010a')}`;
    const begun = line('problem new \u0a0d\u010a end');
    appendFileSync(log, bytes(`${old}${begun.slice(0, -8)}`));
    const following = await Following.start([log], { packs: [PACK], state: place.at('state'), from: 'end' });
    await following.quiet();
    appendFileSync(log, bytes(`${begun.slice(-8)}${line('problem newer')}`));
    await following.quiet();
    await following.stop();
    const [at, next] = [old.length, old.length + begun.length].map((length) => length * 2);
    assert.deepEqual(placesOf(following.objects), [`new 2-2@${at}`, `newer 3-3@${next}`], name);
  }
});

test('37: a line in UTF-16 that a rotation cut is joined', async () => {
  const place = workspace({ 'logs/': '' });
  const log = place.at('logs/atlassian-jira.log');
  const [first, second] = [line('no problem'), line('problem cut here')];
  appendFileSync(log, utf16le(`\ufeff${first}${second.slice(0, -6)}`));
  const following = await Following.start([log], { packs: [PACK], state: place.at('state'), rotateWait: 1 });
  await following.read();
  renameSync(log, `${log}.1`);
  appendFileSync(log, utf16le(`\ufeff${second.slice(-6)}${line('problem b')}`));
  await following.read();
  await following.quiet();
  await following.stop();
  assert.deepEqual(placesOf(following.objects), [`b 2-2@${2 * 7}`, `cut 2-2@${2 * (first.length + 1)}`]);
  assert.deepEqual(following.trouble, []);
});

test('37: a log in UTF-16 that was left in the middle of a line goes on with a whole record', async () => {
  const place = workspace({ 'logs/': '' });
  const log = place.at('logs/atlassian-jira.log');
  const first = line('problem a').trimEnd();
  appendFileSync(log, utf16le(`\ufeff${first}`));
  const following = await Following.start([log], { packs: [PACK], state: place.at('state'), rotateWait: 1 });
  await following.read();
  renameSync(log, `${log}.1`);
  appendFileSync(log, utf16le(`\ufeff${line('problem b')}`));
  await following.read();
  await following.quiet();
  await following.stop();
  assert.deepEqual(placesOf(following.objects), ['a 1-1@0', 'b 1-1@0']);
});

const IN_PROC = process.platform === 'linux' ? false : 'there is no /proc';
const MOST_MEMORY = 300; // MiB

/** The most memory that a process has had, in MiB. */
function memoryOf({ child }: TailProgram): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
}

/** Appends a text so often, in pieces of about a MiB. */
function appendMany(place: TailPlace, text: string, times: number): void {
  const most = Math.ceil(2 ** 20 / text.length);
  for (let left = times; left > 0; left -= most) place.append('logs/jira.log', text.repeat(Math.min(left, most)));
}

test('40: of a line of 100 MB the first MiB counts, and there is no more of it in memory', {
  skip: IN_PROC,
}, async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place);
  await program.told('a');
  place.append('logs/jira.log', problem('long').trimEnd());
  appendMany(place, ' and so on', 10_000_000);
  place.append('logs/jira.log', `problem behind\n${problem('b')}`);
  await program.told('long', 'b');
  const memory = memoryOf(program);
  assert.equal(await program.stop(), 143);
  assert.ok(memory < MOST_MEMORY, `${memory} MiB`);
  assert.equal(countsOf(program.objects), onceEach(['a', 'long', 'b']));
  assert.equal(program.problems.get('long')!.evidence[0]!.cut, true);
  const { offset, line } = program.problems.get('b')!.evidence[0]!;
  assert.deepEqual([line, offset], [3, readFileSync(place.log).length - problem('b').length]);
  assert.equal(summaryOf(program.objects).coverage.cutLines, 1);
  assert.deepEqual(program.trouble, []);
});

const ROOT_RULE = PROBLEM_RULE.replace(/pattern: .*/, 'throwable: { type: com.example.RootException, position: root }')
  .replace('groupBy: [n]\n', '')
  .replace('Problem {n}', 'The root')
  .replace(
    /log: [|][\s\S]*/,
    (log) => `${log.trimEnd()}\n        com.example.RootException: no\n        \tat a.B.c(B.java:1)\n`,
  );

for (const [name, args] of [
  ['which is read as a backlog', []],
  ['which is decoded', ['--no-filter']],
] as const) {
  test(`41: a trace of a million lines and 10,000 causes, ${name}: its root cause matches`, {
    skip: IN_PROC,
  }, async () => {
    const place = tailPlace({
      ...packFiles('acme', { problem: PROBLEM_RULE, root: ROOT_RULE }),
      'logs/jira.log': problem('a'),
    });
    const program = await TailProgram.start(place, { args: ['--only', 'acme/root', ...args] });
    await program.told('a');
    place.append('logs/jira.log', record('it failed', { level: 'ERROR', rest: 'com.example.AcmeException: no\n' }));
    const cause = `Caused by: com.example.OtherException: no\n${'\tat com.example.Foo.bar(Foo.java:1)\n'.repeat(99)}`;
    appendMany(place, cause, 10_000);
    const root = 'Caused by: com.example.RootException: no\n\tat com.example.Foo.bar(Foo.java:1)\n\t... 12 more\n';
    place.append('logs/jira.log', root + problem('b'));
    await program.told('b');
    const memory = memoryOf(program);
    assert.equal(await program.stop(), 143);
    assert.ok(memory < MOST_MEMORY, `${memory} MiB`);
    const [found] = [...lastOf(program.objects).values()].filter(({ rule }) => rule?.id === 'acme/root');
    assert.deepEqual(
      [found?.count, found?.exception?.rootType, found?.evidence.map(({ line, endLine, cut }) => [line, endLine, cut])],
      [1, 'com.example.RootException', [[2, 1_000_006, true]]],
    );
    assert.equal(summaryOf(program.objects).coverage.cutRecords, 1);
    assert.deepEqual(program.trouble, []);
  });
}

test("42: colours, links and what clears a screen are in nobody's way, and come out of nothing that is shown", async () => {
  const place = tailPlace({ 'logs/jira.log': problem('a') });
  const program = await TailProgram.start(place, { args: ['--format', 'text'] });
  await program.until('a is told', () => program.stdout.includes('Problem a'));
  const link = '\x1b]8;;https://example.com/\x07problem\x1b]8;;\x07 linked';
  place.append(
    'logs/jira.log',
    record('\x1b[31mprob\x1b[1mlem\x1b[0m red') + record(link) + record('\x1b[2J\x1b[Hproblem b'),
  );
  place.write('logs/\x1b[2Jevil\u202e\x9b.log', problem('in-a-bad-name'));
  await program.until('all is told', () =>
    ['red', 'linked', 'b', 'in-a-bad-name'].every((name) => program.stdout.includes(`Problem ${name}`)),
  );
  program.signal('SIGUSR2');
  await program.until('the status is shown', () => /evil.*\n.*\n/.test(program.stderr));
  assert.equal(await program.stop(), 143);
  for (const shown of [program.stdout, program.stderr])
    assert.doesNotMatch(shown, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  assert.match(program.stdout, /evil/);
  assert.match(program.stderr, /evil/);
});

const packed = (text: string) => gzipSync(text);
const HEAD = problem('a') + record('a line that is long enough'.repeat(100));

interface Packed {
  readonly name: string;
  readonly bytes: (whole: string) => Uint8Array;
  readonly told: readonly string[];
  readonly trouble?: readonly RegExp[];
}

const PACKED: readonly Packed[] = [
  {
    name: 'of several members',
    bytes: (whole) =>
      Buffer.concat([packed(whole.slice(0, 200)), packed(whole.slice(200, 4000)), packed(whole.slice(4000))]),
    told: ['a', 'b', 'c', 'd'],
  },
  {
    name: 'whose end is missing',
    bytes: (whole) => packed(whole).subarray(0, -12),
    told: ['a', 'b', 'd'],
    trouble: [/^ends in the middle of compressed data; what came before was read$/],
  },
  {
    name: 'with bytes behind its end',
    bytes: (whole) => Buffer.concat([packed(whole), Buffer.from('garbage')]),
    told: ['a', 'b', 'c', 'd'],
    trouble: [/(?:has bytes after the end of its compressed data|is damaged .*); what came before was read$/],
  },
  {
    name: 'that is none',
    bytes: () => Buffer.alloc(5000, 'no gzip'),
    told: ['a', 'd'],
    trouble: [/^is a packed backup of a kind that cannot be read$/, /^the file that was read is gone/],
  },
];

for (const { name, bytes, told, trouble = [] } of PACKED) {
  test(`43: a log was packed while nobody looked, to a file ${name}`, async () => {
    const place = workspace({ 'logs/': '' });
    const log = place.at('logs/jira.log');
    writeFileSync(log, HEAD);
    const start = () => Following.start([log], { packs: [PACK], state: place.at('state') });
    let following = await start();
    await following.quiet();
    await following.stop();
    const objects = [...following.objects];
    const whole = HEAD + problem('b') + record('all is well').repeat(2000) + problem('c');
    renameSync(log, place.at('elsewhere'));
    writeFileSync(`${log}.1.gz`, bytes(whole));
    writeFileSync(log, problem('d'));
    following = await start();
    await following.until('d is told', () => {
      following.pass(100_000);
      return following.objects.some((object) => object.kind === 'incident' && object.captures.n === 'd');
    });
    await following.quiet();
    await following.stop();
    objects.push(...following.objects);
    assert.equal(countsOf(objects), onceEach(told));
    const messages = following.trouble.map(({ message }) => message);
    assert.equal(messages.length, trouble.length, messages.join(', '));
    for (const [index, pattern] of trouble.entries()) assert.match(messages[index]!, pattern);
    assert.equal(following.status.losses.unreadable, trouble.length === 0 ? 0 : 1);
    assert.deepEqual(following.problems.length, trouble.length);
  });
}

test('47: a rule that could take for ever on a hostile line is refused when it is loaded', async () => {
  for (const pattern of ['(a+)+\\1', '(?=a+)problem (?<n>b)', 'problem (?<n>(?:a{500}){500})']) {
    const place = tailPlace(
      packFiles('acme', { problem: PROBLEM_RULE.replace(/pattern: .*/, `pattern: '${pattern}'`) }),
    );
    const program = TailProgram.begin(place);
    assert.equal(await program.end(), 2, pattern);
    assert.match(program.stderr, /linear/);
    assert.equal(program.stdout, '');
  }
});

test('47: a line that other engines take for ever to look at is looked at and left', async () => {
  const rule = PROBLEM_RULE.replace(/pattern: .*/, () => "pattern: 'problem (?:a|a|[a-z]+)*(?<n>a)$'");
  const place = tailPlace({ ...packFiles('acme', { problem: rule }), 'logs/jira.log': '' });
  const program = await TailProgram.start(place);
  place.append('logs/jira.log', record(`problem ${'a'.repeat(500_000)}!`) + record('problem aa'));
  await program.told('a');
  assert.equal(await program.stop(), 143);
  assert.equal(countsOf(program.objects), onceEach(['a']));
});
