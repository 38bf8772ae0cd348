/** A log that is written and rotated at random: what is done to its files, and which records stand in them. */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { jiraRecord } from './cli.js';

/** What the writer writes at once. */
export interface Writing {
  readonly records: number;
  /** Lines of the trace of each. */
  readonly lines: number;
  /** How much of the last record is written, in thousandths; the rest comes with the next write. Null is all of it. */
  readonly cut: number | null;
  /** Whether so much stands before it that it is read as a backlog. */
  readonly isBacklog: boolean;
}

/** Where a record stands. */
export interface Standing {
  readonly file: string;
  /** Whether its first line goes on in the next file. */
  readonly isCut: boolean;
  /** Whether its first line has its end. */
  readonly isEnded: boolean;
  /** Of its first byte, in the file that it begins in. */
  readonly offset: number;
  readonly line: number;
  /** All of its text, where the next record behind it says that it has ended; else null. */
  readonly text: string | null;
}

interface Made {
  /** Bytes as characters. */
  readonly header: string;
  readonly bytes: Buffer;
}

interface Backup {
  readonly path: string;
  readonly number: number;
  readonly isPacked: boolean;
}

const BACKLOG = Buffer.from(
  jiraRecord('all is well', { time: '2026-11-20 08:00:00,000+0000', level: 'INFO' }).repeat(9000),
);
const START = Date.UTC(2026, 10, 20, 9);
/** Where a record begins, bytes as characters. */
const HEADER = /^2026-11-20 \d\d:.* \[c\.e\.Example\] /gm;

/** Names and times of the records of one walk. */
export class RecordNames {
  #count = 0;

  next(): { readonly name: string; readonly time: string } {
    const time = new Date(START + this.#count * 1000).toISOString();
    this.#count++;
    return {
      name: `r${String(this.#count).padStart(3, '0')}`,
      time: `${time.slice(0, 10)} ${time.slice(11, 23).replace('.', ',')}+0000`,
    };
  }
}

export class WalkedLog {
  readonly path: string;
  readonly #names: RecordNames;
  readonly #keep: number;
  readonly #made = new Map<string, Made>();
  /** Of a record that is not written to its end. */
  #rest: Buffer = Buffer.alloc(0);

  /** @param keep how many backups are kept */
  constructor(file: string, names: RecordNames, keep: number) {
    this.path = file;
    this.#names = names;
    this.#keep = keep;
  }

  get isThere(): boolean {
    return existsSync(this.path);
  }

  /** Tells its live file from others; empty if there is none. */
  get inode(): string {
    return this.isThere ? String(statSync(this.path).ino) : '';
  }

  get size(): number {
    return this.isThere ? statSync(this.path).size : 0;
  }

  /** Whether the writer has half a record in hand. */
  get isMidRecord(): boolean {
    return this.#rest.length > 0;
  }

