// dist/src and dist/test: what tsc makes of them; dist/src is the library.
// dist/bin/app: the program, bundled, so that it starts fast. It lies as deep as dist/src/*, as paths to rules/ are relative.

import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const WRAP_ANSI = createRequire(import.meta.url).resolve('wrap-ansi');
const STRING_WIDTH = createRequire(WRAP_ANSI).resolve('string-width');

/** Latin and Cyrillic letters, punctuation, arrows, blocks: each one column wide, whatever stands beside it. */
const NARROW = String.raw`[ -~\u00a0-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u2193\u2580-\u259f]`;

// What tells the width of any text takes 30 ms to be made: an Intl.Segmenter, and a table of all emoji. It is made for the
// first text that needs it, and what is known to be narrow needs it not.
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
];

// yargs and cliui bring a string-width each. One does for all; cli-progress asks for an old one in CommonJS and keeps it.
const lazyWidth = {
  name: 'lazy-width',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: STRING_WIDTH } : null,
    );
    onLoad({ filter: /(?:string-width|wrap-ansi)\/index\.js$/ }, ({ path }) => {
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
      kind === 'dynamic-import' ? { path, namespace: 'later', pluginData: resolveDir } : null,
    );
    onLoad({ filter: /./, namespace: 'later' }, ({ path, pluginData }) => ({
      contents: [
        `import ${JSON.stringify(resolve('dist/src/cli/program.js'))};`,
        `export * from ${JSON.stringify(path)};`,
        path.startsWith('.') ? '' : `export { default } from ${JSON.stringify(path)};`, // a library
      ].join('\n'),
      resolveDir: pluginData,
    }));
  },
};

await build({
  entryPoints: ['dist/src/main.js'],
  outdir: 'dist/bin/app',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Names stay: traces are read by people, and putting them back at the start (keepNames) takes 6 ms.
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [lazyWidth, oneCore],
  logLevel: 'warning',
  // Libraries in CommonJS ask for Node's modules by require.
  banner: { js: "import{createRequire as __toRequire}from'node:module';const require=__toRequire(import.meta.url);" },
});

const { readPacks } = await import('./dist/src/rules/read.js');
const { writeCompiled } = await import('./dist/src/rules/compiled.js');
const { literalsOf } = await import('./dist/src/matches/literals.js');
const { RuleError } = await import('./dist/src/rules/problem.js');
try {
  writeCompiled(await readPacks(['rules']), (rule) => literalsOf(rule.match));
  copyFileSync('dist/src/rules/packs.jsonl', 'dist/bin/app/packs.jsonl');
} catch (error) {
  // Broken rules are told by `rules check` and by every run; they must not keep anybody from building.
  if (!(error instanceof RuleError)) throw error;
  console.warn(error.message);
}
