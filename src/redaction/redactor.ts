/**
 * Masks what a run gives out. Texts go through it twice: secrets are masked when a text leaves its record, before it is cut or made
 * a template, as half a token has no shape to be known by; then each of them is written so that it is known which value stood there.
 * At the end the findings go through as a whole: what was masked in one place is looked for in all others, under strict the names of
 * people and machines are masked too, and the values leave the text for good.
 */
import { copyOf } from '../model/copy.js';
import type { FactKey, NodeFact } from '../model/fact.js';
import type { Incident, UnknownError } from '../model/incident.js';
import { innerMasked, maskedAs, maskedRanges, rewritten, strictlyMasked } from '../model/masked.js';
import type { FactObject, HoleObject, MaskedCount, ProblemObject, RunObject, SummaryObject } from '../model/report.js';
import { type Hit, ValueFinder } from './finder.js';
import { isOrdinary } from './ordinary.js';
import { type NameFound, nameAt, namesIn } from './personal.js';
import { PRIVATE_KEY } from './private-keys.js';
import { mapCaptures, mapFinding, type Sort, type Told } from './report.js';
import { maskLines, maskSecrets } from './secrets.js';
import { apart, replaced, type Word } from './spans.js';
import { Tokens } from './tokens.js';
import { unescaped } from './views.js';

/** `on` masks secrets, `strict` also mail addresses, users, hosts and IP addresses, `off` nothing. */
export const REDACT_MODES = ['on', 'strict', 'off'] as const;
export type RedactMode = (typeof REDACT_MODES)[number];

/** So many different secrets, and so many names, are looked for elsewhere; beyond that the oldest are only masked where they stand. */
const MAX_KNOWN = 10_000;
/** So many secrets are remembered by their tokens until it is known which of them are given out; together they are no longer. */
const MAX_MET = 50_000;
const MAX_MET_LENGTH = 16 * 1024 * 1024; // characters
/** A longer secret is masked and not looked for elsewhere, but for a private key, of which that much is. */
const MAX_VALUE = 8192; // characters
/** So many kinds of so many inputs are counted apart. */
const MAX_COUNTS = 1000;

export interface RedactorOptions {
  /** Of the HMAC; anything of 16 bytes or more. */
  readonly key: Uint8Array;
  /** Texts that logscan says by itself: a value that is a word of one of them cannot be told from the word. */
  readonly ownTexts?: () => Iterable<string>;
  /** Others only in tests. */
  readonly masks?: Masks;
}

/** What does the masking. */
export interface Masks {
  /** Secrets that are known for what they are. */
  readonly secrets: (text: string, word: Word) => string;
  /** What is known from elsewhere. */
  readonly known: (text: string, hits: readonly Hit[], word: Word) => string;
}

const MASKS: Masks = { secrets: maskSecrets, known: replaced };

type Given = Incident | UnknownError;

/** Something that was masked stands in what would be given out. Its value is told nowhere. */
export interface Leak {
  readonly kind: string;
  /** `evidence[0].text` */
  readonly place: string;
}

export class Redactor {
  readonly #tokens: Tokens;
  readonly #ownTexts: () => Iterable<string>;
  readonly #masks: Masks;
  /** What logscan says by itself, in lower case; made when it is first asked for. */
  #own: Own | null = null;
  /** By token, the oldest first. */
  readonly #met = new Map<string, { readonly kind: string; readonly value: string }>();
  #metLength = 0;
  readonly #secrets = new ValueFinder('secret', MAX_KNOWN);
  readonly #names = new ValueFinder('name', MAX_KNOWN);
  readonly #counts = new Map<string, MaskedCount>();

  constructor({ key, ownTexts = () => [], masks = MASKS }: RedactorOptions) {
    this.#tokens = new Tokens(key);
    this.#ownTexts = ownTexts;
    this.#masks = masks;
  }

  // -------------------------------------------------------------------------------------------------- within the run

  /** Takes secrets out of a text that is kept for now; it must go through {@link given} or {@link text} before it is given out. */
  readonly mask = (text: string): string => this.#masks.secrets(text, this.#meet);

  /** The same for lines that belong together. */
  readonly maskLines = (lines: readonly string[]): readonly string[] => maskLines(lines, this.#meet);

  readonly #meet: Word = (kind, printed) => {
    const value = unescaped(printed).trim();
    const token = this.#tokens.of(value);
    if (!this.#met.has(token) && (printed.length <= MAX_VALUE || kind === PRIVATE_KEY)) {
      const remembered = copyOf(printed.slice(0, MAX_VALUE));
      this.#met.set(token, { kind, value: remembered });
      this.#metLength += remembered.length;
      while (this.#met.size > MAX_MET || this.#metLength > MAX_MET_LENGTH) this.#forgetOldest();
    }
    return innerMasked(kind, token);
  };

  #forgetOldest(): void {
    for (const [token, { value }] of this.#met) {
      this.#met.delete(token);
      this.#metLength -= value.length;
      return;
    }
  }

