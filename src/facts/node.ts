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

/**
 * The nodes of a cluster among inputs, as {@link nodeOf} gives them: those that name themselves, and folders side by side that hold
 * logs of the same names. Other folders may be parts of one node.
 * @param named nodes that name themselves
 */
export function clusterNodes(origins: readonly string[], named: ReadonlySet<string>): ReadonlySet<string> {
  /** By the folder around them and the name of a log: the folders that hold it. */
  const holders = new Map<string, Set<string>>();
  const nodes = new Set<string>();
  for (const origin of origins) {
    const node = nodeOf(origin);
    if (named.has(node)) nodes.add(node);
    const around = node.slice(0, Math.max(0, node.lastIndexOf('/')));
    const log = `${around}\n${logName(origin)}`;
    holders.set(log, (holders.get(log) ?? new Set()).add(node));
  }
  for (const folders of holders.values()) if (folders.size > 1) for (const folder of folders) nodes.add(folder);
  return nodes;
}

/** The name of a log without what rotation adds: dates and numbers. */
function logName(origin: string): string {
  return origin
    .slice(origin.lastIndexOf('/') + 1)
    .replace(/[.\-_]?\d{4}-?\d\d-?\d\d|\.\d{1,6}(?=$|\.)|\.(?:gz|bz2|xz|zst|zip)$/g, '');
}
