/** Where the time of a run went, for whoever writes rules or has a slow log. */
import { type Profile, RULE_BUDGET, type RuleCost } from '../model/profile.js';

/** Fewer records tell little: the first ones take longer until everything is compiled. */
const ENOUGH = 100;
/** So many rules are shown; the others took less. */
const MOST = 20;

export function profileText({ stages, rules }: Profile): string {
  const lines = [
    'logscan: where the time went, with one thread',
    ...stages.map(({ name, time }) => `  ${milliseconds(time)} ms  ${name}`),
    '',
    '     tried   matched     total    each   rule',
    ...rules
      .slice(0, MOST)
      .map(
        ({ id, tried, matched, time }) =>
          `  ${String(tried).padStart(8)}  ${String(matched).padStart(8)}  ${milliseconds(time)} ms ${each({ tried, time }).padStart(4)} µs   ${id}`,
      ),
  ];
  if (rules.length === 0) lines.push('  No rule was tried: no record has what one needs.');
  if (rules.length > MOST) lines.push(`  ${rules.length - MOST} more took less.`);
  for (const { id, tried, time } of rules) {
    if (tried < ENOUGH || time / tried <= RULE_BUDGET) continue;
    lines.push(
      `logscan: ${id}: takes ${each({ tried, time })} µs a record, wanted are at most ${RULE_BUDGET * 1000}`,
      '  Give it a fixed text that near-misses do not have, or a simpler pattern.',
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Microseconds of one record. */
function each({ tried, time }: Pick<RuleCost, 'tried' | 'time'>): string {
  return String(Math.round((time * 1000) / tried));
}

function milliseconds(time: number): string {
  return time.toFixed(1).padStart(8);
}
