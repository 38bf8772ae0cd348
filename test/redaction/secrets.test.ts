import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { innerMasked, strictlyMasked } from '../../src/model/masked.js';
import { maskLines, maskSecrets } from '../../src/redaction/secrets.js';

// Built piece by piece, so that no scanner takes this file for a leak.
const AZURE_52 = 'abcdefghijklmnopqrstuvwxyz234567'.repeat(2).slice(0, 52);
const AZURE_84 = `${'aB3'.repeat(25)}x${'AZ'}${'DO'}4f7Q`;
const GITHUB = `gh${'p_'}${'a1B2c3'.repeat(6)}`;
const GITHUB_FINE = `github${'_pat_'}${'11ABC_def4'.repeat(5)}`;
const GITLAB = `gl${'pat-'}aB3_xY9-kLmNoPqRsT12`;
const SLACK = `xo${'xb-'}123456789012-abcDEF`;
const JWT = `ey${'JhbGciOiJIUzI1NiJ9'}.ey${'JzdWIiOiIxIn0'}.s1g-Na_tuRe`;
const AWS = `AK${'IA'}IOSFODNN7EXAMPLE`;
const GOOGLE = `AI${'za'}SyA1234567890abcdefghijklmnopqrstuv`;
const BITBUCKET = `BB${'DC-'}${'MTk0NzI2'.repeat(5)}`;
const ENTRA = `aB~8${'Q~'}${'xYz.9_k-'.repeat(4)}`;
const NPM = `npm${'_'}${'aB3'.repeat(12)}`;
const VAULT = `hv${'s.'}${'CAESIJ9k'.repeat(4)}`;
const SLACK_PATH = `T0123ABCD/B0123ABCD/${'aB3d'.repeat(6)}`;
const TEAMS_PATH = `${'1a2b3c4d-'.repeat(4)}@contoso`;
const BEGIN = `-----BEGIN RSA ${'PRIVATE'} KEY-----`;
const END = `-----END RSA ${'PRIVATE'} KEY-----`;
const BASE64 = 'MIIEpAIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyz+/ABCDEFGHIJ';

interface Case {
  readonly name: string;
  readonly input: string;
  /** The input itself where it is left out. */
  readonly expected?: string;
}

