/** Archives as no program makes them: what they say of themselves can be a lie. */
import { spawnSync } from 'node:child_process';
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: string | Uint8Array;
  /** 0 stores, 8 deflates. Default 8. */
  readonly method?: number;
  readonly flags?: number;
  /** Unix mode, such as 0o120777 for a link. */
  readonly mode?: number;
  /** What is in the zip instead of the data as `method` packs them. */
  readonly packed?: Uint8Array;
  /** What the headers say instead of the truth. */
  readonly said?: { readonly packed?: number; readonly size?: number; readonly checksum?: number };
  /** The header of which entry the directory names, by its number; its own if absent. */
  readonly at?: number;
  /** Position that the directory says. */
  readonly offset?: number;
  /** Sizes and checksum behind the data, not before them. */
  readonly isStreamed?: boolean;
}

export interface ZipOptions {
  /** Without it the zip ends behind the last member. */
  readonly directory?: boolean;
  /** Sizes and positions as they are written for what is larger than 4 GiB. */
  readonly isZip64?: boolean;
}

export function zipOf(entries: readonly ZipEntry[], { directory = true, isZip64 = false }: ZipOptions = {}): Buffer {
  const pieces: Buffer[] = [];
  let position = 0;
  const add = (...more: readonly Uint8Array[]) => {
    for (const piece of more) {
      pieces.push(Buffer.from(piece));
      position += piece.length;
    }
  };
  const written = entries.map((entry) => {
    const name = Buffer.from(entry.name as string);
    const data = Buffer.from((entry.data ?? '') as string);
    const method = entry.method ?? 8;
    const packed = entry.packed ?? (method === 8 ? deflateRawSync(data) : data);
    const sizes = {
      checksum: entry.said?.checksum ?? crc32(data),
      packed: entry.said?.packed ?? packed.length,
      size: entry.said?.size ?? data.length,
    };
    const flags = (entry.flags ?? 0x800) | (entry.isStreamed ? 8 : 0);
    const start = position;
    const before = entry.isStreamed ? { checksum: 0, packed: 0, size: 0 } : sizes;
    const common = (of: typeof sizes) => [le(20, 2), le(flags, 2), le(method, 2), le(0, 4), le(of.checksum, 4)];
    add(Buffer.from('PK\x03\x04'), ...common(before), le(before.packed, 4), le(before.size, 4));
    add(le(name.length, 2), le(0, 2), name, packed);
    if (entry.isStreamed) add(Buffer.from('PK\x07\x08'), le(sizes.checksum, 4), le(sizes.packed, 4), le(sizes.size, 4));
    return { entry, name, start, sizes, common: common(sizes) };
  });
  const from = position;
  for (const { entry, name, start, sizes, common } of directory ? written : []) {
    const offset = entry.offset ?? (entry.at === undefined ? start : written[entry.at]!.start);
    const extra = isZip64
      ? Buffer.concat([le(1, 2), le(24, 2), le(sizes.size, 8), le(sizes.packed, 8), le(offset, 8)])
      : Buffer.alloc(0);
    const in32 = (number: number) => le(isZip64 ? 0xffffffff : number, 4);
    add(Buffer.from('PK\x01\x02'), le(entry.mode === undefined ? 20 : (3 << 8) | 20, 2), ...common);
    add(in32(sizes.packed), in32(sizes.size), le(name.length, 2), le(extra.length, 2), le(0, 6));
    add(le((entry.mode ?? 0) * 0x10000, 4), in32(offset), name, extra);
  }
  if (!directory) return Buffer.concat(pieces);
  const size = position - from;
  if (isZip64) {
    const end = position;
    add(Buffer.from('PK\x06\x06'), le(44, 8), le(45, 2), le(45, 2), le(0, 4), le(0, 4));
    add(le(entries.length, 8), le(entries.length, 8), le(size, 8), le(from, 8));
    add(Buffer.from('PK\x06\x07'), le(0, 4), le(end, 8), le(1, 4));
  }
  const count = isZip64 ? 0xffff : entries.length & 0xffff;
  add(Buffer.from('PK\x05\x06'), le(0, 4), le(count, 2), le(count, 2), le(size, 4), le(isZip64 ? 0xffffffff : from, 4));
  add(le(0, 2));
  return Buffer.concat(pieces);
}

