import { type Level, toLevel, toLevelOfNumber } from '../../model/level.js';
import type { Format, Stamp } from '../format.js';
import { header } from '../header.js';
import { epochStamp, stampAt } from '../time.js';

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const MESSAGE = ['message', 'msg', 'short_message', 'event.message'];
const TIME = ['@timestamp', 'timestamp', 'time', 'ts', 'instant', 'datetime', 'timeMillis', 'date', 't'];
const LEVEL = ['level', 'severity', 'log.level', 'levelname', 'loglevel', 'lvl'];
const LOGGER = ['logger_name', 'log.logger', 'loggerName', 'logger', 'name'];
const THREAD = ['thread_name', 'process.thread.name', 'threadName', 'thread'];
const USER = ['user.name', 'username', 'userName', 'user', 'auditor'];
const REQUEST_ID = ['requestId', 'request_id', 'reqId', 'req_id', 'trace.id', 'traceId', 'trace_id', 'req.id'];
const URL = ['url.path', 'url.original', 'url', 'req.url', 'path'];
const STACK = [
  'stack_trace',
  'error.stack_trace',
  'err.stack',
  'error.stack',
  'exception.stacktrace',
  'thrown.extendedStackTrace',
  'exception.stackTrace',
  'stack',
  'stackTrace',
  'stacktrace',
  'throwable',
  'exc_info',
  'exception',
  'full_message',
];

/** One JSON object a line: pino, bunyan, winston, logstash, ECS, log4j2, GELF, zap and what resembles them. */
export const json: Format = {
  name: 'json',
  label: 'JSON lines (pino, bunyan, winston, logstash, ECS)',
  samples: [
    '{"level":50,"time":1767225600123,"pid":7,"hostname":"web1","err":{"type":"Error","message":"boom","stack":"Error: boom\\n    at f (/app/a.js:1:2)"},"msg":"request failed"}',
    '{"name":"shop","hostname":"web1","pid":7,"level":30,"msg":"listening","time":"2026-01-01T00:00:00.123Z","v":0}',
    '{"level":"error","message":"Unhandled","stack":"Error: x\\n    at g (/app/b.js:3:4)","timestamp":"2026-01-01T00:00:00.123Z"}',
    '{"@timestamp":"2026-01-01T12:00:00.123+01:00","@version":"1","message":"Failed","logger_name":"com.example.App","thread_name":"main","level":"ERROR","level_value":40000,"stack_trace":"java.lang.IllegalStateException: no\\n\\tat com.example.App.main(App.java:1)\\n"}',
    '{"@timestamp":"2026-01-01T12:00:00.123Z","log.level":"WARN","message":"slow","ecs.version":"1.2.0","process.thread.name":"main","log.logger":"com.example.App","error.stack_trace":["java.io.IOException: x","\\tat com.example.App.main(App.java:1)"]}',
    '{"@timestamp":"2026-01-01T12:00:00.123Z","log":{"level":"ERROR","logger":"com.example.App"},"message":"down\\n\\tat com.example.App.main(App.java:1)","error":{"type":"java.io.IOException","stack_trace":"java.io.IOException: x"}}',
  ],
  starts(text) {
    if (text.charCodeAt(0) !== 123) return false;
    let at = 1;
    while (at < 8 && text.charCodeAt(at) === 32) at++;
    return text.charCodeAt(at) === 34;
  },
  header(lines) {
    const text = lines[0] ?? '';
    const value = parse(text);
    if (value === null) return header(text, {});
    return header(stringOf(value, MESSAGE) ?? '', {
      stamp: stampOfValue(fieldOf(value, TIME)?.value),
      level: levelOf(fieldOf(value, LEVEL)?.value),
      thread: stringOf(value, THREAD),
      logger: stringOf(value, LOGGER),
      user: stringOf(value, USER),
      requestId: stringOf(value, REQUEST_ID),
      url: stringOf(value, URL),
    });
  },
  render(text) {
    const lineEnd = text.indexOf('\n');
    const value = parse(lineEnd < 0 ? text : text.slice(0, lineEnd));
    if (value === null) return text;
    const parts: string[] = [];
    const message = fieldOf(value, MESSAGE);
    if (typeof message?.value === 'string' && message.value !== '') parts.push(message.value);
    const stack = stackOf(value);
    if (stack !== null) parts.push(stack.text);
    const rest = without(without(value, message?.path), stack?.path);
    if (Object.keys(rest).length > 0) parts.push(JSON.stringify(rest));
    if (lineEnd >= 0) parts.push(text.slice(lineEnd + 1));
    return parts.join('\n');
  },
};

