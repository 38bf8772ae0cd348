/** `logscan schema incident|rule|config`: the JSON Schemas, for programs and editors. */
import { incidentJsonSchema } from '../reporters/schema.js';
import { ruleJsonSchema } from '../rules/schema.js';
import type { SCHEMA_NAMES } from './commands.js';
import { configJsonSchema } from './config-schema.js';
import type { Context } from './context.js';
import { EXIT } from './status.js';

const SCHEMAS: Readonly<Record<(typeof SCHEMA_NAMES)[number], () => unknown>> = {
  incident: incidentJsonSchema,
  rule: ruleJsonSchema,
  config: configJsonSchema,
};

export async function runSchema({ name }: { name: keyof typeof SCHEMAS }, context: Context): Promise<number> {
  await context.stdout.write(`${JSON.stringify(SCHEMAS[name](), null, 2)}\n`);
  return EXIT.ok;
}
