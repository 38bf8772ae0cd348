import type { Family } from '../format.js';
import { atlassianBackupClient } from './atlassian-backup-client.js';
import { bamboo } from './bamboo.js';
import { bambooBuildLog } from './bamboo-build-log.js';
import { bitbucket } from './bitbucket.js';
import { bitbucketAccess } from './bitbucket-access.js';
import { bitbucketAudit } from './bitbucket-audit.js';
import { catalinaOneLine } from './catalina-one-line.js';
import { commonAccess } from './common-access.js';
import { commonsDaemon } from './commons-daemon.js';
import { confluence } from './confluence.js';
import { confluenceAccess } from './confluence-access.js';
import { crowd } from './crowd.js';
import { envoyAccess } from './envoy-access.js';
import { gcJdk8 } from './gc-jdk8.js';
import { gcUnified } from './gc-unified.js';
import { gijViewLog } from './gij-view-log.js';
import { har } from './har.js';
import { healthcheck } from './healthcheck.js';
import { hsErr } from './hs-err.js';
import { jenkins } from './jenkins.js';
import { jira } from './jira.js';
import { jiraAccess } from './jira-access.js';
import { jiraBare } from './jira-bare.js';
import { jiraLevelFirst } from './jira-level-first.js';
import { jiraMail } from './jira-mail.js';
import { jiraSecurity } from './jira-security.js';
import { json } from './json.js';
import { julTwoLine } from './jul-two-line.js';
import { log4jAbsolute } from './log4j-absolute.js';
import { log4jDated } from './log4j-dated.js';
import { log4jStatus } from './log4j-status.js';
import { logbackDated } from './logback-dated.js';
import { logbackTimeOnly } from './logback-time-only.js';
import { opensearch } from './opensearch.js';
import { postgres } from './postgres.js';
import { sonarqube } from './sonarqube.js';
import { springBoot } from './spring-boot.js';
import { threadDump, threadDumpTime } from './thread-dump.js';

/*
 * The families: the formats whose starts count in one kind of file. A new layout is one file in this folder and an
 * entry here. The order decides where two families know equally many lines of a file: the more specific one first,
 * one of fewer formats before `mixed`. Within a family no two formats may claim the same line.
 */

function family(name: string, ...formats: Family['formats']): Family {
  return { name, shape: null, formats };
}

/** A family with a shape that says everything; most bytes of its logs need never be decoded. */
function shaped(shape: Family['shape'], name: string, ...formats: Family['formats']): Family {
  return { name, shape, formats };
}

/** Every known family; files of no known format have those of `family.ts`. */
export const ALL_FAMILIES: readonly Family[] = [
  shaped('thread-level', 'jira', jira, jiraLevelFirst, gijViewLog, log4jStatus),
  family('jira-security', jiraSecurity),
  family('jira-mail', jiraMail, jiraBare),
  family('jira-metrics', jiraBare, atlassianBackupClient),
  shaped('brackets', 'bamboo', bamboo, bambooBuildLog, log4jStatus),
  shaped('brackets', 'confluence', confluence, log4jStatus),
  shaped('bracket', 'bitbucket', bitbucket, atlassianBackupClient, log4jStatus),
  shaped('thread-level', 'crowd', crowd, log4jStatus),
  family('postgres', postgres),
  family('spring-boot', springBoot),
  family('sonarqube', sonarqube),
  family('opensearch', opensearch),
  family('jenkins', jenkins),
  family('access-log', jiraAccess, confluenceAccess, bitbucketAccess, commonAccess, envoyAccess, bitbucketAudit),
  family('json', json),
  family('gc', gcJdk8, gcUnified),
  family('thread-dump', threadDump, threadDumpTime),
  family('hs-err', hsErr),
  family('healthcheck', healthcheck),
  family('har', har),
  family('logback', logbackTimeOnly, log4jAbsolute, logbackDated, log4jDated, log4jStatus),
  family(
    'mixed',
    jira,
    catalinaOneLine,
    julTwoLine,
    confluence,
    log4jStatus,
    gijViewLog,
    springBoot,
    logbackDated,
    log4jDated,
    logbackTimeOnly,
    log4jAbsolute,
    commonsDaemon,
    threadDump,
    hsErr,
    gcJdk8,
    gcUnified,
  ),
];
