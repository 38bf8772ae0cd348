import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** Who may import whom, by folder; a file at the top of src/ is a folder of its own. */
const ALLOWED: Record<string, readonly string[]> = {
  main: ['cli', 'sinks'],
  cli: ['index', 'pipeline', 'verify', 'why', 'redact', 'rules', 'reporters', 'sinks', 'sources', 'version'],
  index: ['pipeline', 'related', 'tail', 'threads', 'rules', 'sources', 'version'],
  tail: ['live', 'live-reader', 'read', 'sift', 'incidents', 'sources'],
  live: ['pipeline', 'read', 'matches', 'incidents', 'redaction'],
  'live-reader': ['read', 'sift', 'starts', 'lines', 'records'],
  verify: ['read', 'matches', 'incidents'],
  related: ['read', 'candidates'],
  redact: ['read', 'lines', 'redaction', 'sources'],
  why: ['pipeline', 'read', 'matches', 'sources'],
  pipeline: [
    'read',
    'sift',
    'candidates',
    'records',
    'matches',
    'facts',
    'holes',
    'incidents',
    'baselines',
    'redaction',
  ],
  read: ['sampler', 'sift', 'starts', 'candidates', 'lines', 'records'],
  sift: ['starts', 'candidates', 'lines', 'records'],
  starts: ['candidates', 'lines', 'records'],
  threads: ['sift', 'candidates'],
  worker: ['starts', 'candidates', 'matches', 'records'],
  version: [],
  sampler: [],
  model: [],
};
const STAGES = [
  'candidates',
  'lines',
  'records',
  'matches',
  'facts',
  'holes',
  'incidents',
  'baselines',
  'redaction',
  'reporters',
  'rules',
  'sources',
  'sinks',
];
for (const stage of STAGES) ALLOWED[stage] = [];
ALLOWED.rules = ['version'];
ALLOWED.sinks = ['version'];

/** Where the outside may be touched. Everywhere else: no node: module, no async, no clock. */
const OUTSIDE = [
  /^(?:main|index|pipeline|read|sift|tail|threads|worker|verify|why|redact|related)\.ts$/,
  /^(?:cli|sources|sinks)\//,
  /^rules\/(?:read|compiled|places)\.ts$/,
  /^lines\/split\.ts$/,
];
/** Libraries that are used in one place only. */
const HOME: Record<string, RegExp> = {
  yargs: /^cli\//,
  pino: /^cli\//,
  'cli-progress': /^cli\//,
  'prom-client': /^cli\//,
  'fast-glob': /^(?:sources\/find|rules\/read)\.ts$/,
  split2: /^lines\//,
  yauzl: /^sources\/bundle\//,
  'xz-decompress': /^sources\/bundle\//,
  '@hpcc-js/wasm-zstd': /^sources\/bundle\//,
};

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name: name.split(path.sep).join('/'), text: readFileSync(path.join(SRC, name), 'utf8') }));

function folderOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : name.replace(/\.ts$/, '');
}

function importsOf(text: string): string[] {
  return [
    ...text.matchAll(/^(?:import|export)\b[^;]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm),
  ].map((found) => (found[1] ?? found[2] ?? found[3])!);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}

test('there are files to look at', () => assert.ok(files.length > 40, String(files.length)));

for (const { name, text } of files) {
  const folder = folderOf(name);
  test(`${name} imports only what its folder may`, () => {
    for (const imported of importsOf(text)) {
      if (!imported.startsWith('.')) {
        const library = imported.startsWith('@') ? imported.split('/').slice(0, 2).join('/') : imported.split('/')[0]!;
        const home = HOME[library];
        if (home) assert.match(name, home, `${library} is imported by ${name}`);
        continue;
      }
      const target = folderOf(path.posix.join(path.posix.dirname(name), imported).replace(/\.js$/, '.ts'));
      if (target === folder || target === 'model') continue;
      assert.ok(ALLOWED[folder]?.includes(target), `${name} imports ${imported}: ${folder} may not know ${target}`);
    }
  });
  if (OUTSIDE.some((place) => place.test(name))) continue;
  test(`${name} touches nothing outside`, () => {
    const code = withoutComments(text);
    assert.doesNotMatch(code, /\bfrom 'node:|\bimport\('node:/, 'a node: module');
    assert.doesNotMatch(code, /\basync (?:function|\*|\w+\()|\basync \(|\bawait [\w(]/, 'asynchronous code');
    assert.doesNotMatch(code, /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bsetTimeout\b/, 'a clock');
    assert.doesNotMatch(
      code,
      /\bprocess\.(?:env|std|argv|exit|on|once|pid|cwd|hrtime|memory)|\bconsole\./,
      'the process',
    );
  });
}
