/** How `logscan.yaml` is written, made from the table of settings: validation and the JSON Schema for editors. */

import { z } from 'zod';
import { isZone } from '../pipeline.js';
import { SIZE, WEBHOOK_FORMATS } from './options.js';
import {
  DURATION,
  hidden,
  isAddress,
  MOST,
  SETTINGS,
  type Setting,
  type SettingValue,
  TAIL_SETTINGS,
  toDuration,
  toMetrics,
  wantedOf,
} from './settings.js';

/** Every message says what was wanted; the document adds what was found. */
const expected = (what: string) => `expected ${what}`;

const oneOrMany = <T extends z.ZodType>(item: T) =>
  z.union([item, z.array(item)]).transform((value) => (Array.isArray(value) ? value : [value]));

const text = (what: string) => z.string({ error: expected(what) }).regex(/\S/, { error: expected(what) });

function webhooks(wanted: string) {
  const url = z
    .string({ error: expected(wanted) })
    .refine(isAddress, { error: ({ input }) => `${expected(wanted)}, found ${hidden(String(input))}` })
    .meta({ format: 'uri' });
  const format = z.enum(WEBHOOK_FORMATS, { error: expected(`one of ${WEBHOOK_FORMATS.join(', ')}`) });
  const webhook = z.union([
    url.transform((address) => ({ url: address, format: null })),
    z.strictObject({ url, format }),
  ]);
  return oneOrMany(webhook);
}

/** What may stand behind the key of a setting. */
function schemaOf(setting: Setting): z.ZodType<SettingValue> {
  const wanted = wantedOf(setting);
  const error = expected(wanted);
  switch (setting.kind) {
    case 'choice':
      return z.enum(setting.choices as [string], { error });
    case 'flag':
      return z.boolean({ error });
    case 'count': {
      const number = z.int({ error }).min(setting.least, { error }).max(MOST, { error });
      return setting.words === undefined ? number : z.union([number, z.enum(setting.words as [string], { error })]);
    }
    case 'duration':
      return z
        .string({ error })
        .regex(DURATION, { error })
        .transform((written, context) => {
          const duration = toDuration(written, setting);
          if (duration === null) context.addIssue({ code: 'custom', message: error, input: written });
          return duration ?? z.NEVER;
        });
    case 'size':
      return z
        .union([z.int({ error }).min(1, { error }), z.string({ error }).regex(SIZE, { error })])
        .transform((written) => String(written));
    case 'zone':
      return z.string({ error }).refine(isZone, { error });
    case 'names':
    case 'paths':
      return oneOrMany(text(wanted));
    case 'path':
      return text(wanted);
    case 'webhooks':
      return webhooks(wanted);
    case 'metrics':
      return z.union([z.int({ error }), z.string({ error })]).transform((written, context) => {
        const metrics = toMetrics(String(written));
        if (metrics === null) context.addIssue({ code: 'custom', message: error, input: written });
        return metrics ?? z.NEVER;
      });
  }
}

function section(settings: Readonly<Record<string, Setting>>) {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      const { describe, default: usual } = setting;
      return [
        name,
        schemaOf(setting)
          .optional()
          .describe(usual === undefined ? describe : `${describe}; ${usual} if absent`),
      ];
    }),
  );
}

const shape = z.strictObject({
  ...section(SETTINGS),
  tail: z.strictObject(section(TAIL_SETTINGS)).nullish().describe('What is said to logscan tail only'),
});

/** A file in which nothing but comments stands sets nothing. */
export const configFile = shape.nullable();

/** The JSON Schema (2020-12) of `logscan.yaml`, for editors and for `logscan schema config`. */
export function configJsonSchema(): unknown {
  return {
    $id: 'https://logscan.dev/schema/config-1.json',
    title: 'logscan configuration',
    description: 'logscan.yaml; relative paths are relative to its folder, ~ is the home of whoever runs logscan',
    ...z.toJSONSchema(shape, { target: 'draft-2020-12', io: 'input' }),
  };
}
