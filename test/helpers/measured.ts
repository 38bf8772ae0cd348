/** What a run needs, told by the kernel when it ends. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { type Scanned, scanned, type Workspace } from './cli.js';

const MOST = 300; // MiB
/** How much room V8 gives to what is new differs from version to version, by more than a hundred MiB. */
const YOUNG = '--max-semi-space-size=8'; // MiB

/**
 * Writes the largest resident size of the process, in KiB, when it exits. maxRSS begins with what the process had that started
 * it, which in a test may be much.
 */
const METER = `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const STATUS = '/proc/self/status';
const peak = () => /VmHWM:\\s*(\\d+)/.exec(existsSync(STATUS) ? readFileSync(STATUS, 'utf8') : '')?.[1];
process.on('exit', () => writeFileSync(process.env.PEAK_FILE, peak() ?? String(process.resourceUsage().maxRSS)));
`;

/** A scan in a process of its own, which may not need more than 300 MiB. */
export async function measured(place: Workspace, args: readonly string[], stdin?: Buffer): Promise<Scanned> {
  writeFileSync(place.at('meter.mjs'), METER);
  const found = await scanned(args, {
    cwd: place.dir,
    node: [YOUNG, '--import', place.at('meter.mjs')],
    env: { PEAK_FILE: place.at('peak') },
    ...(stdin === undefined ? {} : { stdin }),
  });
  const peak = Number(readFileSync(place.at('peak'), 'utf8')) / 1024;
  assert.ok(peak > 20 && peak < MOST, `${Math.round(peak)} MiB`);
  return found;
}
