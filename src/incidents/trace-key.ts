/**
 * What an error is told from others by takes long to find: its trace is parsed, its frames are masked. Most errors of a log
 * were there before, with the same trace. So the trace is first looked at cheaply, and only what is new takes the long way.
 */
import type { LogRecord } from '../model/log-record.js';
import { Hash53 } from './hash.js';
import { isAppFrame } from './normalize.js';

/** A longer text takes the long way. */
const MOST = 64 * 1024; // characters
/** The parser of traces surely keeps so many first frames of an exception. */
const MOST_FRAMES = 500;
/** Where a line speaks of an exception, only the parser of traces knows what it means. */
const SPEAKS = /Exception|Error|Throwable|stacktrace|Suppressed|Wrapped by|exception is|--->/;
const PROXY = '$Proxy';
const TAB = 9;
const BLANK = 32;

/** Whether the fields of a header speak of an exception: the parser of traces looks at them, too, and no key knows them. */
export function speaksBefore({ text, body, logger }: Pick<LogRecord, 'text' | 'body' | 'logger'>): boolean {
  const fields = text.slice(0, text.length - body.length);
  return SPEAKS.test(logger === null ? fields : fields.replace(logger, ''));
}

/**
 * A key of an ordinary Java trace, of its classes and methods alone: where two records have the same key, they have the same
 * fingerprint. Null for everything that is not ordinary; then the key must be found the long way.
 * @param body a record's text without the fields of its header
 */
export function traceKey(body: string): number | null {
  if (body.length > MOST) return null;
  const hash = new Hash53();
  let exceptions = 0;
  let frames = 0; // of the last exception
  let own = false; // whether one of the first of them is of an application
  let proxy = body.indexOf(PROXY); // the next one, so that it is not searched for from every line
  for (let start = 0, number = 0; start <= body.length; number++) {
    const feed = body.indexOf('\n', start);
    const end = feed < 0 ? body.length : feed;
    const first = body.charCodeAt(start);
    if (number === 0) {
      if (!isMessage(body.slice(start, end))) return null;
    } else if (first === TAB || first === BLANK) {
      if (exceptions === 0) return null;
      const at = skipBlanks(body, start);
      if (body.startsWith('at ', at)) {
        while (proxy >= 0 && proxy < at) proxy = body.indexOf(PROXY, at);
        addFrame(body, at, end, proxy, hash);
        frames++;
        own ||= frames <= MOST_FRAMES && isAppFrame(body.slice(at + 'at '.length, end));
      } else if (!body.startsWith('... ', at)) return null;
    } else {
      if (exceptions > 0 && !own) return null; // then its message counts
      if (!addException(body.slice(start, end), hash)) return null;
      exceptions++;
      frames = 0;
      own = false;
    }
    start = end + 1;
  }
  return own ? hash.value() : null; // without one the message counts
}

/** The header's message does not count, unless it may be an exception itself. */
function isMessage(line: string): boolean {
  return !SPEAKS.test(line) && !/^[\w$]+\.[\w$]/.test(line);
}

/** A class that nobody takes for prose, its reason, or nothing behind it. */
const EXCEPTION = /^(?:Caused by: )?[a-z_]\w*(?:\.\w+)*\.[A-Z][\w$]*(?:Exception|Error|Throwable)(?=: |$)/;

/** `Caused by: com.acme.FailedException: why`: all but the reason counts. False for everything else. */
function addException(line: string, hash: Hash53): boolean {
  const type = EXCEPTION.exec(line)?.[0];
  if (type === undefined || SPEAKS.test(line.slice(type.length))) return false;
  hash.add(type, 0, type.length);
  hash.addCode(BLANK);
  return true;
}

/** A frame up to its source; the number of a proxy changes at every start. */
function addFrame(body: string, start: number, end: number, proxy: number, hash: Hash53): void {
  const open = body.indexOf('(', start);
  const to = open < 0 || open > end ? end : open;
  if (proxy < 0 || proxy >= to) {
    hash.add(body, start, to);
  } else {
    let behind = proxy + PROXY.length;
    while (behind < to && isDigit(body.charCodeAt(behind))) behind++;
    hash.add(body, start, proxy + PROXY.length);
    hash.add(body, behind, to);
  }
  hash.addCode(TAB);
}

function skipBlanks(body: string, start: number): number {
  let at = start;
  while (body.charCodeAt(at) === TAB || body.charCodeAt(at) === BLANK) at++;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
