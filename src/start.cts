#!/usr/bin/env node
/**
 * [I/O] What is started where the program is bundled: loads the core beside it. V8 takes as long to compile that as to scan a small
 * log, so the build keeps what V8 made of it. Only the same Node can use it; others compile, and may remember that for the next run.
 */
import fs = require('node:fs');
import Module = require('node:module');
import os = require('node:os');
import path = require('node:path');
import vm = require('node:vm');
import zlib = require('node:zlib');

/** The build writes both: the core, in ASCII, and its code, followed by a checksum of the two. */
const CORE = path.join(__dirname, 'core.js');
const CODE = path.join(__dirname, `core-${process.version}-${process.platform}-${process.arch}.bin`);

const load = Module.createRequire(CORE);

const code = codeOf(CODE);
if (code !== null) run(code.text.toString('latin1'), code.made);
else {
  // Since Node 22.1. Its own place would be under the directory for temporary files, where others may write, too.
  try {
    (Module as { enableCompileCache?: (folder: string) => void }).enableCompileCache?.(cacheFolder());
  } catch {
    // a user without a home
  }
  load(CORE);
}

function cacheFolder(): string {
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'logscan');
}

/** The text of the core and what V8 made of it; null if there is none, or if it was made of another text: V8 looks only at its length. */
function codeOf(file: string): { text: Buffer; made: Buffer } | null {
  try {
    const bytes = fs.readFileSync(file);
    const text = fs.readFileSync(CORE);
    const made = bytes.subarray(0, -4);
    return zlib.crc32(made, zlib.crc32(text)) === bytes.readUInt32LE(made.length) ? { text, made } : null;
  } catch {
    return null;
  }
}

/** As `require` would run it. */
function run(text: string, cachedData: Buffer): void {
  const script = new vm.Script(Module.wrap(text), { filename: CORE, cachedData });
  const core = new Module(CORE);
  core.filename = CORE;
  load.cache[CORE] = core; // for what is loaded later and asks for it
  script.runInThisContext()(core.exports, load, core, CORE, __dirname);
  core.loaded = true;
}
