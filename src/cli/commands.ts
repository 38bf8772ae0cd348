/** The commands besides scan: what is typed for them, and where they are. A command is loaded when it is run. */
import type { Argv } from 'yargs';
import type { Context } from './context.js';
import { ruleOptions } from './options.js';

export type Handler = (args: never, context: Context) => Promise<number>;
/** Makes of a way to a handler what yargs calls. */
export type Run = (load: () => Promise<Handler>) => (args: unknown) => Promise<void>;

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
      'Write the skeleton of a rule to rules/<id>.yaml',
      (y) =>
        y
          .positional('id', { type: 'string', demandOption: true, describe: 'Pack and name, like acme/login-loop' })
          .epilogue(
            'A rule is one YAML file: what a record must say (match), why it happens (cause), what to do (solutions), and logs\nthat it must and must not match (examples). Fill in the skeleton, then: logscan rules test rules/acme',
          ),
      lazily('runNew'),
    )
    .demandCommand(1, 'rules: expected list, show, check, test or new')
    .strictCommands();
}

/** The schemas that can be printed. */
export const SCHEMA_NAMES = ['incident', 'rule'] as const;
