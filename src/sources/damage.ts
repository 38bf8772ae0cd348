/** What is wrong with compressed data. What came before was handed out. */
import { InputError } from '../model/source.js';

export function cutOff(origin: string): InputError {
  return new InputError(
    'input-truncated',
    origin,
    'ends in the middle of compressed data',
    'what came before was read; copy the file again',
  );
}

/** @param by who says so: "zstd", "incorrect data check" */
export function damaged(origin: string, by: string): InputError {
  return new InputError(
    'input-corrupt',
    origin,
    `is damaged (${by})`,
    'what came before was read; copy the file again',
  );
}

export function trailing(origin: string): InputError {
  return new InputError(
    'input-corrupt',
    origin,
    'has bytes after the end of its compressed data',
    'the data itself was read whole; check how the file was made',
  );
}
