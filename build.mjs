// dist/src and dist/test: what tsc makes of them; dist/src is the library.
// dist/bin/app: the program, bundled, so that it starts fast. It lies as deep as dist/src/*, as paths to rules/ are relative.

import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { crc32 } from 'node:zlib';
import { build, transform } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { resolve: find } = createRequire(import.meta.url);
const WRAP_ANSI = find('wrap-ansi');
const YARGS_SHIM = resolve(find('yargs'), '../lib/platform-shims/esm.mjs');
const STRING_WIDTH = createRequire(WRAP_ANSI).resolve('string-width');

/** Latin and Cyrillic letters, punctuation, arrows, blocks: each one column wide, whatever stands beside it. */
const NARROW = String.raw`[ -~\u00a0-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u2193\u2580-\u259f]`;

const { default: stringWidth } = await import(pathToFileURL(STRING_WIDTH));
const narrow = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((char) =>
  new RegExp(NARROW).test(char),
);
const clusters = [...new Intl.Segmenter().segment(narrow.join(''))];
if (clusters.length !== narrow.length || narrow.some((char) => stringWidth(char) !== 1))
  throw new Error('NARROW: expected characters that are one column wide');

// What libraries make at the start and few runs need is made when it is needed. The width of any text takes 30 ms: an
// Intl.Segmenter, and a table of all emoji. What is known to be narrow needs neither.
const LAZY = [
  [STRING_WIDTH, String.raw`/^[\u0020-\u007E]*$/`, `/^${NARROW}*$/`],
  [
    STRING_WIDTH,
    String.raw`= /^\p{RGI_Emoji}$/v;`,
    String.raw`= { made: null, test(text) { return (this.made ??= /^\p{RGI_Emoji}$/v).test(text); } };`,
  ],
  ...[STRING_WIDTH, WRAP_ANSI].map((file) => [
    file,
    '= new Intl.Segmenter();',
    '= { made: null, segment(text) { return (this.made ??= new Intl.Segmenter()).segment(text); } };',
  ]),
  [WRAP_ANSI, '/^[ -~]*$/', `/^${NARROW}*$/`],
  [
    YARGS_SHIM,
    "import { notStrictEqual, strictEqual } from 'assert'",
    `const notStrictEqual = (a, b, ...more) => Object.is(a, b) && require('assert').notStrictEqual(a, b, ...more);
     const strictEqual = (a, b, ...more) => Object.is(a, b) || require('assert').strictEqual(a, b, ...more);`,
  ],
];
const CHANGED = [...new Set(LAZY.map(([file]) => file))];

// yargs and cliui bring a string-width each. One does for all; cli-progress asks for an old one in CommonJS and keeps it.
const lazyParts = {
  name: 'lazy-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: STRING_WIDTH } : null,
    );
    onLoad({ filter: /node_modules/ }, ({ path }) => {
      if (!CHANGED.includes(path)) return null;
      let contents = readFileSync(path, 'utf8');
      for (const [file, eager, lazy] of LAZY) {
        if (file !== path) continue;
        if (!contents.includes(eager)) throw new Error(`${path}: expected ${eager}, which is to be made later`);
        contents = contents.replace(eager, () => lazy);
      }
      return { contents };
    });
  },
};

// Each file takes a millisecond to be found and opened. What a run loads later asks for all of the core, so that what they share
// is one file, not one for each set of those who share it.
const oneCore = {
  name: 'one-core',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path: path.startsWith('.') ? resolve(resolveDir, path) : path, namespace: 'later', pluginData: resolveDir }
        : null,
    );
    onLoad({ filter: /./, namespace: 'later' }, ({ path, pluginData }) => ({
      contents: [
        `import ${JSON.stringify(resolve('dist/src/main.js'))};`,
        `export * from ${JSON.stringify(path)};`,
        isAbsolute(path) ? '' : `export { default } from ${JSON.stringify(path)};`, // a library
      ].join('\n'),
      resolveDir: pluginData,
    }));
  },
};

const APP = 'dist/bin/app';
const common = {
  platform: 'node',
  target: 'node20',
  // Names stay: traces are read by people, and putting them back at the start (keepNames) takes 6 ms.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
};
// Only modules can be split by esbuild, and CommonJS starts 10 ms faster: so the parts are made as modules and turned into it.
// esbuild leaves such characters in regular expressions only; a text of ASCII is read faster.
const escaped = (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
const { outputFiles, metafile } = await build({
  ...common,
  entryPoints: ['dist/src/main.js'],
  outdir: APP,
  bundle: true,
  splitting: true,
  format: 'esm',
  define: { 'import.meta.url': '__url' },
  plugins: [lazyParts, oneCore],
  write: false,
  metafile: true,
});
const core = basename(metafile.outputs[`${APP}/main.js`].imports[0].path);
mkdirSync(APP, { recursive: true });
for (const { path, text } of outputFiles) {
  if (basename(path) === 'main.js') continue; // it does nothing but ask for the core
  const { code } = await transform(text.replaceAll(`"./${core}"`, '"./core.js"'), {
    ...common,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    banner: "const __url=require('node:url').pathToFileURL(__filename).href;",
  });
  writeFileSync(path.endsWith(core) ? `${APP}/core.js` : path, code.replace(/[^\0-\x7f]/g, escaped));
}
copyFileSync('dist/src/start.cjs', `${APP}/main.js`);
chmodSync(`${APP}/main.js`, 0o755);
// What a thread needs is small: it starts in half of the time that the core takes.
await build({
  ...common,
  entryPoints: ['dist/src/worker.js'],
  outfile: `${APP}/worker.js`,
  bundle: true,
  format: 'cjs',
});
writeFileSync(`${APP}/package.json`, '{ "type": "commonjs" }\n');

const { readPacks } = await import('./dist/src/rules/read.js');
const { writeCompiled } = await import('./dist/src/rules/compiled.js');
const { needsOf } = await import('./dist/src/matches/literals.js');
const { RuleError } = await import('./dist/src/rules/problem.js');
try {
  writeCompiled(await readPacks(['rules']), (rule) => needsOf(rule.match));
  copyFileSync('dist/src/rules/packs.jsonl', 'dist/bin/app/packs.jsonl');
} catch (error) {
  // Broken rules are told by `rules check` and by every run; they must not keep anybody from building.
  if (!(error instanceof RuleError)) throw error;
  console.warn(error.message);
}

// The code of the core: a file without any, so that main.js asks for it, then with what a run has made.
const CODE = `${APP}/core-${process.version}-${process.platform}-${process.arch}.bin`;
const checksum = Buffer.alloc(4);
checksum.writeUInt32LE(crc32(readFileSync(`${APP}/core.js`)));
writeFileSync(CODE, checksum);
const warm = spawnSync(process.execPath, ['-r', './keep-code.cjs', `${APP}/main.js`, '--no-config', 'samples/gij'], {
  env: { PATH: process.env.PATH, CODE_FILE: CODE },
});
if (warm.status !== 0) {
  rmSync(CODE);
  console.warn(`the program starts slower, as it could not be run: ${warm.stderr}`);
}
