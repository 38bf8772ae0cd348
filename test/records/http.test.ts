import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HttpFailure } from '../../src/model/http-failure.js';
import { parseHttpFailures } from '../../src/records/http.js';

type Expected = readonly [status: number, method: string | null, url: string];
type Case = readonly [name: string, text: string, ...expected: Expected[]];

/** `host/path?query`, or `/path?query` if the host is unknown. */
function failure([status, method, url]: Expected): HttpFailure {
  const slash = url.indexOf('/');
  const [path, query] = url.slice(slash).split('?');
  return { status, method, host: slash === 0 ? null : url.slice(0, slash), path: path!, query: query ?? null };
}

function table(name: string, cases: readonly Case[]): void {
  describe(name, () => {
    for (const [title, text, ...expected] of cases) {
      it(title, () => assert.deepEqual(parseHttpFailures(text), expected.map(failure)));
    }
  });
}

const PROFILE = 'app.vssps.visualstudio.com/_apis/profile/profiles/me';
const CONFIG = '/api/v1/organizations/issuetracking/config';
const PATS = 'vssps.dev.azure.com/contoso/_apis/tokens/pats';
const REPOS = 'dev.azure.com/contoso/_apis/git/repositories';
const TOKEN = 'com.bigbrassband.common.indexer.sources.clients.RequestException: Microsoft';

table('The profile call of Git Integration for Jira', [
  [
    'the documented form, with frames in column 0',
    `2026-03-08 12:21:09,997 http-nio-8080-exec-436 ERROR sfj 741x42x1 a7oa8 192.0.2.212 /rest/gitplugin/1.0/trackedfolders/scan/4994 [c.b.j.g.rest.exceptionmappers.LoggerHolder] Rest API has thrown exception.\nCaused by: ${TOKEN} https://${PROFILE}?api-version=1.0 Unauthorized (401)\nat com.bigbrassband.common.indexer.sources.clients.MicrosoftClient.runRequest(MicrosoftClient.java:401)`,
    [401, null, `${PROFILE}?api-version=1.0`],
  ],
  [
    'a header with offset, url: in the thread and two addresses',
    `2026-03-08 12:21:09,997+0000 http-nio-8080-exec-4 url: /rest/gitplugin/1.0/x; user: a ERROR a 741x401x1 a7oa8 192.0.2.2,10.0.0.4 /rest/gitplugin/1.0/x [c.b.j.g.r.e.LoggerHolder] REST API has thrown exception.\n${TOKEN} https://${PROFILE}?api-version=5.1 Unauthorized (401)`,
    [401, null, `${PROFILE}?api-version=5.1`],
  ],
  [
    'a background job without request fields',
    `2026-03-08 12:21:09,997+0000 bigbrassband-gitplugin-AsyncProcessorImpl:thread - 3 ERROR      [c.b.j.g.services.async.BigReindexTask] ${TOKEN} https://${PROFILE} Unauthorized (401)`,
    [401, null, PROFILE],
  ],
  [
    'a status that a terminal wrapped to the next line',
    `Caused by: ${TOKEN} https://${PROFILE}?api-version=1.0\n  Unauthorized (401)\n\tat a.B.c(B.java:1)`,
    [401, null, `${PROFILE}?api-version=1.0`],
  ],
  ['a status alone on the wrapped line', `https://${PROFILE} Unauthorized\n    (401)`, [401, null, PROFILE]],
  [
    'slash time without a level',
    `2026/11/21 02:00:05 ${TOKEN} https://${PROFILE} Unauthorized (401)`,
    [401, null, PROFILE],
  ],
  [
    'one JSON line with escaped line ends',
    `{"log":"Rest API\\nCaused by: ${TOKEN} https://${PROFILE}?api-version=1.0\\n Unauthorized (401)\\n\\tat a.B.c(B.java:1)"}`,
    [401, null, `${PROFILE}?api-version=1.0`],
  ],
  ['another status is another status', `${TOKEN} https://${PROFILE} Forbidden (403)`, [403, null, PROFILE]],
  ['an organization URL', `${TOKEN} https://${REPOS} Unauthorized (401)`, [401, null, REPOS]],
  [
    'another product',
    `GitHub https://api.github.com/user/repos Unauthorized (401)`,
    [401, null, 'api.github.com/user/repos'],
  ],
  ['a status without a target', 'org.eclipse.egit.github.core.client.RequestException: Bad credentials (401)'],
  [
    'a method before the URL and the status in words',
    `HTTP Request Request GET https://${PROFILE}?api-version=7.1 failed with status code 401 `,
    [401, 'GET', `${PROFILE}?api-version=7.1`],
  ],
  ['a duration is no status', `https://${PROFILE}?api-version=1.0 -> 200 in 401 ms`],
  [
    'a body behind the status',
    `https://${PROFILE} Unauthorized (401) {"message":"Access Denied: The Personal Access Token used has expired."}`,
    [401, null, PROFILE],
  ],
]);

