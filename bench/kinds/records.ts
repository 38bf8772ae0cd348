/** Records of a Jira log, of which kinds of logs are mixed. None of them matches a rule; see `planted.ts`. */
import { type Fault, traceOf } from '../faults.js';
import type { Message, Scene } from '../scene.js';
import type { LogEntry } from './kind.js';

export function line(text: string): LogEntry {
  return { text: `${text}\n`, isError: false };
}

export function requestLine(scene: Scene): LogEntry {
  return line(
    scene.request(scene.random.pick(LEVELS), scene.random.pick(REQUEST_LOGGERS)) +
      scene.random.pick(REQUEST_MESSAGES)(scene),
  );
}

export function backgroundLine(scene: Scene): LogEntry {
  return line(
    scene.background(scene.random.pick(LEVELS), scene.random.pick(JOB_LOGGERS)) +
      scene.random.pick(JOB_MESSAGES)(scene),
  );
}

/** Progress of Git Integration for Jira: its classes are there, but no trouble. */
export function indexerLine(scene: Scene): LogEntry {
  const { random } = scene;
  const thread = `bigbrassband-gitplugin-RevisionIndexerImpl:thread - ${random.between(0, 3)}`;
  return line(
    random.chance(0.5)
      ? `${scene.background('INFO', 'c.b.j.g.s.indexer.revisions.RevisionsIndexManagerImpl', thread)}Updating to: ${random.hex(40)}`
      : `${scene.background('DEBUG', 'c.b.common.indexer.CommitIssueCollector', thread)}Processing commit ${random.hex(40)} of ${scene.issue()}`,
  );
}

/** Calls of Azure DevOps that went well. */
export function azureLine(scene: Scene): LogEntry {
  const { random } = scene;
  const message = random.pick(AZURE_CALLS)(scene);
  if (random.chance(0.4))
    return line(scene.request('DEBUG', 'c.b.common.indexer.sources.clients.MicrosoftClient') + message);
  const thread = `bigbrassband-gitplugin-AsyncProcessorImpl:thread - ${random.between(0, 3)}`;
  return line(scene.background('DEBUG', 'c.b.common.indexer.sources.clients.MicrosoftClient', thread) + message);
}

/** A record of several lines that is no trace; Jira indents what belongs to a message. */
export function listing(scene: Scene): LogEntry {
  const { random } = scene;
  const rows = Array.from(
    { length: random.between(3, 9) },
    () => `    ${random.pick(['url', 'jql', 'locale', 'view', 'filter'])}: ${random.token(random.between(6, 50))}`,
  );
  return line(
    `${scene.request('INFO', 'c.a.j.web.filters.PathTraceFilter')}Parameters of the request\n${rows.join('\n')}`,
  );
}

export function foreignLine(scene: Scene): LogEntry {
  return line(
    `${scene.request('WARN', 'c.a.jira.web.bean.BackingI18n')}Für „${scene.user()}“ fehlt der Schlüssel ${scene.random.token(9)} — 翻訳がありません (${scene.issue()})`,
  );
}

export function failure(scene: Scene, fault: Fault): LogEntry {
  const header = scene.random.chance(0.6)
    ? scene.request('ERROR', fault.logger)
    : scene.background('ERROR', fault.logger);
  return { text: `${header}${fault.message(scene)}\n${traceOf(fault, scene)}`, isError: true };
}

const LEVELS = ['INFO', 'INFO', 'INFO', 'INFO', 'INFO', 'INFO', 'DEBUG', 'DEBUG', 'WARN'];

const REQUEST_LOGGERS = [
  'c.a.j.web.filters.ThreadLocalQueryProfiler',
  'c.a.jira.rest.v2.issue.IssueResource',
  'c.a.j.i.search.providers.LuceneSearchProvider',
  'c.a.greenhopper.web.rapid.board.RapidBoardResource',
  'c.a.jira.security.login.LoginManagerImpl',
  'c.a.j.p.webfragment.DefaultSimpleLinkManager',
  'c.a.util.profiling.filters.ProfilingPageFilter',
];

