import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ValueFinder } from '../../src/redaction/finder.js';
import { replaced } from '../../src/redaction/spans.js';
import { FORMS } from '../helpers/escapes.js';

const NASTY = `S3cret"pa<ss>&'\\ü/9`;

describe('ValueFinder', () => {
  for (const [form, write] of Object.entries(FORMS)) {
    it(`finds a secret in this form: ${form}`, () => {
      const finder = new ValueFinder('secret', 10);
      finder.add('password', NASTY);
      const text = `before ${write(NASTY)} behind`;
      const hits = finder.find(text);
      assert.equal(
        replaced(text, hits, (kind) => `<${kind}>`).replaceAll(/\x1b\[\d+m/g, ''),
        'before <password> behind',
      );
    });
  }

  const SECRETS: readonly (readonly [text: string, isFound: boolean])[] = [
    ['a hunter2hunter b', true],
    ['hunter2hunter', true],
    ['x=hunter2hunter&y', true],
    ['com.hunter2hunter.x', true],
    ['-hunter2hunter-', true],
    ['\\nhunter2hunter\\n', true],
    ['%20hunter2hunter%20', true],
    ['xhunter2hunter', false],
    ['hunter2hunters', false],
    ['hunter2hunter_', false],
    ['ühunter2hunter', false],
    ['Hunter2hunter', false],
  ];
  for (const [text, isFound] of SECRETS) {
    it(`${isFound ? 'finds' : 'does not find'} a secret in ${JSON.stringify(text)}`, () => {
      const finder = new ValueFinder('secret', 10);
      finder.add('password', 'hunter2hunter');
      assert.equal(finder.find(text).length, Number(isFound));
    });
  }

  const NAMES: readonly (readonly [text: string, isFound: boolean])[] = [
    ['by JDoe.', true],
    ['/home/jdoe/x', true],
    ['jdoe-laptop', true],
    ['user:jdoe,', true],
    ['com.jdoe.Foo', false],
    ['jdoe.log', false],
    ['jdoes', false],
    ['x_jdoe', false],
  ];
  for (const [text, isFound] of NAMES) {
    it(`${isFound ? 'finds' : 'does not find'} a name in ${text}`, () => {
      const finder = new ValueFinder('name', 10);
      finder.add('user', 'jdoe');
      assert.equal(finder.find(text).length, Number(isFound));
    });
  }

  it('leaves what is too short to be told from other words', () => {
    const finder = new ValueFinder('secret', 10);
    finder.add('password', 'hunter2');
    assert.deepEqual([finder.size, finder.find('hunter2')], [0, []]);
  });

  it('finds the longest of those that begin alike', () => {
    const finder = new ValueFinder('secret', 10);
    for (const value of ['abcdefgh', 'abcdefgh-12', 'abcdefgh-12-34']) finder.add(value.slice(8) || 'short', value);
    assert.deepEqual(
      finder.find('abcdefgh-12-3 abcdefgh-12-34 abcdefgh').map(({ kind }) => kind),
      ['-12', '-12-34', 'short'],
    );
  });

  it('forgets the oldest where there are too many', () => {
    const finder = new ValueFinder('secret', 3);
    const values = Array.from({ length: 5 }, (_, index) => `eyJhbGciOi-${index}`);
    for (const value of values) finder.add('jwt', value);
    assert.deepEqual(
      values.map((value) => finder.find(value).length),
      [0, 0, 1, 1, 1],
    );
    assert.ok(finder.overflowed && finder.size === 3);
  });

  it('finds each of many values wherever it stands, and nothing else', () => {
    const value = fc.stringMatching(/^[a-zA-Z0-9"'\\<>&%/+=-]{8,20}$/);
    const form = fc.constantFrom(...Object.keys(FORMS));
    const noise = fc.stringMatching(/^[a-z ]{0,7}$/);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), form, noise, (values, name, around) => {
        const finder = new ValueFinder('secret', 100);
        for (const one of values) finder.add('secret', one);
        for (const one of values) {
          const text = `${around} ${FORMS[name]!(one)} ${around}`;
          assert.ok(finder.find(text).length > 0, text);
        }
        assert.deepEqual(finder.find(`${around} ${around}`), []);
      }),
    );
  });
});
