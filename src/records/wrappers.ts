import { dateTimeEnd } from './time.js';

/*
 * What container runtimes put around each line. Wrappers come off before records are assembled; the positions stay
 * those of the file.
 */

/** A line without its wrapper. */
export interface Unwrapped {
  /** `stdout`, `stderr`, or the name of the compose service: lines of one stream continue each other. */
  readonly stream: string;
  /** May hold several lines. */
  readonly text: string;
  /** True if the next line of the same stream goes on in the middle of this one. */
  readonly partial: boolean;
  /** The time that the runtime printed; null if it prints none. */
  readonly time: string | null;
}

export interface Wrapper {
  readonly name: string;
  /** Null: the line is not wrapped and is taken as it is. */
  unwrap(text: string): Unwrapped | null;
}

/** `{"log":"line\n","stream":"stderr","time":"…Z"}`. Docker cuts lines at 16 KiB; a piece without line end is partial. */
const docker: Wrapper = {
  name: 'docker',
  unwrap(text) {
    if (!text.startsWith('{"log":"') || !text.endsWith('}')) return null;
    const value = parseDocker(text);
    if (value === null || typeof value.log !== 'string') return null;
    const ends = value.log.endsWith('\n');
    return {
      stream: typeof value.stream === 'string' ? value.stream : 'stdout',
      text: ends ? value.log.slice(0, value.log.endsWith('\r\n') ? -2 : -1) : value.log,
      partial: !ends,
      time: typeof value.time === 'string' ? value.time : null,
    };
  },
};

interface DockerLine {
  readonly log?: unknown;
  readonly stream?: unknown;
  readonly time?: unknown;
}

function parseDocker(text: string): DockerLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'stream' in value ? value : null;
  } catch {
    return null;
  }
}

/** `2026-01-01T00:00:00.000000000Z stderr F line` of Kubernetes' container runtimes; `P` is a partial line. */
const cri: Wrapper = {
  name: 'cri',
  unwrap(text) {
    if (text.charCodeAt(10) !== 84) return null;
    const end = dateTimeEnd(text, 0);
    if (end < 0) return null;
    const stream = text.startsWith(' stdout ', end) ? 'stdout' : text.startsWith(' stderr ', end) ? 'stderr' : null;
    if (stream === null) return null;
    const tag = text[end + 8];
    const after = text.charCodeAt(end + 9);
    // Tags may follow each other with colons (`P:x`); the first one says whether the line is whole.
    if ((tag !== 'F' && tag !== 'P') || !(after === 32 || after === 58 || Number.isNaN(after))) return null;
    const blank = text.indexOf(' ', end + 9);
    return {
      stream,
      text: blank < 0 ? '' : text.slice(blank + 1),
      partial: tag === 'P',
      time: text.slice(0, end),
    };
  },
};

const COMPOSE = /^([\w.-]{1,100}) {1,60}\| ?/;

/** `web-1  | text` of docker compose. */
const compose: Wrapper = {
  name: 'compose',
  unwrap(text) {
    const bar = text.indexOf('|');
    if (bar < 2 || bar > 160 || text.charCodeAt(bar - 1) !== 32) return null;
    const found = COMPOSE.exec(text);
    if (found === null) return null;
    return { stream: found[1]!, text: text.slice(found[0].length), partial: false, time: null };
  },
};

const SERVICE =
  /^(?:STATUS|INFO|WARN|ERROR|FATAL|DEBUG|ADVICE|NOTICE) {1,6}\| (wrapper|jvm \d{1,6}) {0,6}\| (\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d{3})?) \| ?/;

/** `INFO   | jvm 1    | 2026/02/02 04:53:02 | text` of the Java Service Wrapper, under which Bamboo's agents run. */
const serviceWrapper: Wrapper = {
  name: 'service-wrapper',
  unwrap(text) {
    const found = SERVICE.exec(text);
    if (found === null) return null;
    return { stream: found[1]!, text: text.slice(found[0].length), partial: false, time: found[2]! };
  },
};

export function wrapperNamed(name: string): Wrapper | null {
  return [docker, cri, compose, serviceWrapper].find((wrapper) => wrapper.name === name) ?? null;
}

/** The wrapper around the lines of a file's head, or null if there is none. */
export function wrapperOf(head: readonly string[]): Wrapper | null {
  const lines = head.filter((line) => line !== '');
  if (lines.length === 0) return null;
  for (const wrapper of [docker, cri, serviceWrapper]) {
    if (countWrapped(wrapper, lines) * 2 > lines.length) return wrapper;
  }
  return isCompose(lines) ? compose : null;
}

function countWrapped(wrapper: Wrapper, lines: readonly string[]): number {
  return lines.filter((line) => wrapper.unwrap(line) !== null).length;
}

/** Compose's own names end in a number; a chosen one (`container_name`) need not. */
const NUMBERED = /[-_]\d{1,4}$/;
const MIN_LINES_OF_CHOSEN_NAMES = 3;
const BITBUCKET_ACCESS = /^\S{1,300} \| (?:https?|ssh|grpc) \| /;

/**
 * Bars occur in tables and other logs too. Compose pads its names, so that the bars of all lines stand in one column,
 * and a container's name is in lower case and no address.
 */
function isCompose(lines: readonly string[]): boolean {
  const columns = new Map<number, number>();
  let numbered = false;
  for (const line of lines) {
    const name = compose.unwrap(line)?.stream;
    if (name === undefined || !/[a-z]/.test(name) || /[A-Z]/.test(name) || BITBUCKET_ACCESS.test(line)) continue;
    numbered ||= NUMBERED.test(name);
    const column = line.indexOf('|');
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  if (!numbered && lines.length < MIN_LINES_OF_CHOSEN_NAMES) return false;
  return Math.max(0, ...columns.values()) * 10 >= lines.length * 9;
}
