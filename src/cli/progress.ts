/** A bar on the terminal for input that takes longer than a second; its library is loaded when it is needed. */
import type { SingleBar } from 'cli-progress';

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
  const toBar = async () => {
    const { SingleBar } = await import('cli-progress');
    return new SingleBar(LOOK);
  };
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const started = performance.now();
  let done = 0;
  let bar: SingleBar | null = null;
  let stopped = false;
  let asked = false;
  return {
    add(bytes) {
      done = Math.min(done + bytes, total);
      bar?.update(done, { done: megabytes(done) });
      if (asked || performance.now() - started < PATIENCE || done >= total) return;
      asked = true;
      void toBar().then((made) => {
        if (stopped) return;
        bar = made;
        bar.start(total, done, { done: megabytes(done), all: megabytes(total) });
      });
    },
    stop() {
      stopped = true;
      bar?.stop();
      bar = null;
    },
  };
}

const LOOK = {
  stream: process.stderr,
  clearOnComplete: true,
  hideCursor: true,
  format: ' reading {bar} {percentage}% · {done} of {all} MB · {eta_formatted} left',
  barCompleteChar: '█',
  barIncompleteChar: '░',
  barsize: 24,
  etaBuffer: 50,
  fps: 10,
};
