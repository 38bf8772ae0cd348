/**
 * zstd, all frames of a file, by the library itself as WebAssembly: Node 20 has no zstd, and what is written in JavaScript
 * (fzstd) can be kept busy forever by a few bytes. It is fed block by block, so that its output has a bound.
 */
import { Zstd } from '@hpcc-js/wasm-zstd';
import { InputError } from '../../model/source.js';
import { cutOff, damaged, trailing } from '../damage.js';
import { ByteQueue } from './queue.js';

/** What the library is: exactly version 1.12.5 is asked for in package.json, as this is not what others see of it. */
interface Library {
  readonly _zstdClass: {
    new (): Decoder;
    malloc(size: number): number;
    free(at: number): void;
  };
  readonly _mainModule: { readonly _module: { readonly HEAPU8: Uint8Array } };
}
interface Decoder {
  reset(): void;
  /** Returns the length of the output; 0 for what is damaged. */
  decompressChunk(to: number, room: number, from: number, length: number): number;
  delete(): void;
}

const FRAME = 0xfd2fb528;
const SKIPPED_FRAME = 0x184d2a5;
/** A block, compressed or not. */
const MAX_BLOCK = 128 * 1024; // bytes
/** As the zstd program: more memory must be asked for. */
const MAX_WINDOW = 128 * 1024 * 1024; // bytes

/** The checksum at the end of a frame is not looked at: the library does not tell. */
export async function* unzstd(bytes: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<Uint8Array> {
  const { _zstdClass: Class, _mainModule } = (await Zstd.load()) as unknown as Library;
  const queue = new ByteQueue(bytes);
  const decoder = new Class();
  const from = Class.malloc(MAX_BLOCK + 3);
  const to = Class.malloc(MAX_BLOCK);
  const feed = (piece: Uint8Array): Uint8Array => {
    _mainModule._module.HEAPU8.set(piece, from);
    const length = decoder.decompressChunk(to, MAX_BLOCK, from, piece.length);
    return _mainModule._module.HEAPU8.slice(to, to + length);
  };
  try {
    for (let frames = 0; ; frames++) {
      const sign = await queue.take(4);
      if (sign.length === 0 && frames > 0) return;
      const number = numberOf(sign);
      if (sign.length === 4 && number >>> 4 === SKIPPED_FRAME) {
        if ((await queue.skip(numberOf(await exactly(queue, 4, origin)))) > 0) throw cutOff(origin);
        continue;
      }
      if (sign.length < 4 && frames === 0) throw cutOff(origin);
      if (number !== FRAME) throw frames > 0 ? trailing(origin) : damaged(origin, 'zstd');
      decoder.reset();
      yield* frame(queue, feed, sign, origin);
    }
  } finally {
    decoder.delete();
    Class.free(from);
    Class.free(to);
    await queue.close();
  }
}

async function* frame(
  queue: ByteQueue,
  feed: (piece: Uint8Array) => Uint8Array,
  sign: Uint8Array,
  origin: string,
): AsyncGenerator<Uint8Array> {
  const flags = await exactly(queue, 1, origin);
  const isSingle = (flags[0]! >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][flags[0]! & 3]!;
  const sizeBytes = [isSingle, 2, 4, 8][flags[0]! >> 6]!;
  const rest = await exactly(queue, 1 - isSingle + dictionaryBytes + sizeBytes, origin);
  const window = isSingle ? numberOf(rest.subarray(dictionaryBytes)) : windowOf(rest[0]!);
  if (window > MAX_WINDOW || dictionaryBytes > 0)
    throw new InputError(
      'input-unsupported',
      origin,
      dictionaryBytes > 0 ? 'needs the dictionary that it was made with' : 'needs more than 128 MiB to unpack',
      'unpack it first: zstd -d --long=31',
    );
  feed(Buffer.concat([sign, flags, rest]));
  for (let isLast = false; !isLast; ) {
    const head = await exactly(queue, 3, origin);
    const said = numberOf(head);
    isLast = (said & 1) === 1;
    const type = (said >> 1) & 3;
    const size = said >> 3;
    if (type === 3 || size > MAX_BLOCK) throw damaged(origin, 'zstd');
    const made = feed(Buffer.concat([head, await exactly(queue, type === 1 ? 1 : size, origin)]));
    if (made.length === 0 && size > 0) throw damaged(origin, 'zstd');
    if (made.length > 0) yield made;
  }
  if ((flags[0]! & 4) > 0) feed(await exactly(queue, 4, origin));
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

/** The lowest byte first. */
function numberOf(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}

async function exactly(queue: ByteQueue, length: number, origin: string): Promise<Uint8Array> {
  const bytes = await queue.take(length);
  if (bytes.length < length) throw cutOff(origin);
  return bytes;
}
