/** Names of hosts, told from classes, packages, properties and files, which have dots as well. */

/** Ends of names of which two labels are enough. */
const SURE =
  'com|net|org|edu|gov|mil|biz|eu|de|uk|fr|ch|nl|cz|sk|es|pt|dk|fi|se|ru|ua|jp|cn|kr|tw|hk|sg|au|nz|ca|br|mx|ar|il|tr|za|ie|lu|gr|hu|ro|hr|lt|lv|ee|local|localdomain|internal|intranet|intern|lan|corp|arpa|invalid|example|localhost|priv';
/** Ends that are words or ends of files as well: only of names with three labels or more. */
const UNSURE =
  'io|dev|app|ai|cloud|tech|online|site|info|test|at|it|be|no|us|me|tv|is|in|pl|rs|si|bg|co|ad|int|pro|store|xyz|network|systems|services|company|group|zone';
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
/** Ends of files that may stand behind the name of a host: `jira01.example.com.log`. */
const FILE_END = 'log|out|err|txt|gz|zip|tar|tgz|json|csv|xml|ya?ml|bak|old|har|html|pem|crt|key|jks|p12|\\d';

/** A dotted name that ends like that of a host, with nothing beside it that belongs to it; {@link isHostShape} knows more. */
export const HOST_SHAPE = new RegExp(
  `(?<![\\w.$@%-])(?<!\\\\(?=[bfnrtu]))(?<host>(?:${LABEL}\\.){1,8}(?:${SURE}|${UNSURE}))(?![\\w$@(-])(?!\\.(?!(?:${FILE_END})\\b)\\w)`,
  'dgi',
);
/** Any name that may stand where a host is named. */
export const NAME = '[A-Za-z0-9](?:[\\w.-]{0,252}\\w)?';

const ENDS_UNSURE = new RegExp(`\\.(?:${UNSURE})$`, 'i');
/** First labels of packages and of what else is written with dots in code. */
const CODE =
  /^(?:com|org|net|io|edu|gov|java|javax|jakarta|jdk|sun|kotlin|scala|groovy|log|logger|system|self|this)\./i;
/** Where a package begins with the end of its maker's domain: `de.contoso.app`. */
const CODE_OF_UNSURE =
  /^(?:de|ch|fr|uk|nl|se|it|cz|eu|us|at|dev|app|ai|me|tv|jira|plugin|config|spring|user|os)\.|^[a-z]\.[a-z]\./i;
const ABBREVIATED = /^[a-z]\.[a-z]\./i;
/** Technologies, not hosts. */
const NO_HOSTS = /^(?:(?:asp|ado|vb|quartz)\.net|localhost\.localdomain|cluster\.local|svc\.cluster\.local)$/i;

/** Whether a name that looks like one of a host by its end is one by the rest as well. */
export function isHostShape(name: string): boolean {
  if (CODE.test(name) || ABBREVIATED.test(name) || NO_HOSTS.test(name) || isPublicHost(name)) return false;
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (/[a-z][A-Z]/.test(name) || (/^[A-Z]/.test(last) && last !== last.toUpperCase())) return false; // com.acme.MyApp, Foo.Net
  if (!ENDS_UNSURE.test(name)) return true;
  return name.split('.').length > 2 && !CODE_OF_UNSURE.test(name);
}

/** Whether a name that stands where a host is named is the name of one, and not of every machine or of a public service. */
export function isHostName(name: string): boolean {
  if (name.length < 2 || name.length > 253 || !/^[A-Za-z0-9_](?:[\w.-]*\w)?\.?$/.test(name)) return false;
  return /[A-Za-z]/.test(name) && !NO_NAMES.test(name) && !NO_HOSTS.test(name) && !isPublicHost(name);
}

/** What stands in the place of a name. */
const NO_NAMES =
  /^(?:localhost(?:\d|\.localdomain)?|null|none|undefined|unknown|true|false|default|any|n\/?a|auto|the|a|this|is|not|was|and|or|for|to|of|in|on|has|name|host|hostname|https?|tcp|ssl|tls|[\w.-]+\.(?:java|kt|js|ts|py|go|log|xml|json|ya?ml|properties|jar|class|txt|conf|jspa?|vm))$/i;

/**
 * Services that everybody uses: that one of them answers is no personal data, and says which problem it is. A name with a dot
 * in front stands for every host below it. Below others are names of customers (contoso.visualstudio.com, acme.atlassian.net).
 */
const PUBLIC_HOSTS: readonly string[] = [
  // named by rules
  'dev.azure.com .dev.azure.com app.vssps.visualstudio.com .vssps.dev.azure.com marketplace.visualstudio.com',
  'code.visualstudio.com developercommunity.visualstudio.com github.com .github.com gitlab.com bitbucket.org .bitbucket.org',
  'help.gitkraken.com www.gitkraken.com .microsoft.com aka.ms login.microsoftonline.com management.azure.com',
  'kb.vfunction.com docs.renovatebot.com .atlassian.com www.w3.org',
  // met in logs of Java applications
  '.apache.org .oracle.com java.sun.com xmlns.jcp.org .springframework.org .hibernate.org .eclipse.org .jboss.org .slf4j.org',
  '.maven.org docker.io .docker.io .npmjs.org .gradle.org .googleapis.com accounts.google.com www.google.com slack.com',
  'hooks.slack.com api.slack.com .letsencrypt.org .digicert.com .mozilla.org json-schema.org schema.org openid.net',
].flatMap((line) => line.split(' '));

const PUBLIC = new Set(PUBLIC_HOSTS.filter((host) => !host.startsWith('.')));
const PUBLIC_ENDS = PUBLIC_HOSTS.filter((host) => host.startsWith('.'));

/** Whether it is a service of the public, whose name gives nobody away. */
export function isPublicHost(name: string): boolean {
  const host = name.toLowerCase().replace(/\.$/, '');
  // The regions of Azure DevOps: spsprodweu4.vssps.visualstudio.com.
  if (PUBLIC.has(host) || /^spsprod\w+\.vssps\.visualstudio\.com$/.test(host)) return true;
  return PUBLIC_ENDS.some((end) => host.endsWith(end));
}
