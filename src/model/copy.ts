const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The same text by itself: a slice of a log keeps the whole piece that was read alive, so what is kept for long is copied. */
export function copyOf(text: string): string {
  return decoder.decode(encoder.encode(text));
}
