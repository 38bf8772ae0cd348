import type { ReportObject } from '../model/report.js';
import { escapeJson } from './escape.js';

/**
 * One object as one line of NDJSON, with its LF. Whatever a log says stays within the line and is valid UTF-8: line
 * separators, lone surrogates, and what could act on a terminal are JSON escapes.
 */
export function ndjsonLine(object: ReportObject): string {
  return `${escapeJson(JSON.stringify(object))}\n`;
}
