import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodingOf } from '../../src/lines/encoding.js';
import { splitLines } from '../../src/lines/split.js';
import { type Line, MAX_LINE_BYTES } from '../../src/model/line.js';

const ORIGIN = { path: 'a.log', member: null };

/** Splits bytes that arrive in pieces of the given sizes (the last size repeats). */
async function split(
  bytes: Uint8Array,
  sizes: readonly number[] = [bytes.length || 1],
): Promise<{ lines: Line[]; counts: { lines: number; bytes: number; cutLines: number } }> {
  const lines: Line[] = [];
  const counts = { lines: 0, bytes: 0, cutLines: 0 };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0, index = 0; at < bytes.length; index++) {
      const size = sizes[Math.min(index, sizes.length - 1)]!;
      yield bytes.subarray(at, at + size);
      at += size;
    }
  }
  await splitLines(pieces(), ORIGIN, encodingOf(bytes), counts, (line) => lines.push(line));
  return { lines, counts };
}

const texts = async (text: string | Uint8Array, sizes?: readonly number[]) =>
  (await split(typeof text === 'string' ? Buffer.from(text) : text, sizes)).lines.map((line) => line.text);

const utf16 = (text: string, mark: boolean, big = false): Buffer => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

const CASES: { name: string; input: string | Buffer; expected: string[] }[] = [
  { name: 'an empty file has no lines', input: '', expected: [] },
  { name: 'a last line without a line end is a line', input: 'a\nb', expected: ['a', 'b'] },
  { name: 'a line end at the end begins no line', input: 'a\nb\n', expected: ['a', 'b'] },
  { name: 'empty lines are lines', input: '\n\na\n\n', expected: ['', '', 'a', ''] },
  { name: 'one CR before LF is dropped, others stay', input: 'a\r\nb\r\r\nc\rd\n', expected: ['a', 'b\r', 'c\rd'] },
  { name: 'a byte order mark belongs to no line', input: '\ufeffa\nb', expected: ['a', 'b'] },
  {
    name: 'U+2028, NEL, VT and FF end no line',
    input: 'a\u2028b\u0085c\vd\fe\nf',
    expected: ['a\u2028b\u0085c\vd\fe', 'f'],
  },
  {
    name: 'invalid UTF-8 becomes U+FFFD',
    input: Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3]),
    expected: ['a\ufffdb', '\ufffd'],
  },
  { name: 'NULs are left out', input: '\0\0\0a\0b\n', expected: ['ab'] },
  {
    name: 'terminal sequences are left out',
    input: '\x1b[31mred\x1b[0m \x1b]8;;https://example.com\x07link\x1b]8;;\x07\n',
    expected: ['red link'],
  },
  { name: 'UTF-16 with a mark, little end first', input: utf16('Größe\r\nzwei\n', true), expected: ['Größe', 'zwei'] },
  {
    name: 'UTF-16 with a mark, big end first',
    input: utf16('Größe\r\nzwei\n', true, true),
    expected: ['Größe', 'zwei'],
  },
  {
    name: 'UTF-16 without a mark is told by its NULs',
    input: utf16('2026-11-20 09:14:03,118 one\n2026-11-20 two\n', false),
    expected: ['2026-11-20 09:14:03,118 one', '2026-11-20 two'],
  },
];

for (const { name, input, expected } of CASES) {
  test(name, async () => {
    assert.deepEqual(await texts(input), expected);
    assert.deepEqual(await texts(input, [1]), expected, 'byte by byte');
    assert.deepEqual(await texts(input, [3, 1, 2]), expected, 'in odd pieces');
  });
}

test('numbers and offsets are those of the bytes', async () => {
  const { lines } = await split(Buffer.from('é1\r\nzwei\n\nü'), [2]);
  assert.deepEqual(
    lines.map(({ number, offset }) => [number, offset]),
    [
      [1, 0],
      [2, 5],
      [3, 10],
      [4, 11],
    ],
  );
});

test('offsets in UTF-16 count bytes', async () => {
  const { lines } = await split(utf16('ab\ncd\n', true));
  assert.deepEqual(
    lines.map(({ offset }) => offset),
    [0, 8],
  );
});

test('a long line keeps its first MiB, is marked, and moves no offset', async () => {
  const long = Buffer.alloc(MAX_LINE_BYTES + 1234, 'x');
  const bytes = Buffer.concat([Buffer.from('first\n'), long, Buffer.from('\nlast\n')]);
  const { lines, counts } = await split(bytes, [256 * 1024]);
  assert.deepEqual(
    lines.map(({ number, offset, cut, text }) => [number, offset, cut, text.length]),
    [
      [1, 0, false, 5],
      [2, 6, true, MAX_LINE_BYTES],
      [3, 6 + long.length + 1, false, 4],
    ],
  );
  assert.deepEqual(counts, { lines: 3, bytes: bytes.length, cutLines: 1 });
});

test('a line of exactly one MiB is not cut, one byte more is', async () => {
  const { lines } = await split(
    Buffer.from(`${'x'.repeat(MAX_LINE_BYTES)}\n${'y'.repeat(MAX_LINE_BYTES + 1)}\n${'z'.repeat(MAX_LINE_BYTES)}`),
    [65_536],
  );
  assert.deepEqual(
    lines.map(({ cut, text }) => [cut, text.length]),
    [
      [false, MAX_LINE_BYTES],
      [true, MAX_LINE_BYTES],
      [false, MAX_LINE_BYTES],
    ],
  );
});

test('however the bytes are cut, the lines are those of the whole text', async () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'é', '\u{1f600}', '\n', '\r', '\0', '\x1b[1m', '\u2028'),
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      async (written, sizes) => {
        const bytes = Buffer.from(written);
        const { lines, counts } = await split(bytes, sizes);
        const expected = written.split('\n');
        if (expected.at(-1) === '') expected.pop();
        const clean = (line: string) => line.replace(/\r$/, '').replaceAll('\0', '').replaceAll('\x1b[1m', '');
        assert.deepEqual(
          lines.map((line) => line.text),
          expected.map(clean),
        );
        assert.deepEqual(counts, { lines: expected.length, bytes: bytes.length, cutLines: 0 });
        for (const line of lines) {
          const before = bytes.subarray(0, line.offset);
          assert.equal(before.filter((byte) => byte === 10).length, line.number - 1);
          assert.ok(line.offset === 0 || bytes[line.offset - 1] === 10);
        }
      },
    ),
  );
});
