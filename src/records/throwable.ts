/**
 * Exception chains in the text of a record: Java, .NET, Node and Python traces, as loggers and consoles print them. One
 * pass over the lines; what a line is shows at its beginning, and only a line of prose is searched for a class name. A
 * class name that nothing introduces and no frame follows is prose.
 *
 * Known limits: traces whose lines carry a prefix of their own, translated .NET traces, and frames that a terminal has
 * wrapped (the second half is dropped).
 */
import type { Relation, Throwable } from '../model/throwable.js';

const MAX_HALF = 500; // throwables of a record, and frames of a throwable, at the start and at the end
const MAX_MESSAGE = 64 * 1024; // characters
const MAX_TYPE = 500; // characters
const MAX_OPEN = 1_000; // .NET exceptions and nested traces that are open at once
const MAX_MENTIONS = 16; // causes named inside one message
const LOOK_BACK = 96; // characters before a class name that tell how it is introduced
const KEY_LENGTH = 200; // characters of a message by which two prints of one throwable are told equal

/** A class name in a line, with what follows it up to the end of the line. */
interface Candidate {
  readonly type: string;
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly relation: Relation;
  readonly atLineStart: boolean;
}

/** A throwable while its lines are read. Its message stays a span of the text until the end. */
interface Draft {
  readonly type: string;
  relation: Relation;
  /** Where its first line starts. */
  readonly line: number;
  readonly atLineStart: boolean;
  /** Parts of the message before traces that stand inside it. */
  readonly parts: [from: number, end: number][];
  from: number;
  /** End of the message if a trace follows, and if none does. */
  end: number;
  softEnd: number;
  /** The next line, if it is indented, is still message even without a trace. */
  soft: boolean;
  readonly frames: string[];
  /** Where the frames, `... 5 more` or the cause start that show that it is a trace; -1 without any. */
  traceStart: number;
  /** Printed root cause first: the one before is its cause. */
  wraps: boolean;
  /** It counts only if a trace follows (`now`: on the next line); else `instead` does, if the line has that. */
  doubt: { readonly now: boolean; readonly instead: Candidate | null } | null;
}

/** All exception chains of a record in print order, each outermost first; `outermost` begins a new chain. */
export function parseThrowables(text: string): Throwable[] {
  if (!MAY_HAVE_THROWABLE.test(text)) return [];
  const entries = outermostFirst(read(text).drafts).flatMap((draft, i, all) => withMentions(text, draft, all[i + 1]));
  return middleCut(onceEach(entries)).map((entry) => entry.throwable);
}

/** Index at which the stack trace begins: the line of the first throwable with frames, or `text.length`. */
export function messageEnd(text: string): number {
  if (!MAY_HAVE_THROWABLE.test(text)) return text.length;
  return read(text).traceStart ?? text.length;
}

const MAY_HAVE_THROWABLE = /Exception|Error|Throwable|Failure|Caused by|Traceback|(?:^|\n)[ \t]*at /;

function read(text: string): TraceReader {
  const reader = new TraceReader(text);
  for (let start = 0; start <= text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    reader.line(start, end);
    start = end + 1;
  }
  reader.close();
  return reader;
}

// ------------------------------------------------------------------------------------------------------------ lines

