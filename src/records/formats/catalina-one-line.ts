import type { Format } from '../format.js';
import { header } from '../header.js';
import { skipBlanks } from '../level-word.js';
import { tomcatStampAt } from '../time.js';
import { julLevel } from './jul-two-line.js';

const START = /^\d{2}-[^\s-]{3,10}-\d{4} \d{2}:\d{2}:\d{2}\.\d{3} (\p{L}{3,20}) \[/u;

/** `dd-MMM-yyyy HH:mm:ss.SSS LEVEL [thread] class.method message`: Tomcat's OneLineFormatter, in the server's language. */
export const catalinaOneLine: Format = {
  name: 'catalina-one-line',
  label: 'Tomcat, one line (catalina.log, localhost.log)',
  samples: [
    '28-Jul-2020 16:34:37.589 INFO [main] org.apache.coyote.AbstractProtocol.start Starting ProtocolHandler ["http-nio-8080"]',
    '04-May-2026 08:00:09.811 SEVERE [Catalina-utility-2] org.apache.catalina.core.StandardContext.listenerStart Error configuring application listener of class [com.example.Listener]\n\tjava.lang.ClassNotFoundException: com.example.Listener\n\t\tat org.apache.catalina.Foo.bar(Foo.java:1)',
    '12-Mär-2024 09:00:00.001 SCHWERWIEGEND [main] org.apache.catalina.core.StandardService.startInternal Der Konnektor konnte nicht gestartet werden',
  ],
  starts(text) {
    const first = text.charCodeAt(0);
    if (first < 48 || first > 57 || text.charCodeAt(2) !== 45) return false;
    const found = START.exec(text);
    return found !== null && julLevel(found[1]!) !== null;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const time = tomcatStampAt(text, 0);
    const found = START.exec(text);
    if (found === null) return header(text, {});
    const threadAt = found[0].length;
    const close = text.indexOf('] ', threadAt);
    if (close < 0) return header(text.slice(threadAt), { stamp: time?.stamp ?? null, level: julLevel(found[1]!) });
    const source = skipBlanks(text, close + 1);
    const blank = text.indexOf(' ', source);
    return header(blank < 0 ? '' : text.slice(blank + 1), {
      stamp: time?.stamp ?? null,
      level: julLevel(found[1]!),
      thread: text.slice(threadAt, close),
      logger: classOf(blank < 0 ? text.slice(source) : text.slice(source, blank)),
    });
  },
};

/** The class of `package.Class.method`. */
function classOf(source: string): string {
  const dot = source.lastIndexOf('.');
  return dot > 0 ? source.slice(0, dot) : source;
}
