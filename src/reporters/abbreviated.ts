/** A record, abbreviated for reading: what its header says, its exceptions with their first frames, the root cause. */

/** A line to show. */
export interface Row {
  readonly role: 'text' | 'exception' | 'root' | 'frame' | 'mark';
  readonly text: string;
  readonly indent: number;
  /** Rows of the page that it may take. */
  readonly most: number;
}

interface Throwable {
  /** The line that names it; null where the frames follow a line that names none. */
  readonly head: string | null;
  /** Further lines of its message. */
  readonly message: string[];
  readonly frames: string[];
}

type Block = { readonly lines: string[] } | { readonly throwable: Throwable };

const FRAME = /^\s+at\s+\S|^at [\w.$<>/]+\(.*\)/;
const LEFT_OUT = /^\s*(?:\.\.\. \d+ (?:more|common frames omitted)|… \d+ lines? left out)/;
const CAUSE = /^\s*(?:Caused by|Suppressed|Wrapped by):?\s/;
const NAMED =
  /^\s*(?:Exception in thread ".*?" |Uncaught )?(?:(?:[A-Za-z_$][\w$]*\.)+[A-Z][\w$]*|[A-Z]\w*(?:Error|Exception))(?:: |:?$)/;

/** Lines within which the trace of an exception must begin. */
const MAX_MESSAGE_LINES = 30;
const MAX_CAUSES = 4;

export function abbreviated(record: string): Row[] {
  const blocks = blocksOf(record.trimEnd().split(/\r?\n/));
  const throwables = blocks.flatMap((block) => ('throwable' in block ? [block.throwable] : []));
  // What is indented was suppressed, or is the cause of something suppressed.
  const root = throwables.findLast(({ head }) => !/^\s|^Suppressed/.test(head ?? '')) ?? throwables.at(-1);
  const middle = throwables.slice(1).filter((throwable) => throwable !== root);
  const hidden = middle.slice(MAX_CAUSES - 2);
  const rows: Row[] = [];
  for (const [index, block] of blocks.entries()) {
    if ('lines' in block) rows.push(...textRows(block.lines, index === 0));
    else if (middle.includes(block.throwable)) rows.push(...middleRows(block.throwable, hidden));
    else rows.push(...endRows(block.throwable, block.throwable === root));
  }
  return rows;
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  const open = () => blocks.at(-1);
  for (const [index, line] of lines.entries()) {
    const block = open();
    if (FRAME.test(line) || LEFT_OUT.test(line)) {
      if (block && 'throwable' in block) block.throwable.frames.push(line);
      else blocks.push({ throwable: { head: null, message: [], frames: [line] } });
    } else if (CAUSE.test(line) || (index > 0 && isException(lines, index))) {
      blocks.push({ throwable: { head: line, message: [], frames: [] } });
    } else if (block && 'throwable' in block && block.throwable.frames.length === 0) {
      block.throwable.message.push(line);
    } else if (block && 'lines' in block) {
      block.lines.push(line);
    } else {
      blocks.push({ lines: [line] });
    }
  }
  return blocks;
}

/** Whether a line with a class name begins an exception: what follows is a trace, or nothing and the name says so. */
function isException(lines: readonly string[], index: number): boolean {
  if (!NAMED.test(lines[index]!)) return false;
  const following = lines.slice(index + 1, index + 1 + MAX_MESSAGE_LINES);
  const next = following.find((line) => FRAME.test(line) || CAUSE.test(line) || NAMED.test(line));
  return next === undefined ? /^\s*[\w$.]*(?:Error|Exception)\b/.test(lines[index]!) : !NAMED.test(next);
}

/** The first lines say what it is; the last ones often say why (Python, SQL). */
function textRows(lines: readonly string[], isHead: boolean): Row[] {
  const shown = lines.filter((line) => line.trim() !== '');
  const first = isHead ? 5 : 2;
  const last = isHead ? 3 : 1;
  const toRow = (line: string, index: number): Row => ({
    role: 'text',
    text: line.trim(),
    indent: indentOf(line),
    most: isHead && index === 0 ? 6 : 2,
  });
  if (shown.length <= first + last + 1) return shown.map(toRow);
  return [
    ...shown.slice(0, first).map(toRow),
    mark(shown.length - first - last, 'line', 2),
    ...shown.slice(-last).map((line) => toRow(line, 1)),
  ];
}

/** The outermost exception or the root cause; of the root cause nothing of what it says is left out. */
function endRows({ head, message, frames }: Throwable, isRoot: boolean): Row[] {
  const role = isRoot ? 'root' : 'exception';
  const most = isRoot ? Number.POSITIVE_INFINITY : 3;
  const rows: Row[] = head === null ? [] : [{ role, text: shortHead(head.trim()), indent: 0, most }];
  const lines = message.filter((line) => line.trim() !== '');
  const shown = isRoot ? 8 : 2;
  for (const line of lines.slice(0, shown)) rows.push({ role, text: line.trim(), indent: 2, most: 2 });
  if (lines.length > shown) rows.push(mark(lines.length - shown, 'line', 2));
  return [...rows, ...frameRows(frames)];
}

/** An exception between the ends: one line, or one for all that are left out. */
function middleRows(throwable: Throwable, hidden: readonly Throwable[]): Row[] {
  if (throwable === hidden.at(-1)) return [mark(hidden.length, 'exception', 0)];
  if (throwable.head === null || hidden.includes(throwable)) return [];
  return [{ role: 'exception', text: shortHead(throwable.head.trim()), indent: 0, most: 3 }];
}

function frameRows(lines: readonly string[]): Row[] {
  const frames = lines.filter((line) => FRAME.test(line));
  const first = frames[0];
  if (first === undefined) return [];
  const more = frames.length - 1;
  const isCut = lines.some((line) => /^\s*…/.test(line));
  const rest =
    more === 0 && !isCut ? '' : isCut ? ' … and more frames' : ` … ${more} ${more === 1 ? 'frame' : 'frames'}`;
  return [{ role: 'frame', text: `${shortFrame(first.trim())}${rest}`, indent: 2, most: 2 }];
}

function mark(count: number, what: string, indent: number): Row {
  return { role: 'mark', text: `… ${count} ${what}${count === 1 ? '' : 's'}`, indent, most: 1 };
}

function indentOf(line: string): number {
  return Math.min(4, line.length - line.trimStart().length);
}

const LONG_CLASS = 40; // characters
const LONG_FRAME = 60;

/** `Caused by: com.acme.much.longer.name.Foo: text` -> `Caused by Foo: text`. */
function shortHead(head: string): string {
  return head
    .replace(/^(Caused by|Suppressed|Wrapped by):\s*/, '$1 ')
    .replace(/(?:[A-Za-z_$][\w$]*\.)+([A-Z][\w$]*)/, (name, simple: string) =>
      name.length > LONG_CLASS ? simple : name,
    );
}

/** `at com.acme.much.longer.name.Foo.bar(Foo.java:1) ~[?:?]` -> `at …name.Foo.bar(Foo.java:1)`. */
function shortFrame(frame: string): string {
  const bare = frame.replace(/^(at )(?:[\w.@-]+\/)+/, '$1').replace(/\s+~?\[[^\]]*\]$/, '');
  if (bare.length <= LONG_FRAME) return bare;
  return bare.replace(/^at (?:[\w$]+\.)+?([\w$]+\.[A-Z][\w$]*\.[\w$<>]+\()/, 'at …$1');
}
