/**
 * What changes from one sighting of an error to the next -> a placeholder, so that the sightings look the same. Knows
 * shapes only, no product: a user name without quotes stays, and so does any plain word.
 */

const MAX_LENGTH = 300; // characters of a template
const MAX_READ = 4096; // characters of a line that are looked at
const MAX_ROUNDS = 100;

/** The first line of a message that is not blank, with its changing parts masked: the template of an error. */
export function maskMessage(message: string): string {
  let template = firstLine(message);
  // What a mask or a cut leaves beside it may look like something else: until nothing changes, mostly two rounds.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const next = cut(maskParts(template));
    if (next === template) break;
    template = next;
  }
  return template;
}

function firstLine(message: string): string {
  // A rule of stars or a bracket alone tells nothing; where no line has a word, the first one must do.
  const worded = message.slice(0, MAX_READ).search(/^.*\p{L}{3}/mu);
  const start = worded >= 0 ? worded + message.slice(worded).search(/\S/) : message.search(/\S/);
  if (start < 0) return '';
  const read = message.slice(start, start + MAX_READ);
  return /^[^\r\n]*/.exec(read)![0].trimEnd();
}

/** At most {@link MAX_LENGTH} characters, whole words if there are any. */
function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text.trimEnd();
  const space = text.lastIndexOf(' ', MAX_LENGTH);
  return text.slice(0, space > MAX_LENGTH / 2 ? space : MAX_LENGTH).trimEnd();
}

// ----------------------------------------------------------------------------------------------- parts of a message

interface Part {
  /** Without capturing groups. */
  readonly source: string;
  readonly mask: string | ((printed: string) => string);
}

const KEEP = (printed: string): string => printed;
/** The end of a word: what follows is no part of it. */
const END = '(?![A-Za-z0-9])';
const NEW = '(?<![A-Za-z0-9])';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const CLOCK = '\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d{1,9})?';
const ZONE = '(?: ?(?:Z|UTC|GMT|CES?T|[ECMP][DS]T)\\b| ?[+-]\\d{2}:?\\d{2})?(?:\\[[\\w/+-]{1,40}\\])?';
const TLDS =
  'com|net|org|edu|gov|mil|int|info|biz|io|dev|app|cloud|tech|ai|eu|de|uk|fr|ch|nl|pl|cz|es|dk|fi|se|ru|jp|cn|au|ca|br|us|local|localdomain|internal|intranet|intern|lan|corp|home|arpa|test|invalid|example';
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
/** Ends of file names; `Foo.java:12` is no host with a port. */
const FILE_ENDS =
  'java|kt|scala|groovy|clj|js|mjs|ts|cs|cpp|c|h|go|py|rb|sh|sql|xml|xsd|json|ya?ml|properties|vm|jsp|jspa|html?|log|txt|conf|cfg|ini|jar|class';
/** What looks like the key of an issue but is a name: of an encoding, an algorithm, an error. */
const NO_KEYS =
  'UTF|SHA|SHA3|ISO|AES|RSA|DSA|EC|MD|HMAC|PBKDF|ORA|PLS|TNS|DB|CVE|CWE|RFC|HTTP|TLS|SSL|IPV|ES|HS|RS|PS|JDK|JRE|JAVA|WIN|CP|IBM|UCS|SQL|SQLSTATE|ERR|ERROR|CODE|X|JIRA|GPG|PKCS';

