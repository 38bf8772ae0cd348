/** What tells one error that no rule knows from another: never its time, thread or line numbers. */
import type { LogRecord } from '../model/log-record.js';
import type { Throwable } from '../model/throwable.js';
import { isAppFrame, maskFrame, maskMessage } from './normalize.js';
import type { Mask } from './occurrence.js';

/** So many frames of a root cause tell it from others; deeper ones tell the way that led there. */
const MAX_FRAMES = 5;
/** So many frames are looked at: a stack overflow has a thousand. */
const MAX_SEARCHED = 1000;
const MAX_LOGGER = 24; // characters that are shown as they are
const MAX_NAME = 300; // characters of a class or logger; longer ones are no names
const NO_MESSAGE = '(no message)';

/** Two sightings with equal keys are one error. */
export interface Fingerprint {
  readonly key: string;
  readonly title: string;
  /** The message with its changing parts masked. */
  readonly template: string;
  /** Whether the trace alone makes the key: its messages do not count. */
  readonly byTrace: boolean;
}

/**
 * The fingerprint of a record: of the root cause and where it was thrown, or of logger and message without one.
 * @param mask takes secrets out, before the rest of one would be taken for a number
 */
export function fingerprintOf(record: LogRecord, mask: Mask): Fingerprint {
  const chain = firstChain(record.throwables);
  return chain.length > 0 ? ofChain(chain, record.message, mask) : ofMessage(record, mask);
}

function ofChain(chain: readonly Throwable[], header: string, mask: Mask): Fingerprint {
  const root = chain[chain.length - 1]!;
  const template = maskMessage(mask(root.message)) || maskMessage(mask(header));
  const { frames, own } = tellingFrames(root.frames);
  const types = chain.map(({ type }) => type.slice(0, MAX_NAME));
  // Where no frame is of an application (a driver, an LDAP client), the message tells two errors apart, and is what people need.
  const key = ['throwable', ...types, ...frames.map((frame) => `at ${frame}`), ...(own ? [] : [template])].join('\n');
  const name = simpleName(root.type.slice(0, MAX_NAME));
  const where = frames.length > 0 ? `${name} at ${frames[0]}` : name;
  const title = own || template === '' ? where : `${name}: ${template}`;
  return { key, title, template, byTrace: own };
}

function ofMessage({ logger, message }: LogRecord, mask: Mask): Fingerprint {
  const template = maskMessage(mask(message));
  const name = logger?.slice(0, MAX_NAME) ?? '';
  const shown = template === '' ? NO_MESSAGE : template;
  return {
    key: ['message', name, template].join('\n'),
    title: name === '' ? shown : `${shortLogger(name)}  ${shown}`,
    template,
    byTrace: false,
  };
}

/** The first exception and its causes; what was suppressed, and other traces of the record, left out. */
function firstChain(throwables: readonly Throwable[]): Throwable[] {
  const next = throwables.findIndex(({ relation }, at) => at > 0 && relation === 'outermost');
  const first = next < 0 ? throwables : throwables.slice(0, next);
  return first.filter(({ relation }) => relation !== 'suppressed');
}

/** The topmost frames of the application (`own`); without any, the topmost of all. */
function tellingFrames(frames: readonly string[]): { frames: string[]; own: boolean } {
  const real = frames.slice(0, MAX_SEARCHED).filter((frame) => !/^\s*\.\.\./.test(frame)); // "... 12 more"
  const ofApp: string[] = [];
  for (const frame of real) {
    if (ofApp.length === MAX_FRAMES) break;
    if (isAppFrame(frame)) ofApp.push(frame);
  }
  const own = ofApp.length > 0;
  return { frames: (own ? ofApp : real.slice(0, MAX_FRAMES)).map(maskFrame), own };
}

function simpleName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** `com.atlassian.jira.plugins.mail` -> `c.a.j.p.mail`; a short one stays. */
function shortLogger(logger: string): string {
  if (logger.length <= MAX_LOGGER) return logger;
  const parts = logger.split('.');
  return parts.map((part, at) => (at < parts.length - 1 ? part.slice(0, 1) : part)).join('.');
}
