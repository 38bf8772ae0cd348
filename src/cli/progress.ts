/** A bar on the terminal for input that takes longer than a second. */
import { SingleBar } from 'cli-progress';

const PATIENCE = 1000; // milliseconds

export interface Progress {
  add(bytes: number): void;
  stop(): void;
}

const NONE: Progress = { add() {}, stop() {} };

/** @param total bytes to come; 0 if that is not known, then there is no bar */
export function toProgress(total: number, { quiet }: { quiet: boolean }): Progress {
  const shown = process.stderr.isTTY && !process.env.CI && process.env.TERM !== 'dumb' && !quiet && total > 0;
  if (!shown) return NONE;
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: ' reading {bar} {percentage}% · {done} of {all} MB · {eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    etaBuffer: 50,
    fps: 10,
  });
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const started = performance.now();
  let done = 0;
  let running = false;
  return {
    add(bytes) {
      done = Math.min(done + bytes, total);
      if (!running && performance.now() - started > PATIENCE && done < total) {
        running = true;
        bar.start(total, done, { done: megabytes(done), all: megabytes(total) });
      } else if (running) bar.update(done, { done: megabytes(done) });
    },
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}