table('The issue tracking call of vFunction', [
  [
    'browser console',
    `POST https://vfunction.example.com${CONFIG} 401 (Unauthorized)`,
    [401, 'POST', `vfunction.example.com${CONFIG}`],
  ],
  ['access log', `192.0.2.7 - - [05/Jun/2026:09:20:00 +0000] "POST ${CONFIG} HTTP/1.1" 401 58`, [401, 'POST', CONFIG]],
  ['JSON', `{"path":"${CONFIG}/azure","status":401}`, [401, null, `${CONFIG}/azure`]],
  ['JSON with the method', `{"method":"POST","path":"${CONFIG}","ms":12,"status":401}`, [401, 'POST', CONFIG]],
  [
    'JSON with the status far from the path',
    `{"path":"${CONFIG}","headers":"${'x'.repeat(5000)}","status":401}`,
    [401, null, CONFIG],
  ],
  [
    'HAR',
    `"request": {\n "method": "POST",\n "url": "https://vfunction.example.com${CONFIG}?type=AZURE_DEVOPS",\n "headers": []\n},\n"response": {\n "status": 401,\n "statusText": ""`,
    [401, 'POST', `vfunction.example.com${CONFIG}?type=AZURE_DEVOPS`],
  ],
  ['proxy', `"POST ${CONFIG} HTTP/2" 401 - via_upstream - "-"`, [401, 'POST', CONFIG]],
  ['bytes are no status', `"GET ${CONFIG} HTTP/1.1" 200 401`],
  [
    'another status',
    `https://vfunction.example.com${CONFIG} 403 (Forbidden)`,
    [403, null, `vfunction.example.com${CONFIG}`],
  ],
  [
    'a referrer is no target',
    `"POST ${CONFIG} HTTP/1.1" 401 58 "https://vfunction.example.com/ui" "Mozilla/5.0"`,
    [401, 'POST', CONFIG],
  ],
  [
    'nor is the field',
    `{"path":"${CONFIG}","referer":"https://vfunction.example.com/ui","status":401}`,
    [401, null, CONFIG],
  ],
  [
    'Python requests',
    '401 Client Error: Unauthorized for url: https://vssps.dev.azure.com/contoso/_apis/graph/users',
    [401, null, 'vssps.dev.azure.com/contoso/_apis/graph/users'],
  ],
]);

