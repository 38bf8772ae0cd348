import type { Format } from '../format.js';
import { header } from '../header.js';
import { dateTimeEnd, stampOf } from '../time.js';
import { requestPath } from './access.js';

/** `[time] "POST /x HTTP/2" 401 - via_upstream …`: Envoy and the sidecars of Istio; Node servers write it likewise. */
export const envoyAccess: Format = {
  name: 'envoy-access',
  label: 'Access log of Envoy and Istio',
  samples: [
    '[2026-05-04T08:12:33.550Z] "POST /gitplugin/webhook HTTP/2" 401 - via_upstream - "-" 120 45 12 11 "192.0.2.9" "GitHub-Hookshot/abc" "5f2d7c1e" "jira.example.com" "192.0.2.60:8080"',
    '[2020-03-20T11:00:00.000Z] "- - -" 0 UH "-" "-" 0 0 0 - "-" "-" "-" "-" "-"',
    '[2026-05-04T08:12:33.550Z] "GET /api/catalog/entities?limit=20 HTTP/1.1" 200 5120 "-" "axios/1.7.9" type=incomingRequest',
  ],
  starts(text) {
    if (text.charCodeAt(0) !== 91 || text.charCodeAt(11) !== 84) return false;
    const end = dateTimeEnd(text, 1);
    return end > 0 && text.startsWith('] "', end);
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 1);
    if (end < 0) return header(text, {});
    const message = text.slice(end + 2);
    return header(message, { stamp: stampOf(text, 1, end), url: requestPath(message) });
  },
};