  // --------------------------------------------------------------------------------------------------- what is known

  /** Takes note of everything that is masked in a finding, so that it is masked wherever else it stands. */
  learn(finding: Given, mode: RedactMode): void {
    if (mode === 'off') return;
    mapFinding(finding, (text, sort) => {
      this.learnText(text, mode, sort);
      return text;
    });
  }

  /** The same of one text. */
  learnText(text: string, mode: RedactMode, sort: Sort = 'text'): void {
    if (mode === 'off') return;
    const masked = sort === 'origin' ? text : this.mask(text);
    rewritten(masked, (_, token) => {
      this.#learnSecret(token);
      return '';
    });
    if (mode === 'strict' && sort !== 'rule') for (const name of this.#namesOf(masked, sort)) this.#learnName(name);
  }

  /** The same of lines that belong together. */
  learnLines(lines: readonly string[], mode: RedactMode): void {
    for (const line of lines.length === 1 ? lines : this.maskLines(lines)) this.learnText(line, mode);
  }

  /** Takes note of what is masked in a fact. */
  learnFact({ key, value, node }: NodeFact, mode: RedactMode): void {
    this.learnText(value, mode, sortOfFact(key));
    if (node !== null) this.learnText(node, mode, 'host');
  }

  /** What some values had to be forgotten for; a sentence each. */
  exceeded(): string[] {
    const told = (what: string) =>
      `more than ${MAX_KNOWN} different ${what} were masked; the first ones were masked where they are known for what they are, and looked for nowhere else`;
    return [
      ...(this.#secrets.overflowed ? [told('secrets')] : []),
      ...(this.#names.overflowed ? [told('names of people and machines')] : []),
    ];
  }

  #learnSecret(token: string): void {
    const met = this.#met.get(token);
    if (met === undefined) return;
    // A key is remembered line by line: any of them gives a part of it away.
    const values = met.kind === PRIVATE_KEY ? unescaped(met.value).split(/\s+/) : [met.value, unescaped(met.value)];
    for (const value of values) if (!this.#isOrdinary(value)) this.#secrets.add(met.kind, value.trim());
  }

  #learnName({ kind, value }: NameFound): void {
    if (kind !== 'ip' && !this.#isOrdinary(value)) this.#names.add(kind, value);
  }

  /** Whether a value cannot be told from what logscan, or anybody, says for other reasons. */
  #isOrdinary(value: string): boolean {
    const word = value.toLowerCase();
    if (isOrdinary(word)) return true;
    this.#own ??= ownOf(this.#ownTexts());
    return this.#own.words.has(word) || (!WORD.test(word) && this.#own.text.includes(word));
  }

  // -------------------------------------------------------------------------------------------------- as it is given out

  /**
   * A finding as it is given out. Under strict what a rule says is made anew from captures that are masked: its own words are no
   * names of anybody.
   * @param told makes the texts of its rule; null if it has none
   * @param counts whether what is masked is counted for {@link masked}
   */
  given<T extends Given>(
    finding: T,
    mode: RedactMode,
    told: ((captures: Given['captures']) => Told) | null,
    counts = false,
  ): T {
    if (mode === 'off') return finding;
    const origins = finding.evidence.map(({ origin }) => this.text(origin, mode, 'origin'));
    const visit = (text: string, sort: Sort, place: string) => {
      const [, index, isText] = /^evidence\[(\d+)\]\.(text$|context\b)?/.exec(place) ?? [];
      const origin = counts && isText !== undefined ? origins[Number(index)]! : null;
      return this.text(text, mode, sort, origin);
    };
    const isRefilled = mode === 'strict' && told !== null;
    const refilled = isRefilled ? { ...finding, ...told(mapCaptures(finding.captures, visit)) } : finding;
    return {
      ...mapFinding(refilled, (text, sort, place) => visit(text, isRefilled || sort !== 'rule' ? sort : 'text', place)),
      id: mode === 'strict' ? this.#tokens.idOf(finding.id) : finding.id,
    };
  }

  /**
   * One text as it is given out.
   * @param origin for which what is masked in it is counted; null counts nothing
   */
  text(text: string, mode: RedactMode, sort: Sort = 'text', origin: string | null = null): string {
    if (mode === 'off' || text === '') return text;
    const count = (kind: string, word: string) => {
      if (origin !== null) this.#count(kind, origin);
      return word;
    };
    // The path of an input is typed by whoever runs it; only what is known from logs is masked in it.
    const masked = this.#known(sort === 'origin' ? text : this.mask(text));
    if (mode === 'on') return rewritten(masked, (kind) => count(kind, maskedAs(kind)));
    const names = sort === 'rule' ? [] : this.#allNames(masked, sort);
    let next = 0;
    const named = replaced(masked, names, (kind) => {
      const { value } = names[next++]!;
      return count(kind, strictlyMasked(kind, this.#tokens.of(value)));
    });
    return rewritten(named, (kind, token) => count(kind, strictlyMasked(kind, token)));
  }

  /** The same of lines that belong together. */
  lines(lines: readonly string[], mode: RedactMode, origin: string | null): string[] {
    const masked = lines.length === 1 ? lines : this.maskLines(lines);
    return masked.map((line) => this.text(line, mode, 'text', origin));
  }

  /** A run, or trouble with an input, as it is given out: names of files may name people and machines. */
  object<T extends RunObject | FactObject | HoleObject | ProblemObject | SummaryObject>(
    object: T,
    mode: RedactMode,
  ): T {
    const known = (text: string, sort: Sort) => this.text(text, mode, sort);
    if (object.kind === 'run')
      return { ...object, inputs: object.inputs.map((input) => ({ ...input, path: known(input.path, 'origin') })) };
    if (object.kind === 'fact') {
      const { key, value, node, origin } = object;
      return {
        ...object,
        value: known(value, sortOfFact(key)),
        node: node === null ? null : known(node, 'host'),
        origin: known(origin, 'origin'),
      };
    }
    if (object.kind === 'hole') return { ...object, origin: known(object.origin, 'origin') };
    if (object.kind === 'summary')
      return { ...object, masked: object.masked.map((one) => ({ ...one, origin: known(one.origin, 'origin') })) };
    return {
      ...object,
      origin: object.origin === null ? null : known(object.origin, 'origin'),
      message: known(object.message, 'text'),
      remedy: known(object.remedy, 'text'),
    };
  }

  /** What was masked in findings that were given out, by kind and input; the most frequent first. */
  masked(): MaskedCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count);
  }

  /** With secrets masked that are known from elsewhere. */
  #known(text: string): string {
    if (this.#secrets.size === 0) return text;
    return this.#masks.known(text, apart(this.#secrets.find(text), maskedRanges(text)), this.#meet);
  }

  /** The names that tell themselves, and those that are known from elsewhere. */
  #allNames(text: string, sort: Sort): NameFound[] {
    const known = this.#names.find(text) as (Hit & NameFound)[];
    return apart([...this.#namesOf(text, sort), ...known], maskedRanges(text));
  }

  #namesOf(text: string, sort: Sort): NameFound[] {
    const whole = sort === 'user' || sort === 'host' ? nameAt(sort, text) : null;
    return whole === null ? namesIn(text) : [whole];
  }

  #count(kind: string, origin: string): void {
    const key = `${kind} ${origin}`;
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= MAX_COUNTS) return;
    this.#counts.set(key, { kind, origin, count: (known?.count ?? 0) + 1 });
  }

