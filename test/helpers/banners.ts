/** Short start-up banners for tests of what follows from facts. */

export interface Banner {
  readonly jira?: string;
  readonly gij?: string;
  readonly time?: string;
  readonly timezone?: string;
  readonly baseUrl?: string;
}

/** What Jira prints when it starts, in two records. */
export function jiraBanner({
  jira = '9.4.1',
  gij,
  time = '2026-11-20 08:00:00,000+0000',
  timezone,
  baseUrl,
}: Banner = {}): string {
  const header = `${time} main INFO      [c.a.jira.startup.JiraStartupLogger] \n\n`;
  const property = (name: string, value: string) => `         ${name.padEnd(45)} : ${value}\n`;
  return [
    header,
    '    ___ Environment _____________________________\n\n',
    property('Jira Build', `${jira}#904001-sha1:0123abcd`),
    '\n    ___ Java System Properties __________________\n\n',
    property('os.name', 'Linux'),
    ...(timezone === undefined ? [] : [property('user.timezone', timezone)]),
    '\n',
    header,
    '    ___ Core Application Properties _____________\n\n',
    property('Version', jira),
    ...(baseUrl === undefined ? [] : [property('Base URL', baseUrl)]),
    '\n    ___ User Plugins ____________________________\n\n',
    ...(gij === undefined
      ? []
      : [
          property('Git Integration for Jira', 'com.xiplink.jira.git.jira_git_plugin'),
          `     ${property('Version', gij)}`,
        ]),
    '\n',
  ].join('');
}
