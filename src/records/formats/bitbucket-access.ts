import type { Format } from '../format.js';
import { header } from '../header.js';
import { stampAt } from '../time.js';
import { requestPath } from './access.js';

/** Where ` | https | ` stands, the second column; or -1. */
function protocolAt(text: string): number {
  const bar = text.indexOf(' | ');
  if (bar <= 0 || bar > 600 || text.indexOf(' ') !== bar) return -1;
  const end = text.indexOf(' | ', bar + 3);
  const protocol = text.slice(bar + 3, end);
  return protocol === 'http' || protocol === 'https' || protocol === 'ssh' || protocol === 'grpc' ? bar : -1;
}

/** `ip | protocol | o@requestId | user | time | "GET /x HTTP/1.1" | "referer" "agent" | status | …`. */
export const bitbucketAccess: Format = {
  name: 'bitbucket-access',
  label: 'Bitbucket access log',
  samples: [
    '192.0.2.153 | https | o@PZQFBCx921x19253x0 | - | 2015-09-09 15:21:08,437 | "GET /status HTTP/1.1" | "" "" | 200 | 0 | 19 | - | 6 | 1irez8i | ',
    '192.0.2.7,127.0.0.1 | http | i*1QW2E3x600x12x1 | jdoe | 2026-05-05 10:00:00,001 | "GET /scm/shop/web.git/info/refs HTTP/1.1" | "" "git/2.43.0" | - | - | - | - | - | - | ',
    "192.0.2.8 | ssh | o@1QW2E3x601x13x1 | jdoe | 2024-05-05 10:00:01,001 | SSH - git-upload-pack '/shop/web.git' | - | 0 | 12 | 400 | clone | 31 | 4abcde | ",
  ],
  starts(text) {
    return text.charCodeAt(0) > 34 && protocolAt(text) > 0;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const columns = text.slice(0, 10_000).split(' | ');
    const request = columns[5];
    if (protocolAt(text) < 0 || request === undefined) return header(text, {});
    return header(columns.slice(5).join(' | '), {
      stamp: stampAt(columns[4]!, 0)?.stamp ?? null,
      user: columns[3]!,
      requestId: columns[2]!.replace(/^[io][@*]/, ''),
      url: request.startsWith('"') ? requestPath(request) : null,
    });
  },
};
