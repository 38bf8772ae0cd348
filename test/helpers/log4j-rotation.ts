/** How a log is rotated by Log4j 2, by logrotate, and by Tomcat, each as it really does it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';

/**
 * How backups are named: `.1` is the newest, `.1` is the oldest, `jira.log.2026-11-20`, `jira.log-20261120`, or the log that
 * is written has the date in its name itself, `catalina.2026-11-20.log`. With every rotation a day goes by.
 */
type Names = 'newest-is-1' | 'oldest-is-1' | 'dated' | 'dateext' | 'daily';

/**
 * What is done to a log: the writer closes and renames it, or begins another one; or somebody else renames it and the writer
 * goes on in the old file for a while, or copies it and cuts it back to nothing.
 */
type Way = 'close' | 'next' | 'rename' | 'copy';

export const STYLES = {
  /** Log4j 2, DefaultRolloverStrategy with fileIndex="min"; Log4j 1 does the same. */
  'log4j-min': { way: 'close', names: 'newest-is-1' },
  /** Log4j 2, DefaultRolloverStrategy with fileIndex="max". */
  'log4j-max': { way: 'close', names: 'oldest-is-1' },
  /** Log4j 2 and logback with a date in the pattern. */
  'log4j-dated': { way: 'close', names: 'dated' },
  /** logrotate with `create`. */
  rename: { way: 'rename', names: 'newest-is-1' },
  /** logrotate with `create` and `dateext`. */
  'rename-dateext': { way: 'rename', names: 'dateext' },
  /** logrotate with `copytruncate`. */
  copytruncate: { way: 'copy', names: 'newest-is-1' },
  /** Tomcat's catalina and access logs. */
  daily: { way: 'next', names: 'daily' },
} as const satisfies Record<string, { way: Way; names: Names }>;

export type Style = keyof typeof STYLES;

/** Which backups are compressed: none, all, or all but the newest (logrotate's `delaycompress`). */
export const GZIP = ['none', 'now', 'next'] as const;

export interface RotationOptions {
  readonly file: string;
  readonly style: Style;
  /** How many backups are kept. */
  readonly keep: number;
  readonly gzip: (typeof GZIP)[number];
  /** How long the writer goes on in a file that was renamed, in milliseconds. */
  readonly keepDescriptor: number;
}

/** The writer, as far as rotating needs it. */
export interface Rotated {
  /** Writes out what it holds back and closes the file. */
  close(): void;
  open(path: string): void;
}

interface Backup {
  readonly path: string;
  /** The number or the date in its name. */
  readonly mark: string;
  readonly isGzip: boolean;
}

const FIRST_DAY = '2026-11-20';
const DAY = 86_400_000; // milliseconds
const PIECE = 256 * 1024; // bytes
const hasGzip = spawnSync('gzip', ['--version']).status === 0;

export class Rotation {
  /** How often the log was rotated, and how many backups were deleted. */
  rotations = 0;
  deleted = 0;
  readonly #options: RotationOptions;
  readonly #way: Way;
  readonly #names: Names;
  readonly #writer: Rotated;
  /** The compression that runs while the writer goes on already. */
  #compressing: Promise<void> = Promise.resolve();
  /** The rotation that somebody else does while the writer goes on. */
  #running: Promise<void> | null = null;
  readonly #stop = new AbortController();

