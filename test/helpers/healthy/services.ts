/** Healthy logs of other applications, in the layouts that they use; their harmless errors stand at DEBUG, INFO and WARN. */
import { chatter, type Day, type HealthyKind, type Say } from './day.js';

type Level = 'DEBUG' | 'INFO' | 'WARN';

/** What an application says, whatever it is printed in. */
interface Event {
  readonly level: Level;
  readonly logger: string;
  readonly message: string;
  /** Lines of a harmless trace. */
  readonly trace?: readonly string[];
}

const trace = (first: string, ...frames: readonly string[]) => [first, ...frames.map((frame) => `\tat ${frame}`)];

/** Exceptions of other products that have the simple names of ours. */
const NAMESAKES: readonly (readonly [type: string, message: string])[] = [
  ['com.fabrikam.client.RequestException', 'the order was placed already (409)'],
  ['com.contoso.index.CorruptIndexException', 'segment 12 is written anew'],
  ['com.contoso.index.LockObtainFailedException', 'the lock is held by the other worker, later'],
  ['com.fabrikam.auth.AuthenticationFailedException', 'the guest typed another password'],
  ['com.contoso.pool.PoolTimeoutException', 'no printer is free, the next one is asked'],
  ['com.fabrikam.jwt.JwtExpiredException', 'the session of the kiosk ended'],
  ['com.contoso.mail.FolderClosedException', 'the mailbox was archived'],
  ['com.fabrikam.lock.DeadlockException', 'two carts wait for each other, the younger one starts again'],
  ['com.contoso.sql.CommunicationsException', 'the replica was replaced'],
  ['com.fabrikam.git.TransportException', 'the parcel is on another truck'],
  ['com.contoso.license.LicenseException', 'the plate of the car is unknown'],
  ['com.fabrikam.limits.RateLimitedException', 'slower, please'],
];

const EVENTS: readonly ((day: Day) => Event)[] = [
  (day) => ({
    level: 'INFO',
    logger: 'com.fabrikam.shop.OrderService',
    message: `order ${day.number(1, 99_999)} placed by ${day.person}`,
  }),
  (day) => ({
    level: 'DEBUG',
    logger: 'org.springframework.web.client.RestTemplate',
    message: `Response 200 OK, ${day.number(20, 9000)} bytes`,
  }),
  (day) => ({
    level: 'INFO',
    logger: 'com.fabrikam.shop.StockService',
    message: `stock of ${day.number(1, 900)} articles counted in ${day.number(2, 401)} ms, 0 errors`,
  }),
  (day) => ({
    level: 'INFO',
    logger: 'com.fabrikam.shop.Retry',
    message: `GET https://stock.example.com/api/items/${day.number(1, 900)}: attempt 1 met java.net.ConnectException: Connection refused, attempt 2 gave 200`,
  }),
  (day) => ({
    level: 'WARN',
    logger: 'com.fabrikam.shop.Validation',
    message: `order ${day.number(1, 99_999)} of ${day.person} has no street; the form was shown again`,
  }),
  (day) => {
    const [type, message] = day.pick(NAMESAKES);
    return {
      level: day.pick<Level>(['DEBUG', 'WARN']),
      logger: 'com.fabrikam.shop.Recovery',
      message: 'expected, the step is repeated',
      trace: trace(
        `${type}: ${message}`,
        `com.fabrikam.shop.Recovery.run(Recovery.java:${day.number(20, 90)})`,
        'java.base/java.lang.Thread.run(Thread.java:840)',
      ),
    };
  },
  (day) => ({
    level: 'DEBUG',
    logger: 'com.fabrikam.shop.KeepAlive',
    message: 'the idle connection was closed by the other side',
    trace: trace(
      'java.io.EOFException: null',
      `com.fabrikam.shop.KeepAlive.read(KeepAlive.java:${day.number(20, 90)})`,
    ),
  }),
  (day) => ({
    level: 'DEBUG',
    logger: 'com.fabrikam.shop.ErrorCatalogue',
    message: `texts loaded: "${day.pick(CATALOGUE)}", "${day.pick(CATALOGUE)}"`,
  }),
  (day) => ({
    level: 'INFO',
    logger: 'com.fabrikam.shop.Settings',
    message: `retry.on = java.net.SocketTimeoutException,java.net.ConnectException,javax.net.ssl.SSLHandshakeException; alert.on = java.lang.OutOfMemoryError,java.lang.StackOverflowError; pool.max = ${day.number(10, 60)}`,
  }),
];

const CATALOGUE = [
  'java.lang.OutOfMemoryError: Java heap space',
  'Connection refused',
  '401 Unauthorized',
  'PKIX path building failed',
  'No space left on device',
  'Too many open files',
  'deadlock detected',
  'Authentication failed',
  'Rate limit exceeded',
  'Read timed out',
];

/** A log of such events in one layout; each is one line or more. */
const events = (print: (day: Day, event: Event) => string) => (seed: number) =>
  chatter(
    seed,
    EVENTS.map(
      (event): Say =>
        (day) =>
          print(day, event(day)),
    ),
  );

const withTrace = (line: string, { trace = [] }: Event) => [line, ...trace].join('\n');
const oneText = ({ message, trace = [] }: Event) => [message, ...trace].join('\n');

