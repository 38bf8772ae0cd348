import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Incident } from '../../src/model/incident.js';
import { hasMasked } from '../../src/model/masked.js';
import { type RedactMode, Redactor } from '../../src/redaction/redactor.js';
import { maskSecrets } from '../../src/redaction/secrets.js';
import { FORMS } from '../helpers/escapes.js';
import { evidence, incident, unknown } from '../helpers/reports.js';

const KEY: Uint8Array = new Uint8Array(32).fill(7);
const OTHER_KEY: Uint8Array = new Uint8Array(32).fill(8);
const SECRET = 'hunter2hunter2';

/** What is given out of these findings, one after the other. */
function given<T extends Incident | ReturnType<typeof unknown>>(
  findings: readonly T[],
  mode: RedactMode,
  redactor = new Redactor({ key: KEY }),
): T[] {
  for (const finding of findings) redactor.learn(finding, mode);
  return findings.map((finding) => redactor.given(finding, mode, null, true));
}

/** The text of one record, given out. */
function textOf(text: string, mode: RedactMode, key = KEY): string {
  return given([incident({ evidence: [evidence({ text })] })], mode, new Redactor({ key }))[0]!.evidence[0]!.text;
}

describe('what is given out', () => {
  it('has secrets masked without a token, and with one under strict', () => {
    assert.equal(textOf(`password=${SECRET}`, 'on'), 'password=[masked:password]');
    assert.match(textOf(`password=${SECRET}`, 'strict'), /^password=\[password:[0-9a-f]{8}\]$/);
    assert.equal(textOf(`password=${SECRET}`, 'off'), `password=${SECRET}`);
  });

  it('has equal tokens for equal values, other ones for others, and other ones with another key', () => {
    const text = `password=${SECRET} token=${SECRET} user=jdoe user=JDOE user=asmith http://jira01/ Host: jira01 bob@example.com`;
    const tokens = (key: Uint8Array) =>
      [...textOf(text, 'strict', key).matchAll(/\[(\w+):([0-9a-f]{8})\]/g)].map(([, kind, token]) => ({ kind, token }));
    const [password, token, jdoe, again, asmith, host, header, mail] = tokens(KEY);
    assert.deepEqual([password?.token, jdoe, host], [token?.token, again, header]);
    assert.equal(new Set([password, jdoe, asmith, host, mail].map((one) => one?.token)).size, 5);
    assert.deepEqual(tokens(KEY), tokens(KEY));
    for (const [index, one] of tokens(OTHER_KEY).entries()) assert.notEqual(one.token, tokens(KEY)[index]!.token);
  });

  it('has a secret masked wherever else it stands, in whatever form', () => {
    const nasty = `S3cret"pa<ss>&'9`;
    for (const [form, write] of Object.entries(FORMS)) {
      const bare = incident({ id: 'inc_2', evidence: [evidence({ text: `it says ${write(nasty)} here` })] });
      const [first, second] = given(
        [bare, incident({ evidence: [evidence({ text: JSON.stringify({ password: nasty }) })] })],
        'on',
      );
      assert.match(first!.evidence[0]!.text.replaceAll(/\x1b\[\d+m/g, ''), /^it says \[masked:password\] here$/, form);
      assert.equal(second!.evidence[0]!.text, '{"password":"[masked:password]"}', form);
    }
  });

  it('has every field masked that comes from a log', () => {
    const dirty = `password=${SECRET} by jdoe of bob@example.com at jira01.contoso.com (192.0.2.7)`;
    const finding = incident({
      captures: { user: 'jdoe', 'http.host': 'jira01.contoso.com', repo: dirty, identity: 'Jane Doe' },
      title: dirty,
      cause: dirty,
      solution: { summary: dirty, steps: [dirty], validFrom: null, validUntil: null, next: dirty },
      notThisIf: dirty,
      exception: { type: 'com.acme.Foo', rootType: 'com.acme.Bar', rootMessage: dirty, chain: ['com.acme.Foo'] },
      evidence: [
        evidence({
          origin: '/home/jdoe/jira01.contoso.com/jira.log',
          thread: `exec-1 user:jdoe`,
          user: 'jdoe',
          requestId: 'jdoe',
          url: `https://jira01.contoso.com/?token=${SECRET}`,
          text: dirty,
          copies: ['/home/jdoe/catalina.out:12'],
          context: { before: [dirty], after: [dirty] },
        }),
      ],
      related: [{ origin: '/home/jdoe/x.log', line: 1, at: null, text: dirty }],
      nodes: [{ name: 'jira01.contoso.com', count: 1 }],
    });
    const [strict] = given([finding], 'strict');
    assert.doesNotMatch(JSON.stringify(strict), /hunter2|jdoe|bob@|jira01|192\.0|Jane/);
    assert.match(JSON.stringify(strict), /com\.acme\.Foo/);
    const [on] = given([finding], 'on');
    assert.doesNotMatch(JSON.stringify(on), /hunter2/);
    assert.equal(on!.captures.user, 'jdoe');
    assert.equal(on!.evidence[0]!.origin, '/home/jdoe/jira01.contoso.com/jira.log');
    const [error] = given([unknown({ title: 'Foo: of user jdoe', template: 'no user jdoe' })], 'strict');
    assert.doesNotMatch(JSON.stringify(error), /jdoe/);
  });

  it('has the words of a rule as they are, filled with what is masked', () => {
    const redactor = new Redactor({ key: KEY });
    const finding = incident({
      captures: { host: 'git.contoso.com' },
      title: 'git.contoso.com refuses mail to support@example.com',
    });
    redactor.learn(finding, 'strict');
    const strict = redactor.given(finding, 'strict', ({ host }) => ({
      title: `${host} refuses mail to support@example.com`,
      cause: 'app.vssps.visualstudio.com belongs to no organization; ask git.fabrikam.example.com.',
      solution: null,
      notThisIf: null,
    }));
    assert.match(strict.title, /^\[host:[0-9a-f]{8}\] refuses mail to support@example\.com$/);
    assert.match(strict.cause!, /vssps\.visualstudio\.com .* git\.fabrikam\.example\.com/);
  });

  it('has ids under strict that only the key gives, the same each time', () => {
    const id = (mode: RedactMode, key = KEY) => given([incident()], mode, new Redactor({ key }))[0]!.id;
    assert.equal(id('on'), incident().id);
    assert.match(id('strict'), /^inc_[0-9a-f]{12}$/);
    assert.equal(id('strict'), id('strict'));
    assert.equal(new Set([id('on'), id('strict'), id('strict', OTHER_KEY)]).size, 3);
    assert.match(given([unknown()], 'strict')[0]!.id, /^unk_[0-9a-f]{12}$/);
  });

  it('names a user masked that is known from another finding, but no ordinary word', () => {
    const findings = [
      incident({ evidence: [evidence({ text: 'user=jdoe user=service user=amy' })] }),
      incident({ id: 'inc_2', evidence: [evidence({ text: 'jdoe said: the service of amy failed' })] }),
    ];
    const [, second] = given(findings, 'strict');
    assert.match(second!.evidence[0]!.text, /^\[user:[0-9a-f]{8}\] said: the service of amy failed$/);
  });

  it('looks for no secret that is a word of its own', () => {
    const redactor = new Redactor({ key: KEY, ownTexts: () => ['Check the credentials of the integration.'] });
    const findings = [
      incident({ evidence: [evidence({ text: 'password=credentials password=atlassian password=Sunflower' })] }),
      incident({ id: 'inc_2', evidence: [evidence({ text: 'credentials in /var/atlassian are Sunflower' })] }),
    ];
    const [first, second] = given(findings, 'on', redactor);
    assert.equal(
      first!.evidence[0]!.text,
      'password=[masked:password] password=[masked:password] password=[masked:password]',
    );
    assert.equal(second!.evidence[0]!.text, 'credentials in /var/atlassian are [masked:password]');
    assert.equal(redactor.leakInText('the credentials', 'on', ''), null);
  });

  it('counts what is masked in evidence by kind and input', () => {
    const redactor = new Redactor({ key: KEY });
    given(
      [
        incident({
          evidence: [
            evidence({ text: `password=${SECRET} password=${SECRET}` }),
            evidence({ origin: 'b.log', text: 'token=abc12345' }),
          ],
        }),
        incident({ evidence: [evidence({ text: `password=${SECRET}` })] }),
      ],
      'on',
      redactor,
    );
    assert.deepEqual(redactor.masked(), [
      { kind: 'password', origin: 'jira.log', count: 3 },
      { kind: 'token', origin: 'b.log', count: 1 },
    ]);
  });

  it('says when more was masked than is remembered', () => {
    const redactor = new Redactor({ key: KEY });
    for (let number = 0; number < 10_001; number++) redactor.learnText(`token=abcdefgh${number}`, 'on');
    assert.match(redactor.exceeded().join(), /^more than 10000 different secrets were masked/);
    assert.equal(redactor.text('abcdefgh0 abcdefgh10000', 'on'), 'abcdefgh0 [masked:token]');
  });
});

describe('the last look', () => {
  const NASTY = `S3cret"pa<ss>&'9`;
  /** Masks what it knows for what it is, and nothing that it knows from elsewhere. */
  const broken = () => new Redactor({ key: KEY, masks: { secrets: maskSecrets, known: (text) => text } });

  for (const [form, write] of Object.entries(FORMS)) {
    it(`finds what a broken mask leaves in this form: ${form}`, () => {
      const redactor = broken();
      const findings = [
        incident({ evidence: [evidence({ text: JSON.stringify({ password: NASTY }) })] }),
        incident({ id: 'inc_2', evidence: [evidence(), evidence({ text: `it says ${write(NASTY)} here` })] }),
      ];
      const [first, second] = given(findings, 'on', redactor);
      assert.ok(hasMasked(first!.evidence[0]!.text));
      assert.equal(redactor.leakIn(first!, 'on'), null);
      assert.deepEqual(redactor.leakIn(second!, 'on'), { kind: 'password', place: 'evidence[1].text' });
      assert.equal(redactor.leakIn(second!, 'off'), null);
      const written = `{"a":1}\n${write(NASTY)}\n`;
      assert.deepEqual(redactor.leakInWritten(written), { kind: 'password', line: 2 });
    });
  }

  it('finds names under strict only, and only in what comes from a log', () => {
    const redactor = new Redactor({ key: KEY });
    redactor.learn(
      incident({ evidence: [evidence({ text: 'user=jdoe http://jira01.contoso.com/ bob@example.com' })] }),
      'strict',
    );
    for (const [kind, name] of [
      ['user', 'jdoe'],
      ['host', 'jira01.contoso.com'],
      ['mail', 'bob@example.com'],
    ] as const) {
      assert.deepEqual(redactor.leakInText(`x ${name} y`, 'strict', 'here'), { kind, place: 'here' });
      assert.equal(redactor.leakInText(`x ${name} y`, 'on', 'here'), null);
      assert.equal(redactor.leakInText(`x ${name} y`, 'strict', 'here', 'rule'), null);
      assert.deepEqual(redactor.leakIn(incident({ captures: { x: name } }), 'strict'), { kind, place: 'captures.x' });
      assert.equal(redactor.leakIn(incident({ cause: name }), 'strict'), null);
    }
  });

  it('never finds what was short, ordinary, or stands in the place of a value', () => {
    const redactor = new Redactor({ key: KEY });
    redactor.learn(
      incident({ evidence: [evidence({ text: 'password=short1 password=changeit password=password' })] }),
      'on',
    );
    assert.equal(redactor.leakInText('short1 changeit password [masked:password]', 'on', ''), null);
  });
});
