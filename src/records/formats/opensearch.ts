import { toLevel } from '../../model/level.js';
import type { Format } from '../format.js';
import { header } from '../header.js';
import { dateTimeEnd, stampOf } from '../time.js';

const PARTS = /^\]\[([A-Z]{4,8}) *\]\[([^\]\n]{1,200})\] ?(?:\[([^\]\n]{1,200})\] ?)?/;

/** `[time][LEVEL][logger] [node] message`: OpenSearch and Elasticsearch. */
export const opensearch: Format = {
  name: 'opensearch',
  label: 'OpenSearch or Elasticsearch',
  samples: [
    '[2026-05-04T11:00:00,004][INFO ][o.o.t.TransportService   ] [search-1] publish_address {192.0.2.60:9300}',
    '[2018-05-04T11:00:00,004][ERROR][o.e.b.Bootstrap          ] Exception\njava.lang.RuntimeException: can not run as root\n\tat org.elasticsearch.Foo.bar(Foo.java:1)',
  ],
  starts(text) {
    if (text.charCodeAt(0) !== 91 || text.charCodeAt(11) !== 84) return false;
    const end = dateTimeEnd(text, 1);
    return end > 0 && PARTS.test(text.slice(end, end + 430));
  },
  header(lines) {
    const text = lines[0] ?? '';
    const end = dateTimeEnd(text, 1);
    const found = end < 0 ? null : PARTS.exec(text.slice(end));
    if (found === null) return header(text, {});
    return header(text.slice(end + found[0].length), {
      stamp: stampOf(text, 1, end),
      level: toLevel(found[1]!),
      logger: found[2]!.trim(),
    });
  },
};