const MASKED: readonly Case[] = [
  {
    name: 'a header keeps its scheme',
    input: 'Authorization: Basic dXNlcjpwYXNz',
    expected: 'Authorization: Basic [masked:authorization]',
  },
  {
    name: 'a header without a scheme is masked whole',
    input: 'authorization: 0123456789abcdef',
    expected: 'authorization: [masked:authorization]',
  },
  {
    name: 'a header in JSON',
    input: '{"Authorization":"Bearer abc.def","x":1}',
    expected: '{"Authorization":"Bearer [masked:authorization]","x":1}',
  },
  {
    name: 'a header in JSON inside of JSON',
    input: '"body":"{\\"Authorization\\":\\"Bearer abc\\",\\"x\\":1}"',
    expected: '"body":"{\\"Authorization\\":\\"Bearer [masked:authorization]\\",\\"x\\":1}"',
  },
  {
    name: 'a header as name and value',
    input: '{"name": "Authorization", "value": "Basic abc="}',
    expected: '{"name": "Authorization", "value": "Basic [masked:authorization]"}',
  },
  {
    name: 'headers of curl',
    input: `curl -H 'Authorization: Bearer abc' -H "X-Api-Key: k3y" https://host/`,
    expected: `curl -H 'Authorization: Bearer [masked:authorization]' -H "X-Api-Key: [masked:authorization]" https://host/`,
  },
  {
    name: 'a header at the start of a JSON string ends with its value',
    input: '{"message":"Authorization: Basic abc= failed for bob"}',
    expected: '{"message":"Authorization: Basic [masked:authorization] failed for bob"}',
  },
  {
    name: 'headers in a Java map',
    input: '{Authorization=[Basic abc], Cookie=[a=b; c=d], Accept=[*/*]}',
    expected:
      '{Authorization=[Basic [masked:authorization]], Cookie=[a=[masked:cookie]; c=[masked:cookie]], Accept=[*/*]}',
  },
  {
    name: 'all parameters of a digest',
    input: 'Authorization: Digest username="bob", realm="x y", response="6629fae4" sent',
    expected: 'Authorization: Digest [masked:authorization] sent',
  },
  {
    name: 'the other headers that authorize',
    input: 'Proxy-Authorization: Basic abc\nX-Api-Key: abc1\nPRIVATE-TOKEN: abc2\nX-Auth-Token: abc3',
    expected:
      'Proxy-Authorization: Basic [masked:authorization]\nX-Api-Key: [masked:authorization]\n' +
      'PRIVATE-TOKEN: [masked:authorization]\nX-Auth-Token: [masked:authorization]',
  },
  {
    name: 'credentials of a header without the header',
    input: 'sending Basic dXNlcjpwYXNzd29yZDE= to host',
    expected: 'sending Basic [masked:authorization] to host',
  },
  {
    name: 'tokens of Azure DevOps, old and new',
    input: `old ${AZURE_52}, new ${AZURE_84}.`,
    expected: 'old [masked:azure-devops-token], new [masked:azure-devops-token].',
  },
  {
    name: 'a token as the user of a URL',
    input: `https://${AZURE_52}@dev.azure.com/acme`,
    expected: 'https://[masked:azure-devops-token]@dev.azure.com/acme',
  },
  {
    name: 'tokens of GitHub, GitLab and Slack',
    input: `${GITHUB} ${GITHUB_FINE}, (${GITLAB}) "${SLACK}"`,
    expected: '[masked:github-token] [masked:github-token], ([masked:gitlab-token]) "[masked:slack-token]"',
  },
  { name: 'a JWT at the end of a sentence', input: `got ${JWT}, expired`, expected: 'got [masked:jwt], expired' },
  { name: 'a token behind an escaped line end', input: `x\\n${GITHUB}\\n`, expected: 'x\\n[masked:github-token]\\n' },
  {
    name: 'keys of AWS',
    input: `${AWS} aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPx\nnext`,
    expected: '[masked:aws-access-key] aws_secret_access_key = [masked:aws-secret-key]\nnext',
  },
  { name: 'a key of Google', input: `key ${GOOGLE};`, expected: 'key [masked:google-api-key];' },
  {
    name: 'a private key over lines',
    input: `before\n${BEGIN}\n${BASE64}\n${BASE64}\nab3=\n${END}\nafter`,
    expected: 'before\n[masked:private-key]\nafter',
  },
  {
    name: 'a private key with escaped line ends',
    input: `{"key":"${BEGIN}\\n${BASE64}\\nab3=\\n${END}\\n"}`,
    expected: '{"key":"[masked:private-key]\\n"}',
  },
  {
    name: 'a private key whose end is missing, to the end of its base64',
    input: `${BEGIN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n${BASE64}\n${BASE64}\nab3=\n2026-05-01 10:00:00 ERROR x`,
    expected: '[masked:private-key]\n2026-05-01 10:00:00 ERROR x',
  },
  {
    name: 'two private keys, the first cut',
    input: `${BEGIN}\n${BASE64}\nsome log\n${BEGIN}\n${BASE64}\n${END}`,
    expected: '[masked:private-key]\nsome log\n[masked:private-key]',
  },
  {
    name: 'a password in a URL, its user stays',
    input: 'git clone https://bob:p@ss:w0rd@host/x.git, https:\\/\\/bob:pw@host\\/',
    expected: 'git clone https://bob:[masked:url-password]@host/x.git, https:\\/\\/bob:[masked:url-password]@host\\/',
  },
  {
    name: 'passwords of JDBC',
    input:
      'jdbc:sqlserver://db;user=sa;password=pw;x=1 jdbc:mysql://db/j?password=pw&x=1 jdbc:oracle:thin:scott/tiger@db:1521',
    expected:
      'jdbc:sqlserver://db;user=sa;password=[masked:password];x=1 jdbc:mysql://db/j?password=[masked:password]&x=1 ' +
      'jdbc:oracle:thin:scott/[masked:url-password]@db:1521',
  },
  {
    name: 'names with values in every spelling',
    input:
      'os_password=a1&passwd=a2 pwd: a3, dbPassword = a4; client_secret=a5 apiKey=a6 api_key=a7 access_token=a8&refresh_token=a9',
    expected:
      'os_password=[masked:password]&passwd=[masked:password] pwd: [masked:password], dbPassword = [masked:password]; ' +
      'client_secret=[masked:secret] apiKey=[masked:api-key] api_key=[masked:api-key] ' +
      'access_token=[masked:token]&refresh_token=[masked:token]',
  },
  {
    name: 'JSON values with escaped quotes, in JSON as well',
    input: '{"password":"a\\"b, c","n":1} "{\\"password\\":\\"a\\\\\\"b\\",\\"n\\":1}"',
    expected: '{"password":"[masked:password]","n":1} "{\\"password\\":\\"[masked:password]\\",\\"n\\":1}"',
  },
  {
    name: 'attributes and elements of XML',
    input: '<Resource connectionPassword="x y" n="1"/><password>x</password><name>bob</name>',
    expected:
      '<Resource connectionPassword="[masked:password]" n="1"/><password>[masked:password]</password><name>bob</name>',
  },
  {
    name: 'a value in a list of values',
    input: '{os_password=[pw], "token":["a","b"], n=[1]}',
    expected: '{os_password=[[masked:password]], "token":["[masked:token]","[masked:token]"], n=[1]}',
  },
  {
    name: 'escaped separators',
    input: 'next=%3Ftoken%3Dabc%26x%3D1 {"u":"?password\\u003dabc\\u0026x\\u003d1"}',
    expected: 'next=%3Ftoken%3D[masked:token]%26x%3D1 {"u":"?password\\u003d[masked:password]\\u0026x\\u003d1"}',
  },
  { name: 'an option', input: 'run --password hunter2 --quiet', expected: 'run --password [masked:password] --quiet' },
  {
    name: 'cookies keep their names',
    input: 'Cookie: JSESSIONID=1A2B; atlassian.xsrf.token=BX|ab|lin; empty=',
    expected: 'Cookie: JSESSIONID=[masked:cookie]; atlassian.xsrf.token=[masked:cookie]; empty=',
  },
  {
    name: 'attributes of a cookie stay',
    input: '"set-cookie":["a=b; Path=/; Expires=Wed, 01 Jan 2026 00:00:00 GMT; HttpOnly","c=d; Secure"]',
    expected:
      '"set-cookie":["a=[masked:cookie]; Path=/; Expires=Wed, 01 Jan 2026 00:00:00 GMT; HttpOnly","c=[masked:cookie]; Secure"]',
  },
  {
    name: 'sessions and tokens of Atlassian',
    input:
      '/a;jsessionid=1A2B?x=1&atl_token=BX|ab JSESSIONID=1A2B; seraph.rememberme.cookie=1%3Aab; crowd.token_key=ab3; atlassian.xsrf.token=BX',
    expected:
      '/a;jsessionid=[masked:session-id]?x=1&atl_token=[masked:xsrf-token] JSESSIONID=[masked:session-id]; ' +
      'seraph.rememberme.cookie=[masked:remember-me]; crowd.token_key=[masked:crowd-token]; atlassian.xsrf.token=[masked:xsrf-token]',
  },
  {
    name: 'tokens of Bitbucket, Entra, npm and Vault',
    input: `${BITBUCKET} (${ENTRA}) "${NPM}", ${VAULT}.`,
    expected: '[masked:bitbucket-token] ([masked:azure-secret]) "[masked:npm-token]", [masked:vault-token].',
  },
  {
    name: 'addresses that are keys themselves',
    input: `POST https://hooks.slack.com/services/${SLACK_PATH} {"url":"https:\\/\\/acme.webhook.office.com\\/webhookb2\\/${TEAMS_PATH}"}`,
    expected:
      'POST https://hooks.slack.com/services/[masked:webhook] {"url":"https:\\/\\/acme.webhook.office.com\\/webhookb2\\/[masked:webhook]"}',
  },
  {
    name: 'sessions by other names',
    input: 'sessionId=5b2c4d session_id: 1a2b3c4d5e "session-id":"x"',
    expected: 'sessionId=[masked:session-id] session_id: [masked:session-id] "session-id":"[masked:session-id]"',
  },
  {
    name: 'a signed request to AWS',
    input: 'https://s3.example.com/x?X-Amz-Credential=a&X-Amz-Signature=0123abcd&X-Amz-Security-Token=Iqo%2F3',
    expected:
      'https://s3.example.com/x?X-Amz-Credential=a&X-Amz-Signature=[masked:aws-signature]&X-Amz-Security-Token=[masked:token]',
  },
  {
    name: 'the signature of a shared access',
    input: 'https://x.blob.core.windows.net/c?sv=2022&sig=ab%2Bcd%3D&se=2026',
    expected: 'https://x.blob.core.windows.net/c?sv=2022&sig=[masked:sas-signature]&se=2026',
  },
];

