/** YAML text -> checked data, with the place of everything that is wrong. */
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { didYouMean, nearest } from '../model/nearest.js';
import { type RuleProblem, shownValue } from './problem.js';

/** Where a value stands in the data: keys, and positions in lists. */
export type Path = readonly PropertyKey[];

/** What is told of a key that the schema does not know: `; did you mean ...?`, or nothing. */
export type Hint = (key: string, path: Path, isTaken: (known: string) => boolean) => string;

/** A YAML file that remembers where each of its values stands. */
export class YamlDocument {
  readonly problems: RuleProblem[] = [];
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #hint: Hint;

  constructor(
    readonly file: string,
    text: string,
    hint: Hint = ruleHint,
  ) {
    this.#hint = hint;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
    for (const error of [...this.#document.errors, ...this.#document.warnings]) {
      this.problems.push({ file, ...this.#place(error.pos[0]), message: `is no YAML: ${error.message}` });
    }
    visit(this.#document, {
      Alias: (_, alias) => {
        const place = this.#place(alias.range?.[0] ?? 0);
        this.problems.push({
          file,
          ...place,
          message: `*${alias.source}: aliases are not read; write the value again`,
        });
      },
    });
  }

  /** The data in the shape of `schema`, or null; then the problems say why. */
  check<T extends z.ZodType>(schema: T): z.infer<T> | null {
    if (this.problems.length > 0) return null;
    const data: unknown = this.#document.toJS();
    const result = schema.safeParse(data, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) this.#addIssue(issue, []);
    return null;
  }

  /** Adds a problem at the value at `path`, or at the closest one around it that exists. */
  add(path: Path, message: string): void {
    const { line, column } = this.placeOf(path);
    this.problems.push({
      file: this.file,
      line,
      column,
      message: path.length > 0 ? `${pathText(path)}: ${message}` : message,
    });
  }

  /** 1-based line and column of the value at `path`. */
  placeOf(path: Path): { line: number; column: number } {
    for (let length = path.length; length > 0; length--) {
      const node = this.#document.getIn(path.slice(0, length) as (string | number)[], true);
      if (isNode(node) && node.range) return this.#place(node.range[0]);
    }
    return { line: 1, column: 1 };
  }

  #place(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  #addIssue(issue: z.core.$ZodIssue, prefix: Path): void {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'invalid_union') {
      // A list was meant if a list was written: then its own problems say more than "neither of both".
      const branch = issue.errors.find((issues) => !isOfOtherKind(issues)) ?? issue.errors[0] ?? [];
      for (const inner of branch) this.#addIssue(inner, path);
    } else if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) this.#addUnknownKey(path, key, issue.input);
    } else if (issue.code === 'invalid_key') {
      for (const inner of issue.issues) this.#addIssue(inner, path);
    } else {
      const shape =
        issue.code === 'invalid_type' && issue.message.startsWith('Invalid') ? SHAPES[issue.expected] : undefined;
      const wanted = shape === undefined ? issue.message : `expected ${shape}`;
      if (wanted.startsWith('no ') || wanted.includes(', found ')) this.add(path, wanted);
      else if (issue.input === undefined) this.add(path, `is missing; ${wanted}`);
      else this.add(path, `${wanted}, found ${shownValue(issue.input)}${nearestWord(issue)}`);
    }
  }

  #addUnknownKey(path: Path, key: string, value: unknown): void {
    const parent =
      path.length === 0 ? this.#document.contents : this.#document.getIn(path as (string | number)[], true);
    const pair = isMap(parent)
      ? parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key)
      : null;
    const at = pair && isScalar(pair.key) && pair.key.range ? this.#place(pair.key.range[0]) : this.placeOf(path);
    const where = path.length === 0 ? '' : `${pathText(path)}: `;
    const hint = this.#hint(key, path, (known) => isRecord(value) && known in value);
    const message = `${where}unknown key "${key}"${hint}`;
    this.problems.push({ file: this.file, line: at.line, column: at.column, message });
  }
}

/** What is wanted where the schema has no words of its own for it. */
const SHAPES: Readonly<Record<string, string>> = { object: 'a mapping', record: 'a mapping', array: 'a list' };

/** Every key that can stand anywhere in a rule or a pack: what a mistyped one may have meant. */
const KEYS = (
  'title severity status confidence products tags match groupBy supersedes role appliesTo fixedIn when cause solutions references ' +
  'checked notThisIf examples text pattern level logger throwable http file marker all any none type message frame position method host ' +
  'path from until summary steps log captures also because count after within by url matches ignores version markers'
).split(' ');

function ruleHint(key: string, _: Path, isTaken: (known: string) => boolean): string {
  return didYouMean(
    nearest(
      key,
      KEYS.filter((known) => !isTaken(known)),
    ),
  );
}

function nearestWord(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return '';
  return didYouMean(nearest(issue.input, issue.values.map(String)));
}

/** Whether the value was meant for another branch of a union: it has not even the shape of this one. */
function isOfOtherKind(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(
    (issue) =>
      issue.path.length === 0 &&
      (issue.code === 'invalid_type' ||
        issue.code === 'invalid_value' ||
        (issue.code === 'invalid_union' && issue.errors.every(isOfOtherKind))),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathText(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
