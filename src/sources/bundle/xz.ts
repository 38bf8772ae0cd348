/**
 * xz, all streams of a file, by the decoder of the Linux kernel (xz-decompress). Its own ReadableStream is left out: it reads
 * the first stream of a file only, and one file at a time, so that an xz in an xz would wait forever.
 */
import library from 'xz-decompress';
import { InputError } from '../../model/source.js';
import { cutOff, damaged, trailing } from '../damage.js';
import { ByteQueue } from './queue.js';

/** What the decoder is: exactly version 0.2.3 is asked for in package.json, as this is not what others see of it. */
interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer };
  create_context(): number;
  destroy_context(context: number): void;
  supply_input(context: number, length: number): void;
  get_next_output(context: number): number;
}
interface Loader {
  _getModuleInstance(): Promise<void>;
  readonly _moduleInstance: { readonly exports: Decoder } | undefined;
}

/** What `get_next_output` returns. */
const OK = 0;
const STREAM_END = 1;
const TOO_MUCH_MEMORY = [3, 4];
const NOT_SUPPORTED = 6;

/** @throws InputError after everything that could be read */
export async function* unxz(bytes: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<Uint8Array> {
  const loader = (library as unknown as { XzReadableStream: Loader }).XzReadableStream;
  if (loader._moduleInstance === undefined) await loader._getModuleInstance();
  const decoder = loader._moduleInstance!.exports;
  const queue = new ByteQueue(bytes);
  try {
    for (let streams = 0; ; streams++) {
      const first = await afterPadding(queue);
      if (first === null) {
        if (streams === 0) throw cutOff(origin);
        return;
      }
      if (streams > 0 && first[0] !== 0xfd) throw trailing(origin);
      yield* stream(decoder, queue, first, origin);
    }
  } finally {
    await queue.close();
  }
}

/** Between streams there may be zeros. */
async function afterPadding(queue: ByteQueue): Promise<Uint8Array | null> {
  for (;;) {
    const piece = await queue.some(1);
    if (piece === null || piece[0] !== 0) return piece;
  }
}

async function* stream(
  decoder: Decoder,
  queue: ByteQueue,
  first: Uint8Array,
  origin: string,
): AsyncGenerator<Uint8Array> {
  const context = decoder.create_context();
  // Size of both buffers; where the one for input is, how far it was read, how much is in it; the same for output.
  const fields = () => new Uint32Array(decoder.memory.buffer, context, 6);
  const size = fields()[0]!;
  let piece: Uint8Array | null = first;
  try {
    for (let isFirst = true; ; isFirst = false) {
      if (fields()[2] === fields()[3]) {
        if (!isFirst) piece = await queue.some(size);
        new Uint8Array(decoder.memory.buffer).set(piece ?? [], fields()[1]);
        decoder.supply_input(context, piece?.length ?? 0);
      }
      const result = decoder.get_next_output(context);
      const length = fields()[5]!;
      const start = fields()[4]!;
      if (length > 0) yield new Uint8Array(decoder.memory.buffer).slice(start, start + length);
      fields()[5] = 0;
      if (result === STREAM_END) {
        const [, at, read, held] = fields();
        queue.putBack(new Uint8Array(decoder.memory.buffer).slice(at! + read!, at! + held!));
        return;
      }
      if (piece === null && length === 0) throw cutOff(origin);
      if (result !== OK) throw failure(result, origin);
    }
  } finally {
    decoder.destroy_context(context);
  }
}

function failure(result: number, origin: string): InputError {
  if (TOO_MUCH_MEMORY.includes(result) || result === NOT_SUPPORTED)
    return new InputError(
      'input-unsupported',
      origin,
      result === NOT_SUPPORTED ? 'was made by xz in a way that is not known here' : 'needs more than 64 MiB to unpack',
      'unpack it first: xz -dk',
    );
  return damaged(origin, 'xz');
}
