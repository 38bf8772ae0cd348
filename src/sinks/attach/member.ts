/** A file that is put into a bundle. */
export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}
