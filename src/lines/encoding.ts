/** How the bytes of a log become characters, decided by its first bytes. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export interface EncodingChoice {
  readonly encoding: Encoding;
  /** Length of the byte order mark in bytes; it belongs to no line's text. */
  readonly mark: number;
}

/** Decides by the byte order mark, else by where NUL bytes stand: in UTF-16 every second byte of western text is one. */
export function encodingOf(head: Uint8Array): EncodingChoice {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', mark: 2 };
  const nuls = [0, 0];
  const looked = Math.min(head.length, 4096) & ~1;
  for (let at = 0; at < looked; at++) if (head[at] === 0) nuls[at & 1]!++;
  const most = looked / 2;
  if (most >= 8 && nuls[1]! > most * 0.7 && nuls[0]! < most * 0.1) return { encoding: 'utf-16le', mark: 0 };
  if (most >= 8 && nuls[0]! > most * 0.7 && nuls[1]! < most * 0.1) return { encoding: 'utf-16be', mark: 0 };
  return { encoding: 'utf-8', mark: 0 };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });

/**
 * Bytes -> text, invalid sequences as U+FFFD, NULs left out (a file that was truncated under its writer begins with a
 * hole of them). For looking at the first bytes of a file; the line splitter has its own way.
 */
export function decodeHead(head: Uint8Array, { encoding, mark }: EncodingChoice): string {
  const bytes = head.subarray(mark);
  const text =
    encoding === 'utf-8' ? utf8.decode(bytes) : utf16.decode(encoding === 'utf-16be' ? swapped(bytes) : bytes);
  return text.replaceAll('\0', '');
}

/** The two bytes of each unit exchanged; a last odd byte is left out. */
export function swapped(bytes: Uint8Array): Uint8Array {
  const other = new Uint8Array(bytes.length & ~1);
  for (let at = 0; at < other.length; at += 2) {
    other[at] = bytes[at + 1]!;
    other[at + 1] = bytes[at]!;
  }
  return other;
}

/** How files begin that are no text but are met among logs. */
const MAGIC: readonly (readonly [kind: string, at: number, bytes: string])[] = [
  ['zip archive', 0, 'PK\x03\x04'],
  ['zip archive', 0, 'PK\x05\x06'],
  ['gzip file', 0, '\x1f\x8b'],
  ['bzip2 file', 0, 'BZh'],
  ['xz file', 0, '\xfd7zXZ\0'],
  ['zstd file', 0, '\x28\xb5\x2f\xfd'],
  ['7z archive', 0, "7z\xbc\xaf'\x1c"],
  ['tar archive', 257, 'ustar'],
  ['picture', 0, '\x89PNG'],
  ['picture', 0, '\xff\xd8\xff'],
  ['picture', 0, 'GIF8'],
  ['PDF document', 0, '%PDF-'],
  ['program', 0, '\x7fELF'],
  ['Java class', 0, '\xca\xfe\xba\xbe'],
  ['database', 0, 'SQLite format 3'],
];

/** A kind of binary file that may become a log. */
export const FILE_OF_NULS = 'file of NULs';
/** What has too many control characters for a text; a few first bytes do not prove it. */
export const BINARY_FILE = 'binary file';

/** Text has fewer control characters than this share; compressed data has a tenth. */
const MOST_CONTROLS = 0.07;

/** What a file is if its first bytes are no text ("zip archive", "binary file"), or null if they are. */
export function binaryKind(head: Uint8Array): string | null {
  const has = (at: number, bytes: string) => [...bytes].every((char, index) => head[at + index] === char.charCodeAt(0));
  const known = MAGIC.find(([, at, bytes]) => has(at, bytes));
  if (known) return known[0];
  if (encodingOf(head).encoding !== 'utf-8') return null;
  const looked = Math.min(head.length, 8192);
  let from = 0;
  while (from < looked && head[from] === 0) from++; // the hole of a truncated log is not yet binary
  if (from === looked) return looked > 0 && looked === head.length ? FILE_OF_NULS : null;
  let odd = 0;
  for (let at = from; at < looked; at++) {
    const byte = head[at]!;
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) odd++;
  }
  return odd > (looked - from) * MOST_CONTROLS ? BINARY_FILE : null;
}