const KEPT: readonly Case[] = [
  {
    name: 'prose about sessions and hooks',
    input: 'session id: expired, session ids are kept; hooks.slack.com/services is not reachable; glossary glpat',
  },
  { name: 'a number of 52 digits', input: '2345672345672345672345672345672345672345672345672345x'.repeat(2) },
  { name: 'a user name alone in a URL', input: 'https://bob@dev.azure.com/acme ssh://git@host:7999/x.git' },
  { name: 'a port and a mail address', input: 'http://host:8080/x?to=bob@example.com' },
  {
    name: 'the session id in the header of Jira',
    input:
      '2026-05-01 10:00:00,123+0000 http-nio-8080-exec-5 ERROR bob 601x123x1 1abc2d3 192.0.2.1 /secure/x.jspa [c.a.j.x] y',
  },
  {
    name: 'prose about passwords',
    input: 'password reset for user bob; password: must not be empty; FATAL: password authentication failed',
  },
  {
    name: 'prose about tokens',
    input: 'tokenizer=standard token type: x, Unexpected token: select, tokens: 12, identityToken->1bqk',
  },
  { name: 'prose about authorization', input: 'Authorization: required, authorization failed: bob' },
  {
    name: 'what stands for a value',
    input: 'password=<non-null> password= user=bob "password":null secret="" pwd=**** token=$' + '{TOKEN}',
  },
  { name: 'a scheme without credentials', input: 'Authorization: Negotiate\nAUTHORIZATION: bearer ***' },
  {
    name: 'what a server asks for',
    input: "'www-authenticate': 'Bearer authorization_uri=https://login.example.com/0000, Basic realm=\"x\"'",
  },
  {
    name: 'the file of passwords and the working directory',
    input: '/etc/passwd: Permission denied PWD=/opt/atlassian',
  },
  { name: 'an object', input: '{"token":{"id":1},"secret":true}' },
  { name: 'what is masked already', input: 'password=[masked:password] Authorization: Basic [masked:authorization]' },
  {
    name: 'a longer word that has the shape of a token inside',
    input: `x${AZURE_52} ${AZURE_52}x sha256:${'ab12'.repeat(16)}`,
  },
];

