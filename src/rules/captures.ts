/** Which captures a condition can make, and which ones a text asks for. */
import type { Condition } from '../model/rule.js';

/** The names in `{...}` of a title, a cause or a step. */
export function capturesUsed(text: string): string[] {
  return [...text.matchAll(/\{([A-Za-z_][\w.]*)\}/g)].map((match) => match[1]!);
}

/** The names of the named groups of a pattern. */
export function groupNames(source: string): string[] {
  return [...source.matchAll(/\(\?<([A-Za-z_]\w*)>/g)].map((match) => match[1]!);
}

/** The `{names}` of a path template. */
export function templateNames(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
}

/** Every capture that a match of this condition may have, the record's own not counted. */
export function capturesMade(condition: Condition): Set<string> {
  const names = new Set<string>();
  collect(condition, names);
  return names;
}

function collect(condition: Condition, names: Set<string>): void {
  switch (condition.kind) {
    case 'all':
    case 'any':
      for (const child of condition.of) collect(child, names);
      break;
    case 'marker':
      collect(condition.condition, names);
      break;
    case 'pattern':
      for (const name of groupNames(condition.source)) names.add(name);
      break;
    case 'http':
      for (const name of ['http.status', 'http.method', 'http.host', 'http.path']) names.add(name);
      for (const path of condition.http.paths) for (const name of templateNames(path)) names.add(name);
      break;
    case 'throwable':
      for (const name of ['throwable.type', 'throwable.message']) names.add(name);
      for (const name of groupNames(condition.throwable.message ?? '')) names.add(name);
      break;
  }
}
