import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LineWalker, type Width } from '../../src/redaction/lines.js';
import { Redactor } from '../../src/redaction/redactor.js';

const KEY = new Uint8Array(32).fill(7);
const BEGIN = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
const END = `-----END RSA ${'PRIVATE'} KEY-----`;
const BASE64 = 'MIIEpAIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyz+/ABCDEFGHIJ';

/** What becomes of a log that comes in pieces of this size. */
function redacted(raw: string, mode: 'on' | 'strict' = 'on', width: Width = 1, size = raw.length): string {
  const redactor = new Redactor({ key: KEY });
  const walker = new LineWalker(width, (lines) => redactor.lines(lines, mode, null));
  let result = '';
  for (let at = 0; at < raw.length; at += Math.max(1, size))
    result += walker.push(raw.slice(at, at + Math.max(1, size)));
  return result + walker.end();
}

/** The bytes of a text, a character each. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

describe('the lines of a log', () => {
  it('stay as they are, whatever two bytes follow each other', () => {
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        const pair = String.fromCharCode(first, second);
        assert.equal(redacted(pair), pair);
      }
    }
    const all = Buffer.alloc(2 * 0x10000);
    for (let pair = 0; pair < 0x10000; pair++) all.writeUInt16BE(pair, pair * 2);
    for (const mode of ['on', 'strict'] as const) {
      assert.ok(redacted(all.toString('latin1'), mode) === all.toString('latin1'), mode);
      assert.ok(redacted(all.toString('utf16le'), mode, 2) === all.toString('utf16le'), mode);
    }
  });

  it('stay as they are, whatever bytes they are, in pieces of any size', () => {
    const bytes = fc.uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array).toString('latin1'));
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 300 }), (raw, size) => {
        fc.pre(!/[=:@]/.test(raw)); // nothing else than these joins a name to a value
        assert.equal(redacted(raw, 'on', 1, size), raw);
      }),
    );
  });

  it('are masked in the same way in pieces of any size', () => {
    const part = fc.constantFrom(
      'password=hunter2hunter2',
      'user=jdoe',
      ' ',
      '\n',
      '\r\n',
      '\0',
      'Müller',
      '\xe9',
      `\n${BEGIN}\n`,
      `${BASE64}\n`,
      `${END}\n`,
      'x',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 50 }), (parts, size) => {
        const raw = parts.map((text) => (text === '\xe9' ? text : bytesOf(text))).join('');
        assert.equal(redacted(raw, 'strict', 1, size), redacted(raw, 'strict'));
      }),
    );
  });

  const CASES: readonly (readonly [name: string, input: string, expected: string])[] = [
    [
      'ends of lines of both kinds, and none',
      'password=abc1\r\nb\n\n\r\npassword=abc1',
      'password=[masked:password]\r\nb\n\n\r\npassword=[masked:password]',
    ],
    ['UTF-8', bytesOf('Grüße 日本 password=gehäim1 ✓'), bytesOf('Grüße 日本 password=[masked:password] ✓')],
    ['Latin-1', 'Gr\xfc\xdfe password=geh\xe4im1 \xa7\n', 'Gr\xfc\xdfe password=[masked:password] \xa7\n'],
    [
      'bytes that are nothing',
      '\xff\xfe\x80 token=abc12345 \x00\xc3\n',
      '\xff\xfe\x80 token=[masked:token] \x00\xc3\n',
    ],
    ['a mark in front', '\xef\xbb\xbfpassword=abc1\n', '\xef\xbb\xbfpassword=[masked:password]\n'],
    [
      'a private key, line by line',
      `a\n${BEGIN}\n${BASE64}\nab3=\n${END}\nb\n`,
      `a\n${'[masked:private-key]\n'.repeat(4)}b\n`,
    ],
    [
      'what stands beside a private key',
      `key: ${BEGIN}\r\n${BASE64}\r\n${END} end\r\n`,
      'key: [masked:private-key]\r\n[masked:private-key]\r\n[masked:private-key] end\r\n',
    ],
    ['the end of a private key', `${BASE64}\n${BASE64}\n${END}\nb`, `${'[masked:private-key]\n'.repeat(3)}b`],
    [
      'a private key without its end',
      `${BEGIN}\n${BASE64}\n2026-05-01 ERROR x\n`,
      '[masked:private-key]\n[masked:private-key]\n2026-05-01 ERROR x\n',
    ],
    ['base64 that is no key', `${BASE64}\nb\n`, `${BASE64}\nb\n`],
    [
      'two keys',
      `${BEGIN}\n${BASE64}\n${END}\nx\n${BEGIN}\n${BASE64}\n${END}\n`,
      `${'[masked:private-key]\n'.repeat(3)}x\n${'[masked:private-key]\n'.repeat(3)}`,
    ],
  ];
  for (const [name, input, expected] of CASES) {
    it(`are masked: ${name}`, () => {
      for (const size of [input.length, 1, 7]) assert.equal(redacted(input, 'on', 1, size), expected);
    });
  }

  it('are masked in UTF-16, lone halves of characters left', () => {
    assert.equal(
      redacted('\ufeffa\ud800 password=geheim1\r\n\udc00', 'on', 2),
      '\ufeffa\ud800 password=[masked:password]\r\n\udc00',
    );
  });

  it('are held for a key whose end never comes only so far', () => {
    const walker = new LineWalker(1, (lines) => lines);
    const begun = walker.push(`${BEGIN}\n${`${BASE64}\n`.repeat(399)}`);
    assert.ok(begun.length > 0);
    assert.ok(walker.push('x'.repeat(300_000)).length === 0 && walker.push('\n').length > 0);
  });

  const MIB = 1024 * 1024;
  for (const [name, filler] of [
    ['words', 'some words of a log, '],
    ['one word', 'x'],
    ['JSON', '{"a":"b","c":[1,2,3]},'],
    ['letters of two bytes', bytesOf('ü')],
  ] as const) {
    it(`are masked in pieces where one has three MiB of ${name}`, () => {
      const line = filler.repeat(Math.ceil((3 * MIB) / filler.length));
      const secrets = [0.2, 0.5, 0.99].map(
        (share) => Math.floor((line.length * share) / filler.length) * filler.length,
      );
      let input = '';
      let from = 0;
      for (const at of secrets) {
        input += `${line.slice(from, at)} password=hunter2hunter2 `;
        from = at;
      }
      input += line.slice(from);
      const expected = input.replaceAll('=hunter2hunter2 ', '=[masked:password] ');
      assert.ok(redacted(input, 'on', 1, 200_000) === expected);
    });
  }
});