/** Ordered: where several fit at one place, the first one counts. */
const PARTS: readonly Part[] = [
  { source: "'<s>'|<(?:host|ip|n|hex|uuid|url|path|time|date|email|key|id)>", mask: KEEP },
  {
    source:
      '"?(?:[Ss]tatus|STATUS|[Hh]ttp|HTTP)(?:\\/\\d(?:\\.\\d)?)?(?:[ _-]?(?:[Ss]tatus|[Cc]ode|[Ee]rror|[Rr]esponse|is|was)){0,3}["\']?[ :=(]{1,3}["\']?[1-5]\\d\\d(?![.,]?\\d)' +
      END,
    mask: KEEP,
  },
  // So do the codes of databases and systems: they tell one error from another.
  {
    source: `(?:SQL ?[Ss]tate|SQLSTATE|SQL [Ee]rror|[Ee]rror ?[Cc]ode|errno)[ :=([]{1,3}-?[0-9A-Z]{1,5}${END}`,
    mask: KEEP,
  },
  // The names of JSON stay: {"error":'<s>'}
  { source: '(?<=[{,] ?)"[A-Za-z_$][\\w.$-]{0,40}"(?= ?:)', mask: KEEP },
  {
    source: "(?<![\\w])\"[^\"]*\"|(?<![\\w)\\]])'[^']*'(?!\\w)|(?<![\\w`])`[^`']*[`'](?!\\w)|“[^”]*”|«[^»]*»",
    mask: "'<s>'",
  },
  {
    source: '(?:jdbc:[a-z]+:|[A-Za-z][A-Za-z0-9+.-]{1,15}:\\/\\/)(?:[^\\s"\'<>]*[^\\s"\'<>.,;:!?)\\]}])?',
    mask: '<url>',
  },
  { source: `${NEW}[\\w.+-]{1,64}@(?:${LABEL}\\.){1,8}[A-Za-z]{2,24}${END}`, mask: '<email>' },
  { source: `[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}${END}`, mask: '<uuid>' },
  {
    source: [
      `${NEW}\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}[T ]\\d{1,2}:\\d{2}(?::\\d{2})?(?:[.,]\\d{1,9})?${ZONE}`,
      `${NEW}\\d{1,2}[-/. ]${MONTH}[-/. ]\\d{2,4}[ :T,]{1,2}${CLOCK}${ZONE}`,
      '\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? ' +
        MONTH +
        ' {1,2}\\d{1,2} ' +
        CLOCK +
        '(?: [A-Z]{2,5}(?:[+-]\\d{2}:?\\d{2})?)?(?: \\d{4})?',
      `\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{1,2} ${MONTH} \\d{4} ${CLOCK}${ZONE}`,
      `\\b${MONTH} \\d{1,2}, \\d{4},? ${CLOCK}(?: ?[AP]M)?${ZONE}`,
      `${NEW + CLOCK}(?: ?[AP]M)?${END}${ZONE}`,
    ].join('|'),
    mask: '<time>',
  },
  {
    source:
      NEW +
      '(?:\\d{4}-\\d{2}-\\d{2}|\\d{4}\\/\\d{2}\\/\\d{2}|\\d{1,2}[-/ ]' +
      MONTH +
      '[-/ ]\\d{2,4}|' +
      MONTH +
      ' \\d{1,2}, \\d{4})' +
      END,
    mask: '<date>',
  },
  { source: '(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w]|\\.\\d)', mask: '<ip>' },
  { source: '(?<![\\w:.])(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}(?:%\\w{1,16})?(?![\\w:])', mask: '<ip>' },
  {
    source:
      '(?<![\\w:.])(?:[0-9a-fA-F]{1,4}:){0,6}(?:[0-9a-fA-F]{1,4})?::(?:[0-9a-fA-F]{1,4}:){0,6}[0-9a-fA-F]{1,4}(?:%\\w{1,16})?(?![\\w:])',
    mask: '<ip>',
  },
  { source: `(?<=[A-Za-z0-9_$;\\])])@[0-9a-f]{1,16}${END}`, mask: '@<hex>' },
  { source: '(?<![\\w.])[A-Za-z]:\\\\{1,2}[^\\s"\'<>|:;,]*|\\\\\\\\[\\w.$-]+\\\\[^\\s"\'<>|:;,]*', mask: '<path>' },
  {
    source: '(?<![\\w/.>)\\]-])(?:~|\\.{1,2})?(?:\\/[\\w.@%+~$=,#-]+)+\\/(?:[\\w.@%+~$#?&=;-]*[\\w%])?',
    mask: '<path>',
  },
  { source: '(?<![\\w/.>-])(?:[\\w.@+-]{1,100}\\/){2,}(?:[\\w.@%+~#-]*\\w)?', mask: '<path>' },
  {
    source: [
      '(?<![\\w.$-])(?!(?:com|org|net|io|de|java|javax|jakarta|kotlin|scala)\\.)(?:' +
        LABEL +
        '\\.){1,8}(?:' +
        TLDS +
        ')(?![\\w-]|\\.\\w)',
      `(?<![\\w.$-])(?:${LABEL}\\.){1,8}(?!(?:${FILE_ENDS}):)[a-z][a-z0-9-]{1,30}(?=:\\d{2,5}${END})`,
      `(?<=\\b(?:to|from|host|server|proxy|Host) )[a-z][\\w-]{1,62}(?=:\\d{2,5}${END})`,
      '(?<![\\w.-])localhost(?:\\.localdomain)?(?![\\w-])',
    ].join('|'),
    mask: '<host>',
  },
  { source: `(?<![\\w-])(?:${NO_KEYS})-\\d{1,8}(?:-\\d{1,8})?${END}`, mask: KEEP },
  { source: `(?<![\\w-])[A-Z][A-Z0-9_]{1,30}-\\d{1,10}${END}`, mask: '<key>' },
  { source: `${NEW}0x[0-9a-fA-F]+${END}`, mask: '<hex>' },
  { source: `(?:(?<=[\\s=(:,\\[])[-+])?${NEW}\\d+(?:[.,]\\d+)+(?:[eE][-+]?\\d+)?`, mask: '<n>' },
  { source: '(?<=[\\s=(:,\\[])[-+](?=\\d)', mask: '' },
  { source: `${NEW}[A-Za-z0-9]*\\d[A-Za-z0-9]*`, mask: maskWord },
];

