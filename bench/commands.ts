/** [I/O] The commands that are compared. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { type Command, findProgram, run } from './processes.js';

/** What a command reads. */
export interface Input {
  readonly file: string;
  readonly bytes: number;
}

/** Makes commands of what this machine has. */
export class Commands {
  /** Whether this logscan takes `--jobs`. */
  readonly #takesJobs: boolean;
  readonly #ripgrep: string | null;
  readonly #hyperscan: string | null;

  /**
   * @param root the checkout
   * @param data where a program may be built
   * @param main the program that is asked for its options
   */
  constructor(root: string, data: string, main: string) {
    this.#takesJobs = /--jobs\b/.test(run(node('help', [main, '--help'])).stdout);
    const fromNpm = path.join(root, 'node_modules', '@vscode', 'ripgrep-linux-x64', 'bin', 'rg');
    this.#ripgrep = findProgram('rg', [fromNpm]);
    this.#hyperscan = buildHyperscan(path.join(root, 'bench', 'hyperscan.c'), path.join(data, 'hyperscan'));
  }

  /**
   * One thread; a logscan that has no choice has one.
   * @param detail what the name says behind the options
   */
  oneThread(name: string, detail: string, main: string, input: Input, options: readonly string[]): Command {
    const command = this.#takesJobs
      ? this.withJobs(name, main, input, 1, options)
      : logscan(name, main, input, options);
    return { ...command, name: `${command.name}${detail}` };
  }

  withJobs(name: string, main: string, input: Input, jobs: number, options: readonly string[] = []): Command {
    const command = logscan(`${name} --jobs ${jobs}`, main, input, [...options, '--jobs', String(jobs)]);
    return this.#takesJobs ? command : { ...command, missing: 'not offered' };
  }

  /** As a user types it. */
  typed(name: string, main: string, input: Input): Command {
    return logscan(name, main, input, []);
  }

  ripgrep(name: string, literals: string, { file, bytes }: Input): Command {
    return toCommand(name, this.#ripgrep, ['-j1', '-F', '-c', '-f', literals, file], { bytes, goodStatuses: [0, 1] });
  }

  grep(name: string, literals: string, { file, bytes }: Input): Command {
    const args = ['-F', '-c', '-f', literals, file];
    return toCommand(name, findProgram('grep'), args, { bytes, goodStatuses: [0, 1], once: true });
  }

  hyperscan(name: string, literals: string, { file, bytes }: Input): Command {
    return toCommand(name, this.#hyperscan, [literals, file], { bytes });
  }

  countLines(name: string, { file, bytes }: Input): Command {
    return toCommand(name, findProgram('wc'), ['-l', file], { bytes });
  }

  read(name: string, { file, bytes }: Input): Command {
    return toCommand(name, findProgram('cat'), [file], { bytes, keepsOutput: false });
  }

  unpack(name: string, { file, bytes }: Input): Command {
    return toCommand(name, findProgram('zcat'), [file], { bytes, keepsOutput: false });
  }

  /** Reads the log, finds its records and their times; that is what lnav does before it shows anything. */
  lnav(name: string, { file, bytes }: Input): Command {
    const count = ';SELECT count(*) FROM all_logs';
    return toCommand(name, findProgram('lnav'), ['-n', '-q', '-c', count, file], { bytes, once: true });
  }

  /** What the programs say of their versions. */
  versions(): readonly string[] {
    const programs = [
      this.#ripgrep,
      this.#hyperscan,
      ...['grep', 'wc', 'zcat', 'lnav'].map((name) => findProgram(name)),
    ];
    return programs.flatMap((program) => {
      const option = program?.endsWith('lnav') ? '-V' : '--version';
      const { stdout, failure } = run(toCommand('', program, [option], {}));
      return failure === null ? [stdout.split('\n')[0]!.trim()] : [];
    });
  }
}

/** Node with a script. */
export function node(name: string, args: readonly string[], options: Partial<Command> = {}): Command {
  return toCommand(name, process.execPath, args, options);
}

function logscan(name: string, main: string, { file, bytes }: Input, options: readonly string[]): Command {
  return node(name, [main, file, '--format', 'ndjson', ...options], { bytes });
}

function toCommand(name: string, program: string | null, args: readonly string[], options: Partial<Command>): Command {
  return {
    name,
    program: program ?? '',
    args,
    missing: program === null ? 'not installed' : null,
    bytes: 0,
    goodStatuses: [0],
    keepsOutput: true,
    once: false,
    ...options,
  };
}

/** The program that asks Hyperscan, or null where a compiler or the library is missing. */
function buildHyperscan(source: string, target: string): string | null {
  const compiler = findProgram('cc');
  if (compiler === null) return null;
  const { status } = spawnSync(compiler, ['-O2', '-D_GNU_SOURCE', '-o', target, source, '-lhs']);
  return status === 0 ? target : null;
}
