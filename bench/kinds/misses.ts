/** Records that hold a literal of a rule, but do not match it. */
import type { PaddingRule } from '../padding.js';
import type { Scene } from '../scene.js';
import type { LogEntry } from './kind.js';

/** Of an invented rule; several lines where the rule is about an exception. */
export function missedLine(scene: Scene, { logger, miss }: PaddingRule, level = 'WARN'): LogEntry {
  return { text: `${headerOf(scene, level, logger)}${miss(scene)}`, isError: level === 'ERROR' };
}

/** Of a shipped rule. Without the fields of a request: an address of Git Integration for Jira would make some a match. */
export function shippedLine(scene: Scene, miss: string, level = 'WARN'): LogEntry {
  return { text: `${scene.background(level, 'c.example.notes.LastRun')}${miss}\n`, isError: level === 'ERROR' };
}

function headerOf(scene: Scene, level: string, logger: string): string {
  return scene.random.chance(0.5) ? scene.request(level, logger) : scene.background(level, logger);
}
