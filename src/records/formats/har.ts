import type { Format } from '../format.js';
import { header } from '../header.js';
import { stampAt } from '../time.js';

/**
 * A pretty-printed export of a browser's network tab. Chrome prints `startedDateTime` near the end of an entry, so an
 * entry begins at its bracket: in `{"log": {"entries": [{` that is the third level, six blanks or three tabs deep.
 */
const ENTRY = ['      {', '\t\t\t{'];

interface HarEntry {
  readonly startedDateTime?: unknown;
  readonly request?: { readonly method?: unknown; readonly url?: unknown; readonly httpVersion?: unknown };
  readonly response?: {
    readonly status?: unknown;
    readonly statusText?: unknown;
    readonly content?: { readonly text?: unknown };
  };
}

export const har: Format = {
  name: 'har',
  label: 'Browser network export (HAR)',
  samples: [
    [
      '      {',
      '        "_resourceType": "xhr",',
      '        "request": {',
      '          "method": "GET",',
      '          "url": "https://jira.example.com/rest/gitplugin/1.0/repository",',
      '          "httpVersion": "HTTP/2.0",',
      '          "headers": [',
      '            {',
      '              "name": "accept",',
      '              "value": "*/*"',
      '            }',
      '          ]',
      '        },',
      '        "response": {',
      '          "status": 401,',
      '          "statusText": "Unauthorized",',
      '          "content": {',
      '            "text": "{\\"message\\":\\"Client must be authenticated\\"}"',
      '          }',
      '        },',
      '        "startedDateTime": "2026-05-04T08:12:33.550Z",',
      '        "time": 12.5',
      '      },',
    ].join('\n'),
    [
      '      {',
      '        "startedDateTime": "2019-05-04T10:12:33.550+02:00",',
      '        "request": {',
      '          "method": "POST",',
      '          "url": "https://jira.example.com/login.jsp"',
      '        },',
      '        "response": {',
      '          "status": 200',
      '        }',
      '      }',
      '    ]',
      '  }',
      '}',
    ].join('\n'),
  ],
  starts: (text) => text.length <= 7 && ENTRY.includes(text),
  header(lines) {
    const request = {
      method: valueAfter(lines, 'method'),
      url: valueAfter(lines, 'url'),
      status: valueAfter(lines, 'status'),
    };
    const time = valueAfter(lines, 'startedDateTime');
    return header(Object.values(request).join(' ').trim(), {
      stamp: time === '' ? null : (stampAt(time, 0)?.stamp ?? null),
      url: request.url,
    });
  },
  render(text) {
    const entry = parse(text);
    const { request, response } = entry ?? {};
    if (typeof request?.method !== 'string' || typeof request.url !== 'string') return text;
    const version = typeof request.httpVersion === 'string' ? request.httpVersion : 'HTTP/1.1';
    const parts = [`${request.method} ${request.url} ${version}`];
    if (typeof response?.status === 'number') {
      parts.push(`${version} ${response.status} ${response.statusText ?? ''}`.trimEnd());
    }
    if (typeof response?.content?.text === 'string') parts.push(response.content.text);
    return [...parts, text].join('\n');
  },
};

/** The first value of the key that stands on a line of its own; the keys looked for occur first in the entry itself. */
function valueAfter(lines: readonly string[], key: string): string {
  for (const line of lines) {
    if (line.length > 10_000) continue;
    const text = line.trimStart();
    if (!text.startsWith(`"${key}": `)) continue;
    return text
      .slice(key.length + 4)
      .replace(/,$/, '')
      .replace(/^"|"$/g, '');
  }
  return '';
}

/** The entry as far as its closing bracket; what follows the last one closes the file. */
function parse(text: string): HarEntry | null {
  const close = text.search(/^(?: {6}|\t{3})\},?$/m);
  if (close < 0) return null;
  try {
    const value: unknown = JSON.parse(text.slice(0, text.indexOf('}', close) + 1));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
