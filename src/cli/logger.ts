/** logscan's own operational log: JSON lines on stderr, for those who run it in the background. Results never go there. */
import pino from 'pino';
import { VERSION } from '../version.js';

export type Logger = pino.Logger;

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export function toLogger(level: LogLevel): Logger {
  return pino(
    { name: 'logscan', level, base: { version: VERSION, pid: process.pid } },
    pino.destination({ dest: 2, sync: true }),
  );
}
