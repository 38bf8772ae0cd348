/** What every command is handed: where its words go, and how it ends. */
import { checkDay } from '../index.js';
import type { ByteSink } from '../model/sink.js';
import type { TextLook } from '../reporters/text.js';
import { type CommonArgs, isColoured, type RuleArgs } from './options.js';

export interface Context {
  readonly stdout: ByteSink;
  /** Sentences for the user: progress, trouble, hints. */
  warn(text: string): void;
  /** What is done instead of ending at once when the process is told to: the handler gets the status to end with. */
  onStop(handler: (status: number) => void): void;
  /** The command line as it was typed, for hints. */
  readonly typed: readonly string[];
}

/** What shows the text, as far as it is a terminal. */
export type Screen = Pick<Partial<NodeJS.WriteStream>, 'isTTY' | 'columns'>;

/** How text looks on this terminal. */
export function toLook(
  args: CommonArgs & { readonly all?: boolean },
  context: Context,
  asOf: string,
  details: number,
  screen: Screen = process.stdout,
): TextLook {
  const color = isColoured(args.color, screen);
  return {
    color,
    hyperlinks: color && hasHyperlinks(screen),
    width: screen.columns || 100,
    details,
    all: args.all ?? false,
    command: `logscan ${context.typed.join(' ')}`,
    asOf,
  };
}

/** Terminals that are known to show OSC 8 links; the others may print them as garbage. */
function hasHyperlinks(screen: Screen): boolean {
  const { TERM_PROGRAM, VTE_VERSION, WT_SESSION, KITTY_WINDOW_ID, KONSOLE_VERSION } = process.env;
  if (!screen.isTTY) return false;
  return (
    ['iTerm.app', 'WezTerm', 'vscode', 'Hyper', 'ghostty'].includes(TERM_PROGRAM ?? '') ||
    Number(VTE_VERSION ?? 0) >= 5000 ||
    [WT_SESSION, KITTY_WINDOW_ID, KONSOLE_VERSION].some((value) => value !== undefined)
  );
}

/**
 * The day on which solutions must be valid.
 * @throws OptionError
 */
export function dayOf(args: Pick<RuleArgs, 'as-of'>): string {
  const day = args['as-of'] ?? new Date().toISOString().slice(0, 10);
  checkDay(day);
  return day;
}
