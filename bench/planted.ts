/** Records that a rule of the shipped pack matches, so that a benchmark can see whether all of them were found. */
import type { LogEntry } from './kinds.js';
import type { Scene } from './scene.js';

/** One of this many records is a known problem. */
export const RECORDS_PER_PLANT = 20_000;

export interface Plant {
  /** The rule that must report it. */
  readonly rule: string;
  readonly write: (scene: Scene) => LogEntry;
}

/** Taken in turn. */
export const PLANTS: readonly Plant[] = [
  { rule: 'gij/azure-devops-profile-401', write: fromRequest },
  { rule: 'gij/azure-devops-profile-401', write: fromJob },
  { rule: 'azure-devops/tokens-pats-401', write: fromScript },
];

function fromRequest(scene: Scene): LogEntry {
  const header = scene.request(
    'ERROR',
    'c.b.j.g.rest.exceptionmappers.WrappedIntegrationAPIExceptionMapper',
    '/rest/gitplugin/1.0/trackedfolders/scan/12-Kpq7',
  );
  return { text: `${header}Rest API has thrown exception.\n${PROFILE_TRACE}`, isError: true };
}

function fromJob(scene: Scene): LogEntry {
  const header = scene.background(
    'ERROR',
    'c.b.j.g.services.async.BigReindexTask',
    'bigbrassband-gitplugin-AsyncProcessorImpl:thread - 3',
  );
  return { text: `${header}Unable to scan an integration\n${PROFILE_TRACE}`, isError: true };
}

function fromScript(scene: Scene): LogEntry {
  const header = scene.background('ERROR', 'c.example.tokens.rotate.TokenJob');
  return {
    text: `${header}401 Unauthorized on PUT request for "https://vssps.dev.azure.com/contoso/_apis/tokens/pats": [no body]\n`,
    isError: true,
  };
}

const PROFILE_TRACE = `com.bigbrassband.jira.git.exceptions.external.WrappedMicrosoftAPIException: External service error
\tat com.bigbrassband.jira.git.services.integration.microsoft.MicrosoftApi.getRepositoriesMS(MicrosoftApi.java:134)
\tat com.bigbrassband.jira.git.services.integration.microsoft.MicrosoftApi.getRepositories(MicrosoftApi.java:93)
\tat com.bigbrassband.jira.git.services.integration.microsoft.MicrosoftApiService.scan(MicrosoftApiService.java:132)
\tat com.bigbrassband.jira.git.services.async.ScanTrackedRepoTask.run(ScanTrackedRepoTask.java:61)
\tat com.bigbrassband.jira.git.services.async.AsyncProcessorImpl$AsyncTaskWrapper.run(AsyncProcessorImpl.java:114)
\tat java.util.concurrent.ThreadPoolExecutor.runWorker(Unknown Source)
\tat java.lang.Thread.run(Unknown Source)
Caused by: com.bigbrassband.common.indexer.sources.clients.RequestException: Microsoft https://app.vssps.visualstudio.com/_apis/profile/profiles/me?api-version=1.0 Unauthorized (401)
\tat com.bigbrassband.common.indexer.sources.clients.MicrosoftClient.runRequest(MicrosoftClient.java:288)
\tat com.bigbrassband.common.indexer.sources.clients.MicrosoftClient.getUserId(MicrosoftClient.java:173)
\tat com.bigbrassband.jira.git.services.integration.microsoft.MicrosoftApi.getRepositoriesMS(MicrosoftApi.java:125)
\t... 7 more
`;