table('The token call of Azure DevOps', [
  [
    'PowerShell, with the URI in the following lines',
    `Invoke-RestMethod : The remote server returned an error: (401) Unauthorized.\nAt C:\\jobs\\pats.ps1:12 char:9\n+ $r = Invoke-RestMethod\n    -Uri https://${PATS}?api-version=7.1-preview.1`,
    [401, null, `${PATS}?api-version=7.1-preview.1`],
  ],
  [
    'curl, host after the request line',
    `> GET /contoso/_apis/tokens/pats?api-version=7.1 HTTP/2\n> Host: vssps.dev.azure.com\n> User-Agent: curl/8.5.0\n>\n< HTTP/2 401\n`,
    [401, 'GET', `${PATS}?api-version=7.1`],
  ],
  [
    'curl, host before the request line',
    `* [HTTP/2] [1] [:authority: vssps.dev.azure.com]\n> GET /contoso/_apis/tokens/pats HTTP/2\n>\n< HTTP/2 401`,
    [401, 'GET', PATS],
  ],
  [
    'curl, two requests and two hosts',
    '> GET /a HTTP/1.1\n> Host: one.example.com\n>\n< HTTP/1.1 401 Unauthorized\n> GET /b HTTP/1.1\n> Host: two.example.com:8443\n>\n< HTTP/1.1 403 Forbidden',
    [401, 'GET', 'one.example.com/a'],
    [403, 'GET', 'two.example.com/b'],
  ],
  [
    'curl through a proxy that says 200 first',
    '< HTTP/1.1 200 Connection established\n> GET /a HTTP/1.1\n> Host: one.example.com\n< HTTP/1.1 100 Continue\n< HTTP/1.1 401 Unauthorized',
    [401, 'GET', 'one.example.com/a'],
  ],
  ['Spring', `401 Unauthorized on PUT request for "https://${PATS}": [no body]`, [401, 'PUT', PATS]],
  ['Spring WebClient', `401 Unauthorized from GET https://${PATS}`, [401, 'GET', PATS]],
  ['Feign', `[401 Unauthorized] during [GET] to [https://${PATS}] [Pats#list()]: [{}]`, [401, 'GET', PATS]],
  [
    'axios, with the URL later',
    `AxiosError: Request failed with status code 401\n    at settle (file:///app/settle.js:19:12) {\n  config: {\n    method: 'get',\n    url: 'https://vssps.dev.azure.com:443/contoso/_apis/tokens/pats',\n  },\n  status: 401,\n}`,
    [401, 'GET', PATS],
  ],
  [
    'the legacy host',
    'POST https://contoso.vssps.visualstudio.com/_apis/Tokens/Pats?api-version=7.1-preview.1 -> HTTP 401',
    [401, 'POST', 'contoso.vssps.visualstudio.com/_apis/Tokens/Pats?api-version=7.1-preview.1'],
  ],
  ['a work item 401', 'GET https://dev.azure.com/contoso/_apis/wit/workitems/401?x=1 -> HTTP 200'],
  ['203 is a sign-in page', `GET https://${PATS} -> HTTP 203 (text/html)`, [203, 'GET', PATS]],
  ['400', `https://${PATS}?api-version=7.1 -> HTTP 400`, [400, null, `${PATS}?api-version=7.1`]],
  [
    'another API',
    'https://vssps.dev.azure.com/contoso/_apis/tokenadmin/personalaccesstokens/x -> HTTP 401',
    [401, null, 'vssps.dev.azure.com/contoso/_apis/tokenadmin/personalaccesstokens/x'],
  ],
]);

table('The Cloud app', [
  [
    'visualstudio.com with a code',
    'com.bigbrassband.gitforjiracloud.indexer.TrackedRepoException: Microsoft https://contoso.visualstudio.com/_apis/git/x Unauthorized (401): TF400813: x',
    [401, null, 'contoso.visualstudio.com/_apis/git/x'],
  ],
  ['no target', '2026/11/18 07:31:02 OAuth connection error: integration "Azure Repos" (Azure DevOps) returned 401'],
  [
    'no target in JSON',
    '{"app":"git-integration-for-jira-cloud","msg":"OAuth connection error","provider":"VSTS","status":401}',
  ],
  ['403', `Microsoft https://${REPOS} Forbidden (403)`, [403, null, REPOS]],
]);

const X = 'dev.azure.com/contoso/_apis/x';
const after = (phrase: string): Case => [
  `after the target: ${phrase}`,
  `Call of https://${X} ${phrase}`,
  [401, null, X],
];
const before = (phrase: string): Case => [`before the target: ${phrase}`, `${phrase} https://${X}`, [401, null, X]];

