/** The commands besides scan: what is typed for them, and where they are. A command is loaded when it is run. */
import type { Argv } from 'yargs';
import type { Config } from './config.js';
import type { Context } from './context.js';
import {
  attachOptions,
  EVENT_FORMATS,
  factOptions,
  findingOptions,
  packOptions,
  REDACT_KEY,
  ruleOptions,
  WEBHOOK_FORMATS,
} from './options.js';

/** @param again reads the configuration once more, and what it sets of the arguments */
export type Handler = (
  args: never,
  context: Context,
  config: Config,
  again: () => Promise<{ readonly args: never; readonly config: Config }>,
) => Promise<number>;
/** Makes of a way to a handler what yargs calls. What is set in the configuration stands in for flags, unless it is not read. */
export type Run = (
  load: () => Promise<Handler>,
  options?: { readonly readsConfig?: boolean },
) => (args: unknown) => Promise<void>;

export function describeTail<T>(args: Argv<T>) {
  return findingOptions(
    args.positional('paths', { type: 'string', array: true, describe: 'Logs, directories and globs to follow' }),
    { unknown: 'none', before: 'now' },
  )
    .option('format', {
      choices: ['auto', ...EVENT_FORMATS] as const,
      describe: 'How events look; auto is text',
    })
    .option('output', {
      alias: 'o',
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Add to a file instead of writing to stdout, exactly once; .ndjson chooses the format; - is stdout',
    })
    .option('state', {
      type: 'string',
      requiresArg: true,
      describe: 'Folder that remembers where each log was read to [$STATE_DIRECTORY, ~/.local/state/logscan]',
    })
    .option('from', {
      choices: ['start', 'end'] as const,
      describe: 'Where to begin in a log that is not remembered [end]',
    })
    .option('resolve-after', {
      type: 'string',
      requiresArg: true,
      describe: 'An incident is over after this time without another sighting [30m]',
    })
    .option('webhook', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Send every event to this address as well',
    })
    .option('webhook-format', {
      choices: WEBHOOK_FORMATS,
      describe: 'What is sent to webhooks [cloudevents]',
    })
    .option('metrics', {
      type: 'string',
      requiresArg: true,
      describe: 'Metrics for Prometheus: a port, HOST:PORT, or a file',
    })
    .example('$0 tail /var/atlassian/application-data/jira/log', 'a server, until it is stopped')
    .example('$0 tail logs -o incidents.ndjson --webhook https://hooks.example.com/jira', 'for programs')
    .epilogue(
      'Signals: HUP reads rules and settings again, USR2 prints how each log is doing, INT and TERM stop and remember.\nAs a service, with the settings in a file: packaging/README.md',
    );
}

export function describeAttach<T>(args: Argv<T>) {
  return attachOptions(
    args.positional('bundle', {
      type: 'string',
      demandOption: true,
      describe: 'A zip, tar or tar.gz with logs; it is only read',
    }),
  )
    .example('$0 attach support.zip', 'support-logscan.zip, with logscan/report.md inside')
    .example('$0 attach node1.tar.gz -o /tmp/for-support.tar.gz --force', 'elsewhere, again')
    .epilogue(
      'Secrets are masked in the report, not in the logs of the bundle. The report alone: logscan BUNDLE -o report.md',
    );
}

export function describeFacts<T>(args: Argv<T>) {
  return factOptions(
    args.positional('inputs', {
      type: 'string',
      array: true,
      describe: 'Logs, directories, globs, archives; - is stdin',
    }),
  )
    .example('$0 facts /var/atlassian/application-data/jira', 'versions, plugins, database, Java')
    .epilogue(
      'Facts come from what products print when they start, and from settings and support tools: application.xml, dbconfig.xml,\nsetenv.sh, cluster.properties, healthcheckResults.txt. Of each the newest is told, for every node.',
    );
}

export function describeExplain<T>(args: Argv<T>) {
  return ruleOptions(args)
    .positional('what', {
      type: 'string',
      describe: 'The id of a rule, or FILE:LINE together with --rule',
    })
    .option('rule', { type: 'string', requiresArg: true, describe: 'Say which of its conditions hold at FILE:LINE' })
    .option('timezone', {
      type: 'string',
      requiresArg: true,
      default: 'UTC',
      describe: 'Zone of times printed without one',
    })
    .example('$0 explain gij/azure-devops-profile-401', 'the problem, its cause and its fix')
    .example('$0 explain --rule gij/azure-devops-profile-401 jira.log:52010', 'which condition fails there');
}

