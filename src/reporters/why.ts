/** Why a rule matches the record at a place, or why it does not. */
import pc from 'picocolors';
import type { LogRecord } from '../model/log-record.js';
import { originName } from '../model/origin.js';
import type { Rule } from '../model/rule.js';
import { escapeTerminal } from './escape.js';
import type { TextLook } from './text.js';

export interface WhyParts {
  readonly rule: Rule;
  readonly record: LogRecord;
  readonly says: readonly string[];
  readonly reasons: readonly {
    readonly holds: boolean;
    readonly depth: number;
    readonly label: string;
    readonly detail: string;
  }[];
  readonly matches: boolean;
  readonly beatenBy: readonly string[];
  readonly winners: readonly string[];
}

export function whyPage({ rule, record, says, reasons, matches, beatenBy, winners }: WhyParts, look: TextLook): string {
  const paint = pc.createColors(look.color);
  const lines = record.line === record.endLine ? String(record.line) : `${record.line}-${record.endLine}`;
  const width = Math.max(...reasons.map(({ depth, label }) => depth * 2 + label.length), 0);
  const rows = reasons.map(({ holds, depth, label, detail }) => {
    const name = `${'  '.repeat(depth)}${label}`.padEnd(width);
    return ` ${holds ? paint.green('yes') : paint.red('no ')}  ${name}  ${escapeTerminal(detail)}`;
  });
  const others = winners.filter((id) => id !== rule.id);
  const known = others.length > 0 ? ` It matches ${others.join(', ')}.` : ' No rule knows it.';
  const verdict = !matches
    ? `It is not this problem.${known}`
    : beatenBy.length > 0
      ? `It matches, and loses to ${beatenBy.join(', ')}.`
      : `It is this problem: logscan explain ${rule.id}`;
  return `${[` ${paint.bold(`${escapeTerminal(originName(record.origin))}:${lines}`)} is one record (${escapeTerminal(says.join(', '))})`, ...rows, ` ${verdict}`].join('\n')}\n`;
}
