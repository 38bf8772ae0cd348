/** A glob (`*` any text, `?` one character) -> a test of the whole text. A star never backtracks over another. */
export function globTest(glob: string, caseless = false): (text: string) => boolean {
  const fold = (text: string) => (caseless ? text.toLowerCase() : text);
  const pieces = fold(glob).split('*').map(toPiece);
  return (text) => holdsInOrder(fold(text), pieces);
}

/** The text between two stars. */
interface Piece {
  readonly length: number;
  /** Where it stands first in a text, from a position on; negative if nowhere. */
  find(text: string, from: number): number;
}

function toPiece(piece: string): Piece {
  const { length } = piece;
  if (!piece.includes('?')) return { length, find: (text, from) => text.indexOf(piece, from) };
  const pattern = new RegExp(piece.replace(/[\\^$.*+()[\]{}|]/g, '\\$&').replaceAll('?', '[^]'), 'g');
  const find = (text: string, from: number): number => {
    pattern.lastIndex = from;
    return pattern.exec(text)?.index ?? -1;
  };
  return { length, find };
}

/** Whether the text begins with the first piece, ends with the last, and has the others between them in this order. */
function holdsInOrder(text: string, pieces: readonly Piece[]): boolean {
  const first = pieces[0]!;
  const last = pieces[pieces.length - 1]!;
  if (first.find(text.slice(0, first.length), 0) !== 0) return false;
  if (pieces.length === 1) return text.length === first.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = piece.find(text, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  const end = text.length - last.length;
  return end >= at && last.find(text.slice(end), 0) === 0;
}
