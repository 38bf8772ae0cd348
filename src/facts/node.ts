/** Folders of a home, of an installation or of a support bundle in which logs and settings lie. */
const FOLDERS =
  /^(?:logs?|application-(?:logs|properties|config)|tomcat-(?:logs|config|access-logs)|thread-?dumps?|healthchecks|auth-cfg|cache-cfg|cluster-nodes|bin|conf|shared|WEB-INF|classes)$/;

/**
 * What an input belongs to: the path around the folders that every node has, `bundle.zip!/node1` or
 * `/var/atlassian/application-data/jira`. Inputs that lie together are of one node.
 */
export function nodeOf(origin: string): string {
  const parts = origin.split(/[\\/]/);
  parts.pop();
  while (parts.length > 0 && FOLDERS.test(parts.at(-1)!)) parts.pop();
  return parts.join('/');
}

/** The last part of what {@link nodeOf} gives, for people. */
export function shortName(node: string): string {
  const name = node.replace(/!$/, '');
  return name.slice(name.lastIndexOf('/') + 1);
}
