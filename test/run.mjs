// Runs every compiled test. The files are listed, as `node --test DIR` means different things in Node 20, 22 and 24.
// With arguments: only the tests whose path contains one of them. LOGSCAN_TEST_WITHOUT leaves a folder out.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../dist/test/', import.meta.url));
const wanted = process.argv.slice(2);
const without = process.env.LOGSCAN_TEST_WITHOUT;
const files = readdirSync(root, { recursive: true })
  .filter((name) => name.endsWith('.test.js') && (without === undefined || !name.startsWith(without)))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort()
  .map((name) => join(root, name));
const reporter = process.stdout.isTTY ? 'spec' : 'dot';
// Many tests wait more than they work. Node's own choice would be one at a time where there are two cores.
const atOnce = Math.max(2, availableParallelism() - 1);
const { status } = spawnSync(
  process.execPath,
  ['--test', `--test-concurrency=${atOnce}`, `--test-reporter=${process.env.TEST_REPORTER ?? reporter}`, ...files],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
