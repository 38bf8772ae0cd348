/** Records that a rule matches, so that a benchmark can see whether all of them were found. */
import type { LogEntry } from './kinds/kind.js';
import type { PaddingRule } from './padding.js';
import type { Scene } from './scene.js';

/** One of this many records is a known problem. */
export const RECORDS_PER_PLANT = 5_000;

/** So many invented rules all packs from 150 rules on have. */
export const PLANTED_PADDING = 80;
const STEP = 9; // every ninth of them is planted

export interface Plant {
  /** The rule that must report it. */
  readonly rule: string;
  readonly write: (scene: Scene) => LogEntry;
}

/** To be taken in turn. */
export function toPlants(padding: readonly PaddingRule[]): readonly Plant[] {
  const invented = padding.slice(0, PLANTED_PADDING).filter((_, index) => index % STEP === 0);
  return [...SHIPPED, ...invented.map(toPlant)];
}

function toPlant({ id, logger, hit }: PaddingRule): Plant {
  return {
    rule: id,
    write: (scene) => ({ text: `${scene.background('ERROR', logger)}${hit(scene)}`, isError: true }),
  };
}

const SHIPPED: readonly Plant[] = [
  { rule: 'gij/azure-devops-profile-401', write: fromRequest },
  { rule: 'gij/azure-devops-profile-401', write: fromJob },
  { rule: 'azure-devops/tokens-pats-401', write: fromScript },
];

/** Shipped rules that are planted. */
export const PLANTED_SHIPPED: readonly string[] = SHIPPED.map(({ rule }) => rule);

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
