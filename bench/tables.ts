/** [I/O] Which commands are measured side by side. A ratio is only ever made of two of one table. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Commands, node } from './commands.js';
import type { Logs } from './logs.js';
import { type Command, measure } from './processes.js';
import type { PaddedProgram, Programs } from './programs.js';
import type { StoredLog } from './stored.js';

export interface Efforts {
  /** Of each command on a log. */
  readonly rounds: number;
  /** Of each command on the short log. */
  readonly startUps: number;
  /** No command begins another round after so long. */
  readonly seconds: number;
}

export type Tables = Awaited<ReturnType<typeof measureTables>>;

const KNOWN = 'logscan --unknown none';
const RIPGREP = 'rg -j1 -F -c';

export async function measureTables(
  folder: string,
  commands: Commands,
  programs: Programs,
  logs: Logs,
  { rounds, startUps, seconds }: Efforts,
) {
  const { main, literals } = programs[300];
  const { normal, smaller, short, dense, mixed, shift, nearMiss, gzip } = logs;
  const known = (log: StoredLog, { program = programs[300], detail = '' } = {}) =>
    commands.oneThread(KNOWN, detail, program.main, log, ['--unknown', 'none']);
  const ripgrep = (log: StoredLog, program: PaddedProgram = programs[300], detail = '') =>
    commands.ripgrep(`${RIPGREP}${detail}`, program.literals.path, log);
  const table = <Name extends string>(what: string, made: Readonly<Record<Name, Command>>, times = rounds) => {
    console.error(`measuring ${what}`);
    return measure(made, { rounds: times, seconds });
  };
  const knownAndRipgrep = (log: StoredLog) => ({
    known: known(log),
    counted: { ...commands.typed('logscan', main, log), once: true }, // counts records, which the other one does not
    ripgrep: ripgrep(log),
  });
  const empty = path.join(folder, 'empty.mjs');
  await writeFile(empty, '');

  return {
    normal: table('a normal log', {
      typed: commands.typed('logscan', main, normal),
      one: commands.withJobs('logscan', main, normal, 1),
      known: known(normal),
      knownTwo: commands.withJobs(KNOWN, main, normal, 2, ['--unknown', 'none']),
      smaller: commands.typed('logscan, smaller log', main, smaller),
      knownSmaller: known(smaller, { detail: ', smaller log' }),
      ripgrep: ripgrep(normal),
      hyperscan: commands.hyperscan('Hyperscan', literals.path, normal),
      grep: commands.grep('grep -F -c', literals.path, normal),
      lnav: commands.lnav('lnav', normal),
      countLines: commands.countLines('wc -l', normal),
      read: commands.read('cat > /dev/null', normal),
    }),
    packs: table('other packs', {
      known30: known(normal, { program: programs[30], detail: ', 30 rules' }),
      ripgrep30: ripgrep(normal, programs[30], ', 30 rules'),
      known150: known(normal, { program: programs[150], detail: ', 150 rules' }),
      ripgrep150: ripgrep(normal, programs[150], ', 150 rules'),
      known3000: known(normal, { program: programs[3000], detail: ', 3000 rules' }),
      knownShipped: known(normal, { program: programs.shipped, detail: ', shipped rules' }),
      ripgrepShipped: ripgrep(normal, programs.shipped, ', shipped rules'),
      typedShipped: commands.typed('logscan, shipped rules', programs.shipped.main, normal),
    }),
    dense: table('a dense log', {
      typed: commands.typed('logscan', main, dense),
      known: known(dense),
      ripgrep: ripgrep(dense),
    }),
    mixed: table('a mixed log', knownAndRipgrep(mixed)),
    shift: table('a shifting log', knownAndRipgrep(shift)),
    nearMiss: table('a near-miss log', knownAndRipgrep(nearMiss)),
    gzip: table('a compressed log', { known: known(gzip), unpack: commands.unpack('zcat > /dev/null', gzip) }),
    startUp: table(
      'start-up',
      {
        empty: node('node empty.mjs', [empty]),
        typed: commands.typed('logscan', main, short),
        one: commands.withJobs('logscan', main, short, 1),
        two: commands.withJobs('logscan', main, short, 2),
        version: node('logscan --version', [main, '--version']),
      },
      startUps,
    ),
  };
}
