/** What every command is handed: where its words go, and how it ends. */
import type { Sink } from '../model/sink.js';
import type { TextLook } from '../reporters/text.js';
import { type CommonArgs, isColoured } from './options.js';

export interface Context {
  readonly stdout: Sink;
  /** Sentences for the user: progress, trouble, hints. */
  warn(text: string): void;
  /** The command line as it was typed, for hints. */
  readonly typed: readonly string[];
}

/** How text looks on this terminal. */
export function toLook(args: CommonArgs, context: Context, asOf: string, details: number): TextLook {
  const color = isColoured(args.color, process.stdout);
  return {
    color,
    hyperlinks: color && hasHyperlinks(),
    width: process.stdout.columns ?? 100,
    details,
    command: `logscan ${context.typed.join(' ')}`,
    asOf,
  };
}

/** Terminals that are known to show OSC 8 links; the others may print them as garbage. */
function hasHyperlinks(): boolean {
  const { TERM_PROGRAM, VTE_VERSION, WT_SESSION, KITTY_WINDOW_ID, KONSOLE_VERSION } = process.env;
  if (!process.stdout.isTTY) return false;
  return (
    ['iTerm.app', 'WezTerm', 'vscode', 'Hyper', 'ghostty'].includes(TERM_PROGRAM ?? '') ||
    Number(VTE_VERSION ?? 0) >= 5000 ||
    [WT_SESSION, KITTY_WINDOW_ID, KONSOLE_VERSION].some((value) => value !== undefined)
  );
}

export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
