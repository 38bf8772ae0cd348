/** [I/O] Something that can be read once -> the same, of which the first bytes can be read before all of it is. */
import type { Source } from '../model/source.js';

/**
 * Reads the first bytes of a source. Whoever opens what is returned gets them again; only one may go on behind them.
 * @param most about so many bytes are kept in memory
 */
export async function rewound(source: Source, most: number): Promise<Source> {
  let seen = 0;
  let told = (bytes: number) => {
    seen += bytes;
  };
  const reading = source.open((bytes) => told(bytes))[Symbol.asyncIterator]();
  const kept: Uint8Array[] = [];
  let failure: unknown = null;
  try {
    for (let length = 0; length < most; ) {
      const next = await reading.next();
      if (next.done) break;
      kept.push(next.value);
      length += next.value.length;
    }
  } catch (error) {
    failure = error; // comes again behind what was read
  }
  return {
    ...source,
    file: null,
    plain: false,
    async *open(onRead = () => {}) {
      onRead(seen);
      told = onRead;
      yield* kept;
      if (failure !== null) throw failure;
      yield* { [Symbol.asyncIterator]: () => reading };
    },
  };
}
