import { type Level, toLevel } from '../../model/level.js';
import type { Format } from '../format.js';
import { header } from '../header.js';

const NAME = 'Name: ';
const SEVERITIES: Readonly<Record<string, Level>> = { MAJOR: 'ERROR', MINOR: 'WARN' };

/** Blocks of `Name:`, `NodeId:`, `Is healthy:`, `Failure reason:`, `Severity:`; a healthy one is INFO. */
export const healthcheck: Format = {
  name: 'healthcheck',
  label: 'Health checks of a support zip (healthcheckResults.txt)',
  samples: [
    'Name: Lucene index files location\nNodeId: node1\nIs healthy: true\nFailure reason: null\nSeverity: UNDEFINED',
    "Name: Supported Java Version\nNodeId: null\nIs healthy: false\nFailure reason: You're using an unsupported Java version\nSeverity: CRITICAL",
  ],
  starts: (text) => text.charCodeAt(0) === 78 && text.startsWith(NAME),
  header(lines) {
    const text = lines[0] ?? '';
    return header(text.startsWith(NAME) ? text.slice(NAME.length) : text, { level: levelOf(lines) });
  },
};

function levelOf(lines: readonly string[]): Level | null {
  const healthy = valueAfter(lines, 'Is healthy: ');
  if (healthy === 'true') return 'INFO';
  const severity = valueAfter(lines, 'Severity: ')?.toUpperCase();
  if (severity !== undefined) return toLevel(severity) ?? SEVERITIES[severity] ?? 'WARN';
  return healthy === 'false' ? 'WARN' : null;
}

function valueAfter(lines: readonly string[], key: string): string | null {
  return (
    lines
      .find((line) => line.startsWith(key))
      ?.slice(key.length)
      .trim() ?? null
  );
}
