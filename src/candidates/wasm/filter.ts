/**
 * AssemblyScript, compiled by `npm run generated` into `../wasm.ts`. Two passes over a piece of a log that lies in memory, while
 * it is in the processor's cache: `findLiterals` finds what rules look for, `walk` finds the records and says which of them
 * could matter. All memory is laid out by the caller (../memory.ts); at least 1,024 bytes around the data are readable.
 */
export { countGrams, findLiterals, met, setTables } from './literals';
export { atLimit, begin, beginHere, dated, drained, dropForeign, finish, foundHits, handedOn, hasSureTime, limit, lines, next, open, openLine, passed, setUp, shift, skipTo, waiting, walk } from './records';
