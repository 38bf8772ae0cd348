/** What logs are put together of in the tests of the filter. */
export const TIME = '2026-11-20 09:14:03,118+0000';
export const INFO = `${TIME} http-nio-8080-exec-7 INFO jdoe 554x1x1 1a2b3c 192.0.2.7 /rest/api/2/issue [c.a.j.Example] all is well\n`;
export const ERROR = `${TIME} Caesium-1-2 ERROR ServiceRunner     [c.a.j.Example] it failed\n\tat com.acme.Foo.bar(Foo.java:1)\n`;
export const NEEDLE = `${TIME} main WARN      [c.a.j.Example] a needle in the haystack\n`;
export const FRAME = '\tat com.acme.Foo.bar(Foo.java:1)\n';
/** As Confluence prints it. */
export const BRACKETS =
  '2026-11-20 09:14:03,118 INFO [http-nio-8090-exec-7] [confluence.util.Example] run all is well\n';

/** Whole records, lines and parts of them; ordinary ones more often. */
export const PIECES = [
  INFO,
  INFO,
  INFO,
  ERROR,
  NEEDLE,
  '\n',
  '\r\n',
  'needle in the haystack',
  'needle in the ',
  'haystack\n',
  'aaaaaa',
  FRAME,
  'Caused by: com.acme.worklog.SyncFailedException\n',
  'https://app.vssps.visualstudio.com/_apis/profile/profiles/me Unauthorized (401)\n',
  `${TIME} `,
  'ERROR ',
  ' INFO ',
  '\x1b[1m',
  '\0',
  '2026/11/20 09:14:03 ',
  'log4j:ERROR x\n',
  'ERROR 2026',
  'é',
  'Größe',
  '\u2028',
  'z'.repeat(380),
  '\n'.repeat(150),
  FRAME.repeat(70),
  INFO.repeat(40),
  '2026-02-30 09:14:03,118 a INFO b\n',
  '20-Nov-2026 09:14:03.118 SEVERE [main] a.B c\n',
];
