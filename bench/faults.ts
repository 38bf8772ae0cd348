/**
 * Errors that no rule knows. As in a real log there are few of them, some come far more often than others, and two
 * traces of one fault differ in numbers, names and generated classes only.
 */
import type { Random } from './random.js';
import type { Message, Scene } from './scene.js';

const FAULTS = 70;
const LONG_TRACE = { low: 20, high: 120 }; // lines

interface Part {
  readonly type: string;
  readonly message: Message;
  readonly frames: string;
}

/** One error of an application: where it is logged, what it says, its exceptions from the outermost to the root cause. */
export interface Fault {
  readonly logger: string;
  readonly message: Message;
  readonly parts: readonly Part[];
  /** Most traces of the fault have this frame with a number that changes at each start. */
  readonly proxyFrame: string;
}

/** @param homes the packages where they are */
export function toFaults(random: Random, lines = LONG_TRACE, homes: readonly string[] = HOMES): readonly Fault[] {
  return Array.from({ length: FAULTS }, () => toFault(random, lines, random.pick(homes)));
}

/** Everything below the header line. */
export function traceOf(fault: Fault, scene: Scene): string {
  const traces = fault.parts.map(({ type, message, frames }, index) => {
    const text = message(scene);
    return `${index === 0 ? '' : 'Caused by: '}${type}${text === '' ? '' : `: ${text}`}\n${frames}`;
  });
  const proxy = scene.random.chance(0.7)
    ? `\tat com.sun.proxy.$Proxy${scene.random.between(100, 4999)}.${fault.proxyFrame}(Unknown Source)\n`
    : '';
  return `${traces[0]}${proxy}${traces.slice(1).join('')}`;
}

function toFault(random: Random, { low, high }: typeof LONG_TRACE, home: string): Fault {
  const lines = random.between(low, high - 2); // one for the header, one for the proxy
  const count = lines < 40 ? random.between(1, 2) : random.between(1, 4);
  return {
    logger: `${abbreviated(home)}.${className(random)}`,
    message: random.pick(MESSAGES),
    parts: partSizes(lines, count).map((size, index) => {
      const { type, message } = random.pick(EXCEPTIONS);
      return { type, message, frames: framesOf(random, home, size - 1, index > 0) };
    }),
    proxyFrame: random.pick(METHODS),
  };
}

/** Most lines belong to the outermost exception, the causes share the rest. */
function partSizes(lines: number, count: number): readonly number[] {
  if (count === 1) return [lines];
  const outermost = Math.ceil(lines * 0.6);
  return [outermost, ...Array.from({ length: count - 1 }, () => Math.floor((lines - outermost) / (count - 1)))];
}

function framesOf(random: Random, home: string, lines: number, isCause: boolean): string {
  const frames: string[] = [];
  while (frames.length < lines - 1) {
    const isOwn = frames.length < 6 || random.chance(0.4);
    frames.push(frame(random, isOwn ? home : random.pick(PACKAGES)));
  }
  const last = isCause ? `... ${random.between(12, 180)} more` : 'at java.base/java.lang.Thread.run(Thread.java:840)';
  frames.push(`\t${last}`);
  return `${frames.join('\n')}\n`;
}

function frame(random: Random, pack: string): string {
  const name = className(random);
  const inner = random.chance(0.15) ? `$${random.between(1, 9)}` : '';
  const place = random.chance(0.05) ? 'Unknown Source' : `${name}.java:${random.between(20, 1900)}`;
  const jar = random.chance(0.3) ? random.pick(JARS) : '';
  return `\tat ${pack}.${name}${inner}.${random.pick(METHODS)}(${place})${jar}`;
}

function className(random: Random): string {
  return Array.from({ length: random.between(2, 4) }, () => random.pick(CLASS_WORDS)).join('');
}

/** As Jira prints loggers: `com.atlassian.jira.issue.index` is `c.a.j.issue.index`. */
function abbreviated(pack: string): string {
  const parts = pack.split('.');
  return parts.map((part, index) => (index < parts.length - 2 ? part[0] : part)).join('.');
}