  /** The names of all records that were written, or begun, the oldest first. */
  get records(): readonly string[] {
    return [...this.#made.keys()];
  }

  write(writing: Writing): void {
    appendFileSync(this.path, this.#next(writing));
  }

  create(): void {
    if (!this.isThere) writeFileSync(this.path, '');
  }

  delete(): void {
    rmSync(this.path, { force: true });
  }

  /** @param to thousandths of its size */
  truncate(to: number): void {
    if (this.isThere) truncateSync(this.path, Math.floor((this.size * to) / 1000));
  }

  /**
   * Renames the log.
   * @param late what the writer still writes to it, which has it open
   */
  rotate(late: Writing | null, creates: boolean): void {
    if (!this.isThere) return;
    this.#makeRoom();
    const writer = openSync(this.path, 'a');
    renameSync(this.path, `${this.path}.1`);
    if (late !== null) writeSync(writer, this.#next(late));
    closeSync(writer);
    if (creates) this.create();
  }

  copyAndTruncate(): void {
    if (this.size === 0) return;
    this.#makeRoom();
    copyFileSync(this.path, `${this.path}.1`);
    truncateSync(this.path);
  }

  /** Packs one of the backups, as gzip does. Returns whether it was empty: then nobody can know it again. */
  pack(which: number): boolean {
    const plain = this.#backups().filter(({ isPacked }) => !isPacked);
    if (plain.length === 0) return false;
    const { path: backup } = plain[which % plain.length]!;
    const bytes = readFileSync(backup);
    writeFileSync(`${backup}.gz`, gzipSync(bytes));
    rmSync(backup);
    return bytes.length === 0;
  }

  /** The records whose first lines stand in the files, by name; a line that a rotation cut is one if its halves meet. */
  standing(): ReadonlyMap<string, Standing> {
    const found = new Map<string, Standing>();
    const files = this.files().map(({ path: name, bytes }) => ({ name, text: bytes.toString('latin1') }));
    for (const [index, { name: place, text: file }] of files.entries()) {
      const next = files[index + 1]?.text ?? '';
      const starts = [...file.matchAll(HEADER)].map((match) => match.index);
      const lastLine = file.lastIndexOf('\n') + 1;
      for (const offset of new Set([...starts, lastLine])) {
        const end = starts.find((start) => start > offset);
        const whole = end === undefined ? file.slice(offset) + next : file.slice(offset, end);
        const name = /^.* problem (r\d{3}) of /.exec(whole)?.[1];
        const header = name === undefined ? null : this.#made.get(name)!.header;
        if (name === undefined || header === null || !whole.startsWith(header)) continue;
        const isCut = offset + header.length > file.length;
        const isEnded = whole.includes('\n');
        const text = end === undefined ? null : Buffer.from(whole, 'latin1').toString('utf8').trimEnd();
        found.set(name, { file: place, isCut, isEnded, offset, line: file.slice(0, offset).split('\n').length, text });
      }
    }
    return found;
  }

  /** All files, the oldest first, with what is in them. */
  files(): { readonly path: string; readonly bytes: Buffer }[] {
    const backups = this.#backups().map(({ path: file, isPacked }) => {
      const bytes = readFileSync(file);
      return { path: file, bytes: isPacked ? gunzipSync(bytes) : bytes };
    });
    return this.isThere ? [...backups, { path: this.path, bytes: readFileSync(this.path) }] : backups;
  }

  #next({ records, lines, cut, isBacklog }: Writing): Buffer {
    const made = Array.from({ length: records }, () => this.#make(lines));
    const last = made.at(-1);
    const kept = last === undefined || cut === null ? 0 : Math.ceil((last.length * (1000 - cut)) / 1000);
    const whole = Buffer.concat([this.#rest, ...(isBacklog ? [BACKLOG] : []), ...made]);
    const end = whole.length - kept;
    this.#rest = whole.subarray(end);
    return whole.subarray(0, end);
  }

  #make(lines: number): Buffer {
    const { name, time } = this.#names.next();
    const header = jiraRecord(`problem ${name} of Zoë (日本語)`, { time });
    const trace = [
      `com.example.Failure: ${name} has failed`,
      ...Array.from({ length: Math.max(0, lines - 2) }, (_, line) => `\tat com.example.Part.run(Part.java:${line})`),
      `Caused by: com.example.Cause: ${name} ends — here`,
    ];
    const bytes = Buffer.from(
      header +
        trace
          .map((line) => `${line}\n`)
          .slice(0, lines)
          .join(''),
    );
    this.#made.set(name, { header: Buffer.from(header.trimEnd()).toString('latin1'), bytes });
    return bytes;
  }

  /** The oldest first. */
  #backups(): Backup[] {
    const folder = path.dirname(this.path);
    const base = path.basename(this.path);
    return readdirSync(folder)
      .flatMap((name): Backup[] => {
        if (!name.startsWith(`${base}.`)) return [];
        const isPacked = name.endsWith('.gz');
        return [{ path: path.join(folder, name), number: Number.parseInt(name.slice(base.length + 1), 10), isPacked }];
      })
      .sort((one, other) => other.number - one.number);
  }

  /** Frees the name of the newest backup. */
  #makeRoom(): void {
    for (const { path: from, number, isPacked } of this.#backups()) {
      if (number >= this.#keep) rmSync(from);
      else renameSync(from, `${this.path}.${number + 1}${isPacked ? '.gz' : ''}`);
    }
  }
}
