import type { Format } from '../format.js';
import { jira, jiraHeader } from './jira.js';

/** `TIME THREAD LEVEL [logger] message`: Jira's layout without the fields of the request. */
export const crowd: Format = {
  name: 'crowd',
  label: 'Crowd application log',
  firsts: '0123456789',
  samples: [
    '2016-05-13 16:12:42,290 localhost-startStop-1 ERROR [crowd.manager.license.CrowdLicenseManagerImpl] No license\njava.lang.IllegalStateException\n\tat com.atlassian.crowd.Foo.bar(Foo.java:1)',
    '2026-02-05 04:00:00,010 Caesium-1-2 INFO [atlassian.crowd.directory.DbCachingRemoteDirectory] INCREMENTAL synchronisation for directory [ 163842 ] starting',
  ],
  starts: jira.starts,
  header: jiraHeader,
};
