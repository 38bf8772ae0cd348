/** [I/O] Where rules lie. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the packs that come with logscan. */
export const RULES_FOLDER = fileURLToPath(new URL('../../../rules', import.meta.url));

/** A path as a user would type it: relative to the working directory where that is shorter. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || relative.length > file.length ? file : relative;
}
