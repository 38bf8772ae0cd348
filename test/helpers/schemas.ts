/** Writes the JSON Schemas that stand in the repository and in the package; `npm run schemas`. A test holds them current. */
import { writeFileSync } from 'node:fs';
import { incidentJsonSchema } from '../../src/reporters/schema.js';
import { ruleJsonSchema } from '../../src/rules/schema.js';

const write = (path: string, schema: unknown) => writeFileSync(new URL(`../../../${path}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);

write('schemas/incident.schema.json', incidentJsonSchema());
write('rules/rule.schema.json', ruleJsonSchema());
