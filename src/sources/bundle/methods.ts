/** How the members of a zip are packed, by the numbers that zips have for it. */
export const DEFLATE = 8;
export const BZIP2 = 12;
export const XZ = 95;
export const ZSTD: readonly number[] = [20, 93];
const STORED = 0;

/** Others that are met. */
const NAMES: Readonly<Record<number, string>> = { 9: 'Deflate64', 14: 'LZMA', 98: 'PPMd', 99: 'AES' };

/** Whether what is packed so can be read. */
export function isKnownMethod(method: number): boolean {
  return [STORED, DEFLATE, BZIP2, XZ, ...ZSTD].includes(method);
}

export function methodName(method: number): string {
  return NAMES[method] ?? `method ${method}`;
}
