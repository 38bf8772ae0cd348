/** A stream of bytes that is read in lengths that somebody asks for. */
export class ByteQueue {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = new Uint8Array(0);
  #at = 0;
  #ended = false;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#pieces = bytes[Symbol.asyncIterator]();
  }

  /** The next bytes, as many as there are at once but at most `most`; null at the end. */
  async some(most: number): Promise<Uint8Array | null> {
    while (this.#at === this.#piece.length) {
      if (this.#ended) return null;
      const next = await this.#pieces.next();
      this.#ended = next.done === true;
      this.#piece = next.done ? new Uint8Array(0) : next.value;
      this.#at = 0;
    }
    const piece = this.#piece.subarray(this.#at, this.#at + most);
    this.#at += piece.length;
    return piece;
  }

  /** Exactly `length` bytes; fewer only at the end. They are held in memory. */
  async take(length: number): Promise<Uint8Array> {
    const first = length === 0 ? new Uint8Array(0) : await this.some(length);
    if (first === null || first.length === length) return first ?? new Uint8Array(0);
    const whole = new Uint8Array(length);
    whole.set(first);
    let at = first.length;
    while (at < length) {
      const more = await this.some(length - at);
      if (more === null) return whole.subarray(0, at);
      whole.set(more, at);
      at += more.length;
    }
    return whole;
  }

  /** Leaves out so many bytes; returns how many of them were not there. */
  async skip(length: number): Promise<number> {
    for (let left = length; ; ) {
      if (left === 0) return 0;
      const piece = await this.some(left);
      if (piece === null) return left;
      left -= piece.length;
    }
  }

  /** Bytes that were taken too many; they come next. */
  putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#piece = Buffer.concat([bytes, this.#piece.subarray(this.#at)]);
    this.#at = 0;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#pieces.return?.();
  }
}
