/** [I/O] A file of JSON lines that only grows, and outlives kill -9: what it says to have taken is on the disk. */
import { constants } from 'node:fs';
import { type FileHandle, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** Where a line lies; bytes, its LF included. */
export interface Place {
  readonly position: number;
  readonly length: number;
}

/** A longer line is none of ours. */
export const MAX_LINE = 16 * 1024 ** 2; // bytes
const PIECE = 1024 ** 2; // bytes, for reading and copying
/** How many lines one fsync is for. */
const MAX_BATCH = 256;

const PREFIX = '{"crc":"';
/** Bytes of `{"crc":"01234567",`. What comes behind them is what the number is made of. */
const SEALED_FROM = PREFIX.length + 10;
const LF = 0x0a;

/** An object as one line, with a checksum that tells whether it is whole. */
export function sealed(value: object): string {
  const rest = JSON.stringify(value).slice(1);
  return `${PREFIX}${checksum(rest)}",${rest}\n`;
}

interface Append {
  readonly line: string;
  readonly onKept: (place: Place) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Journal {
  readonly #path: string;
  #file: FileHandle | null;
  #size: number;
  /** Whether there may be something behind the last whole line. */
  #torn: boolean;
  readonly #appends: Append[] = [];
  /** One thing at a time happens to the file. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string, { file, end }: Opened) {
    this.#path = path;
    this.#file = file;
    this.#size = end;
    this.#torn = true;
  }

  /**
   * Opens the file, or makes it (mode 0600). A last line that was not written to its end is dropped.
   * @param onLine takes what a whole line says; false if that is nothing of this journal
   * @returns also what could not be read, null if everything could; then the file must be written anew, set aside
   * @throws the error of the file system
   */
  static async open(path: string, onLine: (value: unknown, place: Place) => boolean) {
    await finishRewrite(path);
    const opened = await openAndRead(path, onLine);
    if (opened.file !== null) await syncFolder(path);
    return { journal: new Journal(path, opened), unreadable: opened.unreadable };
  }

  /** Bytes. */
  get size(): number {
    return this.#size;
  }

  /**
   * Resolves when the line is on the disk; lines that wait at the same time share one fsync.
   * @param line of {@link sealed}
   * @param onKept called before anything else can happen to the file
   * @throws the error of the file system; the line is not in the file then
   */
  append(line: string, onKept: (place: Place) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#appends.push({ line, onKept, resolve, reject });
      if (this.#appends.length === 1) void this.#inTurn(() => this.#flush());
    });
  }

  /** @throws Error if the line is not what it was when it was written */
  async read({ position, length }: Place): Promise<unknown> {
    const value = unsealed(await readExactly(this.#open(), position, length));
    if (value === undefined) throw new Error(`${this.#path} is damaged at byte ${position}`);
    return value;
  }

  /**
   * Writes the file anew, at once or not at all.
   * @param toLines what to keep: new lines, and places of old ones
   * @param onMoved gets the new places, in the order of the lines, before anything else can happen to the file
   * @param aside a path that the old file is kept at
   * @throws the error of the file system; the old file goes on then
   */
  rewrite(
    toLines: () => Iterable<string | Place>,
    onMoved: (places: readonly Place[]) => void,
    aside: string | null = null,
  ): Promise<void> {
    return this.#inTurn(() => this.#rewrite(toLines(), onMoved, aside));
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => this.#file?.close());
  }

  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(job);
    this.#turn = done.catch(() => {}); // whoever asked is told
    return done;
  }

  #open(): FileHandle {
    if (this.#file === null) throw new Error(`${this.#path} is not open`);
    return this.#file;
  }

  async #flush(): Promise<void> {
    while (this.#appends.length > 0) {
      const batch = this.#appends.splice(0, MAX_BATCH);
      const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
      try {
        await this.#write(bytes);
      } catch (error) {
        for (const { reject } of batch) reject(error as Error);
        continue;
      }
      for (const { line, onKept, resolve } of batch) {
        const length = Buffer.byteLength(line);
        onKept({ position: this.#size, length });
        this.#size += length;
        resolve();
      }
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    const file = this.#open();
    if (this.#torn) await file.truncate(this.#size);
    this.#torn = true;
    await writeWhole(file, bytes, this.#size);
    await file.datasync();
    this.#torn = false;
  }

  async #rewrite(
    lines: Iterable<string | Place>,
    onMoved: (places: readonly Place[]) => void,
    aside: string | null,
  ): Promise<void> {
    const temporary = temporaryOf(this.#path);
    const file = await open(temporary, 'w+', 0o600);
    try {
      const places = await this.#copy(lines, file);
      await file.sync();
      if (aside !== null) await rename(this.#path, aside);
      await rename(temporary, this.#path);
      const old = this.#file;
      this.#file = file;
      this.#size = end(places);
      this.#torn = false;
      onMoved(places);
      await old?.close().catch(() => {}); // waits for those that still read; there is nothing in it to lose
    } catch (error) {
      if (this.#file !== file) await file.close();
      throw error;
    }
    await syncFolder(this.#path);
  }

  async #copy(lines: Iterable<string | Place>, file: FileHandle): Promise<Place[]> {
    const places: Place[] = [];
    let waiting: Buffer[] = [];
    let size = 0;
    let written = 0;
    const write = async () => {
      await writeWhole(file, Buffer.concat(waiting), written);
      waiting = [];
      written = size;
    };
    for (const line of lines) {
      const bytes =
        typeof line === 'string' ? Buffer.from(line) : await readExactly(this.#open(), line.position, line.length);
      places.push({ position: size, length: bytes.length });
      waiting.push(bytes);
      size += bytes.length;
      if (size - written >= PIECE) await write();
    }
    await write();
    return places;
  }
}

interface Opened {
  /** Null if the file could not even be opened. */
  readonly file: FileHandle | null;
  /** Position behind the last whole line. */
  readonly end: number;
  readonly unreadable: string | null;
}

async function openAndRead(path: string, onLine: (value: unknown, place: Place) => boolean): Promise<Opened> {
  let file: FileHandle | null = null;
  let end = 0;
  let bad = 0;
  try {
    file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    for await (const { bytes, place, isWhole } of linesOf(file)) {
      if (!isWhole) {
        if (!isBeginning(bytes)) bad += 1;
        break;
      }
      end = place.position + place.length;
      const value = unsealed(bytes);
      if (value === undefined || !onLine(value, place)) bad += 1;
    }
  } catch (error) {
    if (!isAboutFile(error)) throw error;
    return { file, end, unreadable: `cannot be read (${(error as Error).message})` };
  }
  return { file, end, unreadable: bad === 0 ? null : `has ${bad} unreadable ${bad === 1 ? 'line' : 'lines'}` };
}

/** Errors that a new file in the same folder would not have. */
function isAboutFile(error: unknown): boolean {
  return ['EISDIR', 'EACCES', 'EPERM', 'EIO', 'ELOOP', 'ENXIO'].includes((error as NodeJS.ErrnoException).code ?? '');
}

interface Line {
  /** Of a line that is too long only the beginning. */
  readonly bytes: Buffer;
  readonly place: Place;
  /** Whether it ends with LF. */
  readonly isWhole: boolean;
}

async function* linesOf(file: FileHandle): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let kept = 0;
  let start = 0;
  let at = 0;
  const keep = (bytes: Buffer) => {
    if (kept <= MAX_LINE) parts.push(bytes);
    kept += bytes.length;
  };
  const line = (isWhole: boolean): Line => ({
    bytes: Buffer.concat(parts),
    place: { position: start, length: kept },
    isWhole,
  });
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
    if (bytesRead === 0) break;
    const piece = buffer.subarray(0, bytesRead);
    for (let from = 0; from < bytesRead; ) {
      const found = piece.indexOf(LF, from);
      const to = found === -1 ? bytesRead : found + 1;
      keep(piece.subarray(from, to));
      if (found !== -1) {
        yield line(true);
        start += kept;
        parts = [];
        kept = 0;
      }
      from = to;
    }
    at += bytesRead;
  }
  if (kept > 0) yield line(false);
}

/** Whether a line could begin so. */
function isBeginning(bytes: Buffer): boolean {
  return PREFIX.startsWith(bytes.toString('latin1', 0, Math.min(bytes.length, PREFIX.length)));
}

/** What a whole line says; undefined if it is damaged. */
function unsealed(line: Buffer): unknown {
  const rest = line.subarray(SEALED_FROM, -1);
  if (line.length > MAX_LINE || line.toString('latin1', 0, SEALED_FROM) !== `${PREFIX}${checksum(rest)}",`)
    return undefined;
  try {
    return JSON.parse(`{${rest.toString('utf8')}`);
  } catch {
    return undefined;
  }
}

function checksum(data: string | Buffer): string {
  return crc32(data).toString(16).padStart(8, '0');
}

function end(places: readonly Place[]): number {
  const last = places.at(-1);
  return last === undefined ? 0 : last.position + last.length;
}

async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw new Error(`ends at byte ${position + done}, before byte ${position + length}`);
    done += bytesRead;
  }
  return bytes;
}

function temporaryOf(path: string): string {
  return `${path}.tmp`;
}

/** A journal is only away while the old one is set aside and the new one, which is whole, has not got its name yet. */
async function finishRewrite(path: string): Promise<void> {
  if (await stat(path).then(isThere, isMissing)) return;
  await rename(temporaryOf(path), path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

const isThere = () => true;

function isMissing(error: NodeJS.ErrnoException): boolean {
  return error.code !== 'ENOENT';
}

/** Without it a new name may be lost with the power. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // which cannot open one
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
