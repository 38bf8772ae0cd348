/** Something that was masked would have been written all the same. Its value is told nowhere. */
export class LeakError extends Error {
  override readonly name = 'LeakError';
  constructor(
    readonly kind: string,
    /** `evidence[0].text of inc_5f1c0a9e42d7`, `line 12 of standard output` */
    readonly place: string,
  ) {
    super(`a value that was masked (${kind}) stands in ${place}`);
  }
}