const PART = new RegExp(PARTS.map(({ source }) => `(${source})`).join('|'), 'g');

function maskParts(text: string): string {
  return text.replace(PART, (printed: string, ...rest: unknown[]) => {
    const at = rest.slice(0, PARTS.length).findIndex((group) => group !== undefined);
    const { mask } = PARTS[at]!;
    return typeof mask === 'string' ? mask : mask(printed);
  });
}

const UNITS = 'ns|us|µs|ms|s|sec|secs|min|mins|m|h|hrs|d|days|b|kb|mb|gb|tb|k|g|kib|mib|gib|px|x|th|st|nd|rd|l';
const NUMBER = new RegExp(`^(?:\\d{1,19})(${UNITS})?$`, 'i');
const MIN_HEX = 7; // a short commit id
const MIN_ID = 16;

/** A word with a digit in it: a number, an id, or a name such as `log4j2`, `AADSTS7000222`, which stays. */
function maskWord(word: string): string {
  if (/^\d+$/.test(word)) return '<n>';
  const number = NUMBER.exec(word);
  if (number) return `<n>${number[1] ?? ''}`;
  if (word.length < MIN_ID && /^[A-Z]+\d+$/.test(word)) return word; // the code of an error
  if (word.length >= MIN_HEX && /^[0-9a-fA-F]+$/.test(word)) return '<hex>';
  const digits = word.replace(/\D/g, '').length;
  if (word.length >= MIN_ID && digits >= 2) return '<id>';
  if (/^\d/.test(word) && word.length >= 5) return '<id>';
  return word.replace(/(?<=[a-z])\d{3,}$/, '<n>');
}

// ------------------------------------------------------------------------------------------------------------ frames

const MAX_FRAME = 500; // characters

