import { type Level, toLevel } from '../../model/level.js';
import type { Format } from '../format.js';
import { header } from '../header.js';
import { julStampAt } from '../time.js';

/** java.util.logging's levels in the languages that the JDK speaks, without accents. */
const TRANSLATED: Readonly<Record<string, Level>> = {
  SCHWERWIEGEND: 'ERROR',
  GRAVE: 'ERROR',
  ERNSTIG: 'ERROR',
  WARNUNG: 'WARN',
  AVERTISSEMENT: 'WARN',
  ADVERTENCIA: 'WARN',
  AVVERTENZA: 'WARN',
  WAARSCHUWING: 'WARN',
  INFOS: 'INFO',
  INFORMACION: 'INFO',
  INFORMAZIONI: 'INFO',
  INFORMACOES: 'INFO',
  INFORMATIE: 'INFO',
  KONFIGURATION: 'DEBUG',
  CONFIGURATION: 'DEBUG',
  FEIN: 'DEBUG',
  PRECIS: 'DEBUG',
};

export function julLevel(word: string): Level | null {
  const plain = word.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  return toLevel(plain) ?? TRANSLATED[plain] ?? null;
}

const ENGLISH_SOURCE = /^ [\w.$<>-]{1,300} \S{1,200}$/;
/** Elsewhere a day and a time may begin an ordinary sentence, so the class must have a package. */
const SOURCE = /^ [\w$]{1,100}(?:\.[\w$<>-]{1,200})+ \S{1,200}$/;

function sourceOf(text: string): { end: number; source: string } | null {
  const time = julStampAt(text, 0);
  if (time === null || text.length > time.end + 510) return null;
  const source = text.slice(time.end);
  const english = text.charCodeAt(time.end - 1) === 77 && text.charCodeAt(0) > 57;
  return (english ? ENGLISH_SOURCE : SOURCE).test(source) ? { end: time.end, source: source.slice(1) } : null;
}

/** Date, class and method on one line, `LEVEL: message` on the next: Tomcat up to 7, SimpleFormatter, in any language. */
export const julTwoLine: Format = {
  name: 'jul-two-line',
  label: 'java.util.logging, two lines',
  samples: [
    'Jun 12, 2012 12:38:04 PM org.apache.tomcat.util.net.JIoEndpoint createWorkerThread\nINFO: Maximum number of threads (150) created for connector with address null and port 8080',
    'Nov 03, 2023 1:05:00\u202fAM org.apache.catalina.core.StandardContext listenerStart\nSEVERE: Error configuring application listener\njava.lang.NullPointerException\n\tat com.example.Foo.bar(Foo.java:1)',
    '12.06.2012 12:38:04 org.apache.catalina.startup.Catalina start\nINFO: Server startup in 4711 ms',
    '12 juin 2012 14:38:04 org.apache.coyote.AbstractProtocol start\nINFOS: Démarrage',
    'März 12, 2018 2:00:00 NACHM. org.apache.catalina.core.StandardService startInternal\nSCHWERWIEGEND: Fehler',
    '03-ene-2014 8:15:59 org.apache.catalina.core.AprLifecycleListener init\nADVERTENCIA: No se encuentra APR',
  ],
  starts(text) {
    const first = text.charCodeAt(0);
    // Digits, and letters that may begin a month's name; a stack trace begins with lower case or a blank.
    if (!((first >= 48 && first <= 57) || first >= 65)) return false;
    return hasEarlyTime(text) && sourceOf(text) !== null;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const found = sourceOf(text);
    if (found === null) return header(text, {});
    const second = lines[1] ?? '';
    const colon = second.indexOf(': ');
    const level = colon > 0 && colon < 30 ? julLevel(second.slice(0, colon)) : null;
    return header(level === null ? '' : second.slice(colon + 2), {
      stamp: julStampAt(text, 0)?.stamp ?? null,
      level,
      logger: found.source.slice(0, found.source.indexOf(' ')),
      lines: level === null ? 1 : 2,
    });
  },
};

/** A colon of the time among the first characters; a cheap test before the regexes. */
function hasEarlyTime(text: string): boolean {
  const colon = text.indexOf(':');
  return colon >= 11 && colon <= 26 && text.charCodeAt(colon + 3) === 58 && isDigitAt(text, colon - 1);
}

function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}
