/** Ranges of a file -> what was found in them. */
import type { OpenFile } from '../model/source.js';
import { BatchWriter } from './batch.js';
import type { Filter } from './filter.js';
import { CandidateScanner, type Range, type Starts } from './scanner.js';

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

/** Looks at ranges of a file for somebody else. */
export interface RangeScanner {
  /** Writes what is in a range as a batch at this place of the buffer; false if it does not fit or cannot be read. */
  scan(range: Range, buffer: SharedArrayBuffer, at: number): boolean;
}

/**
 * @param filter the literals, and whether a text that holds some of them may match a rule
 * @param errors whether error records matter by themselves
 */
export function rangeScanner(
  filter: Filter,
  starts: Starts,
  errors: boolean,
  file: Pick<OpenFile, 'size' | 'read'>,
): RangeScanner {
  return {
    scan(range, buffer, at) {
      const batch = new BatchWriter(buffer, at, filter, errors);
      const scanner = new CandidateScanner(filter.grams(), starts, errors, batch, range);
      try {
        const lines = scanRange(scanner, file, range, () => {});
        batch.finish(lines, scanner.passed);
        return !batch.isFull;
      } catch {
        return false; // whoever takes the range meets the same trouble, and tells it
      }
    },
  };
}
