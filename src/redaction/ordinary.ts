/**
 * Words that are said for other reasons as well. A value that is one of them is masked where it is known for what it is; to look
 * for it elsewhere would take `jira` out of every path because somebody is called so.
 */
const WORDS = new Set(
  [
    // accounts, and passwords that are left as they were delivered
    'admin administrator administrators anonymous automation backup builder changeit changeme daemon default demo deploy deployer',
    'developer everyone guest helpdesk hudson jenkins jirauser jiradbuser confluenceuser bitbucketuser monitor monitoring nobody',
    'operator password passw0rd postgres robot root scanner secret service support sysadmin system tester username www-data',
    'undefined unknown null none true false',
    // products and their parts
    'agent apache application atlassian azure bamboo bitbucket cache catalina cloud cluster cluster1 confluence container crowd',
    'database devops docker github gitlab gitplugin http https index insight java jdbc jira jira-software kubernetes ldap local',
    'localhost lucene mail mailserver mysql nginx node node1 node2 node3 oracle plugin plugins postgresql proxy queue server',
    'servicedesk software sqlserver tomcat webhook webwork worker zookeeper',
    // what logs talk about
    'access account action active address agents alert allow analysis archive array async attachment audit auth author back base',
    'batch board body boot browser build bytes call card certificate change channel check class clean client code color column',
    'comment commit common component config connect connection content context core count create created current custom dashboard',
    'data date delete deny description detail details digest directory disabled display document done down download email enabled',
    'encoding entity entry error errors event events exception exec export external fail failed failure fatal feature field file',
    'files filter find first flag format forward found from full gadget general global group groups hash head header health help',
    'high history home host icon image import info init input insert install instance integration internal invalid issue issues',
    'item items java job jobs json keep label language last layout level library license line link list listener load lock log',
    'logger login logout logs main manager mark master message method metric migration mode model module move name network next',
    'none note object offset open option order other output owner package page panel parent park path permission person pipeline',
    'policy pool port portal post power process product profile project property provider public pull push query random rate read',
    'record redirect refresh region register release reload remote remove rename report repository request reset resource response',
    'rest result retry return review role rollback rule rules runner safe save scan schedule schema scheme score screen script',
    'search section security select sender session setting settings setup severity share shared short show shutdown sign site size',
    'skip slow socket source space spring sprint stack staging start state static status step stop storage store stream string',
    'style submit success summary sync table target task team template temp term test text theme thread time timeout title token',
    'tool topic total trace track tree trigger type unit update upgrade upload url user users util value values version view void',
    'wait warn warning watch watcher web week will window word work workflow write yes zone',
    // the words of logscan itself
    'authorization captures confidence coverage critical duplicate episode evidence histogram incident incidents medium notice',
    'occurrences provisional references related revision solution',
  ].flatMap((line) => line.split(' ')),
);

/** @param value in lower case */
export function isOrdinary(value: string): boolean {
  return WORDS.has(value);
}