/** Ordered: each works on what the one before it left. */
const FRAME_PARTS: readonly (readonly [RegExp, string])[] = [
  [/^\s*at\s+/, ''],
  [/\s*\(.*$/s, ''], // (Sync.java:88) ~[worklog-1.2.jar:?]
  [/\s+~?\[.*$/s, ''],
  [/\/(?:0x[0-9a-f]+|\d{4,})(?=\.|$)/gi, ''], // a hidden class
  [/^.*\//s, ''], // app//, java.base@17.0.1/
  [/\$\$Lambda(?:\$\d+)*/g, '$$$$Lambda'],
  [/\blambda\$(?:([\w$]+?)\$)?\d+\b/g, 'lambda$$$1'],
  [/\$lambda[-$]\d+\b/g, '$$lambda'],
  [/\$anonfun(?:\$(?:adapted|\d+))+/g, '$$anonfun'],
  [/^(?:com\.sun\.proxy|jdk\.proxy\d*)\.(?=\$Proxy)/, ''],
  [/\$Proxy\d+/g, '$$Proxy'],
  [/(?:\$\$(?:EnhancerBy|FastClassBy)\w*?CGLIB|\$\$SpringCGLIB)(?:\$\$\w+)?/g, '$$$$CGLIB'],
  [/\$(ByteBuddy|HibernateProxy|MockitoMock|HibernateInstantiator|auxiliary)\$\w+/g, '$$$1'],
  [/_\$\$_(?:jvst|javassist_?)\w*/g, '_$$$$_javassist'],
  [/\b(Generated(?:Method|Constructor|SerializationConstructor)Accessor)\d+/g, '$1'],
  [/\bLambdaForm\$(\w+?)(?:\$\d+)?(?=\.)/g, 'LambdaForm$$$1'],
  [/\bScript\d+\b/g, 'Script'],
];

/** A frame of a stack trace by its class and method alone: what stays the same from build to build and run to run. */
export function maskFrame(frame: string): string {
  let masked = frame.slice(0, MAX_FRAME);
  for (const [pattern, by] of FRAME_PARTS) masked = masked.replace(pattern, by);
  return masked;
}

/** Packages that only pass a call on: a bug is hardly ever theirs. */
const INFRASTRUCTURE: readonly string[] = [
  // the JDK
  'java. javax. jakarta. jdk. sun. com.sun.',
  // servlet containers
  'org.apache.catalina. org.apache.coyote. org.apache.tomcat. org.apache.jasper. org.apache.juli. org.eclipse.jetty.',
  'io.undertow. org.jboss. org.glassfish.',
  // Spring, OSGi, Atlassian's plugin system and the filters before every request
  'org.springframework. org.aopalliance. org.aspectj. org.eclipse.gemini. org.apache.felix. org.osgi.',
  'com.atlassian.plugin. com.atlassian.plugins.rest. com.atlassian.plugins.osgi. com.atlassian.plugins.servlet.',
  'com.atlassian.event. com.atlassian.sal. com.atlassian.util.concurrent. com.atlassian.seraph. com.atlassian.filter.',
  'com.atlassian.core.filters. com.atlassian.web.servlet. com.atlassian.jira.web.filters. com.atlassian.prettyurls.',
  'com.atlassian.gzipfilter. io.atlassian.fugue. io.atlassian.util.concurrent. webwork. com.opensymphony.',
  // languages and libraries
  'com.google.common. com.google.inject. kotlin. kotlinx. scala. groovy. org.codehaus.groovy. org.apache.groovy.',
  'org.apache.http. org.apache.hc. org.apache.commons. okhttp3. okio. io.netty. reactor.',
  'org.slf4j. org.apache.log4j. org.apache.logging. ch.qos.logback.',
  // databases
  'org.hibernate. org.postgresql. com.mysql. oracle. com.microsoft.sqlserver. org.h2. com.zaxxer. com.mchange.',
  'org.ofbiz. com.querydsl.',
  // makers of proxies
  'net.sf.cglib. net.bytebuddy. javassist.',
].flatMap((group) => group.split(' '));
const GENERATED = /\$\$CGLIB|\$ByteBuddy|\$HibernateProxy|_\$\$_javassist|\$Proxy|Generated\w*Accessor/;

const INFRASTRUCTURE_CLASS = new RegExp(
  `(?:${INFRASTRUCTURE.map((prefix) => prefix.replaceAll('.', '\\.')).join('|')})`,
  'y',
);

/** True if the frame is of an application: not of the JDK, a container, a framework or generated code. */
export function isAppFrame(frame: string): boolean {
  // Nearly all frames of a trace are told by their first letters alone, before anything is masked.
  if (isInfrastructure(frame, startOfClass(frame))) return false;
  const masked = maskFrame(frame);
  return /^[\p{L}_$]/u.test(masked) && !GENERATED.test(masked) && !isInfrastructure(masked, 0);
}

function isInfrastructure(frame: string, at: number): boolean {
  INFRASTRUCTURE_CLASS.lastIndex = at;
  return INFRASTRUCTURE_CLASS.test(frame);
}

/** Where the class begins in a frame: behind `at ` and behind modules (`app//`, `java.base@17.0.1/`). */
function startOfClass(frame: string): number {
  const open = frame.indexOf('(');
  const slash = frame.lastIndexOf('/', open < 0 ? frame.length : open);
  return slash >= 0 ? slash + 1 : /^\s*(?:at\s+)?/.exec(frame)![0].length;
}