/** The record last parsed: its header and its text are asked for one after the other. */
let last: { text: string; value: JsonObject | null } = { text: '', value: null };

function parse(text: string): JsonObject | null {
  if (last.text === text) return last.value;
  last = { text, value: parseObject(text) };
  return last.value;
}

function parseObject(text: string): JsonObject | null {
  if (text.charCodeAt(0) !== 123) return null;
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Field {
  readonly path: readonly string[];
  readonly value: Json;
}

/** The first of the names that the object has, as a dotted key or nested. */
function fieldOf(object: JsonObject, names: readonly string[]): Field | null {
  for (const name of names) {
    const found = lookUp(object, name);
    if (found !== null && found.value !== null) return found;
  }
  return null;
}

function lookUp(object: JsonObject, name: string): Field | null {
  if (Object.hasOwn(object, name)) return { path: [name], value: object[name]! };
  const dot = name.indexOf('.');
  if (dot < 0) return null;
  const inner = Object.hasOwn(object, name.slice(0, dot)) ? object[name.slice(0, dot)] : undefined;
  if (!isObject(inner)) return null;
  const found = lookUp(inner, name.slice(dot + 1));
  return found === null ? null : { path: [name.slice(0, dot), ...found.path], value: found.value };
}

/** The first of the names that holds a text or a number. */
function stringOf(object: JsonObject, names: readonly string[]): string | null {
  for (const name of names) {
    const value = lookUp(object, name)?.value;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
  }
  return null;
}

/** The first stack that is a text or a list of texts, and not empty. */
function stackOf(object: JsonObject): { path: readonly string[]; text: string } | null {
  for (const name of STACK) {
    const found = lookUp(object, name);
    if (found === null) continue;
    const { path, value } = found;
    if (typeof value === 'string' && value !== '') return { path, text: value.replace(/\n$/, '') };
    if (Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string')) {
      return { path, text: value.join('\n') };
    }
  }
  return null;
}

/** A copy of the object without the field, and without an object that the field was alone in. */
function without(object: JsonObject, path: readonly string[] | undefined): JsonObject {
  const key = path?.[0];
  if (path === undefined || key === undefined || !Object.hasOwn(object, key)) return object;
  const { [key]: value, ...rest } = object;
  if (path.length === 1 || !isObject(value)) return rest;
  const inner = without(value, path.slice(1));
  return Object.keys(inner).length === 0 ? rest : { ...rest, [key]: inner };
}

function levelOf(value: Json | undefined): Level | null {
  if (typeof value === 'string') return toLevel(value.trim());
  if (typeof value !== 'number') return null;
  return value < 10 ? syslogLevel(value) : toLevelOfNumber(value);
}

/** GELF has syslog's numbers: 0 emergency to 7 debug. */
function syslogLevel(value: number): Level {
  if (value <= 2) return 'FATAL';
  if (value === 3) return 'ERROR';
  if (value === 4) return 'WARN';
  return value <= 6 ? 'INFO' : 'DEBUG';
}

function stampOfValue(value: Json | undefined): Stamp | null {
  if (typeof value === 'number') return epochStamp(value, String(value));
  if (typeof value === 'string') {
    if (/^\d{9,19}(?:\.\d{1,9})?$/.test(value)) return epochStamp(Number(value), value);
    return stampAt(value, 0)?.stamp ?? null;
  }
  if (!isObject(value)) return null;
  const seconds = value.epochSecond;
  const nanos = value.nanoOfSecond ?? value.nano;
  if (typeof seconds !== 'number') return null;
  return epochStamp(seconds + (typeof nanos === 'number' ? nanos / 1e9 : 0), String(seconds));
}
