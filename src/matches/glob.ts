/** A glob (`*` any text, `?` one character) -> a test of the whole text. Linear: a star never backtracks over another. */
export function globTest(glob: string, caseless = false): (text: string) => boolean {
  const fold = (text: string) => (caseless ? text.toLowerCase() : text);
  const pieces = fold(glob).split('*');
  if (!glob.includes('?')) {
    if (pieces.length === 1) return (text) => fold(text) === pieces[0];
    return (text) => holdsInOrder(fold(text), pieces);
  }
  const source = glob.replace(/[\\^$.*+?()[\]{}|]/g, (char) =>
    char === '*' ? '[^]*' : char === '?' ? '[^]' : `\\${char}`,
  );
  const pattern = new RegExp(`^${source}$`, caseless ? 'i' : '');
  return (text) => pattern.test(text);
}

/** Whether the text begins with the first piece, ends with the last, and has the others between them in this order. */
function holdsInOrder(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0]!;
  const last = pieces[pieces.length - 1]!;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
