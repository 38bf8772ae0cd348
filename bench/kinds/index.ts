/** The kinds of logs; README.md says what is in them. */
import { dense } from './dense.js';
import type { ToWriter } from './kind.js';
import { mixed } from './mixed.js';
import { nearMiss } from './near-miss.js';
import { normal } from './normal.js';
import { shift } from './shift.js';

export const KINDS = { normal, dense, mixed, shift, 'near-miss': nearMiss } satisfies Record<string, ToWriter>;

export type LogKind = keyof typeof KINDS;
