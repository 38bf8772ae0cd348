/** A support bundle of two nodes as one case, from the outside. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FactObject, HoleObject } from '../../src/model/report.js';
import { tarOf, zipOf } from '../helpers/archives.js';
import { type Files, scannedInside, workspace } from '../helpers/cli.js';
import { supportBundle } from '../helpers/support-bundle.js';

const MEMBERS = supportBundle();
const BUNDLES: Readonly<Record<string, Files>> = {
  'Jira_support.zip': { 'Jira_support.zip': zipOf(MEMBERS) },
  'Jira_support.tar.gz': { 'Jira_support.tar.gz': gzipSync(tarOf(MEMBERS)) },
  Jira_support: Object.fromEntries(MEMBERS.map(({ name, data }) => [`Jira_support/${name}`, data])),
};

describe('a support bundle of two nodes', { concurrency: 3 }, () => {
  for (const [name, files] of Object.entries(BUNDLES)) {
    test(`${name}: its problems by node, what runs there, what it cannot show, and what the request did`, async () => {
      const { all, incidents, status, problems } = await scannedInside(
        [name, '--no-config', '--as-of', '2026-11-24'],
        workspace(files).dir,
      );
      assert.deepEqual([status, problems], [0, []]);
      const nodes = (of: (typeof incidents)[number]) => of.nodes.map((one) => `${one.name} ${one.count}`).join(', ');
      assert.deepEqual(incidents.map((one) => `${one.rule.id}: ${nodes(one)}`).sort(), [
        'gij/azure-devops-profile-401: node1 1',
        'jvm/java-level-deadlock: node1 1',
        'os/too-many-open-files: node1 2, node2 2',
      ]);
      const within = (origin: string) => origin.replace(/^Jira_support[^/]*\//, '');
      const facts = all.filter((object): object is FactObject => object.kind === 'fact');
      assert.deepEqual(
        facts
          .filter(({ key }) => ['jira', 'database', 'tomcat'].includes(key))
          .map(({ node, key, value }) => `${node} ${key} ${value}`),
        [
          'node1 jira 9.12.4',
          'node1 tomcat 9.0.96',
          'node1 database PostgreSQL',
          'node2 jira 9.12.4',
          'node2 database PostgreSQL',
        ],
      );
      const holes = all.filter((object): object is HoleObject => object.kind === 'hole');
      assert.deepEqual(holes.map(({ origin, reason }) => `${within(origin)}: ${reason}`).sort(), [
        'node2/application-logs/atlassian-jira.log: backup 2 is not there, though 3 is',
        'node2/application-logs/atlassian-jira.log: the product was started; before that nothing was written for 31 min',
      ]);
      const [refused] = incidents.filter(({ rule }) => rule.id === 'gij/azure-devops-profile-401');
      assert.deepEqual(
        refused!.related.map(({ origin, line }) => `${within(origin)}:${line}`),
        ['node1/tomcat-access-logs/access_log.2026-11-20:1'],
      );
    });
  }
});