const springBoot3 = (day: Day, event: Event) =>
  withTrace(
    `${day.iso} ${event.level.padStart(5)} 4711 --- [shop] [nio-8080-exec-${day.number(1, 9)}] ${event.logger.padEnd(40)} : ${event.message}`,
    event,
  );
const springBoot2 = (day: Day, event: Event) =>
  withTrace(
    `${day.dot} ${event.level.padStart(5)} 4711 --- [   scheduling-1] ${event.logger.padEnd(40)} : ${event.message}`,
    event,
  );
const logback = (day: Day, event: Event) =>
  withTrace(`${day.iso.slice(11, 23)} [main] ${event.level.padEnd(5)} ${event.logger} -- ${event.message}`, event);
const log4jDated = (day: Day, event: Event) =>
  withTrace(
    `${day.comma} ${event.level.padEnd(5)} [worker-${day.number(1, 9)}] ${event.logger} - ${event.message}`,
    event,
  );
const jboss = (day: Day, event: Event) =>
  withTrace(
    `${day.iso.slice(11, 23).replace('.', ',')} ${event.level.padEnd(5)} [${event.logger}] (default task-${day.number(1, 9)}) ${event.message}`,
    event,
  );

function julTwoLine(day: Day, event: Event): string {
  const time = new Date(day.epoch).toLocaleString('en-US', {
    timeZone: 'UTC',
    dateStyle: 'medium',
    timeStyle: 'medium',
  });
  const level = { DEBUG: 'FINE', INFO: 'INFO', WARN: 'WARNING' }[event.level];
  return withTrace(
    `${time.replace(/, (?=\d{1,2}:)/, ' ').replace('\u202f', ' ')} ${event.logger} run\n${level}: ${event.message}`,
    event,
  );
}

const log4jJson = (day: Day, { level, logger, message, trace }: Event) =>
  JSON.stringify({
    instant: { epochSecond: Math.floor(day.epoch / 1000), nanoOfSecond: (day.epoch % 1000) * 1_000_000 },
    thread: `worker-${day.number(1, 9)}`,
    level,
    loggerName: logger,
    message,
    ...(trace && {
      thrown: { message: trace[0], name: trace[0]!.split(':')[0], extendedStackTrace: trace.join('\n') },
    }),
    endOfBatch: false,
    loggerFqcn: 'org.apache.logging.log4j.spi.AbstractLogger',
    threadId: day.number(1, 90),
    threadPriority: 5,
  });

const pino = (day: Day, { level, message, trace }: Event) =>
  JSON.stringify({
    level: { DEBUG: 20, INFO: 30, WARN: 40 }[level],
    time: day.epoch,
    pid: 7,
    hostname: 'web1',
    ...(trace && { err: { type: trace[0]!.split(':')[0], message: trace[0], stack: trace.join('\n') } }),
    msg: message,
  });

const logstash = (day: Day, { level, logger, message, trace }: Event) =>
  JSON.stringify({
    '@timestamp': day.iso,
    '@version': '1',
    message,
    logger_name: logger,
    thread_name: `worker-${day.number(1, 9)}`,
    level,
    level_value: { DEBUG: 10_000, INFO: 20_000, WARN: 30_000 }[level],
    ...(trace && { stack_trace: trace.join('\n') }),
  });

const ecs = (day: Day, { level, logger, message, trace }: Event) =>
  JSON.stringify({
    '@timestamp': day.iso,
    'log.level': level,
    message,
    'ecs.version': '1.2.0',
    'log.logger': logger,
    ...(trace && { 'error.type': trace[0]!.split(':')[0], 'error.stack_trace': trace.join('\n') }),
  });

const docker = (day: Day, event: Event) =>
  springBoot3(day, event)
    .split('\n')
    .map((line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: day.iso.replace('Z', '000000Z') }))
    .join('\n');

const kubernetes = (day: Day, event: Event) =>
  springBoot3(day, event)
    .split('\n')
    .map((line) => `${day.iso.replace('Z', '000000Z')} stdout F ${line}`)
    .join('\n');

const compose = (day: Day, event: Event) =>
  springBoot2(day, event)
    .split('\n')
    .map((line) => `shop-1  | ${line}`)
    .join('\n');

const winston = (day: Day, event: Event) =>
  JSON.stringify({ level: event.level.toLowerCase(), message: oneText(event), timestamp: day.iso });

export const SERVICE_LOGS: readonly HealthyKind[] = [
  { name: 'shop/spring-boot-3.log', make: events(springBoot3) },
  { name: 'shop/spring-boot-2.log', make: events(springBoot2) },
  { name: 'shop/logback.log', make: events(logback) },
  { name: 'shop/log4j.log', make: events(log4jDated) },
  { name: 'shop/jboss-server.log', make: events(jboss) },
  { name: 'shop/jul.log', make: events(julTwoLine) },
  { name: 'shop/log4j2.json.log', make: events(log4jJson) },
  { name: 'shop/pino.json.log', make: events(pino) },
  { name: 'shop/winston.json.log', make: events(winston) },
  { name: 'shop/logstash.json.log', make: events(logstash) },
  { name: 'shop/ecs.json.log', make: events(ecs) },
  { name: 'shop/docker-json.log', make: events(docker) },
  { name: 'shop/kubernetes.log', make: events(kubernetes) },
  { name: 'shop/compose.log', make: events(compose) },
];