const inner = (kind: string) => innerMasked(kind, '0123456789abcdef');
const strictWord = (kind: string) => strictlyMasked(kind, '0123456789abcdef');

describe('maskSecrets', () => {
  for (const { name, input, expected } of MASKED) {
    it(`masks: ${name}`, () => {
      assert.equal(maskSecrets(input), expected);
      assert.equal(maskSecrets(expected!), expected);
      // Whatever is written in the place of a value.
      for (const word of [inner, strictWord]) {
        const once = maskSecrets(input, word);
        assert.equal(maskSecrets(once, word), once);
        assert.equal(once.replaceAll(/\[(?:masked:)?([a-z-]+):[0-9a-f]{8,16}\]/g, '[masked:$1]'), expected);
      }
    });
  }
  for (const { name, input } of KEPT) {
    it(`keeps: ${name}`, () => assert.equal(maskSecrets(input), input));
  }
});

describe('maskSecrets, any text', () => {
  const piece = fc.constantFrom(
    ...[
      'password',
      'token',
      'Authorization',
      'Cookie',
      '=',
      ': ',
      ':',
      '"',
      "'",
      '\\"',
      '\\\\\\"',
      '[',
      ']',
      '{',
      '}',
      '(',
      ')',
      '<',
      '>',
    ],
    ...[
      ' ',
      ',',
      ';',
      '&',
      '@',
      '/',
      '%3D',
      '%26',
      '\\n',
      '\n',
      'Basic ',
      'Digest ',
      'a=b',
      'https://',
      'user:pw@',
      'value',
      'null',
      '****',
    ],
    ...[
      'JSESSIONID',
      'secret',
      '--password ',
      '<password>',
      '</password>',
      BEGIN,
      END,
      BASE64,
      GITHUB,
      JWT,
      AZURE_52,
      '[masked:token]',
    ],
  );
  const log = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  );

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(log, (text) => maskSecrets(maskSecrets(text)) === maskSecrets(text)),
      { numRuns: 3000 },
    );
  });

  it('returns the same string where there is no secret', () => {
    const word = fc
      .stringMatching(/^[a-z]{1,12}$/)
      .filter((text) => !/pass|pwd|cookie|token|secret|sig|key|authorization/.test(text));
    const line = fc.array(fc.oneof(word, fc.constantFrom('=', ': ', '"', ',', '\n', '{', '}')), { maxLength: 40 });
    fc.assert(fc.property(line, (words) => maskSecrets(words.join(' ')) === words.join(' ')));
  });

  const secret = fc.stringMatching(/^[A-Z][A-Za-z0-9]{7}[0-9]{2}[A-Za-z0-9]{2,20}$/);
  const noise = fc.stringMatching(/^[a-z0-9 .,:;()\n]{0,30}$/);
  const name = fc.constantFrom(
    'password',
    'os_password',
    'client_secret',
    'apiKey',
    'access_token',
    'token',
    'dbPassword',
    'X-Api-Key',
  );
  const planted: Record<string, (name: string, secret: string) => string> = {
    raw: (key, value) => `${key}=${value}`,
    'raw with a colon': (key, value) => `${key}: ${value}`,
    JSON: (key, value) => JSON.stringify({ a: 'b', [key]: value, c: 1 }),
    'JSON in JSON': (key, value) => JSON.stringify({ body: JSON.stringify({ [key]: `${value}"${value}` }) }),
    'a URL': (key, value) => `https://host/path?a=b&${key}=${value}&c=d`,
    'an encoded URL': (key, value) => encodeURIComponent(`https://host/path?a=b&${key}=${value}&c=d`),
    'the authority of a URL': (_key, value) => `https://bob:${value}@host/path`,
    'a header': (_key, value) => `Authorization: Bearer ${value}`,
    'a cookie': (_key, value) => `Cookie: a=${value}; b=${value}`,
  };
  for (const [form, plant] of Object.entries(planted)) {
    it(`lets no secret through that is planted as ${form}`, () => {
      fc.assert(
        fc.property(noise, name, secret, noise, (before, key, value, after) => {
          const result = maskSecrets(`${before} ${plant(key, value)} ${after}`);
          assert.ok(!result.includes(value), result);
          assert.ok(result.startsWith(`${before} `) && result.endsWith(` ${after}`), `ate too much: ${result}`);
        }),
      );
    });
  }

  const tokens = [AZURE_52, AZURE_84, GITHUB, GITHUB_FINE, GITLAB, SLACK, JWT, AWS, GOOGLE];
  it('lets no token through that is known by its shape', () => {
    fc.assert(
      fc.property(
        noise,
        fc.constantFrom(...tokens),
        fc.constantFrom(' ', '"', "'", ',', '\\n', '\n', '%3A'),
        (text, token, edge) => {
          assert.ok(!maskSecrets(`${text}${edge}${token}${edge}${text}`).includes(token));
        },
      ),
    );
  });

  const LINES: readonly { name: string; input: readonly string[]; expected: readonly string[] }[] = [
    {
      name: 'a private key over many lines',
      input: ['before', BEGIN, BASE64, 'ab3=', END, 'after'],
      expected: ['before', ...Array<string>(4).fill('[masked:private-key]'), 'after'],
    },
    {
      name: 'a private key of which only the end is there',
      input: [BASE64, BASE64, END, 'after'],
      expected: [...Array<string>(3).fill('[masked:private-key]'), 'after'],
    },
    {
      name: 'what else is secret, line by line',
      input: ['user=bob', 'password=hunter2hunter2'],
      expected: ['user=bob', 'password=[masked:password]'],
    },
  ];
  for (const { name, input, expected } of LINES) {
    it(`masks in lines that belong together: ${name}`, () => assert.deepEqual(maskLines(input), expected));
  }

  const LINE_LENGTH = 1024 * 1024;
  for (const piece of [
    'password=',
    'cookie=[',
    'token=\\"',
    'eyJ',
    'eyJaaaa.',
    '://a:b',
    '\\',
    BEGIN,
    'Authorization: Digest a="',
    '<password>',
    'AZDO',
  ]) {
    it(`is done soon with a line of a MiB of ${piece}`, () => {
      const line = piece.repeat(LINE_LENGTH / piece.length);
      const { length } = maskSecrets(line);
      assert.ok(length > 0);
    });
  }
});