  // ------------------------------------------------------------------------------------------------------- the last look

  /** What was masked and stands in a finding all the same: secrets anywhere, names where it says what a log said; null if nothing does. */
  leakIn(finding: Given, mode: RedactMode): Leak | null {
    if (mode === 'off' || (this.#secrets.size === 0 && this.#names.size === 0)) return null;
    let leak: Leak | null = null;
    mapFinding(finding, (text, sort, place) => {
      leak ??= this.leakInText(text, mode, place, sort);
      return text;
    });
    return leak;
  }

  /** Secrets in what is written in the end; with the number of the line, from 1. A number may be there for other reasons. */
  leakInWritten(text: string): (Pick<Leak, 'kind'> & { readonly line: number }) | null {
    const hits = apart(this.#secrets.find(text), maskedRanges(text));
    const hit = hits.find(({ value }) => !/^[\d.:,TZ+-]+$/.test(value));
    return hit === undefined ? null : { kind: hit.kind, line: text.slice(0, hit.start).split('\n').length };
  }

  /** The same of one text. */
  leakInText(text: string, mode: RedactMode, place: string, sort: Sort = 'text'): Leak | null {
    const finders = mode === 'strict' && sort !== 'rule' ? [this.#secrets, this.#names] : [this.#secrets];
    for (const finder of mode === 'off' ? [] : finders) {
      const [hit] = apart(finder.find(text), maskedRanges(text));
      if (hit !== undefined) return { kind: hit.kind, place };
    }
    return null;
  }
}

function sortOfFact(key: FactKey): Sort {
  return key === 'node' ? 'host' : 'text';
}

interface Own {
  readonly text: string;
  readonly words: ReadonlySet<string>;
}

const WORD = /^[\p{L}\p{N}_.@-]+$/u;

function ownOf(texts: Iterable<string>): Own {
  const text = [...texts].join('\n').toLowerCase();
  return { text, words: new Set(text.match(/[\p{L}\p{N}_@-]+(?:\.[\p{L}\p{N}_@-]+)*/gu)) };
}
