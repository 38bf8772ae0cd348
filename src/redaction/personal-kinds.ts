/**
 * The table of what is masked under strict besides secrets: mail addresses, users, hosts and addresses of machines. The groups of
 * a pattern are named after what stands there; personal.ts says whether it really is one.
 */
import type { FieldKind } from './fields.js';
import { HOST_SHAPE, NAME } from './hosts.js';
import { readAssigned, readName } from './values.js';

export const PERSONAL_KINDS = ['mail', 'user', 'host', 'ip'] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

export interface Personal {
  /** Without one of them the pattern need not be tried, which takes longer. */
  readonly needs: readonly string[];
  readonly pattern: RegExp;
  /** Whether nothing tells but its look. */
  readonly isShape?: boolean;
}

/** Not at the letter of an escape: `\\nbob@example.com` begins with a line end. */
const NO_ESCAPE = '(?<!\\\\(?=[bfnrtu]))';
const LETTERS = '[\\p{L}\\p{N}_.+-]';
/** A user name that stands alone in a header, or behind a word. */
const WORD = '[^\\s"\'`<>|,;:()[\\]{}=/\\\\]{1,128}';

/** Earlier ones win where two fit at one place. */
export const PERSONAL: readonly Personal[] = [
  // ---- addresses: scheme://user@host:port, of which a driver takes several
  {
    needs: ['//', '\\/'],
    pattern:
      /(?<![\w+.-])(?!(?:bundle\w*|file|classpath|jar|vfs|urn|plugin|jrt|data):)[a-z][a-z0-9+.-]{0,20}(?::[a-z0-9]{1,12}){0,2}:\\?\/\\?\/(?:\[[a-z:0-9-]{1,80}\]@|(?<user>[^\s/?#@:"'<>\\[\],;]{1,128})(?::(?:\[[a-z:0-9-]{1,80}\]|[^\s/?#@"'<>\\]{0,256}))?@)?(?:\[(?<ip>[0-9a-f:.]{2,64}(?:%\w{1,16})?)\]|(?<host>[\w-](?:[\w.-]{0,252}\w)?))/dgi,
  },
  { needs: ['//'], pattern: new RegExp(`(?<=\\/\\/[\\w.:-]{1,250}(?::\\d{1,5})?,)(?<host>${NAME})(?=:\\d)`, 'dg') },
  {
    needs: ['jdbc:oracle'],
    pattern: new RegExp(`jdbc:oracle:[a-z]{1,8}:[^@\\s]{0,200}@(?:\\/\\/)?(?<host>${NAME})`, 'dgi'),
  },
  // git@gitlab.example.com:team/web.git
  {
    needs: ['@'],
    pattern: new RegExp(
      `(?<![\\w.@%/-])${NO_ESCAPE}(?<user>${LETTERS}{1,64})@(?<host>(?:[\\w-]{1,63}\\.){1,8}[a-z]{2,24}):(?=[\\w~./-]*\\/)`,
      'dgu',
    ),
  },
  {
    needs: ['@'],
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}_.+%/-])${NO_ESCAPE}(?<mail>${LETTERS}{1,64}@(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}\\p{L}{2,24})(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])`,
      'dgu',
    ),
  },
  // ---- who: headers of products and servers
  {
    needs: ['x'],
    pattern: /(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) +(?<user>\S{1,128}) (?=\d{1,5}x\d{1,12}x\d{1,6} )/dg,
  },
  {
    needs: [' @', ' *'],
    pattern: /(?<=[\]\s])(?<user>[^\s\]]{1,128}) (?=[@*][0-9A-Za-z]{4,16}x\d{1,5}x\d{1,12}x\d{1,6}\b)/dg,
  },
  { needs: [' ['], pattern: /(?<=\s)(?<user>[^\s"[\]]{1,128}) (?=\[\d{2}\/[A-Z][a-z]{2}\/\d{4}:)/dg },
  { needs: [' | '], pattern: /\| [io][@*]\S{1,40} \| (?<user>[^|\s]{1,128}) \| (?=\d{4}-)/dg },
  { needs: [' | '], pattern: /\| [A-Z]\w{1,100} \| (?<user>[^|\n]{1,128}) \| (?=\d{13} \|)/dg },
  // ---- who: homes, accounts, directories of people
  {
    needs: ['/home/', '/Users/'],
    pattern: /\/(?:home|Users|export\/home|usr\/home)\/(?<user>[^\s/\\:"'<>|;,()&]{1,64})/dg,
  },
  {
    needs: ['\\'],
    pattern: /\b[A-Za-z]:\\{1,4}(?:Users|Documents and Settings)\\{1,4}(?<user>[^\\/:"'<>|;,\n]{1,64})(?=[\\\s"']|$)/dg,
  },
  {
    needs: ['~'],
    pattern: /(?<=\/)~(?<user>[A-Za-z][\w.-]{1,63})|(?<![\w/.)\]])~(?<user2>[A-Za-z][\w.-]{1,63})(?=\/)/dg,
  },
  { needs: ['/users/'], pattern: /\/users\/(?<user>[\w.@%+-]{2,128})(?=[/?#"'\s]|$)/dg },
  {
    needs: ['\\'],
    pattern: /(?<![\w\\/.:-])[A-Z][A-Z0-9-]{1,14}(?:\\\\|\\(?![bfnrtu]))(?<user>[A-Za-z][\w.-]{1,63})/dg,
  },
  { needs: ['='], pattern: /\b(?:CN|UID)=(?<user>[^,=\n"'\\+<>;]{2,128})(?=, ?(?:OU|CN|DC|O|UID)=)/dgi },
  { needs: ['='], pattern: /\b(?<domain>DC=[\w-]{1,63}(?:, ?DC=[\w-]{1,63}){1,8})/dgi },
  // ---- who: in sentences
  {
    needs: ['ser'],
    pattern: /\b[Uu]ser(?:name)?:? (?:["'`‘“[<](?<user>[^"'`’”\]>\n]{1,128})["'`’”\]>]|\((?<user2>[^\s()]{1,128})\))/dg,
  },
  {
    needs: ['ser'],
    pattern: new RegExp(
      `\\b(?:for|by|of|from|as|to|that|with|on behalf of) (?:the )?(?:\\w{3,12} )?user:? (?<user>${WORD})`,
      'dg',
    ),
  },
  {
    needs: ['ser'],
    pattern: new RegExp(
      `\\b[Uu]ser (?<user>${WORD})(?= (?:has|is|was|does|did|logged|could|can|cannot|failed|not|with|attempted|tried|requested|already|exceeded|locked|removed|added|created|deleted)\\b)`,
      'dg',
    ),
  },
  // ---- which machine: errors, connections, shares
  { needs: ['nknownHost'], pattern: new RegExp(`UnknownHostException: (?<host>${NAME})`, 'dg') },
  {
    needs: ['host'],
    pattern: new RegExp(
      `\\b(?:[Nn]o route to host|[Uu]nknown host|resolve host(?:name)?|to host|on host|for host|from host|[Hh]ostname?)[:=]? ?["'\`(\\[]?(?<host>${NAME})(?=["'\`)\\],;:\\s]|\\.?$|\\. )`,
      'dg',
    ),
  },
  {
    needs: [':'],
    pattern: new RegExp(
      `\\b(?:[Cc]onnect(?:ed|ing|ion)?|[Cc]onnection refused|[Hh]andshake|[Ss]ocket|[Tt]unnel|proxy|Proxy|peer|server|node|broker|address) (?:(?:to|from|with|by|at|via) )?(?:the )?["'\`(\\[]?(?<host>${NAME}):(?=\\d{2,5}\\b)`,
      'dg',
    ),
  },
  {
    needs: ['/'],
    pattern: new RegExp(
      `(?<![\\w./@%-])${NO_ESCAPE}(?!(?:[A-Z][a-z]+|OPR|CriOS)\\/)(?<host>${NAME})\\/(?=<?(?:unresolved|(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w.])|[0-9a-f]{0,4}:[0-9a-f:]{2,40}))`,
      'dg',
    ),
  },
  {
    needs: ['\\\\'],
    pattern: new RegExp(
      `(?<=^|[\\s"'=(,])(?:\\\\\\\\){1,2}(?!x[0-9A-F]{2}|u[0-9a-f]{4})(?<host>${NAME})(?=\\\\{1,2}[\\w$])`,
      'dg',
    ),
  },
  { needs: ['ip-'], pattern: /(?<![\w-])(?<host>ip-\d{1,3}-\d{1,3}-\d{1,3}-\d{1,3}(?:\.[\w-]{1,63}){0,6})(?![\w-])/dg },
  { needs: ['.'], pattern: HOST_SHAPE, isShape: true },
];

/** The same behind names. */
export const PERSONAL_FIELDS: readonly FieldKind[] = [
  {
    kind: 'user',
    name: '(?:user|usr)(?:[-_ ]?(?:name|id|key|login))?|(?<![a-z])login(?:[-_ ]?name)?|assignee|reporter|author|creator|(?<![a-z])principal|display[-_]?name|full[-_]?name|(?:account|actor|member|owner|committer)[-_]?name|(?<![a-z])actor|uid',
    read: readName,
  },
  {
    kind: 'host',
    name: 'host(?:[-_ ]?name)?|(?:remote|local|proxy|bind|server|peer|client)[-_]?(?:host|name|addr(?:ess)?|ip)|node[-_]?name',
    read: readName,
  },
  { kind: 'host', name: '(?<![a-z.])server|data ?source|(?<![a-z.])domain', read: readAssigned },
];