const REQUEST_MESSAGES: readonly Message[] = [
  (scene) =>
    `Query took ${scene.random.pick([3, 12, 40, 87, 220, 401, 1_903])} ms and returned ${scene.random.between(0, 4_000)} rows for project = ${scene.project()}`,
  (scene) => `The user '${scene.user()}' has PASSED authentication.`,
  (scene) =>
    `Slow JQL, ${scene.random.between(400, 20_000)} ms: 'assignee = ${scene.user()} AND resolution = Unresolved ORDER BY Rank ASC'`,
  (scene) =>
    `Request done: status=${scene.random.pick([200, 200, 200, 201, 204, 302, 304, 404])} bytes=${scene.random.between(90, 400_000)} time=${scene.random.between(1, 4_000)}ms`,
  (scene) =>
    `Transition ${scene.random.between(1, 900)} of ${scene.issue()} done by ${scene.user()} in ${scene.random.between(5, 700)} ms`,
  (scene) =>
    `Rendering velocity template templates/plugins/fields/view/view-${scene.random.token(7)}.vm with ${scene.random.between(3, 70)} context entries`,
  (scene) => `${scene.user()} may not browse ${scene.issue()}`,
  (scene) =>
    `Sending mail '[JIRA] (${scene.issue()}) ${scene.random.pick(['Export as CSV', 'Login page is empty', 'Board loads slowly', 'Add a field'])}' to ${scene.user()}@example.com`,
];

const JOB_LOGGERS = [
  'c.a.j.issue.index.DefaultIndexManager',
  'c.a.c.directory.DbCachingRemoteDirectory',
  'c.a.j.c.distribution.localq.LocalQCacheOpQueueStats',
  'c.a.jira.mail.queue.MailQueueImpl',
  'c.a.s.core.DelegatingSchedulerService',
  'c.a.troubleshooting.healthcheck.HealthCheckWatchdog',
];

const JOB_MESSAGES: readonly Message[] = [
  (scene) =>
    `Re-index of ${scene.issue()} took ${scene.random.between(2, 500)} ms; comments=${scene.random.between(0, 60)} worklogs=${scene.random.between(0, 20)} changes=${scene.random.between(0, 300)}`,
  (scene) =>
    `Statistics per node: node-${scene.random.between(1, 4)} {"since":${scene.random.between(1_000_000, 9_999_999)},"queueSize":${scene.random.between(0, 40)},"sent":${scene.random.between(0, 9_000)}}`,
  (scene) =>
    `INCREMENTAL synchronisation of directory [ ${scene.random.between(10_000, 10_009)} ] done in [ ${scene.random.between(50, 9_000)}ms ]: added ${scene.random.between(0, 3)}, updated ${scene.random.between(0, 40)}`,
  (scene) =>
    `Connections: active=${scene.random.between(0, 20)} idle=${scene.random.between(0, 20)} waiting=0 max=40, longest borrow ${scene.random.between(1, 401)} ms`,
  (scene) => `Mail queue has ${scene.random.between(0, 90)} items, ${scene.random.between(0, 3)} of them tried before`,
  (scene) =>
    `Check '${scene.random.pick(['Lucene index', 'Free space', 'Open files', 'Thread limit', 'Base URL'])}' passed in ${scene.random.between(1, 90)} ms`,
  (scene) =>
    `Job ${scene.random.hex(8)}-${scene.random.hex(4)} of project ${scene.project()} ended with SUCCESS after ${scene.random.between(1, 60_000)} ms`,
];

/** The first two are calls that shipped rules look for, when they fail. */
const AZURE_CALLS: readonly Message[] = [
  (scene) =>
    `Microsoft https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=1.0 -> 200 in ${scene.random.pick([57, 120, 401])} ms`,
  (scene) =>
    `Microsoft https://vssps.dev.azure.com/fabrikam/_apis/tokens/pats?api-version=7.1-preview.1 -> 200 in ${scene.random.between(20, 401)} ms`,
  (scene) =>
    `Microsoft https://dev.azure.com/contoso/_apis/git/repositories?api-version=1.0&marker=${scene.random.hex(8)} -> 200, ${scene.random.between(1, 400)} repositories`,
  (scene) =>
    `Microsoft https://dev.azure.com/fabrikam/_apis/git/repositories/${scene.random.hex(12)}/pullRequests?api-version=5.1 -> 200 in ${scene.random.between(20, 900)} ms`,
  (scene) =>
    `Microsoft https://dev.azure.com/contoso/_apis/wit/workitems/401?api-version=5.1 -> 200 in ${scene.random.between(20, 900)} ms`,
];
