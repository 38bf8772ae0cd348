#!/usr/bin/env node
/** Process edge: runs the command, turns an error into a message and an exit status, sets V8's flags. */
import { setFlagsFromString } from 'node:v8';
import { messages } from './cli/messages.js';
import { runProgram } from './cli/program.js';
import { EXIT } from './cli/status.js';
import { ClosedPipe, streamSink } from './sinks/stream.js';

// A pattern that backtracks too much on some line goes on in the linear engine: milliseconds instead of minutes.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');

/** Ends what runs in an orderly way; null where there is nothing to be kept. */
let stop: ((status: number) => void) | null = null;

// A signal ends the process as it would end any other (130 and 143 in a shell), unless what runs has something to keep; a second
// one ends it anyway. process.exit() alone would wait for a read that is under way, and that of a FIFO may never end; it serves
// where the kernel shields the process (PID 1).
for (const [signal, status] of [
  ['SIGINT', EXIT.interrupted],
  ['SIGTERM', EXIT.terminated],
] as const) {
  process.on(signal, () => {
    if (stop !== null) {
      stop(status);
      stop = null;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    process.exit(status);
  });
}
// Without a listener, a reader of stderr that goes away ends the run with status 1, which means something else.
process.stderr.on('error', () => {});

const typed = process.argv.slice(2);
process.exitCode = EXIT.internal; // of a run that stops in the middle
runProgram(typed, {
  stdout: streamSink(process.stdout),
  warn: (text) => {
    process.stderr.write(text);
  },
  onStop: (handler) => {
    stop = handler;
  },
  typed,
}).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    if (error instanceof ClosedPipe) process.exit(EXIT.ok);
    process.stderr.write(messages.internal(error));
  },
);
