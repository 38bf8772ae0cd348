/** Path templates: `/{org}/_apis/git/...` against `/contoso/_apis/git/repositories`. */

export type TemplateTest = (path: string) => Readonly<Record<string, string>> | null;

/**
 * `{name}` captures one segment, `*` stands for one, `...` at the beginning or the end for any number of them (none
 * included). A closing slash does not matter; letter case does.
 * @returns a function from a path to its captures, or to null if the path is another one
 */
export function templateTest(template: string): TemplateTest {
  const openStart = template.startsWith('...');
  const openEnd = template.endsWith('...');
  const wanted = segments(template.slice(openStart ? 3 : 0, openEnd ? -3 : undefined));
  const matchAt = (path: readonly string[], at: number): Record<string, string> | null => {
    const captures: Record<string, string> = {};
    for (let index = 0; index < wanted.length; index++) {
      const want = wanted[index]!;
      const have = path[at + index];
      if (have === undefined || (have === '' && want !== '')) return null;
      if (want.startsWith('{') && want.endsWith('}')) captures[want.slice(1, -1)] = have;
      else if (want !== '*' && want !== have) return null;
    }
    return captures;
  };
  return (path) => {
    const have = segments(path);
    const spare = have.length - wanted.length;
    if (spare < 0) return null;
    const first = openStart && !openEnd ? spare : 0;
    const last = openStart ? spare : 0;
    if (!openEnd && !openStart && spare > 0) return null;
    for (let at = first; at <= last; at++) {
      const captures = matchAt(have, at);
      if (captures) return captures;
    }
    return null;
  };
}

/** The pieces of a template that stand in every path that fits: the text between its variable parts. */
export function staticPieces(template: string): string[] {
  return template
    .split(/\.\.\.|\{\w+\}|\*/)
    .map((piece) => piece.replace(/^\/+/, '/').replace(/\/+$/, ''))
    .filter((piece) => piece.length > 0);
}

/** The parts between slashes, those at the ends not counted; a doubled slash inside makes an empty one. */
function segments(path: string): string[] {
  let from = 0;
  let to = path.length;
  while (from < to && path[from] === '/') from++;
  while (to > from && path[to - 1] === '/') to--;
  return from === to ? [] : path.slice(from, to).split('/');
}