  constructor(options: RotationOptions, writer: Rotated) {
    this.#options = options;
    this.#writer = writer;
    ({ way: this.#way, names: this.#names } = STYLES[options.style]);
  }

  /** The log that is written now. */
  get active(): string {
    const { file } = this.#options;
    return this.#names === 'daily' ? dated(file, this.#files().at(-1)?.mark ?? FIRST_DAY) : file;
  }

  /** All files of the log, the oldest one first. */
  get left(): string[] {
    const { file } = this.#options;
    const backups = this.#files().map((backup) => backup.path);
    return this.#names === 'daily' ? backups : [...backups, file];
  }

  /**
   * Rotates the log. Resolves when the writer may go on, which can be before all is done; false if the last rotation is still
   * under way, then nothing is done.
   */
  async rotate(): Promise<boolean> {
    if (this.#running !== null) return false;
    this.rotations++;
    if (this.#way === 'close') await this.#roll();
    else if (this.#way === 'next') await this.#begin();
    else {
      const rotating = this.#way === 'rename' ? this.#renameAway() : this.#copyAway();
      this.#running = rotating.finally(() => {
        this.#running = null;
      });
    }
    return true;
  }

  /** Resolves when everything that was begun is done. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#compressing;
  }

  /** RollingFileManager.rollover: the strategy deletes and renames, the stream is closed, the log gets its name, a new one begins. */
  async #roll(): Promise<void> {
    const { file, keep } = this.#options;
    await this.#compressing;
    this.#purge(keep - 1);
    const name = this.#makeRoom();
    this.#writer.close();
    renameSync(file, name);
    this.#writer.open(file);
    this.#compressing = this.#compress();
  }

  /** Tomcat closes the log of the day and begins that of the next one. */
  async #begin(): Promise<void> {
    await this.#compressing;
    this.#writer.close();
    this.#writer.open(this.#makeRoom());
    this.#purge(this.#options.keep + 1);
    this.#compressing = this.#compress();
  }

  /** logrotate with `create`: what follows the renaming is its `postrotate`, which tells the writer to open its log anew. */
  async #renameAway(): Promise<void> {
    const { file, keep, keepDescriptor } = this.#options;
    renameSync(file, this.#makeRoom());
    closeSync(openSync(file, 'wx', 0o640));
    await sleep(keepDescriptor, undefined, { signal: this.#stop.signal }).catch(() => {}); // at the end nobody waits
    this.#writer.close();
    this.#writer.open(file);
    await this.#compress();
    this.#purge(keep);
  }

  /** logrotate with `copytruncate`; what is written between the last piece of the copy and the cut is lost. */
  async #copyAway(): Promise<void> {
    const { file, keep } = this.#options;
    await copySparse(file, this.#makeRoom());
    truncateSync(file);
    await this.#compress();
    this.#purge(keep);
  }

  /** Frees the name that the newest backup gets, or finds the one that is next. */
  #makeRoom(): string {
    const { file, keep } = this.#options;
    const backups = this.#files();
    switch (this.#names) {
      case 'newest-is-1':
        for (const { path: from, mark, isGzip } of backups) renameSync(from, numbered(file, Number(mark) + 1, isGzip));
        return numbered(file, 1);
      case 'oldest-is-1': {
        const newest = Number(backups.at(-1)?.mark ?? 0);
        if (newest < keep) return numbered(file, newest + 1);
        for (const { path: from, mark, isGzip } of backups) renameSync(from, numbered(file, Number(mark) - 1, isGzip));
        return numbered(file, keep);
      }
      case 'dated':
        return `${file}.${dayAfter(backups)}`;
      case 'dateext':
        return `${file}-${dayAfter(backups).replaceAll('-', '')}`;
      case 'daily':
        return dated(file, dayAfter(backups));
    }
  }

  /** Deletes the oldest files until there are so many. */
  #purge(allowed: number): void {
    const files = this.#files();
    for (const { path: oldest } of files.slice(0, Math.max(0, files.length - allowed))) {
      rmSync(oldest);
      this.deleted++;
    }
  }

  async #compress(): Promise<void> {
    const { gzip } = this.#options;
    if (gzip === 'none') return;
    const files = this.#files();
    const backups = this.#names === 'daily' ? files.slice(0, -1) : files;
    for (const { path: backup, isGzip } of gzip === 'now' ? backups : backups.slice(0, -1)) {
      if (!isGzip) await compressFile(backup);
    }
  }

  /** Backups, the oldest one first; of a log with a date in its name the one that is written is the last one. */
  #files(): Backup[] {
    const folder = path.dirname(this.#options.file);
    const shape = shapeOf(path.basename(this.#options.file), this.#names);
    return readdirSync(folder)
      .flatMap((name): Backup[] => {
        const [, mark, gz] = shape.exec(name) ?? [];
        return mark === undefined ? [] : [{ path: path.join(folder, name), mark, isGzip: gz !== undefined }];
      })
      .sort((one, other) => {
        if (this.#names === 'newest-is-1') return Number(other.mark) - Number(one.mark);
        if (this.#names === 'oldest-is-1') return Number(one.mark) - Number(other.mark);
        return one.mark < other.mark ? -1 : 1;
      });
  }
}

/** What the names of a log's backups look like, with their number or date. */
function shapeOf(name: string, names: Names): RegExp {
  const { name: stem, ext } = path.parse(name);
  const shapes: Record<Names, string> = {
    'newest-is-1': `${literally(name)}\\.(\\d+)`,
    'oldest-is-1': `${literally(name)}\\.(\\d+)`,
    dated: `${literally(name)}\\.(\\d{4}-\\d\\d-\\d\\d)`,
    dateext: `${literally(name)}-(\\d{8})`,
    daily: `${literally(stem)}\\.(\\d{4}-\\d\\d-\\d\\d)${literally(ext)}`,
  };
  return new RegExp(`^${shapes[names]}(\\.gz)?$`);
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function numbered(file: string, number: number, isGzip = false): string {
  return `${file}.${number}${isGzip ? '.gz' : ''}`;
}

function dated(file: string, day: string): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.${day}${ext}`);
}

function dayAfter(backups: readonly Backup[]): string {
  const last = backups.at(-1)?.mark;
  if (last === undefined) return FIRST_DAY;
  const day = Date.parse(last.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'));
  return new Date(day + DAY).toISOString().slice(0, 10);
}

/** Copies until it has seen the end of a file that may grow meanwhile; what is nothing but zeros becomes a hole. */
async function copySparse(from: string, to: string): Promise<void> {
  const source = openSync(from, 'r');
  const target = openSync(to, 'wx');
  const piece = Buffer.alloc(PIECE);
  const zeros = Buffer.alloc(PIECE);
  try {
    for (let at = 0, read = PIECE; read === PIECE; at += read) {
      read = readSync(source, piece, 0, PIECE, at);
      if (piece.compare(zeros, 0, read, 0, read) !== 0) writeSync(target, piece, 0, read, at);
      else ftruncateSync(target, at + read);
      await turn();
    }
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

async function compressFile(file: string): Promise<void> {
  if (hasGzip) {
    const [status] = await once(spawn('gzip', [file], { stdio: 'ignore' }), 'close');
    if (status !== 0) throw new Error(`gzip ${file}: status ${status}`);
  } else {
    await pipeline(createReadStream(file), createGzip(), createWriteStream(`${file}.gz`));
    rmSync(file);
  }
}
