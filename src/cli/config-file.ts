/** The text of `logscan.yaml` -> what it sets, with places. What most runs do not need is imported here: YAML and its schema. */
import { dirname } from 'node:path';
import { didYouMean, nearest } from '../model/nearest.js';
import { type Path, YamlDocument } from '../rules/document.js';
import { shownPath } from '../rules/places.js';
import { placeText } from '../rules/problem.js';
import type { ConfigProblem, Given } from './config.js';
import { configFile } from './config-schema.js';
import {
  ONLY_TYPED,
  onlyTyped,
  SETTINGS,
  type Setting,
  type SettingValue,
  TAIL_SETTINGS,
  withBase,
} from './settings.js';

/** Reads the text of a file; what is wrong with it is added to `problems`, and then nothing of it is set. */
export function readConfigText(path: string, text: string, problems: ConfigProblem[]): Map<string, Given> {
  const file = shownPath(path);
  const base = dirname(path);
  const document = new YamlDocument(file, text, hint);
  const { tail, ...top } = (document.check(configFile) ?? {}) as Readonly<Record<string, unknown>>;
  const inOrder = document.problems.sort((a, b) => a.line - b.line || a.column - b.column);
  for (const problem of inOrder) problems.push({ place: placeText(problem), message: problem.message });
  const placeOf = (at: Path) => placeText({ file, ...document.placeOf(at) });
  const given = new Map<string, Given>();
  const add = (settings: Readonly<Record<string, Setting>>, section: readonly string[], values: object) => {
    for (const [key, value] of Object.entries(values) as [string, SettingValue | undefined][]) {
      if (value === undefined) continue;
      const at = [...section, key];
      given.set(at.join('.'), {
        value: withBase(settings[key]!, value, base),
        place: placeOf(at),
        items: Array.isArray(value) ? value.map((_, index) => placeOf([...at, index])) : [],
      });
    }
  };
  add(SETTINGS, [], top);
  add(TAIL_SETTINGS, ['tail'], tail ?? {});
  return given;
}

function hint(key: string, path: Path, isTaken: (known: string) => boolean): string {
  if (path.length > 1) return didYouMean(nearest(key, ['url', 'format']));
  const [here, there, move] =
    path.length === 0
      ? [SETTINGS, TAIL_SETTINGS, 'stands under tail:']
      : [TAIL_SETTINGS, SETTINGS, 'stands at the top, not under tail:'];
  if (Object.hasOwn(there, key)) return `; it ${move}`;
  if (ONLY_TYPED.includes(key)) return onlyTyped(key);
  const near = nearest(
    key,
    [...Object.keys(here), ...(path.length === 0 ? ['tail'] : [])].filter((known) => !isTaken(known)),
  );
  if (near !== null) return didYouMean(near);
  const other = nearest(key, Object.keys(there));
  return other === null ? '' : `; did you mean ${other}, which ${move}?`;
}
