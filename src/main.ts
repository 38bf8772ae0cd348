#!/usr/bin/env node
/** Process edge: runs the command, turns an error into a message and an exit status, sets V8's flags. */
import { setFlagsFromString } from 'node:v8';
import { messages } from './cli/messages.js';
import { runProgram } from './cli/program.js';
import { EXIT } from './cli/status.js';
import { ClosedPipe, streamSink } from './sinks/stream.js';

// A pattern that backtracks too much on some line goes on in the linear engine: milliseconds instead of minutes.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

process.once('SIGINT', () => process.exit(EXIT.interrupted));
process.once('SIGTERM', () => process.exit(EXIT.terminated));

const typed = process.argv.slice(2);
try {
  process.exitCode = await runProgram(typed, {
    stdout: streamSink(process.stdout),
    warn: (text) => {
      process.stderr.write(text);
    },
    typed,
  });
} catch (error) {
  if (error instanceof ClosedPipe) process.exit(EXIT.ok);
  process.stderr.write(messages.internal(error));
  process.exitCode = EXIT.internal;
}