table('Phrases', [
  ...[
    'Unauthorized (401)',
    '(401) Unauthorized',
    '401 (Unauthorized)',
    '401 Unauthorized',
    '401 UNAUTHORIZED',
    '401 - Unauthorized: Access is denied due to invalid credentials.',
    'returned 401',
    'returned status: 401 Unauthorized',
    'answered HTTP/1.1 401',
    'gave HTTP 401',
    'HTTP status 401 [ Unauthorized ]',
    'status code 401',
    'Status code: 401',
    'responded with status code - 401',
    'status: 401',
    'status was 401, message x',
    'statusCode=401',
    'http.response.status_code=401',
    '"status":401',
    '"status": "401"',
    '"statusCode": 401',
    '\\"status\\":401',
    'status=401',
    'response code: 401',
    'Response code 401 (Unauthorized)',
    'Response status code does not indicate success: 401 (Unauthorized).',
    'failed with status code 401',
    'failed with 401 http code',
    'request failed with 401 {"$id":"1"}',
    'Request failed with status code 401',
    'status code: 401, reason phrase: Unauthorized',
    'Error response code during the request : 401',
    'Failed request: (401)',
    'Bad credentials (401)',
    '401 Unauthorized: "{...}"',
    '-> HTTP 401',
    '-> 401',
    '401',
    'HTTP Status: Unauthorized, AFD Ref: x',
    'Received response 401 (Not Authorized).',
    'StatusCode: 401, ReasonPhrase: x',
  ].map(after),
  ...[
    'Server returned HTTP response code: 401 for URL:',
    '401 Client Error: Unauthorized for url:',
    'fatal: Authentication failed for',
    'Received response 401 (Not Authorized) from',
    'Client error - 401 when posting to',
    'Http response code: Unauthorized from',
  ].map(before),
  ['.NET name of 500', `GET request to https://${X} failed. HTTP Status: InternalServerError, AFD`, [500, 'GET', X]],
  [
    'git: unable to access',
    `fatal: unable to access 'https://${X}/': The requested URL returned error: 403`,
    [403, null, `${X}/`],
  ],
  ['git: authentication', `fatal: Authentication failed for 'https://${X}'`, [401, null, X]],
  ['JGit: not authorized', `TransportException: https://${X}: not authorized`, [401, null, X]],
  ['JGit: not permitted', `https://${X}: git-upload-pack not permitted on 'https://${X}/'`, [403, null, X]],
  ['JGit: not supported has no status', `https://${X}: authentication not supported`],
  ['203', `GET https://${X} 203 Non-Authoritative Information`, [203, 'GET', X]],
  ['redirect', `https://${X} -> 302, redirected to https://login.example.com/`, [302, null, X]],
  ['in brackets', `Azure API call to [https://${X}] failed with 403 http code.`, [403, null, X]],
  [
    'colon and text',
    `Error: PUT https://${X}: 403 Resource not accessible by personal access token []`,
    [403, 'PUT', X],
  ],
  [
    '[GET /path]',
    'Failed to execute request [GET /orgs/contoso/repos] response code: 401, errors: Bad credentials (401)',
    [401, 'GET', '/orgs/contoso/repos'],
  ],
  [
    '[GET] : URL',
    `Failed to properly execute request [GET] : https://${X}\na.B$Unauthorized_401: Error response code during the request : 401`,
    [401, 'GET', X],
  ],
  ['key=value log', 'level=error method=GET path=/api/x status=502', [502, 'GET', '/api/x']],
]);

table('No status', [
  ['the word alone', `https://${X} Unauthorized`],
  ['milliseconds without blank', `https://${X} took 401ms`],
  ['milliseconds after returned', `https://${X} returned 401 ms later`],
  ['bytes', `https://${X} returned 401 bytes`],
  ['B', `https://${X} 401 B`],
  ['rows', `https://${X} returned 401 rows`],
  ['a count', `https://${X} rows 401`],
  ['part of an address', `https://${X} status 10.0.401.1`],
  ['part of a time', `https://${X} returned 12:00:05,401`],
  ['part of a version', `https://${X} status 4.401`],
  ['a longer number', `https://${X} status 4010`],
  ['a process id', `https://${X}\n2026-05-01 ERROR 401 --- [main] x`],
  ['an exit status', `git fetch https://${X} exited with status 401`],
  ['an SQL error', `SQL Error: 547 https://${X}`],
  ['a query parameter', `https://${X}?status=401`],
  ['success', `https://${X}: 200`],
  ['a documentation address', '{"documentation_url":"https://docs.github.com/rest","status":"404"}'],
  ['no target', 'status code 401'],
  ['a target out of reach', `https://${X} ${'x'.repeat(301)} Unauthorized (401)`],
  ['a target that was answered', `GET https://${X} -> 200 OK, later Unauthorized (401)`],
]);

