/** [I/O] What a tail keeps between two runs: one file, replaced as a whole, with a version and a checksum. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const NAME = 'state.json';
/** Holds the checksum of the state behind which nothing was told. It can be removed where nothing can be written any more. */
const LAST = 'last';
const FORMAT = 'logscan.state/1';

interface Header {
  readonly format: string;
  readonly sha256: string;
  /** Of the machine; empty where it has none. Device and inode numbers of another one mean nothing here. */
  readonly machine: string;
}

/** What writing needs of a file system; the same calls as in `node:fs/promises`. */
export type StateFiles = Pick<typeof fs.promises, 'open' | 'rename'>;

export interface Kept {
  /** The text that was written last; null if there is none that can be used. */
  readonly text: string | null;
  /** Whether nothing was told after it was written. */
  readonly isLast: boolean;
  /** Why what was there cannot be used, and where it was put; null if there is nothing to tell. */
  readonly trouble: string | null;
}

/** Reads what was kept. A file that cannot be used is put aside as `.bad`. */
export function readState(folder: string): Kept {
  const file = path.join(folder, NAME);
  let whole: string;
  try {
    whole = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    forgetId(folder);
    return { text: null, isLast: false, trouble: null };
  }
  const fault = faultOf(whole);
  if (fault === null) {
    const text = whole.slice(whole.indexOf('\n') + 1);
    return { text, isLast: lastIn(folder) === sha256(text), trouble: null };
  }
  forgetId(folder);
  fs.renameSync(file, `${file}.bad`);
  return { text: null, isLast: false, trouble: `${file}: ${fault}; it is kept as ${path.basename(file)}.bad` };
}

function faultOf(whole: string): string | null {
  if (whole === '') return 'is empty';
  const feed = whole.indexOf('\n');
  let header: Partial<Header> | null = null;
  try {
    header = JSON.parse(whole.slice(0, feed)) as Partial<Header> | null;
  } catch {
    // told below
  }
  if (feed < 0 || typeof header?.format !== 'string') return 'is torn, or no state of logscan';
  if (header.format !== FORMAT) return `is of another version of logscan (${header.format}, expected ${FORMAT})`;
  if (header.sha256 !== sha256(whole.slice(feed + 1))) return 'is torn: its checksum does not fit';
  const here = machine();
  if (header.machine !== '' && here !== '' && header.machine !== here) return 'was written on another machine';
  return null;
}

/** @throws the error of the file system; then what was there before is still there */
export async function writeState(folder: string, text: string, files: StateFiles = fs.promises): Promise<void> {
  const file = path.join(folder, NAME);
  const temporary = `${file}.tmp`;
  const header: Header = { format: FORMAT, sha256: sha256(text), machine: machine() };
  const handle = await files.open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(header)}\n${text}`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await files.rename(temporary, file);
  const directory = await files.open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function lastIn(folder: string): string | null {
  try {
    return fs.readFileSync(path.join(folder, LAST), 'utf8');
  } catch {
    return null;
  }
}

/**
 * Behind the state that was written with this text nothing is told.
 * @throws the error of the file system; then the next run takes what it tells for told
 */
export async function markLast(folder: string, text: string, files: StateFiles = fs.promises): Promise<void> {
  const handle = await files.open(path.join(folder, LAST), 'w', 0o600);
  try {
    await handle.writeFile(sha256(text));
  } finally {
    await handle.close();
  }
}

/** From now on something is told. */
export function unmarkLast(folder: string): void {
  fs.rmSync(path.join(folder, LAST), { force: true });
}

/** A random name of the state directory, made with it and kept in it. */
export function stateId(folder: string): string {
  const file = path.join(folder, 'id');
  try {
    const known = fs.readFileSync(file, 'utf8').trim();
    if (/^[0-9a-f-]{36}$/.test(known)) return known;
  } catch {
    // made now
  }
  const made = randomUUID();
  fs.writeFileSync(file, `${made}\n`, { mode: 0o600 });
  return made;
}

/** The key of the state directory by which values under strict are told from each other; it outlives a state that cannot be used. */
export function stateKey(folder: string): Uint8Array {
  const file = path.join(folder, 'key');
  const made = randomBytes(32);
  try {
    // Of two that make one at a time only one does.
    fs.writeFileSync(file, `${made.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  } catch (error) {
    const known = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '';
    if (/^[0-9a-f]{64}$/.test(known)) return Buffer.from(known, 'hex');
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return made; // the disk is full, which is told at the first checkpoint
    fs.rmSync(file);
    return stateKey(folder);
  }
}

/** Revisions begin anew with a new state: under the old id they would name other events. */
function forgetId(folder: string): void {
  fs.rmSync(path.join(folder, 'id'), { force: true });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A hash of the id that systemd gives a machine; empty where there is none, as in many containers. */
function machine(): string {
  try {
    const id = fs.readFileSync('/etc/machine-id', 'utf8').trim();
    return id === '' ? '' : sha256(`logscan ${id}`).slice(0, 16);
  } catch {
    return '';
  }
}
