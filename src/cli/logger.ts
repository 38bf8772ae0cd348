/** logscan's own operational log: JSON lines on stderr, for those who run it in the background. Results never go there. */
import { VERSION } from '../version.js';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What logscan tells of its own work. What is wrong with inputs and rules is told to the user, not logged. */
export interface Logger {
  info(fields: object, message: string): void;
}

/** A logger that writes from `level` on. pino is loaded only where something would be written. */
export async function toLogger(level: LogLevel): Promise<Logger> {
  if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf('info')) return { info() {} };
  const { default: pino } = await import('pino');
  const base = { version: VERSION, pid: process.pid };
  const log = pino({ name: 'logscan', level, base }, pino.destination({ dest: 2, sync: true }));
  return { info: (fields, message) => log.info(fields, message) };
}
