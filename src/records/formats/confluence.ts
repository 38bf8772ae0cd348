import type { Format, Header } from '../format.js';
import { header } from '../header.js';
import { levelAt, levelEnd, skipBlanks } from '../level-word.js';
import { bracketedWord, commaTimeEnd } from '../request-fields.js';
import { stampOf } from '../time.js';

/** Threads with nested brackets and addresses. In characters. */
const MAX_THREAD = 400;
/** The context line follows the message, which may have several lines. */
const MAX_MESSAGE_LINES = 20;

/** `TIME LEVEL [thread] [logger] method message`, then ` -- url: … | traceId: … | userName: …`, then the trace. */
export const confluence: Format = {
  name: 'confluence',
  label: 'Confluence application log',
  firsts: '0123456789',
  samples: [
    "2020-06-12 23:01:32,956 ERROR [https-jsse-nio2-443-exec-23] [confluence.importexport.impl.AbstractXmlExporter] backupEntities Couldn't backup database data.\n -- url: /admin/dobackup.action | traceId: 476658cbce6d4360 | userName: admin | action: dobackup\norg.hibernate.ObjectNotFoundException: No row\n\tat org.hibernate.Foo.bar(Foo.java:28)",
    '2011-02-08 10:04:01,110 INFO [http-8090-Processor12] [atlassian.confluence.event.manager] publish ok',
    '2026-03-02 10:59:57,30+0200 WARN [ContainerBackgroundProcessor[StandardEngine[Standalone]]] [atlassian.confluence.util.Foo] run slow\n    Transaction:\n\n        listeners: 3',
    '2024-09-01 08:00:00,101 WARN  [http-nio-8090-exec-81 url:/confluence/res...notification/count] [com.atlassian.confluence.Foo] call late\n -- referer: https://wiki.example.com/ | url: /rest/mywork/latest/status/notification/count | userName: jdoe | traceId: 90a1b4c2e7',
  ],
  starts(text) {
    return confluenceBrackets(text) !== null;
  },
  header: confluenceHeader,
};

interface Brackets {
  readonly timeEnd: number;
  /** After the `[` of the thread, and at its `]`. */
  readonly threadStart: number;
  readonly threadEnd: number;
  readonly logger: string;
  readonly end: number;
}

/** The two brackets after time and level; a second bracket right after the first is what sets this layout apart. */
export function confluenceBrackets(text: string): Brackets | null {
  const timeEnd = commaTimeEnd(text);
  if (timeEnd < 0 || text.charCodeAt(timeEnd) !== 32) return null;
  const afterLevel = levelEnd(text, timeEnd + 1);
  if (afterLevel < 0) return null;
  const thread = skipBlanks(text, afterLevel);
  if (text.charCodeAt(thread) !== 91) return null;
  const threadEnd = threadEndOf(text, thread);
  if (threadEnd < 0) return null;
  const logger = bracketedWord(text, threadEnd + 1);
  if (logger?.start !== threadEnd + 2 || logger.word === '') return null;
  return { timeEnd, threadStart: thread + 1, threadEnd, logger: logger.word, end: logger.end };
}

/** The bracket that closes the thread, if another one opens behind it; where they do not pair, the first such. */
function threadEndOf(text: string, open: number): number {
  const stop = Math.min(text.length, open + MAX_THREAD);
  let depth = 0;
  for (let i = open; i < stop; i++) {
    const code = text.charCodeAt(i);
    if (code === 91) depth++;
    else if (code === 93 && --depth === 0) return text.startsWith('] [', i) ? i : -1;
  }
  const end = text.indexOf('] [', open);
  return end < stop ? end : -1;
}

/** Also Bamboo's, which has no context line. */
export function confluenceHeader(lines: readonly string[]): Header {
  const text = lines[0] ?? '';
  const found = confluenceBrackets(text);
  if (found === null) return header(text, {});
  return header(text.slice(found.end + 1), {
    stamp: stampOf(text, 0, found.timeEnd),
    level: levelAt(text, found.timeEnd + 1),
    thread: text.slice(found.threadStart, found.threadEnd),
    logger: found.logger,
    ...context(lines),
  });
}

function context(lines: readonly string[]): Partial<Header> {
  for (let i = 1; i < Math.min(lines.length, MAX_MESSAGE_LINES); i++) {
    const line = lines[i]!;
    if (!line.startsWith(' -- ')) continue;
    const fields = new Map<string, string>();
    for (const part of line.slice(4).split(' | ')) {
      const colon = part.indexOf(': ');
      if (colon > 0) fields.set(part.slice(0, colon).trim(), part.slice(colon + 2).trim());
    }
    return {
      url: fields.get('url') ?? null,
      requestId: fields.get('traceId') ?? null,
      user: fields.get('userName') ?? null,
    };
  }
  return {};
}