/** A zip of one member and so many empty ones, whose names are numbers with a suffix. */
export function zipOfMany(first: ZipEntry, count: number, suffix: string): Buffer {
  const digits = 7;
  const length = digits + suffix.length;
  const sample = zipOf([first, { name: '0'.repeat(digits) + suffix, method: 0 }]);
  const from = sample.indexOf('PK\x01\x02');
  const local = sample.subarray(from - 30 - length, from);
  const listed = sample.subarray(sample.length - 22 - 46 - length, sample.length - 22);
  const start = from - local.length;
  const directory = start + count * local.length;
  const own = sample.subarray(from, sample.length - 22 - listed.length);
  const end = directory + own.length + count * listed.length;
  const bytes = Buffer.alloc(end + 56 + 20 + 22);
  sample.copy(bytes, 0, 0, start);
  own.copy(bytes, directory);
  for (let number = 0; number < count; number++) {
    const name = String(number).padStart(digits, '0');
    const at = start + number * local.length;
    const listedAt = directory + own.length + number * listed.length;
    local.copy(bytes, at);
    bytes.write(name, at + 30, 'latin1');
    listed.copy(bytes, listedAt);
    bytes.write(name, listedAt + 46, 'latin1');
    bytes.writeUInt32LE(at, listedAt + 42);
  }
  const [count64, size64, from64] = [le(count + 1, 8), le(end - directory, 8), le(directory, 8)];
  Buffer.concat([
    Buffer.concat([
      Buffer.from('PK\x06\x06'),
      le(44, 8),
      le(45, 2),
      le(45, 2),
      le(0, 8),
      count64,
      count64,
      size64,
      from64,
    ]),
    Buffer.concat([Buffer.from('PK\x06\x07'), le(0, 4), le(end, 8), le(1, 4)]),
    Buffer.concat([
      Buffer.from('PK\x05\x06'),
      le(0, 4),
      le(0xffffffff, 4),
      le(0xffffffff, 4),
      le(0xffffffff, 4),
      le(0, 2),
    ]),
  ]).copy(bytes, end);
  return bytes;
}

/** A number with its lowest byte first. */
function le(number: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0, rest = number; at < length; at++, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  return bytes;
}

export interface TarEntry {
  readonly name: string;
  readonly data?: string | Uint8Array;
  /** Default `0`, a file. */
  readonly type?: string;
  /** What the header says instead of the truth. */
  readonly size?: number;
  readonly link?: string;
  /** Makes the checksum of the header a wrong one. */
  readonly isDamaged?: boolean;
}

/** @param end whether there are the two blocks of zeros that end a tar */
export function tarOf(entries: readonly TarEntry[], end = true): Buffer {
  const pieces = entries.flatMap(({ name, data = '', type = '0', size, link = '', isDamaged = false }) => {
    const bytes = Buffer.from(data as string);
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write(link, 157);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, isDamaged ? 1 : 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc(-bytes.length & 511)];
  });
  return Buffer.concat([...pieces, Buffer.alloc(end ? 1024 : 0)]);
}

/** Records of a pax header. */
export function paxOf(records: Readonly<Record<string, string>>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const text = ` ${key}=${value}\n`;
      const bytes = Buffer.byteLength(text);
      let length = bytes + String(bytes).length;
      if (bytes + String(length).length !== length) length = bytes + String(length).length;
      return `${length}${text}`;
    })
    .join('');
}

/** Why a test that needs other programs is skipped; false if they are all here. */
export function missing(...programs: readonly string[]): string | false {
  const lacking = programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
  return lacking.length > 0 && `${lacking.join(' and ')} is not installed`;
}

/** Runs a program in a directory; its output. */
export function made(cwd: string, program: string, args: readonly string[], input?: Uint8Array): Buffer {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, input, maxBuffer: 1 << 30 });
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