/** The commands behind `rules`. */
export const RULES_COMMANDS = ['list', 'show', 'check', 'test', 'new', 'docs'] as const;
export const RULES_EXPECTED = 'list, show, check, test, new or docs';

export function describeRules<T>(args: Argv<T>, run: Run) {
  const lazily = (name: 'runList' | 'runShow' | 'runCheck' | 'runTest' | 'runNew') =>
    run(async () => (await import('./rules.js'))[name]);
  return args
    .command('list', 'All rules, one a line', (y) => ruleOptions(y), lazily('runList'))
    .command(
      'show <id>',
      'One rule as a page',
      (y) => ruleOptions(y).positional('id', { type: 'string', demandOption: true }),
      lazily('runShow'),
    )
    .command(
      'check [path]',
      'Look for everything that is wrong with rules',
      (y) =>
        ruleOptions(y).positional('path', {
          type: 'string',
          describe: 'A rule file, a pack, or a folder of packs; the shipped rules if absent',
        }),
      lazily('runCheck'),
    )
    .command(
      'test [path]',
      'Run the examples of rules',
      (y) =>
        ruleOptions(y).positional('path', {
          type: 'string',
          describe: 'A rule file, a pack, or a folder of packs; the shipped rules if absent',
        }),
      lazily('runTest'),
    )
    .command(
      'new <id>',
      'Write the skeleton of a rule, or a draft from a record, to rules/<id>.yaml',
      (y) =>
        y
          .positional('id', { type: 'string', demandOption: true, describe: 'Pack and name, like acme/login-loop' })
          .option('from', {
            type: 'string',
            requiresArg: true,
            describe: 'Draft it from the record at FILE:LINE, which becomes its first example, with secrets masked',
          })
          .example('$0 rules new acme/login-loop --from jira.log:52010', 'a rule that matches that record')
          .epilogue(
            'A rule is one YAML file: what a record must say (match), why it happens (cause), what to do (solutions), and logs\nthat it must and must not match (examples). Fill in what was written, then: logscan rules test rules/acme',
          ),
      lazily('runNew'),
    )
    .command(
      'docs',
      'Write a Markdown page for each rule, and an index',
      (y) =>
        packOptions(y)
          .option('out', {
            type: 'string',
            requiresArg: true,
            default: 'docs/rules',
            describe: 'Folder of the pages; it holds nothing else',
          })
          .option('check', {
            type: 'boolean',
            default: false,
            describe: 'Write nothing; name the pages that are not what the rules say',
          })
          .example('$0 rules docs', 'docs/rules/README.md and docs/rules/<pack>/<name>.md')
          .epilogue(
            'The same rules make the same pages on every day. Pages whose rules are gone are removed. With --check the status is 1 if a\npage is stale.',
          ),
      run(async () => (await import('./rule-docs.js')).runDocs),
    )
    .demandCommand(1, `rules: expected ${RULES_EXPECTED}`)
    .strictCommands();
}

export function describeRedact<T>(args: Argv<T>) {
  return args
    .positional('file', { type: 'string', describe: 'A log, also a compressed one; - is stdin' })
    .option('output', { alias: 'o', type: 'string', requiresArg: true, describe: 'Write to a file instead of stdout' })
    .option('redact', {
      choices: ['on', 'strict'] as const,
      default: 'on' as const,
      describe: 'Mask secrets; strict: mail addresses, users, hosts and IP addresses, too',
    })
    .option('redact-key', REDACT_KEY)
    .example('$0 redact jira.log -o jira-redacted.log', 'without passwords, tokens, cookies and keys')
    .example('$0 redact --redact strict - < jira.log', 'without names of people and machines, too')
    .epilogue(
      'Everything that is not masked stays as it is, to the byte. The log is read twice, as what is masked in one line is masked in\nall others; so nothing is written before all of it was read. What was masked is told on stderr.',
    );
}

export function describeCheckConfig<T>(args: Argv<T>) {
  return args
    .positional('file', { type: 'string', describe: 'A logscan.yaml; the one that would be read if absent' })
    .example('$0 check-config', 'the settings that hold here')
    .example('sudo -u logscan $0 check-config /etc/logscan/logscan.yaml', 'as the user of the service')
    .epilogue(
      'logscan.yaml is looked for here and in the folders above, then in ~/.config/logscan. LOGSCAN_MIN_SEVERITY=high goes over\nmin-severity in the file, LOGSCAN_TAIL_POLL over poll under tail:, flags over both. All settings: logscan schema config',
    );
}

/** The schemas that can be printed. */
export const SCHEMA_NAMES = ['incident', 'rule', 'config'] as const;
