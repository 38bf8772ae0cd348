/** Where a log came from: a path as it was typed or found, and the member when it lies inside an archive. */
export interface Origin {
  readonly path: string;
  readonly member: string | null;
}

/** How an origin is printed everywhere: `jira.log`, or `support.zip!/application-logs/atlassian-jira.log`. */
export function originName(origin: Origin): string {
  return origin.member === null ? origin.path : `${origin.path}!/${origin.member}`;
}

/** The last part of an origin's name, without directories: `atlassian-jira.log.2`. */
export function originBase(origin: Origin): string {
  const name = origin.member ?? origin.path;
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
}