const MESSAGES: readonly Message[] = [
  (scene) => `Failed to render field of issue ${scene.issue()}`,
  (scene) =>
    `Unable to process event IssueEvent{issue=${scene.issue()},user=${scene.user()},eventTypeId=${scene.random.between(1, 20)}}`,
  (scene) =>
    `Exception thrown while running job of project ${scene.project()} after ${scene.random.between(2, 90_000)} ms`,
  (scene) => `An error occurred while handling the request of '${scene.user()}'`,
  () => 'Uncaught exception thrown by REST service',
  () => "Couldn't calculate the value of a scripted field",
  (scene) => `Gadget spec of dashboard ${scene.random.between(10_000, 19_999)} could not be loaded`,
  (scene) => `Listener threw an exception, event ${scene.random.hex(8)}-${scene.random.hex(4)} is lost`,
];

interface ExceptionKind {
  readonly type: string;
  readonly message: Message;
}

const EXCEPTIONS: readonly ExceptionKind[] = [
  { type: 'java.lang.NullPointerException', message: () => '' },
  {
    type: 'java.lang.IllegalStateException',
    message: (scene) => `workflow of ${scene.issue()} has no step ${scene.random.between(1, 40)}`,
  },
  {
    type: 'java.lang.IllegalArgumentException',
    message: (scene) => `no custom field with id customfield_${scene.random.between(10_000, 14_000)}`,
  },
  { type: 'java.util.NoSuchElementException', message: () => 'No value present' },
  { type: 'java.lang.NumberFormatException', message: (scene) => `For input string: "${scene.random.token(5)}"` },
  {
    type: 'com.example.reports.ReportException',
    message: (scene) => `report ${scene.random.between(1, 9000)} of ${scene.project()} has no rows`,
  },
  {
    type: 'com.example.timesheet.api.TimesheetException',
    message: (scene) => `worklog ${scene.random.between(1, 900_000)} is locked by ${scene.user()}`,
  },
  { type: 'java.util.concurrent.ExecutionException', message: () => 'task was rejected' },
  { type: 'java.lang.reflect.InvocationTargetException', message: () => '' },
  {
    type: 'com.example.connect.RemoteCallException',
    message: (scene) =>
      `https://crm.example.com/api/tickets/${scene.random.between(1, 99_999)} answered after ${scene.random.between(30, 60)} s`,
  },
];

/** Where faults are. */
const HOMES = [
  'com.atlassian.jira.issue.fields.layout',
  'com.atlassian.jira.web.component',
  'com.atlassian.jira.event.listeners',
  'com.atlassian.jira.rest.v2.issue',
  'com.atlassian.greenhopper.service.rapid',
  'com.example.reports.jira.render',
  'com.example.timesheet.jira.worklog',
  'com.example.connect.jira.sync',
];

const PACKAGES = [
  ...HOMES,
  'com.atlassian.plugins.rest.common',
  'com.atlassian.event.internal',
  'com.atlassian.scheduler.caesium.impl',
  'org.apache.catalina.core',
  'org.apache.velocity.runtime.parser.node',
  'org.springframework.aop.framework',
  'java.base/java.util.concurrent',
  'java.base/java.util.stream',
];

const CLASS_WORDS = [
  'Issue',
  'Field',
  'Default',
  'Render',
  'Filter',
  'Chain',
  'Event',
  'Request',
  'Manager',
  'Service',
  'Impl',
  'Handler',
  'Factory',
  'Abstract',
  'Context',
  'Cache',
  'Loader',
  'Node',
  'View',
  'Web',
  'Action',
  'Delegating',
  'Stream',
  'Pool',
  'Worker',
  'Proxy',
  'Report',
  'Sheet',
];

const METHODS = [
  'doFilter',
  'invoke',
  'execute',
  'run',
  'get',
  'apply',
  'call',
  'service',
  'load',
  'render',
  'accept',
  'update',
  'process',
  'handle',
  'lambda$null$3',
  'access$000',
  'publish',
];

const JARS = [
  ' [classes/:?]',
  ' [?:?]',
  ' ~[jira-core-9.12.2.jar:?]',
  ' [catalina.jar:9.0.83]',
  ' [spring-aop-5.3.31.jar:5.3.31]',
];
