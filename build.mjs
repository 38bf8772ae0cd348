// dist/src and dist/test: what tsc makes of them; dist/src is the library.
// dist/bin/app: the program, bundled, so that it starts fast. It lies as deep as dist/src/*, as paths to rules/ are relative.

import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const STRING_WIDTH = createRequire(createRequire(import.meta.url).resolve('wrap-ansi')).resolve('string-width');

// yargs, cliui and wrap-ansi bring a string-width each, and each makes an Intl.Segmenter (8 ms) at the start. One does for all;
// cli-progress asks for an old one in CommonJS and keeps it.
const oneStringWidth = {
  name: 'one-string-width',
  setup({ onResolve }) {
    onResolve({ filter: /^string-width$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: STRING_WIDTH } : null,
    );
  },
};

await build({
  entryPoints: ['dist/src/main.js', 'dist/src/worker.js'],
  outdir: 'dist/bin/app',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: !process.env.PLAIN,
  plugins: [oneStringWidth],
  logLevel: 'warning',
  // Libraries in CommonJS ask for Node's modules by require.
  banner: { js: "import{createRequire as __toRequire}from'node:module';const require=__toRequire(import.meta.url);" },
});

const { readPacks } = await import('./dist/src/rules/read.js');
const { writeCompiled } = await import('./dist/src/rules/compiled.js');
const { needsOf } = await import('./dist/src/matches/literals.js');
const { RuleError } = await import('./dist/src/rules/problem.js');
try {
  await writeCompiled(await readPacks(['rules']), (rule) => needsOf(rule.match));
  copyFileSync('dist/src/rules/packs.json', 'dist/bin/app/packs.json');
} catch (error) {
  // Broken rules are told by `rules check` and by every run; they must not keep anybody from building.
  if (!(error instanceof RuleError)) throw error;
  console.warn(error.message);
}
