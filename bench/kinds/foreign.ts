/** Lines of other products, in a container's output between the lines of Jira. None begins as a record of Jira does. */
import type { Message, Scene } from '../scene.js';

export const FOREIGN_LINES: readonly Message[] = [
  catalina,
  access,
  garbageCollection,
  kubernetes,
  gunicorn,
  python,
  json,
  dotnet,
  properties,
  (scene) =>
    `nginx: [warn] ${scene.random.between(10, 99)}#0: *${scene.random.between(1, 90_000)} an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/${scene.random.hex(8)} while reading upstream`,
  (scene) =>
    `[WARNING] [${scene.random.between(1, 90_000)}] Server jira/node-${scene.random.between(1, 4)} is UP, ${scene.random.between(1, 4)} active and 0 backup servers left`,
  (scene) => `+ curl -s -o /dev/null -w '%{http_code}' https://jira.example.com/status?probe=${scene.random.hex(6)}`,
];

function catalina(scene: Scene): string {
  const { random } = scene;
  return `${random.between(10, 28)}-Mar-2026 ${clock(scene)}.${random.between(100, 999)} INFO [main] org.apache.catalina.startup.${random.pick(['HostConfig.deployDirectory Deployment of web application directory', 'Catalina.start Server startup in', 'VersionLoggerListener.log Command line argument:'])} [${random.token(random.between(6, 30))}]`;
}

function access(scene: Scene): string {
  const { random } = scene;
  return `10.${random.between(0, 40)}.${random.between(0, 255)}.7 ${random.between(1, 1439)}x${random.between(1, 90_000)}x1 ${scene.user()} [02/Mar/2026:${clock(scene)} +0000] "GET ${scene.url()} HTTP/1.1" ${random.pick([200, 200, 304, 401, 404])} ${random.between(90, 90_000)} ${random.between(1, 4_000)} "https://jira.example.com/browse/${scene.issue()}" "Mozilla/5.0 (X11; Linux x86_64)" "${random.token(7)}"`;
}

function garbageCollection({ random }: Scene): string {
  return `[${random.between(1, 90_000)}.${random.between(100, 999)}s][info][gc${random.pick(['', ',heap', ',phases'])}] GC(${random.between(1, 9_000)}) Pause Young (Normal) (G1 Evacuation Pause) ${random.between(900, 4_000)}M->${random.between(100, 900)}M(4096M) ${random.between(1, 90)}.${random.between(100, 999)}ms`;
}

function kubernetes(scene: Scene): string {
  const { random } = scene;
  return `${random.pick(['I', 'W', 'E'])}0302 ${clock(scene)}.${random.between(100_000, 999_999)}       1 ${random.pick(['reflector.go:255', 'controller.go:114', 'probe.go:98'])}] "${random.pick(['Listing and watching', 'Readiness probe failed', 'Reconciled'])}" pod="jira/jira-${random.between(0, 4)}" containerID="${random.hex(24)}"`;
}

function gunicorn(scene: Scene): string {
  const { random } = scene;
  return `[2026-03-02 ${clock(scene)} +0000] [${random.between(5, 99)}] [INFO] ${random.pick(['Booting worker with pid:', 'Worker exiting, pid:', 'Handling signal: hup, pid:'])} ${random.between(5, 900)}`;
}

function python({ random }: Scene): string {
  return `  File "/opt/exporter/${random.token(6)}/${random.pick(['client', 'metrics', 'views'])}.py", line ${random.between(1, 900)}, in ${random.pick(['fetch', 'collect', '__call__'])}`;
}

function json(scene: Scene): string {
  const { random } = scene;
  return `{"ts":${random.between(1_770_000_000, 1_779_999_999)}.${random.between(100, 999)},"lvl":"${random.pick(['info', 'warn', 'debug'])}","msg":"${random.pick(['cache miss', 'flushed', 'retrying', 'token refreshed'])}","issue":"${scene.issue()}","took":${random.between(1, 900)},"trace":"${random.hex(16)}","ctx":{"user":"${scene.user()}","path":"${scene.url()}"}}`;
}

function dotnet({ random }: Scene): string {
  return `   at Contoso.${random.pick(['Sync', 'Bridge', 'Mail'])}.${random.pick(['Worker', 'Client', 'Queue'])}.${random.pick(['RunAsync', 'Send', 'MoveNext'])}(CancellationToken token) in /src/Bridge/${random.token(5)}.cs:line ${random.between(1, 900)}`;
}

function properties({ random }: Scene): string {
  return `${random.pick(['hibernate', 'jetty', 'kafka.consumer', 'quartz'])}.${random.pick(['max.poll.records', 'pool.size', 'session.timeout.ms'])}=${random.between(1, 90_000)}`;
}

function clock({ random }: Scene): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(random.between(6, 22))}:${two(random.between(0, 59))}:${two(random.between(0, 59))}`;
}