table('Targets', [
  [
    'the dotted keys of ECS',
    `{"log.level":"ERROR","message":"request failed","url.path":"${CONFIG}","http.response.status_code":401}`,
    [401, null, CONFIG],
  ],
  [
    'the host that Envoy asked for stands in the last column but one',
    '[2026-11-20T09:14:03.118Z] "GET /contoso/_apis/tokens/pats?x=1 HTTP/2" 401 - via_upstream - "-" 0 0 61 60 "192.0.2.31" "rotator/1.4" "5f2d7c1f-77aa" "vssps.dev.azure.com" "198.51.100.20:443"',
    [401, 'GET', `${PATS}?x=1`],
  ],
  [
    'the referrer of an access log is no host that was asked for',
    '192.0.2.7 - - [20/Nov/2026:09:14:03 +0000] "GET /a HTTP/1.1" 401 58 "jira.example.com" "Mozilla/5.0"',
    [401, 'GET', '/a'],
  ],
  [
    'a realm is not what was called',
    `Failed request: (401) 'www-authenticate': 'Basic realm="https://tfs.example.com/"'`,
  ],
  [
    'quotes that are escaped or typographic',
    'fatal: Authentication failed for \\"https://dev.azure.com/o/p/_git/r/\\"\nfatal: Authentication failed for ‘https://dev.azure.com/o/q’',
    [401, null, 'dev.azure.com/o/p/_git/r/'],
    [401, null, 'dev.azure.com/o/q'],
  ],
  [
    'user, port and case of the host are left out',
    'https://me:secret@Dev.Azure.com:8443/A/b status 401',
    [401, null, 'dev.azure.com/A/b'],
  ],
  ['a host alone', 'https://dev.azure.com. status 401', [401, null, 'dev.azure.com/']],
  [
    'punctuation of the sentence is left out',
    `(see 'https://x.example.com/a'); https://y.example.com/a(b)/c), got 404.`,
    [404, null, 'y.example.com/a(b)/c'],
  ],
  [
    'escaped slashes',
    '{"url":"https:\\/\\/dev.azure.com\\/contoso\\/_apis","status":401}',
    [401, null, 'dev.azure.com/contoso/_apis'],
  ],
  ['an escaped document', '{\\"status\\":401,\\"url\\":\\"https://dev.azure.com/a\\"}', [401, null, 'dev.azure.com/a']],
  [
    'two targets with a status each',
    `GET https://${X} -> 401\nGET https://${PATS} -> 403`,
    [401, 'GET', X],
    [403, 'GET', PATS],
  ],
  [
    'JSON objects, status first',
    '{"status":403,"path":"/a"}\n{"status":401,"path":"/b"}',
    [403, null, '/a'],
    [401, null, '/b'],
  ],
  [
    'JSON objects, path first',
    '{"path":"/a","status":403}\n{"path":"/b","status":401}',
    [403, null, '/a'],
    [401, null, '/b'],
  ],
  ['one target with two statuses', `https://${X} -> 302, then 401 Unauthorized`, [302, null, X], [401, null, X]],
  ['equal failures count once', `https://${X} -> 401\nhttps://${X} -> 401`, [401, null, X]],
]);

describe('Bounds', () => {
  it('keeps 1,000 failures', () => {
    const text = Array.from({ length: 1500 }, (_, i) => `GET /p${i}x 500`).join('\n');
    const failures = parseHttpFailures(text);
    assert.equal(failures.length, 1000);
    assert.deepEqual(failures[999], failure([500, 'GET', '/p999x']));
  });

  it('looks at each number once: twice the text is twice the searches', () => {
    for (const unit of [
      'GET /a 401\n',
      'https://',
      '401 ',
      ' -> 401 ',
      '{"status":401,"path":"/x"}',
      'https://a.b/) ',
      '(401)',
    ]) {
      const once = searches(() => parseHttpFailures(`https://a.b/c ${unit.repeat(2_000)}`));
      const twice = searches(() => parseHttpFailures(`https://a.b/c ${unit.repeat(4_000)}`));
      assert.ok(twice <= 2.1 * once, `${unit}: ${once}, then ${twice}`);
    }
  });

  it('takes any text', () => {
    const word = fc.constantFrom(
      'https://',
      'a.b',
      '/x',
      ' ',
      '\n',
      '401',
      '(',
      ')',
      '"',
      ':',
      '\\/',
      'GET ',
      'status',
      ' -> ',
      '?',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(word).map((words) => words.join('')),
        ),
        (text) => {
          for (const found of parseHttpFailures(text)) {
            assert.ok(found.status >= 203 && found.status <= 599);
            assert.ok(found.path.startsWith('/'));
          }
        },
      ),
    );
  });
});

/** How often a run searches with a pattern. */
function searches(run: () => void): number {
  const { exec } = RegExp.prototype;
  let count = 0;
  RegExp.prototype.exec = function (text) {
    count++;
    return exec.call(this, text);
  };
  try {
    run();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return count;
}
