/** Ranges of a file -> what was found in them. */
import type { OpenFile } from '../model/source.js';
import type { CandidateScanner, Range } from './scanner.js';

/** Behind its end a range is read in small pieces, as only the rest of its last record is missing. */
const TAIL = 16 * 1024; // bytes

/**
 * Reads one range of a file, and behind it to the end of its last record.
 * @param onRead told up to which position was read
 * @returns the lines that begin in it
 * @throws InputError after what could be read
 */
export function scanRange(
  scanner: CandidateScanner,
  file: Pick<OpenFile, 'size' | 'read'>,
  { from, to }: Range,
  onRead: (position: number) => void,
): number {
  let lines = 0;
  let at = from;
  try {
    while (at < file.size && !scanner.isDone) {
      const space = scanner.space();
      const most = at < to ? Math.min(space.length, to - at) : scanner.hasChanged ? space.length : TAIL;
      const read = file.read(space.subarray(0, most), at);
      at += read;
      scanner.took(read);
      onRead(at);
      if (at === to) lines = scanner.lines;
    }
  } finally {
    if (!scanner.isDone) {
      scanner.end();
      if (at <= to || scanner.hasChanged) lines = scanner.lines;
    }
  }
  return lines;
}
