import type { Format } from '../format.js';
import { header } from '../header.js';
import { epochStamp } from '../time.js';

const START = /^\S{1,300} \| [A-Z]\w{1,100} \| [^|\n]{1,200} \| (\d{13}) \| /;

/** `ip | Event | user | epoch millis | entity | json | requestId | session`: the audit log before it became JSON. */
export const bitbucketAudit: Format = {
  name: 'bitbucket-audit',
  label: 'Bitbucket audit log (old)',
  samples: [
    '192.0.2.4 | RepositoryCreatedEvent | jdoe | 1441812068437 | SHOP/web | {"slug":"web"} | @PZQFBCx921x19253x0 | 1irez8i',
    '- | ProjectDeletedEvent | admin | 1600000000000 | SHOP | {} | - | -',
  ],
  starts(text) {
    const bar = text.indexOf(' | ');
    return bar > 0 && text.indexOf(' ') === bar && START.test(text);
  },
  header(lines) {
    const text = lines[0] ?? '';
    const time = START.exec(text)?.[1];
    if (time === undefined) return header(text, {});
    const [, event, user, , ...rest] = text.split(' | ');
    return header([event, ...rest].join(' | '), {
      stamp: epochStamp(Number(time), time),
      user: user ?? null,
      requestId: rest[2]?.replace(/^@/, '') ?? null,
    });
  },
};