/** `... 5 more`, `... 2 filtered`, `... 3 common frames omitted`, `[CIRCULAR REFERENCE: ...]`: a trace, but no frame. */
const ELISION = /^(?:Caused by: )?(?:\.\.\. ?\d+(?: |$)|\[CIRCULAR REFERENCE:)/;
const LINK = /^(Caused by:?|Suppressed:|Wrapped by:|\[cause\]:|--->)\s{1,4}(?:\(Inner Exception #\d{1,6}\) )?/;
const END_OF_INNER = '--- End of inner exception stack trace ---';
const BEGIN_NESTED = '** BEGIN NESTED EXCEPTION **';
const END_NESTED = '** END NESTED EXCEPTION **';
const TRACEBACK = 'Traceback (most recent call last):';
const PYTHON_LINK = /^(?:During handling of the above exception|The above exception was the direct cause)/;
/** Frames after these lines are a thread's, not those of the exception before it. */
const THREAD = /^java\.lang\.Thread\.State:|^"[^"]{1,300}" (?:#\d|daemon |prio=|tid=|nid=)|^Full thread dump/;

/** Reads lines in order and keeps the throwables that they make. */
class TraceReader {
  readonly drafts: Draft[] = [];
  /** Where the trace of the first throwable with frames starts. */
  traceStart: number | null = null;
  /** The throwable that the next frame belongs to, and the first of its chain. */
  private current: Draft | null = null;
  private head: Draft | null = null;
  /** The throwable before the chain, if it has no trace: the chain's head may be the end of its message. */
  private beforeHead: Draft | null = null;
  /** Indentations of the open `Suppressed:` lines. */
  private suppressed: number[] = [];
  /** .NET exceptions whose inner exception is being printed. */
  private outer: Draft[] = [];
  /** Exceptions in whose message a trace has begun. */
  private nesting: Draft[] = [];
  private traceback: { readonly start: number; readonly indent: number; readonly frames: string[] } | null = null;
  private pythonWraps = false;

  constructor(private readonly text: string) {}

  line(start: number, end: number): void {
    const from = skipBlanks(this.text, start, end);
    const body = this.text.slice(from, end).trimEnd();
    if (this.python(body, start, from)) return;
    const frame = frameOf(body);
    if (frame !== null) this.frame(frame, start);
    else if (ELISION.test(body)) this.confirm(start);
    else if (!this.link(body, start, from) && !this.marker(body, start, end)) this.prose(body, start, from);
  }

  /** Nothing more belongs to the current throwable. */
  close(): void {
    const draft = this.current;
    this.current = null;
    if (draft === null || draft.doubt === null) return;
    const { instead } = draft.doubt;
    const real = instead === null ? [] : [toDraft({ ...instead, relation: draft.relation }, draft.line)];
    this.drafts.splice(this.drafts.lastIndexOf(draft), 1, ...real);
    if (this.head === draft) this.head = real[0] ?? null;
  }

  private frame(frame: string, start: number): void {
    const draft = this.current;
    if (draft === null) return;
    this.confirm(start);
    this.traceStart ??= traceStartOf(this.head ?? draft, draft);
    pushBounded(draft.frames, frame.endsWith('<---') ? frame.slice(0, -4) : frame);
    if (frame.endsWith('<---')) this.popOuter();
  }

  /** The trace of the current throwable goes on, or begins with this line. */
  private confirm(start: number): void {
    if (this.current === null) return;
    this.current.doubt = null;
    if (this.current.traceStart < 0) this.current.traceStart = start;
  }

  /** `Caused by:` and the like. False if no class name stands behind it. */
  private link(body: string, start: number, from: number): boolean {
    const link = LINK.exec(body);
    if (link === null) return false;
    const candidate = candidateAt(this.text, from + link[0].length, from + body.length);
    if (candidate === null || !(candidate.type.includes('.') || isLikely(candidate.type))) return false;
    const word = link[1]!;
    this.confirm(start);
    if (word === '--->' && this.current !== null && this.outer.length < MAX_OPEN) this.outer.push(this.current);
    const draft = this.add({ ...candidate, relation: this.relationOf(word, from - start) }, start);
    draft.wraps = word === 'Wrapped by:';
    this.joinHead(draft);
    return true;
  }

  private relationOf(word: string, indent: number): Relation {
    const open = this.suppressed;
    const isSuppressed = word === 'Suppressed:';
    while (open.length > 0 && (open.at(-1)! > indent || (isSuppressed && open.at(-1) === indent))) open.pop();
    // In a copy without indentation the next cause may be its own or the chain's; the chain's is likelier.
    if (isSuppressed && indent > 0) open.push(indent);
    return isSuppressed || open.length > 0 ? 'suppressed' : 'cause';
  }

  /**
   * A message may end with its cause on a line of its own: `A: text`, `B: why`, frames, `Caused by: B: why`. It looks
   * like two throwables until the cause comes; then the frames turn out to be those of A.
   */
  private joinHead(cause: Draft): void {
    const { drafts, head, beforeHead: message } = this;
    if (head === null || message === null || head === cause || cause.relation !== 'cause') return;
    if (keyOf(this.text, head) !== keyOf(this.text, cause)) return;
    message.end = head.end;
    message.traceStart = head.traceStart;
    message.frames.push(...head.frames);
    if (this.traceStart === head.line) this.traceStart = message.line;
    drafts.splice(drafts.lastIndexOf(head), 1);
    this.head = message;
    this.beforeHead = null;
  }

  /** Lines that say what the next lines belong to. */
  private marker(body: string, start: number, end: number): boolean {
    if (body === END_OF_INNER) this.popOuter();
    else if (body.startsWith(BEGIN_NESTED) && this.current !== null) this.beginNested(this.current);
    else if (body.startsWith(END_NESTED)) this.endNested(end);
    else if (body.endsWith(TRACEBACK)) this.beginTraceback(body, start, end);
    else if (PYTHON_LINK.test(body)) this.pythonWraps = true;
    else if (THREAD.test(body)) this.close();
    else return false;
    return true;
  }

  private beginNested(draft: Draft): void {
    draft.doubt = null;
    if (this.nesting.length < MAX_OPEN) this.nesting.push(draft);
    this.close();
  }

  private endNested(end: number): void {
    this.close();
    const outer = this.nesting.pop();
    if (outer === undefined) return;
    pushBounded(outer.parts, [outer.from, outer.end]);
    outer.from = outer.end = outer.softEnd = end;
    outer.soft = false;
    this.current = outer;
  }

  private beginTraceback(body: string, start: number, end: number): void {
    this.close();
    const alone = body === TRACEBACK;
    const indent = alone ? skipBlanks(this.text, start, end) - start : 0;
    this.traceback = { start: alone ? start : end + 1, indent, frames: [] };
  }

  /** A line of a Python traceback. False if there is none, or if it ends without an exception. */
  private python(body: string, start: number, from: number): boolean {
    const { traceback } = this;
    if (traceback === null) return false;
    if (body.startsWith('File "')) pushBounded(traceback.frames, body);
    if (body === '' || from - start > traceback.indent) return true;
    this.traceback = null;
    const candidate = candidateAt(this.text, from, from + body.length);
    if (candidate === null) return false;
    const wraps = this.pythonWraps && this.head !== null;
    this.pythonWraps = false;
    const draft = this.add({ ...candidate, relation: wraps ? 'cause' : 'outermost' }, start);
    draft.wraps = wraps;
    draft.traceStart = traceback.start;
    draft.frames.push(...traceback.frames);
    if (draft.frames.length > 0) this.traceStart ??= traceback.start;
    return true;
  }

  private prose(body: string, start: number, from: number): void {
    const pending = this.current !== null && this.current.traceStart < 0 ? this.current : null;
    const found =
      body === '' || this.announcesCause(pending) ? null : findCandidates(this.text, from, from + body.length, pending);
    if (found !== null) this.begin(found, start);
    else if (pending !== null) this.extend(pending, start, from, from + body.length);
  }

  /** `nested exception is:` at the end of a line: the next line names the cause and belongs to the message. */
  private announcesCause(pending: Draft | null): boolean {
    return (
      pending !== null &&
      this.text.slice(Math.max(pending.from, pending.end - 40), pending.end).endsWith('exception is:')
    );
  }

  private begin({ sure, likely, now }: Found, start: number): void {
    this.close();
    const first = likely ?? sure!;
    const relation = first.relation === 'cause' || this.nesting.length > 0 ? 'cause' : 'outermost';
    if (relation === 'outermost') this.suppressed = [];
    this.outer = [];
    const draft = this.add({ ...first, relation }, start);
    if (likely !== null) draft.doubt = { now, instead: sure };
  }

  private extend(draft: Draft, start: number, from: number, end: number): void {
    if (draft.doubt?.now) {
      this.close();
      return;
    }
    draft.end = end;
    draft.soft &&= end > from && from > start;
    if (draft.soft) draft.softEnd = end;
  }

  /** Adds a throwable, and those that .NET prints behind it on its line (`A: text ---> B: why`). */
  private add(candidate: Candidate, line: number): Draft {
    const chain = splitInner(this.text, candidate).map((part) => toDraft(part, line));
    const before = this.drafts.at(-1);
    for (const draft of chain) pushBounded(this.drafts, draft);
    for (const draft of chain.slice(0, -1)) if (this.outer.length < MAX_OPEN) this.outer.push(draft);
    if (candidate.relation === 'outermost' || this.head === null) this.setHead(chain[0]!, before);
    this.current = chain.at(-1)!;
    return this.current;
  }

  private setHead(head: Draft, before: Draft | undefined): void {
    const open = before !== undefined && before.relation === 'outermost' && before.traceStart < 0 && before.atLineStart;
    this.head = head;
    this.beforeHead = open && head.atLineStart ? before : null;
  }

  private popOuter(): void {
    this.current = this.outer.pop() ?? this.current;
  }
}

function toDraft({ type, relation, from, to, atLineStart }: Candidate, line: number): Draft {
  return {
    type,
    relation,
    line,
    atLineStart,
    parts: [],
    from,
    end: to,
    softEnd: to,
    soft: true,
    frames: [],
    traceStart: -1,
    wraps: false,
    doubt: null,
  };
}

function traceStartOf(head: Draft, draft: Draft): number {
  if (head.atLineStart) return head.line;
  return head.traceStart >= 0 ? head.traceStart : draft.line;
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

// ----------------------------------------------------------------------------------------------------------- frames

/** Node, and names with blanks (`... (File.kt:12)`); Node without a name. */
const PLACE =
  /\((?:[^()\s][^()]{0,1000}:\d{1,9}|Native Method|Unknown Source|<anonymous>|native|index \d{1,9})\)(?: \{)?$|^(?:async )?\S+:\d{1,9}:\d{1,9}\)?(?: \{)?$/;

/** `pack.Type.method(`, as Java and .NET print it. */
function isCall(frame: string): boolean {
  const name = frame.slice(0, Math.max(frame.indexOf('('), 0));
  return name.includes('.') && !/\s/.test(name);
}

/** The frame of a line that is one, without `at `, packaging data (`~[foo.jar:1.2]`) and log4j's `<+3>`. */
function frameOf(body: string): string | null {
  if (!body.startsWith('at ')) return null;
  const frame = body.slice(3).trimStart();
  if (!isCall(frame) && !PLACE.test(frame)) return null;
  const close = frame.indexOf(')') + 1;
  if (/^ (?:~?\[|<\+)/.test(frame.slice(close, close + 4)) && close > 0) return frame.slice(0, close);
  return frame.endsWith(' {') ? frame.slice(0, -2) : frame;
}

// ------------------------------------------------------------------------------------------------------- candidates

interface Found {
  /** A throwable even if no frame follows. */
  readonly sure: Candidate | null;
  /** One if a trace follows; stands before `sure`. */
  readonly likely: Candidate | null;
  /** The trace must follow on the next line. */
  readonly now: boolean;
}

const NAME = /[A-Za-z_$][\w$`]*(?:\.[A-Za-z_$][\w$`]*)*/y;
const SURE = /(?:Exception|Error|Throwable)[\d`]*$/;
const LIKELY = /(?:Exception|Error|Throwable|Failure|Fault|Failed|Timeout|Interrupt|Exit|Death|Warning|Problem)[\d`]*$/;
const CLASS = /^[A-Z][\w$]*$/;
const SPEAKS_OF_ONE = /Exception|Error|Throwable/;
/** What stands before a class name that is meant as a throwable. */
const INTRODUCED =
  /(?:[:=]\s{0,4}|\]\s{1,4}|\s--?\s{1,4}|\|\s{1,4}|\b(?:DEBUG|INFO|WARN|WARNING|ERROR|FATAL|SEVERE)\s{1,8}|Caused by\s{1,4}|exception is\s{1,4}|Exception in thread "[^"]{0,60}"\s{1,4}|Unhandled exception\.\s{1,4}|^\d{4}[-/.]\d\d[-/.]\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\s{1,4})$/;
const CAUSAL = /(?:Caused by:?|exception is:?)\s{1,4}$/;

/** `a.b.Type` of `a.b.Type`, and `Type` and `Inner` of `Type$Inner`. */
function simpleNames(type: string): string[] {
  return type.slice(type.lastIndexOf('.') + 1).split('$');
}

function isClass(type: string): boolean {
  return type.includes('.') && CLASS.test(simpleNames(type)[0]!);
}

function isSure(type: string): boolean {
  return isClass(type) && simpleNames(type).some((name) => SURE.test(name));
}

function isLikely(type: string): boolean {
  return simpleNames(type).some((name) => LIKELY.test(name));
}

/** The class name at `start` if what follows it is a colon, a semicolon or the end of the line. */
function candidateAt(text: string, start: number, to: number): Candidate | null {
  NAME.lastIndex = start;
  const type = start < to ? NAME.exec(text)?.[0] : undefined;
  if (type === undefined || type.length > MAX_TYPE || start + type.length > to) return null;
  const from = messageStart(text, start + type.length, to);
  return from < 0 ? null : { type, start, from, to, relation: 'outermost', atLineStart: true };
}

function messageStart(text: string, at: number, to: number): number {
  if (at === to) return to;
  const code = / \[\w{1,64}\](?=:)/y; // Node: TypeError [ERR_INVALID_ARG_TYPE]: text
  code.lastIndex = at;
  if (code.test(text)) return at + 1;
  const colon = text[at] === ':' || text[at] === ';';
  return colon && (at + 1 === to || /\s/.test(text[at + 1]!)) ? at + 1 : -1;
}

/** The throwables that a line of prose names. While the message of a sure one is open, only a line's start counts. */
function findCandidates(text: string, from: number, to: number, pending: Draft | null): Found | null {
  const open = pending !== null && pending.doubt === null;
  const first = candidateAt(text, from, to);
  if (first !== null && isSure(first.type)) return { sure: first, likely: null, now: false };
  const likely =
    first !== null && isLikely(first.type) && (!open || (!pending.atLineStart && first.type.includes('.')));
  if (open) return likely ? { sure: null, likely: first, now: false } : null;
  const inside = findInside(text, from, to);
  if (likely) return { sure: inside.sure, likely: first, now: false };
  if (first !== null && isClass(first.type)) return { sure: inside.sure, likely: first, now: true };
  return inside.sure === null && inside.likely === null ? null : inside;
}

function findInside(text: string, from: number, to: number): Found {
  const body = text.slice(from, to);
  if (!SPEAKS_OF_ONE.test(body)) return { sure: null, likely: null, now: true };
  const trace = body.lastIndexOf('stacktrace='); // Jira prints cause= and stacktrace= in one line; frames follow the latter
  let likely: Candidate | null = null;
  for (const { 0: word, index } of body.slice(Math.max(trace, 0)).matchAll(/[\w$.`]+/g)) {
    if (word.length > MAX_TYPE || !isLikely(word)) continue;
    const start = from + Math.max(trace, 0) + index;
    const candidate = candidateAt(text, start, to);
    if (candidate === null || candidate.type !== word) continue;
    const before = text.slice(Math.max(from, start - LOOK_BACK), start);
    const introduced = INTRODUCED.test(before);
    const inside: Candidate = {
      ...candidate,
      atLineStart: false,
      relation: CAUSAL.test(before) ? 'cause' : 'outermost',
    };
    if (introduced && isSure(word)) return { sure: inside, likely: null, now: true };
    if (introduced || (word.includes('.') && /\s$/.test(before))) likely ??= inside;
  }
  return { sure: null, likely, now: true };
}

const INNER = / ---> (?:\(Inner Exception #\d{1,6}\) )?(?=[A-Za-z_]\w*\.)/g;

/** `A: text ---> B: why` as A and B. */
function splitInner(text: string, candidate: Candidate): Candidate[] {
  const parts: Candidate[] = [];
  let last = candidate;
  for (const { 0: arrow, index } of text.slice(candidate.from, candidate.to).matchAll(INNER)) {
    const at = candidate.from + index;
    const inner = candidateAt(text, at + arrow.length, candidate.to);
    if (inner === null || at < last.from) continue;
    parts.push({ ...last, to: at });
    last = { ...inner, relation: candidate.relation === 'suppressed' ? 'suppressed' : 'cause' };
  }
  parts.push(last);
  return parts;
}

// ----------------------------------------------------------------------------------------------------------- chains

/** A throwable, and whether it may be a second print of one that is printed with its trace. */
interface Entry {
  readonly throwable: Throwable;
  readonly mentioned: boolean;
}

/** Turns chains that were printed root cause first (logback's `Wrapped by:`, Python). */
function outermostFirst(drafts: readonly Draft[]): Draft[] {
  const chains: Draft[][] = [];
  for (const draft of drafts) {
    if (draft.relation === 'outermost' || chains.length === 0) chains.push([]);
    chains.at(-1)!.push(draft);
  }
  return chains.flatMap((chain) => (chain.some((draft) => draft.wraps) ? turned(chain) : chain));
}

/** Suppressed ones stay behind the one that they belong to. */
function turned(chain: readonly Draft[]): Draft[] {
  const groups: Draft[][] = [];
  for (const draft of chain) {
    if (draft.relation !== 'suppressed' || groups.length === 0) groups.push([]);
    groups.at(-1)!.push(draft);
  }
  groups.reverse();
  for (const [i, group] of groups.entries()) group[0]!.relation = i === 0 ? 'outermost' : 'cause';
  return groups.flat();
}

const MENTION =
  /(?:nested exception is:?|(\[)Root exception is|Caused by:?|with linked exception:\s{1,4}(\[))\s{0,8}([A-Za-z_$][\w$.]{1,500})(?![\w$.])[:;]?/g;

/** The throwable, and behind it the causes that its message names. */
function withMentions(text: string, draft: Draft, next: Draft | undefined): Entry[] {
  const throwable = toThrowable(text, draft);
  const lastOfChain = next === undefined || next.relation === 'outermost';
  const mentioned =
    draft.traceStart < 0 &&
    (!draft.atLineStart || (lastOfChain && draft.relation === 'outermost') || draft.from === draft.softEnd);
  const entries: Entry[] = [{ throwable, mentioned }];
  const relation = throwable.relation === 'suppressed' ? 'suppressed' : 'cause';
  for (const match of throwable.message.matchAll(MENTION)) {
    const type = match[3]!;
    if (!isLikely(type) || !type.includes('.')) continue;
    const rest = throwable.message.slice(match.index + match[0].length);
    const message = (match[1] ?? match[2]) === undefined ? rest : rest.slice(0, closingBracket(rest));
    entries.push({ throwable: { type, message: message.trim(), frames: [], relation }, mentioned: true });
    if (entries.length > MAX_MENTIONS) break;
  }
  return entries;
}

/** Index of the bracket that closes one opened before the text. */
function closingBracket(text: string): number {
  let depth = 1;
  for (const { 0: bracket, index } of text.matchAll(/[[\]]/g)) {
    depth += bracket === '[' ? 1 : -1;
    if (depth === 0) return index;
  }
  return text.length;
}

/** What is printed both in a message and as a trace counts once, as the trace. */
function onceEach(entries: readonly Entry[]): Entry[] {
  const traces = entries.filter((entry) => !entry.mentioned).map((entry) => entry.throwable);
  const seen = new Set(traces.map((throwable) => sameness(throwable.type, throwable.message)));
  const types = new Set(traces.map((throwable) => throwable.type));
  return entries.filter(({ throwable, mentioned }) => {
    if (!mentioned) return true;
    const key = sameness(throwable.type, throwable.message);
    if (seen.has(key) || (throwable.message === '' && types.has(throwable.type))) return false;
    seen.add(key);
    return true;
  });
}

function keyOf(text: string, draft: Draft): string {
  return sameness(draft.type, text.slice(draft.from, Math.min(draft.end, draft.from + 2 * KEY_LENGTH)));
}

function sameness(type: string, message: string): string {
  const line = message.trimStart().slice(0, KEY_LENGTH).split('\n', 1)[0]!;
  const said = line.replace(/; nested exception is.*$|; remaining name.*$| \[Root exception is.*$/, '');
  return `${type}: ${said.replace(/[\s\]);,]{1,20}$/, '')}`;
}

function toThrowable(text: string, draft: Draft): Throwable {
  const spans = [...draft.parts, [draft.from, draft.traceStart < 0 ? draft.softEnd : draft.end] as const];
  const message = spans.map(([from, end]) => text.slice(from, Math.min(end, from + 2 * MAX_MESSAGE))).join('');
  return {
    type: draft.type,
    message: message.trim().slice(0, MAX_MESSAGE).trimEnd(),
    frames: middleCut(draft.frames),
    relation: draft.relation,
  };
}

// ----------------------------------------------------------------------------------------------------------- bounds

/** Appends; drops from the middle now and then, but never one of those that `middleCut` keeps. */
function pushBounded<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > 4 * MAX_HALF) list.splice(MAX_HALF, 2 * MAX_HALF);
}

/** The first and the last 500. */
function middleCut<T>(list: readonly T[]): readonly T[] {
  if (list.length <= 2 * MAX_HALF) return list;
  return [...list.slice(0, MAX_HALF), ...list.slice(-MAX_HALF)];
}
