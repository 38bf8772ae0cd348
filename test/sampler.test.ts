import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OpenFile } from '../src/model/source.js';
import { Sampler } from '../src/sampler.js';

const LOG = Buffer.from(
  Array.from({ length: 60_000 }, (_, number) => `line ${number}, ${'x'.repeat(number % 40)}\n`).join(''),
);

function samplesOf(read: (sampler: Sampler) => void): string[] {
  const told: string[] = [];
  read(new Sampler((lines) => told.push(lines)));
  return told;
}

function fileOf(bytes: Buffer): OpenFile {
  const read = (into: Uint8Array, at: number) => bytes.copy(into, 0, at, at + into.length);
  return { size: bytes.length, read } as OpenFile;
}

test('the same bytes give the same samples, as a file and in pieces of any size', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: LOG.length }),
      fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1 }),
      (length, sizes) => {
        const bytes = LOG.subarray(0, length);
        const inPieces = samplesOf((sampler) => {
          for (let at = 0, turn = 0; at < length; turn++) {
            const size = sizes[turn % sizes.length]!;
            sampler.push(bytes.subarray(at, at + size));
            at += size;
          }
          sampler.end();
        });
        assert.deepEqual(
          inPieces,
          samplesOf((sampler) => sampler.file(fileOf(bytes))),
        );
      },
    ),
    { numRuns: 100 },
  );
});

test('samples are whole lines, fewer and fewer the longer a log is', () => {
  const told = samplesOf((sampler) => sampler.file(fileOf(LOG)));
  assert.ok(told.length > 10 && told.length <= LOG.length / 65_536 + 1);
  for (const lines of told.slice(0, -1)) assert.match(lines, /^(?:line \d+, x*\n)+$/);
  const long = Buffer.alloc(64 * 1024 * 1024, LOG);
  assert.equal(samplesOf((sampler) => sampler.file(fileOf(long))).length, 250 + 250 + 69);
});
