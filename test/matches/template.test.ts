import assert from 'node:assert/strict';
import { test } from 'node:test';
import { staticPieces, templateTest } from '../../src/matches/template.js';

const CASES: readonly (readonly [
  name: string,
  template: string,
  path: string,
  captures: Record<string, string> | null,
])[] = [
  ['the same path', '/_apis/git', '/_apis/git', {}],
  ['the root', '/', '/', {}],
  ['the root is no other path', '/', '/a', null],
  ['a name captures one segment', '/{org}/_apis', '/contoso/_apis', { org: 'contoso' }],
  ['two names', '/{org}/{project}/_git', '/contoso/web/_git', { org: 'contoso', project: 'web' }],
  ['a name captures what looks like it', '/{org}/_apis', '/{org}/_apis', { org: '{org}' }],
  ['a name is never empty inside', '/a/{org}/_apis', '/a//_apis', null],
  ['a star is never empty inside', '/a/*/_apis', '/a//_apis', null],
  ['a name is never empty', '/{org}/_apis', '//_apis', null],
  ['a name is one segment only', '/{org}/_apis', '/a/b/_apis', null],
  ['a star stands for one segment', '/*/_apis', '/contoso/_apis', {}],
  ['a star is never empty', '/*/_apis', '/_apis', null],
  ['dots at the end: nothing', '/_apis/git/...', '/_apis/git', {}],
  ['dots at the end: several', '/_apis/git/...', '/_apis/git/repositories/1/refs', {}],
  ['dots at the end: another beginning', '/_apis/git/...', '/_apis/wit/1', null],
  ['dots at the beginning: nothing', '.../rest/api', '/rest/api', {}],
  ['dots at the beginning: several', '.../rest/api', '/jira/ctx/rest/api', {}],
  ['dots at the beginning: more behind', '.../rest/api', '/jira/rest/api/2', null],
  ['dots at both ends', '.../rest/{api}/...', '/jira/rest/gitplugin/1.0/x', { api: 'gitplugin' }],
  ['dots at both ends: the first place counts', '.../{a}/rest/...', '/x/rest/y/rest', { a: 'x' }],
  ['only dots', '...', '/a/b', {}],
  ['a closing slash of the path does not matter', '/_apis/git', '/_apis/git/', {}],
  ['a closing slash of the template does not matter', '/_apis/git/', '/_apis/git', {}],
  ['a doubled first slash does not matter', '/_apis/git', '//_apis/git', {}],
  ['a doubled slash inside is another path', '/_apis/git', '/_apis//git', null],
  ['a shorter path', '/_apis/git', '/_apis', null],
  ['a longer path', '/_apis/git', '/_apis/git/x', null],
  ['letter case counts', '/_apis/Tokens', '/_apis/tokens', null],
  ['a segment that only begins alike', '/_apis/git', '/_apis/gitX', null],
];

for (const [name, template, path, captures] of CASES) {
  test(name, () => assert.deepEqual(templateTest(template)(path), captures, `${template} against ${path}`));
}

const PIECES: readonly (readonly [template: string, pieces: string[]])[] = [
  ['/_apis/git', ['/_apis/git']],
  ['/{org}/_apis/git/...', ['/_apis/git']],
  ['.../rest/*/config', ['/rest', '/config']],
  ['//a//', ['/a']],
  ['/{a}/{b}', []],
  ['...', []],
];

for (const [template, pieces] of PIECES) {
  test(`the fixed pieces of ${template}`, () => assert.deepEqual(staticPieces(template), pieces));
}
