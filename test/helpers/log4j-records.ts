/** Records of a Jira log whose loss would be seen: each has a number, and a rule counts them by thread and block. */
import { Random } from '../../bench/random.js';
import type { Incident, UnknownError } from '../../src/model/incident.js';
import { packFiles } from './cli.js';

/** Thread -> block -> number of records. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, number>>>>;

export const WRITER_RULE_ID = 'load/numbered';

const START = Date.parse('2026-11-20T09:00:00Z');
/** Lines of a trace, the record's own first one not counted. */
export const TRACE_LINES = 200;
const TRACES = 8;
const ROOT = 'Caused by: com.example.load.QueueFullException: no room in the queue of Zoë (日本語) after 30 s';

export interface RecordOptions {
  readonly seed: number;
  /** How many threads write, in turns as chance will have it. */
  readonly threads: number;
  /** So many consecutive records of a thread are a block. */
  readonly block: number;
  /** Share of records that have a trace, from 0 to 1. */
  readonly traces: number;
}

export interface NumberedRecord {
  readonly bytes: Uint8Array;
  readonly thread: string;
  readonly block: string;
}

export class NumberedRecords {
  readonly #options: RecordOptions;
  readonly #random: Random;
  readonly #traces: readonly Buffer[];
  /** The next number of each thread. */
  readonly #next: number[];

  constructor(options: RecordOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#traces = Array.from({ length: TRACES }, () => Buffer.from(trace(this.#random)));
    this.#next = Array.from({ length: options.threads }, () => 0);
  }

  /** @param elapsed milliseconds since the first record */
  next(elapsed: number): NumberedRecord {
    const thread = this.#random.between(0, this.#options.threads - 1);
    const number = this.#next[thread]!++;
    const block = Math.floor(number / this.#options.block);
    const name = `n=${String(number).padStart(6, '0')} of thread-${thread} block-${block}`;
    const hasTrace = this.#random.chance(this.#options.traces);
    const head = Buffer.from(header(START + elapsed, thread, hasTrace ? 'ERROR' : 'WARN', name, hasTrace));
    return {
      bytes: hasTrace ? Buffer.concat([head, this.#random.pick(this.#traces)]) : head,
      thread: String(thread),
      block: String(block),
    };
  }
}

function header(time: number, thread: number, level: string, name: string, hasTrace: boolean): string {
  const at = new Date(time).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '+0000');
  const path = '/rest/api/2/issue/createmeta';
  const message = hasTrace ? `job ${name} has failed.` : `job ${name} is done.`;
  return `${at} http-nio-8080-exec-${thread} ${level} jdoe 554x1234x1 1a2b3c 192.0.2.7 ${path} [c.e.load.Worker] ${message}\n`;
}

/** An exception with two causes, of which the last one is what the rule knows. */
function trace(random: Random): string {
  const frames = (count: number, product: string) =>
    Array.from({ length: count }, () => {
      const name = `${random.pick(NAMES)}${random.pick(NAMES)}`;
      return `\tat com.example.${product}.${name}.run(${name}.java:${random.between(10, 900)}) ~[${product}-1.4.jar:?]`;
    });
  const lines = [
    'com.example.web.RequestFailedException: The request could not be answered',
    ...frames(TRACE_LINES - 84, 'web'),
    'Caused by: com.example.jobs.JobException: The job was not taken',
    ...frames(60, 'jobs'),
    '\t... 12 more',
    ROOT,
    ...frames(19, 'load'),
    '\t... 31 more',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const NAMES = ['Issue', 'Queue', 'Index', 'Request', 'Filter', 'Servlet', 'Invoker', 'Session', 'Worker', 'Chain'];

/**
 * A rule that matches every record that is whole, and groups by thread and block. A record that has a trace is known by its
 * root cause, so that one whose trace is torn off is not counted.
 */
export const WRITER_RULE = `title: "Block {block} of thread {thread}"
severity: high
status: stable
confidence: high
products: [Example]
match:
  all:
    - pattern: 'job n=\\d+ of thread-(?<thread>\\d+) block-(?<block>\\d+) (?:is done|has failed)\\.'
    - any:
        - pattern: 'block-\\d+ is done\\.'
        - throwable: { type: com.example.load.QueueFullException, message: "no room in the queue", position: root }
groupBy: [thread, block]
cause: A load test writes its log.
solutions:
  - summary: Wait for its end.
    steps: [Wait.]
examples:
  matches:
    - log: |
        ${header(START, 3, 'WARN', 'n=000123 of thread-3 block-17', false).trimEnd()}
      captures: { thread: "3", block: "17" }
    - log: |
        ${header(START, 3, 'ERROR', 'n=000124 of thread-3 block-17', true).trimEnd()}
        com.example.web.RequestFailedException: The request could not be answered
        ${ROOT}
      captures: { thread: "3", block: "17" }
  ignores:
    - log: |
        ${header(START, 3, 'ERROR', 'n=000125 of thread-3 block-17', true).trimEnd()}
        com.example.web.RequestFailedException: The request could not be answered
      because: The root cause is torn off.
`;

/** The files of a pack in \`load/\` that holds the rule. */
export const WRITER_PACK = packFiles('load', { numbered: WRITER_RULE });

/** How many records of each block were found. */
export function foundBlocks(findings: readonly (Incident | UnknownError)[]): Blocks {
  const found: Record<string, Record<string, number>> = {};
  for (const { rule, captures, count } of findings) {
    if (rule?.id === WRITER_RULE_ID) addBlock(found, captures.thread ?? '(other)', captures.block ?? '(other)', count);
  }
  return found;
}

export function addBlock(blocks: Record<string, Record<string, number>>, thread: string, block: string, count = 1) {
  blocks[thread] ??= {};
  blocks[thread][block] = (blocks[thread][block] ?? 0) + count;
}
